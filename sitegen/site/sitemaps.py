"""Sitemaps (sitemaps.org): every page that search engines may list, with the day of its last change where a record or text gives one.

A unit has one file while its pages are few; else records stand in files of their own, oldest first, so that a new one changes the last.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sitegen.escaping import escape
from sitegen.model.views import UnitView

from .spec import FileSpec, PageSpec

MOST = 5_000
"""Records in a file; the protocol allows 50,000 addresses."""
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SCHEMA = "http://www.sitemaps.org/schemas/sitemap/0.9"
Place = tuple[str, dt.date | None]
"""An absolute address and the day of its last change."""


def sitemap_files(view: UnitView, made: Sequence[PageSpec]) -> list[FileSpec]:
    """The unit's sitemaps; ``made`` are its pages. A host's ``sitemap.xml`` names them all (:mod:`sitegen.site.hosts`)."""
    listed = [p for p in made if not p.noindex and p.canonical is None]
    records = sorted((p for p in listed if p.path.startswith("r/")), key=lambda p: (p.changed or dt.date.min, p.path))
    others = [p for p in listed if not p.path.startswith("r/")]
    names = sitemap_names(view)
    groups = [[*others, *records]] if len(names) == 1 else [others, *(records[n : n + MOST] for n in range(0, len(records), MOST))]
    url = view.unit.url
    return [FileSpec(name, tuple((url + p.path, p.changed) for p in group), urlset) for name, group in zip(names, groups, strict=True)]


def sitemap_names(view: UnitView) -> tuple[str, ...]:
    """The unit's sitemaps. A light view knows as much."""
    records = sum(1 for r in view.records if not r.personal)
    count = 1 if records <= MOST else 1 - (-records // MOST)
    return tuple(f"sitemap-{n}.xml" for n in range(1, count + 1))


def urlset(places: Sequence[Place]) -> str:
    """A sitemap."""
    return f'{_HEAD}<urlset xmlns="{_SCHEMA}">\n{_lines("url", places)}</urlset>\n'


def index(places: Sequence[Place]) -> str:
    """A sitemap of sitemaps."""
    return f'{_HEAD}<sitemapindex xmlns="{_SCHEMA}">\n{_lines("sitemap", places)}</sitemapindex>\n'


def _lines(element: str, places: Sequence[Place]) -> str:
    made = []
    for url, day in places:
        changed = f"<lastmod>{day.isoformat()}</lastmod>" if day else ""
        made.append(f"<{element}><loc>{escape(url)}</loc>{changed}</{element}>\n")
    return "".join(made)
