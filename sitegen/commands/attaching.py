"""``sitegen attach``: a file or picture that goes with a record."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from sitegen import console

from .base import Context, region_of, unit_of
from .drafting import show_findings


@click.command("attach")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--unit", required=True, help="The unit, by code or name.")
@click.option("--record", required=True, help="The record, by its id.")
@click.option("--title", required=True, help="What the file is; for a picture: what it shows, for those who cannot see it.")
@click.option("--picture", is_flag=True, help="Put it into the text as a picture, instead of under the text as an attachment.")
@click.pass_obj
def attach(context: Context, file: Path, unit: str, record: str, title: str, picture: bool) -> None:
    """Copy FILE beside a record and name it there. Nothing is written where it would make the record wrong."""
    from sitegen.drafting.attaching import ChangedMeanwhile
    from sitegen.drafting.attaching import attach as put
    from sitegen.scaffold import NotPossible

    with console.reading(context.root, context.lang):
        region = region_of(context)
        own = unit_of(context, region, unit)
        found = next((r for r in own.records if r.front.id == record), None)
        if found is None:
            click.echo(context.say("there is no unit or record «{name}»").format(name=record), err=True)
            sys.exit(2)
        try:
            files, told = put(region, found, (file.name, file.read_bytes()), title, context.date, picture=picture)
        except NotPossible as error:
            click.echo(context.say(error.message).format(**error.args_), err=True)
            sys.exit(1 if isinstance(error, ChangedMeanwhile) else 2)
        show_findings(context, told)
        if not files:
            click.echo(context.say("Nothing was written: correct the errors first."), err=True)
            sys.exit(1)
    for name in files:
        click.echo(f"  {name}")
