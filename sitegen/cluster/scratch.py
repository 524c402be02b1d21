"""Where a worker lays out a unit's files while it reads or renders it: in memory where there is room, else on the disk.

Hundreds of files for every unit come and go. A disk is not only slow at that: some file systems (ext4 without a journal) make every new file slower
for minutes after many were removed, those of the sites as well.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import psutil

MEMORY = Path("/dev/shm")
"""A folder in memory, where there is one."""
_ROOM = 1 << 30
"""Bytes that must be free in it, and in memory, before a worker begins a unit there; a unit's own are a small part of them."""
_NAME = "sitegen-unit-"
_LONG = 600.0
"""Seconds after which a folder of a process that is no more counts as left by one that was killed."""


@contextmanager
def scratch(*, small: bool) -> Iterator[Path]:
    """A folder that is gone afterwards. ``small`` says that no more than a few MB go into it."""
    where = MEMORY if small and _in_memory() else None
    with tempfile.TemporaryDirectory(prefix=f"{_NAME}{os.getpid()}-", dir=where) as place:
        yield Path(place).resolve()


def _in_memory() -> bool:
    if any(os.environ.get(name) for name in ("TMPDIR", "TEMP", "TMP")):
        return False  # somebody has said where
    try:
        info = os.statvfs(MEMORY)
    except (OSError, AttributeError):
        return False
    if min(info.f_bavail * info.f_frsize, psutil.virtual_memory().available) < _ROOM or not os.access(MEMORY, os.W_OK | os.X_OK):
        return False
    _forget_killed(MEMORY)
    return True


@cache
def _forget_killed(memory: Path) -> None:
    """Once in a process: what workers that were killed left in memory."""
    for place in memory.glob(f"{_NAME}*-*"):
        process = place.name[len(_NAME) :].partition("-")[0]
        try:
            old = place.stat().st_uid == os.getuid() and time.time() - place.stat().st_mtime > _LONG
        except OSError:
            continue
        if old and process.isdecimal() and not psutil.pid_exists(int(process)):
            shutil.rmtree(place, ignore_errors=True)
