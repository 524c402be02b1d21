"""Taking part in decisions (公众参与): what is open to it, in which ways, and meetings with the public. For counties and townships.

Consultations and their feedback are records; see :mod:`sitegen.model.dialogue`.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from msgspec import Struct
from pydantic import Field as Key
from pydantic import StringConstraints

from .base import Day, Model, Text
from .dialogue import HearingKind
from .record import Ref

MeetingKind = Literal["列席会议", "政府开放日", "在线访谈", "广播电视问政", "政策大讲堂", "座谈会", "听证会", "民意恳谈"]
"""How a government meets the public, as the notice names it."""
Guests = Literal["利益相关方", "群众代表", "人大代表、政协委员", "专家", "媒体"]
"""Who attends a meeting of the government (列席)."""


class OpenMatter(Model):
    """A matter on which the public is heard before it is decided (公众参与事项)."""

    name: Text = Key(description="事项")
    stage: Text = Key(description="at which stage: 方案起草后、审议前")
    ways: tuple[HearingKind, ...] = Key(min_length=1, description="参与方式")
    channels: tuple[Text, ...] = Key((), description="参与渠道: 政府网站, 村务公开栏, 社区意见本")
    responsible: Text = Key(description="责任单位")
    basis: Text | None = Key(None, description="why: the rule that asks for it, by name")


class TakePart(Model):
    """A standing way to say something (参与渠道)."""

    name: Text
    how: Text
    phone: Text | None = None
    url: Annotated[str, StringConstraints(pattern=r"^https?://[^\s/]+\S*$")] | None = None
    answered: Text | None = Key(None, description="by when one is answered: 5个工作日内")


class Meeting(Model):
    """A meeting with the public, to come or held."""

    kind: MeetingKind
    title: Text
    on: Day
    time: Text | None = Key(None, description="9:00—11:30")
    place: Text
    guests: tuple[Guests, ...] = Key((), description="who attends")
    people: int | None = Key(None, ge=0, description="how many came; no names")
    join: Text | None = Key(None, description="how to take part: 11月30日前电话报名")
    outcome: Text | None = Key(None, description="once it was held: what was said and what came of it")
    record: Ref | None = Key(None, description="<unit code>/<id> of a record about it, or the bare id in this unit")


class ParticipationFile(Model):
    """The file participation.yml of a county's or township's folder."""

    rules: Text | None = Key(None, description="the rule by which the public is heard, by its title among the unit's 制度")
    matters: tuple[OpenMatter, ...] = ()
    ways: tuple[TakePart, ...] = ()
    meetings: tuple[Meeting, ...] = ()


class MeetingView(Struct, frozen=True):
    """A meeting on the day of the view."""

    data: Meeting
    held: bool
    url: str
    """Of the record about it, or ""."""


class ParticipationView(Struct, frozen=True):
    """What the page of participation shows besides consultations."""

    rules: str = ""
    matters: tuple[OpenMatter, ...] = ()
    ways: tuple[TakePart, ...] = ()
    meetings: tuple[MeetingView, ...] = ()
    """To come first, the next first; then those held, the last first."""


def in_order(meetings: tuple[MeetingView, ...]) -> tuple[MeetingView, ...]:
    """To come first, the next first; then those held, the last first."""
    coming = sorted((m for m in meetings if not m.held), key=lambda m: (m.data.on, m.data.title))
    held = sorted((m for m in meetings if m.held), key=lambda m: (m.data.on, m.data.title), reverse=True)
    return (*coming, *held)


def turns(meetings: tuple[Meeting, ...]) -> tuple[dt.date, ...]:
    """The days on which meetings are over."""
    return tuple(m.on + dt.timedelta(1) for m in meetings)
