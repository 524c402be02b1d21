"""A browser, and pages for it to look at."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from msgspec import Struct
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.site.render import render_samples


class Site(Struct, frozen=True):
    """A host's tree, served."""

    folder: Path
    url: str
    home: str
    lists: str
    record: str
    """A record with rows enough for the filter."""
    catalog: str
    supervision: str
    figures: str
    """A record with a figure that hardly fits beside its long name."""


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Requests are not worth a line."""


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that closes while it is being answered is no error."""


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The sample pages over http."""
    folder = tmp_path_factory.mktemp("host")
    render_samples(folder)
    server = _Server(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    village = "qinghe-zhen/dahe/"
    yield Site(
        folder,
        f"http://127.0.0.1:{server.server_port}/",
        village,
        f"{village}list/",
        f"{village}r/2026-0017/",
        "catalog/zdbc/",
        "supervision/",
        "r/2026-9900/",
    )
    server.shutdown()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Chromium, from ``SITEGEN_CHROMIUM`` or the path; tests are skipped where there is none."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = os.environ.get("SITEGEN_CHROMIUM") or next((p for n in names if (p := shutil.which(n))), None)
    if found is None:
        pytest.skip("no Chromium: set SITEGEN_CHROMIUM or install it")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: Browser, site: Site) -> Iterator[Callable[..., Page]]:
    """Opens a page of the site: ``open_page(path, width=390, script=True)``. Console messages and requests gather on the page's lists."""
    contexts: list[BrowserContext] = []

    def open_(path: str, width: int = 390, script: bool = True) -> Page:
        context = chromium.new_context(viewport={"width": width, "height": 844}, java_script_enabled=script)
        contexts.append(context)
        page = context.new_page()
        page.goto(site.url + path)
        return page

    yield open_
    for context in contexts:
        context.close()
