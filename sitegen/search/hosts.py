"""Which texts each host finds, and how they are divided so that a change uploads little.

A host finds what its units publish and what the units below them do, wherever that is: the county's finds the whole county. Closed years
stand in segments that no new record touches, the newest year in one of its own, and the newest few texts, days at first and the year
at most, in one that has no index: a new record changes that one alone. All of it follows from the texts, not from what was built before.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from sitegen.digests import digest_of
from sitegen.flat import Flat
from sitegen.load.cache import program_digest
from sitegen.model.views import UnitLink
from sitegen.site.hosts import Hosted

from .index import CAPACITY, Files, Run, chunk, packed, segment
from .texts import Text, read_marks, read_texts, year_of

T = TypeVar("T")
FOLDER = "search-index"
"""Below a host's root."""
_SCANNED, _FRESH = 64, 24
"""A host of no more texts than the first has no index; of the newest texts no more than the second stand outside it."""
_CHUNK = 2_500
"""Characters after which a file of texts is full."""
_AT_ONCE = 50_000
"""Texts of a host up to which all are in memory at once, so that each is read only once: some 350 MB."""
_FEW, _MANY = 256, 4096
"""Texts of closed years: fewer than the first stand with the newest year, from the second on they make a segment."""
_SHARED = 200_000
"""Characters of a piece of work for others, some 40 ms; so little work is not divided."""


class Mark(NamedTuple):
    """What tells a text from others without its being read."""

    day: int
    unit: str
    digest: str
    size: int
    """Characters of its folded text."""

    @property
    def year(self) -> int:
        """The year of its day."""
        return year_of(self.day)


Part = tuple[str, str]
"""(path on the host, folder in the store), as :mod:`sitegen.assemble` has it."""
Segment = tuple[list[Mark], bool]
"""Texts, in order of units, and whether they are scanned."""


class Work(NamedTuple):
    """What search lacks, or a piece of it, with all that is needed to make it wherever the store is seen."""

    store: Path
    keys: dict[str, str]
    runs: Sequence[list[Mark]]
    segments: Sequence[Segment]
    """Their runs are there."""


Others = Callable[[Sequence[Work]], object]
"""Has pieces of work done. What is not done all the same is done by who asks for it."""


def make(work: Work) -> None:
    """Do a piece of work. Two may do the same."""
    shelf = _Shelf(work.store, work.keys)
    shelf.begin([m for marks in (*work.runs, *(marks for marks, _ in work.segments)) for m in marks])
    for marks in work.runs:
        shelf.texts(marks)
    for one in work.segments:
        _made(shelf, one)


def search_parts(
    store: Path, hosted: Mapping[str, Hosted], keys: Mapping[str, str], others: Others = lambda _: None
) -> Iterator[tuple[str, Part]]:
    """For every host what goes into its tree. Makes what the store does not have yet, with the help of ``others``.

    ``keys`` name the units' folders in the store, each with what :func:`~sitegen.search.texts.write_texts` wrote as ``texts``.
    """
    shelf = _Shelf(store, keys)
    of_host: dict[str, list[Hosted]] = {}
    for v in hosted.values():
        of_host.setdefault(v.host, []).append(v)
    indexes: dict[str, _Index] = {}
    for host, own in sorted(of_host.items()):
        codes = {v.unit.code for v in own}
        indexes[host] = _Index(shelf, [v.unit for v in hosted.values() if codes & {v.unit.code, *v.ancestors}])
    _share(shelf, [one for index in indexes.values() for one in index.lacking()], others)
    for host, found in indexes.items():
        own = of_host[host]
        parts, index = found.parts()
        yield from ((host, part) for part in parts)
        lost = next(v.lost for v in own if v.lost)
        files = {"404.html": lost.encode(), f"{FOLDER}/index.bin": packed(index)}
        yield host, ("", shelf.keep(_digest(sorted(files.items())), files.copy)[1])


def index_of(store: Path, units: Sequence[UnitLink], keys: Mapping[str, str]) -> tuple[list[Part], dict[str, Any]]:
    """An index of some units alone: what goes into its folder, and what its ``index.bin`` is to say."""
    return _Index(_Shelf(store, keys), units).parts()


class _Index:
    """What a host finds."""

    def __init__(self, shelf: _Shelf, found: Sequence[UnitLink]) -> None:
        self.shelf, self.units = shelf, sorted(found, key=lambda u: u.code)
        self.segments = list(_divided([m for u in self.units for m in shelf.marks(u.code)]))
        self._there: dict[int, tuple[str, list[Part]]] = {}

    def lacking(self) -> list[Segment]:
        """Segments that the store does not have."""
        self._there = {n: there for n, one in enumerate(self.segments) if (there := _made(self.shelf, one, only_look=True))}
        return [one for n, one in enumerate(self.segments) if n not in self._there]

    def parts(self) -> tuple[list[Part], dict[str, Any]]:
        """See :func:`index_of`. Makes what is lacking."""
        todo = [m for n, (marks, _) in enumerate(self.segments) if n not in self._there for m in marks]
        self.shelf.begin(todo)
        parts: list[Part] = []
        said = []
        for n, (marks, scanned) in enumerate(self.segments):
            made = self._there.get(n)
            if made is None:
                if len(todo) > _AT_ONCE:
                    self.shelf.begin(marks)
                made = _made(self.shelf, (marks, scanned))
            assert made
            said.append([made[0], scanned])
            parts += made[1]
        return parts, {"units": [[u.code, u.name, u.level.value, u.url] for u in self.units], "segments": said}


def _runs(one: Segment) -> list[list[Mark]]:
    """Texts that are read together: a unit's of a year. Those of a scanned segment stand in it."""
    marks, scanned = one
    return [] if scanned else [list(of_unit) for _, of_unit in groupby(marks, key=lambda m: (m.unit, m.year))]


def _made(shelf: _Shelf, one: Segment, *, only_look: bool = False) -> tuple[str, list[Part]] | None:
    """The name of a segment, and all that belongs to it; with ``only_look`` nothing where any of it is lacking."""
    marks, scanned = one
    shelf.only_look = only_look
    try:
        runs = [shelf.texts(of_unit) for of_unit in _runs(one)]
        name, folder = shelf.segment(marks, [run for run, _ in runs], scanned)
    except _Lacks:
        return None
    finally:
        shelf.only_look = False
    return name, [(f"{FOLDER}/{place}", at) for place, at in [(name, folder), *((run.folder, at) for run, at in runs)]]


def _share(shelf: _Shelf, lacking: list[Segment], others: Others) -> None:
    """Have others make what is lacking: first what is read, since several hosts have it, then the segments, the largest first."""
    if sum(m.size for marks, _ in lacking for m in marks) <= _SHARED:
        return
    runs = {_digest(run): run for one in lacking for run in _runs(one)}
    apart = [run for key, run in runs.items() if key not in shelf.there]
    others([shelf.work(some, ()) for some in _pieces(apart, lambda run: run)])
    lacking = sorted(lacking, key=lambda one: -sum(m.size for m in one[0]))
    others([shelf.work((), some) for some in _pieces(lacking, lambda one: one[0])])
    shelf.look()


def _pieces(items: Iterable[T], marks: Callable[[T], list[Mark]]) -> Iterator[list[T]]:
    piece: list[T] = []
    size = 0
    for item in items:
        piece.append(item)
        size += sum(m.size for m in marks(item))
        if size > _SHARED:
            yield piece
            piece, size = [], 0
    if piece:
        yield piece


def _divided(marks: list[Mark]) -> Iterator[Segment]:
    """Segments, oldest first, and whether they are scanned. ``marks`` are in order of units; so are each segment's."""
    if len(marks) <= _SCANNED:
        yield marks, True
        return
    fresh = _fresh_from([m.day for m in marks])
    group: list[Mark] = []
    years = sorted((m for m in marks if m.day < fresh), key=lambda m: m.year)
    for year, of_year in groupby(years, key=lambda m: m.year):
        if len(group) >= _MANY or (year == years[-1].year and len(group) >= _FEW):
            yield from _fitting(group)
            group = []
        group += of_year
    yield from _fitting(group)
    if recent := [m for m in marks if m.day >= fresh]:
        yield recent, True


def _fitting(marks: list[Mark]) -> Iterator[Segment]:
    """The same in as many segments as an index has room for; cut between units where one has room, so that a text that grows moves no other cut."""
    part: list[Mark] = []
    size = 0
    for _, of_unit in groupby(sorted(marks, key=lambda m: (m.unit, m.day)), key=lambda m: m.unit):
        own = list(of_unit)
        if part and size + sum(m.size for m in own) > CAPACITY:
            yield part, False
            part, size = [], 0
        for mark in own:
            if size + mark.size > CAPACITY:
                yield part, False
                part, size = [], 0
            part.append(mark)
            size += mark.size
    if part:
        yield part, False


@cache
def _date(day: int) -> dt.date:
    return dt.date(1970, 1, 1) + dt.timedelta(day)


def _fresh_from(days: Sequence[int]) -> int:
    """The beginning of the year, quarter, month, third of a month or day since which there are few enough texts; beyond all when none is."""
    newest = _date(max(days))
    month = newest.replace(day=1)
    third = month.replace(day=min(newest.day - 1, 29) // 10 * 10 + 1)
    for start in (month.replace(month=1), month.replace(month=(month.month - 1) // 3 * 3 + 1), month, third, newest):
        first = (start - _date(0)).days
        if sum(1 for day in days if day >= first) <= _FRESH:
            return first
    return max(days) + 1


def _digest(value: object) -> str:
    return digest_of((value, program_digest()), 12)


def _names(folder: Path) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []


class _Lacks(Exception):
    """What was looked for is not there."""


class _Shelf:
    """What the store has for search."""

    only_look = False
    """What is not there is not made; :class:`_Lacks` is raised."""

    def __init__(self, store: Path, keys: Mapping[str, str]) -> None:
        self.store, self.keys = store, keys
        self.there: dict[str, str] = {}
        """What is made already: by key its name."""
        self.look()
        self.known: dict[str, list[Mark]] = {}
        self.wanted: dict[str, set[str]] = {}
        self.read: dict[tuple[str, int], dict[str, Text]] = {}
        """Texts of a small host, or of the segment at hand."""

    def look(self) -> None:
        """See what there is now."""
        self.there = dict(name.split(".") for name in _names(self.store / "search") if name.count(".") == 1 and name[0] != ".")

    def work(self, runs: Sequence[list[Mark]], segments: Sequence[Segment]) -> Work:
        """Some of what is lacking as work for others."""
        units = {m.unit for marks in (*runs, *(marks for marks, _ in segments)) for m in marks}
        return Work(self.store, {code: self.keys[code] for code in sorted(units)}, runs, segments)

    def marks(self, code: str) -> list[Mark]:
        """Of all texts of a unit, oldest first."""
        if code not in self.known:
            self.known[code] = [Mark(day, code, digest, size) for day, digest, size in read_marks(self._place(code))]
        return self.known[code]

    def begin(self, marks: list[Mark]) -> None:
        """From now on these texts are asked for, and the others can be let go."""
        self.read, self.wanted = {}, {}
        for mark in marks:
            self.wanted.setdefault(mark.unit, set()).add(mark.digest)

    def texts(self, marks: list[Mark]) -> tuple[Run, str]:
        """Where a unit's texts of a year can be read, and the folder in the store."""
        parts: list[list[Mark]] = [[]]
        size = 0
        for mark in marks:
            if size > _CHUNK:
                parts.append([])
                size = 0
            parts[-1].append(mark)
            size += mark.size
        name, folder = self.keep(_digest(marks), lambda: {f"t{n}.bin": chunk(map(self._text, part)) for n, part in enumerate(parts)})
        return Run(marks[0].unit, name, [len(part) for part in parts]), folder

    def segment(self, marks: list[Mark], runs: list[Run], scanned: bool) -> tuple[str, str]:
        """Name and folder of the segment of these texts; of a scanned one the runs are made here."""
        made = runs or [Run(unit, "", [len(list(of_unit))]) for unit, of_unit in groupby(marks, key=lambda m: m.unit)]
        return self.keep(_digest((marks, made)), lambda: segment([self._text(m) for m in marks], made, scanned))

    def keep(self, key: str, make: Callable[[], Files]) -> tuple[str, str]:
        """A folder of files, made unless it is there, as a name that follows from what the files say and the folder in the store."""
        name = self.there.get(key)
        if name is None and self.only_look:
            raise _Lacks
        if name is None:
            files = make()
            name = hashlib.sha256(b"".join(hashlib.sha256(data).digest() for data in files.values())).hexdigest()[:12]
            place = self.store / "search" / f"{key}.{name}"
            temporary = place.with_name(f".{key}.{os.getpid()}")
            shutil.rmtree(temporary, ignore_errors=True)
            flat = Flat(temporary / "files")
            for file, data in files.items():
                flat.write(file, data)
            flat.close()
            try:
                temporary.rename(place)
            except OSError:
                if not place.is_dir():
                    raise
                shutil.rmtree(temporary)  # somebody else has just made the same
            self.there[key] = name
        return name, f"search/{key}.{name}/files"

    def _text(self, mark: Mark) -> Text:
        part = mark.unit, mark.year
        if part not in self.read:
            wanted = self.wanted[mark.unit]
            self.read[part] = {digest: text for digest, text in read_texts(self._place(mark.unit), mark.year) if digest in wanted}
        return self.read[part][mark.digest]

    def _place(self, code: str) -> Path:
        return self.store / "units" / code / self.keys[code] / "texts"
