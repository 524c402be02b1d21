"""How a sheet is laid out: the measures of each paper, and the type, the columns and the direction that a table needs.

Widths of text are reckoned in ems, so that a plan holds for any size of type; the typesetter only draws what is planned here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from sitegen.model.views import ColumnView, TableView

_PT = 72 / 25.4
"""Points in a millimetre."""


@dataclass(frozen=True, slots=True)
class Paper:
    """Measures of a sheet. Lengths in millimetres, type in points."""

    name: str
    width: float
    height: float
    side: float
    """Margin left and right."""
    top: float
    """From the edge to the text: band with section and posting period, double rule, name of the sheet on later pages."""
    bottom: float
    """From the edge to the text: whom to call, issuer and seal, code, line of pages."""
    foot: float
    """Height of the part of the foot that holds the code; a seal is 42 mm across."""
    code: float
    """Side of the code without its quiet zone."""
    letters: float
    """Width of the words beside the code."""
    sign: float
    """Width of the place for issuer, date and seal."""
    title: float
    body: float
    """Type of the text, 3号 as official documents have it."""
    table: float
    """Type of a table that has room."""
    least: float
    """The smallest type of a table that is still read from half a metre."""
    note: float
    """Type of what is said small."""
    rows: tuple[float, float, float]
    """Height of a row: closed up, usual on a sheet of many pages, and the most that a short table grows to."""


PAPERS = {
    "A3": Paper("a3", 297, 420, 22, 39, 68, 45, 34, 41, 70, 30, 16, 14, 10, 10.5, (6.7, 7.6, 12)),
    "A4": Paper("a4", 210, 297, 16, 31, 60, 40, 31, 34, 46, 22, 16, 14, 9, 8.5, (6.4, 6.9, 11)),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class TablePlan:
    """How a table is set."""

    size: float
    """Type in points."""
    flipped: bool
    """The sheet lies."""
    widths: tuple[float, ...]
    """Width of each column in ems of ``size``; together they fill the sheet."""
    figures: tuple[float, ...]
    """Width of the widest figure of each column in ems, 0 for columns of text."""
    grow: float
    """How many times larger the type could be before the columns no longer hold their text."""
    flat: float
    """Up to how many times larger type every cell keeps to one line, so that all rows are of one height; below 1 some cell wraps."""


_PAD = 0.9
"""White left and right of a cell's text, in ems."""

_HAN = "\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_SOLID = re.compile(rf"[^\s\u200b{_HAN}]+")


def width_of(text: str) -> float:
    """Width of the longest line in ems: 1 for a Chinese character, a little over half for a Latin one."""
    return max((sum(1.0 if unicodedata.east_asian_width(c) in "WFA" else 0.57 for c in line) for line in text.split("\n")), default=0.0)


def breakable(text: str, ems: float) -> str:
    """``text`` with places to break inside runs that are wider than ``ems`` and have none: long addresses, rows of full stops."""

    def cut(run: re.Match[str]) -> str:
        found = run.group()
        if len(found) < 4 or width_of(found) <= ems:
            return found
        step = max(1, int(ems / 1.6))
        return "\u200b".join(found[n : n + step] for n in range(0, len(found), step))

    return _SOLID.sub(cut, text)


def plan_table(table: TableView, numbered: bool, paper: Paper) -> TablePlan:
    """Size of type, direction and columns. ``numbered``: a column of running numbers comes first.

    Upright in full size where the columns fit, perhaps with wrapped text; else upright a little smaller; else lying.
    """
    columns = [[row[n] for row in table.rows] + ([table.totals[n]] if table.totals else []) for n in range(len(table.columns))]
    whole = [max(width_of(t) for t in (column.heading, *cells)) + _PAD for column, cells in zip(table.columns, columns, strict=True)]
    asked = [_asked(column, cells) for column, cells in zip(table.columns, columns, strict=True)]
    if numbered:
        whole, asked = [3.2, *whole], [(3.2, 3.2, 0.0), *asked]
    least = sum(a[0] for a in asked)
    upright, lying = ((side - 2 * paper.side) * _PT for side in (paper.width, paper.height))
    small = paper.table * 0.85
    flipped = upright / least < small and lying / least > upright / least * 1.05
    room = lying if flipped else upright
    # Where even the smallest readable type leaves too little, everything shrinks: small is better than cut.
    size = min(paper.table, room / least)
    ems = room / size
    wished = sum(a[1] for a in asked)
    if wished >= ems:
        share = (ems - least) / (wished - least) if wished > least else 0.0
        widths = [low + (high - low) * share for low, high, _ in asked]
    else:
        widths = [high * ems / wished for _, high, _ in asked]
    grow = min(width / low for width, (low, _, _) in zip(widths, asked, strict=True))
    broken = any("\n" in text for column in columns for text in column)
    flat = 0.0 if broken else min(width / one for width, one in zip(widths, whole, strict=True))
    return TablePlan(round(size, 2), flipped, tuple(round(w, 3) for w in widths), tuple(a[2] for a in asked), round(grow, 3), round(flat, 3))


def _asked(column: ColumnView, cells: Sequence[str]) -> tuple[float, float, float]:
    """The least a column can do with, what it wishes for, and the width of its widest figure."""
    widest = max((width_of(c) for c in cells), default=0.0)
    title = width_of(column.heading)
    if column.align == "right":
        figure = max(widest, 2.0)
        return max(figure, min(title, max(title / 2 + 0.5, 3.0))) + _PAD, max(figure, title) + _PAD, figure
    # A text may run over three lines, a very long one over more; dates, numbers and Latin words stay whole.
    solid = max((width_of(run) for c in cells for run in _SOLID.findall(c)), default=0.0)
    low = widest if column.align == "center" else min(widest, max(widest / 3 + 1, 4.0, min(solid, 8.0)), 16.0)
    return max(low, min(title, max(title / 2 + 0.5, 2.0))) + _PAD, min(max(widest, title), 26.0) + _PAD, 0.0
