"""What an inspection of a government site would complain about, and the periods for which nothing was published."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from sitegen.model.base import Level
from sitegen.model.catalog import Field, Item
from sitegen.model.finding import Finding, finding
from sitegen.model.lastday import terms_of
from sitegen.model.matter import is_public
from sitegen.model.obligations import newest, report_day, report_owed
from sitegen.model.periodic import owed
from sitegen.model.region import Record, Unit
from sitegen.model.unit import Thresholds

from .scope import Scope

_NEWS = re.compile("新闻|要闻|动态|资讯")
_PAGES = {"guide": "政府信息公开指南", "rules": "政府信息公开制度", "apply": "依申请公开"}
_YEAR = 366


def check_periodic(scope: Scope) -> Iterator[Finding]:
    """No period is missing of what a unit publishes every month, quarter or year."""
    for unit in scope.region.units.values():
        for missing in owed(scope.region, scope.matters, unit, scope.calendar, scope.date - dt.timedelta(1)):
            if not missing.provisional:
                item, last = missing.item, missing.last.isoformat()
                yield _of_unit(
                    "SG709", unit, item=item.id, name=item.name, period=missing.period.zh, last=last, written=item.deadline.written
                )


def check_inspection(scope: Scope) -> Iterator[Finding]:
    """Home pages and columns are kept fresh, and what a level must have is there."""
    for unit in scope.region.units.values():
        if unit.level is Level.VILLAGE:
            yield from _sections(scope, unit)
        else:
            yield from _home(scope, unit)
            yield from _columns(scope, unit)
            yield from _pages(scope, unit)


def _of_unit(code: str, unit: Unit, /, **args: str) -> Finding:
    return finding(code, unit.file, 1, 1, unit=unit.code, **args)


def _home(scope: Scope, unit: Unit) -> Iterator[Finding]:
    last, limit = newest(unit, scope.date), scope.region.data.thresholds.home
    if last is not None and (scope.date - last).days > limit:
        yield _of_unit("SG720", unit, last=last.isoformat(), days=str((scope.date - last).days), limit=str(limit))


def _columns(scope: Scope, unit: Unit) -> Iterator[Finding]:
    """Every field with records is a column of the site."""
    catalog, columns = scope.region.catalog, defaultdict(list)
    for record in unit.records:
        if record.front.item in catalog.items and is_public(record):
            columns[catalog.field_of[record.front.item].id].append(record)
    for field in catalog.fields:
        records = columns.get(field.id, [])
        limit = _limit(field, [catalog.items[r.front.item] for r in records], scope.region.data.thresholds)
        last = _newest(records, scope.date)
        if limit is not None and last is not None and (scope.date - last).days > limit:
            yield _of_unit("SG721", unit, name=field.name, last=last.isoformat(), days=str((scope.date - last).days), limit=str(limit))


def _newest(records: Iterable[Record], date: dt.date) -> dt.date | None:
    days = (d for r in records for d in (r.front.published, r.front.revision.on) if d and d <= date)
    return max(days, default=None)


def _limit(field: Field, items: list[Item], thresholds: Thresholds) -> int | None:
    """After how many days a column is stale: never where all that it holds stands for long (办事指南), and a year later
    where all of it comes once a year.
    """
    if _NEWS.search(field.name):
        return thresholds.news
    changing = [i for i in items if i.periodic or any(t.kind != "not_computable" for t in terms_of(i))]
    if not changing:
        return None
    return thresholds.column + (_YEAR if all(i.periodic == "yearly" for i in changing) else 0)


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
