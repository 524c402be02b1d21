"""The command line: parse, call, print. Exit 0 fine, 1 findings, 2 usage or input that cannot be read."""

from __future__ import annotations

import datetime as dt
import gc
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

import sitegen
from sitegen import console
from sitegen.model.finding import Lang, Severity, default_lang, translator
from sitegen.render import as_text

if TYPE_CHECKING:
    from sitegen.model.region import Region, Unit


class _Context:
    """What every command gets: the region's folder, the day, the language."""

    def __init__(self, root: Path, date: dt.date, lang: Lang) -> None:
        self.root, self.date, self.lang = root, date, lang
        self.say = translator(lang)


def _today() -> dt.date:
    """The day of SOURCE_DATE_EPOCH where it is set, so that a build can be repeated to the byte."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if epoch.isdecimal():
        return dt.datetime.fromtimestamp(int(epoch), dt.UTC).date()
    return dt.date.today()


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(sitegen.__version__, prog_name="sitegen")
@click.option("-C", "root", type=click.Path(path_type=Path), default=Path(), help="Folder of the region (default: this one).")
@click.option("--date", type=click.DateTime(["%Y-%m-%d"]), help="The day to work for (default: today, or SOURCE_DATE_EPOCH).")
@click.option("--lang", type=click.Choice(["zh", "en"]), help="Language of messages (default: by locale).")
@click.pass_context
def main(context: click.Context, root: Path, date: dt.datetime | None, lang: Lang | None) -> None:
    """Disclosure sites and notice-board sheets for counties, townships and villages, from one tree of files."""
    if date is not None and not 1949 <= date.year <= 2199:
        raise click.BadParameter(translator(lang or default_lang())("the year is out of range"), param_hint="--date")
    # A run makes millions of small values that all stay: looking through them for circles again and again takes a fifth of the time.
    gc.set_threshold(200_000, 50, 50)
    context.obj = _Context(root, date.date() if date else _today(), lang or default_lang())


@main.command()
@click.option("--format", "form", type=click.Choice(["text", "json", "github", "sarif"]), default="text", help="How findings are written.")
@click.option("--fail-on", type=click.Choice(["error", "warning", "info"]), default="error", help="Exit 1 from this severity on.")
@click.option("--only", multiple=True, metavar="CODES", help="Only these rules, by code or its beginning: SG4,SG502.")
@click.option("--unit", "units", multiple=True, metavar="UNIT", help="Only this unit, by code or name, with those below it (repeatable).")
@click.option("--since", metavar="DATE|DAYS", help="Only records published or revised since this day, or in so many days.")
@click.option("--explain", "code", metavar="CODE", help="Say what a rule is for, with examples, and check nothing.")
@click.option("-j", "--jobs", type=click.IntRange(1, 64), default=os.cpu_count() or 1, help="Processes to use (default: all cores).")
@click.pass_obj
def check(
    context: _Context,
    form: str,
    fail_on: str,
    only: tuple[str, ...],
    units: tuple[str, ...],
    since: str | None,
    code: str | None,
    jobs: int,
) -> None:
    """Check everything and say what is wrong, where, and how to put it right."""
    if code is not None:
        sys.exit(console.explain_rule(code, context.lang, context.date))
    from sitegen.check import BadChoice, Choice, check_by_parts, codes_in, day_in, select

    try:
        choice = Choice(codes_in(only), units, day_in(since, context.date) if since is not None else None)
        with console.reading(context.root, context.lang, form):
            checked = check_by_parts(context.root, context.date, jobs=jobs)
        shown = select(checked, choice)
    except BadChoice as error:
        console.bad_choice(error, context.root, context.lang)
        sys.exit(2)
    console.findings(checked.region, shown, form, context.lang)
    sys.exit(1 if any(f.severity.rank <= Severity(fail_on).rank for f in shown.findings) else 0)


@main.command()
@click.option("-o", "--out", type=click.Path(path_type=Path, file_okay=False), help="Where the sites go (default: public/ in the region).")
@click.option("-j", "--jobs", type=click.IntRange(1, 64), default=os.cpu_count() or 1, help="Processes to use (default: all cores).")
@click.option("--strict", is_flag=True, help="Build nothing while there is any error.")
@click.option("--force", is_flag=True, help="Render every unit, changed or not.")
@click.pass_obj
def build(context: _Context, out: Path | None, jobs: int, strict: bool, force: bool) -> None:
    """Build the sites of all units into public/<host>/<path>/; unchanged units are skipped."""
    from sitegen.build import Options
    from sitegen.build import build as run

    with console.reading(context.root, context.lang):
        options = Options(context.root.resolve(), (out or context.root / "public").resolve(), context.date, jobs, strict, force)
        with console.progress(context.say("building")) as report:
            result = run(options, report)
    console.build_summary(result, options, context.lang)
    sys.exit(1 if result.refused or result.held else 0)


@main.command("print")
@click.argument("units", nargs=-1)
@click.option("--record", "records", multiple=True, help="Only this record (repeatable).")
@click.option("--paper", type=click.Choice(["A4", "A3"]), help="Paper (default: as region.yml says).")
@click.option("-o", "--out", type=click.Path(path_type=Path, file_okay=False), help="Where sheets go (default: print-out/ in the region).")
@click.option("--internal", is_flag=True, help="Records of 依申请公开 instead, marked so, into print-internal/: not for any board.")
@click.option("-j", "--jobs", type=click.IntRange(1, 64), default=os.cpu_count() or 1, help="Processes to use (default: all cores).")
@click.pass_obj
def print_(
    context: _Context, units: tuple[str, ...], records: tuple[str, ...], paper: str | None, out: Path | None, internal: bool, jobs: int
) -> None:
    """Print sheets for the notice boards: one PDF per record and one per unit. UNIT is a code or a name."""
    from sitegen.printing import Order
    from sitegen.printing import print_sheets as run
    from sitegen.private import NoPlace

    with console.reading(context.root, context.lang):
        target = (out or context.root / ("print-internal" if internal else "print-out")).resolve()
        order = Order(context.root.resolve(), target, context.date, units, records, paper, jobs, internal)
        try:
            with console.progress(context.say("printing")) as report:
                result = run(order, report)
        except NoPlace as error:
            click.echo(
                context.say("{folder} is open to the public and this is not: choose another place").format(folder=error.folder), err=True
            )
            sys.exit(2)
    console.print_summary(result, context.root, context.lang)
    sys.exit(2 if result.unknown else 1 if result.held else 0)


@main.command()
@click.option(
    "-o", "--out", type=click.Path(path_type=Path, dir_okay=False), help="Where it goes (default: report/<date>.html in the region)."
)
@click.option("--unit", help="Only this unit, by code or name, with those below it.")
@click.option("-j", "--jobs", type=click.IntRange(1, 64), default=os.cpu_count() or 1, help="Processes to use (default: all cores).")
@click.pass_obj
def report(context: _Context, out: Path | None, unit: str | None, jobs: int) -> None:
    """Write the private report for inspection: coverage, timeliness, consistency, scores, what was accepted and what is not open to all."""
    from sitegen.private import NoPlace
    from sitegen.report import UnknownUnit
    from sitegen.report import report as run

    with console.reading(context.root, context.lang):
        try:
            made = run(context.root.resolve(), context.date, out.resolve() if out else None, unit, jobs)
        except NoPlace as error:
            click.echo(
                context.say("{folder} is open to the public and this is not: choose another place").format(folder=error.folder), err=True
            )
            sys.exit(2)
        except UnknownUnit:
            click.echo(context.say("there is no unit «{name}»").format(name=unit), err=True)
            sys.exit(2)
    click.echo(context.say("The report is in {file}. It names what is not open to all: do not publish it.").format(file=made))


@main.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8000, help="Port on 127.0.0.1 (0: any free one).")
@click.option("-o", "--out", type=click.Path(path_type=Path, file_okay=False), help="Where the sites go (default: public/ in the region).")
@click.pass_obj
def serve(context: _Context, port: int, out: Path | None) -> None:
    """Build, show all hosts on 127.0.0.1, and build again when a file changes."""
    from sitegen.serve import serve as run

    with console.reading(context.root, context.lang):
        run(context.root.resolve(), (out or context.root / "public").resolve(), port, context.lang)


@main.command()
@click.option("--unit", help="Only this unit: its code or its name.")
@click.option("--days", type=click.IntRange(0, 3660), default=30, show_default=True, help="How many days ahead to look.")
@click.option("--ics", type=click.Path(path_type=Path, dir_okay=False), help="Write a calendar file as well.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How the list is written.")
@click.pass_obj
def due(context: _Context, unit: str | None, days: int, ics: Path | None, form: str) -> None:
    """List what must be published, posted, taken down, reviewed and answered, by when and by whom."""
    from sitegen import due as duties

    with console.reading(context.root, context.lang):
        try:
            region, found = duties.due(context.root, context.date, days, unit)
        except duties.UnknownUnit:
            click.echo(context.say("there is no unit «{name}»").format(name=unit), err=True)
            sys.exit(2)
        if ics is not None:
            ics.write_bytes(duties.as_calendar(found, region, context.date, context.lang))
    if found or form == "json":
        click.echo(duties.FORMATS[form](found, region, context.date, context.lang))
    else:
        click.echo(context.say("nothing is due within {days} days").format(days=days))


@main.group()
def new() -> None:
    """Start something new."""


@new.command("region")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--name", prompt="County (县区名称)", help="Name of the county.")
@click.option("--code", prompt="Division code, 6 or 12 digits (区划代码)", help="Its statistical division code.")
@click.option("--host", prompt="Web address (网站地址, https://…/)", help="Address of the county's site.")
@click.pass_obj
def new_region(context: _Context, folder: Path, name: str, code: str, host: str) -> None:
    """Start a region in FOLDER: the standard catalogue, the county, and an example township, village and record."""
    from sitegen.scaffold import NotPossible, start_region

    try:
        made = start_region(folder, name, code, host, context.date)
    except NotPossible as error:
        click.echo(context.say(error.message).format(**error.args_), err=True)
        sys.exit(2)
    click.echo("\n".join(f"  {path}" for path in made))
    click.echo(context.say("The region is ready. Next: sitegen -C {folder} check; sitegen -C {folder} serve").format(folder=folder))


@main.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--townships", type=click.IntRange(0, 800), default=4, show_default=True, help="Townships in all.")
@click.option("--villages", type=click.IntRange(0, 20_000), default=40, show_default=True, help="Villages in all.")
@click.option("--records", type=click.IntRange(0, 2_000_000), default=4900, show_default=True, help="Records in all.")
@click.option("--rows", type=click.IntRange(1, 5000), default=8, show_default=True, help="Rows of every table.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed writes the same region.")
@click.pass_obj
def synth(context: _Context, folder: Path, townships: int, villages: int, records: int, rows: int, seed: int) -> None:
    """Write a synthetic region into FOLDER, for trials and benches. Nobody in it is real."""
    from sitegen.synth import Size, write_region

    try:
        units = write_region(folder, Size(townships, villages, records, rows), seed)
    except FileExistsError:
        click.echo(context.say("{folder} is not empty; nothing was written").format(folder=folder), err=True)
        sys.exit(2)
    click.echo(context.say("{units} units, {records} records in {folder}").format(units=units, records=records, folder=folder))


@main.group()
def catalog() -> None:
    """The standard catalogue as a whole: coverage, versions, the official table."""


@catalog.command("coverage")
@click.option("--unit", "units", multiple=True, help="Only this unit, by code or name, with what is missing (repeatable).")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How it is written.")
@click.pass_obj
def catalog_coverage(context: _Context, units: tuple[str, ...], form: str) -> None:
    """How many of the items that each unit owes have a record, field by field."""
    from sitegen.catalogs import report
    from sitegen.check.coverage import coverage

    with console.reading(context.root, context.lang):
        region = _region(context)
    chosen = {_unit(context, region, name).code for name in units} or set(region.units)
    covered = [c for c in coverage(region) if c.unit in chosen]
    if form == "json":
        click.echo(report.coverage_json(covered, region))
        return
    click.echo(report.coverage_tables(covered, region, console.width(), context.say))
    if units:
        click.echo(report.coverage_missing(covered, region, context.say))


@catalog.command("diff")
@click.argument("before", metavar="A", type=click.Path(path_type=Path, exists=True))
@click.argument("after", metavar="B", type=click.Path(path_type=Path, exists=True))
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How it is written.")
@click.pass_obj
def catalog_diff(context: _Context, before: Path, after: Path, form: str) -> None:
    """What changed from A to B: each a region, a catalogue's folder, or the official table as .xlsx."""
    from sitegen.catalogs import report
    from sitegen.catalogs.diff import Unusable, diff, open_versions

    with console.reading(context.root, context.lang):
        region = _region(context) if (context.root / "region.yml").is_file() else None
        try:
            changes = diff(*open_versions(before, after, context.root, region), region)
        except Unusable as error:
            click.echo(as_text(error.findings, error.root, context.lang), err=True)
            sys.exit(2)
    click.echo(report.diff_json(changes) if form == "json" else report.diff_text(changes, context.say))


@catalog.command("export")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--unit", help="Only what this unit owes, by code or name.")
@click.option("--field", "fields", multiple=True, help="Only this field, by id or name (repeatable).")
@click.pass_obj
def catalog_export(context: _Context, file: Path, unit: str | None, fields: tuple[str, ...]) -> None:
    """Write the official table to FILE (.xlsx): a sheet per field, ready to print on A3."""
    from sitegen.catalogs.export import export

    with console.reading(context.root, context.lang):
        region = _region(context)
        wanted = region.catalog.fields
        if fields:
            wanted = tuple(f for f in wanted if {f.id, f.name, f.successor} & set(fields))
            for name in (n for n in fields if not any(n in (f.id, f.name, f.successor) for f in wanted)):
                click.echo(context.say("there is no field «{name}» in the catalogue").format(name=name), err=True)
                sys.exit(2)
        if not region.catalog.complete:
            errors = [f for f in region.findings if f.file.startswith("content/catalog/") and f.severity is Severity.ERROR]
            click.echo(as_text(errors, context.root, context.lang), err=True)
            click.echo(context.say("{errors} errors: nothing was written.").format(errors=len(errors)), err=True)
            sys.exit(1)
        one = _unit(context, region, unit) if unit else None
        made = export(file, region.catalog, wanted, one.data.name if one else region.data.name, context.date, unit=one)
    click.echo(context.say("{items} items of {fields} fields in {file}").format(items=made.items, fields=made.fields, file=file))


@catalog.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("-o", "--out", type=click.Path(path_type=Path, file_okay=False), required=True, help="The catalogue's folder to write to.")
@click.option("--field", help="The field that the table is for, by id or name, where the file does not say.")
@click.option("--force", is_flag=True, help="Replace files that exist.")
@click.pass_obj
def catalog_import(context: _Context, file: Path, out: Path, field: str | None, force: bool) -> None:
    """Read the official table from FILE (.xlsx) into field files below a catalogue's folder. Nothing is written while there is an error."""
    from sitegen.catalogs.diff import Unusable, open_version
    from sitegen.catalogs.files import import_texts, write_all
    from sitegen.catalogs.reading import read_workbook

    with console.reading(context.root, context.lang):
        try:
            known = open_version(context.root.resolve(), context.root.resolve(), None)
        except Unusable as error:
            click.echo(as_text(error.findings, error.root, context.lang), err=True)
            sys.exit(2)
        read = read_workbook(file, context.root, known, field=field)
        if read.findings:
            click.echo(as_text(read.findings, context.root, context.lang), err=True)
        if read.failed:
            errors = sum(1 for f in read.findings if f.severity is Severity.ERROR)
            click.echo(context.say("{errors} errors: nothing was written.").format(errors=errors), err=True)
            sys.exit(1)
        texts = import_texts(read, out, known, context.date, file.name)
        for path in () if force else [p for p in texts if p.exists()]:
            click.echo(context.say("{file} exists; nothing was written. --force replaces it.").format(file=path), err=True)
            sys.exit(2)
        write_all(texts)
    click.echo("\n".join(f"  {path}" for path in texts))
    items = sum(len(f.items) for f in read.fields)
    text = context.say("{items} items: {known} keep their ids, {new} are new")
    click.echo(text.format(items=items, known=read.known, new=items - read.known))
    if read.ignored:
        text = context.say("These columns are not the official table's and were left out: {columns}")
        click.echo(text.format(columns="、".join(read.ignored)))


def _region(context: _Context) -> Region:
    """The region as the checks load it, so that they share what is kept between runs."""
    from sitegen.check.examine import examine
    from sitegen.load.region import load_region

    return load_region(context.root, examine=examine, jobs=os.cpu_count() or 1)


def _unit(context: _Context, region: Region, name: str) -> Unit:
    found = [u for u in region.units.values() if name in (u.code, u.data.name, *u.data.aliases)]
    if len(found) == 1:
        return found[0]
    if found:
        text = context.say("«{name}» names several units: {codes}; give the code")
        click.echo(text.format(name=name, codes="、".join(u.code for u in found)), err=True)
    else:
        click.echo(context.say("there is no unit «{name}»").format(name=name), err=True)
    sys.exit(2)
