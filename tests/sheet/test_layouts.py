"""Layouts of the sheets on every paper: which one a record gets, what stands where, and that nothing is lost or runs over."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pypdfium2
import pytest
import zxingcpp
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from hypothesis import given, settings
from hypothesis import strategies as st

from sitegen.fonts import own_fonts
from sitegen.model.content_views import ColumnView, Content, TableView
from sitegen.model.record_views import RecordView, RelationView
from sitegen.model.views import UnitView
from sitegen.printing import problems
from sitegen.sheet import Fonts, Format, Job, Sheet, print_unit, render, sheet_spec
from sitegen.sheet.papers import PAPERS, paper_of
from sitegen.sheet.reckon import lines_of
from tests.sample_view import VILLAGE, subsidy_table, township_view, village_view
from tests.sheet.test_sheet import MM, NASTY, ROOT, boxes, plain, text, wide

PAPER_NAMES: tuple[Any, ...] = ("A4", "A3", "8K")


def money(name: str, title: str, *, total: bool = False) -> ColumnView:
    return ColumnView(name, title, "元", "right", 2, total)


def words(name: str, title: str) -> ColumnView:
    return ColumnView(name, title, None, "left", None, False)


STATEMENT = TableView(
    (
        money("opening", "期初余额"), money("income_allocated", "上级拨付收入"), money("income_other", "其他收入"), money("income", "收入合计"),
        money("expense_admin", "管理费用"), money("expense", "支出合计"), money("closing", "期末余额"),
    ),
    (("318,480.66", "18,500.00", "69,831.56", "88,331.56", "70,889.97", "70,889.97", "335,922.25"),),
    None,
    "项",
)  # fmt: skip
DEBTS = TableView(
    (
        msgspec.structs.replace(words("no", "序号"), align="right"), words("kind", "类别"), words("organisation", "对方单位"), money("opening", "期初余额"),
        money("increase", "本期增加"), money("decrease", "本期减少"), money("amount", "期末余额"),
    ),
    (
        ("1", "债权", "甲", "4,060.00", "0.00", "3,060.00", "1,000.00"),
        ("2", "债务", "供电所", "0.00", "2,860.00", "0.00", "2,860.00"),
        ("3", "债权", "乙", "0.00", "800.00", "0.00", "800.00"),
    ),
    None,
    "笔",
)  # fmt: skip
DETAILS = TableView(
    (words("date", "日期"), words("kind", "收支类别"), words("item", "收支项目"), money("amount", "金额")),
    (("2026-01-09", "收入", "运转经费", "22,500.00"), ("2026-01-27", "收入", "承包费", "52,920.05")),
    None,
    "笔",
)


def made(body: str, table: TableView | None = None, view: UnitView | None = None, **record: Any) -> tuple[UnitView, RecordView]:
    """A village with one record."""
    view = view or village_view()
    changed = msgspec.structs.replace(view.records[0], **{"source": None, **record})
    return msgspec.structs.replace(
        view, records=(changed, *view.records[1:]), contents={**view.contents, changed.id: Content(body, table, (), ())}
    ), changed


def pair() -> tuple[UnitView, RecordView]:
    """A result, with the resolution that it carries out."""
    view, record = made(
        "路已修通，全长2.62公里，涵洞4处，未增加费用。\n\n1. 5月26日开工；\n2. 9月19日完工。", title="田间路项目实施结果公开"
    )
    decided = view.records[3]
    relation = RelationView("所依据的决议", decided.title, decided.url, "", decided.published)
    record = msgspec.structs.replace(record, relations=(relation,))
    text_ = Content("会议以33票同意、1票反对、1票弃权通过，修建田间路2.6公里，每人筹资30元。", None, (), ())
    return msgspec.structs.replace(view, records=(record, *view.records[1:]), contents={**view.contents, decided.id: text_}), record


BODY = "现将有关情况予以公示，如有异议，请在公示期内反映。\n\n## 一、依据\n\n根据《中华人民共和国村民委员会组织法》，经2026年5月6日村民代表会议讨论通过。"
GUIDE = "村民在村便民服务站办理。\n\n## 带什么\n\n| 材料 | 要求 |\n|---|---|\n| 户口簿 | 原件 |\n\n## 怎么办\n\n1. 交材料；\n2. 当场办结。\n\n## 到哪办\n\n村委会一楼，周一至周五。"


def case(layout: str) -> tuple[UnitView, RecordView]:
    """A record that calls for a layout."""
    match layout:
        case "notice":
            return made(BODY)
        case "list":
            return made(BODY, subsidy_table(60))
        case "accounts":
            return made(BODY, STATEMENT, section="财务")
        case "resolution":
            return pair()
        case "service":
            return made(GUIDE, layout="service", title="老年人优待证办理")
    view = township_view()
    body = "各村民委员会：\n\n" + "现将有关事项通知如下，请认真贯彻执行，确保各项工作落到实处，取得实效。" * 12
    return made(body, None, view, title="关于做好2026年秋收工作的通知", document_number="青镇发〔2026〕8号", posting=None)


LAYOUTS = ("notice", "list", "accounts", "resolution", "document", "service")


def shown(layout: str, form: Format) -> tuple[Sheet, pypdfium2.PdfDocument, RecordView]:
    view, record = case(layout)
    spec = sheet_spec(view, record)
    assert spec is not None
    sheet = render(spec, form, ROOT)
    return sheet, pypdfium2.PdfDocument(sheet.pdf), record


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_record_gets_the_layout_that_it_calls_for(layout: str) -> None:
    view, record = case(layout)
    spec = sheet_spec(view, record)
    assert spec is not None
    assert spec.layout == layout


def test_a_record_or_the_command_may_ask_for_another_layout() -> None:
    view, record = made(BODY, subsidy_table(60), layout="notice")
    spec = sheet_spec(view, record)
    assert spec is not None
    assert spec.layout == "notice"
    assert render(spec, Format(layout="document"), ROOT).layout == "document"


@pytest.mark.parametrize("paper", PAPER_NAMES)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_on_every_paper(layout: str, paper: Any) -> None:
    sheet, document, record = shown(layout, Format(paper))
    measures = paper_of(Format(paper), lying=sheet.landscape)
    body = "".join(text(p) for p in document)
    assert (sheet.layout, sheet.pages, sheet.lacking) == (layout, len(document), ())
    assert "".join(record.title.split()) in body
    assert "\ufffd" not in body
    side = 20 if layout == "document" else measures.side
    foot = (30 if layout == "document" else measures.bottom) * MM
    for page in document:
        assert sorted((round(page.get_width() / MM), round(page.get_height() / MM))) == sorted((PAPERS[paper].width, PAPERS[paper].height))
        found = boxes(page)
        assert all(left >= side * MM - 1.5 and right <= page.get_width() - side * MM + 1.5 for _, (left, _, right, _) in found)
        # Nothing of the text reaches into the foot: between the two there is white.
        assert not [c for c, (_, bottom, _, top) in found if bottom < foot - 2 < foot + 2 < top]
        grey = np.array(page.render(scale=110 / 72).to_pil().convert("L"))
        codes = zxingcpp.read_barcodes(grey)
        assert [c.text for c in codes] == [record.code_url]
        wide_ = (codes[0].position.top_right.x - codes[0].position.top_left.x) / 110 * 25.4
        assert wide_ >= 29.5


@pytest.mark.parametrize("layout", LAYOUTS)
def test_black_and_white_says_the_same(layout: str) -> None:
    _, colour, _ = shown(layout, Format("A4"))
    _, plain_, _ = shown(layout, Format("A4", bw=True))
    assert [text(p) for p in plain_] == [text(p) for p in colour]
    for page in plain_:
        pixels = np.array(page.render(scale=0.7).to_pil().convert("RGB")).astype(int)
        assert np.abs(pixels.max(axis=2) - pixels.min(axis=2)).max() <= 2


@pytest.mark.parametrize("layout", ["notice", "list", "accounts", "service"])
def test_large_print_is_larger(layout: str) -> None:
    def size(form: Format) -> float:
        _, document, _ = shown(layout, form)
        tall = sorted(top - bottom for c, (_, bottom, _, top) in boxes(document[0]) if "\u4e00" <= c <= "\u9fff" and bottom > 75 * MM)
        return tall[len(tall) // 2]

    assert size(Format("A3", large=True)) > 1.1 * size(Format("A3"))


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("lying", [False, True])
def test_a_margin_for_holes_stays_white(layout: str, lying: bool) -> None:
    sheet, document, _ = shown(layout, Format("A4", landscape=lying, punch=True))
    for page in document:
        found = [box for c, box in boxes(page) if c not in "○◌"]
        if sheet.landscape:
            assert page.get_width() > page.get_height()
            assert max(top for _, _, _, top in found) < page.get_height() - 20 * MM
        else:
            assert min(left for left, _, _, _ in found) > 25 * MM


@pytest.mark.parametrize(
    ("layout", "lying"),
    [("notice", True), ("list", True), ("accounts", True), ("resolution", True), ("service", True), ("resolution", False)],
)
def test_a_sheet_lies_as_asked(layout: str, lying: bool) -> None:
    sheet, document, _ = shown(layout, Format("A3", landscape=lying))
    assert sheet.landscape is lying
    assert (document[0].get_width() > document[0].get_height()) is lying


def test_a_statement_stands_in_four_parts() -> None:
    _, document, _ = shown("accounts", Format("A3"))
    body = text(document[0])
    assert "一、期初余额318,480.66元" in body
    assert "二、本期收入三、本期支出" in body
    assert "收入合计88,331.56支出合计70,889.97" in body
    assert "四、期末余额335,922.25元" in body
    assert "期初余额318,480.66＋收入88,331.56－支出70,889.97＝期末余额335,922.25" in body
    wrong = msgspec.structs.replace(STATEMENT, rows=((*STATEMENT.rows[0][:-1], "1.00"),))
    view, record = made(BODY, wrong, section="财务")
    spec = sheet_spec(view, record)
    assert spec is not None
    assert "＝" not in text(pypdfium2.PdfDocument(render(spec, Format("A3"), ROOT).pdf)[0])  # nothing is claimed that is not so


def account(table: TableView) -> str:
    view, record = made(BODY, table, section="财务")
    spec = sheet_spec(view, record)
    assert spec is not None
    assert spec.layout == "accounts"
    return text(pypdfium2.PdfDocument(render(spec, Format("A3"), ROOT).pdf)[0])


def test_claims_and_debts_stand_apart_with_their_sums() -> None:
    body = account(DEBTS)
    assert "一、债权（2笔）1甲4,060.000.003,060.001,000.003乙" in body
    assert "债权小计（2笔）4,060.00800.003,060.001,800.00二、债务（1笔）2供电所" in body
    assert "债务小计（1笔）0.002,860.000.002,860.00" in body


def test_receipts_of_one_kind_have_their_sum() -> None:
    assert "收入合计（2笔）75,420.05" in account(DETAILS)


def test_an_account_of_several_rows_is_a_list() -> None:
    several = msgspec.structs.replace(STATEMENT, rows=STATEMENT.rows * 3)
    view, record = made(BODY, several, section="财务")
    spec = sheet_spec(view, record)
    assert spec is not None
    assert spec.layout == "notice"


def test_the_resolution_stands_left_and_the_result_right() -> None:
    _, document, _ = shown("resolution", Format("A3"))
    middle = document[0].get_width() / 2
    found = boxes(document[0])
    left = "".join(c for c, (a, b, _, _) in found if a < middle and b > 75 * MM)
    right = "".join(c for c, (a, b, _, _) in found if a >= middle and b > 75 * MM)
    assert "33票同意" in left
    assert "涵洞4处" in right
    assert "决议" in left
    assert "实施结果" in right


def test_a_resolution_without_result_says_that_it_is_awaited() -> None:
    view, record = made(BODY, layout="resolution")
    spec = sheet_spec(view, record)
    assert spec is not None
    assert "（实施结果在实施后公布）" in text(pypdfium2.PdfDocument(render(spec, Format("A3"), ROOT).pdf)[0])


def test_a_document_has_the_proportions_of_the_standard() -> None:
    """GB/T 9704: 22 lines of 28 characters, 一字线 beside the number of the page, the date four characters from the right."""
    view, _ = case("document")
    body = "青禾镇各村民委员会要认真组织实施确保各项工作落到实处取得实效" * 60
    view, record = made(body, None, township_view(), title="关于秋收工作的通知", document_number="青镇发〔2026〕8号", posting=None)
    spec = sheet_spec(view, record)
    assert spec is not None
    document = pypdfium2.PdfDocument(render(spec, Format("A4"), ROOT).pdf)
    page = document[1]
    lines: list[list[float]] = []
    before = 0.0
    for left, middle in [(a, (b + d) / 2) for c, (a, b, _, d) in boxes(page) if "\u4e00" <= c <= "\u9fff" and 34 * MM < b < 261 * MM]:
        if abs(middle - before) > 12:
            lines.append([])
            before = middle
        lines[-1].append(left)
    full = [row for row in lines if len(row) == 28]
    assert len(full) >= 20
    assert len(lines) <= 22
    assert min(min(row) for row in full) == pytest.approx(28 * MM, abs=2)
    assert "—2—" in text(page)
    assert "（此件公开发布）" in "".join(text(p) for p in document)
    last = boxes(document[len(document) - 1])
    at = next(n for n in range(len(last)) if "".join(c for c, _ in last[n : n + 9]) == "2026年5月8日")
    right = last[at + 8][1][2]
    assert (210 - 26) * MM - right == pytest.approx(4 * 16, abs=3)


def test_a_long_narrow_list_stands_in_two_halves() -> None:
    view = plain(120)
    spec = sheet_spec(view, view.records[0])
    assert spec is not None
    sheet = render(spec, Format("A3"), ROOT)
    document = pypdfium2.PdfDocument(sheet.pdf)
    assert (sheet.layout, sheet.pages) == ("list", 2)
    body = "".join(text(p) for p in document)
    table = view.contents["2026-0017"].table
    assert table is not None
    assert all(f"{n}{''.join(row)}" in body for n, row in enumerate(table.rows, 1))
    assert text(document[1]).count("合计（120户）") == 1
    assert all(text(p).count("承包方代表") == 2 for p in document)


def test_a_table_of_sixty_columns_comes_in_parts() -> None:
    view = wide(village_view(6), 60)
    spec = sheet_spec(view, view.records[0])
    assert spec is not None
    sheet = render(spec, Format("A3"), ROOT)
    body = "".join(text(p) for p in pypdfium2.PdfDocument(sheet.pdf))
    assert body.count("12,345.67") == 6 * 60
    assert not sheet.small
    assert body.count("村民小组") >= 4  # whose row it is stands in every part


def test_a_table_of_ten_thousand_rows_is_whole() -> None:
    columns = (words("name", "姓名"), money("amount", "金额", total=True))
    rows = tuple((f"张*{n % 10}", f"{n}.00") for n in range(1, 10_001))
    view, record = made("现予公布。", TableView(columns, rows, ("", "50,005,000.00"), "户"), layout="notice")
    spec = sheet_spec(view, record)
    assert spec is not None
    sheet = render(spec, Format("A3"), ROOT)
    document = pypdfium2.PdfDocument(sheet.pdf)
    assert 150 < sheet.pages == len(document) < 300
    assert f"第{sheet.pages}页共{sheet.pages}页" in text(document[sheet.pages - 1])
    assert "10000张*010000.00合计（10000户）50,005,000.00" in text(document[sheet.pages - 1])


def test_a_paper_too_small_for_its_table_is_found() -> None:
    view = wide(village_view(3), 13)
    small = print_unit(view, Job(Format("A4"), frozenset({"2026-0017"})), Path("/tmp/sitegen-small"), ROOT)
    (finding,) = problems(small)
    assert finding.code == "SG342"
    assert "A4" in finding.message("en")
    assert not list(problems(print_unit(view, Job(Format("A3"), frozenset({"2026-0017"})), Path("/tmp/sitegen-small"), ROOT)))


@pytest.mark.parametrize("layout", LAYOUTS)
def test_syntax_in_data_is_shown_as_it_is_in_every_layout(layout: str) -> None:
    view, record = case(layout)
    view, record = made("`" + NASTY.replace("`", "'") + "`", view.contents[record.id].table, view, **{**msgspec.structs.asdict(record), **{
        name: getattr(record, name) for name in record.__struct_fields__}, "title": NASTY, "issuer": NASTY[:40]})  # fmt: skip
    spec = sheet_spec(view, record)
    assert spec is not None
    body = "".join(text(p) for p in pypdfium2.PdfDocument(render(spec, Format("A4"), ROOT).pdf)).replace("-", "")
    for part in ("alert(1)", "#letx=1", "$a$", "*b*", "@ref", "</json>"):
        assert part in body


# ---- characters that the fonts lack


def font(path: Path, char: str) -> None:
    """A font with one character: a square."""
    pen = TTGlyphPen(None)
    for k, at in enumerate([(0, 0), (0, 900), (900, 900), (900, 0)]):
        (pen.moveTo if k == 0 else pen.lineTo)(at)
    pen.closePath()
    empty = TTGlyphPen(None)
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder([".notdef", "rare"])
    builder.setupCharacterMap({ord(char): "rare"})
    builder.setupGlyf({".notdef": empty.glyph(), "rare": pen.glyph()})
    builder.setupHorizontalMetrics({".notdef": (1000, 0), "rare": (1000, 0)})
    builder.setupHorizontalHeader(ascent=900, descent=-100)
    builder.setupNameTable({"familyName": "Rare Characters", "styleName": "Regular", "psName": "RareCharacters-Regular"})
    builder.setupOS2(sTypoAscender=900, usWinAscent=900, usWinDescent=100)
    builder.setupPost()
    builder.save(path)


def test_a_character_that_no_font_has_is_never_a_blank_box(tmp_path: Path) -> None:
    view, record = made("联系人：𠮷先生。", issuer="𠮷水村村民委员会")
    spec = sheet_spec(view, record)
    assert spec is not None
    sheet = render(spec, Format("A4"), ROOT)
    assert sheet.lacking == ("𠮷",)
    assert "联系人：〓先生。" in text(pypdfium2.PdfDocument(sheet.pdf)[0])
    (found,) = problems(print_unit(view, Job(Format("A4"), frozenset({record.id})), tmp_path / "out", ROOT))
    assert found.code == "SG341"
    assert "𠮷" in found.message("zh")
    # A font of the region that has it stands in.
    (tmp_path / "fonts").mkdir()
    font(tmp_path / "fonts" / "rare.ttf", "𠮷")
    (tmp_path / "fonts" / "broken.ttf").write_bytes(b"no font")
    own = own_fonts(tmp_path)
    assert [p.name for p in own] == ["rare.ttf"]
    sheet = render(spec, Format("A4", fonts=Fonts(own=own, root=tmp_path)), ROOT)
    assert sheet.lacking == ()
    assert b"RareCharacters" in sheet.pdf
    assert "〓" not in text(pypdfium2.PdfDocument(sheet.pdf)[0])


# ---- what is reckoned


@settings(max_examples=12)
@given(st.text("根据国家有关规定现将本村村民委员会，。；：“”《》（）、20263.5%abc ", min_size=20, max_size=160))
def test_a_text_never_takes_more_lines_than_reckoned(body: str) -> None:
    """Where it did, a sheet would run over; where it takes many fewer, room would be wasted."""
    view, record = made(body.replace("\n", " "), title="试")
    spec = sheet_spec(view, record)
    assert spec is not None
    data = spec.data["blocks"]
    if len(data) != 1 or data[0]["t"] != "p":
        return
    document = pypdfium2.PdfDocument(render(spec, Format("A4", layout="document"), ROOT).pdf)
    rows = {
        round(bottom / 14)
        for c, (_, bottom, _, top) in boxes(document[0])
        if top - bottom > 9 and 120 * MM < bottom < 245 * MM and "\u4e00" <= c <= "\u9fff"
    }
    reckoned = lines_of("".join(n.get("v", "") for n in data[0]["c"]), 28, 2)
    assert reckoned >= 1
    assert len(rows) <= reckoned + 8  # head and signature stand there as well


def test_dates_have_no_leading_zeros() -> None:
    _, document, _ = shown("notice", Format("A4"))
    assert "2026年5月8日" in text(document[0])
    assert VILLAGE.name in text(document[0])
    assert dt.date(2026, 5, 8).isoformat() not in text(document[0])
