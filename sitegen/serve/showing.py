"""What is shown: the sites as they were built last, and over them what was saved since."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct

from sitegen.model.finding import Finding, Severity

from .early import Early
from .whole import Outcome

_SEEN = 8
"""Pages that are made at once, at most."""
_LOADING = 5.0
"""Seconds for which a page that nobody shows any more counts as shown: it may just be loaded again."""


class Said(Struct, frozen=True):
    """What is wrong."""

    findings: tuple[Finding, ...] = ()
    """Errors and warnings; those of files that were just saved first, errors before warnings."""
    problem: str = ""
    """Why nothing can be built, where no finding says it."""


class Showing:
    """Shared by those who build and those who answer browsers. Changes are numbered; what a build says of changes that came later does not count."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self.hosts: tuple[str, ...] = ()
        self.said = Said()
        self.build = 0
        """Counts the builds that changed something."""
        self._change = threading.Condition()
        self._ticks = 0
        self._pages: dict[str, tuple[int, bytes | None]] = {}
        """``None`` for a page that is no more."""
        self._drafts: dict[str, tuple[int, bytes]] = {}
        self._seen: dict[str, tuple[int, float]] = {}
        """By page: how many browsers show it, and when the last one began or ended to."""
        self._early: dict[str, tuple[int, tuple[Finding, ...]]] = {}
        """By file that was saved: the number of the change, and what was found at once."""
        self._whole: tuple[Finding, ...] = ()
        self._problem = ""
        self._built = 0

    def page(self, path: str) -> bytes | None:
        """A file that was made since the last build, by its path below the folder of all hosts."""
        return self._pages.get(path, (0, None))[1]

    def gone(self, path: str) -> bool:
        """Whether the page was removed since the last build."""
        return self._pages.get(path, (0, b""))[1] is None

    def draft(self, path: str) -> bytes | None:
        """The page as it would be if it were released, where only that is lacking."""
        return self._drafts.get(path, (0, None))[1]

    @contextmanager
    def seeing(self, path: str) -> Iterator[None]:
        """While a browser shows a page."""
        self._see(path, 1)
        try:
            yield
        finally:
            self._see(path, -1)

    def _see(self, path: str, more: int) -> None:
        with self._change:
            count = self._seen.pop(path, (0, 0.0))[0] + more
            self._seen[path] = count, time.monotonic()

    def seen(self) -> tuple[str, ...]:
        """The pages that browsers show, or are just loading again; the latest first."""
        with self._change:
            now = time.monotonic()
            self._seen = {path: (n, at) for path, (n, at) in self._seen.items() if n > 0 or now - at < _LOADING}
            return tuple(reversed(self._seen))[:_SEEN]

    def put_early(self, number: int, early: Early) -> None:
        """Show what was made of the change ``number``, unless everything has been built of it meanwhile."""
        with self._changing():
            if number <= self._built:
                return
            for file in early.files:
                self._early[file] = number, tuple(f for f in early.findings if f.file == file)
            self._pages |= {path: (number, data) for path, data in early.pages.items()} | dict.fromkeys(early.gone, (number, None))
            self._drafts = {path: kept for path, kept in self._drafts.items() if path not in early.pages and path not in early.gone}
            self._drafts |= {path: (number, data) for path, data in early.drafts.items()}
            self._say(early.files)

    def put_whole(self, number: int, outcome: Outcome) -> None:
        """Everything was built as it was at the change ``number`` or later."""
        with self._changing():
            saved = {file for file, (n, _) in self._early.items() if n <= number}
            self._built = number
            if outcome.hosts is not None:
                self.hosts = outcome.hosts
                later = {path: kept for path, kept in self._drafts.items() if kept[0] > number}
                self._drafts = {path: (number, data) for path, data in outcome.drafts.items()} | later
            if outcome.changed:
                self.build += 1
            self._pages = {path: kept for path, kept in self._pages.items() if kept[0] > number}
            self._early = {file: kept for file, kept in self._early.items() if kept[0] > number}
            self._whole, self._problem = outcome.findings, outcome.problem
            self._say(saved)

    def wait(self, seen: int, seconds: float) -> int:
        """Wait until something changed since ``seen``, at most for a while; the number to wait on from."""
        with self._change:
            self._change.wait_for(lambda: self._ticks != seen, seconds)
            return self._ticks

    @contextmanager
    def _changing(self) -> Iterator[None]:
        with self._change:
            yield
            self._ticks += 1
            self._change.notify_all()

    def _say(self, saved: Iterable[str]) -> None:
        """Put together what is wrong: of files that were saved after the last build what was found at once, of all others what the build found."""
        first = {*saved, *self._early}
        found = [f for f in self._whole if f.file not in self._early] + [f for _, of in self._early.values() for f in of]
        wrong = [f for f in dict.fromkeys(found) if f.severity is not Severity.INFO]
        wrong.sort(key=lambda f: (f.severity.rank, f.file not in first, f.sort_key))
        self.said = Said(tuple(wrong), self._problem)
