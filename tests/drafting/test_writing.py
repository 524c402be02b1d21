"""A run that is cut at any instant leaves the old record or the new one, whole: never a record without its table, never new rows under an old head."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from sitegen.drafting.writing import Taken, create, replace

RECORD, TABLE, OLD = "records/2026-0001.md", "records/2026-0001-r2.csv", "records/2026-0001.csv"
_WATCHED = ("open", "os.rename", "os.link", "os.remove", "os.mkdir")


def cut_at(step: int, work: Callable[[], object]) -> bool:
    """Run in a process that is killed at its ``step``-th touch of the disk; whether it was cut."""
    child = os.fork()
    if child == 0:
        left = step

        def watch(event: str, args: tuple[object, ...]) -> None:
            nonlocal left
            if event in _WATCHED:
                left -= 1
                if left == 0:
                    os._exit(9)

        sys.addaudithook(watch)
        try:
            work()
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9


def state(root: Path) -> tuple[bytes, bytes]:
    """The record as a reader finds it, with the table that it names."""
    if not (root / RECORD).exists():
        return b"", b""
    raw = (root / RECORD).read_bytes()
    return raw, (root / "records" / raw.partition(b"table: ")[2].split()[0].decode()).read_bytes()


pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a process that can be killed at any instant")


def test_a_correction_that_is_cut(tmp_path: Path) -> None:
    before, after = (b"table: 2026-0001.csv\nold", b"old rows"), (b"table: 2026-0001-r2.csv\nnew", b"new rows")
    seen = set()
    for step in range(1, 99):
        root = tmp_path / str(step)
        (root / "records").mkdir(parents=True)
        (root / RECORD).write_bytes(before[0])
        (root / OLD).write_bytes(before[1])
        cut = cut_at(step, lambda at=root: replace(at, {RECORD: after[0], TABLE: after[1]}, [OLD]))
        seen.add(state(root))
        if not cut:
            break
    assert not cut
    assert seen == {before, after}
    assert state(root) == after
    assert sorted(p.name for p in (root / "records").iterdir()) == ["2026-0001-r2.csv", "2026-0001.md"]


def test_a_new_record_that_is_cut(tmp_path: Path) -> None:
    files = {RECORD: b"table: 2026-0001.csv\nnew", OLD: b"rows"}
    seen = set()
    for step in range(1, 99):
        root = tmp_path / str(step)
        root.mkdir()
        cut = cut_at(step, lambda at=root: create(at, files))
        seen.add(state(root))
        if not cut:
            break
    assert not cut
    assert seen == {(b"", b""), (files[RECORD], files[OLD])}
    assert [p.name for p in (root / "records").iterdir() if p.name.startswith(".")] == []


def test_the_next_run_takes_away_what_a_cut_run_left(tmp_path: Path) -> None:
    (tmp_path / "records").mkdir()
    left = tmp_path / "records/.2026-0001.md.77.new"
    left.write_bytes(b"half")
    os.utime(left, (time.time() - 7200,) * 2)
    replace(tmp_path, {RECORD: b"x"})
    assert not left.exists()


def test_all_or_none_where_one_is_there_already(tmp_path: Path) -> None:
    (tmp_path / "records").mkdir()
    (tmp_path / "records/2026-0001.MD").write_bytes(b"theirs")
    with pytest.raises(Taken):
        create(tmp_path, {TABLE: b"rows", RECORD: b"mine"})
    assert [p.name for p in (tmp_path / "records").iterdir()] == ["2026-0001.MD"]


def test_a_stick_that_knows_no_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_link(*args: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "link", no_link)
    create(tmp_path, {RECORD: b"mine"})
    assert (tmp_path / RECORD).read_bytes() == b"mine"
    with pytest.raises(Taken):
        create(tmp_path, {RECORD: b"other"})
    shutil.rmtree(tmp_path / "records")
