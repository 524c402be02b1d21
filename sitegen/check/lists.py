"""Lists of persons: tables that have a column of names, wherever they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from sitegen.load.tables import heading
from sitegen.model.catalog import Column

from . import words
from .pieces import Grid

_SEARCHED = 12
"""Rows in which a heading is looked for: titles, dates and notes stand above it."""
_RULE = re.compile(r"^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$")
_BAR = re.compile(r"(?<!\\)\|")
Row = tuple[int, tuple[str, ...]]


class List(Struct, frozen=True):
    """A list of persons."""

    at: int
    """Which row of the table is its last row of headings."""
    line: int
    """Line of its headings."""
    headings: dict[int, str]
    names: tuple[int, ...]
    """Columns of names."""
    body: tuple[Row, ...]
    officials: bool
    """It lists office holders: their names are public."""

    def filled(self, column: int) -> bool:
        """Whether a column says anything of anybody: an empty form says nothing."""
        return any(
            column < len(row) and row[column].strip() and not words.LABEL.search(row[column]) and self.names_somebody(row)
            for _, row in self.body
        )

    def names_somebody(self, row: tuple[str, ...]) -> bool:
        """Whether a row has a name in it."""
        return any(c < len(row) and row[c].strip() and not words.LABEL.search(row[c]) for c in self.names)


def find_list(grid: Grid, known: list[Column | None] | None = None) -> List | None:
    """The list of persons that a table is; ``None`` for tables of other things and for forms."""
    for n, (line, row) in enumerate(grid.rows[: 1 if known else _SEARCHED]):
        headings = {c: heading(cell) for c, cell in enumerate(row) if cell.strip()}
        if known:
            names = tuple(c for c, column in enumerate(known) if column is not None and column.mask == "name")
        else:
            names = tuple(c for c, word in headings.items() if words.PERSON.search(word))
        if not names or len(headings) < 2:
            continue
        last = n
        if n + 1 < len(grid.rows):
            below = grid.rows[n + 1][1]
            if not known and not any(c < len(below) and below[c].strip() for c in names):
                # A head of two rows: what the second adds belongs to it.
                extra = {c: heading(cell) for c, cell in enumerate(below) if cell.strip()}
                if extra and all(not any(ch.isdecimal() for ch in word) for word in extra.values()):
                    headings |= extra
                    last = n + 1
        officials = any(words.NO_LIST.search(word) for word in headings.values())
        return List(last, line, headings, names, grid.rows[last + 1 :], officials)
    return None


def markdown_tables(text: str) -> Iterator[Grid]:
    """The tables of a Markdown text, with the lines of the text."""
    if "|" not in text:
        return
    lines = text.split("\n")
    n = 1
    while n < len(lines):
        if "-" in lines[n] and "|" in lines[n - 1] and "|" in lines[n] and _RULE.match(lines[n]):
            rows = [(n, _cells(lines[n - 1]))]
            n += 1
            while n < len(lines) and "|" in lines[n]:
                rows.append((n + 1, _cells(lines[n])))
                n += 1
            yield Grid(tuple(rows))
        n += 1


def _cells(line: str) -> tuple[str, ...]:
    inner = line.strip()
    inner = inner.removeprefix("|")
    if inner.endswith("|") and not inner.endswith("\\|"):
        inner = inner[:-1]
    return tuple(cell.strip() for cell in _BAR.split(inner))
