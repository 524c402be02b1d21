"""What one sheet shows, as plain values."""

from __future__ import annotations

import datetime as dt
import unicodedata
from dataclasses import dataclass
from typing import Any

from sitegen.doctree import Node, tree
from sitegen.model.base import Level
from sitegen.model.views import ColumnView, RecordView, TableView, UnitView
from sitegen.text import to_html


@dataclass(frozen=True)
class SheetSpec:
    """One sheet. ``data`` is what the typesetter gets; the other fields are for those who order or check sheets."""

    record: str
    code_url: str
    title: str
    issuer: str
    totals: tuple[str, ...]
    """Texts of the total row, as printed."""
    data: dict[str, Any]


def sheet_spec(view: UnitView, record: RecordView) -> SheetSpec | None:
    """The sheet of a record, or ``None`` when the record does not belong on a board."""
    if not record.on_board or record.id not in view.contents:
        return None
    content = view.contents[record.id]
    places = {a.href: a.source for a in content.images}
    blocks = [_placed(b, places) for b in tree(to_html(content.body))]
    data = {
        "section": _section(view, record),
        "posting": _posting(record),
        "stage": record.stage or "",
        "title": record.title,
        "blocks": [b for b in blocks if b],
        "table": _table(content.table) if content.table else None,
        "call": f"{record.supervision.name}　{record.supervision.phone}",
        "object": "，".join(
            t for t in (record.supervision.address or record.contact.address, record.supervision.hours or record.contact.hours) if t
        ),
        "issuer": record.issuer,
        "date": _date(record.published),
        "unit": "".join(a.name for a in view.ancestors[1:]) + view.unit.name,
        "rev": record.rev,
        "why": record.why_revised or "",
        "mark": f"{record.content_digest[:4]} {record.content_digest[4:8]}".upper(),
        "url": record.code_url,
        "address": _broken(record.code_url),
        "number": record.document_number or "",
        "source": f"取自{record.source_unit}《{record.source.title}》" if record.source else "",
    }
    return SheetSpec(record.id, record.code_url, record.title, record.issuer, content.table.totals or () if content.table else (), data)


def _section(view: UnitView, record: RecordView) -> str:
    if view.unit.level is not Level.VILLAGE:
        return f"政务公开 · {record.field_name}"
    name = "居务" if view.kind == "社区" and record.section == "村务" else record.section
    return f"{name}公开" + (f" · {record.item_name}" if len(record.item_name) <= 16 else "")


def _posting(record: RecordView) -> str:
    if record.posting is None:
        return ""
    start, end = record.posting.start, record.posting.end
    last = f"{end.month}月{end.day}日" if start.year == end.year else _date(end)
    return f"公示期　{_date(start)}—{last}"


def _date(day: dt.date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _broken(url: str) -> list[str]:
    """The address in lines that are easily copied: host, then path."""
    rest = url.partition("://")[2]
    host, _, path = rest.partition("/")
    return [host, f"/{path}"]


def _placed(block: Node, places: dict[str, str]) -> Node | None:
    """An image gets the place of its file; one that is not there is left out (a finding has said so)."""
    if block["t"] != "img":
        return block
    source = places.get(block["src"])
    return (
        {**block, "src": f"/{source}"} if source and source.lower().endswith((".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp")) else None
    )


def width_of(text: str) -> float:
    """Width in characters: 1 for a Chinese one, about half for a Latin one."""
    return sum(1.0 if unicodedata.east_asian_width(c) in "WF" else 0.56 for c in text)


def _column_width(column: ColumnView, cells: list[str]) -> float:
    """What a column asks for: figures never break, text may wrap once it is long."""
    widest = max([*(width_of(c) for c in cells), 1.0])
    head = width_of(column.heading)
    if column.align == "right":
        return max(widest, min(head, 4.5)) + 1.0
    return max(min(widest, 14.0), min(head, 4.0)) + 1.0


def _table(table: TableView) -> dict[str, Any]:
    cells = [[row[n] for row in table.rows] + ([table.totals[n]] if table.totals else []) for n in range(len(table.columns))]
    widths = [_column_width(c, cells[n]) for n, c in enumerate(table.columns)]
    label = next((n for n, text in enumerate(table.totals) if text), len(table.columns)) if table.totals else 0
    return {
        "head": [c.heading for c in table.columns],
        "align": [c.align for c in table.columns],
        "widths": [2.4, *widths],
        "rows": [list(r) for r in table.rows],
        "totals": list(table.totals) if table.totals else None,
        "label": label,
        "title": table.title or "",
        "count": f"{len(table.rows)} {table.count_unit}" if table.count_unit else "",
    }
