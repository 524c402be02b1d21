"""Model → findings: what loading one file cannot see, and what a person accepted in writing."""

from __future__ import annotations

from .run import Checked, check, load_and_check
from .scope import Scope

__all__ = ["Checked", "Scope", "check", "load_and_check"]
