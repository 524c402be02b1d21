"""A sheet must hang as long as the catalogue says, when the record is published."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.check.postings import check_postings
from sitegen.model.days import Calendar
from tests.check.made import item, record, scope

SEVEN = "公示期不少于7个工作日"


def found(wording: str, head: dict[str, Any], **more: Any) -> list[str]:
    one = record(**({"published": "2026-05-06", "formed": "2026-05-06"} | head))
    return [f.code for f in check_postings(scope("2026-12-31", item(wording, **more), records=(one,)))]


@pytest.mark.parametrize(
    ("posting", "codes"),
    [
        ({"from": "2026-05-08", "days": 7, "kind": "working"}, []),
        ({"from": "2026-05-08", "days": 6, "kind": "working"}, ["SG704"]),
        ({"from": "2026-05-08", "days": 7, "kind": "calendar"}, ["SG704"]),
        ({"from": "2026-05-08", "days": 10, "kind": "calendar"}, []),
        ({"from": "2026-05-08", "until": "2026-05-18"}, []),
        ({"from": "2026-05-08", "until": "2026-05-17"}, ["SG704"]),
        ({"from": "2026-05-05", "days": 7, "kind": "working"}, ["SG706"]),
        ({"from": "2026-05-19", "days": 7, "kind": "working"}, []),
        ({"from": "2026-05-20", "days": 7, "kind": "working"}, ["SG707"]),
        (None, ["SG705"]),
    ],
)
def test_length_and_time(posting: Any, codes: list[str]) -> None:
    assert found(SEVEN, {"posting": posting} if posting else {}) == codes


def test_a_list_is_posted_its_policy_need_not_be() -> None:
    assert found(SEVEN, {}, table="list") == []
    assert found(SEVEN, {"table": "1.csv"}, table="list") == ["SG705"]


def test_no_posting_is_asked_of_what_may_be_another_part() -> None:
    """批前公示 concerns the draft; a record without a posting may be what was approved."""
    wording = "批前公示不少于30日，批准后20个工作日内公布"
    short = {"from": "2026-05-06", "days": 20}
    assert found(wording, {}) == []
    assert found(wording, {"posting": short}) == ["SG704"]
    assert found(wording, {"posting": short, "events": {"approved": "2026-05-06"}}) == []


def test_other_records_are_left_alone() -> None:
    assert found(SEVEN, {"attribute": "不予公开"}) == []
    assert found(SEVEN, {"validity": "失效"}) == []
    assert found("及时公开", {}) == []


def test_opinions_are_taken_long_enough() -> None:
    wording = "征求意见期限不得少于30日"
    assert found(wording, {"consultation": {"from": "2026-05-06", "until": "2026-06-05"}}) == []
    assert found(wording, {"consultation": {"from": "2026-05-06", "until": "2026-06-04"}}) == ["SG708"]


def test_a_short_posting_is_short_whatever_the_calendar() -> None:
    late = {"formed": "2028-05-08", "published": "2028-05-08"}
    assert found(SEVEN, late | {"posting": {"from": "2028-05-08", "days": 6, "kind": "working"}}) == ["SG704"]
    assert found(SEVEN, late | {"posting": {"from": "2028-05-08", "until": "2028-05-09"}}) == []  # counted by guess: not said


@given(st.integers(1, 60), st.sampled_from(["working", "calendar"]), st.dates(dt.date(2024, 1, 1), dt.date(2026, 8, 1)))
def test_the_counted_end_is_long_enough_and_a_day_less_is_not(days: int, kind: Any, start: dt.date) -> None:
    wording = f"公示期不少于{days}{'个工作日' if kind == 'working' else '日'}"
    end = Calendar().posting_end(start, days, kind).date
    for until, codes in ((end, []), (end - dt.timedelta(1), ["SG704"])):
        head = {"formed": start, "published": start, "posting": {"from": start, "until": until}}
        if until >= start:
            assert found(wording, head) == codes
