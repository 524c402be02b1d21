"""Tables (公开表): rows as loaded, with exact values and the line of each row."""

from __future__ import annotations

import datetime as dt
import functools
import re
import unicodedata
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from typing import Any

from .catalog import Column
from .series import Kind, Series
from .series import Value as Value


class Table:
    """Rows of a record, in file order, one value per column of ``columns``. A value: nothing about it changes.

    Kept by columns, as they were read and as they are compared; rows are made for whoever asks for them. Between runs and processes
    a column travels as one text and is taken apart when somebody looks at it.
    """

    schema: str
    file: str
    columns: tuple[str, ...]
    """Names of the schema's columns that the file has, in the schema's order."""
    lines: tuple[int, ...]
    """Line (CSV) or row number (XLSX) of each row."""

    def __init__(self, schema: str, file: str, columns: tuple[str, ...], rows: Sequence[tuple[Value, ...]], lines: tuple[int, ...]) -> None:
        self._init(schema, file, {name: Series.of([row[n] for row in rows]) for n, name in enumerate(columns)}, lines)

    def _init(self, schema: str, file: str, series: Mapping[str, Series], lines: tuple[int, ...]) -> None:
        self.schema, self.file, self.columns, self.lines = schema, file, tuple(series), lines
        self._series = series

    @classmethod
    def of_series(cls, schema: str, file: str, series: Mapping[str, Series], lines: Sequence[int]) -> Table:
        """A table by its columns in order."""
        made = cls.__new__(cls)
        made._init(schema, file, series, tuple(lines))
        return made

    @cached_property
    def rows(self) -> tuple[tuple[Value, ...], ...]:
        """The values row by row."""
        return tuple(zip(*(s.values for s in self._series.values()), strict=True))

    def series(self, name: str) -> Series:
        """One column. Raises ``ValueError`` when the table has no such column."""
        try:
            return self._series[name]
        except KeyError:
            raise ValueError(f"there is no column {name}") from None

    def column(self, name: str) -> Sequence[Value]:
        """The values of one column. Raises ``ValueError`` when the table has no such column."""
        return self.series(name).values

    def only(self, name: str, wanted: frozenset[str]) -> Table:
        """The rows whose column ``name`` is one of ``wanted`` (normalised by :func:`fold`)."""
        return self._some([n for n, value in enumerate(folded(self.column(name))) if value in wanted])

    def split(self, name: str) -> dict[str, Table]:
        """The rows by what they say in column ``name`` (normalised by :func:`fold`), in order of first appearance."""
        rows: dict[str, list[int]] = {}
        for n, value in enumerate(folded(self.column(name))):
            rows.setdefault(value, []).append(n)
        return {value: self._some(found) for value, found in rows.items()}

    def _some(self, kept: Sequence[int]) -> Table:
        series = {name: s.some(kept) for name, s in self._series.items()}
        return Table.of_series(self.schema, self.file, series, [self.lines[n] for n in kept])

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Table):
            return NotImplemented
        mine, theirs = (self.schema, self.file, self.columns, self.lines), (other.schema, other.file, other.columns, other.lines)
        return mine == theirs and self.rows == other.rows

    def __hash__(self) -> int:
        return hash((self.schema, self.file, self.columns, self.lines))

    def __repr__(self) -> str:
        return f"Table({self.schema!r}, {self.file!r}, {self.columns!r}, {self.rows!r}, {self.lines!r})"

    def __reduce__(self) -> tuple[object, ...]:
        packed = {name: s.pack() for name, s in self._series.items()}
        lines = self.lines
        span = (lines[0], len(lines)) if lines and lines == tuple(range(lines[0], lines[0] + len(lines))) else None
        return _restored, (self.schema, self.file, packed, span, None if span else lines)


def _restored(
    schema: str, file: str, packed: dict[str, tuple[Kind, Any]], span: tuple[int, int] | None, lines: tuple[int, ...] | None
) -> Table:
    series = {name: Series.unpack(kind, column) for name, (kind, column) in packed.items()}
    return Table.of_series(schema, file, series, tuple(range(span[0], span[0] + span[1])) if span else lines or ())


def fold(value: Value) -> str:
    """A text without differences of width and spacing, for comparing names and headings."""
    return _fold(str(value)) if value else ""


def folded(values: Sequence[Value]) -> list[str]:
    """:func:`fold` of every value."""
    text = "".join([v for v in values if type(v) is str])
    if not (text.isprintable() and " " not in text if text.isascii() else _AS_FOLDED.fullmatch(text)):
        return [fold(v) for v in values]
    return [v if type(v) is str else str(v) if v else "" for v in values]


_AS_FOLDED = re.compile(r"[!-~一-龥]*")
"""Characters that folding leaves alone."""


@functools.lru_cache(maxsize=20_000)
def _fold(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def total_of(table: Table, column: Column) -> Decimal:
    """Exact sum of a column; empty cells count as nothing."""
    return table.series(column.name).total


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
