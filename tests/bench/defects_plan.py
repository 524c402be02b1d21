"""What is planted where: kinds of defects, the sites that a region has for each, and what must not share a run."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path

from msgspec import Struct

from tests.bench.defects_files import Rec, Region

Place = tuple[str, int | None]
"""File and line; ``None`` stands for any line of the file."""


class Planted(Struct, frozen=True):
    """One defect, as the edit knows it."""

    codes: tuple[str, ...]
    """How the code of the one finding may begin."""
    places: tuple[Place, ...]
    """Where the finding must stand, or what it must name as the other side."""
    what: str
    kind: str = ""


class Site(Struct, frozen=True):
    """A place for a defect. ``plant`` edits the files below a folder; it gives ``None`` where it turns out that nothing fits."""

    locks: frozenset[str]
    plant: Callable[[random.Random, Path], Planted | None]


Kind = Callable[[Region], Iterator[Site]]
KINDS: dict[str, Kind] = {}
"""By name, in the order of the checks' families."""


def kind(made: Kind) -> Kind:
    """Register a kind under its function's name."""
    KINDS[made.__name__] = made
    return made


ALONE = "*"
"""A lock that lets nothing else into the run: what is wrong there keeps much else from being checked."""
ACCOUNTS = ("cunji-huizong", "cunji-shouzhi", "bofu-daocun")


def locks(region: Region, *records: Rec, village: str | None = None, unread: bool = False) -> frozenset[str]:
    """What records belong to: nothing else is planted there in the same run.

    ``village`` narrows a table of many to one of them; ``unread`` says that a record will not be understood, or a period be missing:
    what a unit owes is judged only where all its records were read.
    """
    made: set[str] = set()
    for r in records:
        made.add(f"rec/{r.ref}")
        made |= {f"rec/{ref}" for ref in region.related(r)}
        villages = [village] if village else region.villages(r.unit) if not r.village else [r.unit]
        if r.item.get("table") in ACCOUNTS:
            made |= {f"accounts/{v}" for v in villages}
        elif r.group:
            made |= {f"{r.group}/{v[:9]}" for v in villages}
        if unread:
            made.add(f"read/{r.unit}")
        # A reference that leads nowhere may be the one that a record without its other half waits for: that is one cause.
        made |= {f"{key}/{r.unit}" for key in ("result_of", "interprets", "feedback_on", "answers") if r.front.get(key)}
    return frozenset(made)
