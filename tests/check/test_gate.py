"""Attribute, channel and audience decide what goes where: a word planted in a record is looked for in everything that is written."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from pathlib import Path

import pypdfium2
import pytest

from sitegen.build import Options, build
from sitegen.contents import without_tables
from sitegen.printing import Order, print_sheets
from tests.demo import DAY
from tests.office import picture, zipped

Region = Callable[..., Path]
HEPING = "content/townships/heping"
ROWS, FILE, TABLE, TEXT, IMAGE = "暗*行", "暗号附件", "暗号表格", "暗号正文", "anhao-tu"
ITEM = """  - id: {id}
    group: 发放
    name: 名单{id}
    elements: [发放对象{id}]
    basis: [gongkai-tiaoli]
    deadline: 及时公开
    subject: {{township: 镇人民政府}}
    channels: [{channels}]
    audience: {audience}
    {retention}
    levels: [township]
    table: butie
"""
BOARD = '"社区/企事业单位/村公示栏(电子屏)"'


def plant(
    root: Path, item: str = "BT-01", attribute: str = "主动公开", more: str = "", posting: str = "{from: 2026-11-20, days: 7}"
) -> None:
    """A township record of ``item`` with a word in every part of it."""
    catalog = root / "content/catalog/fields/01-butie.yml"
    with catalog.open("a", encoding="utf-8") as out:
        out.write(ITEM.format(id="BT-11", channels=f"政府网站, {BOARD}", audience="特定群体", retention=""))
        out.write(ITEM.format(id="BT-12", channels=BOARD, audience="全社会", retention=""))
        out.write(ITEM.format(id="BT-13", channels=f"政府网站, {BOARD}", audience="全社会", retention="retention: {days_after_posting: 5}"))
        out.write(ITEM.format(id="BT-14", channels=f"政府网站, {BOARD}", audience="全社会", retention="retention: {while_receiving: true}"))
    files = root / HEPING / "records/files"
    files.mkdir(exist_ok=True)
    (files / "anhao.txt").write_text(FILE, encoding="utf-8")
    (files / "anhao.zip").write_bytes(zipped({f"{FILE}.txt": FILE}))
    (files / f"{IMAGE}.jpg").write_bytes(picture())
    (root / HEPING / "records/2026-0002.csv").write_text(f"户编号,户主,面积,金额\n001,{ROWS},1.00,2.00\n", encoding="utf-8")
    (root / HEPING / "records/2026-0002.md").write_text(
        f"""---
id: 2026-0002
title: 暗号标题
item: {item}
period: 2026
batch: 第九批
issuer: zf
document: {{number: 和政发〔2026〕1号, issued: 2026-11-18}}
attribute: {attribute}
secrecy: {{by: 办公室, on: 2026-11-18}}
formed: 2026-11-18
published: 2026-11-19
posting: {posting}
table: 2026-0002.csv
attachments: [{{path: files/anhao.txt, title: 附件甲}}, {{path: files/anhao.zip, title: 附件乙}}]
{more}---
{TEXT}。

| 组 | 说明 |
|---|---|
| 一组 | {TABLE} |

![示意图](files/{IMAGE}.jpg)
""",
        encoding="utf-8",
    )


def written(root: Path, tmp: Path) -> dict[str, set[str]]:
    """Which planted words the site and the sheets carry: in files' contents or names."""
    result = build(Options(root, tmp / "public", DAY))
    assert not result.refused
    assert not result.held, [f.message("en") for _, found in result.held for f in found]
    print_sheets(Order(root, tmp / "print-out", DAY))
    site = b"\0".join(p.relative_to(tmp).as_posix().encode() + _unpacked(p) for p in _files(tmp / "public"))
    sheets = "".join(_pdf_text(p) for p in (tmp / "print-out").rglob("*.pdf"))
    words = (ROWS, FILE, TABLE, TEXT, IMAGE, "暗号标题")
    return {"site": {w for w in words if w.encode() in site}, "sheets": {w for w in words if w in sheets.replace("\n", "")}}


def _files(public: Path) -> Iterator[Path]:
    return (p for p in sorted(public.rglob("*")) if p.is_file() and ".store" not in p.parts)


def _unpacked(path: Path) -> bytes:
    """A file's bytes; of the search's packed files what they say."""
    data = path.read_bytes()
    return gzip.decompress(data) if path.suffix == ".bin" else data


def _pdf_text(path: Path) -> str:
    document = pypdfium2.PdfDocument(path)
    return "".join(document[n].get_textpage().get_text_bounded() for n in range(len(document))).replace("\r", "")


def test_what_is_for_all_is_everywhere(region: Region, tmp_path: Path) -> None:
    root = region()
    plant(root)
    found = written(root, tmp_path)
    assert found["site"] == {ROWS, FILE, TABLE, TEXT, IMAGE, "暗号标题"}
    assert found["sheets"] >= {ROWS, TABLE, TEXT, "暗号标题"}
    page = (tmp_path / "public/ce.example.cn/heping/r/2026-0002/index.html").read_text(encoding="utf-8")
    assert "（此件公开发布）" in page


@pytest.mark.parametrize("attribute", ["依申请公开", "不予公开"])
def test_what_is_not_open_to_all_is_nowhere(region: Region, tmp_path: Path, attribute: str) -> None:
    root = region()
    more = "not_public: {provision: FM-01, reviewed: 2026-11-18}\n" if attribute == "不予公开" else ""
    plant(root, attribute=attribute, more=more)
    assert written(root, tmp_path) == {"site": set(), "sheets": set()}


def test_for_a_specific_group_the_web_keeps_the_fact(region: Region, tmp_path: Path) -> None:
    root = region()
    plant(root, item="BT-11")
    found = written(root, tmp_path)
    assert found["site"] == {"暗号标题"}
    assert found["sheets"] >= {ROWS, TABLE, TEXT}
    page = (tmp_path / "public/ce.example.cn/heping/r/2026-0002/index.html").read_text(encoding="utf-8")
    assert "公示期" in page
    assert "2.00" in page  # the total
    assert "为保护个人信息" in page


def test_without_the_web_among_its_channels_rows_and_files_stay_on_the_board(region: Region, tmp_path: Path) -> None:
    root = region()
    plant(root, item="BT-12")
    found = written(root, tmp_path)
    assert found["site"] == {"暗号标题", TEXT}
    assert found["sheets"] >= {ROWS, TABLE, TEXT}


def test_what_lists_nobody_stays_readable_where_only_files_and_rows_belong_on_the_board(region: Region, tmp_path: Path) -> None:
    root = region()
    path = root / "villages/heping/dongjie/records/2026-0001.md"
    (path.parent / "files").mkdir()
    (path.parent / "files" / f"{IMAGE}.png").write_bytes(picture("PNG"))
    (path.parent / "files/anhao.txt").write_text(FILE, encoding="utf-8")
    text = path.read_text(encoding="utf-8").replace("scope:", "attachments: [{path: files/anhao.txt, title: 附件}]\nscope:")
    text += f"\n| 路线 | 集合点 |\n|---|---|\n| 沟口 | {TABLE} |\n\n| 姓名 | 任务 |\n|---|---|\n| {ROWS} | 广播 |\n\n![路线图](files/{IMAGE}.png)\n"
    path.write_text(text, encoding="utf-8")
    found = written(root, tmp_path)
    assert found["site"] == {TABLE, IMAGE}  # of this item, decisions of the village, the web is no channel
    assert found["sheets"] >= {TABLE, ROWS}


def test_rows_leave_every_output_when_their_time_is_over(region: Region, tmp_path: Path) -> None:
    root = region()
    plant(root, item="BT-13", posting="{from: 2026-11-19, until: 2026-11-19}")
    assert written(root, tmp_path)["site"] >= {ROWS, FILE}  # 24 November is the fifth day after
    plant_day = (root / HEPING / "records/2026-0002.md").read_text(encoding="utf-8")
    (root / HEPING / "records/2026-0002.md").write_text(
        plant_day.replace("{from: 2026-11-19, until: 2026-11-19}", "{from: 2026-11-18, until: 2026-11-18}"), encoding="utf-8"
    )
    found = written(root, tmp_path)
    assert found["site"] == {"暗号标题", TEXT}
    assert ROWS not in found["sheets"]
    page = (tmp_path / "public/ce.example.cn/heping/r/2026-0002/index.html").read_text(encoding="utf-8")
    assert "已按规定撤下" in page


def test_a_scope_of_a_village_record_gates_as_well(region: Region, tmp_path: Path) -> None:
    root = region()
    path = root / "villages/heping/dongjie/records/2026-0001.md"
    text = path.read_text(encoding="utf-8").replace("scope: 全体村民", "scope: 特定群体")
    path.write_text(text + f"\n{TEXT}\n", encoding="utf-8")
    found = written(root, tmp_path)
    assert found["site"] == set()
    assert found["sheets"] == {TEXT}


def test_an_earlier_version_does_not_carry_a_newer_file_out(region: Region, tmp_path: Path) -> None:
    """A held record shows its last version: of its files, those that are still the same."""
    root = region()
    plant(root)
    assert FILE in written(root, tmp_path)["site"]
    note = root / HEPING / "records/files/anhao.txt"
    note.write_text("新的暗号泄露", encoding="utf-8")
    record = root / HEPING / "records/2026-0002.md"
    record.write_text(record.read_text(encoding="utf-8").replace(f"{TEXT}。", f"{TEXT}。\n\n张*三因患尿毒症困难。"), encoding="utf-8")
    result = build(Options(root, tmp_path / "public", DAY))
    assert result.held
    site = b"".join(p.read_bytes() for p in _files(tmp_path / "public"))
    assert TEXT.encode() in site
    assert "新的暗号泄露".encode() not in site
    assert "尿毒症".encode() not in site


def test_the_site_carries_pictures_without_their_metadata(region: Region, tmp_path: Path) -> None:
    root = region()
    plant(root)
    (root / HEPING / f"records/files/{IMAGE}.jpg").write_bytes(picture(gps=True, artist="Zhang San"))
    written(root, tmp_path)
    (copy,) = (tmp_path / "public").glob(f"ce.example.cn/**/{IMAGE}.jpg")
    assert b"Zhang" not in copy.read_bytes()
    assert b"Exif" not in copy.read_bytes()


def test_tables_leave_a_text() -> None:
    body = "甲\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n乙\n\n| 姓名 | 金额 |\n|---|---|\n| 张*三 | 2 |\n\n丙\n"
    assert without_tables(body).split() == ["甲", "乙", "丙"]
    assert "张" not in without_tables(body, persons_only=True)
    assert "| 1 | 2 |" in without_tables(body, persons_only=True)
    assert without_tables("a | b\n---|---\n1 | 2\n尾") == "\n\n\n尾"
    assert without_tables("没有表格\n- 一\n- 二") == "没有表格\n- 一\n- 二"
