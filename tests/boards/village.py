"""A village with a board, in the small county: 东街村 with a resolution of its own and its part of the township's list."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from click.testing import CliRunner, Result

from sitegen.cli import main
from tests.ledger.county import LIST, VILLAGES, County

EAST = "230198101201"
DURING, AFTER = dt.date(2026, 5, 10), dt.date(2026, 5, 20)
"""A day in the list's posting period (8 to 15 May), and one after it."""
HOST = "HTTPS://CE.EXAMPLE.CN/Q"
BOARDS = """boards:
  - id: main
    place: 村委会院内
    slots: [{id: A1, topic: 村务}, {id: A2, topic: 补贴}]
  - id: gate
    place: 村口
    slots: [{id: B1, paper: A4, topic: 通知}]
"""
RESOLUTION = "villages/heping/dongjie/records/2026-0001.md"


def village(root: Path, day: dt.date = DURING, boards: str = BOARDS) -> County:
    """The county on a day, with boards at 东街村."""
    county = County.start(root)
    county.day = day
    unit = county.root / VILLAGES[EAST] / "unit.yml"
    unit.write_text(unit.read_text(encoding="utf-8") + boards, encoding="utf-8")
    return county


def codes(county: County) -> tuple[str, str]:
    """Codes of the resolution and of the village's part of the list."""
    ref = "230198101000/" + LIST.rpartition("/")[2]
    return county.code_of(EAST, "2026-0001"), county.code_of(EAST, ref)


def run(county: County, *args: str, lang: str = "en") -> Result:
    """The command line, on the county's day."""
    words = ["-C", str(county.root), "--date", county.day.isoformat(), "--lang", lang, *args]
    return CliRunner().invoke(main, words, catch_exceptions=False)
