"""Work done beside other work, in a copy of this process where the system can make one."""

from __future__ import annotations

import os
import pickle
import sys
import threading
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Aside(Generic[T]):
    """``work`` begun in a copy of this process, which has all that this one has without its being sent.

    Without ``beside``, or where no copy can be made or it comes to nothing, the work is done here when its result is asked for.
    """

    def __init__(self, work: Callable[[], T], *, beside: bool) -> None:
        self._work = work
        self._pipe: int | None = None
        # Elsewhere than on Linux system libraries do not stand it; a lock that a thread holds would be held in the copy for ever.
        if not beside or sys.platform != "linux" or threading.active_count() > 1:
            return
        try:
            ours, theirs = os.pipe()
            self._pid = os.fork()
        except OSError:
            return
        if self._pid:
            os.close(theirs)
            self._pipe = ours
            return
        try:
            os.close(ours)
            with os.fdopen(theirs, "wb") as stream:
                stream.write(pickle.dumps(work(), protocol=5))
        finally:
            os._exit(0)  # nothing of this process is to be ended twice

    def result(self) -> T:
        """What the work gave, to be asked for once. Raises what the work raises."""
        if self._pipe is None:
            return self._work()
        with os.fdopen(self._pipe, "rb") as stream:
            data = stream.read()
        self._pipe = None
        os.waitpid(self._pid, 0)
        try:
            made: T = pickle.loads(data)
        except (EOFError, pickle.UnpicklingError):
            return self._work()
        return made
