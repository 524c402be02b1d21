"""Loaded units kept between runs, outside the region, safe to delete.

A unit's bundle is valid while the program, its libraries, the catalogue and the size and times of every file of the unit are what they were.
Heads and contents are stored apart, so that a run which changes nothing never unpacks rows and texts.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import re
import sys
import time
import weakref
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import cache, cached_property
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path
from typing import Any, overload

import platformdirs
from msgspec import Struct

import sitegen
from sitegen.model.region import Record

from .database import Database, forget_gone


@cache
def program_digest() -> str:
    """Changes whenever the program does: of every source file's size and time, the version, Python's, and those of the libraries."""
    here = Path(sitegen.__file__).parent
    h = hashlib.sha256(f"{sitegen.__version__} {sys.version_info[:2]} {libraries()}".encode())
    for path in sorted(here.rglob("*.py")):
        info = path.stat()
        h.update(f"{path.relative_to(here)} {info.st_size} {info.st_mtime_ns}\n".encode())
    return h.hexdigest()[:16]


def libraries() -> list[str]:
    """The libraries that read, judge and write, each with its version, as the notes beside them are called: to ask each for its own takes long."""
    try:
        lines = requires("sitegen") or []
    except PackageNotFoundError:
        lines = []
    needed = {
        re.split(r"[^\w.-]", line, maxsplit=1)[0].lower().replace("-", "_") for line in lines if "extra ==" not in line or _WRITES in line
    }
    found: set[str] = set()
    for place in sys.path:
        with suppress(OSError):
            notes = (name.lower() for name in os.listdir(place or ".") if name.endswith(".dist-info"))
            found.update(name for name in notes if name.partition("-")[0].replace(".", "_") in needed)
    return sorted(found)


_WRITES = "traditional"
"""The extra whose library writes into pages."""


def cache_base() -> Path:
    """Where all caches are: the user's cache folder, or ``SITEGEN_CACHE``."""
    return Path(os.environ.get("SITEGEN_CACHE") or platformdirs.user_cache_dir("sitegen"))


@contextmanager
def fresh_cache(folder: Path) -> Iterator[None]:
    """Keep everything in ``folder`` for a while, here and in processes that are started meanwhile."""
    before = os.environ.get("SITEGEN_CACHE")
    os.environ["SITEGEN_CACHE"] = str(folder)
    try:
        yield
    finally:
        if before is None:
            del os.environ["SITEGEN_CACHE"]
        else:
            os.environ["SITEGEN_CACHE"] = before


def cache_folder(root: Path) -> Path:
    """Where this region's cache is."""
    return cache_base() / hashlib.sha256(str(root.resolve()).encode()).hexdigest()[:16]


Stamp = tuple[int, int, int]
"""Size and times of a file. The second time nobody can set: whoever writes a file as long and as old as it was is seen by it (but on Windows, which has none)."""
Stamped = tuple[str, int, int, int]
"""A path with its stamp."""


def signature(folder: Path) -> list[Stamped]:
    """Path, size and times of every file below ``folder``, in order."""
    found: list[Stamped] = []
    _walk(str(folder), "", found)
    found.sort()
    return found


def _walk(path: str, prefix: str, found: list[Stamped]) -> None:
    try:
        entries = list(os.scandir(path))
    except OSError:
        return
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            _walk(entry.path, f"{prefix}{entry.name}/", found)
        else:
            found.append((prefix + entry.name, *stamp(entry)))


def stamp(entry: os.DirEntry[str]) -> Stamp:
    """Size and times of a file, of the one that a link leads to if it is there."""
    info = entry.stat(follow_symlinks=entry.is_symlink() and os.path.exists(entry.path))
    return info.st_size, info.st_mtime_ns, info.st_ctime_ns


class Packed(Struct, frozen=True):
    """Bytes in memory, or a part of what is kept that is read when asked for."""

    data: bytes | None = None
    path: str = ""
    number: int = 0

    def read(self) -> bytes:
        """The bytes. Raises ``OSError`` when what was kept was removed meanwhile."""
        if self.data is not None:
            return self.data
        data = Database(Path(self.path)).read(self.number)
        if data is None:
            raise FileNotFoundError(self.path)
        return data


class Bundle(Struct, frozen=True):
    """What is kept of one unit: what every run needs, its records' heads, and the heavy part."""

    key: str
    unit: Packed
    records: Packed = Packed(b"")
    contents: Packed = Packed(b"")
    earlier: Packed = Packed(b"")
    """What the next reading of the unit takes over, see :mod:`sitegen.load.reread`."""


class BundleCache:
    """Bundles by name and key. A bundle that cannot be read is as good as none."""

    def __init__(self, root: Path) -> None:
        self.root, self.folder = root.resolve(), cache_folder(root)
        self.database = Database(self.folder / "loaded.sqlite")
        self.since = _since(self.folder)
        """What was kept before this time does not count any more."""

    def distrust(self) -> None:
        """Whatever was kept until now does not count any more, for no run. Raises ``OSError`` where that cannot be noted."""
        self.folder.mkdir(parents=True, exist_ok=True)
        note = self.folder / _SINCE
        temporary = note.with_name(f"{_SINCE}.{os.getpid()}")
        temporary.write_text(repr(max(time.time(), self.since + 1e-3)), encoding="ascii")  # also where the clock was set back
        temporary.replace(note)
        self.since = _since(self.folder)

    def get(self, name: str, key: str) -> Bundle | None:
        """The bundle kept under ``name`` if there is one with ``key``; its parts are read when they are needed."""
        return self._bundle(key, self.database.find(name, self._mark(key)))

    def last(self, name: str) -> Bundle | None:
        """The newest bundle kept under ``name``, whatever its key."""
        return self._bundle("", self.database.find(name, None, self.since))

    def put(self, name: str, bundle: Bundle) -> Bundle:
        """Keep a bundle and return it as kept; as it is when the cache cannot be written, which is no problem."""
        forget_gone(cache_base(), self.root, self.folder)
        parts = [p.read() for p in (bundle.unit, bundle.records, bundle.contents, bundle.earlier)]
        return self._bundle(bundle.key, self.database.put(name, self._mark(bundle.key), parts)) or bundle

    def keep(self, name: str, key: str, value: Any) -> None:
        """Keep a value that is all there is under its name."""
        self.put(name, Bundle(key, Packed(pickle.dumps(value, protocol=5))))

    def value(self, name: str, key: str | None) -> Any:
        """What :meth:`keep` was given under ``name`` with ``key``, without a key the newest; ``None`` where there is nothing."""
        bundle = self.last(name) if key is None else self.get(name, key)
        try:
            return pickle.loads(bundle.unit.read()) if bundle else None
        except Exception:  # what was kept by another version, or is gone
            return None

    def _bundle(self, key: str, numbers: list[int]) -> Bundle | None:
        path = str(self.database.path)
        return Bundle(key, *(Packed(None, path, number) for number in numbers)) if numbers else None

    def _mark(self, key: str) -> bytes:
        return hashlib.sha256(f"{self.since} {key}".encode()).digest()


_SINCE = "since"
"""Beside the file of what is kept: since when it counts."""


def _since(folder: Path) -> float:
    try:
        return float((folder / _SINCE).read_text(encoding="ascii"))
    except (OSError, ValueError):
        return 0.0


_KEPT = 24
"""Units whose contents stay unpacked: whoever goes through all units must not end up with all rows of the region in memory."""
_FEW = (2_000, 3)
"""Heads, and units whose contents stay, in a process that stays and loads a region again and again, each time anew."""
_unpacked: deque[LazyContents] = deque()


class LazyContents:
    """A unit's contents, unpacked when asked for and again where that was long ago; travels between processes packed."""

    def __init__(self, packed: Packed) -> None:
        self.packed = packed
        self._value: Mapping[str, Any] | None = None

    def __call__(self) -> Mapping[str, Any]:
        value = self._value
        if value is None:
            value = self._value = pickle.loads(self.packed.read())
            _unpacked.append(self)
            while len(_unpacked) > (_FEW[1] if _recent.few else _KEPT):
                _unpacked.popleft()._value = None
        return value

    def __reduce__(self) -> tuple[Any, tuple[Packed]]:
        return LazyContents, (self.packed,)


_HEADS = 16_000
"""Heads, some 9 KB each, that stay unpacked for whoever looks at the same units next."""


class _Heads(list[Record]):
    """A unit's heads. (A list proper cannot be referred to weakly.)"""


class _Recent:
    """The heads unpacked last, as many as there is room for."""

    def __init__(self) -> None:
        self.kept: deque[_Heads] = deque()
        self.count = 0
        self.few = False

    def add(self, heads: _Heads) -> None:
        self.kept.append(heads)
        self.count += len(heads)
        while self.count > (_FEW[0] if self.few else _HEADS) and len(self.kept) > 1:
            self.count -= len(self.kept.popleft())


_recent = _Recent()


def keep_few() -> None:
    """Keep less unpacked in this process than one needs that runs through a region once: for one that stays."""
    _recent.few = True


class LazyRecords(Sequence[Record]):
    """The heads of a unit's records, unpacked when first looked at."""

    def __init__(self, packed: Packed) -> None:
        self.packed = packed
        self._passing: weakref.ref[_Heads] | None = None

    @cached_property
    def _records(self) -> Sequence[Record]:
        return self.passing()

    def passing(self) -> Sequence[Record]:
        """The same heads, not kept here: whoever goes through a region part by part holds those of a part as long as they are needed.

        Two that hold them at the same time hold the same objects.
        """
        kept: Sequence[Record] | None = self.__dict__.get("_records")
        if kept is not None:
            return kept
        found = self._passing() if self._passing is not None else None
        if found is None:
            found = _Heads(pickle.loads(self.packed.read()))
            self._passing = weakref.ref(found)
            _recent.add(found)
        return found

    @overload
    def __getitem__(self, at: int) -> Record: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Record]: ...
    def __getitem__(self, at: int | slice) -> Record | Sequence[Record]:
        return self._records[at]

    def __len__(self) -> int:
        return len(self._records)

    def __iter__(self) -> Iterator[Record]:
        return iter(self._records)

    def __reduce__(self) -> tuple[Any, tuple[Packed]]:
        return LazyRecords, (self.packed,)


def passing(records: Sequence[Record]) -> Sequence[Record]:
    """Heads for as long as the caller holds them; see :meth:`LazyRecords.passing`."""
    return records.passing() if isinstance(records, LazyRecords) else records
