"""The page of a unit's notice boards (公示栏): what hangs where, until when, and what is to be replaced."""

from __future__ import annotations

from dataclasses import dataclass

from sitegen.boards.draw import Drawn, drawn
from sitegen.boards.words import summary
from sitegen.model.views import UnitView
from sitegen.model.wall import WaitingView, WallView

from . import meta
from .spec import PageSpec

PATH = "board/"
TITLE = "公示栏"


@dataclass(frozen=True, slots=True)
class BoardData:
    """What the page shows."""

    wall: WallView
    boards: tuple[Drawn, ...]
    told: str
    """In one line how it stands."""
    waiting: tuple[WaitingView, ...]
    """Postings that run and have no place."""
    more: int
    """Other sheets that would hang if there were room."""
    slugs: dict[str, str]
    """Folder of a record's page below ``r/``, by its id."""


def board_pages(view: UnitView) -> list[PageSpec]:
    """The page, where the unit has boards with slots and anything hangs there."""
    wall = view.wall
    if wall is None or not wall.hung:
        return []
    boards = tuple(d for b in view.boards if (d := drawn(b, wall)).rows)
    waiting = tuple(w for w in wall.waiting if w.sheet.legal)
    told = summary(wall)
    data = BoardData(wall, boards, told, waiting, len(wall.waiting) - len(waiting), {r.id: r.slug for r in view.records})
    description = f"{view.unit.name}{TITLE}：{told}。"
    return [PageSpec(PATH, "pages/board.html", TITLE, description, "board", data, meta=meta.column(view, TITLE, description))]
