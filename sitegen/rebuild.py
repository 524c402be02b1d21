"""Proof that what was taken over from earlier builds is right: everything is built cold beside it, and all bytes are compared."""

from __future__ import annotations

import filecmp
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from msgspec.structs import replace

from sitegen.build import Options, Report, build
from sitegen.load.cache import fresh_cache
from sitegen.model.stored import STORE


def differences(options: Options, report: Report = lambda *_: None) -> tuple[str, ...]:
    """Build the region cold, without any cache, in a temporary place; returns the files in which ``options.out`` differs from it, in order.

    Files of records that are held back are left as they are in ``options.out``: their earlier version cannot be built from the files of
    today, so that a region with such records differs in them. Raises :class:`sitegen.load.region.NoRegion`.
    """
    place = Path(tempfile.mkdtemp(prefix="sitegen-verify-"))
    try:
        with fresh_cache(place / "cache"):
            build(replace(options, out=place / "out", force=True), report)
        return tuple(_differing(options.out, place / "out"))
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _differing(here: Path, there: Path) -> Iterator[str]:
    names = sorted(_files(here) | _files(there))
    for name in names:
        a, b = here / name, there / name
        if not (a.is_file() and b.is_file() and filecmp.cmp(a, b, shallow=False)):
            yield name


def _files(folder: Path) -> set[str]:
    """All files of all hosts, below a folder of sites."""
    return {
        path.relative_to(folder).as_posix()
        for host in folder.iterdir()
        if host.is_dir() and host.name != STORE
        for path in host.rglob("*")
        if path.is_file()
    }
