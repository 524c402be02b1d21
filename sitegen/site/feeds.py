"""Feeds (订阅): what is new in a unit, a field, an item or for an audience, as Atom (RFC 4287) and JSON Feed 1.1.

Only what is open to all stands in them (:attr:`RecordView.open`). A feed exists only where it has an entry. They say what a record is and
lead to it; the text stays on its page.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence

import msgspec
from msgspec import Struct

from sitegen.escaping import escape
from sitegen.model.record_views import RecordView
from sitegen.model.views import UnitView

from . import menu, meta
from .calendars import CALENDAR, calendar_files
from .spec import Alternate, FileSpec, PageSpec

PATH = "feeds/"
NEWEST = 30
"""Entries of a feed."""
ATOM, JSON = "application/atom+xml", "application/feed+json"
_AUDIENCES = {"全社会": "public", "全体村民": "villagers", "全体居民": "residents", "全体成员": "members"}
"""公开对象 and 公开范围, and the last step of the feed's address. A specific group (特定群体) has none: nothing of it is open."""


class Feed(Struct, frozen=True):
    """What a feed is about and what is new in it."""

    name: str
    """The last step of its address, without the ending."""
    title: str
    what: str
    """What it is about, without the unit: 全部信息, a field, an item."""
    kind: str
    """unit, field, item or audience."""
    page: str
    """Path of the page with the same records."""
    records: tuple[RecordView, ...]
    """Newest first, not more than :data:`NEWEST`."""
    unit: str
    """Address of the unit's site."""

    @property
    def atom(self) -> str:
        """Its path as Atom."""
        return f"{PATH}{self.name}.xml"

    @property
    def json(self) -> str:
        """Its path as JSON Feed."""
        return f"{PATH}{self.name}.json"

    @property
    def updated(self) -> dt.date:
        """When something last came in or was corrected."""
        return max(_changed(r) for r in self.records)


class FieldFeeds(Struct, frozen=True):
    """The feeds of a field and its items."""

    field: Feed
    items: tuple[Feed, ...]


class IndexData(Struct, frozen=True):
    """订阅: all feeds of the unit."""

    all: Feed
    fields: tuple[FieldFeeds, ...]
    audiences: tuple[Feed, ...]
    calendar: str
    """Path of the calendar, or ""."""


def feeds(view: UnitView) -> tuple[Feed, ...]:
    """All feeds of a unit: its own first, then fields with their items, then audiences."""
    found = [r for r in view.records if r.open]
    if not found:
        return ()
    site = menu.site_name(view)
    made = [_feed(view, "all", site, "全部信息", "unit", "list/", found)]
    by_item: dict[str, list[RecordView]] = {}
    for record in found:
        by_item.setdefault(record.item, []).append(record)
    for field in view.fields:
        ids = {i.item.id for i in field.items} & by_item.keys()
        if not ids:
            continue
        path = menu.field_path(field, view)
        records = [r for r in found if r.item in ids]
        made.append(_feed(view, field.id.lower(), f"{site}：{field.name}", field.name, "field", path, records))
        for i in field.items:
            if i.item.id in ids:
                page = f"{path.partition('#')[0]}#{i.item.id.lower()}"
                made.append(_feed(view, i.item.id.lower(), f"{site}：{i.item.name}", i.item.name, "item", page, by_item[i.item.id]))
    for audience, name in _AUDIENCES.items():
        records = [r for r in found if audience_of(r, view) == audience]
        if records:
            made.append(_feed(view, f"for-{name}", f"{site}：面向{audience}", f"面向{audience}", "audience", "list/", records))
    return tuple(made)


def audience_of(record: RecordView, view: UnitView) -> str | None:
    """To whom a record is disclosed: a village's as it says (公开范围), a government's to everybody."""
    return record.scope if menu.is_village(view) else "全社会"


def _feed(view: UnitView, name: str, title: str, what: str, kind: str, page: str, records: Sequence[RecordView]) -> Feed:
    return Feed(name, title, what, kind, page, tuple(records[:NEWEST]), view.unit.url)


def feed_files(view: UnitView) -> list[FileSpec]:
    """Every feed in both forms."""
    return [spec for feed in feeds(view) for spec in (FileSpec(feed.atom, feed, as_atom), FileSpec(feed.json, feed, as_json))]


def feed_pages(view: UnitView) -> list[PageSpec]:
    """The page that names the feeds and the calendar."""
    every = feeds(view)
    calendar = CALENDAR if calendar_files(view) else ""
    if not every:
        return []
    fields: list[FieldFeeds] = []
    for feed in every:
        if feed.kind == "field":
            fields.append(FieldFeeds(feed, ()))
        elif feed.kind == "item":
            fields[-1] = FieldFeeds(fields[-1].field, (*fields[-1].items, feed))
    data = IndexData(every[0], tuple(fields), tuple(f for f in every if f.kind == "audience"), calendar)
    title = "订阅和日历"
    return [
        PageSpec(
            path=PATH,
            template="pages/feeds.html",
            title=title,
            description=f"{menu.site_name(view)}：用阅读器订阅新公开的信息，用手机日历提醒公示期。",
            section="feeds",
            data=data,
            meta=meta.column(view, title),
            alternates=alternates(view, "all", every[0].title),
        )
    ]


def alternates(view: UnitView, name: str, title: str) -> tuple[Alternate, ...]:
    """What a page's head says of its feed, for readers that look for one. The feed must exist."""
    return (Alternate(ATOM, title, f"{PATH}{name}.xml"), Alternate(JSON, title, f"{PATH}{name}.json"))


def home_alternates(view: UnitView) -> tuple[Alternate, ...]:
    """What the head of the home page names: the unit's feed and its calendar."""
    made = of_records(view.records, view, "all", "全部信息")
    return (*made, Alternate("text/calendar", "公示期和截止日期", CALENDAR)) if calendar_files(view) else made


def of_records(records: Iterable[RecordView], view: UnitView, name: str, title: str) -> tuple[Alternate, ...]:
    """The same, where the feed exists: when one of the page's records is open."""
    return alternates(view, name, f"{menu.site_name(view)}：{title}") if any(r.open for r in records) else ()


# ---- The two forms.


def _changed(record: RecordView) -> dt.date:
    return record.revised or record.published


def _time(day: dt.date) -> str:
    """Records have days, feeds want times: midnight in China."""
    return f"{day.isoformat()}T00:00:00+08:00"


def entry_id(record: RecordView) -> str:
    """The same for ever, wherever the record moves: made of its permanent code."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"sitegen:{record.code}").urn


def _summary(record: RecordView) -> str:
    figures = "，".join(f"{f.label} {f.text}".strip() for f in record.figures)
    changed = f"第{record.rev}版更正：{record.why_revised}。" if record.rev > 1 and record.why_revised else ""
    return changed + (record.summary or figures)


def as_atom(feed: Feed) -> str:
    """The feed as Atom."""
    home, self_ = escape(feed.unit + feed.page), escape(feed.unit + feed.atom)
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="zh-CN">',
        f"<title>{_xml(feed.title)}</title>",
        f"<id>{self_}</id>",
        f'<link rel="self" type="{ATOM}" href="{self_}"/>',
        f'<link rel="alternate" type="text/html" href="{home}"/>',
        f"<updated>{_time(feed.updated)}</updated>",
    ]
    for r in feed.records:
        lines += [
            "<entry>",
            f"<title>{_xml(r.title)}</title>",
            f"<id>{entry_id(r)}</id>",
            f'<link rel="alternate" type="text/html" href="{escape(r.url)}"/>',
            f"<published>{_time(r.published)}</published>",
            f"<updated>{_time(_changed(r))}</updated>",
            f"<author><name>{_xml(r.issuer)}</name></author>",
            f'<category term="{r.item}" label="{_xml(r.item_name)}"/>',
            f"<summary>{_xml(_summary(r) or r.title)}</summary>",
            "</entry>",
        ]
    return "\n".join([*lines, "</feed>", ""])


_CONTROL = {n: None for n in range(32) if n not in (9, 10, 13)}


def _xml(text: str) -> str:
    """Escaped; without the control characters that XML 1.0 does not allow."""
    return escape(text.translate(_CONTROL))


def as_json(feed: Feed) -> str:
    """The feed as JSON Feed 1.1."""
    items = [
        {
            "id": entry_id(r),
            "url": r.url,
            "title": r.title,
            "content_text": _summary(r) or r.title,
            "date_published": _time(r.published),
            "date_modified": _time(_changed(r)),
            "authors": [{"name": r.issuer}],
            "tags": [r.field_name, r.item_name],
        }
        for r in feed.records
    ]
    made = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.unit + feed.page,
        "feed_url": feed.unit + feed.json,
        "language": "zh-CN",
        "items": items,
    }
    return msgspec.json.format(msgspec.json.encode(made), indent=1).decode() + "\n"
