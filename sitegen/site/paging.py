"""Lists of some of a unit's records: one page while they are few, else a page set for every year, oldest first, so that old pages never change."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from msgspec import Struct
from msgspec.structs import replace

from sitegen.model.record_views import RecordView
from sitegen.model.views import UnitView

from . import meta
from .lists import Year
from .spec import Alternate, Crumb, PageSpec


class Listing(Struct, frozen=True):
    """What is listed: where, under which name, and what stands above it."""

    path: str
    """Ends in a slash."""
    title: str
    lead: str
    section: str
    crumbs: tuple[Crumb, ...]
    note: str = ""
    """What sets these records apart, for the page's description."""
    alternates: tuple[Alternate, ...] = ()


class Group(Struct, frozen=True):
    """Records under one heading, newest first."""

    heading: str
    records: tuple[RecordView, ...]


class PagedData(Struct, frozen=True):
    """One page of a listing."""

    heading: str
    lead: str
    total: int
    """All records of the listing; 0 on the pages of a year, which must not change when another year does."""
    years: tuple[Year, ...]
    """Ways to the years' pages, on the first page only."""
    groups: tuple[Group, ...]
    number: int
    older: str
    newer: str
    newest: str


def listing_pages(view: UnitView, what: Listing, records: Sequence[RecordView]) -> list[PageSpec]:
    """The pages of a listing. ``records`` are newest first, as the view has them; none give no page."""
    if not records:
        return []
    if len(records) <= view.page_size:
        groups = tuple(Group(f"{year}年", tuple(found)) for year, found in groupby(records, key=lambda r: r.published.year))
        return [_spec(view, what, what.path, what.title, PagedData(what.title, what.lead, len(records), (), groups, 0, "", "", ""))]
    made: list[PageSpec] = []
    years = []
    for year, found in groupby(records, key=lambda r: r.published.year):
        of_year = tuple(reversed(tuple(found)))
        years.append(Year(year, len(of_year), f"{what.path}{year}/"))
        made += _year(view, what, year, of_year)
    newest = made[0].data
    assert isinstance(newest, PagedData)
    first = replace(newest, heading=what.title, lead=what.lead, total=len(records), years=tuple(years), number=0, newest="")
    return [_spec(view, what, what.path, what.title, first), *made]


def _year(view: UnitView, what: Listing, year: int, records: tuple[RecordView, ...]) -> list[PageSpec]:
    """The pages of a year, newest first; the year's own address shows the newest."""
    base, size = f"{what.path}{year}/", view.page_size
    count = -(-len(records) // size)
    below = replace(what, crumbs=(*what.crumbs, Crumb(what.title, what.path)))
    made = []
    for number in range(count, 0, -1):
        part = records[(number - 1) * size : number * size]
        months = groupby(reversed(part), key=lambda r: r.published.month)
        data = PagedData(
            heading=f"{what.title}（{year}年）",
            lead="",
            total=0,
            years=(),
            groups=tuple(Group(f"{year}年{month}月", tuple(found)) for month, found in months),
            number=number if count > 1 else 0,
            older=f"{base}{number - 1}/" if number > 1 else "",
            newer=f"{base}{number + 1}/" if number < count else "",
            newest=base if number < count else "",
        )
        title = f"{year}年{what.title}" + (f"（第{number}页）" if number > 1 else "")
        made.append(_spec(view, below, f"{base}{number}/", title, data))
    return [replace(made[0], path=base, canonical=made[0].path), *made]


def _spec(view: UnitView, what: Listing, path: str, title: str, data: PagedData) -> PageSpec:
    return PageSpec(
        path=path,
        template="pages/paged.html",
        title=title,
        description=f"{view.unit.name}{title}。{what.note}",
        section=what.section,
        data=data,
        crumbs=what.crumbs,
        meta=meta.column(view, title),
        changed=data.groups[0].records[0].published,
        alternates=what.alternates if path == what.path else (),
    )
