"""Applications for information (依申请公开): when each came and was answered, and nothing about who asked for what.

The reply is due within 20 working days of receipt; it may be put off once, by at most 20 working days, when the applicant is told so in
time; time in which third parties or other organs are consulted is not counted (Regulations on Open Government Information, Article 33).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Literal, get_args

from msgspec import Struct
from pydantic import Field as Key
from pydantic import StringConstraints, model_validator

from .base import Day, Digits, Model, Text
from .days import Calendar, Counted

REPLY_DAYS = 20
"""Working days for the reply, and the most by which it may be put off."""

Organisation = Literal["商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他"]
"""Kinds of applicants that are no natural persons, as the annual report counts them."""
Because = Literal[
    "属于国家秘密",
    "其他法律行政法规禁止公开",
    "危及三安全一稳定",
    "保护第三方合法权益",
    "属于三类内部事务信息",
    "属于四类过程性信息",
    "属于行政执法案卷",
    "属于行政查询事项",
    "本机关不掌握相关政府信息",
    "没有现成信息需要另行制作",
    "补正后申请内容仍不明确",
    "信访举报投诉类申请",
    "重复申请",
    "要求提供公开出版物",
    "无正当理由大量反复申请",
    "要求确认或重新出具已获取信息",
    "逾期不补正",
    "逾期不缴费",
    "其他处理",
]
"""Why information was not given, as the annual report counts it."""
Result = Literal["予以公开", "部分公开", "不予公开", "无法提供", "不予处理", "其他处理"]
"""The kinds of reply, as the annual report counts them."""


Applicant = Literal["自然人", "法人或其他组织"]
RESULTS: tuple[Result, ...] = get_args(Result)
APPLICANTS: tuple[Applicant, ...] = get_args(Applicant)


class Extension(Model):
    """The reply is put off, once (延期): when the applicant was told, and by how many working days."""

    on: Day
    days: int = Key(REPLY_DAYS, ge=1, le=REPLY_DAYS, description="working days, 20 at most")


class Consulted(Model):
    """Third parties or other organs are asked (征求意见): these days do not count. Without ``until`` the asking goes on."""

    start: Day = Key(alias="from")
    until: Day | None = None


class Application(Model):
    """One application. Names, addresses and what was asked stay in the organ's own file: they never enter the region."""

    number: Annotated[Digits, StringConstraints(pattern=r"^\d{4}-\d{1,5}$")] = Key(description="year and serial, such as 2026-0003")
    received: Day = Key(description="the day it was received; after a correction, the day the corrected one was")
    applicant: Applicant | None = None
    organisation: Organisation | None = Key(None, description="of what kind, where the applicant is no natural person")
    through: Literal["当面", "邮寄", "网络", "传真"] | None = None
    field: Text | None = Key(None, description="what it was about, as a field of the catalogue (征地补偿), or 其他")
    extended: Extension | None = Key(None, description="the reply was put off (延期)")
    consulted: Consulted | None = Key(None, description="third parties or other organs were consulted: not counted")
    replied: Day | None = Key(None, description="the day of the reply")
    result: Result | None = Key(None, description="what the reply was")
    because: Because | None = Key(None, description="for a refusal: its ground, as the annual report counts it")

    @model_validator(mode="after")
    def _order(self) -> Application:
        if (self.replied is None) != (self.result is None):
            raise ValueError("a reply has both: replied and result")
        later = [self.replied, self.extended.on if self.extended else None, self.consulted.start if self.consulted else None]
        if any(day is not None and day < self.received for day in later):
            raise ValueError("nothing can have been done before the application was received")
        if self.consulted and self.consulted.until and self.consulted.until < self.consulted.start:
            raise ValueError("until lies before from")
        return self


Count = Annotated[int, Key(ge=0, le=1_000_000)]


class YearFigures(Model):
    """The figures of a whole year whose applications are not entered one by one."""

    year: int = Key(ge=2008, le=2100)
    received: Count = Key(description="received in the year (本年新收)")
    carried_in: Count = Key(0, description="carried over from the year before (上年结转)")
    carried_out: Count = Key(0, description="carried over to the next year (结转下年度继续办理)")
    results: dict[Result, Count] = Key(description="replies by result (本年度办理结果)")
    applicants: dict[Applicant, Count] = Key({}, description="received, by applicant")
    fields: dict[Text, Count] = Key({}, description="received, by field of the catalogue or 其他")


class ApplicationsFile(Model):
    """The file applications.yml of a county's or township's folder."""

    applications: tuple[Application, ...] = ()
    years: tuple[YearFigures, ...] = Key((), description="years given in figures")


class Filed(Struct, frozen=True):
    """An application as loaded."""

    data: Application
    file: str
    """Relative to the region."""
    lines: Mapping[str, int]
    """Line of every key; of the entry itself under the empty name."""


def reply_by(application: Application, calendar: Calendar) -> Counted | None:
    """The last day for the reply; ``None`` while third parties are being consulted. An extension told too late adds nothing."""
    first = first_reply_by(application, calendar)
    extended = application.extended
    if first is None or extended is None or extended.on > first.date:
        return first
    return _count(application, REPLY_DAYS + extended.days, calendar)


def first_reply_by(application: Application, calendar: Calendar) -> Counted | None:
    """The last day for the reply without an extension, by which an extension has to be told."""
    return _count(application, REPLY_DAYS, calendar)


def _count(application: Application, days: int, calendar: Calendar) -> Counted | None:
    counted = calendar.deadline(application.received, days, "working")
    pause = application.consulted
    if pause is None or pause.start > counted.date:
        return counted
    if pause.until is None:
        return None
    day, not_counted = max(pause.start, application.received + dt.timedelta(1)), 0
    while day <= pause.until:
        not_counted += calendar.is_working(day)
        day += dt.timedelta(1)
    return calendar.deadline(application.received, days + not_counted, "working")
