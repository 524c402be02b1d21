"""Model → findings: what loading one file cannot see."""

from __future__ import annotations

from sitegen.model.finding import Finding
from sitegen.model.matter import Matters
from sitegen.model.region import Region

from .addresses import check_addresses


def check(region: Region, matters: Matters) -> list[Finding]:
    """All findings of a region, in fixed order: those met while loading and those that need the whole."""
    found = [*region.findings, *matters.findings, *check_addresses(region)]
    return sorted(found, key=lambda f: f.sort_key)
