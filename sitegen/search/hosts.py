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
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

from sitegen.digests import digest_of
from sitegen.flat import Flat
from sitegen.load.cache import program_digest
from sitegen.model.views import UnitLink
from sitegen.site.hosts import Hosted

from .index import CAPACITY, Files, Run, chunk, chunk_file, packed
from .pieces import NAME, name_of
from .segments import Made, Mark, indexed, made_anew, made_from, read_made, scanned, write_made
from .texts import Text, read_marks, read_texts

FOLDER = "search-index"
"""Below a host's root."""
_SCANNED, _FRESH = 64, 24
"""A host of no more texts than the first has no index; of the newest texts no more than the second stand outside it."""
_CHUNK = 6_400
"""Places after which a file of texts is full: some 2,500 characters."""
_FORM = "1"
"""Another one whenever files of the same texts are written in another way: browsers keep those that they have."""
_AT_ONCE = 50_000
"""Texts of a host up to which all are in memory at once, so that each is read only once: some 350 MB."""
_FEW, _MANY = 256, 4096
"""Texts of closed years: fewer than the first stand with the newest year, from the second on they make a segment."""


Part = tuple[str, str]
"""(path on the host, folder in the store), as :mod:`sitegen.assemble` has it."""


def search_parts(store: Path, hosted: Mapping[str, Hosted], keys: Mapping[str, str]) -> Iterator[tuple[str, Part]]:
    """For every host what goes into its tree. Makes what the store does not have yet.

    ``keys`` name the units' folders in the store, each with what :func:`~sitegen.search.texts.write_texts` wrote as ``texts``.
    """
    shelf = _Shelf(store, keys)
    for host in sorted({v.host for v in hosted.values()}):
        yield from ((host, part) for part in _of_host(shelf, host, hosted))


def _of_host(shelf: _Shelf, host: str, hosted: Mapping[str, Hosted]) -> list[Part]:
    """What goes into one host's tree."""
    own = [v for v in hosted.values() if v.host == host]
    codes = {v.unit.code for v in own}
    found = [v.unit for v in hosted.values() if codes & {v.unit.code, *v.ancestors}]
    parts, index = _index(shelf, found)
    lost = next(v.lost for v in own if v.lost)
    files: Files = {"404.html": lost.encode(), f"{FOLDER}/index.bin": packed(index)}
    return [*parts, ("", shelf.keep(_digest(sorted(files.items())), files.copy)[1])]


def index_of(store: Path, units: Sequence[UnitLink], keys: Mapping[str, str]) -> tuple[list[Part], dict[str, Any]]:
    """An index of some units alone: what goes into its folder, and what its ``index.bin`` is to say."""
    return _index(_Shelf(store, keys), units)


def _index(shelf: _Shelf, found: Sequence[UnitLink]) -> tuple[list[Part], dict[str, Any]]:
    units = sorted(found, key=lambda u: u.code)
    parts: list[Part] = []
    segments = []
    every = [m for u in units for m in shelf.marks(u.code)]
    shelf.begin(every)
    labels: set[str] = set()
    for marks, as_they_are in _divided(every):
        if len(every) > _AT_ONCE:
            shelf.begin(marks)
        if as_they_are:
            name, folder = shelf.scanned(marks)
            parts.append((f"{FOLDER}/{name}", folder))
            segments.append([name, "head", True])
            continue
        newest = max(m.year for m in marks)
        label = next(name for n in range(1, len(marks) + 1) if (name := f"{newest}-{n}" if n > 1 else f"{newest}") not in labels)
        labels.add(label)
        runs: list[Run] = []
        for _, of_year in groupby(marks, key=lambda m: (m.unit, m.year)):
            run, folder = shelf.texts(list(of_year))
            runs.append(run)
            parts.append((f"{FOLDER}/{label}", folder))
        head, folder = shelf.indexed(marks, runs, f"{label} {' '.join(u.code for u in units)}")
        segments.append([label, head, False])
        parts.append((f"{FOLDER}/{label}", folder))
    return parts, {"units": [[u.code, u.name, u.level.value, u.url] for u in units], "segments": segments}


def _divided(marks: list[Mark]) -> Iterator[tuple[list[Mark], bool]]:
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


def _fitting(marks: list[Mark]) -> Iterator[tuple[list[Mark], bool]]:
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


def _link(file: Path, goal: str) -> None:
    try:
        os.link(file, goal)
    except OSError:  # a file system without hard links
        shutil.copyfile(file, goal)


class _Shelf:
    """What the store has for search."""

    def __init__(self, store: Path, keys: Mapping[str, str]) -> None:
        self.store, self.keys = store, keys
        self.there: dict[str, tuple[str, str]] = {}
        """What is made already: by key its name and its folder."""
        self.alike: dict[str, list[str]] = {}
        """Folders of indexed segments by what they are of."""
        for folder in _names(store / "search"):
            what, *rest = folder.split(".")
            if what and len(rest) in (1, 2):
                self.there[folder.rpartition(".")[0]] = rest[-1], folder
                if len(rest) == 2:
                    self.alike.setdefault(what, []).append(folder)
        self.known: dict[str, list[Mark]] = {}
        self.wanted: dict[str, set[str]] = {}
        self.read: dict[tuple[str, int], dict[str, Text]] = {}
        """Texts of a small host, or of the segment at hand."""

    def marks(self, code: str) -> list[Mark]:
        """Of all texts of a unit, oldest first."""
        if code not in self.known:
            self.known[code] = [Mark(mark[0], code, *mark[1:]) for mark in read_marks(self._place(code))]
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
        names = [name_of(" ".join([_FORM, *(m.digest for m in part)]).encode())[:NAME] for part in parts]
        unit, year = marks[0].unit, marks[0].year
        files = {chunk_file(unit, year, n, name): part for n, (name, part) in enumerate(zip(names, parts, strict=True))}
        _, folder = self.keep(_digest(marks), lambda: {name: chunk(map(self._text, part)) for name, part in files.items()})
        return Run(unit, names, [len(part) for part in parts]), folder

    def scanned(self, marks: list[Mark]) -> tuple[str, str]:
        """Name and folder of the segment of these texts, which are searched as they are."""
        return self.keep(_digest(marks), lambda: scanned(marks, [self._text(m) for m in marks]))

    def indexed(self, marks: list[Mark], runs: list[Run], what: str) -> tuple[str, str]:
        """Name of the head and folder of the segment of these texts. ``what`` is the same for what is made of other texts in its place."""
        what = _digest(what)
        key = f"{what}.{_digest((marks, runs))}"
        if key in self.there:
            return self.keep(key, dict)
        earlier = self._made(self.alike.get(what, ()))
        pieces = made_from(earlier, marks, runs, self._text, self._earlier) if earlier else None
        if pieces is None:
            pieces = made_anew(marks, runs, self._text)
        files, head = indexed(pieces, marks, runs, earlier)
        name = hashlib.sha256(head).hexdigest()[:12]
        made = Made(self.store, marks, runs, pieces, {unit: self.keys[unit] for unit in {m.unit for m in marks}})
        return self.keep(key, lambda: {**files, f"{name}.bin": head}, name, made)

    def _made(self, folders: Sequence[str]) -> Made | None:
        """What was made last, of some folders."""
        places = [place for folder in folders if (place := self.store / "search" / folder / "made").is_file()]
        newest = max(places, key=lambda place: place.stat().st_mtime_ns, default=None)
        return read_made(newest, newest.with_name("files")) if newest else None

    def _earlier(self, code: str, key: str, year: int, digests: set[str]) -> dict[str, Text] | None:
        try:
            return {digest: text for digest, text in read_texts(self.store / "units" / code / key / "texts", year) if digest in digests}
        except OSError:
            return None

    def keep(self, key: str, make: Callable[[], Files], name: str = "", made: Made | None = None) -> tuple[str, str]:
        """A folder of files, made unless it is there, as a name, if not given one that follows from what the files say, and the folder in the store."""
        if key not in self.there:
            files = make()
            if not name:
                said = (hashlib.sha256(data).digest() for data in files.values() if isinstance(data, bytes))
                name = hashlib.sha256(b"".join(said)).hexdigest()[:12]
            folder = f"{key}.{name}"
            place = self.store / "search" / folder
            temporary = place.with_name(f".{key}.{os.getpid()}")
            shutil.rmtree(temporary, ignore_errors=True)
            flat = Flat(temporary / "files")
            for file, data in files.items():
                if isinstance(data, bytes):
                    flat.write(file, data)
                else:
                    _link(data, flat.place(file))
            flat.close()
            if made:
                write_made(made, temporary / "made")
            shutil.rmtree(place, ignore_errors=True)
            temporary.rename(place)
            self.there[key] = name, folder
        name, folder = self.there[key]
        return name, f"search/{folder}/files"

    def _text(self, mark: Mark) -> Text:
        part = mark.unit, mark.year
        if part not in self.read:
            wanted = self.wanted[mark.unit]
            self.read[part] = {digest: text for digest, text in read_texts(self._place(mark.unit), mark.year) if digest in wanted}
        return self.read[part][mark.digest]

    def _place(self, code: str) -> Path:
        return self.store / "units" / code / self.keys[code] / "texts"
