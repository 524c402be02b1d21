"""A photo from a telephone, opened with care: grey, upright, of a size that can be searched, or the reason why it cannot be."""

from __future__ import annotations

import datetime as dt
import io
import re
from pathlib import Path
from typing import cast

from msgspec import Struct
from PIL import Image, ImageFile, ImageOps

from sitegen.model.finding import N_

SUFFIXES = (".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff", ".heic", ".heif", ".avif")
"""Names that photos have. What cannot be opened is said, not passed over."""
_FILE_LIMIT = 150_000_000
_PIXELS = 64_000_000
"""More is read at half or a quarter of its size, where the format can do that."""
_HIDDEN = 2_000_000_000
_FORMATS = ("JPEG", "PNG", "WEBP", "BMP", "TIFF", "MPO", "GIF")
_TAKEN = (0x9003, 0x9004, 0x0132)
"""EXIF: taken, digitised, changed."""
_HEIC = N_(
    "a HEIC photo, which cannot be read here: set the telephone to JPEG (iPhone: Settings, Camera, Formats, Most Compatible),"
    " or send the photo through WeChat or open it in an album and save it as JPEG"
)
_NO_PHOTO = N_("not a photo: JPEG, PNG, WebP, BMP and TIFF can be read")
_CUT = N_("the photo is cut off or damaged: copy it from the telephone again")
_LARGE = N_("too large: {megapixels} megapixels; take the photo with 12 to 50 megapixels, or save it as JPEG")
_EMPTY = N_("the file is empty")
_UNREAD = N_("cannot be opened: {problem}")


class Unusable(Exception):
    """A file that no code can be looked for in; ``reason`` is an English template, translated like a message."""

    def __init__(self, reason: str, **args: object) -> None:
        super().__init__(reason)
        self.reason, self.args_ = reason, args


class Photo(Struct, frozen=True):
    """A photo, ready to be searched."""

    grey: Image.Image
    """Upright, mode L."""
    shown: Image.Image
    """Upright, mode RGB, of the same size."""
    taken: dt.datetime | None
    """As the telephone wrote it into the file."""


def open_photo(path: Path) -> Photo:
    """Raises :class:`Unusable` for whatever is no photo or is damaged; nothing large is unpacked for it."""
    try:
        with path.open("rb") as file:
            data = file.read(_FILE_LIMIT + 1)
    except OSError as error:
        raise Unusable(_UNREAD, problem=error.strerror or str(error)) from error
    if not data:
        raise Unusable(_EMPTY)
    if len(data) > _FILE_LIMIT:
        raise Unusable(N_("larger than {limit} MB"), limit=_FILE_LIMIT // 1_000_000)
    if data[4:8] == b"ftyp" and re.match(rb"(heic|heix|hevc|mif1|msf1|heim|heis|avif)", data[8:12]):
        raise Unusable(_HEIC)
    return _opened(data)


def _opened(data: bytes) -> Photo:
    limit, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, _HIDDEN
    try:
        picture = Image.open(io.BytesIO(data), formats=_FORMATS)
    except Exception as error:  # a damaged file fails in as many ways as there are formats
        damaged = data.startswith((b"\xff\xd8\xff", b"\x89PNG", b"RIFF", b"II*\0", b"MM\0*"))
        raise Unusable(_CUT if damaged else _NO_PHOTO) from error
    finally:
        Image.MAX_IMAGE_PIXELS = limit
    with picture:
        width, height = picture.size
        if width * height > _PIXELS:
            for part in (2, 4):
                picture.draft("RGB", (width // part, height // part))
                if picture.width * picture.height <= _PIXELS:
                    break
            else:
                raise Unusable(_LARGE, megapixels=round(width * height / 1_000_000))
        if min(picture.size) < 20:
            raise Unusable(_NO_PHOTO)
        try:
            taken = _taken(picture)
            strict, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, False
            try:
                shown = ImageOps.exif_transpose(picture)
                shown = _on_white(shown)
            finally:
                ImageFile.LOAD_TRUNCATED_IMAGES = strict
        except Exception as error:
            raise Unusable(_CUT) from error
    return Photo(shown.convert("L"), shown, taken)


def _on_white(picture: Image.Image) -> Image.Image:
    """What is transparent is shown on white."""
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        whole = picture.convert("RGBA")
        ground = Image.new("RGBA", whole.size, "white")
        return Image.alpha_composite(ground, whole).convert("RGB")
    if picture.mode.startswith(("I", "F")):
        # Sixteen bits and more: Pillow cuts them off instead of scaling them.
        low, high = cast("tuple[float, float]", picture.getextrema())  # of one band
        span = (high - low) or 1
        return picture.point(lambda v: v * (255 / span) - low * (255 / span)).convert("L").convert("RGB")
    return picture.convert("RGB")


def _taken(picture: Image.Image) -> dt.datetime | None:
    exif = picture.getexif()
    values = {**exif, **exif.get_ifd(0x8769)}
    for tag in _TAKEN:
        value = values.get(tag)
        if isinstance(value, str) and (m := re.match(r"(\d{4}):(\d\d):(\d\d) (\d\d):(\d\d):(\d\d)", value)):
            try:
                return dt.datetime(*map(int, m.groups()))  # type: ignore[arg-type]
            except ValueError:
                continue
    return None
