"""The run of ``sitegen print``: load, check, view, sheets."""

from __future__ import annotations

import datetime as dt
import time
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from sitegen.build import Report, blocks, quarantine
from sitegen.check import load_and_check
from sitegen.contents import fill, job
from sitegen.load.region import NoRegion
from sitegen.model.finding import Finding
from sitegen.model.region import Region
from sitegen.model.views import UnitView
from sitegen.private import claim
from sitegen.sheet import render_unit
from sitegen.view import plan


@dataclass(frozen=True, slots=True)
class Order:
    """What to print."""

    root: Path
    out: Path
    date: dt.date
    units: tuple[str, ...] = ()
    """Codes or names; empty for all."""
    records: tuple[str, ...] = ()
    """Ids; empty for all."""
    paper: str | None = None
    jobs: int = 1
    internal: bool = False
    """Records that are disclosed on request (依申请公开), and no others: for the office that answers, not for a board."""


@dataclass(frozen=True, slots=True)
class Printed:
    """What was printed."""

    sheets: int
    pages: int
    folders: tuple[Path, ...]
    held: tuple[tuple[str, tuple[Finding, ...]], ...]
    unknown: tuple[str, ...]
    seconds: float


def print_sheets(order: Order, report: Report = lambda *_: None) -> Printed:
    """Write ``<out>/<unit>/<record>.pdf`` and one PDF with all of a unit's sheets. Raises :class:`NoRegion`.

    Sheets of records with errors are not printed. Raises :class:`sitegen.private.NoPlace` when internal sheets would lie among public ones.
    """
    started = time.monotonic()
    if order.internal:
        claim(order.out, order.root)
    checked = load_and_check(order.root, order.date)
    region, matters, findings = checked.region, checked.matters, checked.findings
    if stopping := [f for f in findings if blocks(f)]:
        raise NoRegion(stopping)
    held, why = quarantine(region, matters, findings)
    made = plan(region, matters, order.date, held, internal=order.internal)
    chosen, unknown = _choose(region, order)
    paper = order.paper or region.data.default_paper
    views = [fill(job(region, made, code), region.catalog) for code in chosen]
    ids = frozenset(order.records)
    unknown += tuple(sorted(ids - {r.id for v in views for r in v.records}))
    views = [v for v in views if not ids or any(r.id in ids for r in v.records)]
    sheets = pages = 0
    folders: list[Path] = []
    # Fresh processes: the typesetter's threads do not survive a fork.
    with ProcessPoolExecutor(max(1, min(order.jobs, len(views))), mp_context=get_context("spawn")) as pool:
        waiting: dict[Future[tuple[int, int]], UnitView] = {
            pool.submit(render_unit, view, paper, order.out / folder_name(region, view), order.root, ids): view for view in views
        }
        for n, future in enumerate(as_completed(waiting), 1):
            count, paper_pages = future.result()
            view = waiting[future]
            sheets, pages = sheets + count, pages + paper_pages
            if count:
                folders.append(order.out / folder_name(region, view))
            report(view.unit.name, n, len(waiting))
    return Printed(sheets, pages, tuple(sorted(folders)), why, unknown, time.monotonic() - started)


def folder_name(region: Region, view: UnitView) -> str:
    """A unit's folder of sheets: 230170101201-大河村, so that folders sort by code and are found by name."""
    return f"{view.unit.code}-{view.unit.name}"


def _choose(region: Region, order: Order) -> tuple[list[str], tuple[str, ...]]:
    if not order.units:
        return list(region.units), ()
    chosen, unknown = [], []
    for name in order.units:
        found = [u.code for u in region.named(name)]
        chosen += found
        if not found:
            unknown.append(name)
    return sorted(set(chosen)), tuple(unknown)
