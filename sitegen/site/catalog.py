"""The official catalogue table (基层政务公开标准目录), a page for each field, and their index."""

from __future__ import annotations

from itertools import groupby

from msgspec import Struct

from sitegen.model.base import Level
from sitegen.model.catalog import CHANNELS, Item
from sitegen.model.views import FieldView, UnitView
from sitegen.once import Once

from . import menu, meta
from .sections import NEWEST
from .spec import Crumb, PageSpec

MARK = "√"


class Said(Struct, frozen=True):
    """What the catalogue says of an item: the same for all units of a level."""

    item: Item
    basis: tuple[str, ...]
    deadline: str
    subject: str
    channels: tuple[tuple[str, bool], ...]
    """All thirteen, with whether the item uses it."""
    flags: tuple[tuple[str, str], ...]
    """The seven columns of marks: (what the mark says, the mark or "")."""


class Row(Struct, frozen=True):
    """An item as a row of the table."""

    number: int
    said: Said
    link: str
    """Path to its records here, or "" when there are none."""
    count: int


class Group(Struct, frozen=True):
    """Rows that share the merged cell 一级事项."""

    name: str
    rows: tuple[Row, ...]


class CatalogData(Struct, frozen=True):
    """The table of one field."""

    field: FieldView
    title: str
    groups: tuple[Group, ...]
    count: int


class IndexLine(Struct, frozen=True):
    """A field in the index."""

    field: FieldView
    path: str
    items: int
    published: int
    """Items that have records here."""


class CatalogIndexData(Struct, frozen=True):
    """The index of the catalogue, in its parts."""

    parts: tuple[tuple[str, tuple[IndexLine, ...]], ...]
    items: int


def catalog_pages(view: UnitView) -> list[PageSpec]:
    """The index and the fields' tables."""
    if not view.fields:
        return []
    name = "公开事项标准目录"
    made = [
        PageSpec("catalog/", "pages/catalog-index.html", name, f"{view.unit.name}{name}：应当公开什么、何时公开、由谁公开。", "catalog",
                 _index(view), meta=meta.column(view, name))
    ]  # fmt: skip
    for field in view.fields:
        title = f"{view.unit.name}{field.name}公开事项标准目录" if field.section == "政务" else f"{view.unit.name}{field.name}公开目录"
        made.append(
            PageSpec(menu.catalog_path(field.id), "pages/catalog.html", f"{field.name}标准目录", f"{title}，共{len(field.items)}项。", "catalog",
                     _field(view, field, title), crumbs=(Crumb("标准目录", "catalog/"),), meta=meta.column(view, f"{field.name}标准目录"))
        )  # fmt: skip
    return made


def _index(view: UnitView) -> CatalogIndexData:
    lines: dict[str, list[IndexLine]] = {}
    # A village's own matters stand before those of the government that concern it.
    fields = sorted(view.fields, key=lambda f: f.section == "政务")
    for f in fields:
        part = "政务公开领域" if f.section == "政务" else ("居务公开" if menu.is_community(view) else "村务公开")
        line = IndexLine(f, menu.catalog_path(f.id), len(f.items), sum(1 for i in f.items if i.records))
        lines.setdefault(part, []).append(line)
    return CatalogIndexData(tuple((part, tuple(found)) for part, found in lines.items()), sum(len(f.items) for f in fields))


def _field(view: UnitView, field: FieldView, title: str) -> CatalogData:
    rows = []
    for number, shown in enumerate(field.items, 1):
        item = shown.item
        link = ""
        if len(shown.records) == 1:
            link = f"r/{view.record(shown.records[0]).slug}/"
        elif len(shown.records) > NEWEST:
            link = menu.item_page(field, item.id, view)
        elif shown.records:
            link = menu.field_path(field, view).partition("#")[0] + f"#{item.id.lower()}"
        rows.append(
            Row(
                number=number,
                said=_said(item, shown.basis, view.unit.level),
                link=link,
                count=len(shown.records),
            )
        )
    groups = tuple(Group(name, tuple(g)) for name, g in groupby(rows, key=lambda r: r.said.item.group))
    return CatalogData(field, title, groups, len(rows))


def _said(item: Item, basis: tuple[str, ...], level: Level) -> Said:
    known = _SAID(item)
    if (basis, level) not in known:
        channels = tuple((c, c in item.channels) for c in CHANNELS)
        known[basis, level] = Said(item, basis, item.deadline.written, _subject(item, level), channels, _flags(item))
    return known[basis, level]


def _nothing(_: Item) -> dict[tuple[tuple[str, ...], Level], Said]:
    return {}


_SAID = Once(_nothing)


def _subject(item: Item, level: Level) -> str:
    subject = {Level.COUNTY: item.subject.county, Level.TOWNSHIP: item.subject.township, Level.VILLAGE: item.subject.village}[level]
    return subject or next(s for s in (item.subject.county, item.subject.township, item.subject.village) if s)


def _flags(item: Item) -> tuple[tuple[str, str], ...]:
    group = f"{MARK}（{item.audience_note}）" if item.audience_note else MARK
    return (
        ("全社会", MARK if item.audience == "全社会" else ""),
        ("特定群体", group if item.audience == "特定群体" else ""),
        ("主动", MARK if item.method == "主动" else ""),
        ("依申请", MARK if item.method == "依申请" else ""),
        ("县级", MARK if Level.COUNTY in item.levels else ""),
        ("乡级", MARK if Level.TOWNSHIP in item.levels else ""),
        ("村级", MARK if Level.VILLAGE in item.levels else ""),
    )
