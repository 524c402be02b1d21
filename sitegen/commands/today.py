"""``sitegen next``: five lines for one unit's clerk."""

from __future__ import annotations

import sys

import click

from sitegen import console

from .base import Context, region_of, unit_of


@click.command("next")
@click.option("--unit", help="The unit, by code or name (default: the only one of the lowest level).")
@click.option("--all", "everything", is_flag=True, help="All of it, not only the first five.")
@click.pass_obj
def next_(context: Context, unit: str | None, everything: bool) -> None:
    """Say what one unit's clerk has to do today, the most urgent first, each with the command that does it."""
    from sitegen.today import lines, part_of, steps, village_first

    with console.reading(context.root, context.lang):
        region = region_of(context)
        if unit is None:
            lowest = village_first(region)
            if len(lowest) != 1:
                names = "、".join(u.data.name for u in lowest[:8])
                click.echo(context.say("say for which unit: --unit, such as {names}").format(names=names), err=True)
                sys.exit(2)
            unit = lowest[0].code
        own = unit_of(context, region, unit)
        found = steps(part_of(region, own.code, context.date))
    click.echo(click.style(f"{own.data.name}　{context.date.isoformat()}", bold=True))
    if not found:
        click.echo(context.say("Nothing to do today."))
        return
    click.echo("\n".join(lines(found, len(found) if everything else 5, context.lang)))
