"""Checking by parts finds what checking the whole finds, and looks only at what a change concerns."""

from __future__ import annotations

import datetime as dt
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from sitegen.check import check_by_parts, load_and_check, parts
from tests.check.test_counterparts import FRONT, LIST, OWN, OWN_HEAD, ROWS, edit, with_own
from tests.demo import DAY, ROOT

BROKEN = ROOT / "tests" / "data" / "broken"
KINDS = sorted(p.name for p in BROKEN.iterdir() if p.is_dir() and p.name not in ("no-region",))


def by_parts(root: Path, day: dt.date = DAY) -> list[str]:
    return [f"{f.sort_key} {f.unit}" for f in check_by_parts(root, day).findings]


def whole(root: Path, day: dt.date = DAY) -> list[str]:
    return [f"{f.sort_key} {f.unit}" for f in load_and_check(root, day, cache=False).findings]


@pytest.mark.parametrize("kind", KINDS)
def test_every_broken_region_is_judged_alike(kind: str, region: Callable[..., Path]) -> None:
    root = region(kind)
    try:
        wanted = whole(root)
    except Exception:
        pytest.skip("nothing can be loaded")
    assert by_parts(root) == wanted
    assert by_parts(root) == wanted  # and again, from what was kept


def test_the_demo_with_many_slips_is_judged_alike(tmp_path: Path) -> None:
    root = tmp_path / "demo"
    root.mkdir()
    for name in ("content", "villages"):
        shutil.copytree(ROOT / name, root / name)
    for name in ("region.yml", "calendar.yml"):
        if (ROOT / name).exists():
            shutil.copy(ROOT / name, root / name)
    assert by_parts(root) == whole(root) == []
    chance = random.Random(7)
    tables = sorted([*root.glob("villages/*/*/records/*.csv"), *root.glob("content/*/**/records/*.csv")])
    for path in chance.sample(tables, 25):
        lines = path.read_text(encoding="utf-8").split("\n")
        n = chance.randrange(1, len(lines) - 1)
        lines[n] = lines[n].translate(str.maketrans("12345", "23451"))
        path.write_text("\n".join(lines), encoding="utf-8")
    wanted = whole(root)
    assert len(wanted) > 15
    assert by_parts(root) == wanted
    # One more change after another, each seen.
    for path in chance.sample(tables, 6):
        path.write_text(path.read_text(encoding="utf-8").replace(".00", ".01", 1), encoding="utf-8")
        assert by_parts(root) == whole(root)


def test_only_the_part_concerned_is_looked_at_again(region: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    root = with_own(region(), ROWS, FRONT)
    assert by_parts(root) == []
    judged: list[list[str]] = []
    real = parts._judge
    monkeypatch.setattr(parts, "_judge", lambda cuts, part, day: judged.append(sorted(part.own)) or real(cuts, part, day))
    assert by_parts(root) == []
    assert judged == []
    edit(root, OWN, "745.50", "745.00")
    (said,) = by_parts(root)
    assert OWN in said
    assert LIST in said
    assert judged == [["230198101000"], ["230198101201"]]  # its other village has no part in it
    edit(root, OWN_HEAD, "见表。", "见下表。")
    assert len(by_parts(root)) == 1
    assert judged[2:] == [["230198101000"], ["230198101201"]]


def test_a_record_that_was_not_understood_is_known_to_every_part(tmp_path: Path) -> None:
    """Of what it is nobody knows, so that nothing is said to be missing that it may be; and a note may name a list of another township."""
    root = tmp_path / "demo"
    root.mkdir()
    for name in ("content", "villages"):
        shutil.copytree(ROOT / name, root / name)
    shutil.copy(ROOT / "region.yml", root / "region.yml")
    edit(root, "content/townships/liulin/records/2026-0032.md", "item: SHJZ-06", "item: SHJZ-96")
    note = "villages/shuangquan/beishan/records/bz-2026-05.md"
    (root / note).write_text("---\nderives: 230170001000/2026-0106\n---\n已核对。\n", encoding="utf-8")
    wanted = whole(root)
    assert any("SG302" in line for line in wanted)
    assert any("SG524" in line for line in wanted)
    assert by_parts(root) == wanted
