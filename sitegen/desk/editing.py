"""Saving: what was typed becomes files, unless somebody changed them since they were opened."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from sitegen.drafting.heads import Value, as_before, with_keys
from sitegen.drafting.records import laid_over, place_of, text_of
from sitegen.drafting.writing import create
from sitegen.drafting.writing import replace as write_over
from sitegen.model.catalog import Item
from sitegen.model.finding import Finding, Severity
from sitegen.model.region import Record, Unit
from sitegen.today import Part, part_of

from . import rows as tables
from .forms import Values, changed_keys, draft_of, of_record
from .preview import Seen
from .state import Desk, opened


class Editing(Struct, frozen=True):
    """One record in its form."""

    unit: Unit
    item: Item
    record: Record | None
    """``None`` for one that is not there yet."""
    values: Values
    grid: tables.Grid | None
    """``None`` for an item without a list."""
    digest: str
    """Of the files as they were opened; "" for a new one."""

    @property
    def id(self) -> str:
        """The record's id."""
        return self.record.front.id if self.record else self.values["id"]


class Tried(Struct, frozen=True):
    """What typed values would give."""

    files: Mapping[str, bytes]
    part: Part
    seen: Seen | None
    said: Mapping[str, tuple[Finding, ...]]
    """By field, or ``c<row>.<column>`` of a cell; under "" what belongs to none."""

    @property
    def errors(self) -> int:
        """How many keep it from being published."""
        return sum(f.severity is Severity.ERROR for found in self.said.values() for f in found)


class Conflict(Exception):
    """The files are not what they were when they were opened. Carries both versions."""

    def __init__(self, mine: Values, theirs: Editing, rows: tuple[tuple[str, ...], ...] | None) -> None:
        super().__init__(theirs.id)
        self.mine, self.theirs, self.rows = mine, theirs, rows


def open_record(desk: Desk, code: str, id: str) -> Editing:
    """A record as its files say now. Raises :class:`sitegen.desk.state.Nothing`."""
    unit, record = desk.unit(code), desk.record(code, id)
    catalog = desk.region().catalog
    item = catalog.items[record.front.item]
    now = opened(desk.root, record)
    body = unit.contents()[id].body
    schema = catalog.tables.get(item.table or "")
    grid = None
    if schema is not None and record.front.opinions is None:
        grid = tables.of_file(desk.root / now.table, schema) if now.table else tables.empty(schema, village=unit.level.value == "village")
    return Editing(unit, item, record, of_record(record.front, item, body), grid, now.digest)


def files_of(desk: Desk, form: Editing, values: Values) -> dict[str, bytes]:
    """The files that the typed values make, by path relative to the region; only those that change. Raises :class:`sitegen.desk.forms.BadForm`."""
    draft = draft_of({**values, "id": form.id}, form.item, form.unit.data.organs[0].id)
    file = form.record.file if form.record else place_of(form.unit, form.id)
    made: dict[str, bytes] = {}
    if form.grid is not None and not form.grid.why:
        typed = tables.typed(values, form.grid.order)
        if typed and (typed != form.grid.rows or form.record is None):
            name = f"{form.id}.csv"
            place = form.record.table_file if form.record and form.record.front.table else f"{file.rpartition('/')[0]}/{name}"
            made[place] = tables.as_csv(form.grid.heads, typed)
            draft = replace(draft, table=place.rpartition("/")[2])
    if form.record is None:
        return {file: text_of(draft).encode(), **made}
    now = opened(desk.root, form.record)
    changed = changed_keys(form.record.front, form.item, draft)
    if draft.table and not form.record.front.table:
        changed["table"] = draft.table
    body = draft.body if draft.body.strip() != form.values["body"].strip() else None
    if form.record.front.table and draft.table and (changed or body is not None):
        changed["table"] = _renamed(desk.root, form, made)
    if changed or body is not None:
        made[file] = as_before(now.raw, with_keys(now.text, changed, body))
    return made


def _renamed(root: Path, form: Editing, made: dict[str, bytes]) -> Value:
    """Put the changed rows under a name that is free, so that head and rows change in one instant: that in which the record names the new file."""
    assert form.record is not None
    assert form.record.front.table is not None
    old = form.record.table_file
    folder = old.rpartition("/")[0]
    names = (f"{form.id}{'' if n == 1 else f'-{n}'}.csv" for n in range(1, 1000))
    name = next(n for n in names if not (root / folder / n).exists())
    made[f"{folder}/{name}"] = made.pop(old)
    table = form.record.front.table
    path = f"{table.path.rpartition('/')[0]}/{name}".lstrip("/")
    return {"path": path, "title": table.title} if table.title else path


def try_values(desk: Desk, form: Editing, values: Values) -> Tried:
    """Page, sheet and findings of what was typed; nothing is written."""
    made = files_of(desk, form, values)
    file = form.record.file if form.record else place_of(form.unit, form.id)
    region = desk.region()
    if made:
        whole = {file: opened(desk.root, form.record).raw, **made} if form.record else made
        region = laid_over(region, form.unit.code, file, whole)
    part = part_of(region, form.unit.code, desk.today(), hold=False, about=form.id)
    found = [f for f in part.findings if f.record == form.id or f.file in (file, *made)]
    seen = desk.previews.make(part, form.id)
    return Tried(made, part, seen, _by_field(desk, form, found, made, file))


def _by_field(desk: Desk, form: Editing, found: list[Finding], made: Mapping[str, bytes], file: str) -> dict[str, tuple[Finding, ...]]:
    """Each finding beside what it is about."""
    raw = made.get(file) or (desk.root / file).read_bytes()
    lines = raw.decode("utf-8-sig", "replace").split("\n")
    said: dict[str, list[Finding]] = {}
    for one in found:
        if one.severity is Severity.INFO:
            continue
        place = ""
        if one.file == file and one.line:
            place = _key_at(lines, one.line)
            if place == "review_0_by" and not form.item.review:
                place = ""
        elif form.grid is not None and one.line and one.column and one.file.endswith(".csv"):
            columns = form.grid.order
            kept = _kept_columns(made.get(one.file), form.grid)
            n = kept[one.column - 1] if one.column <= len(kept) else None
            place = f"c{one.line - 2}.{columns[n]}" if n is not None else "rows"
        elif one.file != file:
            place = "rows"
        said.setdefault(place, []).append(one)
    return {place: tuple(some) for place, some in said.items()}


_KEY = re.compile(r"([a-z_]+)\s*:")
_FIELD_OF = {"posting": "posting_days", "item": "review_0_by", "reviewed": "review_0_by", "document": "number"}


def _key_at(lines: list[str], line: int) -> str:
    """The form's field for a line of the record: its key, or the text."""
    close = next((n for n, text in enumerate(lines[1:], 2) if text.strip() == "---"), 0)
    if line > close:
        return "body"
    for n in range(min(line, len(lines)), 1, -1):
        if m := _KEY.match(lines[n - 1]):
            return _FIELD_OF.get(m[1], m[1])
    return ""


def _kept_columns(data: bytes | None, grid: tables.Grid) -> list[int]:
    """The columns of the file among those of the form: empty ones were left out."""
    if data is None:
        return list(range(len(grid.order)))
    head = data.decode("utf-8", "replace").partition("\n")[0]
    return [n for n, name in enumerate(grid.heads) if name in head.split(",")]


def save(desk: Desk, form: Editing, values: Values, digest: str) -> list[str]:
    """Write what was typed; returns the files written.

    Raises :class:`Conflict` when the files changed since they were opened with ``digest``, :class:`sitegen.drafting.records.Taken` when a new one is there
    already, :class:`sitegen.desk.forms.BadForm`. Then nothing was written.
    """
    with desk.writing:
        if form.record is None:
            made = files_of(desk, form, values)
            create(desk.root, made)
            return list(made)
        now = open_record(desk, form.unit.code, form.id)
        if now.digest != digest:
            typed = tables.typed(values, now.grid.order) if now.grid and not now.grid.why else None
            raise Conflict(values, now, typed)
        made = files_of(desk, form, values)
        if opened(desk.root, form.record).digest != digest:  # in the moment since
            raise Conflict(values, open_record(desk, form.unit.code, form.id), None)
        write_over(desk.root, made, _left_behind(form, made))
        return list(made)


def _left_behind(form: Editing, made: Mapping[str, bytes]) -> list[str]:
    """The table that a new one took the place of under another name."""
    old = form.record.table_file if form.record and form.record.front.table else ""
    new = [name for name in made if name.endswith(".csv")]
    elsewhere = {r.table_file for r in form.unit.records if r is not form.record and r.front.table}
    return [old] if old and new and old not in new and old not in elsewhere else []


def merged(theirs: Editing, values: Values) -> dict[str, str]:
    """The values after choosing: ``take.<field>`` says ``theirs`` or ``mine``; what is not chosen stays mine."""
    made = {k: v for k, v in values.items() if not k.startswith("take.")}
    for name, choice in values.items():
        field = name.removeprefix("take.")
        if name.startswith("take.") and choice == "theirs":
            if field == "rows" and theirs.grid is not None:
                made = {k: v for k, v in made.items() if not (k[:1] == "c" and "." in k)}
                made |= {
                    f"c{n}.{c}": cell for n, row in enumerate(theirs.grid.rows) for c, cell in zip(theirs.grid.order, row, strict=True)
                }
            else:
                made[field] = theirs.values.get(field, "")
    return made
