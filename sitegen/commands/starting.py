"""Something new: a region, a synthetic one."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from .base import Context
from .drafting import new_matter, new_record
from .units import new_unit


@click.group()
def new() -> None:
    """Start something new."""


new.add_command(new_record)
new.add_command(new_unit)
new.add_command(new_matter)


@new.command("region")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--name", prompt="County (县区名称)", help="Name of the county.")
@click.option("--code", prompt="Division code, 6 or 12 digits (区划代码)", help="Its statistical division code.")
@click.option("--host", prompt="Web address (网站地址, https://…/)", help="Address of the county's site.")
@click.pass_obj
def new_region(context: Context, folder: Path, name: str, code: str, host: str) -> None:
    """Start a region in FOLDER: the standard catalogue, the county, and an example township, village and record."""
    from sitegen.scaffold import NotPossible, start_region

    try:
        made = start_region(folder, name, code, host, context.date)
    except NotPossible as error:
        click.echo(context.say(error.message).format(**error.args_), err=True)
        sys.exit(2)
    click.echo("\n".join(f"  {path}" for path in made))
    click.echo(context.say("The region is ready. Next: sitegen -C {folder} check; sitegen -C {folder} serve").format(folder=folder))


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--townships", type=click.IntRange(0, 800), default=4, show_default=True, help="Townships in all.")
@click.option("--villages", type=click.IntRange(0, 20_000), default=40, show_default=True, help="Villages in all.")
@click.option("--records", type=click.IntRange(0, 2_000_000), default=4900, show_default=True, help="Records in all.")
@click.option("--rows", type=click.IntRange(1, 5000), default=8, show_default=True, help="Rows of every table.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed writes the same region.")
@click.pass_obj
def synth(context: Context, folder: Path, townships: int, villages: int, records: int, rows: int, seed: int) -> None:
    """Write a synthetic region into FOLDER, for trials and benches. Nobody in it is real."""
    from sitegen.synth import Size, write_region

    try:
        units = write_region(folder, Size(townships, villages, records, rows), seed)
    except FileExistsError:
        click.echo(context.say("{folder} is not empty; nothing was written").format(folder=folder), err=True)
        sys.exit(2)
    click.echo(context.say("{units} units, {records} records in {folder}").format(units=units, records=records, folder=folder))
