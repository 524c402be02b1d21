"""HTML and scripts are found wherever somebody can write, and plain words with the same signs are not. Each field at its place: tests/data/broken/markup."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook

from sitegen.check import load_and_check

Region = Callable[..., Path]
HEPING = "content/townships/heping"


def found(root: Path) -> list[str]:
    return [f"{f.file}:{f.line} {f.code}" for f in load_and_check(root, dt.date(2026, 11, 24), cache=False).findings]


@pytest.mark.parametrize(
    "text",
    [
        "面积<10亩、>5亩的，A<B且B>C",
        "<公司名称>、<b类>、《通知》",
        "甲&乙公司，R&D，A&B;",
        "见<https://ce.example.cn/heping/>，写信<a@example.cn>",
        "JavaScript 培训班：报名表；Javascript: 入门",
        "<!-- 内部备注 -->",
        "| 组 | 户 |\n|---|---|\n| 一组 | 3&nbsp;户 |",
    ],
)
def test_plain_words_with_the_same_signs_are_sound(region: Region, text: str) -> None:
    root = region()
    path = root / HEPING / "records/2026-0001.md"
    path.write_text(path.read_text(encoding="utf-8") + f"\n{text}\n", encoding="utf-8")
    assert found(root) == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("<p align=center>公示</p>", "SG115"),
        ("<TABLE border=1>", "SG115"),
        ("<img\nsrc=x\nonerror=alert(1)>", "SG115"),
        ("<img src=x/onerror=alert(1) onload = 'x'>", "SG116"),
        ("< script>alert(1)</script >", "SG116"),
        ("<iframe srcdoc='x'>", "SG116"),
        ("<svg/onload=alert(1)>", "SG116"),
        ("[点](JavaScript:alert(1))", "SG116"),
        ("[点](data:text/html;base64,PHNjcmlwdD4=)", "SG116"),
        ("<meta http-equiv=refresh content='0;url=https://x.example.cn/'>", "SG116"),
    ],
)
def test_markup_in_a_text(region: Region, text: str, code: str) -> None:
    root = region()
    path = root / HEPING / "records/2026-0001.md"
    before = path.read_text(encoding="utf-8")
    path.write_text(f"{before}\n{text}\n", encoding="utf-8")
    assert found(root) == [f"{HEPING}/records/2026-0001.md:{before.count(chr(10)) + 2} {code}"]


def test_markup_in_a_workbooks_cell(region: Region) -> None:
    root = region()
    book = Workbook()
    sheet = book.active
    for row in (
        ("村", "户编号", "户主", "面积(亩)", "金额(元)"),
        ("东街村", "001", "张*三<u>", "10.50", "745.50"),
        ("西街村", "001", "王*五", "20", "1420"),
    ):
        sheet.append(row)
    book.save(root / HEPING / "records/2026-0001.xlsx")
    head = root / HEPING / "records/2026-0001.md"
    head.write_text(head.read_text(encoding="utf-8").replace("2026-0001.csv", "2026-0001.xlsx"), encoding="utf-8")
    (said,) = [f for f in load_and_check(root, dt.date(2026, 11, 24), cache=False).findings if f.code == "SG115"]
    assert said.message("en") == "HTML in C2: <u>"
    assert said.file == f"{HEPING}/records/2026-0001.xlsx"


@pytest.mark.parametrize(
    ("file", "text"),
    [
        (
            f"{HEPING}/channels.yml",
            "accounts:\n  - {name: <b>和平发布</b>, platform: 微信公众号, run_by: 办公室, filed: 2024-03-01, reviewed: 2026-03-12}\n",
        ),
        (
            f"{HEPING}/services.yml",
            "halls:\n  - {id: dating, name: <b>大厅</b>, address: 政府街1号, hours: 工作日, phone: 0451-0000 0001}\n",
        ),
        ("villages/heping/dongjie/committee.yml", "members:\n  - {name: 张*三, post: <b>主任</b>}\n"),
        ("milestones.yml", "milestones:\n  - {id: m1, task: <b>整改</b>, responsible: 办公室, due: 2026-12-31}\n"),
        ("region.yml", ""),
    ],
)
def test_markup_in_what_units_say_of_themselves(region: Region, file: str, text: str) -> None:
    root = region()
    path = root / file
    if text:
        path.write_text(text, encoding="utf-8")
    else:
        path.write_text(path.read_text(encoding="utf-8").replace("name: ", "name: <i>", 1), encoding="utf-8")
    assert any(line.startswith(f"{file}:") and line.endswith("SG115") for line in found(root)), found(root)
