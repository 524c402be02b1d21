"""``sitegen due`` says what is to be done, by when and by whom; the checks call late what it announced."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import icalendar
import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from sitegen.check.applications import check_applications
from sitegen.check.inspection import check_inspection, check_periodic
from sitegen.cli import main
from sitegen.model.obligations import Due, everything_due
from tests.check.made import TOWNSHIP, VILLAGE, item, page, record, scope
from tests.demo import ROOT

LIST = item("及时公开", retention={"days_after_posting": 30})


def due(day: str, *items: Any, days: int = 30, **more: Any) -> list[Due]:
    made = scope(day, *items, **{"pages": (page("report", day, year=2025),)} | more)
    return everything_due(made.region, made.matters, made.calendar, made.date, made.date + dt.timedelta(days))


def brief(found: list[Due]) -> list[str]:
    return [f"{d.date} {d.kind}{' overdue' if d.overdue else ''}" for d in found if "something new" not in d.task]


def run(*args: str, day: str = "2026-11-24", lang: str = "en") -> Result:
    return CliRunner().invoke(main, ["-C", str(ROOT), "--date", day, "--lang", lang, "due", *args])


@pytest.mark.parametrize(
    ("head", "wanted"),
    [
        # Put up on the day, taken down on the day after the last.
        (
            {"posting": {"from": "2026-05-08", "days": 7, "kind": "working"}},
            ["2026-05-08 post", "2026-05-19 take_down"],
        ),
        ({"posting": {"from": "2026-04-20", "until": "2026-05-06"}}, ["2026-05-07 take_down"]),
        ({"posting": {"from": "2026-04-20", "until": "2026-05-04"}}, []),
        ({"published": "2026-05-20"}, ["2026-05-20 publish"]),
        ({"consultation": {"from": "2026-05-01", "until": "2026-05-28"}}, ["2026-05-28 review"]),
        ({"result_due": "2026-05-30"}, ["2026-05-30 result"]),
        ({"result_due": "2026-05-01"}, ["2026-05-01 result overdue"]),
        ({"attribute": "不予公开", "not_public": {"provision": "FM-01", "reviewed": "2025-05-20"}}, ["2026-05-20 review"]),
        ({"attribute": "不予公开", "not_public": {"provision": "FM-01", "reviewed": "2024-02-29"}}, ["2025-03-01 review overdue"]),
        ({"accept": [{"code": "SG502", "why": "测绘更正中", "who": "王某", "until": "2026-05-31"}]}, ["2026-05-31 review"]),
        ({"differs": {"why": "口径不同", "reviewer": "经管站", "until": "2026-05-15"}}, ["2026-05-15 review"]),
    ],
)
def test_what_a_record_entails(head: dict[str, Any], wanted: list[str]) -> None:
    assert brief(due("2026-05-06", LIST, records=(record(**head),))) == wanted


@pytest.mark.parametrize(
    ("expects", "answered", "kind", "last"),
    [
        ({"kind": "result", "days": 20}, "result_of", "result", "2026-05-26"),
        ({"kind": "interpretation", "days": 3, "day_kind": "working"}, "interprets", "result", "2026-05-09"),
        ({"kind": "reply", "days": 10}, "answers", "answer", "2026-05-18"),
    ],
)
def test_the_other_half_is_owed_until_it_is_there(expects: dict[str, Any], answered: str, kind: str, last: str) -> None:
    wanted = item("及时公开", expects=expects)
    one = record(id="1")
    assert brief(due("2026-05-06", wanted, records=(one,))) == [f"{last} {kind}"]
    assert brief(due("2026-05-29", wanted, records=(one,))) == [f"{last} {kind} overdue"]
    for ref in ("1", f"{TOWNSHIP}/1"):
        other = record(id="2", **{answered: ref})
        assert all(d.record != one.ref for d in due("2026-05-29", wanted, records=(one, other)) if d.kind == kind)


def test_feedback_counts_from_the_end_of_the_consultation() -> None:
    wanted = item("及时公开", expects={"kind": "feedback", "days": 10})
    head = {"consultation": {"from": "2026-05-06", "until": "2026-05-20"}}
    assert brief(due("2026-05-06", wanted, records=(record(**head),))) == ["2026-05-20 review", "2026-06-01 result"]


def test_personal_lists_leave_the_site() -> None:
    one = record(posting={"from": "2026-04-20", "until": "2026-05-04"})
    personal = replace(one, personal=True)
    assert brief(due("2026-05-06", LIST, records=(personal,))) == ["2026-06-04 take_down"]


def test_a_list_that_villages_share_leaves_once_but_comes_down_everywhere() -> None:
    found = json.loads(run("--days", "60", "--format", "json").output)
    shared = [d for d in found if d["record"] == "230170102000/2026-0040"]
    assert {d["unit"] for d in shared if d["task"].startswith("take down")} == {
        "230170102000",
        "230170102201",
        "230170102202",
        "230170102203",
    }
    assert {d["organ"] for d in shared if d["unit"] == "230170102201"} == {"柳林镇柳树村村民委员会"}
    left = [d["unit"] for d in found if d["task"].startswith("the names") and d["record"] == "230170201000/2026-0025"]
    assert left == ["230170201000"]


def test_a_unit_owes_its_periodic_records_reports_and_replies() -> None:
    quarterly = item("每季度的首个月20日", per="single", periodic="quarterly")
    head = {"period": "2026-Q1", "formed": "2026-04-15", "published": "2026-04-15"}
    filed = ({"number": "2026-0001", "received": "2026-06-15"}, {"number": "2026-0002", "received": "2026-06-29"})
    found = due("2026-07-15", quarterly, records=(record(**head),), applications=filed)
    assert brief(found) == ["2026-07-14 answer overdue", "2026-07-20 publish", "2026-07-27 answer"]
    assert [d.organ for d in found if d.kind == "publish" and d.item] == ["和平镇人民政府"], (
        "the organ that the catalogue means by 镇人民政府"
    )
    late = due("2026-04-02", quarterly, records=(record(published="2025-05-06", formed="2025-05-06"),), pages=())
    assert "2026-03-31 publish overdue" in brief(late)


def test_what_is_counted_by_guess_is_never_overdue() -> None:
    filed = ({"number": "2028-0001", "received": "2028-06-12"},)
    found = [d for d in due("2028-11-24", LIST, applications=filed) if d.kind == "answer"]
    assert [(d.provisional, d.overdue) for d in found] == [(True, False)]


@given(st.integers(0, 400), st.sampled_from([TOWNSHIP, VILLAGE]))
def test_the_checks_complain_of_exactly_what_is_overdue(after: int, unit: str) -> None:
    """One computation: a period, a reply or a home page is a finding when, and only when, due calls it overdue."""
    day = (dt.date(2025, 11, 1) + dt.timedelta(after)).isoformat()
    monthly = item("每月10日前", per="single", periodic="monthly", table=None)
    records = tuple(
        record(unit, id=p, period=p, formed="2025-10-09", published=f"{p[:5]}{int(p[5:]) + 1:02}-09") for p in ("2025-08", "2025-10")
    )
    filed = ({"number": "2025-0001", "received": "2025-12-08", "extended": {"on": "2025-12-20", "days": 9}},)
    made = scope(day, monthly, records=records, applications=filed if unit == TOWNSHIP else (), unit=unit, section="村务", pages=(page("report", "2025-11-01", year=2025),))  # fmt: skip
    overdue = [d for d in everything_due(made.region, made.matters, made.calendar, made.date, made.date) if d.overdue]
    found = [*check_periodic(made), *check_applications(made), *(f for f in check_inspection(made) if f.code in ("SG720", "SG721"))]
    assert len(overdue) == len([f for f in found if f.code != "SG736"])


# --- the command --------------------------------------------------------------------------------------------------------------


def test_the_list_is_in_order_of_days_with_who_and_what() -> None:
    text = run("--days", "20").output
    assert "Tuesday, 2026-11-24 (today)" in text
    dates = [line.split(", ")[1][:10] for line in text.splitlines() if ", 20" in line[:16]]
    assert len(dates) > 10
    assert dates == sorted(dates)
    assert "  青禾县 青禾县人民政府: answer the application for information 2026-0006" in text
    assert "(230170101203/2026-0018)" in text


def test_it_speaks_chinese() -> None:
    text = run("--days", "20", lang="zh").output
    assert "2026-11-24 星期二（今天）" in text
    assert "青禾县 青禾县人民政府: 答复依申请公开 2026-0006" in text


def test_nothing_is_overdue_in_a_clean_region_and_much_is_a_month_later() -> None:
    now = json.loads(run("--format", "json").output)
    assert now
    assert not any(d["overdue"] for d in now)
    later = json.loads(run("--format", "json", day="2026-12-24").output)
    assert {d["kind"] for d in later if d["overdue"]} >= {"publish", "answer"}
    shown = CliRunner().invoke(main, ["-C", str(ROOT), "--date", "2026-12-24", "--lang", "en", "due"], color=True).output
    assert "\x1b[31m" in shown
    assert "– overdue for 23 days" in shown
    assert "\x1b[" not in run(day="2026-12-24").output


@pytest.mark.parametrize("name", ["230170101201", "大河村", "大河"])
def test_one_unit_by_code_name_or_alias(name: str) -> None:
    found = json.loads(run("--unit", name, "--format", "json").output)
    assert found
    assert {d["unit"] for d in found} == {"230170101201"}


def test_mistakes_are_said_plainly(tmp_path: Path) -> None:
    result = run("--unit", "无此村", lang="zh")
    assert (result.exit_code, result.output) == (2, "没有“无此村”这个单位\n")
    assert run("--days", "-1").exit_code == 2
    assert run("--ics", str(tmp_path / "no" / "x.ics")).exit_code == 2
    assert CliRunner().invoke(main, ["-C", str(tmp_path), "due"]).exit_code == 2
    assert run("--unit", "文昌社区", "--days", "0").output == "nothing is due within 0 days\n"


def test_the_calendar_file_has_the_same_things_and_the_same_bytes(tmp_path: Path) -> None:
    one, two = tmp_path / "one.ics", tmp_path / "two.ics"
    listed = json.loads(run("--ics", str(one), "--format", "json", lang="zh").output)
    run("--ics", str(two), lang="zh")
    assert one.read_bytes() == two.read_bytes()
    events = icalendar.Calendar.from_ical(one.read_bytes()).walk("VEVENT")
    assert [e.decoded("dtstart").isoformat() for e in events] == [d["date"] for d in listed]
    assert all(e.decoded("dtend") - e.decoded("dtstart") == dt.timedelta(1) for e in events)
    assert [str(e["summary"]) for e in events] == [f"{d['unit_name']}: {d['task']}" for d in listed]
    uids = [str(e["uid"]) for e in events]
    assert len(set(uids)) == len(uids)


def test_an_entry_keeps_its_identity_from_day_to_day(tmp_path: Path) -> None:
    uids = []
    for day in ("2026-11-24", "2026-11-25"):
        run("--ics", str(tmp_path / f"{day}.ics"), day=day)
        events = icalendar.Calendar.from_ical((tmp_path / f"{day}.ics").read_bytes()).walk("VEVENT")
        uids.append({str(e["uid"]) for e in events if "2026-0006" in str(e["summary"])})
    assert uids[0] == uids[1]
    assert uids[0]
