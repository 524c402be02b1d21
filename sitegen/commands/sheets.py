"""Sheets for the boards."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, get_args

import click

from sitegen import console
from sitegen.model.base import Layout, PaperName

from .base import JOBS, Context
from .ledger import writing


@click.command("print")
@click.argument("units", nargs=-1)
@click.option("--record", "records", multiple=True, help="Only this record (repeatable).")
@click.option("--paper", type=click.Choice(get_args(PaperName)), help="Paper (default: as region.yml says).")
@click.option("--landscape/--portrait", default=None, help="Which way sheets lie (default: as each needs).")
@click.option("--layout", type=click.Choice(get_args(Layout)), help="One layout for all (default: the one that each record calls for).")
@click.option("--bw", is_flag=True, help="For printers that have black only.")
@click.option("--large", is_flag=True, help="Larger type.")
@click.option("--punch", is_flag=True, help="A wider margin with marks for two holes.")
@click.option("--n-up", is_flag=True, help="Besides, all A4 sheets of a unit two by two on A3 (implies --paper A4).")
@click.option("--poster", "extra", flag_value="poster", help="Instead: one code for the unit and for each of its boards.")
@click.option("--catalogue", "extra", flag_value="catalogue", help="Instead: the official catalogue table, lying on A3.")
@click.option("--guides", "extra", flag_value="guides", help="Instead: a card for each service guide.")
@click.option("--handbook", "extra", flag_value="handbook", help="Instead: the service guides bound into 办事一本通.")
@click.option("-o", "--out", type=click.Path(path_type=Path, file_okay=False), help="Where sheets go (default: print-out/ in the region).")
@click.option("--internal", is_flag=True, help="Records of 依申请公开 instead, marked so, into print-internal/: not for any board.")
@click.option("--final", is_flag=True, help="For good: only what was released, noted in the ledger with revision, paper and day.")
@JOBS
@click.pass_obj
def print_(
    context: Context,
    /,
    units: tuple[str, ...],
    records: tuple[str, ...],
    n_up: bool,
    extra: Any,
    out: Path | None,
    internal: bool,
    final: bool,
    jobs: int,
    **setting: Any,
) -> None:
    """Print sheets for the notice boards: one PDF per record and one per unit. UNIT is a code or a name."""
    from sitegen.printing import Order, Setting
    from sitegen.printing import print_sheets as run
    from sitegen.private import NoPlace

    if n_up and setting["paper"] not in (None, "A4"):
        raise click.UsageError(context.say("--n-up puts A4 sheets on A3: leave out --paper"))
    if n_up:
        setting["paper"] = "A4"
    if extra is not None and (records or n_up or internal):
        raise click.UsageError(context.say("--poster, --catalogue, --guides and --handbook are for whole units"))
    if final and (extra is not None or internal):
        raise click.UsageError(context.say("--final is for the sheets of records on a board"))
    with console.reading(context.root, context.lang), writing(context):
        target = (out or context.root / ("print-internal" if internal else "print-out")).resolve()
        order = Order(context.root.resolve(), target, context.date, units, records, Setting(**setting), n_up, extra, jobs, internal, final)
        try:
            with console.progress(context.say("printing")) as report:
                result = run(order, report)
        except NoPlace as error:
            click.echo(
                context.say("{folder} is open to the public and this is not: choose another place").format(folder=error.folder), err=True
            )
            sys.exit(2)
    console.print_summary(result, context.root, context.lang)
    sys.exit(2 if result.unknown else 1 if result.held or result.unreleased else 0)
