"""What is published every month, quarter or year has no gap; each missing period is one finding."""

from __future__ import annotations

from typing import Any

import pytest

from sitegen.check.inspection import check_periodic
from sitegen.model.catalog import Item
from tests.check.made import TOWNSHIP, VILLAGE, item, record, scope

QUARTERLY = item("每季度的首个月20日", per="single", periodic="quarterly")
MONTHLY = item("每月10日前", per="single", periodic="monthly")
YEARLY = item("每年3月31日前", per="single", periodic="yearly")


def missing(wanted: Item, day: str, *periods: str | None, published: str = "2025-01-15", **more: Any) -> list[str]:
    records = tuple(
        record(id=str(n), formed="2024-01-01", published=published, **({"period": p} if p else {})) for n, p in enumerate(periods)
    )
    return [dict(f.args)["period"] for f in check_periodic(scope(day, wanted, records=records, **more))]


def test_an_obligation_begins_with_the_first_record() -> None:
    assert missing(QUARTERLY, "2026-11-24") == []
    assert missing(QUARTERLY, "2026-11-24", "2026-Q3", published="2026-10-20") == []


def test_a_period_is_missing_from_the_day_after_its_last() -> None:
    assert missing(QUARTERLY, "2026-07-20", "2026-Q1", published="2026-04-15") == []
    assert missing(QUARTERLY, "2026-07-21", "2026-Q1", published="2026-04-15") == ["2026年第二季度"]


def test_every_gap_is_one_finding() -> None:
    assert missing(QUARTERLY, "2026-11-24", "2025-Q4", "2026-Q2", published="2026-07-20") == ["2026年第一季度", "2026年第三季度"]
    assert missing(MONTHLY, "2026-11-10", "2026-07", "2026-09", published="2026-10-09") == ["2026年8月"]
    assert missing(YEARLY, "2026-04-01", "2023", published="2024-03-20") == ["2024年", "2025年"]


@pytest.mark.parametrize(
    ("period", "covers"),
    [
        ("2026-Q2", True),
        ("2026-04-01..2026-06-30", True),
        ("2026-05-06..2026-05-20", True),  # one of many within the quarter
        ("2026-05", False),  # one month of three
        ("2026", False),  # says nothing about the quarter
        ("2026-H1", False),
        ("2026-Q1", False),
    ],
)
def test_what_covers_a_quarter(period: str, covers: bool) -> None:
    assert (missing(QUARTERLY, "2026-07-21", "2026-Q1", period, published="2026-07-15") == []) is covers


def test_three_months_make_a_quarter() -> None:
    assert missing(QUARTERLY, "2026-07-21", "2026-Q1", "2026-04", "2026-05", "2026-06", published="2026-07-15") == []


def test_a_record_without_a_period_stands_for_when_it_was_published() -> None:
    assert missing(QUARTERLY, "2026-11-24", None, published="2026-10-15") == []
    assert missing(QUARTERLY, "2026-11-24", None, published="2026-04-15") == ["2026年第三季度"]


def test_what_is_published_ahead_is_owed_in_its_own_period() -> None:
    assert missing(YEARLY, "2026-03-31", "2025", published="2025-03-20") == []
    assert missing(YEARLY, "2026-04-01", "2025", published="2025-03-20") == ["2026年"]
    assert missing(MONTHLY, "2026-11-11", "2026-10", published="2026-10-05") == ["2026年11月"]


def test_without_a_named_day_the_next_period_is_left_for_it() -> None:
    wanted = item("自信息形成或者变更之日起20个工作日内", periodic="quarterly")
    assert missing(wanted, "2026-09-30", "2026-Q1", published="2026-04-15") == []
    assert missing(wanted, "2026-10-01", "2026-Q1", published="2026-04-15") == ["2026年第二季度"]


def test_a_wording_makes_an_item_periodic_too() -> None:
    assert missing(item("每月10日前"), "2026-11-24", "2026-08", published="2026-09-09") == ["2026年9月", "2026年10月"]


def test_beyond_the_announced_calendar_nothing_is_missing() -> None:
    assert missing(MONTHLY, "2028-11-24", "2028-01", published="2028-02-08") == []


def test_a_region_can_begin_all_obligations_at_once() -> None:
    start = {"owed_from": "2026-02-01"}
    assert missing(QUARTERLY, "2026-11-24", region=start) == ["2026年第二季度", "2026年第三季度"]
    derived = item(
        "每季度的首个月20日", periodic="quarterly", counterpart={"group": "g", "levels": ["township", "village"], "rule": "derive"}
    )
    assert missing(derived, "2026-11-24", region=start, unit=VILLAGE) == [], "the township owes the list"
    assert len(missing(derived, "2026-11-24", region=start, unit=TOWNSHIP)) == 2
