"""Sheets for the wall: what is on them, that codes decode, that nothing is cut or evaluated."""

from __future__ import annotations

import multiprocessing
import re
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pypdfium2
import pytest
import zxingcpp
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from sitegen.model.base import PaperName
from sitegen.model.content_views import AttachmentView, Content
from sitegen.model.views import UnitView
from sitegen.sheet import Format, Job, Made, Size, measure, print_unit, render, sheet_spec
from sitegen.sheet.papers import PAPERS
from sitegen.sheet.room import file_name
from tests.sample_view import township_view, village_view

ROOT = Path(__file__).parent.parent.parent
MM = 72 / 25.4


def sheet(view: UnitView, n: int = 0, paper: PaperName = "A3", **how: Any) -> pypdfium2.PdfDocument:
    spec = sheet_spec(view, view.records[n])
    assert spec is not None
    return pypdfium2.PdfDocument(render(spec, Format(paper, **how), ROOT).pdf)


def text(page: pypdfium2.PdfPage) -> str:
    return "".join(page.get_textpage().get_text_range().split())


def codes(page: pypdfium2.PdfPage, dpi: int = 150) -> list[zxingcpp.Barcode]:
    return zxingcpp.read_barcodes(np.array(page.render(scale=dpi / 72).to_pil().convert("L")))


@pytest.mark.parametrize("paper", ["A3", "A4"])
@pytest.mark.parametrize("rows", [1, 4, 18, 120])
def test_every_page_carries_the_code_and_its_address(paper: str, rows: int) -> None:
    view = village_view(rows)
    for page in sheet(view, 0, paper):
        assert [c.text for c in codes(page)] == [view.records[0].code_url]
        assert "/Q/7K3M9X0017-1" in text(page)


@pytest.mark.parametrize(("paper", "least"), [("A3", 32.0), ("A4", 30.0)])
def test_the_code_is_large_enough(paper: str, least: float) -> None:
    (code,) = codes(sheet(village_view(), 0, paper)[0], 150)
    width = (code.position.top_right.x - code.position.top_left.x) / 150 * 25.4
    assert width >= least - 0.4


def test_it_says_who_what_when_and_whom_to_call() -> None:
    shown = text(sheet(village_view())[0])
    for part in (
        "2026年耕地地力保护补贴发放公示",
        "大河村村务公开·涉农补贴",
        "公示期：2026年5月8日—5月17日（10个自然日）",
        "大河村村民委员会2026年5月8日",
        "监督电话0451-00001299村务监督委员会",
        "异议受理：村委会院内，周一至周五8:30–17:00",
        "扫码看原文，核对是否最新",
        "第1页共1页",
        "版本1",
    ):
        assert part in shown


def test_totals_stand_set_off_at_the_end() -> None:
    view = village_view(18)
    table = view.contents["2026-0017"].table
    assert table is not None
    assert table.totals is not None
    shown = text(sheet(view)[0])
    assert f"合计（18户）{table.totals[2]}{table.totals[4]}" in shown


def test_no_row_of_a_long_table_is_lost_and_heads_repeat() -> None:
    pages = [text(p) for p in sheet(village_view(120), layout="notice")]
    assert len(pages) >= 3
    rows = [p for p in pages if "第1组" in p]
    assert all("序号村民小组承包方代表面积（亩）" in p for p in rows)
    body = "".join(pages)
    table = village_view(120).contents["2026-0017"].table
    assert table is not None
    for n, row in enumerate(table.rows, 1):
        assert f"{n}{''.join(row)}" in body
    assert f"第{len(pages)}页共{len(pages)}页" in pages[-1]


def plain(rows: int) -> UnitView:
    """A list with one sentence above it."""
    view = village_view(rows)
    content = msgspec.structs.replace(view.contents["2026-0017"], body="现将名单予以公示，如有异议，请在公示期内反映。")
    return msgspec.structs.replace(view, contents={**view.contents, "2026-0017": content})


@pytest.mark.parametrize("paper", ["A3", "A4"])
@pytest.mark.parametrize(("rows", "a3", "a4"), [(3, 1, 1), (18, 1, 1), (34, 1, 2), (47, 2, 2), (64, 2, 3), (90, 3, 4), (120, 3, 5)])
def test_sheets_are_filled(paper: str, rows: int, a3: int, a4: int) -> None:
    """No more sheets than needed; all but the last are full, and that one is not left with a few rows."""
    document = sheet(plain(rows), 0, paper, layout="notice")
    assert len(document) == (a3 if paper == "A3" else a4)
    foot = PAPERS[paper].bottom * MM
    for n, page in enumerate(document, 1):
        low = min(bottom for _, (_, bottom, _, _) in boxes(page) if bottom > foot) - foot
        high = page.get_height() - foot - PAPERS[paper].top * MM
        assert low / high < (0.12 if n < len(document) else 0.5)


def test_a_short_notice_is_set_larger() -> None:
    view = village_view()
    body = "村委会定于2026年5月20日召开村民代表会议。"
    short = msgspec.structs.replace(view, contents={view.records[0].id: Content(body, None, (), ())})
    long = msgspec.structs.replace(view, contents={view.records[0].id: Content("\n\n".join([body] * 30), None, (), ())})
    sizes = [max(b - t for c, (_, t, _, b) in boxes(sheet(v)[0]) if c == "定") for v in (short, long)]
    assert sizes[0] > 1.3 * sizes[1]


def test_a_text_a_little_too_long_closes_up() -> None:
    """A second sheet is begun only for more than a few lines, and no text on A3 is smaller than 14 pt."""
    view = village_view()
    counts, highs = [], []
    for paragraphs in range(12, 24):
        content = Content(
            "\n\n".join(["村委会定于2026年5月20日召开村民代表会议，商议村内道路的修缮和费用，欢迎旁听。" * 2] * paragraphs), None, (), ()
        )
        document = sheet(msgspec.structs.replace(view, contents={view.records[0].id: content}))
        counts.append(len(document))
        highs.append(max(top - bottom for c, (_, bottom, _, top) in boxes(document[0]) if c == "定"))
        if len(document) == 2:
            foot = PAPERS["A3"].bottom * MM
            low = min(bottom for _, (_, bottom, _, _) in boxes(document[1]) if bottom > foot) - foot
            assert low / (document[1].get_height() - foot - PAPERS["A3"].top * MM) < 0.85
    assert set(counts) == {1, 2}
    assert counts == sorted(counts)
    assert highs[-1] > min(highs) >= highs[-1] * 14 / 16  # the last is set in 16 pt


@pytest.mark.parametrize("paper", ["A3", "A4"])
def test_no_sheet_is_begun_for_the_count_alone(paper: str) -> None:
    """「共 n 户」 below a table without totals stands on the sheet of its last row."""
    for rows in range(26, 46, 3):
        document = sheet(with_table(plain(rows), totals=None), 0, paper)
        last = text(document[len(document) - 1])
        assert f"共{rows}户" in last
        assert "71.00" in last


def test_the_issuer_stands_on_the_last_page_with_room_for_the_seal() -> None:
    pages = [text(p) for p in sheet(plain(120), layout="notice")]
    assert ["大河村村民委员会2026年5月8日" in p for p in pages] == [False, False, True]
    assert ["（接下页）" in p for p in pages] == [True, True, False]
    assert ["补贴发放公示（续）" in p for p in pages] == [False, True, True]
    # A seal is 42 mm across: where it goes stands nothing but these two lines.
    page, paper = sheet(plain(18))[0], PAPERS["A3"]
    centre = page.get_width() - (paper.side + paper.code + paper.letters + 8 + paper.sign / 2) * MM
    foot = [(c, (left + right) / 2) for c, (left, bottom, right, _) in boxes(page) if 18 * MM < bottom < 62 * MM]
    assert "".join(c for c, x in foot if abs(x - centre) < 24 * MM) == "大河村村民委员会2026年5月8日"


def test_a_list_of_a_thousand_rows_is_whole() -> None:
    view = village_view(1000)
    pages = [text(p) for p in sheet(view, 0, "A4")]
    table = view.contents["2026-0017"].table
    assert table is not None
    body = "".join(pages)
    assert all(f"{n}{''.join(row)}" in body for n, row in enumerate(table.rows, 1))
    assert f"第{len(pages)}页共{len(pages)}页" in pages[-1]
    assert "合计（1000户）" in pages[-1]


def boxes(page: pypdfium2.PdfPage) -> list[tuple[str, tuple[float, float, float, float]]]:
    """Every visible character with its box: left, bottom, right, top in points."""
    found = page.get_textpage()
    chars = ((found.get_text_range(n, 1), found.get_charbox(n)) for n in range(found.count_chars()))
    return [(c, box) for c, box in chars if c.strip() and c != "\u200b"]


def inside(page: pypdfium2.PdfPage, side: float) -> bool:
    """Nothing reaches into the margins of ``side`` millimetres."""
    edge = side * MM - 1.5
    return all(left >= edge and right <= page.get_width() - edge and bottom > 0 for _, (left, bottom, right, _) in boxes(page))


def with_table(view: UnitView, **changes: object) -> UnitView:
    content = view.contents["2026-0017"]
    assert content.table is not None
    table = msgspec.structs.replace(content.table, **changes)  # type: ignore[arg-type]
    return msgspec.structs.replace(view, contents={**view.contents, "2026-0017": msgspec.structs.replace(content, table=table)})


def wide(view: UnitView, columns: int) -> UnitView:
    content = view.contents["2026-0017"]
    assert content.table is not None
    more = tuple(msgspec.structs.replace(content.table.columns[2], name=f"c{n}", title=f"第{n}项补助") for n in range(columns))
    table = msgspec.structs.replace(
        content.table,
        columns=content.table.columns + more,
        rows=tuple(row + ("12,345.67",) * columns for row in content.table.rows),
        totals=(content.table.totals or ()) + ("123,456.78",) * columns,
    )
    return msgspec.structs.replace(view, contents={**view.contents, "2026-0017": msgspec.structs.replace(content, table=table)})


@pytest.mark.parametrize("paper", ["A3", "A4"])
@pytest.mark.parametrize(("columns", "lies"), [(2, False), (9, True), (25, True)])
def test_a_wide_table_lies_and_keeps_its_figures_whole(paper: str, columns: int, lies: bool) -> None:
    document = sheet(wide(village_view(10), columns), 0, paper)
    page = document[0]
    assert (page.get_width() > page.get_height()) == lies
    assert "".join(text(p) for p in document).count("12,345.67") == columns * 10
    assert all(inside(p, PAPERS[paper].side) for p in document)
    lines = [line for p in document for line in p.get_textpage().get_text_range().splitlines() if "12,345.67" in line]
    assert len(lines) <= columns * 10


def test_points_of_figures_stand_below_each_other() -> None:
    rows = (("第1组", "张*三", "5", "71", "1,000.5"), ("第2组", "李*四", "12.25", "71.00", "9.25"))
    page = sheet(with_table(plain(2), rows=rows, totals=("", "", "17.25", "", "1,009.75")))[0]
    points = sorted(box[0] for c, box in boxes(page) if c == "." and box[1] > 70 * MM)
    columns = {round(x) for x in points}
    assert len(points) == 6
    assert len(columns) == 3  # 面积, 标准, 金额


def test_a_table_with_its_own_numbers_is_not_numbered_again() -> None:
    view = village_view(2)
    table = view.contents["2026-0017"].table
    assert table is not None
    first = msgspec.structs.replace(table.columns[0], name="no", title="序号", align="right", decimals=0)
    rows = tuple((str(n), *row[1:]) for n, row in enumerate(table.rows, 1))
    assert text(sheet(with_table(view, columns=(first, *table.columns[1:]), rows=rows))[0]).count("序号") == 1


def test_without_totals_the_number_of_rows_is_said() -> None:
    assert "共18户" in text(sheet(with_table(village_view(18), totals=None))[0])


def test_a_total_in_the_first_column_keeps_its_label() -> None:
    shown = text(sheet(with_table(village_view(3), totals=("9", "", "43.50", "", "3,088.50")))[0])
    assert "合计943.503,088.50" in shown


def test_it_loses_nothing_in_black_and_white() -> None:
    page = sheet(village_view())[0]
    grey = page.render(scale=1).to_pil().convert("L")
    assert [c.text for c in zxingcpp.read_barcodes(np.array(page.render(scale=150 / 72).to_pil().convert("1").convert("L")))]
    # Whatever is coloured is dark enough to be read on a black-and-white print: 4.5 to 1 on white.
    colours = {c for _, c in page.render(scale=1).to_pil().convert("RGB").getcolors(1 << 20)}
    assert grey.getextrema()[0] < 40
    assert any(r > 1.8 * g and r > 120 for r, g, b in colours)
    for colour in (0xA61B1B, 0x4A5563, 0x8A5A00):
        parts = [((colour >> shift & 255) / 255) for shift in (16, 8, 0)]
        light = sum(
            w * (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4) for w, p in zip((0.2126, 0.7152, 0.0722), parts, strict=True)
        )
        assert 1.05 / (light + 0.05) >= 4.5
        assert f"#{colour:06x}" in (ROOT / "print" / "base.typ").read_text(encoding="utf-8")


def test_a_stage_and_a_new_version_are_said() -> None:
    shown = text(sheet(village_view(), 1)[0])
    assert "二榜" in shown
    assert "本张为第2版，更正内容：更正第3行面积。以前各版作废。" in shown
    assert "版本2" in shown


NASTY = '#let x = 1 $a$ *b* _c_ `d` @ref <script>alert(1)</script> \\ [e] {f} "g" // h /* i */ ~ = + - % &amp; </json>'


def test_syntax_in_data_is_shown_as_it_is() -> None:
    view = village_view(3)
    record = msgspec.structs.replace(view.records[0], title=NASTY)
    content = view.contents["2026-0017"]
    assert content.table is not None
    rows = ((NASTY, *content.table.rows[0][1:]),)
    view = msgspec.structs.replace(
        view,
        records=(record, *view.records[1:]),
        contents={"2026-0017": msgspec.structs.replace(content, table=msgspec.structs.replace(content.table, rows=rows))},
    )
    shown = re.sub(r"[\s\u00ad\u200b\ufffe\x02-]", "", text(sheet(view)[0]))
    wanted = re.sub(r"[\s-]", "", NASTY)
    assert shown.count(wanted) >= 1
    assert "alert(1)" in shown


def body_sheet(body: str, images: tuple[AttachmentView, ...] = (), root: Path = ROOT, **changes: object) -> pypdfium2.PdfDocument:
    view = village_view(2)
    record = msgspec.structs.replace(view.records[0], **changes)  # type: ignore[arg-type]
    view = msgspec.structs.replace(view, records=(record,), contents={record.id: Content(body, None, (), images)})
    spec = sheet_spec(view, record)
    assert spec is not None
    return pypdfium2.PdfDocument(render(spec, Format("A4"), root).pdf)


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (">" * 400 + " 很深", "很深"),
        ("\n".join("  " * n + "- 项" for n in range(120)), "项"),
        ("长" * 5000, "长长"),
        ("a\x00b\u202e反\u202c", "反"),
        ("- [x] 已办\n- [ ] 未办", "■已办"),
        ("见[办事指南](https://a.example.cn/zn)。", "办事指南（https://a.example.cn/zn）"),
        ("有注[^1]。\n\n[^1]: 注文", "注文"),
        ("|甲|乙|\n|--|--|\n|1|2|3|\n|4|", "甲乙124"),
    ],
)
def test_every_kind_of_text_is_shown(body: str, shown: str) -> None:
    document = body_sheet(body)
    assert shown in "".join(text(p) for p in document)
    assert all(inside(p, PAPERS["A4"].side) for p in document)


@pytest.mark.parametrize("what", ["W" * 900, "https://example.cn/" + "a" * 300, "。" * 300, "1,234,567.00" * 40])
def test_what_has_no_place_to_break_stays_on_the_paper(what: str) -> None:
    for page in body_sheet(what, title=what[:120], issuer=what[:80]):
        assert inside(page, PAPERS["A4"].side)
    view = village_view(1)
    table = view.contents["2026-0017"].table
    assert table is not None
    rows = ((what, what, *table.rows[0][2:]),)
    for page in sheet(with_table(view, rows=rows), 0, "A4"):
        assert inside(page, PAPERS["A4"].side)


def test_half_a_surrogate_pair_does_not_stop_the_press() -> None:
    assert "甲乙" in text(body_sheet("正文", title="甲\ud800乙")[0])


def image(source: str) -> tuple[AttachmentView, ...]:
    return (AttachmentView("图", "a.png", 1, "image/png", source),)


def test_an_image_is_placed_and_a_missing_one_is_said(tmp_path: Path) -> None:
    Image.new("RGB", (400, 300), (0, 90, 200)).save(tmp_path / "a.png")
    (tmp_path / "bad.png").write_bytes(b"\x89PNG\r\n\x1a\nand nothing")
    (tmp_path.parent / "outside.png").write_bytes((tmp_path / "a.png").read_bytes())
    body = "前文。\n\n![修缮后的村部](a.png)\n\n后文。"
    page = body_sheet(body, image("a.png"), tmp_path)[0]
    (placed,) = [o for o in page.get_objects() if o.type == pypdfium2.raw.FPDF_PAGEOBJ_IMAGE]
    left, bottom, right, top = placed.get_bounds()
    assert (right - left) / (top - bottom) == pytest.approx(4 / 3, rel=0.02)
    assert top - bottom <= 297 * 0.3 * MM + 1
    for source in ("none.png", "bad.png", "../outside.png", "/etc/hostname", ""):
        shown = text(body_sheet(body, image(source), tmp_path)[0])
        assert "前文。" in shown
        assert "修缮后的村部" in shown
        assert "后文。" in shown


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=300), st.text(min_size=1, max_size=60))
def test_no_text_breaks_a_sheet(body: str, title: str) -> None:
    view = village_view(2)
    record = msgspec.structs.replace(view.records[0], title=title)
    view = msgspec.structs.replace(view, records=(record,), contents={record.id: Content(body, None, (), ())})
    assert len(sheet(view)) >= 1


def printed(view: UnitView, folder: Path, paper: PaperName = "A4", **job: object) -> list[Made]:
    return print_unit(view, Job(Format(paper), **job), folder, ROOT)  # type: ignore[arg-type]


def names(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir() if not p.name.startswith("."))


def test_a_unit_gets_a_file_per_record_and_one_for_all(tmp_path: Path) -> None:
    view = village_view()
    made = printed(view, tmp_path, "A3")
    assert [m.record for m in made] == [r.id for r in view.records]
    assert names(tmp_path) == ["2026-0009.pdf", "2026-0012.pdf", "2026-0016.pdf", "2026-0017.pdf", "all.pdf"]
    bound = pypdfium2.PdfDocument((tmp_path / "all.pdf").read_bytes())
    assert len(bound) == sum(m.pages for m in made)
    assert [b.get_title() for b in bound.get_toc()] == [r.title for r in view.records]
    assert [(m.unit, m.code, m.rev, m.paper, m.pages, m.path.name) for m in made[:1]] == [
        (view.unit.code, view.records[0].code, 1, "A3", 1, "2026-0017.pdf")
    ]


def test_one_record_is_printed_without_touching_the_others(tmp_path: Path) -> None:
    view = village_view()
    printed(view, tmp_path)
    before = {name: (tmp_path / name).read_bytes() for name in names(tmp_path)}
    record = msgspec.structs.replace(view.records[0], title="改了")
    made = printed(msgspec.structs.replace(view, records=(record, *view.records[1:])), tmp_path, only=frozenset({record.id}))
    assert len(made) == 1
    assert [name for name in names(tmp_path) if (tmp_path / name).read_bytes() != before[name]] == ["2026-0017.pdf"]


def test_sheets_of_what_is_gone_are_removed_and_nobody_elses(tmp_path: Path) -> None:
    view = village_view()
    printed(view, tmp_path)
    (tmp_path / "我的.pdf").write_bytes(b"%PDF-1.4 scanned")
    (tmp_path / "2026-0016.pdf").write_bytes(b"%PDF-1.4 signed and scanned")  # put in place of ours
    printed(msgspec.structs.replace(view, records=view.records[:1]), tmp_path)
    assert names(tmp_path) == ["2026-0016.pdf", "2026-0017.pdf", "all.pdf", "我的.pdf"]
    assert printed(msgspec.structs.replace(view, records=()), tmp_path) == []
    assert names(tmp_path) == ["2026-0016.pdf", "我的.pdf"]


def test_unchanged_sheets_are_not_set_again(tmp_path: Path) -> None:
    view = village_view()
    assert all(m.fresh for m in printed(view, tmp_path))
    before = {name: (tmp_path / name).stat().st_mtime_ns for name in names(tmp_path)}
    assert not any(m.fresh for m in printed(view, tmp_path))
    assert before == {name: (tmp_path / name).stat().st_mtime_ns for name in names(tmp_path)}
    record = msgspec.structs.replace(view.records[1], title="改了")
    changed = msgspec.structs.replace(view, records=(view.records[0], record, *view.records[2:]))
    assert [m.record for m in printed(changed, tmp_path) if m.fresh] == [record.id]
    assert [m.fresh for m in printed(changed, tmp_path, "A3")] == [True] * 4
    (tmp_path / "2026-0017.pdf").unlink()
    assert [m.record for m in printed(changed, tmp_path, "A3") if m.fresh] == ["2026-0017"]


def test_what_is_noted_of_sheets_may_be_lost_or_broken(tmp_path: Path) -> None:
    view = village_view()
    printed(view, tmp_path)
    (tmp_path / ".sheets.json").write_text("{")
    assert all(m.fresh for m in printed(view, tmp_path))


def test_two_sheets_of_a4_lie_on_one_of_a3_in_their_own_size(tmp_path: Path) -> None:
    view = wide(village_view(3), 9)  # one lying sheet, three standing ones
    printed(view, tmp_path, n_up=True)
    document = pypdfium2.PdfDocument((tmp_path / "all-2up.pdf").read_bytes())
    assert len(document) == 3
    found = []
    for page in document:
        assert sorted((round(page.get_width()), round(page.get_height()))) == [842, 1191]
        for code in codes(page):
            found.append(code.text)
            assert (code.position.top_right.x - code.position.top_left.x) / 150 * 25.4 > 29.6
    assert sorted(found) == sorted(r.code_url for r in view.records)


@pytest.mark.parametrize(
    ("record", "name"),
    [("2026-0017", "2026-0017.pdf"), ("all", "all_.pdf"), ("ALL", "ALL_.pdf"), ("a/../b", "a_.._b.pdf"), ("..", "_.pdf")],
)
def test_names_of_files_are_safe(record: str, name: str) -> None:
    assert file_name(record) == name


def _forked() -> str:
    view = village_view()
    try:
        print_unit(view, Job(), Path("/nonexistent"), ROOT)
    except RuntimeError as error:
        return str(error)
    return ""


def test_a_forked_process_says_that_it_cannot_typeset() -> None:
    sheet(village_view())
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("fork")) as pool:
        assert "spawn" in pool.submit(_forked).result(30)


def test_the_same_sheet_has_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        printed(township_view(), tmp_path / name, n_up=True)
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()


def test_what_does_not_belong_on_a_board_has_no_sheet() -> None:
    view = village_view()
    assert sheet_spec(view, msgspec.structs.replace(view.records[0], on_board=False)) is None


def test_a_step_that_nobody_recorded_has_a_line_to_sign() -> None:
    view = village_view(4)
    record = msgspec.structs.replace(view.records[0], awaiting=("村务监督委员会审核",))
    spec = sheet_spec(msgspec.structs.replace(view, records=(record, *view.records[1:])), record)
    assert spec is not None
    assert any(note.startswith("村务监督委员会审核：____") for note in spec.data["notes"])
    assert not any("____" in note for note in sheet_spec(view, view.records[0]).data["notes"])  # type: ignore[union-attr]


@pytest.mark.parametrize(("paper", "rows", "pages"), [("A3", 18, 1), ("A4", 90, 4), ("8K", 18, 1)])
def test_what_paper_a_sheet_takes_is_known_beforehand(paper: str, rows: int, pages: int) -> None:
    view = plain(rows)
    assert measure(view, view.records[0], paper, ROOT) == Size(pages, landscape=False)
    many = wide(view, 9)
    size = measure(many, many.records[0], paper, ROOT)
    assert size is not None
    assert size.landscape
    assert measure(view, msgspec.structs.replace(view.records[0], on_board=False), paper, ROOT) is None
