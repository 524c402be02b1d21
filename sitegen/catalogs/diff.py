"""What changed between two versions of the catalogue: items added, removed, renamed, and every column that says something else."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from msgspec import Struct
from msgspec.structs import replace
from pydantic import BaseModel

from sitegen.load.catalog import read_catalog
from sitegen.model.base import Level
from sitegen.model.catalog import Item, Law, LawRef
from sitegen.model.finding import Finding, Severity, finding
from sitegen.model.region import Catalog, Region

from .official import REQUIRED
from .pairing import pair
from .reading import NewLaw, read_workbook

Kind = Literal["added", "removed", "renamed", "changed"]
By = Literal["formerly", "likeness", "id"]

COLUMNS: Mapping[str, str] = {**REQUIRED, "group": "一级事项", "name": "二级事项", "audience_note": REQUIRED["audience"]}
"""Columns of the official table by key; the other keys of an item are called by their own name."""


class CellChange(Struct, frozen=True):
    """One column of one item. A list is told by what came and went; anything else by what it was and is."""

    column: str
    before: str
    after: str
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


class Change(Struct, frozen=True):
    """What happened to one item."""

    kind: Kind
    field: str
    """Name of the field."""
    id: str
    """In the later version, or in the earlier where it was removed."""
    name: str
    former_id: str | None = None
    """For renamed items: id and name before."""
    former_name: str | None = None
    by: By | None = None
    """For renamed items: what tells that they are one."""
    cells: tuple[CellChange, ...] = ()
    records: int | None = None
    """Records of the region under the item's present or former id; ``None`` where no region was given."""
    left_behind: int | None = None
    """Those of them that stand under an id which the later version no longer has."""


class Unusable(Exception):
    """One of the two versions cannot be read; ``findings`` say why, ``root`` is what their files are relative to."""

    def __init__(self, findings: Sequence[Finding], root: Path) -> None:
        super().__init__("unusable")
        self.findings, self.root = findings, root


_EMPTY = Catalog(fields=(), items={}, field_of={}, laws={}, tables={}, exclusions=(), digest="")


def open_versions(before: Path, after: Path, root: Path, region: Region | None) -> tuple[Catalog, Catalog]:
    """Both versions. A workbook has no ids: its items get those of the other version, or of the region where both are workbooks.

    Raises :class:`Unusable`.
    """
    present = region.catalog if region else None
    if before.is_dir():
        first = open_version(before, root, present)
        return first, open_version(after, root, first)
    if after.is_dir():
        second = open_version(after, root, present)
        return open_version(before, root, second), second
    first = open_version(before, root, present)
    laws = {**(present.laws if present else {}), **first.laws}
    return first, open_version(after, root, replace(first, laws=laws))


def open_version(path: Path, root: Path, known: Catalog | None) -> Catalog:
    """A version of the catalogue: a region, a catalogue's folder, or a workbook, whose items get the ids that ``known`` has for them.

    Raises :class:`Unusable`.
    """
    known = known or _EMPTY
    if path.is_dir():
        found: list[Finding] = []
        folder = path / "content" / "catalog" if (path / "content" / "catalog").is_dir() else path
        catalog = read_catalog(path, folder, found)
        # What a version says may be compared whether or not its laws and tables are there.
        unread = [f for f in found if f.code.startswith("SG1") and f.file.rpartition("/")[2] != "laws.yml"]
        if unread or not catalog.fields:
            raise Unusable(unread or _nothing(path), path)
        return catalog
    read = read_workbook(path, root, known)
    if read.failed:
        raise Unusable([f for f in read.findings if f.severity is Severity.ERROR], root)
    items = {i.id: i for f in read.fields for i in f.items}
    return Catalog(
        fields=read.fields,
        items=items,
        field_of={i.id: f for f in read.fields for i in f.items},
        laws={**known.laws, **{law.id: _law(law) for law in read.laws}},
        tables=known.tables,
        exclusions=known.exclusions,
        digest="",
    )


def _law(new: NewLaw) -> Law:
    """Enough of a law that is not listed to call it by its name; compared, never written."""
    return Law(id=new.id, name=new.name, number=new.number, kind="规范性文件", organ="?", checked_on=dt.date.min)


def _nothing(path: Path) -> list[Finding]:
    return [finding("SG109", path.name or ".", problem="there is no field of a catalogue")]


def diff(before: Catalog, after: Catalog, region: Region | None = None) -> tuple[Change, ...]:
    """Every change, in the order of the later version; removed items after those of their field. ``region``: whose records are counted."""
    return _Differ(before, after, region).run()


class _Differ:
    def __init__(self, before: Catalog, after: Catalog, region: Region | None) -> None:
        self.before, self.after = before, after
        # A folder of field files has no laws of its own.
        self.laws_before, self.laws_after = {**after.laws, **before.laws}, {**before.laws, **after.laws}
        self.counts = Counter(r.front.item for u in region.units.values() for r in u.records) if region else None

    def run(self) -> tuple[Change, ...]:
        matched = self._matched()
        used = {old.id for old, _ in matched.values()}
        made: list[Change] = []
        names = list(dict.fromkeys([*(f.name for f in self.after.fields), *(f.name for f in self.before.fields)]))
        after, before = ({f.name: f for f in c.fields} for c in (self.after, self.before))
        for name in names:
            for item in after[name].items if name in after else ():
                if item.id in matched:
                    made += self._compare(name, *matched[item.id], item)
                else:
                    made.append(Change("added", name, item.id, item.name, records=self._records(item.id)))
            for item in before[name].items if name in before else ():
                if item.id not in used:
                    count = self._records(item.id)
                    made.append(Change("removed", name, item.id, item.name, records=count, left_behind=count))
        return tuple(made)

    def _matched(self) -> dict[str, tuple[Item, By]]:
        """Later id → earlier item, and what tells that they are one."""
        matched: dict[str, tuple[Item, By]] = {}
        for item in self.after.items.values():
            former = next((self.before.items[id] for id in item.formerly if id in self.before.items), None)
            if item.id in self.before.items:
                matched[item.id] = self.before.items[item.id], "id"
            elif former is not None:
                matched[item.id] = former, "formerly"
        used = {old.id for old, _ in matched.values()}
        earlier = {f.name: f for f in self.before.fields}
        for field in self.after.fields:
            old = [i for i in (earlier[field.name].items if field.name in earlier else ()) if i.id not in used]
            new = [i for i in field.items if i.id not in matched]
            for n, o in pair(old, new).items():
                matched[new[n].id] = old[o], "likeness"
        return matched

    def _compare(self, field: str, old: Item, by: By, new: Item) -> list[Change]:
        cells = tuple(self._cells(old, new))
        renamed = old.id != new.id or old.name != new.name
        if not cells and not renamed:
            return []
        left = None if self.counts is None else self.counts[old.id] if old.id != new.id and old.id not in self.after.items else 0
        count = self._records(*dict.fromkeys((old.id, new.id)))
        if not renamed:
            return [Change("changed", field, new.id, new.name, cells=cells, records=count, left_behind=left)]
        return [Change("renamed", field, new.id, new.name, old.id, old.name, by, cells, count, left)]

    def _records(self, *ids: str) -> int | None:
        return None if self.counts is None else sum(self.counts[id] for id in ids)

    def _cells(self, old: Item, new: Item) -> list[CellChange]:
        made = []
        for key in Item.model_fields:
            if key in ("id", "name", "formerly"):
                continue
            one, other = getattr(old, key), getattr(new, key)
            if key == "basis":
                one, other = (tuple(_cited(r, laws) for r in refs) for refs, laws in ((one, self.laws_before), (other, self.laws_after)))
            if one == other:
                continue
            column = COLUMNS.get(key, key)
            if isinstance(one, tuple) and isinstance(other, tuple):
                before, after = ([_words(v) for v in values] for values in (one, other))
                added = tuple(v for v in after if v not in before)
                removed = tuple(v for v in before if v not in after)
                if added or removed:
                    made.append(CellChange(column, "；".join(before), "；".join(after), added, removed))
                elif key == "elements":  # the order of channels or laws says nothing, that of elements does
                    made.append(CellChange(column, "；".join(before), "；".join(after)))
            else:
                made.append(CellChange(column, _words(one), _words(other)))
        return made


def _cited(ref: LawRef, laws: Mapping[str, Law]) -> str:
    """A legal source by name and article: that its number is corrected in laws.yml is no change of the item."""
    return (f"《{laws[ref.law].name}》" if ref.law in laws else ref.law) + (ref.article or "")


def _words(value: Any) -> str:
    """A value as a person would say it."""
    if value is None:
        return ""
    if isinstance(value, Level):
        return value.zh
    if isinstance(value, list | tuple):
        return "、".join(_words(v) for v in value)
    if isinstance(value, BaseModel):
        if "written" in type(value).model_fields:
            return str(getattr(value, "written"))  # noqa: B009
        given = {k: getattr(value, k) for k in type(value).model_fields if getattr(value, k) not in (None, (), False)}
        return "，".join(f"{_LEVELS.get(k, k)}：{_words(v)}" for k, v in given.items())
    return str(value)


_LEVELS = {level.value: level.zh for level in Level}
