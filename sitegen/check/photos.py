"""Photos of posted sheets: can they be shown, and do they show what they are said to?"""

from __future__ import annotations

from collections.abc import Iterator

from sitegen.load.opened import Opened
from sitegen.model.finding import N_, Finding, finding
from sitegen.model.photos import FILE, Photo
from sitegen.model.region import Unit
from sitegen.pictures import measures

from .releases import Releases
from .scope import Scope

_NO_PICTURE = N_("it is no picture, or it is damaged")
_TOO_LARGE = N_("it has more than 80 megapixels")
_NO_SHEET = N_("no sheet of this unit has this code")
_NO_REVISION = N_("this revision was never released")
_TOO_SOON = N_("this revision was released only after that day")
_TO_COME = N_("this day has not come")
_NO_BOARD = N_("the unit has no such board")


def bad_photos(opened: Opened) -> Iterator[Finding]:
    """Files of photos.yml that are no pictures; only their headers are read."""
    if opened.file.rpartition("/")[2] != FILE:
        return
    for attached in opened.attached:
        try:
            found = measures(opened.root / attached.file)
        except OSError:
            found = None
        problem = _NO_PICTURE if found is None or found.format == "svg" else _TOO_LARGE if found.too_large else ""
        if problem:
            yield finding("SG346", attached.file, None, None, problem=problem, unit=opened.unit.code)


def check_photos(scope: Scope) -> Iterator[Finding]:
    """What photos.yml says of the photos, against what was released."""
    if not any(u.photos.photos for u in scope.region.units.values()):
        return
    releases = Releases(scope)
    codes = releases.binding.codes
    for unit in scope.region.units.values():
        own = {code for (owner, _), code in codes.items() if owner == unit.code} if unit.photos.photos else set()
        for photo in unit.photos.photos:
            for what, problem in _problems(scope, unit, photo, own):
                yield finding("SG347", unit.photos.file, photo.line, 1, path=photo.data.file, what=what, problem=problem, unit=unit.code)


def _problems(scope: Scope, unit: Unit, photo: Photo, own: set[str]) -> Iterator[tuple[str, str]]:
    """(what is written, what is wrong with it)."""
    data = photo.data
    if data.taken > scope.date:
        yield data.taken.isoformat(), _TO_COME
    if data.board is not None and data.board not in {b.id for b in unit.data.boards}:
        yield data.board, _NO_BOARD
    for sheet in data.sheets:
        code, _, written = sheet.partition("-")
        rev = int(written)
        history = unit.ledger.histories.get(code)
        if code not in own and history is None:
            if not scope.unread.get(unit.code) and scope.region.complete:
                yield sheet, _NO_SHEET
        elif history is not None and history.revisions:
            if rev > history.newest_rev:
                yield sheet, _NO_REVISION
            elif rev in history.revisions and history.revisions[rev].on > data.taken:
                yield sheet, _TOO_SOON
