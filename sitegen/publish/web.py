"""The last proof: what a reader gets over HTTP is what was sent."""

from __future__ import annotations

import hashlib
import http.client
import ssl
import threading
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote, urlsplit

from sitegen.model.causes import cause
from sitegen.model.finding import N_

from .tree import LocalFile, page_address

MOST = 200
"""Pages that are looked at, at most: the first and the last, and evenly from among the others."""
OTHER = "≠"
"""Another content than was sent."""
CACHED = "⟳"
"""Another content, but the right one where the address is asked for with a word that no cache knows."""
STILL = "!"
"""What was deleted is still shown."""
ELSEWHERE = "→ "
"""Begins the address to which one is led, where it is another host's."""
SILENT = "… "
"""Begins the reason why nobody could be asked."""
_TIMEOUT = 20
_NO_ANSWER = (OSError, ValueError, http.client.HTTPException)
_PATIENCE = 3
"""So many addresses without any answer: the others are not asked."""

REMEDIES = {
    OTHER: N_(
        "if it is all of them, «url» or «to» in publish.yml names another site or folder, or the name does not lead to this hosting yet; "
        "else somebody changes files there"
    ),
    CACHED: N_("what lies on the host is right: purge the cache, or wait until it has forgotten"),
    STILL: N_("purge the cache, or wait until it has forgotten; what lies on the host is gone"),
    ELSEWHERE: N_("write the address at which the site really is as «url» in publish.yml, or ask your provider why it leads there"),
    SILENT: N_("the files have arrived; correct «url» in publish.yml, or ask your provider, then prove it with «sitegen verify --url»"),
    "401": N_("the web server asks for a password: ask your provider to open the site"),
    "403": N_("the web server may not show the files: ask your provider whether the site is open and files may be read"),
    "404": N_(
        "the web server does not find the files: is «to» in publish.yml the folder of the website, and does «url» lead to it? "
        "Some servers also need «index.html» as the page of a folder"
    ),
    "5": N_("the web server has a fault: publish again later with «url», or ask your provider"),
}
"""What to do, by what is wrong; of answers of a server by the beginning of their number."""


def remedy(what: str) -> str:
    """What to do about ``what``; "" where nothing general can be said."""
    return next((text for begins, text in REMEDIES.items() if what.startswith(begins)), "")


def chosen(files: Sequence[LocalFile], most: int = MOST) -> list[LocalFile]:
    """Which files are looked at: all, or so many, the first and the last among them."""
    if len(files) <= most:
        return list(files)
    return [files[round(n * (len(files) - 1) / (most - 1))] for n in range(most)]


def verify_over_http(
    url: str,
    files: Sequence[LocalFile],
    gone: Mapping[str, str] | None = None,
    ca: str | None = None,
    at_once: int = 4,
    report: Callable[[str, int, int], None] = lambda *_: None,
) -> tuple[int, list[tuple[str, str]]]:
    """How many pages were looked at, and what is wrong, as (address, what).

    A page must be exactly what was sent. ``gone`` are paths that were deleted, with the digests of what was there: that must not be shown any more.
    Where nobody answers, one entry says so, and the rest is not asked.
    """
    gone = gone or {}
    some, away = chosen(files), sorted(gone)[:MOST]
    look = _Look(url, ca, len(some) + len(away), report)
    if not (some or away):
        return 0, []
    # The last is the page that a site begins with: where it cannot be reached, nothing can.
    first = look.page(some.pop()) if some else look.deleted(away.pop(), gone)
    found = [first] if first else []
    if look.silent:
        return look.count, found
    with ThreadPoolExecutor(at_once) as pool:
        pages = pool.map(look.page, some)
        found += [*filter(None, pages), *filter(None, pool.map(lambda path: look.deleted(path, gone), away))]
    silent = [one for one in found if one[1].startswith(SILENT)]
    return look.count, [one for one in found if one not in silent] + silent[:1]


class _Look:
    """Asks for pages, until nobody answers."""

    def __init__(self, url: str, ca: str | None, total: int, report: Callable[[str, int, int], None]) -> None:
        self.url, self.total, self.report = url, total, report
        self.count = self.silent = 0
        self._context = _context(ca) if url.startswith("https:") else None
        self._guard = threading.Lock()

    def page(self, file: LocalFile) -> tuple[str, str] | None:
        """What is wrong with a page."""
        address = self.url + quote(page_address(file.path))
        if not self._next(address):
            return None
        try:
            digest, there = self._get(address)
            if digest == file.sha256:
                return None
            if (leads := urlsplit(there)).netloc != urlsplit(address).netloc:
                return address, f"{ELSEWHERE}{leads.scheme}://{leads.netloc}/"
            try:
                past_caches = self._get(f"{address}?sitegen={uuid.uuid4().hex[:8]}")[0] == file.sha256
            except _NO_ANSWER:
                past_caches = False
        except _NO_ANSWER as error:
            return address, self._trouble(error)
        return address, CACHED if past_caches else OTHER

    def deleted(self, path: str, gone: Mapping[str, str]) -> tuple[str, str] | None:
        """Whether what was deleted is still shown."""
        address = self.url + quote(page_address(path))
        if not self._next(address):
            return None
        try:
            return (address, STILL) if self._get(address)[0] == gone[path] else None
        except urllib.error.HTTPError:
            return None
        except _NO_ANSWER as error:
            return address, self._trouble(error)

    def _next(self, address: str) -> bool:
        with self._guard:
            if self.silent >= _PATIENCE:
                return False
            self.count += 1
            self.report(address, self.count, self.total)
            return True

    def _get(self, address: str) -> tuple[str, str]:
        """The digest of what is shown, and the address at which it was found in the end. Raises what is in ``_NO_ANSWER``."""
        request = urllib.request.Request(address, headers={"Cache-Control": "no-cache", "Accept-Encoding": "identity"})
        with urllib.request.urlopen(request, timeout=_TIMEOUT, context=self._context) as answer:
            return hashlib.sha256(answer.read()).hexdigest(), answer.geturl()

    def _trouble(self, error: Exception) -> str:
        if isinstance(error, urllib.error.HTTPError):
            if urlsplit(error.url or "").netloc not in ("", urlsplit(self.url).netloc):
                leads = urlsplit(error.url)
                return f"{ELSEWHERE}{leads.scheme}://{leads.netloc}/"
            return f"{error.code} {error.reason}"
        with self._guard:
            self.silent += 1
        return SILENT + cause(error)


def _context(ca: str | None) -> ssl.SSLContext:
    """The system's authorities; one of publish.yml besides, since it may be that of the FTP server alone."""
    made = ssl.create_default_context()
    if ca is not None:
        made.load_verify_locations(cafile=ca)
    return made
