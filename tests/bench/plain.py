"""The peer: the same records as plain Markdown pages, one ordinary ``mkdocs build`` with Material per unit."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

from sitegen.load.region import load_region


def write_sites(region: Path, folder: Path) -> list[Path]:
    """Write a MkDocs site per unit; returns their folders."""
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
        (site / "mkdocs.yml").write_text(
            f"site_name: {unit.data.name}\nsite_url: {unit.data.site.url}\ntheme: {{name: material, font: false, language: zh}}\n"
            "plugins: []\nmarkdown_extensions: [tables]\n"
        )
        made.append(site)
    return made


def _pipe_table(path: Path) -> str:
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))
    lines = ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join([lines[0], "|" + "---|" * len(rows[0]), *lines[1:]])


def command() -> list[str]:
    """``mkdocs build`` as a whole process."""
    return [sys.executable, "-m", "mkdocs", "build", "-q"]
