"""The run of ``sitegen print``: load, check, view, sheets."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path

from sitegen.build import Report, blocks, quarantine
from sitegen.check import load_and_check
from sitegen.contents import fill, job
from sitegen.load.region import NoRegion
from sitegen.model.base import Layout, PaperName
from sitegen.model.finding import Finding, finding
from sitegen.model.region import Region
from sitegen.model.views import UnitView
from sitegen.private import claim
from sitegen.sheet import Extra, Format, Job, Made, print_unit
from sitegen.view import plan


@dataclass(frozen=True, slots=True)
class Setting:
    """How to set sheets, as far as somebody said so."""

    paper: PaperName | None = None
    """``None``: the region's."""
    landscape: bool | None = None
    layout: Layout | None = None
    bw: bool = False
    large: bool = False
    punch: bool = False

    def on(self, usual: PaperName) -> Format:
        """Complete, with the usual paper."""
        return Format(self.paper or usual, self.landscape, self.layout, self.bw, self.large, self.punch)


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
    setting: Setting = Setting()
    """By default in colour, on the region's paper, each in the layout that it calls for."""
    n_up: bool = False
    """Besides, all A4 sheets of a unit two by two on A3."""
    extra: Extra | None = None
    """Instead of the records' sheets: poster, catalogue, cards of services (guides), handbook."""
    jobs: int = 1
    internal: bool = False
    """Records that are disclosed on request (依申请公开), and no others: for the office that answers, not for a board."""


@dataclass(frozen=True, slots=True)
class Printed:
    """What was printed."""

    made: tuple[Made, ...]
    """Every sheet that now lies ready, by unit and in the order of its records, whether or not it had to be set again."""
    folders: tuple[Path, ...]
    held: tuple[tuple[str, tuple[Finding, ...]], ...]
    unknown: tuple[str, ...]
    seconds: float
    findings: tuple[Finding, ...] = field(default=())
    """What is wrong with sheets that were printed all the same: characters that no font has, tables too small for the paper."""

    @property
    def sheets(self) -> int:
        """Number of sheets."""
        return len(self.made)

    @property
    def pages(self) -> int:
        """Number of pages of paper."""
        return sum(m.pages for m in self.made)


def print_sheets(order: Order, report: Report = lambda *_: None) -> Printed:
    """Write ``<out>/<unit>/<record>.pdf`` and one PDF with all of a unit's sheets. Raises :class:`NoRegion`.

    Sheets of records with errors are not printed. Raises :class:`sitegen.private.NoPlace` when internal sheets would lie among public ones.
    """
    started = time.monotonic()
    if order.internal:
        claim(order.out, order.root)
    region, views, why, unknown = views_for(order)
    form = order.setting.on(region.data.default_paper)
    ids = frozenset(order.records)
    unknown += tuple(sorted(ids - {r.id for v in views for r in v.records}))
    views = [v for v in views if not ids or any(r.id in ids for r in v.records)]
    made: dict[str, list[Made]] = {}

    def done(view: UnitView, found: list[Made]) -> None:
        made[view.unit.code] = found
        report(view.unit.name, len(made), len(views))

    _spread(
        ((view, (view, Job(form, ids, order.n_up, order.extra), order.out / folder_name(region, view), order.root)) for view in views),
        order.jobs,
        len(views),
        done,
    )
    ordered = tuple(m for view in views for m in made[view.unit.code])
    folders = tuple(order.out / folder_name(region, v) for v in views if made[v.unit.code])
    return Printed(ordered, folders, why, unknown, time.monotonic() - started, tuple(problems(ordered)))


def views_for(order: Order) -> tuple[Region, list[UnitView], tuple[tuple[str, tuple[Finding, ...]], ...], tuple[str, ...]]:
    """The region, the filled views of the units asked for, what is held back and why, and names of units that do not exist."""
    checked = load_and_check(order.root, order.date)
    region, matters, findings = checked.region, checked.matters, checked.findings
    if stopping := [f for f in findings if blocks(f)]:
        raise NoRegion(stopping)
    held, why = quarantine(region, matters, findings)
    made = plan(region, matters, order.date, held, internal=order.internal)
    chosen, unknown = _choose(region, order)
    return region, [fill(job(region, made, code), region.catalog) for code in chosen], why, unknown


def _spread(
    tasks: Iterable[tuple[UnitView, tuple[UnitView, Job, Path, Path]]], jobs: int, count: int, done: Callable[[UnitView, list[Made]], None]
) -> None:
    """Units over processes; one process alone is spared another."""
    if min(jobs, count) <= 1:
        for view, arguments in tasks:
            done(view, print_unit(*arguments))
        return
    # Fresh processes: the typesetter's threads do not survive a fork.
    with ProcessPoolExecutor(min(jobs, count), mp_context=get_context("spawn")) as pool:
        waiting: dict[Future[list[Made]], UnitView] = {pool.submit(print_unit, *arguments): view for view, arguments in tasks}
        for future in as_completed(waiting):
            done(waiting[future], future.result())


def problems(made: Iterable[Made]) -> Iterable[Finding]:
    """What a person must see to about sheets that were printed."""
    for sheet in made:
        where = {"unit": sheet.unit, "record": sheet.record}
        if sheet.lacking:
            yield finding("SG341", sheet.file, None, None, characters=sheet.lacking, title=sheet.title, **where)
        if sheet.small:
            yield finding("SG342", sheet.file, None, None, paper=sheet.paper, title=sheet.title, **where)


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
