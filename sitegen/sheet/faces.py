"""SheetSpec → what the template of its layout reads: one face for a paper and a way of setting it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from sitegen.fonts import missing_glyphs
from sitegen.model.content_views import TableView
from sitegen.sheet.accounts import grouped, kind_of, plan_statement, statement_of
from sitegen.sheet.card import compose_card
from sitegen.sheet.compose import Opening, Placed, compose_pair, compose_table, compose_text, notes_height
from sitegen.sheet.document import compose_document
from sitegen.sheet.fit import fits, signed_lines
from sitegen.sheet.papers import Format, Paper, paper_of
from sitegen.sheet.payload import Images, address_lines, cleaned, notes_of, prepared, qr, short
from sitegen.sheet.resolution import compose_halves
from sitegen.sheet.sides import plan_pair, plan_parts
from sitegen.sheet.spec import LONG, SheetSpec
from sitegen.sheet.tables import Grid, grid_of, plan_table
from sitegen.sheet.widths import PT

_READABLE = 0.72
"""How much of the smallest type that is read from half a metre is still bearable before a table is divided."""


class Face(Struct, frozen=True):
    """A sheet ready for the typesetter."""

    data: dict[str, Any]
    layout: str
    landscape: bool
    pages: int
    """As many as it is reckoned to take."""
    scale: float
    """Its smallest type against the usual: below 1 it was set smaller to fit."""
    lacking: tuple[str, ...]
    """Characters that no font has: 〓 stands in their place."""
    small: bool
    """Its table is smaller than can be read from half a metre."""


def face_of(spec: SheetSpec, form: Format, images: Images, *, careful: bool = False) -> Face:
    """Plan a sheet. ``careful`` reckons a line more for every paragraph, and takes no number of pages for certain: for the rare text that
    takes more room than reckoned.
    """
    lacking = tuple(sorted(missing_glyphs(_all_text(spec), form.fonts.root)))
    clean = cleaned(lacking)
    spec = replace(spec, data=clean(spec.data), table=_clean_table(spec.table, clean))
    layout = form.layout or spec.layout
    work = Work(spec, form, images, 1 if careful else 0)
    placed, lying = _COMPOSERS[layout](work)
    paper = paper_of(form, lying=lying)
    data = short({k: v for k, v in spec.data.items() if k not in _PLANNED}) | {
        "layout": layout,
        "flipped": lying,
        "single": placed.pages == 1 and not careful,
        "notes": notes_of(spec.data["notes"]),
        "address": address_lines(spec.data["address"]),
        "qr": qr(spec.code_url),
        "signed": signed_lines(spec.data, paper),
        "sign-width": round(paper.sign_width, 2),
        "fits": fits(spec.data, paper),
        **placed.face,
    }
    data = {"dated": "公布", "call": "监督电话", **data}
    tables = data["tables"]
    data["tables"] = [t.data() for t in tables]
    small = any(t.size < paper.least - 0.01 for t in tables)
    return Face(data, layout, lying, placed.pages, placed.scale, lacking, small)


_PLANNED = ("blocks", "places", "phrases", "notes", "address", "halves", "figures", "sections", "facts")


def _all_text(spec: SheetSpec) -> str:
    table = spec.table
    shown = [table.rows, table.totals, table.title, [(c.title, c.unit) for c in table.columns]] if table else None
    return json.dumps([spec.data, shown], ensure_ascii=False)


def _clean_table(table: TableView | None, clean: Callable[[Any], Any]) -> TableView | None:
    if table is None or not table.columns:
        return None
    return replace(
        table,
        rows=tuple(tuple(clean(row)) for row in table.rows),
        totals=tuple(clean(table.totals)) if table.totals else None,
        title=clean(table.title),
        columns=tuple(replace(c, title=clean(c.title), unit=clean(c.unit)) for c in table.columns),
    )


class Work(Struct, frozen=True):
    """What a composer works on."""

    spec: SheetSpec
    form: Format
    images: Images
    slack: int

    def paper(self, *, lying: bool) -> Paper:
        """The paper, lying or standing."""
        return paper_of(self.form, lying=lying)

    def opening(self, paper: Paper, *, title: float = 0.0, subtitle: str | None = None) -> Opening:
        """Name and text for a paper."""
        data = self.spec.data if subtitle is None else {**self.spec.data, "subtitle": subtitle}
        return Opening(data, prepared(data["blocks"], self.images), paper, paper.across, self.slack, title)


def _notice(work: Work) -> tuple[Placed, bool]:
    table = work.spec.table
    if table is None:
        lying = bool(work.form.landscape)
        paper = work.paper(lying=lying)
        return compose_text(work.opening(paper), paper.down), lying
    return _with_table(work, grid_of(table), grow=True)


def _with_table(work: Work, grid: Grid, *, grow: bool, title: float = 0.0, subtitle: str | None = None) -> tuple[Placed, bool]:
    plan = plan_table(grid, work.paper(lying=False), landscape=work.form.landscape)
    paper = work.paper(lying=plan.flipped)
    caption, count = _around(work.spec, grid)
    opening = work.opening(paper, title=title * paper.title, subtitle=subtitle)
    if plan.size < paper.least * _READABLE and len(grid.columns) > 4:
        parts = plan_parts(grid, paper)
        return compose_table(opening, parts, paper.down, caption=caption, count=count, grow=False), plan.flipped
    return compose_table(opening, plan, paper.down, caption=caption, count=count, grow=grow), plan.flipped


def _around(spec: SheetSpec, grid: Grid) -> tuple[str, str]:
    """What stands above and below a table: its title, and how many rows it has where no total says so."""
    table = spec.table
    assert table is not None
    said = bool(grid.totals) or bool(grid.groups and all(g.totals for g in grid.groups))
    return table.title or "", f"共{len(table.rows)}{table.count_unit}" if not said and table.count_unit else ""


def _list(work: Work) -> tuple[Placed, bool]:
    table = work.spec.table
    if table is None:
        return _notice(work)
    grid = grid_of(table)
    parts = [work.spec.data["subtitle"], *work.spec.data["figures"]]
    subtitle = "　".join(p for p in parts if p)
    placed, lying = _with_table(work, grid, grow=False, title=0.9, subtitle=subtitle)
    if placed.pages > 1 or len(table.rows) > 2 * LONG:
        paper = work.paper(lying=lying)
        opening = work.opening(paper, title=0.9 * paper.title, subtitle=subtitle)
        caption, _ = _around(work.spec, grid)
        above = opening.height() + paper.body * 0.35 * PT + (2.2 * paper.table if caption else 0)
        pair = plan_pair(grid, paper, paper.down - above % paper.down, notes_height(work.spec.data, paper, paper.across) + 2 * PT)
        if pair is not None:
            beside = compose_pair(opening, pair, caption=caption)
            if beside.pages < placed.pages:
                return replace(beside, pages=beside.pages + int(above // paper.down)), lying
    return placed, lying


def _accounts(work: Work) -> tuple[Placed, bool]:
    table = work.spec.table
    kind = kind_of(table) if table else None
    if table is None or kind is None:
        return _notice(work)
    if kind != "statement":
        return _with_table(work, grouped(table), grow=True)
    lying = bool(work.form.landscape)
    paper = work.paper(lying=lying)
    opening = work.opening(paper)
    return compose_table(opening, plan_statement(statement_of(table), paper, paper.across), paper.down, caption=table.title or ""), lying


def _resolution(work: Work) -> tuple[Placed, bool]:
    if not work.spec.data["halves"]:
        return _notice(work)
    ways = (True, False) if work.form.landscape is None else (work.form.landscape,)
    made = [(compose_halves(work.spec, work.paper(lying=lying), work.images, work.slack), lying) for lying in ways]
    return min(made, key=lambda pair: (pair[0].pages, -pair[0].scale))


def _document(work: Work) -> tuple[Placed, bool]:
    return compose_document(work.spec, work.paper(lying=False), work.images, work.slack), False


def _service(work: Work) -> tuple[Placed, bool]:
    lying = bool(work.form.landscape)
    return compose_card(work.spec, work.paper(lying=lying), work.images, work.slack), lying


_COMPOSERS: dict[str, Callable[[Work], tuple[Placed, bool]]] = {
    "notice": _notice,
    "list": _list,
    "accounts": _accounts,
    "resolution": _resolution,
    "document": _document,
    "service": _service,
}
