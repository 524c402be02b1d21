"""Attachments → text, tables and what cannot be read: PDF, Word, Excel and WPS files, presentations, OpenDocument, OFD, archives, text.

Nothing here raises for bad input, and nothing is passed over in silence: what cannot be read comes out as :class:`Unchecked`.
Office files are ZIPs of XML; their text is taken straight from the XML, since headers, comments, text boxes and hidden sheets leak as well
as the body does, and libraries for them read the body only.
"""

from __future__ import annotations

import io
import re
import struct
import threading
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from html import unescape
from typing import Any
from xml.etree import ElementTree

from sitegen.load.textfile import Unreadable, decode
from sitegen.model.finding import N_

from . import office
from .pieces import DAMAGED, LOCKED, FileName, Grid, Piece, Prose, Unchecked, join

FILE_LIMIT = 50_000_000
UNPACKED_LIMIT = 300_000_000
RATIO_LIMIT = 200
MEMBER_LIMIT = 2_000
DEPTH_LIMIT = 3
PAGE_LIMIT = 2_000
TEXT_LIMIT = 20_000_000


_TEXTS = ("txt", "csv", "tsv", "md", "json", "xml", "yml", "yaml", "log", "vtt", "srt")
_PICTURES = ("png", "jpg", "jpeg", "webp", "gif", "bmp", "tif", "tiff")
_RECORDINGS = ("mp3", "m4a", "ogg", "opus", "wav", "wma", "amr", "mp4", "webm", "mov", "mkv", "avi", "wmv", "flv", "rmvb")
_SHEETS = ("xlsx", "xlsm", "xlsb", "xls", "et", "ods")
_PAPERS = ("docx", "docm", "pptx", "pptm", "odt", "odp", "ofd")
_BROKEN = (
    ElementTree.ParseError,
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    LookupError,
    RuntimeError,  # a password, a method of compression that is not there, XML nested without end
    OSError,
    ValueError,
    ArithmeticError,
)
"""How readers fail at damaged files."""
_OLE = b"\xd0\xcf\x11\xe0"
_SCAN = N_("there is no text in it (a scan?)")
_pdfium = threading.Lock()
"""PDFium keeps state of its own."""


class _Budget:
    """What may still be unpacked of one attachment, archives in it included."""

    def __init__(self) -> None:
        self.bytes, self.members = UNPACKED_LIMIT, MEMBER_LIMIT


def pieces(name: str, data: bytes) -> Iterator[Piece]:
    """Everything that can be read of a file, and what cannot. ``name`` tells the kind where the bytes do not."""
    yield from _pieces(name, data, "", _Budget(), 0)


def beside_table(data: bytes, sheet: str | None) -> Iterator[Piece]:
    """What a workbook holds besides the sheet that is a record's table: other sheets, hidden ones too, comments, properties.

    ``sheet`` is the table's; ``None`` for the first.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            yield from _office(archive, [i for i in archive.infolist() if not i.is_dir()], "", _Budget(), data, (sheet,))
    except _BROKEN:
        return  # reading the table has said so


def _pieces(name: str, data: bytes, inside: str, budget: _Budget, depth: int) -> Iterator[Piece]:
    kind = name.rpartition(".")[2].lower() if "." in name else ""
    try:
        if not data:
            return
        if data[:1024].lstrip().startswith(b"%PDF"):
            yield from _pdf(data, inside, budget, depth)
        elif kind in _PICTURES or kind in _RECORDINGS:
            return  # what it shows or says is for people to look at; metadata and transcripts are looked at elsewhere
        elif kind in ("xls", "et") and data.startswith(_OLE):
            yield from office.sheets(data, inside)
        elif data.startswith(b"PK"):
            yield from _zip(kind, data, inside, budget, depth)
        elif data.startswith(_OLE):
            locked = "EncryptedPackage".encode("utf-16-le") in data
            yield Unchecked(LOCKED if locked else N_("an old Office format (.doc, .ppt, .wps)"), inside)
        elif kind in (*_PAPERS, *_SHEETS, "zip", "pdf"):
            yield Unchecked(DAMAGED, inside)
        elif kind in ("html", "htm", "svg"):
            yield _place(Prose(_visible(_text(data)), 1, 1), inside)
        elif kind in _TEXTS:
            yield from _plain(kind, _text(data), inside)
        else:
            yield Unchecked(N_("a kind of file that is not read here"), inside)
    except Unreadable as error:
        yield Unchecked(error.problem or N_("no text in a known encoding"), inside)
    except _BROKEN:
        yield Unchecked(DAMAGED, inside)


def _text(data: bytes) -> str:
    if len(data) > TEXT_LIMIT:
        raise Unreadable("SG107", "too large")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace").replace("\r\n", "\n")
    return decode(data, legacy=True)


def _plain(kind: str, text: str, inside: str) -> Iterator[Piece]:
    if kind in ("csv", "tsv"):
        separator = "\t" if kind == "tsv" else ","
        # A row a line: a quoted line end moves what follows by a line at most, and never hides it.
        rows = tuple((n, tuple(c.strip(' "') for c in line.split(separator))) for n, line in enumerate(text.split("\n"), 1))
        yield Grid(rows, inside)
    else:
        yield _place(Prose(text, 1, 1), inside)


def _place(prose: Prose, inside: str) -> Prose:
    """What lies in an archive has no line of the attachment itself."""
    return prose if not inside else Prose(prose.text, None, 0, inside, prose.loose)


def _visible(html: str) -> str:
    """The text of a page, line for line; values of attributes stay, since they are published with it."""
    return unescape(re.sub(r"</?(?:span|b|i|em|strong|font|u|a|tspan)\b[^>]*>", "", html)).replace("<", " <")


def _pdf(data: bytes, inside: str, budget: _Budget, depth: int) -> Iterator[Piece]:
    import pypdfium2

    try:
        with _pdfium:
            document = pypdfium2.PdfDocument(data)
            try:
                count = len(document)
                texts = [_page_text(document, n) for n in range(min(count, PAGE_LIMIT))]
                properties = "\n".join(v for v in document.get_metadata_dict().values() if v)
                files = [
                    (a.get_name(), bytes(a.get_data())) for a in (document.get_attachment(n) for n in range(document.count_attachments()))
                ]
            finally:
                document.close()
    except pypdfium2.PdfiumError as error:
        yield Unchecked(LOCKED if "password" in str(error).lower() else DAMAGED, inside)
        return
    blank = [n for n, text in enumerate(texts, 1) if not text.strip()]
    if blank:
        yield Unchecked(_SCAN, join(inside, f"P{_spans(blank)}"))
    if count > PAGE_LIMIT:
        yield Unchecked(N_("more pages than are read here"), inside)
    for n, text in enumerate(texts, 1):
        if text:
            yield Prose(text, n if not inside else None, 0, join(inside, f"P{n}"), loose=False)
    if properties:
        yield Prose(properties, None, 0, inside)
    for name, content in files:
        yield FileName(name, inside)
        yield from _pieces(name, content, join(inside, name), budget, depth + 1)


def _page_text(document: Any, n: int) -> str:
    page = document[n]
    try:
        text = page.get_textpage()
        try:
            return str(text.get_text_bounded()).replace("\r\n", "\n").replace("\r", "\n")
        finally:
            text.close()
    finally:
        page.close()


def _spans(numbers: Sequence[int]) -> str:
    """1–3、7"""
    out: list[list[int]] = []
    for n in numbers:
        if out and out[-1][1] == n - 1:
            out[-1][1] = n
        else:
            out.append([n, n])
    return "、".join(str(a) if a == b else f"{a}–{b}" for a, b in out)


def _zip(kind: str, data: bytes, inside: str, budget: _Budget, depth: int) -> Iterator[Piece]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        infos = [i for i in archive.infolist() if not i.is_dir()]
        names = {i.filename for i in infos}
        if any(n.startswith(("xl/", "Workbook")) for n in names) or (kind == "ods" and "content.xml" in names):
            yield from _office(archive, infos, inside, budget, sheets=data)
        elif "[Content_Types].xml" in names or "content.xml" in names or "OFD.xml" in names:
            yield from _office(archive, infos, inside, budget)
        elif kind in (*_PAPERS, *_SHEETS):
            yield Unchecked(DAMAGED, inside)
        elif depth >= DEPTH_LIMIT:
            yield Unchecked(N_("archives in archives in archives"), inside)
        else:
            for info in infos:
                name = _name(info)
                yield FileName(name, inside)
                place = f"{inside}/{name}" if inside else name
                content = _member(archive, info, budget)
                if isinstance(content, str):
                    yield Unchecked(content, place)
                    if content == _TOO_MUCH:
                        return
                else:
                    yield from _pieces(name, content, place, budget, depth + 1)


_TOO_MUCH = N_("unpacks to far more than its size")


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, budget: _Budget) -> bytes | str:
    """A file of an archive, or why it is not read. What it claims to unpack to is counted before anything is unpacked, and never exceeded."""
    budget.members -= 1
    budget.bytes -= info.file_size
    bomb = info.file_size > 5_000_000 and info.file_size > RATIO_LIMIT * max(1, info.compress_size)
    if budget.members < 0 or budget.bytes < 0 or bomb:
        return _TOO_MUCH
    if info.flag_bits & 1:
        return LOCKED
    try:
        with archive.open(info) as stream:
            return stream.read(info.file_size + 1)[: info.file_size]
    except _BROKEN:
        return DAMAGED


def _name(info: zipfile.ZipInfo) -> str:
    """The member's name; archives made on Chinese Windows write it in GBK and say nothing of it."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return info.filename


_MEDIA = re.compile(r"\.(png|jpe?g|gif|bmp|emf|wmf|tiff?|webp|bin|ttf|odttf|fntdata|vml|otf|jb2|jp2)$", re.IGNORECASE)
_PICTURE = re.compile(r"\.(png|jpe?g|tiff?|bmp|jb2|jp2)$", re.IGNORECASE)
_STYLE = re.compile(
    r"(^|/)(_rels/|styles|theme|fontTable|settings|webSettings|numbering|META-INF|\[Content_Types\]|calcChain|tableStyles|presProps|viewProps|mimetype|manifest)"
)


def _office(
    archive: zipfile.ZipFile,
    infos: list[zipfile.ZipInfo],
    inside: str,
    budget: _Budget,
    sheets: bytes | None = None,
    known: tuple[str | None, ...] = (),
) -> Iterator[Piece]:
    """Every part that carries words. Cells of sheets are read by their own reader, which knows dates and numbers."""
    readable, words = True, False
    for info in infos:
        name = info.filename
        if _MEDIA.search(name) or _STYLE.search(name):
            continue
        content = _member(archive, info, budget)
        if isinstance(content, str):
            readable = False
            yield Unchecked(content, inside)
            break
        if "/embeddings/" in name or name.endswith((".docx", ".xlsx", ".pptx", ".pdf", ".zip")):
            yield from _pieces(name.rpartition("/")[2], content, join(inside, name.rpartition("/")[2]), budget, DEPTH_LIMIT)
        elif name.endswith(".xml") and not (sheets and re.match(r"xl/(worksheets/sheet|sharedStrings|workbook)|content\.xml", name)):
            for piece in office.part(content, name, inside):
                words = words or not name.startswith(("docProps", "meta"))
                yield piece
    if sheets is None and not words and any(_PICTURE.search(i.filename) for i in infos):
        yield Unchecked(_SCAN, inside)
    if sheets is not None and readable:
        yield from office.sheets(sheets, inside, known)
