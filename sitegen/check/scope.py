"""What every check gets to see."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Collection, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from msgspec import Struct

from sitegen.model.days import Calendar
from sitegen.model.finding import Finding, Severity, finding
from sitegen.model.matter import Matters
from sitegen.model.region import Record, Region, Unit


class Scope(Struct, frozen=True, dict=True):
    """A region, how its records belong together, and the day for which it is judged."""

    region: Region
    matters: Matters
    date: dt.date

    @cached_property
    def calendar(self) -> Calendar:
        """Working days, with the region's own."""
        return Calendar(self.region.calendar)

    @property
    def records(self) -> Mapping[str, Record]:
        """Every record by its ref, ``<unit code>/<id>``."""
        return self.region.by_ref

    @cached_property
    def unread(self) -> dict[str, tuple[Unread, ...]]:
        """By unit: records that were not understood. What the unit seems to lack may be what they say."""
        files = {f.file: (f.unit, f.code) for f in self.region.findings if f.unit and "/records/" in f.file and left_out(f)}
        made: dict[str, list[Unread]] = defaultdict(list)
        for file, (unit, code) in files.items():
            made[unit].append(_unread(self.region.root, file, code))
        return {unit: tuple(found) for unit, found in made.items()}

    def may_hide(self, unit: str | None, items: Collection[str]) -> bool:
        """Whether a record of one of ``items`` may be among those of a unit that were not understood."""
        if not self.region.catalog.complete:
            return True
        return any(u.item is None or u.item in items for u in self.unread.get(unit or "", ()))

    def group(self, item: str) -> set[str]:
        """The items that are the same matter as one of them."""
        catalog = self.region.catalog
        same = catalog.items[item].counterpart
        return {item, *(i.id for i in catalog.items.values() if same and i.counterpart and i.counterpart.group == same.group)}

    def unit(self, record: Record) -> Unit:
        """The unit whose record it is."""
        return self.region.units[record.unit]


class Unread(Struct, frozen=True):
    """A record that was not understood."""

    item: str | None
    """Of what it is, as far as that can be seen."""
    text: str


def _unread(root: Path | None, file: str, code: str) -> Unread:
    try:
        text = (root / file).read_bytes()[:20_000].decode("utf-8", "replace") if root else ""
    except OSError:
        text = ""
    found = re.search(r"^item: *([A-Z]+-[0-9]+)", text, re.MULTILINE)
    # Where the item itself is what is wrong, it may be any.
    return Unread(found[1] if found and code not in ("SG302", "SG311", "SG411") else None, text)


def left_out(found: Finding) -> bool:
    """Whether a record stands where nobody looks for it: not read at all, its id taken, its item unknown or not for the level."""
    return found.severity is Severity.ERROR and (found.record is None or found.code in ("SG301", "SG302", "SG311", "SG411"))


def at(code: str, record: Record, key: str, /, **args: Any) -> Finding:
    """A finding at a key of a record's front matter, or at its first key when it has no such key."""
    return finding(code, record.file, record.lines.get(key, 2), 1, unit=record.unit, record=record.front.id, **args)


def in_table(code: str, record: Record, line: int | None, /, **args: Any) -> Finding:
    """A finding at a row of a record's table."""
    return finding(code, record.table_file, line, None, unit=record.unit, record=record.front.id, **args)
