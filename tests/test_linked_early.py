"""Units are linked into the trees of new hosts while others are still rendered: faster, and never another site than without."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest

from sitegen import build as building
from sitegen.build import Options, build
from sitegen.flat import Flat
from sitegen.linker import EARLY, Early, Linker, Part, Trees
from sitegen.model.base import Level
from sitegen.model.unit import UnitLink
from sitegen.site.hosts import Hosted

DAY = dt.date(2026, 5, 10)


def files(out: Path) -> dict[str, bytes]:
    return {p.relative_to(out).as_posix(): p.read_bytes() for p in out.rglob("*") if p.is_file() and ".store" not in p.parts}


def rubbish(out: Path) -> list[Path]:
    store = out / ".store"
    return [*store.glob(f"{EARLY}*"), *store.glob("tree-*")]


@pytest.fixture
def changes(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Part, ...]]:
    """What trees were made of already, each time when they were brought up to date."""
    seen: list[tuple[Part, ...]] = []
    real = Linker.change

    def change(self: Linker, base: tuple[Part, ...], wanted: tuple[Part, ...]) -> None:
        seen.append(base)
        real(self, base, wanted)

    monkeypatch.setattr(Linker, "change", change)
    return seen


def test_what_was_linked_early_is_not_linked_again(region: Callable[..., Path], tmp_path: Path, changes: list[tuple[Part, ...]]) -> None:
    root = region()
    one = build(Options(root, tmp_path / "one", DAY))
    assert not any(base and all(folder.startswith("units/") for _, folder in base) for base in changes)
    changes.clear()
    two = build(Options(root, tmp_path / "two", DAY, jobs=2))
    assert {folder.split("/")[1] for base in changes for _, folder in base if folder.startswith("units/")} == set(two.built)
    assert one.pages == two.pages
    assert files(tmp_path / "one") == files(tmp_path / "two")
    assert all(p.stat().st_nlink > 1 for p in (tmp_path / "two").glob("*/**/index.html"))
    assert rubbish(tmp_path / "two") == []


def test_a_tree_that_somebody_left_half_linked_is_made_from_nothing(
    region: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, changes: list[tuple[Part, ...]]
) -> None:
    """As when a worker is killed while it links, and another does its unit again."""
    root = region()
    build(Options(root, tmp_path / "one", DAY))
    changes.clear()
    real = Early.of
    lost: list[str] = []

    def of(self: Early, one: Hosted, key: str) -> Trees:
        trees = real(self, one, key)
        if one.host not in lost:
            lost.append(one.host)
            host, part = next((host, part) for host, part in trees.parts if host == one.host)
            before = Trees(trees.store, trees.run, ((host, part),))
            before.link()  # of a unit that is not there: begun, and not done
            Path(before.of(host), "tree", "rest").write_text("half", encoding="utf-8")
        return trees

    monkeypatch.setattr(building.Early, "of", of)
    build(Options(root, tmp_path / "two", DAY, jobs=2))
    assert lost
    assert not any(folder.startswith("units/") for base in changes if base for _, folder in base[:1])
    assert files(tmp_path / "one") == files(tmp_path / "two")
    assert rubbish(tmp_path / "two") == []


def test_what_a_killed_build_had_begun_is_gone_after_the_next(region: Callable[..., Path], tmp_path: Path) -> None:
    root, out = region(), tmp_path / "out"
    left = out / ".store" / f"{EARLY}01234567-gone.example.cn/tree"
    left.mkdir(parents=True)
    (out / ".store/tree-gone.example.cn").mkdir()
    build(Options(root, out, DAY, jobs=2))
    assert rubbish(out) == []


def test_one_address_for_two_is_left_to_whoever_assembles(tmp_path: Path) -> None:
    early = Early(tmp_path, frozenset({"old.example.cn"}))
    for code, host in (("1", "one.example.cn"), ("2", "two.example.cn"), ("3", "two.example.cn"), ("4", "old.example.cn")):
        flat = Flat(tmp_path / f"units/{code}/k/site")
        flat.write("r/a/index.html", code)
        flat.close()
        unit = UnitLink(code, code, Level.VILLAGE, f"https://{host}/")
        early.of(Hosted(unit, (), host, "", (), (), None, cast(Any, None), ""), "k").link()
    assert early.linked() == {"one.example.cn": (("", "units/1/k/site"),)}
    assert (tmp_path / "tree-one.example.cn/r/a/index.html").read_text(encoding="utf-8") == "1"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["tree-one.example.cn", "units"]
