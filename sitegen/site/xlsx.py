"""A small workbook: words and figures in sheets with a head that stays. The same sheets give the same bytes.

xlsxwriter takes 2.5 ms and more for such a file, a tenth of a county's whole build; this takes a tenth of that. What is more than tables to
download (print set-up, merged heads) is written with xlsxwriter (:mod:`sitegen.catalogs.export`). Every word is an inline string, so
that nothing can become a formula.
"""

from __future__ import annotations

import functools
import html
import io
import re
import zipfile
from collections.abc import Sequence

from msgspec import Struct

DECIMALS = 6
"""The most digits after the point that a format shows."""
ROWS = 1_048_575
"""The most rows of a sheet, its head not counted."""
_LONGEST = 32_767
"""Characters that a cell holds."""
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_special = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff&<>_]").search
_LIKE_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_WIDEST, _NARROWEST = 42, 9


class Grid(Struct, frozen=True):
    """A sheet. A cell is (text, decimals): a figure as its digits with the decimals to show, a text with ``None``."""

    name: str
    head: Sequence[str]
    rows: Sequence[Sequence[tuple[str, int | None]]]


def workbook(grids: Sequence[Grid]) -> bytes:
    """The bytes of an .xlsx file with these sheets."""
    stream = io.BytesIO()
    stream.write(_begun(tuple(g.name for g in grids)))
    with zipfile.ZipFile(stream, "a") as file:
        for n, grid in enumerate(grids, 1):
            _add(file, f"xl/worksheets/sheet{n}.xml", _sheet(grid))
    return stream.getvalue()


def _add(file: zipfile.ZipFile, name: str, text: str) -> None:
    info = zipfile.ZipInfo(name)  # with the first day that a ZIP knows, so that the bytes do not depend on the clock
    info.compress_type = zipfile.ZIP_DEFLATED
    file.writestr(info, text)


@functools.cache
def _begun(names: tuple[str, ...]) -> bytes:
    """A file with what every workbook with such sheets has."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as file:
        for name, text in _fixed(names):
            _add(file, name, text)
    return stream.getvalue()


def _sheet(grid: Grid) -> str:
    columns = [_letters(n) for n in range(len(grid.head))]
    widths = [_NARROWEST] * len(grid.head)
    for cells in (grid.head, *([text for text, _ in row] for row in grid.rows[:200])):
        widths = [max(w, min(_WIDEST, _width(text) + 2)) for w, text in zip(widths, cells, strict=True)]
    rows = ["".join(_words(f"{c}1", text, 1) for c, text in zip(columns, grid.head, strict=True))]
    for line, row in enumerate(grid.rows, 2):
        made = []
        for column, (text, decimals) in zip(columns, row, strict=True):
            if decimals is not None:
                made.append(f'<c r="{column}{line}" s="{2 + min(decimals, DECIMALS)}"><v>{text}</v></c>')
            elif text:
                made.append(_words(f"{column}{line}", text, 0))
        rows.append("".join(made))
    return (
        f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
        "</sheetView></sheetViews><cols>"
        + "".join(f'<col min="{n}" max="{n}" width="{w}" customWidth="1"/>' for n, w in enumerate(widths, 1))
        + "</cols><sheetData>"
        + "".join(f'<row r="{n}">{cells}</row>' for n, cells in enumerate(rows, 1))
        + "</sheetData></worksheet>"
    )


def _words(place: str, text: str, style: int) -> str:
    if _special(text) or len(text) > _LONGEST:
        text = html.escape(_LIKE_ESCAPE.sub("_x005F_", _NOT_XML.sub("", text[:_LONGEST])), quote=False)
    return f'<c r="{place}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def _letters(n: int) -> str:
    """The name of a column: 0 is A, 26 is AA."""
    made = ""
    n += 1
    while n:
        n, rest = divmod(n - 1, 26)
        made = chr(65 + rest) + made
    return made


def _width(text: str) -> int:
    """About as many columns as a text takes: a Chinese character takes two."""
    return len(text) if text.isascii() else len(text) + sum([c > "\u2e7f" for c in text])


def _fixed(names: tuple[str, ...]) -> list[tuple[str, str]]:
    numbers = range(1, len(names) + 1)
    sheets = "".join(f'<sheet name="{html.escape(name)}" sheetId="{n}" r:id="rId{n}"/>' for n, name in zip(numbers, names, strict=True))
    parts = "".join(f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_TYPES}.worksheet+xml"/>' for n in numbers)
    links = "".join(f'<Relationship Id="rId{n}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in numbers)
    formats = "".join(f'<numFmt numFmtId="{164 + n}" formatCode="#,##0{"." + "0" * n if n else ""}"/>' for n in range(DECIMALS + 1))
    styles = "".join(
        f'<xf numFmtId="{164 + n}" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>' for n in range(DECIMALS + 1)
    )
    return [
        (
            "[Content_Types].xml",
            f'{_HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPES}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="{_TYPES}.styles+xml"/>{parts}</Types>',
        ),
        (
            "_rels/.rels",
            f'{_HEAD}<Relationships xmlns="{_RELATIONS}"><Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        ),
        ("xl/workbook.xml", f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{sheets}</sheets></workbook>'),
        (
            "xl/_rels/workbook.xml.rels",
            f'{_HEAD}<Relationships xmlns="{_RELATIONS}">{links}<Relationship Id="rId{len(names) + 1}" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
        ),
        (
            "xl/styles.xml",
            f'{_HEAD}<styleSheet xmlns="{_MAIN}"><numFmts count="{DECIMALS + 1}">{formats}</numFmts>'
            '<fonts count="2"><font><sz val="11"/><name val="等线"/></font><font><b/><sz val="11"/><name val="等线"/></font></fonts>'
            '<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
            '<fill><patternFill patternType="solid"><fgColor rgb="FFF3F5F7"/></patternFill></fill></fills>'
            '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
            '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
            f'<cellXfs count="{DECIMALS + 3}"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
            '<xf numFmtId="0" fontId="1" fillId="2" borderId="0" xfId="0" applyFont="1" applyFill="1" applyAlignment="1"><alignment vertical="center" wrapText="1"/></xf>'
            f"{styles}</cellXfs></styleSheet>",
        ),
    ]
