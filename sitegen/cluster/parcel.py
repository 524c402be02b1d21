"""Files as one value: packed on one machine, unpacked on another."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import msgpack
from pydantic import BaseModel

from sitegen.model.catalog import Item
from sitegen.model.region import Attached
from sitegen.model.views import AttachmentView

Contents = Mapping[str, bytes]
"""By path with forward slashes, relative to a folder."""


def pack(contents: Iterable[tuple[str, bytes]]) -> bytes:
    """Files as one value, in the order in which they come."""
    packed: bytes = msgpack.packb(list(contents))
    return packed


def unpack(data: bytes) -> list[tuple[str, bytes]]:
    """The files of a parcel. Raises ``ValueError`` for what is none, or would lead out of its folder."""
    found = [(str(path), bytes(content)) for path, content in msgpack.unpackb(data)]
    for path, _ in found:
        if path.startswith("/") or posixpath.normpath(path).startswith("..") or "\\" in path:
            raise ValueError(path)
    return found


def folder_of(folder: Path) -> Iterator[tuple[str, bytes]]:
    """All files below a folder, in fixed order."""
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        yield path.relative_to(folder).as_posix(), path.read_bytes()


def write(contents: Iterable[tuple[str, bytes]], folder: Path) -> None:
    """Write files below a folder."""
    made: set[str] = set()
    for path, content in contents:
        place = f"{folder}/{path}"
        above = place[: place.rindex("/")]
        if above not in made:
            Path(above).mkdir(parents=True, exist_ok=True)
            made.add(above)
        with open(place, "wb") as stream:
            stream.write(content)


def referred(value: Any) -> set[str]:
    """Every file of the region that a value refers to, at any depth: attachments, pictures, photos, recordings."""
    found: set[str] = set()
    seen: set[int] = set()
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str | int | float | bytes | Item) or one is None or id(one) in seen:
            continue
        seen.add(id(one))  # all of it is held by ``value``, so that no number is used twice
        if isinstance(one, AttachmentView):
            found.add(one.source)
        elif isinstance(one, Attached):
            found.add(one.file)
        elif isinstance(one, Mapping):
            waiting += one.values()
        elif isinstance(one, tuple | list | frozenset | set):
            waiting += one
        elif isinstance(one, BaseModel):
            waiting += one.__dict__.values()
        elif is_dataclass(one):
            waiting += [getattr(one, f.name) for f in fields(one)]
    return found
