"""Plans of tables: type, direction and widths of columns."""

from __future__ import annotations

import msgspec
import pytest
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st

from sitegen.fonts import font_folder
from sitegen.model.content_views import ColumnView, TableView
from sitegen.sheet.papers import PAPERS
from sitegen.sheet.tables import grid_of, heading, plan_table
from sitegen.sheet.widths import breakable, width_of
from tests.sample_view import subsidy_table

PT = 72 / 25.4


def columns(n: int) -> TableView:
    made = tuple(ColumnView(f"c{i}", f"第{i}项补助", "元", "right", 2, True) for i in range(n))
    return TableView(made, (("12,345.67",) * n,), ("12,345.67",) * n, "户")


@given(st.sampled_from(["A3", "8K", "A4"]), st.integers(1, 40), st.booleans())
def test_columns_fill_the_sheet_and_hold_their_figures(name: str, n: int, numbered: bool) -> None:
    paper = PAPERS[name]
    plan = plan_table(msgspec.structs.replace(grid_of(columns(n)), numbered=numbered), paper)
    room = ((paper.height if plan.flipped else paper.width) - 2 * paper.side) * PT
    assert abs(sum(plan.widths) * plan.size - room) < 0.02 * room
    assert all(width > figure for width, figure in zip(plan.widths, plan.figures, strict=True))
    assert plan.size <= paper.table


def test_an_ordinary_list_stands_in_full_size() -> None:
    for paper in PAPERS.values():
        plan = plan_table(grid_of(subsidy_table()), paper)
        assert (plan.size, plan.flipped) == (paper.table, False)
        assert plan.grow >= 1


def test_a_text_gets_the_room_that_figures_do_not_need() -> None:
    column = (ColumnView("a", "事由", None, "left", None, False), ColumnView("b", "金额", "元", "right", 2, True))
    table = TableView(column, (("修缮村部屋顶材料及人工费用一批" * 4, "1.00"),), None, None)
    plan = plan_table(msgspec.structs.replace(grid_of(table), numbered=False), PAPERS["A4"])
    assert plan.widths[0] > 3 * plan.widths[1]


def test_headings_break_where_people_break_them() -> None:
    column = ColumnView("a", "月保障金额", "元/人·月", "right", 2, True)
    assert heading(column, 20) == "月保障金额（元/人·月）"
    assert heading(column, 8) == "月保障金额\n（元/人·月）"
    assert heading(column, 4.9).startswith("月保障\n金额\n")
    assert heading(ColumnView("a", "村（社区）", None, "left", None, False), 4.5) == "村\n（社区）"


@given(st.text(max_size=80), st.floats(1, 30))
def test_places_to_break_change_no_text(text: str, ems: float) -> None:
    assert breakable(text, ems).replace("\u200b", "") == text.replace("\u200b", "")


def test_a_chinese_character_is_twice_as_wide_as_a_digit() -> None:
    assert width_of("公示") == 2
    assert 1.0 < width_of("12") < 1.3


@pytest.mark.parametrize(("font", "serif"), [("NotoSansSC-Regular.otf", False), ("NotoSerifSC-Regular.otf", True)])
def test_no_character_is_wider_than_reckoned(font: str, serif: bool) -> None:
    found = TTFont(font_folder() / font, lazy=True)
    advances, scale = found["hmtx"], found["head"].unitsPerEm
    for code, glyph in found.getBestCmap().items():
        assert advances[glyph][0] / scale <= width_of(chr(code), serif=serif) + 1e-9, hex(code)


def test_a_row_is_sure_of_one_line_only_where_it_has_room() -> None:
    column = (ColumnView("a", "事由", None, "left", None, False), ColumnView("b", "金额", "元", "right", 2, True))
    rows = (("短", "1.00"), ("修缮村部屋顶材料及人工费用一批" * 4, "1.00"), ("两\n行", "1.00"))
    plan = plan_table(msgspec.structs.replace(grid_of(TableView(column, rows, None, None)), numbered=False), PAPERS["A4"])
    assert [lines > 1 for lines in plan.lines()] == [False, True, True]
