"""Links in texts: to a record that was withdrawn, to none, to the file instead of the page; and everything that leads somewhere passes."""

from __future__ import annotations

from pathlib import Path

import pytest

from sitegen.check.parts import check_by_parts
from tests.ledger.county import LIST, TOWNSHIP, VILLAGES, County

EAST, WEST = VILLAGES
NOTICE = "content/townships/heping/records/2026-0002.md"


@pytest.fixture
def county(tmp_path: Path) -> County:
    """A county whose resolution of the east was withdrawn after it was released; the west's stands."""
    made = County.start(tmp_path / "region")
    made.write(WEST, "2026-0002", "修桥")
    made.write(EAST, "2026-0003", "修渠")
    made.release()
    made.withdraw(made.code_of(EAST, "2026-0003"), "会议未达人数，决议无效")
    made.path(EAST, "2026-0003").unlink()
    return made


def written(county: County, text: str, head: str = "") -> None:
    """A notice of the township that says ``text``."""
    (county.root / NOTICE).write_text(
        "---\nid: 2026-0002\ntitle: 关于种粮补贴的通知\nitem: BT-02\nissuer: zf\nattribute: 主动公开\nformed: 2026-05-06\n"
        f"published: 2026-05-08\n{head}---\n\n各村：\n{text}\n",
        encoding="utf-8",
    )


def found(county: County) -> list[str]:
    """What is found, released or not aside."""
    said = [f for f in county.checked().findings if f.code not in ("SG932", "SG925")]
    assert check_by_parts(county.root, county.day).findings == county.checked().findings
    return [f"{f.file.rpartition('/')[2]}:{f.line}:{f.column} {f.code} {f.message('en')}" for f in said]


def url(county: County, unit: str) -> str:
    return county.checked().region.units[unit].data.site.url


WITHDRAWN = "leads to «决议修渠», which was withdrawn on 2026-11-24: 会议未达人数，决议无效"


@pytest.mark.parametrize(
    "form", ["[决议]({0}r/2026-0003/)", "<{0}r/2026-0003/>", "[决议][1]\n\n[1]: {0}r/2026-0003/", "见[决议]({0}r/2026-0003#rows '题')"]
)
def test_a_link_to_a_withdrawn_record_is_found_at_its_place(county: County, form: str) -> None:
    written(county, form.format(url(county, EAST)))
    (said,) = found(county)
    where, _, words = said.partition(" SG319 ")
    assert words.endswith(WITHDRAWN)
    line = 14 if "[1]:" in form else 12
    assert where == f"2026-0002.md:{line}:{2 if form.startswith('见') else 1}"


def test_a_code_of_a_withdrawn_record_is_one_too(county: County) -> None:
    code = next(c for c, h in county.checked().region.units[EAST].ledger.histories.items() if h.withdrawn)
    written(county, f"[扫码看决议](https://elsewhere.example.cn/Q/{code.lower()}-1/)")
    assert [s.partition(" ")[2] for s in found(county)] == [f"SG319 the link https://elsewhere.example.cn/Q/{code.lower()}-1/ {WITHDRAWN}"]


def test_a_withdrawn_list_is_gone_with_the_villages_parts_of_it(county: County) -> None:
    part = county.code_of(WEST, f"{TOWNSHIP}/2026-0001")
    county.withdraw(county.code_of(TOWNSHIP, "2026-0001"), "标准有误")
    written(county, f"[名单](../2026-0001/)，[西街村]({url(county, WEST)}r/{part.lower()}/)")
    assert [s.partition(" ")[2].partition(" ")[0] for s in found(county)][:1] == ["SG319"]


def test_a_relative_link_leads_from_the_records_page(county: County) -> None:
    path = county.path(EAST, "2026-0001")
    path.write_text(path.read_text(encoding="utf-8") + "\n见[修渠](../2026-0003/)，[家](../../)，[本页](#top)。\n", encoding="utf-8")
    assert [s.split(" ")[1:4] for s in found(county)] == [["SG319", "the", "link"]]


def test_what_leads_nowhere_is_found_with_the_right_address_where_there_is_one(county: County) -> None:
    west = url(county, WEST)
    written(county, f"[无]({west}r/2026-0099/)\n[文件](2026-0001.md)\n[无文件](../none.md)")
    assert [s.partition(" ")[2] for s in found(county)] == [
        f"SG320 the link {west}r/2026-0099/ leads nowhere: there is no such record",
        "SG320 the link 2026-0001.md leads nowhere: the address of a file is none of a page",
        "SG320 the link ../none.md leads nowhere: the address of a file is none of a page",
    ]
    fixes = [f.fix("en") for f in county.checked().findings if f.code == "SG320"]
    assert fixes[1] == "write the address that the browser shows for the page: https://ce.example.cn/heping/r/2026-0001/"


def test_a_record_that_is_not_open_is_no_goal(county: County) -> None:
    county.edit(f"{LIST}.md", "attribute: 主动公开", "attribute: 依申请公开\nsecrecy: {by: 办公室, on: 2026-05-06}")
    written(county, "[名单](../2026-0001/)")
    assert any("SG320" in s and "the record is not open to the public" in s for s in found(county))


def test_what_leads_somewhere_or_elsewhere_is_no_finding(county: County) -> None:
    part, west = county.code_of(EAST, f"{TOWNSHIP}/2026-0001"), url(county, WEST)
    written(
        county,
        f"[名单](../2026-0001/) [桥]({west}r/2026-0002/) [东街]({url(county, EAST)}r/{part.lower()}/) [字母]({west.upper().replace('HTTPS', 'https')}r/2026-0002/)\n"
        "[外](https://www.example.org/r/2026-0003/) [话](tel:045100000001) [信](mailto:a@example.cn) ![图](https://x.example.cn/r/1.png) [栏目](../../list/)\n"
        "[2026-0003] 说明：r/2026-0003/ 不是链接",
    )
    assert found(county) == []


def test_pages_and_notes_are_looked_at_like_records(county: County) -> None:
    guide = county.root / "content/townships/heping/pages/guide.md"
    guide.write_text(guide.read_text(encoding="utf-8") + f"\n[决议]({url(county, EAST)}r/2026-0003/)\n", encoding="utf-8")
    note = county.root / VILLAGES[WEST] / "records/note.md"
    note.write_text(f"---\nderives: {TOWNSHIP}/2026-0001\n---\n\n[决议]({url(county, EAST)}r/2026-0003/)\n", encoding="utf-8")
    assert [s.split(" ")[0:2] for s in found(county)] == [["guide.md:8:1", "SG319"], ["note.md:5:1", "SG319"]]


def test_a_head_that_names_a_withdrawn_record_is_told_why_it_is_gone(county: County) -> None:
    county.withdraw(county.code_of(EAST, "2026-0001"), "与另一条重复")
    county.path(EAST, "2026-0001").unlink()
    county.write(EAST, "2026-0004", "修路结果", formerly="result_of: 2026-0001\n")
    (said,) = found(county)
    assert said.startswith("2026-0004.md:")
    assert "SG321 the record 2026-0001 («" in said
    assert said.endswith("was withdrawn on 2026-11-24: 与另一条重复")
