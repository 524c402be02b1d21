"""A code that somebody mistyped on a host that has nothing but an error page: the page leads on by itself."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser, expect

from sitegen.site.lost import lost_page
from tests.browser.conftest import Site
from tests.site import samples

pytestmark = pytest.mark.browser


class _Host(SimpleHTTPRequestHandler):
    """A static host that tells capitals from small letters and shows the site's own page for what is not there."""

    def __init__(self, *args: object, page: bytes, **kwargs: object) -> None:
        self.page = page
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(self.page)

    def log_message(self, format: str, *args: object) -> None:
        """Requests are not worth a line."""


@pytest.fixture(scope="module")
def host(site: Site) -> Iterator[str]:
    made = partial(_Host, page=lost_page(samples.county()).encode(), directory=str(site.folder))
    server = ThreadingHTTPServer(("127.0.0.1", 0), made)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


def test_a_mistyped_code_is_led_on_and_one_that_is_none_is_told(chromium: Browser, site: Site, host: str) -> None:
    name = next(
        p.name for p in sorted((site.folder / "Q").iterdir()) if "-" in p.name and set(p.name) & set("10") and not p.name.isdecimal()
    )
    code, rev = name.split("-")
    confused = code.replace("1", "l").replace("0", "o").lower()
    context = chromium.new_context()
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda e: problems.append(str(e)))
    for typed in (
        f"q/{code.lower()}-{rev}",
        f"Q/{code.lower()}-{rev}/",
        f"q/{confused}-{rev}",
        f"q/{code[:4]}-{code[4:8]}-{code[8:]}-{rev}",
    ):
        page.goto(host + typed)
        page.wait_for_url(f"{host}Q/{name}/")
        expect(page.locator(".said h1")).to_be_visible()
    for typed in ("Q/ZZZZZZZZZZ-1/", "q/zzzzzzzzzz-1", "q/short", "qq/x", "q/%E0%A4%A/"):
        page.goto(host + typed)
        expect(page.get_by_role("heading", level=1)).to_have_text("没有找到这个页面")
    assert problems == []
    context.close()
