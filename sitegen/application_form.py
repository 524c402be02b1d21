"""The application form for government information: one sheet of A4 as a PDF whose fields can be filled in, and which prints as a blank.

The sheet is set by Typst like the sheets of the boards; where its template leaves a place to write, pypdf lays a form field over it. What is
typed is drawn with SimSun by way of the PDF standard's own character collection for Chinese: readers have that font or put theirs in its
place, so that no font of many megabytes travels with each form. (Tried in PDFium, which is Chrome's and Edge's, and in MuPDF.)
"""

from __future__ import annotations

import datetime as dt
import io
import json
import os
from functools import cache, lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from msgspec import Struct, to_builtins

# As in the typesetter of the sheets: runs are spread over processes, one for each unit.
os.environ.setdefault("RAYON_NUM_THREADS", "1")

from sitegen.fonts import font_folder
from sitegen.resources import resource

_SIZE = 11
"""Points of what is typed."""
_MULTILINE = 1 << 12
_PRINT = 4


class FormWay(Struct, frozen=True):
    """A way to hand the form in."""

    kind: str
    text: str


class FormData(Struct, frozen=True):
    """What is printed on a unit's form."""

    title: str
    unit: str
    organ: str
    ways: tuple[FormWay, ...]
    notes: tuple[str, ...]


@lru_cache(maxsize=8)
def application_form(data: FormData) -> bytes:
    """The form as PDF; the same data give the same bytes.

    Must not run in a process forked from one that has already used the typesetter: its threads do not survive a fork.
    """
    sheet, places = _press().set(data)
    return _fillable(sheet, places, data.title)


class _Press:
    """Typst with a folder of its own, from which it reads the template and a form's data and nothing else."""

    def __init__(self) -> None:
        import typst

        self._folder = TemporaryDirectory(prefix="sitegen-form-")
        self.folder = Path(self._folder.name)
        (self.folder / "form.typ").write_bytes(resource("print/application-form.typ").read_bytes())
        fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(font_folder())])
        self._compiler = typst.Compiler(self.folder / "form.typ", root=self.folder, font_paths=fonts, ignore_system_fonts=True)

    def set(self, data: FormData) -> tuple[bytes, list[dict[str, Any]]]:
        """The sheet, and the places to write in, in points from the top left of their page."""
        pdf, places = b"", []
        # Many ways or notes need room: the large field gives it, until all stands on one sheet.
        for room in range(100, 20, -5):
            self._write({**to_builtins(data), "room": room})
            made = self._compiler.compile(format="pdf", timestamp=dt.datetime(2000, 1, 1, tzinfo=dt.UTC), pdf_tags=False)
            assert isinstance(made, bytes)
            pdf, places = made, json.loads(self._compiler.query("<field>", field="value"))
            if pdf.count(b"/Type/Page") - pdf.count(b"/Type/Pages") == 1:
                break
        return pdf, places

    def _write(self, values: dict[str, Any]) -> None:
        (self.folder / "data.json").write_text(json.dumps(values, ensure_ascii=False), encoding="utf-8")


@cache
def _press() -> _Press:
    return _Press()


def _fillable(sheet: bytes, places: list[dict[str, Any]], title: str) -> bytes:
    """The sheet with a field over each place."""
    from pypdf import PdfWriter
    from pypdf.generic import ArrayObject, DictionaryObject, NameObject, TextStringObject

    writer = PdfWriter(clone_from=io.BytesIO(sheet))
    fonts = DictionaryObject({NameObject("/Song"): _song(writer), NameObject("/ZaDb"): writer._add_object(_ding())})
    fields = ArrayObject()
    for place in places:
        page = writer.pages[place["page"] - 1]
        field = _field(writer, place, float(page.mediabox.height))
        field[NameObject("/P")] = page.indirect_reference or page
        reference = writer._add_object(field)
        fields.append(reference)
        page.setdefault(NameObject("/Annots"), ArrayObject()).append(reference)
    for page in writer.pages:
        page[NameObject("/Tabs")] = NameObject("/R")  # the tabulator goes from row to row
    writer.root_object[NameObject("/AcroForm")] = writer._add_object(
        DictionaryObject(
            {
                NameObject("/Fields"): fields,
                NameObject("/DR"): DictionaryObject({NameObject("/Font"): fonts}),
                NameObject("/DA"): TextStringObject(f"/Song {_SIZE} Tf 0 g"),
            }
        )
    )
    writer.root_object[NameObject("/Lang")] = TextStringObject("zh-CN")
    writer.add_metadata({"/Title": title})
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _field(writer: Any, place: dict[str, Any], height: float) -> Any:
    from pypdf.generic import ArrayObject, DictionaryObject, FloatObject, NameObject, NumberObject, TextStringObject

    x, y, w, h = place["x"], height - place["y"], place["w"], place["h"]
    pad = 0.0 if place["box"] else 2.0
    rect = [x + pad, y - h + (0 if place["box"] else 1.5), x + w - pad, y - (0 if place["box"] else 1.5)]
    field = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Annot"),
            NameObject("/Subtype"): NameObject("/Widget"),
            NameObject("/T"): TextStringObject(place["name"]),
            NameObject("/TU"): TextStringObject(place["label"]),
            NameObject("/F"): NumberObject(_PRINT),
            NameObject("/Rect"): ArrayObject(FloatObject(f"{v:.2f}") for v in rect),
        }
    )
    if not place["box"]:
        field[NameObject("/FT")] = NameObject("/Tx")
        field[NameObject("/DA")] = TextStringObject(f"/Song {_SIZE} Tf 0 g")
        if place["lines"]:
            field[NameObject("/Ff")] = NumberObject(_MULTILINE)
        return field
    off, yes = NameObject("/Off"), NameObject("/Yes")
    field[NameObject("/FT")] = NameObject("/Btn")
    field[NameObject("/V")] = off
    field[NameObject("/AS")] = off
    field[NameObject("/DA")] = TextStringObject("/ZaDb 0 Tf 0 g")
    field[NameObject("/MK")] = DictionaryObject({NameObject("/CA"): TextStringObject("4")})
    states = DictionaryObject({yes: writer._add_object(_drawn(w, h, ticked=True)), off: writer._add_object(_drawn(w, h, ticked=False))})
    field[NameObject("/AP")] = DictionaryObject({NameObject("/N"): states})
    return field


def _drawn(w: float, h: float, *, ticked: bool) -> Any:
    """How a box looks: a tick drawn with two lines, or nothing."""
    from pypdf.generic import ArrayObject, DecodedStreamObject, FloatObject, NameObject

    stream = DecodedStreamObject()
    stream.set_data(
        f"q 1.3 w {w * 0.18:.2f} {h * 0.5:.2f} m {w * 0.42:.2f} {h * 0.2:.2f} l {w * 0.85:.2f} {h * 0.82:.2f} l S Q".encode()
        if ticked
        else b""
    )
    stream[NameObject("/Type")] = NameObject("/XObject")
    stream[NameObject("/Subtype")] = NameObject("/Form")
    stream[NameObject("/BBox")] = ArrayObject(FloatObject(f"{v:.2f}") for v in (0, 0, w, h))
    return stream


def _song(writer: Any) -> Any:
    """SimSun (宋体) with the characters of Adobe-GB1, not embedded; what is typed is encoded as Unicode."""
    from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NumberObject, TextStringObject

    def named(**values: Any) -> DictionaryObject:
        return DictionaryObject({NameObject(f"/{key}"): value for key, value in values.items()})

    def numbers(*values: int) -> ArrayObject:
        return ArrayObject(NumberObject(v) for v in values)

    name = NameObject("/SimSun")
    descriptor = named(
        Type=NameObject("/FontDescriptor"),
        FontName=name,
        Flags=NumberObject(6),
        FontBBox=numbers(-8, -145, 1000, 859),
        ItalicAngle=NumberObject(0),
        Ascent=NumberObject(859),
        Descent=NumberObject(-141),
        CapHeight=NumberObject(683),
        StemV=NumberObject(91),
    )
    inner = named(
        Type=NameObject("/Font"),
        Subtype=NameObject("/CIDFontType2"),
        BaseFont=name,
        CIDSystemInfo=named(Registry=TextStringObject("Adobe"), Ordering=TextStringObject("GB1"), Supplement=NumberObject(4)),
        DW=NumberObject(1000),
        W=numbers(1, 95, 500),  # Latin letters and figures are half as wide
        FontDescriptor=writer._add_object(descriptor),
    )
    font = named(
        Type=NameObject("/Font"),
        Subtype=NameObject("/Type0"),
        BaseFont=name,
        Encoding=NameObject("/UniGB-UCS2-H"),
        DescendantFonts=ArrayObject([writer._add_object(inner)]),
    )
    return writer._add_object(font)


def _ding() -> Any:
    from pypdf.generic import DictionaryObject, NameObject

    return DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/ZapfDingbats"),
        }
    )
