"""The kiosk as it stands in a public disclosure zone: opened from a stick, touched, left alone, forgotten for weeks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from sitegen.channels import Order, gather
from sitegen.channels.kiosk import HELP, PAGE, Timing, belongs, write_kiosk
from tests.demo import DAY, ROOT

pytestmark = pytest.mark.browser
DURING = "2026-11-24T10:00:00"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    (one,) = gather(Order(ROOT, DAY, ("大河村",)), lambda r: belongs(r, DAY))
    made = tmp_path_factory.mktemp("stick")
    write_kiosk(one.view, one.notices, made, DAY, Timing(seconds=15, idle=60))
    return made


Open = Callable[..., Page]


@pytest.fixture
def kiosk(chromium: Browser, folder: Path) -> Iterator[Open]:
    """Opens the kiosk from its file at a time of the screen's clock. Problems and requests are asserted to be none in the end."""
    contexts: list[BrowserContext] = []
    problems: list[str] = []
    requests: list[str] = []

    def open_(now: str = DURING, width: int = 1920, height: int = 1080, **more: object) -> Page:
        context = chromium.new_context(viewport={"width": width, "height": height}, has_touch=True, timezone_id="Asia/Shanghai", **more)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda m: problems.append(m.text))
        page.on("pageerror", lambda e: problems.append(str(e)))
        page.on("request", lambda r: requests.append(r.url))
        page.clock.install(time=f"{now}+08:00")
        page.goto((folder / PAGE).as_uri())
        return page

    yield open_
    for context in contexts:
        context.close()
    assert not problems
    assert all(url.endswith(PAGE) and url.startswith("file://") for url in requests)


def mode(page: Page) -> str:
    return str(page.evaluate("document.body.dataset.mode"))


def title(page: Page) -> str:
    return page.locator("article.here h2").inner_text().replace("\n", "")


def test_it_turns_through_what_is_posted(kiosk: Open) -> None:
    page = kiosk()
    seen = []
    for _ in range(6):
        seen.append(title(page))
        page.clock.run_for(15_000)
    assert len(set(seen)) == 5
    assert seen[5] == seen[0]
    assert seen[0] == "关于预备党员拟转正的公示"
    assert page.locator("#dots li").count() == 5
    assert page.locator("#dots li.here").count() == 1
    assert "截至2026年11月24日" in page.locator("header").inner_text()


def test_a_touch_stops_it_and_after_a_while_it_begins_again(kiosk: Open) -> None:
    page = kiosk()
    page.clock.run_for(15_000)
    second = title(page)
    page.touchscreen.tap(600, 400)
    assert mode(page) == "read"
    assert title(page) == second
    page.clock.run_for(50_000)
    page.touchscreen.tap(600, 400)  # somebody is there still
    page.clock.run_for(50_000)
    assert mode(page) == "read"
    page.clock.run_for(11_000)
    assert mode(page) == "rotate"
    assert title(page) == "关于预备党员拟转正的公示"


def test_browsing_by_touch(kiosk: Open) -> None:
    page = kiosk()
    page.touchscreen.tap(600, 400)
    page.get_by_role("button", name="全部公开").tap()
    assert mode(page) == "list"
    page.locator("#list button", has_text="机动地公开竞价发包公告").tap()
    assert mode(page) == "read"
    assert "四组北洼、五组东" in page.locator("article.here .full").inner_text()
    page.get_by_role("button", name="上一件").tap()
    assert "引线工程" in title(page)
    page.get_by_role("button", name="继续轮播").tap()
    assert mode(page) == "rotate"
    for button in page.locator("nav button, #list li:not([hidden]) button").all():
        box = button.bounding_box()
        assert box is None or box["height"] >= 60


def test_browsing_by_remote_control(kiosk: Open) -> None:
    page = kiosk()
    page.keyboard.press("ArrowRight")
    assert "一榜" in title(page)
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    assert "机动地" in title(page), "before the first comes the last"
    page.keyboard.press("Enter")
    assert mode(page) == "read"
    page.keyboard.press("Escape")
    assert mode(page) == "list"
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert mode(page) == "read"
    assert "农机购置" in title(page)
    page.keyboard.press("Backspace")
    page.keyboard.press("Backspace")
    assert mode(page) == "rotate"


def test_what_has_ended_is_not_shown(kiosk: Open) -> None:
    page = kiosk(now="2026-11-26T08:00:00")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    shown = page.locator("#list li:not([hidden]) b").all_inner_texts()
    assert not any("预备党员" in t or "农机购置" in t for t in shown)
    assert any("引线工程" in t for t in shown), "its last day is today"


def test_it_ends_at_midnight_while_it_is_shown(kiosk: Open) -> None:
    page = kiosk(now="2026-11-24T23:59:30")
    assert title(page) == "关于预备党员拟转正的公示"
    page.keyboard.press("Enter")
    page.clock.run_for(40_000)
    assert title(page) != "关于预备党员拟转正的公示"
    assert page.locator("#dots li").count() == 4, "two have ended, one has begun"


def test_what_will_be_posted_appears_on_its_day(kiosk: Open) -> None:
    names = "document.querySelectorAll('#list li:not([hidden])').length"
    assert kiosk(now="2026-11-28T08:00:00").evaluate(names) != kiosk(now="2026-12-01T08:00:00").evaluate(names)


def test_a_stick_that_was_forgotten_says_so(kiosk: Open) -> None:
    page = kiosk(now="2027-03-01T08:00:00")
    assert "已经97天没有更新" in page.locator("#age").inner_text()
    assert "公示期" not in page.locator("article.here").inner_text(), "nothing that was posted is called posted"
    assert kiosk().locator("#age").is_hidden()


def test_a_clock_that_is_behind_counts_for_nothing(kiosk: Open) -> None:
    page = kiosk(now="2001-01-01T00:00:00")
    assert page.locator("#dots li").count() == 5
    assert page.locator("#age").is_hidden()


def test_nothing_moves_for_those_who_ask_for_rest(kiosk: Open) -> None:
    page = kiosk(reduced_motion="reduce")
    first = title(page)
    page.clock.run_for(60_000)
    assert title(page) == first
    page.get_by_role("button", name="下一件").tap()
    assert title(page) != first


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (1080, 1920), (1280, 800), (3840, 2160)])
def test_everything_fits_the_screen(kiosk: Open, width: int, height: int) -> None:
    page = kiosk(width=width, height=height)
    for _ in range(5):
        face, main = page.locator("article.here .face").bounding_box(), page.locator("main").bounding_box()
        assert face
        assert main
        assert face["y"] >= main["y"] - 1
        assert face["y"] + face["height"] <= main["y"] + main["height"] + 1
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.keyboard.press("ArrowRight")


def test_without_script_everything_stands_there(kiosk: Open) -> None:
    page = kiosk(java_script_enabled=False)
    assert page.locator("article:visible").count() > 10
    assert not page.locator("footer").is_visible()


def test_the_folder_holds_a_page_and_how_to_use_it(folder: Path) -> None:
    assert sorted(p.name for p in folder.iterdir()) == sorted([PAGE, HELP])
    help_text = (folder / HELP).read_bytes()
    assert help_text.startswith(b"\xef\xbb\xbf")
    assert "截至2026年11月24日" in help_text.decode("utf-8-sig")
    text = (folder / PAGE).read_text(encoding="utf-8")
    assert "default-src 'none'" in text
    assert not any(mark in text for mark in ("<a ", "<img", "http://", "https://", "@import", "url("))
