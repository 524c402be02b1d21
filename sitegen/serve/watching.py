"""Which files were saved."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from watchfiles import Change, watch

from sitegen.fonts import FONTS

_FOLDERS = ("content", "villages", FONTS)
_FILES = frozenset(("region.yml", "calendar.yml", "milestones.yml", *_FOLDERS))
_PASSING = re.compile(r"^~\$|^\.~|^\.#|~$|\.sw[a-z]$|\.tmp$|^4913$|^\.DS_Store$|^\.ledger\.jsonl\.(lock|new)$|^\.git$")
"""Names of what editors and offices keep beside a file while it is open, and of locks."""
_OFTEN = 1000
"""Milliseconds after which the clock is looked at."""


class Watcher:
    """Calls ``changed`` with the files that were saved, once they are quiet for 50 ms; sites and sheets in the same folder are not watched."""

    def __init__(self, root: Path, changed: Callable[[set[Path]], object]) -> None:
        self.root, self.changed = root, changed
        self._end = threading.Event()
        self._anew = threading.Event()
        """A folder to be watched came or went."""

    def run(self) -> None:
        """Watch until interrupted, or :meth:`stop`."""
        threading.Thread(target=self._below, daemon=True).start()
        for changes in self._watch(self.root, recursive=False, end=self._end):
            names = {path.name for path in changes}
            if names & set(_FOLDERS):
                self._anew.set()
            if names & _FILES:
                self.changed({path for path in changes if path.name in _FILES})

    def stop(self) -> None:
        """End :meth:`run`."""
        self._end.set()
        self._anew.set()

    def _below(self) -> None:
        while not self._end.is_set():
            self._anew.clear()
            folders = [self.root / name for name in _FOLDERS if (self.root / name).is_dir()]
            if not folders:
                self._anew.wait()
                continue
            try:
                for changes in self._watch(*folders, recursive=True, end=self._anew):
                    self.changed(changes)
            except FileNotFoundError:
                continue  # a folder went while it was looked at

    @staticmethod
    def _watch(*places: Path, recursive: bool, end: threading.Event) -> Iterator[set[Path]]:
        begin = partial(watch, *places, watch_filter=_wanted, recursive=recursive, stop_event=end, rust_timeout=_OFTEN)
        try:
            for changes in begin():
                yield {Path(path) for _, path in changes}
        except OSError as error:
            if isinstance(error, FileNotFoundError):
                raise
            # More folders than the system will tell about: they are looked at again and again instead.
            for changes in begin(force_polling=True):
                yield {Path(path) for _, path in changes}


def _wanted(_: Change, path: str) -> bool:
    return not _PASSING.search(Path(path).name)
