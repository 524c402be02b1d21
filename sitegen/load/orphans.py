"""Processes that work for another end when it ends, however it ended: what a killed run leaves must not hold memory, or a lock, for ever."""

from __future__ import annotations

import os
import signal
import threading
from multiprocessing import connection, parent_process


def end_with_parent() -> None:
    """To be called first in a process of a pool. (A pool's processes wait for work at a pipe that they hold open for each other.)"""
    parent = parent_process()
    if parent is None:
        return
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler and threading.current_thread() is threading.main_thread():
        # Ctrl-C reaches every process of the terminal: it ends at once, and the parent alone says something.
        signal.signal(signal.SIGINT, signal.SIG_DFL)

    def watch() -> None:
        connection.wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=watch, daemon=True, name="end-with-parent").start()
