"""The village's supervision committee (村务监督委员会), and how to ask and object (我要提问、提出异议)."""

from __future__ import annotations

from itertools import groupby

from msgspec import Struct

from sitegen.model.affair_views import AppealView, CommitteeView, ReviewView
from sitegen.model.record_views import RecordView
from sitegen.model.unit import Supervision
from sitegen.model.views import UnitView

from . import menu, meta
from .home import posted_now
from .spec import PageSpec

COMMITTEE, ASK = "committee/", "ask/"
SIGNED_SHOWN = 12
ANSWERED_SHOWN = 10


class CommitteeData(Struct, frozen=True):
    """监督委员会."""

    committee: CommitteeView
    supervision: Supervision
    years: tuple[tuple[int, tuple[ReviewView, ...]], ...]
    signed: tuple[tuple[str, RecordView], ...]
    """Records that it approved, newest first, with the day in words."""
    signed_count: int
    records: tuple[RecordView, ...]


class AskData(Struct, frozen=True):
    """我要提问、提出异议."""

    appeals: tuple[AppealView, ...]
    days: int
    posted: tuple[RecordView, ...]
    answered: tuple[RecordView, ...]
    here: str
    """本村, 本社区."""
    boxes: tuple[str, ...]
    """Where the suggestion boxes hang: at the notice boards."""


def committee_pages(view: UnitView) -> list[PageSpec]:
    """The committee's page where it did something, and the page that says how to ask."""
    if not menu.is_village(view):
        return []
    return [*_committee(view), *_ask(view)]


def committee_name(view: UnitView) -> str:
    """村务监督委员会 or 居务监督委员会."""
    return f"{'居务' if menu.is_community(view) else '村务'}监督委员会"


def _committee(view: UnitView) -> list[PageSpec]:
    committee = view.affairs.committee
    if committee is None:
        return []
    records = {r.id: r for r in view.records}
    signed = [(day, records[id]) for day, id in committee.signed if id in records]
    data = CommitteeData(
        committee,
        view.supervision,
        tuple((year, tuple(group)) for year, group in groupby(committee.reviews, key=lambda r: r.year)),
        tuple((f"{day.year}年{day.month}月{day.day}日", r) for day, r in signed[:SIGNED_SHOWN]),
        len(signed),
        tuple(records[id] for id in committee.records if id in records),
    )
    title = committee_name(view)
    about = f"{view.unit.name}{title}：怎么监督、每月审核了什么、电话{view.supervision.phone}。"
    return [PageSpec(COMMITTEE, "pages/committee.html", title, about, "committee", data, meta=meta.column(view, title, about),
                     text="\n".join(x for r in committee.reviews for x in (f"{r.month} {r.what}", r.found or "") if x))]  # fmt: skip


def _ask(view: UnitView) -> list[PageSpec]:
    if not view.records or not view.affairs.appeals:
        return []
    replies = {i.item.id for f in view.fields for i in f.items if i.item.expects and i.item.expects.kind == "reply"}
    data = AskData(
        view.affairs.appeals,
        view.affairs.reply_days,
        posted_now(view),
        tuple(r for r in view.records if r.item in replies)[:ANSWERED_SHOWN],
        "本社区" if menu.is_community(view) else "本村",
        tuple(b.place for b in view.boards),
    )
    title = "我要提问、提出异议"
    about = f"对{view.unit.name}公开的名单、账目、事项有疑问，可以打电话、上门、写信，{data.days}天内答复。"
    return [PageSpec(ASK, "pages/ask.html", title, about, "ask", data, meta=meta.column(view, title, about))]
