"""Coverage of the catalogue: which of the items that a unit owes it has published.

A number to be looked at (``sitegen catalog coverage``, reports), not a finding: that a unit has published 40 of 95 items on some day is no mistake in
any file, and what is owed by a certain date is found by the checks of deadlines and periods.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from msgspec import Struct

from sitegen.model.base import Level
from sitegen.model.catalog import Item
from sitegen.model.linking import find_matters
from sitegen.model.matter import Matters, is_public
from sitegen.model.region import Catalog, Region
from sitegen.model.unit import is_within


class Coverage(Struct, frozen=True):
    """One unit's standing in one field. All tuples are item ids in the catalogue's order."""

    unit: str
    field: str
    present: tuple[str, ...]
    """Owed, and at least one public record, the unit's own or derived for it, shows the matter."""
    missing: tuple[str, ...]
    """Owed, and nothing is there."""
    excused: tuple[str, ...]
    """Not owed because an adjustment of the catalogue says so, with reason and reviewer."""

    @property
    def owed(self) -> int:
        """How many items the unit owes at its level."""
        return len(self.present) + len(self.missing)


def coverage(region: Region, matters: Matters | None = None) -> tuple[Coverage, ...]:
    """Every unit × field in which the unit's level publishes anything; units in order of codes, fields in the catalogue's order.

    An item is owed by every unit of its levels (公开层级), except on request (依申请公开). Items of one correspondence group are the
    same matter (相同事项): a record of one of them counts for all of them.
    """
    derived = (matters or find_matters(region)).derived
    made: list[Coverage] = []
    for unit in region.units.values():
        shown = {r.front.item for r in unit.records if is_public(r)} | {d.item.id for d in derived.get(unit.code, ())}
        made += of_unit(region.catalog, unit.code, unit.level, shown)
    return tuple(made)


def of_unit(catalog: Catalog, unit: str, level: Level, shown: Collection[str]) -> Iterator[Coverage]:
    """The standing of one unit, field by field, when it shows records of the items ``shown``."""
    groups = {same for id in shown if (same := _group(catalog, id))}
    for field in catalog.fields:
        owed = [i for i in field.items if level in i.levels and i.method == "主动"]
        excused = {i.id for i in owed if is_excused(i, unit)}
        present = {i.id for i in owed if i.id in shown or (i.counterpart and i.counterpart.group in groups)} - excused
        if owed:
            yield Coverage(
                unit,
                field.id,
                tuple(i.id for i in owed if i.id in present),
                tuple(i.id for i in owed if i.id not in present and i.id not in excused),
                tuple(i.id for i in owed if i.id in excused),
            )


def _group(catalog: Catalog, item: str) -> str | None:
    found = catalog.items.get(item)
    return found.counterpart.group if found and found.counterpart else None


def is_excused(item: Item, unit: str) -> bool:
    """Whether an adjustment for the unit, or for one above it, says that the item does not apply."""
    return any(a.excuses and is_within(unit, a.unit) for a in item.adjustments)
