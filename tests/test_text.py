"""Markdown becomes clean HTML, and the document tree that sheets are set from."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sitegen.doctree import tree
from sitegen.text import to_html


def test_emphasis_closes_beside_chinese_punctuation() -> None:
    assert to_html("**说明：**本表由村委会填报。") == "<p><strong>说明：</strong>本表由村委会填报。</p>"


def test_the_page_keeps_its_only_first_heading() -> None:
    assert to_html("# 一、总则") == "<h2>一、总则</h2>"


def test_full_width_spaces_at_the_start_are_dropped() -> None:
    assert to_html("　　根据规定。") == "<p>根据规定。</p>"


def test_script_never_survives() -> None:
    html = to_html(
        "<script>alert(1)</script>\n\n<img src=x onerror=alert(1)> [a](javascript:alert(1)) <b onclick=x>b</b>\n\n<iframe src=x></iframe>"
    )
    for bad in ("<script", "onerror", "javascript:", "onclick", "<iframe"):
        assert bad not in html


@given(st.text(alphabet="<>/&\"'=abcimgsrptonel()[]!:#*_`\n \\-", max_size=200))
def test_nothing_that_runs_comes_out_of_any_text(text: str) -> None:
    html = to_html(text).lower()
    assert "<script" not in html
    assert "javascript:" not in html.replace("&#", "")
    assert " on" not in "".join(part.partition(">")[0] for part in html.split("<")[1:] if part[:1].isalpha())


def test_tree_of_everything_a_clerk_writes() -> None:
    text = "## 一、依据\n\n根据**规定**，[见此](https://a.cn)。\n\n1. 甲\n2. 乙\n   - 丙\n\n| 项 | 数 |\n|---|--:|\n| a | 1 |\n\n![图](a.png)\n\n> 引\n"
    made = tree(to_html(text))
    assert [b["t"] for b in made] == ["h", "p", "list", "table", "img", "quote"]
    assert made[0] == {"t": "h", "level": 1, "c": [{"t": "text", "v": "一、依据"}]}
    assert made[1]["c"][1] == {"t": "strong", "c": [{"t": "text", "v": "规定"}]}
    assert made[2]["ordered"]
    assert made[2]["items"][1][1]["t"] == "list"
    assert made[3]["align"] == ["left", "right"]
    assert made[4] == {"t": "img", "src": "a.png", "alt": "图"}
