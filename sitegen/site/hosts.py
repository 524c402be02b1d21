"""What belongs to a host rather than to one of its units: robots.txt, the index of sitemaps, old addresses that lead on."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping

from msgspec import Struct

from sitegen.model.unit import UnitLink
from sitegen.model.views import UnitView

from . import redirects, sitemaps
from .lost import lost_page
from .redirects import Moved
from .spec import FileSpec

MAP = "redirects.map"


class Hosted(Struct, frozen=True):
    """What the trees of hosts need to know of a unit; kept while its view is not made."""

    unit: UnitLink
    ancestors: tuple[str, ...]
    """Codes of the units above."""
    host: str
    path: str
    """Path of the site on its host, without slashes at the ends."""
    q_places: tuple[tuple[str, str], ...]
    """(host, path) of every Q tree in which its codes are; none where it has no codes."""
    sitemaps: tuple[str, ...]
    latest: dt.date | None
    """Day of its newest record or revision."""
    moved: Moved
    lost: str
    """The page for what is not there: of the host's top unit, else ""."""


def hosted(view: UnitView, top: bool) -> Hosted:
    """What hosts need of a unit. ``view`` may be light: without contents. ``top`` says whether its host answers with its page what is not there."""
    return Hosted(
        view.unit,
        tuple(u.code for u in view.ancestors),
        view.host,
        view.path,
        view.q_places if view.records or view.codes else (),
        sitemaps.sitemap_names(view),
        max((r.revised or r.published for r in view.records), default=None),
        redirects.moved(view),
        lost_page(view) if top else "",
    )


def tops(places: Iterable[tuple[str, str, str]]) -> frozenset[str]:
    """Of (code, host, path) the codes of the units at the top of each host."""
    found: dict[str, tuple[int, str, str]] = {}
    for code, host, path in places:
        at = (path.count("/"), path, code)
        found[host] = min(found.get(host, at), at)
    return frozenset(code for _, _, code in found.values())


def all_hosted(views: Mapping[str, UnitView]) -> dict[str, Hosted]:
    """The same of all units of a region."""
    top = tops((code, v.host, v.path) for code, v in views.items())
    return {code: hosted(view, code in top) for code, view in views.items()}


def host_files(units: Mapping[str, Hosted]) -> dict[str, list[FileSpec]]:
    """By host: the files at its root."""
    made: dict[str, list[FileSpec]] = defaultdict(list)
    hosts: dict[str, list[Hosted]] = defaultdict(list)
    for one in units.values():
        hosts[one.host].append(one)
    for host, found in hosts.items():
        scheme = found[0].unit.url.partition("://")[0]
        made[host].append(FileSpec("robots.txt", f"User-agent: *\nDisallow:\n\nSitemap: {scheme}://{host}/sitemap.xml\n"))
        places = []
        for one in sorted(found, key=lambda v: v.path):
            places += [(one.unit.url + name, one.latest) for name in one.sitemaps]
        made[host].append(FileSpec("sitemap.xml", tuple(places), sitemaps.index))
    old: dict[str, list[redirects.Redirect]] = defaultdict(list)
    for redirect in redirects.redirects({code: (one.unit.url, one.moved) for code, one in units.items()}):
        old[redirect.host].append(redirect)
    for host, those in old.items():
        made[host] += [FileSpec(f"{r.path}index.html", r, redirects.page) for r in those]
        made[host].append(FileSpec(MAP, tuple(those), redirects.server_map))
    return dict(made)
