"""A page that was built some days ago: what it counts and what its cards say agree on the day it is read."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from sitegen.boards.wall import with_wall
from tests.browser.conftest import Site
from tests.site import samples
from tests.site.render import render


def _on(chromium: Browser, site: Site, day: str, path: str) -> Page:
    page = chromium.new_context(viewport={"width": 390, "height": 844}, timezone_id="America/Los_Angeles").new_page()
    page.clock.set_fixed_time(dt.datetime.fromisoformat(f"{day}T09:00:00+08:00"))
    page.goto(site.url + path)
    return page


@pytest.mark.parametrize(
    ("day", "heading", "chips", "coming"),
    [
        ("2026-11-24", "正在公示 2 件", ["公示中", "公示中"], "即将公示"),
        ("2026-11-26", "正在公示 2 件", ["公示中", "公示中"], "即将公示"),
        ("2026-11-27", "正在公示 1 件，1 件已结束", ["已结束", "公示中"], "即将公示"),
        ("2026-12-01", "公示已结束 2 件，都已结束", ["已结束", "已结束"], "正在公示"),
        ("2026-12-10", "公示已结束 2 件，都已结束", ["已结束", "已结束"], "公示结束"),
    ],
)
def test_heading_and_cards_agree_whenever_it_is_read(
    chromium: Browser, site: Site, day: str, heading: str, chips: list[str], coming: str
) -> None:
    page = _on(chromium, site, day, site.home)
    now, later = page.locator("main section:has(.posts)").all()
    assert " ".join(now.locator("h2").inner_text().split()) == heading
    assert now.locator(".chip[data-until]").all_inner_texts() == chips
    assert later.locator(".chip[data-from]").all_inner_texts() == [coming]
    assert later.locator("h2").inner_text().strip() == ("即将公示" if coming == "即将公示" else "即将公示 已开始")
    page.context.close()


def test_without_script_the_day_of_the_build_is_said(chromium: Browser, site: Site) -> None:
    page = chromium.new_context(java_script_enabled=False).new_page()
    page.goto(site.url + site.home)
    heading = page.locator("h2:has(.day)")
    expect(heading).to_contain_text("正在公示 2 件")
    assert page.evaluate("getComputedStyle(document.querySelector('h2 .day'), '::before').content") == '"截至2026年11月24日"'
    page.context.close()


def test_a_townships_page_counts_what_still_runs_in_its_villages(chromium: Browser, site: Site) -> None:
    said = []
    for day in ("2026-11-24", "2026-11-27", "2026-12-01"):
        page = _on(chromium, site, day, "qinghe-zhen/")
        said.append(page.locator(".units .chip[data-ends]").first.inner_text())
        page.context.close()
    assert said == ["公示中 2 件", "公示中 1 件", "已结束 2 件"]


def test_the_page_of_the_boards_goes_with_the_days(chromium: Browser, tmp_path: Path) -> None:
    render((with_wall(samples.village()),), tmp_path)
    page = chromium.new_page()
    page.route("**/*", lambda route: route.fulfill(path=_file(tmp_path, route.request.url)))
    for day, said in (("2026-11-24", "公示中"), ("2026-12-10", "已结束")):
        page.clock.set_fixed_time(dt.datetime.fromisoformat(f"{day}T09:00:00+08:00"))
        page.goto("https://gk.qinghe.example.cn/qinghe-zhen/dahe/board/")
        chips = page.locator(".wall .chip[data-until]").all_inner_texts()
        assert chips
        assert set(chips) == {said}
        assert page.evaluate("getComputedStyle(document.querySelector('.lead .asof'), '::before').content") == '"截至2026年11月24日，"'
    page.close()


def _file(folder: Path, url: str) -> Path:
    path = folder / urlsplit(url).path.lstrip("/")
    return path / "index.html" if path.is_dir() else path
