"""The registry of findings: one module per family, SG1 files to SG9 acceptance."""

from __future__ import annotations

from sitegen.model.finding import Rule

from . import acceptance, accounts, adjustments, catalog, dialogue, files, identity, matter, official, privacy, tables, timeliness

FAMILIES = (files, tables, identity, catalog, adjustments, official, matter, dialogue, accounts, timeliness, privacy, acceptance)

RULES: dict[str, Rule] = {r.code: r for family in FAMILIES for r in family.RULES}
"""Every rule by its code."""
