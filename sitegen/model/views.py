"""What rendering may see: frozen values for one unit, no dates of today, no private columns, no file access.

A :class:`UnitView` holds *states* ("posting: on, until 2026-05-17") and the day of their next change, so that its digest
changes exactly when something visible changes. Site and sheets are pure functions of it.

(The classes have no slots: views travel between processes by the thousand, and pickle is four times faster without.)
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Literal

from msgspec import Struct, field
from msgspec.structs import astuple

from .affair_views import NO_AFFAIRS, NO_ASSURANCE, AffairsView, AssuranceView
from .annual import AnnualReport
from .base import Layout, Level
from .canonical import mark
from .catalog import Item, Section
from .changes import Changes
from .dialogue import DialogueView, Form, MediaKind
from .documents import DocumentType, Topic
from .milestones import MilestoneState
from .reach import NO_OUTREACH, OutreachView
from .service_views import NO_SERVICES, ServicesView
from .unit import Board, Contact, Footer, Supervision
from .wall import WallView

PostingState = Literal["upcoming", "on", "over"]
AgreementState = Literal["derived", "agrees", "explained", "differs", "missing"]
"""``explained``: they differ, and a person has said in writing why that is right."""


class Link(Struct, frozen=True):
    """A place to go: what it is called and where it is (absolute address)."""

    title: str
    url: str


class UnitLink(Struct, frozen=True):
    """Another unit, as pages name it."""

    code: str
    name: str
    level: Level
    url: str


class Figure(Struct, frozen=True):
    """One figure of a record's line of figures: 18 户, 387.00 亩, 27,477.00 元."""

    label: str
    """What it is: 户数, 面积, 金额. May be empty for the count of rows."""
    value: Decimal
    decimals: int
    unit: str

    @property
    def text(self) -> str:
        """Thousands separated, with its unit."""
        return f"{self.value:,.{self.decimals}f} {self.unit}".rstrip()


class PostingView(Struct, frozen=True):
    """A posting period (公示期), both days included."""

    start: dt.date
    end: dt.date
    state: PostingState
    days: int | None
    working: bool
    provisional: bool
    """Counted beyond the calendar's data: Monday to Friday was assumed."""


class ColumnView(Struct, frozen=True):
    """A column as readers see it; private columns never get here."""

    name: str
    title: str
    unit: str | None
    align: Literal["left", "right", "center"]
    decimals: int | None
    total: bool
    type: str = "string"
    """Of its values, in the words of Table Schema."""

    @property
    def heading(self) -> str:
        """Title with its unit: 面积（亩）."""
        return f"{self.title}（{self.unit}）" if self.unit else self.title


class TableView(Struct, frozen=True):
    """A table ready to show: every cell is the text to print (figures with separators and fixed decimals)."""

    columns: tuple[ColumnView, ...]
    rows: tuple[tuple[str, ...], ...]
    totals: tuple[str, ...] | None
    """One text per column ("" where none), or ``None`` when no column has a total. Does not include the word 合计."""
    count_unit: str | None
    title: str | None = None


class AttachmentView(Struct, frozen=True):
    """A file to offer with a record. ``href`` is relative to the record's page; the bytes are at ``source``."""

    title: str
    href: str
    size: int
    media: str
    source: str
    """Path of the file, relative to the region."""
    digest: str = ""
    """Of the bytes as they were when the view was made."""


class PhotoView(Struct, frozen=True):
    """A photo as a record's page shows it."""

    taken: dt.date
    rev: int
    """The revision of this record's sheet in it."""
    place: str
    """Of the board; "" where it is not said."""
    codes: frozenset[str]
    """Of all sheets in it."""
    alone: bool
    """Nothing else is in it than the sheets of :attr:`codes`."""
    file: AttachmentView | None
    """``None`` where only the fact may be shown."""


class MediaView(Struct, frozen=True):
    """A picture, recording or film that explains a record. Addresses are relative to the record's page."""

    kind: MediaKind
    title: str
    file: AttachmentView
    alt: str
    captions: AttachmentView | None
    poster: AttachmentView | None
    transcript: str
    """Markdown; "" where there is none."""
    width: int
    """In pixels, of the picture or the poster, so that the page keeps its place free; 0 where unknown."""
    height: int

    @property
    def files(self) -> tuple[AttachmentView, ...]:
        """All that lies beside the page."""
        return tuple(f for f in (self.file, self.captions, self.poster) if f is not None)


class Content(Struct, frozen=True):
    """The heavy part of a record, present only in units that are being rendered."""

    body: str
    """Markdown, as written."""
    table: TableView | None
    attachments: tuple[AttachmentView, ...]
    images: tuple[AttachmentView, ...]
    """Images that the body refers to; ``href`` is what the body says."""
    withheld: bool = False
    """Rows, tables, images or files of the record are left out here."""
    media: tuple[MediaView, ...] = ()
    lead: str = ""
    """Derived records: the sentences that are made for it, Markdown; ``body`` holds the village's own words."""
    html: str = ""
    """``body`` as clean HTML."""
    digest: str = ""
    """Of the canonical form of all that the record says, also of what is left out here."""
    changes: tuple[Changes, ...] = ()
    """What changed since each earlier revision whose content is known."""

    @property
    def mark(self) -> str:
        """The fingerprint (核验码) on paper and page."""
        return mark(self.digest)


class RevisionView(Struct, frozen=True):
    """A released revision of a record."""

    rev: int
    on: dt.date
    why: str | None
    object: str
    """Under which name its content is kept beside the ledger; "" after its retention."""
    counts: tuple[int, int, int] | None = None
    """After retention: rows that the next revision added, removed and changed."""


CodeState = Literal["withdrawn", "merged", "moved", "closed", "held", "left", "gone"]
"""``merged``: another record answers for it; ``closed``: no longer open to all; ``held``: being corrected; ``left``: the list names the village no more."""


class CodeView(Struct, frozen=True):
    """A code on paper whose record is not, or not under this code, among the unit's records."""

    code: str
    title: str
    newest: int
    """The highest revision that paper may carry."""
    state: CodeState
    on: dt.date | None
    why: str | None
    url: str
    """Where to go on; "" when there is nothing."""


class PaperView(Struct, frozen=True):
    """The sheet of a code that was printed last."""

    code: str
    rev: int
    on: dt.date
    paper: str


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


class TextPage(Struct, frozen=True):
    """A text of the unit that is no record: 指南, 制度, 年报, 依申请公开."""

    kind: Literal["guide", "rules", "report", "apply", "about"]
    slug: str
    title: str
    updated: dt.date
    year: int | None
    body: str
    attachments: tuple[AttachmentView, ...] = ()
    number: str | None = None
    """文号 of a report."""
    report: AnnualReport | None = None
    """The report in the statutory form, where the page gives the year's figures."""


class ItemView(Struct, frozen=True):
    """A catalogue item with this unit's records of it (ids, newest first)."""

    item: Item
    basis: tuple[str, ...]
    """Each legal source in full, as the official table prints it."""
    records: tuple[str, ...]


class FieldView(Struct, frozen=True):
    """A field of the catalogue as it concerns this unit: only items of the unit's level."""

    id: str
    name: str
    successor: str | None
    section: Section
    seq: int
    lead: str
    summary: str
    items: tuple[ItemView, ...]


class ChildView(Struct, frozen=True):
    """A unit below this one, in figures."""

    unit: UnitLink
    records: int
    posted: int
    latest: dt.date | None
    differing: int
    children: int


class Standing(Struct, frozen=True):
    """How one or several units stand with their disclosure, in figures that anybody may see."""

    records: int = 0
    latest: dt.date | None = None
    """When the latest record was published."""
    owed: int = 0
    """Items that the standard catalogue asks of them."""
    present: int = 0
    """Of those, items of which something is published."""
    dated: int = 0
    """Records that had a last day for publication."""
    in_time: int = 0
    """Of those, records published by it."""
    agree: int = 0
    """Records of a village that say the same as the government's of the same matter."""
    explained: int = 0
    """Records that differ, with the reason published."""
    open: int = 0
    """Records that differ or lack their counterpart: being checked (待核对)."""

    def __add__(self, other: Standing) -> Standing:
        latest = max((d for d in (self.latest, other.latest) if d), default=None)
        mine, theirs = astuple(self), astuple(other)
        return Standing(mine[0] + theirs[0], latest, *(a + b for a, b in zip(mine[2:], theirs[2:], strict=True)))

    @property
    def compared(self) -> int:
        """Records that have or should have a counterpart."""
        return self.agree + self.explained + self.open


class SupervisedUnit(Struct, frozen=True):
    """A unit in the section of supervision (监督)."""

    unit: UnitLink
    supervision: Supervision
    own: Standing
    below: Standing
    """Of all units below it together."""
    below_count: int


class SupervisedField(Struct, frozen=True):
    """How many of the items of a field are covered: level (县级…), items with something published, items owed."""

    name: str
    levels: tuple[tuple[str, int, int], ...]


class MilestoneView(Struct, frozen=True):
    """A milestone (工作节点) in the state of the day."""

    name: str
    due: dt.date
    done: dt.date | None
    state: MilestoneState


class SupervisionView(Struct, frozen=True):
    """What the section of supervision says: facts for all to see, and no finding, person or file."""

    units: tuple[SupervisedUnit, ...]
    """The unit itself, then those right below it."""
    fields: tuple[SupervisedField, ...]
    milestones: tuple[MilestoneView, ...]

    @property
    def total(self) -> Standing:
        """All units together."""
        return sum((u.own + u.below for u in self.units), Standing())


class DataBelow(Struct, frozen=True):
    """A unit below this one that offers open data."""

    unit: UnitLink
    tables: int
    latest: dt.date


class ReviewYear(Struct, frozen=True):
    """What came of a year's review of what is not public (不予公开): numbers, and nothing of any record."""

    year: int
    kept: tuple[tuple[str, int], ...]
    """By provision of the negative list, in its order: how many stay as they are."""
    opened: int
    """How many were disclosed after the review."""
    latest: dt.date
    """Day of the last review in it."""

    @property
    def reviewed(self) -> int:
        """All that were looked at."""
        return self.opened + sum(n for _, n in self.kept)


class UnitView(Struct, frozen=True):
    """Everything that one unit's pages and sheets are made of."""

    unit: UnitLink
    kind: str
    region: str
    ancestors: tuple[UnitLink, ...]
    """County first."""
    children: tuple[ChildView, ...]
    intro: str | None
    organs: tuple[str, ...]
    contact: Contact
    supervision: Supervision
    boards: tuple[Board, ...]
    footer: Footer
    host: str
    path: str
    """Path of the site on its host, without slashes at the ends; "" for the root."""
    page_size: int
    records: tuple[RecordView, ...]
    """Newest first; same day by id."""
    fields: tuple[FieldView, ...]
    pages: tuple[TextPage, ...]
    next_change: dt.date | None
    """The next day on which a state turns; ``None`` when none will."""
    q_places: tuple[tuple[str, str], ...] = ()
    """(host, path) of every Q tree that leads here: where the unit's codes live now, and where paper still says that they do."""
    codes: tuple[CodeView, ...] = ()
    """Codes on paper that are no record's any more."""
    papers: tuple[PaperView, ...] = ()
    """What was printed for good, the newest paper of each code."""
    outreach: OutreachView = NO_OUTREACH
    """How to apply, take part and follow."""
    supervision_facts: SupervisionView | None = None
    """Of a county or township with units below."""
    services: ServicesView = NO_SERVICES
    """Service guides and bundles (办事指南、一件事一次办)."""
    traditional: str = ""
    """OpenCC's name of how the pages are turned into traditional characters; "" where the region does not ask for it."""
    affairs: AffairsView = NO_AFFAIRS
    """Of a village: accounts, resolutions, focus fields, its supervision committee."""
    assurance: AssuranceView = NO_ASSURANCE
    """Of a county or township: who answers for disclosure, assessment, evaluation, inspections."""
    reviews: tuple[ReviewYear, ...] = ()
    """Of a county or township that keeps anything from the public; the latest year first."""
    formerly: tuple[str, ...] = ()
    """Earlier absolute addresses of the site."""
    data_below: tuple[DataBelow, ...] = ()
    """Units below, at any depth, that offer open data."""
    data_license: tuple[str, str] | None = None
    """Under what open data may be used, as the region says: name and address ("" where none)."""
    wall: WallView | None = None
    """What hangs on the boards; only of units that are being rendered."""
    contents: dict[str, Content] = field(default_factory=dict)
    """By record id; filled only for units that are being rendered."""

    def record(self, id: str) -> RecordView:
        """The record with this id; ``KeyError`` when the unit has none."""
        for r in self.records:
            if r.id == id:
                return r
        raise KeyError(id)
