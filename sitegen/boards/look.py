"""Photos of boards looked at: files and folders → codes in them, each judged, and what ought to hang and was not seen."""

from __future__ import annotations

import datetime as dt
import io
import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from msgspec import Struct
from PIL import Image

from sitegen.contents import fill, job
from sitegen.load.orphans import end_with_parent
from sitegen.model.record_views import PostingView, RecordView
from sitegen.model.views import UnitView
from sitegen.model.wall import HungView, RestingWhy, SheetView
from sitegen.printing import Planned

from .judge import Judged, Known, is_address
from .photo.opening import SUFFIXES, Unusable, open_photo
from .photo.reading import Seen, read_codes
from .photo.symbol import Quad
from .wall import Boards

SHOWN, SHOWN_OF_MANY, FEW = 1600, 1100, 30
"""Pixels of the longer side of a photo in a report: of few photos, and of more."""
_SKIPPED = ("__MACOSX", "@eaDir", "#recycle")
Report = Callable[[str, int, int], None]


class Raw(Struct, frozen=True):
    """A photo as it was read, before anything is known of its codes."""

    size: tuple[int, int] = (0, 0)
    taken: dt.datetime | None = None
    seen: tuple[Seen, ...] = ()
    shown: bytes = b""
    """A smaller copy for a report, as JPEG and without metadata; b"" where none was asked for."""
    problem: tuple[str, tuple[tuple[str, object], ...]] | None = None
    """Why no code can be looked for: an English template and its arguments."""


class Spot(Struct, frozen=True):
    """A code in a photo."""

    number: int
    """From 1, as it stands in the report."""
    corners: Quad
    """In parts of the photo's width and height."""
    judged: Judged
    rest: RestingWhy | None = None
    """Current, and yet no longer to hang: there is a newer one, or it hung long enough. Known where the boards were asked for."""

    @property
    def where(self) -> tuple[int, int]:
        """Column and row of nine parts of the photo, from 0 at the top left."""
        x, y = (sum(p[n] for p in self.corners) / 4 for n in (0, 1))
        return min(2, max(0, int(x * 3))), min(2, max(0, int(y * 3)))


class Looked(Struct, frozen=True):
    """A photo with what was found in it."""

    name: str
    path: Path
    raw: Raw
    spots: tuple[Spot, ...]

    @property
    def fine(self) -> bool:
        """Whether there is a code in it and none needs anything."""
        return self.raw.problem is None and bool(self.spots) and all(s.judged.fine for s in self.spots)


class Missing(Struct, frozen=True):
    """A sheet that ought to hang and was not seen, or not all of it."""

    unit: str
    place: str
    """Of the board; "" for a unit whose boards have no slots."""
    labels: tuple[str, ...]
    sheet: SheetView
    pages: int
    seen: int
    """Pages seen: fewer than ``pages``."""
    printed: bool
    """Whether it is known to have been printed for good."""


class Round(Struct, frozen=True):
    """All photos of a round (巡查)."""

    date: dt.date
    photos: tuple[Looked, ...]
    missing: tuple[Missing, ...]
    units: tuple[tuple[str, int], ...]
    """Units whose boards were asked for, with how many sheets ought to hang there."""

    @property
    def spots(self) -> tuple[Spot, ...]:
        """All codes."""
        return tuple(s for p in self.photos for s in p.spots)

    @property
    def fine(self) -> bool:
        """Whether nobody has to do anything."""
        return not self.missing and all(p.fine for p in self.photos)


class NoPhotos(Exception):
    """There is nothing to look at in ``path``."""

    def __init__(self, path: Path) -> None:
        super().__init__(str(path))
        self.path = path


def photos_in(paths: Sequence[Path]) -> list[tuple[str, Path]]:
    """(name, file) of the photos that are meant: files as given, of folders everything whose name is a photo's, in the order of their names.

    Raises :class:`NoPhotos` for a folder without any.
    """
    found: dict[Path, str] = {}
    for path in paths:
        if not path.is_dir():
            found.setdefault(path, path.name)
            continue
        inside = sorted(_below(path), key=lambda p: _natural(p.relative_to(path).as_posix()))
        if not inside:
            raise NoPhotos(path)
        for one in inside:
            found.setdefault(one, one.relative_to(path).as_posix())
    return [(name, path) for path, name in found.items()]


def _below(folder: Path) -> Iterator[Path]:
    for base, folders, files in os.walk(folder):
        folders[:] = [f for f in folders if not f.startswith(".") and f not in _SKIPPED]
        yield from (Path(base) / f for f in files if not f.startswith(".") and f.lower().endswith(SUFFIXES))


def _natural(name: str) -> list[tuple[int, int, str]]:
    """IMG_2 before IMG_10."""
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part.casefold()) for part in re.split(r"(\d+)", name) if part]


def read_all(paths: Sequence[Path], jobs: int, shown: int, report: Report | None = None) -> list[Raw]:
    """Every photo read; ``shown`` pixels of a smaller copy, 0 for none."""
    if min(jobs, len(paths)) <= 1:
        made = []
        for n, path in enumerate(paths):
            if report:
                report(path.name, n, len(paths))
            made.append(read_one(path, shown))
        return made
    with ProcessPoolExecutor(min(jobs, len(paths)), mp_context=get_context("spawn"), initializer=end_with_parent) as pool:
        waiting = [pool.submit(read_one, path, shown) for path in paths]
        made = []
        for n, (path, future) in enumerate(zip(paths, waiting, strict=True)):
            if report:
                report(path.name, n, len(paths))
            made.append(future.result())
        return made


def read_one(path: Path, shown: int) -> Raw:
    """One photo."""
    try:
        photo = open_photo(path)
    except Unusable as error:
        return Raw(problem=(error.reason, tuple(sorted(error.args_.items()))))
    return Raw(photo.grey.size, photo.taken, read_codes(photo.grey, is_address), smaller(photo.shown, shown) if shown else b"")


def smaller(picture: Image.Image, longest: int, quality: int = 80) -> bytes:
    """A picture as JPEG with at most so many pixels along its longer side, without metadata."""
    copy = picture.copy()
    copy.thumbnail((longest, longest), Image.Resampling.LANCZOS, reducing_gap=3.0)
    out = io.BytesIO()
    copy.convert("RGB").save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()


def judged(
    found: Planned,
    date: dt.date,
    photos: Iterable[tuple[str, Path, Raw]],
    units: Sequence[str] = (),
    board: str | None = None,
    *,
    whole: bool = False,
) -> Round:
    """What the photos show. Of ``units`` (codes), and with ``whole`` of every unit of which a code was seen, also what was not seen."""
    known = Known(found.plan.views.values())
    read = []
    for name, path, raw in photos:
        day = raw.taken.date() if raw.taken else None
        read.append((name, path, raw, [known.judge(s.text, s.hint, day) for s in raw.seen]))
    every = Counter(j.code for *_, judgements in read for j in judgements if j.code and j.verdict != "astray")
    asked = list(dict.fromkeys(units))
    if whole:
        seen = {j.unit_code for *_, judgements in read for j in judgements if j.unit_code}
        asked += [code for code in found.plan.views if code in seen and code not in asked]
    walls = [_wall(found, code, board) for code in asked]
    rests = {r.sheet.code: r.why for _, _, boards in walls if boards for r in boards.today.resting if r.why in ("newer", "old")}
    made = []
    for name, path, raw, judgements in read:
        spots = [
            Spot(n, _parts(s.corners, raw.size), j, rests.get(j.code) if j.verdict == "current" else None)
            for n, (s, j) in enumerate(zip(raw.seen, judgements, strict=True), 1)
        ]
        made.append(Looked(name, path, raw, tuple(spots)))
    missing = [m for view, due, boards in walls for m in _missing(view, due, boards, every)]
    return Round(date, tuple(made), tuple(missing), tuple((view.unit.name, len(due)) for view, due, _ in walls))


def _parts(corners: Quad, size: tuple[int, int]) -> Quad:
    (a, b), (c, d), (e, f), (g, h) = corners
    w, t = size
    return (a / w, b / t), (c / w, d / t), (e / w, f / t), (g / w, h / t)


def _wall(found: Planned, code: str, board: str | None) -> tuple[UnitView, tuple[HungView | RecordView, ...], Boards | None]:
    """What ought to hang at a unit's boards: by their slots, or where they have none every posting that runs."""
    light = found.plan.views[code]
    if any(b.slots for b in light.boards):
        view = fill(job(found.region, found.plan, code), found.region.catalog)
        boards = Boards(view, board)
        return view, boards.today.hung, boards
    due = tuple(r for r in light.records if r.on_board and not r.internal and r.posting is not None and r.posting.state == "on")
    return light, due, None


def _missing(view: UnitView, due: Sequence[HungView | RecordView], boards: Boards | None, seen: Counter[str]) -> Iterator[Missing]:
    places = {b.id: b.place for b in view.boards}
    printed = {p.code for p in view.papers}
    for one in due:
        if isinstance(one, HungView):
            if seen[one.sheet.code] < one.pages:
                known = one.sheet.code in printed
                yield Missing(view.unit.name, places[one.board], one.labels, one.sheet, one.pages, seen[one.sheet.code], known)
        elif not seen[one.code]:
            yield Missing(view.unit.name, "", (), _sheet(one, one.posting), 1, 0, one.code in printed)


def _sheet(record: RecordView, posting: PostingView | None) -> SheetView:
    start, end = (posting.start, posting.end) if posting else (record.published, None)
    return SheetView(record.id, record.code, record.rev, record.title, start, end, posting is not None)
