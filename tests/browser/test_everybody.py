"""The demo for everybody: every kind of page, in every mode, accessible and no wider than a small phone; read aloud; in traditional characters."""

from __future__ import annotations

import gzip
import re
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Response, expect

from tests.browser.conftest import Kind, Site, _Quiet, _Server
from tests.demo import Demo

pytestmark = pytest.mark.browser
HOST = "gk.qinghe.example.cn"
MODES = {"large": "elder", "very large": "elder xl", "contrast": "contrast", "very large, contrast": "elder xl contrast"}
BY_STYLE = ["color-contrast", "target-size", "scrollable-region-focusable", "link-in-text-block"]
"""Rules of axe that a style sheet alone can break: what else they look at is the same in every mode."""
Open = Callable[..., Page]


@pytest.fixture(scope="module")
def host(demo: Demo) -> Iterator[tuple[Path, str]]:
    """The demo's host: its folder and address."""
    folder = demo.public / HOST
    server: ThreadingHTTPServer = _Server(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield folder, f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


@pytest.fixture(scope="module")
def tab(chromium: Browser) -> Iterator[Page]:
    context: BrowserContext = chromium.new_context(viewport={"width": 320, "height": 800})
    yield context.new_page()
    context.close()


def violations(tab: Page, rules: list[str] | None = None) -> list[tuple[str, str]]:
    options: dict[str, object] = {"resultTypes": ["violations"], "preload": False}
    if rules:
        options["runOnly"] = {"type": "rule", "values": rules}
    there = tab.evaluate("typeof axe") != "undefined"  # it is large: once a page is enough
    found = (tab.evaluate("options => axe.run(document, options)", options) if there else Axe().run(tab, options=options).response)[
        "violations"
    ]
    return [(v["id"], v["nodes"][0]["html"][:120]) for v in found]


def has_modes(kind: Kind) -> bool:
    return 'id="aid"' in kind.file.read_text(encoding="utf-8")


def test_every_kind_of_page_is_accessible_in_every_mode_and_on_paper(every_kind: list[Kind], tab: Page) -> None:
    """Sizes and colours are independent: the largest type with high contrast shows what either does."""
    wrong = []
    for kind in every_kind:
        tab.goto(kind.url)
        wrong += [(kind.name, "standard", *found) for found in violations(tab)]
        for names in ("elder", "elder xl contrast") if has_modes(kind) else ():
            tab.evaluate("names => { document.documentElement.className = names }", names)
            wrong += [(kind.name, names, *found) for found in violations(tab, BY_STYLE)]
        tab.evaluate("document.documentElement.className = ''")
        tab.emulate_media(media="print")
        wrong += [(kind.name, "print", *found) for found in violations(tab, ["color-contrast"])]
        tab.emulate_media(media="screen")
    assert wrong == []


def test_no_kind_of_page_is_wider_than_a_small_phone_in_any_mode(every_kind: list[Kind], tab: Page) -> None:
    wide = []
    for kind in every_kind:
        tab.goto(kind.url)
        for mode, names in {"standard": "", **MODES}.items() if has_modes(kind) else [("standard", "")]:
            width = tab.evaluate(
                "names => { document.documentElement.className = names; return document.documentElement.scrollWidth }", names
            )
            if width > 320:
                wide.append((kind.url, mode, width))
    assert wide == []


def test_the_first_view_of_every_kind_of_page_is_light(chromium: Browser, every_kind: list[Kind]) -> None:
    """Everything that comes before anybody scrolls, pictures too, as it travels."""
    heavy = []
    context = chromium.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    context.new_cdp_session(page).send("Network.setCacheDisabled", {"cacheDisabled": True})
    came: list[Response] = []
    page.on("response", lambda response: came.append(response))
    for kind in every_kind:
        came.clear()
        page.goto(kind.url, wait_until="load")
        weights = {r.url: len(gzip.compress(r.body())) for r in list(came) if r.ok and not r.url.startswith("data:")}
        if sum(weights.values()) > 100 * 1024:
            heavy.append((kind.name, sum(weights.values()), weights))
    context.close()
    assert heavy == []


def test_type_and_contrast_are_remembered_and_taken_back(open_page: Open, site: Site) -> None:
    page = open_page(site.home)
    switch = page.get_by_role("button", name="字号·朗读")
    expect(page.get_by_role("group", name="字号", exact=True)).to_be_hidden()
    switch.click()
    page.get_by_role("button", name="特大").click()
    page.get_by_role("button", name="高对比").click()
    page.goto(site.url + site.record)
    assert page.evaluate("document.documentElement.className") == "elder xl contrast"
    assert page.evaluate("getComputedStyle(document.body).fontSize") == "30px"
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    expect(page.get_by_role("button", name="特大")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="标准版").click()
    page.reload()
    assert page.evaluate("document.documentElement.className") in ("", "no-js")
    assert page.evaluate("getComputedStyle(document.body).fontSize") == "18px"
    expect(page.get_by_role("group", name="字号", exact=True)).to_be_hidden()


def test_modes_show_before_anything_is_painted_and_nothing_moves(open_page: Open, site: Site) -> None:
    page = open_page(site.home)
    page.get_by_role("button", name="字号·朗读").click()
    page.add_init_script(
        "window.moved = 0; new PerformanceObserver(l => l.getEntries().forEach(e => { window.moved += e.value }))"
        ".observe({type: 'layout-shift', buffered: true})"
    )
    page.goto(site.url + site.record)
    page.wait_for_load_state("networkidle")
    assert page.evaluate("window.moved") == 0


SPEAKER = """
window.said = [];
window.SpeechSynthesisUtterance = function (text) { this.text = text; };
const speech = { speak(u) { window.said.push(u.text); setTimeout(() => u.onend && u.onend(), 0); }, cancel() {}, pause() { window.held = true; },
  resume() { window.held = false; }, getVoices: () => [{ lang: "en-US" }, { lang: "zh-CN" }] };
Object.defineProperty(window, "speechSynthesis", { value: speech });
"""
"""A voice that says nothing and remembers everything."""


def test_the_page_is_read_aloud_once_and_in_order_tables_with_their_headings(open_page: Open, site: Site) -> None:
    page = open_page(site.home)
    page.get_by_role("button", name="字号·朗读").click()
    page.add_init_script(SPEAKER)
    page.goto(site.url + site.record)
    page.get_by_role("button", name="朗读", exact=True).click()
    for _ in range(200):
        page.wait_for_timeout(50)
        said, reading = page.evaluate("[window.said, document.documentElement.classList.contains('is-reading')]")
        if said and not reading:
            break
    title = page.locator("h1").inner_text()
    assert said.count(title) == 1
    assert said.index(title) < next(n for n, text in enumerate(said) if "张*三" in text)
    assert any(re.search(r"面积（亩），[\d.]+，.*金额（元），", text) for text in said)
    assert all(len(text) <= 101 for text in said)
    expect(page.locator(".reading")).to_have_count(0)


def test_without_script_there_is_no_switch_and_less_motion_is_honoured(chromium: Browser, site: Site) -> None:
    context = chromium.new_context(java_script_enabled=False, reduced_motion="reduce", viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(site.url + site.home)
    expect(page.get_by_role("button")).to_have_count(0)
    expect(page.locator(".aid")).to_be_hidden()
    context.close()


def test_nothing_moves_on_any_kind_of_page_for_who_wants_less_motion(chromium: Browser, every_kind: list[Kind]) -> None:
    moving = """() => [document.documentElement, ...document.querySelectorAll('body *')].filter((e) => {
      const s = getComputedStyle(e);
      return s.animationName !== 'none' || s.scrollBehavior === 'smooth' || s.transitionDuration.split(',').some((d) => parseFloat(d) > 0);
    }).map((e) => e.outerHTML.slice(0, 80))"""
    context = chromium.new_context(reduced_motion="reduce", viewport={"width": 390, "height": 844})
    page = context.new_page()
    found = []
    for kind in every_kind:
        page.goto(kind.url)
        found += [(kind.name, e) for e in page.evaluate(moving)]
    context.close()
    assert found == []


def test_services_are_found_by_word_event_and_people_and_stand_there_without_script(chromium: Browser, host: tuple[Path, str]) -> None:
    _, url = host
    context = chromium.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(url + "services/")
    lines = page.locator(".by-life li:visible")
    whole = lines.count()
    page.get_by_label("要办什么事").fill("吃低保")
    expect(lines).to_have_count(1)
    expect(lines.first).to_contain_text("最低生活保障")
    page.get_by_label("要办什么事").fill("")
    expect(lines).to_have_count(whole)
    page.locator("[data-pick=life]").select_option(label="身后事")
    expect(page.locator(".bundles li:visible")).to_have_text([re.compile("身后一件事")])
    page.locator("[data-pick=people]").select_option(label="低收入家庭")
    expect(lines).to_have_count(1)
    context.close()
    plain = chromium.new_context(java_script_enabled=False).new_page()
    plain.goto(url + "services/")
    assert plain.locator(".by-life li:visible").count() == whole
    expect(plain.get_by_role("searchbox")).to_have_count(0)
    plain.context.close()
