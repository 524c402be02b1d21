"""Periods (所属期): a year, a quarter, a month or a span of days, as an interval of dates."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterable
from functools import lru_cache

from msgspec import Struct

_YEAR = re.compile(r"(\d{4})")
_HALF = re.compile(r"(\d{4})-H([12])")
_QUARTER = re.compile(r"(\d{4})-Q([1-4])")
_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
_SPAN = re.compile(r"(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})")


_DAY = dt.timedelta(1)


class Period(Struct, frozen=True, order=True):
    """An interval of days, both ends included. Two records of one matter have equal intervals."""

    start: dt.date
    end: dt.date

    @classmethod
    @lru_cache(maxsize=10_000)
    def parse(cls, text: str) -> Period:
        """Read ``2026``, ``2026-H1``, ``2026-Q3``, ``2026-09``, a date, or ``2026-05-06..2026-05-20``.

        Raises ``ValueError`` for anything else, an impossible date, or an end before its start.
        """
        text = text.strip()
        if m := _YEAR.fullmatch(text):
            return cls(dt.date(int(m[1]), 1, 1), dt.date(int(m[1]), 12, 31))
        if m := _HALF.fullmatch(text):
            return cls._months(int(m[1]), 6 * int(m[2]) - 5, 6)
        if m := _QUARTER.fullmatch(text):
            return cls._months(int(m[1]), 3 * int(m[2]) - 2, 3)
        if m := _MONTH.fullmatch(text):
            return cls._months(int(m[1]), int(m[2]), 1)
        if m := _SPAN.fullmatch(text):
            start, end = dt.date.fromisoformat(m[1]), dt.date.fromisoformat(m[2])
            if end < start:
                raise ValueError("the period ends before it starts")
            return cls(start, end)
        try:
            day = dt.date.fromisoformat(text)
        except ValueError:
            raise ValueError("write a period as 2026, 2026-H1, 2026-Q3, 2026-09, a date, or 2026-05-06..2026-05-20") from None
        return cls(day, day)

    @classmethod
    def _months(cls, year: int, first: int, count: int) -> Period:
        last = first + count - 1
        return cls(dt.date(year, first, 1), dt.date(year, last, calendar.monthrange(year, last)[1]))

    def __contains__(self, other: object) -> bool:
        return isinstance(other, Period) and self.start <= other.start and other.end <= self.end

    @property
    def zh(self) -> str:
        """The period as residents read it: 2026年, 2026年第三季度, 2026年9月, or the span."""
        a, b = self.start, self.end
        if a == dt.date(a.year, 1, 1) and b == dt.date(a.year, 12, 31):
            return f"{a.year}年"
        whole_months = a.year == b.year and a.day == 1 and b.day == calendar.monthrange(b.year, b.month)[1]
        if whole_months and b.month - a.month == 5 and a.month in (1, 7):
            return f"{a.year}年{'上' if a.month == 1 else '下'}半年"
        if whole_months and b.month - a.month == 2 and a.month % 3 == 1:
            return f"{a.year}年第{'一二三四'[a.month // 3]}季度"
        if whole_months and a.month == b.month:
            return f"{a.year}年{a.month}月"
        if a == b:
            return f"{a.year}年{a.month}月{a.day}日"
        return f"{a.year}年{a.month}月{a.day}日至{b.year}年{b.month}月{b.day}日"


def gaps(whole: Period, parts: Iterable[Period]) -> list[Period]:
    """What ``parts`` leave of ``whole``, month by month where whole months are missing."""
    found = []
    day = whole.start
    for part in sorted(parts):
        if part.start > day:
            found += _months(day, part.start - _DAY)
        day = max(day, part.end + _DAY)
    if day <= whole.end:
        found += _months(day, whole.end)
    return found


def _months(start: dt.date, end: dt.date) -> list[Period]:
    made = []
    while start <= end:
        last = min(end, start.replace(day=calendar.monthrange(start.year, start.month)[1]))
        made.append(Period(start, last))
        start = last + _DAY
    return made
