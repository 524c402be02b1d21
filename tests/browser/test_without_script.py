"""Without JavaScript nothing is missing but search: every kind of page says what it says, and shows no control that would do nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import Kind

pytestmark = pytest.mark.browser

WORDS = """(without) => {
  document.querySelectorAll(without || 'none').forEach((e) => { e.style.display = 'none'; });
  document.querySelectorAll('details').forEach((d) => { d.open = true; });
  return document.body.innerText.split(/[\\n\\t]+/).map((line) => line.trim()).filter(Boolean);
}"""
DEAD = """() => [...document.querySelectorAll('button, input, select, textarea, [role=button], [role=search], a[href="#"], a:not([href]), form, [contenteditable]')]
  .filter((e) => e.checkVisibility() && !(e.tagName === 'INPUT' && e.disabled)).map((e) => e.outerHTML.slice(0, 100))"""
COUNTED = re.compile(r"还剩 \d+ 天|今天截止|已结束|征集已结束")
"""What a script says of today; without it the date beside it says the same."""
OWN = "button, label, select, [role=status], .mine, .search, #how, .aid, noscript"
"""What a script shows for itself, the box of the search with its hint among it."""


@pytest.fixture(scope="module")
def plain(chromium: Browser) -> Iterator[Page]:
    """A browser in which no page may run a script."""
    context = chromium.new_context(viewport={"width": 390, "height": 844}, java_script_enabled=False)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def able(chromium: Browser) -> Iterator[Page]:
    """One in which it may."""
    context = chromium.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.clock.set_fixed_time("2026-11-24T02:00:00Z")
    yield page
    context.close()


def test_every_kind_of_page_says_the_same_and_has_no_dead_control(every_kind: list[Kind], plain: Page, able: Page) -> None:
    lost, dead = [], []
    for kind in every_kind:
        plain.goto(kind.url)
        dead += [(kind.name, control) for control in plain.evaluate(DEAD)]
        there = set(plain.evaluate(WORDS))
        assert len(there) > 5, kind
        if kind.name != "search":
            able.goto(kind.url)
            lost += [(kind.name, line) for line in able.evaluate(WORDS, OWN) if line not in there and not COUNTED.fullmatch(line)]
    assert dead == []
    assert lost == []


def test_the_test_sees_a_control_that_is_dead_and_words_that_are_missing(plain: Page) -> None:
    plain.set_content("<button>找</button><form><input></form><a href='#'>上</a><p hidden><select></select></p><a href='x'>去</a>")
    assert len(plain.evaluate(DEAD)) == 4
    plain.set_content("<details><summary>一</summary><p>二</p></details><p hidden>三</p>")
    assert plain.evaluate(WORDS) == ["一", "二"]


def test_every_link_that_is_seen_can_be_followed_without_script(every_kind: list[Kind], plain: Page) -> None:
    for kind in every_kind:
        plain.goto(kind.url)
        links = plain.evaluate(
            "[...document.querySelectorAll('main a[href]')].filter((a) => a.checkVisibility()).map((a) => a.getAttribute('href'))"
        )
        assert [href for href in links if href.startswith(("javascript:", "data:")) or href == "#"] == [], kind
