"""Village accounts (村级财务): what the columns of an account's tables are, and what must add up.

Columns are told by the names that schemas give them, never by an item's id: ``opening``, ``income``, ``expense`` and ``closing`` make a
statement (收支汇总), with any parts ``income_…`` and ``expense_…``; ``kind`` (收入, 支出) and ``amount`` beside a ``date`` make details
(逐笔明细); ``opening``, ``increase``, ``decrease`` and ``amount`` make a list of claims and debts (债权债务).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cached_property

from msgspec import Struct
from msgspec.structs import replace

from .catalog import Column, TableSchema
from .finding import N_
from .table import Table, fold

INCOME, EXPENSE = "收入", "支出"
KINDS = {INCOME: "income", EXPENSE: "expense"}
"""What a detail's kind adds to in the statement."""
ALLOCATED = "income_allocated"
"""The part of the income that comes from above (上级拨付)."""
_ZERO = Decimal(0)


class Shape(Struct, frozen=True):
    """Which columns of a table enter the sum: ``opening + plus − minus = closing``."""

    opening: str
    plus: str
    minus: str
    closing: str
    plus_parts: tuple[str, ...] = ()
    minus_parts: tuple[str, ...] = ()

    @property
    def totals(self) -> tuple[str, str, str, str]:
        """The four columns that every row must have."""
        return (self.opening, self.plus, self.minus, self.closing)

    def parts(self, total: str) -> tuple[str, ...]:
        """The columns that add up to ``total``."""
        return self.plus_parts if total == self.plus else self.minus_parts if total == self.minus else ()


def statement_shape(schema: TableSchema) -> Shape | None:
    """The columns of a statement of income and expense; ``None`` for any other table."""
    names = [c.name for c in schema.fields]
    if not {"opening", "income", "expense", "closing"} <= set(names):
        return None
    return Shape(
        "opening",
        "income",
        "expense",
        "closing",
        tuple(n for n in names if n.startswith("income_")),
        tuple(n for n in names if n.startswith("expense_")),
    )


def balance_shape(schema: TableSchema) -> Shape | None:
    """The columns of any table whose rows carry a balance: a statement, or claims and debts."""
    if {"opening", "increase", "decrease", "amount"} <= {c.name for c in schema.fields}:
        return Shape("opening", "increase", "decrease", "amount")
    return statement_shape(schema)


def is_details(schema: TableSchema) -> bool:
    """Whether the table lists single receipts and payments."""
    kinds = next((c for c in schema.fields if c.name == "kind"), None)
    named = {c.name for c in schema.fields}
    return kinds is not None and set(kinds.constraints.enum or ()) == set(KINDS) and {"date", "amount"} <= named


def part_of(category: str, schema: TableSchema, parts: Iterable[str]) -> str | None:
    """The part of a statement that a detail's category (科目) means, by the column's title or synonyms."""
    columns = {c.name: c for c in schema.fields}
    return _named(fold(category), tuple(columns[p] for p in parts))


def _named(word: str, columns: tuple[Column, ...]) -> str | None:
    for column in columns:
        if word in (fold(column.title), *map(fold, column.synonyms)):
            return column.name
    return None


class Balance(Struct, frozen=True, dict=True):
    """A row that carries a balance. An empty part is nothing; an empty total is unknown, and what depends on it is not judged."""

    shape: Shape
    values: Mapping[str, Decimal | None]
    line: int

    def __getitem__(self, name: str) -> Decimal | None:
        return self.values.get(name)

    @cached_property
    def known(self) -> bool:
        """Whether all four totals are there."""
        return all(self[n] is not None for n in self.shape.totals)

    def implied(self, name: str) -> Decimal:
        """What one of the four totals must be, given the other three. Only where all are known."""
        opening, plus, minus, closing = (self[n] or _ZERO for n in self.shape.totals)
        return {
            self.shape.opening: closing - plus + minus,
            self.shape.plus: closing - opening + minus,
            self.shape.minus: opening + plus - closing,
            self.shape.closing: opening + plus - minus,
        }[name]

    @property
    def adds_up(self) -> bool:
        """Whether opening + plus − minus = closing, as far as it can be told."""
        return not self.known or self.implied(self.shape.closing) == self[self.shape.closing]

    def sum_of_parts(self, total: str) -> Decimal | None:
        """The sum of a total's parts, or ``None`` where no part is given."""
        given = [v for p in self.shape.parts(total) if (v := self[p]) is not None]
        return sum(given, _ZERO) if given else None

    def corrected(self, name: str, value: Decimal) -> Balance:
        """The row as it would be with one figure put right."""
        return replace(self, values={**self.values, name: value})


def balances(table: Table, shape: Shape) -> list[Balance]:
    """The rows of a table as balances, in file order."""
    places = [(n, table.columns.index(n)) for n in (*shape.totals, *shape.plus_parts, *shape.minus_parts) if n in table.columns]
    made = []
    for row, line in zip(table.rows, table.lines, strict=True):
        made.append(Balance(shape, {n: v for n, i in places if isinstance(v := row[i], Decimal)}, line))
    return made


class Entry(Struct, frozen=True):
    """One receipt or payment of the details."""

    line: int
    no: Decimal | None
    date: dt.date | None
    voucher: str
    kind: str
    part: str | None
    """The part of the statement that its category means, where it means one."""
    category: str
    amount: Decimal
    source: str


def entries(table: Table, statement: TableSchema | None) -> list[Entry]:
    """The rows of a table of details; rows without kind or amount were reported when it was read."""
    shape = statement_shape(statement) if statement else None
    parts: dict[tuple[str, str], str | None] = {}
    places = {n: table.columns.index(n) for n in table.columns}

    def cell(row: tuple[object, ...], name: str) -> object:
        return row[places[name]] if name in places else None

    made = []
    for row, line in zip(table.rows, table.lines, strict=True):
        kind, amount, day, no = cell(row, "kind"), cell(row, "amount"), cell(row, "date"), cell(row, "no")
        if kind not in KINDS or not isinstance(amount, Decimal):
            continue
        category = str(cell(row, "category") or "")
        key = (str(kind), category)
        if key not in parts:
            parts[key] = None
            if statement is not None and shape is not None and category:
                parts[key] = part_of(category, statement, shape.parts(shape.plus if kind == INCOME else shape.minus))
        made.append(
            Entry(
                line,
                no if isinstance(no, Decimal) else None,
                day if isinstance(day, dt.date) else None,
                fold(str(cell(row, "voucher_no") or "")),
                str(kind),
                parts[key],
                category,
                amount,
                fold(str(cell(row, "source") or "")),
            )
        )
    return made


# ---- What may have gone wrong: said as a help, never as a verdict.

LOOK = N_("compare it with the books")
SWAPPED = N_("two digits look swapped")
POINT = N_("it looks out by a factor of ten: a zero too many or too few, or a shifted point")
MYRIAD = N_("one of the two looks to be in 万元 and the other in 元")
SIGN = N_("the sign looks wrong")
DIGIT = N_("one digit looks mistyped")
MISSING = N_("a row of just this amount may be missing")
TWICE = N_("a row of just this amount stands twice")


def cause(found: Decimal, right: Decimal) -> str:
    """Why somebody may have written ``found`` for ``right``: one of the texts above."""
    if found == -right:
        return SIGN
    if found and right:
        ratio = max(abs(found), abs(right)) / min(abs(found), abs(right))
        if found * right > 0 and ratio in (10, 100, 1000):
            return POINT
        if found * right > 0 and ratio == 10_000:
            return MYRIAD
    one, other = (_digits(v) for v in (found, right))
    if len(one) == len(other):
        if (found - right) * 100 % 9 == 0 and sorted(one) == sorted(other):
            return SWAPPED
        if sum(a != b for a, b in zip(one, other, strict=True)) == 1:
            return DIGIT
    return LOOK


def _digits(value: Decimal) -> str:
    return f"{abs(value):.2f}"


def likeness(found: Decimal, right: Decimal) -> int:
    """How far a slip ``found`` for ``right`` is from likely: 0 for a known kind of slip, then by the characters that differ."""
    if cause(found, right) not in (LOOK, DIGIT):
        return 0
    a, b = _digits(found), _digits(right)
    width = max(len(a), len(b))
    return 1 + sum(x != y for x, y in zip(a.rjust(width), b.rjust(width), strict=True)) + (2 if right < 0 < found or right == 0 else 0)
