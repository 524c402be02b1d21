"""Tables (公开表): rows as loaded, with exact values and the line of each row."""

from __future__ import annotations

import datetime as dt
import functools
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from .catalog import Column, TableSchema

Value = str | Decimal | dt.date | None


@dataclass(frozen=True)
class Table:
    """Rows of a record, in file order, one value per column of ``columns``."""

    schema: str
    file: str
    columns: tuple[str, ...]
    """Names of the schema's columns that the file has, in the schema's order."""
    rows: tuple[tuple[Value, ...], ...]
    lines: tuple[int, ...]
    """Line (CSV) or row number (XLSX) of each row."""

    def column(self, name: str) -> list[Value]:
        """The values of one column. Raises ``ValueError`` when the table has no such column."""
        i = self.columns.index(name)
        return [row[i] for row in self.rows]

    def only(self, name: str, wanted: frozenset[str]) -> Table:
        """The rows whose column ``name`` is one of ``wanted`` (normalised by :func:`fold`)."""
        i = self.columns.index(name)
        kept = [(row, line) for row, line in zip(self.rows, self.lines, strict=True) if fold(row[i]) in wanted]
        return Table(self.schema, self.file, self.columns, tuple(r for r, _ in kept), tuple(n for _, n in kept))

    def split(self, name: str) -> dict[str, Table]:
        """The rows by what they say in column ``name`` (normalised by :func:`fold`), in order of first appearance."""
        i = self.columns.index(name)
        rows: dict[str, list[tuple[Value, ...]]] = {}
        lines: dict[str, list[int]] = {}
        for row, line in zip(self.rows, self.lines, strict=True):
            value = fold(row[i])
            rows.setdefault(value, []).append(row)
            lines.setdefault(value, []).append(line)
        return {v: Table(self.schema, self.file, self.columns, tuple(found), tuple(lines[v])) for v, found in rows.items()}

    def __reduce__(self) -> tuple[object, ...]:
        # Tables are kept between runs by the thousand, and an exact figure is ten times as costly to pack as its text.
        kinds, columns = [], []
        for column in zip(*self.rows, strict=True):
            figures = isinstance(next((v for v in column if v is not None), None), Decimal)
            kinds.append(figures)
            columns.append([v if v is None else str(v) for v in column] if figures else column)
        return _unpack, (self.schema, self.file, self.columns, tuple(kinds), tuple(columns), self.lines)


def _unpack(
    schema: str, file: str, names: tuple[str, ...], kinds: tuple[bool, ...], columns: tuple[Sequence[Any], ...], lines: tuple[int, ...]
) -> Table:
    values = [[v if v is None else Decimal(v) for v in c] if figures else c for figures, c in zip(kinds, columns, strict=True)]
    return Table(schema, file, names, tuple(zip(*values, strict=True)), lines)


def fold(value: Value) -> str:
    """A text without differences of width and spacing, for comparing names and headings."""
    return _fold(str(value)) if value else ""


@functools.lru_cache(maxsize=20_000)
def _fold(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def total_of(table: Table, column: Column) -> Decimal:
    """Exact sum of a column; empty cells count as nothing."""
    return sum((v for v in table.column(column.name) if isinstance(v, Decimal)), Decimal(0))


def totals(table: Table, schema: TableSchema) -> dict[str, Decimal]:
    """The exact totals of the columns that have one, by column name."""
    return {c.name: total_of(table, c) for c in schema.fields if c.total and c.name in table.columns}


def decimals_of(column: Column) -> int:
    """Digits after the point that a column prints."""
    if column.type == "integer":
        return 0
    return column.decimals if column.decimals is not None else 2


def show(value: Value, column: Column) -> str:
    """A value as printed: thousands separated and with fixed decimals, dates as 2026-05-08, nothing for nothing."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        places = decimals_of(column)
        if column.type == "number" and column.decimals is None:
            exponent = value.normalize().as_tuple().exponent
            places = max(0, -exponent) if isinstance(exponent, int) else 0
        return f"{value:,.{places}f}"
    return value.isoformat() if isinstance(value, dt.date) else value
