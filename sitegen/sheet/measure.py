"""How much paper a sheet takes, for whoever plans a board."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from sitegen.model.base import PaperName
from sitegen.model.record_views import RecordView
from sitegen.model.views import UnitView
from sitegen.sheet.papers import Format
from sitegen.sheet.room import digest_of
from sitegen.sheet.spec import sheet_spec
from sitegen.sheet.typeset import render


class Size(Struct, frozen=True):
    """What paper a sheet takes."""

    pages: int
    landscape: bool
    legible: bool = True
    """False where its table would be smaller than can be read from half a metre: the paper is too small for it."""


def measure(
    view: UnitView, record: RecordView, paper: PaperName, root: Path, *, landscape: bool | None = None, large: bool = False
) -> Size | None:
    """How many pages of ``paper`` the sheet of a record takes, and which way they lie; ``None`` where it has no sheet.

    ``landscape`` asks for one way; by default it is as the sheet needs. The sheet is set for it, once for the same content. ``root`` is the
    region's folder, where images are.
    """
    spec = sheet_spec(view, record)
    if spec is None:
        return None
    form = Format(paper, landscape, large=large)
    key = digest_of(spec, form)
    if key not in _sizes:
        sheet = render(spec, form, root)
        _sizes[key] = Size(sheet.pages, sheet.landscape, not sheet.small)
    return _sizes[key]


_sizes: dict[str, Size] = {}
"""By what decides it; a process asks again and again while it plans."""
