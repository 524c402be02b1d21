"""The last proof: what a reader gets over HTTP is what was sent."""

from __future__ import annotations

import hashlib
import ssl
import urllib.error
import urllib.request
import uuid
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

from .tree import LocalFile, page_address

MOST = 200
"""Pages that are looked at, at most: the first and the last, and evenly from among the others."""
OTHER = "≠"
"""Another content than was sent."""
CACHED = "⟳"
"""Another content, but the right one where the address is asked for with a word that no cache knows."""
STILL = "!"
"""What was deleted is still shown."""
_TIMEOUT = 20


def chosen(files: Sequence[LocalFile], most: int = MOST) -> list[LocalFile]:
    """Which files are looked at: all, or so many, the first and the last among them."""
    if len(files) <= most:
        return list(files)
    return [files[round(n * (len(files) - 1) / (most - 1))] for n in range(most)]


def verify_over_http(
    url: str, files: Sequence[LocalFile], gone: Mapping[str, str] | None = None, ca: str | None = None, at_once: int = 4
) -> tuple[int, list[tuple[str, str]]]:
    """How many pages were looked at, and what is wrong, as (address, what).

    A page must be exactly what was sent. ``gone`` are paths that were deleted, with the digests of what was there: that must not be shown any more.
    """
    context = ssl.create_default_context(cafile=ca) if url.startswith("https:") else None

    def get(address: str) -> str:
        """The digest of what is shown. Raises ``OSError`` or ``ValueError``."""
        request = urllib.request.Request(address, headers={"Cache-Control": "no-cache", "Accept-Encoding": "identity"})
        with urllib.request.urlopen(request, timeout=_TIMEOUT, context=context) as answer:
            return hashlib.sha256(answer.read()).hexdigest()

    def look(file: LocalFile) -> tuple[str, str] | None:
        address = url + quote(page_address(file.path))
        try:
            if get(address) == file.sha256:
                return None
            try:
                past_caches = get(f"{address}?sitegen={uuid.uuid4().hex[:8]}") == file.sha256
            except (OSError, ValueError):
                past_caches = False
        except urllib.error.HTTPError as error:
            return address, f"{error.code} {error.reason}"
        except (OSError, ValueError) as error:
            return address, str(error)
        return address, CACHED if past_caches else OTHER

    def look_for(path: str) -> tuple[str, str] | None:
        address = url + quote(page_address(path))
        try:
            return (address, STILL) if get(address) == (gone or {})[path] else None
        except (OSError, ValueError):
            return None

    some, away = chosen(files), sorted(gone or {})[:MOST]
    with ThreadPoolExecutor(at_once) as pool:
        wrong = [problem for problem in (*pool.map(look, some), *pool.map(look_for, away)) if problem]
    return len(some) + len(away), wrong
