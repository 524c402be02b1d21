"""Bad workbooks: clear words, a place, nothing written."""

from __future__ import annotations

import io
import tracemalloc
import zipfile

import openpyxl
import pytest
import xlsxwriter

from sitegen.model.region import Region
from sitegen.workbook.importing import Intake, NotReady, read_workbook
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
