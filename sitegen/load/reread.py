"""Records of the last reading of a unit, taken over one by one: where one of a thousand was changed, one is read.

A record is taken over when nothing was wrong with it, its own file and every file that it names have the size and times that they had,
and the unit's own words, the catalogue and the program are the same.
"""

from __future__ import annotations

import os
import pickle
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct

from sitegen.model.region import Link, Record, RecordContent

from .cache import Bundle, Packed, Stamped

Mark = Stamped
"""A file as a record names it, its size and times."""


def mark(path: str) -> Mark:
    """A file as it is now, links followed; one that is not there has the size -1."""
    try:
        info = os.stat(path)  # noqa: PTH116 - hundreds for one change
    except (OSError, ValueError):
        return path, -1, 0, 0
    return path, info.st_size, info.st_mtime_ns, info.st_ctime_ns


class Known(Struct, frozen=True):
    """What a record that was read well was read from."""

    marks: tuple[Mark, ...]
    """Its own file first; each path is below the unit's folder."""
    id: str
    links: tuple[Link, ...]
    """Where its text leads."""


class Earlier:
    """The last reading of a unit."""

    def __init__(self, folder: Path, base: str, last: Bundle | None) -> None:
        self.folder = str(folder)
        self.known: Mapping[str, Known] = {}
        self.records: dict[str, Record] = {}
        self.contents: Mapping[str, RecordContent] = {}
        if last is None:
            return
        try:
            head, _, kept = last.earlier.read().partition(b"\n")
            if head.decode() != base:
                return
            self.records = {r.front.id: r for r in pickle.loads(last.records.read())}
            self.contents = pickle.loads(last.contents.read())
            self.known = pickle.loads(kept)
        except Exception:  # what was kept by another version, or is gone: everything is read
            self.known = {}

    def of(self, path: Path) -> tuple[Record, RecordContent, Known] | None:
        """The record of a file, if it would be read the same now."""
        known = self.known.get(str(path)[len(self.folder) :])
        if known is None or any(mark(f"{self.folder}{m[0]}")[1:] != m[1:] for m in known.marks):
            return None
        record, content = self.records.get(known.id), self.contents.get(known.id)
        return (record, content, known) if record is not None and content is not None else None

    def noted(self, marks: Sequence[Mark], id: str, links: Sequence[Link]) -> Known:
        """What is to be kept of a record that was read just now."""
        return Known(tuple((m[0][len(self.folder) :], *m[1:]) for m in marks), id, tuple(links))


def for_the_next(base: str, known: Mapping[str, Known]) -> Packed:
    """What is kept of a reading for the one after it."""
    value: dict[str, Any] = dict(known)
    return Packed(base.encode() + b"\n" + pickle.dumps(value, protocol=5))
