"""Run a command as a whole process and say what it cost."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from msgspec import Struct

_MB = 1e6 if sys.platform == "darwin" else 1e6 / 1024


class Cost(Struct, frozen=True):
    """Seconds of CPU (with all children) and of the clock, and the largest resident memory of any single process in MB."""

    cpu: float
    wall: float
    memory: float

    def __str__(self) -> str:
        return f"{self.cpu:6.1f} s CPU {self.wall:6.1f} s wall {self.memory:6.0f} MB"


def run(args: list[str], cwd: Path, env: dict[str, str] | None = None) -> Cost:
    """Run a command; its output goes to a log beside the working folder. Raises ``SystemExit`` when it fails.

    Nothing looks at it meanwhile: on two threads of one core that made it a tenth slower.
    """
    log = cwd / "bench.log"
    started = time.monotonic()
    with log.open("ab") as out:
        process = subprocess.Popen(args, cwd=cwd, stdout=out, stderr=out, env={**os.environ, **(env or {})})
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.monotonic() - started
    if process.returncode != 0:
        sys.exit(f"{' '.join(args)}: exit {process.returncode}\n{log.read_text(errors='replace')[-2000:]}")
    return Cost(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / _MB)


def sitegen(*args: str) -> list[str]:
    """The command line that runs sitegen as its users do."""
    return [sys.executable, "-m", "sitegen", *args]
