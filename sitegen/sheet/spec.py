"""What one sheet shows, as plain values."""

from __future__ import annotations

import datetime as dt
from typing import Any

from msgspec import Struct

from sitegen.doctree import Node, tree
from sitegen.model.base import Layout, Level
from sitegen.model.content_views import Content, TableView
from sitegen.model.record_views import PostingView, RecordView
from sitegen.model.views import UnitView
from sitegen.sheet.accounts import kind_of
from sitegen.text import html_of, to_html

_INTERNAL = "此件依申请公开"


class SheetSpec(Struct, frozen=True):
    """One sheet, on paper of any size."""

    record: str
    """Id of the record; the file is named after it."""
    code_url: str
    """What the QR carries; "" for an internal sheet, which leads nowhere."""
    title: str
    issuer: str
    published: dt.date
    table: TableView | None
    layout: Layout
    """The one that the record calls for."""
    pictures: tuple[tuple[str, str], ...]
    """Files that it shows, with the digests of their bytes."""
    data: dict[str, Any]
    """Every text that the typesetter gets; it never reads them as anything but text. ``places`` and ``phrases`` are words that a
    title is not broken in."""

    @property
    def totals(self) -> tuple[str, ...]:
        """Texts of the total row, as printed."""
        return (self.table.totals or ()) if self.table else ()


def sheet_spec(view: UnitView, record: RecordView) -> SheetSpec | None:
    """The sheet of a record, or ``None`` when the record does not belong on a board or its content is not at hand.

    Of a list whose time of retention is over it says so, with the totals: nothing hangs such a sheet by itself, but who asks for it gets no list without rows.
    """
    content = view.contents.get(record.id)
    if not (record.on_board or record.internal or record.rows_expired) or content is None:
        return None
    code_url = "" if record.internal else record.code_url
    places = {a.href: a.source for a in content.images}
    layout = layout_of(view, record)
    data = {
        "section": _section(view, record),
        "posting": _INTERNAL
        if record.internal
        else _posting(record.posting) + ("　已结束" if record.rows_expired else "")
        if record.posting
        else "",
        "stage": record.stage or "",
        "title": record.title,
        "places": _places(view, record),
        "phrases": [record.item_name, record.field_name],
        "subtitle": _subtitle(record),
        "blocks": [_placed(b, places) for b in _blocks(record, content)],
        "phone": record.supervision.phone,
        "body": record.supervision.name,
        "objections": _objections(record),
        "issuer": record.issuer,
        "date": date_text(record.published),
        "rev": str(record.rev),
        "mark": content.mark,
        "address": code_url.partition("://")[2],
        "notes": _notes(record),
        "figures": _figures(record),
        "red": f"{record.issuer}文件" if record.document_number and view.unit.level is not Level.VILLAGE else "",
        "number": record.document_number or "",
        "released": "（此件公开发布）" if record.released else "",
        "halves": _halves(view, record) if layout == "resolution" else [],
    }
    pictures = tuple((a.source, a.digest) for a in content.images)
    return SheetSpec(record.id, code_url, record.title, record.issuer, record.published, content.table, layout, pictures, data)


def layout_of(view: UnitView, record: RecordView) -> Layout:
    """The layout that a record calls for: the one that it or its item names, else by what it is."""
    if record.layout:
        return record.layout
    table = view.contents[record.id].table if record.id in view.contents else None
    if any(r.label in _PAIRED for r in record.relations) or _expects_result(view, record.item):
        return "resolution"
    if table is not None and record.section == "财务" and kind_of(table):
        return "accounts"
    if record.document_number and table is None and record.posting is None:
        return "document"
    return "list" if table is not None and len(table.rows) > LONG else "notice"


LONG = 24
"""Rows from which a table makes a list of a sheet."""
_PAIRED = ("所依据的决议", "实施结果")


def _expects_result(view: UnitView, item: str) -> bool:
    return any(i.item.id == item and i.item.expects is not None and i.item.expects.kind == "result" for f in view.fields for i in f.items)


def _halves(view: UnitView, record: RecordView) -> list[dict[str, Any]]:
    """What was decided, and how it was carried out; of the half that is not there yet, that it is awaited."""

    def half(label: str, one: RecordView | None) -> dict[str, Any]:
        content = view.contents.get(one.id) if one else None
        if one is None or content is None:
            return {"label": label, "title": "", "date": "", "blocks": [], "awaited": label == _RESULT}
        places = {a.href: a.source for a in content.images}
        return {
            "label": label,
            "title": one.title,
            "date": f"{date_text(one.formed)}　{one.issuer}",
            "blocks": [_placed(b, places) for b in _blocks(one, content)],
            "awaited": False,
        }

    by_url = {r.url: r for r in view.records}
    decided = next((by_url[r.url] for r in record.relations if r.label == "所依据的决议" and r.url in by_url), None)
    if decided is not None:
        return [half(_DECIDED, decided), half(_RESULT, record)]
    done = next((by_url[r.url] for r in record.relations if r.label == "实施结果" and r.url in by_url), None)
    return [half(_DECIDED, record), half(_RESULT, done)]


_DECIDED, _RESULT = "决议", "实施结果"


def _blocks(record: RecordView, content: Content) -> list[Node]:
    """The text: sentences made for a derived record, its own words, and who signed them."""
    over = [_paragraph(_over(record), "strong")] if record.rows_expired else []
    signed = [_paragraph(f"签字：{record.signed}")] if record.signed else []
    return [*over, *(tree(to_html(content.lead)) if content.lead else ()), *tree(html_of(content)), *signed]


def _over(record: RecordView) -> str:
    figures = "，".join(_figures(record))
    return f"本名单的公开期限已满，已按规定撤下，不再展示{f'；合计保留：{figures}' if figures else '；公示过的事实保留'}。"


def _figures(record: RecordView) -> list[str]:
    return [f"{f.label}{f.text}".replace(" ", "") for f in record.figures]


def _paragraph(text: str, mark: str = "") -> Node:
    words: Node = {"t": "text", "v": text}
    return {"t": "p", "c": [{"t": mark, "c": [words]} if mark else words]}


def _section(view: UnitView, record: RecordView) -> str:
    """The band's words: 大河村村务公开 · 涉农补贴, 青禾镇政务公开 · 涉农补贴, 大河村财务公开 · 村级财务收支."""
    if view.unit.level is not Level.VILLAGE:
        return f"{view.unit.name}政务公开 · {record.field_name}"
    affairs = "居务" if view.kind == "社区" else "村务"
    own = record.section in ("党务", "财务")
    name = record.section if own else affairs
    return f"{view.unit.name}{name}公开 · {record.field_name if record.section == '政务' else record.item_name}"


def _places(view: UnitView, record: RecordView) -> list[str]:
    """Names of units that a title may hold, whose characters belong together."""
    units = [view.unit, *view.ancestors, *(child.unit for child in view.children)]
    return [*(unit.name for unit in units), *([record.source_unit] if record.source_unit else [])]


def _posting(posting: PostingView) -> str:
    start, end = posting.start, posting.end
    last = f"{end.month}月{end.day}日" if start.year == end.year else date_text(end)
    days = f"（{posting.days}个{'工作日' if posting.working else '自然日'}）" if posting.days else ""
    return f"公示期：{date_text(start)}—{last}{days}"


def _subtitle(record: RecordView) -> str:
    """The document's number, and the period where the title does not say it and it is more than the year."""
    period = record.period if record.period and len(record.period) > len("2026年") and record.period not in record.title else None
    return "　".join(t for t in (record.document_number, period) if t)


def _objections(record: RecordView) -> str:
    where = record.supervision.address or record.contact.address
    when = record.supervision.hours or record.contact.hours
    return "，".join(t for t in (where, when) if t)


def _notes(record: RecordView) -> list[str]:
    notes = [f"{_INTERNAL}：供受理机构答复申请人，不得张贴、不得上网。"] if record.internal else []
    notes += (
        [f"{'名单原载' if record.rows_expired else '本表取自'}{record.source_unit}《{record.source.title}》。"] if record.source else []
    )
    if record.rev > 1:
        notes.append(f"本张为第{record.rev}版" + (f"，更正内容：{record.why_revised}。" if record.why_revised else "。") + "以前各版作废。")
    if record.released:
        notes.append("（此件公开发布）")
    # A step that was not recorded is signed on the paper itself.
    notes += [f"{step}：________________　　____年____月____日" for step in record.awaiting]
    return notes


def date_text(day: dt.date) -> str:
    """A date as official documents write it: no zeros before figures."""
    return f"{day.year}年{day.month}月{day.day}日"


def _placed(block: Node, places: dict[str, str]) -> Node:
    """A block whose images have the place of their file, relative to the region; ``""`` where there is none."""
    if block["t"] == "img":
        return {**block, "src": places.get(block["src"], "")}
    if block["t"] == "quote":
        return {**block, "c": [_placed(b, places) for b in block["c"]]}
    if block["t"] == "list":
        return {**block, "items": [[_placed(b, places) for b in item] for item in block["items"]]}
    return block
