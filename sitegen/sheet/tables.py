"""Tables as they are planned: the type, direction and columns that a table needs, and how many lines its rows take.

Widths are reckoned in ems, so that a plan holds for any size of type.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any, Protocol

from msgspec import Struct, field

from sitegen.model.content_views import ColumnView, TableView
from sitegen.sheet.papers import Paper
from sitegen.sheet.reckon import lines_of
from sitegen.sheet.ruling import LINE, PAD, Ruled, ruled
from sitegen.sheet.widths import SOLID, breakable, width_of


class Group(Struct, frozen=True):
    """Rows that belong together: a part of an account (收入, 债权), with its own heading and sums."""

    title: str
    rows: tuple[int, ...]
    """Which rows of the table, in order."""
    totals: tuple[str, ...] = ()
    """One text per column, "" where none."""
    label: str = ""
    """What the sums are called: 收入小计."""


class Grid(Struct, frozen=True):
    """A table's texts, ready to be planned: numbered where it brings no numbers of its own."""

    columns: tuple[ColumnView, ...]
    rows: tuple[tuple[str, ...], ...]
    totals: tuple[str, ...]
    """() where no column has a total."""
    label: str
    """Of the totals: 合计（18户）."""
    numbered: bool
    groups: tuple[Group, ...] = ()
    rich: dict[tuple[int, int], list[Any]] = field(default_factory=dict)
    """By (row, column): inline nodes of cells that hold more than plain text."""


def grid_of(table: TableView, groups: tuple[Group, ...] = ()) -> Grid:
    """A table with its number of rows in the label of its totals."""
    first = table.columns[0]
    count = f"（{len(table.rows)}{table.count_unit}）" if table.count_unit else ""
    return Grid(table.columns, table.rows, table.totals or (), f"合计{count}", not (first.name == "no" or first.title == "序号"), groups)


class TablePlan(Struct, frozen=True, dict=True):
    """How a table is set."""

    grid: Grid
    size: float
    """Type in points."""
    flipped: bool
    """It wants a lying sheet."""
    width: float
    """Of the whole table in points."""
    widths: tuple[float, ...]
    """Width of each column in ems of ``size``, that of running numbers included; together they fill the sheet."""
    figures: tuple[float, ...]
    """Width of the widest figure of each column in ems, 0 for columns of text."""
    grow: float
    """How many times larger the type could be before the columns no longer hold their text."""

    @property
    def rooms(self) -> tuple[float, ...]:
        """Widths without the column of running numbers."""
        return self.widths[1:] if self.grid.numbered else self.widths

    @cached_property
    def heads(self) -> tuple[str, ...]:
        """Headings in their lines."""
        return tuple(heading(c, width) for c, width in zip(self.grid.columns, self.rooms, strict=True))

    def lines(self, k: float = 1.0) -> tuple[int, ...]:
        """Lines of each row in type ``k`` times as large. Rather too many than too few: a sheet must not run over."""
        found = self._lines.get(k)
        if found is None:
            widths = [w / k - PAD + 0.2 for w in self.rooms]
            found = self._lines[k] = tuple(
                max(1, *(_lines(t, w) for t, w in zip(row, widths, strict=True) if t)) if any(row) else 1 for row in self.grid.rows
            )
        return found

    def head_lines(self, k: float = 1.0) -> int:
        """Lines of the heading that has the most."""
        return max(_lines(text, width / k - PAD + 0.2) for text, width in zip(self.heads, self.rooms, strict=True))

    @cached_property
    def _lines(self) -> dict[float, tuple[int, ...]]:
        return {}

    @property
    def alike(self) -> bool:
        """Whether every row has one line."""
        return all(n == 1 for n in self.lines())

    @property
    def extra_rows(self) -> int:
        """Rows of one line besides head and body: sums, headings of groups."""
        return (1 if self.grid.totals else 0) + sum(bool(g.title) + bool(g.totals) for g in self.grid.groups)

    @property
    def count(self) -> int:
        """Rows of all kinds, the head among them."""
        return len(self.grid.rows) + 1 + self.extra_rows

    def draw(self, k: float, row: float) -> list[Ruled]:
        """The table as it is drawn."""
        return [ruled(self, k, row)]

    def height(self, k: float, row: float) -> float:
        """Points of the whole table in type ``k`` times as large, with rows so high that have one line."""
        more = sum(self.lines(k)) - len(self.grid.rows) + self.head_lines(k) - 1
        return self.count * row + more * LINE * self.size * k


def plan_table(
    grid: Grid, paper: Paper, *, width: float | None = None, landscape: bool | None = None, size: float | None = None
) -> TablePlan:
    """Size of type, direction and columns.

    Upright in full size where the columns fit, perhaps with wrapped text; else upright a little smaller; else lying. ``landscape`` decides the
    direction, ``width`` (points) and ``size`` are for tables that have no sheet to themselves.
    """
    asked = [
        _asked(
            c, [row[n] for row in grid.rows] + ([grid.totals[n]] if grid.totals else []) + [g.totals[n] for g in grid.groups if g.totals]
        )
        for n, c in enumerate(grid.columns)
    ]
    if grid.numbered:
        digits = max(3.2, width_of(str(len(grid.rows))) + PAD)
        asked = [_Asked(digits, digits, digits, 0.0), *asked]
    least = sum(a.least for a in asked)
    size = size or paper.table
    if width is not None:
        flipped, room = False, width
    else:
        upright, lying = paper.lying(yes=False).across, paper.lying(yes=True).across
        flipped = upright / least < size * 0.8 and lying / least > upright / least * 1.05 if landscape is None else landscape
        room = lying if flipped else upright
    # Where even the smallest readable type leaves too little, everything shrinks: small is better than cut.
    size = min(size, room / least)
    widths = _shared(asked, room / size)
    return TablePlan(
        grid, round(size, 2), flipped, room, tuple(round(w, 3) for w in widths), tuple(a.figure for a in asked),
        round(min(w / a.least for w, a in zip(widths, asked, strict=True)), 3),
    )  # fmt: skip


def _lines(text: str, room: float) -> int:
    if "\n" in text:
        return sum(_lines(line, room) for line in text.split("\n"))
    if width_of(text) <= room:
        return 1
    return max(2, lines_of(breakable(text, room - 0.2), max(1.0, room - 0.2)))


class _Asked(Struct, frozen=True):
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
        return _Asked(max(figure, head) + PAD, max(figure, head) + PAD, max(figure, title + unit) + PAD, figure)
    # A text may run over three lines, a very long one over more; dates, numbers and Latin words stay whole.
    solid = max((width_of(run) for c in cells for run in SOLID.findall(c)), default=0.0)
    low = widest if column.align == "center" else min(widest, max(widest / 3 + 1, 4.0, min(solid, 8.0)), 16.0)
    good = max(min(widest, 26.0), low, head)
    return _Asked(max(low, head) + PAD, good + PAD, max(good, title + unit) + PAD, 0.0)


def heading(column: ColumnView, ems: float) -> str:
    """A column's heading in the lines that fit ``ems``: on one, the unit on its own, or the title halved as well."""
    room = ems - PAD
    unit = f"（{column.unit}）" if column.unit else ""
    if width_of(column.title + unit) <= room:
        return column.title + unit
    title = column.title
    if width_of(title) > room and len(title) > 3 and width_of(title) / 2 <= room - 0.5:
        half = title.index("（") if "（" in title[1:] else (len(title) + 1) // 2
        title = f"{title[:half]}\n{title[half:]}"
    return "\n".join(t for t in (breakable(title, room), breakable(unit, room)) if t)


class Tabular(Protocol):
    """A table that can be given more or less room: ordinary, side by side, in parts, a statement."""

    @property
    def size(self) -> float:
        """Type in points."""

    @property
    def width(self) -> float:
        """In points."""

    @property
    def grow(self) -> float:
        """How many times larger the type could be before the columns no longer hold their text."""

    @property
    def count(self) -> int:
        """Rows of all kinds, the head among them."""

    @property
    def extra_rows(self) -> int:
        """Rows besides head and body."""

    @property
    def alike(self) -> bool:
        """Whether every row has one line."""

    def lines(self, k: float = 1.0) -> tuple[int, ...]:
        """Lines of each row of the body."""

    def head_lines(self, k: float = 1.0) -> int:
        """Lines of the head."""

    def height(self, k: float, row: float) -> float:
        """Points of the whole table."""

    def draw(self, k: float, row: float) -> list[Ruled]:
        """What is drawn, one table after the other."""
