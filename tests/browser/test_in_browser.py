"""What a resident's browser meets: accessibility, weight, no third party, no script needed, narrow screens."""

from __future__ import annotations

import datetime as dt
import gzip
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Site

pytestmark = pytest.mark.browser
KINDS = ("home", "lists", "record", "catalog", "supervision")
Open = Callable[..., Page]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing_serious(open_page: Open, site: Site, kind: str, width: int) -> None:
    page = open_page(getattr(site, kind), width)
    found = Axe().run(page).response["violations"]
    assert [(v["id"], [n["html"][:120] for n in v["nodes"]]) for v in found if v["impact"] in ("serious", "critical")] == []


@pytest.mark.parametrize("kind", KINDS)
def test_own_requests_only_no_console_errors_and_light(chromium: Browser, site: Site, kind: str) -> None:
    context = chromium.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    requests: list[str] = []
    messages: list[str] = []
    page.on("request", lambda r: requests.append(r.url))
    page.on("console", lambda m: messages.append(m.text))
    page.on("pageerror", lambda e: messages.append(str(e)))
    page.goto(site.url + getattr(site, kind))
    page.wait_for_load_state("networkidle")
    context.close()
    assert messages == []
    assert [u for u in requests if not u.startswith((site.url, "data:"))] == []
    weight = sum(len(gzip.compress(_file(site, u).read_bytes())) for u in requests if u.startswith(site.url))
    assert weight <= 100 * 1024


def _file(site: Site, url: str) -> Path:
    path = site.folder / url.removeprefix(site.url).partition("?")[0]
    return path / "index.html" if path.is_dir() else path


@pytest.mark.parametrize("kind", [*KINDS, "figures"])
@pytest.mark.parametrize("elder", [False, True])
def test_no_sideways_scroll_at_320(open_page: Open, site: Site, kind: str, elder: bool) -> None:
    page = open_page(getattr(site, kind), 320)
    if elder:
        page.get_by_role("button", name=re.compile("字号")).click()
        page.reload()
        assert page.evaluate("getComputedStyle(document.body).fontSize") == "24px"
    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_without_script_the_dates_stand_and_no_dead_control_shows(open_page: Open, site: Site) -> None:
    home = open_page(site.home, script=False)
    expect(home.locator(".leaf").first).to_contain_text("2026年11月")
    expect(home.get_by_role("button")).to_have_count(0)
    record = open_page(site.record, script=False)
    expect(record.locator(".rows tbody tr")).to_have_count(42)
    expect(record.get_by_role("button")).to_have_count(0)
    expect(record.get_by_role("searchbox")).to_have_count(0)
    record.locator("details.head summary").click()
    expect(record.get_by_text("成文日期")).to_be_visible()


def test_whose_page_and_what_is_posted_stand_on_the_first_screen(open_page: Open, site: Site) -> None:
    page = open_page(site.home)
    for words in ("大河村", "正在公示", "农村最低生活保障审核公示"):
        box = page.get_by_text(words).first.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] < 844


def test_a_row_is_found_by_group_and_by_the_whole_of_a_masked_name(open_page: Open, site: Site) -> None:
    page = open_page(site.record)
    rows = page.locator(".rows tbody tr:visible")
    page.get_by_role("searchbox").fill("第2组")
    expect(rows).to_have_count(11)
    page.get_by_role("searchbox").fill("张小三")
    assert rows.count() > 0
    assert {r.locator("td").nth(1).inner_text() for r in rows.all()} == {"张*三"}
    page.get_by_role("searchbox").fill("李")
    expect(page.get_by_role("status")).to_have_text("没有找到，换一个字试试")
    page.get_by_role("searchbox").fill("")
    expect(rows).to_have_count(42)


def test_days_left_count_in_chinese_time(chromium: Browser, site: Site) -> None:
    context = chromium.new_context(timezone_id="America/Los_Angeles")
    page = context.new_page()
    page.clock.set_fixed_time(dt.datetime(2026, 11, 29, 17, 0, tzinfo=dt.UTC))  # the 30th in China, still the 29th there
    page.goto(site.url + site.record)
    expect(page.locator(".left")).to_have_text("今天截止")
    page.clock.set_fixed_time(dt.datetime(2026, 11, 30, 16, 0, tzinfo=dt.UTC))
    page.reload()
    expect(page.locator(".chips .chip")).to_have_text(["已结束"])
    expect(page.locator(".left")).to_have_text("已过 1 天")  # where days were counted down nothing is left empty
    context.close()


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_tapped_is_large_enough(open_page: Open, site: Site, kind: str) -> None:
    page = open_page(getattr(site, kind))
    small = page.evaluate(
        """() => [...document.querySelectorAll('.menu a, button, input[type=search], .tel, .tiles a, .more a, summary, .lines > li, .stand a')]
        .filter(e => e.offsetParent && e.type !== 'checkbox' && e.getBoundingClientRect().height < 44).map(e => e.outerHTML.slice(0, 90))"""
    )
    assert small == []


def test_keyboard_reaches_the_skip_link_first(open_page: Open, site: Site) -> None:
    page = open_page(site.record)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_the_catalogue_is_a_grid_when_there_is_room_and_cards_when_not(open_page: Open, site: Site) -> None:
    wide = open_page(site.catalog, 1280)
    expect(wide.get_by_role("columnheader", name="公开渠道和载体")).to_be_visible()
    expect(wide.locator(".ways").first.locator("span:visible")).to_have_count(13)
    narrow = open_page(site.catalog, 390)
    expect(narrow.locator(".official thead")).to_be_hidden()
    assert narrow.evaluate("getComputedStyle(document.querySelector('.official .what'), '::before').content") == '"公开内容（要素）"'


def test_a_scanned_code_leads_to_its_record(open_page: Open, site: Site) -> None:
    html = (site.folder / site.record / "index.html").read_text(encoding="utf-8")
    found = re.search(r"<b>([0-9A-Z ]{12})</b> 第1版", html)
    assert found
    code = found[1].replace(" ", "")
    page = open_page(f"Q/{code}/")
    page.wait_for_url(site.url + site.record)
    sheet = open_page(f"Q/{code}-1/", script=False)
    expect(sheet.get_by_role("heading", level=1)).to_have_text("这张纸是现行版本")
    sheet.get_by_role("link", name="看原文").click()
    assert sheet.url == site.url + site.record
