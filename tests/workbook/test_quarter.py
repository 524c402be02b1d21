"""A whole quarter of one village with XLSX files only: from an empty unit to released pages and sheets; no text file is edited by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from sitegen.check.examine import examine
from sitegen.cli import main
from sitegen.load.region import load_region
from tests.workbook.filling import FIELDS, fill
from tests.workbook.places import TOWNSHIP, VILLAGE

RECORDS = Path("villages/shili-zhen/shili-cun/records")


class Office:
    """The desk of a clerk: forms out, workbooks in, release, print."""

    def __init__(self, root: Path) -> None:
        self.root, self.runner = root, CliRunner()

    def run(self, day: str, *args: str, code: int = 0) -> str:
        result = self.runner.invoke(main, ["-C", str(self.root), "--date", day, "--lang", "zh", *args])
        assert result.exit_code == code, (args, result.output, result.exception)
        return result.output

    def bring(self, day: str, item: str, *, name: str, code: int = 0, unit: str = VILLAGE, why: str = "", **fields: Any) -> str:
        """Fill in a form and import it."""
        region = load_region(self.root, examine=examine)
        empty = dict.fromkeys(FIELDS, "")
        rows: Sequence[dict[str, Any]] = fields.pop("rows", ())
        body = fields.pop("body", ("有不同意见的，请向村务监督委员会提出。",))
        asked = {**empty, **fields}
        file = self.root.parent / name
        file.write_bytes(fill(region, item, rows=rows, body=body, unit=unit, **asked))
        return self.run(day, "import", str(file), "--yes", *(("--why", why) if why else ()), code=code)

    def errors(self, day: str) -> str:
        return self.run(day, "check", "--fail-on", "error")


@pytest.fixture
def office(empty: Path) -> Office:
    """The unit is set up, with a board; nothing is published."""
    unit = empty / "villages/shili-zhen/shili-cun/unit.yml"
    board = "boards: [{id: main, place: 村委会院内, columns: 3, slots: [{id: A, topic: 惠农补贴}, {id: B, topic: 社会救助}, {id: C, capacity: 6}]}]\n"
    text = unit.read_text(encoding="utf-8").replace("请填写电话", "0451-0000 1201").replace("请填写监督电话", "0451-0000 1291")
    unit.write_text(text + board, encoding="utf-8")
    return Office(empty)


HOUSES = [
    {"村民小组": "第一组", "户编号": "001", "承包方代表": "张小三", "补贴面积": 10.5, "补贴标准": 71, "补贴金额": 745.5},
    {"村民小组": "第二组", "户编号": "002", "承包方代表": "李四", "补贴面积": 8, "补贴标准": 71, "补贴金额": 568},
]
RELIEF = [
    {"村民小组": "第一组", "户编号": "001", "户主姓名": "张小三", "保障类别": "农村低保", "家庭人口": 2, "保障人数": 2},
    {"村民小组": "第二组", "户编号": "007", "户主姓名": "王二五", "保障类别": "农村低保", "家庭人口": 1, "保障人数": 1},
]


def test_a_quarter_with_workbooks_only(office: Office) -> None:
    before = {p: p.read_bytes() for p in office.root.rglob("*") if p.suffix in (".md", ".yml", ".csv")}
    seal = {"reviewed_by": "示例村村务监督委员会"}

    # The accounts of the second quarter.
    account = {"期初余额": 10000, "上级拨付收入": 5000, "收入合计": 5000, "管理费用": "3,000.00", "支出合计": 3000, "期末余额": 12000}
    office.bring(
        "2025-07-15", "CJ-01", name="财务.xlsx", title="示例村2025年第二季度财务收支情况", period="2025年第二季度", formed="2025年7月12日",
        published=dt.date(2025, 7, 15), posting_from=dt.date(2025, 7, 15), posting_days=7, rows=[account], reviewed_on="2025-07-14", **seal,
    )  # fmt: skip
    # A resolution, to be carried out by the end of August.
    office.bring(
        "2025-07-16", "CW-07", name="决议.xlsx", title="示例村村民代表会议关于修路的决议", period="2025-07-15", subject="修路", formed="二〇二五年七月十五日",
        published="2025-07-16", posting_from="2025-07-16", result_due="2025-08-31", reviewed_on="2025-07-15",
        body=("7月15日，村民代表会议应到38人，实到35人。", "同意33票，反对1票，弃权1票，通过：修建二组至五组田间路。"), **seal,
    )  # fmt: skip
    # The subsidy list.
    subsidy = {
        "title": "示例村2025年耕地地力保护补贴公示",
        "period": "2025年",
        "formed": "2025-07-16",
        "published": "2025-07-17",
        "posting_from": "2025-07-17",
    }
    said = office.bring("2025-07-17", "CW-29", name="补贴.xlsx", rows=HOUSES, **subsidy)
    assert "合计：补贴面积 18.50 亩；补贴金额 1,313.50 元" in said
    assert "承包方代表：遮掩 2 个" in said
    # Relief in three stages: village, township, county.
    office.bring(
        "2025-07-18", "CW-34", name="一榜.xlsx", title="示例村2025年7月低保民主评议结果（一榜）", period="2025年7月", formed="2025-07-17",
        published="2025-07-18", posting_from="2025-07-18", rows=RELIEF, reviewed_on="2025-07-17", **seal,
    )  # fmt: skip
    released = office.run("2025-07-18", "release", "--yes")
    assert "登记" in released or "released" in released
    office.errors("2025-07-18")
    assert "低保民主评议结果（一榜）" in office.run("2025-07-18", "board", "list", VILLAGE)
    above = [{"村（社区）": VILLAGE, **row, "月保障金额": amount} for row, amount in zip(RELIEF, (900, 480), strict=True)]
    office.bring(
        "2025-07-30", TOWNSHIP_ITEM, name="二榜.xlsx", unit=TOWNSHIP, title="示例镇2025年7月低保审核结果（二榜）", period="2025年7月", formed="2025-07-29",
        published="2025-07-30", posting_from="2025-07-30", rows=above, reviewed_by="示例镇人民政府；镇政务公开办公室", reviewed_on="2025-07-29",
    )  # fmt: skip
    office.bring(
        "2025-08-12", COUNTY_ITEM, name="三榜.xlsx", unit="青禾县", title="青禾县2025年7月低保确认结果（三榜）", period="2025年7月", formed="2025-08-11",
        published="2025-08-12", rows=above, reviewed_by="县民政局", reviewed_on="2025-08-11",
    )  # fmt: skip
    # The result of the resolution.
    office.bring(
        "2025-08-29", "CW-08", name="结果.xlsx", title="示例村田间路修建结果", period="2025年8月", subject="修路", formed="2025-08-27", published="2025-08-29",
        result_of="2025-0002", reviewed_on="2025-08-28", body=("田间路8月20日完工，8月25日验收合格。",), **seal,
    )  # fmt: skip
    office.run("2025-08-29", "release", "--yes")
    office.errors("2025-08-29")

    # A correction of what was released needs its reason, and gets its revision.
    corrected = [HOUSES[0], {**HOUSES[1], "补贴面积": 9, "补贴金额": 639}]
    refused = office.bring("2025-09-02", "CW-29", name="补贴更正.xlsx", rows=corrected, code=1, **subsidy)
    assert "已发布第 1 版。改了什么，为什么？" in refused
    said = office.bring("2025-09-02", "CW-29", name="补贴更正.xlsx", rows=corrected, why="李四家漏量一亩，核实后补上", **subsidy)
    assert "补贴面积 18.50 → 19.50" in said
    again = office.bring("2025-09-02", "CW-29", name="补贴更正.xlsx", rows=corrected, why="李四家漏量一亩，核实后补上", **subsidy)
    assert "不用写" in again
    office.run("2025-09-02", "release", "--yes")
    record = next(p for p in (office.root / RECORDS).glob("*.md") if "耕地地力" in p.read_text(encoding="utf-8"))
    assert "revision: {n: 2, on: 2025-09-02, why: 李四家漏量一亩，核实后补上}" in record.read_text(encoding="utf-8")

    # Pages, sheets, the board's lists.
    office.errors("2025-09-02")
    office.run("2025-09-02", "build", "-j", "1")
    pages = "".join(p.read_text(encoding="utf-8") for p in (office.root / "public").rglob("index.html"))
    assert "李四家漏量一亩" in pages
    assert "1,384.50" in pages
    for name in ("张小三", "李四，", "王二五"):
        assert name not in pages
    office.run("2025-09-02", "print", VILLAGE, "--final", "-j", "1")
    sheets = list((office.root / "print-out").rglob("*.pdf"))
    assert len(sheets) >= 5
    assert "没有要张贴、取下或更换的" in office.run("2025-09-02", "board", "list", VILLAGE)
    changed = {p for p, data in before.items() if p.read_bytes() != data}
    assert not changed


TOWNSHIP_ITEM = "SHJZ-06"
COUNTY_ITEM = "SHJZ-07"
