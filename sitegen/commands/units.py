"""``sitegen new unit``: a township or a village that begins, with a folder and the pages that it must have."""

from __future__ import annotations

import sys

import click
from msgspec.structs import replace

from sitegen import console
from sitegen.model.finding import N_

from .asking import YES, Asker
from .base import Context, region_of, unit_of
from .drafting import write_new


@click.command("unit")
@click.option("--under", help="The unit above it, by code or name (default: the county).")
@click.option("--code", help="Its division code, 12 digits (default: the next free one).")
@click.option("--name", help="Its name.")
@click.option("--folder", help="Its folder, which is also the last part of its address.")
@click.option("--phone", help="Its telephone.")
@click.option("--address", help="Where it is.")
@click.option("--supervision", help="Who takes complaints.")
@click.option("--supervision-phone", help="Their telephone.")
@click.option("--place", help="Where its board stands; - for none.")
@YES
@click.pass_obj
def new_unit(context: Context, /, under: str | None, code: str | None, name: str | None, yes: bool, **given: str | None) -> None:
    """Start a township or a village: its folder with unit.yml, and the pages that a government must have."""
    from sitegen.drafting.units import files_of, next_code, proposed
    from sitegen.scaffold import NotPossible

    ask = Asker(context, yes=yes)
    with console.reading(context.root, context.lang):
        region = region_of(context)
        if code is None:
            county = next(iter(region.units.values())).data.name
            above = unit_of(context, region, ask.text(N_("Below which unit? (code or name)"), under, county))
            if above.level.value == "village":
                click.echo(context.say("there is nothing below a village"), err=True)
                sys.exit(2)
            code = ask.text(N_("Division code (12 digits)"), None, next_code(region, above.code))
        name = ask.text(N_("Its name"), name)
        try:
            draft = proposed(region, code, name)
            draft = replace(
                draft,
                folder=ask.text(N_("Folder and address (small letters, digits)"), given["folder"], draft.folder),
                phone=ask.text(N_("Telephone"), given["phone"], draft.phone),
                address=ask.text(N_("Address"), given["address"], draft.address),
                supervision=ask.text(N_("Who takes complaints"), given["supervision"], draft.supervision),
                supervision_phone=ask.text(N_("Telephone for complaints"), given["supervision_phone"], draft.supervision_phone),
                place=ask.text(N_("Where its board stands (- for none)"), given["place"], draft.place, wanted=False).strip("-"),
            )
            files = files_of(region, draft, context.date)
        except NotPossible as error:
            click.echo(context.say(error.message).format(**error.args_), err=True)
            sys.exit(2)
        write_new(context, files)
    for file in files:
        click.echo(f"  {file}")
    text = context.say("Next: look at {file}, then: sitegen check --unit {unit}")
    click.echo(text.format(file=next(iter(files)), unit=code))
