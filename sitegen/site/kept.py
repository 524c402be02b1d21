"""Which pages of a unit are taken over from its last build, and why the others are not.

Beside a unit's trees stands ``made.json``: for every page and file what it was made of, as digests of its parts, and the digest of every
file written for it. A page is taken over when all its parts are what they were and its files are still what was written, which is
looked at each time: neither a changed input nor a damaged copy gets through.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from msgspec import json

from sitegen.digests import digest_of
from sitegen.flat import Flat, digest_of_file, paths

MADE = "made.json"
NEW, DAMAGED, ALL = "new", "its copy is missing or damaged", "the program, the theme or the catalogue changed"
Parts = Mapping[str, str]
"""By name of a part: its digest."""


def _mark(value: Any) -> str:
    """A digest of a part; what is short stands for itself, which most parts are."""
    if value is None or value is True or value is False:
        return str(value)
    if type(value) is str and len(value) <= _SHORT:
        return f"={value}"
    if type(value) is tuple and not value:
        return "()"
    return digest_of(value)


_SHORT = 24
"""Characters of a text that takes little more room than its digest."""


class Tree:
    """A flat tree that is being written, with what of the earlier one may be taken over."""

    def __init__(self, flat: Flat, name: str, known: Mapping[str, Any], earlier: Path | None) -> None:
        self.flat, self.name = flat, name
        self.known: Mapping[str, Any] = known
        self.made: dict[str, tuple[Parts, list[str]]] = {}
        self.why: dict[str, tuple[str, ...]] = {}
        """By path: why it was built."""
        self.earlier = earlier / name if earlier is not None and known else None
        self.places: dict[str, int] = {}
        if self.earlier is not None:
            try:
                self.places = {path: n for n, path in enumerate(paths(self.earlier))}
            except OSError:
                self.earlier = None

    def take(self, path: str, parts: Parts | None, outputs: Iterable[str]) -> bool:
        """Take over what was made for ``path`` if it is still right; else note why not, for it is built now.

        ``parts`` is ``None`` for what has no digest and is built every time. ``outputs`` are the files that it consists of.
        """
        wanted = list(outputs)
        if parts is not None:
            self.made[path] = parts, wanted
        reasons = self._differs(path, parts, wanted)
        if not reasons and self._linked(path, wanted):
            return True
        self.why[path] = reasons or (DAMAGED,)
        return False

    def _differs(self, path: str, parts: Parts | None, wanted: list[str]) -> tuple[str, ...]:
        if self.earlier is None:
            return (ALL,)
        known = self.known.get(path)
        if known is None or parts is None:
            return (NEW,)
        before = known["parts"]
        changed = tuple(sorted(name for name in before.keys() | parts.keys() if before.get(name) != parts.get(name)))
        return changed or (() if list(known["files"]) == wanted else (NEW,))

    def _linked(self, path: str, wanted: list[str]) -> bool:
        assert self.earlier is not None
        digests = self.known[path]["files"]
        sources = []
        for file in wanted:
            at = self.places.get(file)
            source = f"{self.earlier}/{at}"
            if at is None or digest_of_file(source) != digests[file]:
                return False
            sources.append(source)
        for file, source in zip(wanted, sources, strict=True):
            self.flat.link(file, source)
        return True

    def as_made(self) -> dict[str, Any]:
        """What to keep of this build for the next: digests of the parts, and of the files as they were written."""
        places = {path: n for n, path in enumerate(self.flat.paths)}
        kept: dict[str, Any] = {}
        for path, (parts, files) in self.made.items():
            if all(file in places for file in files):
                # What was taken over was read just now, and is what it was.
                taken = None if path in self.why else self.known[path]["files"]
                kept[path] = {"parts": dict(parts), "files": taken or {f: self._digest(f, places[f]) for f in files}}
        return kept

    def _digest(self, file: str, at: int) -> str:
        return self.flat.digests.get(file) or digest_of_file(f"{self.flat.folder}/{at}")


class Made:
    """What a unit's trees were made of the last time, and what they are made of now."""

    def __init__(self, out: Path, earlier: Path | None, base: str) -> None:
        self.out, self.earlier, self.base = out, earlier, base
        self.trees: list[Tree] = []
        self.before: dict[str, Any] = {}
        if earlier is not None:
            try:
                found = json.decode((earlier / MADE).read_bytes())
                if found["base"] == base:
                    self.before = found["trees"]
            except (OSError, ValueError, KeyError, TypeError):
                pass  # then everything is built

    def tree(self, name: str) -> Tree:
        """The tree ``name``, to be written."""
        tree = Tree(Flat(self.out / name), name, self.before.get(name, {}), self.earlier)
        self.trees.append(tree)
        return tree

    def parts(self, **values: Any) -> Parts | None:
        """Digests of the parts that something is made of; ``None`` where one is no plain value."""
        try:
            return {name: _mark(value) for name, value in values.items()}
        except TypeError:
            return None

    def close(self) -> dict[str, tuple[str, ...]]:
        """Keep what was made for the next build; returns by ``tree/path`` why it was built."""
        for tree in self.trees:
            tree.flat.close()
        kept = {"base": self.base, "trees": {tree.name: tree.as_made() for tree in self.trees}}
        (self.out / MADE).write_bytes(json.encode(kept))
        return {f"{tree.name}/{path}": why for tree in self.trees for path, why in tree.why.items()}
