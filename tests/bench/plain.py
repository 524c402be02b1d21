"""The peer: one ordinary ``mkdocs build`` with Material per unit, of the pages of :mod:`tests.bench.peers`. Pages of codes have no counterpart."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from tests.bench.peers import Site


def write_sites(sites: Iterable[Site], folder: Path) -> list[Path]:
    """Write a MkDocs site per unit; returns their folders."""
    made = []
    for site in sites:
        place = folder / site.code
        docs = place / "docs"
        (docs / "r").mkdir(parents=True)
        home = "\n".join(f"- [{page.title}](r/{id}.md)" for id, page in site.records.items())
        (docs / "index.md").write_text(f"# {site.name}\n\n{home}", encoding="utf-8")
        for id, page in site.records.items():
            (docs / "r" / f"{id}.md").write_text(f"# {page.title}\n\n{page.text}", encoding="utf-8")
        for path, page in site.others.items():
            (docs / path).mkdir(parents=True, exist_ok=True)
            (docs / path / "index.md").write_text(page.text, encoding="utf-8")
        (place / "mkdocs.yml").write_text(
            f"site_name: {site.name}\nsite_url: {site.url}\ntheme: {{name: material, font: false, language: zh}}\n"
            "plugins: []\nmarkdown_extensions: [tables]\n",
            encoding="utf-8",
        )
        made.append(place)
    return made


def command() -> list[str]:
    """``mkdocs build`` as a whole process."""
    return [sys.executable, "-m", "mkdocs", "build", "-q"]
