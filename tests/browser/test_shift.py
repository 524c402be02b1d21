"""Nothing moves under a reader's finger: pages do not shift when the script arrives late, nor while pictures come in."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route

from tests.browser.conftest import Site

SHIFTS = """() => new Promise((done) => {
  const seen = [];
  new PerformanceObserver((list) => {
    for (const e of list.getEntries()) if (!e.hadRecentInput) seen.push([e.value, e.sources.map((s) => (s.node && (s.node.outerHTML || s.node.textContent) || '').slice(0, 80))]);
  }).observe({type: 'layout-shift', buffered: true});
  setTimeout(() => done(seen), 400);
})"""


def _late(route: Route) -> None:
    time.sleep(0.4)
    route.continue_()


@pytest.fixture
def slowly(chromium: Browser, site: Site) -> Iterator[Page]:
    """A page to which scripts come long after it was painted."""
    context = chromium.new_context()
    page = context.new_page()
    page.route("**/*.js", _late)
    yield page
    context.close()


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
@pytest.mark.parametrize("kind", ["record", "figures", "home", "lists"])
def test_nothing_moves(kind: str, width: int, slowly: Page, site: Site) -> None:
    slowly.set_viewport_size({"width": width, "height": 844})
    slowly.goto(site.url + getattr(site, kind), wait_until="load")
    assert slowly.evaluate(SHIFTS) == []
