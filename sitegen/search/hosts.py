"""Which texts each host finds, and the files for that.

A host finds what its units publish and what the units below them do, wherever that is: the county's finds the whole county.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, TypeVar

from sitegen.linker import Part
from sitegen.model.unit import UnitLink
from sitegen.site.hosts import Hosted

from .divide import divided
from .index import Files, packed
from .segments import Mark
from .shelf import Lacks, Segment, Shelf, Work, key_of

T = TypeVar("T")
FOLDER = "search-index"
"""Below a host's root."""
_AT_ONCE = 50_000
"""Texts of a host up to which all are in memory at once, so that each is read only once: some 350 MB."""
_SHARED = 500_000
"""Places of a piece of work for others, some 40 ms; so little work is not divided."""

Others = Callable[[Sequence[Work]], object]
"""Has pieces of work done. What is not done all the same is done by who asks for it."""


def make(work: Work) -> None:
    """Do a piece of work. Two may do the same."""
    shelf = Shelf(work.store, work.keys)
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
    shelf = Shelf(store, keys)
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
        yield host, ("", shelf.keep(key_of(sorted(files.items())), files.copy)[1])


def index_of(store: Path, units: Sequence[UnitLink], keys: Mapping[str, str]) -> tuple[list[Part], dict[str, Any]]:
    """An index of some units alone: what goes into its folder, and what its ``index.bin`` is to say."""
    return _Index(Shelf(store, keys), units).parts()


class _Index:
    """What a host finds."""

    def __init__(self, shelf: Shelf, found: Sequence[UnitLink]) -> None:
        self.shelf, self.units = shelf, sorted(found, key=lambda u: u.code)
        self.segments = _named(divided([m for u in self.units for m in shelf.marks(u.code)]), key_of([u.code for u in self.units]))
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


def _made(shelf: Shelf, one: Segment, *, only_look: bool = False) -> tuple[str, list[Part]] | None:
    """The name of a scanned segment or of an indexed one's head, and all that belongs to it; with ``only_look`` nothing where any of it is lacking."""
    shelf.only_look = only_look
    try:
        if one.scanned:
            name, folder = shelf.scanned(one.marks)
            return name, [(f"{FOLDER}/{name}", folder)]
        runs = [shelf.texts(of_unit) for of_unit in _runs(one)]
        name, folder = shelf.indexed(one, [run for run, _ in runs])
    except Lacks:
        return None
    finally:
        shelf.only_look = False
    return name, [(f"{FOLDER}/{one.label}", at) for at in (folder, *(at for _, at in runs))]


def _share(shelf: Shelf, lacking: list[Segment], others: Others) -> None:
    """Have others make what is lacking: first what is read, since several hosts have it, then the segments, the largest first.

    Where there is an earlier one of almost the same texts, little is to be done.
    """
    lacking = [one for one in lacking if not shelf.alike(one)]
    if sum(m.size for one in lacking for m in one.marks) <= _SHARED:
        return
    runs = {key_of(run): run for one in lacking for run in _runs(one)}
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
