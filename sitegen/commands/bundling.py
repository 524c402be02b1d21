"""Sites for where there is no network."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sitegen import console

from .base import JOBS, Context, region_of, unit_of

if TYPE_CHECKING:
    from sitegen.bundle import WhichSheets


@click.command()
@click.argument("unit", required=False)
@click.option("-o", "--out", type=click.Path(path_type=Path), help="A .zip, or a folder (default: a .zip in bundle-out/ of the region).")
@click.option(
    "--public", type=click.Path(path_type=Path, file_okay=False), help="Where the sites are built (default: public/ in the region)."
)
@click.option(
    "--sheets", type=click.Choice(["posted", "all", "none"]), default="posted", help="Which sheets go in (default: posted now or soon)."
)
@JOBS
@click.pass_obj
def bundle(context: Context, unit: str | None, out: Path | None, public: Path | None, sheets: WhichSheets, jobs: int) -> None:
    """Make a ZIP or a folder of a unit's sites that works without a network. UNIT is a code or a name (default: the region)."""
    from sitegen.build import Options
    from sitegen.bundle import Occupied, Order, chosen
    from sitegen.bundle import bundle as run

    with console.reading(context.root, context.lang):
        region = region_of(context)
        top = unit_of(context, region, unit) if unit else None
        name = f"{(top or region).data.name}公开信息离线版-{context.date.isoformat()}.zip"
        target = (out or context.root / "bundle-out" / name).resolve()
        order = Order(region, chosen(region, top), (public or context.root / "public").resolve(), target, context.date, jobs, sheets)
        try:
            with console.progress(context.say("bundling")) as report:
                result = run(order, report)
        except Occupied as error:
            click.echo(context.say("{folder} holds something that is no bundle: choose another place").format(folder=error), err=True)
            sys.exit(2)
    if result.built.refused:
        console.build_summary(result.built, Options(order.region.root, order.public, context.date), context.lang)
        sys.exit(1)
    text = context.say("{pages} pages of {units} units and {sheets} sheets in {files} files, {size} MB: {target}")
    numbers = {"pages": result.pages, "units": len(order.units), "sheets": result.sheets, "files": result.files}
    click.echo(text.format(**numbers, size=f"{result.size / 1e6:.1f}", target=target))
    console.held(result.built.held, context.root, context.lang)
    sys.exit(1 if result.built.held else 0)
