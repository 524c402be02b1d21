"""The parts of an .xlsx that a reader of values passes over. Read with the standard library's expat, without entities, row by row."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Mapping
from xml.etree import ElementTree as ET
from xml.parsers import expat

from msgspec import Struct, field

Cell = tuple[int, int]
Block = tuple[int, int, int, int]
"""First row and column, last row and column, counted from 0."""
_REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_REF = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_OUTSIDE = re.compile(r"\[\d+\]|\[[^\]]+\.xls[xmb]?\]", re.IGNORECASE)
_PART_LIMIT = 20_000_000


class Marks(Struct, frozen=True):
    """What is special about the cells of a sheet."""

    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    merged: tuple[Block, ...] = ()
    errors: Mapping[Cell, str] = field(default_factory=dict)
    """Cells that show an error such as #REF!."""
    uncounted: frozenset[Cell] = frozenset()
    """Formulas whose result was never saved."""
    outside: frozenset[Cell] = frozenset()
    """Formulas that take their value from another workbook."""
    padded: Mapping[Cell, int] = field(default_factory=dict)
    """Numbers shown with zeros before them, and with how many digits: 001."""
    scaled: frozenset[Cell] = frozenset()
    """Numbers shown at another scale than they are kept."""
    pictures: tuple[Block, ...] = ()


class Seen(Struct):
    """The same while a sheet is being read."""

    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    merged: list[Block] = field(default_factory=list)
    errors: dict[Cell, str] = field(default_factory=dict)
    uncounted: set[Cell] = field(default_factory=set)
    outside: set[Cell] = field(default_factory=set)
    padded: dict[Cell, int] = field(default_factory=dict)
    scaled: set[Cell] = field(default_factory=set)
    pictures: list[Block] = field(default_factory=list)

    def marks(self) -> Marks:
        """What was seen."""
        return Marks(
            frozenset(self.hidden_rows),
            frozenset(self.hidden_columns),
            tuple(self.merged),
            self.errors,
            frozenset(self.uncounted),
            frozenset(self.outside),
            self.padded,
            frozenset(self.scaled),
            tuple(self.pictures),
        )


class Extras(Struct):
    """What is special about a workbook."""

    marks: dict[str, Marks] = field(default_factory=dict)
    properties: dict[str, str] = field(default_factory=dict)
    macros: bool = False
    links: bool = False
    from_1904: bool = False
    too_large: str = ""


class _TooLarge(Exception):
    pass


def read_extras(archive: zipfile.ZipFile, row_limit: int, cell_limit: int) -> Extras:
    """Read what is special about a workbook; what cannot be understood is taken as absent, since the reader of values will say so."""
    names = set(archive.namelist())
    made = Extras(macros="xl/vbaProject.bin" in names, links=any(n.startswith("xl/externalLinks/") for n in names))
    made.properties = _properties(archive, names)
    book = _xml(archive, "xl/workbook.xml")
    if book is None:
        return made
    pr = next((e for e in book.iter() if e.tag.endswith("}workbookPr")), None)
    made.from_1904 = pr is not None and pr.get("date1904") in ("1", "true")
    relations = _relations(archive, "xl/workbook.xml")
    padded, scaled = _formats(archive)
    for sheet in (e for e in book.iter() if e.tag.endswith("}sheet")):
        part = relations.get(sheet.get(f"{_REL}id") or "", "")
        if part not in names:
            continue
        try:
            scan = _Scan(padded, scaled, row_limit, cell_limit)
            with archive.open(part) as stream:
                scan.read(stream)
        except _TooLarge as error:
            made.too_large = str(error)
            return made
        except expat.ExpatError:
            continue
        scan.seen.pictures = _pictures(archive, part, names)
        made.marks[sheet.get("name") or ""] = scan.seen.marks()
    return made


def _xml(archive: zipfile.ZipFile, part: str) -> ET.Element | None:
    try:
        if archive.getinfo(part).file_size > _PART_LIMIT:
            return None
        data = archive.read(part)
        if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
            return None
        return ET.fromstring(data)
    except (KeyError, ET.ParseError, zipfile.BadZipFile):
        return None


def _relations(archive: zipfile.ZipFile, part: str) -> dict[str, str]:
    folder, _, name = part.rpartition("/")
    root = _xml(archive, f"{folder}/_rels/{name}.rels")
    found = {}
    for e in root if root is not None else ():
        target = e.get("Target") or ""
        found[e.get("Id") or ""] = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"{folder}/{target}")
    return found


def _properties(archive: zipfile.ZipFile, names: set[str]) -> dict[str, str]:
    root = _xml(archive, "docProps/custom.xml") if "docProps/custom.xml" in names else None
    return {e.get("name") or "": "".join(e.itertext()) for e in (root if root is not None else ())}


def _formats(archive: zipfile.ZipFile) -> tuple[dict[str, int], set[str]]:
    """By number of a cell's style: how many digits it pads to; and the styles that show another scale."""
    from .books import is_scaled

    root = _xml(archive, "xl/styles.xml")
    if root is None:
        return {}, set()
    codes = {e.get("numFmtId"): e.get("formatCode") or "" for e in root.iter() if e.tag.endswith("}numFmt")}
    codes |= {"9": "0%", "10": "0.00%"}
    cells = next((e for e in root.iter() if e.tag.endswith("}cellXfs")), None)
    padded, scaled = {}, set()
    for n, xf in enumerate(cells if cells is not None else ()):
        form = codes.get(xf.get("numFmtId"), "")
        if re.fullmatch(r"0{2,}", form):
            padded[str(n)] = len(form)
        elif form and is_scaled(form):
            scaled.add(str(n))
    return padded, scaled


def place(ref: str) -> Cell | None:
    """``C5`` → (4, 2)."""
    m = _REF.fullmatch(ref)
    if not m:
        return None
    column = 0
    for c in m[1]:
        column = column * 26 + ord(c) - 64
    return int(m[2]) - 1, column - 1


def _block(ref: str) -> Block | None:
    first, _, last = ref.partition(":")
    a, b = place(first), place(last or first)
    return (*a, *b) if a and b else None


class _Scan:
    """Goes through a sheet's cells as they come."""

    def __init__(self, padded: dict[str, int], scaled: set[str], row_limit: int, cell_limit: int) -> None:
        self.styles_padded, self.styles_scaled = padded, scaled
        self.row_limit, self.cell_limit = row_limit, cell_limit
        self.seen = Seen()
        self.rows = self.cells = self.right = self.bottom = 0
        self.row, self.column = -1, -1
        self.formula = self.value = self.in_formula = self.in_value = False
        self.text = ""
        self.style, self.kind = "", ""
        self.counted = False

    def read(self, stream: object) -> None:
        parser = expat.ParserCreate(namespace_separator="}")
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._data
        parser.EntityDeclHandler = self._entity
        parser.ParseFile(stream)  # type: ignore[arg-type]

    def _entity(self, *_: object) -> None:
        raise _TooLarge("DTD")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition("}")[2]
        if name == "c":
            at = place(attributes.get("r", ""))
            self.row, self.column = at or (self.row, self.column + 1)
            self.style, self.kind = attributes.get("s", ""), attributes.get("t", "n")
            self.formula = self.value = False
            self.text = ""
        elif name == "row":
            number = attributes.get("r", "")
            self.row, self.column = int(number) - 1 if number.isdecimal() else self.row + 1, -1
            self.counted = False
            if attributes.get("hidden") in ("1", "true"):
                self.seen.hidden_rows.add(self.row)
        elif name == "f":
            self.formula = self.in_formula = True
            self.text = ""
        elif name in ("v", "is"):
            self.value = self.in_value = True
            self.text = ""
        elif name == "mergeCell":
            if block := _block(attributes.get("ref", "")):
                self.seen.merged.append(block)
        elif name == "col" and attributes.get("hidden") in ("1", "true"):
            first, last = attributes.get("min", "1"), attributes.get("max", "1")
            if first.isdecimal() and last.isdecimal():
                self.seen.hidden_columns.update(range(int(first) - 1, min(int(last), 300)))

    def _data(self, text: str) -> None:
        if self.in_formula or self.in_value:
            self.text += text

    def _end(self, tag: str) -> None:
        name = tag.rpartition("}")[2]
        if name == "f":
            self.in_formula = False
            if _OUTSIDE.search(self.text):
                self.seen.outside.add((self.row, self.column))
        elif name in ("v", "is"):
            self.in_value = False
            self.value = bool(self.text.strip()) or self.kind in ("str", "inlineStr")
        elif name == "c":
            self._cell()

    def _cell(self) -> None:
        at = self.row, self.column
        if self.formula and not self.value:
            self.seen.uncounted.add(at)
        if not self.value:
            return
        if not self.counted:
            self.counted = True
            self.rows += 1
            if self.rows > self.row_limit:
                raise _TooLarge(f"> {self.row_limit} rows")
        self.cells += 1
        self.right, self.bottom = max(self.right, self.column + 1), max(self.bottom, self.row + 1)
        # The reader of values makes a grid of everything between the first cell and the last.
        if self.right * self.bottom > self.cell_limit or self.cells > self.cell_limit:
            raise _TooLarge(f"> {self.cell_limit} cells")
        if self.kind == "e":
            self.seen.errors[at] = self.text.strip()
        elif self.kind == "n":
            if self.style in self.styles_padded:
                self.seen.padded[at] = self.styles_padded[self.style]
            elif self.style in self.styles_scaled:
                self.seen.scaled.add(at)


def _pictures(archive: zipfile.ZipFile, part: str, names: set[str]) -> list[Block]:
    """The cells that pictures cover."""
    found: list[Block] = []
    for target in _relations(archive, part).values():
        root = _xml(archive, target) if "/drawings/" in target and target.endswith(".xml") and target in names else None
        for anchor in root if root is not None else ():
            if not any(e.tag.endswith("}pic") for e in anchor.iter()):
                continue
            corners = [e for e in anchor if e.tag.rpartition("}")[2] in ("from", "to")]
            at = []
            for corner in corners:
                numbers = {e.tag.rpartition("}")[2]: int(e.text or 0) for e in corner}
                at.append((numbers.get("row", 0), numbers.get("col", 0)))
            if at:
                found.append((*at[0], *at[-1]))
    return found
