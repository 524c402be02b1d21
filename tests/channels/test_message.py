"""Texts for chat groups: four lines that copy as they are and say no name."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.channels import Order, gather
from sitegen.channels.message import message, shortened
from sitegen.code import split
from tests.channels.test_broadcast import run
from tests.demo import DAY, ROOT


def test_the_message_of_a_record() -> None:
    assert run("message", "大河村", "--record", "2026-0019").stdout == (
        "【大河村村务公开】大河村2027年至2029年机动地公开竞价发包公告\n"
        "376亩机动地分4块公开竞价，12月2日在村文化广场活动室举行，报名到11月30日。\n"
        "公示到2026年11月30日。有异议请打大河村村务监督委员会0451-0000 1291。\n"
        "https://gk.qinghe.example.cn/Q/M2YMWSEK50-1\n"
    )


def test_every_message_is_short_plain_and_leads_on() -> None:
    messages = [(one, message(one)) for told in gather(Order(ROOT, DAY), lambda r: True) for one in told.notices]
    assert len(messages) > 500
    for one, text in messages:
        lines = text.split("\n")
        assert len(lines) == 4
        assert all(line == line.strip() and line for line in lines), text
        assert len(text) <= 260, text
        assert "*" not in text.replace(one.record.title, ""), text
        assert text.isprintable() or all(c.isprintable() or c == "\n" for c in text)
        host, _, code = lines[3].rpartition("/Q/")
        assert host == host.lower()
        assert split(code) == (one.record.code, one.record.rev)


def test_all_that_is_new_since_a_day() -> None:
    week = run("message", "大河村", "--all", "--since", "2026-11-17").stdout
    assert week.count("https://") == 3
    assert run("message", "大河村", "--all", "--since", "7").stdout == week
    assert run("message", "大河村", "--all").stdout == week
    assert run("message", "大河村").stdout.count("https://") == 1
    assert re.search(r"-\d\n\n【", week), "an empty line stands between two messages"


def test_a_file_for_every_message(tmp_path: Path) -> None:
    assert run("message", "大河村", "--all", "--since", "7", "-o", str(tmp_path)).exit_code == 0
    files = sorted(p.name for p in tmp_path.rglob("*.txt"))
    assert files == ["2026-0018.txt", "2026-0019.txt", "ja03qgqq2q.txt"]
    assert (tmp_path / "230170101201-大河村" / "2026-0019.txt").read_text(encoding="utf-8").endswith("M2YMWSEK50-1\n")


def test_a_day_that_is_none() -> None:
    result = run("message", "大河村", "--all", "--since", "昨天")
    assert result.exit_code == 2
    assert "neither a date" in result.stderr


@given(st.text(st.sampled_from("公示名单，。；、！字1a"), max_size=200), st.integers(12, 60))
def test_a_text_is_shortened_at_a_stop_and_says_so(text: str, longest: int) -> None:
    short = shortened(text, longest)
    assert len(short) <= longest + 1
    if short != text:
        assert short[-1] in "。！？" or short.endswith("……")
        assert text.startswith(short.removesuffix("……"))


@pytest.mark.parametrize("text", ["", "没有标点的一句话" * 20])
def test_texts_without_a_stop(text: str) -> None:
    assert len(shortened(text, 30)) <= 30
