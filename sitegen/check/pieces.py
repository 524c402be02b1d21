"""What comes out of a file that is examined: text, tables, names, and what could not be read."""

from __future__ import annotations

import re

from msgspec import Struct

from sitegen.model.finding import N_


class Prose(Struct, frozen=True):
    """Running text."""

    text: str
    line: int | None
    """Line, page or paragraph of its first line; ``None`` for what has no place of its own."""
    step: int = 0
    """1 where every line of the text is the next line of the file, 0 where all of it is in one place."""
    place: str = ""
    """Where it is, as findings say it: ``P3``, ``名单.docx ¶5``."""
    loose: bool = True
    """False where columns were lost, so that figures may stand side by side."""


class Grid(Struct, frozen=True):
    """A table: rows with the line that findings give them."""

    rows: tuple[tuple[int, tuple[str, ...]], ...]
    place: str = ""
    cells: bool = False
    """Cells have names of their own (C12)."""
    columns: tuple[tuple[str, ...], ...] = ()
    """The cells by columns, where they are at hand."""
    joined: tuple[str, ...] = ()
    """Each column as one text of a line per row, where it is at hand."""

    def column(self, c: int) -> tuple[str, ...]:
        """The cells of a column; "" where a row is too short."""
        return self.columns[c] if self.columns else tuple(row[c] if c < len(row) else "" for _, row in self.rows)

    def lines(self, c: int) -> str:
        """A column as one text of a line per row, other white space than that as spaces."""
        if self.joined:
            return self.joined[c].replace("\t", " ")
        return "\n".join(_SPACES.sub(" ", cell) for cell in self.column(c))

    @property
    def width(self) -> int:
        """How many cells the longest row has."""
        return len(self.columns) or max((len(row) for _, row in self.rows), default=0)


class FileName(Struct, frozen=True):
    """A name inside an archive."""

    name: str
    place: str


class Unchecked(Struct, frozen=True):
    """What could not be read, and why."""

    problem: str
    place: str = ""


_SPACES = re.compile(r"[\n\t]")
Piece = Prose | Grid | FileName | Unchecked

DAMAGED = N_("damaged or encrypted")
LOCKED = N_("it is encrypted")


def join(inside: str, place: str) -> str:
    """A place inside an archive's member."""
    return f"{inside} {place}" if inside else place


def cell_name(column: int, row: int) -> str:
    """C12 for the third column of row 12."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row}"


class Where(Struct, frozen=True):
    """The file that is looked at, as findings name it."""

    file: str
    line: int | None = None
    """For a file whose own name may not be repeated: the line of the record that names it."""
