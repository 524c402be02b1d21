"""Where everything on a sheet stands: sizes, white and rows, so that a sheet is filled and nothing runs over.

A short text is set larger, a long one closes up within bounds and then takes as few sheets as it needs; short tables grow their rows. All
of it is reckoned here; the typesetter draws.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from math import sqrt
from typing import Any

from msgspec import Struct

from sitegen.doctree import Node
from sitegen.sheet.fit import name_lines
from sitegen.sheet.papers import Paper
from sitegen.sheet.payload import as_data, fitted
from sitegen.sheet.reckon import PITCH, height, lines_of
from sitegen.sheet.ruling import LINE
from sitegen.sheet.sides import Pair
from sitegen.sheet.tables import Tabular
from sitegen.sheet.widths import PT


class Placed(Struct, frozen=True):
    """A composed sheet."""

    face: dict[str, Any]
    """What the template of the layout reads."""
    pages: int
    """How many it is reckoned to take."""
    scale: float
    """The smallest of its type against the usual one: below 1 it was set smaller to fit."""


_NO_TABLE: dict[str, Any] = {"tables": (), "gap": 0, "caption": "", "count": ""}


class Opening(Struct, frozen=True, dict=True):
    """Name, subtitle and text of a sheet, at any size."""

    data: dict[str, Any]
    blocks: Sequence[Node]
    paper: Paper
    width: float
    """Of the text in points."""
    slack: int = 0
    """Lines more that each paragraph may take than reckoned."""
    title: float = 0.0
    """Type of the name in points; 0: the paper's."""

    @cached_property
    def name(self) -> dict[str, Any]:
        """The name in its lines."""
        return name_lines(self.data, self.width, self.title or self.paper.title)

    @cached_property
    def _made(self) -> dict[float, Sequence[Node]]:
        return {}

    def type_of_name(self, k: float) -> float:
        """Points of the name beside a text ``k`` times as large as usual."""
        return float((self.title or self.paper.title) * min(min(k, 1.5) * self.name["size"], self.name["most"]))

    def height(self, k: float = 1.0, air: float = 1.0) -> float:
        """Points of it all with a text ``k`` times as large and ``air`` times the white between the lines."""
        size, high = self.paper.body * k, self.type_of_name(k)
        count = len(self.name["lines"])
        before, after = self._white(air)
        total = before + after + count * high + 0.5 * high * (count - 1)
        if self.data["subtitle"]:
            lines = lines_of(self.data["subtitle"], self.width / (0.85 * size))
            total += 0.7 * size + 0.85 * size * (1.5 * lines - 0.5)
        return total + height(self._at(size), self.width, size, PITCH * size * air, slack=self.slack)

    def _at(self, size: float) -> Sequence[Node]:
        """The text with tables and pictures as they are beside type of this size."""
        if size not in self._made:
            self._made[size] = fitted(self.blocks, self.paper, self.width, size)
        return self._made[size]

    def face(self, k: float = 1.0, air: float = 1.0, above: float = 0.0, between: float = 0.0) -> dict[str, Any]:
        """What the template reads of it. ``above`` and ``between`` are white above the name and between name and text, besides the usual."""
        before, after = self._white(air)
        size = self.paper.body * k
        return {
            "name": {"lines": self.name["lines"], "size": round(self.type_of_name(k), 2)},
            "above": round(above + before, 2),
            "below": round(after + between, 2),
            "size": round(size, 2),
            "lead": round(PITCH * size * air, 2),
            "blocks": as_data(self._at(size)),
            **_NO_TABLE,
        }

    def _white(self, air: float) -> tuple[float, float]:
        small = self.paper.name == "A4"
        return (4.5 if small else 6.5) * PT * air, (5 if small else 7) * PT * air

    @property
    def closer(self) -> tuple[tuple[float, float], ...]:
        """How it closes up when it is a little too long: type and air, least harm first."""
        last = self.paper.floor / self.paper.body
        return ((1.0, 0.8), (0.94, 0.75), (0.88, 0.7), (0.88, 0.6) if last > 0.86 else (0.82, 0.7))


def notes_height(data: dict[str, Any], paper: Paper, width: float) -> float:
    """Points of the notes below a text."""
    size = paper.note * 1.15
    return sum(2.5 * PT + size * (1.5 * lines_of(n, width / size) - 0.5) for n in data["notes"])


def compose_text(opening: Opening, area: float) -> Placed:
    """A sheet without a table: an area ``area`` points high."""
    tail = notes_height(opening.data, opening.paper, opening.width)

    def high(k: float, air: float = 1.0) -> float:
        return opening.height(k, air) + tail

    own = high(1)
    goal = area * 0.8
    k, air, above, between = 1.0, 1.0, 0.0, 0.0
    if own <= goal:
        # A short notice is set larger: it is read from two steps away.
        k = _larger(min(opening.paper.growth, goal / max(own, 1.0)), area * 0.86, high) or 1.0
        if k > 1:
            spare = max(0.0, area - high(k))
            above, between = min(14 * PT, spare * 0.2), min(7 * PT, spare * 0.1)
    elif own > area:
        # A few lines too long: it closes up. Lines do not divide where several sheets end.
        full = int(own // area)
        room = area if full == 1 else area * full * 0.98
        if full == 1 or own < area * (full + 0.2):
            k, air = next(((k, a) for k, a in opening.closer if high(k, a) <= room), (1.0, 1.0))
    taken = high(k, air)
    return Placed(opening.face(k, air, above, between), max(1, -int(-taken // area)), min(1.0, k))


def compose_table(opening: Opening, plan: Tabular, area: float, *, caption: str = "", count: str = "", grow: bool = True) -> Placed:
    """A sheet with a table below its text. ``caption`` stands above the table, ``count`` (共18户) below it; ``grow``: a short one fills the sheet."""
    paper = opening.paper
    closed, usual, most = (row * PT for row in paper.rows)
    gap = paper.body * 0.35 * PT
    rows = plan.count
    captions = (LINE * plan.size * lines_of(caption, plan.width / plan.size) + 0.7 * plan.size) if caption else 0.0
    counts = plan.size * 1.8 if count else 0.0
    extra = gap + notes_height(opening.data, paper, opening.width) + 2 * PT

    def closed_up(k: float) -> float:
        return min(closed * k, plan.size * k * 1.5)

    def table_high(k: float, row: float) -> float:
        return plan.height(k, row) + (captions + counts) * k

    def place(k: float, air: float, kt: float, row: float, above: float, pages: int) -> Placed:
        face = opening.face(k, air, above) | {
            "gap": round(gap, 2),
            "caption": caption,
            "count": count,
            "tables": plan.draw(kt, round(row, 3)),
        }
        return Placed(face, pages, min(1.0, k, kt * plan.size / paper.table))

    own, low = opening.height(), table_high(1, closed)
    free = area - own - extra - low
    if free >= 0:
        # One sheet. What is left when rows have grown goes into larger type, then into higher rows and more air.
        k, kt = 1.0, 1.0
        ample = most * 0.85
        if grow:
            limit = max(1.0, plan.grow)

            def high(k: float) -> float:
                kt = max(1.0, min(k, limit))
                return opening.height(k) + extra + max(table_high(kt, closed * kt), rows * ample * kt)

            grown = own + extra + max(low, rows * ample)
            if grown <= area * 0.85:
                k = _larger(min(1.6, limit * 1.2, area / grown), area * 0.95, high) or 1.0
                kt = max(1.0, min(k, limit))
                free = area - opening.height(k) - extra - table_high(kt, closed * kt)
        top = most * kt * ((1.0 if rows > 14 else 1.35 if rows > 9 else 1.6) if grow else 0.9)
        row = max(closed * kt, min(top, closed * kt + free / rows))
        return place(k, 1, kt, row, max(0.0, min(12 * PT, (free - (row - closed * kt) * rows) * 0.25)) if grow else 0.0, 1)

    # A little too long for one sheet: it closes up.
    for k, air, kt in (
        (1.0, 1.0, 1.0),
        (1.0, 1.0, 0.93),
        (1.0, 0.8, 0.93),
        (1.0, 0.8, 0.86),
        *((k, air, 0.86) for k, air in opening.closer[1:]),
    ):
        rest = area - extra - table_high(kt, closed_up(kt)) - opening.height(k, air)
        if rest >= 0:
            return place(k, air, kt, max(closed_up(kt), min(usual * kt, closed_up(kt) + rest / rows)), 0.0, 1)

    # As few sheets as the closed-up rows need, then rows as high as fill them evenly.
    def sheets(text: float, row: float) -> tuple[int, float, bool]:
        return _sheets(plan, area, text + gap + captions, row, extra + counts)

    k, air, high_, row = 1.0, 1.0, own, closed
    least, taken, begins = sheets(own, closed)
    if taken < 0.3 or (not begins and own / area % 1 < 0.7):
        # Little would stand on the last sheet, or a short text alone on one: rows close up, then the text.
        for step in ((1.0, 1.0), *opening.closer):
            tried = opening.height(*step)
            found = sheets(tried, closed_up(1))
            if found[0] < least or (found[0] == least and found[2] and not begins):
                (k, air), high_, row, (least, taken, begins) = step, tried, closed_up(1), found
                break
    up = most * 0.9
    for _ in range(8):
        middle = (row + up) / 2
        made, _, begun = sheets(high_, middle)
        if made > least or (begins and not begun):
            up = middle
        else:
            row = middle
    return place(k, air, 1.0, row, 0.0, least)


def compose_pair(opening: Opening, pair: Pair, *, caption: str = "") -> Placed:
    """A long narrow list in two halves: as few sheets as closed-up rows need, then rows as high as fill them evenly."""
    closed, usual = opening.paper.rows[0] * PT, opening.paper.rows[1] * PT * 1.1
    least = len(pair.pages(closed))
    row, up = closed, usual
    for _ in range(8):
        middle = (row + up) / 2
        if len(pair.pages(middle)) > least:
            up = middle
        else:
            row = middle
    gap = opening.paper.body * 0.35 * PT
    face = opening.face() | {"gap": round(gap, 2), "caption": caption, "tables": pair.draw(round(row, 3))}
    return Placed(face, least, min(1.0, pair.half.size / opening.paper.table))


def _sheets(plan: Tabular, area: float, text: float, row: float, end: float) -> tuple[int, float, bool]:
    """Number of sheets for a text so high and rows so high, how much of the last is taken, whether the table begins below the text."""
    more = plan.size * LINE
    head = row + (plan.head_lines() - 1) * more
    end += plan.extra_rows * row
    whole = area - head - 0.3 * PT
    left = area * (1 - text / area % 1) - head - 0.3 * PT
    lines = plan.lines()
    begun = left >= row + (lines[0] - 1 if lines else 0) * more
    made = 1 + int(text // area)
    if not begun:
        made, left = made + 1, whole
    if plan.alike:
        hold = int(left / row + 1e-9)
        if len(lines) <= hold:
            left -= len(lines) * row
        else:
            rest, each = len(lines) - hold, max(1, int(whole / row + 1e-9))
            made += -(-rest // each)
            left = whole - ((rest - 1) % each + 1) * row
    else:
        for n in lines:
            high = row + (n - 1) * more
            if left < high:
                made, left = made + 1, whole
            left -= high
    if left < end:
        return made + 1, (head + end) / area, begun
    return made, 1 - (left - end) / area, begun


def _larger(top: float, limit: float, high: Callable[[float], float]) -> float | None:
    """The first of some sizes, from ``top`` times the usual one down to it, that is no higher than ``limit``; ``None`` if none is."""
    k = most = top
    for _ in range(8):
        if k <= 1.03:
            return None
        if k <= most:
            own = high(k)
            if own <= limit:
                return k
            # Height shrinks at most as the square of the size: sizes that cannot fit are not tried.
            most = k * sqrt(limit / own) * 1.03
        k *= 0.93
    return None
