"""Checking a large region again after a small change: by townships, each kept until something changes that its findings depend on.

A part is a township with its villages, judged with the county above it, with every unit that names one of its records or is named by
one, and with the records of other units in matters in which the county has a say. The county is a part of its own. What holds for the whole
region (addresses, adjustments of the catalogue) is checked every time.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import pickle
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from sitegen.load.cache import Bundle, BundleCache, Packed, program_digest
from sitegen.load.region import load_region
from sitegen.model.base import Level
from sitegen.model.finding import Finding
from sitegen.model.linking import find_matters
from sitegen.model.region import Region, Unit, facing
from sitegen.model.unit import ancestors

from .acceptance import Accepted
from .examine import examine
from .run import OF_THE_REGION, OF_UNITS, check
from .scope import Scope

_Judged = tuple[list[Finding], list[Accepted]]


class Found(Struct, frozen=True):
    """A region and what was found in it, without its links."""

    region: Region
    findings: tuple[Finding, ...]
    accepted: tuple[Accepted, ...]


def check_by_parts(root: Path, date: dt.date, *, jobs: int = 1) -> Found:
    """The findings of :func:`sitegen.check.load_and_check`, from the last run where they still hold.

    Raises :class:`sitegen.load.region.NoRegion`.
    """
    region = load_region(root, jobs=jobs, examine=examine)
    common = _digest(
        date.isoformat(), program_digest(), region.catalog.digest, region.data.model_dump_json(), str(sorted(region.calendar.items()))
    )
    kept = BundleCache(root)
    whole = Scope(region, find_matters(replace(region, units={})), date)
    findings = [f for f in region.findings if f.unit is None] + [f for family in OF_THE_REGION for f in family(whole)]
    accepted: list[Accepted] = []
    for name, own, with_ in _parts(region):
        key = _digest(common, str(region.complete), *(f"{c} {u}" for c, u in _keys(region, own, with_)))
        judged = _last(kept, name, key)
        if judged is None:
            judged = _judge(region, own, with_, date)
            kept.put(f"checks {name}", Bundle(key, Packed(pickle.dumps(judged, protocol=5))))
        findings += judged[0]
        accepted += judged[1]
    return Found(region, tuple(sorted(set(findings), key=lambda f: f.sort_key)), tuple(accepted))


def _parts(region: Region) -> Iterator[tuple[str, frozenset[str], frozenset[str]]]:
    """Name, units that are judged, and units that are needed to judge them."""
    named_by: dict[str, set[str]] = {}
    for unit in region.units.values():
        for other in unit.refers:
            named_by.setdefault(other, set()).add(unit.code)
    groups: dict[str, set[str]] = {}
    for unit in region.units.values():
        groups.setdefault(unit.code if unit.level is Level.COUNTY else f"{unit.code[:9]}000", set()).add(unit.code)
    for name, own in sorted(groups.items()):
        related = {u for code in own for u in (*region.units[code].refers, *named_by.get(code, ())) if u in region.units}
        above = {a for code in own for a in ancestors(code)}
        yield name, frozenset(own), frozenset((own | related | above) & set(region.units))


def _shared(region: Region, own: frozenset[str]) -> frozenset[str]:
    """The matters of a part in which the county has a say: there records of other townships may count too (三榜)."""
    mine = {m for code in own for m in region.units[code].facing}
    return frozenset(m for u in region.units.values() if u.level is Level.COUNTY for m in u.facing if m in mine)


def _keys(region: Region, own: frozenset[str], with_: frozenset[str]) -> Iterator[tuple[str, str]]:
    """What the findings of a part depend on, by unit."""
    shared, paid = _shared(region, own), _pays(region, own)
    for code, unit in region.units.items():
        if code in with_:
            yield code, unit.key
        else:
            names = unit.data.model_dump_json() if paid is not None else ""  # the county's lists name every village
            yield code, _digest(names, *(unit.facing[m] for m in sorted(unit.facing.keys() & shared)), unit.paid if paid else "")


def _pays(region: Region, own: frozenset[str]) -> str | None:
    """For the county's own part: its records that list payments; ``None`` for the others."""
    return next((region.units[c].paid for c in own if region.units[c].level is Level.COUNTY), None)


def _judge(region: Region, own: frozenset[str], with_: frozenset[str], date: dt.date) -> _Judged:
    shared, paid = _shared(region, own), _pays(region, own)
    units = {
        code: u if code in with_ or (paid and u.paid) else _only(u, shared, region)
        for code, u in region.units.items()
        if code in with_ or paid is not None or u.facing.keys() & shared
    }
    cut = {code: {r.front.id for r in u.records} for code, u in units.items() if u is not region.units[code]}
    found = tuple(f for f in region.findings if f.unit in units and (f.record is None or f.record in cut.get(f.unit, {f.record})))
    part = replace(region, units=units, findings=found)
    checked = check(part, find_matters(part), date, OF_UNITS)
    standing = [f for f in checked.findings if f.unit in own]
    excused = [a for a in checked.accepted if a.finding.unit in own]
    return standing, excused


def _only(unit: Unit, shared: frozenset[str], region: Region) -> Unit:
    """A unit with those records that belong to the matters of a part."""
    wanted = bool(unit.facing.keys() & shared)
    return replace(unit, records=tuple(r for r in unit.records if facing(r, region.catalog) in shared) if wanted else ())


def _last(kept: BundleCache, name: str, key: str) -> _Judged | None:
    """What the last run found in a part, if it still holds."""
    bundle = kept.get(f"checks {name}", key)
    found: _Judged | None = pickle.loads(bundle.unit.read()) if bundle else None
    return found


def _digest(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:24]
