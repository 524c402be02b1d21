"""What an inspection of a government site would complain about, and the periods for which nothing was published."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from sitegen.model.base import Level
from sitegen.model.finding import Finding, finding
from sitegen.model.freshness import columns, home_changed
from sitegen.model.obligations import report_day, report_owed
from sitegen.model.periodic import owed
from sitegen.model.region import Unit

from .scope import Scope, left_out

_PAGES = {"guide": "政府信息公开指南", "rules": "政府信息公开制度", "apply": "依申请公开"}


def check_periodic(scope: Scope) -> Iterator[Finding]:
    """No period is missing of what a unit publishes every month, quarter or year."""
    for unit in _understood(scope, "records"):
        for missing in owed(scope.region, scope.matters, unit, scope.calendar, scope.date - dt.timedelta(1)):
            if not missing.provisional:
                item, last = missing.item, missing.last.isoformat()
                yield _of_unit(
                    "SG709", unit, item=item.id, name=item.name, period=missing.period.zh, last=last, written=item.deadline.written
                )


def check_inspection(scope: Scope) -> Iterator[Finding]:
    """Home pages and columns are kept fresh, and what a level must have is there."""
    for unit in _understood(scope, "records"):
        if unit.level is Level.VILLAGE:
            yield from _sections(scope, unit)
        else:
            yield from _home(scope, unit)
            yield from _columns(scope, unit)
    for unit in _understood(scope, "pages"):
        if unit.level is not Level.VILLAGE:
            yield from _pages(scope, unit)


def _understood(scope: Scope, part: str) -> Iterator[Unit]:
    """Units of which every record, or page, was understood: what seems to be missing may stand in one that was not."""
    unclear = {f.unit for f in scope.region.findings if f"/{part}/" in f.file and left_out(f)}
    return (u for u in scope.region.units.values() if u.code not in unclear)


def _of_unit(code: str, unit: Unit, /, **args: str) -> Finding:
    return finding(code, unit.file, 1, 1, unit=unit.code, **args)


def _home(scope: Scope, unit: Unit) -> Iterator[Finding]:
    last, limit = home_changed(unit, scope.date), scope.region.data.thresholds.home
    if last is not None and (scope.date - last).days > limit:
        yield _of_unit("SG720", unit, last=last.isoformat(), days=str((scope.date - last).days), limit=str(limit))


def _columns(scope: Scope, unit: Unit) -> Iterator[Finding]:
    for field, last, limit in columns(scope.region, unit, scope.date):
        if (days := (scope.date - last).days) > limit:
            yield _of_unit("SG721", unit, name=field.name, last=last.isoformat(), days=str(days), limit=str(limit))


def _pages(scope: Scope, unit: Unit) -> Iterator[Finding]:
    """指南、制度、年报 and the way to apply stand in every government's column."""
    kinds = {p.front.kind for p in unit.pages}
    for kind, name in _PAGES.items():
        if kind not in kinds:
            yield _of_unit("SG722", unit, kind=kind, name=name)
    year = scope.date.year - 1
    if report_day(year, scope.calendar).date >= scope.date:
        year -= 1
    if report_owed(unit, year):
        yield _of_unit("SG723", unit, year=str(year))


def _sections(scope: Scope, unit: Unit) -> Iterator[Finding]:
    """A village that publishes has something in each of 党务, 村务 and 财务, its own or taken from the township."""
    catalog = scope.region.catalog
    if not unit.records:
        return
    items = {r.front.item for r in unit.records} | {d.item.id for d in scope.matters.derived.get(unit.code, ())}
    there = {catalog.field_of[i].section for i in items if i in catalog.field_of}
    wanted = dict.fromkeys(f.section for f in catalog.fields if f.section != "政务" and any(Level.VILLAGE in i.levels for i in f.items))
    for section in wanted:
        if section not in there:
            yield _of_unit("SG724", unit, section=section)
