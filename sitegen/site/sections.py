"""Sections: a village's three (党务, 村务, 财务), the government's fields, and the texts of the disclosure column."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from sitegen.model.catalog import Item
from sitegen.model.record_views import RecordView
from sitegen.model.views import FieldView, TextPage, UnitView

from . import affairs, annual, menu, meta
from .annual import AnnualData
from .feeds import of_records
from .home import FieldTile, field_tiles
from .paging import Listing, listing_pages
from .spec import Crumb, PageSpec

NEWEST = 5
"""Records of an item that its section shows."""
_DOORS = {"affairs": (affairs.FOCUS, affairs.RESOLUTIONS), "finance": ("accounts/",)}


class ItemBlock(Struct, frozen=True):
    """An item with its newest records."""

    item: Item
    records: tuple[RecordView, ...]
    count: int
    path: str
    """Page of all the item's records, or "" when they are all shown."""


class FieldBlock(Struct, frozen=True):
    """A field with those of its items that have records."""

    field: FieldView
    heading: str
    items: tuple[ItemBlock, ...]
    catalog: str


class SectionData(Struct, frozen=True):
    """A section of a village, or one field of a government."""

    heading: str
    lead: str
    blocks: tuple[FieldBlock, ...]
    single: bool
    """One field: its name is the page's title."""
    responsible: str
    successor: str | None
    doors: tuple[affairs.More, ...] = ()
    """Of a village's section: where the same is told in another way."""


class FieldsData(Struct, frozen=True):
    """法定主动公开内容: the index by field."""

    fields: tuple[FieldTile, ...]
    total: int


class TextData(Struct, frozen=True):
    """A text of the unit."""

    page: TextPage
    others: tuple[tuple[str, str], ...]
    """Texts of the same kind, as (title, path)."""


class TextIndexData(Struct, frozen=True):
    """Rules or reports, one line each."""

    heading: str
    lead: str
    pages: tuple[tuple[TextPage, str], ...]


def section_pages(view: UnitView) -> list[PageSpec]:
    """The sections that have content."""
    records = {r.id: r for r in view.records}
    return (_village(view, records) if menu.is_village(view) else _fields(view, records)) + _texts(view)


def _village(view: UnitView, records: Mapping[str, RecordView]) -> list[PageSpec]:
    made = []
    for section in menu.village_sections(view):
        fields = [f for name in section.sections for f in view.fields if f.section == name]
        blocks = tuple(b for b in (_block(view, f, records) for f in fields) if b.items)
        if not blocks:
            continue
        title = f"{section.name}公开"
        doors = tuple(d for d in affairs.doors(view) if d.path in _DOORS.get(section.key, ()))
        data = SectionData(title, section.summary, blocks, len(blocks) == 1, "", None, doors)
        path = f"{section.key}/"
        made.append(PageSpec(path, "pages/section.html", title, f"{view.unit.name}{title}：{section.summary}", section.key, data,
                             meta=meta.column(view, title, section.summary)))  # fmt: skip
        made += _item_pages(view, blocks, section.key, (Crumb(section.name, path),))
    return made


def _fields(view: UnitView, records: Mapping[str, RecordView]) -> list[PageSpec]:
    tiles = field_tiles(view)
    if not tiles:
        return []
    title = "法定主动公开内容"
    made = [
        PageSpec("fields/", "pages/fields.html", title, f"{view.unit.name}{title}，按领域查找。", "fields",
                 FieldsData(tiles, len(view.records)), meta=meta.column(view, title))
    ]  # fmt: skip
    for tile in tiles:
        field = tile.field
        block = _block(view, field, records)
        data = SectionData(field.name, field.summary, (block,), True, field.lead, field.successor)
        crumb = Crumb("主动公开", "fields/")
        mine = [r for i in field.items for r in (records[id] for id in i.records)]
        made.append(PageSpec(tile.path, "pages/section.html", field.name, f"{view.unit.name}{field.name}：{field.summary}", "fields", data,
                             crumbs=(crumb,), meta=meta.column(view, field.name, field.summary),
                             alternates=of_records(mine, view, field.id.lower(), field.name)))  # fmt: skip
        made += _item_pages(view, (block,), "fields", (crumb, Crumb(field.name, tile.path)))
    return made


def _block(view: UnitView, field: FieldView, records: Mapping[str, RecordView]) -> FieldBlock:
    items = []
    for i in field.items:
        if i.records:
            more = len(i.records) > NEWEST
            path = menu.item_page(field, i.item.id, view) if more else ""
            items.append(ItemBlock(i.item, tuple(records[id] for id in i.records[:NEWEST]), len(i.records), path))
    own = "本社区事务" if menu.is_community(view) else "本村事务"
    return FieldBlock(field, field.name if field.section == "政务" else own, tuple(items), menu.catalog_path(field.id))


def _item_pages(view: UnitView, blocks: tuple[FieldBlock, ...], section: str, crumbs: tuple[Crumb, ...]) -> list[PageSpec]:
    made = []
    for block in blocks:
        for item in block.items:
            if item.path:
                every = [r for r in view.records if r.item == item.item.id]
                name, lead = item.item.name, f"{block.field.name} · {item.item.group}"
                feed = of_records(every, view, item.item.id.lower(), name)
                made += listing_pages(view, Listing(item.path, name, lead, section, crumbs, alternates=feed), every)
    return made


def _texts(view: UnitView) -> list[PageSpec]:
    pages = menu.text_pages(view)
    titles = {
        "guide": "政府信息公开指南",
        "rules": "政府信息公开制度",
        "report": "政府信息公开年报",
        "apply": "依申请公开",
        "about": "关于本站",
    }
    if menu.is_village(view):
        titles |= {"guide": "公开指南", "rules": "公开制度"}
    made = []
    for page in pages:
        path = menu.text_path(page, view)
        if path == "apply/" and view.outreach.apply is not None:
            continue  # it stands there with form, procedure and ways
        key = path.partition("/")[0]
        title = titles[page.kind]
        above = (Crumb(title, f"{key}/"),) if path != f"{key}/" else ()
        same = tuple((p.title, menu.text_path(p, view)) for p in pages if p.kind == page.kind and p is not page)
        template, data = ("pages/text.html", TextData(page, same)) if page.report is None else (annual.TEMPLATE, AnnualData(page, same))
        made.append(PageSpec(path, template, page.title, f"{view.unit.name}{page.title}。", key, data, crumbs=above,
                             meta=meta.text(view, page, title), files=page.attachments, changed=page.updated))  # fmt: skip
    indexes = (("rules", "rules", "公开工作怎么做，有章可循。"), ("report", "reports", "每年公布上一年政府信息公开工作的年度报告。"))
    for kind, key, lead in indexes:
        listed = tuple((p, menu.text_path(p, view)) for p in pages if p.kind == kind)
        if listed and all(path != f"{key}/" for _, path in listed):
            title = titles[kind]
            made.append(PageSpec(f"{key}/", "pages/text-index.html", title, f"{view.unit.name}{title}。", key, TextIndexData(title, lead, listed),
                                 meta=meta.column(view, title)))  # fmt: skip
    return made
