"""A matter's page: who published what, when, and whether it agrees."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

from sitegen.build import Options, build
from sitegen.check import load_and_check
from sitegen.model.record_views import RecordView
from sitegen.model.views import UnitView
from sitegen.view import plan
from tests.check.test_counterparts import FRONT, HEAD, ROWS, edit, with_own

DAY = dt.date(2026, 11, 24)
TOWN, EAST, WEST = "230198101000", "230198101201", "230198101202"


def views(root: Path) -> dict[str, UnitView]:
    checked = load_and_check(root, DAY, cache=False)
    return dict(plan(checked.region, checked.matters, DAY).views)


def of_town(root: Path) -> RecordView:
    return next(r for r in views(root)[TOWN].records if r.id == "2026-0001")


def told(record: RecordView) -> list[tuple[str, str, str | None]]:
    return [(e.date.isoformat(), e.unit, e.state) for e in record.matter]


def test_the_list_and_what_villages_derive_stand_on_one_line_of_time(region: Callable[..., Path]) -> None:
    record = of_town(region())
    assert told(record) == [("2026-05-08", "和平镇", None), ("2026-05-08", "东街村", "derived"), ("2026-05-08", "西街村", "derived")]
    assert record.matter_url.endswith("/heping/m/2026-0001/")
    assert record.matter[1].figures == "2 户，面积18.50 亩，金额1,313.50 元"


def test_a_villages_own_record_stands_at_its_day_with_its_difference(region: Callable[..., Path]) -> None:
    root = with_own(region(), ROWS.replace("745.50", "754.50"), FRONT.replace("published: 2026-05-08", "published: 2026-05-06"))
    found = told(of_town(root))
    assert found[0] == ("2026-05-06", "东街村", "differs")
    (own,) = (r for r in views(root)[EAST].records if r.id == "own")
    assert own.matter_url == of_town(root).matter_url


def test_a_correction_is_a_step_of_its_own(region: Callable[..., Path]) -> None:
    root = region()
    edit(root, HEAD, "table:", "revision: {n: 2, on: 2026-06-02, why: 更正一户面积}\ntable:")
    steps = [(e.date.isoformat(), e.revision) for e in of_town(root).matter if e.unit == "和平镇"]
    assert steps == [("2026-05-08", None), ("2026-06-02", "第2版：更正一户面积")]


def test_a_record_that_stands_alone_has_no_such_page(region: Callable[..., Path]) -> None:
    (alone,) = (r for r in views(region())[EAST].records if r.id == "2026-0001")
    assert alone.matter_url == ""


def test_pages_lead_to_it_and_back(region: Callable[..., Path], tmp_path: Path) -> None:
    root = region()
    build(Options(root, tmp_path / "public", DAY))
    (host,) = (p for p in (tmp_path / "public").iterdir() if (p / "heping" / "m").is_dir())
    page = (host / "heping/m/2026-0001/index.html").read_text(encoding="utf-8")
    assert "3个单位公开了这一事项。各处内容一致。" in page
    assert 'href="../../r/2026-0001/"' in page
    linking = [
        p
        for p in (tmp_path / "public").glob("**/r/*/index.html")
        if ".store" not in p.parts and "m/2026-0001/" in p.read_text(encoding="utf-8")
    ]
    assert len(linking) == 3  # the township's list and both villages' parts
