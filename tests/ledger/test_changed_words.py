"""Whoever holds an older paper reads which words of the text changed, and nothing of a text that may not be shown."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from sitegen.model.canonical import Form
from sitegen.model.changes import compare, without_rows
from tests.ledger.county import VILLAGES, County

EAST, _ = VILLAGES
lines = st.lists(st.text("会议决定修路一二三，。", min_size=1, max_size=12), max_size=8)


def form(text: str) -> Form:
    return Form((("标题", "决议"),), text)


@given(lines, lines)
def test_both_texts_can_be_told_from_what_is_shown(old: list[str], new: list[str]) -> None:
    changes = compare(form("\n".join(old)), form("\n".join(new)), 1)
    before = [x.lead + x.before + x.tail for x in changes.text]
    after = [x.lead + x.after + x.tail for x in changes.text]
    assert bool(changes.text) == (sorted(old) != sorted(new))
    if changes.text:
        # Lines that are not shown are the same in both, in the same order.
        assert _rest(old, [b for b in before if b]) == _rest(new, [a for a in after if a])
    assert without_rows(changes).text == ()
    assert without_rows(changes).words == changes.words


def _rest(every: list[str], shown: list[str]) -> list[str]:
    left = list(every)
    for line in shown:
        left.remove(line)
    return sorted(left)


def test_a_long_paragraph_is_shortened_around_the_change() -> None:
    same = "各段包保和转移安排公布如下，请各家记住自己走哪条路，老人和孩子由邻居带着走。"
    (one,) = compare(form(f"{same}到原小学集合。{same}"), form(f"{same}到文化广场集合。{same}"), 1).text
    assert (one.before, one.after) == ("原小学", "文化广场")
    assert one.lead.startswith("…")
    assert one.lead.endswith("老人和孩子由邻居带着走。到")
    assert one.tail.startswith("集合。")
    assert one.tail.endswith("…")
    assert len(one.lead + one.tail) < 60


def test_the_page_of_an_older_paper_shows_the_words(tmp_path: Path) -> None:
    county = County.start(tmp_path / "region")
    board = '["社区/企事业单位/村公示栏(电子屏)"]'
    county.edit("content/catalog/village/1-cunwu.yml", f"{board}\n    levels", f"[政府网站, {board[1:]}\n    levels")
    county.release()
    code = county.code_of(EAST, "2026-0001")
    path = county.path(EAST, "2026-0001")
    body = path.read_text(encoding="utf-8").rpartition("---\n")[2].strip()
    path.write_text(path.read_text(encoding="utf-8").replace(body, f"{body}费用不超过三万元。\n\n本月底前完工。"), encoding="utf-8")
    county.release(why="补充费用和工期")
    page = LexborHTMLParser(county.page(f"{code}-1"))
    assert page.css_first(".changes > p").text() == "正文有改动。"
    table = [[cell.text() for cell in row.css("td")] for row in page.css(".changes table.text tbody tr")]
    assert table == [[body, f"{body}费用不超过三万元。"], ["（没有）", "本月底前完工。"]]
    assert [ins.text() for ins in page.css(".changes ins")] == ["费用不超过三万元。", "本月底前完工。"]
