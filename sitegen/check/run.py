"""The run of all checks: load with examination, compare, accept what was accepted in writing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from pathlib import Path

from msgspec import Struct

from sitegen.load.region import ReadUnits, load_region
from sitegen.model.finding import Finding
from sitegen.model.linking import find_matters
from sitegen.model.matter import Matters
from sitegen.model.region import Region

from .acceptance import Accepted, accept
from .accounts import check_accounts
from .addresses import check_addresses
from .adjustments import check_adjustments
from .affairs import check_assurance, check_committees, check_scores, check_traditional
from .annual import check_annual
from .applications import check_applications
from .attributes import check_attributes
from .counterparts import check_counterparts
from .deadlines import check_deadlines
from .dialogue import check_dialogue
from .echoes import without_echoes
from .examine import examine
from .inspection import check_inspection, check_periodic
from .ledgers import check_codes, check_releases
from .pairs import check_pairs
from .photos import check_photos
from .postings import check_postings
from .privacy import check_units
from .reach import check_reach
from .retention import check_retention
from .scope import Scope
from .services import check_services
from .stages import check_stages

Family = Callable[[Scope], Iterable[Finding]]

OF_THE_REGION: tuple[Family, ...] = (check_addresses, check_adjustments, check_codes, check_scores, check_traditional)
"""Checks that look at all units side by side, or at the catalogue."""
OF_UNITS: tuple[Family, ...] = (
    check_counterparts,
    check_deadlines,
    check_postings,
    check_periodic,
    check_inspection,
    check_applications,
    check_reach,
    check_dialogue,
    check_annual,
    check_accounts,
    check_stages,
    check_pairs,
    check_units,
    check_attributes,
    check_retention,
    check_releases,
    check_services,
    check_committees,
    check_assurance,
    check_photos,
)
"""Checks of what units publish, which need other records or a day. Each yields findings in any order."""


class Checked(Struct, frozen=True):
    """A region with everything that was found in it."""

    region: Region
    matters: Matters
    findings: tuple[Finding, ...]
    """What stands, in fixed order."""
    accepted: tuple[Accepted, ...]
    """What a person answers for."""


def load_and_check(root: Path, date: dt.date, *, cache: bool = True, jobs: int = 1, read: ReadUnits | None = None) -> Checked:
    """Load a region and check everything, as of ``date``. ``read`` reads units elsewhere. Raises :class:`sitegen.load.region.NoRegion`."""
    region = load_region(root, cache=cache, jobs=jobs, examine=examine, read=read)
    return check(region, find_matters(region), date)


def check(region: Region, matters: Matters, date: dt.date, families: Iterable[Family] = (*OF_THE_REGION, *OF_UNITS)) -> Checked:
    """All findings of a loaded region, in fixed order: those met while loading and those of ``families``."""
    scope = Scope(region, matters, date)
    found = [*region.findings, *matters.findings]
    for family in families:
        found += family(scope)
    standing, accepted = accept(scope, without_echoes(scope, found))
    return Checked(region, matters, tuple(sorted(standing, key=lambda f: f.sort_key)), tuple(accepted))
