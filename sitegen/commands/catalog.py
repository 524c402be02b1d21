"""The standard catalogue as a whole."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from sitegen import console
from sitegen.model.finding import Severity
from sitegen.render import as_text

from .base import Context, region_of, unit_of


@click.group()
def catalog() -> None:
    """The standard catalogue as a whole: coverage, versions, the official table."""


@catalog.command("coverage")
@click.option("--unit", "units", multiple=True, help="Only this unit, by code or name, with what is missing (repeatable).")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How it is written.")
@click.pass_obj
def catalog_coverage(context: Context, units: tuple[str, ...], form: str) -> None:
    """How many of the items that each unit owes have a record, field by field."""
    from sitegen.catalogs import report
    from sitegen.check.coverage import coverage

    with console.reading(context.root, context.lang):
        region = region_of(context)
    chosen = {unit_of(context, region, name).code for name in units} or set(region.units)
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
def catalog_diff(context: Context, before: Path, after: Path, form: str) -> None:
    """What changed from A to B: each a region, a catalogue's folder, or the official table as .xlsx."""
    from sitegen.catalogs import report
    from sitegen.catalogs.diff import Unusable, diff, open_versions

    with console.reading(context.root, context.lang):
        region = region_of(context) if (context.root / "region.yml").is_file() else None
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
def catalog_export(context: Context, file: Path, unit: str | None, fields: tuple[str, ...]) -> None:
    """Write the official table to FILE (.xlsx): a sheet per field, ready to print on A3."""
    from sitegen.catalogs.export import export

    with console.reading(context.root, context.lang):
        region = region_of(context)
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
        one = unit_of(context, region, unit) if unit else None
        made = export(file, region.catalog, wanted, one.data.name if one else region.data.name, context.date, unit=one)
    click.echo(context.say("{items} items of {fields} fields in {file}").format(items=made.items, fields=made.fields, file=file))


@catalog.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("-o", "--out", type=click.Path(path_type=Path, file_okay=False), required=True, help="The catalogue's folder to write to.")
@click.option("--field", help="The field that the table is for, by id or name, where the file does not say.")
@click.option("--force", is_flag=True, help="Replace files that exist.")
@click.pass_obj
def catalog_import(context: Context, file: Path, out: Path, field: str | None, force: bool) -> None:
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
