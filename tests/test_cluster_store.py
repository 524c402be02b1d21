"""What a cluster's store keeps of a region between builds: no more than its next build can use, and nothing of anybody else is touched."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sitegen.build import Options, Result, build
from sitegen.synth import Size, write_region

distributed = pytest.importorskip("distributed", reason="the extra «dask» is not installed: pip install sitegen[dask]")

from sitegen.cluster import room  # noqa: E402
from sitegen.cluster.depot import Depot  # noqa: E402
from sitegen.cluster.driver import Cluster  # noqa: E402
from sitegen.cluster.problems import StoreRefuses  # noqa: E402

DAY = dt.date(2026, 5, 10)
COUNTY, EAST, WEST = "230198000000", "230198101201", "230198101202"
ROAD = "villages/heping/dongjie/records/2026-0001.md"
CUT = "0123abcd~"
NAME = "0123456789abcdef0123456789abcdef"


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """Threads of this process: what is tried here does not depend on who works."""
    with distributed.LocalCluster(n_workers=1, threads_per_worker=2, processes=False, dashboard_address=":0", silence_logs=50) as made:
        yield made


@pytest.fixture
def run(cluster: Any, region: Callable[..., Path], tmp_path: Path) -> Callable[[], Result]:
    """Builds the region in ``tmp_path`` with the store beside it."""
    region()

    def once() -> Result:
        with Cluster(cluster.scheduler_address, (tmp_path / "store").as_uri()) as machines:
            return build(Options(tmp_path / "region", tmp_path / "out", DAY, machines=machines))

    return once


def kept(tmp_path: Path, kind: str = "") -> list[str]:
    return sorted(p.relative_to(tmp_path / "store").as_posix() for p in (tmp_path / "store" / kind).rglob("*") if p.is_file())


def units(tmp_path: Path) -> list[str]:
    return sorted(name.split("/")[-1].partition("-")[0] for name in kept(tmp_path, f"{COUNTY}/units"))


def attach(root: Path, size: int) -> None:
    """A file too large to travel with its unit."""
    (root / ROAD).with_name("plan.pdf").write_bytes(b"%PDF-1.4\n" + bytes(size))
    text = (root / ROAD).read_text(encoding="utf-8")
    (root / ROAD).write_text(text.replace("---\n会", "attachments: [{path: plan.pdf, title: 修路方案}]\n---\n会"), encoding="utf-8")


def change(root: Path, to: str) -> None:
    text = (root / ROAD).read_text(encoding="utf-8").splitlines()
    (root / ROAD).write_text("\n".join([*text[:-1], f"会议决定{to}。", ""]), encoding="utf-8")


def leave_sign(tmp_path: Path, kind: str, host: str, process: int, since: float) -> Path:
    place = tmp_path / "store" / COUNTY / kind / f"{int(since)}-{host}-{process}-{NAME}"
    place.parent.mkdir(parents=True, exist_ok=True)
    place.touch()
    return place


def test_what_no_unit_is_made_of_any_more_leaves_the_store(run: Callable[[], Result], tmp_path: Path) -> None:
    root = tmp_path / "region"
    attach(root, 100_000)
    assert not run().refused
    assert units(tmp_path) == [COUNTY, "230198101000", EAST, WEST]
    assert len(kept(tmp_path, f"{COUNTY}/files")) == 1
    change(root, "修桥")
    run()  # the attachment is named as before
    assert len(units(tmp_path)) == 4
    assert len(kept(tmp_path, f"{COUNTY}/files")) == 1
    (root / ROAD).write_text((root / ROAD).read_text(encoding="utf-8").replace("attachments: [{path: plan.pdf, title: 修路方案}]\n", ""))
    (root / ROAD).with_name("plan.pdf").unlink()
    shutil.rmtree(root / "villages/heping/xijie")
    assert not run().refused
    assert units(tmp_path) == [COUNTY, "230198101000", EAST]
    assert kept(tmp_path, f"{COUNTY}/files") == []
    assert [name for name in kept(tmp_path) if "/units/" not in name] == []  # nor anything that only a build at work needs


def test_an_attachment_stays_while_an_unchanged_unit_names_it(run: Callable[[], Result], tmp_path: Path) -> None:
    root = tmp_path / "region"
    attach(root, 100_000)
    run()
    before = kept(tmp_path, f"{COUNTY}/files")
    west = next((root / "villages/heping/xijie").glob("unit.yml"))
    west.write_text(west.read_text(encoding="utf-8").replace("0000 12", "0000 13"), encoding="utf-8")
    assert EAST not in run().built
    assert kept(tmp_path, f"{COUNTY}/files") == before != []


def test_what_others_keep_in_the_store_stays(run: Callable[[], Result], cluster: Any, tmp_path: Path) -> None:
    foreign = [
        "backup.zip",
        f"units/{EAST}-0123-{NAME}",
        f"230199000000/units/{EAST}-0123-{NAME}",
        f"230199000000/files/{NAME}",
        f"{COUNTY}/readme.txt",
        f"{COUNTY}/units/notes.txt",
        f"{COUNTY}/files/plan.pdf",
        f"{COUNTY}/builds/notes.txt",
        f"{COUNTY}/own/{NAME}",
    ]
    for name in foreign:
        (tmp_path / "store" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "store" / name).write_text("not ours", encoding="utf-8")
    run()
    change(tmp_path / "region", "修桥")
    run()
    assert [name for name in foreign if not (tmp_path / "store" / name).exists()] == []


def test_while_another_build_of_the_region_is_at_work_nothing_goes(run: Callable[[], Result], tmp_path: Path) -> None:
    run()
    before = kept(tmp_path, f"{COUNTY}/units")
    other = leave_sign(tmp_path, "builds", "other.machine", 1, time.time() - 3600)
    change(tmp_path / "region", "修桥")
    run()
    assert set(before) < set(kept(tmp_path, f"{COUNTY}/units"))
    other.unlink()  # it is done
    change(tmp_path / "region", "修渠")
    run()
    assert len(units(tmp_path)) == 4


@pytest.mark.parametrize("host", ["here", "elsewhere"])
def test_what_a_killed_build_left_goes_with_the_next(run: Callable[[], Result], tmp_path: Path, host: str) -> None:
    """Its sign is of a process that is no more, or older than a day where nobody can be asked."""
    run()
    rubbish = [
        f"{COUNTY}/{name}" for name in (f"units/{EAST}-0123-{NAME}", f"units/{EAST}-0123-{NAME}.{CUT}", f"files/{NAME}", f"shared/{NAME}")
    ]
    for name in rubbish:
        (tmp_path / "store" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "store" / name).touch()
    here = room._host()
    dead = os.fork() if host == "here" else 1
    if dead == 0:
        os._exit(0)
    if host == "here":
        os.waitpid(dead, 0)
    signs = [
        leave_sign(tmp_path, kind, here if host == "here" else "other.machine", dead, time.time() - (5 if host == "here" else 90_000))
        for kind in ("builds", "prunes")
    ]
    change(tmp_path / "region", "修桥")
    run()
    assert [name for name in rubbish if (tmp_path / "store" / name).exists()] == []
    assert [sign for sign in signs if sign.exists()] == []


def test_a_process_that_got_the_number_of_a_dead_one_is_not_taken_for_it(tmp_path: Path) -> None:
    depot = Depot((tmp_path / "store").as_uri())
    leave_sign(tmp_path, "builds", room._host(), os.getpid(), 1_000_000)
    assert room.signs(depot, f"{COUNTY}/builds") == []
    assert room.signs(depot, f"{COUNTY}/builds", room.sign(depot, f"{COUNTY}/builds")) == []
    mine = room.sign(depot, f"{COUNTY}/builds")
    assert mine in room.signs(depot, f"{COUNTY}/builds")


def test_whoever_begins_waits_for_one_that_thins_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else it would count on an attachment that goes the next moment."""
    depot = Depot((tmp_path / "store").as_uri())
    name = depot.put(f"{COUNTY}/files", b"plan")
    other = leave_sign(tmp_path, "prunes", "other.machine", 1, time.time())

    def ends(_: float) -> None:
        depot.remove([name])
        other.unlink()

    monkeypatch.setattr(room.time, "sleep", ends)
    assert room.Room(depot, COUNTY).files == {}


def test_of_two_that_end_at_once_neither_takes_what_the_other_needs(tmp_path: Path) -> None:
    depot = Depot((tmp_path / "store").as_uri())
    one, two = room.Room(depot, COUNTY), room.Room(depot, COUNTY)
    name = two.put_file(b"plan", NAME)
    one.thin_out(tmp_path, {}, {})
    assert depot.sizes(f"{COUNTY}/files").keys() >= {depot.put(f"{COUNTY}/files", b"plan")}
    one.leave()
    two.thin_out(tmp_path, {}, {})
    assert name not in depot.sizes(f"{COUNTY}/files")


def test_a_list_of_names_that_cannot_be_read_costs_no_more_than_sending_again(run: Callable[[], Result], tmp_path: Path) -> None:
    attach(tmp_path / "region", 100_000)
    run()
    (listed,) = kept(tmp_path, f"{COUNTY}/lists")
    (tmp_path / "store" / listed).write_text("{", encoding="utf-8")
    change(tmp_path / "region", "修桥")
    assert run().built == (EAST,)
    assert len(kept(tmp_path, f"{COUNTY}/files")) == 1


def test_what_cannot_be_removed_does_not_fail_a_build_that_is_done(
    run: Callable[[], Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run()

    def refuse(self: Depot, names: list[str]) -> None:
        if any("/units/" in name for name in names):
            raise StoreRefuses(url=self.url, place=names[0], what="PermissionError")

    monkeypatch.setattr(Depot, "remove", refuse)
    change(tmp_path / "region", "修桥")
    assert run().built == (EAST,)
    assert "修桥" in next((tmp_path / "out").rglob("dongjie/r/2026-0001/index.html")).read_text(encoding="utf-8")


def test_a_unit_s_shard_does_not_grow_with_the_region(cluster: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No worker holds the region: what is sent of a village and of a township is as much in a region of 4 units and of 16."""
    large, small = tmp_path / "large", tmp_path / "small"
    write_region(large, Size(townships=5, villages=10, records=16 * 5))
    shutil.copytree(large, small)
    for name in range(2, 6):
        shutil.rmtree(small / f"content/townships/t{name:03}")
        shutil.rmtree(small / f"villages/t{name:03}")
    sent: dict[str, dict[str, int]] = {"large": {}, "small": {}}
    real = Cluster._run

    def weigh(self: Cluster, do: Callable[..., Any], tasks: Iterator[tuple[Any, bytes]], **more: bool) -> Iterator[Any]:
        def weighed() -> Iterator[tuple[Any, bytes]]:
            for key, packed in tasks:
                sent[now][f"{do.__name__} {key.relative_to(tmp_path / now) if isinstance(key, Path) else key}"] = len(packed)
                yield key, packed

        return real(self, do, weighed(), **more)

    monkeypatch.setattr(Cluster, "_run", weigh)
    for now in ("large", "small"):
        store = tmp_path / f"{now}-store"
        with Cluster(cluster.scheduler_address, store.as_uri()) as machines:
            assert not build(Options(tmp_path / now, tmp_path / f"{now}-out", dt.date(2026, 11, 24), machines=machines)).refused
    assert len(sent["large"]) == 2 * 16
    assert len(sent["small"]) == 2 * 4
    for name, size in sent["small"].items():
        if name != "render 230179000000":  # the county's page sums up its units
            # Not to the byte: what is one object here and two there is packed once here and twice there.
            assert abs(sent["large"][name] - size) < size / 20, name
    grown = sent["large"]["render 230179000000"] - sent["small"]["render 230179000000"]
    assert grown / 12 < min(size for name, size in sent["large"].items() if name.startswith("render")) / 10  # a line each, no unit
