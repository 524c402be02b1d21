"""Writing a record and what belongs to it, so that a run that is cut at any instant leaves the old record or the new one, whole.

A record's file is what makes its table, pictures and attachments count. So everything is written beside its place first, and the record takes
its place last: whatever was cut before that belongs to nothing yet.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

_STALE = 3600
"""Seconds after which a file that a cut run left beside its place is taken away."""


class Taken(Exception):
    """A file that would be written is there already; nothing was written."""

    def __init__(self, file: str) -> None:
        super().__init__(file)
        self.file = file


def create(root: Path, files: Mapping[str, bytes]) -> list[Path]:
    """Write new files, by path relative to ``root``, all or none. Raises :class:`Taken` when one is there already, in whatever letter case."""
    for name in files:
        target = root / name
        if target.exists() or (target.parent.is_dir() and target.name.lower() in {p.name.lower() for p in target.parent.iterdir()}):
            raise Taken(name)
    done: list[Path] = []
    with _beside(root, files) as staged:
        try:
            for name, temporary, target in staged:
                try:
                    _place_new(temporary, target)
                except FileExistsError:  # another writer in the same moment loses nothing
                    raise Taken(name) from None
                done.append(target)
        except BaseException:
            for target in reversed(done):
                target.unlink(missing_ok=True)
            raise
    return [root / name for name in files]


def replace(root: Path, files: Mapping[str, bytes], removes: Iterable[str] = ()) -> list[Path]:
    """Write files over what is there, then take away ``removes``. Where a record and its table change together, the table comes under a name
    that is not in use, else the old record would have the new rows for an instant.
    """
    with _beside(root, files) as staged:
        for _, temporary, target in staged:
            temporary.replace(target)
    for name in removes:
        (root / name).unlink(missing_ok=True)
    return [root / name for name in files]


def _place_new(temporary: Path, target: Path) -> None:
    """Raises ``FileExistsError``."""
    try:
        os.link(temporary, target)
    except FileExistsError:
        raise
    except OSError:  # a stick or share without links
        if target.exists():
            raise FileExistsError(target) from None
        temporary.replace(target)


def counts_last(name: str) -> tuple[bool, bool]:
    """Sorts what makes other files count behind them: records, then the file that makes a folder a unit."""
    path = Path(name)
    return path.name == "unit.yml", path.suffix == ".md"


@contextlib.contextmanager
def _beside(root: Path, files: Mapping[str, bytes]) -> Iterator[list[tuple[str, Path, Path]]]:
    """Every file whole on the disk beside its place: (name, there, place), in the order in which they may take their places."""
    staged: list[tuple[str, Path, Path]] = []
    try:
        for name in sorted(files, key=counts_last):
            target = root / name
            target.parent.mkdir(parents=True, exist_ok=True)
            _tidy(target.parent)
            temporary = target.with_name(f".{target.name}.{os.getpid()}.new")
            staged.append((name, temporary, target))
            with open(temporary, "wb") as stream:
                stream.write(files[name])
                stream.flush()
                os.fsync(stream.fileno())
        yield staged
    finally:
        for _, temporary, _ in staged:
            temporary.unlink(missing_ok=True)


def _tidy(folder: Path) -> None:
    for path in folder.glob(".*.new"):
        with contextlib.suppress(OSError):
            if time.time() - path.stat().st_mtime > _STALE:
                path.unlink()
