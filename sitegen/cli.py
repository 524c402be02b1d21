"""The command line: parse, call, print. Exit 0 fine, 1 findings, 2 usage or input that cannot be read."""

from __future__ import annotations

import datetime as dt
import os
import sys
from pathlib import Path

import click

import sitegen
from sitegen import console
from sitegen.model.finding import Finding, Lang, Severity, default_lang, translator


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
    context.obj = _Context(root, date.date() if date else _today(), lang or default_lang())


@main.command()
@click.option("--format", "form", type=click.Choice(["text", "json", "github", "sarif"]), default="text", help="How findings are written.")
@click.option("--fail-on", type=click.Choice(["error", "warning", "info"]), default="error", help="Exit 1 from this severity on.")
@click.pass_obj
def check(context: _Context, form: str, fail_on: str) -> None:
    """Check everything and say what is wrong, where, and how to put it right."""
    from sitegen.check import load_and_check
    from sitegen.render import FORMATS

    with console.reading(context.root, context.lang, form):
        findings = load_and_check(context.root, context.date).findings
    text = FORMATS[form](findings, context.root, context.lang)
    if text:
        click.echo(text)
    if form == "text":
        click.echo(_count(findings, context))
    sys.exit(1 if any(f.severity.rank <= Severity(fail_on).rank for f in findings) else 0)


def _count(findings: list[Finding] | tuple[Finding, ...], context: _Context) -> str:
    errors = sum(1 for f in findings if f.severity is Severity.ERROR)
    warnings = sum(1 for f in findings if f.severity is Severity.WARNING)
    return context.say("{errors} errors, {warnings} warnings").format(errors=errors, warnings=warnings)


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
@click.option("-j", "--jobs", type=click.IntRange(1, 64), default=os.cpu_count() or 1, help="Processes to use (default: all cores).")
@click.pass_obj
def print_(context: _Context, units: tuple[str, ...], records: tuple[str, ...], paper: str | None, out: Path | None, jobs: int) -> None:
    """Print sheets for the notice boards: one PDF per record and one per unit. UNIT is a code or a name."""
    from sitegen.printing import Order
    from sitegen.printing import print_sheets as run

    with console.reading(context.root, context.lang):
        order = Order(context.root.resolve(), (out or context.root / "print-out").resolve(), context.date, units, records, paper, jobs)
        with console.progress(context.say("printing")) as report:
            result = run(order, report)
    console.print_summary(result, context.root, context.lang)
    sys.exit(2 if result.unknown else 1 if result.held else 0)


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
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed writes the same region.")
@click.pass_obj
def synth(context: _Context, folder: Path, townships: int, villages: int, records: int, seed: int) -> None:
    """Write a synthetic region into FOLDER, for trials and benches. Nobody in it is real."""
    from sitegen.synth import Size, write_region

    try:
        units = write_region(folder, Size(townships, villages, records), seed)
    except FileExistsError:
        click.echo(context.say("{folder} is not empty; nothing was written").format(folder=folder), err=True)
        sys.exit(2)
    click.echo(context.say("{units} units, {records} records in {folder}").format(units=units, records=records, folder=folder))
