"""What all planning stands on: a region on a day, what of it is held back, what was released, and when anything of it changes next."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from urllib.parse import urlsplit

from sitegen.check.releases import Releases
from sitegen.model.days import Calendar
from sitegen.model.holding import Held
from sitegen.model.ledger import Withdrawn
from sitegen.model.matter import Derived, Matters
from sitegen.model.record import Signed
from sitegen.model.region import Record, Region, Unit


class Ground:
    """A region on a day. ``changes`` collects, by unit, the days to come on which it will show something else."""

    def __init__(self, region: Region, matters: Matters, date: dt.date, held: Held, releases: Releases) -> None:
        self.region, self.matters, self.date, self.held, self.releases = region, matters, date, held.refs, releases
        self.held_files = held.files
        self.catalog, self.calendar, self.code_of = region.catalog, Calendar(region.calendar), releases.binding.codes
        self.changes: dict[str, set[dt.date]] = defaultdict(set)

    def turns(self, unit: Unit, *days: dt.date) -> None:
        """Note days on which a unit changes."""
        self.changes[unit.code].update(d for d in days if d > self.date)

    def withdrawn(self, unit: Unit, record: Record, derived: Derived | None = None) -> Withdrawn | None:
        """Why a record is not shown though its file is there; a withdrawn list takes the villages' parts of it along."""
        history = self.releases.binding.history((unit.code, derived.key if derived else record.front.id))
        if history is not None and history.withdrawn:
            return history.withdrawn
        return self.withdrawn(self.region.units[record.unit], record) if derived else None


def base_address(unit: Unit) -> str:
    """Where the unit's Q tree lives: ``codes_url``, or the root of its host."""
    if unit.data.site.codes_url:
        return unit.data.site.codes_url
    parts = urlsplit(unit.data.site.url)
    return f"{parts.scheme}://{parts.netloc}/"


def signed_text(signed: Signed) -> str:
    """Who signed for the village, and when."""
    return f"{signed.by}　{signed.on.year}年{signed.on.month}月{signed.on.day}日"


def record_url(unit: Unit, id: str) -> str:
    """Where a record's page is."""
    return f"{unit.data.site.url}r/{id.lower()}/"
