"""``sitegen demo``: a region to play with."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from sitegen import console

from .base import Context


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.pass_obj
def demo(context: Context, folder: Path) -> None:
    """Make a playground in FOLDER: a county, a township and two villages, nobody in it real, with something to do today."""
    from sitegen.playground import CLERK, make_playground
    from sitegen.scaffold import NotPossible

    say = context.say
    with console.reading(folder, context.lang):
        try:
            made = make_playground(folder, context.date)
        except NotPossible as error:
            click.echo(say(error.message).format(**error.args_), err=True)
            sys.exit(2)
    click.echo(say("The playground is ready: {folder}").format(folder=folder))
    click.echo(say("{n} sheets lie ready to print in {folder}").format(n=made.sheets, folder=folder / "print-out"))
    click.echo(say("You are the clerk of {unit}. What to do next:").format(unit=CLERK))
    for command, what in (
        (f"desk --unit {CLERK}", say("open the desk in the browser: everything with clicks")),
        (f"next --unit {CLERK}", say("what to do today")),
        (f"import {made.workbook} --unit {CLERK}", say("make a record of an Excel file")),
        ("serve", say("look at the sites")),
    ):
        click.echo(f"  sitegen -C {folder} {command}    {what}")
