"""What peers are given to build: the pages of every unit's site as Markdown, as a webmaster would write them.

Records are text and pipe table. Every other page of a unit's site (lists, sections, catalogue) is written as its headings, and its text
and links as a list, which is less than the page it stands for.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from msgspec import Struct

from sitegen.load.region import load_region

_MAIN = re.compile(r"<main.*?</main>", re.DOTALL)
_PIECE = re.compile(r'<h([1-6])[^>]*>(.*?)</h\1>|<a [^>]*href="([^"]*)"[^>]*>(.*?)</a>|>([^<>]*[^<>\s][^<>]*)<', re.DOTALL)
_TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)


class Page(Struct, frozen=True):
    """A page: its title, and its text without it."""

    title: str
    text: str


class Site(Struct, frozen=True):
    """A unit's site."""

    code: str
    name: str
    url: str
    records: dict[str, Page]
    """By id."""
    others: dict[str, Page]
    """By path, such as ``catalog/zdbc``; the home page is not among them."""


def sites(region: Path, built: Path) -> Iterator[Site]:
    """Every unit's site, from the files of ``region`` and the sites ``built`` from them."""
    for unit in load_region(region).units.values():
        contents = unit.contents()
        records = {}
        for record in unit.records:
            table = _pipe_table(region / record.file.replace(".md", ".csv")) if record.front.table else ""
            records[record.front.id] = Page(record.front.title, f"{contents[record.front.id].body}\n\n{table}\n")
        place = urlsplit(unit.data.site.url)
        home = built / place.netloc / place.path.strip("/")
        others = {}
        for page in sorted(home.rglob("index.html")):
            path = page.relative_to(home).parent
            if path.parts and path.parts[0] not in ("r", "Q") and not _other_unit(home, path):
                others[path.as_posix()] = _as_markdown(page.read_text(encoding="utf-8"))
        yield Site(unit.code, unit.data.name, unit.data.site.url, records, others)


def codes(built: Path) -> dict[str, Page]:
    """The pages of all hosts' codes, by path below the host."""
    found = (page for host in sorted(built.iterdir()) if not host.name.startswith(".") for page in sorted((host / "Q").rglob("index.html")))
    return {f"Q/{page.parent.name}": _as_markdown(page.read_text(encoding="utf-8")) for page in found}


def _other_unit(home: Path, path: Path) -> bool:
    """Whether the page belongs to a unit below: every unit has a list of records of its own."""
    return any((home.joinpath(*path.parts[:n]) / "r").is_dir() for n in range(1, len(path.parts) + 1))


def _as_markdown(html: str) -> Page:
    main, title = _MAIN.search(html), _TITLE.search(html)
    lines = []
    for m in _PIECE.finditer(main[0] if main else html[html.find("<body") :]):
        level, heading, href, link, text = m.groups()
        said = re.sub(r"<[^>]*>|\s+", " ", heading or link or text or "").strip()
        if said:
            lines.append(f"{'#' * int(level)} {said}\n" if level else f"- [{said}]({href})" if href else f"- {said}")
    return Page(title[1].strip() if title else "", "\n".join(lines))


def _pipe_table(path: Path) -> str:
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))
    lines = ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join([lines[0], "|" + "---|" * len(rows[0]), *lines[1:]])
