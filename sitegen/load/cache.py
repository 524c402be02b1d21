"""Loaded units kept between runs, outside the region, safe to delete.

A unit's bundle is valid while the program, the catalogue and the size and time of every file of the unit are what they were.
Heads and contents are stored apart, so that a run which changes nothing never unpacks rows and texts.
"""

from __future__ import annotations

import hashlib
import os
import pickle
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import platformdirs

import sitegen


@cache
def program_digest() -> str:
    """Changes whenever the program does: of every source file's size and time, and the version."""
    here = Path(sitegen.__file__).parent
    h = hashlib.sha256(sitegen.__version__.encode())
    for path in sorted(here.rglob("*.py")):
        info = path.stat()
        h.update(f"{path.relative_to(here)} {info.st_size} {info.st_mtime_ns}\n".encode())
    return h.hexdigest()[:16]


def cache_base() -> Path:
    """Where all caches are: the user's cache folder, or ``SITEGEN_CACHE``."""
    return Path(os.environ.get("SITEGEN_CACHE") or platformdirs.user_cache_dir("sitegen"))


def cache_folder(root: Path) -> Path:
    """Where this region's cache is."""
    return cache_base() / hashlib.sha256(str(root.resolve()).encode()).hexdigest()[:16]


def signature(folder: Path, *, units_too: bool = False) -> list[tuple[str, int, int]]:
    """Path, size and time of every file below ``folder``, in order. Other units' folders below it are left out unless ``units_too``."""
    found: list[tuple[str, int, int]] = []

    def walk(path: str, prefix: str) -> None:
        try:
            entries = sorted(os.scandir(path), key=lambda e: e.name)
        except OSError:
            return
        for entry in entries:
            name = prefix + entry.name
            if entry.is_dir(follow_symlinks=False):
                if units_too or not os.path.exists(os.path.join(entry.path, "unit.yml")):
                    walk(entry.path, name + "/")
            else:
                info = (
                    entry.stat(follow_symlinks=True)
                    if not entry.is_symlink() or os.path.exists(entry.path)
                    else entry.stat(follow_symlinks=False)
                )
                found.append((name, info.st_size, info.st_mtime_ns))

    walk(str(folder), "")
    return found


@dataclass(frozen=True, slots=True)
class Bundle:
    """What is kept of one unit."""

    key: str
    heads: bytes
    contents: bytes


class BundleCache:
    """Bundles by unit folder. A bundle that cannot be read is as good as none."""

    def __init__(self, root: Path) -> None:
        self.folder = cache_folder(root) / "units"

    def _path(self, name: str) -> Path:
        return self.folder / (hashlib.sha256(name.encode()).hexdigest()[:20] + ".bundle")

    def get(self, name: str, key: str) -> Bundle | None:
        """The bundle kept under ``name`` if it is the one with ``key``."""
        try:
            with self._path(name).open("rb") as stream:
                if stream.read(32) != _mark(key):
                    return None
                heads, contents = pickle.load(stream)
        except (OSError, pickle.UnpicklingError, EOFError, ValueError, AttributeError, ImportError, IndexError, KeyError, TypeError):
            return None
        return Bundle(key, heads, contents)

    def put(self, name: str, bundle: Bundle) -> None:
        """Keep a bundle; a cache that cannot be written is no problem."""
        path = self._path(name)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            temporary = path.with_suffix(f".{os.getpid()}")
            with temporary.open("wb") as stream:
                stream.write(_mark(bundle.key))
                pickle.dump((bundle.heads, bundle.contents), stream, protocol=5)
            temporary.replace(path)
        except OSError:
            pass


def _mark(key: str) -> bytes:
    return hashlib.sha256(key.encode()).digest()


_KEPT = 24
"""Units whose contents stay unpacked: whoever goes through all units must not end up with all rows of the region in memory."""
_unpacked: deque[LazyContents] = deque()


class LazyContents:
    """A unit's contents, unpacked when asked for and again where that was long ago; travels between processes packed."""

    def __init__(self, packed: bytes) -> None:
        self.packed = packed
        self._value: Mapping[str, Any] | None = None

    def __call__(self) -> Mapping[str, Any]:
        value = self._value
        if value is None:
            value = self._value = pickle.loads(self.packed)
            _unpacked.append(self)
            if len(_unpacked) > _KEPT:
                _unpacked.popleft()._value = None
        return value

    def __reduce__(self) -> tuple[Any, tuple[bytes]]:
        return LazyContents, (self.packed,)
