"""Addresses that are no more (301): of records that were renamed or moved (``formerly:``), of units whose site stood elsewhere (``site.formerly``).

A static page at the old address leads on without script. Where the server can be configured, a map of all of them says the same faster.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from msgspec import Struct

from sitegen.escaping import escape
from sitegen.model.views import UnitView

from . import menu


class Redirect(Struct, frozen=True):
    """An old address and the one that took its place, both absolute, ending in a slash."""

    old: str
    new: str

    @property
    def host(self) -> str:
        """The old address's host."""
        return urlsplit(self.old).netloc

    @property
    def path(self) -> str:
        """The old address's path on its host, without the first slash."""
        return urlsplit(self.old).path.lstrip("/")


class Moved(Struct, frozen=True):
    """Addresses of a unit, those of today and those that led to it."""

    slugs: tuple[str, ...]
    """Its records' pages, below ``r/``."""
    sections: tuple[str, ...]
    """Its home and sections, by path; only where the site stood elsewhere."""
    records: tuple[tuple[str, str], ...]
    """Earlier addresses of single records, each with the one of today."""
    sites: tuple[str, ...]
    """Earlier addresses of the site."""


def moved(view: UnitView) -> Moved:
    """What a unit says of its addresses. A light view knows as much."""
    return Moved(
        tuple(r.slug for r in view.records),
        tuple(entry.path for entry in menu.menu(view)) if view.formerly else (),
        tuple((old, r.url) for r in view.records for old in r.formerly),
        view.formerly,
    )


def redirects(units: Mapping[str, tuple[str, Moved]]) -> tuple[Redirect, ...]:
    """Every old address of a region, none of which is an address of today; of two claims to one the record's own wins.

    ``units`` has by code a unit's address and what it says of its others.
    """
    if not any(m.records or m.sites for _, m in units.values()):
        return ()
    homes = {url for url, _ in units.values()}
    live = homes | {f"{url}r/{slug}/" for url, m in units.values() for slug in m.slugs}
    found: dict[str, str] = {}
    for _, one in units.values():
        for old, new in one.records:
            found.setdefault(old, new)
    for url, one in units.values():
        for base in one.sites:
            for old, new in _of_site(url, one, base, base in live):
                found.setdefault(old, new)
    return tuple(Redirect(old, new) for old, new in sorted(found.items()) if old not in live)


def _of_site(url: str, one: Moved, base: str, taken: bool) -> Iterator[tuple[str, str]]:
    """What is known to have stood at a unit's earlier address: its home and sections, unless another unit has them there now, and its records."""
    for path in () if taken else one.sections:
        yield base + path, url + path
    for slug in one.slugs:
        yield f"{base}r/{slug}/", f"{url}r/{slug}/"


def page(redirect: Redirect) -> str:
    """The page at an old address."""
    new = escape(redirect.new)
    return (
        '<!doctype html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n<title>本页已移到新地址</title>\n'
        '<meta name="viewport" content="width=device-width,initial-scale=1">\n<meta name="robots" content="noindex">\n'
        f'<link rel="canonical" href="{new}">\n<meta http-equiv="refresh" content="0;url={new}">\n<link rel="icon" href="data:,">\n</head>\n'
        f'<body><p>本页已移到新地址：<a href="{new}">{new}</a></p></body>\n</html>\n'
    )


def server_map(found: tuple[Redirect, ...]) -> str:
    """The same for a server, as nginx includes it into a ``map``: old path, new address."""
    return "".join(f"/{r.path} {r.new};\n" for r in found)
