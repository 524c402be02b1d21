"""The short cut for plain heads says exactly what the full parser says, or nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sitegen.load import yamlfile
from sitegen.load.files import split_front
from sitegen.load.plainyaml import read_plain
from sitegen.load.yamlfile import YamlProblem, parse

ROOT = Path(__file__).parent.parent.parent
CHARACTERS = "ab_Z09 .,-:#'\"[]{}&*!|>%@`?~/\\年月（）：，、－１\t\u3000\u00a0\u2028\ufeff+=<"
WORDS = [
    "true", "false", "null", "yes", "no", "on", "~", "0", "007", "1_000", "1e3", "0x1F", "12.50", "1.", ".5", "-3", "-0.5", "2026-05-08", "2026-13-40",
    "2026-5-8", "2026-Q3", "12:30", "True", "NULL", "一榜", "张*三", "a b", "a  b", "值 ", "<<", "=", "---", "...", "- a", "230170101201", "9" * 19, "",
]  # fmt: skip
value = st.one_of(st.sampled_from(WORDS), st.text(CHARACTERS, max_size=9), st.sampled_from(WORDS).map(lambda w: f'"{w}"'))
flow = st.lists(value, max_size=3).map(lambda v: f"[{', '.join(v)}]")
mapping = st.lists(st.tuples(st.sampled_from(["n", "on", "why", "a_b"]), value), max_size=3).map(
    lambda v: "{" + ", ".join(f"{k}: {x}" for k, x in v) + "}"
)
key = st.sampled_from(["id", "title", "on", "period", "y", "revision", "tags"])
line = st.one_of(
    st.tuples(key, st.one_of(value, flow, mapping, st.lists(mapping, min_size=1, max_size=2).map(lambda v: f"[{', '.join(v)}]"))).map(
        lambda p: f"{p[0]}: {p[1]}"
    ),
    key.map(lambda k: f"{k}:"),
    st.one_of(value, mapping).map(lambda v: f"  - {v}"),
    st.text(CHARACTERS, max_size=12),
)
heads = st.lists(line, min_size=1, max_size=6).map(lambda lines: "\n".join(lines) + "\n")


def fully(text: str, monkeypatch: pytest.MonkeyPatch) -> tuple[object, dict[str, int]] | None:
    """What the full parser says; ``None`` when it finds anything wrong."""
    with monkeypatch.context() as patched:
        patched.setattr(yamlfile, "read_plain", lambda _: None)
        try:
            parsed = parse(text, first_line=0)
        except YamlProblem:
            return None
        return (parsed.data, parsed.lines()) if not parsed.duplicates else None


def same(text: str) -> None:
    got = read_plain(text)
    if got is None:
        return
    with pytest.MonkeyPatch.context() as patched:
        wanted = fully(text, patched)
    assert wanted is not None, text
    assert repr((got[0], got[1])) == repr(wanted), text


@settings(max_examples=400)
@given(heads)
@example("a: b\n  - c\n")
@example("on:\n  - {n: 1, why: 更正}\n  - b\n")
@example("title: 2026年\u3000补贴\n")
@example("id: [{n: 1}, {n: 2}]\n")
@example("id: []\n")
@example("id: {}\n")
@example("id: [a, ]\n")
def test_what_the_short_cut_understands_it_understands_as_the_parser_does(text: str) -> None:
    same(text)


def test_heads_as_people_write_them_mostly_take_the_short_cut() -> None:
    taken = every = 0
    for path in sorted([*ROOT.glob("content/**/records/*.md"), *ROOT.glob("villages/**/records/*.md")]):
        parts = split_front(path.read_text(encoding="utf-8"))
        assert parts is not None
        every += 1
        taken += read_plain(parts[0]) is not None
        same(parts[0])
    assert taken > 0.5 * every
