"""Texts of some years → the files of a segment: its pieces, and the head that says of every text what is shown and where it stands.

Where the store has the segment of almost the same texts, what they differ by is put in and taken out: what comes out is the same, without the rest
being read, sorted or compressed again.
"""

from __future__ import annotations

import pickle
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from gzip import decompress
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

from .index import Files, Run, chunk, compressed, packed_apart, pieces_of
from .pieces import NAME, Piece, changed, changes, seams
from .texts import BLOCK, Text, year_of

RUN = 2048
"""Places that a run of texts begins at a multiple of: one that grows seldom moves those after it."""
_FEW = 20_000
"""Places of texts up to which a change is put into what is there."""


class Mark(NamedTuple):
    """What tells a text from others without its being read, and what the head says of it."""

    day: int
    unit: str
    digest: str
    size: int
    """Places that it takes."""
    head: int = 1
    """Blocks of its title."""
    flags: int = 0
    field: str = ""

    @property
    def year(self) -> int:
        """The year of its day."""
        return year_of(self.day)


class Made(NamedTuple):
    """What a segment was made of. The n-th of its files is the n-th piece."""

    files: Path
    marks: list[Mark]
    runs: list[Run]
    pieces: list[Piece]
    """Without what they say."""
    keys: dict[str, str]
    """By unit, where its texts were read."""


def write_made(made: Made, place: Path) -> None:
    """Keep it beside the files of the segment."""
    pieces = [tuple(piece._replace(raw=None)) for piece in made.pieces]
    place.write_bytes(pickle.dumps(([*map(tuple, made.marks)], [*map(tuple, made.runs)], pieces, made.keys), protocol=5))


def read_made(place: Path, files: Path) -> Made | None:
    """What :func:`write_made` wrote; ``None`` when there is nothing."""
    try:
        marks, runs, pieces, keys = pickle.loads(place.read_bytes())
    except (OSError, EOFError, pickle.UnpicklingError, ValueError):
        return None
    return Made(files, [Mark(*m) for m in marks], [Run(*r) for r in runs], [Piece(*p) for p in pieces], keys)


def scanned(marks: Sequence[Mark], texts: Sequence[Text]) -> Files:
    """The files of a segment that has its texts instead of an index: they are searched as they are."""
    return {"head.bin": _head(marks, [Run(unit, (), [count]) for unit, count in _counts(marks)], []), "t0.bin": chunk(texts)}


def indexed(pieces: Sequence[Piece], marks: Sequence[Mark], runs: Sequence[Run], earlier: Made | None) -> tuple[Files, bytes]:
    """The pieces' files in their order, and the head. What ``earlier`` has of them is taken from there."""
    there = {piece.digest: n for n, piece in enumerate(earlier.pieces)} if earlier else {}
    files: Files = {}
    with ThreadPoolExecutor(2) as beside:  # compressing leaves the interpreter free; of places more pains make little less
        new = {p.digest: beside.submit(compressed, p.raw, 1) for p in pieces if p.raw is not None and p.digest not in there}
        for seam, piece in zip(seams(pieces), pieces, strict=True):
            name = f"{'_'.join(f'{ord(letter):x}' for letter in seam)}-{piece.digest[:NAME]}.bin"
            files[name] = new[piece.digest].result() if earlier is None or piece.digest in new else earlier.files / str(there[piece.digest])
    return files, _head(marks, runs, pieces)


def made_anew(marks: Sequence[Mark], runs: Sequence[Run], text: Callable[[Mark], Text]) -> list[Piece]:
    """The pieces of the index of all texts."""
    letters: list[str] = []
    at = 0
    for place, mark in zip(places(marks, runs), marks, strict=True):
        letters += "\n" * (place - at), text(mark).folded
        at = place + mark.size
    return pieces_of("".join(letters))


Read = Callable[[str, str, int, set[str]], dict[str, Text] | None]
"""Of a unit, by its key then and now, a year's texts with some digests; ``None`` where they are no more."""


def made_from(earlier: Made, marks: Sequence[Mark], runs: Sequence[Run], text: Callable[[Mark], Text], read: Read) -> list[Piece] | None:
    """The same, from what was made of almost the same texts; ``None`` where they differ by too much, or it cannot be told any more by what."""
    was, now = (dict(zip(zip(places(m, r), m, strict=True), m, strict=True)) for m, r in ((earlier.marks, earlier.runs), (marks, runs)))
    gone, come = [at for at in was if at not in now], [at for at in now if at not in was]
    if not earlier.pieces or sum(mark.size for _, mark in (*gone, *come)) > _FEW:
        return None
    old: list[tuple[int, str]] = []
    for place, mark in gone:
        found = read(mark.unit, earlier.keys[mark.unit], mark.year, {mark.digest})
        if found is None or mark.digest not in found:
            return None
        old.append((place, found[mark.digest].folded))
    new = [(place, text(mark).folded) for place, mark in come]
    try:
        return changed(earlier.pieces, lambda n: decompress((earlier.files / str(n)).read_bytes()), changes(old, new))
    except (OSError, EOFError, ValueError, IndexError, zlib.error):  # somebody has changed what is there
        return None


def places(marks: Sequence[Mark], runs: Sequence[Run]) -> Iterator[int]:
    """Where each text begins."""
    at = n = 0
    for run in runs:
        at = -(-at // RUN) * RUN
        for mark in marks[n : n + sum(run.chunks)]:
            yield at
            at += mark.size
            n += 1


def _counts(marks: Sequence[Mark]) -> list[tuple[str, int]]:
    counts: dict[str, int] = {}
    for mark in marks:
        counts[mark.unit] = counts.get(mark.unit, 0) + 1
    return list(counts.items())


def _head(marks: Sequence[Mark], runs: Sequence[Run], pieces: Sequence[Piece]) -> bytes:
    fields = sorted({mark.field for mark in marks})
    of = {name: n for n, name in enumerate(fields)}
    days: list[int] = []
    for run in runs:
        before = 0
        for mark in marks[len(days) : len(days) + sum(run.chunks)]:
            days.append(mark.day - before)
            before = mark.day
    head: dict[str, Any] = {
        "units": list(dict.fromkeys(run.unit for run in runs)),
        "runs": _column(len(list(of_unit)) for _, of_unit in groupby(runs, key=lambda run: run.unit)),
        "texts": _column(sum(run.chunks) for run in runs),
        "files": "".join(name for run in runs for name in run.names),
        "chunks": _column(count for run in runs for count in run.chunks),
        "fields": fields,
        "field": _column(of[mark.field] for mark in marks),
        "size": _column((mark.size // BLOCK).bit_length() - 1 for mark in marks),
        "title": _column(mark.head for mark in marks),
        "day": _column(days),
        "flags": _column(mark.flags for mark in marks),
        "seams": "\n".join(seams(pieces)),
        "names": "".join(piece.digest[:NAME] for piece in pieces),
    }
    return packed_apart(head)


def _column(numbers: Iterable[int]) -> str:
    """Small numbers as one character each."""
    return "".join(chr(min(n, 50_000) + 35) for n in numbers)
