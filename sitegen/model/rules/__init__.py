"""The registry of findings: one module per family, SG1 files to SG9 acceptance and ledger."""

from __future__ import annotations

from sitegen.model.finding import Rule

from . import (
    acceptance,
    accounts,
    adjustments,
    affairs,
    annual,
    catalog,
    dialogue,
    files,
    identity,
    ledger,
    matter,
    official,
    privacy,
    services,
    sheets,
    tables,
    timeliness,
    workbooks,
)

# fmt: off
FAMILIES = (
    files,
    tables,
    workbooks,
    identity,
    sheets,
    catalog,
    adjustments,
    official,
    services,
    affairs,
    matter,
    dialogue,
    accounts,
    timeliness,
    annual,
    privacy,
    acceptance,
    ledger,
)
# fmt: on
"""The families in the order in which docs/checks.md has them."""

RULES: dict[str, Rule] = {r.code: r for family in FAMILIES for r in family.RULES}
"""Every rule by its code."""
