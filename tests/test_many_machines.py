"""Many machines: a Dask cluster of separate processes makes the same bytes, whoever dies on the way, and refuses what would not."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from sitegen.build import Options, Result, build
from sitegen.cli import main
from sitegen.load.cache import fresh_cache
from sitegen.search import hosts
from sitegen.synth import Size, write_region
from tests.demo import DAY as DEMO_DAY
from tests.demo import Demo
from tests.publish import servers

distributed = pytest.importorskip("distributed", reason="the extra «dask» is not installed: pip install sitegen[dask]")

from sitegen.cluster import driver, problems, worker  # noqa: E402
from sitegen.cluster.driver import Cluster  # noqa: E402

ROOT = Path(__file__).parent.parent
DAY = dt.date(2026, 5, 10)
COUNTY = "230198000000"
EAST = "230198101201"
ROAD = "villages/heping/dongjie/records/2026-0001.md"


def files(out: Path) -> dict[str, bytes]:
    return {p.relative_to(out).as_posix(): p.read_bytes() for p in out.rglob("*") if p.is_file() and ".store" not in p.parts}


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """A scheduler and two workers, each a process of its own."""
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0", silence_logs=50, scheduler_port=0
    ) as made:
        yield made


def threads() -> Any:
    """A cluster that is no more than threads of this process."""
    return distributed.LocalCluster(n_workers=1, threads_per_worker=2, processes=False, dashboard_address=":0", silence_logs=50)


def on(cluster: Any, root: Path, out: Path, day: dt.date = DAY, store: str = "", *, same_disk: bool = False, **more: Any) -> Result:
    with Cluster(cluster.scheduler_address, store or (out.parent / f"{out.name}-store").as_uri(), same_disk=same_disk) as machines:
        return build(Options(root, out, day, machines=machines), **more)


def test_the_demo_county_is_the_same_to_the_byte(cluster: Any, demo: Demo, tmp_path: Path) -> None:
    """With all that it has: attachments, pictures, photos of boards, earlier revisions, lists that villages derive from."""
    with fresh_cache(tmp_path / "cache"):  # every unit is read by a worker, too
        on(cluster, ROOT, tmp_path / "out", DEMO_DAY)
    here, there = files(demo.public), files(tmp_path / "out")
    assert here.keys() == there.keys()
    assert [name for name in here if here[name] != there[name]] == []


@pytest.mark.parametrize("same_disk", [False, True], ids=["store", "disk"])
def test_workers_that_are_killed_change_nothing_but_time(cluster: Any, tmp_path: Path, same_disk: bool) -> None:
    root = tmp_path / "region"
    write_region(root, Size(townships=1, villages=6, records=70))
    build(Options(root, tmp_path / "local", DEMO_DAY))
    killed: list[int] = []

    def kill(_: str, done: int, total: int) -> None:
        if 1 <= done < total - 2 and len(killed) < 2:
            victim = next(nanny.pid for nanny in cluster.workers.values() if nanny.pid and nanny.pid not in killed)
            os.kill(victim, signal.SIGKILL)
            killed.append(victim)

    result = on(cluster, root, tmp_path / "out", DEMO_DAY, same_disk=same_disk, report=kill)
    assert len(killed) == 2
    assert list((tmp_path / "out/.store/units").glob("*/.*")) == []  # what a killed one had begun is gone
    assert len(result.built) == 8
    assert files(tmp_path / "out") == files(tmp_path / "local")


def test_workers_make_the_search_and_one_that_is_killed_then_changes_nothing(
    cluster: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "region"
    write_region(root, Size(townships=1, villages=6, records=70))
    build(Options(root, tmp_path / "local", DEMO_DAY))
    monkeypatch.setattr(hosts, "_SHARED", 20_000)
    real = Cluster._run
    killed: list[int] = []
    done: list[Any] = []

    def deadly(self: Cluster, do: Any, tasks: Any, **more: Any) -> Iterator[Any]:
        for made in real(self, do, tasks, **more):
            if do is worker.search:
                done.append(made)
                if not killed:
                    killed.append(next(nanny.pid for nanny in cluster.workers.values() if nanny.pid))
                    os.kill(killed[0], signal.SIGKILL)
            yield made

    monkeypatch.setattr(Cluster, "_run", deadly)
    on(cluster, root, tmp_path / "out", DEMO_DAY, same_disk=True)
    assert len(done) > 2
    assert killed
    assert files(tmp_path / "out") == files(tmp_path / "local")

    def nobody(self: Cluster, do: Any, tasks: Any, **more: Any) -> Iterator[Any]:
        if do is worker.search:
            raise problems.NoWorkers(address=self.address, seconds=1)
        return real(self, do, tasks, **more)

    monkeypatch.setattr(Cluster, "_run", nobody)  # all are lost once units are rendered: the rest is done here
    on(cluster, root, tmp_path / "again", DEMO_DAY, same_disk=True)
    assert files(tmp_path / "again") == files(tmp_path / "local")


@pytest.mark.parametrize("same_disk", [False, True], ids=["store", "disk"])
def test_a_changed_record_builds_its_pages_and_takes_over_the_rest(
    cluster: Any, region: Callable[..., Path], tmp_path: Path, same_disk: bool
) -> None:
    root, out = region(), tmp_path / "out"
    on(cluster, root, out, same_disk=same_disk)
    build(Options(root, tmp_path / "local", DAY))
    there, here = on(cluster, root, out, same_disk=same_disk), build(Options(root, tmp_path / "local", DAY))
    assert there.built == here.built == ()
    (root / ROAD).write_text((root / ROAD).read_text(encoding="utf-8").replace("修路", "修桥"), encoding="utf-8")
    there, here = on(cluster, root, out, same_disk=same_disk), build(Options(root, tmp_path / "local", DAY))
    assert there.built == here.built == (EAST,)
    assert there.why == here.why
    assert "site/checklist/" not in there.why[EAST]
    assert files(out) == files(tmp_path / "local")
    kept = list((tmp_path / f"out-store/{COUNTY}/units").glob(f"{EAST}-*"))
    assert len(kept) == (0 if same_disk else 1)  # what was rendered before is not kept for ever


def test_a_store_in_memory_serves_threads_and_is_refused_to_processes(cluster: Any, region: Callable[..., Path], tmp_path: Path) -> None:
    root = region()
    with threads() as one:
        on(one, root, tmp_path / "out", store="memory://sites")
    build(Options(root, tmp_path / "local", DAY))
    assert files(tmp_path / "out") == files(tmp_path / "local")
    with pytest.raises(problems.NotShared):
        on(cluster, root, tmp_path / "out", store="memory://sites")


def test_a_bucket_is_a_store(region: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By fsspec's own driver where it is installed, else by that of the extra for publishing to buckets."""
    root = region()
    with servers.s3() as server:
        endpoint = str(server.target.endpoint)
        for name, value in (("ENDPOINT_URL", endpoint), ("ACCESS_KEY_ID", "a"), ("SECRET_ACCESS_KEY", "k"), ("REGION", "us-east-1")):
            monkeypatch.setenv(f"AWS_{name}", value)
        monkeypatch.setenv("AWS_ALLOW_HTTP", "true")
        with threads() as one:
            on(one, root, tmp_path / "out", store=f"{server.target.to}/shards")
        assert any(name.startswith(f"shards/{COUNTY}/units/") for name in server.files())
    build(Options(root, tmp_path / "local", DAY))
    assert files(tmp_path / "out") == files(tmp_path / "local")


def test_a_list_beside_its_unit_is_found_as_it_is_here(cluster: Any, region: Callable[..., Path], tmp_path: Path) -> None:
    """A table outside the unit's folder, and a link that leads out of the region: what is found does not depend on who reads."""
    root = region()
    record = root / "content/townships/heping/records/2026-0001.md"
    shutil.move(record.with_suffix(".csv"), root / "content/list.csv")
    text = record.read_text(encoding="utf-8")
    record.write_text(text.replace("table: 2026-0001.csv", "table: ../../../list.csv"), encoding="utf-8")
    (root / "villages/heping/dongjie/records/out.md").symlink_to("/etc/hostname")
    with fresh_cache(tmp_path / "one"):
        there = on(cluster, root, tmp_path / "out")
    with fresh_cache(tmp_path / "two"):
        here = build(Options(root, tmp_path / "local", DAY))
    assert there.findings == here.findings
    assert files(tmp_path / "out") == files(tmp_path / "local")


def test_a_worker_with_another_template_is_refused(region: Callable[..., Path], tmp_path: Path) -> None:
    other = tmp_path / "other"
    for name in ("sitegen", "themes", "content/catalog"):
        shutil.copytree(ROOT / name, other / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "mkdocs.yml", other)
    template = next(iter(sorted((other / "themes/board").glob("*.html"))))
    template.write_text(template.read_text(encoding="utf-8") + " ", encoding="utf-8")
    with distributed.LocalCluster(n_workers=0, processes=True, dashboard_address=":0", silence_logs=50) as empty:
        command = [sys.executable, "-m", "distributed.cli.dask_worker", empty.scheduler_address, "--no-nanny", "--nthreads", "1"]
        started = subprocess.Popen(
            [*command, "--no-dashboard"], cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(other)}, stderr=subprocess.DEVNULL
        )
        try:
            root = region()
            build(Options(root, root / "public", DAY))
            before = files(root / "public")
            (root / ROAD).write_text((root / ROAD).read_text(encoding="utf-8").replace("修路", "修桥"), encoding="utf-8")
            said = command_line(root, empty.scheduler_address)
            assert said.exit_code == 1
            assert "has another sitegen than this machine" in said.stderr
            assert files(root / "public") == before
        finally:
            started.kill()
            started.wait()


def test_a_worker_that_comes_late_with_another_program_is_refused_by_its_first_unit() -> None:
    for do in (worker.read, worker.render):
        with pytest.raises(problems.OtherProgram):
            do("memory://", "0.0.1 0123456789abcdef", b"what it cannot understand")


def command_line(root: Path, scheduler: str, *more: str) -> Any:
    return CliRunner().invoke(
        main,
        ["-C", str(root), "--lang", "en", "--date", "2026-05-10", "build", "--executor", "dask", "--scheduler", scheduler, *more],
    )


def test_what_is_wrong_between_machines_is_said_and_the_site_stays(
    cluster: Any, region: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = region()
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    build(Options(root, root / "public", DAY))
    before = files(root / "public")
    (root / ROAD).write_text((root / ROAD).read_text(encoding="utf-8").replace("修路", "修桥"), encoding="utf-8")
    scheduler = cluster.scheduler_address
    for address, more, words in (
        ("tcp://127.0.0.1:1", (), "no Dask scheduler answers at tcp://127.0.0.1:1"),
        ("nonsense", (), "no Dask scheduler answers at nonsense"),
        (scheduler, ("--store", (tmp_path / "file" / "x").as_uri()), "cannot be used at"),
        (scheduler, ("--store", "nonsense://x"), "the store nonsense://x cannot be used"),
        (scheduler, ("--store", "memory://x"), "does not see the store memory://x"),
    ):
        with monkeypatch.context() as patience:
            if address != scheduler:  # one that answers may take its time on a machine that is busy
                patience.setattr(driver, "_ANSWER", 0.5)
            said = command_line(root, address, *more)
        assert said.exit_code == 1, said.output
        assert words in said.stderr
        assert "Traceback" not in said.stderr
    with distributed.LocalCluster(n_workers=0, dashboard_address=":0", silence_logs=50) as empty, monkeypatch.context() as patience:
        patience.setattr(driver, "_PATIENCE", 0.5)
        assert "has had no workers for" in command_line(root, empty.scheduler_address).stderr
    monkeypatch.setitem(sys.modules, "distributed", None)
    monkeypatch.delitem(sys.modules, "sitegen.cluster.driver")
    assert "pip install sitegen[dask]" in command_line(root, scheduler).stderr
    assert files(root / "public") == before


def test_a_scheduler_that_is_lost_on_the_way_is_said_once_and_the_site_stays(
    region: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    root = region()
    build(Options(root, root / "public", DAY))
    before = files(root / "public")
    (root / ROAD).write_text((root / ROAD).read_text(encoding="utf-8").replace("修路", "修桥"), encoding="utf-8")
    command = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--no-show"]
    scheduler = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert scheduler.stderr
    address = next(line.split("Scheduler at:")[1].strip() for line in scheduler.stderr if "Scheduler at:" in line)
    threading.Thread(target=scheduler.stderr.read, daemon=True).start()  # else it waits until somebody reads
    command = [sys.executable, "-m", "distributed.cli.dask_worker", address, "--no-nanny", "--nthreads", "1", "--no-dashboard"]
    worker_ = subprocess.Popen(command, cwd=root, stderr=subprocess.DEVNULL)

    real = Cluster._tasks

    def lost(self: Cluster, *all_: Any) -> Iterator[tuple[str, bytes]]:
        for task in real(self, *all_):
            scheduler.kill()
            yield task

    monkeypatch.setattr(Cluster, "_tasks", lost)
    try:
        said = command_line(root, address)
    finally:
        for process in (worker_, scheduler):
            process.kill()
            process.wait()
    assert said.exit_code == 1, said.output
    assert f"no Dask scheduler answers at {address}" in said.stderr
    assert "Traceback" not in said.stderr
    assert files(root / "public") == before


def test_dask_without_an_address_is_a_wrong_call(region: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DASK_SCHEDULER_ADDRESS", raising=False)
    said = CliRunner().invoke(main, ["-C", str(region()), "--lang", "en", "build", "--executor", "dask"])
    assert said.exit_code == 2
    assert "--scheduler" in said.stderr
