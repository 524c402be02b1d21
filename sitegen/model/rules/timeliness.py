"""SG7: deadlines, posting periods and what an inspection of the site would complain about."""

from __future__ import annotations

from sitegen.model.finding import Rule

RULES: tuple[Rule, ...] = ()
