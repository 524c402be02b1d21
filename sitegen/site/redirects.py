"""Addresses that are no more (301): of records that were renamed or moved (``formerly:``), of units whose site stood elsewhere (``site.formerly``).

A static page at the old address leads on without script. Where the server can be configured, a map of all of them says the same faster.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from msgspec import Struct

from sitegen.model.views import UnitView
from sitegen.text import escape

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


def redirects(views: Mapping[str, UnitView]) -> tuple[Redirect, ...]:
    """Every old address of a region, none of which is an address of today; of two claims to one the record's own wins."""
    live = {v.unit.url for v in views.values()} | {r.url for v in views.values() for r in v.records}
    found: dict[str, str] = {}
    for view in views.values():
        for record in view.records:
            for old in record.formerly:
                found.setdefault(old, record.url)
    for view in views.values():
        for base in view.formerly:
            for old, new in _of_site(view, base, base in live):
                found.setdefault(old, new)
    return tuple(Redirect(old, new) for old, new in sorted(found.items()) if old not in live)


def _of_site(view: UnitView, base: str, taken: bool) -> Iterator[tuple[str, str]]:
    """What is known to have stood at a unit's earlier address: its home and sections, unless another unit has them there now, and its records."""
    for entry in () if taken else menu.menu(view):
        yield base + entry.path, view.unit.url + entry.path
    for record in view.records:
        yield f"{base}r/{record.slug}/", record.url


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
