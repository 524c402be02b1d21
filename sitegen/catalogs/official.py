"""The official table in a spreadsheet: sheets → head → rows, whatever the local variant of the head."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import python_calamine
from msgspec import Struct

from sitegen.load.cells import CELL_LIMIT, FILE_LIMIT, refuse_bombs
from sitegen.load.textfile import Unreadable, read_bytes

from .cells import levels_in
from .marks import plain, read_channels

_HEAD_WITHIN = 20
_HEAD_ROWS = 3

REQUIRED: Mapping[str, str] = {
    "name": "公开事项",
    "elements": "公开内容(要素)",
    "basis": "公开依据",
    "deadline": "公开时限",
    "subject": "公开主体",
    "channels": "公开渠道和载体",
    "audience": "公开对象",
    "method": "公开方式",
    "levels": "公开层级",
}
"""Columns that every table must have in some form, with their official names."""


class Sheet(Struct, frozen=True):
    """A sheet with its merged cells filled, so that every cell says what a reader sees for it."""

    name: str
    rows: tuple[tuple[str, ...], ...]
    """From the sheet's first row on: the row's number is its place + 1."""


class Column(Struct, frozen=True):
    """A column of the head: what it holds, what its heading is, and for marks what a mark means."""

    kind: str
    title: str
    value: str = ""


class Head(Struct, frozen=True):
    """Where the head stands and what its columns are, by place."""

    first: int
    last: int
    columns: Mapping[int, Column]

    def missing(self) -> list[str]:
        """Official names of required columns that the head lacks."""
        kinds = {c.kind for c in self.columns.values()}
        return [title for kind, title in REQUIRED.items() if kind not in kinds]


class Row(Struct, frozen=True):
    """A row of the table: its number, and the text of every cell with its place."""

    line: int
    cells: tuple[tuple[int, Column, str], ...]

    def text(self, kind: str) -> str:
        """The text of the first column of a kind, or an empty one."""
        return next((text for _, column, text in self.cells if column.kind == kind), "")

    def place(self, kind: str) -> int | None:
        """Number of the first column of a kind, from 1."""
        return next((place + 1 for place, column, _ in self.cells if column.kind == kind), None)


def read_sheets(path: Path) -> list[Sheet]:
    """The sheets of a workbook that hold anything. Raises :class:`sitegen.load.textfile.Unreadable`."""
    data = read_bytes(path, FILE_LIMIT)
    refuse_bombs(data)
    made = []
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        for name in book.sheet_names:
            sheet = book.get_sheet_by_name(name)
            if (sheet.end or (0, 0))[0] * ((sheet.end or (0, 0))[1] + 1) > CELL_LIMIT:
                raise Unreadable("SG107", "too many cells")
            rows = [[_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
            _fill(rows, sheet.merged_cell_ranges or [])
            if any(any(row) for row in rows):
                made.append(Sheet(name, tuple(tuple(row) for row in rows)))
    except python_calamine.CalamineError as error:
        raise Unreadable("SG202", str(error).splitlines()[0] if str(error) else "damaged or encrypted") from None
    return made


def _fill(rows: list[list[str]], merged: Sequence[tuple[tuple[int, int], tuple[int, int]]]) -> None:
    for (top, left), (bottom, right) in merged:
        if top >= len(rows) or left >= len(rows[top]):
            continue
        for r in range(top, min(bottom + 1, len(rows))):
            for c in range(left, min(right + 1, len(rows[r]))):
                rows[r][c] = rows[top][left]


def _text(cell: Any) -> str:
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat()
    text = "" if cell is None else str(cell)
    return text.replace("_x000D_", "").replace("\r\n", "\n").replace("\r", "\n").strip()


# ---- Head

_TOP = re.compile(r"公开事项|公开内容|公开要素|公开依据|公开时限|公开主体|公开渠道|公开对象|公开方式|公开层级")
_SUB = re.compile(
    r"[一二三]级事项|全社会|特定(?:群体|群众|对象|人群)|主动(?:公开)?|依申请(?:公开)?(?:公开)?|[县区乡镇街道村社居市、，()（）]+级"
)


def find_head(sheet: Sheet) -> Head | None:
    """The head: a row that names at least four of the official columns, and the rows of subheadings below it."""
    for r, row in enumerate(sheet.rows[:_HEAD_WITHIN]):
        if len({m[0] for cell in row if len(cell) < 60 and (m := _TOP.search(plain(cell)))}) >= 4:
            last = r
            while last + 1 < len(sheet.rows) and last + 1 < r + _HEAD_ROWS and _is_subhead(row, sheet.rows[last + 1]):
                last += 1
            return Head(r, last, _columns(sheet.rows[r : last + 1]))
    return None


def _is_subhead(head: Sequence[str], row: Sequence[str]) -> bool:
    fixed = [c for c in range(min(len(head), len(row))) if re.search("内容|要素|依据|时限", plain(head[c]))]
    if any(row[c] and row[c] != head[c] for c in fixed):
        return False
    return sum(1 for cell in row if _SUB.fullmatch(plain(cell)) or len(read_channels(cell).chosen) == 1) >= 2


def _columns(rows: Sequence[Sequence[str]]) -> dict[int, Column]:
    columns: dict[int, Column] = {}
    top = ""
    for place in range(max(len(row) for row in rows)):
        parts = [row[place] for row in rows if place < len(row) and row[place]]
        if not parts:
            continue
        first = rows[0][place] if place < len(rows[0]) else ""
        top = first or top  # merged cells that lost their merge leave their heading in the first column
        for kind, value in _classify(plain(top), plain(parts[-1])):
            title = parts[-1].replace("\n", "")
            columns[place] = Column(kind, title, value)
    return columns


def _classify(top: str, leaf: str) -> Iterator[tuple[str, str]]:
    """What a column holds by its heading and the one above it: at most one answer; columns that are not the official table's give none."""
    if re.search("一级事项", leaf):
        yield "group", ""
    elif re.search("三级事项", leaf):
        yield "third", ""
    elif re.search("二级事项", leaf) or (re.search("公开事项|事项名称", leaf)):
        yield "name", ""
    elif re.search("内容|要素", leaf) and "条款" not in leaf:
        yield "elements", ""
    elif "依据" in leaf:
        yield "basis", ""
    elif "时限" in leaf:
        yield "deadline", ""
    elif re.search("公开主体|责任主体|发布主体", leaf):
        yield "subject", ""
    elif re.search("渠道|载体", leaf):
        yield "channels", "grid"
    elif "渠道" in top and (channels := read_channels(leaf).chosen):
        yield "channels", channels[0]
    elif "全社会" in leaf:
        yield "audience", "全社会"
    elif re.search("特定", leaf):
        yield "audience", "特定群体"
    elif "对象" in leaf:
        yield "audience", ""
    elif "依申请" in leaf:
        yield "method", "依申请"
    elif "主动" in leaf:
        yield "method", "主动"
    elif "方式" in leaf and "公开" in leaf:
        yield "method", ""
    elif re.search("公开层级", leaf):
        yield "levels", ""
    elif ("层级" in top or leaf.endswith("级")) and (levels := levels_in(leaf)):
        yield "levels", "、".join(levels)


# ---- Rows

_NOTE = re.compile(r"^\s*(?:备?注|说明|填表|制表)\s*[:：\d]?")


def read_rows(sheet: Sheet, head: Head) -> Iterator[Row | tuple[int, str]]:
    """The rows below the head, filled down where a cell says «as above»; or a row's number and text where it is none of the table."""
    above: Row | None = None
    heads = {tuple(r) for r in sheet.rows[head.first : head.last + 1]}
    for r in range(head.last + 1, len(sheet.rows)):
        row = sheet.rows[r]
        texts = [cell for cell in row if cell]
        if not texts or row in heads:
            continue
        cells = tuple((place, column, row[place] if place < len(row) else "") for place, column in sorted(head.columns.items()))
        filled = [text for _, column, text in cells if text and column.kind != "group"]
        if not filled and not any(text for _, _, text in cells):
            continue  # a number, a telephone: columns that are not the official table's
        if len(set(texts)) == 1 or not [t for _, c, t in cells if t and c.kind in ("elements", "basis", "deadline", "subject")]:
            if not _NOTE.match(texts[0]):
                yield r + 1, " ".join(dict.fromkeys(texts))
            continue
        made = Row(r + 1, cells)
        if above is not None:
            made = Row(r + 1, tuple((p, c, _as_above(above, c, p, t)) for p, c, t in cells))
        above = made
        yield made


def _as_above(above: Row, column: Column, place: int, text: str) -> str:
    """同上, and an empty 一级事项 or 二级事项 (a merged cell that lost its merge), mean the cell above."""
    if text not in ("同上", "〃") and (text or column.kind not in ("group", "name")):
        return text
    return next((t for p, _, t in above.cells if p == place), "")
