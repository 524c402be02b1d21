"""Supervision (监督): what the public may see of how units stand with their disclosure, counted from what their pages show.

Facts only, of records that are open to all: no findings, no persons, no files.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator

from msgspec import Struct

from sitegen.model.base import Level
from sitegen.model.record_views import RecordView
from sitegen.model.region import Unit
from sitegen.model.supervision_views import MilestoneView, Standing, SupervisedField, SupervisedUnit, SupervisionView
from sitegen.model.unit import UnitLink, ancestors, level_of, parent_code

from .counterparts import awaited_governments, awaited_villages
from .coverage import of_unit
from .deadlines import judged
from .scope import Scope

_DAY = dt.timedelta(1)


class Counted(Struct, frozen=True):
    """What was counted of one unit alone."""

    standing: Standing
    covered: tuple[tuple[str, int, int], ...]
    """By field: items with something published, and items owed."""


class Supervisor:
    """Counts unit by unit, those below before those above."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.in_time = {record.ref: record.front.published <= last.date for record, last in judged(scope)}
        self.awaited: Counter[str] = Counter()
        """By village: matters that only one side has published, though the other's time is over."""
        self.turns: dict[str, set[dt.date]] = defaultdict(set)
        """By the unit above the village: days on which a matter begins to be counted so."""
        for village, last in self._awaited():
            if scope.date > last:
                self.awaited[village] += 1
            else:
                self.turns[parent_code(village) or village].add(last + _DAY)
        self.own: dict[str, Standing] = {}
        self.below: dict[str, Standing] = defaultdict(Standing)
        self.below_count: Counter[str] = Counter()
        self.covered: dict[tuple[str, str, Level], list[int]] = defaultdict(lambda: [0, 0])
        """By unit with all below it, field and level: items with something published, and items owed."""

    def _awaited(self) -> Iterator[tuple[str, dt.date]]:
        for missing, until in awaited_villages(self.scope):
            yield missing.unit, until.date
        for record, until in awaited_governments(self.scope):
            yield record.unit, until.date

    def count(self, code: str, records: tuple[RecordView, ...]) -> Counted:
        """Count what the unit ``code`` shows."""
        unit = self.scope.region.units[code]
        covered = list(of_unit(self.scope.region.catalog, code, unit.level, {r.item for r in records}))
        judged_here = [self.in_time[ref] for r in records if not r.source and (ref := f"{code}/{r.id}") in self.in_time]
        states = Counter(r.agreement.state for r in records if r.agreement) if unit.level is Level.VILLAGE else Counter()
        standing = Standing(
            records=len(records),
            latest=max((r.published for r in records), default=None),
            owed=sum(c.owed for c in covered),
            present=sum(len(c.present) for c in covered),
            dated=len(judged_here),
            in_time=sum(judged_here),
            agree=states["derived"] + states["agrees"],
            explained=states["explained"],
            open=states["differs"] + states["missing"] + self.awaited[code],
        )
        return Counted(standing, tuple((c.field, len(c.present), c.owed) for c in covered))

    def put(self, code: str, counted: Counted) -> None:
        """Add what was counted of the unit ``code`` to the sums of the units above."""
        self.own[code] = counted.standing
        level = level_of(code)
        for above in (code, *ancestors(code)):
            for field, present, owed in counted.covered:
                count = self.covered[above, field, level]
                count[0] += present
                count[1] += owed
            if above != code:
                self.below[above] += counted.standing
                self.below_count[above] += 1

    def facts(self, unit: Unit) -> SupervisionView | None:
        """The section of a county or township; ``None`` where there is nobody below, or nothing published."""
        children = self.scope.region.children(unit.code)
        if not children or not (self.own[unit.code] + self.below[unit.code]).records:
            return None
        units = (self._unit(unit, alone=True), *(self._unit(u) for u in children))
        return SupervisionView(units, tuple(self._fields(unit.code)), self._milestones() if unit.level is Level.COUNTY else ())

    def _unit(self, unit: Unit, *, alone: bool = False) -> SupervisedUnit:
        link = UnitLink(unit.code, unit.data.name, unit.level, unit.data.site.url)
        below, count = (Standing(), 0) if alone else (self.below[unit.code], self.below_count[unit.code])
        return SupervisedUnit(link, unit.data.supervision, self.own[unit.code], below, count)

    def _fields(self, code: str) -> Iterator[SupervisedField]:
        for field in self.scope.region.catalog.fields:
            counts = ((level.zh, self.covered.get((code, field.id, level), [0, 0])) for level in Level)
            levels = tuple((name, present, owed) for name, (present, owed) in counts if owed)
            if levels:
                yield SupervisedField(field.name, levels)

    def _milestones(self) -> tuple[MilestoneView, ...]:
        date = self.scope.date
        return tuple(
            MilestoneView(m.name, m.due, m.done if m.done and m.done <= date else None, m.state(date)) for m in self.scope.region.milestones
        )
