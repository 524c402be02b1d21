"""The papers that sheets are set on, with the measures of everything that has a fixed place."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from sitegen.model.base import Layout, PaperName
from sitegen.sheet.widths import PT


class Fonts(Struct, frozen=True):
    """Fonts besides those that come with the program."""

    text: str = ""
    """Family for the text; "": the usual one."""
    title: str = ""
    own: tuple[Path, ...] = ()
    """The region's font files."""
    state: str = ""
    """Changes whenever one of them does."""
    root: Path | None = None
    """The region whose they are."""


class Format(Struct, frozen=True):
    """How sheets are to be set."""

    paper: PaperName = "A3"
    landscape: bool | None = None
    """Which way the sheet lies; ``None``: as its content needs."""
    layout: Layout | None = None
    """One layout for all sheets; ``None``: the one that each record calls for."""
    bw: bool = False
    """For printers that have black only: what is said in colour is said in shapes."""
    large: bool = False
    """Larger type, for readers with weak eyes."""
    punch: bool = False
    """A wider margin for filing, with marks for two holes (ISO 838: 80 mm apart, 12 mm from the edge)."""
    fonts: Fonts = Fonts()


class Paper(Struct, frozen=True):
    """Measures of a sheet. Lengths in millimetres, type in points."""

    name: str
    width: float
    """Of the sheet as it stands; a lying one has width and height changed about."""
    height: float
    side: float
    """Margin left and right."""
    top: float
    """From the edge to the text: band with section and posting period, double rule, name of the sheet on later pages."""
    bottom: float
    """From the edge to the text: whom to call, issuer and seal, code, line of pages."""
    foot: float
    """Height of the part of the foot that holds the code; a seal is 42 mm across."""
    code: float
    """Side of the code without its quiet zone."""
    letters: float
    """Width of the words beside the code."""
    sign: float
    """Width of the place for issuer, date and seal."""
    title: float
    body: float
    """Type of the text, 3号 as official documents have it."""
    table: float
    """Type of a table that has room."""
    least: float
    """The smallest type of a table that is still read from half a metre."""
    note: float
    """Type of what is said small."""
    rows: tuple[float, float, float]
    """Height of a row: closed up, usual on a sheet of many pages, and the most that a short table grows to."""
    gutter: float = 0.0
    """What the margin on the side of the holes is wider: left of a standing sheet, above a lying one."""
    flipped: bool = False
    """It lies."""
    bw: bool = False
    growth: float = 1.7
    """How many times larger the text of a short notice may be set."""
    floor: float = 14.0
    """The smallest type, in points, that a text closes up to before it takes another sheet."""

    @property
    def across(self) -> float:
        """Width of the text in points."""
        return (self.width - 2 * self.side - (0 if self.flipped else self.gutter)) * PT

    @property
    def down(self) -> float:
        """Height of the text in points."""
        return (self.height - self.top - self.bottom - (self.gutter if self.flipped else 0)) * PT

    @property
    def sign_width(self) -> float:
        """Width of the place for issuer, date and seal, in points; a lying sheet has more."""
        return self.sign * (1.4 if self.flipped else 1.0) * PT

    def lying(self, *, yes: bool) -> Paper:
        """The same paper, lying or standing."""
        return self if yes == self.flipped else replace(self, width=self.height, height=self.width, flipped=yes)


PAPERS: dict[PaperName, Paper] = {
    "A3": Paper("A3", 297, 420, 22, 39, 68, 45, 34, 41, 70, 30, 16, 14, 10, 10.5, (6.7, 7.6, 12)),
    "8K": Paper("8K", 270, 390, 20, 37, 66, 44, 33, 38, 66, 28, 16, 14, 9.5, 10, (6.7, 7.5, 12), growth=1.65),
    "A4": Paper("A4", 210, 297, 16, 31, 60, 40, 31, 34, 46, 22, 16, 14, 9, 8.5, (6.4, 6.9, 11), growth=1.45, floor=13.1),
}  # fmt: skip
"""Standing, in colour, for ordinary eyes. 8开 is 270 × 390 mm, as blackboard paper is sold."""

_LARGE = 1.35
_PUNCHED = 28.0
"""Margin with room for holes and the ring of a file, in millimetres."""


@cache
def paper_of(form: Format, *, lying: bool = False) -> Paper:
    """The measures of a paper set as asked."""
    paper = PAPERS[form.paper]
    if form.large:
        k, note = _LARGE, 1.18
        paper = replace(
            paper,
            title=paper.title * 1.15,
            body=paper.body * k,
            table=paper.table * k,
            least=paper.least * k,
            note=paper.note * note,
            letters=paper.letters * 1.08,
            rows=(paper.rows[0] * k, paper.rows[1] * k, paper.rows[2] * k),
            growth=paper.growth / 1.15,
            floor=paper.floor * k,
        )
    if form.punch:
        paper = replace(paper, gutter=max(0.0, _PUNCHED - paper.side))
    return replace(paper, bw=form.bw).lying(yes=lying)
