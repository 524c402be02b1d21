"""Records (公开信息): one disclosed document, as its front matter says and as loaded."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import BeforeValidator, StringConstraints, model_validator
from pydantic import Field as Key

from .annual import AnnualFigures
from .base import Day, DayKind, Digits, Layout, Model, Text
from .catalog import ItemId
from .dialogue import Form, HearingKind, Media, Plain, Response
from .documents import DocumentType, Topic
from .period import Period

Ref = Annotated[Digits, StringConstraints(pattern=r"^(\d{12}/)?[A-Za-z0-9][A-Za-z0-9_-]{0,63}$")]
"""Another record: ``<unit code>/<record id>``, or the bare id within the unit."""
Event = Literal["issued", "approved", "decided", "allocated", "surveyed", "event"]
RecordId = Annotated[Digits, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$")]
Attribute = Literal["主动公开", "依申请公开", "不予公开"]
Scope = Literal["全体村民", "全体居民", "全体成员", "特定群体"]
Validity = Literal["有效", "失效", "废止"]
Stage = Literal["一榜", "二榜", "三榜"]


def _period(value: object) -> object:
    if isinstance(value, dt.date):
        return value.isoformat()
    text = str(value) if isinstance(value, int) else value
    if isinstance(text, str):
        period = Period.parse(text)
        if not 1949 <= period.start.year <= period.end.year <= 2199:
            raise ValueError("the year is out of range")
    return text


PeriodText = Annotated[str, BeforeValidator(_period)]


class Posting(Model):
    """When the sheet must hang (公示期): from a day, for a number of days or until a day."""

    start: dt.date = Key(alias="from")
    days: int | None = Key(None, ge=1, le=3660)
    until: dt.date | None = None
    kind: DayKind = "calendar"

    @model_validator(mode="after")
    def _one_end(self) -> Posting:
        if (self.days is None) == (self.until is None):
            raise ValueError("give either days or until")
        if not all(1949 <= day.year <= 2199 for day in (self.start, self.until or self.start)):
            raise ValueError("the year is out of range")
        if self.until is not None and self.until < self.start:
            raise ValueError("until lies before from")
        return self


class Document(Model):
    """The document behind a record: its number (文号) and date of issue."""

    number: str | None = None
    issued: dt.date | None = None


class Revision(Model):
    """Which version of the record this is. Paper carries it; the code's page tells which one is current."""

    n: int = Key(1, ge=1, le=99)
    on: dt.date | None = None
    why: str | None = None

    @model_validator(mode="after")
    def _reason(self) -> Revision:
        if self.n > 1 and not self.why:
            raise ValueError("revision 2 and later need why: what changed")
        return self


class TableFile(Model):
    """Where a record's rows are."""

    path: Text
    sheet: str | None = Key(None, description="worksheet of an XLSX; default: the first")
    title: str | None = None


class Attachment(Model):
    """A file that goes with a record."""

    path: Text
    title: Text


class Differs(Model):
    """Why a record legitimately says something else than its counterpart; shown to the public as a note."""

    why: Text
    reviewer: Text
    until: dt.date


class Accept(Model):
    """A finding accepted in writing, for a time."""

    code: Annotated[str, StringConstraints(pattern=r"^SG\d{3}$")] = Key(description="code of the finding, such as SG502")
    why: Text
    who: Text
    until: dt.date


class Reviewed(Model):
    """An approval step that was taken (the item's ``review:`` names the steps)."""

    step: Text
    by: Text
    on: dt.date


class NotPublic(Model):
    """Why a record is not disclosed (不予公开): the provision, and when that was last reviewed (yearly)."""

    provision: Annotated[str, StringConstraints(pattern=r"^FM-\d{2}$")] = Key(description="entry of the negative list")
    reviewed: Day
    opened: bool = Key(False, description="that review opened it: the record is 主动公开 or 依申请公开 by now")


class Consultation(Model):
    """When opinions are taken, and how."""

    start: Day = Key(alias="from")
    until: Day
    kind: HearingKind = "公开征求意见"
    ways: tuple[Text, ...] = Key((), description="ways to say something: 书面送交…, 电话…, 电子邮件…")

    @model_validator(mode="after")
    def _order(self) -> Consultation:
        if self.until < self.start:
            raise ValueError("until lies before from")
        return self


class Secrecy(Model):
    """The secrecy review before disclosure (保密审查)."""

    by: Text
    on: dt.date


class RowChange(Model):
    """Why a row dropped out, appeared or changed since the stage before."""

    row: Text = Key(description="the row's key or name as the tables write it, such as 张*三")
    why: Text


class Signed(Model):
    """Who signed a posted sheet for the village, and when."""

    by: Text
    on: dt.date


def _as_table(value: object) -> object:
    return {"path": value} if isinstance(value, str) else value


class RecordFile(Model):
    """The front matter of a record."""

    id: RecordId = Key(description="unique in the unit, never reused")
    title: Text
    item: ItemId = Key(description="catalogue item (公开事项)")
    period: PeriodText | None = Key(None, description="2026 | 2026-Q3 | 2026-09 | 2026-05-06..2026-05-20")
    batch: Digits | None = Key(None, description="第一批, or its number")
    subject: str | None = Key(None, description="what it is about, where an item has many records in a period")
    stage: Stage | None = Key(None, description="一榜 | 二榜 | 三榜")
    issuer: Text = Key(description="id of an organ of the unit (发布机构)")
    document: Document | None = None
    type: DocumentType | None = Key(None, description="文件类型, where it is not what number, title and item make it")
    topic: Topic | None = Key(None, description="主题分类, where it is not the field's")
    attribute: Attribute | None = Key(None, description="government records: 公开属性")
    scope: Scope | None = Key(None, description="village records: to whom")
    formed: Day = Key(description="成文日期")
    published: Day = Key(description="发布日期")
    validity: Validity = "有效"
    abolished: dt.date | None = Key(None, description="废止日期; of what lapsed, the day it ended")
    valid_until: dt.date | None = Key(None, description="有效期至: after this day the record counts as 失效")
    posting: Posting | None = None
    table: Annotated[TableFile | None, BeforeValidator(_as_table)] = None
    attachments: tuple[Attachment, ...] = ()
    revision: Revision = Revision()
    formerly: tuple[Ref, ...] = Key((), description="earlier names, <unit code>/<record id>: the record keeps their code on paper")
    counterpart: Ref | None = Key(None, description="<unit code>/<record id> of the same matter elsewhere")
    differs: Differs | None = Key(None, description="why it legitimately differs from its counterpart")
    changes: tuple[RowChange, ...] = Key((), description="why rows changed since the stage before (三榜)")
    result_of: Ref | None = Key(None, description="the resolution whose carrying out this reports (两公开)")
    result_due: dt.date | None = Key(None, description="for a resolution: by when its result is to be disclosed")
    interprets: Ref | None = Key(None, description="the policy that this interprets")
    feedback_on: Ref | None = Key(None, description="the consultation whose results this gives")
    replaces: Ref | None = Key(None, description="the document that this one replaces or repeals")
    answers: Ref | None = Key(None, description="the question that this answers")
    consultation: Consultation | None = Key(
        None, description="for a consultation: from when until when opinions are taken, and in which ways"
    )
    opinions: Annotated[TableFile | None, BeforeValidator(_as_table)] = Key(
        None, description="for feedback: the table of opinions (意见、条数、采纳情况、理由), CSV or XLSX"
    )
    received: int | None = Key(None, ge=0, description="for feedback: how many opinions came in")
    plain: Plain | None = Key(None, description="a policy in plain words: who, what, how, when")
    forms: tuple[Form, ...] = Key((), description="how it explains: 问答, 图解, 视频 …; those of media need not be named")
    media: tuple[Media, ...] = Key((), description="pictures, recordings and films that explain")
    response: Response | None = Key(None, description="a public concern that this answers: about, asked, answered")
    events: dict[Event, Day] = Key({}, description="days of the events that deadlines count from, when not the day it was formed")
    reviewed: tuple[Reviewed, ...] = Key((), description="approval steps taken, as the item's review asks")
    not_public: NotPublic | None = Key(None, description="for 不予公开: the provision and its last review")
    secrecy: Secrecy | None = Key(None, description="secrecy review (保密审查)")
    accept: tuple[Accept, ...] = Key((), description="findings accepted in writing, for a time")
    layout: Layout | None = Key(None, description="how the sheet is laid out, where it is not as the record calls for")
    summary: str | None = Key(None, description="one or two plain sentences for lists")
    keywords: tuple[Text, ...] = ()

    @model_validator(mode="after")
    def _dates(self) -> RecordFile:
        if self.attribute is not None and self.scope is not None:
            raise ValueError("attribute is for government records, scope for village records: keep one")
        if self.valid_until is not None and self.valid_until < self.formed:
            raise ValueError("valid_until lies before formed")
        if self.not_public is not None and self.not_public.opened and self.attribute == "不予公开":
            raise ValueError("what a review opened is not 不予公开 any more: change the attribute, or take «opened» out")
        if self.table is not None and self.opinions is not None:
            raise ValueError("a record has one table: table or opinions")
        if self.received is not None and self.feedback_on is None:
            raise ValueError("received goes with feedback_on")
        return self

    @property
    def rows(self) -> TableFile | None:
        """The file of its rows, whichever they are."""
        return self.table or self.opinions


class NoteFile(Model):
    """The front matter of a note: a village's own words, posting and signature on a record that it derives.

    Its text below the head is shown with the derived record.
    """

    derives: Ref = Key(description="<township code>/<record id> whose rows for this village it is about")
    posting: Posting | None = None
    signed: Signed | None = None
    reviewed: tuple[Reviewed, ...] = ()
    accept: tuple[Accept, ...] = ()


PageKind = Literal["guide", "rules", "report", "apply", "about"]


class PageFile(Model):
    """The front matter of a page (pages/*.md): a text of a unit that is no record.

    ``guide`` 政府信息公开指南, ``rules`` 政府信息公开制度, ``report`` 政府信息公开年报, ``apply`` 依申请公开.
    """

    kind: PageKind
    title: Text
    updated: dt.date
    year: int | None = Key(None, ge=2008, le=2100, description="for report")
    number: str | None = None
    figures: AnnualFigures | None = Key(None, description="for report: the year's figures, for the tables of the statutory form")
    order: int = 0
    attachments: tuple[Attachment, ...] = ()
