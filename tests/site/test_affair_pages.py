"""Village affairs: accounts as pictures and tables, resolutions with results, focus fields, the committee, past periods; only where there is something."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal as D

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from sitegen.charts import amounts
from sitegen.model.affair_views import AffairsView, AppealView, CommitteeView, FocusView, ResolutionView, ReviewView, StatementView
from sitegen.model.views import UnitView
from sitegen.site import menu
from sitegen.site.accounts import AccountsData
from sitegen.site.affairs import ChecklistData, FocusData, PeriodsData, ResolutionsData
from sitegen.site.committee import AskData, CommitteeData
from sitegen.site.pages import pages
from tests.site import samples

OWN = ("accounts/", "focus/", "resolutions/", "checklist/", "periods/", "committee/", "ask/")
APPEALS = (AppealView("大河村", "大河村村务监督委员会", "先找它", "0451-0000 1299", None, None),)


def statement(
    period: str, start: str, end: str, opening: str, income: str, expense: str, kind: str = "quarter", **over: object
) -> StatementView:
    made = StatementView(
        "2026-0012", period, kind, dt.date.fromisoformat(start), dt.date.fromisoformat(end), D(opening), D(income), D(expense), D(opening) + D(income) - D(expense),
        (("发包收入", D(income)), ("其他收入", D("1.00"))), (("管理费用", D(expense)),),
    )  # type: ignore[arg-type]  # fmt: skip
    return replace(made, **over)  # type: ignore[arg-type]


Q1 = statement("2026年第一季度", "2026-01-01", "2026-03-31", "100.00", "50.00", "30.00")
Q2 = statement("2026年第二季度", "2026-04-01", "2026-06-30", "120.00", "40.00", "10.00")
JULY = statement("2026年7月", "2026-07-01", "2026-07-31", "150.00", "5.00", "1.00", kind="month")
OLD = statement("2025年第四季度", "2025-10-01", "2025-12-31", "90.00", "20.00", "10.00")


def village(**affairs: object) -> UnitView:
    return replace(samples.village(8, 12), affairs=AffairsView(**affairs))  # type: ignore[arg-type]


def found(view: UnitView) -> dict[str, object]:
    return {p.path: p.data for p in pages(view) if p.path.startswith(OWN)}


def test_nothing_but_the_list_of_items_is_shown_of_a_village_without_more() -> None:
    assert set(found(village())) == {"checklist/"}
    assert not {"committee", "ask"} & {e.key for e in menu.menu(village())}


def test_a_government_has_none_of_a_village_s_pages() -> None:
    affairs = AffairsView(statements=(Q1,), appeals=APPEALS, covers=(("2026-0012", Q1.start, Q1.end),))
    assert found(replace(samples.township(), affairs=affairs)) == {}


def test_the_accounts_of_the_newest_year_stand_first_and_earlier_ones_at_their_own_addresses() -> None:
    got = found(village(statements=(OLD, Q1, Q2, JULY)))
    assert [p for p in got if p.startswith("accounts/")] == ["accounts/", "accounts/2025/"]
    data = got["accounts/"]
    assert isinstance(data, AccountsData)
    assert [t.kind for t in data.tables] == ["季度", "月份"]
    assert [(line.name, line.opening, line.closing) for line in data.tables[0].lines] == [
        ("一季度", "100.00", "120.00"),
        ("二季度", "120.00", "150.00"),
    ]
    assert data.tables[0].total == ("90.00", "40.00")
    assert data.years == ((2025, "accounts/2025/"),)


def test_the_year_in_figures_is_of_the_statements_that_cover_most_and_counts_nothing_twice() -> None:
    data = found(village(statements=(Q1, Q2, JULY)))["accounts/"]
    assert isinstance(data, AccountsData)
    assert [text for _, text, _ in data.facts] == ["100.00元", "90.00元", "40.00元", "150.00元"]


def test_statements_with_a_gap_between_them_have_no_total() -> None:
    third = replace(Q2, start=dt.date(2026, 7, 1), end=dt.date(2026, 9, 30))
    data = found(village(statements=(Q1, third)))["accounts/"]
    assert isinstance(data, AccountsData)
    assert data.tables[0].total is None


def test_one_statement_alone_needs_no_picture() -> None:
    data = found(village(statements=(Q1,)))["accounts/"]
    assert isinstance(data, AccountsData)
    assert data.tables[0].chart == ""


def test_resolutions_stand_with_their_results_and_what_is_missing_has_its_word() -> None:
    view = village(
        resolutions=(
            ResolutionView("2026-0019", ("2026-0012",), None, "done"),
            ResolutionView("2026-0009", (), dt.date(2026, 12, 31), "open"),
            ResolutionView("2026-0016", (), dt.date(2026, 6, 30), "late"),
        )
    )
    data = found(view)["resolutions/"]
    assert isinstance(data, ResolutionsData)
    assert [p.word for p in data.pairs] == ["已落实并公开结果", "正在落实", "结果尚未公开"]
    assert (data.done, [r.id for r in data.pairs[0].results]) == (1, ["2026-0012"])


def test_a_focus_field_with_more_than_five_has_a_page_of_its_own() -> None:
    ids = tuple(r.id for r in village().records)
    got = found(village(focus=(FocusView("sanzi", "集体三资", "钱和地", ids[:7]), FocusView("jiuzhu", "社会救助", "评了谁", ids[7:9]))))
    data, whole = got["focus/"], got["focus/sanzi/"]
    assert isinstance(data, FocusData)
    assert [(b.name, len(b.records), b.path) for b in data.blocks] == [("集体三资", 5, "focus/sanzi/"), ("社会救助", 2, "")]
    assert isinstance(whole, FocusData)
    assert len(whole.blocks[0].records) == 7
    assert "focus/jiuzhu/" not in got


def test_the_committee_s_reviews_are_told_by_year() -> None:
    reviews = tuple(ReviewView(f"{y}年10月", y, dt.date(y, 11, 5), "票据28张", None, "同意") for y in (2026, 2025))
    data = found(
        village(committee=CommitteeView(None, None, (("主任", "王*山", None),), (), reviews, ((dt.date(2026, 4, 16), "2026-0012"),), ()))
    )["committee/"]
    assert isinstance(data, CommitteeData)
    assert [year for year, _ in data.years] == [2026, 2025]
    assert [(day, r.id) for day, r in data.signed] == [("2026年4月16日", "2026-0012")]


def test_how_to_ask_names_what_is_posted_now() -> None:
    data = found(village(appeals=APPEALS, reply_days=10))["ask/"]
    assert isinstance(data, AskData)
    assert data.posted
    assert data.days == 10
    assert "ask" in {e.key for e in menu.menu(village(appeals=APPEALS))}


def test_records_stand_in_the_quarter_that_they_are_about_and_what_is_longer_under_the_year() -> None:
    covers = (
        ("2026-0012", dt.date(2026, 1, 1), dt.date(2026, 3, 31)),
        ("2026-0016", dt.date(2026, 1, 1), dt.date(2026, 12, 31)),
        ("2026-0009", dt.date(2025, 12, 1), dt.date(2025, 12, 31)),
        ("2026-0017", dt.date(2027, 1, 1), dt.date(2029, 12, 31)),
    )
    got = found(village(covers=covers))
    assert [p for p in got if p.startswith("periods/")] == ["periods/", "periods/2025/"]
    data = got["periods/"]
    assert isinstance(data, PeriodsData)
    assert [(q.name, q.count) for q in data.quarters] == [("第四季度", 1), ("第一季度", 1), ("全年的", 1)]
    old = got["periods/2025/"]
    assert isinstance(old, PeriodsData)
    assert [q.name for q in old.quarters] == ["第四季度"]


def test_the_list_counts_what_was_published_and_names_each_period() -> None:
    base = samples.village(8, 0)
    row = next(r for r in base.records if r.id == "2026-0012")
    affairs = AffairsView(covers=((row.id, dt.date(2026, 1, 1), dt.date(2026, 3, 31)),))
    data = found(replace(base, affairs=affairs))["checklist/"]
    assert isinstance(data, ChecklistData)
    rows = {r.view.item.id: r for b in data.blocks for _, rows in b.groups for r in rows}
    assert [p.label for p in rows[row.item].periods] == ["一季度"]
    assert rows[row.item].year == 2026
    assert all(r.path == "" for r in rows.values() if not r.count)


@given(st.lists(st.tuples(*[st.decimals(0, 9_999_999, places=2)] * 2), min_size=1, max_size=12))
def test_no_column_of_a_chart_is_taller_than_its_scale(values: list[tuple[D, D]]) -> None:
    svg = amounts(
        "a", "收支", "说明", [str(n) for n in range(len(values))], [("收入", [a for a, _ in values]), ("支出", [b for _, b in values])]
    )
    lines = [float(y) for y in re.findall(r'<path d="M46 ([\d.]+)H', svg)]
    tops = [
        float(y) for y, fill in re.findall(r'y="([\d.]+)" width="[\d.]+" height="[\d.]+" fill="(#1f5f99|#9cc3e0)"', svg) if float(y) > 20
    ]
    assert 2 <= len(lines) <= 7
    assert all(min(lines) - 0.2 <= top <= max(lines) for top in tops)
