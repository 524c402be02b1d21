"""Service guides (办事指南) → cards: every element of the standard with its name, as paper has them."""

from __future__ import annotations

from typing import Any

from sitegen.doctree import Node, tree
from sitegen.model.service_views import FeeView, GuideView, MaterialView
from sitegen.model.views import UnitView
from sitegen.sheet.spec import SheetSpec, date_text
from sitegen.text import to_html


def guide_spec(view: UnitView, guide: GuideView) -> SheetSpec:
    """The card of a guide. Its code leads to its page."""
    data = {
        "section": f"{view.unit.name}办事指南" + (f" · {guide.life[0]}" if guide.life else ""),
        "posting": "",
        "stage": "",
        "title": guide.name,
        "places": [view.unit.name, *(a.name for a in view.ancestors)],
        "phrases": [],
        "subtitle": "　".join(t for t in (guide.organ, guide.kind) if t),
        "blocks": tree(to_html(guide.summary)) if guide.summary else [],
        "sections": sections(guide),
        "facts": facts(guide),
        "phone": guide.phone,
        "body": guide.organ,
        "call": "办事咨询",
        "objections": "",
        "issuer": guide.organ,
        "date": date_text(guide.updated),
        "dated": "更新",
        "rev": "",
        "mark": "",
        "address": guide.url.partition("://")[2].rstrip("/"),
        "notes": [
            f"投诉监督：{guide.supervision.name}，电话{guide.supervision.phone}"
            + (f"，{guide.supervision.address}" if guide.supervision.address else "")
        ],
        "figures": [],
        "red": "",
        "number": "",
        "released": "",
        "halves": [],
    }
    return SheetSpec(guide.slug, guide.url, guide.name, guide.organ, guide.updated, None, "service", (), data)


def facts(guide: GuideView) -> list[tuple[str, str]]:
    """What matters at a glance."""
    made = []
    if guide.promised or guide.legal:
        made.append(("承诺时限" if guide.promised else "法定时限", guide.promised or guide.legal or ""))
    if guide.fees is not None:
        made.append(("收费", "不收费" if guide.free else "按标准收费"))
    if guide.fewest_visits is not None:
        made.append(("到现场", f"{guide.fewest_visits}次" if guide.fewest_visits else "不用跑"))
    if guide.online:
        made.append(("网上办理", guide.online.degree))
    elif guide.handling:
        made.append(("办理方式", guide.handling))
    return made


def sections(guide: GuideView) -> list[dict[str, Any]]:
    """The rows of a card, empty ones left out."""
    where = [
        p
        for hall in guide.places
        for p in (
            f"{hall.name}" + (f"（{hall.window}）" if hall.window else "") + f"：{hall.address}",
            f"{hall.hours}，电话{hall.phone}" + (f"。{hall.way}" if hall.way else "") + (f"。{hall.note}" if hall.note else ""),
        )
    ]
    times = [t for t in (guide.promised and f"承诺{guide.promised}", guide.legal and f"法定{guide.legal}", guide.excludes) if t]
    online = guide.online
    rows: list[tuple[str, list[Node]]] = [
        ("谁能办", [*_texts(["、".join((*guide.groups, *(a for a in guide.audience if a not in guide.groups)))]), *_items(guide.conditions)]),
        ("带什么", [_materials(guide.materials)] if guide.materials else []),
        ("怎么办", _ordered(f"{s.name}" + (f"（{s.who}）" if s.who else "") + (f"：{s.what}" if s.what else "") + (f"　{s.takes}" if s.takes else "") for s in guide.steps)),
        ("多少天", _texts(["；".join(times)])),
        ("收费", _texts([_fees(guide.fees)])),
        ("到哪办", _texts(where)),
        ("就近办", _items([f"{n.unit}：{n.hall}，电话{n.phone}" + (f"（{n.handling}）" if n.handling else "") for n in guide.near])),
        ("网上办", _texts([online.degree + (f"：{online.url}" if online.url else "") + (f"。{online.note}" if online.note else "")] if online else [])),
        ("代办", _texts([t for t in (guide.handling, guide.agent) if t])),
        ("办成后", _texts(["；".join(t for t in (guide.result, "、".join(guide.ways)) if t)])),
        ("一次告知", _items(guide.tell)),
        ("常见问题", [b for q in guide.faq for b in _texts([f"问：{q.ask}", f"答：{q.answer}"])]),
        ("依据", _items(guide.basis)),
        ("救济", _texts([guide.remedy] if guide.remedy else [])),
        ("说明", tree(to_html(guide.body)) if guide.body.strip() else []),
    ]  # fmt: skip
    return [{"label": label, "blocks": blocks} for label, blocks in rows if blocks]


def _texts(texts: list[str]) -> list[Node]:
    return [{"t": "p", "c": [_text(t)]} for t in texts if t]


def _text(text: str) -> Node:
    return {"t": "text", "v": text}


def _items(texts: Any) -> list[Node]:
    found = list(texts)
    return [{"t": "list", "ordered": False, "start": 1, "items": [_texts([t]) for t in found]}] if found else []


def _ordered(texts: Any) -> list[Node]:
    found = list(texts)
    return [{"t": "list", "ordered": True, "start": 1, "items": [_texts([t]) for t in found]}] if found else []


def _materials(materials: tuple[MaterialView, ...]) -> Node:
    rows = []
    for m in materials:
        note = "；".join(t for t in (m.waived and f"免交：{m.waived}", m.when, m.source, m.note) if t)
        rows.append([[_text(m.name)], [_text(m.form_text)], [_text(note)]])
    return {"t": "table", "align": ["left", "left", "left"], "head": [[_text("材料")], [_text("要求")], [_text("说明")]], "rows": rows}


def _fees(fees: tuple[FeeView, ...] | None) -> str:
    if fees is None:
        return ""
    return "；".join(f"{f.what}{f.text}" + (f"（{f.note}）" if f.note else "") for f in fees) if fees else "不收费"
