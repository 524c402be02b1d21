"""How people reach a unit: statistics of applications add up, accounts are filed and reviewed, meetings have an outcome."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from sitegen.load.validate import nearest
from sitegen.model.application_figures import OTHER, against_report, counted, mismatches
from sitegen.model.base import Level
from sitegen.model.finding import Finding, finding
from sitegen.model.outreach import reports
from sitegen.model.region import Unit

from .scope import Scope


def check_reach(scope: Scope) -> Iterator[Finding]:
    """Every unit's files."""
    for unit in scope.region.units.values():
        if unit.level is Level.VILLAGE:
            yield from _village(unit)
        else:
            yield from _statistics(scope, unit)
            yield from _meetings(scope, unit)
        yield from _accounts(scope, unit)


def _village(unit: Unit) -> Iterator[Finding]:
    """A village is no government: it has no applications and no administrative decisions."""
    for placed in (unit.reach.apply, unit.reach.participation):
        if placed is not None:
            yield finding("SG741", placed.file, 1, 1, unit=unit.code, file=placed.file.rpartition("/")[2])


def _statistics(scope: Scope, unit: Unit) -> Iterator[Finding]:
    names = [f.name for f in scope.region.catalog.fields] + [OTHER]
    known = scope.region.catalog.complete
    for filed in unit.applications:
        if known and filed.data.field is not None and filed.data.field not in names:
            near = nearest(filed.data.field, names) or OTHER
            yield finding("SG743", filed.file, filed.lines["field"], 1, unit=unit.code, field=filed.data.field, near=near)
    years = {placed.data.year: placed.data for placed in reversed(unit.reach.years)}
    reported = {r.year: r for r in reports(unit)}
    seen: set[int] = set()
    applications = [filed.data for filed in unit.applications]
    for placed in unit.reach.years:
        one = placed.data
        if one.year in seen:
            yield finding("SG744", placed.file, placed.line("year"), 1, unit=unit.code, year=str(one.year))
            continue
        seen.add(one.year)
        for name in one.fields:
            if known and name not in names:
                near = nearest(name, names) or OTHER
                yield finding("SG743", placed.file, placed.line("fields", name), 1, unit=unit.code, field=name, near=near)
        entered = counted(applications, one.year, scope.date)
        after = counted(applications, one.year + 1, scope.date) if one.year + 1 not in years and one.year < scope.date.year else None
        report = reported.get(one.year)
        for bad in (*mismatches(one, years.get(one.year - 1), entered, after), *(against_report(one, report) if report else ())):
            yield finding(
                "SG742",
                placed.file,
                placed.line(bad.key),
                1,
                unit=unit.code,
                year=str(one.year),
                what=bad.what,
                have=bad.have,
                want=bad.want,
            )


def _accounts(scope: Scope, unit: Unit) -> Iterator[Finding]:
    placed = unit.reach.channels
    if placed is None:
        return
    days = scope.region.data.thresholds.account_review
    for n, account in enumerate(placed.data.accounts):
        state = account.state(scope.date, days)
        where = {"unit": unit.code, "name": account.name}
        if state == "unfiled":
            yield finding("SG745", placed.file, placed.line("accounts", n), 1, **where)
        elif state == "due":
            until = account.until(days)
            key = "reviewed" if account.reviewed else "filed"
            yield finding("SG746", placed.file, placed.line("accounts", n, key), 1, until=until.isoformat() if until else "", **where)


def _meetings(scope: Scope, unit: Unit) -> Iterator[Finding]:
    placed = unit.reach.participation
    if placed is None:
        return
    limit = dt.timedelta(scope.region.data.thresholds.feedback)
    for n, meeting in enumerate(placed.data.meetings):
        if meeting.record is not None and scope.region.complete:
            ref = meeting.record if "/" in meeting.record else f"{unit.code}/{meeting.record}"
            if ref not in scope.records:
                yield finding("SG747", placed.file, placed.line("meetings", n, "record"), 1, unit=unit.code, ref=ref)
        if meeting.outcome is None and meeting.record is None and scope.date > meeting.on + limit:
            yield finding(
                "SG748", placed.file, placed.line("meetings", n), 1, unit=unit.code, title=meeting.title, on=meeting.on.isoformat()
            )
