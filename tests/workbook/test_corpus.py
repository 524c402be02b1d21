"""Messy workbooks: the right table, or a located question or finding; never a wrong figure."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from pathlib import Path

import pytest

from sitegen.model.region import Region
from sitegen.workbook.importing import Intake, read_workbook
from sitegen.workbook.rowkeys import RowKeys
from tests.workbook.corpus import DAMAGES, Case, draw
from tests.workbook.places import TODAY, VILLAGE

SEEDS = range(102)
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
    } <= drawn


def test_the_same_seed_draws_the_same_workbook() -> None:
    assert [draw(s).truth for s in range(9)] == [draw(s).truth for s in range(9)]
