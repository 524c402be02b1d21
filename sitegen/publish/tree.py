"""What lies in a host's folder of public/, with digests, and the order in which it goes up."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import posixpath
import re
from collections.abc import Collection, Mapping
from enum import IntEnum
from itertools import groupby
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace


class Phase(IntEnum):
    """A file goes up only when all that it may refer to is there."""

    ASSETS = 0
    """Styles, scripts, pictures, attachments, data files."""
    CODES = 1
    PAGES = 2
    """Records, matters and texts."""
    LISTS = 3
    """Whatever lists them: sections, feeds, search, site maps."""
    HOMES = 4
    DELETIONS = 5


class LocalFile(Struct, frozen=True):
    """A file of the site."""

    path: str
    """On the host, with slashes."""
    size: int
    sha256: str
    md5: str
    """For stores that say what they got in MD5; it protects nothing."""
    place: Path


_LISTING = (".xml", ".atom", ".ics", ".webmanifest")
_NEVER = frozenset({".DS_Store", "Thumbs.db"})


def local_files(folder: Path, known: Path | None = None) -> dict[str, LocalFile]:
    """All files below ``folder`` by path. ``known`` keeps digests between runs, by size, time and inode. Raises ``OSError``."""
    before = _read(known)
    found: dict[str, LocalFile] = {}
    now: dict[str, list[object]] = {}
    top = str(folder)
    for here, folders, names in os.walk(top):
        folders.sort()
        prefix = here[len(top) + 1 :].replace(os.sep, "/")
        for name in sorted(names):
            if name in _NEVER:
                continue
            whole = f"{here}/{name}"
            path = f"{prefix}/{name}" if prefix else name
            info = os.stat(whole)  # noqa: PTH116
            mark = [info.st_size, info.st_mtime_ns, info.st_ino]
            kept = before.get(path)
            if kept is not None and kept[:3] == mark:
                sha, md5 = str(kept[3]), str(kept[4])
            else:
                with open(whole, "rb") as file:
                    data = file.read()
                sha, md5 = hashlib.sha256(data).hexdigest(), hashlib.md5(data, usedforsecurity=False).hexdigest()
            now[path] = [*mark, sha, md5]
            found[path] = LocalFile(path, info.st_size, sha, md5, Path(whole))
    if known is not None and now != before:
        with contextlib.suppress(OSError):  # a convenience
            known.parent.mkdir(parents=True, exist_ok=True)
            temporary = known.with_name(f"{known.name}.{os.getpid()}")
            temporary.write_text(json.dumps(now, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
            temporary.replace(known)
    return found


_CODE = re.compile(r"((?:.*/)?)Q/([0-9A-Z]{10}(?:-[0-9]+)?)/index\.html")


def spellings(files: Mapping[str, LocalFile]) -> dict[str, LocalFile]:
    """Codes' pages under the addresses that people type: without the final slash, in small letters, both.

    For object stores, which redirect nobody and tell capitals from small letters; there these are names, not files that cost a folder each.
    """
    made = {}
    for path, file in files.items():
        if found := _CODE.fullmatch(path):
            above, code = found[1], found[2]
            small = f"{above}q/{code}".lower()
            for other in (f"{above}Q/{code}", small, f"{small}/index.html"):
                made[other] = replace(file, path=other)
        elif path.endswith("Q/asof.css"):
            made[path.replace("Q/", "q/")] = replace(file, path=path.replace("Q/", "q/"))
    return made


def _read(known: Path | None) -> dict[str, list[object]]:
    try:
        data = json.loads(known.read_text(encoding="utf-8")) if known else {}
    except (OSError, ValueError):
        return {}
    return data if isinstance(data, dict) else {}


def homes(paths: Collection[str]) -> frozenset[str]:
    """The pages that a site begins with: the root's, and those of folders that hold records (``r/``)."""
    folders = {path[: path.index("/r/")] for path in paths if "/r/" in path}
    return frozenset({"index.html"} | {f"{folder}/index.html" for folder in folders})


def phase_of(path: str, first: frozenset[str]) -> Phase:
    """When a file goes up; ``first`` are the homes."""
    if path in first:
        return Phase.HOMES
    steps = path.split("/")
    if "Q" in steps[:-1] or "q" in steps[:-1]:
        # The day as of which codes are current may be told only when all of them are.
        return Phase.LISTS if path.endswith(".css") else Phase.CODES
    if path.endswith(_LISTING) or "search" in steps[:-1] or "feeds" in steps[:-1] or steps[-1].startswith(("feed", "sitemap", "robots")):
        return Phase.LISTS
    if steps[-1].startswith("index.") and not path.endswith(".html"):
        return Phase.LISTS  # of pieces that have names of their own, such as those of a search
    if not path.endswith(".html"):
        return Phase.LISTS if path.endswith(".json") and "r" not in steps[:-2] and "assets" not in steps[:-1] else Phase.ASSETS
    return Phase.PAGES if "r" in steps[:-2] or "m" in steps[:-2] else Phase.LISTS


def in_order(paths: Collection[str], first: frozenset[str]) -> dict[Phase, list[str]]:
    """Paths by phase; of lists and homes the deepest come first, since a folder's page leads to those below it."""
    made: dict[Phase, list[str]] = {}
    for path in sorted(paths):
        made.setdefault(phase_of(path, first), []).append(path)
    for phase in made.keys() & {Phase.LISTS, Phase.HOMES}:
        made[phase].sort(key=lambda p: (-p.count("/"), p))
    return dict(sorted(made.items()))


def steps_of(phase: Phase, paths: list[str]) -> list[list[str]]:
    """What of a phase may go up side by side: lists and homes by their depth, all else at once."""
    if phase not in (Phase.LISTS, Phase.HOMES):
        return [paths]
    return [list(same) for _, same in groupby(paths, lambda p: p.count("/"))]


def deletion_order(paths: Collection[str], first: frozenset[str]) -> list[str]:
    """The other way round: what refers to others goes first."""
    return sorted(paths, key=lambda p: (-phase_of(p, first), p))


def sized(files: Mapping[str, LocalFile], paths: Collection[str]) -> int:
    """Bytes of some files together."""
    return sum(files[p].size for p in paths)


def page_address(path: str) -> str:
    """The address that a file is read at: a folder's page at the folder."""
    return path[: -len("index.html")] if posixpath.basename(path) == "index.html" else path
