"""``python -m tests.bench.search [--quick]``: what a search finds, fetches and costs, in a real browser, against a plain scan of all texts.

Queries are cut out of what pages say, as it is written there: two to eight characters of compounds, figures, document numbers and Latin.
Each is typed into the box of a browser that has loaded nothing yet.
"""

from __future__ import annotations

import argparse
import pickle
import random
import shutil
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from msgspec import Struct
from playwright.sync_api import Browser, sync_playwright

from sitegen.search.hosts import search_parts
from sitegen.search.texts import write_texts
from sitegen.site.hosts import all_hosted
from tests.bench.measure import run, sitegen
from tests.search.scan import Scan


class First(Struct, frozen=True):
    """A first query: what it fetched of the index, in how many files, and how long the answer took, in ms."""

    size: int
    files: int
    wait: float


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true", help="1,000 pages and 50 queries only")
    options = parser.parse_args()
    for records in (1_000,) if options.quick else (1_000, 5_000):
        folder = Path(tempfile.mkdtemp(prefix="sitegen-search-"))
        try:
            _measure(folder, records, 50 if options.quick else 500)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _measure(folder: Path, records: int, count: int) -> None:
    townships, villages = (4, 40) if records > 2_000 else (2, 12)
    region, out = folder / "region", folder / "public"
    run(sitegen("synth", str(region), "--townships", str(townships), "--villages", str(villages), "--records", str(records)), folder)
    run(sitegen("-C", str(region), "--date", "2026-11-24", "build", "-o", str(out), "-j", "2"), folder)
    host = out / "synth.example.cn"
    scan = Scan(host / "search-index")
    files = [p for p in scan.folder.rglob("*") if p.is_file()]
    print(f"{len(scan.pages)} pages: {len(files)} files of the index, {sum(p.stat().st_size for p in files) / 1024:.0f} KB")
    _cost(out / ".store", folder / "again", len(scan.pages))
    queries = scan.queries(random.Random(records), count)
    with _served(host) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        _truth(browser, url, scan, queries)
        _first(browser, url, queries)
        browser.close()


def _cost(store: Path, again: Path, pages: int) -> None:
    """CPU of all that search adds to a cold build."""
    folders = [p.parent for p in store.glob("units/*/*/view.pickle")]
    views = {f.parent.name: pickle.loads((f / "view.pickle").read_bytes()) for f in folders}
    started = time.process_time()
    for code, view in views.items():
        (again / "units" / code / "x").mkdir(parents=True)
        write_texts(view, (), again / "units" / code / "x" / "texts")
    texts = time.process_time() - started
    parts = list(search_parts(again, all_hosted(views), dict.fromkeys(views, "x")))
    whole = time.process_time() - started
    print(f"  built in {1000 * whole / pages:.2f} ms CPU a page ({1000 * texts / pages:.2f} its text), {len(parts)} parts")


def _truth(browser: Browser, url: str, scan: Scan, queries: Sequence[str]) -> None:
    """Recall and precision of what the browser finds, all of it, query by query."""
    page = browser.new_page()
    page.goto(f"{url}search/")
    found = right = wanted = written = unseen = 0
    for query in queries:
        hits = page.evaluate("q => sitegenSearch.find(q).then(h => h.map(({page}) => [page.segment, page.n]))", query)
        got, truth, literal = {(name, n) for name, n in hits}, scan.truth(query), scan.as_written(query)
        found, right, wanted = found + len(got), right + len(got & truth), wanted + len(truth)
        written, unseen = written + len(literal), unseen + len(literal - got)
        if got != truth:
            print(f"  DIFFERS {query!r}: {len(got)} found, {len(truth)} right")
    page.close()
    print(f"  {len(queries)} queries, {wanted} pages to find: recall {right / wanted:.2%}, precision {right / found:.2%}")
    print(f"  pages that hold a query in so many characters: {written}, of which not found: {unseen}")


def _first(browser: Browser, url: str, queries: Sequence[str]) -> None:
    """Every query as the first of a reader: nothing loaded, typed into the box, until the first pages are shown."""
    made = []
    for query in queries:
        context = browser.new_context(viewport={"width": 390, "height": 844})
        page = context.new_page()
        sizes: list[int] = []
        page.on(
            "response",
            lambda answer, sizes=sizes: sizes.append(int(answer.headers["content-length"])) if "/search-index/" in answer.url else None,
        )
        page.goto(f"{url}search/")
        box = page.get_by_role("searchbox")
        box.fill(query)
        started = time.perf_counter()
        box.press("Enter")
        page.wait_for_selector(".hits li")
        made.append(First(sum(sizes), len(sizes), 1000 * (time.perf_counter() - started)))
        context.close()
    for name, pick in (("KB fetched", lambda f: f.size / 1024), ("files", lambda f: f.files), ("ms to the answer", lambda f: f.wait)):
        values = sorted(map(pick, made))
        print(
            f"  first query, {name}: median {statistics.median(values):.0f}, 95 % {values[int(len(values) * 0.95)]:.0f}, most {values[-1]:.0f}"
        )


class _Quiet(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        """Requests are not worth a line."""


@contextmanager
def _served(folder: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


if __name__ == "__main__":
    main()
