"""Pages of the demo that samples do not have: applying, interpretation with media, participation, channels."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from http.server import ThreadingHTTPServer

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import _Quiet
from tests.demo import Demo

pytestmark = pytest.mark.browser
PAGES = (
    "apply/",
    "apply/form/",
    "apply/replies/",
    "apply/statistics/",
    "interpretation/",
    "participation/",
    "channels/",
    "r/2026-0003/",
    "r/2026-0201/",
    "r/2026-0202/",
    "r/2026-0206/",
    "r/2026-0209/",
)

WIDE = ("apply/", "apply/statistics/", "participation/", "channels/", "r/2026-0206/")
"""Those that are laid out otherwise where there is room."""


@pytest.fixture(scope="module")
def host(demo: Demo) -> Iterator[str]:
    """The county's host over http."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(demo.public / "gk.qinghe.example.cn")))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


def opened(chromium: Browser, address: str, width: int = 390, *, script: bool = True, elder: bool = False) -> tuple[Page, list[str]]:
    context = chromium.new_context(viewport={"width": width, "height": 844}, java_script_enabled=script)
    if elder:
        context.add_init_script("localStorage.setItem('elder', '1')")
    page = context.new_page()
    messages: list[str] = []
    page.on("console", lambda m: messages.append(m.text))
    page.on("pageerror", lambda e: messages.append(str(e)))
    page.goto(address)
    return page, messages


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_at_any_width_and_no_page_scrolls_sideways(chromium: Browser, host: str, path: str) -> None:
    for width in (390, 1280) if path in WIDE else (390,):
        page, messages = opened(chromium, host + path, width)
        found = Axe().run(page).response["violations"]
        assert [(v["id"], [n["html"][:120] for n in v["nodes"]]) for v in found] == []
        assert messages == []
        page.context.close()
    for elder in (False, True):
        page, _ = opened(chromium, host + path, 320, elder=elder)
        assert page.evaluate("document.documentElement.scrollWidth") == 320
        page.context.close()


def comes_true(page: Page, condition: str) -> None:
    """Wait until a condition holds; the page's own policy forbids to wait inside it."""
    for _ in range(100):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(100)
    raise AssertionError(condition)


def test_the_film_has_subtitles_a_still_and_its_words_without_script(chromium: Browser, host: str) -> None:
    page, messages = opened(chromium, host + "r/2026-0202/")
    video = page.locator("video")
    expect(video).to_have_attribute("poster", "files/dibao-2026.png")
    page.evaluate("document.querySelector('track').track.mode = 'showing'")
    comes_true(page, "document.querySelector('track').track.cues?.length === 5")
    page.evaluate("document.querySelector('video').load()")
    comes_true(page, "document.querySelector('video').readyState >= 1 && document.querySelector('video').duration > 15")
    assert messages == []
    page.context.close()
    plain, _ = opened(chromium, host + "r/2026-0202/", script=False)
    plain.locator("summary", has_text="文字稿").click()
    expect(plain.get_by_text("城市低保每人每月780元，农村低保每人每年6,300元。")).to_be_visible()
    plain.context.close()


def test_the_procedure_is_read_on_a_phone(chromium: Browser, host: str) -> None:
    page, _ = opened(chromium, host + "apply/", script=False)
    for drawing in page.locator("svg.flow").all():
        box = drawing.bounding_box()
        assert box is not None
        assert 300 < box["width"] <= 390
        small = drawing.evaluate("e => Math.min(...[...e.querySelectorAll('text')].map(t => t.getBoundingClientRect().height))")
        assert small >= 13
    page.locator("summary", has_text="流程的文字").click()
    expect(page.locator(".told li li", has_text="不清楚：告知补正（7个工作日内")).to_be_visible()
    page.context.close()


def test_a_picture_keeps_its_place_free(chromium: Browser, host: str) -> None:
    page, _ = opened(chromium, host + "r/2026-0201/")
    box = page.locator(".media img").bounding_box()
    assert box is not None
    assert box["height"] > 1.3 * box["width"]
    page.context.close()


def test_a_consultation_that_is_over_today_says_so_even_on_an_old_page(chromium: Browser, host: str) -> None:
    context = chromium.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.clock.set_fixed_time("2026-12-30T02:00:00Z")
    page.goto(host + "participation/")
    expect(page.locator("#open .chip", has_text="征集已结束")).to_have_count(2)
    context.close()


def test_what_is_tapped_is_large_enough(chromium: Browser, host: str) -> None:
    for path in ("apply/", "participation/", "channels/", "interpretation/"):
        page, _ = opened(chromium, host + path)
        small = page.evaluate(
            """() => [...document.querySelectorAll('.dial, .go, .jump a, .years a, summary, .files a, button')]
            .filter(e => e.offsetParent && e.getBoundingClientRect().height < 44).map(e => e.outerHTML.slice(0, 90))"""
        )
        assert small == []
        page.context.close()


def test_the_blank_form_prints_on_one_sheet(chromium: Browser, host: str) -> None:
    import pypdfium2

    page, _ = opened(chromium, host + "apply/form/", 1280)
    assert len(pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True))) == 1
    page.context.close()
