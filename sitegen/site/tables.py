"""A public table as files to download: CSV, XLSX and JSON. The same table gives the same bytes.

Cells come as the page prints them; figures become figures again, exactly as printed. Nothing in a file can become a formula.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
from dataclasses import dataclass

from sitegen.model.views import ColumnView, TableView

BOM = "\ufeff"
"""Excel takes a CSV for UTF-8 only when it begins with this."""
_FIGURE = re.compile(r"-?\d+(\.\d+)?")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_EXACT = 15
"""Digits that a spreadsheet's number keeps."""
_WIDEST, _NARROWEST = 40, 8


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table with what a person who finds the file alone must know of it."""

    table: TableView
    title: str
    about: tuple[tuple[str, str], ...]
    """Where it is from, as (name, value): 发布机构, 发布日期, 网页 …"""
    day: dt.date
    """Of the present revision."""


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
    return json.dumps(text, ensure_ascii=False)


def as_xlsx(sheet: Sheet) -> bytes:
    """A workbook: the rows with a frozen head, and a sheet 说明 that says what they are. Every word is text, never a formula."""
    import xlsxwriter  # only where there is a table to write

    stream = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(stream, options) as book:
        book.set_properties({"title": sheet.title, "created": dt.datetime(sheet.day.year, sheet.day.month, sheet.day.day)})
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "vcenter", "bottom": 1, "bg_color": "#f3f5f7"})
        data = book.add_worksheet("数据")
        data.freeze_panes(1, 0)
        formats = {n: book.add_format({"num_format": _number_format(n)}) for n in {c.decimals or 0 for c in sheet.table.columns}}
        for n, column in enumerate(sheet.table.columns):
            data.write_string(0, n, column.heading, head)
            cells = [row[n] for row in sheet.table.rows]
            data.set_column(n, n, min(_WIDEST, max(_NARROWEST, *(_width(text) for text in (column.heading, *cells[:200])))) + 1)
            form = formats[column.decimals or 0]
            for line, text in enumerate(cells, 1):
                found = figure(text, column)
                if found is not None and len(found.replace(".", "").lstrip("-0")) <= _EXACT:
                    data.write_number(line, n, float(found), form)
                elif text:
                    data.write_string(line, n, text)
        about = book.add_worksheet("说明")
        about.set_column(0, 0, 14)
        about.set_column(1, 1, 80)
        for line, (name, value) in enumerate((("标题", sheet.title), *sheet.about)):
            about.write_string(line, 0, name)
            about.write_string(line, 1, value)
    return stream.getvalue()


def _number_format(decimals: int) -> str:
    return "#,##0" + ("." + "0" * decimals if decimals else "")


def _width(text: str) -> int:
    """About as many columns as a text takes: a Chinese character takes two."""
    return len(text) + sum(1 for c in text if c > "\u2e7f")
