"""Checking a region again after a small change: part by part, each kept until something changes that its findings depend on.

What holds for the whole region (addresses, adjustments of the catalogue) is checked every time.
"""

from __future__ import annotations

import datetime as dt
import pickle
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from sitegen.load.cache import Bundle, BundleCache, Packed, program_digest
from sitegen.load.files import digest
from sitegen.load.region import ReadUnits, load_region
from sitegen.load.scan import Scan
from sitegen.model.finding import Finding
from sitegen.model.linking import find_matters
from sitegen.model.region import Region

from .acceptance import Accepted
from .examine import examine
from .partition import Cuts, Part
from .run import OF_THE_REGION, OF_UNITS, check
from .scope import Scope

_Judged = tuple[list[Finding], list[Accepted]]


class Found(Struct, frozen=True):
    """A region and what was found in it."""

    region: Region
    findings: tuple[Finding, ...]
    accepted: tuple[Accepted, ...]
    cuts: Cuts
    """Its parts, those looked at last still linked."""


def check_by_parts(root: Path, date: dt.date, *, jobs: int = 1, read: ReadUnits | None = None, scan: Scan | None = None) -> Found:
    """The findings of :func:`sitegen.check.load_and_check`, from the last run where they still hold. ``read`` reads units elsewhere;
    ``scan`` is a look at the files that was just taken.

    Raises :class:`sitegen.load.region.NoRegion`.
    """
    region = load_region(root, jobs=jobs, examine=examine, read=read, scan=scan)
    common = common_key(region, date)
    kept = BundleCache(root)
    cuts = Cuts(region)
    whole = Scope(region, find_matters(replace(region, units={})), date)
    findings = [f for f in region.findings if f.unit is None] + [f for family in OF_THE_REGION for f in family(whole)]
    accepted: list[Accepted] = []
    for part in cuts.parts:
        key = digest(common, cuts.key(part))
        judged = _last(kept, part.name, key)
        if judged is None:
            judged = _judge(cuts, part, date)
            kept.put(f"checks {part.name}", Bundle(key, Packed(pickle.dumps(judged, protocol=5))))
        findings += judged[0]
        accepted += judged[1]
    return Found(region, tuple(sorted(set(findings), key=lambda f: f.sort_key)), tuple(accepted), cuts)


def common_key(region: Region, date: dt.date) -> str:
    """What every part depends on: the day, the program, the catalogue, the region's own files."""
    return digest(
        date.isoformat(),
        program_digest(),
        region.catalog.digest,
        region.data.model_dump_json(),
        str(sorted(region.calendar.items())),
        repr(region.milestones),
    )


def _judge(cuts: Cuts, part: Part, date: dt.date) -> _Judged:
    region, matters = cuts.of(part)
    checked = check(region, matters, date, OF_UNITS)
    standing = [f for f in checked.findings if f.unit in part.own]
    excused = [a for a in checked.accepted if a.finding.unit in part.own]
    return standing, excused


def _last(kept: BundleCache, name: str, key: str) -> _Judged | None:
    """What the last run found in a part, if it still holds."""
    bundle = kept.get(f"checks {name}", key)
    found: _Judged | None = pickle.loads(bundle.unit.read()) if bundle else None
    return found
