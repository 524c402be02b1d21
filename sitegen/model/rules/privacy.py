"""SG8: personal data, attributes, audience, approvals and retention."""

from __future__ import annotations

from sitegen.model.finding import Rule

RULES: tuple[Rule, ...] = ()
