"""Forms out: a workbook in which a clerk fills in what an item of the catalogue asks for. The same item, unit and catalogue give the same bytes.

Two sheets: 说明 with the record's fields, what the item must contain and a filled example; 数据 with the table's columns. Words are written as words, so
that nothing becomes a formula but the totals. What the form was made for stands in a cell and in the document's properties.
"""

from __future__ import annotations

import datetime as dt
import io
import unicodedata
from typing import Any

import xlsxwriter

from sitegen.model.base import Level
from sitegen.model.catalog import BOARD_CHANNEL, Column, Item, TableSchema
from sitegen.model.lastday import terms_of
from sitegen.model.region import Region, Unit
from sitegen.model.stages import STAGES
from sitegen.model.table import decimals_of

from .asking import Asking
from .example import example_rows
from .heading import CALENDAR, KINDS, SCOPES, WORKING, Header
from .labels import BY_KEY, DATA, END, HELP, STAMP, Label
from .stamp import stamp

ROWS = 2000
"""Rows of 数据 that have input checks."""
_BODY_ROWS = 6
_INK, _MUTED, _LINE, _RED, _FILL, _GROUND = "#1c2430", "#5a6573", "#c9d0d8", "#a61b1b", "#fffbe6", "#f0f3f2"
_FONT = "微软雅黑"
_NEEDED = ("title", "period", "issuer", "formed", "published", "posting_from", "scope", "attribute")
_EPOCH = dt.datetime(2020, 1, 1)
_WIDTHS = (17, 50, 46)


def write_template(region: Region, item: Item, unit: Unit) -> bytes:
    """The form for an item of the catalogue, for a unit. Raises ``ValueError`` when the unit's level does not publish the item."""
    if unit.level not in item.levels:
        raise ValueError("the item is not for this level")
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(
        stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    book.set_properties({"title": f"{item.id} {item.name} 填报表", "author": "", "created": _EPOCH})
    marks = stamp(region.catalog, item, unit.code)
    for name, value in marks.items():
        book.set_custom_property(f"sitegen-{name}", value, "text")
    schema = region.catalog.tables.get(item.table) if item.table else None
    columns = columns_for(schema, unit) if schema else []
    made = _Form(book, region, item, unit)
    made.help(schema, columns, marks)
    if schema is not None:
        made.data(schema, columns)
    book.close()
    return stream.getvalue()


def columns_for(schema: TableSchema, unit: Unit) -> list[Column]:
    """The columns that a unit fills in: a village does not name itself in every row."""
    return [c for c in schema.fields if c.name != "village" or unit.level is not Level.VILLAGE]


def labels_for(item: Item, unit: Unit, *, resolutions: bool) -> list[Label]:
    """The fields of a record that a form for the item asks for. ``resolutions``: another item of its kind is a decision that it may carry out."""
    village = unit.level is Level.VILLAGE
    posted = any(t.kind == "posting" for t in terms_of(item)) or BOARD_CHANNEL in item.channels
    staged = item.counterpart is not None and bool(item.counterpart.stages)
    asked = {
        "stage": staged,
        "changes": staged,
        "number": not village,
        "scope": village,
        "attribute": not village,
        "reviewed_by": bool(item.review),
        "reviewed_on": bool(item.review),
        "result_due": item.expects is not None and item.expects.kind == "result",
        "result_of": resolutions and item.expects is None,
        "posting_from": posted,
        "posting_days": posted,
        "posting_kind": posted,
        "posting_until": posted,
        "batch": item.per == "many" and item.table is not None,
        "subject": item.per == "many",
    }
    return [label for key, label in BY_KEY.items() if asked.get(key, True)]


class _Form:
    """Writes the two sheets."""

    def __init__(self, book: Any, region: Region, item: Item, unit: Unit) -> None:
        self.book, self.region, self.item, self.unit = book, region, item, unit
        self.formats: dict[tuple[tuple[str, Any], ...], Any] = {}

    def format(self, **given: Any) -> Any:
        """A cell format; the same one for the same look."""
        made = {"font_name": _FONT, "font_size": 11, "font_color": _INK, "valign": "vcenter", "text_wrap": True} | given
        key = tuple(sorted(made.items()))
        if key not in self.formats:
            self.formats[key] = self.book.add_format(made)
        return self.formats[key]

    # ---- 说明

    def help(self, schema: TableSchema | None, columns: list[Column], marks: dict[str, str]) -> None:
        """The fields to fill in, what must be disclosed, a filled example."""
        sheet = self.book.add_worksheet(HELP)
        sheet.hide_gridlines(2)
        for n, width in enumerate(_WIDTHS):
            sheet.set_column(n, n, width)
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.merge_range(
            0,
            0,
            0,
            2,
            f"{self.unit.data.name}　{self.item.name}　填报表",
            self.format(font_size=18, bold=True, bottom=5, bottom_color=_RED),
        )
        sheet.set_row(0, 34)
        intro = (
            "填浅黄色的格子，标 ＊ 的必填。"
            + ("名单、数字填在下面的“数据”表里。" if schema else "")
            + "填好存盘，把这个文件交给负责发布的人导入。"
        )
        sheet.merge_range(1, 0, 1, 2, intro, self.format(font_color=_MUTED))
        sheet.set_row(1, 24)
        row = self._fields(sheet, 3)
        sheet.write_string(row, 0, STAMP, self.format(font_size=9, font_color=_MUTED))
        sheet.write_string(row, 1, " ".join(f"{k}={v}" for k, v in marks.items()), self.format(font_size=9, font_color=_MUTED))
        sheet.write_string(row, 2, "请勿改动：导入时用来核对是哪个村、哪一版目录", self.format(font_size=9, font_color=_MUTED))
        row = self._duties(sheet, row + 2)
        if schema is not None:
            self._example(sheet, row + 1, schema, columns)

    def _section(self, sheet: Any, row: int, text: str) -> int:
        sheet.merge_range(row, 0, row, 2, text, self.format(bold=True, font_size=13, font_color=_RED, bottom=1, bottom_color=_LINE))
        sheet.set_row(row, 24)
        return row + 1

    def _fields(self, sheet: Any, row: int) -> int:
        row = self._section(sheet, row, "一、填写")
        peers = self.region.catalog.field_of[self.item.id].items
        resolutions = any(i.group == self.item.group and i.expects and i.expects.kind == "result" for i in peers)
        proposals = self._proposals()
        term = next((t for t in terms_of(self.item) if t.kind == "posting" and t.days), None)
        fill = {"bg_color": _FILL, "border": 1, "border_color": _LINE, "align": "left", "indent": 1}
        for label in labels_for(self.item, self.unit, resolutions=resolutions):
            needed = label.key in _NEEDED and (label.key != "posting_from" or term is not None)
            sheet.write_string(row, 0, label.title + (" ＊" if needed else ""), self.format(bold=needed))
            sheet.write_string(row, 2, self._note(label), self.format(font_size=10, font_color=_MUTED, indent=1))
            look = self.format(**fill, num_format="yyyy-mm-dd" if label.kind == "date" else "@")
            value = proposals.get(label.key, "")
            if label.kind == "long":
                rows = _BODY_ROWS if label.key == "body" else 2
                for n in range(rows):
                    sheet.write_blank(row + n, 1, None, look)
                    sheet.set_row(row + n, 40 if label.key == "body" else 22)
                row += rows
                continue
            if label.kind == "number" and value:
                sheet.write_number(row, 1, int(value), self.format(**fill, num_format="0"))
            elif value:
                sheet.write_string(row, 1, value, look)
            else:
                sheet.write_blank(row, 1, None, look if label.kind != "number" else self.format(**fill, num_format="0"))
            self._validate(sheet, row, label)
            sheet.set_row(row, 24)
            row += 1
        return row

    def _note(self, label: Label) -> str:
        if label.key == "reviewed_by":
            return (
                f"{'；'.join(self.item.review)}。按顺序写审核的组织或人，多步的用；隔开"
                if len(self.item.review) > 1
                else f"{self.item.review[0]}：写审核的组织或人"
            )
        if label.key == "title":
            return f"写清年份、什么事，如：{self.unit.data.name}2026年{self.item.name}公示"
        return label.note

    def _proposals(self) -> dict[str, str]:
        """What the item's rules settle already."""
        item, unit = self.item, self.unit
        header = Header(unit, item, {}, (), Asking("", {}), _EPOCH.date())
        organs = header.likely_organs()
        made = {"issuer": next(o.name for o in unit.data.organs if o.id == organs[0])} if len(organs) == 1 else {}
        made |= {k: str(v) for k, v in header.usual_audience().items()}
        term = next((t for t in terms_of(item) if t.kind == "posting" and t.days), None)
        if term is not None:
            made |= {"posting_days": str(term.days), "posting_kind": WORKING if term.day_kind == "working" else CALENDAR}
        if item.counterpart and unit.level in item.counterpart.stages:
            made["stage"] = STAGES[item.counterpart.stages.index(unit.level)]
        return made

    def _choices(self, key: str) -> list[str]:
        return {
            "issuer": [o.name for o in self.unit.data.organs],
            "posting_kind": list(KINDS),
            "scope": list(SCOPES),
            "attribute": ["主动公开", "依申请公开"],
            "stage": list(STAGES),
        }.get(key, [])

    def _validate(self, sheet: Any, row: int, label: Label) -> None:
        choices = self._choices(label.key)
        if choices and sum(len(c) + 1 for c in choices) <= 255:
            sheet.data_validation(
                row,
                1,
                row,
                1,
                {
                    "validate": "list",
                    "source": choices,
                    "error_title": "请从下拉单中选",
                    "error_message": f"{label.title}：请从下拉单中选一项。",
                },
            )
        elif label.kind == "date":
            sheet.data_validation(row, 1, row, 1, {**_DATES, "input_title": label.title, "input_message": "写成 2026-05-08"})
        elif label.kind == "number":
            check = {"validate": "integer", "criteria": "between", "minimum": 1, "maximum": 3660}
            sheet.data_validation(row, 1, row, 1, {**check, "error_title": label.title, "error_message": "请填天数，如 7。"})

    def _duties(self, sheet: Any, row: int) -> int:
        row = self._section(sheet, row, f"{END}这一项要公开什么")
        item, catalog = self.item, self.region.catalog
        laws = "、".join(f"《{catalog.laws[b.law].name}》{b.article or ''}" for b in item.basis if b.law in catalog.laws)
        facts = [
            ("公开事项", f"{item.id}　{item.group} · {item.name}"),
            ("公开内容", "\n".join(f"{n}. {text}" for n, text in enumerate(item.elements, 1))),
            ("公开依据", laws),
            ("公开时限", item.deadline.written),
            ("公开对象", item.audience_note or item.audience),
            ("公开渠道", "、".join(item.channels)),
            ("发布前要做", "；".join(item.review) or "无"),
            ("个人信息", "姓名导入时自动遮掩（张*三）。身份证号、银行卡号、电话、住址不要填；填了也会在导入时去掉。病情、收入不写。"),
        ]
        for title, text in facts:
            sheet.write_string(row, 0, title, self.format(valign="top"))
            sheet.merge_range(row, 1, row, 2, text, self.format(valign="top"))
            sheet.set_row(row, 6 + 17 * sum(1 + _width(line) // 92 for line in text.split("\n")))
            row += 1
        return row

    def _example(self, sheet: Any, row: int, schema: TableSchema, columns: list[Column]) -> None:
        row = self._section(sheet, row, f"三、填写示例（“{DATA}”表这样填；示例中的人和数字是假设的）")
        shown = columns
        head = self.format(bold=True, bg_color=_GROUND, border=1, border_color=_LINE, font_size=10, indent=1)
        cell = self.format(border=1, border_color=_LINE, font_size=10, align="left", indent=1)
        sheet.write_string(row, 0, "列名", head)
        sheet.write_string(row, 1, "填什么", head)
        sheet.write_string(row, 2, "例（第一行；第二行）", head)
        rows = example_rows(shown)
        for n, c in enumerate(shown, 1):
            needed = " ＊" if c.constraints.required else ""
            sheet.write_string(row + n, 0, _title(c) + needed, cell)
            sheet.write_string(row + n, 1, _asks(c), cell)
            sheet.write_string(row + n, 2, "　；　".join(r[n - 1] for r in rows if r[n - 1]), cell)
            sheet.set_row(row + n, 6 + 15 * (1 + _width(_asks(c)) // 54))

    # ---- 数据

    def data(self, schema: TableSchema, columns: list[Column]) -> None:
        """The table to fill in: headings that stay, totals below them, checks for every column."""
        sheet = self.book.add_worksheet(DATA)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        totals = any(c.total for c in columns)
        first = 2 if totals else 1
        sheet.freeze_panes(first, 0)
        sheet.set_row(0, 36)
        for n, c in enumerate(columns):
            sheet.set_column(n, n, max(10, min(28, _width(_title(c)) + 4)), self.format(**_look(c)))
            colour = _RED if c.constraints.required else _INK
            sheet.write_string(
                0, n, _title(c), self.format(bold=True, bg_color=_GROUND, border=1, border_color=_LINE, align="center", font_color=colour)
            )
            if totals:
                style = {"bold": True, "bottom": 2, "bottom_color": _LINE, "bg_color": _GROUND}
                if c.total:
                    letter = _letters(n)
                    look = self.format(**style, num_format=_number_format(c), align="right")
                    sheet.write_formula(1, n, f"=SUM({letter}{first + 1}:{letter}{first + ROWS})", look, 0)
                else:
                    sheet.write_string(1, n, "合计" if n == self._total_place(columns) else "", self.format(**style))
            sheet.data_validation(first, n, first + ROWS - 1, n, _check(c))

    @staticmethod
    def _total_place(columns: list[Column]) -> int:
        return next((n for n, c in enumerate(columns) if not c.total), 0)


_DATES = {
    "validate": "date",
    "criteria": "between",
    "minimum": dt.date(1949, 1, 1),
    "maximum": dt.date(2199, 12, 31),
    "error_title": "日期",
    "error_message": "请写成 2026-05-08 的样子。",
}


def _title(c: Column) -> str:
    return f"{c.title}({c.unit})" if c.unit else c.title


def _asks(c: Column) -> str:
    """What a column wants, in the clerk's words."""
    said = {
        "number": f"数字，{decimals_of(c)} 位小数以内" if c.decimals is not None else "数字",
        "integer": "整数",
        "date": "日期，如 2026-05-08",
        "yearmonth": "年月，如 2026-05",
        "year": "年份，如 2026",
        "boolean": "是 或 否",
    }.get(c.type, "从下拉单中选：" + "、".join(c.constraints.enum) if c.constraints.enum else "")
    return "。".join(t for t in (said, c.description) if t) or "文字"


def _number_format(c: Column) -> str:
    places = decimals_of(c)
    return "#,##0" + (f".{'0' * places}" if places else "")


def _look(c: Column) -> dict[str, Any]:
    match c.type:
        case "number" | "integer":
            return {"num_format": _number_format(c), "align": "right", "text_wrap": False}
        case "date":
            return {"num_format": "yyyy-mm-dd", "align": "center"}
        case "year":
            return {"num_format": "0", "align": "center"}
    return {"num_format": "@", "align": "left"}


def _check(c: Column) -> dict[str, Any]:
    """The input check of a column."""
    made: dict[str, Any] = {"input_title": c.title[:32], "input_message": _asks(c)[:255], "error_title": c.title[:32]}
    low = c.constraints.minimum
    if c.constraints.enum and sum(len(e) + 1 for e in c.constraints.enum) <= 255:
        return made | {"validate": "list", "source": list(c.constraints.enum), "error_message": "请从下拉单中选一项。"}
    match c.type:
        case "boolean":
            return made | {"validate": "list", "source": ["是", "否"], "error_message": "请选“是”或“否”。"}
        case "number" | "integer":
            kind = "decimal" if c.type == "number" else "integer"
            limit = float(low) if low is not None else -1e13
            word = f"，不小于 {low}" if low is not None else ""
            return made | {
                "validate": kind,
                "criteria": ">=",
                "value": limit,
                "error_message": f"这里填数字{word}。单位：{c.unit or '无'}。",
            }
        case "date":
            return made | _DATES
        case "year":
            return made | {
                "validate": "integer",
                "criteria": "between",
                "minimum": 1949,
                "maximum": 2199,
                "error_message": "请写年份，如 2026。",
            }
    longest = 24 if c.private else 20 if c.mask == "name" else 500
    text = "不要填身份证号、银行卡号或电话。" if c.private else "只写姓名。" if c.mask == "name" else "太长了，请写得短一些。"
    return made | {"validate": "length", "criteria": "<=", "value": longest, "error_message": text}


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _letters(n: int) -> str:
    return (chr(64 + n // 26) if n >= 26 else "") + chr(65 + n % 26)
