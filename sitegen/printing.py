"""The run of ``sitegen print``: load, check, view, sheets."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from multiprocessing import get_context
from pathlib import Path

from msgspec import Struct, field
from msgspec.structs import replace

from sitegen.build import Report
from sitegen.check import load_and_check
from sitegen.contents import fill, job
from sitegen.fonts import own_fonts
from sitegen.load.orphans import end_with_parent
from sitegen.load.region import NoRegion
from sitegen.model.base import Layout, PaperName
from sitegen.model.finding import Finding, finding
from sitegen.model.holding import blocks, quarantine
from sitegen.model.region import Region
from sitegen.model.views import UnitView
from sitegen.private import claim
from sitegen.release import Print, note_prints
from sitegen.sheet import Extra, Fonts, Format, Job, Made, print_unit
from sitegen.view import Plan, plan


class Setting(Struct, frozen=True):
    """How to set sheets, as far as somebody said so."""

    paper: PaperName | None = None
    """``None``: the region's."""
    landscape: bool | None = None
    layout: Layout | None = None
    bw: bool = False
    large: bool = False
    punch: bool = False

    def on(self, region: Region) -> Format:
        """Complete, with the region's paper and fonts."""
        return Format(
            self.paper or region.data.default_paper, self.landscape, self.layout, self.bw, self.large, self.punch, fonts_of(region)
        )


def fonts_of(region: Region) -> Fonts:
    """The fonts that a region brings or names."""
    root = Path(region.root)
    own, named = own_fonts(root), region.data.fonts
    if not own and not named.text and not named.title:
        return Fonts()
    return Fonts(named.text or "", named.title or "", own, repr([(p.name, p.stat().st_size, p.stat().st_mtime_ns) for p in own]), root)


class Order(Struct, frozen=True):
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
    final: bool = False
    """For good: only what was released as it is, and noted in the ledgers."""


class Printed(Struct, frozen=True):
    """What was printed."""

    made: tuple[Made, ...]
    """Every sheet that now lies ready, by unit and in the order of its records, whether or not it had to be set again."""
    folders: tuple[Path, ...]
    held: tuple[tuple[str, tuple[Finding, ...]], ...]
    unknown: tuple[str, ...]
    seconds: float
    findings: tuple[Finding, ...] = field(default=())
    """What is wrong with sheets that were printed all the same: characters that no font has, tables too small for the paper."""
    unreleased: tuple[str, ...] = ()
    """Titles of sheets that were not printed for good, since they were not released as they are."""
    noted: int = 0
    """Sheets that were noted in the ledgers."""

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

    Sheets of records with errors are not printed. Raises :class:`sitegen.private.NoPlace` when internal sheets would lie among public ones, and what
    :func:`sitegen.release.note_prints` raises when they are printed for good.
    """
    started = time.monotonic()
    if order.internal:
        claim(order.out, order.root)
    found = planned(order.root, order.date, internal=order.internal)
    region, why = found.region, found.held
    chosen, unknown = _choose(region, order)
    form = order.setting.on(region)
    ids = frozenset(order.records)
    light = [found.plan.views[code] for code in chosen]
    left: tuple[str, ...] = ()
    if order.final:
        light, left = _released(light, found.plan.unreleased, order)
    unknown += tuple(sorted(ids - {r.id for v in light for r in v.records}))
    light = [v for v in light if not ids or any(r.id in ids for r in v.records)]
    made: dict[str, list[Made]] = {}

    def done(view: UnitView, sheets: list[Made]) -> None:
        made[view.unit.code] = sheets
        report(view.unit.name, len(made), len(light))

    work = Job(form, ids, order.n_up, order.extra)
    tasks = ((v, (_filled(found, v, ids), work, order.out / folder_name(region, v), order.root)) for v in light)
    _spread(tasks, order.jobs, len(light), done)
    ordered = tuple(m for view in light for m in made[view.unit.code])
    folders = tuple(order.out / folder_name(region, v) for v in light if made[v.unit.code])
    noted = note_prints(region, (Print(m.unit, m.code, m.rev, m.paper, m.pages) for m in ordered), order.date) if order.final else 0
    return Printed(ordered, folders, why, unknown, time.monotonic() - started, tuple(problems(ordered)), left, noted)


def _filled(found: Planned, light: UnitView, ids: Collection[str]) -> UnitView:
    """A view with the contents of the records that have a sheet, and of those that a sheet shows beside its own (两公开)."""
    beside = {relation.url for r in light.records if r.on_board for relation in r.relations}
    shown = tuple(r for r in light.records if r.on_board or r.internal or r.url in beside or r.id in ids)
    work = job(found.region, found.plan, light.unit.code)
    filled = fill(replace(work, view=replace(work.view, records=shown)), found.region.catalog)
    return replace(filled, records=light.records)


def _released(views: list[UnitView], unreleased: Collection[str], order: Order) -> tuple[list[UnitView], tuple[str, ...]]:
    """The same views with those records only that were released as they are, and the titles of the others that are wanted."""
    kept, left = [], []
    for view in views:
        waiting = {r.id for r in view.records if r.held or f"{view.unit.code}/{r.id}" in unreleased}
        left += [r.title for r in view.records if r.id in waiting and r.on_board and (not order.records or r.id in order.records)]
        kept.append(replace(view, records=tuple(r for r in view.records if r.id not in waiting)))
    return kept, tuple(left)


class Planned(Struct, frozen=True):
    """A region whose sheets can be set."""

    region: Region
    plan: Plan
    held: tuple[tuple[str, tuple[Finding, ...]], ...]
    """What is held back, and why."""


def planned(root: Path, date: dt.date, *, internal: bool = False) -> Planned:
    """Load, check and plan, without what has errors. Raises :class:`NoRegion`."""
    checked = load_and_check(root, date)
    region, matters, findings = checked.region, checked.matters, checked.findings
    if stopping := [f for f in findings if blocks(f)]:
        raise NoRegion(stopping)
    held, why = quarantine(region, matters, findings)
    return Planned(region, plan(region, matters, date, held, internal=internal), why)


_FEW = 4
"""Units that are set beside the region in one process; of many, the region and what the typesetter keeps are too much for one."""


def _spread(
    tasks: Iterator[tuple[UnitView, tuple[UnitView, Job, Path, Path]]], jobs: int, count: int, done: Callable[[UnitView, list[Made]], None]
) -> None:
    """Units over processes; a few units are spared another one. No more units are read than are being set."""
    if min(jobs, count) <= 1 and count <= _FEW:
        for view, arguments in tasks:
            done(view, print_unit(*arguments))
        return
    # Fresh processes: the typesetter's threads do not survive a fork.
    with ProcessPoolExecutor(max(1, min(jobs, count)), mp_context=get_context("spawn"), initializer=end_with_parent) as pool:
        waiting: dict[Future[list[Made]], UnitView] = {}

        def take(some: set[Future[list[Made]]]) -> None:
            for future in some:
                done(waiting.pop(future), future.result())

        for view, arguments in tasks:
            waiting[pool.submit(print_unit, *arguments)] = view
            while len(waiting) > jobs:
                take(wait(waiting, return_when=FIRST_COMPLETED).done)
        take(wait(waiting).done)


def problems(made: Iterable[Made]) -> Iterable[Finding]:
    """What a person must see to about sheets that were printed."""
    for sheet in made:
        where = {"unit": sheet.unit, "record": sheet.record or None}
        if sheet.lacking:
            yield finding("SG341", sheet.file or sheet.path.name, None, None, characters=sheet.lacking, title=sheet.title, **where)
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
