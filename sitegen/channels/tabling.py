"""A table on a screen: as few rows as are read from across a room, as large as they fit, in parts where there are too many columns."""

from __future__ import annotations

import math
from collections.abc import Sequence

from msgspec import Struct

from sitegen.model.content_views import ColumnView, TableView
from sitegen.sheet.widths import width_of

SIZES = (46, 42, 38, 34, 31)
"""Type in pixels of a picture 1920 wide: from four metres the smallest is still read on a screen of 55 inches."""
_COMFORTABLE = 38
_PAD = 1.1
"""White beside a cell's text, in ems."""
_WIDEST = 11.0
"""Ems beyond which a text runs over several lines."""
_LEADING = 1.32
"""Height of a line within a cell, in ems."""
_AIR = 0.62
"""White above and below a cell's text together, in ems."""
_MOST_AIR = 0.72
_FEW = 3
"""Rows up to which a wide table may lie on its side."""
_SIDEWAYS = 34
"""Type in pixels below which it does."""


class TablePage(Struct, frozen=True):
    """What one slide shows of a table."""

    head: tuple[str, ...]
    align: tuple[str, ...]
    widths: tuple[float, ...]
    """Of the columns, in ems of ``size``."""
    rows: tuple[tuple[str, ...], ...]
    totals: tuple[str, ...]
    """Empty but on the last slide of the rows; the word 合计 stands in it."""
    size: int
    air: float
    """White above and below a cell's text, in ems each: few rows are set wider."""
    first: int
    last: int
    """Numbers of the first and the last row shown."""
    of: int
    """Rows of the whole table; 0 where it lies on its side."""
    part: int
    parts: int
    """Which part of the columns it is."""


def pages(table: TableView, most: int, width: float, height: float) -> list[TablePage]:
    """The table in slides of at most ``most`` rows; ``width`` and ``height`` are the room for it in pixels.

    A table of one to three rows that is too wide lies on its side: what it says of each in a column.
    """
    turned = (
        len(table.rows) <= _FEW
        and sum(_asked(_title(c), [r[n] for r in table.rows]) for n, c in enumerate(table.columns)) * _SIDEWAYS > width
    )
    if turned:
        table = _turned(table)
    # Tables of a text have no names of columns: they are shown as they were written.
    numbered = table.columns[0].name not in ("", "no") and table.columns[0].title != "序号" and len(table.rows) > 1
    head = (("序号",) if numbered else ()) + tuple(_title(c) for c in table.columns)
    align = (("center",) if numbered else ()) + tuple(_align(table, n) for n in range(len(table.columns)))
    rows = [((str(number),) if numbered else ()) + row for number, row in enumerate(table.rows, 1)]
    totals = _totals(table, numbered) if table.totals else ()
    asked = [_asked(head[n], [row[n] for row in (*rows, *([totals] if totals else []))]) for n in range(len(head))]
    size, parts = _parted(asked, width, 1 + (1 if numbered else 0))
    if len(parts) == 1:

        def slides(tried: int) -> int:
            return len(_stretches(rows, head if any(head) else (), totals, _shared(asked, width / tried), tried, most, height))

        # Rather a little smaller than over more slides.
        size = min((tried for tried in SIZES if tried == size or _COMFORTABLE <= tried < size), key=lambda tried: (slides(tried), -tried))
    made = []
    for part, columns in enumerate(parts, 1):
        widths = _shared([asked[n] for n in columns], width / size)
        chosen = [tuple(row[n] for n in columns) for row in rows]
        heads = tuple(_broken(head[n], w) for n, w in zip(columns, widths, strict=True)) if any(head) else ()
        last = tuple(totals[n] for n in columns) if totals else ()
        for first, end in _stretches(chosen, heads, last, widths, size, most, height):
            made.append(
                TablePage(
                    head=heads,
                    align=tuple(align[n] for n in columns),
                    widths=tuple(round(w, 2) for w in widths),
                    rows=tuple(chosen[first:end]),
                    totals=last if end == len(rows) else (),
                    size=size,
                    air=_aired(chosen[first:end], heads, last if end == len(rows) else (), widths, size, height),
                    first=first + 1,
                    last=end,
                    of=0 if turned else len(rows),
                    part=part,
                    parts=len(parts),
                )
            )
    return made


def _title(column: ColumnView) -> str:
    return column.title + (f"（{column.unit}）" if column.unit else "")


def _turned(table: TableView) -> TableView:
    columns = [ColumnView("", "", None, "left", None, False)]
    columns += [ColumnView("", f"第{n}项" if len(table.rows) > 1 else "", None, "left", None, False) for n in range(1, len(table.rows) + 1)]
    rows = tuple((_title(c), *(row[n] for row in table.rows)) for n, c in enumerate(table.columns))
    return TableView(tuple(columns), tuple(r for r in rows if any(r[1:])), None, None)


def _align(table: TableView, n: int) -> str:
    column = table.columns[n]
    return "center" if column.align == "left" and all(width_of(row[n]) <= 6 for row in table.rows) else column.align


def _totals(table: TableView, numbered: bool) -> tuple[str, ...]:
    """The total row with its word in the first place that is free."""
    assert table.totals is not None
    made = [*([""] if numbered else []), *table.totals]
    place = next((n for n, text in enumerate(made) if not text), None)
    if place is not None:
        made[1 if numbered and len(made) > 1 and not made[1] else place] = "合计"
    return tuple(made)


def _asked(head: str, cells: Sequence[str]) -> float:
    """Ems that a column needs: its cells on one line as far as that is sensible, its heading on two or three."""
    widest = max((width_of(c) for c in cells), default=0.0)
    title, bracket, unit = head.partition("（")
    heading = max(width_of(title) if len(title) <= 4 else width_of(title) / 2 + 0.6, width_of(bracket + unit))
    return max(min(widest, _WIDEST), heading, 2.0) + _PAD


def _parted(asked: Sequence[float], width: float, lead: int) -> tuple[int, list[list[int]]]:
    """The largest type at which all columns fit; where none does, columns in parts, each with the leading ones that name a row."""
    for size in SIZES:
        if sum(asked) * size <= width:
            return size, [list(range(len(asked)))]
    size = SIZES[-1]
    room = width / size
    lead = min(lead, len(asked) - 1)
    if sum(asked[:lead]) > room / 2:
        lead = 0
    parts: list[list[int]] = []
    now: list[int] = []
    left = room - sum(asked[:lead])
    for n in range(lead, len(asked)):
        if now and asked[n] > left:
            parts.append([*range(lead), *now])
            now, left = [], room - sum(asked[:lead])
        now.append(n)
        left -= asked[n]
    return size, [*parts, [*range(lead), *now]]


def _shared(asked: Sequence[float], room: float) -> list[float]:
    """Widths that fill the room, or as much of it as does not tear a small table apart."""
    whole = sum(asked)
    if whole >= room:
        return [a * room / whole for a in asked]
    return [a + (room - whole) / len(asked) for a in asked]


def _stretches(
    rows: Sequence[tuple[str, ...]],
    head: tuple[str, ...],
    totals: tuple[str, ...],
    widths: Sequence[float],
    size: int,
    most: int,
    height: float,
) -> list[tuple[int, int]]:
    """From which row to which every slide goes: as few slides as hold the rows, alike in number."""
    room = height - _high(head, widths, size)
    highs = [_high(row, widths, size) for row in rows]
    end = _high(totals, widths, size) if totals else 0.0
    for count in range(max(1, math.ceil(len(rows) / most)), len(rows) + 1):
        step = math.ceil(len(rows) / count)
        made = [(n, min(n + step, len(rows))) for n in range(0, len(rows), step)]
        if all(sum(highs[a:b]) + (end if b == len(rows) else 0) <= room for a, b in made):
            return made
    return [(n, n + 1) for n in range(len(rows))]


def _aired(
    rows: Sequence[tuple[str, ...]], head: tuple[str, ...], totals: tuple[str, ...], widths: Sequence[float], size: int, height: float
) -> float:
    """White above and below each row's text, so that a short table does not cower at the top of its slide."""
    lines = [cells for cells in (head, *rows, totals) if cells]
    free = height - sum(_high(cells, widths, size) for cells in lines)
    return round(min(_AIR / 2 + max(0.0, free) / len(lines) / 2 / size, _MOST_AIR), 3)


def _high(cells: Sequence[str], widths: Sequence[float], size: int) -> float:
    if not cells:
        return 0.0
    lines = max(
        sum(math.ceil(width_of(c) / max(1.0, w - _PAD) * 1.02) or 1 for c in cell.split("\n"))
        for cell, w in zip(cells, widths, strict=True)
    )
    return (lines * _LEADING + _AIR) * size


def _broken(head: str, width: float) -> str:
    """A heading with its unit on a line of its own where both do not fit on one."""
    title, bracket, unit = head.partition("（")
    return head if width_of(head) <= width - _PAD or not title else f"{title}\n{bracket}{unit}"
