"""The demo for everybody: every kind of page, in every mode, accessible and no wider than a small phone; read aloud; in traditional characters."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import Site, _Quiet, _Server
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


def kinds(folder: Path) -> dict[str, list[str]]:
    """Pages by kind, the smallest first: the path from the unit's root with everything after its first step taken for a name."""
    units = sorted(
        (p.parent.relative_to(folder).as_posix().removesuffix(".") for p in folder.rglob("index.html") if (p.parent / "list").is_dir()),
        key=len,
        reverse=True,
    )
    found: dict[str, list[tuple[int, str]]] = {}
    for page in folder.rglob("index.html"):
        if 'http-equiv="refresh"' in page.read_text(encoding="utf-8"):
            continue  # it leads on at once
        path = page.parent.relative_to(folder).as_posix().removesuffix(".")
        unit = next(u for u in units if path == u or path.startswith(f"{u}/" if u else ""))
        rest = path.removeprefix(unit).strip("/").split("/")
        level = unit.count("/") + bool(unit) if rest == [""] else ""
        kind = "/".join([f"home {level}" if rest == [""] else rest[0], *("*" for _ in rest[1:])])
        found.setdefault(kind, []).append((page.stat().st_size, path + "/" if path else ""))
    return {kind: [path for _, path in sorted(pages)] for kind, pages in found.items()}


def has_modes(folder: Path, path: str) -> bool:
    return 'id="aid"' in (folder / path / "index.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def tab(chromium: Browser) -> Iterator[Page]:
    context: BrowserContext = chromium.new_context(viewport={"width": 320, "height": 800})
    yield context.new_page()
    context.close()


def violations(tab: Page, rules: list[str] | None = None) -> list[tuple[str, str]]:
    options: dict[str, object] = {"resultTypes": ["violations"], "preload": False}
    if rules:
        options["runOnly"] = {"type": "rule", "values": rules}
    found = Axe().run(tab, options=options).response["violations"]
    return [(v["id"], v["nodes"][0]["html"][:120]) for v in found]


def test_every_kind_of_page_is_accessible(host: tuple[Path, str], tab: Page) -> None:
    folder, url = host
    wrong = []
    for kind, paths in sorted(kinds(folder).items()):
        tab.goto(url + paths[0])
        wrong += [(kind, paths[0], *found) for found in violations(tab)]
    assert wrong == []


@pytest.mark.parametrize("names", ["elder", "elder xl contrast"])
def test_everything_that_is_styled_is_accessible_in_other_modes(host: tuple[Path, str], tab: Page, names: str) -> None:
    """Sizes and colours are independent: the largest type with high contrast shows what either does."""
    folder, url = host
    wrong = []
    for path in covering(folder, [paths[0] for paths in kinds(folder).values() if has_modes(folder, paths[0])]):
        tab.goto(url + path)
        tab.evaluate("names => { document.documentElement.className = names }", names)
        wrong += [(path, *found) for found in violations(tab, BY_STYLE)]
    assert wrong == []


def covering(folder: Path, paths: list[str]) -> list[str]:
    """Few pages that together have every class and element that any of them has."""
    found = {}
    for path in paths:
        html = (folder / path / "index.html").read_text(encoding="utf-8")
        found[path] = set(re.findall(r"<([a-z0-9]+)", html)) | {c for names in re.findall(r'class="([^"]*)"', html) for c in names.split()}
    wanted, chosen = set().union(*found.values()), []
    while wanted:
        best = max(found, key=lambda p: (len(found[p] & wanted), p))
        chosen.append(best)
        wanted -= found.pop(best)
    return chosen


def test_no_kind_of_page_is_wider_than_a_small_phone_in_any_mode(host: tuple[Path, str], tab: Page) -> None:
    folder, url = host
    wide = []
    for paths in kinds(folder).values():
        path = paths[-1]  # the one with most on it
        tab.goto(url + path)
        for mode, names in {"standard": "", **MODES}.items() if has_modes(folder, path) else [("standard", "")]:
            width = tab.evaluate(
                "names => { document.documentElement.className = names; return document.documentElement.scrollWidth }", names
            )
            if width > 320:
                wide.append((path, mode, width))
    assert wide == []


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
