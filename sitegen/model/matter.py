"""The same matter (同一事项): which records correspond, what is derived from what, and whether counterparts agree.

The notice asks that government and village disclosure of the same matter correspond in content (clause 11). Where a village
writes nothing of its own this is so by construction: its page is the township table's rows for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct

from .base import Level
from .catalog import Item
from .compare import Difference
from .finding import Finding
from .period import Period
from .region import Catalog, Note, Record, Region, Slice, Unit
from .table import fold

_DIGIT = {c: n for n, c in enumerate("一二三四五六七八九", 1)}
_NUMERAL = re.compile(r"(?:([二三四五六七八九])?(十))?([一二三四五六七八九])?(?<=.)")


class MatterKey(Struct, frozen=True, order=True):
    """What the records of one matter share."""

    group: str
    period: Period | None
    batch: str
    subject: str


class Derived(Struct, frozen=True):
    """A village's part of a township record, shown as a record of the village."""

    unit: str
    source: Record
    slice: Slice
    item: Item
    """The village's own item of the matter where it has one, else the government's."""

    @property
    def key(self) -> str:
        """What its code is a hash of, under the village's code: ``<source unit>/<source id>``."""
        return self.source.ref


class Pair(Struct, frozen=True):
    """A village's record and the government's of the same matter, and how the two compare."""

    here: Record
    """The village's; of several that were added up (monthly against quarterly), the latest."""
    there: Record
    """The township's or county's."""
    differences: tuple[Difference, ...] = ()
    """Of tables, as seen from the village; empty when they agree."""
    parts: tuple[Record, ...] = ()
    """All records that were added up; empty when there is one."""
    slice: Slice | None = None
    """The rows of ``there`` that speak of the village."""
    no_rows: bool = False
    """``there`` has a table by village, but no row for this one."""
    gaps: tuple[Period, ...] = ()
    """Parts of the period of ``there`` for which the village has no record."""
    texts_differ: int | None = None
    """Line in ``here`` where texts that should be the same part; ``None`` when they do not."""

    @property
    def agrees(self) -> bool:
        """Whether both say the same."""
        return not (self.differences or self.no_rows or self.texts_differ is not None)

    def other(self, record: Record) -> Record:
        """The other side of ``record``."""
        return self.there if record.unit == self.here.unit else self.here


class Missing(Struct, frozen=True):
    """A government list that has rows for a village which has published nothing of the matter, though it keeps its own table."""

    there: Record
    slice: Slice
    unit: str


class Matters(Struct, frozen=True):
    """All that links records of different units."""

    derived: Mapping[str, tuple[Derived, ...]]
    """By village."""
    replaced: Mapping[tuple[str, str], Record]
    """(source ref, village) → the village's own record that stands in place of the slice."""
    pairs: tuple[Pair, ...]
    counters: Mapping[str, Pair]
    """By the record's ref, both ways: the pair that its page names."""
    missing: tuple[Missing, ...]
    alone: tuple[Record, ...]
    """Village records of a matter that a government level publishes too, where it has published nothing."""
    groups: Mapping[MatterKey, tuple[Record, ...]]
    """Records of every matter that can have counterparts."""
    notes: Mapping[tuple[str, str], Note]
    """(village, source ref) → the village's note on what it derives."""
    findings: tuple[Finding, ...]


def batch_number(text: str | None) -> str:
    """第一批, 一, 1 and 01 are one batch; anything else is compared as written."""
    if not text:
        return ""
    inner = re.sub(r"^第|批次?$", "", fold(text))
    if inner.isdecimal():
        return str(int(inner))
    if m := _NUMERAL.fullmatch(inner):
        tens, ten, ones = m.groups()
        return str((10 * (_DIGIT[tens] if tens else 1) if ten else 0) + (_DIGIT[ones] if ones else 0))
    return inner


def matter_key(record: Record, catalog: Catalog) -> MatterKey | None:
    """The key of a record, or ``None`` when its item has no counterparts."""
    item = catalog.items.get(record.front.item)
    if item is None or item.counterpart is None:
        return None
    period = Period.parse(record.front.period) if record.front.period else None
    return MatterKey(item.counterpart.group, period, batch_number(record.front.batch), fold(record.front.subject))


def village_item(catalog: Catalog, item: Item) -> Item:
    """The item under which a village shows what it derives: its own of the same group, else the government's."""
    assert item.counterpart is not None
    for other in catalog.items.values():
        same = other.counterpart is not None and other.counterpart.group == item.counterpart.group
        if same and catalog.field_of[other.id].section != "政务" and Level.VILLAGE in other.levels:
            return other
    return item


def names_of(unit: Unit) -> frozenset[str]:
    """Everything by which a table may name a village: name, aliases, name without 村, code."""
    data = unit.data
    return frozenset(fold(n) for n in (data.name, *data.aliases, data.code))


def successions(region: Region, matters: Matters) -> Iterator[tuple[Record, Record]]:
    """(township list, village's own record) where the village first derived its rows and published a table of its own later.

    The paper printed from the list stays valid: the own record takes over its code.
    """
    seen = set()
    for (ref, _), own in sorted(matters.replaced.items()):
        source = region.by_ref[ref]
        counterpart = region.catalog.items[source.front.item].counterpart
        if counterpart and counterpart.rule == "derive" and source.front.published < own.front.published and own.ref not in seen:
            seen.add(own.ref)
            yield source, own


def is_public(record: Record) -> bool:
    """Whether a record may appear in any output at all: 依申请公开 and 不予公开 never do."""
    return record.front.attribute in (None, "主动公开")
