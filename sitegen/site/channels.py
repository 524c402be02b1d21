"""Channels (公开渠道): accounts of new media over the levels, disclosure zones, notice boards, radio and paper, and the uniform mark."""

from __future__ import annotations

from msgspec import Struct

from sitegen.model.channels import PLATFORMS, ChannelsView, Tally
from sitegen.model.views import UnitView

from . import menu, meta
from .spec import PageSpec

PATH = "channels/"
TITLE = "公开渠道"
STATES = {"running": ("已备案、年审合格", "on"), "due": ("待年审", "stage"), "unfiled": ("待备案", "stage"), "stopped": ("已停用", "over")}
"""The words for how an account stands, with the class of their chip."""


class MatrixRow(Struct, frozen=True):
    """A platform over the levels: for each, how many are in use and how many of these are reviewed."""

    platform: str
    cells: tuple[tuple[int, int], ...]
    total: tuple[int, int]


class ChannelsData(Struct, frozen=True):
    """The page."""

    channels: ChannelsView
    levels: tuple[str, ...]
    matrix: tuple[MatrixRow, ...]
    accounts_below: bool
    zones_below: bool
    boards_below: bool


def channels_pages(view: UnitView) -> list[PageSpec]:
    """The page, where the unit or those below it have channels to name."""
    made = view.outreach.channels
    if made is None:
        return []
    with_accounts = [(name, tally) for name, tally in made.levels if tally.accounts]
    data = ChannelsData(
        channels=made,
        levels=tuple(name for name, _ in with_accounts),
        matrix=_matrix([tally for _, tally in with_accounts]) if len(with_accounts) > 1 else (),
        accounts_below=any(b.accounts or b.below.accounts for b in made.below),
        zones_below=any(b.zones or b.below.zones for b in made.below),
        boards_below=any(b.boards or b.below.boards for b in made.below),
    )
    return [
        PageSpec(
            PATH,
            "pages/channels.html",
            TITLE,
            f"{view.unit.name}{TITLE}：政务新媒体、政务公开专区、公示栏在哪里，有什么。"
            if not menu.is_village(view)
            else f"{view.unit.name}{TITLE}：公示栏、微信群、广播。",
            "channels",
            data,
            meta=meta.column(view, TITLE),
            text=data,
        )
    ]


def _matrix(levels: list[Tally]) -> tuple[MatrixRow, ...]:
    by_level = [{p: (n, well) for p, n, well in tally.accounts} for tally in levels]
    rows = []
    for platform in PLATFORMS:
        cells = tuple(found.get(platform, (0, 0)) for found in by_level)
        if any(n for n, _ in cells):
            rows.append(MatrixRow(platform, cells, (sum(n for n, _ in cells), sum(well for _, well in cells))))
    return tuple(rows)
