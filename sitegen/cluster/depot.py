"""The store that all machines see, by fsspec: a folder (``file:///…``), a bucket (``s3://…``) or whatever else fsspec has a driver for.

Everything in it is named after what it says, so that nothing is ever overwritten by something else, and what is read is proved.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

import fsspec
from fsspec.implementations.local import LocalFileSystem

from .problems import Damaged, NotShared, StoreRefuses

T = TypeVar("T")
_SIZE = 32


def name_of(data: bytes) -> str:
    """What bytes are named after in the store."""
    return hashlib.sha256(data).hexdigest()[:_SIZE]


class Depot:
    """A store. Methods raise :class:`StoreRefuses`."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._fs, self._base = self._asked(url, lambda: _open(url))

    def put(self, kind: str, data: bytes, mark: str = "") -> str:
        """Keep bytes below the folder ``kind``; returns their name, which begins with ``mark``."""
        name = f"{kind}/{mark}{name_of(data)}"
        self._asked(name, lambda: self._write(f"{self._base}/{name}", data))
        return name

    def get(self, name: str) -> bytes:
        """The bytes of this name. Raises :class:`Damaged` where they are not what was put there."""
        data: bytes = self._asked(name, lambda: self._fs.cat_file(f"{self._base}/{name}"))
        if not name.endswith(name_of(data)):
            raise Damaged(name=name, url=self.url)
        return data

    def sizes(self, kind: str) -> dict[str, int]:
        """All names below the folder ``kind``, with their sizes."""
        # Listings may be kept by the driver of a store, and another machine may have written since.
        self._fs.invalidate_cache()
        found: dict[str, Any] = self._asked(kind, lambda: self._found(f"{self._base}/{kind}"))
        return {path[len(self._base) + 1 :]: int(info["size"]) for path, info in found.items()}

    def _found(self, place: str) -> dict[str, Any]:
        try:
            found: dict[str, Any] = self._fs.find(place, detail=True)
        except FileNotFoundError:
            return {}
        return {_plain(path): info for path, info in found.items()}

    def remove(self, names: list[str]) -> None:
        """Remove what nobody asks for any more; what is not there already is no problem."""
        if names:
            self._asked(names[0], lambda: self._removed([f"{self._base}/{name}" for name in names]))

    def _removed(self, places: list[str]) -> None:
        try:
            self._fs.rm(places)
        except FileNotFoundError:  # somebody else was quicker with one: the others have still to go
            for place in places:
                with suppress(FileNotFoundError):
                    self._fs.rm_file(place)

    def _write(self, place: str, data: bytes) -> None:
        if isinstance(self._fs, LocalFileSystem):  # whole or not at all, as object stores do it by themselves
            final = Path(place)
            final.parent.mkdir(parents=True, exist_ok=True)
            temporary = final.with_name(f"{final.name}.{uuid.uuid4().hex[:8]}~")
            temporary.write_bytes(data)
            temporary.replace(final)
        else:
            self._fs.pipe_file(place, data)

    def _asked(self, place: str, ask: Callable[[], T]) -> T:
        try:
            return ask()
        except (StoreRefuses, Damaged, NotShared):
            raise
        except Exception as error:  # every driver has errors of its own
            raise StoreRefuses(url=self.url, place=place, what=f"{type(error).__name__}: {error}"[:300]) from error


def _plain(path: str) -> str:
    return path.replace("\\", "/")


def _open(url: str) -> tuple[Any, str]:
    try:
        fs, base = fsspec.core.url_to_fs(url)
    except ImportError:
        # The extra for publishing to such stores brings a driver of its own.
        from obstore.fsspec import register

        register(url.partition(":")[0])
        fs, base = fsspec.core.url_to_fs(url)
    return fs, _plain(base).rstrip("/")
