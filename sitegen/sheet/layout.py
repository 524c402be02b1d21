"""How a sheet is laid out: the measures of each paper, and the type, the columns and the direction that a table needs.

Widths of text are reckoned in ems, so that a plan holds for any size of type; the typesetter only draws what is planned here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from math import ceil, floor

from sitegen.model.views import ColumnView, TableView

PT = 72 / 25.4
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
    "8K": Paper("8k", 270, 390, 20, 37, 66, 44, 33, 38, 66, 28, 16, 14, 9.5, 10, (6.7, 7.5, 12)),
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
    sure: tuple[float, ...]
    """For each row, up to how many times larger type its cells have one line each for certain."""
    lines: tuple[int, ...]
    """Lines of each row."""
    head_sure: float
    """Up to how many times larger type the headings keep to their lines."""
    head_lines: int
    """Lines of the heading that has the most."""
    totals_sure: float
    """The same as ``sure`` for the total row."""


_PAD = 0.9
"""White left and right of a cell's text, in ems."""

# Between Chinese characters a line may end anywhere; not between stops and brackets (U+3000 to U+303F).
_HAN = "\u2e80-\u2fff\u3040-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_SOLID = re.compile(rf"[^\s\u200b{_HAN}]+")


# Advances of the printable ASCII characters in thousandths of an em: of Noto Sans SC, and of Noto Serif SC.
_SANS = (
    224, 323, 474, 555, 555, 921, 680, 278, 338, 338, 467, 555, 278, 347, 278, 392, 555, 555, 555, 555, 555, 555, 555, 555,
    555, 555, 278, 278, 555, 555, 555, 474, 946, 608, 657, 638, 688, 589, 552, 689, 728, 293, 535, 646, 543, 812, 723, 742,
    633, 742, 635, 596, 599, 721, 575, 878, 573, 531, 603, 338, 392, 338, 555, 559, 606, 563, 618, 510, 620, 554, 325, 564,
    607, 275, 275, 552, 284, 926, 610, 606, 620, 620, 388, 468, 377, 607, 521, 802, 498, 521, 475, 338, 270, 338, 555,
)  # fmt: skip
_SERIF = (
    256, 308, 376, 574, 550, 923, 779, 196, 364, 364, 478, 580, 327, 346, 327, 352, 557, 471, 558, 557, 555, 558, 558, 549,
    558, 562, 327, 327, 580, 580, 580, 432, 912, 718, 670, 691, 770, 652, 629, 741, 853, 405, 403, 731, 625, 975, 796, 767,
    641, 767, 715, 567, 659, 797, 714, 1053, 700, 687, 605, 344, 352, 344, 580, 563, 435, 557, 638, 538, 629, 547, 388, 566,
    663, 332, 311, 607, 334, 974, 661, 596, 638, 607, 462, 473, 367, 653, 548, 838, 564, 552, 498, 374, 316, 374, 580,
)  # fmt: skip


@lru_cache(maxsize=1 << 14)
def width_of(text: str, *, serif: bool = False) -> float:
    """Width of the longest line in ems: 1 for a Chinese character, a little over half for a digit, never too little."""
    width = _serif_width if serif else _width
    return max(sum(map(width, line)) for line in text.split("\n"))


@cache
def _width(char: str, ascii_advances: tuple[int, ...] = _SANS) -> float:
    if " " <= char <= "~":
        return ascii_advances[ord(char) - 32] / 1000
    if char in "\u200b\n":
        return 0.0
    # Some letters of other scripts are wider than a Chinese character; the long dashes are two and three of them.
    kind, sort = unicodedata.east_asian_width(char), unicodedata.category(char)
    return 2.5 if char in "⸺⸻" else 1.0 if kind in "WF" or (kind == "A" and sort[0] in "PN") or sort == "Sm" else 1.2


@cache
def _serif_width(char: str) -> float:
    return _width(char, _SERIF)


def breakable(text: str, ems: float) -> str:
    """``text`` with places to break inside runs that are wider than ``ems`` and have none: long addresses, rows of full stops."""

    if len(text) < 4 or width_of(text) <= ems:
        return text

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
    upright, lying = ((side - 2 * paper.side) * PT for side in (paper.width, paper.height))
    flipped = upright / least < paper.table * 0.8 and lying / least > upright / least * 1.05
    room = lying if flipped else upright
    # Where even the smallest readable type leaves too little, everything shrinks: small is better than cut.
    size = min(paper.table, room / least)
    widths = _shared(asked, room / size)
    grow = min(width / a.least for width, a in zip(widths, asked, strict=True))
    rooms = widths[1:] if numbered else widths
    heads = [heading(c, width) for c, width in zip(table.columns, rooms, strict=True)]
    more = tuple((k, _more_lines(table, heads, rooms, k)) for k in (0.86, 0.93, 1.0, 1.15, 1.3, 1.6) if k <= max(1.0, grow * 1.1))
    return TablePlan(
        size=round(size, 2),
        flipped=flipped,
        widths=tuple(round(w, 3) for w in widths),
        figures=tuple(a.figure for a in asked),
        grow=round(grow, 3),
        more=more,
        sure=tuple(_sure(row, rooms) for row in table.rows),
        lines=tuple(_most_lines(row, rooms, 1.0) for row in table.rows),
        head_sure=_sure(heads, rooms, lines=True),
        head_lines=_most_lines(heads, rooms, 1.0),
        totals_sure=_sure(table.totals, rooms) if table.totals else 0.0,
    )


def _sure(cells: Sequence[str], widths: Sequence[float], *, lines: bool = False) -> float:
    """How many times larger the type may be for every cell to stay on one line (``lines``: on the lines it has)."""
    if not lines and any("\n" in c for c in cells):
        return 0.0
    # A little is left for what kerning adds.
    return floor(100 * min(width / (1.01 * width_of(c) + 0.65) for c, width in zip(cells, widths, strict=True))) / 100


def _more_lines(table: TableView, heads: Sequence[str], widths: Sequence[float], k: float) -> int:
    """Lines of all rows beyond their first. Reckoned rather too many than too few: a sheet must not run over."""
    return sum(_most_lines(cells, widths, k) - 1 for cells in (heads, *table.rows))


def _most_lines(cells: Sequence[str], widths: Sequence[float], k: float) -> int:
    return max(_lines(text, width, k) for text, width in zip(cells, widths, strict=True))


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
