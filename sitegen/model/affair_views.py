"""Village affairs, assurance and supervision as pages show them: frozen values; records are named by their ids."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Literal

from msgspec import Struct

Kind = Literal["month", "quarter", "half", "year", "other"]


class StatementView(Struct, frozen=True):
    """What came in and went out in a period (收支汇总)."""

    record: str
    period: str
    """2026年第三季度."""
    kind: Kind
    start: dt.date
    end: dt.date
    opening: Decimal
    income: Decimal
    expense: Decimal
    closing: Decimal
    incomes: tuple[tuple[str, Decimal], ...]
    """By source, as the columns are called."""
    expenses: tuple[tuple[str, Decimal], ...]
    details: tuple[str, ...] = ()
    """Records that list every receipt and payment of the period."""


class ResolutionView(Struct, frozen=True):
    """A resolution and how it was carried out (两公开)."""

    record: str
    results: tuple[str, ...]
    due: dt.date | None
    """By when the result is to be published."""
    state: Literal["done", "open", "late"]


class FocusView(Struct, frozen=True):
    """A field that everybody looks at, with its records, newest first."""

    id: str
    name: str
    summary: str
    records: tuple[str, ...]


class ReviewView(Struct, frozen=True):
    """What the committee reviewed of a month."""

    month: str
    """2026年10月."""
    year: int
    on: dt.date
    what: str
    found: str | None
    result: str


class CommitteeView(Struct, frozen=True):
    """The supervision committee."""

    term: str | None
    meets: str | None
    members: tuple[tuple[str, str | None, str | None], ...]
    """Post, masked name, note."""
    duties: tuple[str, ...]
    reviews: tuple[ReviewView, ...]
    """Newest first."""
    signed: tuple[tuple[dt.date, str], ...]
    """Days on which it approved records for publication, newest first, with the records' ids."""
    records: tuple[str, ...]
    """Records about its work."""


class AppealView(Struct, frozen=True):
    """Where one may ask or object (提问、异议)."""

    unit: str
    name: str
    what: str
    """What it answers for: 先找它, 对村里的答复不满意时."""
    phone: str
    address: str | None
    hours: str | None


class AffairsView(Struct, frozen=True):
    """What a village's pages show beyond its records."""

    statements: tuple[StatementView, ...] = ()
    """By time, shorter periods after the longer that holds them."""
    resolutions: tuple[ResolutionView, ...] = ()
    focus: tuple[FocusView, ...] = ()
    committee: CommitteeView | None = None
    appeals: tuple[AppealView, ...] = ()
    reply_days: int = 0
    """Days within which a question is to be answered."""
    covers: tuple[tuple[str, dt.date, dt.date], ...] = ()
    """Record, first and last day of the period that it is about; without a period the day of publication."""


class ScoreView(Struct, frozen=True):
    """A published score."""

    name: str
    score: Decimal
    note: str | None


class AssuranceView(Struct, frozen=True):
    """Assurance and supervision of a county or township. Amounts are exact; records are named by id where this unit shows them."""

    responsible: tuple[tuple[str, str, str | None, str | None, str | None], ...] = ()
    """Body, role, posts, duties, telephone."""
    funding: str | None = None
    training: tuple[str, ...] = ()
    accountability: tuple[str, ...] = ()
    schemes: tuple[tuple[int, str, Decimal, tuple[tuple[str, Decimal, str | None], ...], str | None], ...] = ()
    """Year, name, weight in per cent, parts (name, points, how), record; newest first."""
    scores: tuple[tuple[int, dt.date, Decimal, tuple[ScoreView, ...], str | None], ...] = ()
    """Year, day of publication, full score, scores, record; newest first."""
    evaluations: tuple[EvaluationView, ...] = ()
    inspections: tuple[InspectionView, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.responsible or self.funding or self.training or self.accountability or self.assessed)

    @property
    def assessed(self) -> bool:
        """Whether anything of assessment, evaluation or inspection is there."""
        return bool(self.schemes or self.scores or self.evaluations or self.inspections)


class EvaluationView(Struct, frozen=True):
    """An evaluation by the public."""

    year: int
    name: str
    start: dt.date
    until: dt.date
    ways: str | None
    sent: int | None
    returned: int
    asked: tuple[tuple[str, tuple[tuple[str, int], ...]], ...]
    opinions: tuple[tuple[str, str], ...]
    record: str | None


class InspectionView(Struct, frozen=True):
    """What an inspection found."""

    date: dt.date
    title: str
    by: str
    found: tuple[str, ...]
    mended: str | None
    record: str | None


NO_AFFAIRS = AffairsView()
"""Of a unit that is no village."""
NO_ASSURANCE = AssuranceView()
"""Of a unit without assurance.yml."""
