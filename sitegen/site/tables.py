"""A public table as files to download: CSV, XLSX and JSON. The same table gives the same bytes.

Cells come as the page prints them; figures become figures again, exactly as printed. Nothing in a file can become a formula.
"""

from __future__ import annotations

import csv
import io
import json
import re

from msgspec import Struct

from sitegen.model.content_views import ColumnView, TableView

from .xlsx import Grid, workbook

BOM = "\ufeff"
"""Excel takes a CSV for UTF-8 only when it begins with this."""
_FIGURE = re.compile(r"-?\d+(\.\d+)?")
_special = re.compile('[\x00-\x1f"\\\\]').search
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_EXACT = 15
"""Digits that a spreadsheet's number keeps."""


class Sheet(Struct, frozen=True):
    """A table with what a person who finds the file alone must know of it."""

    table: TableView
    title: str
    about: tuple[tuple[str, str], ...]
    """Where it is from, as (name, value): 发布机构, 发布日期, 网页 …"""


def figure(text: str, column: ColumnView) -> str | None:
    """The figure in a cell of a column of figures, without separators; ``None`` where the cell holds words or nothing."""
    if column.type not in ("number", "integer"):
        return None
    plain = text.replace(",", "")
    return plain if _FIGURE.fullmatch(plain) else None


def safe(text: str) -> str:
    """A text as a cell of a CSV: what a spreadsheet would take for a formula gets an apostrophe before it."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def as_csv(sheet: Sheet) -> str:
    """UTF-8 with BOM, comma, CRLF (RFC 4180); the headings in Chinese, with their units."""
    table = sheet.table
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([safe(c.heading) for c in table.columns])
    columns = table.columns
    writer.writerows([figure(text, c) or safe(text) for text, c in zip(row, columns, strict=True)] for row in table.rows)
    return BOM + out.getvalue()


def as_json(sheet: Sheet) -> str:
    """A list with an object for each row: the columns' names in English, figures as numbers with all their decimals, ``null`` for nothing."""
    names = [json.dumps(c.name) for c in sheet.table.columns]
    lines = []
    for row in sheet.table.rows:
        values = [figure(text, c) or (_quoted(text) if text else "null") for text, c in zip(row, sheet.table.columns, strict=True)]
        lines.append("{" + ", ".join(f"{n}: {v}" for n, v in zip(names, values, strict=True)) + "}")
    return "[\n" + ",\n".join(lines) + "\n]\n"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False) if _special(text) else f'"{text}"'


def as_xlsx(sheet: Sheet) -> bytes:
    """A workbook: the rows with a frozen head, and a sheet 说明 that says what they are. Every word is text, never a formula."""
    columns = sheet.table.columns
    rows = [[_cell(text, c) for text, c in zip(row, columns, strict=True)] for row in sheet.table.rows]
    about = [((name, None), (value, None)) for name, value in sheet.about]
    return workbook((Grid("数据", [c.heading for c in columns], rows), Grid("说明", ("标题", sheet.title), about)))


def _cell(text: str, column: ColumnView) -> tuple[str, int | None]:
    found = figure(text, column)
    if found is None or len(found.replace(".", "").lstrip("-0")) > _EXACT:
        return text, None
    return found, column.decimals or len(found.partition(".")[2])
