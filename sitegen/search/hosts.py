"""Which texts each host finds, and the files for that.

A host finds what its units publish and what the units below them do, wherever that is: the county's finds the whole county.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from sitegen.digests import digest_of
from sitegen.flat import Flat
from sitegen.linker import Part
from sitegen.load.cache import program_digest
from sitegen.model.unit import UnitLink
from sitegen.site.hosts import Hosted

from .divide import divided
from .index import Files, Run, chunk, chunk_file, packed
from .pieces import NAME, name_of
from .segments import Made, Mark, indexed, made_anew, made_from, read_made, scanned, write_made
from .texts import Text, read_marks, read_texts

T = TypeVar("T")
FOLDER = "search-index"
"""Below a host's root."""
_CHUNK = 6_400
"""Places after which a file of texts is full: some 2,500 characters."""
_FORM = "1"
"""Another one whenever files of the same texts are written in another way: browsers keep those that they have."""
_AT_ONCE = 50_000
"""Texts of a host up to which all are in memory at once, so that each is read only once: some 350 MB."""
_SHARED = 500_000
"""Places of a piece of work for others, some 40 ms; so little work is not divided."""


class Segment(NamedTuple):
    """Texts, in order of units."""

    marks: list[Mark]
    scanned: bool
    label: str = ""
    """Its folder on the host, if it is not scanned."""
    host: str = ""
    """The same for all segments of a host: two with the same label are then of almost the same texts."""


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
    shelf.begin([m for marks in (*work.runs, *(one.marks for one in work.segments)) for m in marks])
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
        files: Files = {"404.html": lost.encode(), f"{FOLDER}/index.bin": packed(index)}
        yield host, ("", shelf.keep(_digest(sorted(files.items())), files.copy)[1])


def index_of(store: Path, units: Sequence[UnitLink], keys: Mapping[str, str]) -> tuple[list[Part], dict[str, Any]]:
    """An index of some units alone: what goes into its folder, and what its ``index.bin`` is to say."""
    return _Index(_Shelf(store, keys), units).parts()


class _Index:
    """What a host finds."""

    def __init__(self, shelf: _Shelf, found: Sequence[UnitLink]) -> None:
        self.shelf, self.units = shelf, sorted(found, key=lambda u: u.code)
        self.segments = _named(divided([m for u in self.units for m in shelf.marks(u.code)]), _digest([u.code for u in self.units]))
        self._there: dict[int, tuple[str, list[Part]]] = {}

    def lacking(self) -> list[Segment]:
        """Segments that the store does not have."""
        self._there = {n: there for n, one in enumerate(self.segments) if (there := _made(self.shelf, one, only_look=True))}
        return [one for n, one in enumerate(self.segments) if n not in self._there]

    def parts(self) -> tuple[list[Part], dict[str, Any]]:
        """See :func:`index_of`. Makes what is lacking."""
        todo = [m for n, one in enumerate(self.segments) if n not in self._there for m in one.marks]
        self.shelf.begin(todo)
        parts: list[Part] = []
        said = []
        for n, one in enumerate(self.segments):
            made = self._there.get(n)
            if made is None:
                if len(todo) > _AT_ONCE:
                    self.shelf.begin(one.marks)
                made = _made(self.shelf, one)
            assert made
            said.append([made[0], "head", True] if one.scanned else [one.label, made[0], False])
            parts += made[1]
        return parts, {"units": [[u.code, u.name, u.level.value, u.url] for u in self.units], "segments": said}


def _runs(one: Segment) -> list[list[Mark]]:
    """Texts that are read together: a unit's of a year. Those of a scanned segment stand in it."""
    return [] if one.scanned else [list(of_unit) for _, of_unit in groupby(one.marks, key=lambda m: (m.unit, m.year))]


def _made(shelf: _Shelf, one: Segment, *, only_look: bool = False) -> tuple[str, list[Part]] | None:
    """The name of a scanned segment or of an indexed one's head, and all that belongs to it; with ``only_look`` nothing where any of it is lacking."""
    shelf.only_look = only_look
    try:
        if one.scanned:
            name, folder = shelf.scanned(one.marks)
            return name, [(f"{FOLDER}/{name}", folder)]
        runs = [shelf.texts(of_unit) for of_unit in _runs(one)]
        name, folder = shelf.indexed(one, [run for run, _ in runs])
    except _Lacks:
        return None
    finally:
        shelf.only_look = False
    return name, [(f"{FOLDER}/{one.label}", at) for at in (folder, *(at for _, at in runs))]


def _share(shelf: _Shelf, lacking: list[Segment], others: Others) -> None:
    """Have others make what is lacking: first what is read, since several hosts have it, then the segments, the largest first.

    Where there is an earlier one of almost the same texts, little is to be done.
    """
    lacking = [one for one in lacking if not shelf.alike(one)]
    if sum(m.size for one in lacking for m in one.marks) <= _SHARED:
        return
    runs = {_digest(run): run for one in lacking for run in _runs(one)}
    apart = [run for key, run in runs.items() if key not in shelf.there]
    others([shelf.work(some, ()) for some in _pieces(apart, lambda run: run)])
    lacking = sorted(lacking, key=lambda one: -sum(m.size for m in one.marks))
    others([shelf.work((), some) for some in _pieces(lacking, lambda one: one.marks)])
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


def _named(parts: Iterable[tuple[list[Mark], bool]], host: str) -> list[Segment]:
    """Segments by their newest year."""
    labels: set[str] = set()
    made = []
    for marks, as_they_are in parts:
        year = max((m.year for m in marks), default=0)
        label = next(name for n in range(1, len(labels) + 2) if (name := f"{year}-{n}" if n > 1 else f"{year}") not in labels)
        if not as_they_are:
            labels.add(label)
        made.append(Segment(marks, as_they_are, "" if as_they_are else label, host))
    return made


def _digest(value: object) -> str:
    return digest_of((value, program_digest()), 12)


def _names(folder: Path) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []


def _some(place: Path, year: int, digests: set[str]) -> dict[str, Text]:
    """Of a unit's texts of a year those with some digests."""
    return {digest: text for digest, text in read_texts(place, year) if digest in digests}


def _place(one: Segment) -> str:
    return _digest((one.host, one.label))


class _Lacks(Exception):
    """What was looked for is not there."""


class _Shelf:
    """What the store has for search."""

    only_look = False
    """What is not there is not made; :class:`_Lacks` is raised."""

    def __init__(self, store: Path, keys: Mapping[str, str]) -> None:
        self.store, self.keys = store, keys
        self.there: dict[str, tuple[str, str]] = {}
        """What is made already: by key its name and its folder."""
        self.places: dict[str, list[str]] = {}
        """Folders of indexed segments by what they are of."""
        self.look()
        self.known: dict[str, list[Mark]] = {}
        self.wanted: dict[str, set[str]] = {}
        self.read: dict[tuple[str, int], dict[str, Text]] = {}
        """Texts of a small host, or of the segment at hand."""

    def look(self) -> None:
        """See what there is now."""
        self.there, self.places = {}, {}
        for folder in _names(self.store / "search"):
            what, *rest = folder.split(".")
            if what and len(rest) in (1, 2):
                self.there[folder.rpartition(".")[0]] = rest[-1], folder
                if len(rest) == 2:
                    self.places.setdefault(what, []).append(folder)

    def alike(self, one: Segment) -> list[str]:
        """Folders of what was made of other texts in a segment's place."""
        return self.places.get(_place(one), [])

    def work(self, runs: Sequence[list[Mark]], segments: Sequence[Segment]) -> Work:
        """Some of what is lacking as work for others."""
        units = {m.unit for marks in (*runs, *(one.marks for one in segments)) for m in marks}
        return Work(self.store, {code: self.keys[code] for code in sorted(units)}, runs, segments)

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

    def indexed(self, one: Segment, runs: list[Run]) -> tuple[str, str]:
        """Name of the head and folder of a segment."""
        marks = one.marks
        key = f"{_place(one)}.{_digest((marks, runs))}"
        if key in self.there or self.only_look:
            return self.keep(key, dict)
        earlier = self._made(self.alike(one))
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
            return _some(self.store / "units" / code / key / "texts", year, digests)
        except OSError:
            return None

    def keep(self, key: str, make: Callable[[], Files], name: str = "", made: Made | None = None) -> tuple[str, str]:
        """A folder of files, made unless it is there, as a name, if not given one that follows from what the files say, and the folder in the store."""
        if key not in self.there:
            if self.only_look:
                raise _Lacks
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
                    flat.link(file, data)
            flat.close()
            if made:
                write_made(made, temporary / "made")
            try:
                temporary.rename(place)
            except OSError:
                if not place.is_dir():
                    raise
                shutil.rmtree(temporary)  # somebody else has just made the same
            self.there[key] = name, folder
        name, folder = self.there[key]
        return name, f"search/{folder}/files"

    def _text(self, mark: Mark) -> Text:
        part = mark.unit, mark.year
        if part not in self.read:
            self.read[part] = _some(self._place(mark.unit), mark.year, self.wanted[mark.unit])
        return self.read[part][mark.digest]

    def _place(self, code: str) -> Path:
        return self.store / "units" / code / self.keys[code] / "texts"
