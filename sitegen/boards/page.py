"""Plans and lists as one page of HTML: no script, no request, ready to print on A4."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from markupsafe import Markup
from msgspec import Struct

import sitegen
from sitegen.model.views import UnitView
from sitegen.model.wall import WaitingView, WallView
from sitegen.resources import resource
from sitegen.templates import environment, hash_of

from . import paper, words
from .draw import Drawn, drawn
from .lists import DayTasks
from .wall import Boards

_WAITING = 20
"""Sheets without a place that are named, besides postings."""


class UnitPart(Struct, frozen=True):
    """One unit on the page."""

    title: str
    sub: str
    told: str
    boards: tuple[Drawn, ...]
    waiting: tuple[WaitingView, ...]
    more: int
    days: tuple[DayTasks, ...] | None
    places: dict[str, str]


def plan_part(view: UnitView, boards: Boards, wall: WallView, day: dt.date, told: str, days: Sequence[DayTasks] | None) -> UnitPart:
    """A unit's plan, and with ``days`` what is to be done."""
    urgent = [w for w in wall.waiting if w.sheet.legal]
    others = [w for w in wall.waiting if not w.sheet.legal]
    return UnitPart(
        f"{view.unit.name}公示栏布置图",
        words.day(day),
        told,
        tuple(d for b in boards.boards if (d := drawn(b, wall)).rows),
        (*urgent, *others[:_WAITING]),
        max(0, len(others) - _WAITING),
        None if days is None else tuple(days),
        {b.id: b.place for b in boards.boards},
    )


def list_part(view: UnitView, days: Sequence[DayTasks], first: dt.date, last: dt.date) -> UnitPart:
    """What is to be done at a unit's boards."""
    span = words.day(first) if first == last else f"{words.day(first)}—{words.day(last)}"
    places = {b.id: b.place for b in view.boards}
    return UnitPart(f"{view.unit.name}公示栏张贴、撤下、更换清单", span, paper.counted(days), (), (), 0, tuple(days), places)


def html(parts: Sequence[UnitPart], title: str) -> str:
    """The page. The same parts give the same bytes."""
    templates = environment(resource("themes/boards"))
    style = (resource("themes/boards") / "boards.css").read_text(encoding="utf-8")
    return templates.get_template("boards.html").render(
        units=parts,
        title=title,
        style=Markup(style),
        policy=hash_of(style),
        w=words,
        place=paper.place,
        note=paper.note,
        foot=f"sitegen {sitegen.__version__}",
    )
