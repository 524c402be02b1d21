"""How people reach a unit: the files that say how to apply for information, take part in decisions, and follow what is published."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Generic, TypeVar

from msgspec import Struct

from .applications import YearFigures
from .applying import ApplyFile, ApplyView
from .base import Model
from .channels import ChannelsFile, ChannelsView
from .participation import ParticipationFile, ParticipationView

M = TypeVar("M", bound=Model)


class Placed(Generic[M], Struct, frozen=True):
    """A file, or a part of one, with the lines of its parts."""

    data: M
    file: str
    """Relative to the region."""
    lines: Mapping[tuple[str | int, ...], int]

    def line(self, *loc: str | int) -> int:
        """The line of a part (``"accounts", 2, "filed"``), or of the nearest part around it that there is."""
        while loc and loc not in self.lines:
            loc = loc[:-1]
        return self.lines.get(loc, 1)


class Reach(Struct, frozen=True):
    """A unit's files, as loaded."""

    apply: Placed[ApplyFile] | None = None
    participation: Placed[ParticipationFile] | None = None
    channels: Placed[ChannelsFile] | None = None
    years: tuple[Placed[YearFigures], ...] = ()
    """Of applications.yml: the years given in figures."""

    @property
    def files(self) -> tuple[str, ...]:
        """Those that are there."""
        return tuple(p.file for p in (self.apply, self.participation, self.channels) if p is not None)


NAMES = ("apply.yml", "participation.yml", "channels.yml")
"""The files, in a unit's folder."""


class OutreachView(Struct, frozen=True):
    """What a unit's pages show of it; ``None`` where there is nothing to show."""

    apply: ApplyView | None = None
    participation: ParticipationView | None = None
    channels: ChannelsView | None = None


NO_REACH = Reach()
NO_OUTREACH = OutreachView()
