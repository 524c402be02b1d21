"""Coverage: what each unit owes, what it has shown, and what does not apply to it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sitegen.check.coverage import Coverage, coverage
from sitegen.load.region import load_region
from sitegen.model.catalog import Adjustment
from sitegen.model.unit import is_within
from tests.demo import ROOT

Make = Callable[..., Path]
COUNTY, TOWNSHIP, EAST, WEST = "230198000000", "230198101000", "230198101201", "230198101202"
FIELDS = "content/catalog/fields/01-butie.yml"


def by_place(root: Path) -> dict[tuple[str, str], Coverage]:
    return {(c.unit, c.field): c for c in coverage(load_region(root, cache=False))}


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_what_is_owed_is_divided_into_what_is_there_and_what_is_not(region: Make) -> None:
    covered = by_place(region())
    assert set(covered) == {(COUNTY, "BT"), (TOWNSHIP, "BT"), (EAST, "CW"), (WEST, "CW")}
    assert covered[COUNTY, "BT"] == Coverage(COUNTY, "BT", (), ("BT-01", "BT-02"), ())
    assert covered[TOWNSHIP, "BT"] == Coverage(TOWNSHIP, "BT", ("BT-01",), ("BT-02",), ())


def test_what_is_derived_for_a_village_counts(region: Make) -> None:
    covered = by_place(region())
    assert covered[EAST, "CW"].present == ("CW-01", "CW-02")
    assert covered[WEST, "CW"] == Coverage(WEST, "CW", ("CW-01",), ("CW-02",), ())


def test_what_nobody_may_see_does_not_count(region: Make) -> None:
    root = region()
    replace(root / "content/townships/heping/records/2026-0001.md", "attribute: 主动公开", "attribute: 依申请公开")
    covered = by_place(root)
    assert covered[TOWNSHIP, "BT"].present == ()
    assert covered[WEST, "CW"].present == ()


def test_what_is_given_on_request_is_not_owed(region: Make) -> None:
    root = region()
    replace(root / FIELDS, "    name: 补贴政策\n", "    name: 补贴政策\n    method: 依申请\n")
    assert by_place(root)[COUNTY, "BT"].missing == ("BT-01",)


@pytest.mark.parametrize(("unit", "excused"), [(COUNTY, {COUNTY, TOWNSHIP}), (TOWNSHIP, {TOWNSHIP}), (EAST, set())])
def test_an_adjustment_excuses_its_unit_and_those_below(unit: str, excused: set[str], region: Make) -> None:
    root = region()
    text = f'    name: 补贴政策\n    adjustments: [{{unit: "{unit}", change: 不适用, why: 由市里公布, reviewer: 公开办, on: 2026-02-10}}]\n'
    replace(root / FIELDS, "    name: 补贴政策\n", text)
    covered = by_place(root)
    assert {code for code in (COUNTY, TOWNSHIP) if covered[code, "BT"].excused == ("BT-02",)} == excused
    assert all("BT-02" not in covered[code, "BT"].missing for code in excused)


def test_other_adjustments_excuse_nothing() -> None:
    def change(words: str) -> bool:
        return Adjustment(unit=EAST, change=words, why="…", reviewer="…", on="2026-02-10").excuses  # type: ignore[arg-type]

    assert change("不适用")
    assert change("不涉及：本村没有水库移民")
    assert not change("公开时限缩短为10个工作日")


def test_a_unit_is_within_itself_and_those_above() -> None:
    units = (COUNTY, TOWNSHIP, EAST, "230198102000", "230198102201")
    assert {(a, b) for a in units for b in units if is_within(a, b)} == {
        *((u, u) for u in units),
        *((u, COUNTY) for u in units),
        (EAST, TOWNSHIP),
        ("230198102201", "230198102000"),
    }


def test_every_item_of_a_level_is_counted_once_for_each_of_its_units() -> None:
    region = load_region(ROOT)
    covered = coverage(region)
    for unit in region.units.values():
        owed = {i.id for i in region.catalog.items.values() if unit.level in i.levels and i.method == "主动"}
        counted = [id for c in covered if c.unit == unit.code for id in (*c.present, *c.missing, *c.excused)]
        assert sorted(counted) == sorted(owed)
