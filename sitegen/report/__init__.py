"""``sitegen report``: one private page for whoever inspects a region: what is covered, in time, agreed, accepted and not open to all."""

from .page import render
from .run import UnknownUnit, report

__all__ = ["UnknownUnit", "render", "report"]
