"""Records that belong in pairs: what is named is right, what is owed comes in time, and a circle is found and not walked for ever."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from sitegen.check.pairs import check_pairs
from sitegen.model.finding import Finding
from sitegen.model.region import Record
from tests.check.county import COUNTY, OTHER, TOWN, VILLAGE, County, said


def check(county: County, date: dt.date = dt.date(2026, 11, 24)) -> list[Finding]:
    return list(check_pairs(county.scope(date)))


def decided(**over: Any) -> tuple[County, Record]:
    """A village with a resolution."""
    county = County()
    head = {"formed": "2026-03-05", "published": "2026-03-06", "scope": "全体村民", **over}
    return county, county.add(VILLAGE, "jueyi", "CW-07", **head)


def result(county: County, id: str = "jieguo", **over: Any) -> Record:
    head = {"formed": "2026-09-24", "published": "2026-09-28", "result_of": "jueyi", "scope": "全体村民", **over}
    return county.add(VILLAGE, id, "CW-08", **head)


def test_a_resolution_and_its_result() -> None:
    county, _ = decided(result_due="2026-10-31")
    result(county)
    assert check(county) == []


def test_a_result_that_is_due_and_has_not_come() -> None:
    county, resolution = decided(result_due="2026-10-31")
    assert said(check(county)) == [f"{VILLAGE}/jueyi.md:{resolution.lines['result_due']} SG645"]
    assert check(county, dt.date(2026, 10, 31)) == []


def test_without_a_day_of_its_own_the_items_days_count() -> None:
    county, resolution = decided(formed="2025-03-05", published="2025-03-06")
    assert said(check(county)) == [f"{VILLAGE}/jueyi.md:{resolution.lines['formed']} SG645"]
    assert check(decided()[0]) == []


def test_a_result_that_came_late() -> None:
    county, _ = decided(result_due="2026-09-01")
    late = result(county)
    assert said(check(county)) == [f"{VILLAGE}/jieguo.md:{late.lines['published']} SG646"]


def test_a_result_that_is_older_than_its_resolution() -> None:
    county, _ = decided(result_due="2026-10-31")
    old = result(county, formed="2026-03-01", published="2026-03-10")
    assert said(check(county)) == [f"{VILLAGE}/jieguo.md:{old.lines['formed']} SG644"]


def test_two_results_of_one_resolution() -> None:
    county, _ = decided(result_due="2026-10-31")
    result(county)
    second = result(county, "jieguo2", formed="2026-10-01", published="2026-10-03")
    assert said(check(county)) == [f"{VILLAGE}/jieguo2.md:{second.lines['result_of']} SG647"]


@pytest.mark.parametrize(
    ("ref", "code"),
    [("nichts", "SG305"), (f"{OTHER}/jueyi", "SG305"), ("jieguo", "SG641"), ("liste", "SG642"), (f"{OTHER}/andere", "SG642")],
)
def test_a_reference_that_misses_is_one_finding_at_its_key(ref: str, code: str) -> None:
    county, _ = decided(result_due="2026-10-31")
    county.add(VILLAGE, "liste", "CW-13", scope="全体村民")
    county.add(OTHER, "andere", "CW-07", scope="全体村民")
    wrong = result(county, result_of=ref)
    assert said(check(county)) == [f"{VILLAGE}/jieguo.md:{wrong.lines['result_of']} {code}"]


def policy(county: County, id: str = "zhengce", **over: Any) -> Record:
    head = {"formed": "2026-03-03", "published": "2026-03-05", "attribute": "主动公开", "document": {"number": "青建发〔2026〕7号"}, **over}
    return county.add(COUNTY, id, "WFGZ-01", **head)


def test_a_policy_and_its_interpretation() -> None:
    county = County()
    made = policy(county)
    assert said(check(county)) == [f"{COUNTY}/zhengce.md:{made.lines['published']} SG645"]
    county.add(COUNTY, "jiedu", "WFGZ-03", formed="2026-03-04", published="2026-03-05", interprets="zhengce")
    county.add(TOWN, "tujie", "WFGZ-01", formed="2026-03-09", published="2026-03-10", interprets=f"{COUNTY}/zhengce", validity="失效")
    assert check(county) == []


def test_the_days_for_an_interpretation_are_a_setting() -> None:
    county = County()
    policy(county)
    late = county.add(COUNTY, "jiedu", "WFGZ-03", formed="2026-03-12", published="2026-03-12", interprets="zhengce")
    assert said(check(county)) == [f"{COUNTY}/jiedu.md:{late.lines['published']} SG646"]
    county.thresholds = {"interpretation": 5}
    assert check(county) == []


def test_a_repealed_policy_owes_no_interpretation() -> None:
    county = County()
    policy(county, validity="废止", abolished="2026-06-01")
    assert check(county) == []


def test_what_is_counted_without_an_announced_calendar_is_never_overdue() -> None:
    county = County()
    policy(county, formed="2028-03-03", published="2028-03-03")
    assert check(county, dt.date(2028, 11, 24)) == []


def test_a_consultation_and_its_feedback() -> None:
    county = County()
    opinions = {"consultation": {"from": "2026-05-06", "until": "2026-06-05"}, "formed": "2026-05-05", "published": "2026-05-06"}
    asked = county.add(TOWN, "zhengqiu", "AQSC-03", **opinions)
    assert said(check(county)) == [f"{TOWN}/zhengqiu.md:{asked.lines['consultation']} SG645"]
    assert check(county, dt.date(2026, 7, 1)) == []
    county.add(TOWN, "fankui", "AQSC-03", formed="2026-06-08", published="2026-06-10", feedback_on="zhengqiu")
    assert check(county) == []
    wrong = county.add(TOWN, "fankui2", "AQSC-03", formed="2026-06-18", published="2026-06-18", feedback_on="fankui")
    assert said(check(county)) == [f"{TOWN}/fankui2.md:{wrong.lines['feedback_on']} SG642"]


def test_a_question_and_its_reply() -> None:
    county = County()
    county.add(VILLAGE, "wen", "CW-13", formed="2026-09-01", published="2026-09-01")
    county.add(VILLAGE, "da", "CW-13", formed="2026-09-05", published="2026-09-05", answers="wen")
    assert check(county) == []
    second = county.add(VILLAGE, "da2", "CW-13", formed="2026-09-06", published="2026-09-06", answers="wen")
    assert said(check(county)) == [f"{VILLAGE}/da2.md:{second.lines['answers']} SG647"]


def test_a_document_that_was_replaced_says_so() -> None:
    county = County()
    explained = {"formed": "2026-03-05", "published": "2026-03-05"}
    old = policy(county, "alt", formed="2024-03-03", published="2024-03-05", validity="有效")
    policy(county, replaces="alt")
    county.add(COUNTY, "jiedu", "WFGZ-03", interprets="zhengce", **explained)
    county.add(COUNTY, "jiedu0", "WFGZ-03", interprets="alt", formed="2024-03-05", published="2024-03-05")
    assert said(check(county)) == [f"{COUNTY}/alt.md:{old.lines['validity']} SG648"]


def test_a_document_that_was_repealed_is_named_by_the_one_that_holds_instead() -> None:
    county = County()
    old = policy(county, "alt", formed="2024-03-03", published="2024-03-05", validity="废止", abolished="2026-03-05")
    policy(county)
    county.add(COUNTY, "jiedu", "WFGZ-03", interprets="zhengce", formed="2026-03-05", published="2026-03-05")
    assert said(check(county)) == [f"{COUNTY}/alt.md:{old.lines['abolished']} SG649"]


def test_a_document_cannot_be_abolished_and_in_force() -> None:
    county = County()
    old = county.add(COUNTY, "alt", "WFGZ-03", formed="2024-03-03", published="2024-03-05", abolished="2026-03-05")
    assert said(check(county)) == [f"{COUNTY}/alt.md:{old.lines['abolished']} SG650"]
    assert check(county, dt.date(2026, 3, 4)) == []


def circle(length: int) -> tuple[County, list[Record]]:
    county = County()
    made = []
    for n in range(length):
        head = {"formed": f"{2026 - n}-01-02", "published": f"{2026 - n}-01-02", "replaces": f"d{(n + 1) % length}"}
        made.append(county.add(COUNTY, f"d{n}", "WFGZ-03", **head))
    return county, made


@pytest.mark.parametrize("length", [2, 3, 7])
def test_a_circle_is_one_finding_at_the_reference_to_something_newer(length: int) -> None:
    county, made = circle(length)
    assert said(check(county)) == [f"{COUNTY}/d{length - 1}.md:{made[-1].lines['replaces']} SG643"]


def test_a_long_chain_of_documents_is_no_circle() -> None:
    county = County()
    for n in range(3000):
        head: dict[str, Any] = {"replaces": f"d{n + 1}"} if n < 2999 else {}
        county.add(COUNTY, f"d{n}", "WFGZ-03", formed="2026-01-02", published="2026-01-02", validity="废止", **head)
    assert check(county) == []
