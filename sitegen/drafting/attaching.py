"""A file that goes with a record: an attachment under its title, or a picture in the text with the words that say what it shows."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from PIL import Image, UnidentifiedImageError

from sitegen.load.records import ATTACHMENT_LIMIT
from sitegen.model.finding import N_, Finding
from sitegen.model.region import Record, Region
from sitegen.scaffold import NotPossible

from .heads import Value, as_before, plain_text, with_keys
from .records import errors, standing, try_out
from .writing import replace

PICTURES = (".jpg", ".jpeg", ".png", ".webp", ".gif")
OTHERS = (".pdf", ".ofd", ".doc", ".docx", ".wps", ".odt", ".xls", ".xlsx", ".et", ".ods", ".csv", ".ppt", ".pptx", ".txt", ".zip")
_FORMATS = {"JPEG", "PNG", "WEBP", "GIF", "MPO"}


class ChangedMeanwhile(NotPossible):
    """The record is not any more what it was when this began."""


def attach(
    region: Region, record: Record, file: tuple[str, bytes], title: str, date: dt.date, *, picture: bool
) -> tuple[Mapping[str, bytes], list[Finding]]:
    """Put a file (name and bytes) beside a record and name it there, unless that would make the record wrong.

    Returns what was written, by path, and what is to be said of the record then. Raises :class:`sitegen.scaffold.NotPossible`, ``OSError``.
    """
    root = Path(region.root)
    before = (root / record.file).read_bytes()
    files = with_file(root, record, *file, title, picture=picture)
    found = standing(try_out(region, record.unit, record.file, files, date), record.unit, record.front.id, tuple(files))
    if errors(found):
        return {}, found
    if (root / record.file).read_bytes() != before:
        raise ChangedMeanwhile(N_("{file} was changed by somebody else meanwhile; nothing was written. Run this again."), file=record.file)
    replace(root, files)
    return files, found


def with_file(root: Path, record: Record, name: str, data: bytes, title: str, *, picture: bool) -> Mapping[str, bytes]:
    """The files that are written, by path relative to ``root``, the record among them; everything else that it says stays as it is.

    ``name`` is the file's own name, of which only letters and ending are kept; ``title`` says what it is, for a picture to those who cannot see it.
    Raises :class:`sitegen.scaffold.NotPossible`, ``OSError``.
    """
    title = " ".join(title.split())
    ending = PurePosixPath(name.replace("\\", "/")).suffix.lower()
    if not title:
        raise NotPossible(N_("say what the file shows or holds: people who cannot see it have only these words"))
    if not data or len(data) > ATTACHMENT_LIMIT:
        raise NotPossible(N_("the file is empty, or larger than {n} MB"), n=str(ATTACHMENT_LIMIT // 1_000_000))
    if ending not in (PICTURES if picture else (*PICTURES, *OTHERS)):
        raise NotPossible(N_("a file ending in «{ending}» cannot be taken; possible are: {allowed}"), ending=ending or "—",
                          allowed=" ".join(PICTURES if picture else (*OTHERS, *PICTURES)))  # fmt: skip
    if ending in PICTURES and not _is_picture(data):
        raise NotPossible(N_("the file cannot be read as a picture"))
    folder = PurePosixPath(record.file).parent
    stem = re.sub(r"[^\w-]+", "-", PurePosixPath(name.replace("\\", "/")).stem).strip("-_")[:40] or "1"
    stem = stem if stem.startswith(record.front.id) else f"{record.front.id}-{stem}"
    names = (f"{stem}{'' if n == 1 else f'-{n}'}{ending}" for n in range(1, 1000))
    there = {p.name.lower() for p in (root / folder).iterdir()}
    own = next(n for n in names if n.lower() not in there)
    raw = (root / record.file).read_bytes()
    text = plain_text(raw)
    if picture:
        said = re.sub(r"[\[\]()<>!`*_\\]", " ", title).strip() or title
        text = f"{text.rstrip()}\n\n![{said}]({own})\n"
    else:
        listed: list[Value] = [{"path": a.path, "title": a.title} for a in record.front.attachments]
        text = with_keys(text, {"attachments": [*listed, {"path": own, "title": title}]})
    return {f"{folder}/{own}": data, record.file: as_before(raw, text)}


def _is_picture(data: bytes) -> bool:
    try:
        with Image.open(io.BytesIO(data)) as opened:
            return opened.format in _FORMATS
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
        return False
