"""What the report says, as frozen values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

from msgspec import Struct

from sitegen.check.coverage import Coverage
from sitegen.model.finding import Severity
from sitegen.model.lastday import LastDay
from sitegen.model.milestones import Milestone, MilestoneState
from sitegen.model.obligations import Due
from sitegen.model.record import Accept
from sitegen.model.region import Record, Region, Unit

from .score import Share

STATES = ("derived", "agree", "explained", "differ", "missing")
"""同源 (taken from the government's list), 一致, 有说明, 不一致, 缺对应."""


class UnitFacts(Struct, frozen=True):
    """One unit in figures."""

    unit: Unit
    records: int
    """Public records of its own."""
    derived: int
    """Shown from the government's lists."""
    closed: int
    """Records that are not open to all."""
    latest: dt.date | None
    fields: Mapping[str, Coverage]
    shares: Mapping[str, Share]
    """By part of the score."""
    overdue: int
    """Duties whose last day is over."""
    states: Mapping[str, int]
    """Matters by how counterparts compare."""
    families: Mapping[str, tuple[int, int]]
    """Errors, and warnings with notes, by family of rules."""
    score: Decimal | None
    rank: int | None
    """Among the units of its level; equal scores share it."""


class PairLine(Struct, frozen=True):
    """Counterparts that do not simply agree."""

    state: str
    group: str
    title: str
    here: str
    """Ref of the village's record, or "" where it is missing."""
    there: str
    village: str
    government: str
    note: str


class LateLine(Struct, frozen=True):
    """A record that came after its last day."""

    record: Record
    last: LastDay


class ClosedLine(Struct, frozen=True):
    """A record that is not open to all."""

    record: Record
    provision: str
    reviewed: dt.date | None


class AcceptedLine(Struct, frozen=True):
    """A finding, or an end of one, that somebody answers for in writing."""

    accept: Accept
    rule: str
    unit: str
    place: str
    state: str


class ApplicationLine(Struct, frozen=True):
    """Applications for information of one unit."""

    unit: str
    received: int
    in_time: int
    late: int
    waiting: int
    overdue: int
    extended: int
    results: Mapping[str, int]


class Month(Struct, frozen=True):
    """What happened in one month, as the records tell."""

    start: dt.date
    published: int
    in_time: int
    dated: int
    corrected: int


class FindingLine(Struct, frozen=True):
    """A finding that stands, without anything that must not be repeated."""

    severity: Severity
    code: str
    unit: str
    place: str
    message: str
    fix: str


class RuleCount(Struct, frozen=True):
    """How often a rule of personal data and attributes was broken."""

    code: str
    headline: str
    count: int
    units: tuple[str, ...]


class Facts(Struct, frozen=True):
    """All of the report."""

    region: Region
    date: dt.date
    as_of: dt.date | None
    """The newest date in the records."""
    whole: bool
    """All units, not some that were chosen."""
    units: tuple[UnitFacts, ...]
    late: tuple[LateLine, ...]
    overdue: tuple[Due, ...]
    groups: Mapping[str, Mapping[str, int]]
    """Matters by group and state."""
    pairs: tuple[PairLine, ...]
    findings: tuple[FindingLine, ...]
    personal: tuple[RuleCount, ...]
    accepted: tuple[AcceptedLine, ...]
    unchecked: tuple[str, ...]
    """What could not be checked, each in a sentence."""
    closed: tuple[ClosedLine, ...]
    applications: tuple[ApplicationLine, ...]
    milestones: tuple[tuple[Milestone, MilestoneState], ...]
    months: tuple[Month, ...]
