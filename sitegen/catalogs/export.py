"""The official table as a spreadsheet: a sheet per field, ready to print on A3.

Written with every cell as text: no value of the catalogue can become a formula in Excel, WPS or LibreOffice.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from itertools import groupby
from math import ceil
from pathlib import Path
from typing import Any

import xlsxwriter
from msgspec import Struct

from sitegen.check.coverage import is_excused
from sitegen.model.base import Level
from sitegen.model.catalog import Field, Item
from sitegen.model.region import Catalog, Unit
from sitegen.model.unit import is_within

from .cells import write_basis, write_elements, write_subject
from .marks import MARK, write_channels

_HEAD: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("序号", ()),
    ("公开事项", ("一级事项", "二级事项")),
    ("公开内容(要素)", ()),
    ("公开依据", ()),
    ("公开时限", ()),
    ("公开主体", ()),
    ("公开渠道和载体", ()),
    ("公开对象", ("全社会", "特定群体")),
    ("公开方式", ("主动", "依申请")),
    ("公开层级", ("县级", "乡级", "村级")),
)
"""The two rows of the head, the same nationwide."""

_WIDTHS = (5, 11, 16, 48, 42, 19, 19, 37, 6, 10, 6, 6, 6, 6, 6)
"""In characters of the usual font, as spreadsheets measure columns."""
_CENTRED = (0, 8, 9, 10, 11, 12, 13, 14)
_A3 = 8
_MAX_SHEET_NAME = 31
_LINE = 15.0
"""Height of a line of 10-point text in points, as much as the tallest fonts take that stand in for 宋体."""
_TALLEST = 409.0
"""The greatest height of a row that Excel knows."""
_LIVE = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula when a cell is edited or saved as CSV."""


class Sheets(Struct, frozen=True):
    """What an export holds."""

    fields: int
    items: int


def export(path: Path, catalog: Catalog, fields: Sequence[Field], name: str, date: dt.date, *, unit: Unit | None = None) -> Sheets:
    """Write the tables of ``fields`` to ``path``, titled with ``name``; with ``unit``, only what it owes, and its adjustments below the table.

    The same catalogue and date give the same bytes. Raises ``OSError`` when the file cannot be written.
    """
    tables = [(field, kept) for field in fields if (kept := [i for i in field.items if unit is None or _owed(i, unit)])]
    with path.open("wb") as stream, xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties({"title": f"{name}公开事项标准目录", "created": dt.datetime(date.year, date.month, date.day)})
        book.set_size(2400, 1400)
        writer = _Writer(book, catalog)
        taken: set[str] = set()
        for field, items in tables:
            writer.sheet(_sheet_name(field.name, taken), _title(field, name), items, unit)
        if not tables:
            book.add_worksheet("目录")
    return Sheets(len(tables), sum(len(items) for _, items in tables))


def _owed(item: Item, unit: Unit) -> bool:
    return unit.level in item.levels and not is_excused(item, unit.code)


def _title(field: Field, name: str) -> str:
    kind = f"{field.name}领域基层政务公开标准目录" if field.section == "政务" else f"{field.name}目录"
    return name + kind


def _sheet_name(name: str, taken: set[str]) -> str:
    clean = re.sub(r"[\[\]:*?/\\]", "－", name).strip("'")[:_MAX_SHEET_NAME] or "目录"
    made = next(n for k in range(1, 1000) if (n := clean if k == 1 else f"{clean[:27]}({k})") not in taken)
    taken.add(made)
    return made


class _Writer:
    def __init__(self, book: Any, catalog: Catalog) -> None:
        self.book, self.catalog = book, catalog
        base = {"font_name": "宋体", "font_size": 10, "text_wrap": True, "valign": "vcenter", "border": 1}
        self.left = book.add_format(base)
        self.centred = book.add_format({**base, "align": "center"})
        # The quote keeps a text that begins like a formula a text, even when somebody edits the cell.
        self.quoted = book.add_format({**base, "quote_prefix": True})
        self.head = book.add_format({**base, "align": "center", "bold": True, "bg_color": "#F2F2F2"})
        self.title = book.add_format({"font_name": "宋体", "font_size": 18, "bold": True, "align": "center", "valign": "vcenter"})
        self.note = book.add_format({"font_name": "宋体", "font_size": 10, "text_wrap": True, "valign": "top"})

    def sheet(self, sheet_name: str, title: str, items: Sequence[Item], unit: Unit | None) -> None:
        sheet = self.book.add_worksheet(sheet_name)
        table = [self._cells(n, item) for n, item in enumerate(items, 1)]
        widths = _widths(table)
        for place, width in enumerate(widths):
            sheet.set_column(place, place, width)
        last = len(_WIDTHS) - 1
        sheet.merge_range(0, 0, 0, last, title, self.title)
        sheet.set_row(0, 36)
        self._head(sheet)
        row = 3
        for group, run in groupby(items, key=lambda i: i.group):
            first = row
            for _ in run:
                cells = table[row - 3]
                self._row(sheet, row, cells)
                # LibreOffice and WPS keep the height that a file gives; without one they show a single line.
                sheet.set_row(row, _height(cells, widths))
                row += 1
            if row - first > 1:
                sheet.merge_range(first, 1, row - 1, 1, group, self._format(group, 1))
        for text in _notes(items, unit):
            sheet.merge_range(row, 0, row, last, text, self.note)
            sheet.set_row(row, _LINE * _lines(text, sum(widths)) + 4)
            row += 1
        self._print_setup(sheet, row - 1, last)

    def _head(self, sheet: Any) -> None:
        place = 0
        for top, subs in _HEAD:
            if not subs:
                sheet.merge_range(1, place, 2, place, top, self.head)
                place += 1
                continue
            sheet.merge_range(1, place, 1, place + len(subs) - 1, top, self.head)
            for sub in subs:
                sheet.write_string(2, place, sub, self.head)
                place += 1
        sheet.set_row(1, 22)
        sheet.set_row(2, 32)

    def _cells(self, number: int, item: Item) -> tuple[str, ...]:
        group = f"{MARK}（{item.audience_note}）" if item.audience_note else MARK
        return (
            str(number),
            item.group,
            item.name,
            write_elements(item.elements),
            write_basis(item, self.catalog),
            item.deadline.written,
            write_subject(item.subject),
            write_channels(item.channels),
            MARK if item.audience == "全社会" else "",
            group if item.audience == "特定群体" else "",
            MARK if item.method == "主动" else "",
            MARK if item.method == "依申请" else "",
            *(MARK if level in item.levels else "" for level in Level),
        )

    def _row(self, sheet: Any, row: int, cells: Sequence[str]) -> None:
        for place, text in enumerate(cells):
            if text:
                sheet.write_string(row, place, text, self._format(text, place))
            else:
                sheet.write_blank(row, place, None, self.centred)

    def _format(self, text: str, place: int) -> Any:
        if text.startswith(_LIVE):
            return self.quoted
        return self.centred if place in _CENTRED else self.left

    @staticmethod
    def _print_setup(sheet: Any, last_row: int, last_column: int) -> None:
        sheet.freeze_panes(3, 3)
        sheet.set_landscape()
        sheet.set_paper(_A3)
        sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0, 2)
        sheet.print_area(0, 0, last_row, last_column)
        sheet.center_horizontally()
        sheet.set_footer("&C第 &P 页，共 &N 页")


def _widths(table: Sequence[Sequence[str]]) -> list[float]:
    """Column widths; wider than usual where a text would need a taller row than there is."""
    widths = [float(w) for w in _WIDTHS]
    for place, width in enumerate(widths):
        while width < 200 and any(_LINE * _lines(cells[place], width) + 4 > _TALLEST for cells in table):
            width *= 1.5
        widths[place] = width
    return widths


def _height(cells: Sequence[str], widths: Sequence[float]) -> float:
    lines = max(_lines(text, width) for text, width in zip(cells, widths, strict=True))
    return min(_TALLEST, _LINE * max(2, lines) + 4)


def _lines(text: str, width: float) -> int:
    """How many lines a text takes in a column: a Chinese character is about twice as wide as the character that widths count in."""
    room = max(2.0, width * 7 - 4)
    return sum(max(1, ceil(sum(13.7 if ord(c) > 0x2E7F or c in "■□" else 7.2 for c in line) / room)) for line in text.split("\n"))


def _notes(items: Sequence[Item], unit: Unit | None) -> list[str]:
    """The adjustments that hold for a unit and are no excuse, below its table."""
    if unit is None:
        return []
    return [
        f"注：{item.name}：{a.change}（{a.why}；{a.reviewer}，{a.on.isoformat()}）"
        for item in items
        for a in item.adjustments
        if is_within(unit.code, a.unit)
    ]
