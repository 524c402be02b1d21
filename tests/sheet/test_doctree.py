"""Clean HTML as a tree of plain values."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.doctree import Node, tree
from sitegen.text import to_html


def depth(value: object) -> int:
    if isinstance(value, dict):
        return 1 + max((depth(v) for v in value.values()), default=0)
    if isinstance(value, list):
        return 1 + max((depth(v) for v in value), default=0)
    return 0


def said(nodes: list[Node]) -> str:
    return "".join(n.get("v", "") + said(n.get("c", [])) + "".join(said(i) for i in n.get("items", [])) for n in nodes)


def test_blocks_and_inlines() -> None:
    assert tree(to_html("## 一\n\n甲**乙**~~丙~~`丁`\n\n> 引")) == [
        {"t": "h", "level": 1, "c": [{"t": "text", "v": "一"}]},
        {
            "t": "p",
            "c": [
                {"t": "text", "v": "甲"},
                {"t": "strong", "c": [{"t": "text", "v": "乙"}]},
                {"t": "del", "c": [{"t": "text", "v": "丙"}]},
                {"t": "code", "v": "丁"},
            ],
        },
        {"t": "quote", "c": [{"t": "p", "c": [{"t": "text", "v": "引"}]}]},
    ]


def test_lists_keep_their_start_and_what_is_in_them() -> None:
    (found,) = tree(to_html("3. 三\n   - 子\n4. 四"))
    assert (found["ordered"], found["start"], len(found["items"])) == (True, 3, 2)
    assert [b["t"] for b in found["items"][0]] == ["p", "list"]


def test_a_table_keeps_its_alignment() -> None:
    (found,) = tree(to_html("|甲|乙|\n|---|--:|\n|1|2|"))
    assert found["align"] == ["left", "right"]
    assert said(found["rows"][0][1]) == "2"


def test_images_stand_by_themselves() -> None:
    assert [b["t"] for b in tree(to_html("前![图](a.png)后"))] == ["p", "img"]


def test_a_footnote_stands_at_the_end_without_the_way_back() -> None:
    found = tree(to_html("有注[^1]。\n\n[^1]: 注文"))
    assert [b["t"] for b in found] == ["p", "hr", "list"]
    assert "↩" not in said(found)


@pytest.mark.parametrize("text", [">" * 500 + "x", "\n".join("  " * n + "- x" for n in range(200)), "**a " * 400 + "x" + "**" * 400])
def test_nesting_is_bounded_and_loses_no_text(text: str) -> None:
    found = tree(to_html(text))
    assert depth(found) < 60
    assert "x" in said(found)


@given(st.text(max_size=200))
def test_every_text_becomes_a_tree(text: str) -> None:
    json.dumps(tree(to_html(text)))
