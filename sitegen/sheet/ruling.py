"""Tables as the typesetter draws them: in points, where columns end, how high every row is, and what stands where in it.

The typesetter only draws what is placed here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from sitegen.model.content_views import ColumnView
from sitegen.sheet.widths import breakable, width_of

if TYPE_CHECKING:
    from sitegen.sheet.tables import Grid, TablePlan

PAD = 0.9
"""White left and right of a cell's text, in ems."""
LINE = 1.4
"""From line to line within a cell, in ems."""
_TALL = 12
"""Lines from which a row may run on over the end of a sheet."""


class Ruled(Struct, frozen=True):
    """A table in points: where its columns end, how high its rows are, and what stands where in them."""

    size: float
    width: float
    walls: tuple[float, ...]
    """Where columns end, without the last."""
    columns: tuple[tuple[str, float, float, float], ...]
    """Of each column: side on which its texts stand, how far from it, left edge and room of texts of several lines."""
    head: tuple[float, tuple[str, ...]] | None
    """Height, and headings in their lines."""
    heights: tuple[float, ...]
    rows: tuple[Any, ...]
    """Cells of each row: a text; ``[text, shift]``, a figure that much further left; ``{"w": text}``, one that takes several lines;
    ``{"r": nodes}``. Or a row of its own kind: ``{"cells": [[text, x, side, bold]], "walls", "fill", "rule"}``; ``"goes on"`` joins it to the row above."""

    def data(self) -> dict[str, Any]:
        """As the template reads it."""
        return {name: getattr(self, name) for name in self.__struct_fields__}

    @property
    def height(self) -> float:
        """Of the whole table."""
        return (self.head[0] if self.head else 0.0) + sum(self.heights)


def ruled(plan: TablePlan, k: float, row: float) -> Ruled:
    """A planned table in type ``k`` times as large, with rows so high that have one line."""
    grid, size = plan.grid, plan.size * k
    widths = [w * plan.size for w in plan.widths]
    edges = [0.0]
    for width in widths:
        edges.append(edges[-1] + width)
    more = LINE * size
    columns = _columns(plan, size, edges)
    fractions = _fractions(grid)
    lead = 1 if grid.numbered else 0
    rooms = [w / k - PAD + 0.2 for w in plan.rooms]
    heights: list[float] = []
    rows: list[Any] = []

    def body(numbers: Sequence[int]) -> None:
        counts = plan.lines(k)
        for place, n in enumerate(numbers, 1):
            cells: list[Any] = [str(place)] if grid.numbered else []
            texts = grid.rows[n]
            if counts[n] == 1 and not grid.rich:
                cells += [_figure(t, fractions[c], columns[c + lead][0], size) for c, t in enumerate(texts)]
                heights.append(row)
                rows.append(cells)
                continue
            if counts[n] > _TALL:
                _tall(cells, texts, rooms, row, more, heights, rows)
                continue
            for c, text in enumerate(texts):
                if (n, c) in grid.rich:
                    cells.append({"r": grid.rich[n, c]})
                elif "\n" in text or width_of(text) > rooms[c]:
                    cells.append({"w": breakable(text, rooms[c] - 0.2)})
                else:
                    cells.append(_figure(text, fractions[c], columns[c + lead][0], size))
            heights.append(row + (counts[n] - 1) * more)
            rows.append(cells)

    def sums(label: str, totals: Sequence[str], rule: str) -> None:
        first = next((n for n, text in enumerate(totals) if text), len(totals)) + lead
        cells: list[Any] = [[label, (edges[first] - edges[-1]) / 2, "center", True]] if first else []
        for n, text in enumerate(totals):
            if text:
                side, at, *_ = columns[n + lead]
                shift = _shift(text, fractions[n], side, size)
                cells.append([text, at - shift if side == "right" else at, side, True])
        heights.append(row)
        rows.append({"cells": cells, "walls": edges[max(first, 1) : -1], "fill": True, "rule": rule})

    if grid.groups:
        for group in grid.groups:
            if group.title:
                heights.append(row)
                rows.append({"cells": [[group.title, 0.6 * size, "left", True]], "walls": [], "fill": True, "rule": ""})
            body(group.rows)
            if group.totals:
                sums(group.label, group.totals, "")
    else:
        body(range(len(grid.rows)))
    if grid.totals:
        # A total in the very first column leaves no place for the label.
        first = next((n for n, text in enumerate(grid.totals) if text), len(grid.columns)) + lead
        sums(grid.label if first > 1 else "合计" if first else "", grid.totals, "thick")
    head = (row + (plan.head_lines(k) - 1) * more, (("序号",) if grid.numbered else ()) + plan.heads)
    return Ruled(round(size, 3), plan.width, tuple(edges[1:-1]), columns, head, tuple(heights), tuple(rows))


def _columns(plan: TablePlan, size: float, edges: Sequence[float]) -> tuple[tuple[str, float, float, float], ...]:
    grid = plan.grid
    made = []
    for n in range(len(edges) - 1):
        left, right = edges[n], edges[n + 1]
        column = None if grid.numbered and n == 0 else grid.columns[n - (1 if grid.numbered else 0)]
        side = "center" if column is None else _align(grid, n - (1 if grid.numbered else 0), column)
        if side == "right":
            # Figures end so far from the right that the widest stands in the middle.
            inset = max(0.3 * size, (right - left - plan.figures[n] * size) / 2)
            at = right - inset - edges[-1]
        elif side == "center":
            at = (left + right - edges[-1]) / 2
        else:
            at = left + 0.35 * size
        made.append((side, round(at, 3), round(left + 0.35 * size, 3), round(right - left - 0.7 * size, 3)))
    return tuple(made)


def _align(grid: Grid, n: int, column: ColumnView) -> str:
    """Figures to the right; short words in the middle, as lists have it; texts to the left."""
    if column.align == "left" and all(width_of(row[n]) <= 7 for row in grid.rows):
        return "center"
    return column.align


def _fractions(grid: Grid) -> list[int]:
    """Characters from the point on in the figure of each column that has the most."""
    rows = [*grid.rows, *([grid.totals] if grid.totals else []), *(g.totals for g in grid.groups if g.totals)]
    return [max((_fraction(row[n]) for row in rows), default=0) for n in range(len(grid.columns))]


def _fraction(text: str) -> int:
    return len(text) - text.rindex(".") if "." in text else 0


def _shift(text: str, longest: int, side: str, size: float) -> float:
    """How much further left a figure stands that lacks digits after the point, so that points stand below each other."""
    own = _fraction(text)
    if side != "right" or not text or own >= longest:
        return 0.0
    return round(width_of(("." + "0" * (longest - 1))[own:]) * size, 3)


def _figure(text: str, longest: int, side: str, size: float) -> Any:
    shift = _shift(text, longest, side, size)
    return [text, shift] if shift else text


def _tall(
    cells: list[Any], texts: Sequence[str], rooms: Sequence[float], row: float, more: float, heights: list[float], rows: list[Any]
) -> None:
    """A row of very many lines as several that go on over the end of a sheet."""
    parts = [_cut(text, max(1.0, room - 0.2)) for text, room in zip(texts, rooms, strict=True)]
    step = 6
    for start in range(0, max(len(p) for p in parts), step):
        count = min(step, max(len(p) for p in parts) - start)
        chunk: list[Any] = list(cells) if start == 0 else [""] * len(cells)
        chunk += [{"w": "\n".join(p[start : start + step])} if p[start : start + step] else "" for p in parts]
        heights.append((row if start == 0 else more) + (count - 1) * more)
        rows.append(chunk if start == 0 else {"goes on": chunk})


def _cut(text: str, room: float) -> list[str]:
    """A text in lines that certainly fit."""
    made = []
    for line in breakable(text, room).split("\n"):
        part = ""
        for char in line:
            if part and width_of(part + char) > room:
                made.append(part)
                part = ""
            part += char
        made.append(part)
    return made
