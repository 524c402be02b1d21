"""How many files a site is: cheap hosting counts them, and a record may cost few."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from sitegen.build import Options, build
from sitegen.cli import main
from tests.demo import DAY

SMALL, LARGE = 200, 400


def published(public: Path) -> list[Path]:
    """Every file that would be uploaded."""
    return [p for host in public.iterdir() if not host.name.startswith(".") for p in host.rglob("*") if p.is_file()]


def records(files: list[Path]) -> int:
    """How many records' pages are among them."""
    return sum(p.name == "index.html" and p.parent.parent.name == "r" for p in files)


@pytest.fixture(scope="module")
def counties(tmp_path_factory: pytest.TempPathFactory) -> dict[int, tuple[int, int]]:
    """Files and records of one synthetic county with few and with many records in the same units."""
    made = {}
    for count in (SMALL, LARGE):
        folder = tmp_path_factory.mktemp(f"county-{count}")
        options = ["--townships", "1", "--villages", "4", "--records", str(count)]
        done = CliRunner().invoke(main, ["synth", str(folder / "region"), *options])
        assert done.exit_code == 0, done.output
        assert not build(Options(folder / "region", folder / "public", DAY, jobs=2)).refused
        files = published(folder / "public")
        made[count] = (len(files), records(files))
    return made


def test_a_county_has_at_most_six_files_a_record_in_all(counties: dict[int, tuple[int, int]]) -> None:
    files, found = counties[LARGE]
    assert found >= LARGE
    assert files <= 6 * found


def test_a_further_record_costs_at_most_five(counties: dict[int, tuple[int, int]]) -> None:
    """Its page, its code and revision, its table in three forms where it has one, its share of lists and of the index."""
    (few, some), (many, more) = counties[SMALL], counties[LARGE]
    assert (many - few) / (more - some) <= 5
