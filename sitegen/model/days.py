"""Counting days as Articles 201 to 204 of the Civil Code count them.

The first day is not counted; a period whose last day is a legal holiday or a day off ends on the next working day. A Saturday worked
in return for a holiday is a working day. Working days come from ``chinesecalendar``, whose data end with the last announced year; a
region may add days (calendar.yml). Beyond both, Monday to Friday is assumed and the result is *provisional*: nobody may be called late
because of it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import cache

from msgspec import Struct

from .base import DayKind

_DAY = dt.timedelta(1)


class Counted(Struct, frozen=True):
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
    """Working days: the announced ones, with a region's own on top (date → is it a working day?).

    The yearly announcement names only the exceptions. So a region's days make a whole year known once its 1 October is among them,
    which every announcement names; a single local day does not.
    """

    def __init__(self, days: Mapping[dt.date, bool] | None = None) -> None:
        self.days = dict(days or {})
        self._announced_years = {day.year for day in self.days if (day.month, day.day) == (10, 1)}
        self._ends: dict[tuple[dt.date, int, DayKind], Counted] = {}

    def is_working(self, day: dt.date) -> bool:
        """Whether ``day`` is a working day, as far as is known."""
        return self._known(day)[0]

    def _known(self, day: dt.date) -> tuple[bool, bool]:
        """Is it a working day, and was that assumed?"""
        if day in self.days:
            return self.days[day], False
        announced = _announced(day)
        return (day.weekday() < 5, day.year not in self._announced_years) if announced is None else (announced, False)

    def deadline(self, start: dt.date, days: int, kind: DayKind) -> Counted:
        """The last day of ``days`` after ``start``. The day of ``start`` is not counted.

        Raises ``ValueError`` for fewer than 0 days and ``OverflowError`` beyond the year 9999.
        """
        key = (start, days, kind)
        if key not in self._ends:
            self._ends[key] = self._count(start, days, kind)
        return self._ends[key]

    def _count(self, start: dt.date, days: int, kind: DayKind) -> Counted:
        if days < 0:
            raise ValueError(f"a period of {days} days")
        provisional = False
        end, left = (start, days) if kind == "working" else (start + days * _DAY, 0)
        while left:
            end += _DAY
            working, assumed = self._known(end)
            provisional |= assumed
            left -= working
        # Article 203. Working days end on one already, unless there were none to count.
        while True:
            working, assumed = self._known(end)
            provisional |= assumed
            if working:
                return Counted(end, provisional)
            end += _DAY

    def before(self, event: dt.date, days: int, kind: DayKind) -> Counted:
        """The last day that lies ``days`` before ``event``. The day of the event is not counted, and nothing rolls: earlier is always right.

        Raises ``ValueError`` for fewer than 0 days.
        """
        if days < 0:
            raise ValueError(f"a period of {days} days")
        if kind == "calendar":
            return Counted(event - days * _DAY, False)
        last, left, provisional = event, days, False
        while left:
            last -= _DAY
            working, assumed = self._known(last)
            provisional |= assumed
            left -= working
        return Counted(last, provisional)

    def posting_end(self, start: dt.date, days: int, kind: DayKind) -> Counted:
        """The last day, to its end, on which a sheet put up on ``start`` for ``days`` must hang.

        A posting is counted like any period (Articles 201 and 203): put up on 8 May for 7 natural days it hangs through 15 May and is taken
        down on the 16th. The day it is put up is not counted, so that a sheet posted late in the day still hangs for its full time; it ends
        on a working day, so that whoever objects on the last day finds somebody to hand the objection to. Laws say "at least",
        so hanging longer is never wrong; hanging shorter makes the posting void.
        """
        return self.deadline(start, days, kind)
