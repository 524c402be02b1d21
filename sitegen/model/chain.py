"""The chain of stages as a unit's public sees it: who posted which stage, with how many rows, and why rows changed on the way."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from msgspec import Struct

from .base import Level
from .matter import Matters, matter_key, names_of
from .record import RowChange
from .region import Record, Region, Slice, Unit
from .stages import STAGES, stage_number
from .table import fold
from .unit import is_within, level_of


class Link(Struct, frozen=True):
    """What one record contributes to a stage, seen from a unit."""

    record: Record
    slices: tuple[Slice, ...]
    """The rows of it that concern the unit, where it is a list of many villages and the unit is below it."""
    changes: tuple[RowChange, ...]
    """Those of its reasons that concern the unit."""

    @property
    def rows(self) -> tuple[Decimal, str]:
        """How many rows, and what a row is (户)."""
        figures = [s.figures[0] for s in self.slices] if self.slices else list(self.record.figures[:1])
        return sum((f.value for f in figures), Decimal(0)), figures[0].unit if figures else ""


def chain(region: Region, matters: Matters, unit: Unit, record: Record) -> list[tuple[str, list[Link]]]:
    """The stages of a record's matter as they concern ``unit``, in order; nothing where there are not at least two."""
    key = matter_key(record, region.catalog)
    if key is None or record.front.stage is None:
        return []
    stages: dict[int, list[Record]] = {}
    for other in matters.groups.get(key, ()):
        if other.front.stage is not None:
            stages.setdefault(stage_number(other.front.stage), []).append(other)
    made: list[tuple[str, list[Link]]] = []
    earlier: list[Record] = []
    for n in sorted(stages):
        links = [found for other in stages[n] if (found := _link(region, unit, other, earlier))]
        own = [x for x in links if x.record.unit == unit.code]
        if unit.level is Level.VILLAGE and own:
            links = own  # its own posting of a stage stands in place of the rows that others list
        if links:
            made.append((STAGES[n], sorted(links, key=lambda x: (x.record.unit, x.record.front.id))))
        earlier = stages[n]
    return made if len(made) > 1 else []


def _link(region: Region, unit: Unit, record: Record, earlier: Sequence[Record]) -> Link | None:
    if is_within(record.unit, unit.code):
        return Link(record, (), record.front.changes)
    if not is_within(unit.code, record.unit):
        return None
    below = [u for u in region.units.values() if u.level is Level.VILLAGE and is_within(u.code, unit.code)]
    names = frozenset().union(*(names_of(u) for u in below)) if below else frozenset()
    slices = tuple(s for s in record.slices if s.value in names)
    if not slices and not record.front.changes:
        return None
    changes = tuple(_about(region, record, earlier, names, {u.code for u in below}))
    return Link(record, slices, changes) if slices or changes else None


def _about(region: Region, record: Record, earlier: Sequence[Record], names: frozenset[str], codes: set[str]) -> Iterable[RowChange]:
    """The reasons that name a row of these villages, in this stage or the one before."""
    if not record.front.changes:
        return
    words: set[str] = set()
    for r in (record, *earlier):
        table = region.units[r.unit].contents()[r.front.id].table
        same = region.catalog.items[r.front.item].counterpart
        if table is None or same is None:
            continue
        mine = level_of(r.unit) is Level.VILLAGE
        if mine and r.unit not in codes:
            continue
        columns = [i for i, n in enumerate(table.columns) if n in same.key or n == "name"]
        place = table.columns.index(same.slice) if not mine and same.slice in table.columns else None
        for row in table.rows:
            if mine or (place is not None and fold(row[place]) in names):
                words.update(fold(row[i]) for i in columns)
    for change in record.front.changes:
        if fold(change.row) in words:
            yield change
