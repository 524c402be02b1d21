"""A table as readers see it: every cell the text to print, private columns and empty ones left out."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from decimal import Decimal
from typing import Literal

from .catalog import Column, TableSchema
from .content_views import ColumnView, TableView
from .series import Series
from .table import Table, decimals_of, show, total_of


def table_view(table: Table, schema: TableSchema, without: frozenset[str] = frozenset()) -> TableView:
    """Rows as text. Private columns, columns in ``without`` and columns with nothing in them are left out."""
    columns = {c.name: c for c in schema.fields}
    kept = [
        (series, columns[name])
        for name in table.columns
        if not columns[name].private and name not in without and not (series := table.series(name)).empty
    ]
    rows = tuple(zip(*(_shown(*one) for one in kept), strict=True)) if kept else ((),) * len(table.lines)
    totals = tuple(show(total_of(table, c), c) if c.total else "" for _, c in kept)
    return TableView(tuple(_column_view(c) for _, c in kept), rows, totals if any(totals) else None, schema.count)


@functools.cache
def _column_view(column: Column) -> ColumnView:
    figures = column.type in ("number", "integer")
    align: Literal["left", "right", "center"] = (
        "right" if figures else "center" if column.type in ("date", "year", "yearmonth", "boolean") else "left"
    )
    decimals = decimals_of(column) if figures else None
    return ColumnView(column.name, column.title, column.unit, align, decimals, column.total, column.type)


def _shown(series: Series, column: Column) -> Sequence[str]:
    """What :func:`~sitegen.model.table.show` makes of every value of a column."""
    if series.kind in ("words", "dates"):
        return series.texts
    if series.kind == "figures" and not (column.type == "number" and column.decimals is None):
        places = decimals_of(column)
        return [_figure(text, places, column) for text in series.texts]
    return [show(value, column) for value in series.values]


def _figure(text: str, places: int, column: Column) -> str:
    whole, point, part = text.partition(".")
    if len(part) == places and whole.isdigit():  # as most are: the figure itself need not be made
        return text if len(whole) < 4 else f"{int(whole):,}{point}{part}"
    return show(Decimal(text), column) if text else ""
