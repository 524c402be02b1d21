"""The province's page: what its counties add up to, each county, and the box that searches them all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sitegen.model.province import ProvinceFile
from sitegen.model.supervision_views import Standing
from sitegen.site.lost import standalone
from sitegen.site.tools import Toolbox

from .summary import Summary


def province_page(province: ProvinceFile, counties: Sequence[Summary], missing: Sequence[str], date: dt.date) -> str:
    """The page as HTML. ``missing`` are counties of which nothing is known yet, by folder."""
    return standalone(
        "province.html",
        "province.css",
        p=province,
        counties=counties,
        missing=missing,
        total=sum((c.standing for c in counties), Standing()),
        townships=sum(c.townships for c in counties),
        villages=sum(c.villages for c in counties),
        date=date,
        day=lambda d: Toolbox.date(d) if d else "—",
        tel=Toolbox.tel,
    )
