"""Sheets for the wall: what is on them, that codes decode, that nothing is cut or evaluated."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
import zxingcpp
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sitegen.model.views import Content, UnitView
from sitegen.sheet import render, render_unit, sheet_spec
from tests.sample_view import township_view, village_view

ROOT = Path(__file__).parent.parent.parent
MM = 72 / 25.4


def sheet(view: UnitView, n: int = 0, paper: str = "A3") -> pypdfium2.PdfDocument:
    spec = sheet_spec(view, view.records[n])
    assert spec is not None
    return pypdfium2.PdfDocument(render(spec, paper, ROOT))


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
    assert width >= least - 0.6


def test_it_says_who_what_when_and_whom_to_call() -> None:
    shown = text(sheet(village_view())[0])
    for part in (
        "2026年耕地地力保护补贴发放公示",
        "公示期2026年5月8日—5月17日",
        "大河村村民委员会",
        "2026年5月8日",
        "村务监督委员会0451-00001299",
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
    pages = [text(p) for p in sheet(village_view(120))]
    assert len(pages) > 2
    rows = [p for p in pages if "第1组" in p]
    assert all("序号村民小组承包方代表面积（亩）" in p for p in rows)
    body = "".join(pages)
    table = village_view(120).contents["2026-0017"].table
    assert table is not None
    for n, row in enumerate(table.rows, 1):
        assert f"{n}{''.join(row)}" in body
    assert f"第{len(pages)}页共{len(pages)}页" in pages[-1]


def test_a_short_table_fills_one_sheet() -> None:
    assert len(sheet(village_view(18), 0, "A3")) == 1
    assert len(sheet(village_view(18), 0, "A4")) == 1


def wide(view: UnitView, columns: int) -> UnitView:
    content = view.contents["2026-0017"]
    assert content.table is not None
    more = tuple(dataclasses.replace(content.table.columns[2], name=f"c{n}", title=f"第{n}项补助") for n in range(columns))
    table = dataclasses.replace(
        content.table,
        columns=content.table.columns + more,
        rows=tuple(row + ("12,345.67",) * columns for row in content.table.rows),
        totals=(content.table.totals or ()) + ("123,456.78",) * columns,
    )
    return dataclasses.replace(view, contents={**view.contents, "2026-0017": dataclasses.replace(content, table=table)})


def test_a_wide_table_lies_and_keeps_its_figures_whole() -> None:
    page = sheet(wide(village_view(10), 9))[0]
    assert page.get_width() > page.get_height()
    assert text(page).count("12,345.67") == 90


NASTY = '#let x = 1 $a$ *b* _c_ `d` @ref <script>alert(1)</script> \\ [e] {f} "g" // h /* i */ ~ = + - % &amp; </json>'


def test_syntax_in_data_is_shown_as_it_is() -> None:
    view = village_view(3)
    record = dataclasses.replace(view.records[0], title=NASTY)
    content = view.contents["2026-0017"]
    assert content.table is not None
    rows = ((NASTY, *content.table.rows[0][1:]),)
    view = dataclasses.replace(
        view,
        records=(record, *view.records[1:]),
        contents={"2026-0017": dataclasses.replace(content, table=dataclasses.replace(content.table, rows=rows))},
    )
    shown = re.sub(r"\s|­", "", text(sheet(view)[0]))
    wanted = "".join(NASTY.split())
    assert shown.count(wanted) >= 1


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=300), st.text(min_size=1, max_size=60))
def test_no_text_breaks_a_sheet(body: str, title: str) -> None:
    view = village_view(2)
    record = dataclasses.replace(view.records[0], title=title)
    view = dataclasses.replace(view, records=(record,), contents={record.id: Content(body, None, (), ())})
    assert len(sheet(view)) >= 1


def test_a_unit_gets_a_file_per_record_and_one_for_all(tmp_path: Path) -> None:
    view = village_view()
    sheets, pages = render_unit(view, "A3", tmp_path, ROOT)
    assert sheets == len(view.records)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["2026-0009.pdf", "2026-0012.pdf", "2026-0016.pdf", "2026-0017.pdf", "all.pdf"]
    bound = pypdfium2.PdfDocument((tmp_path / "all.pdf").read_bytes())
    assert len(bound) == pages
    assert [b.get_title() for b in bound.get_toc()] == [r.title for r in view.records]


def test_the_same_sheet_has_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        render_unit(township_view(), "A4", tmp_path / name, ROOT)
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()


def test_what_does_not_belong_on_a_board_has_no_sheet() -> None:
    view = village_view()
    assert sheet_spec(view, dataclasses.replace(view.records[0], on_board=False)) is None
