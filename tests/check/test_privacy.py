"""What must not be disclosed of a person is found at its line, once, and never repeated."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from sitegen.check import load_and_check
from sitegen.cli import main
from sitegen.model.finding import Finding
from sitegen.model.rules import RULES
from tests.demo import DAY
from tests.office import MOBILE, card_number, docx, id_number, old_id_number, pdf, picture, xlsx, zipped

Region = Callable[..., Path]
RECORDS = "content/townships/heping/records"
ID, CARD, OLD = id_number(), card_number(), old_id_number()
SECRETS = (ID, CARD, OLD, MOBILE, ID[6:14] + ID[14:], "尿毒症", "401室")


def checked(root: Path) -> list[Finding]:
    return list(load_and_check(root, DAY, cache=False).findings)


def places(found: list[Finding]) -> list[tuple[str, str, int | None]]:
    return [(f.code, f.file.rsplit("/", 1)[-1], f.line) for f in found]


def edit(root: Path, name: str, old: str, new: str) -> None:
    path = root / RECORDS / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def attach(root: Path, **files: bytes) -> None:
    (root / RECORDS / "files").mkdir(exist_ok=True)
    listed = []
    for name, data in files.items():
        name = name.replace("_", ".")
        (root / RECORDS / "files" / name).write_bytes(data)
        listed.append(f"{{path: files/{name}, title: 附件}}")
    edit(root, "2026-0001.md", "table: 2026-0001.csv\n", f"table: 2026-0001.csv\nattachments: [{', '.join(listed)}]\n")


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ("张*三", ID, "SG801", 2),
        ("张*三", f"张*三{MOBILE}", "SG803", 2),
        ("10.50", ID, "SG801", 2),
        ("10.50", OLD, "SG801", 2),
        ("568.00", CARD, "SG802", 3),
        ("002", ID, "SG801", 3),
        ("张*三", f"{ID[:6]}********{ID[14:]}", "SG209", 2),
        ("张*三", "张三丰", "SG209", 2),
    ],
)
def test_one_finding_for_one_cell_whatever_else_it_breaks(region: Region, old: str, new: str, code: str, line: int) -> None:
    root = region()
    edit(root, "2026-0001.csv", old, new)
    assert places(checked(root)) == [(code, "2026-0001.csv", line)]


def test_a_cell_of_an_xlsx_table(region: Region) -> None:
    root = region("xlsx-no-number")
    rows = [["村", "户编号", "户主", "面积", "金额"], ["东街村", "001", "张*三", 10.5, 745.5], ["东街村", "002", ID, 8, 568]]
    (root / RECORDS / "2026-0001.xlsx").write_bytes(xlsx(rows, hidden=[["底册"], [CARD]], comment=f"电话{MOBILE}"))
    assert sorted(places(checked(root)), key=str) == [
        ("SG801", "2026-0001.xlsx", 3),
        ("SG802", "2026-0001.xlsx", 2),
        ("SG803", "2026-0001.xlsx", None),
    ]


@pytest.mark.parametrize("heading", ["家庭年收入", "病种", "残疾等级", "身份证号", "银行账号", "致困原因"])
def test_a_column_that_names_what_is_nobodys_business(region: Region, heading: str) -> None:
    root = region()
    rows = (root / RECORDS / "2026-0001.csv").read_text(encoding="utf-8").splitlines()
    cells = [heading, ID if "号" in heading else "重度", "", "", ""]
    (root / RECORDS / "2026-0001.csv").write_text("\n".join(f"{r},{c}" for r, c in zip(rows, cells, strict=True)), encoding="utf-8")
    assert places(checked(root)) == [("SG806", "2026-0001.csv", 1)]


def test_an_empty_form_is_no_list(region: Region) -> None:
    root = region()
    form = [
        ["姓名", "性别", "身份证号", "残疾等级"],
        ["家庭住址", "", "联系电话", ""],
        ["家庭年收入", "", "致困原因", ""],
        ["", "", "", ""],
    ]
    attach(root, a_docx=docx(["申请表（样式）"], form), b_xlsx=xlsx([["低保申请表"], *form]))
    assert checked(root) == []


def test_lists_in_attachments(region: Region) -> None:
    root = region()
    attach(
        root,
        a_docx=docx([], [["姓名", "病种"], ["张*三", "慢病"]]),
        b_xlsx=xlsx([["名单"], ["姓名", "金额"], ["张*三", 1], ["李四光", 2], ["王五六", 3]]),
    )
    assert places(checked(root)) == [("SG806", "a.docx", 1), ("SG809", "b.xlsx", 4)]


def test_office_holders_are_named_in_full(region: Region) -> None:
    root = region()
    edit(root, "2026-0001.md", "予以公示。", "予以公示。\n\n| 姓名 | 职务 |\n|---|---|\n| 赵六七 | 主任 |\n")
    assert checked(root) == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("张*三因患尿毒症，申请救助。", "SG807"),
        ("李某某确诊白血病。", "SG807"),
        ("张\\*三家庭年收入9000元。", "SG807"),
        ("王*五系二级残疾。", "SG807"),
        ("张*三住大河村三组12号。", "SG804"),
        ("送到幸福路12号3单元401室。", "SG804"),
        ("赵*六现住幸福小区3号楼402室。", "SG804"),
        ("| 姓名 | 备注 |\n|---|---|\n| 张*三 | 胃癌 |", "SG807"),
    ],
)
def test_circumstances_of_a_person_in_a_text(region: Region, text: str, code: str) -> None:
    root = region()
    edit(root, "2026-0001.md", "予以公示。", f"予以公示。\n\n{text}\n")
    (found,) = checked(root)
    assert found.code == code
    assert found.line == 15 + 2 * text.startswith("|")


@pytest.mark.parametrize(
    "text",
    [
        "患恶性肿瘤、尿毒症的困难群众可以申请救助。",
        "张*三代表村卫生室开展两癌筛查和艾滋病防治宣传。",
        "办公地址：幸福路12号3单元401室便民服务中心。",
        "镇政府二楼203室，文昌路1号312室办公室。",
        "维修三组5号井和6号机井，验收3号楼2单元屋面。",
        "第二批548户（泉眼村152户、红旗村276户）。",
        "家庭人均收入低于标准的，保障金额按差额发给。",
        "张*三参加村民会议，因病请假的代表另行通知。\n临时板房11间，126户318人。".replace("因病", "因事"),
    ],
)
def test_what_offices_write_every_day_is_clean(region: Region, text: str) -> None:
    root = region()
    edit(root, "2026-0001.md", "予以公示。", f"予以公示。\n\n{text}\n")
    assert checked(root) == []


def test_official_telephones_pass_wherever_they_stand(region: Region) -> None:
    root = region()
    unit = root / "villages/heping/dongjie/unit.yml"
    text = unit.read_text(encoding="utf-8")
    unit.write_text(re.sub(r"phone: [\d -]+", f"phone: {MOBILE[:3]} {MOBILE[3:7]} {MOBILE[7:]}", text, count=1), encoding="utf-8")
    edit(root, "2026-0001.md", "予以公示。", f"予以公示。东街村电话{MOBILE}。")
    assert checked(root) == []


def test_a_file_name(region: Region) -> None:
    root = region()
    path = root / RECORDS / "2026-0001.md"
    path.rename(path.with_name(f"{ID}.md"))
    (found,) = checked(root)
    assert (found.code, found.file) == ("SG810", f"{RECORDS}/")


def test_an_attachments_name_is_not_repeated_by_what_is_found_in_it(region: Region) -> None:
    root = region()
    attach(root, **{f"{ID}_txt": f"张三 {MOBILE}".encode()})
    found = checked(root)
    assert [(f.code, f.file.rsplit("/", 1)[-1]) for f in found] == [("SG803", "2026-0001.md"), ("SG801", "2026-0001.md")]


@pytest.mark.parametrize(("name", "good"), [("李**", True), ("欧阳**", True), ("李*明", False), ("李明", False), ("*明", False)])
def test_children_keep_their_given_names(region: Region, name: str, good: bool) -> None:
    root = region()
    attach(root, a_xlsx=xlsx([["学生姓名", "金额"], [name, 500]]))
    assert places(checked(root)) == ([] if good else [("SG808", "a.xlsx", 2)])


def test_children_of_a_record_about_children(region: Region) -> None:
    root = region()
    edit(root, "2026-0001.md", "2026年种粮补贴发放公示", "2026年孤儿基本生活费发放公示")
    # The table lists householders, and these are guardians: nothing is wrong with them.
    assert checked(root) == []
    edit(root, "2026-0001.md", "予以公示。", "予以公示。\n\n| 姓名 | 金额 |\n|---|---|\n| 李*明 | 500 |\n")
    assert [f.code for f in checked(root)] == ["SG808"]


def test_a_number_in_unit_yml(region: Region) -> None:
    root = region()
    unit = root / "villages/heping/dongjie/unit.yml"
    unit.write_text(unit.read_text(encoding="utf-8") + f"intro: 负责人身份证{ID}\n", encoding="utf-8")
    (found,) = checked(root)
    assert (found.code, found.file) == ("SG801", "villages/heping/dongjie/unit.yml")


@pytest.mark.parametrize("kind", ["text", "json", "github", "sarif"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_output_repeats_a_secret(region: Region, kind: str, lang: str) -> None:
    root = region("personal-numbers")
    edit(root, "2026-0001.md", "title: 2026年种粮补贴发放公示", f"title: {ID}𠮷")
    edit(root, "2026-0001.md", "period: 2026\n", f"period: '{ID}'\n") if kind == "text" and lang == "zh" else None
    edit(root, "2026-0001.md", "值班电话", f"张*三患尿毒症，住幸福路12号3单元401室{CARD}，值班电话")
    edit(root, "2026-0001.csv", "10.50", ID)
    edit(root, "2026-0001.csv", "8.00", f"约{OLD}")
    attach(
        root,
        a_docx=docx([ID], [["姓名", "病种"], ["张*三", "尿毒症"]]),
        b_zip=zipped({f"{ID}.txt": f"{CARD} {MOBILE}", f"里/{ID}/c.txt": OLD}),
        c_jpg=picture(comment=ID, gps=True),
        d_pdf=pdf(ID),
    )
    result = CliRunner().invoke(main, ["-C", str(root), "--date", DAY.isoformat(), "--lang", lang, "check", "--format", kind])
    assert "SG" in result.output
    for secret in SECRETS:
        assert secret not in result.output
    if kind == "json" and json.loads(result.output):
        assert {o["code"] for o in json.loads(result.output)} >= {"SG801", "SG802", "SG804", "SG807", "SG810"}


def test_nobody_can_accept_what_identifies_a_person() -> None:
    personal = [r for r in RULES.values() if "SG801" <= r.code <= "SG810"]
    assert len(personal) == 10
    assert not any(r.acceptable for r in (*personal, RULES["SG209"]))
    assert all(r.why and r.bad and r.good for r in RULES.values() if r.code.startswith("SG8"))


def test_a_telephone_behind_a_name_is_no_door(region: Callable[..., Path]) -> None:
    root = region()
    path = root / "villages/heping/dongjie/records/2026-0001.md"
    text = path.read_text(encoding="utf-8")
    path.write_text(text + "\n松鹤养老公寓0451-0000 2305，张*三联系。\n", encoding="utf-8")
    assert [f.code for f in load_and_check(root, DAY, cache=False).findings] == []
    path.write_text(text + "\n张*三，松鹤公寓3-201。\n", encoding="utf-8")
    assert [f.code for f in load_and_check(root, DAY, cache=False).findings] == ["SG804"]
