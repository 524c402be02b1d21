"""The parts of an .ods that a reader of values passes over: hidden rows, merged blocks, errors, figures shown at another scale, pictures.

Read with the standard library's expat, without entities, row by row; a cell that repeats itself a million times is one line of such a file.
"""

from __future__ import annotations

import re
from xml.parsers import expat

from .xlsxparts import Extras, Seen, place

_OUTSIDE = re.compile(r"'?file:/|\[\.?'?[a-z]+://", re.IGNORECASE)
_FIGURE = re.compile(r"-?[\d,，]*\d(?:\.\d+)?")
_WIDEST = 5000
_SHOWN = {"collapse", "filter"}


class _TooLarge(Exception):
    pass


def read_ods_extras(content: bytes, row_limit: int, cell_limit: int) -> Extras:
    """What is special about the sheets of ``content.xml``."""
    made = Extras()
    scan = _Scan(made, row_limit, cell_limit)
    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = scan.start, scan.end, scan.data
    parser.StartDoctypeDeclHandler = scan.doctype
    try:
        parser.Parse(content, True)
    except _TooLarge as error:
        made.too_large = str(error)
    except expat.ExpatError:
        pass  # the reader of values will say so
    return made


class _Scan:
    """Goes through the cells as they come."""

    def __init__(self, made: Extras, row_limit: int, cell_limit: int) -> None:
        self.made, self.row_limit, self.cell_limit = made, row_limit, cell_limit
        self.depth = 0
        self.text: list[str] = []
        self.in_cell = self.in_text = False
        self._sheet("")

    def _sheet(self, name: str) -> None:
        self.name = name
        self.row = self.column = self.columns = self.rows = self.cells = self.right = 0
        self.repeated, self.filled, self.hidden = 1, False, False
        self.seen = Seen()
        self.frame: dict[str, str] | None = None

    def doctype(self, *_: object) -> None:
        raise _TooLarge("DTD")

    def start(self, tag: str, given: dict[str, str]) -> None:
        name = tag.rpartition("}")[2]
        a = {key.rpartition("}")[2]: value for key, value in given.items()}
        if name == "table" and tag.startswith("urn:oasis:names:tc:opendocument:xmlns:table"):
            self.depth += 1
            if self.depth == 1:
                self._sheet(a.get("name", ""))
        elif self.depth != 1:
            return
        elif name == "table-column":
            n = _times(a, "number-columns-repeated")
            if a.get("visibility") in _SHOWN:
                self.seen.hidden_columns.update(range(self.columns, min(self.columns + n, 300)))
            self.columns += n
        elif name == "table-row":
            self.repeated, self.column, self.filled = _times(a, "number-rows-repeated"), 0, False
            self.hidden = a.get("visibility") in _SHOWN
        elif name in ("table-cell", "covered-table-cell"):
            self._cell(a)
        elif name == "p" and self.in_cell:
            self.in_text = True
        elif name == "frame":
            self.frame = a
        elif name == "image" and self.frame is not None:
            self._picture(self.frame)
            self.frame = None

    def data(self, text: str) -> None:
        if self.in_text:
            self.text.append(text)

    def end(self, tag: str) -> None:
        name = tag.rpartition("}")[2]
        if name == "table" and tag.startswith("urn:oasis:names:tc:opendocument:xmlns:table"):
            if self.depth == 1:
                self._done()
            self.depth -= 1
        elif self.depth != 1:
            return
        elif name in ("table-cell", "covered-table-cell"):
            self._cell_done()
        elif name == "p":
            self.in_text = False
        elif name == "table-row":
            self._row_done()

    # ---- Sheets

    def _done(self) -> None:
        if self.name.startswith("'file:"):  # what was copied from a workbook that a formula names
            self.made.links = True
            return
        self.made.marks[self.name] = self.seen.marks()

    def _row_done(self) -> None:
        if self.filled:
            self.rows += self.repeated
            if self.rows > self.row_limit or (self.row + self.repeated) * max(1, self.right) > self.cell_limit:
                raise _TooLarge(f"> {self.row_limit} rows")
            if self.hidden:
                self.seen.hidden_rows.update(range(self.row, self.row + self.repeated))
        self.row += self.repeated

    # ---- Cells

    def _cell(self, a: dict[str, str]) -> None:
        self.kind, self.value, self.formula = a.get("value-type", ""), a.get("value", ""), a.get("formula", "")
        self.across = _times(a, "number-columns-repeated")
        self.in_cell, self.text = True, []
        down, over = _times(a, "number-rows-spanned"), _times(a, "number-columns-spanned")
        if down > 1 or over > 1:
            self.seen.merged.append((self.row, self.column, self.row + down - 1, self.column + over - 1))
        if self.kind:
            self.filled = True
            self.right = max(self.right, self.column + self.across)
            if self.across > _WIDEST or self.column > _WIDEST:
                raise _TooLarge(f"> {_WIDEST} columns")

    def _cell_done(self) -> None:
        self.in_cell = self.in_text = False
        shown, at = "".join(self.text).strip(), (self.row, self.column)
        if self.formula:
            if _OUTSIDE.search(self.formula):
                self.seen.outside.add(at)
                self.made.links = True
            if not self.kind:
                self.seen.uncounted.add(at)
            elif shown.startswith("#") or re.fullmatch(r"Err:\d+", shown):
                self.seen.errors[at] = shown
        if self.kind == "percentage":
            self.seen.scaled.add(at)
        elif self.kind == "float" and shown:
            if re.fullmatch(r"0\d+", shown):
                self.seen.padded[at] = len(shown)
            elif not _as_shown(shown, self.value):
                self.seen.scaled.add(at)
        self.column += self.across

    def _picture(self, a: dict[str, str]) -> None:
        end = place(a.get("end-cell-address", "").rpartition(".")[2])
        if end is not None and self.in_cell:
            self.seen.pictures.append((self.row, self.column, *end))


def _times(a: dict[str, str], key: str) -> int:
    text = a.get(key, "1")
    return int(text) if text.isdecimal() else 1


def _as_shown(shown: str, value: str) -> bool:
    """Whether a figure is shown at its own scale: 74,550 and 74550.00 are, 7.5 for it is not. What is no plain figure is judged by its value."""
    if "!" in shown:
        return False
    m = _FIGURE.fullmatch(shown.lstrip("¥￥ ").rstrip("元 "))
    if not m:
        return True
    try:
        seen, kept = float(m[0].replace(",", "").replace("，", "")), float(value)
    except ValueError:
        return True
    return abs(seen - kept) <= 1 or abs(seen - kept) <= abs(kept) / 100
