"""How a host's texts are divided by their days, so that a new one changes a small part.

Closed years stand in segments that no new record touches, the newest year in one of its own, and the newest few texts, days at first and the year
at most, in one that has no index: a new record changes that one alone. All of it follows from the texts, not from what was built before.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import groupby

from .index import CAPACITY
from .segments import Mark

_SCANNED, _FRESH = 64, 24
"""A host of no more texts than the first has no index; of the newest texts no more than the second stand outside it."""
_FEW, _MANY = 256, 4096
"""Texts of closed years: fewer than the first stand with the newest year, from the second on they make a segment."""


def divided(marks: list[Mark]) -> Iterator[tuple[list[Mark], bool]]:
    """Segments, oldest first, and whether they are scanned. ``marks`` are in order of units; so are each segment's."""
    if len(marks) <= _SCANNED:
        yield marks, True
        return
    fresh = _fresh_from([m.day for m in marks])
    group: list[Mark] = []
    years = sorted((m for m in marks if m.day < fresh), key=lambda m: m.year)
    for year, of_year in groupby(years, key=lambda m: m.year):
        if len(group) >= _MANY or (year == years[-1].year and len(group) >= _FEW):
            yield from _fitting(group)
            group = []
        group += of_year
    yield from _fitting(group)
    if recent := [m for m in marks if m.day >= fresh]:
        yield recent, True


def _fitting(marks: list[Mark]) -> Iterator[tuple[list[Mark], bool]]:
    """The same in as many segments as an index has room for; cut between units where one has room, so that a text that grows moves no other cut."""
    part: list[Mark] = []
    size = 0
    for _, of_unit in groupby(sorted(marks, key=lambda m: (m.unit, m.day)), key=lambda m: m.unit):
        own = list(of_unit)
        if part and size + sum(m.size for m in own) > CAPACITY:
            yield part, False
            part, size = [], 0
        for mark in own:
            if size + mark.size > CAPACITY:
                yield part, False
                part, size = [], 0
            part.append(mark)
            size += mark.size
    if part:
        yield part, False


@cache
def _date(day: int) -> dt.date:
    return dt.date(1970, 1, 1) + dt.timedelta(day)


def _fresh_from(days: Sequence[int]) -> int:
    """The beginning of the year, quarter, month, third of a month or day since which there are few enough texts; beyond all when none is."""
    newest = _date(max(days))
    month = newest.replace(day=1)
    third = month.replace(day=min(newest.day - 1, 29) // 10 * 10 + 1)
    for start in (month.replace(month=1), month.replace(month=(month.month - 1) // 3 * 3 + 1), month, third, newest):
        first = (start - _date(0)).days
        if sum(1 for day in days if day >= first) <= _FRESH:
            return first
    return max(days) + 1
