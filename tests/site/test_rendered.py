"""The pages as written: weight, policy, links that lead somewhere, and data that stay data."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from msgspec.structs import replace

from sitegen.model.content_views import Content
from tests.sample_view import subsidy_table
from tests.site import samples
from tests.site.render import render, render_samples


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample host's tree."""
    out = tmp_path_factory.mktemp("host")
    render_samples(out)
    return out


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: list[str] = []
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            self.attributes.add(name)
            if name in ("href", "src") and value:
                self.links.append(value)
            if name == "id" and value:
                self.ids.append(value)


def _parsed(page: Path) -> _Links:
    parser = _Links()
    parser.feed(page.read_text(encoding="utf-8"))
    return parser


SAMPLE_ONLY = re.compile(r"/(v\d+|chengguan|shuangquan)/|/r/(abc|2026-010\d)/|^/qinghe-zhen/v")
"""Addresses of units and records that the samples only mention."""


def test_links_lead_to_pages_and_anchors_exist(host: Path) -> None:
    parsed = {p: _parsed(p) for p in host.rglob("index.html")}
    for page, found in parsed.items():
        assert len(found.ids) == len(set(found.ids)), page
        for link in found.links:
            parts = urlsplit(link)
            if parts.scheme:
                continue
            base = host if parts.path.startswith("/") else page.parent
            target = (base / unquote(parts.path).lstrip("/")).resolve() if parts.path else page
            if SAMPLE_ONLY.search("/" + target.relative_to(host).as_posix() + "/"):
                continue
            if target.is_dir():
                target /= "index.html"
            assert target.is_file(), f"{page}: {link}"
            if parts.fragment:
                assert parts.fragment in parsed[target].ids, f"{page}: {link}"


def test_policy_names_every_inline_script_and_nothing_is_inline_besides(host: Path) -> None:
    for page in host.rglob("index.html"):
        html = page.read_text(encoding="utf-8")
        assert "unsafe-inline" not in html
        assert not {a for a in _parsed(page).attributes if a.startswith("on") or a == "style"}, page
        for body in re.findall(r"<script(?![^>]*src)[^>]*>(.*?)</script>", html, re.DOTALL):
            assert base64.b64encode(hashlib.sha256(body.encode()).digest()).decode() in html


def test_records_are_light_without_their_tables(host: Path) -> None:
    for page in host.rglob("r/*/index.html"):
        html = re.sub(r"<table.*?</table>", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
        assert len(html.encode()) <= 12 * 1024, page


def test_every_page_has_language_one_main_and_one_first_heading(host: Path) -> None:
    for page in host.rglob("index.html"):
        html = page.read_text(encoding="utf-8")
        assert '<html lang="zh-CN"' in html
        if 'http-equiv="refresh"' not in html:
            assert html.count("<main") == 1, page
            assert len(re.findall(r"<h1[ >]", html)) == 1, page


def test_what_people_wrote_never_becomes_markup(tmp_path: Path) -> None:
    nasty = "<script>alert(1)</script>\"'{{ 7*7 }}{% raw %}&lt;@@sg:slot_title@@"
    view = samples.village(8, 0)
    table = subsidy_table(8)
    rows = ((nasty,) * 5, *table.rows[1:])
    records = tuple(replace(r, title=nasty, summary=nasty, issuer=nasty, why_revised=nasty, field_name=nasty) for r in view.records)
    contents = {r.id: Content(nasty, replace(table, rows=rows, title=nasty), (), ()) for r in records}
    contact = view.contact.model_copy(update={"address": nasty})
    view = replace(
        view, unit=replace(view.unit, name=nasty), records=records, contents=contents, intro=nasty, organs=(nasty,), contact=contact
    )
    render((view,), tmp_path)
    for page in tmp_path.rglob("index.html"):
        html = page.read_text(encoding="utf-8")
        assert "<script>alert" not in html
        assert "49" not in re.findall(r"<title>(.*?)</title>", html)[0]
        assert not {a for a in _parsed(page).attributes if a.startswith("on")}


def test_rows_kept_off_the_web_are_in_no_page(host: Path) -> None:
    html = (host / "qinghe-zhen/dahe/r/2026-0016/index.html").read_text(encoding="utf-8")
    assert "张*" not in html
    assert "<table" not in html
