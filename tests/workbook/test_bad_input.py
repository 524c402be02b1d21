"""Bad workbooks: clear words, a place, nothing written."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from click.testing import CliRunner

from sitegen.cli import main
from sitegen.model.region import Region
from sitegen.workbook.importing import read_workbook
from sitegen.workbook.intake import Intake, NotReady
from tests.workbook.corpus import PNG
from tests.workbook.filling import fill
from tests.workbook.places import TODAY, VILLAGE


def read(region: Region, data: bytes, name: str = "表.xlsx", **answers: str) -> Intake:
    return read_workbook(region, data, name, answers=answers, date=TODAY)


def refused(intake: Intake, code: str) -> str:
    """What is said in Chinese; nothing could be written."""
    assert code in {f.code for f in intake.errors}, [(f.code, f.file, f.message("en")) for f in intake.findings]
    assert not intake.files
    with pytest.raises(NotReady):
        intake.write(None)  # type: ignore[arg-type]
    found = next(f for f in intake.errors if f.code == code)
    assert found.message("zh") != found.message("en")
    return found.message("zh")


def with_part(data: bytes, name: str, content: bytes) -> bytes:
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a") as file:
        file.writestr(name, content)
    return out.getvalue()


def test_macros_are_not_run_and_said(plain_region: Region) -> None:
    intake = read(plain_region, with_part(fill(plain_region, "CW-29"), "xl/vbaProject.bin", b"x"), "表.xlsm")
    assert intake.ready
    assert "SG254" in {f.code for f in intake.findings}


def test_encrypted(plain_region: Region) -> None:
    data = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(600)
    assert refused(read(plain_region, data), "SG252") == "表格有密码"


def test_a_million_rows_end_early_and_in_little_memory(plain_region: Region) -> None:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.add_worksheet("数据").write_row(0, 0, ["户编号", "姓名", "面积", "金额"])
    book.close()
    rows = b"".join(b'<row r="%d"><c r="A%d"><v>%d</v></c></row>' % (n, n, n * 7919) for n in range(2, 110_000))
    packed = io.BytesIO()
    with zipfile.ZipFile(out) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for info in source.infolist():
            text = source.read(info)
            target.writestr(info, text.replace(b"</sheetData>", rows + b"</sheetData>") if "sheet1" in info.filename else text)
    tracemalloc.start()
    said = refused(read(plain_region, packed.getvalue(), unit=VILLAGE, item="CW-29"), "SG253")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "太大" in said
    assert peak < 60_000_000


def test_one_cell_far_away_fills_no_memory(plain_region: Region) -> None:
    book = openpyxl.Workbook()
    book.active["A1"], book.active["XFD1048576"] = "户编号", 1
    out = io.BytesIO()
    book.save(out)
    refused(read(plain_region, out.getvalue()), "SG253")


def test_a_zip_bomb(plain_region: Region) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("xl/workbook.xml", bytes(40_000_000))
    refused(read(plain_region, out.getvalue()), "SG253")


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"<html><table><tr><td>1</td></tr></table></html>", "表.xls"),
        (b"%PDF-1.7 x", "表.xlsx"),
        (b"PK\x03\x04broken", "表.xlsx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), "表.xls"),
        (b"\x00\x01\x02", "表.csv"),
        (b"", "表.csv"),
    ],
)
def test_what_is_no_workbook(plain_region: Region, data: bytes, name: str) -> None:
    intake = read(plain_region, data, name, unit=VILLAGE, item="CW-29")
    assert intake.errors
    assert not intake.files


def test_links_that_no_cell_uses_are_said(plain_region: Region) -> None:
    intake = read(plain_region, with_part(fill(plain_region, "CW-29"), "xl/externalLinks/externalLink1.xml", b"<x/>"))
    assert intake.ready
    assert "SG256" in {f.code for f in intake.findings}


def test_a_picture_beside_the_table_is_left_out(plain_region: Region) -> None:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("数据")
    sheet.write_row(0, 0, ["户编号", "承包方代表", "补贴面积", "补贴金额"])
    sheet.write_row(1, 0, ["001", "张小三", 1, 71])
    sheet.insert_image("H12", "公章.png", {"image_data": io.BytesIO(PNG)})
    book.close()
    given = {
        "unit": VILLAGE,
        "item": "CW-29",
        "title": "示例村2025年补贴公示",
        "period": "2025",
        "formed": "2025-06-27",
        "published": "2025-06-30",
    }
    intake = read(plain_region, out.getvalue(), **given, posting_from="2025-06-30")
    assert intake.ready, (intake.questions, intake.errors)
    assert "SG258" in {f.code for f in intake.findings}


def test_a_form_of_an_older_catalogue(plain_region: Region) -> None:
    book = openpyxl.load_workbook(io.BytesIO(fill(plain_region, "CW-29")))
    book.custom_doc_props["sitegen-schema"].value = "0123456789"
    out = io.BytesIO()
    book.save(out)
    assert "另一版目录" in refused(read(plain_region, out.getvalue()), "SG259")


def test_a_form_for_an_item_that_the_catalogue_does_not_have_any_more(plain_region: Region) -> None:
    book = openpyxl.load_workbook(io.BytesIO(fill(plain_region, "CW-29")))
    book.custom_doc_props["sitegen-item"].value = "CW-99"
    out = io.BytesIO()
    book.save(out)
    said = refused(read(plain_region, out.getvalue()), "SG278")
    assert "CW-99" in said


def bad_files(region: Region) -> dict[str, tuple[str, bytes, str]]:
    """By what is wrong: the file's name, its bytes, and words that must be said."""
    form = fill(region, "CW-29")
    old = openpyxl.load_workbook(io.BytesIO(form))
    old.custom_doc_props["sitegen-schema"].value = "0123456789"
    other = openpyxl.load_workbook(io.BytesIO(form))
    other.custom_doc_props["sitegen-unit"].value = "230198100000"
    linked = openpyxl.load_workbook(io.BytesIO(form))
    linked["数据"]["F4"] = "='D:\\\\[台账.xlsx]Sheet1'!$F$5"
    covered = openpyxl.load_workbook(io.BytesIO(form))
    picture = openpyxl.drawing.image.Image(io.BytesIO(PNG))
    picture.width, picture.height = 300, 90
    covered["数据"].add_image(picture, "D3")

    def saved(book: openpyxl.Workbook) -> bytes:
        out = io.BytesIO()
        book.save(out)
        return out.getvalue()

    locked = io.BytesIO()
    with zipfile.ZipFile(locked, "w") as file:
        file.writestr("content.xml", "x")
        file.writestr("META-INF/manifest.xml", "<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>")
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(600)
    return {
        "a password": ("表.xlsx", ole, "有密码"),
        "a password, OpenDocument": ("表.ods", locked.getvalue(), "有密码"),
        "a million rows": ("表.csv", "户编号,承包方代表,补贴面积,补贴金额\n".encode() + b"1,x,1,71\n" * 1_000_000, "太大"),
        "values of another workbook": ("表.xlsx", saved(linked), "另一个文件"),
        "a picture over cells": ("表.xlsx", saved(covered), "图片"),
        "an older catalogue": ("表.xlsx", saved(old), "另一版目录"),
        "another village": ("表.xlsx", saved(other), "不是示例村的"),
    }


BAD = (
    "a password",
    "a password, OpenDocument",
    "a million rows",
    "values of another workbook",
    "a picture over cells",
    "an older catalogue",
    "another village",
)


@pytest.mark.parametrize("what", BAD)
def test_clear_words_and_nothing_written(plain_region: Region, empty: Path, tmp_path: Path, what: str) -> None:
    name, data, words = bad_files(plain_region)[what]
    (tmp_path / name).write_bytes(data)
    before = {p: p.read_bytes() for p in empty.rglob("*") if p.is_file()}
    args = ["import", str(tmp_path / name), "--unit", VILLAGE, "--item", "CW-29", "--yes"]
    result = CliRunner().invoke(main, ["-C", str(empty), "--date", TODAY.isoformat(), "--lang", "zh", *args])
    assert result.exit_code == 1
    assert words in result.output
    assert "什么都没有写" in result.output
    assert "Traceback" not in result.output
    assert {p: p.read_bytes() for p in empty.rglob("*") if p.is_file()} == before


def test_a_workbook_with_macros_is_read_and_they_are_said_to_be_ignored(plain_region: Region, empty: Path, tmp_path: Path) -> None:
    (tmp_path / "表.xlsm").write_bytes(with_part(fill(plain_region, "CW-29"), "xl/vbaProject.bin", b"x"))
    result = CliRunner().invoke(
        main, ["-C", str(empty), "--date", TODAY.isoformat(), "--lang", "zh", "import", str(tmp_path / "表.xlsm"), "--yes"]
    )
    assert result.exit_code == 0, result.output
    assert "宏" in result.output
    assert "写好了" in result.output or "2025-0001.md" in result.output


def test_a_form_of_another_village(plain_region: Region) -> None:
    said = refused(read_workbook(plain_region, fill(plain_region, "CW-29"), "表.xlsx", unit="示例镇", item="SNBT-01", date=TODAY), "SG260")
    assert said == "这是示例村的表，不是示例镇的"


def test_the_visible_mark_counts_where_a_program_lost_the_properties(plain_region: Region) -> None:
    book = openpyxl.load_workbook(io.BytesIO(fill(plain_region, "CW-29")))
    for name in list(book.custom_doc_props.names):
        del book.custom_doc_props[name]
    out = io.BytesIO()
    book.save(out)
    assert read(plain_region, out.getvalue()).ready
    refused(read_workbook(plain_region, out.getvalue(), "表.xlsx", unit="示例镇", date=TODAY), "SG260")


def test_an_answer_that_is_none(plain_region: Region) -> None:
    data = fill(plain_region, "CW-29")
    refused(read_workbook(plain_region, data, "表.xlsx", unit="天上村", date=TODAY), "SG274")
    refused(read_workbook(plain_region, data, "表.xlsx", item="没有的", date=TODAY), "SG274")


def test_a_date_without_a_year_on_the_help_sheet(plain_region: Region) -> None:
    intake = read(plain_region, fill(plain_region, "CW-29", formed="6月27日"))
    refused(intake, "SG276")
    assert any(f.file.startswith("表.xlsx 说明!B") for f in intake.errors)
