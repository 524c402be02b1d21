"""What all commands share: the context they get, and how they find the region and a unit."""

from __future__ import annotations

import datetime as dt
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sitegen.model.finding import Lang, translator

if TYPE_CHECKING:
    from sitegen.model.region import Region, Unit

JOBS = click.option("-j", "--jobs", type=click.IntRange(1, 64), default=os.cpu_count() or 1, help="Processes to use (default: all cores).")


class Context:
    """What every command gets: the region's folder, the day, the language."""

    def __init__(self, root: Path, date: dt.date, lang: Lang) -> None:
        self.root, self.date, self.lang = root, date, lang
        self.say = translator(lang)

    def days(self) -> Callable[[], dt.date]:
        """The day for what runs on: the one that was asked for, or today as it passes."""
        fixed = self.date if self.date != dt.date.today() else None
        return lambda: fixed or dt.date.today()


def region_of(context: Context) -> Region:
    """The region as the checks load it, so that they share what is kept between runs."""
    from sitegen.check.examine import examine
    from sitegen.load.region import load_region

    return load_region(context.root, examine=examine, jobs=os.cpu_count() or 1)


def unit_of(context: Context, region: Region, name: str) -> Unit:
    found = [u for u in region.units.values() if name in (u.code, u.data.name, *u.data.aliases)]
    if len(found) == 1:
        return found[0]
    if found:
        text = context.say("«{name}» names several units: {codes}; give the code")
        click.echo(text.format(name=name, codes="、".join(u.code for u in found)), err=True)
    else:
        click.echo(context.say("there is no unit «{name}»").format(name=name), err=True)
    sys.exit(2)
