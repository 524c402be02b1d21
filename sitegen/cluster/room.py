"""A region's own part of the store: what is kept there for its next build, who is at work with it, and what can go.

Everything that a region's builds write stands below the region's code, so that nothing of anybody else is ever looked at. Two builds of one region may
be at work at once, on machines that know nothing of each other: each leaves a sign while it is, and what is kept is thinned out only by one that is
alone. Whoever begins while another thins out waits for it: one of the two always sees the other's sign first.
"""

from __future__ import annotations

import json
import os
import re
import socket
import time
import uuid
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import psutil

from .depot import Depot
from .problems import Damaged, StoreRefuses

UNITS = "units"
_FILES, _SHARED, _LISTS, _BUILDS, _PRUNES = "files", "shared", "lists", "builds", "prunes"
_OURS = re.compile(
    r"(?:units/(?P<unit>[0-9]+-[0-9a-f]+)-[0-9a-f]{32}|(?:files|shared|lists)/[0-9a-f]{32})(?P<cut>\.[0-9a-f]{8}~)?",
)
"""What names of what a build keeps look like; ``cut`` where a machine was lost while it wrote."""
_SIGN = re.compile(r".*/(?P<since>[0-9]+)-(?P<host>[^/]+)-(?P<process>[0-9]+)-[0-9a-f]{32}")
_LONGEST = 24 * 3600.0
"""Seconds after which a sign of a machine that cannot be asked is not believed any more."""
_PATIENCE = 60.0
"""Seconds to wait for another build that thins out."""
_LOOK = 0.5


def sign(depot: Depot, folder: str) -> str:
    """Leave a sign of this process; returns its name."""
    return depot.put(folder, uuid.uuid4().bytes, f"{int(time.time())}-{_host()}-{os.getpid()}-")


def signs(depot: Depot, folder: str, but: str = "") -> list[str]:
    """Signs of others that may be at work; those of processes that are no more are taken away."""
    others = {name: found for name in depot.sizes(folder) if name != but and (found := _SIGN.fullmatch(name))}
    alive = [name for name, found in others.items() if _alive(found)]
    depot.remove([name for name in others if name not in alive])
    return alive


def _host() -> str:
    return re.sub(r"[^0-9A-Za-z.]", "_", socket.gethostname()) or "_"


def _alive(found: re.Match[str]) -> bool:
    since, process = float(found["since"]), int(found["process"])
    if found["host"] != _host():
        return time.time() - since < _LONGEST
    try:
        return bool(psutil.Process(process).create_time() <= since + 1)
    except psutil.Error:
        return False


class Room:
    """What a region keeps in the store. Methods raise :class:`StoreRefuses`."""

    def __init__(self, depot: Depot, code: str) -> None:
        self.depot, self.code = depot, code
        self._sign = sign(depot, self.folder(_BUILDS))
        until = time.monotonic() + _PATIENCE
        while signs(depot, self.folder(_PRUNES)) and time.monotonic() < until:
            time.sleep(_LOOK)
        self.files = depot.sizes(self.folder(_FILES))
        """Names of attachments that are there, with their sizes."""
        self._lists = list(depot.sizes(self.folder(_LISTS)))
        self._named = self._named_before()
        self._fresh: dict[str, set[str]] = {}

    def folder(self, kind: str) -> str:
        """Where things of a kind are in the store."""
        return f"{self.code}/{kind}"

    def share(self, data: bytes) -> str:
        """Put what all units of this build are read or rendered with."""
        return self.depot.put(self.folder(_SHARED), data)

    def put_file(self, data: bytes, name: str) -> str:
        """Put a large file unless it is there. ``name`` is what its bytes are named after."""
        full = f"{self.folder(_FILES)}/{name}"
        if self.files.get(full) != len(data):
            self.depot.put(self.folder(_FILES), data)
            self.files[full] = len(data)
        return full

    def names(self, unit: str, files: Iterable[str]) -> None:
        """A unit (by its folder) was sent with these files. What it named before counts only while it is not sent again."""
        self._fresh.setdefault(unit, set()).update(files)

    def units(self) -> dict[str, str]:
        """By ``<code>-<key>``: the names of units as they were built."""
        found: dict[str, str] = {}
        for name in sorted(self.depot.sizes(self.folder(UNITS))):
            match = _OURS.fullmatch(name.removeprefix(f"{self.code}/"))
            if match and match["unit"] and not match["cut"]:
                found[match["unit"]] = name
        return found

    def thin_out(self, root: Path, keys: Mapping[str, str], made: Mapping[str, str]) -> None:
        """The build is done: what no unit of the region is made of any more goes, unless another build is at work.

        ``keys`` are of all units as they stand now, ``made`` the names of those that were built this time, by ``<code>-<key>``.
        """
        named = {
            unit: sorted(files) for unit, files in {**self._named, **self._fresh}.items() if files and (root / unit / "unit.yml").exists()
        }
        listed = self.depot.put(self.folder(_LISTS), json.dumps(named, sort_keys=True).encode()) if named else ""
        if self._builds():
            return  # its own end will do it
        mark = sign(self.depot, self.folder(_PRUNES))
        try:
            if self._builds():
                return
            kept = {f"{code}-{key}" for code, key in keys.items()}
            stay = {listed, *(name for files in named.values() for name in files)}
            gone = []
            for name in self._everything():
                match = _OURS.fullmatch(name.removeprefix(f"{self.code}/"))
                if match is None:
                    continue  # nothing that a build wrote
                unit = match["unit"]
                if match["cut"] or (unit not in kept or made.get(unit, name) != name if unit else name not in stay):
                    gone.append(name)
            self.depot.remove(gone)
        finally:
            self.depot.remove([mark])

    def leave(self) -> None:
        """Take the sign away."""
        self.depot.remove([self._sign])

    def _builds(self) -> list[str]:
        return signs(self.depot, self.folder(_BUILDS), self._sign)

    def _everything(self) -> list[str]:
        return [name for kind in (UNITS, _FILES, _SHARED, _LISTS) for name in self.depot.sizes(self.folder(kind))]

    def _named_before(self) -> dict[str, set[str]]:
        named: dict[str, set[str]] = {}
        for name in self._lists:
            try:
                found: Any = json.loads(self.depot.get(name))
                for unit, files in found.items():
                    named.setdefault(str(unit), set()).update(map(str, files))
            except (Damaged, StoreRefuses, ValueError, AttributeError, TypeError):
                continue  # what it named is put again when it is asked for
        return named
