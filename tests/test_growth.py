"""A region of any size: who goes through it part by part does not end up with all of it in memory."""

from __future__ import annotations

import datetime as dt
import gc
from collections.abc import Callable
from pathlib import Path

import pytest

from sitegen.build import Options, build
from sitegen.check import check_by_parts, partition
from sitegen.load import cache
from sitegen.load.cache import BundleCache, LazyRecords, Packed
from sitegen.machines import Processes
from sitegen.planning import ByParts
from sitegen.reasons import Reasons
from sitegen.synth import Size, write_region

DAY = dt.date(2026, 11, 24)
TOWNSHIPS, VILLAGES = 10, 20


def unpacked() -> int:
    """Of how many units the heads are in memory now."""
    return sum(type(one).__name__ == "_Heads" for one in gc.get_objects())


def test_heads_go_when_their_part_was_checked_and_planned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tmp_path / "region"
    assert write_region(root, Size(TOWNSHIPS, VILLAGES, 62, rows=2)) == 31
    monkeypatch.setattr(cache, "_recent", cache._Recent())
    monkeypatch.setattr(cache, "_HEADS", 0)
    monkeypatch.setattr(partition, "_SMALL", 0)
    gc.collect()
    gc.disable()  # nothing that leads back to itself may hold a part until the collector comes by
    try:
        before = unpacked()
        found = check_by_parts(root, DAY)
        checked = unpacked() - before
        planned = [unpacked() - before for _ in ByParts(found.cuts, DAY, BundleCache(root)).plans(lambda *_: False)]
    finally:
        gc.enable()
    part = 1 + VILLAGES // TOWNSHIPS
    assert len(planned) == TOWNSHIPS + 1
    assert 0 < checked <= 2 * part + 2  # two parts, the county, and the unit looked at last
    assert max(planned) <= 3 * part + 2


def test_who_holds_heads_at_one_time_holds_the_same_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tmp_path / "region"
    write_region(root, Size(1, 2, 8, rows=2))
    region = check_by_parts(root, DAY).region
    unit = next(u for u in region.units.values() if u.folder.endswith("v001"))
    assert isinstance(unit.records, LazyRecords)
    held = unit.records.passing()
    monkeypatch.setattr(cache, "_recent", cache._Recent())
    assert all(a is b for a, b in zip(held, unit.records.passing(), strict=True))
    assert all(a is b for a, b in zip(held, unit.records, strict=True))  # and whoever keeps them keeps these
    again = LazyRecords(Packed(unit.records.packed.read()))
    assert list(again) == list(held)


def test_reasons_are_told_as_they_were_given() -> None:
    reasons = Reasons()
    reasons.put("230198101202", {"site/": ("new",)})
    reasons.put("230198101201", {"site/r/1/": ("shows content", "frame"), "q/X/": ("new",)})
    assert dict(reasons) == {
        "230198101201": {"site/r/1/": ("shows content", "frame"), "q/X/": ("new",)},
        "230198101202": {"site/": ("new",)},
    }
    assert list(reasons) == ["230198101201", "230198101202"]
    assert "230198101203" not in reasons


def test_processes_that_know_nothing_build_the_same(region: Callable[..., Path], tmp_path: Path) -> None:
    root = region()
    trees = []
    for name, machines in (("copies", Processes(2)), ("clean", Processes(2, clean=True))):
        assert build(Options(root, tmp_path / name, DAY, machines=machines)).built
        trees.append({p.relative_to(tmp_path / name): p.read_bytes() for p in (tmp_path / name).glob("ce.example.cn/**/*") if p.is_file()})
    assert trees[0]
    assert trees[0] == trees[1]
