"""The preview in a browser: a page that is open becomes what was saved, and says what is wrong."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.test_serve import LIST, PAGE, watching

_WAIT = 30_000


def test_an_open_page_follows_what_is_saved(chromium: Browser, region: Callable[..., Path]) -> None:
    root = region()
    with watching(root) as (served, _):
        context = chromium.new_context(viewport={"width": 390, "height": 600})
        page, other = context.new_page(), context.new_page()
        broken: list[str] = []
        page.on("console", lambda message: broken.append(message.text) if message.type == "error" else None)
        other.goto(served.url + "/ce.example.cn/heping/rules/")
        other.evaluate("window.stayed = true")
        page.goto(served.url + PAGE)
        page.bring_to_front()
        served.edit(f"{LIST}.md", "情况予以公示", "情况再次公示")
        expect(page.get_by_text("情况再次公示")).to_be_visible(timeout=_WAIT)
        assert other.evaluate("window.stayed")  # of another page nothing is heard
        # an error: what was there stays, with the remedy above it
        served.edit(f"{LIST}.md", "title: ", "titel: ")
        said = page.locator(".sg-said")
        expect(said).to_contain_text("titel", timeout=_WAIT)
        expect(said).to_contain_text("改法")
        expect(page.get_by_text("情况再次公示")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        served.edit(f"{LIST}.md", "titel: ", "title: ")
        expect(said).to_have_count(0, timeout=_WAIT)
        # a page that comes into being shows itself to who was waiting for it
        page.goto(f"{served.url}/ce.example.cn/heping/dongjie/r/2026-0009/")
        assert page.get_by_text("新来的一条").count() == 0
        own = root / "villages/heping/dongjie/records"
        text = (own / "2026-0001.md").read_text(encoding="utf-8")
        title = next(line for line in text.splitlines() if line.startswith("title:"))
        (own / "2026-0009.md").write_text(
            text.replace("id: 2026-0001", "id: 2026-0009").replace(title, "title: 新来的一条"), encoding="utf-8"
        )
        expect(page.get_by_text("新来的一条").first).to_be_visible(timeout=_WAIT)
        (own / "2026-0009.md").unlink()
        expect(page.get_by_text("新来的一条")).to_have_count(0, timeout=_WAIT)
        assert not [text for text in broken if "404" not in text]
        context.close()
