"""The page of a record that was just saved, and the pages that browsers show, before everything else of the region is looked at."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from msgspec import Struct, field

from sitegen.load.files import relative
from sitegen.model.finding import Finding
from sitegen.model.region import Record, Region, facing

from .looking import Looking

_MOST = 3
"""Records from which on the build of everything is as fast."""
_UNITS = 6
"""Units, likewise."""
_JUDGED = 12
"""Units of one matter, likewise."""


class Early(Struct, frozen=True):
    """What can be said at once."""

    pages: Mapping[str, bytes] = field(default_factory=dict)
    """By path below the folder of all hosts: what the whole build will make."""
    findings: tuple[Finding, ...] = ()
    """What is wrong with the files that were saved."""
    files: frozenset[str] = frozenset()
    """Those files, with those that belong to them, relative to the region."""
    gone: frozenset[str] = frozenset()
    """Pages of records that are no more."""
    drafts: Mapping[str, bytes] = field(default_factory=dict)
    """What is not released and no build shows: pages of records that are held back for nothing else."""


def early(root: Path, out: Path, date: dt.date, saved: Iterable[Path], seen: Collection[str] = (), unbuilt: Iterable[Path] = ()) -> Early:
    """What the ``saved`` files change of the pages that are ``seen`` (paths below ``out``), and the pages of the records to which they belong.

    ``unbuilt`` are other files that were saved since everything was built into ``out`` last.

    Raises :class:`sitegen.load.region.NoRegion`, ``OSError`` and whatever a file that is just being written may lead to: the build that follows
    tells what is really wrong.
    """
    look = Looking(root, out, date)
    files = {relative(path, root) for path in saved}
    changed = {code for f in (*files, *(relative(p, root) for p in unbuilt)) if (code := look.unit_of(f))}
    if len(changed) > _UNITS:
        return Early()
    records = _records(look.region, changed, files)
    records = records if len(records) <= _MOST else []
    wanted: dict[str, set[str]] = {}
    for place in seen:
        if (found := look.page_at(place)) and (found[0] in wanted or len(wanted) < _UNITS):
            wanted.setdefault(found[0], set()).add(found[1])
    for record in records:
        files |= {record.file, record.table_file} if record.front.table else {record.file}
    judged = look.judge(changed | wanted.keys() | _beside(look.region, records))
    refs = {r.ref for r in records}
    findings = tuple(f for f in judged.findings if f.file in files or f"{f.unit}/{f.record}" in refs)
    if judged.refused:
        return Early(findings=findings, files=frozenset(files))
    for record in records:
        wanted.setdefault(record.unit, set()).add(f"r/{record.front.id.lower()}/")
    pages, gone = judged.pages(wanted)
    return Early(pages, findings, frozenset(files), gone, judged.drafts(wanted))


def _records(region: Region, codes: Collection[str], files: Collection[str]) -> list[Record]:
    """The records to which files belong."""
    return [r for code in sorted(codes) for r in region.units[code].records if r.file in files or (r.front.table and r.table_file in files)]


def _beside(region: Region, records: Collection[Record]) -> set[str]:
    """The units with records of the same matters: what is wrong may be found in theirs."""
    faces = {facing(r, region.catalog) for r in records} - {""}
    found = {code for code, unit in region.units.items() if unit.facing.keys() & faces}
    return found if len(found) <= _JUDGED else set()
