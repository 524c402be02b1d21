"""Planning by parts gives what planning the whole region gives, and looks only at what a change concerns."""

from __future__ import annotations

import datetime as dt
import random
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from sitegen import code
from sitegen.build import Options, build
from sitegen.check import check_by_parts
from sitegen.load import database
from sitegen.load.cache import BundleCache
from sitegen.model.holding import quarantine
from sitegen.model.linking import find_matters
from sitegen.model.views import UnitView
from sitegen.planning import ByParts, Clash, Known, Whole
from tests.demo import DAY, ROOT


def whole(root: Path) -> dict[str, Known]:
    region = check_by_parts(root, DAY).region
    planning = Whole(region, find_matters(region), DAY, None, {})
    list(planning.plans(lambda *_: False))
    return planning.known


def by_parts(root: Path) -> tuple[dict[str, Known], list[str]]:
    """What is known of every unit, and which units were planned for it."""
    planning = ByParts(check_by_parts(root, DAY).cuts, DAY, BundleCache(root))
    planned = [code for plan in planning.plans(lambda *_: True) for code in plan.views]
    return planning.known, planned


def demo(folder: Path) -> Path:
    root = folder / "demo"
    root.mkdir()
    for name in ("content", "villages"):
        shutil.copytree(ROOT / name, root / name)
    for name in ("region.yml", "calendar.yml", "milestones.yml"):
        if (ROOT / name).exists():
            shutil.copy(ROOT / name, root / name)
    return root


def other_day(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r"published: (\d+-\d+)-\d+", r"published: \1-03", text, count=1), encoding="utf-8")


def other_title(path: Path) -> None:
    path.write_text(path.read_text(encoding="utf-8").replace("title: ", "title: 关于", 1), encoding="utf-8")


def gone(path: Path) -> None:
    for one in path.parent.glob(f"{path.stem}.*"):
        one.unlink()


def twice(path: Path) -> None:
    for one in path.parent.glob(f"{path.stem}.*"):
        shutil.copy(one, one.with_name(f"2026-0999{one.suffix}"))


def renamed(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    path.with_name("2026-0998.md").write_text(text.replace("---\n", f"---\nformerly: [{path.stem}]\n", 1), encoding="utf-8")
    path.unlink()


def test_the_demo_is_planned_alike_through_one_change_after_another(tmp_path: Path) -> None:
    root = demo(tmp_path)
    known, planned = by_parts(root)
    assert len(planned) == len(known) == 17
    assert known == whole(root)
    assert by_parts(root) == (known, [])
    chance = random.Random(11)
    for change, where in (
        (other_day, "villages/*/*/records/*.md"),
        (other_title, "content/townships/*/records/*.md"),
        (gone, "villages/*/*/records/*.md"),
        (twice, "content/county/records/*.md"),
        (renamed, "villages/*/*/records/*.md"),
        (other_title, "villages/*/*/services/*.md"),
        (other_title, "content/county/records/*.md"),
    ):
        path = chance.choice(sorted(root.glob(where)) or sorted(root.glob("villages/*/*/records/*.md")))
        change(path)
        assert by_parts(root)[0] == whole(root), f"{change.__name__} {path}"


def test_a_villages_record_is_no_matter_for_other_townships(tmp_path: Path) -> None:
    root = demo(tmp_path)
    by_parts(root)
    other_title(root / "villages" / "qinghe-zhen" / "dahe" / "records" / "2026-0006.md")
    _, planned = by_parts(root)
    townships = {c[:9] for c in planned if not c.endswith("000000")}
    assert townships == {"230170101"}


def test_what_every_unit_shows_of_another_is_seen_by_all(region: Callable[..., Path]) -> None:
    root = region()
    before, _ = by_parts(root)
    unit = next(p for p in sorted(root.glob("villages/*/*/unit.yml")))
    unit.write_text(re.sub(r"(?m)^name: (.*)$", r"name: 新\1", unit.read_text(encoding="utf-8"), count=1), encoding="utf-8")
    after, planned = by_parts(root)
    assert set(planned) == set(after)
    assert after == whole(root)
    assert after != before


def test_units_that_would_get_one_code_apart_are_planned_together(
    region: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(code, "propose", lambda unit, record, attempt=0: f"{attempt:010}")
    root = region()
    townships = root / "content" / "townships"
    shutil.copytree(townships / "heping", townships / "xinhe")
    unit = townships / "xinhe" / "unit.yml"
    text = unit.read_text(encoding="utf-8").replace("230198101000", "230198102000").replace("和平", "新和").replace("/heping/", "/xinhe/")
    unit.write_text(text, encoding="utf-8")
    with pytest.raises(Clash):
        by_parts(root)
    made = build(Options(root, tmp_path / "public", dt.date(2026, 11, 24)))
    assert not made.refused
    codes = [p.parent.name for p in (tmp_path / "public").glob("*/Q/*/index.html")]
    assert codes
    assert len({c.partition("-")[0] for c in codes}) == len({c for k in whole(root).values() for c in k.facts.codes})


def test_kept_plans_that_are_damaged_are_made_again(tmp_path: Path) -> None:
    root = demo(tmp_path)
    known, _ = by_parts(root)
    database._known().pop(BundleCache(root).database.path).close()
    files = sorted(BundleCache(root).folder.glob("loaded.sqlite*"))
    assert sum(path.stat().st_size for path in files) > 100_000
    for path in files:
        data = path.read_bytes()
        path.write_bytes(data[: len(data) // 2])
    assert by_parts(root)[0] == known


def test_what_is_held_back_is_planned_alike(tmp_path: Path) -> None:
    root = demo(tmp_path)
    before: dict[str, UnitView] = {}
    for made in ByParts(check_by_parts(root, DAY).cuts, DAY, BundleCache(root)).plans(lambda *_: False):
        before |= made.views
    chance = random.Random(5)
    for path in chance.sample(sorted([*root.glob("villages/*/*/records/*.csv"), *root.glob("content/*/**/records/*.csv")]), 12):
        text = path.read_text(encoding="utf-8")
        head, _, rows = text.partition("\n")
        path.write_text(head + "\n" + rows.translate(str.maketrans("1234567", "2345671")), encoding="utf-8")
    next(iter(sorted(root.glob("content/townships/*/records/*.md")))).write_text("---\nid: [\n---\n", encoding="utf-8")
    found = check_by_parts(root, DAY)
    matters = find_matters(found.region)
    held, why = quarantine(found.region, matters, found.findings)
    assert len(held.refs) > 5
    assert held.files
    assert quarantine(found.region, None, found.findings) == (held, why)
    planned = []
    for previous in (before, {}):
        all_ = Whole(found.region, matters, DAY, held, previous)
        apart = ByParts(found.cuts, DAY, BundleCache(root), held, previous)
        for one in (all_, apart):
            list(one.plans(lambda *_: False))
        assert apart.known == all_.known
        planned.append(apart.known)
    assert planned[0] != planned[1]
    assert sorted(held.refs)[0] in {name for name, _ in why}
