"""Which sheet hangs where: a pure function of the room that there is, the sheets, and what hangs already.

A sheet with a legal posting period comes before every sheet without one and never gives way to it. Among the others what is more urgent
comes first. What hangs stays where it hangs unless its place is needed, so that a small change moves few sheets. Every
sheet either has its place or is told why not. The order in which anything is given makes no difference.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Literal
from zlib import crc32

from msgspec import Struct, field

from sitegen.model.base import PaperName

Why = Literal["topic", "size", "full"]
"""No slot for what it is about; no slot large enough; every place it could have is taken."""
BORROWED = 2
"""The tier of slots that are for something else: only a posting with a legal period may hang there, and only if it must."""


class Place(Struct, frozen=True, order=True):
    """Room for one sheet of a slot's paper: the nth of the slot, from 0."""

    board: str
    slot: str
    n: int


class Room(Struct, frozen=True):
    """A slot with room for so many sheets of its paper beside each other."""

    board: str
    slot: str
    places: int


class Way(Struct, frozen=True):
    """One way in which a sheet may hang: all its pages on one board, set on one paper."""

    board: str
    paper: PaperName
    landscape: bool
    pages: int
    places: int
    """Places that they take: fewer than pages where two of them have room in one."""
    tiers: Mapping[str, int]
    """Slots that it may hang in: 0 made for what it is about, 1 for anything, 2 for something else (:data:`BORROWED`)."""
    loss: int = 0
    """0 on the paper that it is best read on or that was printed already; more on a smaller one."""


class Sheet(Struct, frozen=True):
    """A record's sheet that ought to hang."""

    code: str
    rank: tuple[int, ...]
    """What is smaller is more urgent."""
    legal: bool
    """Its posting period runs."""
    slots: frozenset[tuple[str, str]]
    """(board, slot) of every slot that would do for what it is about."""
    ways: Callable[[], Sequence[Way]]
    """Asked only where there may be a place: how many pages a sheet takes is dear to know."""

    @property
    def order(self) -> tuple[bool, tuple[int, ...], str]:
        """The order in which sheets get their places."""
        return (not self.legal, self.rank, self.code)


class Hung(Struct, frozen=True):
    """Where a sheet hangs, and how."""

    way: Way
    places: tuple[Place, ...]

    @property
    def borrowed(self) -> bool:
        """It hangs where something else belongs."""
        return any(self.way.tiers[p.slot] >= BORROWED for p in self.places)


class Left(Struct, frozen=True):
    """Why a sheet does not hang."""

    why: Why
    taken_by: tuple[str, ...] = ()
    """``full``: codes of the sheets that have the places it could have, the most urgent first."""
    pages: int = 0
    """``full``: pages that it takes, where that is known."""


class Arrangement(Struct, frozen=True):
    """Every sheet by its code: where it hangs, or why it does not."""

    hung: Mapping[str, Hung]
    left: Mapping[str, Left]


def arrange(rooms: Iterable[Room], sheets: Iterable[Sheet], before: Mapping[str, Hung] | None = None) -> Arrangement:
    """Give sheets their places. ``before`` is how they hang now; what of it is no longer possible is passed over."""
    wall = _Wall(rooms, before or {})
    left: dict[str, Left] = {}
    ordered = sorted(sheets, key=lambda s: s.order)
    wall.urgency = {s.code: n for n, s in enumerate(ordered)}
    legal = [s for s in ordered if s.legal]
    kept = {s.code for s in legal if wall.keep(s)}  # a posting that hangs goes on hanging, whatever comes
    for sheet in [s for s in legal if s.code not in kept] + [s for s in ordered if not s.legal]:
        if not wall.keep(sheet) and (why := wall.put(sheet)) is not None:
            left[sheet.code] = why
    return Arrangement(dict(sorted(wall.hung.items())), left)


class _Wall(Struct, dict=True):
    rooms: Iterable[Room]
    before: Mapping[str, Hung]
    hung: dict[str, Hung] = field(default_factory=dict)
    holder: dict[Place, str] = field(default_factory=dict)
    urgency: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.places: dict[tuple[str, str], list[Place]] = defaultdict(list)
        for room in self.rooms:
            self.places[room.board, room.slot] = [Place(room.board, room.slot, n) for n in range(room.places)]
        self.order = {p: n for n, p in enumerate(sorted(p for places in self.places.values() for p in places))}
        self.claim = {p: code for code, h in self.before.items() for p in h.places}
        self.sheets: dict[str, Sheet] = {}

    def keep(self, sheet: Sheet) -> bool:
        """Leave a sheet where it hangs, if it still may hang so."""
        if sheet.code in self.hung:
            return True
        was = self.before.get(sheet.code)
        if was is None or any(p not in self.order or p in self.holder for p in was.places):
            return False
        if was.borrowed and not sheet.legal:
            return False
        way = next((w for w in sheet.ways() if _same_way(w, was)), None)
        if way is None:
            return False
        self._hang(sheet, Hung(way, was.places))
        return True

    def put(self, sheet: Sheet) -> Left | None:
        """Find a place for a sheet, if need be by moving others that hang no worse elsewhere."""
        if not sheet.slots:
            return Left("topic")
        reach = [p for key in sorted(sheet.slots) for p in self.places.get(key, ())]
        if self._path(reach, sheet) is None:
            return Left("full", self._takers(reach))
        ways = [w for w in sheet.ways() if sheet.legal or min(w.tiers.values(), default=BORROWED) < BORROWED]
        if not any(sum(len(self.places[w.board, slot]) for slot in w.tiers) >= w.places for w in ways):
            return Left("size", pages=min((w.pages for w in ways), default=0))
        ways.sort(key=lambda w: (self._pinch(w, sheet), w.loss, w.board))
        for pinch in sorted({self._pinch(w, sheet) for w in ways}):
            # A single page has its choice of all boards; several pages stay together.
            alike = [w for w in ways if self._pinch(w, sheet) == pinch]
            singles = [w for w in alike if w.places == 1]
            if singles and self._put_single(sheet, singles):
                return None
            if any(self._put_pages(sheet, w) for w in alike if w.places > 1):
                return None
        return Left("full", self._takers(reach), min(w.pages for w in ways))

    def _pinch(self, way: Way, sheet: Sheet) -> int:
        """0 where a way has enough free places that nobody claims, 1 where it has not, 2 where they are borrowed."""
        fitting = [slot for slot, tier in way.tiers.items() if tier < BORROWED]
        free = [p for slot in fitting for p in self.places[way.board, slot] if p not in self.holder and self._unclaimed(p, sheet)]
        room = sum(len(self.places[way.board, slot]) for slot in fitting)
        return 0 if len(free) >= way.places else 1 if room >= way.places else 2

    def _unclaimed(self, place: Place, sheet: Sheet) -> bool:
        """Whether nobody else that is still to come hangs there now."""
        code = self.claim.get(place)
        return code is None or code == sheet.code or code in self.hung or code not in self.urgency

    def _wish(self, sheet: Sheet, way: Way, place: Place) -> tuple[int, ...]:
        """How little a place is wished for. Between equals a number decides that is the sheet's own, so that what others do hardly matters."""
        tier = way.tiers[place.slot]
        claimed = 0 if self._unclaimed(place, sheet) else len(self.urgency) + 1 - self.urgency[self.claim[place]]
        own = crc32(f"{sheet.code} {place.board} {place.slot}".encode()) if way.places == 1 else 0
        return (int(tier >= BORROWED), claimed, tier, way.loss, own, self.order[place])

    def _put_single(self, sheet: Sheet, ways: Sequence[Way]) -> bool:
        wishes = sorted(
            ((self._wish(sheet, w, p), n, p) for n, w in enumerate(ways) for slot in w.tiers for p in self.places[w.board, slot]),
            key=lambda wish: wish[:2],
        )
        found = self._path([p for _, _, p in wishes], sheet)
        if found is None:
            return False
        self._shift(found)
        way = ways[next(n for _, n, p in wishes if p == found[0])]
        self._hang(sheet, Hung(way, (found[0],)))
        return True

    def _put_pages(self, sheet: Sheet, way: Way) -> bool:
        """All pages or none."""
        undo = (dict(self.hung), dict(self.holder))
        wishes = sorted((p for slot in way.tiers for p in self.places[way.board, slot]), key=lambda p: self._wish(sheet, way, p))
        taken: list[Place] = []
        for _ in range(way.places):
            found = self._path([p for p in wishes if p not in taken], sheet)
            if found is None:
                self.hung, self.holder = undo
                return False
            self._shift(found)
            taken.append(found[0])
            self.holder[found[0]] = sheet.code
        self._hang(sheet, Hung(way, tuple(sorted(taken, key=self.order.__getitem__))))
        return True

    def _hang(self, sheet: Sheet, hung: Hung) -> None:
        self.sheets[sheet.code] = sheet
        self.hung[sheet.code] = hung
        for place in hung.places:
            self.holder[place] = sheet.code

    def _path(self, wished: Sequence[Place], sheet: Sheet) -> list[Place] | None:
        """The shortest way to a free place: the first of the list is the sheet's, and who holds one moves on to the next."""
        came: dict[Place, Place | None] = dict.fromkeys(wished)
        waiting = deque(wished)
        while waiting:
            place = waiting.popleft()
            code = self.holder.get(place)
            if code is None:
                path: list[Place] = []
                step: Place | None = place
                while step is not None:
                    path.append(step)
                    step = came[step]
                return path[::-1]
            if code == sheet.code:
                continue
            for other in self._elsewhere(code, sheet):
                if other not in came:
                    came[other] = place
                    waiting.append(other)
        return None

    def _elsewhere(self, code: str, wanting: Sheet) -> Iterator[Place]:
        """Where a page of a sheet that hangs may hang as well; in a slot for something else only to make room for a legal posting."""
        mine, hung = self.sheets[code], self.hung.get(code)
        if hung is None:
            return  # its own pages are just being placed
        ways = [hung.way] if hung.way.places > 1 else [w for w in mine.ways() if w.places == 1]
        worst = BORROWED if wanting.legal and mine.legal else BORROWED - 1
        for way in ways:
            for slot, tier in sorted(way.tiers.items(), key=lambda pair: (pair[1], pair[0])):
                if tier <= worst:
                    yield from self.places[way.board, slot]

    def _shift(self, path: Sequence[Place]) -> None:
        """Everybody on the path moves one on; the first place is free then."""
        for here, there in reversed(list(pairwise(path))):
            code = self.holder[here]
            hung = self.hung[code]
            way = hung.way
            if way.board != there.board or there.slot not in way.tiers:
                way = min(
                    (w for w in self.sheets[code].ways() if w.places == 1 and w.board == there.board and there.slot in w.tiers),
                    key=lambda w: w.loss,
                )
            places = tuple(sorted((there if p == here else p for p in hung.places), key=self.order.__getitem__))
            self.hung[code] = Hung(way, places)
            del self.holder[here]
            self.holder[there] = code

    def _takers(self, reach: Iterable[Place]) -> tuple[str, ...]:
        codes = {self.holder[p] for p in reach if p in self.holder}
        return tuple(sorted(codes, key=lambda code: self.urgency[code]))


def _same_way(way: Way, was: Hung) -> bool:
    """Whether a way is how a sheet hangs: board, paper, pages and slots; what else the board has may have changed."""
    return (
        way.board == was.way.board
        and way.paper == was.way.paper
        and way.landscape == was.way.landscape
        and way.places == len(was.places)
        and way.pages == was.way.pages
        and all(p.slot in way.tiers for p in was.places)
    )
