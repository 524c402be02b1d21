"""Scripts that people write into files never reach a page; and were one to, the page's policy would stop it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest
from msgspec.structs import replace
from playwright.sync_api import Browser

from sitegen.model.content_views import Content
from tests.browser.conftest import _Quiet
from tests.sample_view import subsidy_table
from tests.site import samples
from tests.site.render import render

pytestmark = pytest.mark.browser

NASTY = (
    "<script>window.hit=1</script><img src=none onerror='window.hit=1'><svg onload='window.hit=1'></svg>"
    "<iframe srcdoc='<script>parent.hit=1</script>'></iframe><details open ontoggle='window.hit=1'>字</details>"
)
LINK = "\n\n[点这里](javascript:window.hit=1)\n\n<a href='javascript:window.hit=1'>点这里</a>\n"


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """A village that has markup in every field that it can write."""
    folder = tmp_path_factory.mktemp("host")
    view = samples.village(8, 0)
    table = subsidy_table(8)
    rows = ((NASTY,) * 5, *table.rows[1:])
    records = tuple(replace(r, title=NASTY, summary=NASTY, issuer=NASTY, why_revised=NASTY, field_name=NASTY) for r in view.records)
    contents = {r.id: Content(NASTY + LINK, replace(table, rows=rows, title=NASTY), (), ()) for r in records}
    contact = view.contact.model_copy(update={"address": NASTY})
    unit = replace(view.unit, name=NASTY)
    render((replace(view, unit=unit, records=records, contents=contents, intro=NASTY + LINK, organs=(NASTY,), contact=contact),), folder)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield folder, f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


def hit(chromium: Browser, url: str, *, policy: bool) -> bool:
    """Whether any script of ours ran on the page, with its policy or, as an old browser would, without."""
    context = chromium.new_context(bypass_csp=not policy)
    page = context.new_page()
    page.goto(url, wait_until="networkidle")
    for link in page.get_by_text("点这里").all():
        link.evaluate("link => link.click()")
    page.wait_for_timeout(100)
    ran = bool(page.evaluate("window.hit === 1"))
    context.close()
    return ran


def pages_of(folder: Path) -> list[str]:
    """The home, its lists and records."""
    return [p.parent.relative_to(folder).as_posix() + "/" for p in sorted(folder.rglob("index.html")) if "/Q/" not in p.as_posix()]


def test_no_script_that_people_write_runs_even_without_a_policy(chromium: Browser, host: tuple[Path, str]) -> None:
    folder, url = host
    found = pages_of(folder)
    assert sum("/r/" in path for path in found) > 3
    records = [path for path in found if "/r/" in path][:3]
    for path in [*records, *(path for path in found if "/r/" not in path)][:12]:
        assert not hit(chromium, url + path, policy=False), path


def test_the_policy_stops_what_came_in_another_way(chromium: Browser, host: tuple[Path, str]) -> None:
    folder, url = host
    whole = folder / next(path for path in pages_of(folder) if "/r/" in path) / "index.html"
    page = whole.read_text(encoding="utf-8")
    for n, planted in enumerate(
        ("<script>window.hit=1</script>", "<img src=none onerror='window.hit=1'>", "<a href='javascript:window.hit=1'>点这里</a>")
    ):
        tampered = whole.parent.parent / f"tampered-{n}" / "index.html"
        tampered.parent.mkdir()
        tampered.write_text(page.replace("</main>", f"{planted}</main>"), encoding="utf-8")
        there = url + tampered.parent.relative_to(folder).as_posix() + "/"
        assert hit(chromium, there, policy=False), "the test must be able to see a script run"
        assert not hit(chromium, there, policy=True), planted
