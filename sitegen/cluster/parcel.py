"""What travels: a unit's files as one value, packed on one machine and unpacked on another, and a unit's work with all that it needs."""

from __future__ import annotations

import copyreg
import io
import os
import pickle
import posixpath
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache, partial
from pathlib import Path
from typing import Any, cast, get_args, get_type_hints

import msgspec
from msgspec import Struct
from msgspec.structs import replace
from pydantic import BaseModel

from sitegen.contents import Job
from sitegen.ledger import OBJECTS
from sitegen.load.cache import LazyContents, LazyRecords, Packed
from sitegen.machines import Shard
from sitegen.model.catalog import Item
from sitegen.model.content_views import AttachmentView
from sitegen.model.ledger import EMPTY
from sitegen.model.region import Attached, Catalog

from .depot import Depot

Contents = Mapping[str, bytes]
"""By path with forward slashes, relative to a folder."""


def pack(contents: Iterable[tuple[str, bytes]]) -> bytes:
    """Files as one value, in the order in which they come."""
    return msgspec.msgpack.encode(list(contents))


def unpack(data: bytes) -> list[tuple[str, bytes]]:
    """The files of a parcel. Raises ``ValueError`` for what is none, or would lead out of its folder."""
    found = msgspec.msgpack.decode(data, type=list[tuple[str, bytes]])
    for path, _ in found:
        if path.startswith("/") or posixpath.normpath(path).startswith("..") or "\\" in path:
            raise ValueError(path)
    return found


def folder_of(folder: Path) -> Iterator[tuple[str, bytes]]:
    """All files below a folder, in fixed order."""
    yield from _below(str(folder), "")


def _below(folder: str, prefix: str) -> Iterator[tuple[str, bytes]]:
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
        if entry.is_dir():
            yield from _below(entry.path, f"{prefix}{entry.name}/")
        else:
            with open(entry.path, "rb", buffering=0) as stream:
                yield prefix + entry.name, stream.read()


def bytes_of(path: str) -> bytes | None:
    """A file's bytes; ``None`` where it cannot be read."""
    try:
        with open(path, "rb", buffering=0) as stream:
            return stream.read()
    except OSError:
        return None


def files_of(folder: Path) -> Iterator[tuple[str, bytes | None]]:
    """Path and bytes of every file of a unit's folder but its ledger, in fixed order; of links ``None``. Folders of other units are left out."""
    yield from _files_in(str(folder), "")


def _files_in(folder: str, prefix: str) -> Iterator[tuple[str, bytes | None]]:
    # A unit has hundreds of files, and this machine waits for nobody while it looks at them.
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        return
    below: list[str] = []
    for entry in entries:
        name = entry.name
        if entry.is_dir():
            if (not prefix and name == OBJECTS) or os.path.exists(f"{folder}/{name}/unit.yml"):
                continue
            if not entry.is_symlink():
                below.append(name)
                continue
        if prefix or not name.startswith(("ledger.jsonl", ".ledger.jsonl")):
            yield prefix + name, None if entry.is_symlink() else bytes_of(f"{folder}/{name}")
    for name in below:
        yield from _files_in(f"{folder}/{name}", f"{prefix}{name}/")


def write(contents: Iterable[tuple[str, bytes]], folder: Path) -> None:
    """Write files below a folder."""
    made: set[str] = set()
    for path, content in contents:
        place = f"{folder}/{path}"
        above = place[: place.rindex("/")]
        if above not in made:
            Path(above).mkdir(parents=True, exist_ok=True)
            made.add(above)
        with open(place, "wb", buffering=0) as stream:  # tens of thousands of files, each in one piece
            written = stream.write(content)
            while written < len(content):
                written += stream.write(memoryview(content)[written:])


def travelling(shard: Shard) -> Shard:
    """A shard with everything that this machine would read from its own cache, and of other units only what it derives from."""
    work = shard.work
    own = work.own
    records = LazyRecords(Packed(own.records.packed.read())) if isinstance(own.records, LazyRecords) else tuple(own.records)
    needed: dict[str, set[str]] = {}
    for derived in work.sources.values():
        needed.setdefault(derived.source.unit, set()).add(derived.source.front.id)
    contents = {}
    for code, source in work.contents.items():
        if code == own.code and isinstance(source, LazyContents):
            data = source.packed.read()
        else:
            found = source()
            data = pickle.dumps(found if code == own.code else {id: found[id] for id in sorted(needed.get(code, ()))}, protocol=5)
        contents[code] = LazyContents(Packed(data))
    light = replace(own, records=records, contents=LazyContents(Packed(b"")), ledger=EMPTY)
    return replace(shard, work=Job(work.view, light, work.sources, contents, work.kept, work.folders, ""), root=Path())


def pack_shard(shard: Any, items: Mapping[str, Item], url: str, shared: str) -> bytes:
    """A value as bytes. Items of the catalogue, which whoever unpacks it has, are not in it: there they are taken from what :func:`item_of` finds."""
    stream = io.BytesIO()
    packer = pickle.Pickler(stream, protocol=5)
    packer.dispatch_table = copyreg.dispatch_table | {Item: partial(_item, items, (url, shared))}
    packer.dump(shard)
    return stream.getvalue()


def _item(items: Mapping[str, Item], where: tuple[str, str], item: Item) -> Any:
    return (item_of, (*where, item.id)) if items.get(item.id) is item else item.__reduce_ex__(5)


def item_of(url: str, shared: str, id: str) -> Item:
    """An item of the catalogue with the name ``shared`` in the store."""
    return cast(Catalog, shared_value(url, shared)).items[id]


@lru_cache(maxsize=4)
def depot_at(url: str) -> Depot:
    """The store with this address."""
    return Depot(url)


@lru_cache(maxsize=4)
def shared_value(url: str, name: str) -> Any:
    """What all units of a build are read or rendered with; unpacked once in a process."""
    return pickle.loads(depot_at(url).get(name))


def referred(value: Any) -> set[str]:
    """Every file of the region that a value refers to, at any depth: attachments, pictures, photos, recordings."""
    found: set[str] = set()
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, AttachmentView):
            found.add(one.source)
        elif isinstance(one, Attached):
            found.add(one.file)
        elif isinstance(one, Mapping):
            waiting += one.values()
        elif isinstance(one, tuple | list | frozenset | set):
            waiting += one
        elif isinstance(one, Struct | BaseModel):
            waiting += [getattr(one, name) for name in _ways(type(one))]
    return found


@cache
def _ways(kind: Any) -> tuple[str, ...]:
    """Fields of a type that may lead to a file, by what is declared: most lead to none, and records are many."""
    hints = _hints(kind)
    if hints is None:
        return _names(kind)
    return tuple(name for name, hint in hints.items() if _leads(hint, {kind}))


def _hints(kind: Any) -> dict[str, Any] | None:
    try:
        hints = get_type_hints(kind)
    except (NameError, TypeError):  # a name that only type checkers know
        return None
    return {name: hints[name] for name in _names(kind)}


def _names(kind: Any) -> tuple[str, ...]:
    return tuple(kind.model_fields) if issubclass(kind, BaseModel) else tuple(kind.__struct_fields__)


def _leads(hint: Any, seen: set[Any]) -> bool:
    if hint in (AttachmentView, Attached, Any, object):
        return True
    if parts := get_args(hint):
        return any(_leads(part, seen) for part in parts if isinstance(part, type) or get_args(part) or part is Any)
    if not isinstance(hint, type) or hint in seen or not issubclass(hint, Struct | BaseModel):
        return False
    seen.add(hint)
    hints = _hints(hint)
    return hints is None or any(_leads(one, seen) for one in hints.values())
