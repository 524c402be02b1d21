"""Forms: what is written reads back, in Excel's format and through LibreOffice, and imports without a question."""

from __future__ import annotations

import io
import shutil
import subprocess
from pathlib import Path

import openpyxl
import pytest
import python_calamine

from sitegen.model.region import Region
from sitegen.workbook.importing import read_workbook
from sitegen.workbook.labels import DATA, HELP
from sitegen.workbook.template import columns_for, write_template
from tests.workbook.filling import fill, form
from tests.workbook.places import TODAY, VILLAGE


def units(region: Region) -> list[str]:
    return [region.named(n)[0].code for n in ("青禾县", "示例镇", "示例村")]


def test_every_item_has_a_form_at_every_level_that_publishes_it(plain_region: Region) -> None:
    written = 0
    for item in plain_region.catalog.items.values():
        for code in units(plain_region):
            unit = plain_region.units[code]
            if unit.level in item.levels:
                data = write_template(plain_region, item, unit)
                written += 1
                schema = plain_region.catalog.tables.get(item.table) if item.table else None
                if schema is None or written % 7:
                    continue
                book = python_calamine.load_workbook(io.BytesIO(data))
                assert book.sheet_names == [HELP, DATA]
                head = book.get_sheet_by_name(DATA).to_python()[0]
                assert [h.partition("(")[0] for h in head] == [c.title for c in columns_for(schema, unit)]
            else:
                with pytest.raises(ValueError, match="level"):
                    write_template(plain_region, item, unit)
    assert written > 300


def test_the_same_form_has_the_same_bytes(plain_region: Region) -> None:
    assert form(plain_region, "CW-29") == form(plain_region, "CW-29")
    assert form(plain_region, "CW-29") != form(plain_region, "CW-34")


def test_a_form_says_what_the_item_must_contain(plain_region: Region) -> None:
    item = plain_region.catalog.items["CW-34"]
    text = "".join(
        str(c)
        for row in python_calamine.load_workbook(io.BytesIO(form(plain_region, "CW-34"))).get_sheet_by_name(HELP).to_python()
        for c in row
    )
    for element in item.elements:
        assert element in text
    for law in item.basis:
        assert f"《{plain_region.catalog.laws[law.law].name}》" in text
    assert item.deadline.written in text
    assert "张*三" in text
    assert f"item=CW-34 unit={plain_region.named(VILLAGE)[0].code}" in text


def test_a_form_checks_what_is_typed(plain_region: Region) -> None:
    book = openpyxl.load_workbook(io.BytesIO(form(plain_region, "CW-34")))
    data = book[DATA]
    assert data.freeze_panes == "A3"
    checks = {str(v.sqref).split(":")[0].rstrip("0123456789"): v for v in data.data_validations.dataValidation}
    heads = {str(c.value): c.column_letter for c in data[1]}
    assert checks[heads["保障类别"]].formula1 == '"城市低保,农村低保"'
    assert checks[heads["保障人数(人)"]].type == "whole"
    assert data[f"{heads['保障人数(人)']}2"].value.startswith("=SUM(")
    assert book.custom_doc_props["sitegen-item"].value == "CW-34"
    assert {v.type for v in book[HELP].data_validations.dataValidation} >= {"list", "date"}


def test_a_filled_form_is_imported_without_a_question(plain_region: Region) -> None:
    intake = read_workbook(plain_region, fill(plain_region, "CW-29"), "表.xlsx", date=TODAY)
    assert intake.ready, (intake.questions, [(f.file, f.message("en")) for f in intake.errors])
    assert intake.preview.totals[0].text == "18.50"
    record = intake.files["villages/shili-zhen/shili-cun/records/2025-0001.md"].decode()
    assert "title: 示例村2025年耕地地力保护补贴公示\n" in record
    assert "posting: {from: 2025-06-30, days: 7, kind: calendar}\n" in record
    assert "张\\*三" in record


def test_an_empty_form_asks_for_everything(plain_region: Region) -> None:
    intake = read_workbook(plain_region, form(plain_region, "CW-29"), "表.xlsx", date=TODAY)
    assert {"title", "period", "formed", "published", "posting_from"} == {q.id for q in intake.questions}
    assert [f.code for f in intake.errors] == ["SG277"]
    assert not intake.files


def test_a_form_of_text_only(plain_region: Region) -> None:
    intake = read_workbook(
        plain_region, fill(plain_region, "CW-07", rows=[], body=["一、修路。", "二、同意33票，张*三等2人反对。"]), "决议.xlsx", date=TODAY
    )
    assert intake.ready, (intake.questions, [(f.file, f.message("en")) for f in intake.errors])
    text = intake.files["villages/shili-zhen/shili-cun/records/2025-0001.md"].decode()
    assert "一、修路。\n\n二、同意33票，张\\*三等2人反对。" in text
    assert list(intake.files) == ["villages/shili-zhen/shili-cun/records/2025-0001.md"]


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_and_recalculates_a_form(plain_region: Region, tmp_path: Path) -> None:
    source = tmp_path / "form.xlsx"
    source.write_bytes(fill(plain_region, "CW-29"))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    for kind in ("ods", "xls"):
        subprocess.run(
            ["soffice", profile, "--headless", "--convert-to", kind, "--outdir", str(tmp_path), str(source)],
            check=True,
            capture_output=True,
            timeout=180,
        )
        intake = read_workbook(plain_region, (tmp_path / f"form.{kind}").read_bytes(), f"form.{kind}", date=TODAY)
        assert intake.ready, (kind, intake.questions, [(f.file, f.message("en")) for f in intake.errors])
        assert intake.preview.totals[0].text == "18.50"
