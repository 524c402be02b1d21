"""What hangs on a unit's boards (公示栏), as pages, drawings and lists show it."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from msgspec import Struct

from .base import PaperName

PaperState = Literal["planned", "new", "current", "outdated"]
"""``planned``: nothing of the unit is recorded as printed; ``new``: this sheet is not; ``outdated``: what was printed is an earlier revision."""
WaitingWhy = Literal["topic", "size", "full"]
RestingWhy = Literal["over", "invalid", "newer", "old"]
"""Its posting period is over; it is no longer in force; a newer one takes its place; it hung long enough."""


class SheetView(Struct, frozen=True):
    """A record's sheet, as lists name it."""

    record: str
    """Id of the record."""
    code: str
    rev: int
    title: str
    start: dt.date
    """From when it hangs: the first day of its posting, else of its publication."""
    end: dt.date | None
    """The last day of its posting period; ``None`` for a sheet without one."""
    legal: bool
    """Its posting period runs."""
    provisional: bool = False
    """The last day was counted beyond the calendar's data."""
    printed: int | None = None
    """The revision that was printed last; ``None`` for none."""


class HungView(Struct, frozen=True):
    """A sheet that hangs, or is to hang."""

    sheet: SheetView
    board: str
    places: tuple[tuple[str, int], ...]
    """(slot, nth place of it from 0) of every place that it takes."""
    labels: tuple[str, ...]
    """What the places are called: C2, or C2-1 where a slot has several."""
    paper: PaperName
    landscape: bool
    pages: int
    """Sheets of this paper."""
    borrowed: bool
    """It hangs in a slot for something else, since it must hang."""
    state: PaperState


class WaitingView(Struct, frozen=True):
    """A sheet that ought to hang and has no place."""

    sheet: SheetView
    why: WaitingWhy
    taken_by: tuple[SheetView, ...]
    """``full``: what has the places it could have."""
    pages: int
    """Pages that it takes; 0 where that is not known."""


class RestingView(Struct, frozen=True):
    """A sheet that is not to hang any more."""

    sheet: SheetView
    why: RestingWhy


class WallView(Struct, frozen=True):
    """A unit's boards on one day."""

    hung: tuple[HungView, ...]
    """Board by board, slot by slot."""
    waiting: tuple[WaitingView, ...]
    """The most urgent first."""
    coming: tuple[SheetView, ...]
    """Postings that have not begun, the first first."""
    resting: tuple[RestingView, ...]
    recorded: bool
    """Whether anything of the unit is recorded as printed."""

    @property
    def on_wall(self) -> int:
        """Sheets that were printed and are to hang: whatever revision the paper is."""
        return sum(h.state in ("current", "outdated") for h in self.hung)

    @property
    def to_replace(self) -> int:
        """Sheets whose paper is an earlier revision."""
        return sum(h.state == "outdated" for h in self.hung)

    @property
    def to_put_up(self) -> int:
        """Sheets of which nothing was printed yet."""
        return sum(h.state == "new" for h in self.hung)

    def on(self, board: str, slot: str, n: int) -> HungView | None:
        """What hangs at a place."""
        return next((h for h in self.hung if h.board == board and (slot, n) in h.places), None)
