"""The section of supervision (监督) as pages show it: how units stand with their disclosure, in facts for all to see."""

from __future__ import annotations

import datetime as dt

from msgspec import Struct
from msgspec.structs import astuple

from .milestones import MilestoneState
from .unit import Supervision, UnitLink


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
