"""What an .ods says besides its values: as much as of an .xlsx."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from pathlib import Path

import openpyxl
import pytest

from sitegen.workbook.books import Refused, open_book
from tests.workbook.corpus import ods

SPACES = 'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"'


def with_rows(rows: str, name: str = "表") -> bytes:
    """An .ods with the rows as they are written."""
    source, out = io.BytesIO(ods([(name, [["x"]])])), io.BytesIO()
    with zipfile.ZipFile(source) as file, zipfile.ZipFile(out, "w") as target:
        for info in file.infolist():
            text = file.read(info).decode()
            if info.filename == "content.xml":
                head, _, rest = text.partition("<table:table-row>")
                text = head.replace("<office:document-content ", f"<office:document-content {SPACES} ") + rows + "</table:table>"
                text += rest.partition("</table:table>")[2]
            target.writestr(info, text)
    return out.getvalue()


def number(value: str, shown: str, more: str = "", kind: str = "float") -> str:
    return f'<table:table-cell office:value-type="{kind}" office:value="{value}" {more}><text:p>{shown}</text:p></table:table-cell>'


def test_hidden_rows_errors_and_figures_at_another_scale() -> None:
    rows = (
        '<table:table-column table:visibility="collapse"/>'
        f'<table:table-row table:visibility="filter">{number("71", "71.00")}{number("7", "007")}</table:table-row>'
        f'<table:table-row table:number-rows-repeated="2"><table:table-cell table:number-columns-repeated="3"/>{number("0.5", "50%", kind="percentage")}</table:table-row>'
        f"<table:table-row>{number('745500', '74.6')}{number('745500', '745,500.00')}"
        '<table:table-cell table:formula="of:=1/0" office:value-type="string"><text:p>#DIV/0!</text:p></table:table-cell></table:table-row>'
        '<table:table-row table:visibility="collapse"><table:table-cell table:formula="of:=B1"/></table:table-row>'
    )
    marks = open_book(with_rows(rows), "a.ods").sheets[0].marks
    assert marks.hidden_rows == {0}
    assert marks.hidden_columns == {0}
    assert marks.padded == {(0, 1): 3}
    assert marks.scaled == {(1, 3), (3, 0)}
    assert marks.errors == {(3, 2): "#DIV/0!"}
    assert marks.uncounted == {(4, 0)}


def test_values_of_other_workbooks_pictures_and_merged_blocks() -> None:
    frame = '<draw:frame table:end-cell-address="表.B3"><draw:image/></draw:frame>'
    other = "table:formula=\"of:='file:///D:/a.ods'#$Sheet1.A1\""
    rows = (
        f"<table:table-row>{number('1', '1', other)}"
        f'<table:table-cell table:number-rows-spanned="2">{frame}</table:table-cell></table:table-row>'
        f"<table:table-row>{number('1', '1')}<table:covered-table-cell/></table:table-row>"
    )
    book = open_book(with_rows(rows), "a.ods")
    marks = book.sheets[0].marks
    assert book.links
    assert marks.outside == {(0, 0)}
    assert marks.pictures == ((0, 1, 2, 1),)
    assert marks.merged == ((0, 1, 1, 1),)


def test_what_a_formula_copied_from_another_workbook_is_no_sheet() -> None:
    book = open_book(with_rows(f"<table:table-row>{number('1', '1')}</table:table-row>", name="'file:///D:/a.ods'#$Sheet1"), "a.ods")
    assert book.links
    assert book.sheets == ()


@pytest.mark.parametrize("times", ['table:number-rows-repeated="1000000"', 'table:number-rows-repeated="90000"'])
def test_a_row_that_repeats_itself_fills_no_memory(times: str) -> None:
    cells = number("1", "1", more='table:number-columns-repeated="900"')
    with pytest.raises(Refused) as refused:
        open_book(with_rows(f"<table:table-row {times}>{cells}</table:table-row>"), "a.ods")
    assert refused.value.code == "SG253"


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_as_libreoffice_writes_it(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (["户编号", "户主", "金额"], ["001", "张三", 71], ["002", "张三", 142.5], ["003", "王五", 0.5]):
        sheet.append(row)
    sheet.row_dimensions[3].hidden = True
    sheet.auto_filter.ref = "A1:C4"
    sheet.merge_cells("B2:B3")
    sheet["C4"].number_format = "0%"
    book.create_sheet("旧").sheet_state = "hidden"
    book["旧"]["A1"] = 1
    book.save(tmp_path / "a.xlsx")
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "ods", "--outdir", str(tmp_path), str(tmp_path / "a.xlsx")]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    read = open_book((tmp_path / "a.ods").read_bytes(), "a.ods")
    assert [s.visible for s in read.sheets] == [True, False]
    marks = read.sheets[0].marks
    assert (marks.hidden_rows, marks.merged, marks.scaled) == ({2}, ((1, 1, 2, 1),), {(3, 2)})
