"""The province's page: what its counties add up to, each county, and the box that searches them all."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Sequence

import jinja2

from sitegen.model.province import ProvinceFile
from sitegen.model.views import Standing
from sitegen.resources import resource
from sitegen.templates import environment, hash_of

from .summary import Summary

_STYLES = ("q.css", "404.css", "province.css")


def province_page(province: ProvinceFile, counties: Sequence[Summary], missing: Sequence[str], date: dt.date) -> str:
    """The page as HTML. ``missing`` are counties of which nothing is known yet, by folder."""
    templates, style, style_hash = _parts()
    total = sum((c.standing for c in counties), Standing())
    return templates.get_template("province.html").render(
        style=style,
        style_hash=style_hash,
        p=province,
        counties=counties,
        missing=missing,
        total=total,
        townships=sum(c.townships for c in counties),
        villages=sum(c.villages for c in counties),
        date=date,
        day=lambda d: f"{d.year}年{d.month}月{d.day}日" if d else "—",
        tel=lambda phone: "tel:" + "".join(c for c in phone if c.isdigit() or c == "+"),
    )


@functools.cache
def _parts() -> tuple[jinja2.Environment, str, str]:
    folder = resource("themes/board")
    style = "".join((folder / name).read_text(encoding="utf-8") for name in _STYLES)
    return environment(folder), style, hash_of(style)
