"""A new region and a synthetic one: both are in the documented formats, clean, and build."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from click.testing import CliRunner

from sitegen.build import Options, build
from sitegen.check import load_and_check
from sitegen.cli import main
from sitegen.load.region import load_region
from sitegen.scaffold import NotPossible, start_region
from sitegen.synth import Size, write_region

DAY = dt.date(2026, 11, 24)


def findings(root: Path) -> list[str]:
    return [f"{f.file}:{f.line} {f.code} {f.message('en')}" for f in load_and_check(root, DAY, cache=False).findings]


def test_a_new_region_is_clean_and_builds(tmp_path: Path) -> None:
    root = tmp_path / "mine"
    made = start_region(root, "新县", "230199", "gk.xin.example.cn", DAY)
    assert all(path.exists() for path in made)
    assert findings(root) == []
    result = build(Options(root, tmp_path / "public", DAY))
    assert len(result.built) == 3
    village = tmp_path / "public" / "gk.xin.example.cn" / "shili-zhen" / "shili-cun"
    assert list((village / "r").iterdir())  # the village's part of the township's list


@pytest.mark.parametrize(("code", "host"), [("23019", "a.example.cn"), ("230199101000", "a.example.cn"), ("230199", "https://")])
def test_a_new_region_asks_for_what_makes_sense(code: str, host: str, tmp_path: Path) -> None:
    with pytest.raises(NotPossible):
        start_region(tmp_path / "mine", "新县", code, host, DAY)
    assert not (tmp_path / "mine").exists()


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "kept.txt").write_text("mine")
    for args in (
        ["new", "region", str(tmp_path), "--name", "新县", "--code", "230199", "--host", "a.example.cn"],
        ["synth", str(tmp_path)],
    ):
        result = CliRunner().invoke(main, ["--lang", "zh", *args])
        assert result.exit_code == 2
        assert "不是空的" in result.output
    assert [p.name for p in tmp_path.iterdir()] == ["kept.txt"]


def test_a_synthetic_region_has_the_size_asked_for_and_is_clean(tmp_path: Path) -> None:
    assert write_region(tmp_path / "r", Size(2, 5, 90)) == 8
    region = load_region(tmp_path / "r", cache=False)
    assert len(region.units) == 8
    assert sum(len(u.records) for u in region.units.values()) == 90
    assert findings(tmp_path / "r") == []


def test_the_same_seed_writes_the_same_region(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_region(tmp_path / name, Size(1, 2, 12), seed=7)
    one = {p.relative_to(tmp_path / "one"): p.read_bytes() for p in (tmp_path / "one").rglob("*") if p.is_file()}
    two = {p.relative_to(tmp_path / "two"): p.read_bytes() for p in (tmp_path / "two").rglob("*") if p.is_file()}
    assert one == two
