"""Lists of those who receive something: the newest is shown, those before it are over."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.check import load_and_check
from sitegen.contents import fill, job
from sitegen.holding import Held
from sitegen.load.region import load_region
from sitegen.model.linking import find_matters
from sitegen.model.region import Record
from sitegen.model.retention import successors
from sitegen.view import plan
from tests.check.test_gate import HEPING, plant
from tests.demo import DAY

Region = Callable[..., Path]


def lists(root: Path, *heads: str) -> None:
    """Lists of the item BT-14, which stays ``while_receiving``."""
    plant(root, item="BT-14")
    base = root / HEPING / "records"
    (base / "2026-0002.md").unlink()
    for n, head in enumerate(heads, 1):
        (base / f"2026-100{n}.csv").write_text(f"户编号,户主,面积,金额\n00{n},张*{'一二三四五六'[n - 1]},1.00,2.00\n", encoding="utf-8")
        (base / f"2026-100{n}.md").write_text(
            f"---\nid: 2026-100{n}\ntitle: 名单{n}\nitem: BT-14\n{head}\nissuer: zf\nattribute: 主动公开\nformed: 2026-10-01\npublished: 2026-10-02\n"
            f"table: 2026-100{n}.csv\n---\n正文\n",
            encoding="utf-8",
        )


def shown(root: Path, held: Held | None = None) -> set[str]:
    """Titles of the lists whose rows the filled views still have."""
    region = load_region(root, cache=False)
    made = plan(region, find_matters(region), DAY, held)
    view = fill(job(region, made, "230198101000"), region.catalog)
    return {r.title for r in view.records if r.item == "BT-14" and view.contents[r.id].table is not None}


@pytest.mark.parametrize(
    ("heads", "left"),
    [
        (("period: 2026-Q1", "period: 2026-Q2", "period: 2026-Q3"), {"名单3"}),
        (("period: 2026-Q3", "period: 2026-Q2"), {"名单1"}),
        (("period: 2026-Q1\nbatch: 第一批", "period: 2026-Q1\nbatch: 第二批"), {"名单1", "名单2"}),
        (("period: 2026-Q1\nsubject: 甲", "period: 2026-Q2\nsubject: 乙"), {"名单1", "名单2"}),
        (("period: 2026-Q1\nstage: 一榜", "period: 2026-Q2\nstage: 二榜"), {"名单1", "名单2"}),
        (("period: 2025", "period: 2026-01"), {"名单2"}),
        (("period: 2026-Q1\nvalidity: 失效",), set()),
        (("period: 2026-Q1", "period: 2026-Q2\nvalidity: 失效"), set()),
    ],
)
def test_a_newer_list_takes_the_place_of_those_before(region: Region, heads: tuple[str, ...], left: set[str]) -> None:
    root = region()
    lists(root, *heads)
    assert shown(root) == left


def test_a_list_that_is_held_back_takes_no_place(region: Region) -> None:
    root = region()
    lists(root, "period: 2026-Q1", "period: 2026-Q2")
    assert shown(root, Held(frozenset({"230198101000/2026-1002"}))) == {"名单1"}


def test_without_a_posting_the_time_counts_from_publication(region: Region) -> None:
    root = region()
    plant(root, item="BT-13")
    path = root / HEPING / "records/2026-0002.md"
    text = path.read_text(encoding="utf-8").replace("posting: {from: 2026-11-20, days: 7}\n", "")
    for published, gone in (("2026-11-19", False), ("2026-11-18", True)):
        path.write_text(text.replace("published: 2026-11-19", f"published: {published}"), encoding="utf-8")
        region_ = load_region(root, cache=False)
        made = plan(region_, find_matters(region_), DAY)
        (record,) = (r for r in made.views["230198101000"].records if r.id == "2026-0002")
        assert record.rows_expired is gone
        assert gone or made.views["230198101000"].next_change is not None


def test_a_list_that_nobody_renews_is_said(region: Region) -> None:
    root = region()
    lists(root, "period: 2024-Q1", "period: 2025-Q1")
    for n, year in ((1, 2024), (2, 2025)):
        path = root / HEPING / f"records/2026-100{n}.md"
        path.write_text(path.read_text(encoding="utf-8").replace("2026-10-0", f"{year}-10-0"), encoding="utf-8")
    assert [(f.code, f.record, f.line) for f in load_and_check(root, DAY, cache=False).findings if f.code[:3] == "SG8"] == [
        ("SG841", "2026-1002", 9)
    ]


@given(st.lists(st.tuples(st.integers(1, 4), st.integers(2020, 2026)), min_size=1, max_size=8))
def test_exactly_the_lists_of_the_newest_period_are_left(periods: list[tuple[int, int]]) -> None:
    region, catalog = _loaded()
    base = next(r for r in region.units["230198101000"].records if r.front.item == "BT-14")
    records = [_of(base, n, f"{year}-Q{quarter}") for n, (quarter, year) in enumerate(periods)]
    over = successors(records, catalog)
    newest = max((year, quarter) for quarter, year in periods)
    assert {r.ref for r in records if r.ref not in over} == {
        r.ref for r, (quarter, year) in zip(records, periods, strict=True) if (year, quarter) == newest
    }
    assert all(o.ref not in over for o in over.values())


def _of(base: Record, n: int, period: str) -> Record:
    from msgspec.structs import replace

    front = base.front.model_copy(update={"id": f"2026-{n:04}", "period": period, "published": dt.date(2026, 1, 1 + n)})
    return replace(base, front=front)


_kept: list[tuple[object, object]] = []


def _loaded():  # type: ignore[no-untyped-def]
    if not _kept:
        import shutil
        import tempfile

        root = Path(tempfile.mkdtemp()) / "region"
        shutil.copytree(Path(__file__).parent.parent / "data/base", root)
        lists(root, "period: 2026-Q1")
        region = load_region(root, cache=False)
        _kept.append((region, region.catalog))
    return _kept[0]
