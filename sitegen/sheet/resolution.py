"""两公开: what was decided on the left, how it was carried out on the right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from sitegen.doctree import Node
from sitegen.sheet.compose import Opening, Placed, notes_height
from sitegen.sheet.papers import Paper
from sitegen.sheet.payload import Images, as_data, fitted, prepared
from sitegen.sheet.reckon import PITCH, height, lines_of
from sitegen.sheet.spec import SheetSpec
from sitegen.sheet.tables import grid_of, plan_table
from sitegen.sheet.widths import PT

_BETWEEN = 12 * PT
"""White between the halves, with a line in it."""
_BAR = 1.9
"""Height of the bar that names a half, in ems of the text."""


class _Half(Struct, frozen=True):
    data: dict[str, Any]
    blocks: Sequence[Node]
    paper: Paper
    width: float
    slack: int

    def at(self, size: float) -> Sequence[Node]:
        return fitted(self.blocks, self.paper, self.width, size)

    def height(self, k: float, air: float) -> float:
        size = self.paper.body * k
        lead = PITCH * size * air
        title = lines_of(self.data["title"], self.width / (size * 1.1)) * 1.1 * size * 1.5
        return (
            _BAR * size
            + 0.8 * size
            + title
            + (1.5 * size if self.data["date"] else 0.0)
            + 0.5 * size
            + height(self.at(size), self.width, size, lead, slack=self.slack)
        )


def compose_halves(spec: SheetSpec, paper: Paper, images: Images, slack: int) -> Placed:
    """A resolution and its result beside each other, in the largest type in which both are on one sheet; a table of the record below them."""
    width = (paper.across - _BETWEEN) / 2
    halves = [_Half(h, prepared(h["blocks"], images), paper, width, slack) for h in spec.data["halves"]]
    opening = Opening({**spec.data, "blocks": []}, (), paper, paper.across, slack)
    table = plan_table(grid_of(spec.table), paper, width=paper.across) if spec.table else None
    row = paper.rows[1] * PT
    below = notes_height(spec.data, paper, paper.across) + 4 * PT + (table.height(1, row) + paper.body * 0.35 * PT if table else 0.0)
    area = paper.down - below
    top = opening.height(1)

    def high(k: float, air: float = 1.0) -> float:
        return top + max(h.height(k, air) for h in halves)

    k, air = 1.0, 1.0
    for tried in (1.45, 1.35, 1.25, 1.15, 1.08, 1.0):
        if tried <= paper.growth and high(tried) <= area * (0.9 if tried > 1 else 1.0):
            k = tried
            break
    else:
        k, air = next(((k, a) for k, a in opening.closer if high(k, a) <= area), (opening.closer[1][0], 0.75))
    size = paper.body * k
    face = opening.face() | {
        "halves": [{**h.data, "blocks": as_data(h.at(size)), "size": round(size, 2), "lead": round(PITCH * size * air, 2)} for h in halves],
        "half": round(width, 2),
        # The halves end together where the sheet does.
        "tall": round(area - top, 2) if high(k, air) <= area else 0,
        "tables": [] if table is None else table.draw(1.0, row),
        "gap": round(paper.body * 0.35 * PT, 2),
    }
    pages = 1 if high(k, air) <= area else 1 + int(high(k, air) // area)
    return replace(Placed(face, pages, min(1.0, k, table.size / paper.table if table else 1.0)))
