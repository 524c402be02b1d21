"""The annual report's page (政府信息公开工作年度报告), in the statutory form."""

from __future__ import annotations

from msgspec import Struct

from sitegen.model.annual import COLUMNS, OUTCOMES, heading
from sitegen.model.views import TextPage

TEMPLATE = "pages/annual.html"


class AnnualData(Struct, frozen=True):
    """What the page shows."""

    page: TextPage
    others: tuple[tuple[str, str], ...]
    """Reports of other years, as (title, path)."""
    headings: tuple[str, ...] = tuple(heading(n) for n in range(1, 7))
    columns: tuple[str, ...] = COLUMNS
    outcomes: tuple[str, ...] = tuple(name for _, name in OUTCOMES)
