"""The last proof: what a reader gets over HTTP is what was sent."""

from __future__ import annotations

import hashlib
import ssl
import urllib.error
import urllib.request
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

from .tree import LocalFile, page_address

MOST = 200
"""Pages that are looked at, at most: the first and the last, and evenly from among the others."""
_TIMEOUT = 20


def verify_over_http(url: str, files: Sequence[LocalFile], ca: str | None = None, at_once: int = 4) -> list[tuple[str, str]]:
    """What is wrong, as (address, what). Empty when every page looked at is exactly what was sent."""
    step = max(1, len(files) // MOST)
    chosen = files[::step][:MOST]
    context = ssl.create_default_context(cafile=ca) if url.startswith("https:") else None

    def look(file: LocalFile) -> tuple[str, str] | None:
        address = url + quote(page_address(file.path))
        request = urllib.request.Request(address, headers={"Cache-Control": "no-cache", "Accept-Encoding": "identity"})
        try:
            with urllib.request.urlopen(request, timeout=_TIMEOUT, context=context) as answer:
                data = answer.read()
        except urllib.error.HTTPError as error:
            return address, f"{error.code} {error.reason}"
        except (OSError, ValueError) as error:
            return address, str(error)
        return None if hashlib.sha256(data).hexdigest() == file.sha256 else (address, "≠")

    with ThreadPoolExecutor(at_once) as pool:
        return [problem for problem in pool.map(look, chosen) if problem]
