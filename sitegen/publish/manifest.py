"""The manifest on the target: which files there are ours, with their digests.

It says what is there and is believed only as far as it can be checked: its own digest tells an edit or a torn copy, and the digest that this
computer remembers of the manifest it wrote last tells any other change. What else claims to be up to date is read back and compared.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import zlib
from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from .problems import Newer
from .store import OURS

FORMAT = 1
MANIFEST = f"{OURS}/manifest.json.gz"
PENDING = f"{OURS}/pending.json"


class Entry(Struct, frozen=True):
    """A file as it was sent."""

    sha256: str
    size: int


class Manifest(Struct, frozen=True):
    """What the target holds of ours."""

    files: Mapping[str, Entry]
    digest: str
    """Of the manifest's bytes; what a computer remembers. "" where there is no manifest."""
    damaged: bool = False
    """There is one, but it was changed or torn: nothing in it counts."""
    host: str = ""
    """Whose site it is; "" where an older version wrote it."""


NOTHING = Manifest({}, "")


def written(files: Mapping[str, Entry], host: str = "") -> tuple[bytes, str]:
    """The manifest's bytes and their digest: the same for the same files."""
    body = {path: [entry.sha256, entry.size] for path, entry in sorted(files.items())}
    named = {"host": host} if host else {}
    text = json.dumps({"format": FORMAT, **named, "files": body, "check": _check(body, host)}, ensure_ascii=False, separators=(",", ":"))
    data = gzip.compress(text.encode(), mtime=0)
    return data, hashlib.sha256(data).hexdigest()


def understood(data: bytes | None) -> Manifest:
    """The manifest of these bytes. Raises :class:`Newer` for one of a later version."""
    if data is None:
        return NOTHING
    digest = hashlib.sha256(data).hexdigest()
    broken = Manifest({}, digest, damaged=True)
    try:
        found = json.loads(gzip.decompress(data))
    except (OSError, ValueError, EOFError, zlib.error):
        return broken
    if not isinstance(found, dict):
        return broken
    if isinstance(found.get("format"), int) and found["format"] > FORMAT:
        raise Newer(format=found["format"])
    body, host = found.get("files"), found.get("host", "")
    if not isinstance(body, dict) or not isinstance(host, str) or found.get("check") != _check(body, host):
        return broken
    try:
        return Manifest({_path(path): Entry(str(sha), int(size)) for path, (sha, size) in body.items()}, digest, host=host)
    except (ValueError, TypeError):
        return broken


class Pending(Struct, frozen=True):
    """What a run is about to change: whoever finds it knows that the run was cut, and what it may have touched."""

    run: str = ""
    on: str = ""
    """Digest of the manifest that it began with; with another one on the target the run came to its end after all."""
    paths: frozenset[str] = frozenset()
    unreadable: bool = False
    """Anything may have been touched."""

    def written(self) -> bytes:
        """Its bytes."""
        return json.dumps({"run": self.run, "on": self.on, "paths": sorted(self.paths)}, ensure_ascii=False).encode()


def in_doubt(data: bytes | None, manifest: Manifest) -> Pending:
    """What an earlier run left undone on top of ``manifest``."""
    if data is None:
        return Pending()
    try:
        found = json.loads(data)
        made = Pending(str(found["run"]), str(found["on"]), frozenset(_path(str(path)) for path in found["paths"]))
    except (ValueError, TypeError, KeyError):
        return Pending(unreadable=True)
    return made if made.on == manifest.digest else Pending(made.run, made.on)


def _check(body: Mapping[str, Any], host: str) -> str:
    return hashlib.sha256(json.dumps([host, body] if host else body, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def _path(path: str) -> str:
    """A path that stays within the target."""
    if path.startswith("/") or "\\" in path or any(step in ("", ".", "..") for step in path.split("/")) or path.split("/")[0] == OURS:
        raise ValueError(path)
    return path
