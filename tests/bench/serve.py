"""From saving to the browser, in ``sitegen serve``: ``python -m tests.bench.serve [REGION] [--times 20] [--only WHAT]``.

A real server and a real Chromium. A file is written, and the clock stops when the page that is open shows it.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import psutil
from playwright.sync_api import Page, sync_playwright

from sitegen.load.region import load_region
from tests.bench.measure import run, sitegen

DATE = ("--date", "2026-11-24")
_TIMEOUT = 60_000


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument(
        "region", type=Path, nargs="?", help="a region made by «sitegen synth»; it is changed (default: 45 units, made anew)"
    )
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--only", default=[""], nargs="*", help="measure what has one of these in its name")
    parser.add_argument("--settled", type=float, default=3.0, help="seconds after which everything is built; more where others work")
    parser.add_argument("--out", type=Path, help="where the sites go")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="sitegen-serve-"))
    region = options.region or folder / "region"
    try:
        if not region.exists():
            run(sitegen("synth", str(region), "--townships", "4", "--villages", "40", "--records", "4900"), folder)
        with _serving(region, options.out or folder / "public") as (url, process), sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
            page = browser.new_page()
            watch = Stopwatch(process, options.settled)
            for name, measure in _measures(region, url, page, watch).items():
                if any(one in name for one in options.only):
                    _tell(name, [watch.spent(measure, n) for n in range(-2, options.times)][2:], watch)
            browser.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _serving(region: Path, out: Path) -> Iterator[tuple[str, psutil.Process]]:
    with subprocess.Popen(
        sitegen("-C", str(region), "--lang", "en", *DATE, "serve", "--port", "0", "-o", str(out)),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    ) as process:
        assert process.stdout is not None
        url = ""
        while not url:
            line = process.stdout.readline()
            if not line:
                sys.exit("serve ended")
            url = (m[0] if (m := re.search(r"http://\S+", line)) else "").rstrip("/")
        time.sleep(3)
        try:
            yield url, psutil.Process(process.pid)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(20)


class Spent(NamedTuple):
    """What one save cost."""

    seconds: float
    """Until it was seen."""
    until_seen: float
    """Seconds of CPU until then, of the process that answers browsers and makes pages early."""
    in_all: float
    """Seconds of CPU until nothing is at work any more, with the process that builds."""


class Stopwatch:
    """Counts what the processes of ``serve`` spend from a save on."""

    def __init__(self, process: psutil.Process, settled: float) -> None:
        self.process, self.settled = process, settled
        self.begun = 0.0, 0.0

    def start(self) -> None:
        """Something is about to be saved."""
        self.begun = self._cpu(), self._cpu(children=True)

    def spent(self, measure: Callable[[int], float], n: int) -> Spent:
        """Do something for the ``n``-th time."""
        seconds = measure(n)
        seen = self._cpu() - self.begun[0]
        time.sleep(self.settled)
        return Spent(seconds, seen, self._cpu(children=True) - self.begun[1])

    def _cpu(self, *, children: bool = False) -> float:
        times = [p.cpu_times() for p in (self.process, *(self.process.children(recursive=True) if children else ()))]
        return sum(t.user + t.system for t in times)

    @property
    def memory(self) -> float:
        """MB of all processes."""
        return float(sum(p.memory_info().rss for p in (self.process, *self.process.children(recursive=True)))) / 1e6


def _tell(name: str, spent: list[Spent], watch: Stopwatch) -> None:
    wall = [s.seconds for s in spent]
    early, whole = statistics.median(s.until_seen for s in spent), statistics.median(s.in_all for s in spent)
    print(
        f"{name:<48} median {statistics.median(wall):.2f} s, worst {max(wall):.2f} s of {len(wall)}; "
        f"CPU {early:.2f} s until seen, {whole:.2f} s in all  ({watch.memory:.0f} MB)",
        flush=True,
    )


def _measures(region: Path, url: str, page: Page, watch: Stopwatch) -> dict[str, Callable[[int], float]]:
    """By what is done: a function that does it once and returns the seconds until it was seen."""
    units = load_region(region).units.values()

    def change(unit_at: int, level: str) -> Callable[[int], float]:
        unit = [u for u in units if u.level.value == level][unit_at]
        record = next(r for r in unit.records if r.front.table and not r.front.posting)
        path = region / record.file
        before = path.read_text(encoding="utf-8")
        address = f"{url}/{unit.data.site.url.split('//')[1]}r/{record.front.id.lower()}/"

        def once(n: int) -> float:
            _open(page, address)
            word = _word(n)
            return _timed(page, watch, lambda: path.write_text(f"{before}\n{word}\n", encoding="utf-8"), _shows(word))

        return once

    village = next(u for u in units if u.level.value == "village")
    home = f"{url}/{village.data.site.url.split('//')[1]}"
    record = next(r for r in village.records if r.front.table and not r.front.posting)
    head, table = region / record.file, region / record.table_file
    text, rows = head.read_text(encoding="utf-8"), table.read_text(encoding="utf-8")
    address = f"{home}r/{record.front.id.lower()}/"
    guides: dict[Path, str] = {}

    new_head, new_table = head.with_name("2026-9000.md"), table.with_name("2026-9000.csv")

    def put(title: str) -> None:
        """A new record, the newest of all."""
        made = re.sub(r"(?m)^title: .*$", f"title: {title}", re.sub(r"(?m)^id: .*$", "id: 2026-9000", text))
        made = re.sub(r"(?m)^table: .*$", "table: 2026-9000.csv", made)
        new_table.write_text(rows, encoding="utf-8")
        new_head.write_text(re.sub(r"(?m)^(formed|published): .*$", r"\1: 2026-11-20", made), encoding="utf-8")

    def take() -> None:
        new_head.unlink(missing_ok=True)
        new_table.unlink(missing_ok=True)

    def added(below: str | None) -> Callable[[int], float]:
        def new(n: int) -> float:
            take()
            time.sleep(watch.settled)
            _open(page, f"{home}{below}" if below is not None else _last_crumb(page, address))
            title = _word(n)
            return _timed(page, watch, lambda: put(title), _shows(title))

        return new

    def removed(n: int) -> float:
        title = _word(n)
        put(title)
        time.sleep(watch.settled)
        _open(page, f"{home}r/2026-9000/")
        return _timed(page, watch, take, f"!document.body.innerText.includes('{title}')")

    def row(n: int) -> float:
        _open(page, address)
        lines = rows.splitlines()
        word = _word(n)
        cells = lines[2].split(",")
        cells[0] = word
        lines[2] = ",".join(cells)
        return _timed(page, watch, lambda: table.write_text("\n".join(lines) + "\n", encoding="utf-8"), _shows(word))

    def error(n: int) -> float:
        head.write_text(text, encoding="utf-8")
        table.write_text(rows, encoding="utf-8")
        _open(page, address)
        page.wait_for_function("!document.querySelector('.sg-said[open]')", timeout=_TIMEOUT)
        time.sleep(watch.settled)
        return _timed(
            page,
            watch,
            lambda: head.write_text(text.replace("title:", "titel:", 1), encoding="utf-8"),
            "!!document.querySelector('.sg-said[open]')",
        )

    def mended(n: int) -> float:
        head.write_text(text.replace("title:", "titel:", 1), encoding="utf-8")
        _open(page, address)
        page.wait_for_function("!!document.querySelector('.sg-said[open]')", timeout=_TIMEOUT)
        time.sleep(watch.settled)
        return _timed(page, watch, lambda: head.write_text(text, encoding="utf-8"), "!document.querySelector('.sg-said[open]')")

    def unit(level: str, below: str = "") -> Callable[[int], float]:
        """The hours stand at the foot of every page."""
        one = next(u for u in units if u.level.value == level)
        place = region / one.file
        about = place.read_text(encoding="utf-8")

        def once(n: int) -> float:
            _open(page, f"{url}/{one.data.site.url.split('//')[1]}{below}")
            hours = f"周一至周五 {n % 3 + 8}:{(n * 7) % 60:02}–17:{(n * 11) % 60:02}"
            change = re.sub(r"(?m)^(\s+hours: ).*$", rf"\g<1>{hours}", about)
            return _timed(page, watch, lambda: place.write_text(change, encoding="utf-8"), f"document.body.textContent.includes('{hours}')")

        return once

    def guide(n: int) -> float:
        one = next(u for u in units if u.level.value == "township")
        path = region / one.folder / "pages" / "guide.md"
        before = guides.setdefault(path, path.read_text(encoding="utf-8"))
        _open(page, f"{url}/{one.data.site.url.split('//')[1]}guide/")
        word = _word(n)
        return _timed(page, watch, lambda: path.write_text(f"{before}\n{word}\n", encoding="utf-8"), _shows(word))

    def committee(n: int) -> float:
        _open(page, f"{home}committee/")
        word = _word(n)
        made = _COMMITTEE.replace("DUTY", word)
        return _timed(page, watch, lambda: head.parent.with_name("committee.yml").write_text(made, encoding="utf-8"), _shows(word))

    return {
        "text of a village's record, its page open": change(0, "village"),
        "text of a township's record, its page open": change(0, "township"),
        "text of the county's record, its page open": change(0, "county"),
        "a row of a village's table, the record open": row,
        "a new record, the village's list open": added("list/"),
        "that record removed, its page open": removed,
        "a new record, the village's home page open": added(""),
        "a new record, the page of its field open": added(None),
        "an error in a record's head, the record open": error,
        "the error mended": mended,
        "unit.yml of a village, its home page open": unit("village"),
        "unit.yml of a township, its home page open": unit("township"),
        "unit.yml of the county, its home page open": unit("county"),
        "unit.yml of the county, its catalogue open": unit("county", "catalog/"),
        "a text of a township (guide.md), its page open": guide,
        "committee.yml of a village, its page open": committee,
    }


_COMMITTEE = """term: 2024年12月至2029年12月
meets: 每月5日，在村部会议室
members:
  - {post: 主任, name: 王*玉}
  - {post: 委员, name: 董*国}
  - {post: 委员, name: 卢*勤}
duties:
  - DUTY
reviews: []
"""


def _last_crumb(page: Page, address: str) -> str:
    """The list in which a record stands."""
    page.goto(address, timeout=_TIMEOUT)
    return str(page.eval_on_selector(".crumbs li:last-child a", "a => a.href"))


def _shows(word: str) -> str:
    return f"document.body.innerText.includes('{word}')"


def _word(n: int) -> str:
    """Something that stands nowhere else."""
    return "改" + "".join(chr(0x4E00 + 64 * (ord(c) - 40) + n % 64) for c in f"{n + 500:03}{time.time_ns() % 100_000:05}")


def _open(page: Page, address: str) -> None:
    page.goto(address, timeout=_TIMEOUT)
    time.sleep(0.5)


def _timed(page: Page, watch: Stopwatch, save: Callable[[], object], seen: str) -> float:
    watch.start()
    started = time.monotonic()
    save()
    while True:
        try:
            page.wait_for_function(f"document.readyState === 'complete' && {seen}", polling="raf", timeout=_TIMEOUT)
            return time.monotonic() - started
        except Exception as error:  # the page is just being loaded again
            if "navigation" not in str(error) and "context was destroyed" not in str(error):
                raise


if __name__ == "__main__":
    main()
