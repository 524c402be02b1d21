"""Pages as values: which exist, where, in what order, and what they say of themselves."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal as D
from itertools import pairwise

import pytest
from msgspec.structs import replace

from sitegen.contents import for_web
from sitegen.model.addresses import RESERVED
from sitegen.model.catalog import CHANNELS
from sitegen.model.content_views import Figure
from sitegen.model.record_views import SliceView
from sitegen.model.views import TextPage, UnitView
from sitegen.site import menu
from sitegen.site.catalog import CatalogData
from sitegen.site.home import HomeData
from sitegen.site.lists import ListData
from sitegen.site.pages import pages
from sitegen.site.paging import PagedData
from sitegen.site.records import RecordData
from sitegen.site.sections import SectionData
from sitegen.site.spec import PageSpec
from tests.sample_view import record, subsidy_table
from tests.site import samples


def by_path(view: UnitView) -> dict[str, PageSpec]:
    made = pages(view)
    found = {p.path: p for p in made}
    assert len(found) == len(made)
    return found


def tops(view: UnitView) -> set[str]:
    return {p.partition("/")[0] for p in by_path(view)}


@pytest.mark.parametrize("make", [samples.county, samples.township, samples.village, samples.community])
def test_paths_are_unique_reserved_and_end_in_a_slash(make: object) -> None:
    view = make()  # type: ignore[operator]
    for path in by_path(view):
        assert path == "" or path.endswith("/")
        assert path.partition("/")[0] in RESERVED
        assert path == path.lower()


def test_village_has_its_three_sections_and_nothing_of_the_government_column() -> None:
    assert tops(samples.village()) == {
        "",
        "party",
        "affairs",
        "finance",
        "checklist",
        "list",
        "search",
        "documents",
        "feeds",
        "catalog",
        "r",
    }


def test_government_column_is_complete_and_in_the_uniform_order() -> None:
    assert tops(samples.county()) == {
        "", "guide", "rules", "fields", "reports", "apply", "about", "list", "search", "documents", "feeds", "catalog", "supervision", "r",
    }  # fmt: skip
    keys = [e.key for e in menu.menu(samples.county())]
    assert keys == ["home", "guide", "rules", "fields", "reports", "apply", "list", "catalog", "supervision"]


def test_a_section_without_content_is_neither_made_nor_named() -> None:
    view = samples.community()
    assert "party" not in tops(view)
    assert "party" not in {e.key for e in menu.menu(view)}
    assert [t.title for t in _home(view).tiles] == ["居务", "财务"]
    empty = replace(samples.county(), records=(), pages=(), fields=(), children=(), supervision_facts=None)
    assert [p.path for p in pages(empty)] == ["", "search/"]
    home = _home(empty)
    assert (home.tiles, home.fields, home.latest, home.posted, home.children, home.ended) == ((), (), (), (), (), None)


def test_every_menu_entry_and_crumb_leads_to_a_page() -> None:
    for view in (samples.county(), samples.township(), samples.village(), samples.community()):
        found = by_path(view)
        targets = {e.path for e in menu.menu(view)} | {c.path.partition("#")[0] for p in found.values() for c in p.crumbs}
        assert targets <= set(found)


def _home(view: UnitView) -> HomeData:
    data = by_path(view)[""].data
    assert isinstance(data, HomeData)
    return data


def test_home_puts_first_what_ends_first() -> None:
    home = _home(samples.village())
    assert [r.id for r in home.posted] == ["2026-0016", "2026-0017"]
    assert [r.id for r in home.upcoming] == ["2026-0019"]
    assert home.on_boards == "应张贴 2 张"
    assert not {r.id for r in (*home.posted, *home.upcoming)} & {r.id for r in home.latest}


def test_home_names_the_posting_that_ended_last_when_none_is_on() -> None:
    home = _home(samples.community())
    assert not home.posted
    assert home.ended is not None


def test_many_postings_get_a_page_and_many_children_too() -> None:
    view = samples.village()
    on = tuple(replace(r, posting=samples.ON) for r in view.records)
    assert "list/posted/" in by_path(replace(view, records=on))
    assert "list/posted/" not in by_path(view)
    assert "units/" not in by_path(samples.township(12))
    assert len(by_path(samples.township(13))["units/"].data) == 13  # type: ignore[arg-type]


# Lists


def _listed(size: int, count: int) -> UnitView:
    view = samples.village(extra=0)
    first = dt.date(2026, 1, 1)
    made = [record(f"2026-{n:04d}", f"第{n}件", "CW-01", (first + dt.timedelta(n)).isoformat()) for n in range(count)]
    return replace(view, page_size=size, records=tuple(reversed(made)), fields=())


def _list_data(view: UnitView) -> dict[str, ListData]:
    return {path: p.data for path, p in by_path(view).items() if isinstance(p.data, ListData) and path != "list/"}


def test_pages_are_numbered_oldest_first() -> None:
    made = _list_data(_listed(10, 25))
    assert set(made) == {"list/2026/", "list/2026/1/", "list/2026/2/", "list/2026/3/"}
    first = [r.id for m in made["list/2026/1/"].months for r in m.records]
    assert sorted(first) == [f"2026-{n:04d}" for n in range(10)]
    assert first == sorted(first, reverse=True)
    assert made["list/2026/"] == made["list/2026/3/"]
    assert (made["list/2026/3/"].older, made["list/2026/3/"].newer) == ("list/2026/2/", "")
    assert by_path(_listed(10, 25))["list/2026/"].canonical == "list/2026/3/"


@pytest.mark.parametrize("count", [19, 20, 21, 25])
def test_adding_a_record_changes_only_the_last_page(count: int) -> None:
    before, after = _list_data(_listed(10, count)), _list_data(_listed(10, count + 1))
    changed = {path for path in after if before.get(path) != after[path]}
    last = -(-count // 10)
    assert changed <= {"list/2026/", f"list/2026/{last}/", f"list/2026/{last + 1}/"}
    assert "list/2026/1/" not in changed


def test_every_record_is_listed_once_in_its_year() -> None:
    view = samples.village()
    years = {r.published.year for r in view.records}
    made = _list_data(view)
    for year in years:
        numbered = [d for path, d in made.items() if path.startswith(f"list/{year}/") and path != f"list/{year}/"]
        ids = [r.id for d in numbered for m in d.months for r in m.records]
        assert sorted(ids) == sorted(r.id for r in view.records if r.published.year == year)


# Sections


def test_an_item_with_many_records_has_a_page_of_its_own() -> None:
    view = samples.village(extra=150)
    data = by_path(view)["finance/"].data
    assert isinstance(data, SectionData)
    block = data.blocks[0].items[0]
    assert len(block.records) == 5
    assert block.count > 5
    listed = by_path(view)[block.path].data
    assert isinstance(listed, PagedData)
    assert sum(len(g.records) for g in listed.groups) == block.count


def test_affairs_show_what_is_the_villages_own_before_what_is_the_governments() -> None:
    data = by_path(samples.village())["affairs/"].data
    assert isinstance(data, SectionData)
    assert [b.heading for b in data.blocks] == ["本村事务", "涉农补贴"]


def test_rules_one_at_the_section_itself_several_below_it() -> None:
    assert "rules/rules-1/" in by_path(samples.township())
    assert "rules/rules-1/" not in by_path(samples.county())
    assert "rules/" in by_path(samples.county())


def test_two_reports_of_a_year_do_not_share_an_address() -> None:
    view = samples.county()
    twice = TextPage("report", "report-2025-fu", "2025年补充报告", dt.date(2026, 2, 1), 2025, "补充。")
    assert {"reports/report-2025/", "reports/report-2025-fu/", "reports/2024/"} <= set(by_path(replace(view, pages=(*view.pages, twice))))


# Records


def _record(view: UnitView, id: str) -> tuple[PageSpec, RecordData]:
    page = by_path(view)[f"r/{id}/"]
    assert isinstance(page.data, RecordData)
    return page, page.data


def test_personal_lists_are_noindex_and_others_are_not() -> None:
    view = samples.village()
    for r in view.records:
        assert by_path(view)[f"r/{r.slug}/"].noindex is r.personal


def test_rows_that_do_not_belong_on_the_web_are_explained_instead() -> None:
    _, data = _record(for_web(samples.village()), "2026-0016")
    assert not data.show_rows
    assert "公示栏" in data.why_no_rows
    view = samples.village()
    gone = tuple(replace(r, rows_expired=True, web_rows=False) for r in view.records)
    assert "撤下" in _record(for_web(replace(view, records=gone)), "2026-0017")[1].why_no_rows


def test_village_sums_add_up_and_are_left_out_where_a_figure_is_missing() -> None:
    _, data = _record(samples.township(), "2026-0017")
    assert data.slices is not None
    assert data.slices.totals == tuple(f"{f.value:,.{f.decimals}f}" for f in data.record.figures)
    view = samples.township()
    part = SliceView("新立村", None, (Figure("户数", D(3), 0, "户"),), False)
    with_gap = replace(view.records[0], slices=(*view.records[0].slices, part))
    _, data = _record(replace(view, records=(with_gap, *view.records[1:])), "2026-0017")
    assert data.slices is not None
    assert data.slices.totals == ("103", "", "")


def test_table_is_set_by_its_columns() -> None:
    _, data = _record(samples.village(), "2026-0017")
    assert data.align == "r3 r4 r5"
    assert data.label_span == 2
    assert data.content.table == subsidy_table(42)


def test_attachments_lie_beside_the_page() -> None:
    page, _ = _record(samples.village(), "2026-0017")
    assert [a.href for a in page.files] == ["biaozhun.pdf"]


# Meta tags


def test_government_meta_tags() -> None:
    county = by_path(samples.county())
    page = next(p for p in county.values() if p.path.startswith("r/"))
    tags = dict(page.meta)
    assert tags["SiteIDCode"] == "2301700000"
    assert tags["ArticleTitle"] == page.title
    assert {"SiteName", "SiteDomain", "ColumnName", "ColumnType", "PubDate", "ContentSource"} <= set(tags)
    column = dict(county["fields/"].meta)
    assert column["ColumnName"] == "法定主动公开内容"
    assert "ArticleTitle" not in column


def test_a_village_carries_no_site_code() -> None:
    view = replace(samples.village(), footer=samples.county().footer)
    assert not any(name == "SiteIDCode" for p in pages(view) for name, _ in p.meta)


# Catalogue


def test_catalogue_rows_carry_every_column_of_the_official_table() -> None:
    view = samples.village()
    data = by_path(view)["catalog/snbt/"].data
    assert isinstance(data, CatalogData)
    rows = [r for g in data.groups for r in g.rows]
    assert [r.number for r in rows] == list(range(1, len(rows) + 1))
    first = rows[0]
    assert [c for c, _ in first.said.channels] == list(CHANNELS)
    assert [name for name, _ in first.said.flags] == ["全社会", "特定群体", "主动", "依申请", "县级", "乡级", "村级"]
    assert first.said.subject == "村民委员会"
    assert first.link == "r/2026-0017/"


def test_catalogue_links_lead_to_pages_and_groups_are_merged() -> None:
    for view in (samples.county(), samples.township(), samples.village()):
        found = by_path(view)
        for page in found.values():
            if isinstance(page.data, CatalogData):
                names = [g.name for g in page.data.groups]
                assert all(a != b for a, b in pairwise(names))
                assert {r.link.partition("#")[0] for g in page.data.groups for r in g.rows if r.link} <= set(found)
