"""New records, units and matters: proposed by the rules, sound when written, nothing overwritten."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from sitegen.check import load_and_check
from sitegen.cli import main
from sitegen.drafting.heads import head, with_keys, written
from sitegen.drafting.items import narrow, offered
from sitegen.drafting.propose import Known, next_id, propose, text_of
from sitegen.drafting.records import try_out
from sitegen.load.region import load_region
from sitegen.load.yamlfile import parse
from sitegen.model.linking import find_matters
from sitegen.model.period import Period
from sitegen.playground import make_playground

DAY = dt.date(2026, 11, 24)
DAHE, TOWN = "230170101201", "230170101000"


@pytest.fixture(scope="module")
def playground(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("new") / "region"
    make_playground(folder, DAY)
    return folder


@pytest.fixture
def mine(playground: Path, tmp_path: Path) -> Path:
    """A copy to write in."""
    return Path(shutil.copytree(playground, tmp_path / "region"))


def run(root: Path, *args: str, answers: str = "", lang: str = "zh") -> Result:
    return CliRunner().invoke(main, ["-C", str(root), "--date", "2026-11-24", "--lang", lang, *args], input=answers)


def errors(root: Path) -> list[str]:
    return [f"{f.file} {f.code}" for f in load_and_check(root, DAY, cache=False).findings if f.severity.value != "info"]


def test_a_few_characters_find_the_item(playground: Path) -> None:
    region = load_region(playground, cache=False)
    items = offered(region.catalog, region.units[DAHE])
    for typed, wanted in (
        ("地力", "SNBT-01"),
        ("耕保补贴", "SNBT-01"),
        ("CJ-05", "CJ-05"),
        ("直补", "SNBT-01"),
        ("一事一议", "CW-21"),
        ("zcfy", ""),
    ):
        found = [i.id for i in narrow(items, typed, region.catalog)]
        assert (wanted in found[:3]) if wanted else len(found) < len(items), typed


def test_what_is_proposed_follows_the_items_rule(playground: Path) -> None:
    region = load_region(playground, cache=False)
    known = Known(region, find_matters(region), DAY)
    unit, items = region.units[DAHE], region.catalog.items
    list_ = propose(known, region.units[TOWN], items["SHJZ-03"]) if "SHJZ-03" in items else None
    assert list_ is None or list_.attribute == "主动公开"
    decision = propose(known, unit, items["CW-07"])
    assert decision.posting == (7, "calendar")
    assert decision.issuer == "cwh"
    assert decision.id == "2026-0005"
    accounts = propose(known, unit, items["CJ-05"])
    assert (accounts.period, accounts.issuer, accounts.scope) == ("2026-Q3", "jt", "全体村民")
    assert accounts.title == "大河村2026年第三季度各项支出逐笔明细"
    taken = propose(known, unit, items["SNBT-01"])
    assert taken.derived_from is not None or taken.posting == (7, "working")


def test_ids_of_records_that_are_gone_are_not_used_again(mine: Path) -> None:
    for file in (mine / "villages/qinghe-zhen/dahe/records").glob("2026-0003*"):
        file.unlink()
    (mine / "villages/qinghe-zhen/dahe/records/2026-0004.md").unlink()
    region = load_region(mine, cache=False)
    assert next_id(region.units[DAHE], DAY) == "2026-0004"  # 0003 was released, 0004 never was


def test_answers_on_the_terminal_become_a_sound_record(mine: Path) -> None:
    answers = (
        "\n".join(["秋收", "月度", "CW-07", "2026-11-20", "", "", "2026-11-20", "", "2026-11-21", "", "大河村村务监督委员会", "y"]) + "\n"
    )
    result = run(mine, "new", "record", "--unit", "大河村", answers=answers)
    assert result.exit_code == 0, result.output
    assert "最迟 2026-11-23 公布" in result.output
    text = (mine / "villages/qinghe-zhen/dahe/records/2026-0005.md").read_text(encoding="utf-8")
    assert "posting: {from: 2026-11-21, days: 7, kind: calendar}" in text
    assert errors(mine) == []


def test_the_day_from_which_the_deadline_counts_is_asked(mine: Path) -> None:
    args = (
        "new",
        "record",
        "--unit",
        "大河村",
        "--item",
        "CW-07",
        "--period",
        "2026-11-18",
        "--title",
        "关于修路的决议",
        "--formed",
        "2026-11-20",
    )
    args += ("--published", "2026-11-22", "--reviewed-by", "大河村村务监督委员会", "--issuer", "cwh")
    result = run(mine, *args, answers="\n".join(["昨天", "2026-11-19", "七天", "7", "y"]) + "\n")
    assert result.exit_code == 0, result.output
    assert "“作出决定”是哪一天" in result.output
    assert "日期写成 2026-05-06 的样子" in result.output  # asked again
    assert "不是天数" in result.output  # asked again
    assert "最迟 2026-11-23 公布" in result.output  # a Sunday rolls on
    text = (mine / "villages/qinghe-zhen/dahe/records/2026-0005.md").read_text(encoding="utf-8")
    assert "events: {decided: 2026-11-19}" in text
    assert errors(mine) == []


@pytest.mark.parametrize("event", ["approved=2026-11-01", "decided=昨天", "没有等号"])
def test_an_event_of_which_the_deadline_knows_nothing_is_refused(mine: Path, event: str) -> None:
    result = run(mine, "new", "record", "--unit", "大河村", "--item", "CW-07", "--yes", "--event", event)
    assert result.exit_code == 2
    assert not (mine / "villages/qinghe-zhen/dahe/records/2026-0005.md").exists()


def test_every_answer_is_an_option_and_nothing_is_overwritten(mine: Path) -> None:
    args = ["new", "record", "--unit", DAHE, "--item", "CW-07", "--id", "2026-0100", "--period", "2026-11-20", "--subject", "修桥"]
    args += [
        "--formed",
        "2026-11-22",
        "--published",
        "2026-11-23",
        "--days",
        "10",
        "--kind",
        "working",
        "--reviewed-by",
        "监委会",
        "--text",
        "同意。",
        "--yes",
    ]
    first = run(mine, *args)
    assert first.exit_code == 0, first.output
    path = mine / "villages/qinghe-zhen/dahe/records/2026-0100.md"
    before = path.read_bytes()
    assert b"days: 10, kind: working" in before
    again = run(mine, *args)
    assert again.exit_code == 2
    assert "已经有了" in again.output
    assert path.read_bytes() == before


def test_a_record_with_an_error_is_not_written(mine: Path) -> None:
    result = run(
        mine, "new", "record", "--unit", DAHE, "--item", "CW-07", "--days", "2", "--yes", "--period", "2026-11-20", "--subject", "短"
    )
    assert result.exit_code == 1
    assert "SG704" in result.output
    assert not (mine / "villages/qinghe-zhen/dahe/records/2026-0005.md").exists()


def test_a_table_is_copied_beside_the_record(mine: Path, tmp_path: Path) -> None:
    rows = tmp_path / "支出.csv"
    rows.write_text("序号,日期,收支类别,收支项目,金额(元)\n1,2026-10-03,支出,清运垃圾,1200.00\n", encoding="utf-8")
    result = run(
        mine,
        "new",
        "record",
        "--unit",
        DAHE,
        "--item",
        "CJ-05",
        "--period",
        "2026-10",
        "--table",
        str(rows),
        "--reviewed-by",
        "监委会",
        "--yes",
    )
    assert result.exit_code == 0, result.output
    assert (mine / "villages/qinghe-zhen/dahe/records/2026-0005.csv").read_bytes() == rows.read_bytes()


def test_a_new_village_and_a_new_township_are_sound(mine: Path) -> None:
    assert run(mine, "new", "unit", "--under", "青禾镇", "--name", "柳树村", "--yes").exit_code == 0
    assert run(mine, "new", "unit", "--name", "双河乡", "--yes").exit_code == 0
    region = load_region(mine, cache=False)
    assert [u.data.name for u in region.units.values()] == ["青禾县", "青禾镇", "大河村", "小河村", "柳树村", "双河乡"]
    assert all("SG7" in e or "SG72" in e for e in errors(mine))  # what a new unit still owes
    again = run(mine, "new", "unit", "--code", DAHE, "--name", "大河村", "--yes")
    assert again.exit_code == 2
    assert "大河村" in again.output


@pytest.mark.parametrize(("code", "folder"), [("12", "x"), ("230170999301", "x"), ("230170101299", "../x"), ("230170101299", "dahe")])
def test_units_that_cannot_be_are_refused(mine: Path, code: str, folder: str) -> None:
    before = sorted(mine.rglob("unit.yml"))
    assert run(mine, "new", "unit", "--code", code, "--name", "某村", "--folder", folder, "--yes").exit_code == 2
    assert sorted(mine.rglob("unit.yml")) == before


def test_a_matter_begins_at_all_levels_and_goes_on_with_the_rows_of_its_last_list(mine: Path, tmp_path: Path) -> None:
    region = load_region(mine, cache=False)
    item = next(
        i
        for i in region.catalog.items.values()
        if i.counterpart and i.counterpart.stages and region.catalog.field_of[i.id].section != "政务"
    )
    rows = tmp_path / "名单.csv"
    required = [c for c in region.catalog.tables[item.table or ""].fields if c.constraints.required]
    cells = {"name": "张*三", "household_no": "D001", "amount": "500", "people": "2"}
    values = [cells.get(c.name) or (c.constraints.enum[0] if c.constraints.enum else "1") for c in required]
    rows.write_text(",".join(c.title for c in required) + "\n" + ",".join(values) + "\n", encoding="utf-8")
    first = run(mine, "new", "matter", "--unit", DAHE, "--item", item.id, "--table", str(rows), "--reviewed-by", "监委会", "--yes")
    assert first.exit_code == 0, first.output
    village = next((mine / "villages/qinghe-zhen/dahe/records").glob("2026-0005.md")).read_text(encoding="utf-8")
    assert "stage: 一榜" in village
    second = run(mine, "new", "matter", "--unit", DAHE, "--item", item.id, "--reviewed-by", "镇", "--yes")
    assert second.exit_code == 0, second.output
    made = sorted((mine / "content/townships/qinghe-zhen/records").glob("2026-0003.*"))
    assert [p.suffix for p in made] == [".csv", ".md"]
    assert "stage: 二榜" in made[1].read_text(encoding="utf-8")
    table = made[0].read_text(encoding="utf-8")
    assert "大河村" in table
    assert "张*三" in table


def test_an_item_without_counterparts_is_no_matter(mine: Path) -> None:
    result = run(mine, "new", "matter", "--unit", DAHE, "--item", "CW-07", "--yes")
    assert result.exit_code == 2
    assert "new record" in result.output


# ---- Heads.

TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=30).map(str.strip).filter(bool)


@given(TEXTS)
def test_whatever_is_written_is_read_back(text: str) -> None:
    read = parse(head({"title": text})).data["title"]
    assert str(read) == text


@given(st.dictionaries(st.sampled_from(["title", "period", "issuer"]), TEXTS, min_size=1))
def test_changing_keys_changes_nothing_else(changed: dict[str, str]) -> None:
    text = "---\nid: 2026-0001   # 编号\ntitle: 旧\nperiod: 2026\nposting:\n  from: 2026-05-08\n  days: 7\nnote: x\n---\n正文\n"
    made = with_keys(text, dict(changed))
    kept = [line for line in text.split("\n") if not line.startswith(tuple(f"{k}:" for k in changed))]
    assert [line for line in made.split("\n") if not line.startswith(tuple(f"{k}:" for k in changed))] == kept
    top = parse(made.split("---\n")[1]).data
    assert {k: str(top[k]) for k in changed} == changed


def test_a_key_of_several_lines_goes_as_a_whole() -> None:
    text = "---\nid: 1\nposting:\n  from: 2026-05-08\n  days: 7\ntitle: x\n---\n"
    assert with_keys(text, {"posting": None}) == "---\nid: 1\ntitle: x\n---\n"
    assert written({"from": DAY, "days": 7}) == "{from: 2026-11-24, days: 7}"


@pytest.mark.parametrize("text", ["2026", "2026-H1", "2026-Q3", "2026-09", "2026-05-06", "2026-05-06..2026-06-02"])
def test_periods_are_written_as_they_are_read(text: str) -> None:
    assert text_of(Period.parse(text)) == text


def test_the_small_region_takes_a_record_too(region: Callable[..., Path]) -> None:
    root = region()
    code = next(iter(load_region(root, cache=False).units))
    result = run(root, "new", "record", "--unit", code, "--item", "nothing-like-it", "--yes")
    assert result.exit_code == 2


def test_trying_a_record_leaves_the_others_as_they_were(mine: Path) -> None:
    """Whoever loads the region next need not read them again."""
    region = load_region(mine)
    unit = region.units[DAHE]
    record = mine / unit.records[0].file
    before = {p: (p.stat().st_mtime_ns, p.stat().st_ctime_ns) for p in record.parent.iterdir()}
    assert len(before) > 2
    try_out(region, DAHE, unit.records[0].file, {unit.records[0].file: record.read_bytes()}, DAY)
    assert {p: (p.stat().st_mtime_ns, p.stat().st_ctime_ns) for p in record.parent.iterdir()} == before
