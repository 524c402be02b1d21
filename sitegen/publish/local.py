"""A folder on this computer, or one that is mounted."""

from __future__ import annotations

import errno
import hashlib
import os
import threading
from collections.abc import Iterator
from pathlib import Path

from sitegen.model.causes import cause

from .problems import Damaged, Full, Problem, Refused
from .store import CHUNK, OURS, Stat, Store
from .throttle import Throttle


class LocalStore(Store):
    """Files below ``folder``."""

    def __init__(self, folder: Path, throttle: Throttle) -> None:
        self.folder, self.throttle = folder, throttle

    def read(self, path: str) -> bytes | None:
        try:
            return self._at(path).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise self._problem(path, error) from error

    def exists(self, path: str) -> bool:
        return self._at(path).exists()

    def write(self, path: str, data: bytes) -> None:
        try:
            temporary = self._temporary()
            temporary.write_bytes(data)
            self._place(temporary, path)
        except OSError as error:
            raise self._problem(path, error) from error

    def send(self, path: str, data: bytes, md5: str) -> None:
        try:
            temporary = self._temporary()
            with temporary.open("wb") as goal:
                for at in range(0, len(data), CHUNK):
                    chunk = data[at : at + CHUNK]
                    self.throttle.take(len(chunk))
                    goal.write(chunk)
            if hashlib.md5(temporary.read_bytes(), usedforsecurity=False).hexdigest() != md5:
                raise Damaged(host=self.folder, path=path, what="MD5")
            self._place(temporary, path)
        except OSError as error:
            raise self._problem(path, error) from error

    def delete(self, path: str) -> None:
        try:
            place = self._at(path)
            place.unlink(missing_ok=True)
            for above in place.parents:
                if above == self.folder or any(above.iterdir()):
                    break
                above.rmdir()
        except FileNotFoundError:
            return
        except OSError as error:
            raise self._problem(path, error) from error

    def files(self, folder: str = "") -> Iterator[Stat]:
        top = self._at(folder) if folder else self.folder
        for place, _, names in os.walk(top):
            for name in names:
                whole = os.path.join(place, name)
                yield Stat(os.path.relpath(whole, self.folder).replace(os.sep, "/"), os.lstat(whole).st_size)

    def clean(self) -> None:
        for stat in list(self.files(f"{OURS}/tmp")):
            self._at(stat.path).unlink(missing_ok=True)

    def _at(self, path: str) -> Path:
        return self.folder / path

    def _temporary(self) -> Path:
        folder = self.folder / OURS / "tmp"
        folder.mkdir(parents=True, exist_ok=True)
        return folder / f"{os.getpid()}-{threading.get_ident()}"

    def _place(self, temporary: Path, path: str) -> None:
        goal = self._at(path)
        goal.parent.mkdir(parents=True, exist_ok=True)
        temporary.replace(goal)

    def _problem(self, path: str, error: OSError) -> Problem:
        kind = Full if error.errno in (errno.ENOSPC, errno.EDQUOT) else Refused
        return kind(host=self.folder, path=path, what=cause(error))
