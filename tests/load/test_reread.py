"""One changed record of a unit is read; the others are taken over, and what comes of it is what reading all would give."""

from __future__ import annotations

import os
import pickle
import random
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from sitegen.check.examine import examine
from sitegen.load import region as loading
from sitegen.load.cache import Bundle
from sitegen.load.catalog import load_catalog
from sitegen.load.records import UnitReader
from sitegen.load.region import Reading, read_unit

ROOT = Path(__file__).parents[2]


@pytest.fixture
def region_copy(tmp_path: Path) -> Path:
    """The demo's catalogue and its village with the most records, without the ledger."""
    of_village = max((p.parent for p in (ROOT / "villages").rglob("unit.yml")), key=lambda f: len(list((f / "records").rglob("*.md"))))
    root = tmp_path / "region"
    shutil.copytree(ROOT / "content" / "catalog", root / "content" / "catalog")
    shutil.copytree(of_village, root / of_village.relative_to(ROOT), ignore=shutil.ignore_patterns("ledger*"))
    return root


def reading(root: Path) -> Reading:
    return Reading(root, load_catalog(root, []), examine, frozenset())


def village(root: Path) -> Path:
    return next(p.parent for p in (root / "villages").rglob("unit.yml"))


def said(bundle: object) -> object:
    assert isinstance(bundle, Bundle)
    return [pickle.loads(part.read()) for part in (bundle.unit, bundle.records, bundle.contents)]


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the records that were read."""
    names: list[str] = []
    real = UnitReader.record

    def record(self: UnitReader, path: Path) -> object:
        names.append(path.name)
        return real(self, path)

    monkeypatch.setattr(UnitReader, "record", record)
    return names


def touch(path: Path) -> None:
    """Make sure that the change is seen, however fast it came."""
    info = path.stat()
    os.utime(path, ns=(info.st_atime_ns, info.st_mtime_ns + 1_000_000))


def test_one_changed_record_is_read_alone(region_copy: Path, read: list[str]) -> None:
    folder = village(region_copy)
    first = read_unit(reading(region_copy), folder, "a")
    assert isinstance(first, Bundle)
    changed = sorted((folder / "records").rglob("*.md"))[0]
    changed.write_text(changed.read_text(encoding="utf-8") + "\n补充。\n", encoding="utf-8")
    touch(changed)
    every = len(read)
    again = read_unit(reading(region_copy), folder, "b", first)
    assert every > 1
    assert read[every:] == [changed.name]
    assert said(again) == said(read_unit(reading(region_copy), folder, "b"))


def _table(folder: Path) -> None:
    path = sorted((folder / "records").rglob("*.csv"))[0]
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([*lines, lines[-1]]) + "\n", encoding="utf-8")
    touch(path)


def _unit(folder: Path) -> None:
    path = folder / "unit.yml"
    path.write_text(path.read_text(encoding="utf-8") + "# 一行说明\n", encoding="utf-8")
    touch(path)


def _gone(folder: Path) -> None:
    sorted((folder / "records").rglob("*.csv"))[0].unlink()


def _new(folder: Path) -> None:
    path = sorted((folder / "records").rglob("*.md"))[0]
    path.with_name("copy.md").write_text(path.read_text(encoding="utf-8"), encoding="utf-8")


def _removed(folder: Path) -> None:
    sorted((folder / "records").rglob("*.md"))[-1].unlink()


def _link(folder: Path) -> None:
    """A table becomes a link to another file."""
    path = sorted((folder / "records").rglob("*.csv"))[0]
    other = folder / "other.csv"
    other.write_bytes(path.read_bytes() + path.read_bytes().splitlines(keepends=True)[-1])
    path.unlink()
    path.symlink_to(other)


def _as_long_and_as_old(folder: Path) -> None:
    """A copy that keeps its times, or a clock that was set back: only the time that nobody can set tells it."""
    path = sorted((folder / "records").rglob("*.md"))[0]
    info, text = path.stat(), path.read_text(encoding="utf-8")
    time.sleep(0.05)  # the clock of the disk ticks slowly
    head, _, tail = text.rpartition("。")
    path.write_text(f"{head}！{tail}", encoding="utf-8")
    os.utime(path, ns=(info.st_atime_ns, info.st_mtime_ns))
    assert path.stat().st_size == info.st_size


_NO_SUCH_TIME = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no time that nobody can set")


@pytest.mark.parametrize("change", [_table, _unit, _gone, _new, _removed, _link, pytest.param(_as_long_and_as_old, marks=_NO_SUCH_TIME)])
def test_whatever_changes_the_same_is_read(region_copy: Path, change: Callable[[Path], None]) -> None:
    folder = village(region_copy)
    first = read_unit(reading(region_copy), folder, "a")
    assert isinstance(first, Bundle)
    change(folder)
    assert said(read_unit(reading(region_copy), folder, "b", first)) == said(read_unit(reading(region_copy), folder, "b"))


def test_many_changes_after_each_other(region_copy: Path) -> None:
    """Each reading starts from the one before it, as builds do."""
    folder = village(region_copy)
    dice = random.Random(8)
    last = None
    files = sorted(p for p in (folder / "records").rglob("*") if p.suffix in {".md", ".csv"})
    for n in range(12):
        path = dice.choice(files)
        if path.suffix == ".md":
            path.write_text(path.read_text(encoding="utf-8") + f"\n第{n}次补充。\n", encoding="utf-8")
        else:
            lines = path.read_text(encoding="utf-8").splitlines()
            path.write_text("\n".join([*lines, dice.choice(lines[1:] or lines)]) + "\n", encoding="utf-8")
        touch(path)
        made = read_unit(reading(region_copy), folder, str(n), last)
        assert isinstance(made, Bundle)
        assert said(made) == said(read_unit(reading(region_copy), folder, str(n)))
        last = made


def test_a_record_with_a_mistake_is_told_each_time(region_copy: Path, read: list[str]) -> None:
    folder = village(region_copy)
    wrong = sorted((folder / "records").rglob("*.md"))[1]
    wrong.write_text(wrong.read_text(encoding="utf-8").replace("issuer:", "issuer: nobody #"), encoding="utf-8")
    first = read_unit(reading(region_copy), folder, "a")
    assert isinstance(first, Bundle)
    before = len(read)
    again = read_unit(reading(region_copy), folder, "b", first)
    assert read[before:] == [wrong.name]
    assert said(again) == said(first)


def test_what_was_kept_by_another_program_is_read_anew(region_copy: Path, read: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    folder = village(region_copy)
    first = read_unit(reading(region_copy), folder, "a")
    assert isinstance(first, Bundle)
    every = len(read)
    monkeypatch.setattr(loading, "program_digest", lambda: "another")
    read_unit(reading(region_copy), folder, "b", first)
    assert len(read) == 2 * every
