"""The records of one matter (同一事项), begun together: they share period, batch and subject, so that they are known as the same.

Where villages derive their rows, only the government's list is written. The next of three lists (三榜) begins with the rows of the one before:
whoever strikes one out or changes it says why.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from sitegen.model.base import Level
from sitegen.model.catalog import Item, TableSchema
from sitegen.model.period import Period
from sitegen.model.region import Record, Region, Unit
from sitegen.model.stages import STAGES
from sitegen.model.table import Value, fold
from sitegen.model.unit import is_within, parent_code
from sitegen.scaffold import NotPossible

from .propose import Known, propose, text_of, title_of
from .records import Draft, first_words, place_of
from .records import text_of as file_text


class Begun(Struct, frozen=True):
    """One record, ready to be written."""

    unit: str
    id: str
    title: str
    file: str
    files: Mapping[str, bytes]


class Matter(Struct, frozen=True):
    """All records to write, and the villages that need none."""

    drafts: tuple[Begun, ...]
    derived: tuple[str, ...] = ()


def matter_drafts(known: Known, unit: Unit, item: Item, given: Mapping[str, Any]) -> Matter:
    """What to write for a matter of ``item``, seen from ``unit``. Raises :class:`NotPossible`."""
    rule = item.counterpart
    if rule is None:
        raise NotPossible("item {item} has no counterparts at other levels: use «sitegen new record»", item=f"{item.id} {item.name}")
    region = known.region
    period = given.get("period") or propose(known, unit, item).period
    period = text_of(Period.parse(period)) if period else None
    if rule.stages:
        return _stage(known, unit, item, period, given)
    government = unit if unit.level is not Level.VILLAGE else region.units[parent_code(unit.code) or unit.code]
    villages = [region.units[c] for c in given.get("villages") or [v.code for v in region.units.values() if _below(v, government)]]
    own = _of_level(region, item, government.level)
    if own is None:
        raise NotPossible("no item of the matter is for {unit}", unit=government.data.name)
    made = [_begun(known, government, own, period, None, given, given.get("table"))]
    if rule.rule == "derive":
        return Matter(tuple(made), tuple(v.data.name for v in villages))
    for village in villages:
        if theirs := _of_level(region, item, Level.VILLAGE):
            made.append(_begun(known, village, theirs, period, None, given, None))
    return Matter(tuple(made))


def _below(unit: Unit, above: Unit) -> bool:
    return unit.level is Level.VILLAGE and is_within(unit.code, above.code)


def _of_level(region: Region, item: Item, level: Level) -> Item | None:
    """The item of the same group that units of ``level`` publish; a village's own rather than the government's."""
    group = item.counterpart.group if item.counterpart else ""
    same = [i for i in region.catalog.items.values() if i.counterpart and i.counterpart.group == group and level in i.levels]
    if level is Level.VILLAGE:
        same.sort(key=lambda i: region.catalog.field_of[i.id].section == "政务")
    return item if item in same and level is not Level.VILLAGE else next(iter(same), None)


def _begun(
    known: Known, unit: Unit, item: Item, period: str | None, stage: str | None, given: Mapping[str, Any], table: Path | bytes | None
) -> Begun:
    p = propose(known, unit, item)
    batch = given.get("batch")
    title = title_of(unit, item, period, batch, known.date)
    by = given.get("reviewed_by")
    draft = Draft(
        id=p.id,
        title=title + (f"（{stage}）" if stage and stage not in title else ""),
        item=item.id,
        issuer=p.issuer,
        formed=p.formed,
        published=p.published,
        period=period,
        batch=batch,
        subject=given.get("subject"),
        stage=stage,
        scope=p.scope,
        attribute=p.attribute,
        posting=(p.published, *p.posting) if p.posting else None,
        reviewed=tuple((step, by, p.formed) for step in item.review) if by and by != "-" else (),
    )
    file = place_of(unit, draft.id)
    files: dict[str, bytes] = {}
    if table is not None:
        name = f"{draft.id}{table.suffix.lower() if isinstance(table, Path) else '.csv'}"
        files[file.removesuffix(f"{draft.id}.md") + name] = table.read_bytes() if isinstance(table, Path) else table
        draft = replace(draft, table=name)
    draft = replace(draft, body=first_words(unit, item, draft))
    return Begun(unit.code, draft.id, draft.title, file, {file: file_text(draft).encode(), **files})


# ---- Three lists.


def _stage(known: Known, unit: Unit, item: Item, period: str | None, given: Mapping[str, Any]) -> Matter:
    """The next list of three: each village's own first one, or the government's with the rows of the one before."""
    assert item.counterpart is not None
    region = known.region
    earlier = _posted(known, unit, item, period, given)
    done = [n for n, stage in enumerate(STAGES) if any(r.front.stage == stage for r in earlier)]
    number = STAGES.index(given["stage"]) if given.get("stage") else (max(done) + 1 if done else 0)
    if number >= len(item.counterpart.stages):
        raise NotPossible("all lists of this matter are posted: {stages}", stages="、".join(STAGES[n] for n in done))
    level, stage = item.counterpart.stages[number], STAGES[number]
    if number and number - 1 not in done:
        raise NotPossible("there is no {before} of this period yet", before=STAGES[number - 1])
    units = [u for u in region.units.values() if u.level is level and _concerned(u, unit, given.get("villages") or ())]
    if not units:
        raise NotPossible("the {stage} is published by a unit of another level: name one with --unit", stage=stage)
    made = []
    for one in units:
        own = _of_level(region, item, level)
        if own is None:
            continue
        rows = given.get("table") or (
            _collected(region, one, own, [r for r in earlier if r.front.stage == STAGES[number - 1]]) if number else None
        )
        if number and rows is None:
            continue  # nothing came from below it
        first = next((r for r in earlier), None)
        shared = {**given, **({"batch": first.front.batch, "subject": first.front.subject} if first else {})}
        made.append(_begun(known, one, own, first.front.period if first else period, stage, shared, rows))
    if not made:
        raise NotPossible("there is no {before} of this period yet", before=STAGES[max(number - 1, 0)])
    return Matter(tuple(made))


def _concerned(unit: Unit, asked: Unit, villages: Sequence[str]) -> bool:
    if villages and unit.level is Level.VILLAGE:
        return unit.code in villages
    return is_within(unit.code, asked.code) or is_within(asked.code, unit.code)


def _posted(known: Known, unit: Unit, item: Item, period: str | None, given: Mapping[str, Any]) -> list[Record]:
    """The lists of the matter that are there already."""
    assert item.counterpart is not None
    group, found = item.counterpart.group, []
    for other in known.region.units.values():
        if not (is_within(other.code, unit.code) or is_within(unit.code, other.code)):
            continue
        for record in other.records:
            its = known.region.catalog.items.get(record.front.item)
            same = its is not None and its.counterpart is not None and its.counterpart.group == group and record.front.stage
            if same and record.front.period == period and fold(record.front.subject) == fold(given.get("subject") or record.front.subject):
                found.append(record)
    return sorted(found, key=lambda r: r.front.published)


def _collected(region: Region, unit: Unit, item: Item, earlier: Sequence[Record]) -> bytes | None:
    """The rows of the lists before, with the village that each is of, as a CSV file."""
    assert item.counterpart is not None
    schema = region.catalog.tables[item.table or ""]
    slice_ = item.counterpart.slice
    rows: list[dict[str, Value]] = []
    for record in earlier:
        if not is_within(record.unit, unit.code):
            continue
        table = region.units[record.unit].contents()[record.front.id].table
        for row in table.rows if table else ():
            values = dict(zip(table.columns if table else (), row, strict=True))
            if slice_ and not values.get(slice_):
                values[slice_] = region.units[record.unit].data.name
            rows.append(values)
    return csv_of(schema, rows) if rows else None


def csv_of(schema: TableSchema, rows: Sequence[Mapping[str, Value]]) -> bytes:
    """Rows as a CSV file with the headings of the schema; columns that are empty throughout are left out, unless they must be there."""
    shown = [c for c in schema.fields if c.constraints.required or any(row.get(c.name) not in (None, "") for row in rows)]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([f"{c.title}（{c.unit}）" if c.unit else c.title for c in shown])
    for row in rows:
        writer.writerow(["" if (v := row.get(c.name)) is None else str(v) for c in shown])
    return out.getvalue().encode()
