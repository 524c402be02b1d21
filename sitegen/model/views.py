"""A unit as rendering sees it: frozen values, no dates of today, no private columns, no file access.

A :class:`UnitView` holds *states* ("posting: on, until 2026-05-17") and the day of their next change, so that its digest
changes exactly when something visible changes. Site and sheets are pure functions of it. Of its parts, records are in
:mod:`sitegen.model.record_views` and what they hold in :mod:`sitegen.model.content_views`; the section of supervision, village affairs, services
and the boards have modules of their own.
"""

from __future__ import annotations

import datetime as dt
from typing import Literal

from msgspec import Struct, field

from .affair_views import NO_AFFAIRS, NO_ASSURANCE, AffairsView, AssuranceView
from .annual import AnnualReport
from .catalog import Item, Section
from .content_views import AttachmentView, Content
from .reach import NO_OUTREACH, OutreachView
from .record_views import RecordView
from .service_views import NO_SERVICES, ServicesView
from .supervision_views import SupervisionView
from .unit import Board, Contact, Footer, Supervision, UnitLink
from .wall import WallView

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
    ends: tuple[dt.date, ...]
    """The last day of each of its postings that run, in order."""
    latest: dt.date | None
    differing: int
    children: int

    @property
    def posted(self) -> int:
        """How many of its postings run."""
        return len(self.ends)


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
