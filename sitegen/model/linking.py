"""Region → :class:`Matters`: finds which records speak of the same matter, derives what villages do not write, compares what they do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from msgspec import Struct

from .alike import plain
from .base import Level
from .catalog import TEXT, Counterpart, Item
from .compare import Difference, Side, compare
from .finding import Finding, finding
from .matter import (
    Derived,
    MatterKey,
    Matters,
    Missing,
    Pair,
    is_public,
    matter_key,
    names_of,
    village_item,
)
from .period import Period, gaps
from .region import Note, Record, RecordContent, Region, Slice, Unit, joined
from .table import Table, Value, fold
from .unit import ancestors, is_within, level_of

Alike = tuple[str, str, str, str]
"""What records share that may be added up over periods: unit, group, batch, subject."""


def find_matters(region: Region) -> Matters:
    """Link the records of a region."""
    return _Linker(region).run()


class _Rows(Struct, frozen=True):
    """What is compared of one side."""

    record: Record
    part: Slice | None = None
    more: tuple[Record, ...] = ()


class _Linker:
    def __init__(self, region: Region) -> None:
        self.region, self.catalog = region, region.catalog
        self.findings: list[Finding] = []
        self.groups: dict[MatterKey, list[Record]] = defaultdict(list)
        self.by_alike: dict[Alike, list[Record]] = defaultdict(list)
        self.derived: dict[str, list[Derived]] = defaultdict(list)
        self.replaced: dict[tuple[str, str], Record] = {}
        self.pairs: dict[tuple[str, str], Pair] = {}
        self.missing: list[Missing] = []
        self.alone: list[Record] = []
        self.village_items: dict[str, Item] = {}
        self.named = {(r.unit, r.front.counterpart) for r in region.by_ref.values() if r.front.counterpart}
        """Units, and what their records name as counterparts."""
        self.governed = {
            i.counterpart.group for i in self.catalog.items.values() if i.counterpart and set(i.levels) & {Level.COUNTY, Level.TOWNSHIP}
        }
        """Groups of matters that a government level publishes."""
        self.split: dict[str, dict[str, Table]] = {}
        self.below: dict[str, dict[str, list[Unit]]] = {}

    def run(self) -> Matters:
        public = [r for u in self.region.units.values() for r in u.records if is_public(r)]
        for record in public:
            if key := matter_key(record, self.catalog):
                self.groups[key].append(record)
                self.by_alike[self._alike(record, key)].append(record)
        for record in public:
            if record.slices:
                self._slices(record)
        for record in public:
            self._explicit(record)
        for key, records in self.groups.items():
            self._match(key, records)
        notes = self._notes()
        return Matters(
            {code: tuple(found) for code, found in self.derived.items()},
            self.replaced,
            tuple(self.pairs.values()),
            self._counters(),
            tuple(self.missing),
            tuple(self.alone),
            {key: tuple(records) for key, records in self.groups.items()},
            notes,
            tuple(self.findings),
        )

    def _counters(self) -> dict[str, Pair]:
        """For every record the pair that its page names: the first that differs, else the first."""
        found: dict[str, Pair] = {}
        for pair in self.pairs.values():
            for record in (pair.here, pair.there, *pair.parts):
                known = found.get(record.ref)
                if known is None or (known.agrees and not pair.agrees):
                    found[record.ref] = pair
        return found

    def _item(self, record: Record) -> Item:
        return self.catalog.items[record.front.item]

    def _counterpart(self, record: Record) -> Counterpart:
        counterpart = self._item(record).counterpart
        assert counterpart is not None
        return counterpart

    @staticmethod
    def _alike(record: Record, key: MatterKey) -> Alike:
        return (record.unit, key.group, key.batch, key.subject)

    # ---- Township lists by village

    def _slices(self, record: Record) -> None:
        item = self._item(record)
        same = item.counterpart
        if same is None or Level.VILLAGE not in same.levels:
            return
        by_name = self._villages(record.unit)
        above = self.region.units[record.unit].data.name
        found: dict[str, list[Slice]] = defaultdict(list)
        for part in record.slices:
            units = by_name.get(part.value, [])
            if len(units) == 1:
                found[units[0].code].append(part)
            elif self.region.complete:
                where = {"unit": record.unit, "record": record.front.id}
                value = part.value or "（空）"
                self.findings.append(finding("SG501", record.table_file, part.line, None, value=value, township=above, **where))

        for code, parts in found.items():
            self._one_slice(record, joined(parts), self.region.units[code], item)

    def _villages(self, code: str) -> dict[str, list[Unit]]:
        """The villages below a unit by every name that a table may give them."""
        if code not in self.below:
            by_name: dict[str, list[Unit]] = defaultdict(list)
            for unit in self.region.units.values():
                if unit.level is Level.VILLAGE and is_within(unit.code, code):
                    for name in names_of(unit):
                        by_name[name].append(unit)
            self.below[code] = by_name
        return self.below[code]

    def _one_slice(self, record: Record, part: Slice, unit: Unit, item: Item) -> None:
        same = self._counterpart(record)
        own = self._own_record(record, unit.code)
        if own is not None:
            self.replaced[record.ref, unit.code] = own
        elif same.rule == "derive":
            self.derived[unit.code].append(Derived(unit.code, record, part, self._village_item(item)))
        elif parts := self._parts(record, unit.code):
            self._pair(_Rows(parts[-1], more=tuple(parts)), _Rows(record, part))
        elif (unit.code, record.ref) not in self.named:
            self.missing.append(Missing(record, part, unit.code))

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

    def _parts(self, source: Record, village: str) -> list[Record]:
        """The village's records of parts of the period (monthly against quarterly), where the item says they are added up."""
        key = matter_key(source, self.catalog)
        assert key is not None
        if self._counterpart(source).aggregate is None or key.period is None:
            return []
        found = []
        for record in self.by_alike[village, key.group, key.batch, key.subject]:
            period = Period.parse(record.front.period) if record.front.period else None
            if period is not None and period in key.period and record.front.stage == source.front.stage:
                found.append((period, record))
        return [r for _, r in sorted(found, key=lambda f: (f[0], f[1].front.id))]

    # ---- Records that a village writes itself

    def _explicit(self, record: Record) -> None:
        ref = record.front.counterpart
        if ref is None:
            return
        other = self.region.by_ref.get(record.full(ref))
        where = {"unit": record.unit, "record": record.front.id}
        line = record.lines.get("counterpart", 2)
        if other is None:
            self.findings.append(finding("SG305", record.file, line, 1, ref=ref, **where))
        elif other.unit == record.unit:
            self.findings.append(finding("SG523", record.file, line, 1, ref=ref, **where))
        elif is_public(other):
            here, there = (record, other) if level_of(record.unit) is Level.VILLAGE else (other, record)
            if level_of(here.unit) is not Level.VILLAGE and level_of(there.unit) is Level.COUNTY:
                here, there = there, here
            self._pair(_Rows(here), _Rows(there, self._slice_for(there, here.unit)))

    def _slice_for(self, record: Record, village: str) -> Slice | None:
        unit = self.region.units[village]
        parts = [s for s in record.slices if s.value in names_of(unit)]
        return joined(parts) if parts else None

    def _match(self, key: MatterKey, records: list[Record]) -> None:
        """Pair every village record with the government record of its matter, the nearest level first."""
        paired = {ref for pair in self.pairs.values() for ref in (pair.here.ref, *(r.ref for r in pair.parts))}
        for record in records:
            if level_of(record.unit) is not Level.VILLAGE or record.front.counterpart or record.ref in paired:
                continue
            if not self._nearest(record, records):
                self._unpaired(record, key)

    def _nearest(self, record: Record, records: list[Record]) -> bool:
        for above in ancestors(record.unit):
            found = [r for r in records if r.unit == above and _stage_fits(record, r)]
            if len(found) > 1:
                where = {"unit": record.unit, "record": record.front.id}
                name = self.region.units[above].data.name
                refs = [r.ref for r in found]
                self.findings.append(finding("SG503", record.file, record.lines.get("item"), 1, name=name, candidates=refs, **where))
                return True
            if found:
                self._pair(_Rows(record), _Rows(found[0], self._slice_for(found[0], record.unit)))
                return True
        return False

    def _unpaired(self, record: Record, key: MatterKey) -> None:
        """A village's record whose matter no government unit above it has published, though the catalogue asks one to."""
        if record.front.stage is not None:
            return  # a stage without the next one is no counterpart that is missing
        period = key.period
        for unit in ancestors(record.unit):
            for other in self.by_alike[unit, key.group, key.batch, key.subject]:
                whole = Period.parse(other.front.period) if other.front.period else None
                if period is not None and whole is not None and period in whole:
                    return  # it is a part of something published for a longer period
        if key.group in self.governed:
            self.alone.append(record)

    # ---- Comparing

    def _pair(self, here: _Rows, there: _Rows) -> None:
        name = (here.record.ref, there.record.ref)
        if name in self.pairs:
            return
        no_rows = bool(there.record.slices) and there.part is None and level_of(here.record.unit) is Level.VILLAGE
        differences: tuple[Difference, ...] = ()
        texts: int | None = None
        if not no_rows and self._item(there.record).counterpart is not None:
            if not here.more and not self._print_differs(here, there):
                pass
            elif here.record.front.table is not None and there.record.front.table is not None:
                differences = self._tables(here, there)
            elif (here.record.front.table is None) != (there.record.front.table is None):
                differences = (self._no_table(here.record),)
            if TEXT in self._counterpart(there.record).compare:
                texts = self._texts(here.record, there.record)
        found: tuple[Period, ...] = ()
        if here.more and there.record.front.period:
            periods = [Period.parse(r.front.period) for r in here.more if r.front.period]
            found = tuple(gaps(Period.parse(there.record.front.period), periods))
            if found:
                differences = ()  # a sum that lacks a month differs for that reason
        self.pairs[name] = Pair(here.record, there.record, differences, here.more, there.part, no_rows, found, texts)

    @staticmethod
    def _print_differs(here: _Rows, there: _Rows) -> bool:
        mine, theirs = here.record.fingerprint, there.part.fingerprint if there.part else there.record.fingerprint
        return not mine or mine != theirs

    @staticmethod
    def _no_table(record: Record) -> Difference:
        has = record.front.table is not None
        return Difference("column", "", "公开表", "公开表" if has else "", "" if has else "公开表", None, None)

    def _content(self, record: Record) -> RecordContent:
        return self.region.units[record.unit].contents()[record.front.id]

    def _side(self, record: Record, table: Table) -> Side:
        return Side(table, self.catalog.tables[table.schema])

    def _tables(self, here: _Rows, there: _Rows) -> tuple[Difference, ...]:
        same = self._counterpart(there.record)
        theirs = self._rows_of(there)
        mine = self._added_up(here.more, same) if here.more else self._content(here.record).table
        if mine is None or theirs is None:
            return ()  # a table that could not be read is reported where it is
        own = self._item(here.record).counterpart
        columns = dict.fromkeys([*same.compare, *(own.compare if own else ())])
        return compare(self._side(here.record, mine), self._side(there.record, theirs), same.key, tuple(columns))

    def _rows_of(self, there: _Rows) -> Table | None:
        table = self._content(there.record).table
        column = self._counterpart(there.record).slice
        if table is None or there.part is None or column is None:
            return table
        if there.part.others:
            return table.only(column, there.part.values)
        if there.record.ref not in self.split:
            self.split[there.record.ref] = table.split(column)
        return self.split[there.record.ref].get(there.part.value)

    def _added_up(self, records: tuple[Record, ...], same: Counterpart) -> Table | None:
        """One table of several periods: figures summed by key, or the latest."""
        tables = [t for r in records if (t := self._content(r).table) is not None]
        if len(tables) < sum(r.front.table is not None for r in records) and same.aggregate != "latest":
            return None  # a sum that lacks what could not be read says nothing
        if not tables or same.aggregate == "latest":
            return tables[-1] if tables else None
        last = tables[-1]
        keys = [last.columns.index(k) for k in same.key if k in last.columns]
        figures = {n for n, c in enumerate(last.columns) if c in same.compare}
        sums: dict[tuple[str, ...], list[Value]] = {}
        lines: dict[tuple[str, ...], int] = {}
        for table in tables:
            places = [table.columns.index(c) if c in table.columns else None for c in last.columns]
            for row, line in zip(table.rows, table.lines, strict=True):
                values = [row[p] if p is not None else None for p in places]
                key = tuple(fold(values[k]) for k in keys)
                known = sums.get(key)
                sums[key] = (
                    values
                    if known is None
                    else [_plus(a, b) if n in figures else b for n, (a, b) in enumerate(zip(known, values, strict=True))]
                )
                lines[key] = line
        return Table(last.schema, last.file, last.columns, tuple(tuple(v) for v in sums.values()), tuple(lines.values()))

    def _texts(self, here: Record, there: Record) -> int | None:
        """Line in the file of ``here`` where its text and the other's part; width, spaces and punctuation count for nothing."""
        mine, theirs = self._content(here), self._content(there)
        left = list(_paragraphs(mine.body))
        right = [text for _, text in _paragraphs(theirs.body)]
        for (n, text), other in zip(left, right, strict=False):
            if text != other:
                return mine.first_line + n
        if len(left) != len(right):
            return mine.first_line + (left[min(len(left), len(right)) - 1][0] if left else 0)
        return None

    # ---- Notes

    def _notes(self) -> dict[tuple[str, str], Note]:
        found: dict[tuple[str, str], Note] = {}
        for unit in self.region.units.values():
            mine = {d.source.ref for d in self.derived.get(unit.code, ())}
            for note in unit.notes:
                place = (note.file, note.lines.get("derives", 2), 1)
                if (unit.code, note.front.derives) in found:
                    self.findings.append(
                        finding("SG525", *place, ref=note.front.derives, other=found[unit.code, note.front.derives].file, unit=unit.code)
                    )
                elif note.front.derives in mine:
                    found[unit.code, note.front.derives] = note
                elif self.region.complete:
                    code = "SG305" if note.front.derives not in self.region.by_ref else "SG524"
                    self.findings.append(finding(code, *place, ref=note.front.derives, unit=unit.code))
        return found


def _plus(a: Value, b: Value) -> Value:
    if isinstance(a, Decimal) and isinstance(b, Decimal):
        return a + b
    return b if a is None else a


def _paragraphs(body: str) -> Iterator[tuple[int, str]]:
    for n, line in enumerate(body.split("\n")):
        if text := plain(line):
            yield n, text


def _stage_fits(record: Record, other: Record) -> bool:
    return record.front.stage is None or other.front.stage is None or record.front.stage == other.front.stage
