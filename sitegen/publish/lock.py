"""One publisher at a time: everybody puts a file of his own on the target and then looks whether there are others.

Whoever sees another that lives withdraws, so two can never hold it. The file is renewed while the run goes on. Another's that looks old is watched
for a while before it counts no more, since the clocks of two computers may differ. A holder that was not heard of for long (a laptop that slept)
looks whether his file is still there before he changes anything else.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import getpass
import json
import os
import threading
import time
import uuid
from collections.abc import Callable
from typing import Any

from .problems import Locked, Overtaken, Problem
from .store import OURS, Store

RENEWED = 20.0
"""Seconds after which the holder renews his file."""
DEAD = dt.timedelta(minutes=5)
"""Not renewed for so long: the run is dead, if it is not seen to renew its file after all."""
WATCHED = 2 * RENEWED
"""Seconds for which a file that looks old is watched."""
_LOOKS = 8
LATE = dt.timedelta(seconds=3 * RENEWED)
"""Not renewed for so long: somebody may have taken over."""
_PREFIX = f"{OURS}/locks/"


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class Lock:
    """Held between ``take`` and ``release``. Only one process of this computer (``machine``) may try at a time."""

    def __init__(
        self, store: Store, machine: str, now: Callable[[], dt.datetime] = _now, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._store, self._now, self._sleep = store, now, sleep
        self.id = uuid.uuid4().hex[:12]
        self.path = f"{_PREFIX}{self.id}.json"
        """The holder's own file on the target."""
        self._who = {"who": _name(), "machine": machine, "process": os.getpid(), "since": now().isoformat(timespec="seconds")}
        self._renewed = now()
        self._guard = threading.Lock()
        self._over = threading.Event()
        self._keeper: threading.Thread | None = None
        self.took_over = False
        """A run that died had left its file."""
        self.lost = False
        """Another publisher took the file away."""

    def take(self, *, by_force: bool = False) -> None:
        """Raises :class:`Locked` while somebody else publishes; ``by_force`` takes his file away."""
        self._renew()
        others = [stat.path for stat in self._store.files(_PREFIX.rstrip("/")) if stat.path != self.path]
        for path in others:
            data = self._store.read(path)
            if data is None:
                continue
            other = _understood(data)
            if by_force or self._dead(path, data, other):
                self._store.delete(path)
                self.took_over = True
                continue
            self._store.delete(self.path)
            raise Locked(who=other.get("who") or "?", since=_here(other.get("since")))
        self._keeper = threading.Thread(target=self._keep, daemon=True)
        self._keeper.start()

    def hold(self) -> None:
        """To be called before each change. Raises :class:`Overtaken` when the lock is not ours any more."""
        with self._guard:
            if not self.lost and abs(self._now() - self._renewed) > LATE:
                self._again()
        if self.lost:
            raise Overtaken

    def release(self) -> None:
        """Give it back. A target that is gone does not matter: the file dies by itself."""
        self._over.set()
        if self._keeper is not None:
            self._keeper.join(5)
        with contextlib.suppress(Problem):
            self._store.delete(self.path)

    def _dead(self, path: str, data: bytes, other: dict[str, Any]) -> bool:
        if other.get("machine") == self._who["machine"]:
            return True  # no other process of this computer is at it
        try:
            renewed = dt.datetime.fromisoformat(other["renewed"])
            if abs(self._now() - renewed) <= DEAD:
                return False
        except (KeyError, ValueError, TypeError):
            pass
        for _ in range(_LOOKS):
            self._sleep(WATCHED / _LOOKS)
            if self._store.read(path) != data:
                return False
        self._renew()
        return True

    def _renew(self) -> None:
        self._store.write(self.path, json.dumps({**self._who, "renewed": self._now().isoformat(timespec="microseconds")}).encode())
        self._renewed = self._now()

    def _again(self) -> None:
        """Renew the file, if it is still there."""
        if self._store.read(self.path) is None:
            self.lost = True
        else:
            self._renew()

    def _keep(self) -> None:
        while not self._over.wait(RENEWED) and not self.lost:
            with contextlib.suppress(Problem), self._guard:
                self._again()


def _here(since: Any) -> str:
    """A time as this computer's clock shows it."""
    try:
        return dt.datetime.fromisoformat(since).astimezone().strftime("%Y-%m-%d %H:%M")
    except (ValueError, TypeError):
        return "?"


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
