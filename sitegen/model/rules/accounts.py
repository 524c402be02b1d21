"""SG6: accounts, stages, and records that belong in pairs."""

from __future__ import annotations

from sitegen.model.finding import Rule

RULES: tuple[Rule, ...] = ()
