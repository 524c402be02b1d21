"""Tables as they are searched for personal data: how findings name their places, and which of their columns need a look."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from sitegen.load.cells import Cells
from sitegen.load.tables import columns_of
from sitegen.model.catalog import Column, TableSchema

from . import words
from .lists import List, find_list
from .office import cell_text
from .pieces import Grid, Where, cell_name


class Shown(Struct, frozen=True):
    """A table, and how findings name places in it."""

    grid: Grid
    where: Where
    known: list[Column | None]
    people: List | None
    columns: bool
    """Findings give the column; in a text that would be a character."""

    @property
    def headings(self) -> dict[int, str]:
        """Heading by column."""
        return self.people.headings if self.people else dict(enumerate(self.grid.rows[0][1]))

    def schema(self, c: int) -> Column | None:
        """The catalogue's column, where it knows it."""
        return self.known[c] if c < len(self.known) else None

    def column(self, c: int) -> int | None:
        """The column as findings count it."""
        return c + 1 if self.columns else None

    def unlike(self, c: int, n: int) -> bool:
        """Whether few cells of a column have as many digits as row ``n`` has there."""
        digits = [
            sum(ch.isdecimal() for ch in row[c]) for m, (_, row) in enumerate(self.grid.rows) if m not in (0, n) and c < len(row) and row[c]
        ]
        own = sum(ch.isdecimal() for ch in self.grid.rows[n][1][c])
        return digits.count(own) * 2 < max(1, len(digits))

    def place(self, c: int, line: int) -> str:
        """The cell as a person finds it in Excel."""
        return f"{self.grid.place}!{cell_name(c, line)}" if self.grid.cells else self.grid.place


class Look(Struct, frozen=True):
    """What has to be looked at in a table with headings that give nothing away."""

    names: bool
    """It is a list of persons."""
    masked: frozenset[int]
    """Columns that are masked: they are checked as they are read."""
    texts: frozenset[int]
    """Columns of free text."""


_looks: dict[tuple[str, tuple[str, ...]], tuple[TableSchema, Look | None]] = {}


def look_at(schema: TableSchema, head: tuple[str, ...]) -> Look | None:
    """How to look at tables with this head; ``None`` where that needs a closer look at every one."""
    known = _looks.get((schema.id, head))
    if known is None or known[0] is not schema:
        columns = columns_of(schema, head)
        people = find_list(Grid(((1, head),)), columns)
        headings = people.headings if people else {}
        doubtful = any(columns[c] is None and any(p.search(h) for _, p in words.HEADINGS) for c, h in headings.items())
        children = people is not None and any(words.CHILD.search(headings[c]) for c in people.names)
        masked = frozenset(c for c, column in enumerate(columns) if column is not None and column.mask)
        texts = frozenset(c for c, column in enumerate(columns) if free(column))
        known = _looks[schema.id, head] = (schema, None if doubtful or children else Look(people is not None, masked, texts))
    return known[1]


def free(column: Column | None) -> bool:
    """Whether a column may say anything."""
    return column is None or (column.type == "string" and not column.constraints.enum and not column.mask)


def as_grid(cells: Cells) -> Grid:
    """A record's own table."""
    if cells.plain and cells.width is not None:
        rows = tuple(zip(cells.lines, map(tuple, cells.rows), strict=True))
        return Grid(rows, columns=tuple(cells.columns), joined=tuple(cells.joined))
    return Grid(tuple((line, tuple(map(cell_text, row))) for line, row in zip(cells.lines, cells.rows, strict=True)))


def sensitive_columns(people: List, known: list[Column | None]) -> Iterator[tuple[int, tuple[str, str]]]:
    """Columns that a list of persons must not have: column → (heading, what it names)."""
    for c, heading in people.headings.items():
        if c < len(known) and known[c] is not None:
            continue
        what = next((name for name, pattern in words.HEADINGS if pattern.search(heading)), None)
        if what and people.filled(c):
            yield c, (heading, what)


def about_person(people: List | None, n: int, row: tuple[str, ...]) -> bool:
    """Whether row ``n`` of a table speaks of somebody."""
    if people is not None and n > people.at:
        return people.names_somebody(row)
    return any(words.MASKED_NAME.search(cell) for cell in row)
