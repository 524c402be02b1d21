"""Messy workbooks: the right table, or a located question or finding; never a wrong figure."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from sitegen.model.region import Region
from sitegen.workbook.importing import read_workbook
from sitegen.workbook.intake import Intake
from sitegen.workbook.rowkeys import RowKeys
from tests.workbook.corpus import DAMAGES, Case, draw
from tests.workbook.places import TODAY, VILLAGE

SEEDS = range(120)
GIVEN = {
    "title": "示例村2025年耕地地力保护补贴发放公示",
    "period": "2025",
    "formed": "2025-06-27",
    "published": "2025-06-30",
    "posting_from": "2025-06-30",
}


def read(region: Region, case: Case, **answers: str) -> Intake:
    return read_workbook(region, case.data, case.name, unit=VILLAGE, item="CW-29", answers={**GIVEN, **answers}, date=TODAY)


def rows_of(intake: Intake) -> list[dict[str, str]]:
    text = next(data for name, data in intake.files.items() if name.endswith(".csv")).decode()
    return list(csv.DictReader(io.StringIO(text)))


def assert_true(region: Region, case: Case, intake: Intake) -> None:
    """What would be written is what the households got, to the fen."""
    rows = rows_of(intake)
    assert len(rows) == len(case.truth)
    keys = RowKeys(Path(region.root))
    for got, row in zip(rows, case.truth, strict=True):
        assert Decimal(got["补贴面积(亩)"]) == row.area
        assert Decimal(got["补贴金额(元)"]) == row.amount
        assert got["村民小组"] == row.group
        assert got["承包方代表"] == row.masked
        if "key:household_no" not in case.answers:
            assert got["户编号"] == (keys.key(row.identity) if case.keyed else row.number)
        if "发放日期" in got:
            assert got["发放日期"] == row.paid.isoformat()
        assert row.identity not in str(intake)
        assert row.name not in str(rows)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_right_table_or_a_located_question_or_finding(plain_region: Region, seed: int) -> None:
    case = draw(seed)
    intake = read(plain_region, case)
    asked = {q.id: q for q in intake.questions}
    found = {f.code for f in intake.errors}
    assert set(asked) == set(case.answers), (case.done, intake.findings)
    assert found == case.codes, (case.done, [(f.file, f.message("en")) for f in intake.findings])
    if not case.answers and not case.codes:
        assert intake.ready, case.done
        assert_true(plain_region, case, intake)
        return
    assert not intake.files
    for f in intake.errors:
        assert "!" in f.file or f.code == "SG264", f.file
    for q in intake.questions:
        assert q.where or q.id.startswith("key:"), q
    if case.codes:
        return
    answers = {
        q.id: next(c for c in q.choices if "实发" not in c) if a == "?" else a
        for q, a in zip(asked.values(), (case.answers[i] for i in asked), strict=True)
    }
    again = read(plain_region, case, **answers)
    assert again.ready, (case.done, again.questions, [(f.file, f.message("en")) for f in again.errors])
    assert_true(plain_region, case, again)


def test_every_damage_is_in_the_corpus() -> None:
    drawn = {note for seed in SEEDS for note in draw(seed).done}
    assert {f"DAMAGE {d}" for d in DAMAGES} <= drawn
    assert {
        "hidden row",
        "hidden sheet",
        "merged groups",
        "two rows",
        "cover",
        "head again",
        "万元 above",
        "万元 in head",
        "subtotals",
        "ditto",
        "several sheets",
        "hidden row in ods",
    } <= drawn


def test_the_same_seed_draws_the_same_workbook() -> None:
    assert [draw(s).truth for s in range(9)] == [draw(s).truth for s in range(9)]


def plain_book(*rows: list[object], sheets: int = 1) -> bytes:
    book = openpyxl.Workbook()
    for n in range(sheets):
        sheet = book.active if n == 0 else book.create_sheet(f"第{n + 1}组")
        sheet.title = f"第{n + 1}组"
        for row in [HEAD, *rows] if n == 0 else [HEAD, ["9", "004", "赵六", 4, 284]]:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


HEAD: list[object] = ["村民小组", "户编号", "承包方代表", "补贴面积", "补贴金额"]


def taken(region: Region, data: bytes, **answers: str) -> Intake:
    return read_workbook(region, data, "补贴.xlsx", unit=VILLAGE, item="CW-29", answers={**GIVEN, **answers}, date=TODAY)


def test_a_ditto_mark_with_nothing_above_is_pointed_at(plain_region: Region) -> None:
    intake = taken(plain_region, plain_book(["同上", "001", "张三", 1, 71]))
    assert [(f.code, f.file) for f in intake.errors] == [("SG267", "补贴.xlsx 第1组!A2")]


def test_a_figure_is_never_taken_from_above(plain_region: Region) -> None:
    intake = taken(plain_region, plain_book(["一", "001", "张三", 1, 71], ["〃", "002", "李四", 1, "〃"]))
    assert [(f.code, f.file) for f in intake.errors] == [("SG267", "补贴.xlsx 第1组!E3")]


def test_a_ditto_mark_below_a_row_that_is_left_out_stands_for_nothing(plain_region: Region) -> None:
    book = openpyxl.load_workbook(
        io.BytesIO(plain_book(["一", "001", "张三", 1, 71], ["二", "002", "李四", 1, 71], ["同上", "003", "王五", 1, 71]))
    )
    book.active.row_dimensions[3].hidden = True
    out = io.BytesIO()
    book.save(out)
    assert {q.id for q in taken(plain_region, out.getvalue()).questions} == {"hidden:第1组"}
    kept = taken(plain_region, out.getvalue(), **{"hidden:第1组": "保留"})
    assert [r["村民小组"] for r in rows_of(kept)] == ["一", "二", "二"]
    dropped = taken(plain_region, out.getvalue(), **{"hidden:第1组": "去掉"})
    assert [(f.code, f.file) for f in dropped.errors] == [("SG267", "补贴.xlsx 第1组!A4")]


def test_several_sheets_are_asked_about_and_one_or_all_are_taken(plain_region: Region) -> None:
    data = plain_book(["8", "001", "张三", 1, 71], sheets=2)
    question = taken(plain_region, data).questions[0]
    assert (question.id, question.choices, question.where) == ("sheet", ("第1组", "第2组", "全部合并"), "第1组!A1")
    assert [r["户编号"] for r in rows_of(taken(plain_region, data, sheet="第2组"))] == ["004"]
    assert [r["户编号"] for r in rows_of(taken(plain_region, data, sheet="全部合并"))] == ["001", "004"]
    assert [f.code for f in taken(plain_region, data, sheet="第3组").errors] == ["SG274"]


def test_rows_that_are_numbered_go_on_counting_over_several_sheets(plain_region: Region) -> None:
    book = openpyxl.load_workbook(io.BytesIO(plain_book(["8", "001", "张三", 1, 71], sheets=2)))
    for sheet in book.worksheets:
        sheet.delete_cols(2)
    out = io.BytesIO()
    book.save(out)
    intake = taken(plain_region, out.getvalue(), sheet="全部合并", **{"key:household_no": "按顺序编号"})
    assert [r["户编号"] for r in rows_of(intake)] == ["0001", "0002"]


def test_rows_of_other_villages_are_asked_about(plain_region: Region) -> None:
    book = openpyxl.load_workbook(io.BytesIO(plain_book(["8", "001", "张三", 1, 71], ["8", "002", "李四", 2, 142])))
    sheet = book.active
    sheet["F1"], sheet["F2"], sheet["F3"] = "村", VILLAGE, "别的村"
    out = io.BytesIO()
    book.save(out)

    def read_it(**answers: str) -> Intake:
        return read_workbook(
            plain_region, out.getvalue(), "补贴.xlsx", unit=VILLAGE, item="CW-29", answers={**GIVEN, **answers}, date=TODAY
        )

    question = read_it().questions[0]
    assert (question.id, question.choices, question.where) == ("rows", ("只取本村的行", "不导入"), "第1组!F3")
    assert [r["户编号"] for r in rows_of(read_it(rows="只取本村的行"))] == ["001"]
    for answer, codes in (("不导入", ["SG273"]), ("都要", ["SG274", "SG273"])):
        intake = read_it(rows=answer)
        assert [f.code for f in intake.errors] == codes
        assert not intake.files
