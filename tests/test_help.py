"""Help and slips on the command line, in the language of the messages."""

from __future__ import annotations

import re

import click
import pytest
from click.testing import CliRunner

from sitegen.cli import main
from sitegen.commands.words import speak, texts, width, wrapped
from sitegen.model.finding import translator
from tests.test_project import commands


def said(*args: str, lang: str = "zh") -> str:
    return CliRunner().invoke(main, ["--lang", lang, *args]).output


def test_every_text_of_the_help_has_its_chinese() -> None:
    say = translator("zh")
    speak(["--lang", "en"])  # whatever was spoken before
    found = list(texts(main))
    assert len(found) > 150
    assert [text for text in found if say(text) == text] == []


@pytest.mark.parametrize("name", ["", *commands(main)])
def test_help_in_chinese_fits_the_terminal(name: str) -> None:
    text = said(*name.split(), "--help")
    assert "用法：" in text
    assert "选项:" in text
    assert "显示这份说明" in text
    for line in text.splitlines():
        assert width(line) <= 80 or not re.search(r"[\u4e00-\u9fff]", line), line
        assert not re.match(r"\s*[，。、；：）]", line), line


def test_the_list_of_commands_says_what_each_does() -> None:
    text = said("--help")
    assert re.search(r"publish +把有变化的上传", text)
    assert "..." not in text.partition("命令:")[2]


def test_english_help_stays_english() -> None:
    said("--help")  # Chinese before it leaves nothing behind
    text = said("publish", "--help", lang="en")
    assert "Usage:" in text
    assert "Say what would be sent and deleted, and touch nothing." in text
    assert not re.search(r"[\u4e00-\u9fff]", text)


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["publsh"], "没有命令 'publsh'。 是不是 'publish'"),
        (["publish", "--dryrun"], "没有选项 '--dryrun'。 是不是 '--dry-run'？"),
        (["publish", "--out"], "选项 '--out' 后面要写值。"),
        (["build", "--jobs", "many"], "'many' 不是整数。"),
        (["build", "--jobs", "0"], "超出范围"),
        (["template"], "缺少参数 'ITEM'"),
        (["links", "more"], "多写了：more"),
        (["--date", "24.11.2026", "check"], "不符合格式"),
        (["print", "--paper", "A5"], "不在可选的值里"),
        (["verify", "--public", "/nowhere/at/all"], "不存在"),
    ],
)
def test_a_slip_is_told_in_chinese(args: list[str], words: str) -> None:
    text = said(*args)
    assert words in text
    assert "Error" not in text


@pytest.mark.parametrize(
    ("text", "columns", "lines"),
    [
        ("公示单放在哪里（默认）。", 12, ["公示单放在哪", "里（默认）。"]),
        ("公示单，公示栏", 6, ["公示", "单，公", "示栏"]),
        ("one two three", 8, ["one two", "three"]),
        ("放在 print-out/ 里", 12, ["放在", "print-out/", "里"]),
        ("", 10, []),
    ],
)
def test_lines_break_where_chinese_may(text: str, columns: int, lines: list[str]) -> None:
    assert wrapped(text, columns) == lines


def test_help_of_a_group_that_is_asked_for_twice() -> None:
    assert said("board", "--help") == said("board", "--help")
    group = main.get_command(click.Context(main), "board")
    assert isinstance(group, click.Group)
