"""Do all links of built sites lead somewhere? Looked at is what was written: pages, feeds, calendars, data packages, sitemaps, of all hosts together."""

from __future__ import annotations

import html
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from msgspec import Struct

_ADDRESS = re.compile(r"""\s(?:href|src|action|poster|data)=(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
_REFRESH = re.compile(r"""http-equiv=["']?refresh["']?\s+content=["'][^"']*url=([^"']+)["']""")
_ID = re.compile(r"""\sid=(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
_CSS = re.compile(r"""url\(\s*["']?([^"')]+)["']?\s*\)""")
_XML = re.compile(r"""<loc>([^<]+)</loc>|<link [^>]*href="([^"]+)"|<id>(https?:[^<]+)</id>""")
_ICS = re.compile(r"^URL:(.+)$", re.MULTILINE)
_STRUCTURED = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)


class Broken(Struct, frozen=True, order=True):
    """A link that leads nowhere."""

    file: str
    """Relative to the folder of the hosts."""
    link: str
    """As written."""
    missing: str
    """What is not there: the address without its host's name, or ``#anchor`` of a page that is."""


def broken_links(public: Path) -> list[Broken]:
    """Every link below ``public`` (a folder per host) to one of these hosts that leads to no file or no anchor, in fixed order."""
    hosts = sorted(p.name for p in public.iterdir() if p.is_dir() and not p.name.startswith("."))
    files = {host: frozenset(_files(public / host)) for host in hosts}
    anchors: dict[str, frozenset[str]] = {}
    found: set[Broken] = set()
    for host in hosts:
        for path in sorted(files[host]):
            name = f"{host}/{path}"
            base = f"https://{host}/{path[: -len('index.html')] if path.endswith('index.html') else path}"
            for link in _links(public / name):
                target = urlsplit(urljoin(base, link))
                if target.scheme not in ("http", "https") or target.netloc not in files:
                    continue
                goal = unquote(target.path).lstrip("/")
                if not goal or goal.endswith("/"):
                    goal += "index.html"
                if goal not in files[target.netloc]:
                    found.add(Broken(name, link, f"/{goal}"))
                elif target.fragment and goal.endswith(".html"):
                    there = f"{target.netloc}/{goal}"
                    if there not in anchors:
                        anchors[there] = _ids(public / there)
                    if unquote(target.fragment) not in anchors[there]:
                        found.add(Broken(name, link, f"#{unquote(target.fragment)}"))
    return sorted(found)


def _files(folder: Path) -> Iterator[str]:
    top = os.fspath(folder)
    for path, _, names in os.walk(top):
        below = path[len(top) :].lstrip(os.sep).replace(os.sep, "/")
        yield from (f"{below}/{name}" if below else name for name in names)


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


def _ids(path: Path) -> frozenset[str]:
    return frozenset(html.unescape(next(filter(None, m), "")) for m in _ID.findall(_read(path)))


def _links(path: Path) -> set[str]:
    """What a file links to, as written."""
    match path.suffix:
        case ".html":
            text = _read(path)
            found = {html.unescape(next(filter(None, m), "")) for m in _ADDRESS.findall(text)}
            found |= {html.unescape(m) for m in _REFRESH.findall(text)}
            for block in _STRUCTURED.findall(text):
                found |= set(_strings(json.loads(block)))
            return found
        case ".css":
            return {m for m in _CSS.findall(_read(path)) if not m.startswith(("data:", "#"))}
        case ".xml":
            return {html.unescape(next(filter(None, m))) for m in _XML.findall(_read(path))}
        case ".ics":
            return set(_ICS.findall(_read(path).replace("\n ", "")))
        case ".json" if path.name == "datapackage.json":
            package = json.loads(_read(path))
            paths = {r["path"] for r in package["resources"]} | {a["path"] for r in package["resources"] for a in r["alternates"]}
            return paths | set(_strings(package))
        case ".json" if path.parent.name == "feeds":
            return set(_strings(json.loads(_read(path))))
    return set()


def _strings(value: object) -> Iterator[str]:
    """Every address in a JSON value."""
    if isinstance(value, dict):
        for key, part in value.items():
            if key != "@id":  # a name, which no page needs to have as an anchor
                yield from _strings(part)
    elif isinstance(value, list):
        for part in value:
            yield from _strings(part)
    elif isinstance(value, str) and value.startswith(("https://", "http://")):
        yield value
