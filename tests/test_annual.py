"""The annual report: six parts, official tables, figures that add up or are told where they do not."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.check import load_and_check
from sitegen.model.annual import COLUMNS, PARTS, RESULT_ROWS, balances, count, texts, total
from sitegen.model.applications import Application
from tests.demo import Demo

DAY = dt.date(2026, 11, 24)
HEAD = """\
---
kind: report
title: 和平乡2025年政府信息公开工作年度报告
updated: 2026-01-20
year: 2025
figures:
  normative: {made: 1, abolished: 0, in_force: 3}
  licences: 4
  penalties: 2
  coercion: 0
  fees: 1.50
"""
TEXT = """\
---
## 一、总体情况

主动公开信息60条。

## 五、存在的主要问题及改进情况

更新慢。

## 六、其他需要报告的事项

没有。
"""
BALANCED = """\
  applications:
    本年新收: {自然人: 3, 商业企业: 1}
    上年结转: 1
    予以公开: {自然人: 2, 商业企业: 1}
    保护第三方合法权益: 1
    结转下年度: 1
"""
Region = Callable[..., Path]


def put(root: Path, head: str = HEAD + BALANCED, text: str = TEXT, name: str = "report-2025.md") -> Path:
    """A report of the sound region's township."""
    folder = root / "content/townships/heping/pages"
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(head + text, encoding="utf-8")
    return root


def found(root: Path) -> list[str]:
    """Findings about annual reports: code, line and message."""
    findings = load_and_check(root, DAY, cache=False).findings
    return [f"{f.code} {f.file.rpartition('/')[2]}:{f.line} {f.message('en')}" for f in findings if f.code.startswith("SG75")]


def test_a_report_that_adds_up_has_nothing_to_say(region: Region) -> None:
    assert found(put(region())) == []


def test_a_column_that_does_not_balance_is_named(region: Region) -> None:
    wrong = BALANCED.replace("结转下年度: 1", "结转下年度: {自然人: 1, 商业企业: 1}")
    said = found(put(region(), HEAD + wrong))
    assert said == [
        "SG751 report-2025.md:12 the report of 2025 does not add up (new and carried in, against results and carried out) for 商业企业: 2, and should be 1"
    ]


def test_parts_without_text_and_a_report_without_figures_are_told(region: Region) -> None:
    text = TEXT.replace("## 六、其他需要报告的事项\n\n没有。\n", "")
    assert [s.split(" ", 2)[0] for s in found(put(region(), text=text))] == ["SG754"]
    plain = HEAD.split("figures:")[0]
    assert [s.split(" ", 2)[0] for s in found(put(region(None, "plain"), plain))] == ["SG755"]


def test_the_next_year_goes_on_from_the_one_before(region: Region) -> None:
    root = put(region())
    before = (HEAD + BALANCED).replace("2026-01-20", "2025-01-20").replace("2025年", "2024年").replace("year: 2025", "year: 2024")
    before = before.replace("in_force: 3", "in_force: 1").replace("结转下年度: 1", "结转下年度: 0").replace("上年结转: 1", "上年结转: 0")
    put(root, before, TEXT, "report-2024.md")
    said = found(root)
    assert [s.split(" ", 2)[:2] for s in said] == [["SG753", "report-2025.md:7"], ["SG753", "report-2025.md:14"]]


def test_what_is_entered_need_not_be_written_and_must_not_be_contradicted(region: Region) -> None:
    root = put(region(), HEAD)
    assert [s.split(" ", 1)[0] for s in found(root)] == ["SG756"]  # neither written nor entered
    entries = root / "content/townships/heping/applications.yml"
    entries.write_text(
        "applications:\n"
        "  - {number: 2025-0001, received: 2025-03-03, applicant: 自然人, replied: 2025-03-20, result: 予以公开}\n"
        "  - {number: 2025-0002, received: 2025-04-07, applicant: 法人或其他组织, organisation: 商业企业, replied: 2025-04-25, result: 不予公开, because: 保护第三方合法权益}\n",
        encoding="utf-8",
    )
    assert found(root) == []
    put(root, HEAD + "  applications: {本年新收: 2, 予以公开: 2}\n")
    assert [s.split(" ", 2)[:2] for s in found(root)] == [["SG752", "report-2025.md:12"], ["SG752", "report-2025.md:12"]]
    entries.write_text(entries.read_text(encoding="utf-8").replace(", because: 保护第三方合法权益", ""), encoding="utf-8")
    put(root, HEAD)
    assert [s.split(" ", 2)[:2] for s in found(root)] == [["SG756", "applications.yml:3"]]


def test_a_report_of_a_year_that_is_not_over_is_told(region: Region) -> None:
    said = found(put(region(), (HEAD + BALANCED).replace("updated: 2026-01-20", "updated: 2025-12-30")))
    assert [s.split(" ", 2)[:2] for s in said] == [["SG757", "report-2025.md:4"]]


def test_text_stands_in_the_part_of_its_numeral() -> None:
    preface, parts = texts("前言。\n\n## 一、总体情况\n\n甲\n\n### 细目\n\n乙\n\n## 三、申请\n\n丙\n")
    assert preface == "前言。"
    assert parts == {1: "甲\n\n### 细目\n\n乙", 3: "丙"}


@st.composite
def entries(draw: st.DrawFn) -> list[Application]:
    made = []
    for n in range(draw(st.integers(0, 12))):
        received = draw(st.dates(dt.date(2023, 1, 1), dt.date(2026, 6, 30)))
        applicant = draw(st.sampled_from(["自然人", "法人或其他组织"]))
        one: dict[str, object] = {"number": f"2025-{n + 1}", "received": received, "applicant": applicant}
        if applicant != "自然人":
            one["organisation"] = draw(st.sampled_from(COLUMNS[1:]))
        if draw(st.booleans()):
            one["replied"] = received + dt.timedelta(draw(st.integers(0, 500)))
            one["result"], one["because"] = draw(
                st.sampled_from([("予以公开", None), ("部分公开", None), ("不予公开", "属于国家秘密"), ("其他处理", "逾期不补正")])
            )
        made.append(Application.model_validate(one))
    return made


@given(entries(), st.integers(2023, 2026))
def test_what_is_counted_always_balances_and_is_carried_on(found: list[Application], year: int) -> None:
    table, after = count(found, year), count(found, year + 1)
    assert list(balances(table)) == []
    assert total(table, ("结转下年度",)) == total(after, ("上年结转",))
    assert total(table, RESULT_ROWS) == sum(1 for a in found if a.replied and a.replied.year == year)


@pytest.mark.parametrize("unit", ["", "qinghe-zhen/", "shuangquan/", "chengguan/"])
def test_the_demos_reports_have_six_parts_and_their_tables(unit: str, demo: Demo) -> None:
    page = (demo.public / f"gk.qinghe.example.cn/{unit}reports/2025/index.html").read_text(encoding="utf-8")
    headings = re.findall(r"<h2>([一二三四五六])、(.*?)</h2>", page)
    assert headings == list(zip("一二三四五六", PARTS, strict=True))
    assert page.count('<table class="form') == 3
    assert "行政规范性文件" in page
    assert "四、结转下年度继续办理" in page


def test_documents_are_counted_where_the_report_leaves_them_out(demo: Demo) -> None:
    for year, counts in ((2024, ("1", "0", "1")), (2025, ("0", "0", "1"))):
        page = (demo.public / f"gk.qinghe.example.cn/shuangquan/reports/{year}/index.html").read_text(encoding="utf-8")
        row = re.search(r"行政规范性文件</th>(.*?)</tr>", page)
        assert row
        assert tuple(re.findall(r"<td>(\d+)</td>", row[1])) == counts
