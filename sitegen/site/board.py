"""The page of a unit's notice boards (公示栏): what hangs where, until when, and what is to be replaced."""

from __future__ import annotations

from msgspec import Struct

from sitegen.boards.draw import Drawn, drawn
from sitegen.boards.words import summary
from sitegen.model.content_views import PhotoView
from sitegen.model.views import UnitView
from sitegen.model.wall import WaitingView, WallView

from . import meta
from .spec import PageSpec

_PHOTOS = 4
PATH = "board/"
TITLE = "公示栏"


class BoardData(Struct, frozen=True):
    """What the page shows."""

    wall: WallView
    boards: tuple[Drawn, ...]
    told: str
    """In one line how it stands."""
    waiting: tuple[WaitingView, ...]
    """Postings that run and have no place."""
    more: int
    """Other sheets that would hang if there were room."""
    photos: dict[str, tuple[PhotoView, ...]]
    """By the place of a board: of its latest photos the newest day's, as far as they may be shown."""
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
    photos = _photos(view)
    data = BoardData(wall, boards, told, waiting, len(wall.waiting) - len(waiting), photos, {r.id: r.slug for r in view.records})
    description = f"{view.unit.name}{TITLE}：{told}。"
    files = tuple(p.file for shown in photos.values() for p in shown if p.file)
    return [PageSpec(PATH, "pages/board.html", TITLE, description, "board", data, meta=meta.column(view, TITLE, description), files=files)]


def _photos(view: UnitView) -> dict[str, tuple[PhotoView, ...]]:
    """By place of a board the photos of its last day, each once."""
    found: dict[str, dict[str, PhotoView]] = {}
    for photo in sorted((p for r in view.records for p in r.photos if p.place), key=lambda p: p.taken, reverse=True):
        here = found.setdefault(photo.place, {})
        if photo.file and all(p.taken == photo.taken for p in here.values()):
            here.setdefault(photo.file.href, photo)
    return {place: tuple(shown.values())[:_PHOTOS] for place, shown in found.items() if shown}
