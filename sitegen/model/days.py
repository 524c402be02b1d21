"""Counting days as Articles 201 to 204 of the Civil Code count them.

The first day is not counted; a period whose last day is a legal holiday or a day off ends on the next working day. Working days come
from ``chinesecalendar``, whose data end with the last announced year; a region may add days (calendar.yml). Beyond both, Monday to
Friday is assumed and the result is *provisional*: nobody may be called late because of it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from .base import DayKind

_DAY = dt.timedelta(1)


@dataclass(frozen=True, slots=True)
class Counted:
    """The day on which a period ends, and whether that was counted without an announced calendar."""

    date: dt.date
    provisional: bool


@cache
def _announced(day: dt.date) -> bool | None:
    """Whether the announced calendar makes ``day`` a working day; ``None`` outside its years."""
    import chinese_calendar  # its tables take a while to import, and many runs count nothing

    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return None


class Calendar:
    """Working days: the announced ones, with a region's own on top (date → is it a working day?)."""

    def __init__(self, days: Mapping[dt.date, bool] | None = None) -> None:
        self.days = dict(days or {})
        self._ends: dict[tuple[dt.date, int, DayKind], Counted] = {}

    def is_working(self, day: dt.date) -> bool:
        """Whether ``day`` is a working day, as far as is known."""
        return self._known(day)[0]

    def _known(self, day: dt.date) -> tuple[bool, bool]:
        """Is it a working day, and was that assumed?"""
        if day in self.days:
            return self.days[day], False
        announced = _announced(day)
        return (day.weekday() < 5, True) if announced is None else (announced, False)

    def deadline(self, start: dt.date, days: int, kind: DayKind) -> Counted:
        """The last day of ``days`` after ``start``. The day of ``start`` is not counted."""
        key = (start, days, kind)
        if key not in self._ends:
            self._ends[key] = self._count(start, days, kind)
        return self._ends[key]

    def _count(self, start: dt.date, days: int, kind: DayKind) -> Counted:
        provisional = False
        if kind == "calendar":
            end = start + days * _DAY
            while True:
                working, assumed = self._known(end)
                provisional |= assumed
                if working:
                    return Counted(end, provisional)
                end += _DAY
        end, left = start, days
        while left > 0:
            end += _DAY
            working, assumed = self._known(end)
            provisional |= assumed
            left -= working
        return Counted(end, provisional)

    def posting_end(self, start: dt.date, days: int, kind: DayKind) -> Counted:
        """The last day on which a sheet put up on ``start`` for ``days`` must hang.

        Counted like any period: the day it is put up is not counted, so that a sheet posted late in the day still hangs for its
        full time, and an objection can be handed in on a working day.
        """
        return self.deadline(start, days, kind)
