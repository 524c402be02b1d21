"""Participation (公众参与): consultations with their state and results, ways to take part, matters open to it, meetings with the public."""

from __future__ import annotations

from msgspec import Struct

from sitegen.model.participation import ParticipationView
from sitegen.model.record_views import RecordView
from sitegen.model.views import UnitView

from . import menu, meta
from .spec import Crumb, PageSpec

PATH = "participation/"
TITLE = "公众参与"
SHOWN = 15
STATES = {"upcoming": ("即将征集", "soon"), "open": ("征集中", "on"), "closed": ("征集已结束", "over"), "answered": ("已反馈", "done")}
"""The words for how a consultation stands, with the class of their chip."""


class Heard(Struct, frozen=True):
    """A consultation whose time is over, with its results where they are out."""

    record: RecordView
    result: RecordView | None


class ParticipationData(Struct, frozen=True):
    """The page."""

    open: tuple[RecordView, ...]
    """Taking opinions now, what ends first standing first; then what is to come."""
    heard: tuple[Heard, ...]
    heard_count: int
    more: ParticipationView
    rules: str
    """Path of the rules on participation, or ""."""


class HeardListData(Struct, frozen=True):
    """All consultations whose time is over."""

    heading: str
    heard: tuple[Heard, ...]


def participation_pages(view: UnitView) -> list[PageSpec]:
    """The page, where there is something to take part in."""
    if menu.is_village(view):
        return []
    asked = [r for r in view.records if r.dialogue is not None and r.dialogue.hearing is not None]
    more = view.outreach.participation
    if not asked and more is None:
        return []
    by_url = {r.url: r for r in view.records}
    now = sorted((r for r in asked if _state(r) in ("open", "upcoming")), key=lambda r: (_state(r) != "open", _end(r), r.id))
    heard = tuple(
        Heard(r, by_url.get(r.dialogue.hearing.result) if r.dialogue and r.dialogue.hearing else None)
        for r in sorted((r for r in asked if _state(r) in ("closed", "answered")), key=lambda r: (_end(r), r.id), reverse=True)
    )
    rules = next((menu.text_path(p, view) for p in view.pages if more and p.kind == "rules" and p.title == more.rules), "")
    data = ParticipationData(tuple(now), heard[:SHOWN], len(heard), more or ParticipationView(), rules)
    pages = [
        PageSpec(
            PATH,
            "pages/participation.html",
            TITLE,
            f"{view.unit.name}{TITLE}：正在征求意见的事项、采纳情况和理由、参与方式、公众参与事项目录、与公众见面的会议和活动。",
            "participation",
            data,
            meta=meta.column(view, TITLE),
        )
    ]
    if len(heard) > SHOWN:
        heading = "意见征集和采纳情况"
        pages.append(
            PageSpec(f"{PATH}all/", "pages/heard-list.html", heading, f"{view.unit.name}{heading}，共{len(heard)}件。", "participation",
                     HeardListData(heading, heard), crumbs=(Crumb(TITLE, PATH),), meta=meta.column(view, heading))
        )  # fmt: skip
    return pages


def _state(record: RecordView) -> str:
    return record.dialogue.hearing.state if record.dialogue and record.dialogue.hearing else ""


def _end(record: RecordView) -> str:
    return record.dialogue.hearing.until.isoformat() if record.dialogue and record.dialogue.hearing else ""
