"""What a table comes to: the line of figures that people read, and the exact sums that counterparts are compared by."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from .catalog import TableSchema
from .content_views import Figure
from .dialogue import OPINIONS, adopted
from .table import Table, decimals_of, total_of

_FIGURES = 4
"""Totals that fit in a line."""


def figures(table: Table, schema: TableSchema, added: Mapping[str, Decimal]) -> tuple[Figure, ...]:
    """The line of figures of a table: how many rows, then each total. ``added`` are its :func:`sums`."""
    if table.schema == OPINIONS.id:
        counts = adopted(table)
        return (Figure("收到意见", sum((n for _, n in counts), Decimal(0)), 0, "条"), *(Figure(word, n, 0, "条") for word, n in counts))
    made = [Figure("", Decimal(len(table.rows)), 0, schema.count or "行")]
    total = {c.name: added[c.name] for c in schema.fields if c.total and c.name in added}
    columns = [c for c in schema.fields if c.name in total and not table.series(c.name).empty]
    if len(columns) > _FIGURES:  # an account has a total for everything: what every table must have is what people look for
        columns = [c for c in columns if c.constraints.required]
    made += [Figure(c.title, total[c.name], decimals_of(c), c.unit or "") for c in columns]
    kinds = next((c for c in schema.fields if c.name == "kind" and c.constraints.enum == ("收入", "支出")), None)
    if kinds is not None and {"kind", "amount"} <= set(table.columns):
        # An account's amounts are income and expense in one column: a sum of all would mean nothing.
        for kind in ("收入", "支出"):
            amount = sum(
                (v for k, v in zip(table.column("kind"), table.column("amount"), strict=True) if k == kind and isinstance(v, Decimal)),
                Decimal(0),
            )
            if amount:
                made.append(Figure(kind, amount, 2, "元"))
    return tuple(made)


def sums(table: Table, schema: TableSchema) -> tuple[tuple[str, Decimal], ...]:
    """Exact sums of all columns of figures, for comparing counterparts."""
    return tuple((c.name, total_of(table, c)) for c in schema.fields if c.type in ("number", "integer") and c.name in table.columns)
