"""Services (办事服务): the finder by life event and people, guides, bundles, and the sheet that tells everything at once (一次性告知单)."""

from __future__ import annotations

from typing import get_args

from msgspec import Struct

from sitegen.model.service_views import BundleView, ComplaintView, GuideView, HallView, MaterialView, ServicesView
from sitegen.model.services import Group, LifeEvent
from sitegen.model.views import UnitView

from . import jsonld, menu, meta
from .spec import Crumb, PageSpec

FEW = 9
"""Guides that are read at a glance: they stand in one list, and nothing helps to find them."""
PATH = "services/"
TITLE = "办事服务"
FREE = "不收费"


class Entry(Struct, frozen=True):
    """A guide in a list."""

    guide: GuideView
    path: str
    facts: tuple[str, ...]
    """当场办结, 不用跑, 不收费 …: what matters at a glance."""


class LifeGroup(Struct, frozen=True):
    """The guides of a life event; ``ident`` is the section's anchor."""

    name: str
    ident: str
    entries: tuple[Entry, ...]


class PeopleGroup(Struct, frozen=True):
    """The guides for a group of people, by name only."""

    name: str
    guides: tuple[tuple[str, str], ...]


class ServicesData(Struct, frozen=True):
    """The finder."""

    services: ServicesView
    lead: str
    bundles: tuple[tuple[BundleView, str, tuple[str, ...]], ...]
    """Each with its path and the anchors of its life events."""
    life: tuple[LifeGroup, ...]
    people: tuple[PeopleGroup, ...]
    groups: tuple[str, ...]
    online: bool
    """Some can be done online, and some not: there is something to choose."""
    many: bool


class GuideData(Struct, frozen=True):
    """A guide's page."""

    guide: GuideView
    facts: tuple[tuple[str, str, str], ...]
    """What matters at a glance, as (name, text, what is added small)."""
    head: tuple[tuple[str, str], ...]
    """The official particulars."""
    notice: str
    """Path of the sheet that tells everything."""
    disclosed: str
    """Path of the records that show results, or ""."""
    bundles: tuple[tuple[str, str], ...]
    """Bundles that it belongs to, as (name, path)."""


class BundleData(Struct, frozen=True):
    """A bundle's page."""

    bundle: BundleView
    facts: tuple[tuple[str, str, str], ...]
    order: tuple[tuple[int, str], ...]
    """Each matter's number as steps are counted, and what stands before it: "" or 同时办."""
    notice: str


class NoticeData(Struct, frozen=True):
    """What is told at one go, to be printed (一次性告知单)."""

    name: str
    back: str
    summary: str | None
    materials: tuple[MaterialView, ...]
    conditions: tuple[str, ...]
    places: tuple[HallView, ...]
    times: tuple[tuple[str, str], ...]
    steps: tuple[str, ...]
    tell: tuple[str, ...]
    phone: str
    supervision: ComplaintView
    online: str
    agent: str
    url: str


def service_pages(view: UnitView) -> list[PageSpec]:
    """The finder and a page for every guide and bundle, where the unit has guides."""
    if not view.services:
        return []
    made = [_finder(view)]
    for bundle in view.services.bundles:
        made += _bundle(view, bundle)
    for guide in view.services.guides:
        made += _guide(view, guide)
    return made


def guide_path(slug: str) -> str:
    """Where a guide or bundle stands."""
    return f"{PATH}{slug}/"


def _finder(view: UnitView) -> PageSpec:
    services = view.services
    entries = {g.slug: Entry(g, guide_path(g.slug), _glance(g)) for g in services.guides}
    life = []
    few = len(entries) <= FEW
    if few:
        life.append(LifeGroup("能办的事", "e0", tuple(entries.values())))
    for n, name in enumerate((*get_args(LifeEvent), "") if not few else (), 1):
        found = tuple(e for e in entries.values() if (name in e.guide.life if name else not e.guide.life))
        if found:
            life.append(LifeGroup(name or "其他", f"e{n}", found))
    people = []
    for name in get_args(Group) if not few else ():
        guides = tuple((g.name, guide_path(g.slug)) for g in services.guides if name in g.groups)
        if guides:
            people.append(PeopleGroup(name, guides))
    possible = sum(1 for g in services.guides if g.online and g.online.possible)
    lead = services.intro or f"{view.unit.name}能办的事：带什么、到哪办、几天办好。"
    idents = {g.name: g.ident for g in life}
    bundles = tuple((b, guide_path(b.slug), tuple(idents[n] for n in b.life if n in idents)) for b in services.bundles)
    data = ServicesData(
        services, lead, bundles, tuple(life), tuple(people), tuple(p.name for p in people),
        0 < possible < len(services.guides), not few,
    )  # fmt: skip
    title = TITLE
    return PageSpec(PATH, "pages/services.html", title, f"{view.unit.name}{title}：{len(services.guides)}个事项的办事指南。", "services", data,
                    meta=meta.column(view, title), files=services.files)  # fmt: skip


def _glance(guide: GuideView) -> tuple[str, ...]:
    facts = []
    if guide.handling == "帮办代办":
        facts.append("代办")
    if guide.promised:
        facts.append(guide.promised)
    if guide.online:
        if guide.online.degree == "全程网办":
            facts.append("全程网办")
        elif guide.online.visits is not None:
            facts.append(_visits(guide.online.visits))
    return tuple(facts)


def _visits(n: int) -> str:
    return f"跑{n}次" if n else "不用跑"


def _facts(
    promised: str | None, excludes: str | None, fee: tuple[str, str] | None, visits: int | None, degree: str | None
) -> tuple[tuple[str, str, str], ...]:
    facts = []
    if promised:
        facts.append(("承诺时限", promised, excludes or ""))
    if fee:
        facts.append(("收费", *fee))
    if visits is not None:
        facts.append(("到现场次数", f"{visits}次" if visits else "不用跑", ""))
    if degree:
        facts.append(("网上可办理程度", degree, ""))
    return tuple(facts)


def _fee(guide: GuideView) -> tuple[str, str] | None:
    if guide.fees is None:
        return None
    if not guide.fees:
        return FREE, ""
    if len(guide.fees) == 1:
        only = guide.fees[0]
        return only.text, "；".join(n for n in (only.what, only.note) if n)
    return f"{len(guide.fees)}项收费", "；".join(n for f in guide.fees for n in (f"{f.what}{f.text}", f.note) if n)


def _guide(view: UnitView, guide: GuideView) -> list[PageSpec]:
    path = guide_path(guide.slug)
    notice = f"{path}notice/"
    online = guide.online
    head = [
        ("事项类型", guide.kind), ("实施主体", guide.organ), ("服务对象", "、".join(guide.audience)), ("本单位", guide.handling),
        ("法定时限", guide.legal or "法律法规没有统一规定"), ("承诺时限", "，".join(t for t in (guide.promised, guide.excludes) if t)),
        ("办理依据", "".join(guide.basis)), ("更新日期", f"{guide.updated.year}年{guide.updated.month}月{guide.updated.day}日"),
    ]  # fmt: skip
    data = GuideData(
        guide,
        _facts(guide.promised, guide.excludes, _fee(guide), online.visits if online else None, online.degree if online else None),
        tuple((name, text) for name, text in head if text),
        notice,
        _disclosed(view, guide.item),
        tuple((b.name, guide_path(b.slug)) for b in view.services.bundles if any(m.url == guide.url for m in b.matters)),
    )
    crumbs = (Crumb(TITLE, PATH),)
    about = f"{view.unit.name}{guide.name}办事指南：{guide.summary or '条件、材料、流程、时限。'}"
    told = NoticeData(
        guide.name, path, guide.summary, guide.materials, guide.conditions, guide.places,
        tuple((n, v) for n, v in (("承诺时限", head[5][1]), ("收费", "，".join(t for t in _fee(guide) or () if t))) if v),
        tuple(s.name for s in guide.steps), guide.tell, guide.phone, guide.supervision, _online(guide.online), guide.agent or "", guide.url,
    )  # fmt: skip
    return [
        PageSpec(path, "pages/service.html", guide.name, about, "services", data, crumbs=crumbs, meta=meta.column(view, guide.name, about),
                 files=guide.files, text=_guide_text(guide), structured=_structured(view, guide)),
        _notice(view, told, notice, (*crumbs, Crumb(guide.name, path))),
    ]  # fmt: skip


def _notice(view: UnitView, told: NoticeData, path: str, crumbs: tuple[Crumb, ...]) -> PageSpec:
    title = f"{told.name}一次性告知单"
    return PageSpec(path, "pages/service-notice.html", title, f"{view.unit.name}{title}，可以打印带走。", "services", told, crumbs=crumbs,
                    meta=meta.column(view, title), canonical=told.back)  # fmt: skip


def _guide_text(guide: GuideView) -> str:
    """What search finds of a guide, a paragraph a line."""
    lines = (
        *guide.keywords, guide.summary, guide.organ, *guide.conditions, *(f"{m.name} {m.note or ''}" for m in guide.materials),
        *(f"{s.name} {s.what or ''}" for s in guide.steps), guide.result, *guide.tell, *(x for q in guide.faq for x in (q.ask, q.answer)), guide.body,
    )  # fmt: skip
    return "\n".join(" ".join(line.split()) for line in lines if line)


def _bundle_text(bundle: BundleView) -> str:
    lines = (
        *bundle.keywords,
        bundle.summary,
        *(m.name for m in bundle.matters),
        *(m.name for m in bundle.materials),
        *bundle.tell,
        bundle.body,
    )
    return "\n".join(" ".join(line.split()) for line in lines if line)


def _structured(view: UnitView, guide: GuideView) -> str:
    place = guide.places[0]
    fee = _fee(guide)
    return jsonld.text(
        jsonld.government_service(
            name=guide.name, url=guide.url, description=guide.summary or guide.name, unit=view.unit, provider=guide.organ, phone=guide.phone,
            address=place.address, hours=place.hours, audience=guide.audience, online=guide.online.url if guide.online and guide.online.possible else None,
            cost="，".join(t for t in fee if t) if fee else None, time=guide.promised,
        )
    )  # fmt: skip


def _online(online: object) -> str:
    degree = getattr(online, "degree", "")
    url = getattr(online, "url", None)
    return f"{degree}　{url}" if url and degree else degree


def _disclosed(view: UnitView, item: str | None) -> str:
    """Where the unit's records of an item are."""
    for field in view.fields if item else ():
        if any(i.item.id == item and i.records for i in field.items):
            base = menu.field_path(field, view)
            return f"{base.partition('#')[0]}#{(item or '').lower()}"
    return ""


def _bundle(view: UnitView, bundle: BundleView) -> list[PageSpec]:
    path = guide_path(bundle.slug)
    notice = f"{path}notice/"
    order: list[tuple[int, str]] = []
    for matter in bundle.matters:
        number = order[-1][0] if order and matter.along else (order[-1][0] if order else 0) + 1
        order.append((number, "同时办" if matter.along and order else ""))
    online = bundle.online
    data = BundleData(
        bundle, _facts(bundle.promised, bundle.excludes, None, bundle.after[1], online.degree if online else None), tuple(order), notice
    )
    crumbs = (Crumb(TITLE, PATH),)
    about = f"{view.unit.name}{bundle.name}：{bundle.summary or '几个事项一次办完。'}"
    told = NoticeData(
        bundle.name, path, bundle.summary, bundle.materials, (), bundle.places,
        tuple((n, v) for n, v in (("承诺时限", "，".join(t for t in (bundle.promised, bundle.excludes) if t)), ("一次办的事项", "、".join(m.name for m in bundle.matters))) if v),
        (), bundle.tell, bundle.phone, bundle.supervision, _online(online), "", bundle.url,
    )  # fmt: skip
    return [
        PageSpec(path, "pages/service-bundle.html", bundle.name, about, "services", data, crumbs=crumbs, meta=meta.column(view, bundle.name, about),
                 files=bundle.files, text=_bundle_text(bundle)),
        _notice(view, told, notice, (*crumbs, Crumb(bundle.name, path))),
    ]  # fmt: skip
