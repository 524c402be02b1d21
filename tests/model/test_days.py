"""Days are counted as the Civil Code counts them."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from sitegen.model.days import Calendar, Counted

DAYS_2026 = st.dates(dt.date(2026, 1, 1), dt.date(2026, 10, 31))


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def test_the_first_day_is_not_counted() -> None:
    assert Calendar().deadline(day("2026-05-11"), 3, "working") == Counted(day("2026-05-14"), False)


def test_holidays_are_no_working_days() -> None:
    # National Day 2026: 1 to 7 October off, 10 October worked in return.
    assert Calendar().deadline(day("2026-09-30"), 1, "working") == Counted(day("2026-10-08"), False)
    assert Calendar().deadline(day("2026-10-09"), 1, "working") == Counted(day("2026-10-10"), False)


def test_natural_days_that_end_on_a_holiday_roll_on() -> None:
    assert Calendar().deadline(day("2026-09-25"), 7, "calendar") == Counted(day("2026-10-08"), False)


def test_beyond_the_announced_years_the_result_is_provisional() -> None:
    assert Calendar().deadline(day("2026-12-28"), 7, "working").provisional


def test_a_region_may_add_days() -> None:
    days = {day("2027-01-01") + dt.timedelta(n): (day("2027-01-01") + dt.timedelta(n)).weekday() < 5 and n > 2 for n in range(60)}
    assert Calendar(days).deadline(day("2026-12-31"), 1, "working") == Counted(day("2027-01-04"), False)


@given(DAYS_2026, st.integers(0, 40))
def test_one_day_more_never_ends_earlier(start: dt.date, days: int) -> None:
    calendar = Calendar()
    for kind in ("working", "calendar"):
        assert calendar.deadline(start, days, kind).date <= calendar.deadline(start, days + 1, kind).date  # type: ignore[arg-type]


@given(DAYS_2026, st.integers(1, 20))
def test_a_period_ends_on_a_working_day(start: dt.date, days: int) -> None:
    calendar = Calendar()
    assert calendar.is_working(calendar.deadline(start, days, "working").date)
    assert calendar.is_working(calendar.posting_end(start, days, "calendar").date)
