"""A unit's boards on a day: what hangs where, what waits and why, what is to come down (公示栏布局).

The plan of a day goes on from that of the day before, from the first day of the quarter on: what hangs stays where it was put. Nothing but
the view decides it, so that the page, the lists and the drawing agree.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from functools import cached_property, lru_cache
from typing import cast, get_args

from msgspec.structs import replace

from sitegen.model.base import PaperName
from sitegen.model.catalog import Item
from sitegen.model.lastday import terms_of
from sitegen.model.record_views import RecordView
from sitegen.model.unit import Board, Slot
from sitegen.model.views import PaperView, UnitView
from sitegen.model.wall import HungView, PaperState, RestingView, RestingWhy, SheetView, WaitingView, WallView

from .extents import Extents, Fit
from .plan import Arrangement, Hung, Room, Sheet, Way, arrange
from .topics import ANY, OTHER, OWN, Subject, closeness, tier

FRESH = 92
"""Days for which an ordinary sheet is news: village affairs are disclosed at least once a quarter (村民委员会组织法)."""
KEPT = 366
"""Days after which an ordinary sheet has hung long enough, unless it is the newest of its item."""


def with_wall(view: UnitView) -> UnitView:
    """A filled view with its boards as they are to be; the same view for a unit without slots. Before the gate of the web: paper shows all."""
    boards = Boards(view)
    return replace(view, wall=boards.today) if boards.slots else view


@lru_cache(maxsize=512)
def _has_posting_rule(item: Item) -> bool:
    return any(t.kind == "posting" and "征求意见" not in (t.about or "") for t in terms_of(item))


class Boards:
    """The boards of one filled view; with ``board`` all are planned and that one is shown. ``day`` is a day, or ``None`` for the day of the view, whose states then decide."""

    def __init__(self, view: UnitView, board: str | None = None) -> None:
        self.view = view
        self.boards: tuple[Board, ...] = tuple(b for b in view.boards if board is None or b.id == board)
        self.slots: dict[tuple[str, str], Slot] = {(b.id, s.id): s for b in view.boards for s in b.slots}
        self.extents = Extents(view)
        self.papers: Mapping[str, PaperView] = {p.code: p for p in view.papers}
        self.items: Mapping[str, Item] = {i.item.id: i.item for f in view.fields for i in f.items}
        self.by_code = {r.code: r for r in view.records}
        self.sheets = [r for r in view.records if r.on_board and not r.internal]
        self._ways: dict[str, tuple[Way, ...]] = {}
        self._subjects: dict[str, Subject] = {}

    # ---- Days.

    @cached_property
    def as_of(self) -> dt.date:
        """The last day on which something is known to have happened; the view's day is this one or later."""
        days = [r.published for r in self.sheets]
        for posting in (r.posting for r in self.sheets if r.posting):
            if posting.state != "upcoming":
                days.append(posting.start)
            if posting.state == "over":
                days.append(posting.end + dt.timedelta(1))
        return max(days, default=dt.date(2000, 1, 1))

    def turns(self, first: dt.date, last: dt.date) -> list[dt.date]:
        """Days from ``first`` to ``last`` on which something begins or ends."""
        days = {r.published for r in self.sheets}
        for posting in (r.posting for r in self.sheets if r.posting):
            days |= {posting.start, posting.end + dt.timedelta(1)}
        return sorted(d for d in days if first <= d <= last)

    @cached_property
    def _quarter(self) -> dt.date:
        return dt.date(self.as_of.year, (self.as_of.month - 1) // 3 * 3 + 1, 1)

    @cached_property
    def _now(self) -> Arrangement:
        made = self._arranged(self._quarter, {})
        for day in self.turns(self._quarter + dt.timedelta(1), self.as_of - dt.timedelta(1)):
            made = self._arranged(day, made.hung)
        return self._arranged(None, made.hung)

    @cached_property
    def today(self) -> WallView:
        """The boards on the view's day."""
        return self._shown(None, self._now)

    def at(self, day: dt.date) -> WallView:
        """The boards on another day than the view's."""
        return self._shown(day, self._until(day))

    def following(self, first: dt.date, last: dt.date) -> Iterator[tuple[dt.date, WallView, WallView]]:
        """Every day of ``first`` to ``last`` on which anything changes: the day, the boards before it and on it."""
        made = self._until(first - dt.timedelta(1))
        shown = self._shown(first - dt.timedelta(1), made)
        for day in self.turns(first, last):
            made = self._arranged(day, made.hung)
            before, shown = shown, self._shown(day, made)
            yield day, before, shown

    def _until(self, day: dt.date) -> Arrangement:
        """How things hang on a day: going on from today, or for a day gone by from the first day of its quarter."""
        if day > self.as_of:
            made, since = self._now, self.as_of
        else:
            since = dt.date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
            made = self._arranged(since, {})
        for turn in self.turns(since + dt.timedelta(1), day):
            made = self._arranged(turn, made.hung)
        return made

    def _arranged(self, day: dt.date | None, before: Mapping[str, Hung]) -> Arrangement:
        return arrange(self._rooms, [self._sheet(r, rank) for r, rank in self._candidates(day)], before)

    @cached_property
    def _rooms(self) -> tuple[Room, ...]:
        return tuple(Room(board, slot.id, slot.capacity) for (board, _), slot in self.slots.items())

    # ---- What ought to hang.

    def _candidates(self, day: dt.date | None) -> Iterator[tuple[RecordView, tuple[int, ...]]]:
        """Sheets that ought to hang on a day, and how urgent each is."""
        newest = self._newest(day)
        for record in self.sheets:
            if not self._begun(record, day) or self._rests(record, day, newest) is not None:
                continue
            if record.posting is not None:
                rule = self.items.get(record.item)
                by_rule = rule is not None and _has_posting_rule(rule)
                yield record, (0 if by_rule else 1, record.posting.start.toordinal(), record.posting.end.toordinal())
            else:
                age = ((day or self.as_of) - record.published).days
                first = newest.get(record.item) == record.id
                yield record, (2 * (not first) + (age > FRESH), -record.published.toordinal())

    def _newest(self, day: dt.date | None) -> dict[str, str]:
        """By item: the newest of its sheets that are not posted for a time."""
        made: dict[str, str] = {}
        for record in self.sheets:  # newest first
            if record.posting is None and record.validity == "有效" and self._begun(record, day):
                made.setdefault(record.item, record.id)
        return made

    @staticmethod
    def _begun(record: RecordView, day: dt.date | None) -> bool:
        if record.posting is not None:
            return record.posting.state != "upcoming" if day is None else record.posting.start <= day
        return day is None or record.published <= day

    def _rests(self, record: RecordView, day: dt.date | None, newest: Mapping[str, str]) -> RestingWhy | None:
        """Why a sheet that has begun is not to hang any more; ``None`` while it is."""
        if record.validity != "有效" and (day is None or record.abolished is None or record.abolished <= day):
            return "invalid"
        if record.posting is not None:
            over = record.posting.state == "over" if day is None else record.posting.end < day
            return "over" if over else None
        if newest.get(record.item) != record.id:
            item = self.items.get(record.item)
            if item is not None and (item.periodic is not None or item.per == "single"):
                return "newer"
            if ((day or self.as_of) - record.published).days > KEPT:
                return "old"
        return None

    # ---- Where it may.

    def _sheet(self, record: RecordView, rank: tuple[int, ...]) -> Sheet:
        legal = record.posting is not None
        subject = self._subject(record)
        worst = OTHER if legal else ANY
        slots = frozenset(key for key, slot in self.slots.items() if tier(slot.topic, subject) <= worst)
        return Sheet(record.code, rank, legal, slots, lambda: self._ways_of(record, legal=legal))

    def _subject(self, record: RecordView) -> Subject:
        if record.id not in self._subjects:
            item = self.items.get(record.item)
            section = "居务" if record.section == "村务" and self.view.kind == "社区" else record.section
            names = (record.item, record.item_name, record.field, record.field_name, *((item.group,) if item else ()))
            self._subjects[record.id] = Subject(section, names)
        return self._subjects[record.id]

    def _ways_of(self, record: RecordView, *, legal: bool) -> tuple[Way, ...]:
        if record.code not in self._ways:
            self._ways[record.code] = tuple(self._reckoned(record, legal=legal))
        return self._ways[record.code]

    def _reckoned(self, record: RecordView, *, legal: bool) -> Iterator[Way]:
        subject = self._subject(record)
        paper = self.papers.get(record.code)
        printed = cast(PaperName, paper.paper) if paper and paper.rev == record.rev and paper.paper in get_args(PaperName) else None
        fits: dict[tuple[str, PaperName, bool], Fit | None] = {}
        ways: dict[tuple[str, Fit, int], dict[str, int]] = {}
        for (board, _), slot in self.slots.items():
            fit_tier = tier(slot.topic, subject)
            if fit_tier > (OTHER if legal else ANY):
                continue
            kind = (board, slot.paper, slot.landscape)
            if kind not in fits:
                fits[kind] = self.extents.in_slot(record, slot, printed)
            if (fit := fits[kind]) is not None:
                # Among slots for what it is about, the one that says it most exactly is preferred.
                far = 3 - closeness(slot.topic, subject) if fit_tier == OWN else 0
                ways.setdefault((board, fit, far), {})[slot.id] = fit_tier
        for (board, fit, far), tiers in ways.items():
            if fit.places > 1:  # pages may spread over all slots of the board that take them alike
                tiers = {s: t for (b, f, _), more in ways.items() if (b, f) == (board, fit) for s, t in more.items()}
            yield Way(board, fit.paper, fit.landscape, fit.pages, fit.places, tiers, fit.loss * 4 + far)

    # ---- As others see it.

    def _shown(self, day: dt.date | None, made: Arrangement) -> WallView:
        boards = {b.id: n for n, b in enumerate(self.boards)}  # those that are shown; all are planned together
        slots = {key: n for n, key in enumerate(self.slots)}
        hung = [self._hung(code, h, day) for code, h in made.hung.items() if h.way.board in boards]
        hung.sort(key=lambda h: (boards[h.board], [(slots[h.board, slot], n) for slot, n in h.places]))
        waiting = [
            WaitingView(self._seen(code, day), left.why, tuple(self._seen(c, day) for c in left.taken_by), left.pages)
            for code, left in made.left.items()
        ]
        newest = self._newest(day)
        coming, resting = [], []
        for record in self.sheets:
            if not self._begun(record, day):
                if record.posting is not None and record.validity == "有效":
                    coming.append(self._seen(record.code, day))
            elif (why := self._rests(record, day, newest)) is not None:
                resting.append(RestingView(self._seen(record.code, day), why))
        coming.sort(key=lambda s: (s.start, s.code))
        return WallView(tuple(hung), tuple(waiting), tuple(coming), tuple(resting), bool(self.papers))

    def _hung(self, code: str, hung: Hung, day: dt.date | None) -> HungView:
        places = tuple((p.slot, p.n) for p in hung.places)
        record, paper = self.by_code[code], self.papers.get(code)
        state: PaperState = (
            "planned" if not self.papers else "new" if paper is None else "outdated" if paper.rev < record.rev else "current"
        )
        labels = tuple(label(self.slots[hung.way.board, slot], n) for slot, n in places)
        way = hung.way
        return HungView(self._seen(code, day), way.board, places, labels, way.paper, way.landscape, way.pages, hung.borrowed, state)

    def _seen(self, code: str, day: dt.date | None) -> SheetView:
        record, paper = self.by_code[code], self.papers.get(code)
        posting = record.posting
        running = posting is not None and (posting.state == "on" if day is None else posting.start <= day <= posting.end)
        return SheetView(
            record=record.id,
            code=code,
            rev=record.rev,
            title=record.title,
            start=posting.start if posting else record.published,
            end=posting.end if posting else None,
            legal=running,
            provisional=bool(posting and posting.provisional),
            printed=paper.rev if paper else None,
        )


def label(slot: Slot, n: int) -> str:
    """What the nth place of a slot, from 0, is called."""
    return slot.id if slot.capacity == 1 else f"{slot.id}-{n + 1}"
