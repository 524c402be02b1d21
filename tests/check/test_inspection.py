"""Home pages and columns of government sites are kept fresh, and what must be there is there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sitegen.check import load_and_check
from sitegen.check.inspection import check_inspection
from tests.check.made import VILLAGE, item, page, record, scope
from tests.demo import DAY

NEWS = item("自信息形成或者变更之日起20个工作日内")
PAGES = (*(page(kind, "2026-01-12") for kind in ("guide", "rules", "apply")), page("report", "2026-01-12", year=2025))


def found(day: str, *heads: dict[str, Any], wanted: Any = NEWS, pages: Any = PAGES, **more: Any) -> list[str]:
    records = tuple(record(id=str(n), **head) for n, head in enumerate(heads))
    return [f.code for f in check_inspection(scope(day, wanted, records=records, pages=pages, **more))]


def at(day: str, **more: Any) -> dict[str, Any]:
    return {"formed": day, "published": day, **more}


def test_a_home_page_may_stand_for_two_weeks() -> None:
    assert found("2026-11-24", at("2026-11-10")) == []
    assert found("2026-11-25", at("2026-11-10")) == ["SG720"]
    assert found("2026-11-25", at("2026-05-10", revision={"n": 2, "on": "2026-11-12", "why": "更正"})) == []
    assert found("2026-11-25", at("2026-11-10"), region={"thresholds": {"home": 30}}) == []


def test_a_column_may_stand_for_half_a_year() -> None:
    fresh = (*PAGES[:3], page("report", "2026-11-20", year=2025))
    assert found("2026-11-24", at("2026-05-25"), pages=fresh) == []
    assert found("2026-11-24", at("2026-05-24"), pages=fresh) == ["SG721"]
    assert found("2026-11-24", at("2025-01-10"), wanted=item("保持长期公开"), pages=fresh) == [], "a guide stands as long as it is right"
    assert found("2026-11-24", at("2025-08-10"), wanted=item("每年8月31日前", periodic="yearly"), pages=fresh) == []
    assert found("2026-11-24", at("2025-05-10"), wanted=item("每年8月31日前", periodic="yearly"), pages=fresh) == ["SG721"]


def test_a_column_with_more_than_yearly_records_changes_within_half_a_year() -> None:
    yearly, other = item("每年8月31日前", periodic="yearly"), item("自信息形成之日起20个工作日内", id="BT-02")
    records = (record(id="1", **at("2026-05-10")), record(id="2", item="BT-02", **at("2026-05-10")))
    made = scope("2026-11-24", yearly, other, records=records, pages=(*PAGES[:3], page("report", "2026-11-20", year=2025)))
    assert [f.code for f in check_inspection(made)] == ["SG721"]


def test_a_wrong_date_is_not_said_to_be_staleness_as_well() -> None:
    assert found("2026-11-24", at("2062-11-20")) == []
    assert found("2026-11-24", {"formed": "2026-11-20", "published": "2025-11-20"}) == []


def test_guide_rules_report_and_apply_are_there() -> None:
    assert found("2026-11-24", at("2026-11-20"), pages=PAGES[:1]) == ["SG722", "SG722"]
    assert found("2026-11-24", at("2025-11-20"), at("2026-11-20"), pages=PAGES[:3]) == ["SG723"]


def test_the_report_is_owed_after_march_and_by_who_was_there() -> None:
    before, after = at("2026-03-25"), at("2026-04-01")
    assert found("2026-03-31", before, pages=PAGES[:3]) == []
    assert found("2026-04-01", after, pages=PAGES[:3]) == []  # nothing is older than this year
    assert found("2026-04-01", after, at("2025-12-31"), pages=PAGES[:3]) == ["SG723"]


def test_a_village_has_no_such_rules_but_all_its_sections() -> None:
    village = {"unit": VILLAGE, "pages": ()}
    head = at("2020-05-10", unit=VILLAGE)
    assert found("2026-11-24", head, **village) == []
    assert found("2026-11-24", **village, section="财务") == [], "a village that publishes nothing yet has not begun"


@pytest.mark.parametrize(
    ("kind", "code"),
    [("unknown-item", "SG302"), ("duplicate-id", "SG301"), ("unknown-key", "SG103"), ("yaml-syntax", "SG102")],
)
def test_what_could_not_be_read_is_not_said_to_be_missing(kind: str, code: str, region: Callable[..., Path]) -> None:
    root = region(kind)
    text = (root / "region.yml").read_text(encoding="utf-8")
    (root / "region.yml").write_text(text.replace("column: 366", "column: 1, home: 1"), encoding="utf-8")
    found = load_and_check(root, DAY, cache=False).findings
    broken = {f.unit for f in found if f.code == code}
    assert broken
    assert not {f.unit for f in found if f.code in ("SG709", "SG720", "SG721", "SG724")} & broken
