"""Photos of posted sheets filed with their records: small, upright, without what the telephone wrote into them, with their day."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import yaml
from msgspec import Struct

from sitegen.load.files import load_yaml
from sitegen.model.finding import Finding
from sitegen.model.photos import FILE, FOLDER, PhotosFile
from sitegen.model.region import Region, Unit

from .look import Looked, Round, smaller
from .photo.opening import open_photo

LONGEST = 1600
_HEAD = "# 张贴照片：哪张公示单哪天张贴在哪里。由 sitegen board check --keep 登记，也可以手工添加。\nphotos:\n"


class NotKept(Exception):
    """A photos.yml that cannot be added to: ``file``."""

    def __init__(self, file: Path, findings: Sequence[Finding] = ()) -> None:
        super().__init__(str(file))
        self.file, self.findings = file, tuple(findings)


class Kept(Struct, frozen=True):
    """A photo that was filed, or was not."""

    photo: str
    file: Path | None
    """Where it is now; ``None`` where nothing could be filed: no sheet of a unit can be read in it."""
    sheets: tuple[str, ...] = ()
    dated: bool = True
    """The photo says when it was taken; else the day of the run was written."""
    again: bool = False
    """It was filed before."""


def keep(region: Region, found: Round, units: Sequence[str] = (), board: str | None = None) -> list[Kept]:
    """File every photo with the unit whose sheets it shows: of ``units`` (codes), else the one most of whose sheets are in it.

    Raises :class:`NotKept` where a unit's photos.yml has errors or is written in a way that nothing can be added to; what was filed
    before that stays.
    """
    return [_one(region, photo, found.date, units, board) for photo in found.photos]


def _one(region: Region, photo: Looked, today: dt.date, units: Sequence[str], board: str | None) -> Kept:
    readable = [s.judged for s in photo.spots if s.judged.verdict not in ("unknown", "astray", "unreadable") and s.judged.unit_code]
    counts = Counter(j.unit_code for j in readable if not units or j.unit_code in units)
    if not counts:
        return Kept(photo.name, None)
    unit = region.units[max(sorted(counts), key=counts.__getitem__)]
    sheets = tuple(sorted({j.written for j in readable if j.unit_code == unit.code}))
    codes = {s.judged.written for s in photo.spots if s.judged.verdict not in ("site", "other") and s.judged.written}
    unreadable = sum(s.judged.verdict == "unreadable" and not s.judged.written for s in photo.spots)
    more = len(codes - set(sheets)) + unreadable
    day = photo.raw.taken.date() if photo.raw.taken else today
    where = board if board in {b.id for b in unit.data.boards} else None
    picture = smaller(open_photo(photo.path).shown, LONGEST)
    return _file(region.root, unit, picture, Kept(photo.name, None, sheets, photo.raw.taken is not None), day, where, more)


def _file(root: Path, unit: Unit, picture: bytes, kept: Kept, day: dt.date, board: str | None, more: int) -> Kept:
    folder = root / unit.folder / FOLDER
    listed = root / unit.folder / FILE
    before = _listed(listed, root)
    stem = f"{day.isoformat()}-{board or 'board'}"
    n = 1
    while (target := folder / f"{stem}-{n}.jpg").exists():
        if target.read_bytes() == picture and any(p.file == target.name for p in before.photos):
            return Kept(kept.photo, target, kept.sheets, kept.dated, again=True)
        n += 1
    entry = f"  - {{file: {target.name}, taken: {day.isoformat()}, "
    entry += (f"board: {board}, " if board else "") + f"sheets: [{', '.join(kept.sheets)}]" + (f", more: {more}" if more else "") + "}\n"
    text = listed.read_text(encoding="utf-8") if listed.is_file() else _HEAD
    text = text if text.endswith("\n") else text + "\n"
    made = _added(text, entry)
    if made is None:
        raise NotKept(listed)
    folder.mkdir(exist_ok=True)
    _write(target, picture)
    _write(listed, made.encode())
    return Kept(kept.photo, target, kept.sheets, kept.dated)


def _listed(path: Path, root: Path) -> PhotosFile:
    if not path.is_file():
        return PhotosFile()
    findings: list[Finding] = []
    got = load_yaml(PhotosFile, path, root, findings)
    if got is None:
        raise NotKept(path, findings)
    return got[0]


def _added(text: str, entry: str) -> str | None:
    """The file with one entry more; ``None`` where a line at its end would not be one."""
    body = yaml.safe_load(text)
    if not body or not body.get("photos"):
        text = _HEAD
    made = text + entry
    try:
        known, now = (body or {}).get("photos") or [], yaml.safe_load(made)["photos"]
    except (yaml.YAMLError, TypeError, KeyError):
        return None
    return made if len(now) == len(known) + 1 and now[:-1] == known else None


def _write(path: Path, data: bytes) -> None:
    temporary = path.with_name(f".{path.name}.new")
    temporary.write_bytes(data)
    temporary.replace(path)
