"""Days are counted as the Civil Code counts them."""

from __future__ import annotations

import datetime as dt
from typing import get_args

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.model.base import DayKind
from sitegen.model.days import Calendar, Counted

DATA_END = dt.date(max(chinese_calendar.holidays).year, 12, 31)
STARTS = st.dates(dt.date(2024, 1, 1), dt.date(2028, 12, 31))
KINDS = st.sampled_from(get_args(DayKind))
COUNTS = st.integers(0, 90)
CALENDAR = Calendar()
DAY = dt.timedelta(1)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("start", "days", "kind", "end"),
    [
        ("2026-05-11", 3, "working", "2026-05-14"),  # the first day is not counted
        ("2026-05-08", 7, "calendar", "2026-05-15"),
        ("2026-05-08", 7, "working", "2026-05-18"),  # Saturday 9 May is worked in return for Labour Day
        ("2026-04-30", 1, "working", "2026-05-06"),  # Labour Day, 1 to 5 May
        ("2026-02-13", 1, "working", "2026-02-14"),  # a Saturday worked before the Spring Festival
        ("2026-02-14", 5, "working", "2026-02-28"),  # off 15 to 23 February, Saturday 28 worked
        ("2026-09-30", 1, "working", "2026-10-08"),  # National Day, 1 to 7 October
        ("2026-10-09", 1, "working", "2026-10-10"),  # a Saturday worked in return
        ("2026-06-12", 7, "calendar", "2026-06-22"),  # ends on the Dragon Boat Festival (Friday), rolls over the weekend
        ("2026-09-25", 7, "calendar", "2026-10-08"),  # ends within National Day
        ("2026-05-02", 7, "calendar", "2026-05-09"),  # a worked Saturday is no day off: nothing rolls
        ("2026-05-08", 0, "calendar", "2026-05-08"),
        ("2026-05-10", 0, "working", "2026-05-11"),  # today still, but today is a Sunday
    ],
)
def test_the_last_day(start: str, days: int, kind: DayKind, end: str) -> None:
    assert CALENDAR.deadline(day(start), days, kind) == Counted(day(end), provisional=False)


def test_a_posting_hangs_its_full_days_after_the_day_it_was_put_up() -> None:
    assert CALENDAR.posting_end(day("2026-05-08"), 7, "calendar").date == day("2026-05-15")
    assert CALENDAR.posting_end(day("2026-05-08"), 7, "working").date == day("2026-05-18")
    assert CALENDAR.posting_end(day("2026-05-09"), 7, "calendar").date == day("2026-05-18"), "16 May is a Saturday"


def test_working_days_are_the_announced_ones() -> None:
    year = [day("2026-01-01") + n * DAY for n in range(365)]
    assert [CALENDAR.is_working(d) for d in year] == [chinese_calendar.is_workday(d) for d in year]


def test_beyond_the_announced_years_monday_to_friday_is_assumed() -> None:
    friday = DATA_END + ((4 - DATA_END.weekday()) % 7 + 7) * DAY
    assert Calendar().deadline(friday, 1, "working") == Counted(friday + 3 * DAY, provisional=True)


def test_a_region_adds_a_year_by_its_exceptions() -> None:
    year = DATA_END.year + 1
    announced = {dt.date(year, 1, n): False for n in (1, 2, 3)} | {dt.date(year, 10, n): False for n in range(1, 8)}
    calendar = Calendar(announced)
    assert calendar.deadline(dt.date(year, 9, 30), 1, "calendar") == calendar.deadline(dt.date(year, 10, 7), 0, "working")
    assert not calendar.deadline(dt.date(year, 6, 1), 20, "working").provisional
    assert calendar.deadline(dt.date(year + 1, 6, 1), 20, "working").provisional


def test_a_single_local_day_does_not_make_a_year_known() -> None:
    local = DATA_END + 60 * DAY
    calendar = Calendar({local: False})
    assert not calendar.is_working(local)
    assert calendar.deadline(local, 5, "working").provisional


def test_a_region_overrides_an_announced_day() -> None:
    assert Calendar({day("2026-05-14"): False}).deadline(day("2026-05-11"), 3, "working").date == day("2026-05-15")


def test_fewer_than_no_days_is_an_error() -> None:
    with pytest.raises(ValueError, match="-1"):
        CALENDAR.deadline(day("2026-05-11"), -1, "working")


@given(STARTS, COUNTS, KINDS)
def test_more_days_or_a_later_start_never_end_earlier(start: dt.date, days: int, kind: DayKind) -> None:
    end = CALENDAR.deadline(start, days, kind).date
    assert end <= CALENDAR.deadline(start, days + 1, kind).date
    assert end <= CALENDAR.deadline(start + DAY, days, kind).date


@given(STARTS, COUNTS, KINDS)
def test_a_period_ends_on_a_working_day_and_not_too_soon(start: dt.date, days: int, kind: DayKind) -> None:
    end = CALENDAR.deadline(start, days, kind).date
    assert CALENDAR.is_working(end)
    assert end >= start + days * DAY


@given(STARTS, COUNTS)
def test_between_start_and_end_lie_as_many_working_days(start: dt.date, days: int) -> None:
    end = CALENDAR.deadline(start, days, "working").date
    counted = sum(CALENDAR.is_working(start + n * DAY) for n in range(1, (end - start).days + 1))
    assert counted == (days or int(end > start))


@given(STARTS, COUNTS, KINDS)
def test_a_result_is_provisional_exactly_beyond_the_data(start: dt.date, days: int, kind: DayKind) -> None:
    counted = CALENDAR.deadline(start, days, kind)
    assert counted.provisional == (counted.date > DATA_END)


@pytest.mark.parametrize(
    ("event", "days", "kind", "last"),
    [
        ("2026-05-18", 1, "working", "2026-05-15"),
        ("2026-05-11", 3, "working", "2026-05-07"),  # Saturday 9 May is worked
        ("2026-05-06", 1, "working", "2026-04-30"),  # Labour Day, 1 to 5 May
        ("2026-05-11", 7, "calendar", "2026-05-04"),  # nothing rolls: a day off is early enough
        ("2026-05-11", 0, "working", "2026-05-11"),
    ],
)
def test_the_last_day_before_an_event(event: str, days: int, kind: DayKind, last: str) -> None:
    assert CALENDAR.before(day(event), days, kind) == Counted(day(last), provisional=False)


@given(STARTS, st.integers(1, 90))
def test_before_an_event_lie_as_many_working_days(event: dt.date, days: int) -> None:
    counted = CALENDAR.before(event, days, "working")
    assert CALENDAR.is_working(counted.date)
    assert sum(CALENDAR.is_working(counted.date + n * DAY) for n in range((event - counted.date).days)) == days
    assert counted.provisional == (event - DAY > DATA_END)
    with pytest.raises(ValueError, match="-1"):
        CALENDAR.before(event, -1, "working")
