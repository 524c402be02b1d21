"""Township and village say the same of the same matter, or it is said once where they do not."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from sitegen.check import load_and_check
from sitegen.contents import fill, job
from sitegen.sheet import sheet_spec
from sitegen.view import plan

DAY = dt.date(2026, 11, 24)
LIST = "content/townships/heping/records/2026-0001.csv"
HEAD = "content/townships/heping/records/2026-0001.md"
OWN = "villages/heping/dongjie/records/own.csv"
OWN_HEAD = "villages/heping/dongjie/records/own.md"
ROWS = "户编号,户主,面积,金额\n001,张*三,10.50,745.50\n002,李*四,8.00,568.00\n"
FRONT = """---
id: own
title: 本村种粮补贴
item: CW-01
period: 2026
issuer: zf
scope: 全体村民
formed: 2026-05-06
published: 2026-05-08
table: own.csv
---
见表。
"""
CATALOG = ("content/catalog/fields/01-butie.yml", "content/catalog/village/1-cunwu.yml")

Make = Callable[..., Path]


def edit(root: Path, file: str, old: str, new: str) -> None:
    path = root / file
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{file} has no {old}"
    path.write_text(text.replace(old, new), encoding="utf-8")


def with_own(root: Path, rows: str = ROWS, front: str = FRONT) -> Path:
    """The region where 东街村 keeps a table of its own."""
    (root / OWN).write_text(rows, encoding="utf-8")
    (root / OWN_HEAD).write_text(front, encoding="utf-8")
    return root


def found(root: Path, day: dt.date = DAY) -> list[str]:
    return [f"{f.file}:{f.line} {f.code} {f.message('en')}" for f in load_and_check(root, day, cache=False).findings]


def test_a_village_that_says_the_same_is_not_complained_about(region: Make) -> None:
    assert found(with_own(region())) == []
    assert (
        found(with_own(region("again" if False else None, "second"), "户编号,户主,金额,面积\n002,李*四,568,8\n001,张*三,745.5,10.5\n"))
        == []
    )


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        (OWN, "745.50", "754.50", f"{OWN}:2 SG502 differs from {LIST}:2: 张*三 «金额» is 754.50元 here, 745.50元 there"),
        (LIST, "李*四,8.00", "李*四,9.00", f"{OWN}:3 SG502 differs from {LIST}:3: 李*四 «面积» is 8.00亩 here, 9.00亩 there"),
        (OWN, "002,李*四,8.00,568.00\n", "", f"{OWN}:1 SG506 李*四 stands in {LIST}:3 but not here"),
        (OWN, "568.00\n", "568.00\n003,赵*六,1.00,71.00\n", f"{OWN}:4 SG505 赵*六 stands here but not in {LIST}"),
        (OWN, "002,李", "020,李", f"{OWN}:3 SG507 李*四: «户编号» is written otherwise in {LIST}:3 (… here, … there)"),
        (OWN, "张*三", "张小*", f"{OWN}:2 SG511 «户主» is masked otherwise than in {LIST}:2: 1 rows, first 张小* here and 张*三 there"),
        (OWN, "张*三", "孙*三", f"{OWN}:2 SG502 differs from {LIST}:2: 孙*三 «户主» is 孙*三 here, 张*三 there"),
        (OWN_HEAD, "全体村民", "特定群体", f"{OWN_HEAD}:7 SG515 this is open to «特定群体», but its counterpart {HEAD} is «主动公开»"),
    ],
)  # fmt: skip
def test_every_difference_is_said_once_at_its_row(file: str, old: str, new: str, expected: str, region: Make) -> None:
    root = with_own(region())
    edit(root, file, old, new)
    if file == LIST:  # its written total would be another mistake
        edit(root, LIST, "合计,,,38.50,2733.50\n", "")
    (said,) = found(root)
    assert said == expected


def test_a_list_that_forgets_a_village_is_found_at_the_villages_record(region: Make) -> None:
    root = with_own(region())
    edit(root, LIST, "东街村,001,张*三,10.50,745.50\n东街村,002,李*四,8.00,568.00\n", "")
    edit(root, LIST, "合计,,,38.50,2733.50\n", "")
    (said,) = found(root)
    assert said.startswith(f"{OWN_HEAD}:10 SG521 the list in {LIST} has no row for 东街村")


def test_a_reason_in_writing_is_shown_to_the_public_until_its_day(region: Make) -> None:
    why = "differs: {why: 镇表含去年补发, reviewer: 经管站, until: 2026-12-31}\n"
    root = with_own(region(), ROWS.replace("745.50", "700.00"), FRONT.replace("table:", why + "table:"))
    assert found(root) == []
    checked = load_and_check(root, DAY, cache=False)
    for day, state, note in ((DAY, "explained", "镇表含去年补发"), (dt.date(2027, 1, 1), "differs", None)):
        made = plan(checked.region, checked.matters, day)
        (record,) = (r for r in fill(job(checked.region, made, "230198101201"), checked.region.catalog).records if r.id == "own")
        assert record.agreement is not None
        assert record.agreement.state == state
        assert note is None or record.agreement.note == note
        assert made.views["230198101201"].next_change == (dt.date(2027, 1, 1) if day == DAY else None)
    (said,) = (s for s in found(root, dt.date(2027, 1, 4)) if " SG5" in s)
    assert said == f"{OWN_HEAD}:10 SG518 the reason given for differing from the counterpart ended on 2026-12-31"


def test_a_reason_for_nothing_is_said(region: Make) -> None:
    why = "differs: {why: 镇表含去年补发, reviewer: 经管站, until: 2026-12-31}\n"
    root = with_own(region(), ROWS, FRONT.replace("table:", why + "table:"))
    assert found(root) == [f"{OWN_HEAD}:10 SG519 a reason to differ is given, but nothing differs"]


def test_a_counterpart_that_is_missing_is_said_when_its_time_is_over(region: Make) -> None:
    root = region()
    for file in CATALOG:
        edit(root, file, "rule: derive", "rule: match")
    assert found(root, dt.date(2026, 5, 20)) == []
    said = found(root)
    assert said == [
        f"{LIST}:2 SG513 东街村 stands in this list but has published nothing of the matter; the last day was 2026-06-04",
        f"{LIST}:4 SG513 西街村 stands in this list but has published nothing of the matter; the last day was 2026-06-04",
    ]


def test_a_village_alone_is_said_when_the_townships_time_is_over(region: Make) -> None:
    root = with_own(region(), front=FRONT.replace("period: 2026", "period: 2025"))
    assert found(root, dt.date(2026, 5, 20)) == []
    (said,) = found(root)
    assert said.startswith(f"{OWN_HEAD}:4 SG514 no government unit above has published the matter")


def test_a_late_counterpart_is_said_once(region: Make) -> None:
    root = with_own(
        region(), front=FRONT.replace("published: 2026-05-08", "published: 2026-06-30\nrevision: {n: 2, on: 2026-06-30, why: 改用自己的表}")
    )
    assert found(root) == []
    for file in CATALOG:
        edit(root, file, "compare: [area, amount]", "compare: [area, amount], within: {days: 5, kind: working}")
    (said,) = found(root)
    assert said.startswith(f"{OWN_HEAD}:9 SG516 published on 2026-06-30, {HEAD} on 2026-05-08")


def test_what_one_side_keeps_closed_the_other_cannot_show(region: Make) -> None:
    root = with_own(region())
    edit(root, HEAD, "主动公开", "依申请公开")
    (said,) = (s for s in found(root) if "SG515" in s)
    assert said == f"{OWN_HEAD}:7 SG515 this is open to «全体村民», but its counterpart {HEAD} is «依申请公开»"


def quarterly(root: Path, months: dict[str, str]) -> Path:
    for file in CATALOG:
        edit(root, file, "rule: derive, key: [household_no]", "rule: match, aggregate: sum, key: [household_no]")
    edit(root, HEAD, "period: 2026", "period: 2026-Q2")
    for n, (month, rows) in enumerate(months.items()):
        front = FRONT.replace("id: own", f"id: m{n}").replace("period: 2026", f"period: {month}").replace("own.csv", f"m{n}.csv")
        (root / OWN_HEAD).with_name(f"m{n}.md").write_text(front, encoding="utf-8")
        (root / OWN_HEAD).with_name(f"m{n}.csv").write_text("户编号,户主,面积,金额\n" + rows, encoding="utf-8")
    edit(root, LIST, '西街村,001,王*五,20.00,"1,420.00"\n合计,,,38.50,2733.50\n', "")
    return root


MONTHS = {
    "2026-04": "001,张*三,10.00,245.50\n",
    "2026-05": "001,张*三,0.50,250.00\n002,李*四,8.00,500.00\n",
    "2026-06": "001,张*三,0,250.00\n002,李*四,0,68.00\n",
}


def test_months_are_added_up_against_a_quarter(region: Make) -> None:
    root = quarterly(region(), MONTHS)
    assert found(root) == []
    edit(root, "villages/heping/dongjie/records/m1.csv", "250.00", "260.00")
    (said,) = found(root)
    assert said == f"villages/heping/dongjie/records/m2.csv:2 SG502 differs from {LIST}:2: 张*三 «金额» is 755.50元 here, 745.50元 there"


def test_a_missing_month_is_named_instead_of_every_figure_it_changes(region: Make) -> None:
    root = quarterly(region(), {m: r for m, r in MONTHS.items() if m != "2026-05"})
    assert found(root) == [
        "villages/heping/dongjie/unit.yml:1 SG520 东街村 has no record for 2026年5月, so its months do not add up to this one"
    ]


def test_two_records_where_there_can_be_one(region: Make) -> None:
    root = with_own(region())
    edit(root, CATALOG[1], "table: butie", "table: butie\n    per: single")
    (root / "villages/heping/dongjie/records/twin.md").write_text(FRONT.replace("id: own", "id: twin"), encoding="utf-8")
    assert [s for s in found(root) if "SG522" in s] == [
        f"villages/heping/dongjie/records/twin.md:5 SG522 {OWN_HEAD} is a record of the same item, period, batch and subject, of which there can be one only"
    ]


def test_texts_are_compared_where_the_item_says_so(region: Make) -> None:
    root = region()
    for file in CATALOG:
        edit(root, file, "rule: derive, key: [household_no], compare: [area, amount]", "rule: match, compare: [body]")
    edit(root, HEAD, "table: 2026-0001.csv\n", "")
    with_own(root, front=FRONT.replace("table: own.csv\n", "").replace("见表。", "现将**2026年种粮补贴**发放情况 予以公示"))
    assert found(root) == []
    edit(root, OWN_HEAD, "2026年种粮", "2025年种粮")
    assert found(root) == [f"{OWN_HEAD}:11 SG517 the text parts from that of {HEAD} here"]


# ---- Derivation


def derived(root: Path, day: dt.date = DAY) -> object:
    checked = load_and_check(root, day, cache=False)
    made = plan(checked.region, checked.matters, day)
    view = fill(job(checked.region, made, "230198101201"), checked.region.catalog)
    return view, next((r for r in view.records if r.source), None), checked


def test_a_note_adds_the_villages_words_posting_and_signature(region: Make) -> None:
    root = region()
    (root / OWN_HEAD).with_name("note.md").write_text(
        "---\nderives: 230198101000/2026-0001\nposting: {from: 2026-05-09, days: 10}\nsigned: {by: 村务监督委员会, on: 2026-05-09}\n---\n领取折子的到会计室。\n",
        encoding="utf-8",
    )
    view, record, checked = derived(root)  # type: ignore[misc]
    assert checked.findings == ()
    assert record.posting.start == dt.date(2026, 5, 9)
    assert record.signed == "村务监督委员会　2026年5月9日"
    content = view.contents[record.id]
    assert content.body == "领取折子的到会计室。"
    assert "现按原名单公开" in content.lead
    spec = sheet_spec(view, record)
    assert spec is not None
    said = json.dumps(spec.data["blocks"], ensure_ascii=False)
    assert said.index("现按原名单公开") < said.index("领取折子的到会计室。") < said.index("签字：村务监督委员会　2026年5月9日")


def test_notes_about_nothing_or_twice_are_said(region: Make) -> None:
    root = region()
    note = "---\nderives: 230198101000/{id}\n---\n补充说明。\n"
    for name, id in (("n1", "2026-0001"), ("n2", "2026-0001"), ("n3", "2026-0099")):
        (root / OWN_HEAD).with_name(f"{name}.md").write_text(note.format(id=id), encoding="utf-8")
    assert [s.partition(" ")[2][:5] + s.partition(":")[0][-5:] for s in found(root)] == ["SG525n2.md", "SG305n3.md"]


def test_a_later_table_of_the_village_takes_over_the_code_and_a_higher_revision(region: Make) -> None:
    root = region()
    _, record, _ = derived(root)  # type: ignore[misc]
    with_own(root, front=FRONT.replace("published: 2026-05-08", "published: 2026-06-01"))
    view, gone, checked = derived(root)  # type: ignore[misc]
    assert gone is None
    (own,) = (r for r in view.records if r.id == "own")
    assert own.code == record.code
    (said,) = checked.findings
    assert said.code == "SG526"
    edit(root, OWN_HEAD, "table: own.csv", "revision: {n: 2, on: 2026-06-01, why: 改用本村自己的表}\ntable: own.csv")
    assert found(root) == []


def test_a_table_that_was_there_first_keeps_its_own_code(region: Make) -> None:
    root = region()
    _, record, _ = derived(root)  # type: ignore[misc]
    view, _, _ = derived(with_own(root))  # type: ignore[misc]
    (own,) = (r for r in view.records if r.id == "own")
    assert own.code != record.code
