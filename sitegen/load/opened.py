"""One file of a unit as an examiner sees it while it is loaded, so that it is read once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from msgspec import Struct

from sitegen.model.base import Level
from sitegen.model.catalog import TableSchema
from sitegen.model.finding import Finding
from sitegen.model.region import Attached, Catalog, Record, RecordContent
from sitegen.model.unit import UnitFile

from .cells import Cells

NO_CELLS = Cells()


class Opened(Struct, frozen=True):
    """One file of a unit with all that belongs to it, as an examiner sees it while it is loaded."""

    root: Path
    unit: UnitFile
    level: Level
    catalog: Catalog
    file: str
    """Relative to the region."""
    text: str
    """The whole file: head and text, lines as findings count them."""
    attached: tuple[Attached, ...]
    """Attachments and images."""
    record: Record | None = None
    """``None`` for a page."""
    content: RecordContent | None = None
    schema: TableSchema | None = None
    cells: Cells = NO_CELLS
    """The table's cells as they stand in the file: headings, unknown columns and unreadable cells included."""
    official: frozenset[str] = frozenset()
    """Mobile numbers that units of the region give for contact."""


Examine = Callable[[Opened], Iterable[Finding]]
"""What can be said of one file without knowing the others, at no particular date. Its findings are kept with the unit between runs."""


def no_examination(_: Opened) -> Iterable[Finding]:
    """Examines nothing."""
    return ()
