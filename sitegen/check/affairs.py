"""The supervision committee's reviews, and assurance and supervision: figures that fit, days that have come, weights that suffice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from importlib.util import find_spec
from typing import Any

from sitegen.model.affairs import month_start
from sitegen.model.assurance import LEAST_WEIGHT, Assurance
from sitegen.model.base import Level
from sitegen.model.finding import N_, Finding, finding
from sitegen.model.region import Unit

from .scope import Scope

_SILENT = 92
"""Days after which a committee that reviews the accounts month by month has missed a quarter."""


def check_traditional(scope: Scope) -> Iterator[Finding]:
    """Where the region asks for traditional characters, they can be made."""
    if scope.region.data.traditional and find_spec("opencc") is None:
        yield finding("SG462", "region.yml", 1, 1)


def check_committees(scope: Scope) -> Iterator[Finding]:
    """Every committee.yml."""
    for unit in scope.region.units.values():
        if unit.committee is None:
            continue
        if unit.level is not Level.VILLAGE:
            yield finding("SG471", unit.committee.file, 1, 1, unit=unit.code)
            continue
        yield from _reviews(scope, unit)


def _reviews(scope: Scope, unit: Unit) -> Iterator[Finding]:
    committee = unit.committee
    assert committee is not None
    seen: dict[str, int] = {}
    for n, review in enumerate(committee.data.reviews):
        line = committee.lines[n]
        if review.month in seen:
            yield finding("SG472", committee.file, line, 1, unit=unit.code, month=review.month, problem=N_("it stands twice"))
        seen.setdefault(review.month, line)
        if review.on < month_start(review):
            yield finding(
                "SG472", committee.file, line, 1, unit=unit.code, month=review.month, problem=N_("it was reviewed before the month began")
            )
        elif review.on > scope.date:
            yield finding(
                "SG472", committee.file, line, 1, unit=unit.code, month=review.month, problem=N_("the day of the review has not come")
            )
    last = max((r.on for r in committee.data.reviews), default=None)
    if last is not None and (scope.date - last).days > _SILENT:
        yield finding("SG473", committee.file, 1, 1, unit=unit.code, last=last.isoformat(), days=str((scope.date - last).days))


def check_assurance(scope: Scope) -> Iterator[Finding]:
    """Every assurance.yml."""
    for unit in scope.region.units.values():
        if unit.assurance is None:
            continue
        if unit.level is Level.VILLAGE:
            yield finding("SG481", unit.assurance.file, 1, 1, unit=unit.code)
            continue
        yield from _One(scope, unit, unit.assurance).run()


def check_scores(scope: Scope) -> Iterator[Finding]:
    """Published scores are of units that exist, and within their scale. Looks at all units side by side."""
    units = scope.region.units
    for unit in units.values():
        if unit.assurance is None:
            continue
        told = _One(scope, unit, unit.assurance)
        for n, scores in enumerate(unit.assurance.data.scores):
            for one in scores.scores:
                problem = ""
                if one.unit is not None and one.unit not in units:
                    problem = N_("there is no such unit") if scope.region.complete else ""
                elif one.score > scores.full:
                    problem = N_("the score is higher than the full score")
                if problem:
                    known = units.get(one.unit or "")
                    name = known.data.name if known else one.name or one.unit or ""
                    yield told.at("SG484", "scores", n, name=name, problem=problem)


class _One:
    def __init__(self, scope: Scope, unit: Unit, assurance: Assurance) -> None:
        self.scope, self.unit, self.assurance = scope, unit, assurance
        self.ids = {r.front.id for r in unit.records}
        self.unread = bool(scope.unread.get(unit.code))

    def at(self, code: str, key: str, n: int, /, **args: Any) -> Finding:
        return finding(code, self.assurance.file, self.assurance.lines[key, n], 1, unit=self.unit.code, **args)

    def run(self) -> Iterator[Finding]:
        yield from self._schemes()
        yield from self._scores()
        yield from self._evaluations()
        for n, inspection in enumerate(self.assurance.data.inspections):
            yield from self._day("inspections", n, inspection.date)
            yield from self._record("inspections", n, inspection.record)

    def _day(self, key: str, n: int, day: dt.date) -> Iterator[Finding]:
        if day > self.scope.date:
            yield self.at("SG485", key, n, day=day.isoformat(), today=self.scope.date.isoformat())

    def _record(self, key: str, n: int, id: str | None) -> Iterator[Finding]:
        if id is not None and id not in self.ids and not self.unread:
            yield self.at("SG486", key, n, id=id)

    def _schemes(self) -> Iterator[Finding]:
        for n, scheme in enumerate(self.assurance.data.schemes):
            if scheme.weight < LEAST_WEIGHT:
                yield self.at("SG482", "schemes", n, year=scheme.year, weight=_figure(scheme.weight))
            points = sum((p.points for p in scheme.parts), Decimal(0))
            if scheme.parts and points != 100:
                yield self.at("SG483", "schemes", n, year=scheme.year, points=_figure(points))
            yield from self._record("schemes", n, scheme.record)

    def _scores(self) -> Iterator[Finding]:
        for n, scores in enumerate(self.assurance.data.scores):
            yield from self._day("scores", n, scores.published)
            yield from self._record("scores", n, scores.record)

    def _evaluations(self) -> Iterator[Finding]:
        for n, one in enumerate(self.assurance.data.evaluations):
            if one.until < one.start:
                yield self.at("SG487", "evaluations", n, name=one.name, problem=N_("it ends before it begins"))
            if one.sent is not None and one.returned > one.sent:
                yield self.at("SG487", "evaluations", n, name=one.name, problem=N_("more came back than were given out"))
            for asked in one.asked:
                if sum(asked.answers.values()) > one.returned:
                    yield self.at(
                        "SG487", "evaluations", n, name=one.name, problem=N_("a question has more answers than questionnaires came back")
                    )
            yield from self._record("evaluations", n, one.record)


def _figure(value: Decimal) -> str:
    return f"{value.normalize():f}"
