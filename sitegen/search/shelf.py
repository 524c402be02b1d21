"""What the store has for search: texts read from their units once, and folders of files that are made only where they are not there yet."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from sitegen.digests import digest_of
from sitegen.flat import Flat
from sitegen.load.cache import program_digest

from .index import Files, Run, chunk, chunk_file
from .pieces import NAME, name_of
from .segments import Made, Mark, indexed, made_anew, made_from, read_made, scanned, write_made
from .texts import Text, read_marks, read_texts

_CHUNK = 6_400
"""Places after which a file of texts is full: some 2,500 characters."""
_FORM = "1"
"""Another one whenever files of the same texts are written in another way: browsers keep those that they have."""


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


def key_of(value: object) -> str:
    """The key of what is made of a value: another one when the value is, or the program."""
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
    return key_of((one.host, one.label))


class Lacks(Exception):
    """What was looked for is not there."""


class Shelf:
    """What the store has for search."""

    only_look = False
    """What is not there is not made; :class:`Lacks` is raised."""

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
        _, folder = self.keep(key_of(marks), lambda: {name: chunk(map(self._text, part)) for name, part in files.items()})
        return Run(unit, names, [len(part) for part in parts]), folder

    def scanned(self, marks: list[Mark]) -> tuple[str, str]:
        """Name and folder of the segment of these texts, which are searched as they are."""
        return self.keep(key_of(marks), lambda: scanned(marks, [self._text(m) for m in marks]))

    def indexed(self, one: Segment, runs: list[Run]) -> tuple[str, str]:
        """Name of the head and folder of a segment."""
        marks = one.marks
        key = f"{_place(one)}.{key_of((marks, runs))}"
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
                raise Lacks
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
