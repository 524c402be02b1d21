"""Units' trees → hosts' trees: nested by path, one folder of assets and one ``Q`` per host, by hard links, one switch each."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sitegen.model.views import UnitView
from sitegen.switch import repair, switch


@dataclass(frozen=True, slots=True)
class Tree:
    """A host's tree as it stands now."""

    mark: str
    """Digest of all it was assembled from."""
    pages: int


class AddressTaken(Exception):
    """Two sources for one address; nothing was switched."""

    def __init__(self, url: str, first: str, second: str) -> None:
        super().__init__(f"{url}: {first}, {second}")
        self.url, self.first, self.second = url, first, second


def assemble(
    out: Path, store: Path, views: Mapping[str, UnitView], keys: Mapping[str, str], theme: str, before: Mapping[str, Any]
) -> dict[str, Tree]:
    """Bring every host's folder below ``out`` up to date; hosts that are no more are removed.

    ``before`` is what stood after the last run: host → (mark, pages). Raises :class:`AddressTaken`.
    """
    assets = _assets(store, theme)
    parts: dict[str, list[tuple[str, Path, str]]] = defaultdict(list)
    for code, view in views.items():
        place = store / "units" / code / keys[code]
        parts[view.host].append((view.path, place / "site", view.unit.name))
        for q_host, q_path in sorted({(r.q_host, r.q_path) for r in view.records}):
            parts[q_host].append((q_path, place / "q", view.unit.name))
    trees: dict[str, Tree] = {}
    ready: list[tuple[Path, Path]] = []
    for host in sorted(parts):
        live = out / host
        repair(live)
        mark = hashlib.sha256(repr((theme, [(path, str(p.relative_to(store))) for path, p, _ in parts[host]])).encode()).hexdigest()[:24]
        if live.is_dir() and host in before and before[host][0] == mark:
            trees[host] = Tree(mark, before[host][1])
            continue
        tree = store / f"tree-{host}"
        shutil.rmtree(tree, ignore_errors=True)
        linker = _Linker(tree, host)
        linker.add(assets / "assets", "assets", "assets")
        for path, source, name in parts[host]:
            linker.add(source, path, name)
        trees[host] = Tree(mark, linker.pages)
        ready.append((tree, live))
    for tree, live in ready:  # only when every tree is whole does the first one go live
        switch(tree, live)
    for host in before:
        if host not in trees:
            shutil.rmtree(out / host, ignore_errors=True)
    return trees


def _assets(store: Path, theme: str) -> Path:
    from sitegen.site.engine import write_assets

    place = store / "assets" / theme
    if not place.exists():
        temporary = place.with_name(f".{theme}")
        shutil.rmtree(temporary, ignore_errors=True)
        write_assets(temporary)
        temporary.rename(place)
    return place


class _Linker:
    """Links units' trees into one, and knows who wrote each address."""

    def __init__(self, tree: Path, host: str) -> None:
        self.tree, self.host = tree, host
        self.pages = 0
        self.made: set[str] = set()
        self.owner: dict[str, str] = {}

    def add(self, source: Path, path: str, name: str) -> None:
        if source.exists():
            self._folder(str(source), str(self.tree / path) if path else str(self.tree), name)

    def _folder(self, source: str, target: str, name: str) -> None:
        if target not in self.made:
            os.makedirs(target, exist_ok=True)
            self.made.add(target)
        with os.scandir(source) as entries:
            for entry in entries:
                goal = f"{target}/{entry.name}"
                if entry.is_dir(follow_symlinks=False):
                    self._folder(entry.path, goal, name)
                    continue
                if goal in self.owner:
                    raise AddressTaken(f"{self.host}{goal[len(str(self.tree)) :]}", self.owner[goal], name)
                self.owner[goal] = name
                _link(entry.path, goal)
                self.pages += entry.name == "index.html"


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:  # a file system without hard links
        shutil.copyfile(source, target)
