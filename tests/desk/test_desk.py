"""The clerk's way: see what is due, fill in a form, see page and sheet, save, release, print; two people at one record; Excel in."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

import pypdfium2
import pytest

from sitegen.check import load_and_check
from sitegen.desk import acts
from sitegen.drafting import attaching
from tests.desk.client import DAHE, DAY, TOKEN, TOWN, XIAOHE, Talk, form_of, talk
from tests.office import id_number, picture

RECORD = f"/u/{DAHE}/r/2026-0004/"
FILE = "villages/qinghe-zhen/dahe/records/2026-0004.md"


def test_the_first_page_says_what_to_do_in_chinese(clerk: Talk) -> None:
    page = clerk.get(f"/u/{DAHE}/")
    assert "取下《大河村村民代表会议关于维修二组机井的决议》" in page
    assert "登记公布《大河村院内路灯维修情况公开》" in page
    assert "青禾镇2026年耕地地力保护补贴发放公示（大河村）" in page
    assert clerk.client.get(f"/{page_token(page)}/").headers["location"].endswith(f"/u/{DAHE}/")


def page_token(page: str) -> str:
    found = re.search(r'href="/([^/"]+)/static/desk.css"', page)
    assert found
    return found[1]


def test_all_units_can_be_chosen_where_the_desk_is_for_all(root: Path) -> None:
    all_ = talk(root, None)
    page = all_.get("/")
    for code in (DAHE, XIAOHE, TOWN):
        assert f"/u/{code}/" in page
    assert "小河村" in all_.get(f"/u/{XIAOHE}/")
    assert all_.get("/?q=大河").count("<li ") == 1


def test_items_are_found_by_a_few_characters(clerk: Talk) -> None:
    page = clerk.get(f"/u/{DAHE}/new/?q=一事一议")
    assert "CW-21" in page
    assert "CJ-05" not in page


def test_a_new_record_is_written_as_the_form_says_and_is_sound(clerk: Talk, root: Path) -> None:
    page = clerk.get(f"/u/{DAHE}/new/CW-07/")
    values = form_of(page)
    assert (values["posting_days"], values["posting_kind"], values["issuer"]) == ("7", "calendar", "cwh")
    values |= {"title": "大河村村民代表会议关于修路的决议", "period": "2026-11-20", "subject": "修路", "formed": "2026-11-22",
               "published": "2026-11-23", "posting_from": "2026-11-23", "review_0_by": "大河村村务监督委员会", "review_0_on": "2026-11-22"}  # fmt: skip
    status, where = clerk.post(f"/u/{DAHE}/new/CW-07/", values)
    assert (status, unquote(where).partition("?")[0].endswith("/r/2026-0005/")) == (303, True)
    text = (root / "villages/qinghe-zhen/dahe/records/2026-0005.md").read_text(encoding="utf-8")
    assert "posting: {from: 2026-11-23, days: 7, kind: calendar}" in text
    assert [f.code for f in load_and_check(root, DAY, cache=False).findings if f.severity.value != "info"] == []


def test_rows_typed_into_the_form_become_the_table(clerk: Talk, root: Path) -> None:
    values = form_of(clerk.get(f"/u/{DAHE}/new/CJ-04/"))
    values |= {"period": "2026-10", "title": "10月收入", "review_0_by": "监委会"}
    rows = [("1", "2026-10-08", "收入", "发包收入", "机动地承包费", "800.00"), ("2", "2026-10-20", "收入", "其他收入", "利息", "1.25")]
    for n, row in enumerate(rows):
        values |= {f"c{n}.{c}": v for c, v in zip(("no", "date", "kind", "category", "item", "amount"), row, strict=True)}
    assert clerk.post(f"/u/{DAHE}/new/CJ-04/", values)[0] == 303
    table = (root / "villages/qinghe-zhen/dahe/records/2026-0005.csv").read_text(encoding="utf-8")
    assert (
        table
        == "序号,日期,收支类别,科目,收支项目,金额(元)\n1,2026-10-08,收入,发包收入,机动地承包费,800.00\n2,2026-10-20,收入,其他收入,利息,1.25\n"
    )
    page = clerk.get(f"/u/{DAHE}/r/2026-0005/")
    again = form_of(page)
    assert (again["c1.item"], again["c1.amount"], again["c0.kind"]) == ("利息", "1.25", "收入")


def test_the_day_from_which_the_deadline_counts_is_a_field_of_its_own(clerk: Talk, root: Path) -> None:
    values = form_of(clerk.get(f"/u/{DAHE}/new/CW-07/"))
    assert values["event_decided"] == ""
    values |= {
        "title": "大河村关于修路的决议",
        "period": "2026-11-20",
        "subject": "修路",
        "event_decided": "2026-11-20",
        "review_0_by": "监委会",
    }
    assert "最迟 2026-11-23 公布" in clerk.post(f"/u/{DAHE}/new/CW-07/try", values)[1]
    assert clerk.post(f"/u/{DAHE}/new/CW-07/", values)[0] == 303
    path = root / "villages/qinghe-zhen/dahe/records/2026-0005.md"
    assert "events: {decided: 2026-11-20}" in path.read_text(encoding="utf-8")
    again = form_of(clerk.get(f"/u/{DAHE}/r/2026-0005/"))
    assert again["event_decided"] == "2026-11-20"
    assert clerk.post(f"/u/{DAHE}/r/2026-0005/", again | {"event_decided": ""})[0] == 303
    assert "events" not in path.read_text(encoding="utf-8")
    status, page = clerk.post(f"/u/{DAHE}/r/2026-0005/", form_of(clerk.get(f"/u/{DAHE}/r/2026-0005/")) | {"event_decided": "昨天"})
    assert status == 422
    assert "请填日期" in page


def test_head_and_rows_that_change_together_change_in_one_instant(clerk: Talk, root: Path) -> None:
    folder = root / "villages/qinghe-zhen/dahe/records"
    path = next(p for p in sorted(folder.glob("*.md")) if "\ntable: " in p.read_text(encoding="utf-8"))
    address = f"/u/{DAHE}/r/{path.stem}/"
    before = path.read_text(encoding="utf-8")
    old = before.partition("\ntable: ")[2].partition("\n")[0]
    values = form_of(clerk.get(address))
    cell = next(name for name in values if name.startswith("c0.") and values[name])
    assert clerk.post(address, values | {"title": "改过的标题", cell: f"{values[cell]}1"})[0] == 303
    after = path.read_text(encoding="utf-8")
    new = after.partition("\ntable: ")[2].partition("\n")[0]
    assert new != old  # the old head never stood above the new rows
    assert (folder / new).is_file()
    assert not (folder / old).exists()
    assert "title: 改过的标题" in after
    again = form_of(clerk.get(address))
    assert again[cell] == f"{values[cell]}1"
    assert clerk.post(address, again | {cell: values[cell]})[0] == 303
    assert path.read_text(encoding="utf-8") == after  # rows alone are one file, and one step


def test_a_finding_stands_beside_its_field_in_words(clerk: Talk) -> None:
    values = form_of(clerk.get(RECORD))
    values |= {"published": "2026-11-01"}
    status, part = clerk.post(f"{RECORD}try", values)
    assert status == 200
    place = part[part.index('data-for="published"') :]
    assert "早于" in place[:400]
    assert "published" not in place[place.index(">") : 400]
    values |= {"body": "王某，身份证号 11010119900307793X"}
    part = clerk.post(f"{RECORD}try", values)[1]
    assert 'data-for="body"' in part
    assert "19900307793" not in part


def test_a_cell_that_is_wrong_is_pointed_at(clerk: Talk) -> None:
    values = form_of(clerk.get(f"/u/{DAHE}/r/2026-0003/"))
    values["c0.income"] = "四万六"
    part = clerk.post(f"/u/{DAHE}/r/2026-0003/try", values)[1]
    assert 'data-for="c0.income"' in part


def test_page_and_sheet_are_shown_before_anything_is_written(clerk: Talk, root: Path) -> None:
    before = (root / FILE).read_bytes()
    values = form_of(clerk.get(RECORD)) | {"title": "大河村路灯全部修好"}
    part = clerk.post(f"{RECORD}try", values)[1]
    src = re.search(r'iframe[^>]*src="/[^/]+(/seen/[^"]+)"', part)
    assert src
    page = clerk.get(src[1])
    assert "大河村路灯全部修好" in page
    assert "<script" not in page
    css = re.search(r'href="((?:\.\./)+assets/[^"]+\.css)"', page)
    assert css
    depth = css[1].count("../")
    base = src[1].rstrip("/").split("/")
    assert clerk.get("/".join(base[: len(base) - depth]) + "/" + css[1].replace("../", ""))
    svg = re.search(r'img src="/[^/]+(/sheet/[^"]+)"', part)
    assert svg
    assert clerk.get(svg[1]).startswith("<svg")
    assert (root / FILE).read_bytes() == before


def test_saving_changes_only_what_was_changed(clerk: Talk, root: Path) -> None:
    path = root / FILE
    path.write_bytes(
        path.read_bytes().replace(b"issuer: cwh\n", "issuer: cwh   # 村委会\nkeywords: [路灯]\n".encode()).replace(b"\n", b"\r\n")
    )
    before = path.read_bytes().decode()
    values = form_of(clerk.get(RECORD)) | {"summary": "12盏路灯全部换完。"}
    assert clerk.post(RECORD, values)[0] == 303
    after = path.read_bytes().decode()
    assert after == before.replace("\r\n---\r\n村民", "\r\nsummary: 12盏路灯全部换完。\r\n---\r\n村民")
    assert "没有改动" in unquote(clerk.post(RECORD, form_of(clerk.get(RECORD)))[1])
    assert path.read_bytes().decode() == after


def test_an_edit_made_elsewhere_is_shown_beside_mine_and_never_lost(clerk: Talk, root: Path) -> None:
    mine = form_of(clerk.get(RECORD)) | {"title": "我改的标题", "summary": "我写的摘要"}
    path = root / FILE
    theirs = path.read_text(encoding="utf-8").replace("title: 大河村院内路灯维修情况公开", "title: 别人改的标题")
    path.write_text(theirs, encoding="utf-8")
    status, page = clerk.post(RECORD, mine)
    assert status == 409
    assert "我改的标题" in page
    assert "别人改的标题" in page
    assert path.read_text(encoding="utf-8") == theirs
    chosen = dict(re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', page, re.DOTALL))
    chosen |= {"take.title": "theirs", "take.summary": "mine"}
    assert clerk.post(RECORD, chosen)[0] == 303
    made = path.read_text(encoding="utf-8")
    assert "title: 别人改的标题" in made
    assert "我写的摘要" in made


def test_rows_changed_elsewhere_are_a_conflict_too(clerk: Talk, root: Path) -> None:
    where = f"/u/{DAHE}/r/2026-0003/"
    mine = form_of(clerk.get(where)) | {"c0.expense_admin": "18460.00"}
    path = root / "villages/qinghe-zhen/dahe/records/2026-0003.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("12800.00", "12790.00"), encoding="utf-8")
    before = path.read_bytes()
    status, page = clerk.post(where, mine)
    assert status == 409
    assert "18460.00" in page
    assert "12790.00" in page
    assert path.read_bytes() == before


def test_a_new_record_does_not_overwrite_one_that_came_meanwhile(clerk: Talk, root: Path) -> None:
    values = form_of(clerk.get(f"/u/{DAHE}/new/CW-01/"))
    path = root / "villages/qinghe-zhen/dahe/records/2026-0005.md"
    path.write_text("别人的", encoding="utf-8")
    clerk.post(f"/u/{DAHE}/new/CW-01/", values)
    assert path.read_text(encoding="utf-8") == "别人的"


def test_release_and_print_for_good_are_noted_in_the_ledger(clerk: Talk, root: Path) -> None:
    assert "没有打印" in unquote(clerk.post(f"{RECORD}print", {"final": "1"})[1])
    assert "第1版" in unquote(clerk.post(f"{RECORD}release")[1])
    status, where = clerk.post(f"{RECORD}print", {"final": "1"})
    assert (status, unquote(where).endswith(".pdf")) == (303, True)
    assert clerk.client.get(where).content.startswith(b"%PDF")
    ledger = (root / "villages/qinghe-zhen/dahe/ledger.jsonl").read_text(encoding="utf-8")
    assert "路灯" in ledger
    assert '"printed"' in ledger.splitlines()[-1]
    assert "登记公布《大河村院内路灯" not in clerk.get(f"/u/{DAHE}/")


def test_what_changed_after_release_asks_for_its_reason(clerk: Talk, root: Path) -> None:
    clerk.post(f"{RECORD}release")
    values = form_of(clerk.get(RECORD))
    clerk.post(RECORD, values | {"body": values["body"].replace("12盏", "13盏")})
    status, page = clerk.post(f"{RECORD}release")
    assert (status, "为什么改" in page) == (200, True)
    assert "第2版" in unquote(clerk.post(f"{RECORD}release", {"why": "漏了一盏"})[1])
    assert "revision: {n: 2" in (root / FILE).read_text(encoding="utf-8")


def test_what_is_not_reviewed_is_not_released(clerk: Talk, root: Path) -> None:
    values = form_of(clerk.get(RECORD)) | {"review_0_by": ""}
    clerk.post(RECORD, values)
    status, page = clerk.post(f"{RECORD}release")
    assert (status, "还差：村务监督委员会审核" in page) == (200, True)


def test_a_workbook_is_previewed_and_written_only_when_asked(clerk: Talk, root: Path) -> None:
    book = next(root.glob("*.xlsx"))
    before = {p for p in root.rglob("*") if p.is_file()}
    status, where = clerk.post(f"/u/{DAHE}/excel/", {"item": "CJ-05"}, file=(book.name, book.read_bytes()))
    assert status == 303
    path = where[where.index("/u/") :]
    for _ in range(6):
        page = clerk.get(path)
        asked = re.findall(r'name="(q\.[^"]+)"(?: value="([^"]*)")?', page)
        if not asked:
            break
        answers = {"q.formed": "2026-11-20", "q.published": "2026-11-24", "q.period": "2026年第三季度", "q.reviewed": "监委会"}
        given = {}
        for name, value in asked:
            given.setdefault(name, answers.get(name, value or "监委会"))
        assert clerk.post(path, given)[0] == 200
    assert 'name="write"' in page, re.sub(r"<[^>]+>", " ", page)[-1500:]
    assert "31,250.00" in page or "7 行" in page
    assert {p for p in root.rglob("*") if p.is_file()} == before
    status, where = clerk.post(path, {"write": "1"})
    assert status == 303
    assert [f.code for f in load_and_check(root, DAY, cache=False).findings if f.severity.value == "error"] == []


def test_a_form_of_another_village_is_refused_in_words(clerk: Talk, root: Path) -> None:
    form = talk(root, XIAOHE).client.get(f"/{TOKEN}/u/{XIAOHE}/template/CJ-05.xlsx").content
    before = {p: p.read_bytes() for p in root.rglob("*") if p.is_file()}
    where = clerk.post(f"/u/{DAHE}/excel/", {}, file=("表.xlsx", form))[1]
    page = clerk.get(where[where.index("/u/") :])
    assert "这是小河村的表，不是大河村的" in page
    assert "还没有写入任何内容" in page
    assert 'name="write"' not in page
    assert {p: p.read_bytes() for p in root.rglob("*") if p.is_file()} == before


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04rubbish", b"%PDF-1.7", b"\xd0\xcf\x11\xe0" + b"\0" * 600])
def test_what_is_no_workbook_is_said_in_words(clerk: Talk, data: bytes) -> None:
    status, where = clerk.post(f"/u/{DAHE}/excel/", {}, file=("表.xlsx", data))
    if status == 422:
        return
    page = clerk.get(where[where.index("/u/") :])
    assert "finding error" in page
    assert 'name="write"' not in page


def test_the_board_list_says_what_to_do_where(clerk: Talk) -> None:
    page = clerk.get(f"/u/{DAHE}/board/")
    assert "取下" in page
    assert "村委会院内" in page


def test_a_file_that_was_broken_outside_is_said_and_comes_right_again(clerk: Talk, root: Path) -> None:
    region = root / "region.yml"
    before = region.read_text(encoding="utf-8")
    region.write_text("name: [", encoding="utf-8")
    answer = clerk.client.get(f"/{TOKEN}/u/{DAHE}/")
    assert answer.status_code == 409
    assert "region.yml" in answer.text
    region.write_text(before, encoding="utf-8")
    assert clerk.get(f"/u/{DAHE}/")


def test_a_photo_of_the_board_says_what_hangs_and_what_is_missing(clerk: Talk, root: Path, tmp_path: Path) -> None:
    pdf = pypdfium2.PdfDocument(root / "print-out/230170101201-大河村/2026-0003.pdf")
    photo = tmp_path / "photo.png"
    pdf[0].render(scale=2).to_pil().convert("RGB").save(photo)
    status, page = clerk.post(f"/u/{DAHE}/board/", {}, photo=("墙.png", photo.read_bytes()))
    assert status == 200
    checked = page[page.index('id="checked"') :]
    assert "大河村2026年第三季度财务收支情况" in checked
    assert "现行" in checked
    assert "应当挂着、照片里没有的" in checked
    page = clerk.post(f"/u/{DAHE}/board/", {}, photo=("../../x.png", b"nothing"))[1]
    assert "看不了" in page


PNG = picture("PNG")


def test_a_picture_goes_into_the_text_with_the_words_that_say_what_it_shows(clerk: Talk, root: Path) -> None:
    before = (root / FILE).read_text(encoding="utf-8")
    status, where = clerk.post(f"{RECORD}attach", {"title": "修好的路灯，共六盏", "picture": "1"}, file=("村口 照片(1).PNG", PNG))
    assert status == 303, where
    assert (root / FILE).read_text(encoding="utf-8") == before.rstrip() + "\n\n![修好的路灯，共六盏](2026-0004-村口-照片-1.png)\n"
    assert (root / FILE).with_name("2026-0004-村口-照片-1.png").read_bytes() == PNG
    page = clerk.get(RECORD)
    assert "图片 2026-0004-村口-照片-1.png" in page


def test_an_attachment_is_listed_under_its_title_and_its_name_is_never_used_twice(clerk: Talk, root: Path) -> None:
    for title in ("维修清单", "维修清单（更正）"):
        assert clerk.post(f"{RECORD}attach", {"title": title}, file=("..\\..\\清单.csv", "项目,金额\n灯,1\n".encode()))[0] == 303
    text = (root / FILE).read_text(encoding="utf-8")
    listed = "[{path: 2026-0004-清单.csv, title: 维修清单}, {path: 2026-0004-清单-2.csv, title: 维修清单（更正）}]"
    assert f"attachments: {listed}" in text
    page = clerk.get(RECORD)
    assert "维修清单（更正）" in page


@pytest.mark.parametrize(
    ("title", "name", "data", "said"),
    [
        ("", "a.png", PNG, "看不见的人只有这句话"),
        ("路灯", "a.exe", b"MZ", "不能收"),
        ("路灯", "a.html", b"<script>", "不能收"),
        ("路灯", "a.png", b"no picture", "读不出图片"),
        ("路灯", "a.pdf", b"", "空的"),
    ],
)
def test_a_file_that_cannot_be_taken_is_said_beside_its_field(
    clerk: Talk, root: Path, title: str, name: str, data: bytes, said: str
) -> None:
    before = {p: p.read_bytes() for p in root.rglob("*") if p.is_file()}
    status, page = clerk.post(f"{RECORD}attach", {"title": title}, file=(name, data))
    assert status == 422
    assert said in page[page.index('id="e-attach"') :]
    assert {p: p.read_bytes() for p in root.rglob("*") if p.is_file()} == before


def test_an_edit_made_while_a_file_is_added_is_not_overwritten(clerk: Talk, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    theirs = (root / FILE).read_bytes().replace("路灯维修".encode(), "路灯全部维修".encode())
    real = attaching.try_out

    def slow(*args: object) -> object:
        (root / FILE).write_bytes(theirs)
        return real(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(attaching, "try_out", slow)
    status, page = clerk.post(f"{RECORD}attach", {"title": "路灯"}, file=("a.png", PNG))
    assert status == 422
    assert "被别人改了" in page or "改过" in page
    assert (root / FILE).read_bytes() == theirs
    assert not list((root / FILE).parent.glob("*.png"))


def test_a_file_with_identity_numbers_is_not_taken(clerk: Talk, root: Path) -> None:
    before = {p: p.read_bytes() for p in root.rglob("*") if p.is_file()}
    status, page = clerk.post(f"{RECORD}attach", {"title": "名册"}, file=("名册.csv", f"姓名,身份证号\n张*三,{id_number()}\n".encode()))
    assert status == 422
    assert "身份证" in page[page.index('id="e-attach"') :]
    assert id_number() not in page
    assert {p: p.read_bytes() for p in root.rglob("*") if p.is_file()} == before


def test_withdrawing_asks_why_and_is_noted_in_the_ledger(clerk: Talk, root: Path) -> None:
    released = next(r for r in clerk.desk.units()[0].records if acts.was_released(clerk.desk, DAHE, r.front.id))
    address = f"/u/{DAHE}/r/{released.front.id}/"
    assert "撤回这一条" in clerk.get(address)
    status, page = clerk.post(f"{address}withdraw", {"why": " "})
    assert status == 422
    assert "请写明为什么撤回" in page
    ledger = root / "villages/qinghe-zhen/dahe/ledger.jsonl"
    before = ledger.read_bytes()
    assert clerk.post(f"{address}withdraw", {"why": "与另一条重复"})[0] == 303
    assert ledger.read_bytes().startswith(before)
    assert "与另一条重复" in ledger.read_text(encoding="utf-8")
    page = clerk.get(address)
    assert "已撤回" in page
    assert "与另一条重复" in page
    assert "撤回这一条" not in page
    assert "已撤回" in clerk.get(f"/u/{DAHE}/")
    assert "已经撤回" in unquote(clerk.post(f"{address}release")[1])


def test_what_was_never_released_cannot_be_withdrawn(clerk: Talk, root: Path) -> None:
    assert "撤回这一条" not in clerk.get(RECORD)
    before = (root / "villages/qinghe-zhen/dahe/ledger.jsonl").read_bytes()
    status, page = clerk.post(f"{RECORD}withdraw", {"why": "错了"})
    assert status == 422
    assert "不用撤回" in page
    assert (root / "villages/qinghe-zhen/dahe/ledger.jsonl").read_bytes() == before
