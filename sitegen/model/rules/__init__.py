"""The registry of findings: one module per family, SG1 files to SG9 acceptance."""

from __future__ import annotations

from sitegen.model.finding import Rule

from . import acceptance, accounts, adjustments, catalog, files, identity, matter, official, privacy, sheets, tables, timeliness

FAMILIES = (files, tables, identity, sheets, catalog, adjustments, official, matter, accounts, timeliness, privacy, acceptance)

RULES: dict[str, Rule] = {r.code: r for family in FAMILIES for r in family.RULES}
"""Every rule by its code."""
