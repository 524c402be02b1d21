"""A workbook's bytes → its sheets as grids of values, with what a person would see in Excel and a plain reader does not: hidden rows, merged
cells, formulas without a result, figures shown at another scale, pictures. Within limits; nothing in it is run.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import python_calamine
from msgspec import Struct, field

from sitegen.load.cells import refuse_bombs
from sitegen.load.textfile import Unreadable, decode
from sitegen.model.finding import N_

from .odsparts import read_ods_extras
from .xlsxparts import Marks, read_extras

FILE_LIMIT = 30_000_000
ROW_LIMIT = 100_000
CELL_LIMIT = 3_000_000
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"


class Refused(Exception):
    """The workbook is not read; carries the code of the finding and its arguments."""

    def __init__(self, code: str, **args: Any) -> None:
        super().__init__(code)
        self.code, self.args_ = code, args


class Sheet(Struct, frozen=True):
    """One sheet, from its first cell on: ``rows[0]`` is row 1, ``rows[0][0]`` cell A1."""

    name: str
    rows: tuple[tuple[Any, ...], ...]
    visible: bool = True
    marks: Marks = field(default_factory=Marks)

    def cell(self, row: int, column: int) -> Any:
        """A cell counted from 0; "" beyond the sheet."""
        return self.rows[row][column] if row < len(self.rows) and column < len(self.rows[row]) else ""


class Book(Struct, frozen=True):
    """A workbook as read."""

    name: str
    sheets: tuple[Sheet, ...]
    properties: Mapping[str, str] = field(default_factory=dict)
    """Custom document properties."""
    macros: bool = False
    links: bool = False
    """It has links to other workbooks."""
    from_1904: bool = False


def open_book(data: bytes, name: str) -> Book:
    """Read a workbook by what it is, not by how its name ends. Raises :class:`Refused`."""
    if len(data) > FILE_LIMIT:
        raise Refused("SG253", problem=f"> {FILE_LIMIT // 1_000_000} MB")
    try:
        if data.startswith(_ZIP):
            return _zipped(data, name)
        if data.startswith(_OLE):
            return _old(data, name)
        return _text(data, name)
    except Unreadable as error:
        code = {"SG107": "SG253"}.get(error.code, "SG251")
        problem = error.problem or (N_("it is neither a workbook nor text in UTF-8 or GB18030") if error.code == "SG101" else "")
        raise Refused(code, problem=problem) from None


# ---- .xlsx, .xlsm, .ods


def _zipped(data: bytes, name: str) -> Book:
    refuse_bombs(data)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = set(archive.namelist())
        encrypted = any(info.flag_bits & 1 for info in archive.infolist())
        if encrypted or (
            b"manifest:encryption-data" in archive.read("META-INF/manifest.xml") if "META-INF/manifest.xml" in parts else False
        ):
            raise Refused("SG252")
        if "xl/workbook.xml" in parts:
            extras = read_extras(archive, ROW_LIMIT, CELL_LIMIT)
        elif "content.xml" in parts:
            extras = read_ods_extras(archive.read("content.xml"), ROW_LIMIT, CELL_LIMIT)
            extras.macros = any(p.startswith(("Basic/", "Scripts/")) for p in parts)
        else:
            raise Refused("SG251", problem=N_("it is no .xlsx, .xlsm, .xls, .ods or .csv"))
    if extras.too_large:
        raise Refused("SG253", problem=extras.too_large)
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = []
        for meta in book.sheets_metadata:
            if meta.typ != python_calamine.SheetTypeEnum.WorkSheet or meta.name.startswith("'file:"):
                continue  # a chart; what an .ods keeps of a workbook that its formulas name
            visible = meta.visible == python_calamine.SheetVisibleEnum.Visible
            sheets.append(Sheet(meta.name, _grid(book.get_sheet_by_name(meta.name)), visible, extras.marks.get(meta.name, Marks())))
    except python_calamine.PasswordError:
        raise Refused("SG252") from None
    except (python_calamine.CalamineError, ValueError, OSError) as error:
        raise Refused("SG251", problem=str(error).splitlines()[0][:80] if str(error) else N_("it is damaged")) from None
    return Book(name, tuple(sheets), extras.properties, extras.macros, extras.links, extras.from_1904)


def _grid(sheet: Any) -> tuple[tuple[Any, ...], ...]:
    if sheet.total_height * max(1, sheet.total_width) > CELL_LIMIT or sheet.total_height > ROW_LIMIT * 2:
        raise Refused("SG253", problem=f"> {ROW_LIMIT} rows")
    return _trimmed(sheet.to_python(skip_empty_area=False))


def _trimmed(rows: Sequence[Sequence[Any]]) -> tuple[tuple[Any, ...], ...]:
    kept = [tuple(row) for row in rows]
    while kept and not any(str(c).strip() for c in kept[-1]):
        kept.pop()
    return tuple(kept)


# ---- .xls, and whatever else lies in such a container


def _old(data: bytes, name: str) -> Book:
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise Refused("SG252")
    import xlrd

    try:
        book = xlrd.open_workbook(file_contents=data, formatting_info=True, logfile=io.StringIO())
    except xlrd.XLRDError as error:
        if "ncrypted" in str(error) or "password" in str(error):
            raise Refused("SG252") from None
        raise Refused("SG251", problem=str(error).splitlines()[0][:80]) from None
    except Exception:  # a damaged file fails anywhere in the reader, with whatever error comes first
        raise Refused("SG251", problem=N_("it is damaged")) from None
    macros = "_VBA_PROJECT_CUR".encode("utf-16-le") in data
    sheets = tuple(_old_sheet(book, s) for s in book.sheets())
    return Book(name, sheets, {}, macros, False, book.datemode == 1)


def _old_sheet(book: Any, sheet: Any) -> Sheet:
    import xlrd

    rows: list[tuple[Any, ...]] = []
    errors: dict[tuple[int, int], str] = {}
    padded: dict[tuple[int, int], int] = {}
    scaled: set[tuple[int, int]] = set()
    for r in range(sheet.nrows):
        made: list[Any] = []
        for c, cell in enumerate(sheet.row(r)):
            value: Any = cell.value
            if cell.ctype == xlrd.XL_CELL_DATE:
                try:
                    value = xlrd.xldate_as_datetime(cell.value, book.datemode)
                except (ValueError, OverflowError, xlrd.XLDateError):
                    value = cell.value
            elif cell.ctype == xlrd.XL_CELL_BOOLEAN:
                value = bool(cell.value)
            elif cell.ctype == xlrd.XL_CELL_ERROR:
                value = ""
                errors[r, c] = str(xlrd.error_text_from_code.get(cell.value, "#ERR"))
            elif cell.ctype == xlrd.XL_CELL_NUMBER and cell.xf_index is not None:
                form = book.format_map[book.xf_list[cell.xf_index].format_key].format_str
                if re.fullmatch(r"0{2,}", form):
                    padded[r, c] = len(form)
                elif is_scaled(form):
                    scaled.add((r, c))
            made.append(value)
        rows.append(tuple(made))
    hidden = frozenset(r for r, info in sheet.rowinfo_map.items() if info.hidden)
    columns = frozenset(c for c, info in sheet.colinfo_map.items() if info.hidden)
    merged = tuple((a, c, b - 1, d - 1) for a, b, c, d in sheet.merged_cells)
    marks = Marks(hidden, columns, merged, errors, frozenset(), frozenset(), padded, frozenset(scaled), ())
    return Sheet(sheet.name, _trimmed(rows), sheet.visibility == 0, marks)


def is_scaled(form: str) -> bool:
    """Whether a number format shows a figure divided by a power of ten: ``0!.0,`` and ``#,##0,`` show thousands and 万."""
    first = re.sub(r"\"[^\"]*\"|\\.|\[[^\]]*\]|_.", "", form.split(";")[0].replace("!.", "!").replace("\\.", "!"))
    return bool(re.search(r"[0#?],+(?![0#?,])", first)) or "!" in first or "%" in first


# ---- .csv


def _text(data: bytes, name: str) -> Book:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        try:
            text = data.decode("utf-16").replace("\r\n", "\n").replace("\r", "\n")
        except UnicodeDecodeError:
            raise Refused("SG251", problem=N_("it is damaged")) from None
    else:
        text = decode(data, legacy=True)
    start = text.lstrip()[:200].lower()
    if start.startswith(("<html", "<!doctype", "<table", "<?xml", "<meta", "<head")):
        raise Refused("SG251", problem=N_("it is a web page under the name of a workbook; open it in Excel or WPS and save it as .xlsx"))
    if start.startswith("%pdf"):
        raise Refused("SG251", problem=N_("it is a PDF"))
    if text.count("\n") > ROW_LIMIT:
        raise Refused("SG253", problem=f"> {ROW_LIMIT} rows")
    try:
        rows = list(_rows(text))
    except csv.Error as error:
        raise Refused("SG251", problem=str(error)) from None
    stem = name.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    return Book(name, (Sheet(stem or "CSV", _trimmed(rows)),))


def _rows(text: str) -> Iterator[tuple[str, ...]]:
    first = [line for line in text.split("\n", 40)[:40] if line.strip()]
    delimiter = max(",\t;", key=lambda d: sum(line.count(d) for line in first))
    for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
        yield tuple(_own(cell) for cell in row)


def _own(cell: str) -> str:
    """``="001"`` is how programs keep zeros in a CSV."""
    m = re.fullmatch(r'="([^"]*)"', cell)
    return m[1] if m else cell


def spelled(value: Any) -> str:
    """A cell as it is compared with headings and labels."""
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
