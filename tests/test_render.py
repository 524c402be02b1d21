"""Findings as text, JSON, GitHub annotations and SARIF."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from sitegen.cli import main


def run(root: Path, *args: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["-C", str(root), "--lang", "zh", *args])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.exit_code, result.output


def test_text_shows_the_line_the_place_and_the_remedy(region: Callable[..., Path]) -> None:
    code, out = run(region("unknown-key"), "check")
    assert code == 1
    assert "content/townships/heping/records/2026-0001.md:6:1: SG103 不认识的项目“isuer”" in out
    assert "    isuer: zf\n    ^\n    改法: 是不是“issuer”？" in out
    assert out.endswith("2 个错误，0 个提醒，涉及 1 个单位\n")


def test_the_caret_stands_under_the_place_behind_chinese_text(region: Callable[..., Path]) -> None:
    _, out = run(region("font-lacks-character"), "check")
    assert "    联系人：𠮷先生。\n            ^\n" in out


def test_json(region: Callable[..., Path]) -> None:
    code, out = run(region("no-number"), "check", "--format", "json")
    (found,) = json.loads(out)
    assert code == 1
    assert found["code"] == "SG206"
    assert (found["file"], found["line"], found["column"]) == ("content/townships/heping/records/2026-0001.csv", 3, 4)
    assert (found["unit"], found["record"]) == ("230198101000", "2026-0001")


def test_github(region: Callable[..., Path]) -> None:
    _, out = run(region("no-number"), "check", "--format", "github")
    assert out.startswith("::error file=content/townships/heping/records/2026-0001.csv,line=3,col=4,title=SG206::")


def test_sarif(region: Callable[..., Path]) -> None:
    _, out = run(region("no-number"), "check", "--format", "sarif")
    log = json.loads(out)
    assert log["version"] == "2.1.0"
    (result,) = log["runs"][0]["results"]
    assert result["ruleId"] == "SG206"
    assert result["locations"][0]["physicalLocation"]["region"] == {"startLine": 3, "startColumn": 4}


def test_a_sound_region_says_so(region: Callable[..., Path]) -> None:
    assert run(region(), "check") == (0, "0 个错误，0 个提醒\n")


def test_warnings_fail_only_on_demand(region: Callable[..., Path]) -> None:
    root = region("font-lacks-character")
    assert run(root, "check")[0] == 0
    assert run(root, "check", "--fail-on", "warning")[0] == 1


@pytest.mark.parametrize("kind", ["no-region"])
def test_what_cannot_be_read_exits_with_2(kind: str, region: Callable[..., Path]) -> None:
    assert run(region(kind), "check")[0] == 2


def test_no_region_at_all(tmp_path: Path) -> None:
    code, out = run(tmp_path, "check")
    assert code == 2
    assert "SG114" in out
    assert "Traceback" not in out


def test_english_where_asked(region: Callable[..., Path]) -> None:
    result = CliRunner().invoke(main, ["-C", str(region("unknown-item")), "--lang", "en", "check"])
    assert "there is no item BT-09 in the catalogue" in result.output
