"""What is kept between runs: found again, bounded, and of no harm when it is damaged, deleted, locked or cannot be written."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sqlite3
import sys
import threading
import time
from pathlib import Path

import pytest

from sitegen.aside import Aside
from sitegen.load import database as module
from sitegen.load.cache import Bundle, BundleCache, Packed
from sitegen.load.database import Database


@pytest.fixture
def kept(tmp_path: Path) -> Database:
    return Database(tmp_path / "cache" / "loaded.sqlite")


def said(database: Database, name: str, mark: bytes | None) -> list[bytes | None]:
    return [database.read(number) for number in database.find(name, mark)]


def test_what_was_put_is_found_by_name_and_mark(kept: Database) -> None:
    assert kept.find("a", b"1") == []
    assert not kept.path.exists()  # asking makes no file
    kept.put("a", b"1", [b"heads", b"", b"texts"])
    assert said(kept, "a", b"1") == [b"heads", b"", b"texts"]
    assert kept.find("a", b"2") == []
    assert kept.find("b", b"1") == []
    kept.put("a", b"2", [b"other"])
    assert said(kept, "a", None) == [b"other"]
    assert said(kept, "a", b"1") == [b"heads", b"", b"texts"]


def test_two_runs_that_keep_the_same_share_it(kept: Database) -> None:
    first = kept.put("a", b"1", [b"heads", b"texts"])
    assert kept.put("a", b"1", [b"heads", b"texts"]) == first
    assert kept.read(first[1]) == b"texts"


def test_what_another_run_is_reading_stays_for_a_while(kept: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = kept.put("a", b"1", [b"first"])
    kept.put("a", b"2", [b"second"])
    assert kept.read(numbers[0]) == b"first"
    later = time.time() + 601
    monkeypatch.setattr(module.time, "time", lambda: later)
    again = kept.put("a", b"3", [b"third"])
    assert kept.read(numbers[0]) is None
    assert again[0] > numbers[0]  # a number is never given twice
    with pytest.raises(FileNotFoundError):
        Packed(None, str(kept.path), numbers[0]).read()


def test_what_nobody_asked_for_in_a_month_goes(kept: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    kept.put("gone village", b"1", [b"x" * 1000])
    kept.put("village", b"1", [b"y"])
    start = time.time()
    for weeks in (2, 4, 5):
        monkeypatch.setattr(module.time, "time", lambda weeks=weeks: start + weeks * 7 * 86_400 + 60)
        assert said(kept, "village", b"1") == [b"y"]
    module._known().pop(kept.path).close()  # another run
    kept.put("other", b"1", [b"z"])
    assert kept.find("gone village", b"1") == []
    assert said(kept, "village", b"1") == [b"y"]


@pytest.mark.parametrize("damage", [b"", b"no database at all" * 100, b"SQLite format 3\0" + bytes(5000)])
def test_a_damaged_file_is_as_good_as_none(kept: Database, damage: bytes) -> None:
    kept.put("a", b"1", [b"heads"])
    module._known().pop(kept.path).close()
    kept.path.write_bytes(damage)
    assert kept.find("a", b"1") == []
    kept.put("a", b"1", [b"heads"])
    if kept.find("a", b"1") == []:  # it was removed now
        kept.put("a", b"1", [b"heads"])
    assert said(kept, "a", b"1") == [b"heads"]


def test_a_process_that_goes_through_a_thousand_regions_does_not_have_them_all_open(tmp_path: Path) -> None:
    many = [Database(tmp_path / str(n) / "loaded.sqlite") for n in range(30)]
    for one in many:
        assert one.put("a", b"1", [b"heads"])
    assert len(module._known()) <= 4
    assert [said(one, "a", b"1") for one in many] == [[b"heads"]] * 30


def test_it_may_be_deleted_while_a_process_runs(kept: Database) -> None:
    kept.put("a", b"1", [b"heads"])
    for path in kept.path.parent.iterdir():
        path.unlink()
    assert kept.find("a", b"1") == []
    kept.put("a", b"1", [b"again"])
    assert said(kept, "a", b"1") == [b"again"]


def test_a_file_of_another_version_is_replaced(kept: Database) -> None:
    kept.path.parent.mkdir(parents=True)
    with sqlite3.connect(kept.path) as other:
        other.execute("PRAGMA user_version = 99")
    assert kept.find("a", b"1") == []
    kept.put("a", b"1", [b"heads"])
    assert said(kept, "a", b"1") == [b"heads"]


def test_where_nothing_can_be_written_nothing_is_kept(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    kept = Database(tmp_path / "file" / "loaded.sqlite")
    assert kept.put("a", b"1", [b"heads"]) == []
    assert kept.find("a", b"1") == []


def test_a_file_that_another_process_has_locked_is_passed_over(kept: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_LOCKED", 0.1)
    kept.put("a", b"1", [b"heads"])
    module._known().pop(kept.path).close()
    other = sqlite3.connect(kept.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert kept.put("b", b"1", [b"x"]) == []
    assert said(kept, "a", b"1") == [b"heads"]
    other.execute("ROLLBACK")
    other.close()
    assert kept.put("b", b"1", [b"x"])


def _write(path: Path, who: int) -> None:
    for n in range(20):
        for _ in range(100):  # what cannot be kept just now is passed over; here it is asked that nothing that was kept is lost
            if Database(path).put(f"{who}-{n}", b"1", [bytes(50_000)]):
                break
            time.sleep(0.05)


def test_several_processes_write_at_once(kept: Database) -> None:
    workers = [multiprocessing.get_context("spawn").Process(target=_write, args=(kept.path, who)) for who in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert [worker.exitcode for worker in workers] == [0, 0, 0]
    assert all(kept.find(f"{who}-{n}", b"1") for who in range(3) for n in range(20))


@pytest.mark.skipif(sys.platform != "linux", reason="no copies of a process elsewhere")
def test_a_copy_of_the_process_uses_connections_of_its_own(kept: Database) -> None:
    kept.put("a", b"1", [b"here"])
    if threading.active_count() > 1:
        pytest.skip("threads are running: no copy is made")
    there = Aside(lambda: (said(kept, "a", b"1"), kept.put("b", b"1", [b"there"])), beside=True).result()
    assert there[0] == [b"here"]
    assert said(kept, "b", b"1") == [b"there"]


@pytest.mark.skipif(sys.platform == "win32", reason="no such signal")
def test_a_process_that_is_killed_while_it_writes_does_no_harm(kept: Database) -> None:
    kept.put("a", b"1", [b"heads"])
    for wait in (0.0, 0.02, 0.1):
        worker = multiprocessing.get_context("spawn").Process(target=_write, args=(kept.path, 7))
        worker.start()
        while not kept.find("7-0", b"1") and worker.is_alive():
            time.sleep(0.01)
        time.sleep(wait)
        assert worker.pid is not None
        os.kill(worker.pid, signal.SIGKILL)
        worker.join()
        assert said(kept, "a", b"1") == [b"heads"]
        assert kept.put("c", b"1", [b"on"])


def test_caches_of_regions_that_are_gone_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SITEGEN_CACHE", str(tmp_path / "cache"))
    here, gone, moved_just_now = (tmp_path / name for name in ("here", "gone", "moved"))
    for root in (here, gone, moved_just_now):
        root.mkdir()
        BundleCache(root).put("a", Bundle("1", Packed(b"heads")))
    folders = {root: BundleCache(root).folder for root in (here, gone, moved_just_now)}
    gone.rmdir()
    moved_just_now.rmdir()
    month_ago = time.time() - 30 * 86_400
    os.utime(folders[gone], (month_ago, month_ago))
    other = tmp_path / "other"
    other.mkdir()
    BundleCache(other).put("a", Bundle("1", Packed(b"heads")))
    assert not folders[gone].exists()
    assert folders[here].exists()
    assert folders[moved_just_now].exists()


def test_a_value_is_found_with_its_key_or_as_the_newest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SITEGEN_CACHE", str(tmp_path / "cache"))
    cache = BundleCache(tmp_path)
    cache.keep("a", "1", ("first", 1))
    cache.keep("a", "2", ("second", 2))
    assert cache.value("a", "1") == ("first", 1)
    assert cache.value("a", None) == ("second", 2)
    assert cache.value("a", "3") is None
    assert cache.value("b", None) is None


def test_a_value_of_a_class_that_there_is_no_more_is_as_good_as_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SITEGEN_CACHE", str(tmp_path / "cache"))
    cache = BundleCache(tmp_path)
    cache.put("a", Bundle("1", Packed(b"csitegen.model.views\nOfAnEarlierVersion\n.")))
    assert cache.value("a", None) is None
