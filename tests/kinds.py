"""Every kind of page that there is, with where pages of it stand: what is true of one page of each kind is taken for true of all."""

from __future__ import annotations

import pickle
import re
from pathlib import Path

from sitegen.site.pages import pages
from tests.site import samples
from tests.site.render import render

Kinds = dict[str, list[str]]
"""By kind: paths of its pages below a folder of hosts, each with a slash at its end, the smallest page first."""


def kinds_of(public: Path) -> Kinds:
    """Pages of built hosts by template, homes by level as well, codes' pages by what they say, and pages of a host."""
    found: dict[str, set[Path]] = {}
    for kept in sorted(public.glob(".store/units/*/*/view.pickle")):
        view = pickle.loads(kept.read_bytes())
        folder = public / view.host / view.path
        for spec in pages(view):
            kind = Path(spec.template).stem
            found.setdefault(f"{kind} {view.unit.level.zh}" if kind == "home" else kind, set()).add(folder / spec.path / "index.html")
    hosts = [p for p in sorted(public.iterdir()) if p.is_dir() and not p.name.startswith(".")]
    found["board"] = {page for host in hosts for page in host.rglob("board/index.html")}
    for page in public.glob("*/Q/*/index.html"):
        said = re.search(r"<h1>(.*?)</h1>", page.read_text(encoding="utf-8"))
        if said:  # the others lead on at once
            found.setdefault(f"Q {re.sub('[0-9]+', 'n', said[1])}", set()).add(page)
    found["404"] = set(public.glob("*/404.html"))
    return {kind: _ordered(public, paths) for kind, paths in sorted(found.items())}


def crowded_kinds(public: Path) -> Kinds:
    """Kinds that only a larger county has, made of samples below ``public``."""
    host = public / "crowded.example.cn"
    view = samples.crowded()
    render((view,), host)
    wanted = ("units", "plain-list", "heard-list")
    found: dict[str, set[Path]] = {}
    for spec in pages(view):
        if (kind := Path(spec.template).stem) in wanted:
            found.setdefault(kind, set()).add(host / view.path / spec.path / "index.html")
    return {kind: _ordered(public, paths) for kind, paths in found.items()}


def richest(public: Path, paths: list[str]) -> str:
    """Of a kind's pages the one with the most different elements and classes on it, out of a dozen of all sizes."""
    return max(paths[:: max(1, len(paths) // 12)], key=lambda path: len(_parts(public / path / "index.html")))


def _parts(page: Path) -> set[str]:
    html = (page if page.is_file() else page.parent).read_text(encoding="utf-8")  # a host's 404.html is a file
    return set(re.findall(r"<([a-z0-9]+)", html)) | {c for names in re.findall(r'class="([^"]*)"', html) for c in names.split()}


def _ordered(public: Path, paths: set[Path]) -> list[str]:
    sized = sorted((p.stat().st_size, p.relative_to(public).as_posix().removesuffix("index.html")) for p in paths)
    return [path for _, path in sized]


def templates() -> set[str]:
    """Every page's template of the theme, by its name."""
    folder = Path(__file__).parent.parent / "themes" / "board" / "pages"
    return {p.stem for p in folder.glob("*.html") if not p.name.startswith("_")}
