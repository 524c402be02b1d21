"""Lists of all records, paged by year so that old pages never change.

Pages are numbered oldest first: page 1 of a year holds its first records for good. ``list/2026/`` shows the newest page, which also has
its own number. No page names how many there are, since that would change them all.
"""

from __future__ import annotations

import datetime as dt
from itertools import groupby

from msgspec import Struct

from sitegen.model.record_views import RecordView
from sitegen.model.views import UnitView

from . import menu, meta
from .home import POSTED_SHOWN, posted_now
from .spec import Crumb, PageSpec


class Month(Struct, frozen=True):
    """The records of one month, newest first."""

    day: dt.date
    """Its first day."""
    records: tuple[RecordView, ...]


class Year(Struct, frozen=True):
    """A year in the index of all records."""

    year: int
    count: int
    path: str


class ListData(Struct, frozen=True):
    """One page of a year."""

    heading: str
    years: tuple[Year, ...]
    """All years, on the index only."""
    months: tuple[Month, ...]
    number: int
    older: str
    """Path of the page before in time, or ""."""
    newer: str
    newest: str
    """Path of the year's newest page, or "" on it."""
    total: int
    """All records of the unit, on the index only."""


class PlainListData(Struct, frozen=True):
    """Records one below the other: what is posted, or all of an item's."""

    heading: str
    lead: str
    records: tuple[RecordView, ...]
    cards: bool
    """As cards with figures and agreement, or as lines."""


def years(view: UnitView) -> tuple[tuple[int, str], ...]:
    """Every year with records, the newest first, and the path of its list."""
    return tuple((year, f"list/{year}/") for year in sorted({r.published.year for r in view.records}, reverse=True))


def list_pages(view: UnitView) -> list[PageSpec]:
    """The index of all records, the years' pages, and what is posted when it is more than the home page shows."""
    if not view.records:
        return []
    oldest_first = sorted(view.records, key=lambda r: (r.published, r.id))
    years = {year: tuple(group) for year, group in groupby(oldest_first, key=lambda r: r.published.year)}
    made: list[PageSpec] = []
    for year, records in years.items():
        made += _year(view, year, records)
    newest = max(years)
    index = tuple(Year(y, len(years[y]), f"list/{y}/") for y in sorted(years, reverse=True))
    first = _page_data(view, newest, years[newest], _page_count(view, years[newest]))
    data = ListData("全部公开信息", index, first.months, 0, first.older, "", "", len(view.records))
    made.insert(0, _spec(view, "list/", "全部公开信息", data))
    posted = posted_now(view)
    if len(posted) > POSTED_SHOWN:
        plain = PlainListData("正在公示", "先到期的在前。", posted, True)
        made.append(_spec(view, "list/posted/", "正在公示", plain, template="pages/plain-list.html"))
    return made


def _page_count(view: UnitView, records: tuple[RecordView, ...]) -> int:
    return -(-len(records) // view.page_size)


def _year(view: UnitView, year: int, records: tuple[RecordView, ...]) -> list[PageSpec]:
    count = _page_count(view, records)
    made = []
    for number in range(1, count + 1):
        title = f"{year}年公开信息" + (f"（第{number}页）" if number > 1 else "")
        made.append(_spec(view, f"list/{year}/{number}/", title, _page_data(view, year, records, number)))
    newest = made[-1]
    made.append(_spec(view, f"list/{year}/", f"{year}年公开信息", newest.data, canonical=newest.path))
    return made


def _page_data(view: UnitView, year: int, records: tuple[RecordView, ...], number: int) -> ListData:
    count = _page_count(view, records)
    part = records[(number - 1) * view.page_size : number * view.page_size]
    months = tuple(Month(day, tuple(group)) for day, group in groupby(reversed(part), key=lambda r: r.published.replace(day=1)))
    return ListData(
        heading=f"{year}年公开信息",
        years=(),
        months=months,
        number=number if count > 1 else 0,
        older=f"list/{year}/{number - 1}/" if number > 1 else "",
        newer=f"list/{year}/{number + 1}/" if number < count else "",
        newest=f"list/{year}/" if number < count else "",
        total=0,
    )


def _spec(view: UnitView, path: str, title: str, data: object, template: str = "pages/list.html", canonical: str | None = None) -> PageSpec:
    return PageSpec(
        path=path,
        template=template,
        title=title,
        description=f"{menu.site_name(view)}：{title}。",
        section="list",
        data=data,
        crumbs=() if path == "list/" else (Crumb("全部公开信息", "list/"),),
        meta=meta.column(view, title),
        canonical=canonical,
    )
