"""The village's accounts (集体账本): what came in, what went out, what is left, as pictures and tables over quarters and months."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from msgspec import Struct

from sitegen.charts import Bar, amounts, bars
from sitegen.model.affair_views import StatementView
from sitegen.model.views import UnitView

from . import menu, meta
from .spec import Crumb, PageSpec

PATH = "accounts/"
TITLE = "集体账本"
_SHORT = {"quarter": "一二三四"}
_KINDS = {"quarter": "季度", "month": "月份", "half": "半年", "year": "全年", "other": "时段"}


class Line(Struct, frozen=True):
    """A period in the table; every sum as it is printed."""

    name: str
    path: str
    opening: str
    income: str
    expense: str
    closing: str
    details: tuple[tuple[str, str], ...]
    """Records with every receipt and payment, as (title, path)."""


class Table(Struct, frozen=True):
    """The periods of one kind, with their chart."""

    kind: str
    ident: str
    chart: str
    lines: tuple[Line, ...]
    total: tuple[str, str] | None
    """Income and expense of all lines, where they follow one another without a gap."""


class AccountsData(Struct, frozen=True):
    """One year."""

    heading: str
    facts: tuple[tuple[str, str, str], ...]
    tables: tuple[Table, ...]
    sources: str
    """Chart of where the money came from, or ""."""
    uses: str
    years: tuple[tuple[int, str], ...]
    """The other years, newest first."""


def account_pages(view: UnitView) -> list[PageSpec]:
    """A page for every year: the newest at ``accounts/``, each earlier one at its own address for good."""
    years: dict[int, list[StatementView]] = {}
    for s in view.affairs.statements:
        years.setdefault(s.end.year, []).append(s)
    if not years:
        return []
    newest = max(years)
    return [_page(view, year, years, PATH if year == newest else f"{PATH}{year}/") for year in sorted(years, reverse=True)]


def money(value: Decimal) -> str:
    """27,477.00."""
    return f"{value:,.2f}"


def _page(view: UnitView, year: int, years: dict[int, list[StatementView]], path: str) -> PageSpec:
    statements = years[year]
    chosen = _chosen(statements)
    data = AccountsData(
        heading=f"{year}年{TITLE}",
        facts=_facts(chosen),
        tables=tuple(_table(view, kind, [s for s in statements if s.kind == kind]) for kind in _kinds(statements)),
        sources=_parts(view, "in", f"{year}年收入来源", [p for s in chosen for p in s.incomes], 0),
        uses=_parts(view, "out", f"{year}年支出用途", [p for s in chosen for p in s.expenses], 1),
        years=tuple((y, PATH if y == max(years) else f"{PATH}{y}/") for y in sorted(years, reverse=True) if y != year),
    )
    about = f"{view.unit.name}{year}年集体收入、支出和余额，按季度、月份用图和表公开。"
    crumbs = (Crumb("财务公开", "finance/"), *((Crumb(TITLE, PATH),) if path != PATH else ()))
    return PageSpec(path, "pages/accounts.html", data.heading, about, "finance", data, crumbs=crumbs if _finance(view) else crumbs[1:],
                    meta=meta.column(view, TITLE, about))  # fmt: skip


def _finance(view: UnitView) -> bool:
    return any(e.key == "finance" for e in menu.menu(view))


def _kinds(statements: Sequence[StatementView]) -> list[str]:
    return [k for k in ("quarter", "month", "half", "year", "other") if any(s.kind == k for s in statements)]


def _chosen(statements: Sequence[StatementView]) -> list[StatementView]:
    """Statements that together tell the year without telling anything twice: of the kind that covers most of it."""
    best: list[StatementView] = []
    for kind in _kinds(statements):
        found = [s for s in statements if s.kind == kind]
        if sum((s.end - s.start).days + 1 for s in found) > sum((s.end - s.start).days + 1 for s in best):
            best = found
    return best


def _facts(chosen: Sequence[StatementView]) -> tuple[tuple[str, str, str], ...]:
    first, last = chosen[0], chosen[-1]
    span = first.period if first is last else f"{first.period}至{last.period.removeprefix(f'{last.end.year}年')}"
    return (
        ("期初余额", f"{money(first.opening)}元", f"{first.start.year}年{first.start.month}月{first.start.day}日"),
        ("收入", f"{money(sum((s.income for s in chosen), Decimal(0)))}元", span),
        ("支出", f"{money(sum((s.expense for s in chosen), Decimal(0)))}元", span),
        ("余额", f"{money(last.closing)}元", f"{last.end.year}年{last.end.month}月{last.end.day}日"),
    )


def _label(s: StatementView) -> str:
    """一季度, 7月: what is enough within the year's page."""
    if s.kind == "quarter":
        return f"{'一二三四'[s.start.month // 3]}季度"
    if s.kind == "month":
        return f"{s.start.month}月"
    return {"half": "上半年" if s.start.month == 1 else "下半年", "year": "全年"}.get(s.kind, s.period)


def _table(view: UnitView, kind: str, statements: Sequence[StatementView]) -> Table:
    titles = {r.id: r.title for r in view.records}
    lines = tuple(
        Line(
            _label(s), f"r/{s.record.lower()}/", money(s.opening), money(s.income), money(s.expense), money(s.closing),
            tuple((titles[id], f"r/{id.lower()}/") for id in s.details),
        )
        for s in statements
    )  # fmt: skip
    name = _KINDS[kind]
    series = [
        ("收入", [s.income for s in statements]),
        ("支出", [s.expense for s in statements]),
        ("期末余额", [s.closing for s in statements]),
    ]
    told = "；".join(f"{_label(s)}收入{money(s.income)}元，支出{money(s.expense)}元，期末余额{money(s.closing)}元" for s in statements)
    labels = [_label(s) if kind != "month" else str(s.start.month) for s in statements]
    # A single period needs no picture beside the four figures above it; neither do spans of any length.
    chart = amounts(f"per-{kind}", f"各{name}收入、支出和余额", told, labels, series) if len(statements) > 1 and kind != "other" else ""
    unbroken = all((b.start - a.end).days == 1 for a, b in pairwise(statements)) and len(statements) > 1
    total = (
        (money(sum((s.income for s in statements), Decimal(0))), money(sum((s.expense for s in statements), Decimal(0))))
        if unbroken
        else None
    )
    return Table(name, kind, chart, lines, total)


def _parts(view: UnitView, ident: str, title: str, parts: Sequence[tuple[str, Decimal]], shade: int) -> str:
    sums: dict[str, Decimal] = {}
    for name, value in parts:
        sums[name] = sums.get(name, Decimal(0)) + value
    rows = sorted(((v, n) for n, v in sums.items() if v > 0), reverse=True)
    if len(rows) < 2:
        return ""
    whole = sum((v for v, _ in rows), Decimal(0))
    full = rows[0][0]
    made = [Bar(n, (Decimal(0),) * shade + (v,), full, f"{money(v)}元 {100 * v / whole:.0f}%") for v, n in rows]
    told = "；".join(f"{n}{money(v)}元" for v, n in rows)
    return bars(f"sum-{ident}", f"{view.unit.name}{title}", told, made)
