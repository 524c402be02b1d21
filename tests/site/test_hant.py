"""Pages in traditional characters: words turned, addresses not, and every link leads somewhere."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from sitegen.model.views import UnitView
from sitegen.site import hant
from sitegen.site.spec import PageSpec
from tests.site import samples
from tests.site.render import render


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """County, township and village of a region that asks for it."""
    out = tmp_path_factory.mktemp("hant")
    render(tuple(replace(v, traditional="s2hk") for v in (samples.county(), samples.township(), samples.village(8, 3))), out)
    return out


def html(page: Path) -> str:
    return (page / "index.html").read_text(encoding="utf-8")


def spec(path: str) -> PageSpec:
    return PageSpec(path, "", "", "", "", None)


def address(view: UnitView, path: str, link: str) -> str:
    made = hant.page(f'<a href="{link}">x</a>', replace(view, traditional="s2hk"), spec(path), "@none@", {"javascripts/board.js"})
    assert made is not None
    return made.split('"')[1]


def test_words_are_turned_and_the_language_is_said(host: Path) -> None:
    plain, turned = html(host / "qinghe-zhen/dahe/r/2026-0017"), html(host / "qinghe-zhen/dahe/hant/r/2026-0017")
    assert "耕地地力保护补贴" in plain
    assert "耕地地力保護補貼" in turned
    assert '<html lang="zh-Hant"' in turned
    assert "大河村村務公開" in turned
    assert "张*三" not in turned
    assert "張*三" in turned


def test_each_form_leads_to_the_other_and_names_it_in_its_head(host: Path) -> None:
    plain, turned = html(host / "qinghe-zhen/dahe/finance"), html(host / "qinghe-zhen/dahe/hant/finance")
    assert '<a class="script" href="../hant/finance/" hreflang="zh-Hant" lang="zh-Hant">繁體</a>' in plain
    assert '<a class="script" href="../../finance/" hreflang="zh-Hans" lang="zh-Hans">简体</a>' in turned
    for page in (plain, turned):
        assert 'hreflang="zh-Hant" href="https://gk.qinghe.example.cn/qinghe-zhen/dahe/hant/finance/"' in page
        assert '<link rel="canonical" href="https://gk.qinghe.example.cn/qinghe-zhen/dahe/finance/">' in page


def test_every_link_of_a_turned_page_leads_to_a_file(host: Path) -> None:
    pages = [p for p in host.rglob("index.html") if "hant" in p.relative_to(host).parts]
    assert len(pages) > 100
    for page in pages:
        for link in re.findall(r' (?:href|src|data-read)="([^"]*)"', page.read_text(encoding="utf-8")):
            parts = urlsplit(link)
            if parts.scheme or not parts.path:
                continue
            target = (page.parent / unquote(parts.path)).resolve()
            if re.search(r"/(v\d+|chengguan|shuangquan)(/|$)|/r/(abc|2026-010\d)", target.as_posix()):
                continue  # units and records that the samples only mention
            assert (target / "index.html" if target.is_dir() else target).is_file(), f"{page}: {link}"


def test_turned_pages_lead_to_turned_pages_and_to_files_where_they_are() -> None:
    village, county = samples.village(8, 0), samples.county()
    assert address(village, "r/2026-0017/", "../../finance/#cj-01") == "../../finance/#cj-01"
    assert address(village, "r/2026-0017/", "biaozhun.pdf") == "../../../r/2026-0017/biaozhun.pdf"
    assert address(village, "r/2026-0017/", "../../search/") == "../../../search/"
    assert address(village, "r/2026-0017/", "../../../../assets/javascripts/board.js") == "../../assets/javascripts/board.js"
    assert address(village, "r/2026-0017/", "../../../../assets/stylesheets/board.css") == "../../../../../assets/stylesheets/board.css"
    assert address(village, "", "../") == "../../../qinghe-zhen/hant/"
    assert address(village, "list/", "../../../guide/") == "../../../../hant/guide/"
    assert address(county, "", "qinghe-zhen/") == "../qinghe-zhen/hant/"
    assert address(county, "m/2026-0137/", "../../qinghe-zhen/dahe/r/abc/") == "../../../qinghe-zhen/dahe/hant/r/abc/"
    assert address(county, "", "portal/") == "../portal/", "no unit that is known: left as it is"
    assert address(county, "list/", "https://other.example.cn/") == "https://other.example.cn/"
    assert address(county, "list/", "tel:045100001299") == "tel:045100001299"


def test_scripts_keep_their_hash_and_speak_traditional_from_their_own_files(host: Path) -> None:
    turned = html(host / "qinghe-zhen/dahe/hant")
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', turned)
    assert policy
    for body in re.findall(r"<script(?![^>]*src)(?![^>]*json)[^>]*>(.*?)</script>", turned, re.DOTALL):
        assert base64.b64encode(hashlib.sha256(body.encode()).digest()).decode() in policy[1]
    assert "還剩" in (host / "qinghe-zhen/dahe/hant/assets/javascripts/board.js").read_text(encoding="utf-8")


def test_nothing_of_it_is_made_where_the_region_does_not_ask(tmp_path: Path) -> None:
    render((samples.village(8, 0),), tmp_path)
    assert not (tmp_path / "qinghe-zhen/dahe/hant").exists()
    assert "繁體" not in html(tmp_path / "qinghe-zhen/dahe")


def test_without_opencc_there_is_no_link_either(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hant, "available", lambda: False)
    assert hant.switch(replace(samples.village(8, 0), traditional="s2hk"), spec("list/")) == ""


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"])))
def test_addresses_and_classes_are_never_turned(name: str) -> None:
    name = re.sub(r'["<>&#?:\s\\/]', "", name) or "补贴"
    made = hant.page(
        f'<p class="发 {name}">发</p><a href="https://a.example.cn/{name}">发</a>',
        replace(samples.village(8, 0), traditional="s2hk"),
        spec(""),
        "@none@",
        (),
    )
    assert made is not None
    assert f'class="发 {name}"' in made
    assert f'href="https://a.example.cn/{name}"' in made
    assert made.count("發") >= 2
