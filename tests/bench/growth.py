"""``python -m tests.bench.growth``: what a county costs as it grows, from a cold start to a build in which one record changed.

Synthetic regions of 45, 345 and, with ``--largest``, 3,450 units with 5,000, 50,000 and 500,000 records in all (about 1.5 KB of Chinese and an 8-row table each).
Memory is the proportional set size of all processes together, so that what they share counts once; of the process that builds; and of the largest
worker, which must not grow with the region: it has the catalogue and one unit.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import psutil
from msgspec import Struct

from tests.bench.measure import sitegen

DAY = ("--date", "2026-11-24")
SIZES = {45: (4, 40, 5_000), 345: (14, 330, 50_000), 3450: (110, 3_339, 500_000)}
"""Units: townships, villages, records."""


class Grown(Struct, frozen=True):
    """What one run cost."""

    cpu: float
    wall: float
    together: float
    """MB of all processes together, at the worst moment."""
    builder: float
    """MB of the process that builds."""
    worker: float
    """MB of the largest of its workers; 0 where it had none."""


def measured(args: list[str], cwd: Path, env: dict[str, str]) -> Grown:
    """Run a command to its end. Raises ``SystemExit`` when it fails."""
    log = cwd / "bench.log"
    started = time.monotonic()
    with log.open("wb") as out:
        process = subprocess.Popen(args, cwd=cwd, stdout=out, stderr=out, env={**os.environ, **env})
        watch = _Watch(process.pid)
        watch.start()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.monotonic() - started
    watch.over.set()
    watch.join()
    if process.returncode:
        sys.exit(f"{' '.join(args)}: exit {process.returncode}\n{log.read_text(errors='replace')[-2000:]}")
    return Grown(usage.ru_utime + usage.ru_stime, wall, watch.together, watch.builder, watch.worker)


class _Watch(threading.Thread):
    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid, self.together, self.builder, self.worker, self.over = pid, 0.0, 0.0, 0.0, threading.Event()

    def run(self) -> None:
        while not self.over.wait(0.25):
            try:
                top = psutil.Process(self.pid)
                builder, workers = _size(self.pid), [_size(p.pid) for p in top.children(recursive=True)]
            except psutil.Error:
                continue
            self.together, self.builder = max(self.together, builder + sum(workers)), max(self.builder, builder)
            self.worker = max(self.worker, *workers, 0.0)


def _size(pid: int) -> float:
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1000
    except (OSError, ValueError):
        pass
    return 0.0


def _weight(out: Path) -> tuple[int, int, int]:
    """(files, pages, MB) of all hosts; the store shares its files with them."""
    files = pages = size = 0
    for host in out.iterdir():
        if host.name.startswith("."):
            continue
        for place, _, names in os.walk(host):
            files += len(names)
            pages += names.count("index.html")
            size += sum(os.lstat(f"{place}/{name}").st_size for name in names)
    return files, pages, size // 1_000_000


def main() -> None:
    """Measure and print, smallest first."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--units", type=int, nargs="*", choices=sorted(SIZES), default=[45, 345])
    parser.add_argument("--largest", action="store_true", help="also 3,450 units: about half an hour of two cores, and 45 GB")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--keep", type=Path, help="folder to work in")
    options = parser.parse_args()
    folder = options.keep or Path(tempfile.mkdtemp(prefix="sitegen-growth-"))
    folder.mkdir(parents=True, exist_ok=True)
    try:
        first = None
        for units in [*options.units, *([3450] if options.largest else [])]:
            first = _one(folder, units, options.jobs, first)
            if options.keep is None:
                shutil.rmtree(folder / f"r{units}", ignore_errors=True)
    finally:
        if options.keep is None:
            shutil.rmtree(folder, ignore_errors=True)


def _one(folder: Path, units: int, jobs: int, first: float | None) -> float:
    townships, villages, records = SIZES[units]
    region, out, env = folder / f"r{units}", folder / f"r{units}" / "public", {"SITEGEN_CACHE": str(folder / f"cache{units}")}
    if not region.exists():
        more = ("--townships", str(townships), "--villages", str(villages), "--records", str(records))
        subprocess.run(sitegen("synth", str(region), *more), check=True, stdout=subprocess.DEVNULL)
    shutil.rmtree(out, ignore_errors=True)
    shutil.rmtree(env["SITEGEN_CACHE"], ignore_errors=True)
    command = sitegen("-C", str(region), *DAY, "build", "-j", str(jobs))
    cold = measured(command, region, env)
    files, pages, size = _weight(out)
    each = 1000 * cold.cpu / records
    print(f"{units} units, {records:,} records: {files:,} files, {pages:,} pages, {size:,} MB")
    print(f"  cold        {_row(cold)}   {each:.2f} ms a record" + (f", {each / first:.2f} times the first" if first else ""))
    print(f"  unchanged   {_row(measured(command, region, env))}")
    record = sorted((region / "villages" / "t001" / "v001" / "records").glob("*.md"))[3]
    for turn in ("一", "二"):
        record.write_text(record.read_text(encoding="utf-8") + f"\n补充说明{turn}。\n", encoding="utf-8")
        print(f"  one record  {_row(measured(command, region, env))}", flush=True)
    return first or each


def _row(cost: Grown) -> str:
    return f"{cost.cpu:7.1f} s CPU {cost.wall:7.1f} s wall {cost.together:6.0f} MB together {cost.builder:6.0f} MB the builder {cost.worker:6.0f} MB the largest worker"


if __name__ == "__main__":
    main()
