"""Files as offices make them, for tests: documents, sheets, presentations, PDF, pictures. All persons in them are invented."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence

import openpyxl
import typst
from PIL import Image

from sitegen.model.number_kinds import id_check, luhn

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_A = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'


def id_number(day: str = "19000101", serial: str = "001", region: str = "230198") -> str:
    """A valid ID number of nobody: of a region that does not exist."""
    return region + day + serial + id_check(region + day + serial)


def old_id_number(day: str = "000101", serial: str = "001") -> str:
    """One of 15 digits, as they were until 1999."""
    return f"230198{day}{serial}"


def card_number(start: str = "621700", length: int = 19) -> str:
    """A card number with a right check digit, of no bank's series in use."""
    body = (start + "0" * length)[: length - 1]
    return next(body + str(d) for d in range(10) if luhn(body + str(d)))


MOBILE = "1380" + "000" + "0000"


def docx(paragraphs: Sequence[str] = (), table: Sequence[Sequence[str]] = (), parts: Mapping[str, str] | None = None) -> bytes:
    """A Word file. Paragraphs are cut into runs of three characters, as editing leaves them."""

    def paragraph(text: str) -> str:
        runs = "".join(f'<w:r><w:t xml:space="preserve">{text[i : i + 3]}</w:t></w:r>' for i in range(0, len(text), 3))
        return f"<w:p>{runs}</w:p>"

    rows = "".join("<w:tr>" + "".join(f"<w:tc>{paragraph(c)}</w:tc>" for c in row) + "</w:tr>" for row in table)
    body = "".join(map(paragraph, paragraphs)) + (f"<w:tbl>{rows}</w:tbl>" if rows else "")
    files = {"[Content_Types].xml": "<Types/>", "word/document.xml": f"<w:document {_W}><w:body>{body}</w:body></w:document>"}
    for name, text in (parts or {}).items():
        files[name] = f"<w:hdr {_W}>{paragraph(text)}</w:hdr>"
    return zipped(files)


def pptx(slides: Sequence[str]) -> bytes:
    """A presentation with a text on every slide."""
    files = {"[Content_Types].xml": "<Types/>"}
    for n, text in enumerate(slides, 1):
        files[f"ppt/slides/slide{n}.xml"] = f"<p:sld xmlns:p='p' {_A}><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:sld>"
    return zipped(files)


def odt(paragraphs: Sequence[str]) -> bytes:
    """An OpenDocument text."""
    body = "".join(f"<text:p>{p}</text:p>" for p in paragraphs)
    return zipped({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": f"<o xmlns:text='t'>{body}</o>"})


def xlsx(rows: Sequence[Sequence[object]], hidden: Sequence[Sequence[object]] = (), comment: str = "", author: str = "") -> bytes:
    """A workbook: a sheet 名单, perhaps a hidden sheet, a comment at A1."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "名单"
    for row in rows:
        sheet.append(list(row))
    if hidden:
        other = book.create_sheet("底册")
        other.sheet_state = "hidden"
        for row in hidden:
            other.append(list(row))
    if comment:
        sheet["A1"].comment = openpyxl.comments.Comment(comment, "x")
    book.properties.creator = author or None
    return _saved(book.save)


def pdf(*pages: str) -> bytes:
    """A PDF with a text on every page; an empty text is a page without any, as a scan has."""
    text = "\n#pagebreak()\n".join(f'#text("{p}")' if p else "#rect(width: 3cm, height: 3cm)" for p in pages)
    return typst.compile(text.encode())


LOCKED_PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\n"
    b"4 0 obj<</Filter/Standard/V 1/R 2/P -4/O<" + b"00" * 32 + b">/U<" + b"11" * 32 + b">>>endobj\n"
    b"trailer<</Root 1 0 R/Encrypt 4 0 R/ID[<00><00>]/Size 5>>\n%%EOF\n"
)
"""A PDF that asks for a password."""


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    """A ZIP of files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files.items():
            info = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    return out.getvalue()


def picture(kind: str = "JPEG", gps: bool = False, artist: str = "", comment: str = "", turned: int = 1) -> bytes:
    """A small picture, with what a telephone writes into it."""
    image = Image.new("RGB", (16, 8))
    image.putdata([(x * 9, x * 5, 40) for x in range(128)])
    exif = Image.Exif()
    if gps:
        exif[0x8825] = {1: "N", 2: (45.0, 45.0, 0.0), 3: "E", 4: (126.0, 37.0, 0.0)}
    if artist:
        exif[0x013B] = artist
    if turned != 1:
        exif[0x0112] = turned
    extra = {"comment": comment.encode()} if comment and kind == "JPEG" else {}
    return _saved(lambda out: image.save(out, kind, exif=exif, **extra))


def _saved(save: object) -> bytes:
    out = io.BytesIO()
    save(out)  # type: ignore[operator]
    return out.getvalue()
