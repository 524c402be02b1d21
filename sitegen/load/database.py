"""Values kept between runs in one SQLite file of the user's cache folder: bounded, and safe to delete at any time.

Several processes read and write it at once. Whatever is wrong with the file, nothing is known then; a damaged one is removed.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")

_VERSION = 1
_SCHEMA = f"""
PRAGMA user_version = {_VERSION};
CREATE TABLE IF NOT EXISTS bundle (id INTEGER PRIMARY KEY, name TEXT NOT NULL, mark BLOB NOT NULL, put REAL NOT NULL, used REAL NOT NULL);
CREATE UNIQUE INDEX IF NOT EXISTS bundle_by_name ON bundle (name, mark);
CREATE TABLE IF NOT EXISTS part (id INTEGER PRIMARY KEY AUTOINCREMENT, bundle INTEGER NOT NULL, data BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS part_by_bundle ON part (bundle);
"""
# A part's number is never given twice: who still reads an earlier one must not get another.
_LOCKED = 30.0
"""Seconds for which one waits for another that writes."""
_EARLIER = 600
"""Seconds after which what was kept before under the same name is removed: until then another run may still be reading it."""
_UNUSED = 30 * 86_400
"""Seconds after which is removed what no run has asked for."""
_WEEK = 7 * 86_400
_OPEN = 4
"""Files that a thread has open at once."""
_ROOT = "root"
"""Beside the file: which folder it is of."""


class Database:
    """One file. Connections belong to a process and a thread and are opened when they are needed."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def find(self, name: str, mark: bytes | None, since: float = 0.0) -> list[int]:
        """The parts kept under ``name`` and ``mark``, by number; of the newest mark where none is given, if it was kept ``since`` then. None where
        nothing is kept.
        """

        def ask(connection: sqlite3.Connection) -> list[int]:
            wanted: tuple[str, tuple[object, ...]] = ("name = ? AND mark = ?", (name, mark))
            if mark is None:
                wanted = ("name = ? AND put >= ?", (name, since))
            row = connection.execute(
                f"SELECT id, used FROM bundle WHERE {wanted[0]} ORDER BY put DESC, id DESC LIMIT 1", wanted[1]
            ).fetchone()
            if row is None:
                return []
            if row[1] < time.time() - _WEEK:
                with suppress(sqlite3.OperationalError):  # the file may be for reading only
                    connection.execute("UPDATE bundle SET used = ? WHERE id = ?", (time.time(), row[0]))
            return _parts(connection, row[0])

        return self._try(ask) or []

    def read(self, number: int) -> bytes | None:
        """A part; ``None`` when it was removed meanwhile."""
        row = self._try(lambda connection: connection.execute("SELECT data FROM part WHERE id = ?", (number,)).fetchone())
        data: bytes | None = row[0] if row else None
        return data

    def put(self, name: str, mark: bytes, parts: Sequence[bytes]) -> list[int]:
        """Keep parts; their numbers, or none where nothing can be kept. What is kept under this name and mark already stays, for it is the same, and another run may be reading it."""

        def write(connection: sqlite3.Connection) -> list[int]:
            now = time.time()
            connection.execute("BEGIN IMMEDIATE")
            try:
                there = connection.execute("SELECT id FROM bundle WHERE name = ? AND mark = ?", (name, mark)).fetchone()
                if there is not None:
                    connection.execute("COMMIT")
                    return _parts(connection, there[0])
                _drop(connection, "name = ? AND put < ?", name, now - _EARLIER)
                of = connection.execute("INSERT INTO bundle (name, mark, put, used) VALUES (?, ?, ?, ?)", (name, mark, now, now)).lastrowid
                numbers = [connection.execute("INSERT INTO part (bundle, data) VALUES (?, ?)", (of, data)).lastrowid or 0 for data in parts]
                connection.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):
                    connection.execute("ROLLBACK")
                raise
            return numbers

        return self._try(write, make=True) or []

    def _try(self, ask: Callable[[sqlite3.Connection], T], *, make: bool = False) -> T | None:
        try:
            connection = self._connection(make=make)
            return ask(connection) if connection is not None else None
        except (sqlite3.OperationalError, OSError):  # locked, full, for reading only, gone
            return None
        except sqlite3.DatabaseError:  # damaged, or no such file at all
            self._discard()
            return None

    def _connection(self, *, make: bool) -> sqlite3.Connection | None:
        known = _known()
        connection = known.get(self.path)
        if connection is not None and (make or self.path.exists()):
            return connection
        if connection is not None:  # somebody deleted the cache
            known.pop(self.path).close()
        if not self.path.exists():
            if not make:
                return None
            self.path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(self.path, timeout=_LOCKED, isolation_level=None)
        for pragma in ("page_size = 16384", "journal_mode = WAL", "synchronous = NORMAL"):
            connection.execute(f"PRAGMA {pragma}")
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version not in (0, _VERSION):
            raise sqlite3.DatabaseError("of another version")
        if version == 0:
            connection.executescript(_SCHEMA)
        while len(known) >= _OPEN:  # a province has a thousand counties
            known.pop(next(iter(known))).close()
        known[self.path] = connection
        if make:
            _drop(connection, "used < ?", time.time() - _UNUSED)
        return connection

    def _discard(self) -> None:
        connection = _known().pop(self.path, None)
        if connection is not None:
            connection.close()
        for end in ("", "-wal", "-shm"):
            with suppress(OSError):
                self.path.with_name(self.path.name + end).unlink(missing_ok=True)


def _parts(connection: sqlite3.Connection, bundle: int) -> list[int]:
    return [number for (number,) in connection.execute("SELECT id FROM part WHERE bundle = ? ORDER BY id", (bundle,))]


def _drop(connection: sqlite3.Connection, which: str, *values: str | float) -> None:
    """Remove bundles with their parts."""
    connection.execute(f"DELETE FROM part WHERE bundle IN (SELECT id FROM bundle WHERE {which})", values)
    connection.execute(f"DELETE FROM bundle WHERE {which}", values)


def forget_gone(base: Path, root: Path, folder: Path) -> None:
    """Note that ``folder`` is of the region ``root``, and remove below ``base`` what is of regions that are no longer where they were."""
    note = folder / _ROOT
    if note.exists():
        return
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        note.write_text(str(root), encoding="utf-8")
        for other in base.glob(f"*/{_ROOT}"):
            if time.time() - other.parent.stat().st_mtime > _WEEK and not Path(other.read_text(encoding="utf-8")).exists():
                shutil.rmtree(other.parent, ignore_errors=True)


class _Here(threading.local):
    """The connections of a thread."""

    def __init__(self) -> None:
        self.process = os.getpid()
        self.open: dict[Path, sqlite3.Connection] = {}


_here = _Here()
_left: list[dict[Path, sqlite3.Connection]] = []
"""Of the process that this one is a copy of: SQLite asks that they are neither used nor closed here."""


def _known() -> dict[Path, sqlite3.Connection]:
    if _here.process != os.getpid():
        _left.append(_here.open)
        _here.process, _here.open = os.getpid(), {}
    return _here.open
