"""The preview of a table: rows and totals as they would be printed, and what changed since the period before and against the other level's list."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from sitegen.model.catalog import Column, Item, TableSchema
from sitegen.model.compare import Difference, Side, compare
from sitegen.model.period import Period
from sitegen.model.region import Record, Unit
from sitegen.model.table import Table, show, total_of

from .intake import Change, Compared, Preview, Total
from .staging import Judged


def preview_of(
    preview: Preview,
    table: Table | None,
    schema: TableSchema,
    judged: Judged | None = None,
    unit: Unit | None = None,
    item: Item | None = None,
    old: Record | None = None,
) -> Preview:
    """The preview with the table's part filled in, and, once the record was judged, with the comparisons."""
    if table is None:
        return preview
    shown = [c for c in schema.fields if c.name in table.columns and not c.private]
    columns = [table.column(c.name) for c in shown]
    rows = tuple(tuple(show(v, c) for v, c in zip(row, shown, strict=True)) for row in zip(*columns, strict=True))
    head = tuple(f"{c.title}({c.unit})" if c.unit else c.title for c in shown)
    totals = tuple(Total(c.title, show(total_of(table, c), c), c.unit or "") for c in shown if c.total)
    made = replace(preview, head=head, rows=rows, totals=totals)
    if judged is None or judged.record is None or unit is None or item is None:
        return made
    return replace(made, last=_last(judged.record, table, schema, unit, item, old), township=_other(judged, table, schema))


def _last(record: Record, table: Table, schema: TableSchema, unit: Unit, item: Item, old: Record | None) -> Compared | None:
    """Against the record that this one corrects, else against the latest of the item before it."""
    before = old
    if before is None:
        start = Period.parse(record.front.period).start if record.front.period else record.front.published
        earlier = [
            r
            for r in unit.records
            if r.front.item == item.id and r.front.table and r.front.id != record.front.id and r.front.stage == record.front.stage
        ]
        dated = [(Period.parse(r.front.period).start if r.front.period else r.front.published, r.front.published, r) for r in earlier]
        dated = [d for d in dated if d[0] < start]
        before = max(dated, key=lambda d: d[:2])[2] if dated else None
    content = unit.contents().get(before.front.id) if before is not None else None
    if before is None or content is None or content.table is None:
        return None
    there = content.table
    key = [k for k in schema.primaryKey if k in table.columns and k in there.columns]
    figures = [c.name for c in schema.fields if c.type in ("number", "integer") and c.name in table.columns and c.name in there.columns]
    differences = compare(Side(table, schema), Side(there, schema), key, figures)
    return Compared(before.front.title, before.file, _totals(table, schema, there, schema), _changes(differences))


def _other(judged: Judged, table: Table, schema: TableSchema) -> Compared | None:
    """Against the list of the level above."""
    assert judged.matters is not None
    assert judged.record is not None
    pair = next((p for p in judged.matters.pairs if p.here.ref == judged.record.ref), None)
    if pair is None:
        return None
    unit = judged.region.units[pair.there.unit]
    content = unit.contents().get(pair.there.front.id)
    item = judged.region.catalog.items[pair.there.front.item]
    other = judged.region.catalog.tables.get(item.table) if item.table else None
    there = content.table if content else None
    totals: tuple[tuple[str, str, str], ...] = ()
    if there is not None and other is not None and item.counterpart and item.counterpart.slice in there.columns and pair.slice is not None:
        totals = _totals(table, schema, there.only(item.counterpart.slice or "", pair.slice.values), other)
    return Compared(f"{unit.data.name} {pair.there.front.title}", pair.there.file, totals, _changes(pair.differences))


def _totals(here: Table, schema: TableSchema, there: Table, other: TableSchema) -> tuple[tuple[str, str, str], ...]:
    columns: Iterable[Column] = (c for c in schema.fields if c.total and c.name in here.columns and c.name in there.columns)
    theirs = {c.name: c for c in other.fields}
    return tuple(
        (c.title, show(total_of(there, theirs[c.name]), theirs[c.name]), show(total_of(here, c), c)) for c in columns if c.name in theirs
    )


def _changes(differences: Iterable[Difference]) -> tuple[Change, ...]:
    return tuple(Change(d.row, d.column, d.there, d.here, d.kind) for d in differences)
