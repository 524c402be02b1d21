"""What program a machine has: two machines whose digests are equal make the same bytes of the same values."""

from __future__ import annotations

import hashlib
import platform
import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

import sitegen
from sitegen.resources import resource

_OPTIONAL = ("opencc",)
"""Libraries of extras that write into pages."""


@cache
def program() -> str:
    """Version and digest: of all sources, the theme and the site configuration, by content and not by time, and of the libraries' versions."""
    h = hashlib.sha256(f"{platform.python_version_tuple()[:2]} {unicodedata.unidata_version}".encode())
    for base, path in _files():
        h.update(f"{path.relative_to(base).as_posix()} ".encode())
        h.update(hashlib.sha256(path.read_bytes()).digest())
    for name in _libraries():
        h.update(f"{name} {_version(name)}\n".encode())
    return f"{sitegen.__version__} {h.hexdigest()[:16]}"


def _files() -> Iterator[tuple[Path, Path]]:
    here = Path(sitegen.__file__).parent
    for base, found in ((here, here.rglob("*.py")), (resource("themes/board"), resource("themes/board").rglob("*"))):
        yield from ((base, path) for path in sorted(found) if path.is_file() and "__pycache__" not in path.parts)
    config = resource("mkdocs.yml")
    yield config.parent, config


def _libraries() -> list[str]:
    needed = [re.split(r"[^A-Za-z0-9_.-]", line, maxsplit=1)[0] for line in requires("sitegen") or () if "extra ==" not in line]
    return sorted({*needed, *_OPTIONAL})


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "-"
