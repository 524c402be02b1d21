"""The script for the loudspeaker: everything in words, the main point twice, as long as it says."""

from __future__ import annotations

import unicodedata

import pytest
from click.testing import CliRunner, Result
from msgspec.structs import replace

from sitegen.channels import Order, Told, gather
from sitegen.channels.broadcast import length, script
from sitegen.channels.notices import is_posted
from sitegen.cli import main
from tests.demo import DAY, ROOT


@pytest.fixture(scope="module")
def posted() -> list[Told]:
    return [one for one in gather(Order(ROOT, DAY), is_posted) if one.notices]


def run(*args: str, day: str = "2026-11-24", lang: str = "en") -> Result:
    return CliRunner().invoke(main, ["-C", str(ROOT), "--date", day, "--lang", lang, *args])


def test_no_figure_and_no_masked_name_is_left_in_any_script(posted: list[Told]) -> None:
    assert len(posted) > 10
    for one in posted:
        for whole in (False, True):
            text = script(one.view, one.notices, DAY, whole=whole)
            assert not {c for c in text if c != "〇" and unicodedata.category(c) in ("Nd", "No", "Nl")}
            assert "*" not in text
            assert "某" not in text


def test_every_posting_is_told_and_told_again(posted: list[Told]) -> None:
    (village,) = (one for one in posted if one.view.unit.name == "大河村")
    text = script(village.view, village.notices, DAY)
    assert text.count("机动地公开竞价发包公告") == 2
    assert "今天播报五件事" in text
    assert text.index("关于预备党员拟转正的公示") < text.index("机动地公开竞价发包公告"), "what ends first is said first"
    assert "二〇二六年十一月十八日到十一月三十日，一共十个自然日" in text
    assert text.count("零四五幺，零零零零，幺二九幺") == 2
    assert "村委会院内、村文化广场东侧的公示栏" in text
    assert text.startswith("【大河村广播稿　二〇二六年十一月二十四日　全文约")
    assert text.endswith("播报完了，谢谢大家！\n")


def test_a_correction_is_said() -> None:
    (one,) = gather(Order(ROOT, DAY, ("大河村",), ("2026-0019",)), is_posted)
    (n,) = one.notices
    corrected = replace(n, record=replace(n.record, rev=2, why_revised="更正2号地块面积"))
    assert "这是第二版，更正的内容是：更正二号地块面积。" in script(one.view, [corrected], DAY)


@pytest.mark.parametrize(
    ("characters", "said"),
    [
        (1, "约半分钟"),
        (90, "约半分钟"),
        (91, "约一分钟"),
        (270, "约一分半钟"),
        (360, "约两分钟"),
        (361, "约两分半钟"),
        (2160, "约十二分钟"),
    ],
)
def test_how_long_it_takes(characters: int, said: str) -> None:
    assert length("字，" * characters, 180) == said


def test_the_pace_is_the_clerks_choice() -> None:
    slow, quick = (run("broadcast", "大河村", "--pace", pace).stdout.partition("\n\n") for pace in ("100", "400"))
    assert slow[2] == quick[2]
    assert length(slow[2], 100) in slow[0]
    assert length(quick[2], 400) in quick[0]
    assert length(slow[2], 100) != length(slow[2], 400)


def test_one_record_and_its_whole_text() -> None:
    short, whole = (run("broadcast", "青禾县", "--record", "2026-0136", *more).stdout for more in ((), ("--text",)))
    assert "预公告十个工作日" in short
    assert "抢栽抢建的，不予补偿" in whole
    assert "今天播报" not in whole


def test_what_came_in_the_last_days() -> None:
    text = run("broadcast", "石桥村", "--days", "1").stdout
    assert "石桥村荒山二〇二七年发包公告" in text
    assert "最低生活保障" not in text


def test_a_file_for_every_unit(tmp_path: object) -> None:
    result = run("broadcast", "-o", str(tmp_path))
    assert result.exit_code == 0
    assert "230170101201-大河村.txt" in result.stdout


def test_nothing_posted_is_no_mistake() -> None:
    result = run("broadcast", "大河村", day="2026-01-01")
    assert result.exit_code == 0
    assert "大河村: there is nothing to tell on 2026-01-01" in result.stderr
    assert not result.stdout
    assert "没有可以播报的内容" in run("broadcast", "大河村", day="2026-01-01", lang="zh").stderr


@pytest.mark.parametrize("command", ["broadcast", "message", "slides", "kiosk"])
def test_a_unit_that_is_none(command: str) -> None:
    result = run(command, "大湖村")
    assert result.exit_code == 2
    assert "there is no unit «大湖村»" in result.stderr


def test_a_record_that_is_none() -> None:
    result = run("broadcast", "大河村", "--record", "2026-9999")
    assert result.exit_code == 2
    assert "there is no record «2026-9999» in these units" in result.stderr


def test_what_is_held_back_is_left_out_and_said(region: object) -> None:
    root = region("no-number")  # type: ignore[operator]
    result = CliRunner().invoke(main, ["-C", str(root), "--date", "2026-05-10", "--lang", "en", "broadcast", "和平镇"])
    assert result.exit_code == 0, result.output
    assert "records are left out until their errors are corrected" in result.stderr
    assert not result.stdout
