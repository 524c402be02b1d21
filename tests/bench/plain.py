"""The peer: the same pages as plain Markdown, one ordinary ``mkdocs build`` with Material per unit.

Records are written as a webmaster would: text and pipe table. Every other page of a unit's site (lists, sections, catalogue) is written as
its headings, and its text and links as a list, which is less than the page it stands for. Pages of codes have no counterpart.
"""

from __future__ import annotations

import csv
import re
import sys
from pathlib import Path
from urllib.parse import urlsplit

from sitegen.load.region import load_region

_MAIN = re.compile(r"<main.*?</main>", re.DOTALL)
_PIECE = re.compile(r'<h([1-6])[^>]*>(.*?)</h\1>|<a [^>]*href="([^"]*)"[^>]*>(.*?)</a>|>([^<>]*[^<>\s][^<>]*)<', re.DOTALL)


def write_sites(region: Path, built: Path, folder: Path) -> list[Path]:
    """Write a MkDocs site per unit, from the files of ``region`` and the sites ``built`` from them; returns their folders."""
    made = []
    for unit in load_region(region).units.values():
        site = folder / unit.code
        docs = site / "docs"
        (docs / "r").mkdir(parents=True)
        contents = unit.contents()
        (docs / "index.md").write_text(
            f"# {unit.data.name}\n\n" + "\n".join(f"- [{r.front.title}](r/{r.front.id}.md)" for r in unit.records)
        )
        for record in unit.records:
            table = _pipe_table(region / record.file.replace(".md", ".csv")) if record.front.table else ""
            text = f"# {record.front.title}\n\n{contents[record.front.id].body}\n\n{table}\n"
            (docs / "r" / f"{record.front.id}.md").write_text(text, encoding="utf-8")
        place = urlsplit(unit.data.site.url)
        home = built / place.netloc / place.path.strip("/")
        for page in sorted(home.rglob("index.html")):
            path = page.relative_to(home).parent
            if not _other_unit(home, path) and path.parts[:1] not in (("r",), ("Q",)) and path.parts:
                (docs / path).mkdir(parents=True, exist_ok=True)
                (docs / path / "index.md").write_text(_as_markdown(page.read_text(encoding="utf-8")), encoding="utf-8")
        (site / "mkdocs.yml").write_text(
            f"site_name: {unit.data.name}\nsite_url: {unit.data.site.url}\ntheme: {{name: material, font: false, language: zh}}\n"
            "plugins: []\nmarkdown_extensions: [tables]\n"
        )
        made.append(site)
    return made


def _other_unit(home: Path, path: Path) -> bool:
    """Whether the page belongs to a unit below: every unit has a list of records of its own."""
    return any((home.joinpath(*path.parts[:n]) / "r").is_dir() for n in range(1, len(path.parts) + 1))


def _as_markdown(html: str) -> str:
    main = _MAIN.search(html)
    lines = []
    for m in _PIECE.finditer(main[0] if main else ""):
        level, heading, href, link, text = m.groups()
        said = re.sub(r"<[^>]*>|\s+", " ", heading or link or text or "").strip()
        if said:
            lines.append(f"{'#' * int(level)} {said}\n" if level else f"- [{said}]({href})" if href else f"- {said}")
    return "\n".join(lines)


def _pipe_table(path: Path) -> str:
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))
    lines = ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join([lines[0], "|" + "---|" * len(rows[0]), *lines[1:]])


def command() -> list[str]:
    """``mkdocs build`` as a whole process."""
    return [sys.executable, "-m", "mkdocs", "build", "-q"]
