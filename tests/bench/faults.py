"""Making a run die or fail at a chosen point: the k-th time that it changes something on the disk or speaks to a host.

The run is a copy of this process, so that hundreds of points cost little. A hook of the interpreter counts the files opened for writing, renames,
links, folders, removals and commands to FTP servers, and at the chosen one kills the process or lets it fail.
"""

from __future__ import annotations

import errno
import os
import signal
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

_EVENTS = {"os.rename", "os.remove", "os.link", "os.mkdir", "os.rmdir", "os.truncate", "os.utime", "ftplib.sendcmd"}
_WRITES = os.O_WRONLY | os.O_RDWR
Work = Callable[[], object]
KILLED = -int(signal.SIGKILL)
ALARM = -int(signal.SIGALRM)


def _counts(event: str, args: tuple[Any, ...]) -> bool:
    if event == "open":
        path, _, flags = args
        return isinstance(flags, int) and bool(flags & _WRITES) and not (isinstance(path, int) or str(path).startswith("/dev/"))
    return event in _EVENTS or (event == "ctypes.dlsym" and args[1] == "renameat2")


def in_a_copy(work: Work, log: Path, hook: Callable[[str, tuple[Any, ...]], None] | None = None, alarm: float = 0.0) -> int:
    """Run ``work`` in a copy of this process: 0, 2 when it raised ``OSError`` (or what it wraps), 3 for anything else, or minus the signal.

    ``alarm``: seconds after which the process ends at once, wherever it is.
    """
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    code = 3
    try:
        descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(descriptor, 1)
        os.dup2(descriptor, 2)
        if alarm:
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            signal.setitimer(signal.ITIMER_REAL, alarm)
        if hook is not None:
            sys.addaudithook(hook)
        work()
        code = 0
    except BaseException as error:
        traceback.print_exc()
        code = 2 if isinstance(error, OSError) or type(error).__module__.startswith("sitegen.") else 3
    finally:
        os._exit(code)


def points(work: Work, log: Path) -> int:
    """How many points there are at which ``work`` can be cut. It is run for that."""
    count = 0
    place = log.with_suffix(".count")

    def hook(event: str, args: tuple[Any, ...]) -> None:
        nonlocal count
        count += _counts(event, args)

    def run() -> None:
        work()
        place.write_text(str(count))

    code = in_a_copy(run, log, hook)
    assert code == 0, log.read_text(encoding="utf-8")
    return int(place.read_text())


def dies_at(work: Work, point: int, log: Path) -> int:
    """Kill the run just before its ``point``-th change. Returns its exit code."""
    left = point

    def hook(event: str, args: tuple[Any, ...]) -> None:
        nonlocal left
        if _counts(event, args):
            left -= 1
            if left < 0:
                os.kill(os.getpid(), signal.SIGKILL)

    return in_a_copy(work, log, hook)


def full_at(work: Work, point: int, log: Path, number: int = errno.ENOSPC, times: int = 10**9) -> int:
    """Let all changes from the ``point``-th on fail (``times`` of them), but for removals: the disk is full. Returns the exit code."""
    left = point

    def hook(event: str, args: tuple[Any, ...]) -> None:
        nonlocal left
        if _counts(event, args) and event not in ("os.remove", "os.rmdir", "ftplib.sendcmd"):
            left -= 1
            if -times <= left < 0:
                raise OSError(number, os.strerror(number), str(args[0]))

    return in_a_copy(work, log, hook)
