"""A record's rows in the form: the item's columns, cells as they stand in the file, and the file of what was typed."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from sitegen.load.cells import read_cells
from sitegen.load.tables import columns_of
from sitegen.model.catalog import Column, TableSchema

MOST = 300
"""Rows beyond which a list is for Excel, not for a form."""


class Grid(Struct, frozen=True):
    """Cells to fill in. ``why`` says why they cannot be changed here; "" where they can."""

    columns: tuple[Column, ...]
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    why: str = ""

    @property
    def order(self) -> tuple[str, ...]:
        """Names of the columns in the order of the file."""
        return tuple(c.name for c in self.columns)


def heading(column: Column) -> str:
    """A column's heading with its unit, as files have it."""
    return f"{column.title}({column.unit})" if column.unit else column.title


def shown(schema: TableSchema, *, village: bool) -> tuple[Column, ...]:
    """The columns of a new list; a village's own list needs no column for the village."""
    return tuple(c for c in schema.fields if not (village and c.name == "village"))


def empty(schema: TableSchema, *, village: bool) -> Grid:
    """A list in which nothing was typed yet."""
    columns = shown(schema, village=village)
    return Grid(columns, tuple(heading(c) for c in columns), ())


def of_file(path: Path, schema: TableSchema) -> Grid:
    """The rows of a file, as it writes them."""
    if path.suffix.lower() != ".csv":
        return Grid((), (), (), "这份名单是 Excel 文件：用 Excel 改好以后，再拖进来。")
    try:
        cells = list(read_cells(path).rows)
    except Exception:  # whatever is wrong with it is among the findings
        return Grid((), (), (), "这份名单打不开，见下面的问题。")
    head, body = (list(cells[0]) if cells else []), cells[1:]
    columns = columns_of(schema, head)
    known = [c for c in columns if c is not None]
    if len(known) != len(head) or len({c.name for c in known}) != len(known):
        return Grid((), (), (), "表头有认不出的列：请用 Excel 改好以后，再拖进来。")
    if len(body) > MOST:
        return Grid((), (), (), f"有 {len(body)} 行，请用 Excel 改好以后，再拖进来。")
    rows = tuple(tuple("" if v is None else str(v) for v in (*row, *[""] * (len(head) - len(row))))[: len(head)] for row in body)
    return Grid(tuple(known), tuple(str(h) for h in head), rows)


def typed(values: Mapping[str, str], order: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """The rows of a form: cells are named ``c<row>.<column>``; rows in which nothing stands are left out."""
    numbers = sorted({int(n) for name in values if name[:1] == "c" and (n := name[1:].partition(".")[0]).isdecimal() and "." in name})
    rows = [tuple((values.get(f"c{n}.{name}") or "").strip() for name in order) for n in numbers]
    return tuple(row for row in rows if any(row))


def as_csv(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """The file; columns in which nothing stands are left out."""
    kept = [n for n in range(len(heads)) if any(row[n] for row in rows)]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([heads[n] for n in kept])
    writer.writerows([row[n] for n in kept] for row in rows)
    return out.getvalue().encode()
