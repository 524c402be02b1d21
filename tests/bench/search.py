"""``python -m tests.bench.search [--pages N] [--queries N]``: what a search finds, fetches and costs, in a real browser, against a plain scan of all texts.

Queries are cut out of what pages say, as it is written there: two to eight characters of compounds, figures, document numbers and Latin.
Each is sent from the box of a page that has loaded nothing of the index but what it loads before anybody types. The pages are written by synth.
"""

from __future__ import annotations

import argparse
import pickle
import random
import re
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
    """A first query: what it fetched of the index, and how long the answer took, in ms, with what it waited for."""

    size: int
    files: int
    wait: float
    pieces: float
    """Until the last piece of the index was there."""
    texts: float
    """Until the last text that is shown was there; the rest of the wait is the browser's own work."""


_PIECE, _TEXTS = re.compile("/[0-9a-f_]+-[a-z2-7]{4}.bin"), re.compile("/([0-9]{12}-.*|t0).bin")
_ASK = """(query) => new Promise((done) => {
  const form = document.querySelector('form.search'), list = document.querySelector('.hits');
  new MutationObserver(() => {
    if (!list.children.length) return;
    const now = performance.now(), files = performance.getEntriesByType('resource').filter((r) => r.name.includes('/search-index/'));
    done([now - asked, ...files.map((r) => [r.name.split('/search-index/')[1], r.encodedBodySize, r.responseEnd - asked])]);
  }).observe(list, { childList: true });
  form.elements.q.value = query;
  const asked = performance.now();
  form.requestSubmit();
})"""
"""Sends a query and says, when its first pages are shown: the wait, and of every file of the index its name, size, and when it had come."""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--pages", type=int, action="append", help="records of the county (default: 1000 and 5000)")
    parser.add_argument("--queries", type=int, default=500)
    options = parser.parse_args()
    for records in options.pages or (1_000, 5_000):
        folder = Path(tempfile.mkdtemp(prefix="sitegen-search-"))
        try:
            _measure(folder, records, options.queries)
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
    """Every query as the first of a reader: nothing loaded, sent from the box, until the first pages are shown."""
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    context.new_cdp_session(page).send("Network.setCacheDisabled", {"cacheDisabled": True})
    made = []
    for query in queries:
        page.goto(f"{url}search/")  # a new document: what the last one had loaded is forgotten
        page.evaluate("sitegenSearch.open().then(() => null)")
        wait, *files = page.evaluate(_ASK, query)
        pieces = max((at for name, _, at in files if _PIECE.search(name)), default=0.0)
        texts = max((at for name, _, at in files if _TEXTS.search(name)), default=0.0)
        made.append(First(sum(size for _, size, _ in files), len(files), wait, pieces, texts))
    context.close()
    for name, pick in (
        ("KB fetched", lambda f: f.size / 1024),
        ("files", lambda f: f.files),
        ("ms to the answer", lambda f: f.wait),
        ("… of it until the pieces were there", lambda f: f.pieces),
        ("… of it until the texts were there", lambda f: f.texts),
    ):
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
