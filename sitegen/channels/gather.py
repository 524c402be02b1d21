"""The run that all channels share: load, check, view, gate."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

from msgspec import Struct

from sitegen.check import load_and_check
from sitegen.contents import fill, for_web, job
from sitegen.load.region import NoRegion
from sitegen.model.holding import blocks, quarantine
from sitegen.model.record_views import RecordView
from sitegen.model.views import UnitView
from sitegen.view import plan

from .notices import Notice, notice


class UnknownName(Exception):
    """No unit (or, with ``record``, no record of the chosen units) is called ``name``; ``several`` are the codes where it is ambiguous."""

    def __init__(self, name: str, several: tuple[str, ...] = (), *, record: bool = False) -> None:
        super().__init__(name)
        self.name, self.several, self.record = name, several, record


class Order(Struct, frozen=True):
    """What is to be told, and on what day."""

    root: Path
    date: dt.date
    units: tuple[str, ...] = ()
    """Codes, names or aliases; empty for all."""
    records: tuple[str, ...] = ()
    """Ids; empty for all that ``wanted`` lets through."""


class Told(Struct, frozen=True):
    """A unit with what is told of it; nothing in it goes beyond what the web may show."""

    view: UnitView
    notices: tuple[Notice, ...]
    """In the order of the view's records, newest first."""
    held: tuple[str, ...] = ()
    """Ids of records of the unit that are held back, because they have errors."""

    @property
    def folder(self) -> str:
        """230170101201-大河村: the name of the unit's folder, as that of its sheets."""
        return f"{self.view.unit.code}-{self.view.unit.name}"


def gather(order: Order, wanted: Callable[[RecordView], bool], jobs: int = 1) -> list[Told]:
    """The chosen units with those of their records that ``wanted`` lets through, in order of codes.

    Records that were asked for by id come whatever ``wanted`` says. What has errors is left out, as on sheets. Raises
    :class:`UnknownName` and :class:`sitegen.load.region.NoRegion`.
    """
    checked = load_and_check(order.root, order.date, jobs=jobs)
    region = checked.region
    if stopping := [f for f in checked.findings if blocks(f)]:
        raise NoRegion(stopping)
    codes = []
    for name in order.units:
        found = region.named(name)
        if len(found) != 1:
            raise UnknownName(name, tuple(u.code for u in found))
        codes.append(found[0].code)
    held, _ = quarantine(region, checked.matters, checked.findings)
    made = plan(region, checked.matters, order.date, held)
    chosen = [code for code in region.units if not codes or code in codes]
    known = {r.id for code in chosen for r in made.views[code].records}
    for id in order.records:
        if id not in known:
            raise UnknownName(id, record=True)
    told = []
    for code in chosen:
        ids = {r.id for r in made.views[code].records if (r.id in order.records if order.records else wanted(r))}
        away = tuple(sorted(ref.partition("/")[2] for ref in held.refs if ref.partition("/")[0] == code))
        if not ids:
            told.append(Told(made.views[code], (), away))
            continue
        view = for_web(fill(job(region, made, code), region.catalog))
        told.append(Told(view, tuple(notice(view, r) for r in view.records if r.id in ids), away))
    return told
