"""What is explained and what was heard: a film without words, a picture without alternative text, opinions without reasons are found where they stand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from sitegen.check import load_and_check
from sitegen.load.dialogue import _captions
from sitegen.model.finding import Finding
from sitegen.model.region import Attached

DAY = dt.date(2026, 6, 1)
FOLDER = "content/townships/heping/records"
VTT = "WEBVTT\n\n00:00.000 --> 00:04.000\n每亩补71元。\n\n00:04.000 --> 01:00:00.000\n6月底前发完。\n"
HEAD = """\
---
id: {id}
title: 补贴政策解读
item: BT-02
issuer: zf
attribute: 主动公开
formed: 2026-05-06
published: 2026-05-08
{more}
---
正文。
"""


@pytest.fixture
def found(region: Callable[..., Path]) -> Callable[..., list[str]]:
    """Writes a record with more in its head beside files, and gives what is found as ``file:line code``."""
    root = region()

    def check(more: str, **files: str) -> list[str]:
        (root / FOLDER / "2026-0050.md").write_text(HEAD.format(id="2026-0050", more=more), "utf-8")
        for name, text in files.items():
            (root / FOLDER / name.replace("_", ".")).write_text(text, "utf-8")
        Image.new("RGB", (40, 30)).save(root / FOLDER / "t.png")
        for name in ("v.mp4", "a.mp3", "v.wmv"):
            (root / FOLDER / name).write_bytes(b"sound and pictures")
        findings = load_and_check(root, DAY, cache=False).findings
        return [f"{f.file.removeprefix(FOLDER + '/')}:{f.line} {f.code}" for f in findings]

    return check


def media(**keys: str) -> str:
    return "media:\n  - " + "\n    ".join(f"{key}: {value}" for key, value in keys.items())


FILM = {"kind": "视频", "path": "v.mp4", "title": "解读", "captions": "v.vtt", "transcript": "v.txt"}
PICTURE = {"kind": "图解", "path": "t.png", "title": "一图读懂", "alt": "三步领补贴"}


def without(keys: dict[str, str], *gone: str, **other: str) -> dict[str, str]:
    return {k: v for k, v in (keys | other).items() if k not in gone}


def test_what_has_its_words_is_sound(found: Callable[..., list[str]]) -> None:
    assert found(media(**FILM), v_vtt=VTT, v_txt="每亩补71元。") == []
    assert found(media(**PICTURE)) == []
    assert found(media(kind="音频", path="a.mp3", title="广播稿", transcript="v.txt"), v_txt="每亩补71元。") == []


@pytest.mark.parametrize(
    ("keys", "line", "code"),
    [
        (without(FILM, "transcript"), 11, "SG661"),
        (without(FILM, "captions"), 11, "SG662"),
        (without(PICTURE, "alt"), 11, "SG664"),
        (without(PICTURE, alt="''"), 11, "SG664"),
        (without(FILM, path="v.wmv"), 11, "SG665"),
        (without(FILM, "captions", kind="音频", path="a.mp3", transcript="fehlt.txt"), 13, "SG307"),
        (without(PICTURE, path="../../../../../../etc/t.png"), 11, "SG306"),
    ],
)
def test_what_is_missing_is_found_at_its_line(found: Callable[..., list[str]], keys: dict[str, str], line: int, code: str) -> None:
    assert found(media(**keys), v_vtt=VTT, v_txt="每亩补71元。") == [f"2026-0050.md:{line} {code}"]


def test_a_transcript_without_a_word_is_none(found: Callable[..., list[str]]) -> None:
    assert found(media(**FILM), v_vtt=VTT, v_txt=" \n") == ["2026-0050.md:14 SG661"]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("1\n00:00:01,000 --> 00:00:04,000\n字幕", 1),
        ("WEBVTT\n\n00:00:01,000 --> 00:00:04,000\n字幕", 3),
        ("WEBVTT\n\n00:05.000 --> 00:04.000\n字幕", 3),
        ("WEBVTT\n\n00:05.000 --> 00:06.000\n一\n\n00:01.000 --> 00:02.000\n二", 6),
        ("WEBVTT\n\n只有字", 1),
    ],
)
def test_subtitles_that_no_browser_shows_are_found_in_their_file(found: Callable[..., list[str]], text: str, line: int) -> None:
    assert found(media(**FILM), v_vtt=text, v_txt="字") == [f"v.vtt:{line} SG663"]


@given(st.lists(st.tuples(st.integers(0, 400_000), st.integers(1, 9_000)), min_size=1, max_size=8))
def test_cues_in_order_are_sound_whatever_their_times(times: list[tuple[int, int]]) -> None:
    def stamp(ms: int) -> str:
        return f"{ms // 3_600_000:02}:{ms // 60_000 % 60:02}:{ms // 1000 % 60:02}.{ms % 1000:03}"

    cues = "".join(f"\n{stamp(a)} --> {stamp(a + n)} line:0\n字\n" for a, n in sorted(times))
    assert _cues("WEBVTT 解读\n" + cues) == []


def _cues(text: str) -> list[Finding]:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "v.vtt").write_text(text, "utf-8")
        findings: list[Finding] = []
        _captions(Attached("", "v.vtt", "v.vtt", 0, ""), Path(folder), findings, {})
        return findings


def test_a_personal_number_in_what_is_said_is_found(found: Callable[..., list[str]]) -> None:
    number = "11010519491231002X"
    assert found(media(**FILM), v_vtt=VTT, v_txt=f"请联系，证号{number}") == ["v.txt:1 SG801"]


CONSULTED = "consultation: {from: 2026-03-06, until: 2026-04-05}"
FEEDBACK = "feedback_on: 2026-0049\nreceived: 12\nopinions: y.csv"
ROWS = "意见,条数,采纳情况,理由\n限高改为3.5米,8,采纳,\n收通行费,3,未采纳,没有法律依据\n装摄像头,1,部分采纳,先装三处\n"


@pytest.fixture
def heard(region: Callable[..., Path]) -> Callable[..., list[str]]:
    """A consultation and its feedback with a table of opinions."""
    root = region()

    def check(rows: str = ROWS, feedback: str = FEEDBACK, consulted: str = CONSULTED) -> list[str]:
        asked = HEAD.format(id="2026-0049", more=consulted).replace("2026-05-0", "2026-03-0")
        (root / FOLDER / "2026-0049.md").write_text(asked, "utf-8")
        (root / FOLDER / "2026-0050.md").write_text(HEAD.format(id="2026-0050", more=feedback), "utf-8")
        (root / FOLDER / "y.csv").write_text(rows, "utf-8")
        return [
            f"{f.file.removeprefix(FOLDER + '/')}:{f.line} {f.code}"
            for f in load_and_check(root, DAY, cache=False).findings
            if f.code not in ("SG646", "SG642")
        ]

    return check


def test_opinions_with_reasons_that_add_up_are_sound(heard: Callable[..., list[str]]) -> None:
    assert heard() == []


def test_an_opinion_that_was_not_adopted_needs_a_reason(heard: Callable[..., list[str]]) -> None:
    assert heard(ROWS.replace("没有法律依据", "")) == ["y.csv:3 SG667"]
    assert heard(ROWS.replace("先装三处", "")) == ["y.csv:4 SG667"]


def test_opinions_must_be_as_many_as_came_in(heard: Callable[..., list[str]]) -> None:
    assert heard(ROWS.replace("装摄像头,1", "装摄像头,2")) == ["2026-0050.md:10 SG668"]
    assert (
        heard(ROWS.replace(",条数", "").replace(",8,", ",").replace(",3,未", ",未").replace(",1,", ","), FEEDBACK.replace("12", "3")) == []
    )


def test_an_answer_is_adopted_partly_adopted_or_not(heard: Callable[..., list[str]]) -> None:
    assert heard(ROWS.replace("部分采纳", "研究中")) == ["y.csv:4 SG218"]


def test_a_consultation_cannot_end_before_it_begins(heard: Callable[..., list[str]]) -> None:
    assert "2026-0049.md:9 SG105" in heard(consulted="consultation: {from: 2026-04-06, until: 2026-04-05}")


@pytest.mark.parametrize(
    "wrong",
    [
        "response: {about: 问, asked: 2026-05-06, answered: 2026-05-05}",
        "received: 3",
        "table: 2026-0001.csv\nopinions: y.csv",
        "plain: {who: 种粮户}",
        "forms: [快板]",
    ],
)
def test_what_a_head_cannot_say(found: Callable[..., list[str]], wrong: str) -> None:
    assert [f.rpartition(" ")[2][:4] for f in found(wrong)] in (["SG10"], ["SG11"])
