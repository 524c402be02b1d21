"""What belongs to a host rather than to one of its units: robots.txt, the index of sitemaps, old addresses that lead on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from sitegen.model.views import UnitView

from . import redirects, sitemaps
from .spec import FileSpec

MAP = "redirects.map"


def host_files(views: Mapping[str, UnitView]) -> dict[str, list[FileSpec]]:
    """By host: the files at its root. ``views`` may be light: without contents."""
    made: dict[str, list[FileSpec]] = defaultdict(list)
    hosts: dict[str, list[UnitView]] = defaultdict(list)
    for view in views.values():
        hosts[view.host].append(view)
    for host, found in hosts.items():
        scheme = found[0].unit.url.partition("://")[0]
        made[host].append(FileSpec("robots.txt", f"User-agent: *\nDisallow:\n\nSitemap: {scheme}://{host}/sitemap.xml\n"))
        places = []
        for view in sorted(found, key=lambda v: v.path):
            latest = max((r.revised or r.published for r in view.records), default=None)
            places += [(view.unit.url + name, latest) for name in sitemaps.sitemap_names(view)]
        made[host].append(FileSpec("sitemap.xml", tuple(places), sitemaps.index))
    old: dict[str, list[redirects.Redirect]] = defaultdict(list)
    for redirect in redirects.redirects(views):
        old[redirect.host].append(redirect)
    for host, those in old.items():
        made[host] += [FileSpec(f"{r.path}index.html", r, redirects.page) for r in those]
        made[host].append(FileSpec(MAP, tuple(those), redirects.server_map))
    return dict(made)
