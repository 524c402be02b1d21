"""A bundle on a disk: pages, search, codes and sheets from ``file://``, without one request to a network."""

from __future__ import annotations

import datetime as dt
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from msgspec import Struct, field
from playwright.sync_api import Browser, Page, expect

from sitegen.bundle import Order, bundle, chosen
from sitegen.load.region import load_region
from tests.conftest import DATA

pytestmark = pytest.mark.browser


class Visit(Struct):
    """A page, and what went wrong on the way."""

    page: Page
    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def stick(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small region, bundled into a folder."""
    folder = tmp_path_factory.mktemp("stick")
    shutil.copytree(DATA / "base", folder / "region")
    region = load_region(folder / "region")
    bundle(Order(region, chosen(region, None), folder / "public", folder / "U 盘", dt.date(2026, 5, 10)))
    return folder / "U 盘"


@pytest.fixture
def visit(chromium: Browser, stick: Path) -> Iterator[Visit]:
    """The bundle's first page."""
    context = chromium.new_context(viewport={"width": 390, "height": 844})
    made = Visit(context.new_page())
    made.page.on("console", lambda m: made.said.append(m.text))
    made.page.on("pageerror", lambda e: made.said.append(str(e)))
    made.page.on("request", lambda r: made.asked.append(r.url))
    made.page.goto("file://" + quote(f"{stick}/开始.html"))
    yield made
    assert made.said == []
    assert [u for u in made.asked if not u.startswith(("file:", "data:"))] == []
    context.close()


def test_the_way_from_the_first_page_to_a_record(visit: Visit) -> None:
    page = visit.page
    page.get_by_role("link", name="打开首页").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("测试县")
    assert page.evaluate("getComputedStyle(document.querySelector('.top')).borderTopWidth") == "6px"  # the style sheet is there
    page.get_by_role("link", name=re.compile("和平镇")).first.click()
    page.get_by_role("link", name=re.compile("种粮补贴发放公示")).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("种粮补贴发放公示")
    expect(page.get_by_role("button", name=re.compile("字号"))).to_be_visible()  # the script is there


def test_words_are_found_and_opened(visit: Visit) -> None:
    page = visit.page
    page.get_by_role("searchbox").fill("粮补")
    page.get_by_role("searchbox").press("Enter")
    expect(page.locator(".search-status")).to_have_text(re.compile("找到[1-9]"))
    for _ in range(2):
        page.locator(".hits li a").filter(has_text="西街村").first.click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("西街村")
        assert "/xijie.example.cn/" in page.url
        page.locator(".tools").get_by_role("link", name="搜索").click()
        page.get_by_role("searchbox").fill("种粮补贴")
        page.get_by_role("searchbox").press("Enter")
        if page.get_by_role("button", name=re.compile("看全部单位的")).is_visible():
            page.get_by_role("button", name=re.compile("看全部单位的")).click()


def test_a_code_from_paper_is_answered(visit: Visit, stick: Path) -> None:
    page = visit.page
    for place in sorted(stick.glob("*/Q/*-1")):
        page.goto("file://" + quote(f"{stick}/开始.html"))
        page.get_by_role("searchbox").fill(place.name.lower())
        page.get_by_role("searchbox").press("Enter")
        page.wait_for_url(f"**/Q/{place.name}/index.html")
        expect(page.get_by_role("heading", level=1)).to_contain_text("现行版本")
    page.get_by_role("link", name="看原文").click()
    page.wait_for_url("**/r/**/index.html")
    code = place.name.partition("-")[0]
    page.goto("file://" + quote(f"{place.parent}/{code}/index.html"))
    page.wait_for_url("**/r/**/index.html")


def test_the_first_page_is_for_everybody(visit: Visit) -> None:
    assert [v["id"] for v in Axe().run(visit.page).response["violations"]] == []
    visit.page.set_viewport_size({"width": 320, "height": 700})
    assert visit.page.evaluate("document.documentElement.scrollWidth") == 320
    expect(visit.page.get_by_role("link", name=re.compile("种粮补贴")).first).to_be_visible()
