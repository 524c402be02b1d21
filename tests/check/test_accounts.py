"""Accounts add up, are carried over and agree with their details; one wrong figure is one finding, at its row."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sitegen.check.accounts import check_accounts
from sitegen.check.echoes import without_echoes
from sitegen.model.accounts import DIGIT, LOOK, MYRIAD, POINT, SIGN, SWAPPED, cause
from sitegen.model.finding import Finding, finding
from sitegen.model.region import Record
from tests.check.county import OTHER, TOWN, VILLAGE, County, Rows, said

DETAILS: Rows = [
    {
        "no": 1,
        "date": dt.date(2026, 7, 15),
        "voucher_no": "07-01",
        "kind": "收入",
        "category": "上级拨付收入",
        "item": "运转经费",
        "amount": 18500,
    },
    {
        "no": 2,
        "date": dt.date(2026, 8, 4),
        "voucher_no": "08-02",
        "kind": "收入",
        "category": "发包收入",
        "item": "承包费",
        "amount": 48192,
    },
    {
        "no": 3,
        "date": dt.date(2026, 9, 2),
        "voucher_no": "09-03",
        "kind": "收入",
        "category": "经营收入",
        "item": "服务费",
        "amount": 21480,
    },
    {"no": 4, "date": dt.date(2026, 7, 18), "voucher_no": "07-11", "kind": "支出", "category": "公益支出", "item": "值守", "amount": 5520},
    {"no": 5, "date": dt.date(2026, 8, 14), "voucher_no": "08-12", "kind": "支出", "category": "管理费用", "item": "网络费", "amount": 727},
    {"no": 6, "date": dt.date(2026, 9, 9), "voucher_no": "09-13", "kind": "支出", "category": "项目支出", "item": "验收", "amount": 3600},
]


def row(opening: int, months: tuple[int, ...] = (7, 8, 9), **over: Any) -> dict[str, Any]:
    """The statement of some months of the details."""
    parts: dict[str, int] = {
        "income_allocated": 0,
        "income_contract": 0,
        "income_operating": 0,
        "expense_welfare": 0,
        "expense_admin": 0,
        "expense_project": 0,
    }
    names = dict(zip(("上级拨付收入", "发包收入", "经营收入", "公益支出", "管理费用", "项目支出"), parts, strict=True))
    for entry in DETAILS:
        if entry["date"].month in months:
            parts[names[entry["category"]]] += entry["amount"]
    income = sum(v for k, v in parts.items() if k.startswith("income"))
    expense = sum(v for k, v in parts.items() if k.startswith("expense"))
    return {"opening": opening, **parts, "income": income, "expense": expense, "closing": opening + income - expense, **over}


def books() -> tuple[County, dict[str, Record]]:
    """A village's second and third quarter with the months and details of the third, the township's table, and its payments."""
    county = County()
    quiet = {"opening": 50000, "income_other": 1000, "income": 1000, "expense_admin": 400, "expense": 400, "closing": 50600}
    made = {
        "Q2": county.add(VILLAGE, "q2", "CJ-01", [quiet], period="2026-Q2", scope="全体村民"),
        "Q3": county.add(VILLAGE, "q3", "CJ-01", [row(50600)], period="2026-Q3", scope="全体村民"),
        "details": county.add(VILLAGE, "d3", "CJ-04", DETAILS, period="2026-Q3", scope="全体村民"),
    }
    balance = 50600
    for month in (7, 8, 9):
        statement = row(balance, (month,))
        made[f"{month}"] = county.add(VILLAGE, f"m{month}", "CJ-01", [statement], period=f"2026-{month:02}", scope="全体村民")
        balance = statement["closing"]
    made["town"] = county.add(
        TOWN, "t3", "CZYJ-20", [{"village": "大河村", **row(50600)}, {"village": "小河村", **row(900)}], period="2026-Q3"
    )
    paid = [{"no": 1, "village": "大河村", "fund": "运转经费", "amount": 18500, "paid_on": dt.date(2026, 7, 14)}]
    made["paid"] = county.add(TOWN, "p3", "CZYJ-21", paid, period="2026-Q3")
    return county, made


def check(county: County) -> list[Finding]:
    return list(check_accounts(county.scope()))


def test_sound_books_give_no_finding() -> None:
    assert check(books()[0]) == []


STATEMENT = ["opening", "income_allocated", "income_contract", "income", "expense_welfare", "expense_admin", "expense", "closing"]


@pytest.mark.parametrize("which", ["Q3", "7", "8", "9", "town"])
@pytest.mark.parametrize("column", STATEMENT)
@pytest.mark.parametrize("by", [100, -3, 99_000_000])
def test_one_wrong_figure_of_a_statement_is_one_finding_at_its_row(which: str, column: str, by: int) -> None:
    county, made = books()
    record = made[which]
    table = next(c.table for r, c in county.made[record.unit] if r is record)
    assert table is not None
    value = table.rows[0][table.columns.index(column)]
    assert isinstance(value, Decimal)
    found = check(county.edit(record, 2, **{column: value + by}))
    assert said(found) == [f"{record.unit}/{record.front.id}.csv:2 {'SG602' if '_' in column else 'SG601'}"]


@pytest.mark.parametrize("line", range(2, 8))
@pytest.mark.parametrize("make", [lambda v: v * 10, lambda v: -v, lambda v: v + 1], ids=["ten", "sign", "one"])
def test_one_wrong_amount_of_the_details_is_one_finding_at_its_row(line: int, make: Any) -> None:
    county, made = books()
    found = check(county.edit(made["details"], line, amount=make(Decimal(DETAILS[line - 2]["amount"]))))
    assert said(found) == [f"{VILLAGE}/d3.csv:{line} SG604"]


@pytest.mark.parametrize("line", range(2, 8))
def test_a_wrong_kind_or_category_is_one_finding_at_its_row(line: int) -> None:
    county, made = books()
    entry = DETAILS[line - 2]
    kind = {"收入": "支出", "支出": "收入"}[entry["kind"]]
    assert said(check(county.edit(made["details"], line, kind=kind))) == [f"{VILLAGE}/d3.csv:{line} SG605"]
    category = "其他收入" if entry["kind"] == "收入" else "其他支出"
    assert said(check(county.edit(made["details"], line, category=category))) == [f"{VILLAGE}/d3.csv:{line} SG605"]


@pytest.mark.parametrize("line", range(2, 8))
def test_a_row_that_is_missing_is_one_finding_that_names_its_amount(line: int) -> None:
    county, made = books()
    (found,) = check(county.without(made["details"], line))
    assert found.code == "SG604"
    assert f"{DETAILS[line - 2]['amount']:,}.00 apart" in found.message("en")


def test_a_row_entered_twice_is_found_where_it_stands_again() -> None:
    county = County()
    county.add(VILLAGE, "q3", "CJ-01", [row(50600)], period="2026-Q3")
    county.add(VILLAGE, "d3", "CJ-04", [*DETAILS, DETAILS[3]], period="2026-Q3")
    assert said(check(county)) == [f"{VILLAGE}/d3.csv:8 SG604"]


@pytest.mark.parametrize("line", range(2, 8))
def test_a_date_out_of_the_period_is_one_finding_at_its_row(line: int) -> None:
    county, made = books()
    found = check(county.edit(made["details"], line, date=dt.date(2026, 10, 3)))
    assert said(found) == [f"{VILLAGE}/d3.csv:{line} SG612"]


def test_a_wrong_period_is_one_finding_at_the_period() -> None:
    county = County()
    record = county.add(VILLAGE, "d2", "CJ-04", DETAILS, period="2026-Q2")
    assert said(check(county)) == [f"{VILLAGE}/d2.md:{record.lines['period']} SG613"]


def test_a_voucher_used_on_two_days_is_found_at_the_row_that_breaks_the_order() -> None:
    county, made = books()
    assert said(check(county.edit(made["details"], 3, voucher_no="09-03"))) == [f"{VILLAGE}/d3.csv:3 SG611"]
    assert said(check(county.edit(made["details"], 7, voucher_no="08-12"))) == [f"{VILLAGE}/d3.csv:7 SG611"]


def test_several_rows_of_one_voucher_on_one_day_are_a_split_payment() -> None:
    county = County()
    entries = [{**DETAILS[3], "no": n, "amount": 10} for n in (1, 2, 3)]
    county.add(VILLAGE, "d3", "CJ-05", entries, period="2026-Q3")
    assert check(county) == []


def numbered(*days: tuple[int, int, str]) -> Rows:
    return [{**DETAILS[3], "no": n, "date": dt.date(2026, m, d), "voucher_no": v} for n, (m, d, v) in enumerate(days, 1)]


def test_numbers_that_start_again_every_month_are_no_second_use() -> None:
    county = County()
    days = [(m, d, f"记-{d:03}") for m in (7, 8, 9) for d in range(1, m - 3)]
    county.add(VILLAGE, "d3", "CJ-05", numbered(*days), period="2026-Q3")
    assert check(county) == []
    county = County()
    county.add(VILLAGE, "d3", "CJ-05", numbered(*days, (9, 8, "记-003")), period="2026-Q3")
    assert said(check(county)) == [f"{VILLAGE}/d3.csv:{len(days) + 2} SG611"]


def test_numbers_that_run_through_the_year_are_used_once_in_it() -> None:
    county = County()
    days = [(m, d, f"记-{(m - 7) * 4 + d:03}") for m in (7, 8, 9) for d in (1, 2, 3, 4)]
    county.add(VILLAGE, "d3", "CJ-05", numbered(*days, (9, 20, "记-002")), period="2026-Q3")
    assert said(check(county)) == [f"{VILLAGE}/d3.csv:14 SG611"]


def test_a_missing_period_breaks_no_chain() -> None:
    county = County()
    for quarter, opening in (("Q1", 100), ("Q3", 70_000)):
        county.add(VILLAGE, quarter, "CJ-01", [row(opening)], period=f"2026-{quarter}")
    assert check(county) == []


def test_a_balance_that_is_not_carried_over_is_found_where_it_should_have_been() -> None:
    county = County()
    county.add(VILLAGE, "q1", "CJ-01", [row(100)], period="2026-Q1")
    county.add(VILLAGE, "q2", "CJ-01", [row(70_000)], period="2026-Q2")
    county.add(VILLAGE, "q3", "CJ-01", [row(70_000 + 88172 - 9847)], period="2026-Q3")
    (found,) = check(county)
    assert said([found]) == [f"{VILLAGE}/q2.csv:2 SG603"]
    assert "78,425.00" in found.message("en")
    assert "2026年第一季度" in found.message("zh")


def test_months_that_do_not_make_their_quarter() -> None:
    county = County()
    flat = {"opening": 100, "income": 10, "expense": 10, "closing": 100}
    county.add(VILLAGE, "q3", "CJ-01", [{**flat, "income": 40, "expense": 40}], period="2026-Q3")
    for month in (7, 8, 9):
        county.add(VILLAGE, f"m{month}", "CJ-01", [flat], period=f"2026-{month:02}")
    assert said(check(county)) == [f"{VILLAGE}/q3.csv:2 SG606"]


def test_two_accounts_of_a_village_are_two_chains() -> None:
    county = County()
    for n, (quarter, shift) in enumerate((("Q1", 0), ("Q2", 78325))):
        county.add(VILLAGE, f"a{n}", "CJ-01", [row(100 + shift)], period=f"2026-{quarter}", subject="合作社")
        county.add(VILLAGE, f"b{n}", "CJ-01", [row(900 + shift)], period=f"2026-{quarter}", subject="村委会")
    assert check(county) == []


def test_zero_rows_and_negative_corrections_are_legitimate() -> None:
    county = County()
    entries = [
        *DETAILS,
        {**DETAILS[3], "no": 7, "amount": -520, "voucher_no": "07-12"},
        {**DETAILS[3], "no": 8, "amount": 0, "voucher_no": "07-13"},
    ]
    county.add(VILLAGE, "q3", "CJ-01", [row(100, expense_welfare=5000, expense=9327, closing=100 + 88172 - 9327)], period="2026-Q3")
    county.add(VILLAGE, "d3", "CJ-04", entries, period="2026-Q3")
    assert check(county) == []


def test_a_row_that_could_not_be_read_is_not_judged_again() -> None:
    county, made = books()
    broken = county.edit(made["Q3"], 2, income=None)
    found = [finding("SG206", f"{VILLAGE}/q3.csv", 2, 1, column="收入合计", value="x", problem="number")]
    assert list(check_accounts(broken.scope(found=found))) == []


def test_claims_and_debts_add_up_row_by_row() -> None:
    county = County()
    debt = {"no": 1, "kind": "债务", "opening": 500, "increase": 100, "decrease": 50, "amount": 550}
    record = county.add(VILLAGE, "z3", "CJ-14", [debt], period="2026-Q3")
    assert check(county) == []
    assert said(check(county.edit(record, 2, amount=560))) == [f"{VILLAGE}/z3.csv:2 SG601"]


# ---- Payments by the township.


def test_a_payment_that_differs_is_found_in_the_townships_list() -> None:
    county, made = books()
    (found,) = check(county.edit(made["paid"], 2, amount=15800))
    assert said([found]) == [f"{TOWN}/p3.csv:2 SG608"]
    assert "two digits look swapped" in found.fix("en")


def test_a_payment_that_is_booked_late_is_found_where_it_is_booked() -> None:
    county, made = books()
    found = check(county.edit(made["details"], 2, date=dt.date(2026, 9, 30), voucher_no="09-99"))
    assert said(found) == [f"{VILLAGE}/d3.csv:2 SG609"]


def test_a_payment_cannot_be_booked_before_it_was_made() -> None:
    county, made = books()
    assert said(check(county.edit(made["paid"], 2, paid_on=dt.date(2026, 7, 30)))) == [f"{TOWN}/p3.csv:2 SG609"]


def test_the_delay_is_a_setting() -> None:
    county, made = books()
    late = county.edit(made["paid"], 2, paid_on=dt.date(2026, 7, 1))
    assert check(late) == []
    late.thresholds = {"transfer": 7}
    assert said(check(late)) == [f"{VILLAGE}/d3.csv:2 SG609"]


def test_a_payment_to_another_village_is_one_that_it_did_not_book() -> None:
    county, made = books()
    county.add(OTHER, "d3", "CJ-04", [{**DETAILS[1], "amount": 5}], period="2026-Q3")
    assert said(check(county.edit(made["paid"], 2, village="小河村"))) == [f"{TOWN}/p3.csv:2 SG607"]


def test_nothing_is_missed_before_the_village_has_published_its_account() -> None:
    county, made = books()
    assert check(county.edit(made["paid"], 2, village="小河村")) == []


def test_a_payment_may_be_booked_in_parts() -> None:
    county = County()
    parts = [{**DETAILS[0], "no": n, "amount": a} for n, a in enumerate((10000, 8500), 1)]
    county.add(VILLAGE, "d3", "CJ-04", parts, period="2026-Q3")
    paid = [{"no": 1, "village": "大河村", "fund": "运转经费", "amount": 18500, "paid_on": dt.date(2026, 7, 14)}]
    county.add(TOWN, "p3", "CZYJ-21", paid, period="2026-Q3")
    assert check(county) == []


def test_a_receipt_from_the_township_that_its_list_lacks() -> None:
    county, made = books()
    entry = {**DETAILS[0], "no": 7, "voucher_no": "07-02", "source": "青禾镇财政所", "amount": 77}
    county.add(VILLAGE, "d3b", "CJ-04", [entry], period="2026-Q3", subject="补助")
    found = [f for f in check(county) if f.code == "SG610"]
    assert said(found) == [f"{TOWN}/p3.md:{made['paid'].lines['table']} SG610"]


# ---- Help and echoes.


@pytest.mark.parametrize(
    ("found", "right", "why"),
    [
        ("1.86", "1.68", SWAPPED),
        ("18500", "1850", POINT),
        ("1.85", "18500", MYRIAD),
        ("-20", "20", SIGN),
        ("345.10", "375.10", DIGIT),
        ("345.10", "11.00", LOOK),
        ("0", "5", DIGIT),
        ("10", "0", LOOK),
    ],
)
def test_the_likely_cause_of_a_wrong_figure(found: str, right: str, why: str) -> None:
    assert cause(Decimal(found), Decimal(right)) == why


def test_a_written_total_is_not_reported_again_for_the_row_that_makes_it_wrong() -> None:
    county, made = books()
    edited = county.edit(made["town"], 2, income=99_172)
    total = {"column": "收入合计", "written": "176,344.00", "sum": "187,344.00", "unit": TOWN, "record": "t3"}
    echo = finding("SG211", f"{TOWN}/t3.csv", 4, 1, **total)
    other = finding("SG211", f"{TOWN}/t3.csv", 4, 2, **{**total, "column": "支出合计"})
    scope = edited.scope()
    assert said(without_echoes(scope, [*check_accounts(scope), echo, other])) == [f"{TOWN}/t3.csv:2 SG601", f"{TOWN}/t3.csv:4 SG211"]


# ---- Laws.

money = st.decimals(0, 10_000_000, places=2)


@st.composite
def chains(draw: st.DrawFn) -> tuple[County, list[Record]]:
    """Up to eight quarters in a row, each a sum of its parts."""
    county, balance, made = County(), draw(money), []
    for n in range(draw(st.integers(2, 8))):
        incomes, expenses = draw(st.lists(money, min_size=1, max_size=3)), draw(st.lists(money, min_size=1, max_size=3))
        statement: dict[str, Any] = {"opening": balance}
        statement.update(zip(("income_allocated", "income_operating", "income_other"), incomes, strict=False))
        statement.update(zip(("expense_admin", "expense_welfare", "expense_other"), expenses, strict=False))
        statement.update(income=sum(incomes), expense=sum(expenses))
        balance += sum(incomes) - sum(expenses)
        statement["closing"] = balance
        made.append(county.add(VILLAGE, f"r{n}", "CJ-01", [statement], period=f"{2024 + n // 4}-Q{n % 4 + 1}"))
    return county, made


@given(chains())
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
def test_a_chain_that_is_added_up_exactly_has_no_finding(made: tuple[County, list[Record]]) -> None:
    assert check(made[0]) == []


@given(chains(), st.data(), st.decimals(-1_000_000, 1_000_000, places=2).filter(bool))
@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
def test_any_other_figure_in_a_chain_is_exactly_one_finding_at_its_row(
    made: tuple[County, list[Record]], data: st.DataObject, by: Decimal
) -> None:
    county, records = made
    record = data.draw(st.sampled_from(records))
    table = next(c.table for r, c in county.made[VILLAGE] if r is record)
    assert table is not None
    column = data.draw(st.sampled_from(table.columns))
    value = table.rows[0][table.columns.index(column)]
    assert isinstance(value, Decimal)
    assert [(f.file, f.line) for f in check(county.edit(record, 2, **{column: value + by}))] == [(table.file, 2)]
