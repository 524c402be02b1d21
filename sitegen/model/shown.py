"""A table as readers see it: every cell the text to print, private columns and empty ones left out."""

from __future__ import annotations

import functools
from typing import Literal

from .catalog import Column, TableSchema
from .table import Table, decimals_of, show, total_of
from .views import ColumnView, TableView


def table_view(table: Table, schema: TableSchema, without: frozenset[str] = frozenset()) -> TableView:
    """Rows as text. Private columns, columns in ``without`` and columns with nothing in them are left out."""
    columns = {c.name: c for c in schema.fields}
    kept = [
        (i, columns[name])
        for i, name in enumerate(table.columns)
        if not columns[name].private and name not in without and any(row[i] is not None for row in table.rows)
    ]
    rows = tuple(tuple(show(row[i], c) for i, c in kept) for row in table.rows)
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
