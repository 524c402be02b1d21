"""A record as rendering sees it, and how it stands: its posting, revisions, counterparts, stages and the records that belong with it.

States, never the date of today. What it holds is in :mod:`sitegen.model.content_views`.
"""

from __future__ import annotations

import datetime as dt
from typing import Literal

from msgspec import Struct

from .base import Layout
from .catalog import Section
from .content_views import Figure, PhotoView
from .dialogue import DialogueView, Form
from .documents import DocumentType, Topic
from .unit import Contact, Supervision

PostingState = Literal["upcoming", "on", "over"]
AgreementState = Literal["derived", "agrees", "explained", "differs", "missing"]
"""``explained``: they differ, and a person has said in writing why that is right."""


class Link(Struct, frozen=True):
    """A place to go: what it is called and where it is (absolute address)."""

    title: str
    url: str


class PostingView(Struct, frozen=True):
    """A posting period (公示期), both days included."""

    start: dt.date
    end: dt.date
    state: PostingState
    days: int | None
    working: bool
    provisional: bool
    """Counted beyond the calendar's data: Monday to Friday was assumed."""


class RevisionView(Struct, frozen=True):
    """A released revision of a record."""

    rev: int
    on: dt.date
    why: str | None
    object: str
    """Under which name its content is kept beside the ledger; "" after its retention."""
    counts: tuple[int, int, int] | None = None
    """After retention: rows that the next revision added, removed and changed."""


class Agreement(Struct, frozen=True):
    """Whether the counterpart says the same (相同事项公开内容对应一致)."""

    state: AgreementState
    unit: str
    """Name of the counterpart's unit."""
    url: str | None
    as_of: dt.date
    """The later of the two records' dates: what was compared is as of then."""
    note: str | None = None


class SliceView(Struct, frozen=True):
    """One village's part of a township list."""

    unit: str
    url: str | None
    """The derived record's page, or ``None`` where the village has its own record and is not derived."""
    figures: tuple[Figure, ...]
    own: bool
    """The village published a record of its own in place of the slice."""


class StagePart(Struct, frozen=True):
    """What one unit posted in a stage."""

    unit: str
    url: str
    published: dt.date
    rows: str
    """How many rows concern the unit whose page it is: 3 户. "" where that is not known."""
    here: bool
    """It is the page's own record."""


class ChangeView(Struct, frozen=True):
    """Why a row dropped out, appeared or changed since the stage before."""

    row: str
    """The masked name; "" where the list is not for the web."""
    why: str


class StageView(Struct, frozen=True):
    """A stage (一榜, 二榜, 三榜) of the matter, over all units that posted it."""

    stage: str
    parts: tuple[StagePart, ...]
    rows: str
    """All parts together."""
    changes: tuple[ChangeView, ...]

    @property
    def here(self) -> bool:
        """The page's own record is one of its parts."""
        return any(p.here for p in self.parts)


class RelationView(Struct, frozen=True):
    """A record that belongs in a pair with this one."""

    label: str
    """What it is to this one: 解读, 所解读的文件, 实施结果 …"""
    title: str
    url: str
    unit: str
    """Name of its unit; "" where it is the page's own."""
    published: dt.date
    forms: tuple[Form, ...] = ()
    """How it explains: 问答, 图解, 视频 …"""


class MatterEvent(Struct, frozen=True):
    """A step in a matter: who published or corrected what, when, and whether it agrees."""

    date: dt.date
    unit: str
    level: str
    title: str
    url: str
    stage: str | None
    figures: str
    state: AgreementState | None
    """Of a village's record: how it stands to the government's."""
    note: str | None
    revision: str | None
    """What a correction was."""


class RecordView(Struct, frozen=True):
    """One record of a unit, own or derived."""

    id: str
    code: str
    """10 characters, without revision."""
    rev: int
    why_revised: str | None
    title: str
    item: str
    item_name: str
    field: str
    field_name: str
    section: Section
    issuer: str
    index_number: str | None
    """索引号; government records only."""
    document_number: str | None
    formed: dt.date
    published: dt.date
    period: str | None
    """As residents read it: 2026年第三季度."""
    stage: str | None
    attribute: str | None
    scope: str | None
    validity: str
    abolished: dt.date | None
    posting: PostingView | None
    figures: tuple[Figure, ...]
    summary: str | None
    personal: bool
    """Holds a list of persons: noindex, in no feed or open data."""
    web_rows: bool
    """False where channels, audience or retention keep the rows off the web, with tables in the text, images and files: totals only."""
    on_board: bool
    """The item goes to the notice board, so a sheet is printed."""
    agreement: Agreement | None
    source: Link | None
    """Derived records: the township's record that holds the rows."""
    source_unit: str | None
    slices: tuple[SliceView, ...]
    content_digest: str
    url: str
    """Absolute address of the record's page."""
    code_url: str
    """What the QR carries, all uppercase: HTTPS://HOST/Q/7K3M9X2QF4-2."""
    q_path: str
    """Where the code's pages live on its host, without slashes at the ends: ``Q`` or ``some/path/Q``."""
    q_host: str
    elements: tuple[str, ...]
    """公开内容(要素) of the item."""
    supervision: Supervision
    contact: Contact
    file: str = ""
    """The record's file, relative to the region; of a derived record its source's."""
    web_text: bool = True
    """False for a specific group: on the web the text stays away as well."""
    rows_expired: bool = False
    """The list was taken down when its time of retention ended: the fact and the totals stay."""
    awaiting: tuple[str, ...] = ()
    """Approval steps that the item asks for and that are not recorded: the sheet has a line for the signature."""
    revised: dt.date | None = None
    """Day of the present revision, when it is not the first."""
    matter: tuple[MatterEvent, ...] = ()
    """All records of the matter by time, on the government record that the others correspond to."""
    matter_url: str = ""
    """Where the matter's page is; "" when this record stands alone."""
    signed: str | None = None
    """Derived records: who signed for the village, and when."""
    note: str = ""
    """Derived records: the village's own words, Markdown."""
    stages: tuple[StageView, ...] = ()
    """All stages of the matter in order, where it has several."""
    relations: tuple[RelationView, ...] = ()
    dialogue: DialogueView | None = None
    """What it says to the public in plain words, and what it hears from it."""
    held: bool = False
    """An earlier version that stays because the present one has errors."""
    layout: Layout | None = None
    """How its sheet is laid out, where the record or its item says so."""
    revisions: tuple[RevisionView, ...] = ()
    """What was released of it, the first revision first."""
    type: DocumentType = "其他信息"
    """文件类型."""
    topic: Topic | None = None
    """主题分类; of government records."""
    valid_until: dt.date | None = None
    """有效期至, where the document says so."""
    deadlines: tuple[tuple[str, dt.date], ...] = ()
    """Days by which something ends or is due, for everybody to know: 征求意见截止, 实施结果公布期限, 有效期截止."""
    formerly: tuple[str, ...] = ()
    """Earlier absolute addresses of its page."""
    tabled: bool = False
    """It has a table of its own, whether or not its rows may be shown."""
    internal: bool = False
    """Disclosed on request only (依申请公开): for internal sheets, which name it so and lead nowhere."""
    photos: tuple[PhotoView, ...] = ()
    """Its sheet on the wall, the newest photo first."""

    @property
    def released(self) -> bool:
        """Whether 此件公开发布 stands below it: a government document with a number that is disclosed to all."""
        return self.attribute == "主动公开" and self.document_number is not None

    @property
    def open(self) -> bool:
        """Whether feeds, open data and structured data may speak of it: to all, with nothing of persons and nothing withheld."""
        return self.web_rows and self.web_text and not self.personal and not self.internal

    @property
    def slug(self) -> str:
        """The record's folder below its unit's ``r/``."""
        return self.id.lower()
