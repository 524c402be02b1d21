"""Releasing: what a clerk sees, what is asked, what is refused, and what stands in the record's file afterwards."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from sitegen import ledger as files
from sitegen.cli import main
from tests.ledger.county import LIST, TOWNSHIP, VILLAGES, County

EAST, WEST = VILLAGES
HEAD = "villages/heping/dongjie/records/2026-0001.md"


@pytest.fixture
def county(tmp_path: Path) -> County:
    return County.start(tmp_path / "region")


def run(county: County, *args: str, date: str = "2026-11-24") -> Result:
    return CliRunner().invoke(main, ["-C", str(county.root), "--lang", "en", "--date", date, *args])


def lines(county: County, unit: str = EAST) -> int:
    return len(files.read(county.root / VILLAGES[unit] / files.FILE).lines)


def test_everything_new_is_released_once(county: County) -> None:
    first = run(county, "release", "--yes")
    assert first.exit_code == 0, first.output
    assert "4 released, 0 revised in 3 units" in first.output
    assert run(county, "release", "--yes").output == "There is nothing to release.\n"
    assert county.codes() == []
    assert run(county, "verify", "--ledger-only").exit_code == 0


def test_nothing_is_written_without_a_yes(county: County) -> None:
    assert run(county, "release").exit_code == 2
    assert run(county, "release", "--dry-run").exit_code == 0
    assert lines(county) == 0


def test_a_change_asks_for_a_reason_and_writes_it_into_the_head(county: County) -> None:
    run(county, "release", "--yes")
    before = lines(county)
    county.edit(HEAD, "会议决定修路。", "会议决定修桥。")
    assert county.codes() == ["SG925"]
    assert run(county, "release", "--yes").exit_code == 1
    assert lines(county) == before
    done = run(county, "release", "--yes", "--why", '更正："路"应为桥')
    assert done.exit_code == 0, done.output
    assert '\nrevision: {n: 2, on: 2026-11-24, why: "更正：\\"路\\"应为桥"}\n---\n' in (county.root / HEAD).read_text(encoding="utf-8")
    assert lines(county) == before + 1
    assert county.codes() == []


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("head", ["revision: {n: 1}", "revision:\n  n: 1\n  on: 2026-04-02"])
@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf"])
def test_only_the_revision_of_the_file_changes(county: County, end: str, head: str, start: bytes) -> None:
    path = county.root / HEAD
    county.edit(HEAD, "item: CW-02\n", f"item: CW-02\n{head}\n")
    path.write_bytes(start + path.read_bytes().replace(b"\n", end.encode()))
    run(county, "release", "--yes")
    raw = path.read_bytes()
    changed = raw.replace("修路。".encode(), "修桥。".encode())
    path.write_bytes(changed)
    assert run(county, "release", "--yes", "--why", "更正").exit_code == 0
    said = 'revision: {n: 2, on: 2026-11-24, why: "更正"}'
    assert path.read_bytes() == changed.replace(head.replace("\n", end).encode(), said.encode())
    assert county.codes() == []


def test_a_missing_review_is_refused_by_name(county: County) -> None:
    catalog = next((county.root / "content/catalog/village").glob("*.yml"))
    county.edit(catalog, "- id: CW-02\n", "- id: CW-02\n    review: [村务监督委员会审核]\n")
    done = run(county, "release", EAST, "--yes")
    assert done.exit_code == 1
    assert "lacks 村务监督委员会审核" in done.output
    county.edit(HEAD, "item: CW-02\n", "item: CW-02\nreviewed: [{step: 村务监督委员会审核, by: 村务监督委员会, on: 2026-04-01}]\n")
    assert run(county, "release", EAST, "--yes").exit_code == 0


def test_a_record_with_errors_is_refused_and_the_rest_is_released(county: County) -> None:
    county.edit(f"{LIST}.csv", "745.50", "约745")
    done = run(county, "release", "--yes")
    assert done.exit_code == 1
    assert "has errors" in done.output
    assert lines(county) == 2


def test_a_lower_revision_and_a_record_without_a_word_are_errors(county: County) -> None:
    county.edit(HEAD, "item: CW-02\n", "item: CW-02\nrevision: {n: 3, on: 2026-04-02, why: 更正}\n")
    run(county, "release", "--yes")
    county.edit(HEAD, "n: 3", "n: 2")
    assert county.codes() == ["SG926"]
    (county.root / HEAD).unlink()
    assert county.codes() == ["SG927"]
    code = next(iter(county.checked().region.units[EAST].ledger.histories))
    done = run(county, "release", "--withdraw", code, "--why", "与另一条重复")
    assert done.exit_code == 0, done.output
    assert county.codes() == []
    (said,) = {s for (_, page), s in county.said().items() if page.startswith(code) and page.endswith("-3")}
    assert said[0] == "这份信息已撤回"
    assert "2026年11月24日撤回。原因：与另一条重复。" in said[1]


def test_withdrawing_wants_a_reason_and_a_record(county: County) -> None:
    run(county, "release", "--yes")
    assert run(county, "release", "--withdraw", "2026-0001").exit_code == 2
    assert run(county, "release", "--withdraw", "2026-0099", "--why", "x").exit_code == 2
    assert run(county, "release", "--record", "2026-0099", "--yes").exit_code == 2
    assert run(county, "release", "无名村", "--yes").exit_code == 2


def test_a_withdrawn_list_takes_its_parts_along(county: County) -> None:
    run(county, "release", "--yes")
    west = county.code_of(WEST, f"{TOWNSHIP}/2026-0001")
    assert run(county, "release", "和平镇", "--withdraw", "2026-0001", "--why", "标准有误，另行公布").exit_code == 0
    said = county.said()
    assert said["xijie.example.cn", f"{west}-1"][0] == "这份信息已撤回"
    assert county.codes() == []


def test_a_villages_part_is_revised_only_when_its_own_rows_change(county: County) -> None:
    run(county, "release", "--yes")
    county.edit(f"{LIST}.csv", "10.50,745.50", "10.00,710.00")
    county.edit(f"{LIST}.csv", "合计,,,38.50,2733.50\n", "")
    done = run(county, "release", "--yes", "--why", "更正张*三的面积")
    assert "0 released, 2 revised in 2 units" in done.output
    east, west = (county.code_of(u, f"{TOWNSHIP}/2026-0001") for u in VILLAGES)
    said = county.said()
    assert said["ce.example.cn", f"{east}-1"][0] == "这张纸已被第2版替换"
    assert ("xijie.example.cn", f"{west}-2") not in said
    page = county.page(f"{east}-1")
    for text in ("更正张*三的面积", "改动1户", "<del>745.50</del>", "<ins>710.00</ins>", "张*三"):
        assert text in page
    assert "李*四" not in page


def test_rows_leave_the_kept_content_when_their_time_is_over_and_the_numbers_stay(county: County) -> None:
    run(county, "release", "--yes")
    county.edit(f"{LIST}.csv", "合计,,,38.50,2733.50\n", "")
    county.edit(f"{LIST}.csv", "745.50", "745.00")
    run(county, "release", "--yes", "--why", "更正金额")
    county.edit(f"{LIST}.csv", "东街村,002,李*四,8.00,568.00\n", "")
    run(county, "release", "--yes", "--why", "删除重复的一户")
    field = next((county.root / "content/catalog/fields").glob("*.yml"))
    county.edit(field, "- id: BT-01\n", "- id: BT-01\n    retention: {days_after_posting: 30}\n")
    done = run(county, "release", "--yes")
    assert "3 lists are kept in numbers only" in done.output, done.output
    folder = county.root / VILLAGES[EAST] / files.OBJECTS
    assert len(list(folder.glob("*.gz"))) == 1  # the resolution's
    page = county.page(county.code_of(EAST, f"{TOWNSHIP}/2026-0001") + "-1")
    assert "张*三" not in page
    assert "删除1行" in page
    assert "改动1行" in page
    assert county.codes() == []


def test_a_renamed_record_and_a_renamed_village_keep_their_codes(county: County) -> None:
    run(county, "release", "--yes")
    papers = county.print_all()
    code = county.code_of(EAST, "2026-0001")
    county.edit(HEAD, "id: 2026-0001\n", "id: 2026-0101\nformerly: [2026-0001]\n")
    county.edit("villages/heping/dongjie/unit.yml", "name: 东街村\n", "name: 东街社区\naliases: [东街村]\nkind: 社区\n")
    assert county.codes() == []
    assert county.code_of(EAST, "2026-0101") == code
    assert run(county, "release", "--yes").exit_code == 0
    said = county.said()
    assert {said[host, f"{c}-{rev}"][0] for c, rev, host in papers} == {"这张纸是现行版本", "这张纸的公示期已结束"}


def test_a_host_that_paper_names_is_missed(county: County) -> None:
    run(county, "release", "--yes")
    papers = county.print_all()
    county.edit("villages/heping/xijie/unit.yml", "https://xijie.example.cn/", "https://neu.example.cn/")
    assert county.codes() == ["SG928"]
    region = county.root / "region.yml"
    region.write_text(region.read_text(encoding="utf-8") + "hosts: [{host: xijie.example.cn, until: 2027-12-31}]\n", encoding="utf-8")
    assert county.codes() == []
    said = county.said()
    assert all((host, f"{code}-{rev}") in said for code, rev, host in papers)
    county.day = dt.date(2028, 1, 1)
    assert not any(host == "xijie.example.cn" for host, _ in county.said())


def test_a_copied_folder_with_its_ledger_is_noticed(county: County) -> None:
    run(county, "release", "--yes")
    source = county.root / VILLAGES[EAST] / files.FILE
    (county.root / VILLAGES[WEST] / files.FILE).write_bytes(source.read_bytes())
    assert "SG930" in county.codes()


def test_a_changed_ledger_is_said_and_nothing_is_added_to_it(county: County) -> None:
    run(county, "release", "--yes")
    path = county.root / VILLAGES[EAST] / files.FILE
    path.write_bytes(path.read_bytes().replace(b"2026-11-24", b"2026-11-23", 1))
    before = path.read_bytes()
    assert "SG922" in county.codes()
    county.edit(HEAD, "修路。", "修桥。")
    done = run(county, "release", "--yes", "--why", "更正")
    assert done.exit_code == 1
    assert path.read_bytes() == before
    assert run(county, "build", "-o", str(county.root / "public")).exit_code in (0, 1)
    assert (county.root / "public" / "ce.example.cn" / "heping" / "dongjie" / "index.html").exists()


def test_a_catalogue_that_cannot_be_read_is_said_and_nothing_is_released(county: County) -> None:
    run(county, "release", "--yes")
    field = next((county.root / "content/catalog/fields").glob("*.yml"))
    county.edit(field, "- id: BT-01\n", "- id: BT-01\n    retenshun: 1\n")
    county.edit(HEAD, "修路。", "修桥。")
    assert run(county, "check").exit_code == 1
    done = run(county, "release", "--yes", "--why", "更正")
    assert done.exit_code == 2
    assert "SG104" in done.output or "retenshun" in done.output


def test_show_and_merge_say_what_there_is(county: County) -> None:
    run(county, "release", "--yes")
    county.print_all()
    shown = run(county, "ledger", "show", "东街村").output
    assert "revision 1 released on 2026-11-24" in shown
    assert "revision 1 printed on 2026-11-24, A3, 1 pages" in shown
    assert "there was one branch only" in run(county, "ledger", "merge", "东街村").output
    assert run(county, "ledger", "show", "无名村").exit_code == 2


def test_printing_for_good_takes_what_was_released_and_notes_it(county: County) -> None:
    county.release()
    county.write(WEST, "2026-0009", "修渠")
    out = county.root / "print-out"
    done = run(county, "print", "--final", "-j", "1", "-o", str(out))
    assert done.exit_code == 1, done.output
    assert "not printed for good, since they were not released" in done.output
    assert "决议修渠" in done.output
    assert not list(out.rglob("2026-0009.pdf"))
    ledger = county.checked().region.units[EAST].ledger
    printed = [p for h in ledger.histories.values() for p in h.printed]
    assert [(p.rev, p.paper, p.pages, p.base) for p in printed] == [(1, "A3", 1, "https://ce.example.cn/")] * len(printed)
    assert printed
    size = lines(county)
    run(county, "print", "--final", "-j", "1", "-o", str(out))
    assert lines(county) == size  # the same sheets on the same day
    assert run(county, "print", "--final", "--poster").exit_code == 2


def test_a_record_that_came_from_elsewhere_is_bound_in_its_new_ledger(county: County) -> None:
    county.release()
    text = (county.root / HEAD).read_text(encoding="utf-8")
    code = county.code_of(EAST, "2026-0001")
    (county.root / HEAD).unlink()
    target = county.root / VILLAGES[WEST] / "records" / "2026-0050.md"
    target.parent.mkdir(exist_ok=True)
    target.write_text(text.replace("id: 2026-0001\n", f"id: 2026-0050\nformerly: [{EAST}/2026-0001]\n"), encoding="utf-8")
    county.release()
    units = county.checked().region.units
    assert (WEST, "2026-0050") in units[WEST].ledger.histories[code].names
    assert units[EAST].ledger.histories[code].moved == (WEST, "2026-0050")
    assert county.codes() == []
    assert "nothing to release" in run(county, "release", "--yes").output


def test_a_record_moves_while_the_unit_it_leaves_releases_something_else(county: County) -> None:
    county.write(WEST, "2026-0007", "修渠")
    county.release()
    text = county.path(WEST, "2026-0007").read_text(encoding="utf-8")
    county.path(WEST, "2026-0007").unlink()
    county.path(EAST, "2026-0057").write_text(
        text.replace("id: 2026-0007\n", f"id: 2026-0057\nformerly: [{WEST}/2026-0007]\n"), encoding="utf-8"
    )
    county.write(WEST, "2026-0008", "修桥")
    assert run(county, "release", "--yes").exit_code == 0
    assert county.codes() == []
