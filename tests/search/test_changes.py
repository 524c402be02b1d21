"""A small correction changes little of the index, and what comes out is what making it anew gives."""

from __future__ import annotations

import datetime as dt
import random
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sitegen.flat import unfold
from sitegen.search import hosts, index, pieces, shelf
from sitegen.search.index import pieces_of
from sitegen.search.pieces import Piece, changed, changes, seams
from sitegen.search.texts import BLOCK, PAD, SLOT, Text, _text, fold, keep_texts, laid
from sitegen.site.hosts import all_hosted
from tests.search import many
from tests.search.scan import Scan

LETTERS = "公开补贴村年,，。;12345\nab"
WRITTEN = st.lists(st.tuples(st.text(LETTERS, max_size=20), st.text(LETTERS, max_size=90)), min_size=1, max_size=8)


def text(title: str, body: str) -> Text:
    return _text(dt.date(2026, 1, 1), "r/1/", title, [body], "")


def edited(chance: random.Random, body: str) -> str:
    """A body with a few characters less, more or others."""
    at = chance.randrange(len(body) + 1)
    put = "".join(chance.choices("面积金额公示变更登记十三户，", k=chance.randint(0, 3)))
    return body[:at] + put + body[at + chance.randint(0, 3) :]


@contextmanager
def small_pieces() -> Iterator[None]:
    with mock.patch.multiple(index, LEAST=60, MOST=110), mock.patch.multiple(pieces, LEAST=60, MOST=110):
        yield


@settings(max_examples=300)
@given(st.text(LETTERS, max_size=40), st.text(LETTERS, max_size=400))
def test_every_character_of_a_text_has_a_place(title: str, body: str) -> None:
    blocks, places = laid(fold(title), fold(body))
    assert len(places) % BLOCK == 0
    assert (len(places) // BLOCK).bit_count() == 1
    head, rest = places[: blocks * BLOCK], places[blocks * BLOCK :]
    assert re.sub("\n+", "\n", head.replace(PAD, "")).strip("\n") == re.sub("\n+", "\n", fold(title)).strip("\n")
    lines = [m[0] for m in re.finditer("[^\n]+", rest)]
    assert sorted(line.replace(PAD, "") for line in lines) == sorted(line for line in fold(body).split("\n") if line)
    for m in re.finditer("[^\n]+", rest):
        assert m.start() % SLOT == 0
        for clause in re.finditer(f"(?<=[,;。])(?!{PAD})|(?<={PAD})(?!{PAD})", m[0][:-1] + "x"):
            assert clause.start() % SLOT == 0 or clause.start() == len(m[0])


@settings(max_examples=100)
@given(st.lists(st.text("公开补贴,。1", min_size=1, max_size=30), min_size=2, max_size=12), st.randoms(use_true_random=False))
def test_a_line_more_moves_few_others(lines: list[str], chance: random.Random) -> None:
    """Where it stands in the text makes no difference to those that have their first choice of a place."""
    _, before = laid("标题", "\n".join(lines))
    assert laid("标题", "\n".join(lines))[1] == before
    assert {m[0] for m in re.finditer("[^\n]+", before)} == {
        m[0] for m in re.finditer("[^\n]+", laid("标题", "\n".join(reversed(lines)))[1])
    }


@settings(max_examples=150, deadline=None)
@given(WRITTEN, st.data())
def test_a_changed_index_is_the_one_made_anew(written: list[tuple[str, str]], data: st.DataObject) -> None:
    texts = [text(*one) for one in written]
    n = data.draw(st.integers(0, len(texts) - 1))
    other = text(*data.draw(st.tuples(st.text(LETTERS, max_size=20), st.text(LETTERS, max_size=90))))
    folded = [t.folded for t in texts]
    room = max(len(folded[n]), len(other.folded))
    folded[n], now = folded[n].ljust(room, "\n"), [*folded]
    now[n] = other.folded.ljust(room, "\n")
    at = sum(map(len, folded[:n]))
    with small_pieces():
        before, anew = pieces_of("".join(folded)), pieces_of("".join(now))
        if before:
            got = changed(before, lambda k: before[k].raw or b"", changes([(at, folded[n])], [(at, now[n])]))
            assert [piece._replace(raw=None) for piece in got] == [piece._replace(raw=None) for piece in anew]
            assert all(piece.raw in (None, whole.raw) for piece, whole in zip(got, anew, strict=True))
            assert seams(got) == seams(anew)


def test_what_is_not_there_cannot_be_taken_out() -> None:
    before = pieces_of(text("标题", "正文").folded)
    with pytest.raises(ValueError, match="7000"):
        changed(before, lambda k: before[k].raw or b"", {"文": ({7_000}, set())})


def test_a_small_correction_changes_few_pieces() -> None:
    chance = random.Random(3)
    texts = many.texts(chance, 600)
    before = pieces_of("".join(t.folded for t in texts))
    assert len(before) > 50
    rates: list[float] = []
    moved = 0
    for _ in range(40):
        n = chance.randrange(len(texts))
        other = text(texts[n].title, edited(chance, texts[n].body))
        if len(other.folded) != len(texts[n].folded):
            moved += 1
            continue
        at = sum(len(t.folded) for t in texts[:n])
        got = changed(before, lambda k: before[k].raw or b"", changes([(at, texts[n].folded)], [(at, other.folded)]))
        rates.append(len({p.digest for p in got} - {p.digest for p in before}) / len(before))
    assert moved <= 4
    assert sorted(rates)[len(rates) // 2] < 0.2
    assert sorted(rates)[len(rates) * 3 // 4] < 0.5


def test_all_is_found_after_each_of_many_corrections(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One store, corrected again and again, says what an empty one does; and what it says is what a scan of the texts finds."""
    chance = random.Random(8)
    units = many.views()
    texts = {code: sorted(replace_day(t) for t in many.texts(chance, 40)) for code in units}
    anew: list[int] = []
    made_anew = shelf.made_anew
    monkeypatch.setattr(shelf, "made_anew", lambda marks, *rest: anew.append(len(marks)) or made_anew(marks, *rest))
    once = None
    for turn in range(8):
        corrected = chance.choice(sorted(units))
        n = chance.randrange(len(texts[corrected]))
        was = texts[corrected][n]
        now = _text(dt.date(2025, 3, 4), was.path, was.title, [edited(chance, was.body)], was.field)._replace(day=was.day)
        texts[corrected][n] = now
        files = {}
        for store in ("again", f"empty-{turn}"):
            keys = dict.fromkeys(units, f"k{turn}")
            for code in units:
                (tmp_path / store / "units" / code / f"k{turn}").mkdir(parents=True)
                keep_texts([(fold(repr(t[:-1])), t) for t in texts[code]], tmp_path / store / "units" / code / f"k{turn}" / "texts")
            before = len(anew)
            for host, (path, folder) in hosts.search_parts(tmp_path / store, all_hosted(units), keys):
                unfold(tmp_path / store / folder, tmp_path / f"{store}-{turn}" / host / path)
            if store == "again":
                once = once or len(anew)
                assert turn == 0 or len(anew) == before
            made = tmp_path / f"{store}-{turn}"
            files[store] = {p.relative_to(made).as_posix(): p.read_bytes() for p in made.rglob("*") if p.is_file()}
        assert files["again"] == files[f"empty-{turn}"]
        scan = Scan(tmp_path / f"again-{turn}" / next(iter(units.values())).host / hosts.FOLDER) if turn == 7 else None
        if scan:
            for query in [*scan.queries(chance, 60), now.body[:6], was.body[:6]]:
                assert scan.through_index(query) == scan.truth(query), query
    assert once


def replace_day(one: Text) -> Text:
    """A text of a closed year."""
    return one._replace(day=(dt.date(2024, 1, 1) - dt.date(1970, 1, 1)).days + one.day % 300)


def test_seams_set_pieces_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    with small_pieces():
        made: Sequence[Piece] = pieces_of(text("村务公开", "耕地补贴发放公示，面积金额登记。" * 9 + "\n年度报告").folded)
    assert len(made) > 3
    for piece, seam, last in zip(made, seams(made), ["", *(p.last for p in made)], strict=False):
        assert last < seam <= piece.first <= piece.last
