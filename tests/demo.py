"""The demo county, built once per test run and shared by all workers."""

from __future__ import annotations

import datetime as dt
import time
from pathlib import Path

from msgspec import Struct

from sitegen.build import Options, Result, build
from sitegen.printing import Order, print_sheets

ROOT = Path(__file__).parent.parent
DAY = dt.date(2026, 11, 24)


class Demo(Struct, frozen=True):
    """Where the built demo lies."""

    public: Path
    sheets: Path


def demo(shared: Path) -> Demo:
    """Build the demo into ``shared`` unless another worker has or is about to."""
    made = Demo(shared / "public", shared / "print-out")
    done = shared / "done"
    try:
        shared.mkdir(parents=True)
    except FileExistsError:
        while not done.exists():
            time.sleep(0.2)
        assert done.read_text() == "whole", "another worker could not build the demo"
        return made
    said = "broken"
    try:
        result: Result = build(Options(ROOT, made.public, DAY, jobs=2))
        assert not result.refused, [f.message("en") for f in result.findings][:5]
        print_sheets(Order(ROOT, made.sheets, DAY, jobs=2))
        said = "whole"
    finally:  # or the other workers would wait for ever
        done.write_text(said)
    return made
