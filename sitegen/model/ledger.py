"""The ledger (台账): what was released and printed, in which revision, for ever.

A unit's ledger is a file of lines that are only ever added. Every line names the line or lines before it, so that the whole is a chain
that cannot be changed unseen, and so that two branches (two computers, two people) can be joined by a line that names both.

:func:`fold` turns lines into :class:`Ledger`: for every permanent code its history. The first ``bound`` line of a code wins over any
later proposal, for ever: paper carries it.
"""

from __future__ import annotations

import datetime as dt
import heapq
from collections.abc import Iterable, Mapping
from functools import cached_property
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from msgspec import Struct, field

from .canonical import Parts

Kind = Literal["bound", "released", "revised", "printed", "expired", "withdrawn", "moved", "merged"]
KINDS: tuple[Kind, ...] = ("bound", "released", "revised", "printed", "expired", "withdrawn", "moved", "merged")
Name = tuple[str, str]
"""(unit code, record id) of an own record; (unit code, ``<source unit>/<source id>``) of a derived one."""


class Entry(NamedTuple):
    """What a line says, apart from its place in the chain."""

    kind: Kind
    on: dt.date
    code: str = ""
    data: Mapping[str, Any] = MappingProxyType({})
    """bound: unit, name · released, revised: rev, digest, parts, basis, object, title, base, url, why, by · printed: rev, paper, pages, base ·
    expired: revs, counts · withdrawn: why, by · moved: unit, name, url · merged: nothing."""


class Line(NamedTuple):
    """A line of the ledger."""

    id: str
    after: tuple[str, ...]
    entry: Entry
    number: int
    """Where it stands in the file, from 1."""


class Revision(NamedTuple):
    """A released revision of a record."""

    rev: int
    on: dt.date
    digest: str
    """Of its canonical form (:mod:`sitegen.model.canonical`)."""
    parts: Parts
    basis: str
    """A digest of the files it was made from: when that is the same, nothing need be compared."""
    object: str
    """Under which name its content is kept; "" after its retention."""
    title: str
    why: str | None
    base: str
    """Address under which its code is on paper: ``HTTPS://HOST/Q``."""
    url: str
    """The record's page when it was released."""
    by: str | None = None
    expired: bool = False
    """Its rows left every output when their time of retention ended."""
    counts: tuple[int, int, int] | None = None
    """Rows that the next revision added, removed and changed: known after retention as well."""


class Printed(Struct, frozen=True):
    """A sheet that was printed for good."""

    rev: int
    on: dt.date
    paper: str
    pages: int
    base: str


class Withdrawn(Struct, frozen=True):
    """Why a record was withdrawn (撤回)."""

    on: dt.date
    why: str


class History(Struct, frozen=True, dict=True):
    """All that happened to one permanent code."""

    code: str
    names: tuple[Name, ...]
    """Under which names its record was known, the first binding first."""
    revisions: Mapping[int, Revision]
    """By number, ascending."""
    printed: tuple[Printed, ...]
    withdrawn: Withdrawn | None
    """``None`` when it was released again since."""
    moved: Name | None
    """Where its record is now, when it is not in this unit."""
    moved_url: str = ""
    line: int = 1
    """Its first line in the file."""

    @property
    def last(self) -> Revision | None:
        """The newest released revision."""
        return self.revisions[max(self.revisions)] if self.revisions else None

    @cached_property
    def newest_rev(self) -> int:
        """The highest revision that paper may carry; 0 when none was released or printed."""
        return max((*self.revisions, *(p.rev for p in self.printed)), default=0)

    @cached_property
    def bases(self) -> frozenset[str]:
        """Every address under which paper leads to it."""
        return frozenset(b for b in (*(r.base for r in self.revisions.values()), *(p.base for p in self.printed)) if b)

    @property
    def last_print(self) -> Printed | None:
        """The paper that was printed last."""
        return max(self.printed, key=lambda p: (p.on, p.rev), default=None)


class Clash(Struct, frozen=True):
    """Two branches that say different things of one revision."""

    code: str
    rev: int
    lines: tuple[int, ...]


class Ledger(Struct, frozen=True, dict=True):
    """A unit's ledger, folded."""

    histories: Mapping[str, History] = field(default_factory=dict)
    """By code, in order of binding."""
    heads: tuple[str, ...] = ()
    """Lines that no other line names: one, unless branches wait to be joined."""
    size: int = 0
    """Number of lines."""
    clashes: tuple[Clash, ...] = ()

    @cached_property
    def by_name(self) -> Mapping[Name, History]:
        """The history of every name it was ever bound to; the first binding of a name wins."""
        found: dict[Name, History] = {}
        for history in self.histories.values():
            for name in history.names:
                found.setdefault(name, history)
        return found

    def withdrawn(self, name: Name) -> Withdrawn | None:
        """When and why the record of this name was withdrawn; ``None`` when it was not."""
        history = self.by_name.get(name)
        return history.withdrawn if history is not None else None

    def __bool__(self) -> bool:
        return self.size > 0


EMPTY = Ledger()


def in_order(lines: Iterable[Line]) -> list[Line]:
    """Lines so that each stands after those that it names; of two branches the earlier day first, then by id: the same on every machine.

    Lines whose predecessors are missing stand as if they had none.
    """
    kept = list(lines)
    known = {line.id for line in kept}
    if all(line.after == (kept[n - 1].id,) if n else not line.after for n, line in enumerate(kept)):
        return kept
    waiting = {line.id: len({a for a in line.after if a in known}) for line in kept}
    following: dict[str, list[Line]] = {}
    for line in kept:
        for before in set(line.after) & known:
            following.setdefault(before, []).append(line)
    ready = [(line.entry.on, line.id, line) for line in {line.id: line for line in kept}.values() if not waiting[line.id]]
    heapq.heapify(ready)
    made: list[Line] = []
    while ready:
        _, _, line = heapq.heappop(ready)
        made.append(line)
        for after in following.get(line.id, ()):
            waiting[after.id] -= 1
            if not waiting[after.id]:
                heapq.heappush(ready, (after.entry.on, after.id, after))
    return made


def heads_of(lines: Iterable[Line]) -> tuple[str, ...]:
    """Ids of the lines that no other names, sorted."""
    kept = list(lines)
    named = {a for line in kept for a in line.after}
    return tuple(sorted({line.id for line in kept} - named))


def fold(lines: Iterable[Line]) -> Ledger:
    """The state that lines lead to."""
    ordered = in_order(lines)
    made: dict[str, _Growing] = {}
    clashes: list[Clash] = []
    for line in ordered:
        entry = line.entry
        if entry.kind == "merged" or not entry.code:
            continue
        growing = made.get(entry.code)
        if growing is None:
            growing = made[entry.code] = _Growing(entry.code, line.number)
        if (clash := growing.take(line)) is not None:
            clashes.append(clash)
    return Ledger({code: g.history() for code, g in made.items()}, heads_of(ordered), len(ordered), tuple(clashes))


class _Growing:
    """A history while its lines are read."""

    def __init__(self, code: str, line: int) -> None:
        self.code, self.line = code, line
        self.names: list[Name] = []
        self.revisions: dict[int, Revision] = {}
        self.where: dict[int, int] = {}
        self.printed: list[Printed] = []
        self.withdrawn: Withdrawn | None = None
        self.moved: Name | None = None
        self.moved_url = ""

    def take(self, line: Line) -> Clash | None:
        """Add what a line says; a clash when another branch says otherwise of the same revision."""
        entry, data = line.entry, line.entry.data
        match entry.kind:
            case "bound":
                name = (str(data["unit"]), str(data["name"]))
                if name not in self.names:
                    self.names.append(name)
                self.moved = None
            case "released" | "revised":
                revision = _revision(entry)
                known = self.revisions.get(revision.rev)
                if known is not None and known.digest != revision.digest:
                    return Clash(self.code, revision.rev, (self.where[revision.rev], line.number))
                self.revisions[revision.rev] = revision
                self.where[revision.rev] = line.number
                self.withdrawn = None
            case "printed":
                printed = Printed(int(data["rev"]), entry.on, str(data["paper"]), int(data["pages"]), str(data["base"]))
                if printed not in self.printed:
                    self.printed.append(printed)
            case "expired":
                counts = data.get("counts", {})
                for rev in map(int, data["revs"]):
                    if rev in self.revisions:
                        a, b, c = counts.get(str(rev), (None, None, None))
                        found = None if a is None else (int(a), int(b), int(c))
                        self.revisions[rev] = self.revisions[rev]._replace(object="", expired=True, counts=found)
            case "withdrawn":
                self.withdrawn = Withdrawn(entry.on, str(data["why"]))
            case "moved":
                self.moved = (str(data["unit"]), str(data["name"]))
                self.moved_url = str(data.get("url", ""))
        return None

    def history(self) -> History:
        return History(
            self.code,
            tuple(self.names),
            dict(sorted(self.revisions.items())),
            tuple(self.printed),
            self.withdrawn,
            self.moved,
            self.moved_url,
            self.line,
        )


def _revision(entry: Entry) -> Revision:
    data = entry.data
    a, b, c, d = map(str, data["parts"])
    return Revision(
        int(data["rev"]),
        entry.on,
        str(data["digest"]),
        (a, b, c, d),
        str(data["basis"]),
        str(data["object"]),
        str(data["title"]),
        data.get("why"),
        str(data["base"]),
        str(data.get("url", "")),
        data.get("by"),
    )


REQUIRED: Mapping[Kind, frozenset[str]] = {
    "bound": frozenset({"unit", "name"}),
    "released": frozenset({"rev", "digest", "parts", "basis", "object", "title", "base"}),
    "revised": frozenset({"rev", "digest", "parts", "basis", "object", "title", "base", "why"}),
    "printed": frozenset({"rev", "paper", "pages", "base"}),
    "expired": frozenset({"revs"}),
    "withdrawn": frozenset({"why"}),
    "moved": frozenset({"unit", "name"}),
    "merged": frozenset(),
}
"""What a line of each kind must say besides its kind, day and code."""
