"""Search as a reader does it: words and numbers are typed, what is found is narrowed, a code from paper leads to its page."""

from __future__ import annotations

import gzip
import random
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from msgspec import Struct
from playwright.sync_api import Browser, Page, Route, expect

from sitegen.search.texts import fold
from tests.browser.conftest import Site, _Quiet, _Server
from tests.search.many import write_index
from tests.search.scan import Scan

pytestmark = pytest.mark.browser
Open = Callable[..., Page]
FIND = "q => sitegenSearch.find(q).then(hits => hits.map(({page}) => [page.segment, page.n]))"


class Large(Struct, frozen=True):
    """A host with more than a thousand pages to find."""

    url: str
    scan: Scan


@pytest.fixture(scope="module")
def large(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Large]:
    """The sample site with an index of 1,200 texts."""
    folder = tmp_path_factory.mktemp("large")
    shutil.copytree(site.folder, folder / "host", ignore=shutil.ignore_patterns("search-index"))
    write_index(folder / "host", folder / "scratch", 1_200)
    server = _Server(("127.0.0.1", 0), partial(_Quiet, directory=str(folder / "host")))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield Large(f"http://127.0.0.1:{server.server_port}/", Scan(folder / "host" / "search-index"))
    server.shutdown()


def ask(page: Page, words: str) -> None:
    """Type and send."""
    page.get_by_role("searchbox").fill(words)
    page.get_by_role("searchbox").press("Enter")


def told(page: Page) -> str:
    """What was said of the answer, once there is one."""
    status = page.locator(".search-status")
    expect(status).not_to_have_text(re.compile("^(正在找…)?$"), timeout=30_000)
    return status.inner_text()


def test_what_is_typed_is_found_exactly_on_a_thousand_pages(chromium: Browser, large: Large) -> None:
    assert len(large.scan.pages) >= 1_000
    page = chromium.new_page()
    page.goto(f"{large.url}search/")
    for query in large.scan.queries(random.Random(5), 160):
        got = {(name, n) for name, n in page.evaluate(FIND, query)}
        assert got == large.scan.truth(query), query
        assert got >= large.scan.as_written(query), query
    for query in large.scan.queries(random.Random(6), 24):
        ask(page, query)
        expect(page.locator(".search-status")).to_have_text(f"找到{len(large.scan.truth(query))}件")
        expect(page.locator(".hits li").first.locator("mark").first).to_be_visible()
    page.close()


@pytest.mark.parametrize(
    "query", ["集体资产", "体资", "2026", "亩", "Wi", "wi-fi", "青政发[2024]7号", "大河村 征地补偿 名单", "村民小组公示", "1,0"]
)
def test_compounds_figures_numbers_latin_and_single_characters(chromium: Browser, large: Large, query: str) -> None:
    page = chromium.new_page()
    page.goto(f"{large.url}search/")
    truth = large.scan.truth(query)
    assert truth
    assert {(name, n) for name, n in page.evaluate(FIND, query)} == truth
    page.close()


def test_text_is_folded_alike_in_the_browser_and_in_the_index(open_page: Open, site: Site) -> None:
    chance = random.Random(3)
    alphabet = [
        chr(c) for c in (*range(32, 127), *range(0x3000, 0x3040), *range(0xFF01, 0xFF60), *range(0x2010, 0x2030), *range(0x2460, 0x2474))
    ]
    alphabet += list("耕地补贴〔2026〕号㎡℃①½ﬁςΣİßǅ𠮷…—～·“”‘’　﻿\xa0\xad\u200b\n")
    written = ["".join(chance.choices(alphabet, k=chance.randint(1, 12))) for _ in range(3_000)]
    page = open_page("search/")
    got = page.evaluate("all => all.map(t => sitegenSearch.fold(t))", written)
    assert [(w, g) for w, g in zip(written, got, strict=True) if g != fold(w)] == []


def test_titles_first_those_in_force_first_then_the_newest(chromium: Browser, large: Large) -> None:
    page = chromium.new_page()
    page.goto(f"{large.url}search/")
    found = page.evaluate(
        "q => sitegenSearch.find(q).then(h => h.map(({page, title}) => [title, !(page.flags & 1), page.day]))", "征地补偿"
    )
    assert len(found) > 50
    assert found == sorted(found, key=lambda f: (-f[0], -f[1], -f[2]))
    assert {(title, valid) for title, valid, _ in found} == {(a, b) for a in (True, False) for b in (True, False)}
    page.close()


def test_a_page_is_found_by_its_title_and_opened(open_page: Open, site: Site) -> None:
    page = open_page("search/")
    title = open_page(site.record).get_by_role("heading", level=1).inner_text()
    ask(page, title[3:9])
    hit = page.locator(".hits li").filter(has_text=title).first
    expect(hit.locator("a mark").first).to_be_visible()
    hit.get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    page.go_back()
    expect(page.get_by_role("searchbox")).to_have_value(title[3:9])
    expect(page.locator(".hits li").first).to_be_visible()


def test_what_is_typed_at_home_is_found(open_page: Open, site: Site) -> None:
    page = open_page("")
    ask(page, "补贴")
    page.wait_for_url("**/search/?*")
    assert "找到" in told(page)


def test_the_head_of_every_page_leads_to_search(open_page: Open, site: Site) -> None:
    page = open_page(site.record)
    page.locator(".tools").get_by_role("link", name="搜索").click()
    expect(page.get_by_role("searchbox")).to_be_focused()


def test_narrowed_by_unit_level_field_year_and_validity(chromium: Browser, large: Large) -> None:
    page = chromium.new_page(viewport={"width": 1280, "height": 900})
    page.goto(f"{large.url}search/")
    ask(page, "公示")
    whole = int(re.search(r"\d+", told(page))[0])  # type: ignore[index]
    rows = page.evaluate("sitegenSearch.find('公示').then(h => h.map(({page}) => [page.unit, page.field, page.year, page.flags]))")
    for name, value, count in (
        ("单位", "230198101201", sum(r[0] == "230198101201" for r in rows)),
        ("层级", "village", None),
        ("领域", "社会救助", sum(r[1] == "社会救助" for r in rows)),
        ("年份", "2025", sum(r[2] == 2025 for r in rows)),
    ):
        box = page.get_by_label(name)
        option = box.locator(f"option[value='{value}']") if name != "单位" else box.locator("option").nth(2)
        value, label = option.get_attribute("value"), option.inner_text()
        box.select_option(value)
        shown = int(re.search(r"(\d+)件", told(page))[1])  # type: ignore[index]
        assert f"（{shown}）" in label
        assert 0 < shown < whole
        if count is not None and name != "单位":
            assert shown == count
        assert f"{box.get_attribute('name')}={value}" in page.evaluate("decodeURIComponent(location.search)")
        box.select_option("")
    page.get_by_label("只看现行有效的").check()
    assert int(re.search(r"(\d+)件", told(page))[1]) == sum(not r[3] for r in rows)  # type: ignore[index]
    page.close()


def test_a_village_searches_itself_first_and_the_county_on_request(open_page: Open, site: Site) -> None:
    page = open_page(f"{site.home}search/")
    ask(page, "补贴")
    assert told(page).startswith("大河村找到")
    expect(page.locator(".hits li").first).to_be_visible()  # how many is said before the texts are fetched
    assert {t.strip() for t in page.locator(".hits li p:first-of-type span:first-of-type").all_inner_texts()} == {"大河村"}
    page.get_by_role("button", name=re.compile("看全部单位的")).click()
    assert re.match(r"找到\d+件", told(page))
    page.reload()
    assert re.match(r"找到\d+件", told(page))


def test_what_the_village_lacks_is_looked_for_in_the_county(open_page: Open, site: Site) -> None:
    page = open_page(f"{site.home}search/")
    ask(page, "国土空间")
    assert re.match(r"大河村没有，其他单位找到\d+件", told(page))


def test_words_that_stand_apart_are_found_and_it_is_said(chromium: Browser, large: Large) -> None:
    page = chromium.new_page()
    page.goto(f"{large.url}search/")
    ask(page, "耕地补贴")
    assert re.match(r"没有连着写的“耕地补贴”；同时有“耕地”“补贴”的，找到\d+件", told(page))
    ask(page, "天津麻花")
    assert told(page).startswith("没有找到")
    expect(page.locator(".hits li")).to_have_count(0)
    page.close()


def code_of(site: Site) -> str:
    """The code of the sample record, as it stands on its page."""
    found = re.search(r"<b>([0-9A-Z ]{12})</b> 第1版", (site.folder / site.record / "index.html").read_text(encoding="utf-8"))
    assert found
    return found[1].replace(" ", "")


@pytest.mark.parametrize("form", ["{0}", "{0}-1", "lower", "spaced", "wide", "misread"])
def test_a_code_from_paper_leads_to_its_page_however_it_is_typed(open_page: Open, site: Site, form: str) -> None:
    code = code_of(site)
    wide = str.maketrans({c: chr(ord(c) + 0xFEE0) for c in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-"})
    typed = {
        "lower": f"{code.lower()}-1",
        "spaced": f"{code[:4]} {code[4:8]} {code[8:]} — 1",
        "wide": f"{code}-1".translate(wide),
        "misread": code.replace("0", "O").replace("1", "l") + "-1",
    }.get(form, form.format(code))
    page = open_page("search/")
    ask(page, typed)
    if form == "{0}":
        page.wait_for_url(site.url + site.record)
    else:
        page.wait_for_url(f"{site.url}Q/{code}-1/")
        expect(page.get_by_role("heading", level=1)).to_contain_text("这张纸是现行版本")


def test_a_code_is_accepted_at_home_and_where_nothing_is(open_page: Open, site: Site) -> None:
    for place in ("", "404.html"):
        page = open_page(place)
        ask(page, f"{code_of(site).lower()}-1")
        page.wait_for_url(f"{site.url}Q/{code_of(site)}-1/")


def test_a_revision_that_never_was_leads_to_the_record(open_page: Open, site: Site) -> None:
    page = open_page("search/")
    ask(page, f"{code_of(site)}-9")
    page.wait_for_url(site.url + site.record)


def test_a_code_that_is_none_is_told(open_page: Open, site: Site) -> None:
    page = open_page("search/")
    ask(page, "zzzz zzzz zz")
    expect(page.locator(".code-hit")).to_contain_text("没有永久码 ZZZZ ZZZZ ZZ")


def test_without_script_the_page_says_how_else_to_find_things(open_page: Open, site: Site) -> None:
    page = open_page("search/", script=False)
    expect(page.locator("noscript .private")).to_contain_text("搜索要靠浏览器的脚本")
    expect(page.locator("noscript .private")).to_contain_text(re.compile(r"地址栏输入 \S+/Q/，接着输入单上的10位永久码"))
    assert page.locator("noscript .private").bounding_box()
    expect(page.get_by_role("searchbox")).to_have_count(0)
    page.locator(".years a").first.click()
    expect(page.locator(".lines li").first).to_be_visible()
    home = open_page("", script=False)
    assert "浏览器没有打开脚本时" in (home.locator("#how noscript").text_content() or "")


def test_results_are_announced_and_reached_by_keyboard(open_page: Open, site: Site) -> None:
    page = open_page("search/")
    status = page.locator(".search-status")
    assert (status.get_attribute("role"), status.get_attribute("aria-live")) == ("status", "polite")
    page.keyboard.type("公示")
    page.keyboard.press("Enter")
    told(page)
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("!!document.activeElement.closest('.hits')"):
            break
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/r/[^/]+/$"))


@pytest.mark.parametrize("width", [320, 390, 1280])
@pytest.mark.parametrize("elder", [False, True])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(open_page: Open, site: Site, width: int, elder: bool) -> None:
    page = open_page("search/?q=补贴&year=2026", width)
    if elder:
        page.get_by_role("button", name=re.compile("字号")).click()
    expect(page.locator(".hits li").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    small = page.evaluate(
        """() => [...document.querySelectorAll('.search input:not([type=checkbox]), button, select, .tick, .tools a, .hits li')]
        .filter(e => e.offsetParent && e.getBoundingClientRect().height < 44).map(e => e.outerHTML.slice(0, 90))"""
    )
    assert small == []
    assert [(v["id"], [n["html"][:120] for n in v["nodes"]]) for v in Axe().run(page).response["violations"]] == []


def test_axe_finds_nothing_where_nothing_is(open_page: Open, site: Site) -> None:
    for width in (390, 1280):
        assert [v["id"] for v in Axe().run(open_page("404.html", width)).response["violations"]] == []


def test_own_requests_only_no_console_errors_and_light(chromium: Browser, large: Large) -> None:
    page = chromium.new_page()
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda r: asked.append(r.url))
    page.on("console", lambda m: said.append(m.text))
    page.on("pageerror", lambda e: said.append(str(e)))
    page.goto(f"{large.url}search/")
    ask(page, "集体资产")
    told(page)
    page.wait_for_load_state("networkidle")
    assert said == []
    assert [u for u in asked if not u.startswith(large.url)] == []
    index = [u for u in asked if "/search-index/" in u]
    weight = sum((large.scan.folder / u.partition("/search-index/")[2]).stat().st_size for u in index)
    assert weight < 60 * 1024
    page.close()


def test_an_old_browser_unpacks_by_script(chromium: Browser, large: Large) -> None:
    page = chromium.new_page()
    page.add_init_script("delete window.DecompressionStream")
    page.goto(f"{large.url}search/")
    ask(page, "集体资产")
    assert told(page) == f"找到{len(large.scan.truth('集体资产'))}件"
    page.close()


def test_a_server_that_unpacks_is_understood(chromium: Browser, large: Large) -> None:
    page = chromium.new_page()

    def unpacked(route: Route) -> None:
        route.fulfill(body=gzip.decompress((large.scan.folder / route.request.url.partition("/search-index/")[2]).read_bytes()))

    page.route("**/search-index/**", unpacked)
    page.goto(f"{large.url}search/")
    ask(page, "集体资产")
    assert told(page) == f"找到{len(large.scan.truth('集体资产'))}件"
    page.close()


def test_a_network_that_fails_is_told_and_tried_again(chromium: Browser, large: Large) -> None:
    page = chromium.new_page()
    page.route("**/search-index/**", lambda route: route.abort())
    page.goto(f"{large.url}search/")
    ask(page, "集体资产")
    expect(page.locator(".search-status")).to_contain_text("搜索现在用不了")
    page.unroute("**/search-index/**")
    ask(page, "集体资产")
    expect(page.locator(".search-status")).to_have_text(f"找到{len(large.scan.truth('集体资产'))}件")
    page.close()


def test_a_reader_whose_index_is_no_more_gets_the_new_one(chromium: Browser, site: Site, tmp_path: Path) -> None:
    host = tmp_path / "host"
    shutil.copytree(site.folder, host, ignore=shutil.ignore_patterns("search-index"))
    write_index(host, tmp_path / "before", 300)
    with _Server(("127.0.0.1", 0), partial(_Quiet, directory=str(host))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        page = chromium.new_page()
        page.goto(f"http://127.0.0.1:{server.server_port}/search/")
        page.evaluate("sitegenSearch.open().then(() => null)")
        shutil.rmtree(host / "search-index")
        write_index(host, tmp_path / "after", 400)
        ask(page, "集体资产")
        assert told(page) == f"找到{len(Scan(host / 'search-index').truth('集体资产'))}件"
        page.close()
        server.shutdown()
