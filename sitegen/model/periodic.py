"""Calendar obligations (每季度首月20日、每月): which periods a unit owes a record for, which it has, and by when.

An obligation begins with the first record of the item in the unit, or with ``owed_from`` of region.yml: a unit that never published an
item may have nothing to say about it. A village that only shows what it takes from the township's list owes nothing: the township does.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator

from msgspec import Struct

from .base import Level
from .catalog import Item
from .days import Calendar
from .deadline import Term
from .lastday import EVERY, Every, ahead, calendar_day, following, period_at, terms_of
from .matter import Matters
from .period import Period
from .record import RecordFile
from .region import Region, Unit


class Owed(Struct, frozen=True):
    """A period for which a unit has no record of an item yet."""

    item: Item
    period: Period
    last: dt.date
    """The last day for publishing it."""
    provisional: bool


def owed(region: Region, matters: Matters, unit: Unit, calendar: Calendar, until: dt.date) -> Iterator[Owed]:
    """What a unit owes by ``until`` and does not have, in order of the catalogue and of periods."""
    items = region.catalog.items
    own: dict[str, list[RecordFile]] = defaultdict(list)
    for record in unit.records:
        own[record.front.item].append(record.front)
    shown = [(r.front.item, r.front) for r in unit.records]
    shown += [(d.item.id, d.source.front) for d in matters.derived.get(unit.code, ())]
    by_group: dict[str, list[RecordFile]] = defaultdict(list)
    for id, front in shown:
        if id in items:
            by_group[_group(items[id])].append(front)
    for item in items.values():
        if unit.level not in item.levels or not (own.get(item.id) or region.data.owed_from):
            continue
        every = cycle(item)
        if every is None:
            continue
        first = _first(own[item.id], item, unit, every, region.data.owed_from)
        if first is not None:
            yield from _missing(item, every, first, own[item.id], by_group[_group(item)], calendar, until)


def cycle(item: Item) -> Every | None:
    """How often records of an item are owed: as the catalogue says, else as its deadline does."""
    if item.periodic is not None:
        return EVERY[item.periodic]
    return next((t.every for t in terms_of(item) if t.kind == "calendar" and t.about is None), None)


def _group(item: Item) -> str:
    """Items of one group answer for each other: a village's list may stand under the village's item or the government's."""
    return item.counterpart.group if item.counterpart else item.id


def _of_series(front: RecordFile, every: Every) -> Period | None:
    """The month, quarter or year to which a record belongs; ``None`` for one about a longer time, which is no part of the series."""
    if front.period is None:
        return period_at(front.published, every)
    period = Period.parse(front.period)
    frame = period_at(period.start, every)
    return frame if period in frame else None


def _first(own: list[RecordFile], item: Item, unit: Unit, every: Every, owed_from: dt.date | None) -> Period | None:
    """The first period that is owed."""
    found = [p for f in own if (p := _of_series(f, every))]
    derives = unit.level is Level.VILLAGE and item.counterpart is not None and item.counterpart.rule == "derive"
    if owed_from is not None and not derives:
        period = period_at(owed_from, every)
        found.append(period if period.start >= owed_from else following(period, every))
    return min(found, default=None)


def _missing(
    item: Item, every: Every, first: Period, own: list[RecordFile], shown: Iterable[RecordFile], calendar: Calendar, until: dt.date
) -> Iterator[Owed]:
    have = _Have(every, shown)
    term = _term(item, every)
    whole = [(period, f.published) for f in own if f.period and (period := Period.parse(f.period)) == _of_series(f, every)]
    is_ahead = 2 * sum(ahead(period, published, every) for period, published in whole) > len(whole)
    period = first
    while True:
        last = calendar_day(term, every, period, calendar, ahead=is_ahead)
        if last.date > until:
            return
        if period not in have:
            yield Owed(item, period, last.date, last.provisional)
        period = following(period, every)


def _term(item: Item, every: Every) -> Term | None:
    """The calendar term that says when the item's records are owed."""
    found = [t for t in terms_of(item) if t.kind == "calendar" and t.every == every]
    return min(found, key=lambda t: t.about is not None, default=None)


class _Have:
    """The periods that records cover.

    A quarter is covered by a record of the quarter, of days within it, or of each of its months; never by the record of a year,
    which says nothing about the quarter. A record without a period stands for the one it was published in and the one before.
    """

    def __init__(self, every: Every, shown: Iterable[RecordFile]) -> None:
        self.whole: set[Period] = set()
        self.months: set[Period] = set()
        for front in shown:
            if front.period is None:
                at = period_at(front.published, every)
                self.whole |= {at, period_at(at.start - dt.timedelta(1), every)}
                continue
            period = Period.parse(front.period)
            month = period_at(period.start, "month")
            if period.end <= month.end and period != month:
                self.whole.add(period_at(period.start, every))
            elif period in period_at(period.start, every):
                self._add(period)

    def _add(self, period: Period) -> None:
        month = period_at(period.start, "month")
        while month.start <= period.end:
            self.months.add(month)
            month = following(month, "month")

    def __contains__(self, period: Period) -> bool:
        if period in self.whole:
            return True
        month = period_at(period.start, "month")
        while month.end <= period.end:
            if month not in self.months:
                return False
            month = following(month, "month")
        return True
