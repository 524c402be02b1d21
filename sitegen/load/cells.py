"""The cells of a table's file as they stand, by rows and by columns: CSV and XLSX, within limits."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import python_calamine

from .textfile import Unreadable, decode, read_bytes

FILE_LIMIT = 30_000_000
UNZIPPED_LIMIT = 300_000_000
RATIO_LIMIT = 200
CELL_LIMIT = 5_000_000
_FIELD_LIMIT = csv.field_size_limit()

Row = tuple[int, Sequence[Any]]
"""Line (CSV) or row number (XLSX), and the cells."""


class Cells:
    """All rows of a file that have anything in them, headings, unknown columns and what cannot be read included."""

    def __init__(self, rows: Sequence[Row] = (), text: str | None = None, *, plain: bool = False) -> None:
        self.lines: list[int] = []
        """Line of each row."""
        self.rows: list[Sequence[Any]] = []
        for line, row in rows:
            if any(str(cell).strip() for cell in row):
                self.lines.append(line)
                self.rows.append(row)
        self.text = text
        """The whole text of a CSV file."""
        self.plain = plain
        """Every cell is a text without a line end in it."""

    @classmethod
    def of_lines(cls, text: str) -> Cells:
        """Of a text without quotes: a line is a row, a comma parts two cells."""
        made = cls(text=text, plain=True)
        lines = text.removesuffix("\n").split("\n")
        rows: list[Sequence[Any]] = [line.split(",") for line in lines]
        made.lines, made.rows = list(range(1, len(rows) + 1)), rows
        firsts = made.columns[0] if made.width is not None else [row[0] for row in rows]
        start = "".join(firsts)
        if "" in firsts or start.split() != [start]:  # else no row is empty
            kept = [n for n, line in enumerate(lines) if line.replace(",", "").strip()]
            made = cls(text=text, plain=True)
            made.lines, made.rows = [n + 1 for n in kept], [rows[n] for n in kept]
        return made

    def __bool__(self) -> bool:
        return bool(self.rows)

    @cached_property
    def width(self) -> int | None:
        """How many cells every row has; ``None`` where rows differ."""
        widths = set(map(len, self.rows))
        return widths.pop() if len(widths) == 1 else None

    @cached_property
    def columns(self) -> list[tuple[Any, ...]]:
        """The cells by columns, where all rows have the same number of them."""
        return list(zip(*self.rows, strict=True))

    @cached_property
    def joined(self) -> list[str]:
        """Each column as one text of a line per row. Only of ``plain`` cells."""
        return list(map("\n".join, self.columns))


def read_cells(path: Path, sheet: str | None = None) -> Cells:
    """The cells of a file; of a workbook those of ``sheet``, or of its first sheet. Raises :class:`Unreadable`."""
    data = read_bytes(path, FILE_LIMIT)
    ending = path.suffix.lower()
    if ending == ".xlsx":
        return Cells(_workbook(data, sheet))
    if ending != ".csv":
        raise Unreadable("SG202", "neither .csv nor .xlsx")
    text = decode(data, legacy=True)
    if '"' not in text and len(text) <= _FIELD_LIMIT:
        return Cells.of_lines(text)
    start, rows = 1, []
    reader = csv.reader(io.StringIO(text, newline=""))
    try:
        for row in reader:
            rows.append((start, row))
            start = reader.line_num + 1
    except csv.Error as error:
        raise Unreadable("SG202", str(error)) from None
    return Cells(rows, text)


def _workbook(data: bytes, sheet: str | None) -> list[Row]:
    refuse_bombs(data)
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        if sheet is not None and sheet not in book.sheet_names:
            raise Unreadable("SG202", f"there is no sheet {sheet}")
        chosen = book.get_sheet_by_name(sheet) if sheet is not None else book.get_sheet_by_index(0)
        if chosen.total_height * chosen.total_width > CELL_LIMIT:
            raise Unreadable("SG107", "too many cells")
        first = chosen.start[0] if chosen.start else 0
        return list(enumerate(chosen.to_python(skip_empty_area=True), first + 1))
    except python_calamine.CalamineError as error:
        raise Unreadable("SG202", str(error).splitlines()[0] if str(error) else "damaged or encrypted") from None
    except IndexError:
        raise Unreadable("SG202", "there is no sheet") from None


def refuse_bombs(data: bytes) -> None:
    """An XLSX is a ZIP: what it claims to unpack to is checked before anything unpacks it."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = 0
            for info in archive.infolist():
                unpacked += info.file_size
                ratio = info.file_size / max(1, info.compress_size)
                if unpacked > UNZIPPED_LIMIT or (ratio > RATIO_LIMIT and info.file_size > 5_000_000):
                    raise Unreadable("SG107", "unpacks to far more than its size (ZIP bomb?)")
    except zipfile.BadZipFile:
        raise Unreadable("SG202", "damaged or encrypted") from None
