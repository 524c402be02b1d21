"""Where the lines of titles end."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.sheet.lines import broken
from sitegen.sheet.widths import width_of

PLACES = ("青禾县", "青禾镇", "柳林镇", "小河村")


@pytest.mark.parametrize(
    ("ems", "title"),
    [
        (23.9, "青禾镇2026年第一季度残疾人|两项补贴发放名单公示（小河村）"),
        (23.9, "青禾镇2026年耕地地力保护补贴|发放公示（第一批）（小河村）"),
        (23.9, "青禾县人民政府关于柳林镇粮食|烘干中心二期项目征收土地预公告"),
        (23.9, "关于《双泉乡泉眼村村庄规划|（2026—2035年）》草案的批前公示"),
        (22.0, "关于公布2026年城乡最低生活保障|和特困人员救助供养标准的通知"),
        (40.0, "2026年耕地地力保护补贴发放公示"),
        (9.0, "大河村|2026年第三季度|财务收支明细公开"),
    ],
)
def test_lines_end_with_words(ems: float, title: str) -> None:
    assert broken(title.replace("|", ""), ems, PLACES, ["耕地地力保护补贴"]) == (title.split("|"), True)


def test_a_word_is_broken_where_nothing_else_is_left() -> None:
    lines, whole = broken("最低生活保障", 4.0)
    assert ("".join(lines), whole) == ("最低生活保障", False)


@pytest.mark.parametrize("solid", ["2026年", "第三季度", "1月至10月", "80周岁以上", "第一批", "小河村", "0451-0000"])
def test_dates_numbers_and_names_stay_whole(solid: str) -> None:
    for before in range(12):
        lines, _ = broken("甲" * before + solid + "乙" * 12, 12.0, PLACES)
        assert any(solid in line for line in lines)


@given(
    st.text(alphabet=st.sampled_from("公示补贴发放名单（）《》，的和第2026年一季度ABc 大河村"), min_size=1, max_size=80), st.floats(3, 30)
)
def test_no_character_is_lost_and_no_line_too_long(text: str, ems: float) -> None:
    lines, _ = broken(text, ems)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(width_of(line, serif=True) <= ems for line in lines)
