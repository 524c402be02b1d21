"""What the ``catalog`` commands print."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Sequence

from msgspec import to_builtins
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table

from sitegen.check.coverage import Coverage
from sitegen.model.catalog import Field
from sitegen.model.region import Region, Unit

from .diff import CellChange, Change

Say = Callable[[str], str]

_MANY_UNITS = 6
"""From how many units on each gets a line of its own, with the fields as columns."""


# ---- coverage


def coverage_json(covered: Sequence[Coverage], region: Region) -> str:
    """A list of objects, one per unit and field, with the ids of the items."""
    names = {f.id: f.name for f in region.catalog.fields}
    rows = [{**to_builtins(c), "unit_name": region.units[c.unit].data.name, "field_name": names[c.field], "owed": c.owed} for c in covered]
    return json.dumps(rows, ensure_ascii=False, indent=1)


def coverage_tables(covered: Sequence[Coverage], region: Region, width: int, say: Say) -> str:
    """A matrix of units and fields for each level: items with a record / items owed. Broken into as many tables as ``width`` needs."""
    by_place = {(c.unit, c.field): c for c in covered}
    codes = list(dict.fromkeys(c.unit for c in covered))
    out: list[str] = []
    for level in dict.fromkeys(region.units[code].level for code in codes):
        units = [region.units[code] for code in codes if region.units[code].level is level]
        fields = [f for f in region.catalog.fields if any((u.code, f.id) in by_place for u in units)]
        out += _level_tables(units, fields, by_place, width, level.zh, say)
    return "\n".join(out)


def _level_tables(
    units: list[Unit], fields: list[Field], by_place: dict[tuple[str, str], Coverage], width: int, title: str, say: Say
) -> list[str]:
    turned = len(units) <= _MANY_UNITS
    lines = [f.name for f in fields] if turned else [u.data.name for u in units]
    columns = [u.data.name for u in units] if turned else [f.name for f in fields]

    def cell(line: int, column: int) -> Coverage | None:
        unit, field = (units[column], fields[line]) if turned else (units[line], fields[column])
        return by_place.get((unit.code, field.id))

    all_ = say("in all")
    first = max(cell_len(text) for text in [*lines, all_]) + 3
    out: list[str] = []
    start = 0
    while start < len(columns):
        end, used = start, first
        while end < len(columns) and (end == start or used + _column_width(columns[end]) <= width):
            used += _column_width(columns[end])
            end += 1
        table = Table(title=title, title_justify="left")
        table.add_column("")
        for name in columns[start:end]:
            table.add_column(name if cell_len(name) <= 8 else _folded(name), justify="right", no_wrap=False)
        for n, line in enumerate(lines):
            table.add_row(line, *(_figures([cell(n, c)]) for c in range(start, end)))
        table.add_section()
        table.add_row(all_, *(_figures([cell(n, c) for n in range(len(lines))]) for c in range(start, end)))
        drawn = io.StringIO()
        Console(file=drawn, width=width, color_system=None, highlight=False).print(table)
        out.append(drawn.getvalue().rstrip("\n"))
        start = end
    return out


def _column_width(name: str) -> int:
    return min(8, max(7, cell_len(name))) + 3


def _folded(name: str) -> str:
    """A long name in lines of four characters."""
    return "\n".join(name[n : n + 4] for n in range(0, len(name), 4))


def _figures(cells: Sequence[Coverage | None]) -> str:
    found = [c for c in cells if c is not None]
    if not found:
        return "–"
    return f"{sum(len(c.present) for c in found)}/{sum(c.owed for c in found)}"


def coverage_missing(covered: Sequence[Coverage], region: Region, say: Say) -> str:
    """What one or a few units still owe, by name, and what they are excused from."""
    out: list[str] = []
    names = {i.id: i.name for i in region.catalog.items.values()}
    fields = {f.id: f.name for f in region.catalog.fields}
    for code in dict.fromkeys(c.unit for c in covered):
        mine = [c for c in covered if c.unit == code and (c.missing or c.excused)]
        if not mine:
            continue
        out.append(region.units[code].data.name)
        for c in mine:
            if c.missing:
                missing = "、".join(f"{id} {names[id]}" for id in c.missing)
                out.append(say("  {field}: no record of {items}").format(field=fields[c.field], items=missing))
            if c.excused:
                excused = "、".join(f"{id} {names[id]}" for id in c.excused)
                out.append(say("  {field}: does not apply: {items}").format(field=fields[c.field], items=excused))
    return "\n".join(out)


# ---- diff


def diff_json(changes: Sequence[Change]) -> str:
    """A list of objects, one per change."""
    return json.dumps([to_builtins(c) for c in changes], ensure_ascii=False, indent=1)


def diff_text(changes: Sequence[Change], say: Say) -> str:
    """The changes in words, field by field."""
    out: list[str] = []
    field = None
    for change in changes:
        if change.field != field:
            field = change.field
            out.append(f"{field}")
        out.append(f"  {_headline(change, say)}{_records(change, say)}")
        out += [f"      {line}" for cell in change.cells for line in _cell_lines(cell, say)]
    kinds = {kind: sum(1 for c in changes if c.kind == kind) for kind in ("added", "removed", "renamed", "changed")}
    out.append(say("{added} added, {removed} removed, {renamed} renamed, {changed} changed").format(**kinds))
    return "\n".join(out)


def _headline(change: Change, say: Say) -> str:
    args = {"id": change.id, "name": change.name, "former_id": change.former_id, "former_name": change.former_name}
    match change.kind, change.by:
        case "added", _:
            text = say("+ {id} {name} is new")
        case "removed", _:
            text = say("- {id} {name} is gone")
        case "renamed", "likeness":
            text = say("~ {former_id} {former_name} is probably {id} {name} now; if so, write formerly: [{former_id}] there")
        case "renamed", _ if change.former_id != change.id:
            text = say("~ {former_id} {former_name} is {id} {name} now")
        case "renamed", _:
            text = say("~ {id} {former_name} is called {name} now")
        case _:
            text = say("* {id} {name}")
    return text.format(**args)


def _records(change: Change, say: Say) -> str:
    if change.records is None:
        return ""
    text = say(" ({n} records)").format(n=change.records)
    if change.left_behind:
        text = say(" ({n} records, {left} left behind under {id})").format(
            n=change.records, left=change.left_behind, id=change.former_id or change.id
        )
    return text


def _cell_lines(cell: CellChange, say: Say) -> list[str]:
    if cell.added or cell.removed:
        lines = []
        if cell.added:
            lines.append(say("{column}: now also {values}").format(column=cell.column, values="；".join(f"«{v}»" for v in cell.added)))
        if cell.removed:
            lines.append(say("{column}: no longer {values}").format(column=cell.column, values="；".join(f"«{v}»" for v in cell.removed)))
        return lines
    if not cell.before:
        return [say("{column}: now «{after}», nothing before").format(column=cell.column, after=cell.after)]
    if not cell.after:
        return [say("{column}: nothing now, «{before}» before").format(column=cell.column, before=cell.before)]
    return [say("{column}: «{before}» is now «{after}»").format(column=cell.column, before=cell.before, after=cell.after)]
