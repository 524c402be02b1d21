"""The home page: what hangs now and until when, then everything else a resident may look for."""

from __future__ import annotations

import datetime as dt

from msgspec import Struct

from sitegen.boards.words import summary
from sitegen.model.record_views import RecordView
from sitegen.model.views import ChildView, FieldView, UnitView

from . import board, menu, meta
from .affairs import More, doors
from .feeds import home_alternates
from .spec import PageSpec

POSTED_SHOWN = 8
LATEST_SHOWN = 8
CHILDREN_SHOWN = 12


class Tile(Struct, frozen=True):
    """A section on the home page."""

    title: str
    path: str
    count: int
    """Records in it; 0 where counting says nothing."""
    latest: dt.date | None
    note: str
    """A line of words where there is no count."""


class FieldTile(Struct, frozen=True):
    """A field with records, for the index by field."""

    field: FieldView
    path: str
    count: int


class HomeData(Struct, frozen=True):
    """What the home page shows."""

    posted: tuple[RecordView, ...]
    posted_count: int
    ends: tuple[dt.date, ...]
    """The last day of each."""
    upcoming: tuple[RecordView, ...]
    ended: RecordView | None
    """The posting that ended last, told when nothing is posted."""
    tiles: tuple[Tile, ...]
    tiles_title: str
    boards: tuple[str, ...]
    """Places of the notice boards."""
    on_boards: str
    """How the boards stand: 应张贴 9 张; "" where nothing hangs."""
    board: str
    """Path of the page of the boards, or ""."""
    fields: tuple[FieldTile, ...]
    children: tuple[ChildView, ...]
    children_count: int
    children_title: str
    latest: tuple[RecordView, ...]
    about: str
    """Path of the unit's page about itself, or ""."""
    codes: str
    """Where codes are answered, as people type it."""
    doors: tuple[More, ...] = ()
    """Of a village: accounts, resolutions, lists, past periods."""


def posted_now(view: UnitView) -> tuple[RecordView, ...]:
    """What is posted, what ends first standing first."""
    on = [r for r in view.records if r.posting and r.posting.state == "on"]
    return tuple(sorted(on, key=lambda r: r.posting.end if r.posting else dt.date.max))


def home_page(view: UnitView) -> PageSpec:
    """The unit's home page."""
    posted = posted_now(view)
    upcoming = tuple(r for r in view.records if r.posting and r.posting.state == "upcoming")[:POSTED_SHOWN]
    shown = {r.id for r in (*posted[:POSTED_SHOWN], *upcoming)}
    over = [r for r in view.records if r.posting and r.posting.state == "over"]
    village = menu.is_village(view)
    about = next((menu.text_path(p, view) for p in view.pages if p.kind == "about"), "")
    data = HomeData(
        posted=posted[:POSTED_SHOWN],
        posted_count=len(posted),
        ends=tuple(r.posting.end for r in posted if r.posting),
        upcoming=upcoming,
        ended=max(over, key=lambda r: r.posting.end if r.posting else dt.date.min, default=None),
        tiles=_village_tiles(view) if village else _column_tiles(view),
        tiles_title=("三务公开" if not menu.is_community(view) else "社区公开") if village else "政府信息公开专栏",
        boards=tuple(b.place for b in view.boards),
        on_boards=summary(view.wall) if view.wall and view.wall.hung else _posted_on_boards(posted),
        board=board.PATH if view.wall and view.wall.hung else "",
        fields=() if village else field_tiles(view),
        children=view.children[:CHILDREN_SHOWN],
        children_count=len(view.children),
        children_title=children_title(view),
        latest=tuple(r for r in view.records if r.id not in shown)[:LATEST_SHOWN],
        about=about,
        doors=doors(view),
        codes=menu.codes_place(view),
    )
    name = menu.site_name(view)
    what = f"正在公示{len(posted)}件，" if posted else ""
    return PageSpec(
        path="",
        template="pages/home.html",
        title=name,
        description=f"{name}：{what}监督电话{view.supervision.phone}。",
        section="home",
        data=data,
        meta=meta.column(view, "首页", view.intro or ""),
        changed=max((r.revised or r.published for r in view.records), default=None),
        alternates=home_alternates(view),
    )


def _posted_on_boards(posted: tuple[RecordView, ...]) -> str:
    number = sum(1 for r in posted if r.on_board)
    return f"应张贴 {number} 张" if number else ""


def children_title(view: UnitView) -> str:
    """What the units below are called."""
    kinds = {c.unit.level.value for c in view.children}
    return "各村、社区" if kinds == {"village"} else "各乡镇、街道"


def units_page(view: UnitView) -> list[PageSpec]:
    """All units below, where the home page cannot show them all."""
    if len(view.children) <= CHILDREN_SHOWN:
        return []
    title = children_title(view)
    return [
        PageSpec(
            path="units/",
            template="pages/units.html",
            title=title,
            description=f"{view.unit.name}{title}的公开情况。",
            section="units",
            data=view.children,
            meta=meta.column(view, title),
        )
    ]


def field_tiles(view: UnitView) -> tuple[FieldTile, ...]:
    """Fields that have records here, in the notice's order."""
    made = []
    for field in view.fields:
        count = sum(len(i.records) for i in field.items)
        if count:
            made.append(FieldTile(field, menu.field_path(field, view), count))
    return tuple(made)


def _village_tiles(view: UnitView) -> tuple[Tile, ...]:
    made = []
    for section in menu.village_sections(view):
        mine = [r for r in view.records if r.section in section.sections]
        if mine and menu.filled(view) & set(section.sections):
            made.append(Tile(section.name, f"{section.key}/", len(mine), mine[0].published, section.summary))
    return tuple(made)


def _column_tiles(view: UnitView) -> tuple[Tile, ...]:
    notes = {
        "guide": "公开什么、怎么找、找谁",
        "rules": "审查、发布、监督的制度",
        "reports": "每年一份，向社会报告",
        "apply": "没有主动公开的，可以申请",
        "interpretation": "政策讲明白，关切有回音",
        "participation": "正在征求什么意见，采纳了什么",
        "channels": "公众号、公示栏、公开专区在哪",
        "services": "带什么、到哪办、几天办好",
        "catalog": "按国家标准应当公开什么",
        "supervision": "公开得全不全、按不按时、一致不一致",
    }
    made = []
    for entry in menu.menu(view):
        if entry.key in ("home", "list"):
            continue
        count = len(view.records) if entry.key == "fields" else 0
        latest = view.records[0].published if count else None
        made.append(Tile(entry.title, entry.path, count, latest, notes.get(entry.key, "")))
    return tuple(made)
