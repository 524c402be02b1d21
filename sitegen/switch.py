"""One atomic switch: a finished folder takes the place of the one that is live.

Linux and macOS can exchange two folders in one step. Where the system or the file system cannot, two renames are used, and a run
that was cut between them is repaired by the next.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
from pathlib import Path

_OLD = ".old"


def exchange(new: Path, live: Path) -> None:
    """Make ``new`` the content of ``live``; what was live is at ``new`` afterwards. Both on one file system."""
    live.parent.mkdir(parents=True, exist_ok=True)
    if not live.exists():
        new.rename(live)
        return
    if _exchange(new, live):
        return
    old = live.with_name(live.name + _OLD)
    shutil.rmtree(old, ignore_errors=True)
    live.rename(old)
    new.rename(live)
    old.rename(new)


def repair(live: Path) -> None:
    """Put the old folder back where a run was cut between two renames."""
    old = live.with_name(live.name + _OLD)
    if not old.exists():
        return
    if live.exists():
        shutil.rmtree(old, ignore_errors=True)
    else:
        old.rename(live)


def _exchange(a: Path, b: Path) -> bool:
    """Exchange two folders in one step; ``False`` where that cannot be done."""
    first, second = os.fsencode(a), os.fsencode(b)
    try:
        libc = ctypes.CDLL(None, use_errno=True)
        if sys.platform == "linux":
            here, exchange = -100, 2  # AT_FDCWD, RENAME_EXCHANGE
            return bool(libc.renameat2(here, first, here, second, exchange) == 0)
        if sys.platform == "darwin":
            return bool(libc.renamex_np(first, second, 2) == 0)  # RENAME_SWAP
    except (AttributeError, OSError, TypeError):
        pass
    return False
