"""The page of a record that was just saved, before anything else of the region is looked at."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from pathlib import Path

from msgspec import Struct

from sitegen.check.examine import examine
from sitegen.load.files import relative
from sitegen.load.region import load_region
from sitegen.model.finding import Finding
from sitegen.model.region import Record, Region
from sitegen.site.engine import record_page
from sitegen.today import part_of

_MOST = 3
"""Records from which on the build of everything is as fast."""


class Early(Struct, frozen=True):
    """What can be said at once."""

    pages: Mapping[str, bytes]
    """By path below the folder of all hosts."""
    findings: tuple[Finding, ...]
    """What is wrong with the files that were saved."""
    files: frozenset[str]
    """Those files, with those that belong to them, relative to the region."""


def early(root: Path, date: dt.date, saved: Iterable[Path]) -> Early:
    """The pages of the records to which the ``saved`` files belong; none of a record with errors, which keeps its last version.

    Raises :class:`sitegen.load.region.NoRegion`, ``OSError`` and whatever a file that is just being written may lead to: the build that follows
    tells what is really wrong.
    """
    region = load_region(root, examine=examine)
    files = {relative(path, root) for path in saved}
    records = [r for u in region.units.values() if any(f.startswith(f"{u.folder}/") for f in files) for r in _of(region, u.code, files)]
    pages: dict[str, bytes] = {}
    findings = {f for f in region.findings if f.file in files}
    for record in records if len(records) <= _MOST else ():
        own = {record.file, record.table_file} if record.front.table else {record.file}
        files |= own
        part = part_of(region, record.unit, date, about=record.front.id)
        findings |= {f for f in part.findings if f.record == record.front.id or f.file in own}
        view = part.of_record(record.front.id)
        if record.front.id in view.contents:
            below = "/".join(p for p in (view.host, view.path) if p)
            pages |= {f"{below}/{path}": data for path, data in record_page(view, record.front.id, root).items()}
    return Early(pages, tuple(sorted(findings, key=lambda f: f.sort_key)), frozenset(files))


def _of(region: Region, code: str, files: set[str]) -> list[Record]:
    return [r for r in region.units[code].records if r.file in files or (r.front.table and r.table_file in files)]
