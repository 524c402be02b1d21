"""Addresses as seen from a page, words for figures and states, slots, and the pages of codes."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import re
from decimal import Decimal

import pytest
from msgspec.structs import replace

from sitegen.model.content_views import Figure
from sitegen.model.record_views import Agreement, PostingView, RecordView
from sitegen.site.pages import pages, q_pages
from sitegen.site.slots import slots
from sitegen.site.spec import Crumb, PageSpec
from sitegen.site.tools import Toolbox
from tests.sample_view import TOWN, VILLAGE
from tests.site import samples

PAGE = PageSpec("r/2026-0017/", "pages/record.html", "题目", "说明", "affairs", None)


@pytest.mark.parametrize(
    ("url", "seen"),
    [
        (VILLAGE.url, "../../"),
        (VILLAGE.url + "list/", "../../list/"),
        (TOWN.url + "r/2026-0101/", "../../../../qinghe-zhen/r/2026-0101/"),
        ("https://gk.qinghe.example.cn/", "../../../../"),
        ("https://liulin.example.cn/r/1/", "https://liulin.example.cn/r/1/"),
    ],
)
def test_addresses_are_relative_within_the_host(url: str, seen: str) -> None:
    assert Toolbox(samples.village()).at(PAGE).href(url) == seen


def test_home_of_a_county_links_to_itself_and_below() -> None:
    tools = Toolbox(samples.county())
    assert tools.href("https://gk.qinghe.example.cn/") == "./"
    assert tools.to("list/") == "list/"


def test_words() -> None:
    tools = Toolbox(samples.village())
    assert tools.size(812) == "812 字节"
    assert tools.size(214_331) == "209 KB"
    assert tools.size(1_500_000) == "1.4 MB"
    assert tools.size(1000) == "1.0 KB"
    assert tools.kind("a.b.XLSX") == "Excel"
    assert tools.tel("0451-0000 1299") == "tel:045100001299"
    assert tools.code("7K3M9X2QF4") == "7K3M 9X2Q F4"
    assert tools.span(PostingView(dt.date(2026, 12, 28), dt.date(2027, 1, 6), "on", 7, True, False)) == "2026年12月28日至2027年1月6日"
    assert tools.days(samples.ON) == "7个工作日"
    assert tools.topic(samples.village().record("2026-0012")) == "财务"
    assert tools.topic(samples.village().record("2026-0017")) == "涉农补贴"
    on = dt.date(2026, 5, 8)
    assert tools.agreement(Agreement("differs", "青禾镇", None, on, "少1户")) == "与青禾镇公开的内容不一致：少1户"
    assert tools.agreement(Agreement("missing", "青禾镇", None, on)) == "青禾镇尚未公开同一事项"


def test_lists_show_few_figures_and_of_many_the_sums() -> None:
    r = samples.village().record("2026-0012")
    names = ("期初余额", "经营收入", "发包收入", "收入合计", "支出合计", "期末余额")
    accounts = replace(r, figures=tuple(Figure(n, Decimal(1), 2, "元") for n in names))
    assert [f.label for f in Toolbox.key_figures(accounts)] == ["期初余额", "收入合计", "支出合计", "期末余额"]
    other = replace(r, figures=tuple(Figure(n, Decimal(1), 2, "元") for n in "甲乙丙丁戊"))
    assert [f.label for f in Toolbox.key_figures(other)] == ["甲", "乙", "丙", "戊"]
    assert Toolbox.key_figures(r) == r.figures


def test_tables_in_a_text_can_be_reached_by_keyboard_and_pictures_wait() -> None:
    html = Toolbox.markdown("| 项目 | 数 |\n|---|--:|\n| 甲 | 1 |\n\n![院内公示栏](a.jpg)")
    assert 'class="scroll" tabindex="0" role="region"' in html
    assert 'loading="lazy"' in html


def test_slots_are_escaped_and_carry_robots_only_where_wanted() -> None:
    view = samples.village()
    page = replace(
        PAGE, title='<b>"甲&乙"', description='"', meta=(("ArticleTitle", "<i>"),), noindex=True, crumbs=(Crumb("<村务>", "affairs/"),)
    )
    made = slots(view, page, Toolbox(view).at(page))
    assert made["slot_title"] == "&lt;b&gt;&quot;甲&amp;乙&quot; - 大河村村务公开"
    assert 'content="&lt;i&gt;"' in made["slot_head"]
    assert '<meta name="robots" content="noindex,nofollow">' in made["slot_head"]
    assert f'<link rel="canonical" href="{VILLAGE.url}r/2026-0017/">' in made["slot_head"]
    assert '<a href="../../affairs/">&lt;村务&gt;</a>' in made["slot_crumbs"]
    plain = slots(view, pages(view)[0], Toolbox(view))
    assert "robots" not in plain["slot_head"]
    assert plain["slot_crumbs"] == ""
    assert plain["slot_title"] == "大河村村务公开"


# Codes


def _code_pages(change: dict[str, object]) -> tuple[RecordView, dict[str, str]]:
    view = samples.village()
    made = replace(view.records[0], **change)  # type: ignore[arg-type]
    return made, {q.path: q.html for q in q_pages(replace(view, records=(made,), q_places=((made.q_host, made.q_path),)))}


def _headline(html: str) -> str:
    found = re.search(r"<h1>(.*?)</h1>", html)
    assert found
    return found[1]


def test_a_page_for_the_code_and_for_every_revision() -> None:
    record, made = _code_pages({"rev": 3, "why_revised": "更正面积"})
    assert set(made) == {record.code, *(f"{record.code}-{n}" for n in (1, 2, 3))}
    assert _headline(made[f"{record.code}-1"]) == "这张纸已被第3版替换"
    assert "更正面积" in made[f"{record.code}-2"]
    assert _headline(made[f"{record.code}-3"]) == "这张纸是现行版本"


@pytest.mark.parametrize(
    ("change", "headline"),
    [
        ({"posting": samples.OVER}, "这张纸的公示期已结束"),
        ({"posting": samples.ON}, "这张纸是现行版本"),
        ({"posting": None, "validity": "废止", "abolished": dt.date(2026, 9, 1)}, "这份信息已废止"),
    ],
)
def test_what_the_page_of_a_sheet_says(change: dict[str, object], headline: str) -> None:
    record, made = _code_pages(change)
    assert _headline(made[f"{record.code}-1"]) == headline


def test_code_pages_stand_alone_lead_on_and_are_not_indexed() -> None:
    record, made = _code_pages({})
    for html in made.values():
        assert '<meta name="robots" content="noindex">' in html
        assert "<script" not in html
        assert set(re.findall(r'rel="stylesheet" href="([^"]*)"', html)) <= {"../asof.css", "/Q/asof.css"}
        assert f'href="../../qinghe-zhen/dahe/r/{record.slug}/"' in html
    assert f'content="0;url=../../qinghe-zhen/dahe/r/{record.slug}/"' in made[record.code]
    html = made[f"{record.code}-1"]
    style = re.search(r"<style>(.*?)</style>", html, re.DOTALL)
    assert style
    assert f"sha256-{base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()}" in html.replace("&#43;", "+")


@pytest.mark.parametrize("change", [{"q_host": "ma.example.cn"}, {"q_path": "gk/Q"}])
def test_codes_kept_elsewhere_lead_on_by_the_whole_address(change: dict[str, object]) -> None:
    record, made = _code_pages(change)
    assert all(f'href="{record.url}"' in html for html in made.values())
