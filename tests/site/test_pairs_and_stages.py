"""What the public sees of a list's stages and of records that belong in pairs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sitegen.load.region import load_region
from sitegen.model.holding import Held
from sitegen.model.linking import find_matters
from sitegen.model.record_views import RecordView
from sitegen.model.region import Region
from sitegen.view import plan
from tests.demo import DAY, ROOT
from tests.site import samples
from tests.site.render import render

COUNTY, TOWN, DAHE, XIAOHE = "230170000000", "230170101000", "230170101201", "230170101202"


@pytest.fixture(scope="module")
def region() -> Region:
    return load_region(ROOT, cache=False)


@pytest.fixture(scope="module")
def records(region: Region) -> dict[tuple[str, str], RecordView]:
    views = plan(region, find_matters(region), DAY).views
    return {(code, r.id): r for code, v in views.items() for r in v.records}


def shape(record: RecordView) -> list[tuple[str, list[str], str]]:
    return [(s.stage, [p.unit for p in s.parts], s.rows) for s in record.stages]


def test_the_chain_goes_over_all_levels(records: dict[tuple[str, str], RecordView]) -> None:
    whole = [("一榜", ["大河村", "小河村", "前进村"], "9 户"), ("二榜", ["青禾镇"], "8 户"), ("三榜", ["青禾县"], "7 户")]
    assert shape(records[COUNTY, "2026-0050"]) == whole
    assert shape(records[TOWN, "2026-0023"]) == whole
    assert [s.here for s in records[TOWN, "2026-0023"].stages] == [False, True, False]


def test_a_village_sees_its_own_rows_and_reasons(records: dict[tuple[str, str], RecordView]) -> None:
    xiaohe, dahe = records[XIAOHE, "2026-0019"], records[DAHE, "2026-0020"]
    assert shape(xiaohe) == [("一榜", ["小河村"], "3 户"), ("二榜", ["青禾镇"], "2 户"), ("三榜", ["青禾县"], "1 户")]
    assert [len(s.changes) for s in xiaohe.stages] == [0, 1, 1]
    assert shape(dahe) == [("一榜", ["大河村"], "3 户"), ("二榜", ["青禾镇"], "3 户"), ("三榜", ["青禾县"], "3 户")]
    assert not any(s.changes for s in dahe.stages)
    # The village's own pages of what it derives, not the township's.
    assert all(p.url.startswith(region_url(xiaohe)) for s in xiaohe.stages for p in s.parts)


def region_url(record: RecordView) -> str:
    return record.url.rpartition("r/")[0]


def test_reasons_name_nobody_where_the_list_is_not_for_the_web(records: dict[tuple[str, str], RecordView]) -> None:
    changes = [c for r in records.values() if not r.web_rows for s in r.stages for c in s.changes]
    assert changes
    assert all(c.row == "" and c.why for c in changes)


def test_pairs_lead_to_each_other(records: dict[tuple[str, str], RecordView]) -> None:
    def labels(unit: str, id: str) -> list[tuple[str, str]]:
        return [(r.label, r.url.rsplit("/", 2)[-2]) for r in records[unit, id].relations]

    assert labels(COUNTY, "2026-0017") == [("所解读的文件", "2026-0016")]
    assert labels(COUNTY, "2026-0016") == [("被本文件代替", "2024-0001"), ("解读", "2026-0017")]
    assert labels(COUNTY, "2024-0001") == [("代替本文件的新文件", "2026-0016")]
    assert labels(DAHE, "2026-0002") == [("实施结果", "2026-0012")]
    assert labels(DAHE, "2026-0012") == [("所依据的决议", "2026-0002")]
    assert labels(TOWN, "2026-0063") == [("意见采纳情况", "2026-0026")]


def test_what_is_held_back_is_in_no_chain_and_no_pair(region: Region) -> None:
    held = Held(frozenset({f"{TOWN}/2026-0023", f"{COUNTY}/2026-0017"}))
    views = plan(region, find_matters(region), DAY, held).views
    assert [s.stage for s in views[COUNTY].record("2026-0050").stages] == ["一榜", "三榜"]
    assert [r.label for r in views[COUNTY].record("2026-0016").relations] == ["被本文件代替"]


def test_the_page_shows_them(tmp_path: Path) -> None:
    render((samples.village(),), tmp_path)
    page = next(tmp_path.rglob("r/2026-0016/index.html")).read_text(encoding="utf-8")
    stages = page[page.index('aria-label="公示过程"') if 'aria-label="公示过程"' in page else page.index("aria-label=公示过程") :]
    assert "大河村" in stages
    assert re.search(r'aria-current="?page"?>本页', stages)
    assert "本人书面撤回申请" in stages
    above = page[: page.index('class="text words')]
    assert "低保政策问答" in above, "whoever reads a policy sees its interpretation first"
