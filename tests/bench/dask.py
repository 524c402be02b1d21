"""``python -m tests.bench.dask REGION``: one region built by 1 and by 2 workers of a Dask cluster, each a process of its own, against the local build.

The scheduler, the workers and the machine that builds are separate processes, as on several machines; workers have built something before, since those
of a cluster stay. Caches of loaded units are empty each time. Units go to the disk that all share (``disk``, as without ``--store``) or through objects of a
store (``store``). Numbers of workers take turns, and of several runs of each the quickest counts. On a machine that others use, the clock says little: the load is
printed, and CPU beside it. Every run has folders of its own, all removed at the end: some file systems make files several times slower for a minute after many were
removed.
"""

from __future__ import annotations

import argparse
import datetime as dt
import filecmp
import gc
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import psutil
from msgspec import Struct

DAY = dt.date(2026, 11, 24)
BASE = Path(__file__).parent.parent / "data/base"


WAYS = ("disk", "store")


class Run(Struct, frozen=True):
    """What a build with some workers cost: seconds, and MB."""

    wall: float
    driver: float
    workers: float
    scheduler: float
    memory_driver: float
    memory_worker: float
    """Of the largest worker."""
    store: int
    """Bytes of objects in the store."""
    same: bool
    """The sites are those of the local build to the byte."""
    load: float
    told: dict[str, Any]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("region", type=Path)
    parser.add_argument("--workers", type=int, nargs="*", default=[1, 2])
    parser.add_argument("--repeat", type=int, default=1, help="runs of each, of which the quickest counts")
    parser.add_argument("--way", choices=WAYS, nargs="*", default=list(WAYS), help="how units come back")
    parser.add_argument("--within", type=Path, help="folder on the disk to measure on")
    parser.add_argument("--drive", nargs=4, metavar=("OUT", "SCHEDULER", "STORE", "WAY"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.drive:
        _drive(options.region, *options.drive)
        return
    with tempfile.TemporaryDirectory(prefix="sitegen-dask-", dir=options.within) as folder:
        _compare(options.region.resolve(), Path(folder).resolve(), options)


def _drive(region: Path, out: str, scheduler: str, store: str, way: str) -> None:
    """The machine that builds, in a process of its own."""
    from sitegen.build import Options, build
    from sitegen.cluster.driver import Cluster

    gc.set_threshold(200_000, 50, 50)
    with Cluster(scheduler, store, same_disk=way == "disk") as machines:
        started, used = time.monotonic(), time.process_time()
        result = build(Options(region.resolve(), Path(out), DAY, machines=machines))
        wall, cpu = time.monotonic() - started, time.process_time() - used
    spent = {kind: sum(s.cpu for k, s in machines.spent if k == kind) for kind in ("read", "render", "search")}
    told = {"wall": wall, "cpu": cpu, "units": len(result.built), "pages": result.pages, "sent": machines.sent, **spent}
    print(json.dumps({**told, "refused": result.refused}))


def _compare(region: Path, folder: Path, options: argparse.Namespace) -> None:
    records = sum(1 for _ in region.glob("**/records/*.md"))
    local = _local(region, folder)
    for way in options.way:
        runs: dict[int, list[Run]] = {count: [] for count in options.workers}
        for turn in range(options.repeat):
            for count, some in runs.items():
                some.append(_with(region, folder, folder / f"{way}-{count}-{turn}", count, way))
                if not some[-1].same:
                    sys.exit(f"{way}, {count} workers: the bytes DIFFER")
        print(f"{way}: by the disk that all share" if way == "disk" else f"{way}: through objects of a store")
        first: Run | None = None
        for count, some in runs.items():
            best = min(some, key=lambda run: run.wall)
            _print(best, count, records, local)
            print(f"  all runs: {', '.join(f'{run.wall:.1f} s (load {run.load:.1f})' for run in some)}")
            if first is not None:
                print(f"  {first.wall / best.wall:.2f} times as fast as {options.workers[0]}")
            sys.stdout.flush()
            first = first or best


def _print(best: Run, count: int, records: int, local: float) -> None:
    units = best.told["units"]
    cpu = best.driver + best.workers + best.scheduler
    print(f"{count} worker{'s' if count > 1 else ''}: {best.wall:.1f} s on the clock; the bytes are the local build's")
    print(
        f"  CPU: driver {best.driver:.1f} s, scheduler {best.scheduler:.1f} s, workers {best.workers:.1f} s"
        f" ({best.told['read']:.1f} reading, {best.told['render']:.1f} rendering, {best.told['search']:.1f} for search)"
    )
    print(f"  a unit: {cpu / units:.3f} s, a record: {1000 * cpu / records:.2f} ms; {cpu / local:.2f} times the local build")
    print(f"  a unit: {best.told['sent'] / units / 1024:.0f} KB sent as values, {best.store / units / 1024:.0f} KB in the store")
    print(f"  memory: driver {best.memory_driver:.0f} MB, largest worker {best.memory_worker:.0f} MB")


def _local(region: Path, folder: Path) -> float:
    from tests.bench.measure import run, sitegen

    out = folder / "local"
    with tempfile.TemporaryDirectory(dir=folder) as cache:
        command = sitegen("-C", str(region), "--date", DAY.isoformat(), "build", "-j", "1", "-o", str(out))
        cost = run(command, folder, {"SITEGEN_CACHE": cache})
    print(f"local, one process: {cost}", flush=True)
    return cost.cpu


def _with(region: Path, top: Path, folder: Path, count: int, way: str) -> Run:
    folder.mkdir()
    scheduler = subprocess.Popen(
        [sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--no-show"],
        stderr=subprocess.PIPE,
        text=True,
    )
    workers: list[subprocess.Popen[bytes]] = []
    try:
        address = _address(scheduler)
        command = [sys.executable, "-m", "distributed.cli.dask_worker", address, "--nthreads", "1", "--no-nanny", "--no-dashboard"]
        for _ in range(count):
            workers.append(subprocess.Popen(command, stderr=subprocess.DEVNULL, cwd=folder))
        _build(BASE, folder / "first", address, count, way)  # programs are loaded, templates compiled
        watch = _Watch([w.pid for w in workers])
        watch.start()
        around = _Watch([scheduler.pid])
        before, idle, load = watch.cpu(), around.cpu(), os.getloadavg()[0]
        told, driver = _build(region, folder, address, count, way)
        used, between = watch.cpu() - before, around.cpu() - idle
        watch.over.set()
        watch.join()
        store = sum(p.stat().st_size for p in (folder / "store").rglob("*") if p.is_file())
        same = _same(top / "local", folder / "out")
        return Run(told["wall"], told["cpu"], used, between, driver, watch.largest, store, same, load, told)
    finally:
        for process in (*workers, scheduler):
            process.kill()  # one that is asked to go waits for the others
        for process in (*workers, scheduler):
            process.wait()


def _address(scheduler: subprocess.Popen[str]) -> str:
    assert scheduler.stderr
    for line in scheduler.stderr:
        if "Scheduler at:" in line:
            address = line.split("Scheduler at:")[1].strip()
            threading.Thread(target=scheduler.stderr.read, daemon=True).start()
            return address
    sys.exit("the scheduler did not start")


def _build(region: Path, folder: Path, scheduler: str, count: int, way: str) -> tuple[dict[str, Any], float]:
    """What the driver told, and its memory in MB. Waits for all workers first."""
    from distributed import Client

    with Client(scheduler, set_as_default=False) as client:
        client.wait_for_workers(count)
    command = [
        sys.executable,
        "-m",
        "tests.bench.dask",
        str(region),
        "--drive",
        str(folder / "out"),
        scheduler,
        (folder / "store").as_uri(),
        way,
    ]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, "SITEGEN_CACHE": str(folder / "cache")})
    watch = _Watch([process.pid])
    watch.start()
    said, _ = process.communicate()
    watch.over.set()
    watch.join()
    if process.returncode:
        sys.exit(f"the build ended with {process.returncode}")
    told: dict[str, Any] = json.loads(said.splitlines()[-1])
    if told["refused"]:
        sys.exit("the region has errors")
    return told, watch.largest


class _Watch(threading.Thread):
    """Watches the memory of some processes."""

    def __init__(self, pids: list[int]) -> None:
        super().__init__(daemon=True)
        self.processes, self.largest, self.over = [psutil.Process(pid) for pid in pids], 0.0, threading.Event()

    def cpu(self) -> float:
        return sum(sum(p.cpu_times()[:2]) for p in self.processes)

    def run(self) -> None:
        while not self.over.wait(0.2):
            for process in self.processes:
                try:
                    self.largest = max(self.largest, process.memory_info().rss / 1e6)
                except psutil.Error:
                    continue


def _same(one: Path, two: Path) -> bool:
    names = [{p.relative_to(top) for p in top.rglob("*") if p.is_file() and ".store" not in p.parts} for top in (one, two)]
    return names[0] == names[1] and all(filecmp.cmp(one / name, two / name, shallow=False) for name in names[0])


if __name__ == "__main__":
    main()
