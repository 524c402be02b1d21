"""What is to be done at the boards: put up, take down, print again, hang elsewhere; for a day or a week (张贴、撤下、更换清单)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Literal

from msgspec import Struct

from sitegen.model.views import CodeView, UnitView
from sitegen.model.wall import HungView, RestingWhy, SheetView, WallView

from .wall import Boards

Kind = Literal["up", "down", "replace", "move"]
DownWhy = RestingWhy | Literal["place", "withdrawn", "merged", "gone"]
"""``place``: what is more urgent needs its place; ``withdrawn``, ``merged``, ``gone``: there is no such record any more."""
KINDS: tuple[Kind, ...] = ("down", "replace", "move", "up")
"""In the order in which they are done: what comes down makes room."""
_STILL = 31
"""Days for which a paper that was withdrawn is still looked for."""
_NO_RECORD = {"withdrawn": "withdrawn", "merged": "merged", "left": "withdrawn", "moved": "gone", "gone": "gone", "closed": "withdrawn"}


class Task(Struct, frozen=True):
    """One thing to do at a board."""

    kind: Kind
    sheet: SheetView
    board: str
    places: tuple[str, ...]
    """Where it hangs or is to hang; empty where that is not known."""
    paper: str = ""
    pages: int = 0
    why: DownWhy | None = None
    """``down``: why it comes down."""
    from_board: str = ""
    from_places: tuple[str, ...] = ()
    """``move``: where it hangs."""
    to_print: bool = False
    """There is no final print of this revision yet."""
    late: bool = False
    """It should have been done before."""


class DayTasks(Struct, frozen=True):
    """What is to be done on a day."""

    day: dt.date
    tasks: tuple[Task, ...]

    def of(self, kind: Kind) -> tuple[Task, ...]:
        """Those of one kind."""
        return tuple(t for t in self.tasks if t.kind == kind)


def tasks(view: UnitView, first: dt.date, last: dt.date, board: str | None = None) -> list[DayTasks]:
    """What is to be done from ``first`` to ``last``, day by day; days with nothing to do are left out.

    On the first day stand also papers of an earlier revision and sheets that ought to hang and were never printed for good. A unit that
    printed nothing for good has plan and periods only.
    """
    boards = Boards(view, board)
    if not boards.slots:
        return []
    by_day: dict[dt.date, list[Task]] = {first: []}
    for day, before, after in boards.following(first, last):
        by_day.setdefault(day, []).extend(_between(before, after))
    start = boards.at(first - dt.timedelta(1))
    by_day[first] += [*_overdue(start, by_day[first]), *_papers_without_record(view, first)]
    order = {b.id: n for n, b in enumerate(boards.boards)}

    def key(t: Task) -> tuple[int, int, tuple[str, ...], str]:
        return KINDS.index(t.kind), order.get(t.board, len(order)), t.places, t.sheet.code

    return [DayTasks(day, tuple(sorted(found, key=key))) for day, found in sorted(by_day.items()) if found]


def _between(before: WallView, after: WallView) -> Iterator[Task]:
    was, now = ({h.sheet.code: h for h in wall.hung} for wall in (before, after))
    for code, hung in now.items():
        old = was.get(code)
        if old is None:
            yield _up(hung)
        elif (old.board, old.places) != (hung.board, hung.places):
            yield Task("move", hung.sheet, hung.board, hung.labels, hung.paper, hung.pages, None, old.board, old.labels, _to_print(hung))
    rests = {r.sheet.code: r.why for r in after.resting}
    for code, hung in was.items():
        if code not in now:
            yield Task("down", hung.sheet, hung.board, hung.labels, hung.paper, hung.pages, rests.get(code, "place"))


def _up(hung: HungView, *, late: bool = False) -> Task:
    return Task("up", hung.sheet, hung.board, hung.labels, hung.paper, hung.pages, to_print=_to_print(hung), late=late)


def _to_print(hung: HungView) -> bool:
    return hung.state in ("planned", "new", "outdated")


def _overdue(start: WallView, known: list[Task]) -> Iterator[Task]:
    """Of what hangs already: papers that are out of date, and sheets of which nothing was printed."""
    leaving = {t.sheet.code for t in known if t.kind == "down"}
    for hung in start.hung:
        if hung.sheet.code in leaving:
            continue
        if hung.state == "outdated":
            yield Task("replace", hung.sheet, hung.board, hung.labels, hung.paper, hung.pages, to_print=True)
        elif hung.state == "new":
            yield _up(hung, late=True)


def _papers_without_record(view: UnitView, first: dt.date) -> Iterator[Task]:
    """Papers of records that were withdrawn or went elsewhere not long ago."""
    papers = {p.code: p for p in view.papers}
    for gone in view.codes:
        paper, why = papers.get(gone.code), _NO_RECORD.get(gone.state)
        if paper is None or why is None or (gone.on is not None and (first - gone.on).days > _STILL):
            continue
        yield Task("down", _sheet(gone, paper.rev, paper.on), "", (), paper.paper, 0, _down_why(why))


def _down_why(why: str) -> DownWhy:
    return "withdrawn" if why == "withdrawn" else "merged" if why == "merged" else "gone"


def _sheet(gone: CodeView, rev: int, on: dt.date) -> SheetView:
    return SheetView("", gone.code, rev, gone.title, on, None, False, False, rev)
