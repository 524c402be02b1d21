"""``python -m tests.bench.additions [--records N] [--rounds N]``: what the whole disclosure site adds to a cold build, in CPU.

The same region is built with everything, and with nothing of what was added to the columns of records, lists and catalogue: no search, open
data, feeds, calendars, structured data, document lists, sitemaps, no sections for application, interpretation, participation, channels,
services, assurance and village affairs. Both by turns, each in a process of its own with an empty cache, and the least of each counts. Once
for the demo, which has something in every section, and once for a synthetic county of many records.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from unittest import mock

from sitegen.build import Options, build
from tests.bench.measure import run, sitegen
from tests.demo import DAY, ROOT

PAGES = "sitegen.site.pages"
ADDED = (
    "affair_pages",
    "committee_pages",
    "apply_pages",
    "interpretation_pages",
    "participation_pages",
    "channels_pages",
    "service_pages",
    "assurance_pages",
    "document_pages",
    "data_pages",
    "feed_pages",
)
"""Sections that were added, as functions of what makes a unit's pages."""


def main() -> None:
    """Measure and print, or build once for the measurement."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--records", type=int, default=2_000, help="of the synthetic county")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--once", nargs=3, metavar=("REGION", "OUT", "WHICH"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.once:
        region, out, which = options.once
        print(_once(Path(region), Path(out), whole=which == "whole", date=DAY))
        return
    with tempfile.TemporaryDirectory(prefix="sitegen-additions-") as name:
        folder = Path(name)
        synthetic = folder / "region"
        run(sitegen("synth", str(synthetic), "--townships", "2", "--villages", "20", "--records", str(options.records)), folder)
        for title, region in (("the demo", ROOT), (f"{options.records} synthetic records", synthetic)):
            cost = {which: min(_built(region, folder, which) for _ in range(options.rounds)) for which in ("plain", "whole")}
            print(
                f"{title}: {cost['plain']:.2f} s CPU without, {cost['whole']:.2f} s with everything: {cost['whole'] / cost['plain']:.2f} times"
            )


def _built(region: Path, folder: Path, which: str) -> float:
    """Seconds of CPU of one cold build in a process of its own."""
    out, cache = folder / "public", folder / "cache"
    for path in (out, cache):
        shutil.rmtree(path, ignore_errors=True)
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.additions", "--once", str(region), str(out), which],
        env={**os.environ, "SITEGEN_CACHE": str(cache)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(done.stderr[-2000:])
    return float(done.stdout.split()[-1])


def _once(region: Path, out: Path, *, whole: bool, date: dt.date) -> float:
    patches = [] if whole else [mock.patch(f"{PAGES}.{name}", return_value=[]) for name in ADDED]
    if not whole:
        patches += [
            mock.patch("sitegen.site.engine.beside_pages", return_value=[]),
            mock.patch("sitegen.site.engine.write_texts", lambda _view, _specs, out: out.touch()),
            mock.patch("sitegen.assemble.search_parts", return_value=()),
            mock.patch("sitegen.site.records.structured", return_value=""),
        ]
    for patch in patches:
        patch.start()
    started = time.process_time()
    result = build(Options(region, out, date, jobs=1))
    spent = time.process_time() - started
    if result.refused or not any(out.rglob("index.html")):
        sys.exit("nothing was built")
    return spent


if __name__ == "__main__":
    main()
