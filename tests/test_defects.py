"""Known defects, planted by editing files, are found: each at its place, once, and nothing else."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bench.defects import Tally, at_place, bench
from tests.bench.defects_plan import KINDS, Planted

BENCH = Path(__file__).parent / "bench"


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Tally], list[str]]:
    """One seed, as ``python -m tests.bench.defects --seeds 1 --first-seed 1001 --defects 40``."""
    return bench(tmp_path_factory.mktemp("defects"), range(1001, 1002), 40, 1)


def test_every_planted_defect_is_found_at_its_place(result: tuple[dict[str, Tally], list[str]]) -> None:
    tallies, off = result
    assert sum(t.planted for t in tallies.values()) == 40
    assert sum(t.found for t in tallies.values()) == 40, "\n".join(off)


def test_no_defect_is_reported_twice_and_the_clean_region_has_none(result: tuple[dict[str, Tally], list[str]]) -> None:
    tallies, off = result
    assert not off, "\n".join(off)
    assert not any(t.extra for t in tallies.values())


def test_the_bench_knows_nothing_of_the_checks() -> None:
    modules = sorted(BENCH.glob("defects*.py"))
    assert len(modules) >= 6
    assert not [name for path in modules for name in _imported(path) if name.split(".")[:2] == ["sitegen", "check"]]


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_a_finding_elsewhere_or_of_another_kind_does_not_count() -> None:
    planted = Planted(("SG502", "SG211"), (("a.csv", 3),), "a cell")
    found = {"code": "SG502", "file": "a.csv", "line": 3, "message": "differs from b.csv:7"}
    assert at_place(planted, found)
    assert at_place(planted, {**found, "file": "b.csv", "line": 7, "message": "differs from a.csv:3: …"})
    assert not at_place(planted, {**found, "line": 4})
    assert not at_place(planted, {**found, "file": "b.csv", "line": 7, "message": "differs from a.csv:31: …"})
    assert not at_place(planted, {**found, "code": "SG207"})


def test_all_families_of_checks_have_kinds() -> None:
    assert len(KINDS) > 90
