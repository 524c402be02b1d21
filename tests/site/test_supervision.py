"""The section of supervision: facts that anybody may see, counted from what anybody may see, and nothing else."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from sitegen.build import Options, build
from sitegen.check import load_and_check
from sitegen.model.supervision_views import Standing, SupervisionView
from sitegen.site.pages import pages
from sitegen.view import Plan, plan
from tests.site import samples

COUNTY, TOWNSHIP, VILLAGE = "230198000000", "230198101000", "230198101201"
MILESTONES = """\
milestones:
  - {name: 修订标准目录, due: 2026-06-30, responsible: 政务公开办公室, note: 内部说明}
  - {name: 年度验收, due: 2026-12-20, done: 2026-12-18, responsible: 政务公开办公室}
"""
ON_REQUEST = """\
---
id: 2026-0099
title: 信访处置内部意见
item: BT-02
issuer: zf
attribute: 依申请公开
secrecy: {by: 镇办公室, on: 2026-05-06}
formed: 2026-05-06
published: 2026-05-08
---
正文。
"""


def planned(root: Path, day: str = "2026-06-01") -> Plan:
    checked = load_and_check(root, dt.date.fromisoformat(day))
    return plan(checked.region, checked.matters, dt.date.fromisoformat(day))


def facts(made: Plan, code: str = COUNTY) -> SupervisionView:
    found = made.views[code].supervision_facts
    assert found is not None
    return found


def test_the_county_counts_what_the_pages_below_show(region: Callable[..., Path]) -> None:
    made = planned(region())
    county, township = facts(made).units
    assert (county.own.records, county.below_count) == (0, 0)
    assert (township.unit.name, township.below_count) == ("和平镇", 2)
    shown = [r for code in (VILLAGE, "230198101202") for r in made.views[code].records]
    assert township.own == replace(Standing(), records=1, latest=dt.date(2026, 5, 8), owed=2, present=1, dated=1, in_time=1)
    assert township.below.records == len(shown) == 3
    assert township.below.agree == sum(1 for r in shown if r.agreement) == 2
    assert (township.below.explained, township.below.open) == (0, 0)
    assert facts(made).total == county.own + township.own + township.below


def test_a_township_shows_its_villages_and_a_village_has_no_such_section(region: Callable[..., Path]) -> None:
    made = planned(region())
    assert [u.unit.name for u in facts(made, TOWNSHIP).units] == ["和平镇", "东街村", "西街村"]
    assert made.views[VILLAGE].supervision_facts is None


def test_late_records_and_differences_lower_the_figures_and_leave_no_trace_of_the_finding(
    region: Callable[..., Path], tmp_path: Path
) -> None:
    root = region()
    record = root / "content/townships/heping/records/2026-0001.md"
    record.write_text(record.read_text("utf-8").replace("2026-05-06", "2026-01-05"), "utf-8")
    township = facts(planned(root)).units[1]
    assert (township.own.dated, township.own.in_time) == (1, 0)
    build(Options(root, tmp_path / "public", dt.date(2026, 6, 1)))
    text = (tmp_path / "public/ce.example.cn/supervision/index.html").read_text("utf-8")
    assert "<b>0</b>/1" in text
    assert not re.search(r"SG\d{3}|\.md|\.csv", text)


def test_what_is_not_open_to_all_counts_nowhere(region: Callable[..., Path], tmp_path: Path) -> None:
    root = region()
    before = planned(root)
    (root / "content/townships/heping/records/2026-0099.md").write_text(ON_REQUEST, "utf-8")
    after = planned(root)
    assert facts(after) == facts(before)
    assert after.digests[COUNTY] == before.digests[COUNTY]


def test_milestones_are_states_that_turn_on_their_day_and_not_with_every_day(region: Callable[..., Path], tmp_path: Path) -> None:
    root = region()
    (root / "milestones.yml").write_text(MILESTONES, "utf-8")
    days = ("2026-06-29", "2026-06-30", "2026-07-01", "2026-07-02", "2026-12-17", "2026-12-18")
    made = {day: planned(root, day) for day in days}
    states = {day: [m.state for m in facts(p).milestones] for day, p in made.items()}
    assert states["2026-06-30"] == ["open", "open"]
    assert states["2026-07-01"] == ["overdue", "open"]
    assert states["2026-12-18"] == ["overdue", "done"]
    assert facts(made["2026-12-17"]).milestones[1].done is None
    assert made["2026-06-29"].digests[COUNTY] == made["2026-06-30"].digests[COUNTY] != made["2026-07-01"].digests[COUNTY]
    assert made["2026-06-30"].views[COUNTY].next_change == dt.date(2026, 7, 1)
    assert made["2026-07-02"].views[COUNTY].next_change == dt.date(2026, 12, 18)
    assert facts(made["2026-06-30"], TOWNSHIP).milestones == ()
    build(Options(root, tmp_path / "public", dt.date(2026, 7, 1)))
    text = (tmp_path / "public/ce.example.cn/supervision/index.html").read_text("utf-8")
    assert "到期未完成" in text
    assert "内部说明" not in text


def test_no_section_where_nothing_is_published(region: Callable[..., Path]) -> None:
    root = region()
    for path in [*root.glob("content/*/*/records/*"), *root.glob("villages/*/*/records/*")]:
        path.unlink()
    made = planned(root)
    assert made.views[COUNTY].supervision_facts is None
    assert "supervision/" not in {p.path for p in pages(made.views[COUNTY])}


@pytest.mark.parametrize("make", [samples.county, samples.township])
def test_home_menu_and_page_lead_to_one_another(make: Callable[[], object]) -> None:
    view = make()
    found = {p.path: p for p in pages(view)}  # type: ignore[arg-type]
    assert found["supervision/"].section == "supervision"
    assert "supervision/" in {t.path for t in found[""].data.tiles}  # type: ignore[attr-defined]


def test_every_figure_of_the_chart_stands_in_the_table_behind_it(tmp_path: Path) -> None:
    from tests.site.render import render

    render((samples.county(),), tmp_path)
    text = (tmp_path / "supervision/index.html").read_text("utf-8")
    charts, table = re.findall(r"<svg class=\"chart\".*?</svg>", text, re.DOTALL), text[text.index('class="behind"') :]
    assert len(charts) == 2
    assert all("<title" in c and "<desc" in c for c in charts)
    rows = {
        m[0]: [tuple(map(int, n)) for n in re.findall(r"<td>(\d+)/(\d+)", m[1])]
        for m in re.findall(r"<tr><td>([^<]+)</td>(.*?)</tr>", table)
    }
    drawn = re.findall(r">([^<]+)</text><text[^>]*>(\d+)/(\d+)项", "".join(charts))
    assert len(drawn) == len(rows) == 26
    for name, part, whole in drawn:
        assert (sum(p for p, _ in rows[name]), sum(w for _, w in rows[name])) == (int(part), int(whole))
