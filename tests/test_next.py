"""``sitegen next``: five lines, the most urgent first, each with its command; ``sitegen demo`` has something to do."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from click.testing import CliRunner

from sitegen.check import load_and_check
from sitegen.cli import main
from sitegen.load.region import load_region
from sitegen.playground import make_playground
from sitegen.scaffold import NotPossible
from sitegen.today import Rank, part_of, steps

DAY = dt.date(2026, 11, 24)
DAHE = "230170101201"


def next_(root: Path, *args: str, date: str = "2026-11-24") -> list[str]:
    result = CliRunner().invoke(main, ["-C", str(root), "--date", date, "--lang", "zh", "next", *args])
    assert result.exit_code == 0, result.output
    return result.output.splitlines()[1:]


@pytest.fixture
def playground(tmp_path: Path) -> Path:
    make_playground(tmp_path / "region", DAY)
    return tmp_path / "region"


@pytest.mark.parametrize("day", [dt.date(2026, 11, 24), dt.date(2026, 1, 3), dt.date(2026, 10, 2)])
def test_the_playground_is_clean_on_any_day_and_leaves_something_to_do(tmp_path: Path, day: dt.date) -> None:
    made = make_playground(tmp_path / "region", day)
    assert [f.code for f in load_and_check(made.folder, day, cache=False).findings if f.severity.value != "info"] == []
    assert made.sheets >= 9
    assert made.workbook.is_file()
    found = steps(part_of(load_region(made.folder, cache=False), DAHE, day))
    assert {s.rank for s in found} >= {Rank.BOARD, Rank.RELEASE}
    with pytest.raises(NotPossible):
        make_playground(tmp_path / "region", day)


def test_the_clerk_is_told_what_to_take_down_release_and_publish(playground: Path) -> None:
    told = next_(playground, "--unit", "大河村")
    assert len(told) == 3
    assert "取下" in told[0]
    assert told[1].endswith(f"sitegen release {DAHE} --record 2026-0004")
    assert "--result-of 2026-0002" in told[2]


def test_what_is_told_can_be_done_as_it_is_told(playground: Path) -> None:
    line = next(t for t in next_(playground, "--unit", DAHE) if "sitegen release" in t)
    command = line.partition("sitegen ")[2].split()
    assert CliRunner().invoke(main, ["-C", str(playground), "--date", "2026-11-24", *command, "--yes"]).exit_code == 0
    assert not any("sitegen release" in t for t in next_(playground, "--unit", DAHE))


def test_an_identity_number_stands_above_all_else(playground: Path) -> None:
    path = playground / "villages/qinghe-zhen/dahe/records/2026-0004.md"
    path.write_text(path.read_text(encoding="utf-8") + "\n王某，身份证号 11010119900307793X。\n", encoding="utf-8")
    told = next_(playground, "--unit", DAHE)
    assert told[0].startswith("1. 改正《大河村院内路灯维修情况公开》")
    assert "19900307" not in "".join(told)


def test_what_is_overdue_stands_before_what_is_to_come_and_five_lines_suffice(playground: Path) -> None:
    told = next_(playground, "--unit", DAHE, date="2027-02-10")
    assert len(told) <= 6
    overdue = [n for n, t in enumerate(told) if "已过期" in t]
    coming = [n for n, t in enumerate(told) if "最迟" in t]
    assert overdue
    assert not coming or max(overdue) < min(coming)
    assert len(next_(playground, "--unit", DAHE, "--all", date="2027-02-10")) >= len(told) - 1


def test_a_unit_must_be_named_where_several_could_be_meant(playground: Path) -> None:
    result = CliRunner().invoke(main, ["-C", str(playground), "--lang", "zh", "next"])
    assert result.exit_code == 2
    assert "大河村" in result.output
