"""Was everything published in time (公开时限), and are the dates possible?

What was changed without a revision cannot be told from one state of the files; the ledger tells it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from sitegen.model.base import Level
from sitegen.model.finding import N_, Finding
from sitegen.model.lastday import LastDay, publish_by
from sitegen.model.matter import is_public
from sitegen.model.region import Record
from sitegen.model.unit import level_of

from .scope import Scope, at

_STARTS = {
    "formed": N_("the day it was formed"),
    "issued": N_("the day of issue"),
    "approved": N_("the day of approval"),
    "decided": N_("the day of the decision"),
    "allocated": N_("the day the allocation was fixed"),
    "surveyed": N_("the day the survey ended"),
    "event": N_("the day of the event"),
}
KINDS = {"working": N_("working days"), "calendar": N_("calendar days")}


def check_deadlines(scope: Scope) -> Iterator[Finding]:
    """Every record was published by its last day, and on a day that can be true."""
    for record in scope.records.values():
        front = record.front
        if front.published > scope.date:
            yield at("SG710", record, "published", published=front.published.isoformat(), day=scope.date.isoformat())
        else:
            yield from _revision(scope, record)
    for record, last in judged(scope):
        if record.front.published > last.date:
            yield _late(record, last, scope.region.catalog.items[record.front.item].deadline.written)


def judged(scope: Scope) -> Iterator[tuple[Record, LastDay]]:
    """Every published record that has a last day by which it can be judged, with that day.

    Left out is what sets no date, what was counted beyond the announced holidays, what was published before ``judged_from``, and what
    came late in a period for which another record had been published already.
    """
    judged_from = scope.region.data.judged_from
    first = _first_of_period(scope)
    for record in scope.records.values():
        front = record.front
        item = scope.region.catalog.items.get(front.item)
        if item is None or not is_public(record) or front.published > scope.date or (judged_from and front.published < judged_from):
            continue
        last = publish_by(front, item, scope.calendar, _announced(scope, record))
        if last is None or last.provisional:
            continue
        if front.published <= last.date or last.term.kind != "calendar" or first[_place(record)] == front.published:
            yield record, last


def _place(record: Record) -> tuple[str, str, str | None]:
    return record.unit, record.front.item, record.front.period


def _first_of_period(scope: Scope) -> dict[tuple[str, str, str | None], dt.date]:
    """When the first record of a period was published: what follows it was not the one that was owed."""
    first: dict[tuple[str, str, str | None], dt.date] = {}
    for record in scope.records.values():
        first[_place(record)] = min(record.front.published, first.get(_place(record), dt.date.max))
    return first


def _announced(scope: Scope, record: Record) -> dt.date | None:
    """When the government published the same matter (自乡镇人民政府公布之日起)."""
    counter = scope.matters.counters.get(record.ref)
    if counter is None or level_of(counter.other(record).unit) is Level.VILLAGE:
        return None
    return counter.other(record).front.published


def _late(record: Record, last: LastDay, written: str) -> Finding:
    term = last.term
    args = {"published": record.front.published.isoformat(), "last": last.date.isoformat(), "written": written}
    if term.kind == "calendar":
        return at("SG702", record, "published", **args)
    args |= {"days": str(term.days), "kind": KINDS[term.day_kind or "calendar"], "start": last.start.isoformat()}
    if term.kind == "before":
        return at("SG703", record, "published", event=term.event or _STARTS["event"], **args)
    return at("SG701", record, "published", event=term.event or _STARTS[term.start or "formed"], **args)


def _revision(scope: Scope, record: Record) -> Iterator[Finding]:
    revision, published = record.front.revision, record.front.published
    if revision.on is None:
        if revision.n > 1:
            yield at("SG711", record, "revision", n=str(revision.n))
    elif revision.on < published or revision.on > scope.date:
        yield at("SG712", record, "revision", on=revision.on.isoformat(), published=published.isoformat(), day=scope.date.isoformat())
