"""The same matter (同一事项): which records correspond, what is derived from what, and whether counterparts agree.

The notice asks that government and village disclosure of the same matter correspond in content (clause 11). Where a village
writes nothing of its own this is so by construction: its page is the township table's rows for it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from .base import Level
from .catalog import Item
from .finding import Finding, finding
from .period import Period
from .region import Catalog, Record, Region, Slice, Unit
from .table import fold
from .unit import level_of, parent_code

_NUMERALS = {c: n for n, c in enumerate("一二三四五六七八九十", 1)}


@dataclass(frozen=True, order=True)
class MatterKey:
    """What the records of one matter share."""

    group: str
    period: Period | None
    batch: str
    subject: str


@dataclass(frozen=True)
class Derived:
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


@dataclass(frozen=True)
class Counter:
    """The counterpart of a record and how the two compare."""

    record: Record
    other: Record
    differences: tuple[str, ...]
    """Empty when they agree."""


@dataclass(frozen=True)
class Matters:
    """All that links records of different units."""

    derived: Mapping[str, tuple[Derived, ...]]
    """By village."""
    replaced: Mapping[tuple[str, str], Record]
    """(source ref, village) → the village's own record that stands in place of the slice."""
    counters: Mapping[str, Counter]
    """By the record's ref, both ways."""
    groups: Mapping[MatterKey, tuple[Record, ...]]
    """Records of every matter that can have counterparts."""
    findings: tuple[Finding, ...]


def batch_number(text: str | None) -> str:
    """第一批, 一, 1 and 01 are one batch; anything else is compared as written."""
    if not text:
        return ""
    inner = re.sub(r"^第|批次?$", "", fold(text))
    if inner.isdecimal():
        return str(int(inner))
    if inner in _NUMERALS:
        return str(_NUMERALS[inner])
    if m := re.fullmatch(r"十([一二三四五六七八九])", inner):
        return str(10 + _NUMERALS[m[1]])
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


def find_matters(region: Region) -> Matters:
    """Link the records of a region."""
    return _Finder(region).run()


class _Finder:
    def __init__(self, region: Region) -> None:
        self.region, self.catalog = region, region.catalog
        self.findings: list[Finding] = []
        self.groups: dict[MatterKey, list[Record]] = defaultdict(list)
        self.derived: dict[str, list[Derived]] = defaultdict(list)
        self.replaced: dict[tuple[str, str], Record] = {}
        self.counters: dict[str, Counter] = {}
        self.village_items: dict[str, Item] = {}

    def run(self) -> Matters:
        public = [r for u in self.region.units.values() for r in u.records if is_public(r)]
        for record in public:
            if key := matter_key(record, self.catalog):
                self.groups[key].append(record)
        for record in public:
            if record.slices:
                self._slices(record)
        for record in public:
            self._explicit(record)
        for key, records in self.groups.items():
            self._match(key, records)
        return Matters(
            {code: tuple(found) for code, found in self.derived.items()},
            self.replaced,
            self.counters,
            {key: tuple(records) for key, records in self.groups.items()},
            tuple(self.findings),
        )

    def _item(self, record: Record) -> Item:
        return self.catalog.items[record.front.item]

    def _slices(self, record: Record) -> None:
        item = self._item(record)
        same = item.counterpart
        if same is None or Level.VILLAGE not in same.levels:
            return
        below = [u for u in self.region.units.values() if u.level is Level.VILLAGE and _under(u.code, record.unit)]
        by_name: dict[str, list[Unit]] = defaultdict(list)
        for unit in below:
            for name in names_of(unit):
                by_name[name].append(unit)
        township = self.region.units[record.unit].data.name
        for part in record.slices:
            units = by_name.get(part.value, [])
            if len(units) != 1:
                if not self.region.complete:
                    continue
                self.findings.append(
                    finding(
                        "SG501",
                        self._table_file(record),
                        part.line,
                        None,
                        value=part.value or "（空）",
                        township=township,
                        unit=record.unit,
                        record=record.front.id,
                    )
                )
                continue
            self._one_slice(record, part, units[0], item, derive=same.rule == "derive")

    def _one_slice(self, record: Record, part: Slice, unit: Unit, item: Item, *, derive: bool) -> None:
        own = self._own_record(record, unit.code)
        if own is not None:
            self.replaced[record.ref, unit.code] = own
        elif derive:
            self.derived[unit.code].append(Derived(unit.code, record, part, self._village_item(item)))

    def _village_item(self, item: Item) -> Item:
        if item.id not in self.village_items:
            self.village_items[item.id] = village_item(self.catalog, item)
        return self.village_items[item.id]

    def _own_record(self, source: Record, village: str) -> Record | None:
        """The village's own record of the same matter in the same stage."""
        key = matter_key(source, self.catalog)
        assert key is not None
        for record in self.groups[key]:
            if record.unit == village and record.front.stage == source.front.stage:
                return record
        return None

    def _table_file(self, record: Record) -> str:
        table = record.front.table
        return f"{record.file.rsplit('/', 1)[0]}/{table.path}" if table else record.file

    def _explicit(self, record: Record) -> None:
        ref = record.front.counterpart
        if ref is None:
            return
        code, _, id = ref.partition("/")
        unit = self.region.units.get(code)
        other = next((r for r in unit.records if r.front.id == id), None) if unit else None
        where = {"unit": record.unit, "record": record.front.id}
        if other is None:
            self.findings.append(finding("SG305", record.file, record.lines.get("counterpart"), 1, ref=ref, **where))
        else:
            self._pair(record, other)

    def _match(self, key: MatterKey, records: list[Record]) -> None:
        """Pair every village record with the government record of its matter, the nearest level first."""
        for record in records:
            if level_of(record.unit) is not Level.VILLAGE or record.front.counterpart or record.ref in self.counters:
                continue
            above = parent_code(record.unit)
            while above is not None:
                found = [r for r in records if r.unit == above and _stage_fits(record, r)]
                if len(found) > 1:
                    where = {"unit": record.unit, "record": record.front.id}
                    name = self.region.units[above].data.name
                    refs = [r.ref for r in found]
                    self.findings.append(finding("SG503", record.file, record.lines.get("item"), 1, name=name, candidates=refs, **where))
                    break
                if found:
                    self._pair(record, found[0])
                    break
                above = parent_code(above)

    def _pair(self, record: Record, other: Record) -> None:
        differences = tuple(self._differences(record, other))
        self.counters[record.ref] = Counter(record, other, differences)
        self.counters.setdefault(other.ref, Counter(other, record, differences))
        if differences:
            where = {"unit": record.unit, "record": record.front.id}
            self.findings.append(
                finding("SG502", record.file, record.lines.get("table", 1), 1, other=other.file, problem="；".join(differences), **where)
            )

    def _differences(self, record: Record, other: Record) -> list[str]:
        """Sums of the compared columns that are not equal, in words."""
        item = self._item(record)
        if item.counterpart is None:
            return []
        mine = dict(record.sums)
        theirs = dict(other.sums)
        unit = self.region.units[record.unit]
        if other.slices:
            part = next((s for s in other.slices if s.value in names_of(unit)), None)
            if part is None:
                return [f"{self.region.units[other.unit].data.name}的表中没有{unit.data.name}"]
            theirs = dict(part.sums)
        return [
            f"{self._title(item, name)} {mine[name]:,} ≠ {theirs[name]:,}"
            for name in item.counterpart.compare
            if name in mine and name in theirs and mine[name] != theirs[name]
        ]

    def _title(self, item: Item, column: str) -> str:
        schema = self.catalog.tables.get(item.table or "")
        return next((c.title for c in schema.fields if c.name == column), column) if schema else column


def is_public(record: Record) -> bool:
    """Whether a record may appear in any output at all: 依申请公开 and 不予公开 never do."""
    return record.front.attribute in (None, "主动公开")


def _under(code: str, above: str) -> bool:
    return code.startswith(above[:9] if level_of(above) is Level.TOWNSHIP else above[:6])


def _stage_fits(record: Record, other: Record) -> bool:
    return record.front.stage is None or other.front.stage is None or record.front.stage == other.front.stage
