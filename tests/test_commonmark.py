"""Markdown is the same with and without compiled code: what people write gives the same bytes on every computer."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen import commonmark
from sitegen.load.files import split_front
from sitegen.text import to_html

if not commonmark.COMPILED:
    pytest.skip("comrak has no wheel here: there is nothing to compare with", allow_module_level=True)


def both(text: str) -> tuple[str, str]:
    """As clean HTML, by the compiled way and by the other."""
    compiled = to_html(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(commonmark, "COMPILED", False)
        return compiled, to_html(text)


_WORDS = st.text(alphabet="镇村补贴公示元亩，。：；（）《》“”、abcXYZ019.-%", min_size=1, max_size=8)
_PIECES = st.one_of(
    _WORDS,
    _WORDS.map(lambda t: f"**{t}**"),
    _WORDS.map(lambda t: f"*{t}*"),
    _WORDS.map(lambda t: f"~~{t}~~"),
    _WORDS.map(lambda t: f"`{t}`"),
    _WORDS.map(lambda t: f"[{t}](https://a.cn/{t.strip('.（）()')})"),
    _WORDS.map(lambda t: f'![{t}](图.png "{t}")'),
    st.sampled_from(
        [
            " ",
            "\n",
            "  \n",
            "\\*",
            "&amp;",
            "&copy;",
            "<b>",
            "</b>",
            "<br>",
            "<!-- x -->",
            "<https://a.cn/?x=1&y=2>",
            "a_b_c",
            "！",
            "5*3",
            "~",
            "’",
        ]
    ),
)
_LINES = st.lists(_PIECES, min_size=1, max_size=5).map("".join)


def _one(line: str) -> str:
    return " ".join(line.split()) or "空"


def _table(rows: list[list[str]]) -> str:
    return "\n".join(
        [
            "| 甲 | 乙 | 丙 |",
            "|:--|--:|:-:|",
            *("|" + "|".join(_one(c).replace("|", "") for c in row) + "|" for row in rows),
        ]
    )


_BLOCKS = st.one_of(
    _LINES.map(lambda t: "　　" + t),
    _LINES,
    st.tuples(st.integers(1, 4), _LINES).map(lambda p: "#" * p[0] + " " + _one(p[1])),
    st.lists(_LINES.map(_one), min_size=1, max_size=3).map(lambda ls: "\n".join(f"- {t}" for t in ls)),
    st.lists(_LINES.map(_one), min_size=1, max_size=3).map(lambda ls: "\n\n".join(f"{n}. {t}" for n, t in enumerate(ls, 1))),
    st.lists(_LINES.map(_one), min_size=1, max_size=3).map(lambda ls: "\n".join(f"1. {t}\n   - [x] {t}\n   - [ ] {t}" for t in ls)),
    _LINES.map(lambda t: f"> {_one(t)}\n>\n> {_one(t)}"),
    st.lists(st.lists(_LINES, min_size=3, max_size=3), max_size=3).map(_table),
    st.sampled_from(["---", "```\n<x>\n```", "    code", "<div>\n甲\n</div>"]),
)


_NOTES = "见注[^1]和注[^二]，再见注[^1]。\n\n[^1]: 说明。\n[^二]: 又一条\n\n    两段。"


@given(st.tuples(st.lists(_BLOCKS, min_size=1, max_size=4), st.sampled_from(["", _NOTES])).map(lambda p: "\n\n".join([*p[0], p[1]])))
def test_the_same_bytes_for_what_people_write(text: str) -> None:
    compiled, plain = both(text)
    assert plain == compiled


def test_the_same_bytes_for_every_text_of_the_demo() -> None:
    root = Path(__file__).parent.parent
    files = sorted(p for folder in ("content", "villages", "docs") for p in (root / folder).rglob("*.md"))
    assert len(files) > 200
    for path in files:
        text = path.read_text(encoding="utf-8")
        parts = split_front(text)
        compiled, plain = both(parts[1] if parts else text)
        assert plain == compiled, path


@pytest.mark.parametrize(
    "text",
    [
        "**说明：**本表由村委会填报。",
        "**“粮补”**发放、*（一）*、~~作废~~、~作废~",
        "- [ ] 甲\n- [x] 乙\n\n- [ ]\n",
        "a[^n]\n\n[^n]: - 表\n",
        "[a](javascript:alert(1)) [b](data:text/html,x) [c](file:///x) ![d](data:image/png;base64,AA)",
        "<script>x</script>\n\n<b onclick=x>y</b>",
        "a\0b",
    ],
)
def test_the_same_bytes_for_what_is_special(text: str) -> None:
    compiled, plain = both(text)
    assert plain == compiled


@given(st.text(alphabet="<>/&\"'=abcimgsrptonel()[]!:#*_`~|\n \\-中，", max_size=200))
def test_no_text_breaks_it(text: str) -> None:
    assert isinstance(commonmark.in_python(text), str)
