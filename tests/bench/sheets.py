"""Set N sheets of a region in one process: ``python -m tests.bench.sheets REGION N``."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

from sitegen.contents import fill, job
from sitegen.load.region import load_region
from sitegen.model.linking import find_matters
from sitegen.sheet import Format, render, sheet_spec
from sitegen.view import plan


def main() -> None:
    """Render and throw away."""
    root, count = Path(sys.argv[1]), int(sys.argv[2])
    region = load_region(root)
    made = plan(region, find_matters(region), dt.date(2026, 11, 24))
    left = count
    for code in made.views:
        view = fill(job(region, made, code), region.catalog)
        for record in view.records:
            if left == 0:
                return
            spec = sheet_spec(view, record)
            if spec is not None:
                render(spec, Format("A3"), root)
                left -= 1


if __name__ == "__main__":
    main()
