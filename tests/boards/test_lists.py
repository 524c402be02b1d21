"""What hangs where, what is to be done, the drawn plan, the checklist: of a village on disk, through the command line."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from selectolax.lexbor import LexborHTMLParser

from tests.boards.village import AFTER, BOARDS, DURING, RESOLUTION, codes, run, village
from tests.ledger.county import LIST, County


@pytest.fixture
def county(tmp_path: Path) -> County:
    return village(tmp_path / "region")


def plan_of(county: County, *more: str) -> dict[str, Any]:
    done = run(county, "board", "plan", "东街村", "--format", "json", *more)
    assert done.exit_code in (0, 1), done.output
    found: dict[str, Any] = json.loads(done.stdout)["units"][0]
    return found


def hung(plan: dict[str, Any]) -> dict[str, str]:
    return {p["place"]: p["sheet"]["code"] for b in plan["boards"] for p in b["places"] if p["sheet"]}


def tasks(county: County, *more: str) -> list[tuple[str, str, str]]:
    done = run(county, "board", "list", "东街村", "--format", "json", *more)
    assert done.exit_code == 0, done.output
    days = json.loads(done.stdout)["units"][0]["days"]
    return [(d["day"], t["do"], t["code"]) for d in days for t in d["tasks"]]


def texts(pdf: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [document[n].get_textpage().get_text_bounded().replace("\r\n", "") for n in range(len(document))]
    finally:
        document.close()


def test_sheets_hang_by_topic_and_a_posting_leaves_with_its_period(county: County) -> None:
    resolution, rows = codes(county)
    assert hung(plan_of(county)) == {"A1": resolution, "A2": rows}
    county.day = AFTER
    assert hung(plan_of(county)) == {"A1": resolution}


def test_a_week_says_what_comes_down_when(county: County) -> None:
    _, rows = codes(county)
    assert tasks(county, "--week") == [("2026-05-16", "down", rows)]
    assert tasks(county, "--from", "2026-05-07", "--to", "2026-05-16") == [("2026-05-08", "up", rows), ("2026-05-16", "down", rows)]


def test_what_was_never_printed_is_put_up_and_what_was_printed_once_is_done(county: County) -> None:
    resolution, rows = codes(county)
    county.release()
    county.print_all()
    assert tasks(county) == []
    county.edit(RESOLUTION, "会议决定修路。", "会议决定修路，先修东段。")
    county.release("补充先后")
    assert tasks(county) == [("2026-05-10", "replace", resolution)]
    said = run(county, "board", "list", "东街村").output
    assert "paper is revision 1, print 2" in said
    assert "墙上" not in said
    assert "第1版" in run(county, "board", "list", "东街村", lang="zh").output
    county.withdraw(f"230198101000/{LIST.rpartition('/')[2]}", "数据有误")
    assert ("2026-05-10", "down", rows) in tasks(county)


def test_a_slot_smaller_than_its_sheet_is_said_and_nothing_is_cut(tmp_path: Path) -> None:
    small = BOARDS.replace("{id: A2, topic: 补贴}", "{id: A2, topic: 补贴, paper: A4}")
    county = village(tmp_path / "region", boards=small)
    lines = (county.root / f"{LIST}.csv").read_text(encoding="utf-8").split("\n")
    more = [f"东街村,{n:03},赵*{'一二三四五六七八九'[n % 9]},1.00,71.00" for n in range(100, 400)]
    total = f"合计,,,{338.5:.2f},{2733.5 + 300 * 71:.2f}"
    (county.root / f"{LIST}.csv").write_text("\n".join([*lines[:4], *more, total, ""]), encoding="utf-8")
    _, rows = codes(county)
    plan = plan_of(county)
    assert rows not in hung(plan).values()
    waiting = {w["code"]: w for w in plan["waiting"]}
    assert waiting[rows]["why"] == "size"
    assert waiting[rows]["legal"]
    assert waiting[rows]["pages"] > 1
    done = run(county, "board", "plan", "东街村")
    assert done.exit_code == 1
    assert "no slot has that much room" in done.output
    assert "1 postings run and have no place" in done.stderr


def test_a_posting_takes_the_only_place_there_is(tmp_path: Path) -> None:
    one = "boards: [{id: main, place: 村口, slots: [{id: A1, topic: 决议}]}]\n"
    county = village(tmp_path / "region", boards=one)
    resolution, rows = codes(county)
    plan = plan_of(county)
    assert hung(plan) == {"A1": rows}
    assert plan["boards"][0]["places"][0]["sheet"]["borrowed"]
    assert [(w["code"], w["why"]) for w in plan["waiting"]] == [(resolution, "full")]
    county.day = AFTER
    assert hung(plan_of(county)) == {"A1": resolution}


def test_the_plan_is_drawn_on_paper_and_as_a_page(county: County, tmp_path: Path) -> None:
    assert run(county, "board", "plan", "东街村", "--week", "-o", str(tmp_path / "p.pdf")).exit_code == 0
    pages = texts((tmp_path / "p.pdf").read_bytes())
    assert "东街村公示栏布置图" in pages[0]
    assert "村民会议关于修路的决议" in pages[0]
    assert any("撤下" in p and "2026年5月16日" in p for p in pages)
    assert run(county, "board", "plan", "东街村", "-o", str(tmp_path / "p.html")).exit_code == 0
    page = LexborHTMLParser((tmp_path / "p.html").read_text(encoding="utf-8"))
    assert [n.text() for n in page.css(".slot b")] == ["A1", "A2", "B1"]
    assert len(page.css("li.legal")) == 1
    assert len(page.css("li.free")) == 1
    assert not page.css("script, link, img")


def test_one_board_is_shown_as_it_hangs_beside_the_others(county: County) -> None:
    resolution, rows = codes(county)
    assert hung(plan_of(county, "--board", "main")) == {"A1": resolution, "A2": rows}
    assert hung(plan_of(county, "--board", "gate")) == {}
    assert run(county, "board", "plan", "东街村", "--board", "none").exit_code == 2


def test_the_checklist_is_one_page_with_everything_to_tick(county: County) -> None:
    done = run(county, "board", "sign", "东街村")
    assert done.exit_code == 0, done.output
    pages = texts(next((county.root / "print-out").glob("*/checklist.pdf")).read_bytes())
    assert len(pages) == 1
    for words in ("东街村公示栏张贴核对单", "村民会议关于修路的决议", "A1", "A2", "张贴人", "监督电话 0451-0000 0002", codes(county)[0]):
        assert words in pages[0], words


def test_a_unit_without_slots_and_a_span_that_is_none_are_refused(county: County) -> None:
    assert run(county, "board", "plan", "西街村").exit_code == 2
    assert run(county, "board", "list", "--from", "2026-05-10", "--to", "2026-05-01").exit_code == 2
    assert run(county, "board", "list", "--week", "--to", "2026-05-01").exit_code == 2
    assert run(county, "board", "plan", "-o", "plan.txt").exit_code == 2


def test_days_without_change_are_not_listed(county: County) -> None:
    assert tasks(county, "--from", "2026-05-11", "--to", "2026-05-14") == []
    assert dt.date(2026, 5, 11) > DURING
