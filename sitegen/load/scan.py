"""What of a region is on the disk: size and times of every file, looked at once in a run and without reading any."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct, msgpack

from .cache import Stamped, stamp
from .files import digest, relative
from .handbooks import handbook_files

_TOPS = ("content", "villages")
_FILES = ("region.yml", "calendar.yml", "milestones.yml")
_LEDGERS = ("ledger", ".ledger.jsonl.lock", ".ledger.jsonl.new")
"""Of a unit's folder what belongs to its ledger beside the ledger itself."""


class Scan(Struct, frozen=True):
    """A look at a region's files. What changes after it is seen by the next one: it must be taken before anything is read."""

    digest: str
    """Changes whenever any file does that loading would read."""
    units: Mapping[Path, str]
    """By folder of a unit: a digest of its own files. What a ledger keeps never changes under its name, and a unit's own ledger is
    read apart from its records: neither is in it."""


def scan(root: Path) -> Scan:
    """Look at all files of the region at ``root``."""
    root = root.resolve()
    units: dict[str, str] = {}
    others: list[Stamped] = []
    ledgers: list[Stamped] = []
    for top in _TOPS:
        _walk(str(root / top), f"{top}/", others, units, ledgers)
    around = [root / name for name in _FILES if (root / name).is_file()]
    for path in (*around, *handbook_files(root)):
        info = path.stat()
        ledgers.append((relative(path, root), info.st_size, info.st_mtime_ns, info.st_ctime_ns))
    whole = digest(_encoded(others), _encoded(ledgers), *(f"{folder} {of}" for folder, of in sorted(units.items())))
    return Scan(whole, {root / folder: of for folder, of in units.items()})


def _walk(path: str, prefix: str, files: list[Stamped], units: dict[str, str], ledgers: list[Stamped]) -> None:
    try:
        entries = list(os.scandir(path))
    except OSError:
        return
    own_unit = any(entry.name == "unit.yml" for entry in entries)
    if own_unit:
        files = []
    for entry in entries:
        name = entry.name
        if entry.is_file(follow_symlinks=False) and "ledger" not in name:  # nearly all are such
            info = entry.stat(follow_symlinks=False)
            files.append((prefix + name, info.st_size, info.st_mtime_ns, info.st_ctime_ns))
        elif name in _LEDGERS:
            continue
        elif entry.is_dir(follow_symlinks=False):
            _walk(entry.path, f"{prefix}{name}/", files, units, ledgers)
        else:
            (ledgers if name.startswith("ledger.jsonl") else files).append((prefix + name, *stamp(entry)))
    if own_unit:  # at once: a large region has a million files
        units[prefix[:-1]] = digest(_encoded(files))


def _encoded(files: list[Stamped]) -> bytes:
    files.sort()
    return msgpack.encode(files)
