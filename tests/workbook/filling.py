"""Filling in a form as a clerk does."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from typing import Any

import openpyxl

from sitegen.model.region import Region
from sitegen.model.table import fold
from sitegen.workbook.labels import BY_KEY, DATA, HELP
from sitegen.workbook.template import write_template
from tests.workbook.places import VILLAGE

ROWS: list[dict[str, Any]] = [
    {"村民小组": "第一组", "户编号": "001", "承包方代表": "张小三", "补贴面积": 10.5, "补贴标准": 71, "补贴金额": 745.5},
    {"村民小组": "第二组", "户编号": "002", "承包方代表": "李四", "补贴面积": 8, "补贴标准": 71, "补贴金额": 568},
]
FIELDS: dict[str, Any] = {
    "title": "示例村2025年耕地地力保护补贴公示",
    "period": "2025年",
    "formed": dt.date(2025, 6, 27),
    "published": dt.date(2025, 6, 30),
    "posting_from": "2025年6月30日",
}


def form(region: Region, item: str, unit: str = VILLAGE) -> bytes:
    """The empty form."""
    return write_template(region, region.catalog.items[item], region.named(unit)[0])


def fill(
    region: Region,
    item: str,
    rows: Sequence[dict[str, Any]] = ROWS,
    body: Sequence[str] = ("公示期间有异议的，请向村务监督委员会提出，如张*三一户。",),
    unit: str = VILLAGE,
    **fields: Any,
) -> bytes:
    """The form with fields, text and rows filled in; a field that is "" is left empty."""
    book = openpyxl.load_workbook(io.BytesIO(form(region, item, unit)))
    sheet = book[HELP]
    places: dict[str, int] = {}
    for row in range(1, sheet.max_row + 1):
        places.setdefault(fold(str(sheet.cell(row, 1).value or "")).rstrip("*"), row)
    for key, value in {**FIELDS, **fields}.items():
        if fold(BY_KEY[key].title) in places:
            sheet.cell(places[fold(BY_KEY[key].title)], 2).value = value
        else:
            assert key not in fields or not value, f"the form does not ask for {key}"
    for n, text in enumerate(body):
        sheet.cell(places["正文"] + n, 2).value = text
    if rows:
        data = book[DATA]
        heads = {str(c.value).partition("(")[0]: c.column for c in data[1]}
        first = 3 if data.freeze_panes == "A3" else 2
        for n, filled in enumerate(rows):
            for head, value in filled.items():
                data.cell(first + n, heads[head]).value = value
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
