"""A procedure is drawn from a few lines: every word is in the drawing, inside its box, and the drawing says in words what it shows."""

from __future__ import annotations

import re
import unicodedata
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from sitegen.flowchart import WIDTH, flowchart, flowchart_parts
from sitegen.model.flow import Flow

SVG = "{http://www.w3.org/2000/svg}"
WORDS = st.text(st.sampled_from("申请公开政府信息办理答复补正期限，。；（）20<&"), min_size=1, max_size=60)
ANSWER = st.text(st.sampled_from("是否属于涉及"), min_size=1, max_size=8)


def flow(*steps: dict[str, Any]) -> Flow:
    return Flow.model_validate({"title": "办理流程", "steps": steps})


def drawn(made: Flow) -> ElementTree.Element:
    svg = str(flowchart("f", made)).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    return ElementTree.fromstring(svg)


def texts(svg: ElementTree.Element) -> str:
    return "".join("".join(t.itertext()) for t in svg.iter(f"{SVG}text"))


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


STEP = st.fixed_dictionaries({"do": WORDS}, optional={"note": WORDS, "who": WORDS, "within": WORDS})
QUESTION = st.fixed_dictionaries(
    {"ask": WORDS, "go": ANSWER, "branch": st.fixed_dictionaries({"when": ANSWER, "do": WORDS}, optional={"note": WORDS, "then": WORDS})}
)
CHOICE = st.fixed_dictionaries(
    {"choose": WORDS, "of": st.lists(st.fixed_dictionaries({"do": WORDS}, optional={"note": WORDS}), min_size=1, max_size=4)}
)


@given(st.lists(STEP | QUESTION | CHOICE, min_size=2, max_size=6))
def test_every_word_is_drawn_inside_the_drawing(steps: list[dict[str, Any]]) -> None:
    made = flow(*steps)
    svg = drawn(made)
    shown = squeezed(texts(svg))
    for step in made.steps:
        assert squeezed(step.title) in shown
        for outcome in step.of:
            assert squeezed(outcome.do) in shown
        if step.branch:
            assert squeezed(step.branch.do) in shown
    height = float(svg.attrib["height"])
    for text in svg.iter(f"{SVG}text"):
        words, size = "".join(text.itertext()).rstrip("，。；）"), float(text.attrib["font-size"])
        if len(words) > 12 and re.fullmatch(r"[20<&]+", words):
            continue  # a long number is never torn
        wide = sum(size if unicodedata.east_asian_width(c) in "WFA" else size * 0.56 for c in words)
        left = float(text.attrib["x"]) - (wide / 2 if text.get("text-anchor") == "middle" else 0)
        assert left >= 0
        assert left + wide <= WIDTH
        assert 0 < float(text.attrib["y"]) < height
    assert str(flowchart("f", made)) == str(flowchart("f", made))


def test_it_is_named_and_told_in_words() -> None:
    made = flow(
        {"do": "提出申请", "who": "申请人"},
        {"ask": "写得清楚吗？", "go": "清楚", "branch": {"when": "不清楚", "do": "告知补正", "within": "7个工作日内"}},
        {"choose": "作出答复", "of": [{"do": "予以公开"}, {"do": "不予公开", "note": "说明理由"}]},
    )
    svg = drawn(made)
    assert svg.attrib["role"] == "img"
    title, desc = svg.find(f"{SVG}title"), svg.find(f"{SVG}desc")
    assert title is not None
    assert desc is not None
    assert svg.attrib["aria-labelledby"].split() == [title.attrib["id"], desc.attrib["id"]]
    assert title.text == "办理流程"
    for words in ("提出申请", "不清楚：告知补正（7个工作日内）", "不予公开：说明理由"):
        assert words in (desc.text or "")
    assert not [e for e in svg.iter() if "style" in e.attrib or e.tag == f"{SVG}script"]


def test_a_long_one_comes_in_two_parts_of_the_same_words_and_numbers() -> None:
    made = flow(*({"do": f"第{n}件事", "note": "办理和登记" * 12} for n in range(1, 9)))
    parts = flowchart_parts("f", made)
    assert len(parts) == 2
    ids = [i for part in parts for i in re.findall(r'id="([^"]+)"', part)]
    assert len(ids) == len(set(ids)) == 4
    numbers = [n for part in parts for n in re.findall(r">(\d)</text>", part)]
    assert numbers == [str(n) for n in range(1, 9)]
    heights = [int(re.findall(r' height="(\d+)"', part)[0]) for part in parts]
    assert max(heights) < 1.3 * min(heights)
    assert len(flowchart_parts("f", flow({"do": "开始"}, {"do": "结束"}))) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"note": "没有说做什么"},
        {"do": "登记", "ask": "清楚吗"},
        {"ask": "清楚吗", "go": "清楚"},
        {"do": "登记", "branch": {"when": "否", "do": "退回"}},
        {"choose": "答复"},
        {"do": "登记", "of": [{"do": "公开"}]},
    ],
)
def test_an_entry_is_one_thing_and_whole(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        flow({"do": "开始"}, wrong)
