"""Pictures without what telephones and programs write into them: place, owner, device, comments. The picture itself is not touched.

The segments of JPEG (ISO/IEC 10918), PNG (ISO/IEC 15948) and WebP are copied or left out as they are, so that the same file gives the same
bytes and nothing is encoded again. Of the EXIF data one thing stays: which way is up.
"""

from __future__ import annotations

import io
import re
import struct
import warnings
import zlib
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from sitegen.model.finding import N_

_SUFFIXES = (".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff")
_ORIENTATION = 0x0112
_OWNERS = (0x013B, 0x8298, 0x9C9D, 0xA430)
"""EXIF: Artist, Copyright, XPAuthor, CameraOwnerName."""
_SERIALS = (0xA431, 0xA435, 0xC62F)
_COMMENTS = (0x010E, 0x9286, 0x9C9B, 0x9C9C, 0x9C9E, 0x9C9F)
_TOLD = _PLACE, _OWNER, _DEVICE, _COMMENT = (
    N_("the place where it was taken"),
    N_("its owner or author"),
    N_("the number of the device"),
    N_("a comment inside"),
)
_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_DROPPED = (b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"tIME")


class Told(Struct, frozen=True):
    """What a picture's metadata say."""

    what: str = ""
    """The most telling of it, in words: where it was taken, whose it is."""
    texts: tuple[str, ...] = ()
    """What is written in it."""


def is_picture(name: str) -> bool:
    """Whether a file is a raster image, by its name."""
    return name.lower().endswith(_SUFFIXES)


def told_by(data: bytes) -> Told:
    """What the metadata of a picture give away. Nothing for what is no picture: pages will show that it is broken."""
    from PIL import Image

    what: list[str] = []
    texts: list[str] = []
    try:
        with Image.open(io.BytesIO(data)) as picture:
            exif = picture.getexif()
            values = {**exif, **exif.get_ifd(0x8769)}
            gps = exif.get_ifd(0x8825)
            info = dict(picture.info)
    except Exception:  # a damaged picture fails in as many ways as there are formats
        return Told()
    if any(tag in gps for tag in (1, 2, 3, 4)):
        what.append(_PLACE)
    for tags, name in ((_OWNERS, _OWNER), (_SERIALS, _DEVICE), (_COMMENTS, _COMMENT)):
        written = [text for tag in tags if (text := _words(values.get(tag)))]
        texts += written
        if written:
            what.append(name)
    for key, value in sorted(info.items(), key=lambda pair: str(pair[0])):
        packet = key in ("xmp", "XML:com.adobe.xmp")
        said = packet or key == "comment" or (isinstance(value, str) and key != "Software")
        if said and (text := _words(value)):
            texts.append(text)
            if "exif:GPS" in text:
                what.append(_PLACE)
            elif not packet:
                what.append(_COMMENT)
    return Told(next((w for w in _TOLD if w in what), ""), tuple(texts))


def _words(value: object) -> str:
    if isinstance(value, bytes):
        if value.startswith((b"ASCII\0\0\0", b"\0" * 8)):
            value = value[8:]
        elif value.startswith(b"UNICODE\0"):
            return value[8:].decode("utf-16", "replace").strip("\0 ")
        utf16 = len(value) > 3 and value[1::2].count(0) * 3 > len(value) // 2
        return value.decode("utf-16-le" if utf16 else "utf-8", "replace").strip("\0 ")
    return value.strip("\0 ") if isinstance(value, str) else ""


def stripped(data: bytes) -> bytes:
    """The picture without metadata, for output; other files, and pictures that are damaged, as they are."""
    try:
        if data.startswith(b"\xff\xd8"):
            return _jpeg(data)
        if data.startswith(_PNG):
            return _png(data)
        if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
            return _webp(data)
    except (struct.error, IndexError, ValueError):
        pass
    return data


def _turned(data: bytes) -> int:
    """How a picture must be turned to stand upright: EXIF's orientation, 1 for not at all."""
    from PIL import Image

    try:
        with Image.open(io.BytesIO(data)) as picture:
            value = picture.getexif().get(_ORIENTATION, 1)
    except Exception:
        return 1
    return value if isinstance(value, int) and 2 <= value <= 8 else 1


def _exif(orientation: int) -> bytes:
    """EXIF data that say nothing else: a TIFF with one entry."""
    return b"MM\0*\0\0\0\x08" + struct.pack(">HHHIHHI", 1, _ORIENTATION, 3, 1, orientation, 0, 0)


def _jpeg(data: bytes) -> bytes:
    kept: list[bytes] = [b"\xff\xd8"]
    at, dropped = 2, False
    first = True
    while True:
        while data[at : at + 2] == b"\xff\xff":
            at += 1
        if data[at] != 0xFF:
            raise struct.error
        marker = data[at + 1]
        if marker == 0xDA:
            break
        size = struct.unpack(">H", data[at + 2 : at + 4])[0]
        segment = data[at : at + 2 + size]
        if len(segment) < 2 + size:
            raise struct.error
        # APP0 is JFIF, APP2 the colour profile, APP14 Adobe's colour transform: all the rest of APPn and COM say things.
        if (0xE0 <= marker <= 0xEF and marker not in (0xE0, 0xE2, 0xEE)) or marker == 0xFE or segment[4:8] == b"MPF\0":
            dropped = True
        else:
            if marker != 0xE0 and first:
                first = False
                if dropped or marker != 0xE0:
                    kept.append(b"")  # where EXIF data belong: after JFIF, before all else
            kept.append(segment)
        at += 2 + size
    rest = data[at:]
    end = rest.rfind(b"\xff\xd9")
    if 0 <= end < len(rest) - 2:
        rest, dropped = rest[: end + 2], True  # what some telephones append: a second picture, a film
    if not dropped:
        return data
    turned = _turned(data)
    if turned != 1:
        exif = b"Exif\0\0" + _exif(turned)
        kept[kept.index(b"")] = b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif
    return b"".join(kept) + rest


def _png_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(_PNG)
    while at < len(data):
        size = struct.unpack(">I", data[at : at + 4])[0]
        kind, chunk = data[at + 4 : at + 8], data[at : at + 12 + size]
        if len(chunk) < 12 + size:
            raise struct.error
        yield kind, chunk
        at += 12 + size
        if kind == b"IEND":
            return


def _png(data: bytes) -> bytes:
    chunks = list(_png_chunks(data))
    if not any(kind in _PNG_DROPPED for kind, _ in chunks) and data.endswith(chunks[-1][1]):
        return data
    kept = [chunk for kind, chunk in chunks if kind not in _PNG_DROPPED]
    turned = _turned(data) if any(kind == b"eXIf" for kind, _ in chunks) else 1
    if turned != 1:
        body = b"eXIf" + _exif(turned)
        kept.insert(1, struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body)))
    return _PNG + b"".join(kept)


def _webp(data: bytes) -> bytes:
    at, kept, dropped = 12, [], False
    while at + 8 <= len(data):
        kind, size = data[at : at + 4], struct.unpack("<I", data[at + 4 : at + 8])[0]
        chunk = data[at : at + 8 + size + (size & 1)]
        if len(chunk) < 8 + size:
            raise struct.error
        if kind in (b"EXIF", b"XMP "):
            dropped = True
        else:
            kept.append(chunk)
        at += 8 + size + (size & 1)
    if not dropped:
        return data
    turned = _turned(data)
    flags = 0x08 if turned != 1 else 0
    kept = [c[:8] + bytes([(c[8] & ~0x0C) | flags]) + c[9:] if c.startswith(b"VP8X") else c for c in kept]
    if turned != 1:
        exif = _exif(turned)
        kept.append(b"EXIF" + struct.pack("<I", len(exif)) + exif + (b"\0" if len(exif) & 1 else b""))
    body = b"WEBP" + b"".join(kept)
    return b"RIFF" + struct.pack("<I", len(body)) + body


PIXEL_LIMIT = 80_000_000
"""80 megapixels are A3 at 600 dpi: more only costs memory."""


class Measures(Struct, frozen=True):
    """What the header of a picture says; nothing of it is decoded."""

    format: str
    """png, jpg, gif, webp or svg."""
    width: float
    height: float
    """As it is seen: a picture that lies on its side is turned. Of one that is far too large only the product is known."""

    @property
    def too_large(self) -> bool:
        """Whether decoding it would take more memory than a picture is worth."""
        return self.format != "svg" and self.width * self.height > PIXEL_LIMIT


def measures(path: Path) -> Measures | None:
    """Format and size of a picture; ``None`` for what is none. Raises ``OSError`` when the file cannot be read."""
    with path.open("rb") as file:
        start = file.read(4096)
    if b"<svg" in start:
        return _svg(start.decode("utf-8", "replace"))
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(path, formats=tuple(_FORMATS)) as picture:
                width, height = picture.size
                turned = picture.getexif().get(_ORIENTATION, 1)
                kind = _FORMATS[str(picture.format)]
    except Image.DecompressionBombError as error:
        pixels = re.search(r"\d{9,}", str(error))
        return Measures("jpg", float(pixels[0]) if pixels else 2.0 * PIXEL_LIMIT, 1.0)
    except Exception:  # a damaged picture fails in as many ways as there are formats
        return None
    if isinstance(turned, int) and 5 <= turned <= 8:
        width, height = height, width
    return Measures(kind, width, height) if width and height else None


_FORMATS = {"PNG": "png", "JPEG": "jpg", "GIF": "gif", "WEBP": "webp"}
_SVG_SIZE = re.compile(r"""<svg[^>]*?\sviewBox=["']\s*[-\d.eE]+[\s,]+[-\d.eE]+[\s,]+([\d.eE]+)[\s,]+([\d.eE]+)""")
_SVG_SIDES = re.compile(r"""<svg(?=[^>]*?\swidth=["']([\d.]+)(?:px)?["'])(?=[^>]*?\sheight=["']([\d.]+)(?:px)?["'])""")


def _svg(text: str) -> Measures:
    found = _SVG_SIDES.search(text) or _SVG_SIZE.search(text)
    try:
        width, height = (float(found[1]), float(found[2])) if found else (4.0, 3.0)
    except ValueError:
        width, height = 4.0, 3.0
    return Measures("svg", width, height) if width > 0 and height > 0 else Measures("svg", 4.0, 3.0)
