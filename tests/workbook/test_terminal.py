"""``sitegen import`` at a terminal: what is unsure is asked, one question after the other; the same with ``--answer``, ``--format json``, ``--dry-run``."""

from __future__ import annotations

import codecs
import json
import os
import select
import sys
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

from sitegen.cli import main
from tests.workbook.places import VILLAGE

RECORDS = Path("villages/shili-zhen/shili-cun/records")
HEAD = ["村民小组", "户编号", "承包方代表", "补贴面积", "补贴金额"]
GIVEN = {"period": "2025", "formed": "2025-06-27", "published": "2025-06-30", "posting_from": "2025-06-30"}


def book(folder: Path, *, title: str = "示例村2025年耕地地力保护补贴发放公示") -> Path:
    """A list as it comes by WeChat, with a row that a filter hides."""
    made = openpyxl.Workbook()
    sheet = made.active
    for row in ([title], HEAD, ["第一组", "001", "张小三", 10.5, 745.5], ["第一组", "002", "李四", 8, 568]):
        sheet.append(row)
    sheet.title = "补贴"
    sheet.row_dimensions[4].hidden = True
    made.save(folder / "发来的.xlsx")
    return folder / "发来的.xlsx"


PROMPTS = ("请回答", "写入吗？")


class Terminal:
    """A person at a terminal."""

    def __init__(self, root: Path, *args: str) -> None:
        import pty

        self.child, self.handle = pty.fork()
        if self.child == 0:
            sys.stdin, sys.stdout, sys.stderr = (os.fdopen(n, "w" if n else "r", encoding="utf-8") for n in range(3))
            code = 99
            try:
                main(["-C", str(root), "--date", "2025-07-01", "--lang", "zh", *args])
            except SystemExit as end:
                code = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
            finally:
                sys.stdout.flush()
                sys.stderr.flush()
                os._exit(code)
        self.seen = ""
        self.decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def asked(self) -> str:
        """What was said up to the next prompt; "" at the end."""
        said = ""
        while not any(p in said for p in PROMPTS):
            assert select.select([self.handle], [], [], 60)[0], self.seen
            try:
                data = os.read(self.handle, 65536)
            except OSError:  # the other side is gone
                data = b""
            if not data:
                self.code = os.waitstatus_to_exitcode(os.waitpid(self.child, 0)[1])
                return ""
            more = self.decoder.decode(data)
            said += more
            self.seen += more
        return said

    def type(self, text: str) -> None:
        os.write(self.handle, text.encode())

    def talk(self, *answers: tuple[str, list[str]]) -> int:
        """Answer every question by a word that stands in it, with the next of its answers; the exit code."""
        last = ""
        while asked := self.asked():
            last = asked if "请打" not in asked else last
            self.type(next((given.pop(0) for word, given in answers if word in last and given), "") + "\n")
        return self.code


def records(root: Path) -> list[str]:
    return sorted(p.name for p in (root / RECORDS).glob("*"))


terminal = pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")


@terminal
def test_everything_unsure_is_asked_and_then_written(empty: Path, tmp_path: Path) -> None:
    person = Terminal(empty, "import", str(book(tmp_path)))
    code = person.talk(
        ("哪个单位", ["1"]),
        ("哪一项", ["CW-29"]),
        ("被隐藏", ["9", "1"]),  # no such choice: asked again
        ("成文", ["2025-06-27"]),
        ("发布", ["2025-06-30"]),
        ("从哪天起", ["2025-06-30"]),
        ("写入吗", ["y"]),
    )
    assert code == 0, person.seen
    assert records(empty) == ["2025-0001.csv", "2025-0001.md"]
    table = (empty / RECORDS / "2025-0001.csv").read_text(encoding="utf-8")
    assert len(table.splitlines()) == 3
    assert "张小三" not in table
    assert "请打 1 到 2 的数字" in person.seen
    assert "补贴!A4" in person.seen
    text = (empty / RECORDS / "2025-0001.md").read_text(encoding="utf-8")
    assert "formed: 2025-06-27" in text
    assert "published: 2025-06-30" in text


@terminal
@pytest.mark.parametrize("last", ["n", "\x03", "\x04"])
def test_who_says_no_or_goes_away_has_written_nothing(empty: Path, tmp_path: Path, last: str) -> None:
    given = [f"--answer={key}={value}" for key, value in {**GIVEN, "hidden:补贴": "保留"}.items()]
    person = Terminal(empty, "import", str(book(tmp_path)), "--unit", VILLAGE, "--item", "CW-29", *given)
    assert person.talk(("写入吗", [last])) == 1, person.seen
    assert "Traceback" not in person.seen
    assert records(empty) == []


@terminal
def test_an_answer_that_makes_no_sense_is_told_and_writes_nothing(empty: Path, tmp_path: Path) -> None:
    person = Terminal(empty, "import", str(book(tmp_path)), "--unit", VILLAGE, "--item", "CW-29")
    assert person.talk(("被隐藏", ["2"]), ("成文", ["昨天"]), ("写入吗", ["y"])) == 1, person.seen
    assert "昨天" in person.seen
    assert "什么都没有写" in person.seen
    assert records(empty) == []


# ---- Without one


def run(root: Path, *args: str) -> Result:
    return CliRunner().invoke(main, ["-C", str(root), "--date", "2025-07-01", "--lang", "zh", "import", *args])


def answers(**more: str) -> list[str]:
    return [f"--answer={key}={value}" for key, value in {**GIVEN, "unit": VILLAGE, "item": "CW-29", "hidden:补贴": "去掉", **more}.items()]


def test_without_a_terminal_questions_are_listed_and_nothing_is_written(empty: Path, tmp_path: Path) -> None:
    for more in ((), ("--yes",)):
        result = run(empty, str(book(tmp_path)), "--unit", VILLAGE, "--item", "CW-29", *more)
        assert result.exit_code == 1
        assert "hidden:补贴: “补贴”有 1 行被隐藏" in result.output
        assert "保留 / 去掉" in result.output
    assert run(empty, str(book(tmp_path)), *answers()).exit_code == 2  # everything is sure, but nobody confirmed
    assert records(empty) == []
    assert run(empty, str(book(tmp_path)), *answers(), "--yes").exit_code == 0
    assert len((empty / RECORDS / "2025-0001.csv").read_text(encoding="utf-8").splitlines()) == 2


def test_a_dry_run_shows_all_and_writes_nothing(empty: Path, tmp_path: Path) -> None:
    result = run(empty, str(book(tmp_path)), *answers(), "--dry-run")
    assert result.exit_code == 0
    assert "745.50" in result.output
    assert "遮掩 1 个" in result.output
    assert records(empty) == []


def test_json_says_what_is_unsure_what_is_wrong_and_what_would_be_written(empty: Path, tmp_path: Path) -> None:
    first = run(empty, str(book(tmp_path)), "--unit", VILLAGE, "--item", "CW-29", "--format", "json")
    assert first.exit_code == 1
    said = json.loads(first.stdout)
    assert not said["ready"]
    assert said["files"] == []
    question = next(q for q in said["questions"] if q["id"] == "hidden:补贴")
    assert (question["choices"], question["where"]) == (["保留", "去掉"], "补贴!A4")
    ready = json.loads(run(empty, str(book(tmp_path)), *answers(), "--format", "json", "--dry-run").stdout)
    assert ready["ready"]
    assert ready["questions"] == []
    assert [f.rpartition("/")[2] for f in ready["files"]] == ["2025-0001.csv", "2025-0001.md"]
    assert ready["preview"]["totals"][1]["text"] == "745.50"
    assert records(empty) == []
    wrong = run(empty, str(book(tmp_path)), *answers(formed="昨天"), "--format", "json", "--yes")
    assert wrong.exit_code == 1
    assert {f["code"] for f in json.loads(wrong.stdout)["findings"]} >= {"SG276"}
    written = run(empty, str(book(tmp_path)), *answers(), "--format", "json", "--yes")
    assert written.exit_code == 0
    assert json.loads(written.stdout)["ready"]
    assert records(empty) == ["2025-0001.csv", "2025-0001.md"]


@pytest.mark.parametrize("answer", ["没有等号", "hidden:补贴=也许", "unit=天上村", "item=XX-99"])
def test_an_answer_beforehand_that_is_none_is_refused(empty: Path, tmp_path: Path, answer: str) -> None:
    result = run(empty, str(book(tmp_path)), *answers(), "--answer", answer, "--yes")
    assert result.exit_code in (1, 2)
    assert records(empty) == []


def test_a_file_that_is_not_there(empty: Path, tmp_path: Path) -> None:
    result = run(empty, str(tmp_path / "没有.xlsx"), "--yes")
    assert result.exit_code == 2
    assert "Traceback" not in result.output
