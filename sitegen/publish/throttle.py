"""A bandwidth limit that all connections share, until the run ends."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


class Throttle:
    """Lets so many bytes pass in a second, over all threads; none waits without a limit."""

    def __init__(
        self, per_second: int | None, clock: Callable[[], float] = time.monotonic, sleep: Callable[[float], object] | None = None
    ) -> None:
        self._over = threading.Event()
        self.per_second, self._clock, self._sleep = per_second, clock, sleep or self._over.wait
        self._lock = threading.Lock()
        self._free = 0.0
        """When the line is free again."""

    def take(self, size: int) -> None:
        """Wait until ``size`` more bytes may pass."""
        if not (per_second := self.per_second) or not size:
            return
        with self._lock:
            now = self._clock()
            start = max(now, self._free)
            self._free = start + size / per_second
        if start > now:
            self._sleep(start - now)

    def end(self) -> None:
        """Nobody waits any more: what is on its way arrives at once."""
        self.per_second = None
        self._over.set()
