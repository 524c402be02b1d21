"""How a sheet is laid out: the measures of each paper, and the type, the columns and the direction that a table needs.

Widths of text are reckoned in ems, so that a plan holds for any size of type; the typesetter only draws what is planned here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import ceil

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
    more: tuple[tuple[float, int], ...]
    """For type so many times as large: how many lines the rows have beyond their first, all together."""


_PAD = 0.9
"""White left and right of a cell's text, in ems."""

# Between Chinese characters a line may end anywhere; not between stops and brackets (U+3000 to U+303F).
_HAN = "\u2e80-\u2fff\u3040-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_SOLID = re.compile(rf"[^\s\u200b{_HAN}]+")


def width_of(text: str) -> float:
    """Width of the longest line in ems: 1 for a Chinese character, a little over half for a digit, rather too much than too little."""
    return max(sum(map(_width, line)) for line in text.split("\n"))


@cache
def _width(char: str) -> float:
    if unicodedata.east_asian_width(char) in "WFA":
        return 1.0
    return 0.92 if char in "mwMW@%&" else 0.7 if char.isupper() else 0.57


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
    asked = [_asked(c, [row[n] for row in table.rows] + ([table.totals[n]] if table.totals else [])) for n, c in enumerate(table.columns)]
    if numbered:
        asked = [_Asked(3.2, 3.2, 3.2, 0.0), *asked]
    least = sum(a.least for a in asked)
    upright, lying = ((side - 2 * paper.side) * _PT for side in (paper.width, paper.height))
    flipped = upright / least < paper.table * 0.8 and lying / least > upright / least * 1.05
    room = lying if flipped else upright
    # Where even the smallest readable type leaves too little, everything shrinks: small is better than cut.
    size = min(paper.table, room / least)
    widths = _shared(asked, room / size)
    grow = min(width / a.least for width, a in zip(widths, asked, strict=True))
    rooms = widths[1:] if numbered else widths
    more = tuple((k, _more_lines(table, rooms, k)) for k in (0.86, 0.93, 1.0, 1.15, 1.3, 1.6) if k <= max(1.0, grow * 1.1))
    return TablePlan(round(size, 2), flipped, tuple(round(w, 3) for w in widths), tuple(a.figure for a in asked), round(grow, 3), more)


def _more_lines(table: TableView, widths: Sequence[float], k: float) -> int:
    """Lines of all rows beyond their first. Reckoned rather too many than too few: a sheet must not run over."""
    head = max(
        len(lines) if (lines := heading(c, width).split("\n")) and k <= 1 else sum(_lines(x, width, k) for x in lines)
        for c, width in zip(table.columns, widths, strict=True)
    )
    return head - 1 + sum(max(_lines(text, width, k) for text, width in zip(row, widths, strict=True)) - 1 for row in table.rows)


def _lines(text: str, width: float, k: float) -> int:
    if "\n" in text:
        return sum(_lines(line, width, k) for line in text.split("\n"))
    room, own = width / k - _PAD + 0.2, width_of(text)
    # Stops that may not begin a line and words that stay whole leave white at the ends of lines.
    return 1 if own <= room else ceil(own / max(1.0, room - 1.0))


@dataclass(frozen=True, slots=True)
class _Asked:
    """Widths that a column asks for, in ems."""

    least: float
    """It cannot do with less: figures, dates and words stay whole, a heading takes two or three lines, a text some more."""
    good: float
    """Every cell on one line, the heading on two or three."""
    best: float
    """The heading on one line too."""
    figure: float
    """The widest figure; 0 for a column of text."""


def _shared(asked: Sequence[_Asked], ems: float) -> list[float]:
    """Widths that fill ``ems``: first the least, then cells on one line, then headings, then alike for all."""
    low = [a.least for a in asked]
    for high in ([a.good for a in asked], [a.best for a in asked]):
        if sum(high) >= ems:
            part = (ems - sum(low)) / (sum(high) - sum(low)) if sum(high) > sum(low) else 0.0
            return [x + (y - x) * part for x, y in zip(low, high, strict=True)]
        low = high
    return [width * ems / sum(low) for width in low]


def _asked(column: ColumnView, cells: Sequence[str]) -> _Asked:
    widest = max((width_of(c) for c in cells), default=0.0)
    title, unit = width_of(column.title), width_of(f"（{column.unit}）") if column.unit else 0.0
    # A heading takes two lines, its unit one more.
    head = max(min(title, max(title / 2 + 0.5, 2.0)), unit)
    if column.align == "right":
        figure = max(widest, 2.0)
        return _Asked(max(figure, head) + _PAD, max(figure, head) + _PAD, max(figure, title + unit) + _PAD, figure)
    # A text may run over three lines, a very long one over more; dates, numbers and Latin words stay whole.
    solid = max((width_of(run) for c in cells for run in _SOLID.findall(c)), default=0.0)
    low = widest if column.align == "center" else min(widest, max(widest / 3 + 1, 4.0, min(solid, 8.0)), 16.0)
    good = max(min(widest, 26.0), low, head)
    return _Asked(max(low, head) + _PAD, good + _PAD, max(good, title + unit) + _PAD, 0.0)


def heading(column: ColumnView, ems: float) -> str:
    """A column's heading in the lines that fit ``ems``: on one, the unit on its own, or the title halved as well."""
    room = ems - _PAD
    unit = f"（{column.unit}）" if column.unit else ""
    if width_of(column.title + unit) <= room:
        return column.title + unit
    title = column.title
    if width_of(title) > room and len(title) > 3 and width_of(title) / 2 <= room - 0.5:
        half = title.index("（") if "（" in title[1:] else (len(title) + 1) // 2
        title = f"{title[:half]}\n{title[half:]}"
    return "\n".join(t for t in (breakable(title, room), breakable(unit, room)) if t)
