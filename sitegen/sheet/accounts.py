"""Village finance as its readers know it (村级财务公开): 期初, 收入, 支出, 期末 side by side; claims and debts, assets, and single receipts by kind."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Literal

from msgspec import Struct
from msgspec.structs import replace

from sitegen.model.content_views import ColumnView, TableView
from sitegen.sheet.papers import Paper
from sitegen.sheet.ruling import Ruled
from sitegen.sheet.tables import Grid, Group, grid_of
from sitegen.sheet.widths import width_of

Kind = Literal["statement", "balances", "details", "assets"]

_SHAPES: tuple[tuple[Kind, frozenset[str]], ...] = (
    ("statement", frozenset({"opening", "income", "expense", "closing"})),
    ("balances", frozenset({"kind", "opening", "increase", "decrease", "amount"})),
    ("details", frozenset({"kind", "date", "amount"})),
    ("assets", frozenset({"kind", "asset"})),
)
_NUMERALS = "一二三四五六七八九十"


def kind_of(table: TableView) -> Kind | None:
    """What part of village finance a table is, by its columns; ``None`` for any other table. A statement of several rows is a list."""
    names = {c.name for c in table.columns}
    for kind, shape in _SHAPES:
        if shape <= names:
            return None if kind == "statement" and len(table.rows) != 1 else kind
    return None


# ---- lists by kind ----


def grouped(table: TableView) -> Grid:
    """Claims and debts (债权、债务), receipts and payments (收入、支出), assets by kind: each with its heading and sums.

    Where all rows are of one kind there is one group without heading, and the sum of receipts or payments stands at the end.
    """
    at = next(n for n, c in enumerate(table.columns) if c.name == "kind")
    kinds = list(dict.fromkeys(row[at] for row in table.rows))
    summed = [
        c.align == "right" and c.decimals is not None and c.name not in ("no", "ratio") and (c.total or c.name in _SUMMED)
        for c in table.columns
    ]
    columns = tuple(c for n, c in enumerate(table.columns) if n != at)
    rows = tuple(tuple(t for n, t in enumerate(row) if n != at) for row in table.rows)
    summed.pop(at)
    whole = replace(
        table, columns=columns, rows=rows, totals=tuple(t for n, t in enumerate(table.totals) if n != at) if table.totals else None
    )
    groups = []
    for number, kind in enumerate(kinds):
        own = tuple(n for n, row in enumerate(table.rows) if row[at] == kind)
        several = len(kinds) > 1
        title = f"{_NUMERALS[number] if number < 10 else number + 1}、{kind}（{len(own)}{table.count_unit or '项'}）" if several else ""
        totals = tuple(_sum([rows[n][c] for n in own], columns[c]) if summed[c] else "" for c in range(len(columns)))
        needed = any(totals) and (several or not table.totals)
        groups.append(
            Group(title, own, totals if needed else (), f"{kind}{'小计' if several else '合计'}（{len(own)}{table.count_unit or '项'}）")
        )
    return replace(grid_of(whole), groups=tuple(groups))


_SUMMED = ("amount", "opening", "increase", "decrease")


def _sum(texts: list[str], column: ColumnView) -> str:
    values = [_number(t) for t in texts if t]
    if not values or any(v is None for v in values):
        return ""
    return f"{sum((v for v in values if v is not None), Decimal(0)):,.{column.decimals or 0}f}"


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text.replace(",", "").replace("−", "-"))
    except ArithmeticError:
        return None


# ---- the statement ----


class Statement(Struct, frozen=True):
    """Opening + income − expense = closing, of one period."""

    opening: str
    closing: str
    income: tuple[tuple[str, str], ...]
    """Source and amount, the sum last."""
    expense: tuple[tuple[str, str], ...]
    """Use and amount, the sum last."""
    unit: str
    note: str

    @property
    def sum(self) -> str:
        """The sum in figures, or "" where it does not come out: then nothing is claimed."""
        parts = [_number(t) for t in (self.opening, self.income[-1][1], self.expense[-1][1], self.closing)]
        if any(p is None for p in parts):
            return ""
        first, plus, minus, last = (p for p in parts if p is not None)
        if first + plus - minus != last:
            return ""
        return f"期初余额 {self.opening} ＋ 收入 {self.income[-1][1]} － 支出 {self.expense[-1][1]} ＝ 期末余额 {self.closing}"


def statement_of(table: TableView) -> Statement:
    """The one row of a table as a statement."""
    row = dict(zip((c.name for c in table.columns), table.rows[0], strict=True))
    titles = {c.name: c.title for c in table.columns}

    def side(prefix: str, total: str) -> tuple[tuple[str, str], ...]:
        parts = [(titles[n], row[n]) for n in row if n.startswith(f"{prefix}_") and row[n]]
        return (*parts, (total, row[prefix]))

    unit = next((c.unit for c in table.columns if c.name == "opening" and c.unit), "元")
    return Statement(row["opening"], row["closing"], side("income", "收入合计"), side("expense", "支出合计"), unit, row.get("note", ""))


class StatementPlan(Struct, frozen=True):
    """A statement in four parts: 期初余额 above, 收入 and 支出 side by side, 期末余额 below."""

    statement: Statement
    size: float
    width: float
    grow: float

    @property
    def _side(self) -> int:
        return max(len(self.statement.income), len(self.statement.expense))

    @property
    def count(self) -> int:
        """Rows of all kinds."""
        return self._side + 4 + (1 if self.statement.sum else 0)

    @property
    def extra_rows(self) -> int:
        """None: all rows are of its own kind."""
        return 0

    @property
    def alike(self) -> bool:
        """Every row has one line."""
        return True

    def lines(self, k: float = 1.0) -> tuple[int, ...]:
        """One for each row."""
        return (1,) * (self.count - 1)

    def head_lines(self, k: float = 1.0) -> int:
        """One."""
        return 1

    def height(self, k: float, row: float) -> float:
        """Points of it all."""
        return self.count * row

    def draw(self, k: float, row: float) -> list[Ruled]:
        """The rows, each of its own kind."""
        s, size, width = self.statement, self.size * k, self.width
        half, pad = width / 2, 0.8 * size
        names = max(width_of(n) for n, _ in (*s.income, *s.expense)) * size + 2 * pad
        edge = min(half * 0.56, max(names, half * 0.44))
        walls = [edge, half, half + edge]
        rows: list[Any] = [_band("一、期初余额", s.opening, s.unit, size, pad)]
        rows.append(
            {
                "cells": [["二、本期收入", -half / 2, "center", True], ["三、本期支出", half / 2, "center", True]],
                "walls": [half],
                "fill": True,
                "rule": "",
            }
        )
        amount = f"金额（{s.unit}）"
        heads = [
            [text, x + side, "center", False]
            for side in (0.0, half)
            for text, x in (("项目", edge / 2 - half), (amount, (edge + half) / 2 - half))
        ]
        rows.append({"cells": heads, "walls": walls, "fill": False, "rule": ""})
        sides = []
        for parts, right in ((s.income, half), (s.expense, width)):
            widest = max(width_of(v) for _, v in parts) * size
            sides.append((parts, right - half, right - width - max(pad, (half - edge - widest) / 2)))
        for n in range(self._side - 1):
            cells: list[Any] = []
            for parts, left, end in sides:
                if n < len(parts) - 1:
                    cells += [[parts[n][0], left + pad, "left", False], [parts[n][1], end, "right", False]]
            rows.append({"cells": cells, "walls": walls, "fill": False, "rule": ""})
        cells = []
        for parts, left, end in sides:
            cells += [[parts[-1][0], left + pad, "left", True], [parts[-1][1], end, "right", True]]
        rows.append({"cells": cells, "walls": walls, "fill": True, "rule": ""})
        rows.append(_band("四、期末余额", s.closing, s.unit, size, pad))
        if s.sum:
            fit = min(1.0, (width - 2 * pad) / (width_of(s.sum) * size))
            rows.append({"cells": [[s.sum, 0.0, "center", False, round(fit, 3)]], "walls": [], "fill": False, "rule": ""})
        return [Ruled(round(size, 3), width, (), (), None, (round(row, 3),) * len(rows), tuple(rows))]


def _band(name: str, amount: str, unit: str, size: float, pad: float) -> dict[str, Any]:
    return {
        "cells": [[name, pad, "left", True], [f"{amount} {unit}", -pad, "right", True, 1.15]],
        "walls": [],
        "fill": True,
        "rule": "thick",
    }


def plan_statement(statement: Statement, paper: Paper, width: float) -> StatementPlan:
    """A statement for a text ``width`` points wide: smaller where its widest line asks for it."""
    widest = max(width_of(n) + width_of(v) for n, v in (*statement.income, *statement.expense)) + 4
    fit = width / 2 / widest / paper.table
    return StatementPlan(statement, round(paper.table * min(1.0, fit), 2), width, max(1.0, min(1.6, fit)))
