"""How much paper a sheet takes and which way it lies, as it is planned: nothing is typeset for it."""

from __future__ import annotations

from msgspec import Struct

from sitegen.model.base import PaperName
from sitegen.model.record_views import RecordView
from sitegen.model.unit import Slot
from sitegen.model.views import UnitView

LARGEST_FIRST: tuple[PaperName, ...] = ("A3", "8K", "A4")
_SHORT = 400
"""Characters of a text that has room on A4 whatever its lines."""
_LINES = 14
_SLACK = 2.0
"""Millimetres that a sheet may be larger than its slot."""


class Extent(Struct, frozen=True):
    """A sheet on a paper."""

    pages: int
    landscape: bool
    legible: bool


class Fit(Struct, frozen=True):
    """A sheet in a slot."""

    paper: PaperName
    landscape: bool
    pages: int
    places: int
    """Places of the slot that it takes: two lying A4 have room where one standing A3 has."""
    loss: int
    """How many papers would be better and do not fit."""


class Extents:
    """Extents of the sheets of one filled unit view, each reckoned once."""

    def __init__(self, view: UnitView) -> None:
        self.view = view
        self._known: dict[tuple[str, PaperName, bool | None], Extent | None] = {}

    def of(self, record: RecordView, paper: PaperName, landscape: bool | None = None) -> Extent | None:
        """The extent of a record's sheet; ``None`` where it has none. ``landscape`` asks for a way; by default it is as the sheet needs."""
        key = (record.id, paper, landscape)
        if key not in self._known:
            self._known[key] = self._reckoned(record, paper, landscape)
        return self._known[key]

    def _reckoned(self, record: RecordView, paper: PaperName, landscape: bool | None) -> Extent | None:
        if not landscape and self._is_short(record):
            return Extent(1, False, True)
        return self._planned(record, paper, landscape)

    def _is_short(self, record: RecordView) -> bool:
        """Whether it is a notice of a few lines, which takes one standing sheet of any paper: nearly half of all sheets."""
        from sitegen.sheet.spec import layout_of

        content = self.view.contents.get(record.id)
        if content is None or content.table is not None or len(content.body) > _SHORT or len(record.title) > _SHORT / 8:
            return False
        plain = "|" not in content.body and "![" not in content.body and content.body.count("\n") <= _LINES
        return plain and layout_of(self.view, record) == "notice"

    def _planned(self, record: RecordView, paper: PaperName, landscape: bool | None) -> Extent | None:
        from sitegen.sheet.faces import face_of
        from sitegen.sheet.papers import Format
        from sitegen.sheet.payload import Images
        from sitegen.sheet.spec import sheet_spec

        spec = sheet_spec(self.view, record)
        if spec is None:
            return None
        face = face_of(spec, Format(paper, landscape), Images(None))
        return Extent(face.pages, face.landscape, not face.small)

    def in_slot(self, record: RecordView, slot: Slot, printed: PaperName | None) -> Fit | None:
        """How a record's sheet hangs in a slot; ``None`` where it does not fit. A paper that was ``printed`` already is the first choice."""
        wide, high = size(slot.paper, landscape=slot.landscape)
        ordered = [p for p in (printed,) if p is not None] + [p for p in LARGEST_FIRST if p != printed]
        for loss, paper in enumerate(ordered):
            if min(size(paper, landscape=False)) > min(wide, high) + _SLACK:
                continue  # it would not fit either way
            for landscape in (None, slot.landscape):
                extent = self.of(record, paper, landscape)
                if extent is None:
                    return None
                w, h = size(paper, landscape=extent.landscape)
                beside, above = int((wide + _SLACK) // w), int((high + _SLACK) // h)
                if extent.legible and beside and above:
                    return Fit(paper, extent.landscape, extent.pages, -(-extent.pages // (beside * above)), loss)
        return None


def size(paper: PaperName, *, landscape: bool) -> tuple[float, float]:
    """Width and height of a paper in millimetres."""
    from sitegen.sheet.papers import PAPERS

    one = PAPERS[paper]
    return (one.height, one.width) if landscape else (one.width, one.height)
