"""Which sections a unit's site has, what they are called and where things are. A section exists only if it has content."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

from msgspec import Struct

from sitegen.model.base import Level
from sitegen.model.catalog import Section
from sitegen.model.record_views import RecordView
from sitegen.model.views import FieldView, TextPage, UnitView

if TYPE_CHECKING:
    from .frame import Frame


class Entry(Struct, frozen=True):
    """A section in the header's menu."""

    key: str
    title: str
    """The official name, as the section's own page is titled."""
    label: tuple[tuple[str, bool], ...]
    """The menu's words in order; those marked ``False`` are left out on a narrow screen."""
    path: str


class VillageSection(Struct, frozen=True):
    """One of the three sections (三务公开)."""

    key: str
    name: str
    sections: tuple[Section, ...]
    """Sections of the catalogue that are shown here."""
    summary: str


_APPLYING = ("form", "replies", "statistics")


def is_community(view: UnitView | Frame) -> bool:
    """A neighbourhood (社区) has residents and 居务, a village villagers and 村务."""
    return view.kind == "社区"


def is_village(view: UnitView | Frame) -> bool:
    """Village or neighbourhood: the regime of village affairs, not the government's column."""
    return view.unit.level is Level.VILLAGE


def site_kind(view: UnitView | Frame) -> str:
    """What the site is, beside the unit's name: 村务公开, 居务公开, 政府信息公开."""
    if not is_village(view):
        return "政府信息公开"
    return "居务公开" if is_community(view) else "村务公开"


def site_name(view: UnitView | Frame) -> str:
    """The site's name: 大河村村务公开."""
    return view.unit.name + site_kind(view)


def village_sections(view: UnitView | Frame) -> tuple[VillageSection, ...]:
    """The three sections in their customary order; matters of the government that concern the village stand among its affairs."""
    return _sections(is_community(view))


@cache
def _sections(community: bool) -> tuple[VillageSection, ...]:
    here = "社区" if community else "村"
    return (
        VillageSection("party", "党务", ("党务",), "党组织的决议、党员发展、党费收支。"),
        VillageSection("affairs", "居务" if community else "村务", ("村务", "政务"), f"{here}里的事怎么定、怎么办，补贴救助发给了谁。"),
        VillageSection("finance", "财务", ("财务",), "集体的钱从哪来、花到哪去、还剩多少。"),
    )


def section_of(record: RecordView, view: UnitView) -> str:
    """Key of the menu section a record belongs to."""
    if not is_village(view):
        return "fields"
    return next(s.key for s in village_sections(view) if record.section in s.sections)


def section_name(record: RecordView, view: UnitView | Frame) -> str:
    """The words that stand before a record's field: 村务, 财务, 政务."""
    if not is_village(view):
        return record.section
    return next(s.name for s in village_sections(view) if record.section in s.sections)


def filled(view: UnitView) -> frozenset[Section]:
    """Sections of the catalogue that have records here."""
    return frozenset(f.section for f in view.fields if any(i.records for i in f.items))


def field_path(field: FieldView, view: UnitView) -> str:
    """Where a field's records are: a page of its own, or its place in a village's section."""
    if not is_village(view):
        return f"fields/{field.id.lower()}/"
    section = next(s for s in village_sections(view) if field.section in s.sections)
    return f"{section.key}/#{field.id.lower()}"


def item_page(field: FieldView, item_id: str, view: UnitView) -> str:
    """Where all of an item's records are listed when its section shows only the newest."""
    return f"{field_path(field, view).partition('#')[0]}{item_id.lower()}/"


def catalog_path(field_id: str, item_id: str = "") -> str:
    """A field's official catalogue table, or an item's row in it."""
    return f"catalog/{field_id.lower()}/" + (f"#{item_id.lower()}" if item_id else "")


def text_path(page: TextPage, view: UnitView) -> str:
    """Where a text page stands. One set of rules stands at ``rules/`` itself, several below it; a year's report below ``reports/``."""
    if page.kind == "rules" and sum(p.kind == "rules" for p in view.pages) > 1:
        return f"rules/{page.slug}/"
    if page.kind == "report":
        alone = page.year and sum(p.kind == "report" and p.year == page.year for p in view.pages) == 1
        return f"reports/{page.year if alone else page.slug}/"
    same = [p for p in view.pages if p.kind == page.kind]
    if same[0] is page:
        return f"{page.kind}/"
    # The form, the replies and the figures have addresses of their own below apply/.
    return f"{page.kind}/{page.slug}{'-text' if page.kind == 'apply' and page.slug in _APPLYING else ''}/"


def codes_place(view: UnitView) -> str:
    """Where the codes of a unit are answered, without scheme and with the last slash."""
    places = sorted(view.q_places or ((view.host, "Q"),), key=lambda place: place[0] != view.host)
    return "/".join(places[0]) + "/"


def text_pages(view: UnitView) -> tuple[TextPage, ...]:
    """The unit's texts that have a place; a village has neither reports nor applications."""
    return tuple(p for p in view.pages if not (is_village(view) and p.kind in ("report", "apply")))


def explains(view: UnitView) -> bool:
    """Whether the unit has anything that explains a policy or answers a public concern."""
    labels = {"所解读的文件", "所答复的询问"}
    return any(
        (r.dialogue and (r.dialogue.forms or r.dialogue.response)) or any(o.label in labels for o in r.relations) for r in view.records
    )


def hears(view: UnitView) -> bool:
    """Whether there is anything of the government's decisions to take part in."""
    return view.outreach.participation is not None or any(r.dialogue and r.dialogue.hearing for r in view.records)


def quiet(view: UnitView) -> tuple[tuple[str, str], ...]:
    """Ways that stand at the foot of every page rather than in the menu, as (title, path)."""
    data = bool(view.data_below) or any(r.tabled and r.open for r in view.records)
    ways = (
        ("文件分类", "documents/", bool(view.records or view.reviews)),
        ("开放数据", "data/", data),
        ("订阅和日历", "feeds/", any(r.open for r in view.records)),
    )
    return tuple((title, path) for title, path, there in ways if there)


def menu(view: UnitView) -> tuple[Entry, ...]:
    """The header's entries, home first."""
    texts = {p.kind for p in text_pages(view)}
    entries = [Entry("home", site_name(view), (("首页", True),), "")]
    if is_village(view):
        shown = filled(view)
        entries += [
            Entry(s.key, f"{s.name}公开", ((s.name, True),), f"{s.key}/") for s in village_sections(view) if shown & set(s.sections)
        ]
    else:
        # The order is the uniform one of the disclosure column (61号).
        column: Mapping[str, tuple[str, tuple[tuple[str, bool], ...], bool]] = {
            "guide": ("政府信息公开指南", (("公开", False), ("指南", True)), "guide" in texts),
            "rules": ("政府信息公开制度", (("公开", False), ("制度", True)), "rules" in texts),
            "fields": ("法定主动公开内容", (("法定", False), ("主动公开", True), ("内容", False)), bool(filled(view))),
            "reports": ("政府信息公开年报", (("公开", False), ("年报", True)), "report" in texts),
            "apply": ("依申请公开", (("依申请", True), ("公开", False)), "apply" in texts or view.outreach.apply is not None),
            # Beside the column: what the government explains, and where it listens.
            "interpretation": ("解读回应", (("解读", True), ("回应", False)), explains(view)),
            "participation": ("公众参与", (("公众", False), ("参与", True)), hears(view)),
        }
        entries += [Entry(key, title, label, f"{key}/") for key, (title, label, there) in column.items() if there]
    if is_village(view) and view.affairs.committee is not None:
        entries.append(Entry("committee", "监督委员会", (("监督", True),), "committee/"))
    if is_village(view) and view.records and view.affairs.appeals:
        entries.append(Entry("ask", "我要提问、提出异议", (("提问", True),), "ask/"))
    if view.services:
        entries.append(Entry("services", "办事服务", (("办事", True), ("服务", False)), "services/"))
    if view.records:
        entries.append(Entry("list", "全部公开信息", (("全部", True), ("信息", False)), "list/"))
    if view.fields:
        entries.append(Entry("catalog", "公开事项标准目录", (("标准", False), ("目录", True)), "catalog/"))
    if view.outreach.channels is not None:
        entries.append(Entry("channels", "公开渠道", (("公开", False), ("渠道", True)), "channels/"))
    if view.supervision_facts is not None:
        entries.append(Entry("supervision", "公开监督", (("公开", False), ("监督", True)), "supervision/"))
    elif view.assurance and not is_village(view):
        entries.append(Entry("supervision", "保障和监督", (("保障", False), ("监督", True)), "assurance/"))
    return tuple(entries)
