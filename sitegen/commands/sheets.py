"""Sheets for the boards."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from sitegen import console

from .base import JOBS, Context


@click.command("print")
@click.argument("units", nargs=-1)
@click.option("--record", "records", multiple=True, help="Only this record (repeatable).")
@click.option("--paper", type=click.Choice(["A4", "A3", "8K"]), help="Paper (default: as region.yml says).")
@click.option("-o", "--out", type=click.Path(path_type=Path, file_okay=False), help="Where sheets go (default: print-out/ in the region).")
@click.option("--internal", is_flag=True, help="Records of 依申请公开 instead, marked so, into print-internal/: not for any board.")
@JOBS
@click.pass_obj
def print_(
    context: Context, units: tuple[str, ...], records: tuple[str, ...], paper: str | None, out: Path | None, internal: bool, jobs: int
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
