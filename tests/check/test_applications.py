"""Applications for information are answered within 20 working days, with one extension, and nothing in the file says who asked."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import ValidationError

from sitegen.check.applications import check_applications
from sitegen.model.applications import Application, reply_by
from sitegen.model.days import Calendar
from tests.check.made import VILLAGE, scope


def last(**more: Any) -> str | None:
    counted = reply_by(Application.model_validate({"number": "2026-0001", "received": "2026-04-13", **more}), Calendar())
    return counted and counted.date.isoformat()


def test_the_last_day_for_a_reply() -> None:
    assert last() == "2026-05-13", "1 to 5 May are off, 9 May is worked"
    assert last(extended={"on": "2026-05-13", "days": 20}) == "2026-06-10"
    assert last(extended={"on": "2026-05-14", "days": 20}) == "2026-05-13", "told too late"
    assert last(consulted={"from": "2026-04-20", "until": "2026-04-24"}) == "2026-05-20", "five working days are not counted"
    assert last(consulted={"from": "2026-04-17", "until": "2026-04-20"}) == "2026-05-15", "the weekend does not count anyway"
    assert last(consulted={"from": "2026-04-20"}) is None, "the others have not answered yet"
    assert last(consulted={"from": "2026-05-18", "until": "2026-05-20"}) == "2026-05-13", "asked when the time was over"


@pytest.mark.parametrize(
    "wrong",
    [
        {"replied": "2026-05-14"},
        {"result": "予以公开"},
        {"replied": "2026-04-12", "result": "予以公开"},
        {"extended": {"on": "2026-05-13", "days": 21}},
        {"extended": {"on": "2026-04-12", "days": 5}},
        {"consulted": {"from": "2026-04-24", "until": "2026-04-20"}},
        {"name": "张某"},
        {"number": "张某的申请"},
    ],
)
def test_what_an_entry_cannot_say(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Application.model_validate({"number": "2026-0001", "received": "2026-04-13", **wrong})


RECEIVED = st.dates(dt.date(2024, 1, 1), dt.date(2026, 7, 1))


@given(RECEIVED, st.none() | st.integers(1, 20))
def test_in_time_until_the_last_day_and_late_from_the_next(received: dt.date, days: int | None) -> None:
    entry: dict[str, Any] = {"number": "2026-0001", "received": received}
    if days:
        entry["extended"] = {"on": received, "days": days}
    counted = reply_by(Application.model_validate(entry), Calendar())
    assert counted is not None
    assume(not counted.provisional)
    after = counted.date + dt.timedelta(1)

    def codes(day: dt.date, **more: Any) -> list[str]:
        return [f.code for f in check_applications(scope(day.isoformat(), applications=(entry | more,)))]

    assert codes(counted.date) == []
    assert codes(after) == ["SG731"]
    assert codes(after, replied=counted.date, result="部分公开") == []
    assert codes(after, replied=after, result="部分公开") == ["SG732"]


def test_one_entry_has_one_finding() -> None:
    made = (
        {
            "number": "2026-0001",
            "received": "2026-04-13",
            "extended": {"on": "2026-05-14", "days": 5},
            "replied": "2026-07-14",
            "result": "不予处理",
        },
    )
    assert [f.code for f in check_applications(scope("2026-11-24", applications=made))] == ["SG733"]


def test_a_village_has_none() -> None:
    made = ({"number": "2026-0001", "received": "2026-04-13"},)
    assert [f.code for f in check_applications(scope("2026-11-24", applications=made, unit=VILLAGE))] == ["SG735"]
