"""Annual reports of a unit: which figures its page gives, which its records and its applications give."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date as Day

from .annual import AnnualFigures, AnnualReport, Documents, Table, count, report
from .documents import document_type
from .region import Catalog, Page, Record, Unit


def figures_of(page: Page) -> AnnualFigures | None:
    """The figures of a year's report in the statutory form; ``None`` for any other page."""
    return page.front.figures if page.front.kind == "report" and page.front.year else None


def entered(unit: Unit, year: int) -> Table | None:
    """The table of a year from the applications entered one by one; ``None`` where none are.

    Raises :class:`LookupError` with the number of an application that does not say what the table asks.
    """
    known = [f.data for f in unit.applications]
    return count(known, year) if any(a.received.year == year for a in known) else None


def table_of(unit: Unit, page: Page) -> Table:
    """The table of applications: as the page gives it, else as entered.

    Raises :class:`LookupError` with what is lacking: the year, where there is neither, or the number of an application.
    """
    assert page.front.figures is not None
    assert page.front.year is not None
    given = page.front.figures.applications
    if given is not None:
        return given
    found = entered(unit, page.front.year)
    if found is None:
        raise LookupError(str(page.front.year))
    return found


def documents_of(unit: Unit, page: Page, catalog: Catalog) -> Documents:
    """Normative documents: as the page gives them, else as the records tell."""
    assert page.front.figures is not None
    assert page.front.year is not None
    return page.front.figures.normative or normative(unit.records, catalog, page.front.year)


def annual_report(unit: Unit, page: Page, catalog: Catalog) -> AnnualReport | None:
    """A page as a report in the statutory form; ``None`` where it is none, or where its figures do not say enough."""
    figures = figures_of(page)
    if figures is None:
        return None
    try:
        table = table_of(unit, page)
    except LookupError:
        return None
    return report(page.body, figures, table, documents_of(unit, page, catalog))


def normative(records: Sequence[Record], catalog: Catalog, year: int) -> Documents:
    """Normative documents (行政规范性文件) of a year among a unit's public records."""
    mine = [r for r in records if r.front.attribute == "主动公开" and _type(r, catalog) == "规范性文件"]
    end = Day(year, 12, 31)
    return Documents(
        made=sum(1 for r in mine if r.front.formed.year == year),
        abolished=sum(1 for r in mine if (day := _ended(r)) is not None and day.year == year),
        in_force=sum(1 for r in mine if r.front.formed <= end and ((day := _ended(r)) is None or day > end)),
    )


def _type(record: Record, catalog: Catalog) -> str:
    item = catalog.items.get(record.front.item)
    return record.front.type or (document_type(record.front, item, catalog.field_of[item.id].section) if item else "")


def _ended(record: Record) -> Day | None:
    """The day on which a document ended, as far as it says; what is not in force and does not say since when never was."""
    front = record.front
    days = [day for day in (front.abolished, front.valid_until) if day is not None]
    if front.validity != "有效" and not days:
        return front.formed
    return min(days, default=None)
