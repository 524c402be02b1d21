"""The same matter on township and village pages: derived by construction, compared where both write."""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from sitegen.contents import fill, job
from sitegen.load.region import load_region
from sitegen.model.linking import find_matters
from sitegen.model.matter import batch_number
from sitegen.model.views import UnitView
from sitegen.view import plan

DATA = Path(__file__).parent / "data"
DAY = dt.date(2026, 5, 10)


def views(root: Path, day: dt.date = DAY) -> dict[str, UnitView]:
    region = load_region(root, cache=False)
    made = plan(region, find_matters(region), day)
    return {code: fill(job(region, made, code), region.catalog) for code in made.views}


def test_a_village_that_writes_nothing_gets_its_rows(region: Callable[..., Path]) -> None:
    found = views(region())
    (record,) = found["230198101202"].records
    assert record.title == "2026年种粮补贴发放公示（西街村）"
    assert record.item == "CW-01"  # the village's own item of the matter
    assert [f.text for f in record.figures] == ["1 户", "20.00 亩", "1,420.00 元"]
    table = found["230198101202"].contents[record.id].table
    assert table is not None
    assert table.rows == (("王*五", "20.00", "1,420.00"),)


def test_the_join_key_is_in_no_view(region: Callable[..., Path]) -> None:
    for view in views(region()).values():
        for content in view.contents.values():
            if content.table:
                assert "household_no" not in [c.name for c in content.table.columns]
                assert not any("001" in row for row in content.table.rows)


def test_township_and_village_link_each_other_and_the_totals_add_up(region: Callable[..., Path]) -> None:
    found = views(region())
    township = found["230198101000"].records[0]
    assert [(s.unit, s.own) for s in township.slices] == [("东街村", False), ("西街村", False)]
    derived = {v.unit.name: v.records for v in found.values() if v.unit.level == "village"}
    for part in township.slices:
        (mine,) = (r for r in derived[part.unit] if r.source)
        assert part.url == mine.url
        assert mine.source is not None
        assert mine.source.url == township.url
    for n, figure in enumerate(township.figures):
        assert sum((s.figures[n].value for s in township.slices), Decimal(0)) == figure.value


def test_a_villages_own_record_takes_the_place_of_the_slice(region: Callable[..., Path]) -> None:
    root = region()
    (root / "villages/heping/xijie/records").mkdir(exist_ok=True)
    (root / "villages/heping/xijie/records/own.md").write_text(
        "---\nid: own\ntitle: 本村种粮补贴\nitem: CW-01\nperiod: 2026\nissuer: zf\nscope: 全体村民\nformed: 2026-05-01\npublished: 2026-05-02\n"
        "table: own.csv\n---\n见表。\n",
        encoding="utf-8",
    )
    (root / "villages/heping/xijie/records/own.csv").write_text("户编号,户主,面积,金额\n001,王*五,20.00,1420.00\n", encoding="utf-8")
    found = views(root)
    (record,) = found["230198101202"].records
    assert record.id == "own"
    assert record.agreement is not None
    assert record.agreement.state == "agrees"
    assert [(s.unit, s.own) for s in found["230198101000"].records[0].slices] == [("东街村", False), ("西街村", True)]
    (root / "villages/heping/xijie/records/own.csv").write_text("户编号,户主,面积,金额\n001,王*五,20.00,1400.00\n", encoding="utf-8")
    record = views(root)["230198101202"].records[0]
    assert record.agreement is not None
    assert record.agreement.state == "differs"
    assert record.agreement.note == "王*五的金额，这里1,400.00元，和平镇1,420.00元"


def test_states_turn_with_the_day_and_say_when(region: Callable[..., Path]) -> None:
    root = region()
    states = {}
    for day in ("2026-05-07", "2026-05-08", "2026-05-15", "2026-05-16"):
        view = views(root, dt.date.fromisoformat(day))["230198101000"]
        posting = view.records[0].posting
        assert posting is not None
        states[day] = (posting.state, view.next_change and view.next_change.isoformat())
    assert states == {
        "2026-05-07": ("upcoming", "2026-05-08"),
        "2026-05-08": ("on", "2026-05-16"),
        "2026-05-15": ("on", "2026-05-16"),
        "2026-05-16": ("over", None),
    }


def test_a_day_that_turns_nothing_changes_no_digest(region: Callable[..., Path]) -> None:
    loaded = load_region(region(), cache=False)
    matters = find_matters(loaded)
    digests = [plan(loaded, matters, dt.date(2026, 5, d)).digests for d in (9, 10, 16)]
    assert digests[0] == digests[1]
    changed = {code for code in digests[0] if digests[0][code] != digests[2][code]}
    # The county shows how many are posted in the township below it.
    assert changed == {"230198000000", "230198101000", "230198101201", "230198101202"}


def test_what_is_not_public_is_in_no_view(region: Callable[..., Path]) -> None:
    root = region()
    path = root / "content/townships/heping/records/2026-0001.md"
    path.write_text(path.read_text(encoding="utf-8").replace("主动公开", "依申请公开"), encoding="utf-8")
    found = views(root)
    assert not found["230198101000"].records
    assert not found["230198101202"].records


def test_batches_are_one_however_they_are_written() -> None:
    assert {batch_number(t) for t in ("第一批", "一", "1", "01", "第1批", " 第 一 批 ")} == {"1"}
    assert batch_number("第十二批") == "12"
    assert batch_number(None) == ""


@settings(deadline=None, max_examples=40)
@given(
    st.lists(
        st.tuples(st.sampled_from(["东街村", "西街村"]), st.decimals(0, 999, places=2), st.decimals(0, 9999, places=2)),
        min_size=1,
        max_size=25,
    )
)
def test_derivation_preserves_totals(rows: list[tuple[str, Decimal, Decimal]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "r"
        shutil.copytree(DATA / "base", root)
        lines = [f"{village},{n:03},张*三,{area},{amount}" for n, (village, area, amount) in enumerate(rows)]
        (root / "content/townships/heping/records/2026-0001.csv").write_text(
            "村,户编号,户主,面积,金额\n" + "\n".join(lines) + "\n", encoding="utf-8"
        )
        found = views(root)
        township = found["230198101000"].records[0]
        derived = [r for v in found.values() for r in v.records if r.source]
        assert len(derived) == len({village for village, _, _ in rows})
        for figure in township.figures:
            parts = [f.value for r in derived for f in r.figures if f.label == figure.label and f.unit == figure.unit]
            assert sum(parts, Decimal(0)) == figure.value
