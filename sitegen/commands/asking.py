"""Questions with an answer proposed for each, unless it was given as an option: words, days, and of which unit and item something is to be."""

from __future__ import annotations

import datetime as dt
import sys
from typing import TYPE_CHECKING

import click

from sitegen.model.finding import N_

from .base import Context, region_of, unit_of

if TYPE_CHECKING:
    from sitegen.drafting.propose import Known
    from sitegen.model.catalog import Item
    from sitegen.model.region import Region, Unit

UNIT = click.option("--unit", help="The unit, by code or name (default: the only village, or asked).")
YES = click.option("--yes", is_flag=True, help="Ask nothing: take what is proposed for every answer that is not given.")
DAY = click.DateTime(["%Y-%m-%d"])
_SHOWN = 12


class Asker:
    """Asks in the user's language, unless the answer was an option or ``--yes`` takes what is proposed."""

    def __init__(self, context: Context, *, yes: bool) -> None:
        self.say, self.lang, self.quiet = context.say, context.lang, yes

    def text(self, question: str, given: str | None, proposed: str | None = "", *, wanted: bool = True) -> str:
        """An answer in words; an empty one only where ``wanted`` is false."""
        if given is not None:
            return given.strip()
        if self.quiet:
            if wanted and not proposed:
                raise click.UsageError(self.say("this is not known and cannot be proposed: {question}").format(question=self.say(question)))
            return proposed or ""
        answer: str = click.prompt(self.say(question), default=proposed or "", show_default=bool(proposed), type=str)
        while wanted and not answer.strip():
            answer = click.prompt(self.say(question), default="", show_default=False, type=str)
        return "" if answer.strip() in ("-", "－", "无") and not wanted else answer.strip()

    def day(self, question: str, given: dt.datetime | None, proposed: dt.date) -> dt.date:
        """A date."""
        if given is not None:
            return given.date()
        if self.quiet:
            return proposed
        answer: dt.datetime = click.prompt(self.say(question), default=proposed.isoformat(), type=DAY)
        return answer.date()

    def sure(self, question: str, *, default: bool = True) -> bool:
        """Yes or no."""
        return default if self.quiet else click.confirm(self.say(question), default=default)


def subject_of(context: Context, unit: str | None, item: str | None, ask: Asker) -> tuple[Known, Unit, Item]:
    """What there is, and of which unit and item something new is to be."""
    from sitegen.drafting.propose import Known
    from sitegen.model.linking import find_matters

    region = region_of(context)
    known = Known(region, find_matters(region), context.date)
    own = _unit(context, region, unit, ask)
    return known, own, _item(known, own, item, ask)


def _unit(context: Context, region: Region, name: str | None, ask: Asker) -> Unit:
    if name is None:
        lowest = max((u.level.value == "village", u.level.value == "township") for u in region.units.values())
        of_level = [u for u in region.units.values() if (u.level.value == "village", u.level.value == "township") == lowest]
        name = ask.text(N_("For which unit? (code or name)"), None, of_level[0].data.name if len(of_level) == 1 else None)
    return unit_of(context, region, name)


def _item(known: Known, unit: Unit, typed: str | None, ask: Asker) -> Item:
    """The item that is meant: asked until a few characters leave one, or a number picks it from the list."""
    from sitegen.drafting.items import narrow, offered

    items = offered(known.region.catalog, unit)
    scripted = typed is not None
    while True:
        if typed is None:
            typed = ask.text(N_("Which item? (a few characters of its name)"), None)
        found = narrow(items, typed, known.region.catalog)
        exact = [i for i in found if typed.strip().lower() in (i.id.lower(), i.name)]
        if len(exact) == 1 or len(found) == 1:
            chosen = (exact or found)[0]
            click.echo(f"  {chosen.id} {chosen.name}")
            return chosen
        if not found:
            click.echo(ask.say("no item of this level has «{typed}»").format(typed=typed), err=True)
        else:
            for n, one in enumerate(found[:_SHOWN], 1):
                click.echo(f"  {n:>2}. {one.id:<9} {one.name}（{known.region.catalog.field_of[one.id].name}）")
            if len(found) > _SHOWN:
                click.echo(ask.say("  … and {n} more").format(n=len(found) - _SHOWN))
        if scripted or ask.quiet:
            click.echo(ask.say("say which item: --item with an id"), err=True)
            sys.exit(2)
        answer = ask.text(N_("A number of the list, or other characters"), None)
        if answer.isdecimal() and 1 <= int(answer) <= min(len(found), _SHOWN):
            return found[int(answer) - 1]
        typed = answer
