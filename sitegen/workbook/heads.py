"""Where the table of a sheet is: its head of one to three rows, what each column means, the unit above it, and where its rows end."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from msgspec import Struct
from rapidfuzz import fuzz

from sitegen.load.tables import columns_of, heading
from sitegen.model.catalog import Column, TableSchema
from sitegen.model.table import fold

from .books import Sheet, spelled
from .figures import ratio

_LOOKED_AT = 40
"""Rows in which a head may begin."""
_DEPTH = 3
_UNITS = "元|万元|亿元|亩|公顷|人|户|平方米|㎡|公斤|千克|斤|吨|米|公里|元/亩|元/人·月|元/人|元/月|元/户|%"
_UNIT_ONLY = re.compile(rf"[(（\[【]?(?:单位[:：])?({_UNITS})[)）\]】]?")
_UNIT_TAIL = re.compile(rf"[(（\[【](?:单位[:：])?({_UNITS})[)）\]】]|[/／、,，:：]({_UNITS})$|单位[:：]({_UNITS})")
_ABOVE = re.compile(r"(?:金额)?单位[:：]?((?:[^\s\d()（）]){1,12})")
_DECOR = re.compile(r"[*＊★☆※#]+|[①-⑳]|^\d+[.、](?=\D)|[:：]$")
_TOTAL = re.compile(r"^(合计|总计|总合计|共计|小计|本页小计|本页合计|累计|总数|合计金额|.{1,8}(小计|合计|总计))$")
_PLAIN_TOTAL = re.compile(r"^(合计|总计|总合计|共计|小计|本页小计|本页合计|累计)$")
_FOOT = re.compile(
    r"^(注|备注|说明|附注?|填表|制表|制单|审核|复核|负责人|单位负责人|主管|会计|出纳|经办|公示|监督电话|举报电话|联系电话|联系人|日期|填报|报送|盖章|签[字名章]|村委会|理事长|监委会|监事|打印|第\s*\d+\s*页|共\s*\d+\s*[页户人])"
)
NEAR = 82


class Placed(Struct, frozen=True):
    """A column of the sheet that the schema knows."""

    column: Column
    place: int
    heading: str
    unit: str
    """As the heading, or the line above the table, says it; "" where nothing does."""
    factor: Decimal | None
    """How many of the schema's unit one is; ``None`` where the two units have nothing to do with each other."""


class Head(Struct, frozen=True):
    """The head of a table."""

    first: int
    depth: int
    placed: tuple[Placed, ...]
    unknown: tuple[tuple[int, str], ...]
    """Place and heading of the columns that the schema does not know."""
    twice: tuple[tuple[Column, tuple[tuple[int, str], ...]], ...]
    """Columns that several headings stand for."""
    unit_above: str
    titles: tuple[tuple[int, int, str], ...]
    """Texts above the table, with their cells."""

    @property
    def body(self) -> int:
        """The row below the head."""
        return self.first + self.depth

    def missing(self, schema: TableSchema) -> list[Column]:
        """Required columns that the head does not have."""
        there = {p.column.name for p in self.placed} | {c.name for c, _ in self.twice}
        return [c for c in schema.fields if c.constraints.required and c.name not in there]


def filled(sheet: Sheet) -> list[list[Any]]:
    """The sheet's rows with every merged block filled with its first cell's value, in the rows where a head may stand."""
    rows = [list(row) for row in sheet.rows[: _LOOKED_AT + _DEPTH]]
    width = max((len(r) for r in rows), default=0)
    for row in rows:
        row += [""] * (width - len(row))
    for top, left, bottom, right in sheet.marks.merged:
        if top >= len(rows) or left >= width:
            continue
        for r in range(top, min(bottom, len(rows) - 1) + 1):
            for c in range(left, min(right, width - 1) + 1):
                rows[r][c] = rows[top][left]
    return rows


def find_head(sheet: Sheet, schema: TableSchema) -> Head | None:
    """The head that fits the schema best; ``None`` where no row has two of its columns."""
    rows = filled(sheet)
    best: tuple[tuple[int, int, int], Head] | None = None
    for first in range(min(_LOOKED_AT, len(rows))):
        if not any(spelled(c) for c in rows[first]):
            continue
        for depth in range(1, min(_DEPTH, len(rows) - first) + 1):
            head = _head(sheet, rows, first, depth, schema)
            known = len(head.placed) + len(head.twice)
            if known < 2:
                continue
            score = (-len(head.missing(schema)), known, -depth)
            if best is None or score > best[0]:
                best = (score, head)
    return best[1] if best else None


def _head(sheet: Sheet, rows: list[list[Any]], first: int, depth: int, schema: TableSchema) -> Head:
    above = _titles(sheet, first)
    unit_above = next((u for _, _, t in above if (u := _unit_above(t))), "")
    found: dict[str, list[tuple[Column, int, str, str]]] = {}
    unknown: list[tuple[int, str]] = []
    blocks = {(r, c): b for b in sheet.marks.merged for r in range(b[0], b[2] + 1) for c in range(b[1], b[3] + 1) if b[0] < first + depth}
    for c in range(len(rows[first])):
        texts: list[str] = []
        for r in range(first, first + depth):
            text = spelled(rows[r][c])
            if text and (not texts or text != texts[-1]):
                texts.append(text)
        if not texts:
            # The right part of a title's block belongs to no column.
            continue
        unit = ""
        kept = []
        for text in texts:
            if m := _UNIT_ONLY.fullmatch(_even(text)):
                unit = m[1]
            else:
                kept.append(text)
        if not kept:
            continue
        column, said = _match(kept, schema)
        unit = _unit_of(said) or unit
        block = blocks.get((first + depth - 1, c))
        if column is not None and block is not None and c > block[1] and block[0] >= first + depth - 1:
            continue  # one heading over several cells of its last row: the first is the column
        if column is None:
            unknown.append((c, "".join(kept) if len(kept) < 3 else kept[-1]))
        else:
            found.setdefault(column.name, []).append((column, c, said, unit))
    placed, twice = [], []
    for same in found.values():
        if len(same) > 1:
            exact = [s for s in same if heading(_clean(s[2])) == heading(s[0].title)]
            if len(exact) != 1:
                twice.append((same[0][0], tuple((c, said) for _, c, said, _ in same)))
                continue
            unknown += [(c, said) for _, c, said, _ in same if (c, said) != (exact[0][1], exact[0][2])]
            same = exact
        column, c, said, unit = same[0]
        placed.append(place_column(column, c, said, unit, unit_above))
    return Head(first, depth, tuple(placed), tuple(unknown), tuple(twice), unit_above, above)


def place_column(column: Column, place: int, said: str, unit: str, unit_above: str) -> Placed:
    """A column with its unit: that of its heading, else that above the table where it is of its kind."""
    if column.type not in ("number", "integer"):
        return Placed(column, place, said, "", Decimal(1))
    unit = unit or _unit_of(said)
    if unit:
        return Placed(column, place, said, unit, ratio(unit, column.unit))
    for part in re.split(r"[、,，/／]", unit_above):
        factor = ratio(part, column.unit) if part and column.unit else None
        if factor is not None:
            return Placed(column, place, said, part, factor)
    return Placed(column, place, said, "", Decimal(1))


def _even(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def _unit_of(text: str) -> str:
    m = _UNIT_TAIL.search(_even(text))
    return next((g for g in m.groups() if g), "") if m else ""


def _unit_above(text: str) -> str:
    m = _ABOVE.search(_even(text))
    return m[1].strip(":：") if m and ratio_known(m[1]) else ""


def ratio_known(units: str) -> bool:
    """Whether a text names units only, such as 元、亩."""
    return all(re.fullmatch(_UNITS, part) for part in re.split(r"[、,，/／]", units) if part)


def _clean(text: str) -> str:
    return _UNIT_TAIL.sub("", _DECOR.sub("", _even(text))) or text


def _match(texts: Sequence[str], schema: TableSchema) -> tuple[Column | None, str]:
    """The column that the texts of one column's head, from above, stand for, and the words by which it was known."""
    options = [texts[-1], "".join(texts), *("".join(texts[-2:]),), texts[0]] if len(texts) > 1 else [texts[0]]
    # 补贴面积 over 亩 is known by the upper one only where the lower one says nothing of its own.
    if len(texts) > 1:
        options = options[:-1]
    for option in options:
        for spelling in (option, _clean(option)):
            column = columns_of(schema, [spelling])[0]
            if column is not None:
                return column, option if _unit_of(option) else "".join(texts) if _unit_of("".join(texts)) else option
    return None, "".join(texts)


def _titles(sheet: Sheet, first: int) -> tuple[tuple[int, int, str], ...]:
    found = []
    for r in range(first):
        for c, value in enumerate(sheet.rows[r]):
            if text := spelled(value):
                found.append((r, c, text))
    return tuple(found)


def near_columns(head: Head, schema: TableSchema) -> list[tuple[Column, int, str]]:
    """Required columns that are missing, each with the unknown heading that looks most like it."""
    made = []
    for column in head.missing(schema):
        words = [column.title, *column.synonyms]
        scored = [(max(fuzz.ratio(_clean(h), w) for w in words), c, h) for c, h in head.unknown]
        scored += [(90.0, c, h) for c, h in head.unknown if any(len(w) > 1 and w in _clean(h) for w in words)]
        close = [s for s in scored if s[0] >= NEAR]
        if close:
            _, c, h = max(close, key=lambda s: (s[0], -s[1]))
            made.append((column, c, h))
    return made


class Line(Struct, frozen=True):
    """A row below the head."""

    row: int
    kind: str
    """``data``, ``total``, ``foot``, ``group`` (a line that names a group for the rows below) or ``unsure`` (may be a total)."""
    cells: tuple[Any, ...]


def lines(sheet: Sheet, head: Head, schema: TableSchema) -> Iterator[Line]:
    """Rows of the table, in order; empty ones and repeated heads are passed over."""
    heads = filled(sheet)[head.first : head.body]
    of_head = {c: {_even(spelled(row[c])) for row in heads} for c in range(len(heads[0]))}
    wanted = [p.place for p in head.placed if p.column.constraints.required] or [p.place for p in head.placed]
    texts = [p.place for p in head.placed if p.column.type == "string"]
    ended = False
    for r in range(head.body, len(sheet.rows)):
        row = sheet.rows[r]
        said = [(c, spelled(v)) for c, v in enumerate(row) if spelled(v)]
        if not said or (len(said) > 1 and all(_even(t) in of_head.get(c, ()) for c, t in said)):
            continue
        first = fold(said[0][1]).rstrip(":：")
        mapped = [c for c, _ in said if c in wanted]
        if any(_PLAIN_TOTAL.fullmatch(fold(t).rstrip(":：")) for _, t in said[:4]):
            ended = True
            yield Line(r, "total", row)
        elif _TOTAL.fullmatch(first) and not [c for c in texts if c in wanted and c != said[0][0] and sheet.cell(r, c)]:
            ended = True
            yield Line(r, "total" if not any(first == spelled(sheet.cell(r, c)) for c in texts if c in wanted) else "unsure", row)
        elif _is_foot(first, said, ended=ended, whole=len(mapped) == len(wanted), bare=not mapped):
            yield Line(r, "foot", row)
        elif len(said) == 1 and len(wanted) > 1 and re.fullmatch(r"第?.{1,6}[组屯队社]|.{1,8}村(?:民委员会)?|.{1,8}社区", first):
            yield Line(r, "group", row)
        else:
            yield Line(r, "data", row)


def _is_foot(first: str, said: Sequence[tuple[int, str]], *, ended: bool, whole: bool, bare: bool) -> bool:
    """Whether a row is what stands below a table: signatures, notes, 合计：… in words."""
    if re.match(r"^(合计|总计|共计)[:：(（]", first) or (bare and ended):
        return True
    return len(said) <= 3 and bool(_FOOT.match(first)) and (ended or not whole)
