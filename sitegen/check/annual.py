"""Do the figures of annual reports (政府信息公开工作年度报告) add up, and is there a text in every part?"""

from __future__ import annotations

from collections.abc import Iterator

from sitegen.model.annual import PARTS, TEXTS, Mismatch, Table, against_entries, balances, heading, texts, with_year_before
from sitegen.model.annual_making import entered, figures_of, table_of
from sitegen.model.base import Level
from sitegen.model.finding import N_, Finding, finding
from sitegen.model.region import Page, Unit

from .scope import Scope


def check_annual(scope: Scope) -> Iterator[Finding]:
    """Every report of a county or township, on its own, with the applications entered, with the year before."""
    for unit in scope.region.units.values():
        if unit.level is Level.VILLAGE:
            continue
        reports = {p.front.year: p for p in unit.pages if p.front.kind == "report" and p.front.year}
        for year, page in sorted(reports.items()):
            yield from _one(unit, page)
            before = reports.get(year - 1)
            if before is not None:
                yield from _after(unit, page, before)


def _one(unit: Unit, page: Page) -> Iterator[Finding]:
    year = str(page.front.year)
    if page.front.updated.year <= int(year):
        yield _at("SG757", unit, page, ("updated",), year=year, updated=page.front.updated.isoformat())
    figures = figures_of(page)
    if figures is None:
        yield _at("SG755", unit, page, ("kind",), year=year)
        return
    _, parts = texts(page.body)
    for number in TEXTS:
        if not parts.get(number):
            yield _at("SG754", unit, page, ("title",), year=year, part=PARTS[number - 1], numeral=heading(number)[0])
    try:
        table = table_of(unit, page)
    except LookupError as error:
        lacking = str(error.args[0])
        if lacking == year:
            yield _at("SG756", unit, page, ("figures",), year=year, what=N_("none is entered"))
        else:
            filed = next(f for f in unit.applications if f.data.number == lacking)
            line = filed.lines.get("result", filed.lines[""])
            what = N_("the entry does not say of what kind the applicant is, or why it was refused")
            yield finding("SG756", filed.file, line, 1, year=year, what=what, unit=unit.code)
        return
    for found in balances(table):
        yield _mismatch("SG751", unit, page, found)
    if figures.applications is not None and (have := _entered(unit, int(year))) is not None:
        for found in against_entries(table, have):
            yield _mismatch("SG752", unit, page, found)


def _entered(unit: Unit, year: int) -> Table | None:
    """What is entered, where it says enough to be compared."""
    try:
        return entered(unit, year)
    except LookupError:
        return None


def _after(unit: Unit, page: Page, before: Page) -> Iterator[Finding]:
    figures, earlier = figures_of(page), figures_of(before)
    if figures is None or earlier is None:
        return
    try:
        tables = table_of(unit, page), table_of(unit, before)
    except LookupError:
        return  # said of that report
    for found in with_year_before(figures, tables[0], earlier, tables[1]):
        yield _mismatch("SG753", unit, page, found)


def _mismatch(code: str, unit: Unit, page: Page, found: Mismatch) -> Finding:
    said = {"what": found.what, "which": found.which, "have": f"{found.have:,}", "want": f"{found.want:,}"}
    return _at(code, unit, page, ("figures", *found.key), year=str(page.front.year), **said)


def _at(code: str, unit: Unit, page: Page, key: tuple[str, ...], /, **args: str) -> Finding:
    """At a key of the head, or at the nearest one above it."""
    while key and key not in page.lines:
        key = key[:-1]
    return finding(code, page.file, page.lines.get(key, 2), 1, unit=unit.code, **args)
