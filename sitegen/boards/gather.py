"""The run that the board commands share: load, check, view, the boards of the chosen units."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from sitegen.contents import fill, job
from sitegen.model.region import Region
from sitegen.model.views import UnitView
from sitegen.printing import Planned, planned
from sitegen.scaffold import NotPossible

from .wall import Boards


class NoBoard(NotPossible):
    """There is nothing to plan."""


class Found(Struct, frozen=True):
    """A unit with its boards."""

    view: UnitView
    """Filled, as for sheets: nothing is left out for the web."""
    boards: Boards

    @property
    def folder(self) -> str:
        """The name of the unit's folder of sheets: 230170101201-大河村."""
        return f"{self.view.unit.code}-{self.view.unit.name}"


def gather(root: Path, date: dt.date, units: Sequence[str] = (), board: str | None = None) -> tuple[Planned, list[Found]]:
    """The chosen units (codes, names or aliases; none for all) that have boards with slots, in order of codes.

    Raises :class:`NoBoard` where a unit or board is not there, or has no slots, and :class:`sitegen.load.region.NoRegion`.
    """
    found = planned(root, date)
    region = found.region
    codes = chosen(region, units)
    made = []
    for code in codes or tuple(region.units):
        unit = region.units[code]
        slots = [b for b in unit.data.boards if b.slots and board in (None, b.id)]
        if slots:
            view = fill(job(region, found.plan, code), region.catalog)
            made.append(Found(view, Boards(view, board)))
        elif codes and board is None:
            raise NoBoard("{unit} has no board with slots: give it «boards» in {file}", unit=unit.data.name, file=unit.file)
        elif codes:
            raise NoBoard(
                "{unit} has no board «{board}»; it has: {boards}",
                unit=unit.data.name,
                board=board,
                boards="、".join(b.id for b in unit.data.boards if b.slots) or "—",
            )
    if not made:
        raise NoBoard("no unit has a board with slots: give units «boards» in their unit.yml")
    return found, made


def chosen(region: Region, units: Sequence[str]) -> tuple[str, ...]:
    """Codes of the units that are named, in order. Raises :class:`NoBoard` for a name that no unit or several units have."""
    codes = []
    for name in units:
        named = region.named(name)
        if not named:
            raise NoBoard("there is no unit «{name}»", name=name)
        if len(named) > 1:
            raise NoBoard("«{name}» names several units: {codes}; give the code", name=name, codes="、".join(u.code for u in named))
        codes.append(named[0].code)
    return tuple(code for code in region.units if code in codes)
