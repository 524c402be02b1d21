"""A board as it is drawn: its places in rows, each with what hangs there. Plain values for page, paper and screen."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from sitegen.model.unit import Board
from sitegen.model.wall import HungView, WallView

from .extents import size
from .wall import label

_ONE_ROW = 6
"""Places up to which a board is one row, where unit.yml does not say."""


class Cell(Struct, frozen=True):
    """A place of a board."""

    name: str
    """C2, or where a slot has several places C2-1."""
    topic: str
    wide: float
    high: float
    """Of the paper that it takes, in millimetres."""
    hung: HungView | None
    part: int
    """Which of the places of that sheet this is, from 1; 0 where nothing hangs."""


class Drawn(Struct, frozen=True):
    """A board with its rows from the top down."""

    board: Board
    rows: tuple[tuple[Cell, ...], ...]

    @property
    def cells(self) -> tuple[Cell, ...]:
        """All places."""
        return tuple(c for row in self.rows for c in row)

    @property
    def free(self) -> int:
        """Places where nothing hangs."""
        return sum(c.hung is None for c in self.cells)

    @property
    def hung(self) -> tuple[HungView, ...]:
        """What hangs on it, each once."""
        return tuple(dict.fromkeys(c.hung for c in self.cells if c.hung is not None))


def drawn(board: Board, wall: WallView) -> Drawn:
    """The board on the wall."""
    where = {(slot, n): (h, part) for h in wall.hung if h.board == board.id for part, (slot, n) in enumerate(h.places, 1)}
    cells: list[Cell] = []
    for slot in board.slots:
        wide, high = size(slot.paper, landscape=slot.landscape)
        for n in range(slot.capacity):
            hung, part = where.get((slot.id, n), (None, 0))
            cells.append(Cell(label(slot, n), slot.topic or "", wide, high, hung, part))
    return Drawn(board, _rows(cells, board.columns))


def _rows(cells: Sequence[Cell], columns: int | None) -> tuple[tuple[Cell, ...], ...]:
    if not cells:
        return ()
    if columns is None:
        rows = 1 if len(cells) <= _ONE_ROW else 2 if len(cells) <= 2 * (_ONE_ROW + 2) else 3
        columns = -(-len(cells) // rows)
    return tuple(tuple(cells[n : n + columns]) for n in range(0, len(cells), columns))
