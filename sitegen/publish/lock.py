"""One publisher at a time: everybody puts a file of his own on the target and then looks whether there are others.

Whoever sees another that lives withdraws, so two can never hold it. The file is renewed while the run goes on; one that was not renewed for
some minutes is of a run that died, and counts no more.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import getpass
import json
import os
import threading
import uuid
from collections.abc import Callable
from typing import Any

from .problems import Locked, Problem
from .store import OURS, Store

RENEWED = 60.0
"""Seconds after which the holder renews his file."""
DEAD = dt.timedelta(minutes=5)
"""Not renewed for so long: the run is dead."""
_PREFIX = f"{OURS}/locks/"


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class Lock:
    """Held between ``take`` and ``release``."""

    def __init__(self, store: Store, machine: str, now: Callable[[], dt.datetime] = _now) -> None:
        self._store, self._now = store, now
        self.id = uuid.uuid4().hex[:12]
        self.path = f"{_PREFIX}{self.id}.json"
        """The holder's own file on the target."""
        self._who = {"who": _name(), "machine": machine, "process": os.getpid(), "since": now().isoformat(timespec="seconds")}
        self._over = threading.Event()
        self._keeper: threading.Thread | None = None
        self.took_over = False
        """A run that died had left its file."""

    def take(self, *, by_force: bool = False) -> None:
        """Raises :class:`Locked` while somebody else publishes; ``by_force`` takes his file away."""
        self._renew()
        others = [stat.path for stat in self._store.files(_PREFIX.rstrip("/")) if stat.path != self.path]
        for path in others:
            data = self._store.read(path)
            if data is None:
                continue
            other = _understood(data)
            if by_force or self._dead(other):
                self._store.delete(path)
                self.took_over = True
                continue
            self._store.delete(self.path)
            raise Locked(who=other.get("who") or "?", since=str(other.get("since") or "?").replace("T", " ")[:16])
        self._keeper = threading.Thread(target=self._keep, daemon=True)
        self._keeper.start()

    def release(self) -> None:
        """Give it back. A target that is gone does not matter: the file dies by itself."""
        self._over.set()
        if self._keeper is not None:
            self._keeper.join(5)
        with contextlib.suppress(Problem):
            self._store.delete(self.path)

    def _dead(self, other: dict[str, Any]) -> bool:
        if other.get("machine") == self._who["machine"] and not _runs(other.get("process")):
            return True
        try:
            renewed = dt.datetime.fromisoformat(other["renewed"])
            return abs(self._now() - renewed) > DEAD
        except (KeyError, ValueError, TypeError):
            return True

    def _renew(self) -> None:
        self._store.write(self.path, json.dumps({**self._who, "renewed": self._now().isoformat(timespec="seconds")}).encode())

    def _keep(self) -> None:
        while not self._over.wait(RENEWED):
            with contextlib.suppress(Problem):
                self._renew()


def _understood(data: bytes) -> dict[str, Any]:
    try:
        found = json.loads(data)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _name() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "?"


def _runs(process: Any) -> bool:
    """Whether a process of this computer is alive. Where that cannot be told, it is."""
    if not isinstance(process, int) or process <= 0:
        return True
    if os.name == "nt":
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
