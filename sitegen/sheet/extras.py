"""Prints of a unit that are no record's sheet: a poster with one code, the official catalogue table, cards of services, the handbook."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any, Literal, get_args

from msgspec import Struct

from sitegen.fonts import missing_glyphs
from sitegen.model.base import Level
from sitegen.model.catalog import CHANNELS, Item
from sitegen.model.service_views import BundleView, GuideView
from sitegen.model.services import Group, LifeEvent
from sitegen.model.views import FieldView, UnitView
from sitegen.sheet.card import Card
from sitegen.sheet.guides import facts, guide_spec, sections
from sitegen.sheet.papers import Format, paper_of
from sitegen.sheet.payload import Images, cleaned, qr
from sitegen.sheet.spec import SheetSpec, date_text
from sitegen.sheet.typeset import page_count, render, whole
from sitegen.sheet.widths import PT

Extra = Literal["poster", "catalogue", "guides", "handbook"]
_MARK = "√"


class Piece(Struct, frozen=True):
    """A file to print, and what it is made of: the sheet of a guide, or a template with its data."""

    name: str
    title: str
    day: dt.date
    template: str = ""
    data: Any = None
    card: SheetSpec | None = None
    file: str = ""
    """The file that its texts come from, relative to the region; "" where there are several."""


def pieces(view: UnitView, extra: Extra, form: Format) -> Iterator[Piece]:
    """The files of one kind; none where the unit has nothing for it."""
    if extra == "poster":
        yield from _posters(view, form)
    elif extra == "catalogue":
        yield from _catalogue(view)
    elif extra == "guides":
        for guide in view.services.guides:
            yield Piece(f"guide-{guide.slug}.pdf", guide.name, guide.updated, card=guide_spec(view, guide), file=guide.file)
    elif view.services:
        yield _handbook(view, form)


def set_piece(piece: Piece, form: Format, root: Path) -> tuple[bytes, int, tuple[str, ...]]:
    """The file, its pages, and the characters that no font has."""
    if piece.card is not None:
        sheet = render(piece.card, form, root)
        return sheet.pdf, sheet.pages, sheet.lacking
    lacking = tuple(sorted(missing_glyphs(_text(piece.data), form.fonts.root)))
    pdf = whole(piece.template, cleaned(lacking)(piece.data), form, piece.day)
    return pdf, page_count(pdf), lacking


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return "".join(map(_text, value.values()))
    return "".join(map(_text, value)) if isinstance(value, list | tuple) else ""


# ---- poster ----


def _posters(view: UnitView, form: Format) -> Iterator[Piece]:
    village = view.unit.level is Level.VILLAGE
    what = ("居务公开" if view.kind == "社区" else "村务公开") if village else "政务公开"
    topics = (
        "党务 · 村务 · 财务 · 惠农补贴 · 社会救助 · 办事指南"
        if village
        else "政策文件 · 财政资金 · 惠农补贴 · 社会救助 · 公共服务 · 办事指南"
    )
    common = {
        "unit": view.unit.name,
        "above": " ".join(a.name for a in view.ancestors) or view.region,
        "name": view.unit.name,
        "what": what,
        "call": "手机扫一扫，公开信息随时看",
        "topics": topics.replace("村务", "居务") if view.kind == "社区" else topics,
        "address": view.unit.url.partition("://")[2].rstrip("/"),
        "phone": view.supervision.phone,
        "body": view.supervision.name,
        "qr": qr(view.unit.url),
        "flipped": bool(form.landscape),
    }
    day = max((r.published for r in view.records), default=dt.date(2000, 1, 1))
    yield Piece("poster.pdf", f"{view.unit.name}{what}", day, "poster", [{**common, "title": f"{view.unit.name}{what}", "place": ""}])
    for board in view.boards:
        title = f"{view.unit.name}{what}栏（{board.place}）"
        yield Piece(f"poster-{board.id}.pdf", title, day, "poster", [{**common, "title": title, "what": f"{what}栏", "place": board.place}])


# ---- catalogue ----


def _catalogue(view: UnitView) -> Iterator[Piece]:
    if not view.fields:
        return
    name = f"{view.unit.name}公开事项标准目录"
    day = max((r.published for r in view.records), default=dt.date(2000, 1, 1))
    data = {
        "title": name,
        "unit": view.unit.name,
        "date": date_text(day),
        "phone": view.supervision.phone,
        "fields": [_field(view, f) for f in sorted(view.fields, key=lambda f: (f.section == "政务") == (view.unit.level is Level.VILLAGE))],
    }
    yield Piece("catalogue.pdf", name, day, "catalogue", data)


def _field(view: UnitView, field: FieldView) -> dict[str, Any]:
    title = f"{view.unit.name}{field.name}领域公开事项标准目录" if field.section == "政务" else f"{view.unit.name}{field.name}目录"
    rows = [
        {
            "number": n,
            "name": shown.item.name,
            "elements": list(shown.item.elements),
            "basis": list(shown.basis),
            "deadline": shown.item.deadline.written,
            "subject": _subject(shown.item, view.unit.level),
            "channels": [[c, c in shown.item.channels] for c in CHANNELS],
            "flags": _flags(shown.item),
            "group": shown.item.group,
        }
        for n, shown in enumerate(field.items, 1)
    ]
    url = f"{view.unit.url}catalog/{field.id.lower()}/"
    return {
        "title": title,
        "qr": qr(url),
        "address": url.partition("://")[2].rstrip("/"),
        "groups": [{"name": name, "rows": list(found)} for name, found in groupby(rows, key=lambda r: r["group"])],
    }


def _subject(item: Item, level: Level) -> str:
    own = {Level.COUNTY: item.subject.county, Level.TOWNSHIP: item.subject.township, Level.VILLAGE: item.subject.village}[level]
    return own or next(s for s in (item.subject.county, item.subject.township, item.subject.village) if s)


def _flags(item: Item) -> list[str]:
    group = f"{_MARK}（{item.audience_note}）" if item.audience_note else _MARK
    return [
        _MARK if item.audience == "全社会" else "",
        group if item.audience == "特定群体" else "",
        _MARK if item.method == "主动" else "",
        _MARK if item.method == "依申请" else "",
        *(_MARK if level in item.levels else "" for level in (Level.COUNTY, Level.TOWNSHIP, Level.VILLAGE)),
    ]


# ---- handbook ----

_WIDTH = 168 * PT
_TYPE = 10.5


def _handbook(view: UnitView, form: Format) -> Piece:
    services = view.services
    day = max(g.updated for g in services.guides)
    parts: list[tuple[str, list[GuideView]]] = []
    for name in (*get_args(LifeEvent), ""):
        found = [g for g in services.guides if (g.life[0] if g.life else "") == name]
        if found:
            parts.append((name or "其他", found))
    ordered = [g for _, found in parts for g in found]
    place = {g.slug: n for n, g in enumerate(ordered)}

    def index(names: tuple[str, ...], of: Any) -> list[Any]:
        made = [[name, [place[g.slug] for g in ordered if name in of(g)]] for name in names]
        return [group for group in made if group[1]]

    url = f"{view.unit.url}services/"
    data = {
        "title": f"{view.unit.name}办事一本通",
        "unit": _publisher(view),
        "above": " ".join(a.name for a in view.ancestors),
        "name": view.unit.name,
        "intro": f"{len(ordered)}件事：带什么、到哪办、几天办好",
        "qr": qr(url),
        "address": url.partition("://")[2].rstrip("/"),
        "date": date_text(day),
        "parts": [{"name": name, "matters": [_matter(g, form) for g in found]} for name, found in parts],
        "names": [g.name for g in ordered],
        "bundles": [_bundle(b) for b in services.bundles],
        "halls": [[h.name, h.address, h.hours, h.phone] for h in services.halls],
        "index": [["按人生事件", index(get_args(LifeEvent), lambda g: g.life)], ["按人群", index(get_args(Group), lambda g: g.groups)]],
    }
    return Piece("handbook.pdf", f"{view.unit.name}办事一本通", day, "handbook", data)


def _publisher(view: UnitView) -> str:
    """Who gives the handbook out: the government, the 街道's office, the villagers' or residents' committee."""
    if view.unit.level is Level.VILLAGE:
        return next((o for o in view.organs if o.endswith(("村民委员会", "居民委员会"))), view.unit.name)
    return f"{view.unit.name}办事处" if view.kind == "街道" else f"{view.unit.name}人民政府"


def _matter(guide: GuideView, form: Format) -> dict[str, Any]:
    card = Card(sections(guide), facts(guide), paper_of(Format("A4", bw=form.bw)), _WIDTH, Images(None))
    return {
        "title": guide.name,
        "subtitle": "　".join(t for t in (guide.organ, guide.kind) if t),
        "summary": guide.summary or "",
        "qr": qr(guide.url),
        "address": guide.url.partition("://")[2].rstrip("/"),
        "phone": guide.phone,
        "complaint": f"投诉监督：{guide.supervision.name} {guide.supervision.phone}",
        "date": date_text(guide.updated),
        **card.face(_TYPE),
    }


def _bundle(bundle: BundleView) -> dict[str, Any]:
    (materials, visits), (fewer, less) = bundle.before, bundle.after
    told = [f"材料从{materials}份减到{fewer}份"] if fewer < materials else []
    told += [f"跑动从{visits}次减到{less}次"] if visits is not None and less is not None and less < visits else []
    return {
        "title": bundle.name,
        "summary": bundle.summary or "",
        "matters": [m.name + (f"（{m.unit}）" if m.unit else "") for m in bundle.matters],
        "told": "，".join(told),
        "qr": qr(bundle.url),
    }
