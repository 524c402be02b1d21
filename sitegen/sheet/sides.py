"""Tables that one column of rows does not do justice to: narrow lists side by side, tables of very many columns in parts."""

from __future__ import annotations

from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from sitegen.sheet.papers import Paper
from sitegen.sheet.ruling import LINE, Ruled, ruled
from sitegen.sheet.tables import Grid, TablePlan, plan_table
from sitegen.sheet.widths import PT

_BETWEEN = 1.6 * PT
"""Between two halves, which looks like a double line."""


class Pair(Struct, frozen=True):
    """A long narrow list in two halves on every sheet, read down the left one first."""

    half: TablePlan
    width: float
    first: float
    """Points that the first sheet has for the table, and all others."""
    others: float
    tail: float
    """Points needed below the last row."""

    def pages(self, row: float) -> list[tuple[int, int]]:
        """Rows of the left and the right half of each sheet, with rows so high."""
        left = len(self.half.grid.rows)
        made: list[tuple[int, int]] = []
        head = row + (self.half.head_lines() - 1) * LINE * self.half.size
        end = self.tail + (row if self.half.grid.totals else 0)
        while left > 0:
            room = (self.first if not made else self.others) - head
            hold = max(1, int(room / row + 1e-9))
            last = max(1, int((room - end) / row + 1e-9))
            if left <= 2 * last:
                made.append((-(-left // 2), left // 2))
                return made
            some = min(left, 2 * hold)
            # The rest must not be less than nothing: the total wants a row beside it.
            some = min(some, left - 1)
            made.append((-(-some // 2), some // 2))
            left -= some
        return made

    def draw(self, row: float) -> list[Ruled]:
        """A table for each sheet."""
        whole = ruled(self.half, 1.0, row)
        shift = self.half.width + _BETWEEN
        walls = (*whole.walls, self.half.width, shift, *(w + shift for w in whole.walls))
        columns = (
            *((side, self._moved(side, at, 0.0), left, room) for side, at, left, room in whole.columns),
            ("left", self.half.width, 0.0, 0.0),
            *((side, self._moved(side, at, shift), left + shift, room) for side, at, left, room in whole.columns),
        )
        assert whole.head is not None
        head = (whole.head[0], (*whole.head[1], "", *whole.head[1]))
        count, made, start = len(self.half.grid.rows), [], 0
        empty = [""] * len(whole.columns)
        for left, right in self.pages(row):
            rows: list[Any] = []
            for n in range(left):
                other = start + left + n
                rows.append([*whole.rows[start + n], "", *(whole.rows[other] if n < right else empty)])
            start += left + right
            heights = [row] * left
            if start >= count and self.half.grid.totals:
                sums = whole.rows[-1]
                texts = "　".join(
                    f"{c.title}{t}{c.unit or ''}" for c, t in zip(self.half.grid.columns, self.half.grid.totals, strict=True) if t
                )
                rows.append({**sums, "cells": [[f"{self.half.grid.label}　{texts}", 0.0, "center", True]], "walls": []})
                heights.append(row)
            made.append(Ruled(whole.size, self.width, walls, columns, head, tuple(heights), tuple(rows)))
        return made

    def _moved(self, side: str, at: float, shift: float) -> float:
        """A place in one half as a place in the whole: from the left, the middle or the right."""
        if side == "right":
            return round(at - (self.width - shift - self.half.width), 3)
        if side == "center":
            return round(at + shift + self.half.width / 2 - self.width / 2, 3)
        return round(at + shift, 3)


def plan_pair(grid: Grid, paper: Paper, first: float, tail: float) -> Pair | None:
    """A list in two halves on a standing or lying sheet, or ``None`` where its columns want the whole width or its rows several lines."""
    if grid.groups or grid.rich:
        return None
    half = plan_table(grid, paper, width=(paper.across - _BETWEEN) / 2)
    if half.size < paper.table * 0.9 or not half.alike:
        return None
    return Pair(half, paper.across, first, paper.down, tail)


class Parts(Struct, frozen=True):
    """A table of very many columns in several, one below the other, each with the columns that say whose row it is."""

    plans: tuple[TablePlan, ...]

    @property
    def size(self) -> float:
        """Type of the part that has the smallest."""
        return min(p.size for p in self.plans)

    @property
    def width(self) -> float:
        """Of every part."""
        return self.plans[0].width

    @property
    def grow(self) -> float:
        """Parts do not grow."""
        return 1.0

    @property
    def count(self) -> int:
        """Rows of all parts."""
        return sum(p.count for p in self.plans)

    @property
    def extra_rows(self) -> int:
        """The heads of later parts count as rows."""
        return sum(p.extra_rows + 1 for p in self.plans)

    @property
    def alike(self) -> bool:
        """Whether every row has one line."""
        return all(p.alike for p in self.plans)

    def lines(self, k: float = 1.0) -> tuple[int, ...]:
        """Lines of each row of each part."""
        return tuple(n for p in self.plans for n in p.lines(k))

    def head_lines(self, k: float = 1.0) -> int:
        """Of the head that has the most."""
        return max(p.head_lines(k) for p in self.plans)

    def height(self, k: float, row: float) -> float:
        """Of all parts with the white between them."""
        return sum(p.height(k, row) for p in self.plans) + (len(self.plans) - 1) * 2.5 * self.size

    def draw(self, k: float, row: float) -> list[Ruled]:
        """One table for each part."""
        return [ruled(p, k, row) for p in self.plans]


def plan_parts(grid: Grid, paper: Paper) -> Parts:
    """A table whose columns are too many to be read, in as few parts as keep its type readable; the first columns of text come with each."""
    keys = [0]
    for n, column in enumerate(grid.columns[1:3], 1):
        if column.align == "right":
            break
        keys.append(n)
    rest = [n for n in range(len(grid.columns)) if n not in keys]
    made: list[TablePlan] = []
    while rest:
        some = len(rest)
        while True:
            plan = plan_table(_only(grid, [*keys, *rest[:some]]), paper, width=paper.across)
            if plan.size >= paper.least or some == 1:
                break
            some = max(1, min(some - 1, int(some * plan.size / paper.least)))
        made.append(plan)
        rest = rest[some:]
    return Parts(tuple(made))


def _only(grid: Grid, places: list[int]) -> Grid:
    return replace(
        grid,
        columns=tuple(grid.columns[n] for n in places),
        rows=tuple(tuple(row[n] for n in places) for row in grid.rows),
        totals=tuple(grid.totals[n] for n in places) if grid.totals else (),
        groups=tuple(replace(g, totals=tuple(g.totals[n] for n in places) if g.totals else ()) for g in grid.groups),
    )
