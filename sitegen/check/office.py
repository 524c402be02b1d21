"""Text and tables of office files: parts of XML, and the cells of workbooks."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

import python_calamine

from sitegen.model.finding import N_

from .pieces import DAMAGED, LOCKED, FileName, Grid, Piece, Prose, Unchecked, join

CELL_LIMIT = 5_000_000


def part(content: bytes, name: str, inside: str) -> Iterator[Piece]:
    """Paragraphs and tables of one part of an office file."""
    if b"<!DOCTYPE" in content[:4096] or b"<!ENTITY" in content:
        yield Unchecked(DAMAGED, inside)  # no office program writes these; they only serve to blow a reader up
        return
    root = ElementTree.fromstring(content)
    body = name in ("word/document.xml", "content.xml")
    slide = re.search(r"slides/slide(\d+)\.xml$|Page_(\d+)/", name)
    place = "" if body else f"P{next(g for g in slide.groups() if g)}" if slide else ""
    number = 0
    in_tables: set[int] = set()
    for element in root.iter():
        tag = _local(element)
        if tag in ("tbl", "table") and id(element) not in in_tables:
            rows = []
            for row in (r for r in element.iter() if _local(r) in ("tr", "table-row")):
                in_tables.update(id(e) for e in row.iter())
                cells = [c for c in row if _local(c) in ("tc", "table-cell", "covered-table-cell")]
                rows.append(tuple(" ".join(_words(p) for p in _paragraphs(c)).strip() for c in cells))
            number += 1
            line = number if body and not inside else 0
            yield Grid(tuple((line, cells) for cells in rows), join(inside, f"¶{number}" if body else place))
        elif tag in ("p", "h", "TextCode", "t", "text", "si", "is") and id(element) not in in_tables:
            in_tables.update(id(e) for e in element.iter())
            number += 1
            words = _words(element)
            if words:
                yield Prose(words, number if body and not inside else None, 0, join(inside, f"¶{number}" if body else place))
        elif id(element) not in in_tables and element.text and len(element.text) > 1 and not len(element):
            yield Prose(element.text, None, 0, join(inside, place))


def _local(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _paragraphs(cell: ElementTree.Element) -> list[ElementTree.Element]:
    return [e for e in cell.iter() if _local(e) in ("p", "h")] or [cell]


def _words(element: ElementTree.Element) -> str:
    """The text of a paragraph: a number may be spread over many runs."""
    return "".join(_runs(element)).strip()


def _runs(element: ElementTree.Element) -> Iterator[str]:
    tag = _local(element)
    if tag == "Fallback":
        return  # the same text box again, for old programs
    if tag in ("tab", "br", "cr", "s", "line-break", "p"):
        yield " "
    if element.text and tag != "instrText":
        yield element.text
    for child in element:
        yield from _runs(child)
        if child.tail and child.tail.strip():
            yield child.tail


def sheets(data: bytes, inside: str, known: tuple[str | None, ...] = ()) -> Iterator[Piece]:
    """All sheets but those in ``known`` (``None``: the first), hidden ones and hidden columns included."""
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        for n, name in enumerate(book.sheet_names):
            if name in known or (n == 0 and None in known):
                continue
            sheet = book.get_sheet_by_name(name)
            if sheet.total_height * sheet.total_width > CELL_LIMIT:
                yield Unchecked(N_("too many cells"), join(inside, name))
                continue
            first = sheet.start[0] if sheet.start else 0
            left = sheet.start[1] if sheet.start else 0
            pad = ("",) * left
            rows = tuple((n, (*pad, *map(cell_text, row))) for n, row in enumerate(sheet.to_python(skip_empty_area=True), first + 1))
            yield FileName(name, inside)
            if rows:
                yield Grid(rows, join(inside, name), cells=True)
    except python_calamine.CalamineError as error:
        yield Unchecked(LOCKED if "password" in str(error).lower() else DAMAGED, inside)
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # how the reader gives up on some damaged files
            raise
        yield Unchecked(DAMAGED, inside)


def cell_text(cell: Any) -> str:
    """A cell as people read it. A long number that Excel rounded still shows all its digits."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    return "" if cell is None else str(cell)
