"""Only ``release``, ``print --final`` and ``ledger merge`` write ledgers; whatever else is run leaves every byte as it was."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from sitegen import ledger as files
from sitegen.cli import main
from tests.ledger.county import LIST, VILLAGES, County

EAST, _ = VILLAGES


@pytest.fixture
def county(tmp_path: Path) -> County:
    """Released, printed, and changed since."""
    county = County.start(tmp_path / "region")
    county.edit(f"{VILLAGES[EAST]}/unit.yml", "site:", "boards: [{id: main, place: 村部, slots: [{id: A1}]}]\nsite:")
    county.release()
    county.print_all()
    county.edit(f"{LIST}.csv", "合计,,,38.50,2733.50\n", "")
    county.edit(f"{LIST}.csv", "745.50", "745.00")
    (county.root / "publish.yml").write_text("targets:\n  - {id: www, host: ce.example.cn, to: ../www}\n", encoding="utf-8")
    return county


def kept(county: County) -> dict[str, bytes]:
    """Ledgers and the contents beside them, byte for byte."""
    found = [*county.root.rglob(files.FILE), *county.root.rglob(f"{files.OBJECTS}/*")]
    return {p.relative_to(county.root).as_posix(): p.read_bytes() for p in found if p.is_file()}


def test_nothing_else_writes_a_ledger(county: County, tmp_path: Path) -> None:
    before = kept(county)
    assert before
    village = "东街村"
    commands = (
        "check", "due", f"next --unit {village}", "build -j 1", "build -j 1 --force", "print -j 1", "print -j 1 --poster", "publish", f"board plan {village}",
        f"board list {village}", f"board sign {village} -o {tmp_path}/sign.pdf", f"broadcast {village}", f"message {village}",
        f"slides {village} -o {tmp_path}/slides", f"kiosk {village} -o {tmp_path}/kiosk", "verify --ledger-only", f"ledger show {village}", "release --dry-run",
    )  # fmt: skip
    for command in commands:
        done = CliRunner().invoke(main, ["-C", str(county.root), "--lang", "en", "--date", "2026-11-24", *command.split()])
        assert done.exit_code in (0, 1), f"{command}: {done.output}"
        assert kept(county) == before, command
    county.release(why="更正金额")
    assert kept(county) != before
