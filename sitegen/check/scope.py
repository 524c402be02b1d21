"""What every check gets to see."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sitegen.model.days import Calendar
from sitegen.model.finding import Finding, Severity, finding
from sitegen.model.matter import Matters
from sitegen.model.region import Record, Region, Unit


@dataclass(frozen=True)
class Scope:
    """A region, how its records belong together, and the day for which it is judged."""

    region: Region
    matters: Matters
    date: dt.date

    @cached_property
    def calendar(self) -> Calendar:
        """Working days, with the region's own."""
        return Calendar(self.region.calendar)

    @cached_property
    def records(self) -> dict[str, Record]:
        """Every record by its ref, ``<unit code>/<id>``."""
        return {r.ref: r for u in self.region.units.values() for r in u.records}

    @cached_property
    def unread(self) -> frozenset[str]:
        """Units of which a record was not understood: what they seem to lack may be what it says."""
        return frozenset(f.unit for f in self.region.findings if f.unit and "/records/" in f.file and left_out(f))

    def record(self, ref: str | None, near: Record) -> Record | None:
        """The record that ``near`` names by ``ref``: ``<unit code>/<id>``, or the bare id within its own unit."""
        if ref is None:
            return None
        return self.records.get(ref if "/" in ref else f"{near.unit}/{ref}")

    def unit(self, record: Record) -> Unit:
        """The unit whose record it is."""
        return self.region.units[record.unit]


def left_out(found: Finding) -> bool:
    """Whether a record stands where nobody looks for it: not read at all, its id taken, its item unknown or not for the level."""
    return found.severity is Severity.ERROR and (found.record is None or found.code in ("SG301", "SG302", "SG311", "SG411"))


def at(code: str, record: Record, key: str, /, **args: Any) -> Finding:
    """A finding at a key of a record's front matter, or at its first key when it has no such key."""
    return finding(code, record.file, record.lines.get(key, 2), 1, unit=record.unit, record=record.front.id, **args)


def in_table(code: str, record: Record, line: int | None, /, **args: Any) -> Finding:
    """A finding at a row of a record's table."""
    return finding(code, table_file(record), line, None, unit=record.unit, record=record.front.id, **args)


def table_file(record: Record) -> str:
    """The file of a record's rows, relative to the region; the record's own where it has none."""
    table = record.front.table
    return f"{record.file.rsplit('/', 1)[0]}/{table.path}" if table else record.file
