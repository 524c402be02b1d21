"""Figures, days, months, periods and masks: laws."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.load.values import convert
from sitegen.model.catalog import Column
from sitegen.model.mask import mask_problem
from sitegen.model.period import Period
from sitegen.workbook.figures import Doubt, cell_text, day, figure, is_damaged, month, period, year
from sitegen.workbook.masks import masked
from sitegen.workbook.rowkeys import RowKeys
from tests.workbook.corpus import chinese_day, wide

MONEY = Column(name="amount", title="金额", type="number", decimals=2, unit="元")
AREA = Column(name="area", title="面积", type="number", decimals=2, unit="亩")
FENS = st.integers(-(10**13), 10**13).map(lambda n: Decimal(n) / 100)
DAYS = st.dates(dt.date(1955, 1, 1), dt.date(2100, 12, 31))


@given(FENS)
def test_a_figure_means_the_same_however_it_is_written(value: Decimal) -> None:
    text = f"{value:f}"
    for written in (
        text,
        f"{value:,f}",
        wide(text),
        f"￥{text}",
        f"{text}元",
        f" {text}\u3000",
        f"'{text}",
        f"{value:,f}".replace(",", "，"),
    ):
        assert figure(written, MONEY) == value, written


@given(FENS)
def test_a_float_of_excel_is_the_figure_that_excel_shows(value: Decimal) -> None:
    assert figure(float(value), MONEY) == value
    if abs(value) < 10**9:
        assert figure(float(value) + 0.1 - 0.1, MONEY) == value


@given(st.integers(0, 10**9).map(lambda n: Decimal(n) / 100))
def test_ten_thousands_are_exact(value: Decimal) -> None:
    assert figure(f"{value / 10000:f}", MONEY, Decimal(10000)) == value
    assert figure(f"{value / 10000:f}万元", MONEY) == value
    assert figure(f"{value:f}元", MONEY, Decimal(10000)) == value  # its own unit wins


@given(st.text(max_size=12))
def test_any_text_is_a_figure_that_the_loader_reads_alike_or_a_doubt(text: str) -> None:
    try:
        written = cell_text(text, MONEY)
    except Doubt:
        return
    again = convert(written, MONEY)
    assert again == figure(text, MONEY)


@pytest.mark.parametrize(
    "text", ["约8亩", "12 34.5", "8亩2分", "1,23", "745.50.1", "l0.5", "五百", "10.5/12", "(745.50)", "745,50", "1e3", "1 000 00"]
)
def test_what_is_no_sure_figure_is_a_doubt(text: str) -> None:
    with pytest.raises(Doubt):
        figure(text, AREA)


@pytest.mark.parametrize(
    "raw", [2.30199198001011e17, "2.30199E+17", "2.30199e+17", "６．２２８４８Ｅ＋１８", 230199198001011000, 6228480000000000000.0]
)
def test_damage_is_never_a_figure_or_a_text(raw: object) -> None:
    assert is_damaged(raw)
    for column in (MONEY, Column(name="key", title="编号")):
        with pytest.raises(Doubt) as caught:
            cell_text(raw, column)
        assert caught.value.damaged


@given(DAYS)
def test_a_day_means_the_same_however_it_is_written(value: dt.date) -> None:
    serial = (value - dt.date(1899, 12, 30)).days
    for written in (
        value,
        dt.datetime.combine(value, dt.time(8, 30)),
        serial,
        float(serial),
        str(serial),
        value.isoformat(),
        f"{value:%Y%m%d}",
        int(f"{value:%Y%m%d}"),
        f"{value.year}.{value.month}.{value.day}",
        f"{value.year}年{value.month}月{value.day}日",
        f"{value.year}/{value.month}/{value.day} 0:00:00",
        wide(value.isoformat()),
        chinese_day(value),
        chinese_day(value).replace("〇", "零"),
        chinese_day(value).replace("〇", "○"),
    ):
        assert day(written) == value, written
    assert day((value - dt.date(1904, 1, 1)).days, from_1904=True) == value if serial - 1462 >= 20_000 else True


@pytest.mark.parametrize("text", ["5月8日", "5.8", "26.5.8", "5/8/2026", "2026-02-30", "2026年5月", "上个月", "0226-05-08", "99999"])
def test_what_is_no_sure_day_is_a_doubt(text: str) -> None:
    with pytest.raises(Doubt):
        day(text)


@given(st.integers(1955, 2100), st.integers(1, 12))
def test_a_month_means_the_same_however_it_is_written(y: int, m: int) -> None:
    wanted = f"{y}-{m:02}"
    for written in (
        dt.date(y, m, 5),
        wanted,
        f"{y}年{m}月",
        f"{y}/{m}",
        f"{y}{m:02}",
        wide(wanted),
        chinese_day(dt.date(y, m, 1)).removesuffix("一日"),
    ):
        assert month(written) == wanted, written
    if m not in (1, 10):
        assert month(float(f"{y}.{m}")) == wanted


def test_a_month_that_excel_cut_short_is_a_doubt() -> None:
    for raw in (2026.1, "2026.1"):
        with pytest.raises(Doubt):
            month(raw)
    assert year("二〇二六年度") == "2026"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("大河村2026年第三季度财务收支情况", "2026-Q3"),
        ("二〇二六年上半年", "2026-H1"),
        ("2026年9月份低保名单", "2026-09"),
        ("２０２６年度补贴公示", "2026"),
        ("2026年7月至9月收支", "2026-Q3"),
        ("2025年结转2026年", None),
        ("低保名单", None),
    ],
)
def test_the_period_of_a_title(text: str, wanted: str | None) -> None:
    assert period(text) == wanted


@given(st.dates(dt.date(1950, 1, 1), dt.date(2199, 12, 31)), st.sampled_from(["", "-Q{q}", "-H{h}", "-{m:02}"]))
def test_a_period_in_chinese_comes_back(start: dt.date, form: str) -> None:
    text = f"{start.year}" + form.format(q=(start.month + 2) // 3, h=1 + (start.month > 6), m=start.month)
    assert period(Period.parse(text).zh) == text


HAN = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=2, max_size=6)


@given(HAN)
def test_a_masked_name_passes_the_loader_and_stays(name: str) -> None:
    hidden = masked("name", name)
    assert hidden is not None
    assert mask_problem("name", hidden) is None
    assert hidden == name or "*" in hidden
    assert masked("name", hidden) == hidden


@pytest.mark.parametrize("value", ["张小三（妻子代领）", "张小三等5户", "张小三 138", "Zhang San", "张"])
def test_what_is_more_than_a_name_is_not_masked(value: str) -> None:
    assert masked("name", value) is None


def test_keys_are_the_same_with_one_salt_and_others_with_another(tmp_path: Path) -> None:
    one, two = RowKeys(tmp_path), RowKeys(tmp_path)
    assert one.fresh is not None
    assert one.key("230199198001011234") == one.key(" 230199198001011234 ")
    assert one.key("230199198001011234") != two.key("230199198001011234")
    (tmp_path / ".private").mkdir()
    (tmp_path / ".private" / "row-keys.salt").write_bytes(one.fresh)
    assert RowKeys(tmp_path).key("23019919800101123x") == one.key("23019919800101123X")
