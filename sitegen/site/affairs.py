"""Village affairs (村务公开): the list of what is disclosed, the fields that everybody looks at, resolutions with their results, past periods."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from msgspec import Struct

from sitegen.model.affair_views import ResolutionView
from sitegen.model.record_views import RecordView
from sitegen.model.views import ItemView, UnitView

from . import accounts, menu, meta
from .spec import Crumb, PageSpec

CHECKLIST, FOCUS, RESOLUTIONS, PERIODS = "checklist/", "focus/", "resolutions/", "periods/"
NEWEST = 5
"""Records of a focus field that its page with all fields shows."""
_QUARTERS = ("第一季度", "第二季度", "第三季度", "第四季度")


class Published(Struct, frozen=True):
    """What was published of an item in a period: 一季度."""

    label: str
    path: str


class Row(Struct, frozen=True):
    """An item of the list."""

    view: ItemView
    when: str
    """The deadline as the catalogue writes it."""
    count: int
    path: str
    """Where its records are, or ""."""
    latest: dt.date | None
    periods: tuple[Published, ...]
    """Of a periodic item: the periods of the newest year that were published."""
    year: int


class Block(Struct, frozen=True):
    """A section or field with its items, grouped as the catalogue groups them."""

    name: str
    ident: str
    groups: tuple[tuple[str, tuple[Row, ...]], ...]


class ChecklistData(Struct, frozen=True):
    """公开事项清单."""

    heading: str
    lead: str
    blocks: tuple[Block, ...]


class FocusBlock(Struct, frozen=True):
    """A focus field with its newest records."""

    id: str
    name: str
    summary: str
    records: tuple[RecordView, ...]
    count: int
    path: str
    """Page with all of them, or "" when they are all shown."""


class FocusData(Struct, frozen=True):
    """重点领域, all of them or one."""

    heading: str
    lead: str
    blocks: tuple[FocusBlock, ...]


class Pair(Struct, frozen=True):
    """A resolution with its results (两公开)."""

    resolution: RecordView
    results: tuple[RecordView, ...]
    state: ResolutionView
    word: str
    chip: str


class ResolutionsData(Struct, frozen=True):
    """决议和落实."""

    pairs: tuple[Pair, ...]
    done: int


class Quarter(Struct, frozen=True):
    """What was published of a part of a year, by section."""

    name: str
    ident: str
    sections: tuple[tuple[str, tuple[RecordView, ...]], ...]
    count: int


class PeriodsData(Struct, frozen=True):
    """A year by quarters."""

    heading: str
    quarters: tuple[Quarter, ...]
    years: tuple[tuple[int, str], ...]


class More(Struct, frozen=True):
    """A door to one of these pages: on the home page and on the sections that it belongs to."""

    title: str
    note: str
    path: str


def affair_pages(view: UnitView) -> list[PageSpec]:
    """The pages of a village that have something to say."""
    if not menu.is_village(view):
        return []
    return [*_checklist(view), *_focus(view), *_resolutions(view), *accounts.account_pages(view), *_periods(view)]


def doors(view: UnitView) -> tuple[More, ...]:
    """Where these pages are, for those that exist."""
    if not menu.is_village(view):
        return ()
    affairs, words = view.affairs, _words(view)
    found = (
        (bool(affairs.statements), More(accounts.TITLE, "收入、支出、余额，图和表", accounts.PATH)),
        (bool(affairs.focus), More("重点领域", "、".join(f.name for f in affairs.focus[:4]), FOCUS)),
        (bool(affairs.resolutions), More("决议和落实", "定了什么事，办得怎么样", RESOLUTIONS)),
        (bool(view.fields), More(words.checklist, "该公开什么，公开了什么", CHECKLIST)),
        (bool(affairs.covers), More("往期公开", "按年、按季度查", PERIODS)),
    )
    return tuple(door for there, door in found if there)


class _Words(Struct, frozen=True):
    checklist: str


def _words(view: UnitView) -> _Words:
    return _Words(f"{'居务' if menu.is_community(view) else '村务'}公开事项清单")


def _page(
    view: UnitView, path: str, template: str, title: str, about: str, section: str, data: object, crumbs: tuple[Crumb, ...] = ()
) -> PageSpec:
    there = {e.key for e in menu.menu(view)}
    key = section if section in there else "home"
    return PageSpec(
        path, f"pages/{template}.html", title, f"{view.unit.name}{about}", key, data, crumbs=crumbs, meta=meta.column(view, title, about)
    )


# The list


def _checklist(view: UnitView) -> list[PageSpec]:
    blocks = []
    covers = {id: (start, end) for id, start, end in view.affairs.covers}
    records = {r.id: r for r in view.records}
    own = [f for f in view.fields if f.section != "政务"]
    shared = [f for f in view.fields if f.section == "政务" and any(i.records for i in f.items)]
    for field in (*own, *shared):
        groups: dict[str, list[Row]] = {}
        for item in field.items:
            if field.section != "政务" or item.records:
                base = menu.field_path(field, view).partition("#")[0]
                groups.setdefault(item.item.group, []).append(_row(item, base, records, covers))
        name = (
            f"{field.section}公开"
            if field.section != "政务"
            else f"{field.name}（政府公开、本{'社区' if menu.is_community(view) else '村'}有关的）"
        )
        if menu.is_community(view):
            name = name.replace("村务", "居务")
        blocks.append(Block(name, field.id.lower(), tuple((g, tuple(rows)) for g, rows in groups.items())))
    if not blocks:
        return []
    rows = [r for b in blocks for _, group in b.groups for r in group]
    title = _words(view).checklist
    lead = f"清单共{len(rows)}项，已公开{sum(1 for r in rows if r.count)}项。有的事项没有发生就没有内容，定期公开的列出每一期。"
    return [_page(view, CHECKLIST, "checklist", title, f"{title}：{lead}", "catalog", ChecklistData(title, lead, tuple(blocks)))]


def _row(item: ItemView, base: str, records: Mapping[str, RecordView], covers: Mapping[str, tuple[dt.date, dt.date]]) -> Row:
    found = [records[id] for id in item.records]
    path = f"r/{found[0].slug}/" if len(found) == 1 else f"{base}#{item.item.id.lower()}" if found else ""
    periods: tuple[Published, ...] = ()
    year = 0
    if item.item.periodic and found:
        dated = sorted((covers[r.id], r.id) for r in found if r.id in covers)
        year = max((end.year for (_, end), _ in dated), default=0)
        this = [(span, id) for span, id in dated if span[1].year == year]
        periods = tuple(Published(_short(span, records[id].period or ""), f"r/{id.lower()}/") for span, id in this)
    return Row(item, item.item.deadline.written, len(found), path, found[0].published if found else None, periods, year)


def _short(span: tuple[dt.date, dt.date], period: str) -> str:
    """一季度, 7月: a period within its year."""
    start, end = span
    if period.endswith("季度"):
        return f"{'一二三四'[start.month // 3]}季度"
    if period.endswith("月") and start.month == end.month:
        return f"{start.month}月"
    return period.removeprefix(f"{start.year}年") or period


# Focus fields


def _focus(view: UnitView) -> list[PageSpec]:
    records = {r.id: r for r in view.records}
    blocks, made = [], []
    crumbs = (Crumb("重点领域", FOCUS),)
    for focus in view.affairs.focus:
        every = tuple(records[id] for id in focus.records if id in records)
        path = f"{FOCUS}{focus.id}/" if len(every) > NEWEST else ""
        blocks.append(FocusBlock(focus.id, focus.name, focus.summary, every[:NEWEST], len(every), path))
        if path:
            whole = FocusData(focus.name, focus.summary, (FocusBlock(focus.id, focus.name, "", every, len(every), ""),))
            made.append(_page(view, path, "focus", focus.name, f"重点领域{focus.name}：{focus.summary}", "affairs", whole, crumbs))
    if not blocks:
        return []
    data = FocusData("重点领域", "大家最关心的几件事，各放在一处。", tuple(blocks))
    return [_page(view, FOCUS, "focus", "重点领域", f"重点领域公开：{'、'.join(b.name for b in blocks)}。", "affairs", data), *made]


# Resolutions and results


def _resolutions(view: UnitView) -> list[PageSpec]:
    records = {r.id: r for r in view.records}
    words = {"done": ("已落实并公开结果", "on"), "open": ("正在落实", "soon"), "late": ("结果尚未公开", "stage")}
    pairs = tuple(
        Pair(records[p.record], tuple(records[id] for id in p.results if id in records), p, *words[p.state])
        for p in view.affairs.resolutions
        if p.record in records
    )
    if not pairs:
        return []
    data = ResolutionsData(pairs, sum(1 for p in pairs if p.state.state == "done"))
    about = "村民会议、村民代表会议的决议，和每件决议落实的结果，成对公开。"
    return [
        _page(
            view,
            RESOLUTIONS,
            "resolutions",
            "决议和落实",
            about.replace("村民", "居民") if menu.is_community(view) else about,
            "affairs",
            data,
        )
    ]


# Past periods


def _periods(view: UnitView) -> list[PageSpec]:
    covers = {id: (start, end) for id, start, end in view.affairs.covers}
    years: dict[int, dict[int, list[RecordView]]] = {}
    for record in view.records:
        if record.id in covers:
            year, quarter = _place(record, *covers[record.id])
            years.setdefault(year, {}).setdefault(quarter, []).append(record)
    made = []
    every = sorted(years, reverse=True)
    for year in every:
        quarters = tuple(_quarter(view, number, years[year][number]) for number in sorted(years[year], reverse=True))
        data = PeriodsData(f"{year}年公开的内容", quarters, tuple((y, _year_path(y, every[0])) for y in every))
        about = f"{year}年各季度公开的党务、{'居务' if menu.is_community(view) else '村务'}、财务。"
        if year == every[0]:
            made.append(_page(view, PERIODS, "periods", "往期公开", about, "list", data))
        else:
            title, crumbs = f"{year}年公开的内容", (Crumb("往期公开", PERIODS),)
            made.append(_page(view, f"{PERIODS}{year}/", "periods", title, about, "list", data, crumbs))
    return made


def _year_path(year: int, newest: int) -> str:
    """The newest year stands at the first address, each earlier one at its own for good."""
    return PERIODS if year == newest else f"{PERIODS}{year}/"


def _place(record: RecordView, start: dt.date, end: dt.date) -> tuple[int, int]:
    """Year and quarter to which a record belongs; 0 is the whole year. What is about several years stands where it was published."""
    if start.year != end.year:
        start = end = record.published
    first, last = (start.month + 2) // 3, (end.month + 2) // 3
    return end.year, last if first == last else 0


def _quarter(view: UnitView, number: int, records: list[RecordView]) -> Quarter:
    sections = []
    for section in menu.village_sections(view):
        mine = tuple(r for r in records if r.section in section.sections)
        if mine:
            sections.append((section.name, mine))
    return Quarter(_QUARTERS[number - 1] if number else "全年的", f"q{number}", tuple(sections), len(records))
