"""Run a command as a whole process and say what it cost."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil
from msgspec import Struct


class Cost(Struct, frozen=True):
    """Seconds of CPU (with all children) and of the clock, and the largest resident memory of any single process in MB."""

    cpu: float
    wall: float
    memory: float

    def __str__(self) -> str:
        return f"{self.cpu:6.1f} s CPU {self.wall:6.1f} s wall {self.memory:6.0f} MB"


def run(args: list[str], cwd: Path, env: dict[str, str] | None = None) -> Cost:
    """Run a command; its output goes to a log beside the working folder. Raises ``SystemExit`` when it fails."""
    log = cwd / "bench.log"
    started = time.monotonic()
    with log.open("ab") as out:
        process = subprocess.Popen(args, cwd=cwd, stdout=out, stderr=out, env={**os.environ, **(env or {})})
        peak = _Peak(process.pid)
        peak.start()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.monotonic() - started
    peak.stop()
    if process.returncode != 0:
        sys.exit(f"{' '.join(args)}: exit {process.returncode}\n{log.read_text(errors='replace')[-2000:]}")
    return Cost(usage.ru_utime + usage.ru_stime, wall, peak.memory)


def sitegen(*args: str) -> list[str]:
    """The command line that runs sitegen."""
    return [sys.executable, "-c", "from sitegen.cli import main; main()", *args]


class _Peak(threading.Thread):
    """Watches the resident memory of a process and its children."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid, self.memory, self.done = pid, 0.0, threading.Event()

    def run(self) -> None:
        while not self.done.wait(0.05):
            try:
                process = psutil.Process(self.pid)
                family = [process, *process.children(recursive=True)]
            except psutil.Error:
                continue
            for member in family:
                try:
                    self.memory = max(self.memory, member.memory_info().rss / 1e6)
                except psutil.Error:
                    continue

    def stop(self) -> None:
        self.done.set()
        self.join()
