"""A province's page in a browser: words lead to the counties that may have them, and to each county's own search with the words typed in."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from sitegen.province.run import Order, run
from tests.provinces import write_province

pytestmark = pytest.mark.browser


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Requests are not worth a line."""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    root = write_province(tmp_path_factory.mktemp("province") / "there")
    page = run(Order(root, root / "public", dt.date(2026, 5, 10))).page
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(Path(page).parent)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


@pytest.fixture
def page(chromium: Browser, address: str) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 320, "height": 720})
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(address)
    yield page
    context.close()
    assert said == []  # nothing that its own policy forbids, nothing that failed


@pytest.mark.parametrize(
    ("query", "counties"),
    [("会议决定架桥", ["试验县"]), ("会议决定 修路", ["测试县"]), ("和平镇", ["测试县", "试验县"]), ("龘龘", [])],
)
def test_words_lead_to_the_counties_that_may_have_them(page: Page, query: str, counties: list[str]) -> None:
    page.get_by_role("searchbox").fill(query)
    page.get_by_role("button", name="查找").click()
    expect(page.get_by_role("status")).to_contain_text(f"{len(counties)}个县" if counties else "没有哪个县")
    assert page.locator(".found li").all_inner_texts() == [f"到{name}的网站看" for name in counties]
    for link in page.locator(".found a").all():
        assert str(link.get_attribute("href")).startswith(("https://ce.example.cn/search/?q=", "https://shi.example.cn/search/?q="))
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_one_character_is_too_few_and_an_address_keeps_the_words(page: Page, address: str) -> None:
    page.get_by_role("searchbox").fill("村")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("至少输入两个字")
    page.goto(f"{address}?q=%E6%9E%B6%E6%A1%A5")
    expect(page.locator(".found li")).to_have_count(1)
