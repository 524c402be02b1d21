"""The official table as counties keep it: heads in local variants, lost merges, mixed glyphs; and the way out and back in."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sitegen.catalogs.export import export
from sitegen.catalogs.files import field_text
from sitegen.catalogs.official import Sheet
from sitegen.catalogs.reading import Read, read_tables, read_workbook
from sitegen.load.catalog import load_catalog
from sitegen.load.validate import validate
from sitegen.load.yamlfile import parse
from sitegen.model.base import Level
from sitegen.model.catalog import Field, Item
from sitegen.model.finding import Finding
from sitegen.model.region import Catalog

ROOT = Path(__file__).parent.parent.parent
DAY = dt.date(2026, 11, 24)
TABLE = ("group", "name", "elements", "basis", "deadline", "subject", "channels", "audience", "audience_note", "method", "levels")
GRID = "■政府网站 口政府公报 □两微一端\n■社区/企事业单位/村公示栏（电子屏）〇其他"


@functools.cache
def standard() -> Catalog:
    findings: list[Finding] = []
    made = load_catalog(ROOT, findings)
    assert findings == []
    return made


@pytest.fixture
def catalog() -> Catalog:
    return standard()


def book(path: Path, rows: Sequence[Sequence[Any]], merges: Sequence[str] = (), sheet: str = "涉农补贴") -> Path:
    """A workbook with one sheet; ``merges`` in the spreadsheet's own words (B2:C2)."""
    made = openpyxl.Workbook()
    page = made.active
    assert page is not None
    page.title = sheet
    for row in rows:
        page.append(list(row))
    for area in merges:
        page.merge_cells(area)
    made.save(path)
    return path


def said(read: Read) -> list[str]:
    return [f"{f.line}:{f.column} {f.code} {f.message('en')}" for f in read.findings]


HEAD = (
    "序号 公开事项 - 公开内容（要素） 公开依据 公开时限 公开主体 公开渠道和载体（在标注范围内至少选择其一公开） 公开对象 - 公开方式 - 公开层级 -".replace(
        "-", ""
    ).split(" "),
    ["", "一级事项", "二级事项", "", "", "", "", "", "全社会", "特定群体（请写明）", "主动公开", "依申请公开", "县级", "乡、村级"],
)


def row(name: str = "新补贴", **changes: str) -> list[str]:
    cells = {
        "no": "1",
        "group": "补贴发放",
        "name": name,
        "elements": "1.政策依据；2.补贴结果",
        "basis": "《政府信息公开条例》第二十条",
        "deadline": "自信息形成或者变更之日起\n20个工作日内",
        "subject": "农业农村局、乡镇人民政府、村民委员会",
        "channels": GRID,
        "all": "√",
        "some": "",
        "active": "☑",
        "asked": "口",
        "county": "●",
        "below": "Ｖ",
    }
    return list({**cells, **changes}.values())


# ---- Out and back in


def test_the_whole_catalogue_comes_back_as_it_was(catalog: Catalog, tmp_path: Path) -> None:
    path = tmp_path / "目录.xlsx"
    made = export(path, catalog, catalog.fields, "青禾县", DAY)
    assert (made.fields, made.items) == (len(catalog.fields), len(catalog.items))
    read = read_workbook(path, tmp_path, catalog)
    assert said(read) == []
    assert read.fields == catalog.fields
    assert read.known == len(catalog.items)


def test_a_table_alone_says_all_of_its_columns(catalog: Catalog, tmp_path: Path) -> None:
    """Nothing of the official table is taken from the present catalogue: only its laws' names are needed."""
    path = tmp_path / "目录.xlsx"
    export(path, catalog, catalog.fields, "青禾县", DAY)
    blank = Catalog((), {}, {}, catalog.laws, {}, (), "")
    read = read_workbook(path, tmp_path, blank)
    assert {f.code for f in read.findings} == {"SG432"}
    assert [f.name for f in read.fields] == [f.name for f in catalog.fields]
    for ours, theirs in zip(catalog.fields, read.fields, strict=True):
        for one, other in zip(ours.items, theirs.items, strict=True):
            for key in TABLE:
                mine, yours = getattr(one, key), getattr(other, key)
                assert (set(mine) == set(yours)) if key == "channels" else (mine == yours), f"{one.id} {key}"


def test_the_files_say_what_was_read(catalog: Catalog) -> None:
    for field in catalog.fields:
        findings: list[Finding] = []
        again = validate(Field, parse(field_text(field)), "x.yml", findings)
        assert findings == []
        assert again == field


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(
    text=st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=40),
    start=st.sampled_from(["", "=", "+", "-", "@"]),
)
def test_no_text_becomes_a_formula_or_is_changed(tmp_path: Path, text: str, start: str) -> None:
    catalog, name = standard(), start + text
    item = next(iter(catalog.items.values())).model_copy(update={"name": name, "group": name})
    field = catalog.fields[0].model_copy(update={"items": (item,)})
    path = tmp_path / "一.xlsx"
    export(path, catalog, (field,), "青禾县", DAY)
    page = openpyxl.load_workbook(path).worksheets[0]
    for cells in page.iter_rows():
        for cell in cells:
            assert cell.data_type != "f"
            if str(cell.value or "").startswith(("=", "+", "-", "@")):
                assert cell.quotePrefix
    [read] = read_workbook(path, tmp_path, catalog).fields
    assert read.items[0].name == name


def test_a_sheet_is_laid_out_as_the_official_table_and_ready_to_print(catalog: Catalog, tmp_path: Path) -> None:
    path = tmp_path / "目录.xlsx"
    export(path, catalog, catalog.fields, "青禾县", DAY)
    made = openpyxl.load_workbook(path)
    assert made.sheetnames == [f.name for f in catalog.fields]
    page = made["涉农补贴"]
    assert page["A1"].value == "青禾县涉农补贴领域基层政务公开标准目录"
    merged = {str(area) for area in page.merged_cells.ranges}
    assert merged >= {"A1:O1", "A2:A3", "B2:C2", "D2:D3", "I2:J2", "K2:L2", "M2:O2"}
    assert [page.cell(3, c).value for c in (2, 3, 9, 10, 11, 12, 13, 14, 15)] == [
        "一级事项", "二级事项", "全社会", "特定群体", "主动", "依申请", "县级", "乡级", "村级"
    ]  # fmt: skip
    first = next(f for f in catalog.fields if f.name == "涉农补贴").items
    run = next(n for n, i in enumerate(first) if i.group != first[0].group)
    assert f"B4:B{3 + run}" in merged
    assert (page.page_setup.orientation, page.page_setup.paperSize) == ("landscape", 8)
    assert page.sheet_properties.pageSetUpPr.fitToPage  # one page wide, as many high as it takes
    assert (page.page_setup.fitToWidth or 1, page.page_setup.fitToHeight) == (1, 0)
    assert page.print_title_rows == "$1:$3"
    assert page.freeze_panes == "D4"
    assert all(page.cell(4, c).alignment.wrap_text for c in range(1, 16))
    grid = page["H4"].value
    assert sum(grid.count(glyph) for glyph in "■□") == 13


def test_the_same_catalogue_and_day_give_the_same_bytes(catalog: Catalog, tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        export(tmp_path / name, catalog, catalog.fields, "青禾县", DAY)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


# ---- Tables in the wild


def test_a_local_variant_is_understood(catalog: Catalog, tmp_path: Path) -> None:
    """Title rows, merges, a column 乡、村级, channels after 口 and 〇, a telephone column, notes below."""
    head = [[*HEAD[0], "咨询电话"], [*HEAD[1], ""]]
    rows = [
        ["附件2"],
        ["某某县涉农补贴领域基层政务公开标准目录"],
        *head,
        [*row("耕地地力保护补贴"), "0451-0000 0003"],
        [*row("新补贴", group="", elements="1、补贴标准\n2、补贴名单", all="", some="本村村民"), "0451-0000 0003"],
        ["注：本目录由县农业农村局负责解释。"],
    ]
    merges = ["A2:O2", "A3:A4", "B3:C3", "D3:D4", "I3:J3", "K3:L3", "M3:N3", "B5:B6"]
    read = read_workbook(book(tmp_path / "表.xlsx", rows, merges), tmp_path, catalog)
    [field] = read.fields
    known, new = field.items
    old = catalog.items["SNBT-01"]
    assert (known.id, known.table, known.counterpart, known.keywords) == (old.id, old.table, old.counterpart, old.keywords)
    assert known.elements == ("政策依据", "补贴结果")
    assert known.basis[0].law == "zfxxgktl"
    assert known.basis[0].article == "第二十条"
    assert known.deadline.written == "自信息形成或者变更之日起20个工作日内"
    assert known.subject.model_dump() == {"county": "农业农村局", "township": "乡镇人民政府", "village": "村民委员会"}
    assert known.channels == ("政府网站", "社区/企事业单位/村公示栏(电子屏)")
    assert known.levels == tuple(Level)
    assert (known.audience, known.method) == ("全社会", "主动")
    assert new.id == f"SNBT-{max(int(i.id[-2:]) for i in catalog.fields[22].items) + 1:02}"
    assert (new.group, new.audience, new.audience_note) == ("补贴发放", "特定群体", "本村村民")
    assert read.ignored == ("咨询电话",)
    gone = {i.id for i in catalog.fields[22].items} - {known.id}
    assert [f.code for f in read.findings] == ["SG435"] * len(gone)
    assert not read.failed


def test_ids_stay_when_a_table_comes_again(catalog: Catalog, tmp_path: Path) -> None:
    """Rows in another order and with another name or another wording of the elements are the items that they were."""
    path = tmp_path / "目录.xlsx"
    field = next(f for f in catalog.fields if f.id == "SNBT")
    items = list(reversed(field.items))
    items[0] = items[0].model_copy(update={"name": f"{items[0].name}情况"})
    items[1] = items[1].model_copy(update={"elements": (*items[1].elements[:-1], f"{items[1].elements[-1]}等")})
    export(path, catalog, (field.model_copy(update={"items": tuple(items)}),), "青禾县", DAY)
    read = read_workbook(path, tmp_path, catalog)
    assert said(read) == []
    assert [i.id for i in read.fields[0].items] == [i.id for i in items]
    assert read.fields[0].items == tuple(items)


def test_three_levels_of_items_and_three_rows_of_head(catalog: Catalog, tmp_path: Path) -> None:
    head = [
        [
            "序号",
            "公开事项",
            "",
            "",
            "公开时限",
            "公开内容(要素)",
            "公开主体",
            "公开依据",
            "公开渠道",
            "公开对象",
            "公开方式",
            "公开层级",
            "",
            "",
        ],
        ["", "一级事项", "二级事项", "三级事项", "", "", "", "", "", "", "", "政府", "", "村（社区）级"],
        ["", "", "", "", "", "", "", "", "", "", "", "县（区）级", "乡镇（街道）级", ""],
    ]
    cells = ["1", "行政处罚", "一般处罚", "处罚决定", "及时公开", "处罚决定书", "县级：农业农村局\n乡级：乡镇人民政府"]
    cells += ["《中华人民共和国行政处罚法》", "政府网站", "社会公众", "主动公开", "√", "√", ""]
    read = read_workbook(book(tmp_path / "表.xlsx", [*head, cells]), tmp_path, catalog)
    assert [f.code for f in read.findings if f.code != "SG435"] == []
    [item] = read.fields[0].items
    assert (item.group, item.name) == ("行政处罚", "一般处罚－处罚决定")
    assert (item.audience, item.method, item.levels) == ("全社会", "主动", (Level.COUNTY, Level.TOWNSHIP))
    assert item.channels == ("政府网站",)


def test_what_is_wrong_is_said_at_its_row(catalog: Catalog, tmp_path: Path) -> None:
    rows = [
        *HEAD,
        row("一", deadline=""),
        row("二", channels="□政府网站"),
        row("三", county="?"),
        row("四", basis="有关规定"),
        row("五", active="", asked=""),
        row("六", elements="见《某通知》（某政发〔2020〕3号）"),
    ]
    read = read_workbook(book(tmp_path / "表.xlsx", rows), tmp_path, catalog)
    assert read.failed
    assert said(read) == [
        "3:6 SG423 nothing is given under «公开时限»",
        "4:8 SG423 nothing is given under «公开渠道和载体»",
        "5:13 SG424 «?» under «县级» is neither a mark nor empty",
        "6:5 SG427 no law or document is named in «有关规定»",
        "7:11 SG423 nothing is given under «公开方式»",
        "8:4 SG407 a document number stands outside laws.yml: 〔2020〕3号",
    ]
    assert {f.file for f in read.findings} == {"表.xlsx#涉农补贴"}


def test_what_is_doubtful_is_read_and_said(catalog: Catalog, tmp_path: Path) -> None:
    rows = [
        *HEAD,
        row("一", basis="《某县村务公开办法》（某政发〔2020〕3号）第二条；《中华人民共和国政府信息公开条例》"),
        row("二", all="√", some="√（农户）", elements="名单"),
        row("三", subject="农业农村局", elements="通知"),
        row("四", deadline="有了就公开", elements="结果"),
        row("五", channels="■政府网站 ■村村响喇叭 ?广播电视", elements="标准"),
        ["", "（二）政策类"],
        row("六", elements="标准"),
    ]
    read = read_workbook(book(tmp_path / "表.xlsx", rows), tmp_path, catalog)
    assert not read.failed
    messages = [m for m in said(read) if "SG435" not in m]
    assert messages == [
        "3:5 SG426 《某县村务公开办法》 is not in laws.yml",
        "4:9 SG428 «全社会» and «特定群体» are both marked; 特定群体 was taken",
        "5:7 SG429 no publisher is named for the level 乡级; «农业农村局» was taken",
        "5:7 SG429 no publisher is named for the level 村级; «农业农村局» was taken",
        "6:None SG402 the deadline «有了就公开» is not understood",
        "7:8 SG425 the channel «村村响喇叭» is none of the official table; it was taken as 其他",
        "7:8 SG430 whether these channels are chosen cannot be seen: 广播电视; they were taken as not chosen",
        "8:None SG431 this was not read: （二）政策类",
        f"9:None SG403 {read.fields[0].items[5].id} 六 and {read.fields[0].items[4].id} 五 have the same elements",
    ]
    items = read.fields[0].items
    [law] = read.laws
    assert (law.name, law.number) == ("某县村务公开办法", "某政发〔2020〕3号")
    assert [ref.law for ref in items[0].basis] == [law.id, "zfxxgktl"]
    assert (items[1].audience, items[1].audience_note) == ("特定群体", "农户")
    assert items[3].deadline.written == "有了就公开"
    assert items[4].channels == ("政府网站", "其他")


def test_a_field_that_nobody_knows_is_proposed(catalog: Catalog, tmp_path: Path) -> None:
    rows = [["某县气象服务领域基层政务公开标准目录"], *HEAD, row()]
    read = read_workbook(book(tmp_path / "表.xlsx", rows, sheet="Sheet1"), tmp_path, catalog)
    [field] = read.fields
    assert (field.id, field.name, field.seq, field.items[0].id) == ("QXFW", "气象服务", 27, "QXFW-01")
    assert [f.code for f in read.findings] == ["SG432"]


def test_files_that_are_no_catalogue(catalog: Catalog, tmp_path: Path) -> None:
    assert [f.code for f in read_workbook(book(tmp_path / "a.xlsx", [["姓名", "金额"], ["张*三", "10"]]), tmp_path, catalog).findings] == [
        "SG421"
    ]
    (tmp_path / "b.xlsx").write_bytes(b"no zip")
    assert [f.code for f in read_workbook(tmp_path / "b.xlsx", tmp_path, catalog).findings] == ["SG202"]
    assert [f.code for f in read_workbook(tmp_path / "c.xlsx", tmp_path, catalog).findings] == ["SG109"]
    nameless = book(tmp_path / "d.xlsx", [*HEAD, row()], sheet="Sheet1")
    assert [f.code for f in read_workbook(nameless, tmp_path, catalog).findings] == ["SG433"]
    assert read_workbook(nameless, tmp_path, catalog, field="SNBT").fields[0].name == "涉农补贴"
    short = [line[:5] + line[6:] for line in (*HEAD, row())]
    missing = read_workbook(book(tmp_path / "e.xlsx", short), tmp_path, catalog)
    assert said(missing) == ["1:None SG422 the column «公开时限» is missing in the head"]


def test_items_are_made_of_known_columns_only() -> None:
    assert set(TABLE) < set(Item.model_fields)


PIECES = [
    "√",
    "■",
    "□",
    "口",
    "1.",
    "2．",
    "①",
    "第三条",
    "《",
    "》",
    "《某法》",
    "；",
    "\n",
    "（",
    "）",
    "县级：",
    "乡级：",
    "村级",
    "政府网站",
    "n",
    "同上",
]
PIECES += ["注：", "一级事项", "公开事项", "全社会", "=1+1", "〔2020〕3号", "●必选", "及时公开", "0", "甲"]
CHANGED = st.lists(
    st.tuples(st.integers(0, 4), st.integers(0, 13), st.lists(st.sampled_from(PIECES), max_size=4).map("".join)), min_size=1, max_size=10
)


@given(CHANGED, st.sampled_from(["涉农补贴", "Sheet1", "某某"]))
def test_whatever_stands_in_a_table_is_read_or_said(changed: list[tuple[int, int, str]], name: str) -> None:
    """Never a traceback, and what is read can be written and is valid."""
    rows = [list(line) for line in (*HEAD, row("一"), row("二", elements="甲"), row("三", elements="乙"))]
    for line, place, text in changed:
        rows[line][place] = text.strip()
    read = read_tables([Sheet(name, tuple(tuple(line) for line in rows))], "表.xlsx", standard())
    assert read.fields or read.failed
    for found in read.findings:
        assert found.message("zh")
        assert found.fix("en")
    for field in read.fields:
        findings: list[Finding] = []
        assert validate(Field, parse(field_text(field)), "x.yml", findings) == field
        assert findings == []
