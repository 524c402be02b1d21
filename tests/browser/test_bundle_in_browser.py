"""A bundle on a disk: pages, search, codes and sheets from ``file://``, without one request to a network."""

from __future__ import annotations

import datetime as dt
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, unquote

import pypdfium2
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


def spent(root: Path) -> None:
    """Give the township a table that is open to everybody."""
    catalog = root / "content/catalog"
    (catalog / "tables/xiangmu.yml").write_text(
        "id: xiangmu\ntitle: 项目资金表\nfields:\n  - {name: project, title: 项目}\n"
        "  - {name: amount, title: 金额, type: number, decimals: 2, unit: 元, total: true}\n",
        encoding="utf-8",
    )
    with (catalog / "fields/01-butie.yml").open("a", encoding="utf-8") as out:
        out.write(
            "  - id: BT-21\n    group: 资金\n    name: 项目资金\n    elements: [项目和金额]\n    basis: [gongkai-tiaoli]\n    deadline: 及时公开\n"
            "    subject: {township: 镇人民政府}\n    channels: [政府网站]\n    levels: [township]\n    table: xiangmu\n"
        )
    records = root / "content/townships/heping/records"
    (records / "2026-0002.csv").write_text("项目,金额(元)\n修渠,1200.00\n修路,800.50\n", encoding="utf-8")
    (records / "2026-0002.md").write_text(
        "---\nid: 2026-0002\ntitle: 2026年项目资金使用情况\nitem: BT-21\nperiod: 2026\nissuer: zf\nattribute: 主动公开\nformed: 2026-05-06\n"
        "published: 2026-05-08\ntable: 2026-0002.csv\n---\n正文。\n",
        encoding="utf-8",
    )


@pytest.fixture(scope="module")
def stick(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small region, bundled into a folder."""
    folder = tmp_path_factory.mktemp("stick")
    shutil.copytree(DATA / "base", folder / "region")
    spent(folder / "region")
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


def test_sheets_lie_beside_the_pages_and_carry_the_code_that_is_answered(visit: Visit, stick: Path) -> None:
    links = visit.page.locator("main ul a[href$='.pdf']")
    assert links.count() >= 1
    for link in links.all():
        sheet = stick / unquote(link.get_attribute("href") or "")
        assert sheet.read_bytes().startswith(b"%PDF")
        text = pypdfium2.PdfDocument(sheet)[0].get_textpage().get_text_range()
        code = next(p.name.partition("-")[0] for p in stick.glob("*/Q/*-1") if p.name.partition("-")[0] in text.replace(" ", ""))
        assert list(stick.glob(f"*/Q/{code}/index.html"))


@pytest.mark.parametrize(("ending", "begins"), [("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK"), ("json", b"[\n")])
def test_a_public_tables_data_are_on_the_disk(visit: Visit, stick: Path, ending: str, begins: bytes) -> None:
    page = visit.page
    (place,) = stick.glob("*/heping/r/2026-0002")
    page.goto("file://" + quote(f"{place}/index.html"))
    link = page.locator(f"main a[href$='.{ending}']")
    expect(link).to_be_visible()
    data = (place / unquote(link.get_attribute("href") or "")).read_bytes()
    assert data.startswith(begins)
    assert ending == "xlsx" or "修渠" in data.decode("utf-8-sig")
    (listed,) = stick.glob("*/heping/data/index.html")
    page.goto("file://" + quote(str(listed)))
    page.get_by_role("link", name=re.compile("2026年项目资金使用情况")).first.click()
    page.wait_for_url("**/r/2026-0002/index.html")


def test_every_page_has_a_policy_that_lets_nothing_but_the_bundles_own_run(visit: Visit, stick: Path) -> None:
    pages = sorted(stick.rglob("*.html"))
    assert len(pages) > 20
    for page in pages:
        text = page.read_text(encoding="utf-8")
        policy = re.search(r'http-equiv="?Content-Security-Policy"? content="([^"]*)"', text)
        assert policy, page
        assert "unsafe" not in policy[1]
        assert "default-src 'none'" in policy[1]
        assert "http" not in policy[1]


def test_without_script_pages_sheets_and_codes_are_there(chromium: Browser, stick: Path) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto("file://" + quote(f"{stick}/开始.html"))
    page.get_by_role("link", name="打开首页").click()
    page.get_by_role("link", name=re.compile("和平镇")).first.click()
    page.get_by_role("link", name=re.compile("种粮补贴发放公示")).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("种粮补贴发放公示")
    context.close()
