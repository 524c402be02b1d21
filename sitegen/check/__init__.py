"""Model → findings: what loading one file cannot see, and what a person accepted in writing."""

from __future__ import annotations

from .parts import Found, check_by_parts
from .run import Checked, check, load_and_check
from .scope import Scope
from .select import BadChoice, Choice, Shown, codes_in, day_in, select

__all__ = [
    "BadChoice",
    "Checked",
    "Choice",
    "Found",
    "Scope",
    "Shown",
    "check",
    "check_by_parts",
    "codes_in",
    "day_in",
    "load_and_check",
    "select",
]
