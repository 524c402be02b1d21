"""A bandwidth limit that all connections share."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


class Throttle:
    """Lets so many bytes pass in a second, over all threads; none waits without a limit."""

    def __init__(
        self, per_second: int | None, clock: Callable[[], float] = time.monotonic, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self.per_second, self._clock, self._sleep = per_second, clock, sleep
        self._lock = threading.Lock()
        self._free = 0.0
        """When the line is free again."""

    def take(self, size: int) -> None:
        """Wait until ``size`` more bytes may pass."""
        if not self.per_second or not size:
            return
        with self._lock:
            now = self._clock()
            start = max(now, self._free)
            self._free = start + size / self.per_second
        if start > now:
            self._sleep(start - now)
