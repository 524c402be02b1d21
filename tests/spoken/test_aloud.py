"""What a clerk reads out: every figure, date and sign of a written text in words, and nothing that cannot be said."""

from __future__ import annotations

import datetime as dt
import unicodedata
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.spoken import aloud
from tests.spoken.test_numbers import DIGITS, heard, heard_money


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("2026年5月8日", "二〇二六年五月八日"),
        ("2026-05-08", "二〇二六年五月八日"),
        ("2026/5/8", "二〇二六年五月八日"),
        ("２０２６年５月８日", "二〇二六年五月八日"),
        ("2026年第三季度", "二〇二六年第三季度"),
        ("2026-Q3", "二〇二六年第三季度"),
        ("2026-09", "二〇二六年九月"),
        ("2025—2035年", "二〇二五至二〇三五年"),
        ("公示期：2026年11月18日—11月30日（7个工作日）", "公示期：二〇二六年十一月十八日至十一月三十日，七个工作日"),
        ("周一至周五 8:30—17:00", "周一至周五八点三十分至十七点"),
        ("9:05、14:00、2:00", "九点零五分、十四点、两点"),
        ("27,477.00元", "两万七千四百七十七元整"),
        ("139,582.40元", "十三万九千五百八十二元四角"),
        ("每人筹资30元", "每人筹资三十元"),
        ("500.00元整", "五百元整"),
        ("￥1,200.50", "一千二百元五角"),
        ("574万元、2.5亿元", "五百七十四万元、二点五亿元"),
        ("71.00元/亩", "每亩七十一元"),
        ("560.50元/人·月", "每人每月五百六十元五角"),
        ("单位：元/亩", "单位：元每亩"),
        ("387.00亩", "三百八十七亩"),
        ("38.6公顷，30㎡，2.6km", "三十八点六公顷，三十平方米，二点六公里"),
        ("12.5%、3‰", "百分之十二点五、千分之三"),
        ("3%—5%，10-20%", "百分之三至百分之五，百分之十至百分之二十"),
        ("下降-5.2%", "下降百分之五点二"),
        ("（-1,200.00元）", "负一千二百元整"),
        ("3—5户", "三至五户"),
        ("0451-0000 1299", "零四五幺，零零零零，幺二九九"),
        ("（0451）00001299", "零四五幺，零零零零，幺二九九"),
        ("0451-0000 1299转801", "零四五幺，零零零零，幺二九九，转八零幺"),
        ("0451-0000 1299、0000 1201", "零四五幺，零零零零，幺二九九、零零零零，幺二零幺"),
        ("请打12345热线", "请打幺二三四五热线"),
        ("拨打120", "拨打幺二零"),
        ("打110元的折", "打一百一十元的折"),
        ("青政发〔2026〕12号", "青政发二〇二六年十二号"),
        ("第2版、第12条", "第二版、第十二条"),
        ("2户2人2亩2个月2年", "两户两人两亩两个月两年"),
        ("2组、2号塘、2月2日、2年级、第2季度", "二组、二号塘、二月二日、二年级、第二季度"),
        ("12户、22户、20,000户", "十二户、二十二户、两万户"),
        ("3/4", "四分之三"),
        ("比例为1:50", "比例为一比五十"),
        ("12×8米", "十二乘八米"),
        ("≥60分", "大于等于六十分"),
        ("GDP增长，下载APP", "国内生产总值增长，下载手机应用"),
        ("WPS表格、A3纸、2CT-140型", "W P S表格、A三纸、二C T幺四零型"),
        ("Ⅱ级、①核对②签字", "二级、第一，核对第二，签字"),
        ("1. 修建田间路", "第一，修建田间路"),
        ("（2）验收", "第二，验收"),
        ("3.2.1节", "三点二点一节"),
        ("编号0017，代码230170101201", "编号零零幺七，代码二三零幺七零幺零幺二零幺"),
        ("档案2026-0017", "档案二〇二六杠零零幺七"),
        ("张*三、李**", "张某三、李某某"),
        ("2301**********1234", "号码略"),
        ("见https://gk.example.cn/Q/7K3M9X2QF4-2。", "见公示栏上的网址。"),
        ("来信：cun@example.cn", "来信：公示栏上的邮箱"),
        ("公示（二榜）（小河村）", "公示，二榜，小河村"),
        ("人均12,345,678,901,234,567元", "人均幺二三四五六七八九零幺二三四五六七元"),
    ],
)
def test_how_a_text_is_read(written: str, said: str) -> None:
    assert aloud(written) == said


def unspoken(text: str) -> set[str]:
    return {c for c in text if c != "〇" and unicodedata.category(c) in ("Nd", "No", "Nl")}


PIECES = st.one_of(
    st.text(max_size=6),
    st.sampled_from(
        [*"元亩%年月日时:：/-—~～*·（）()〔〕第号点万亿", "电话", "km", "㎡", "https://", "@", " ", "\n", "²", "⑩", "〡", "٣", "１"]
    ),
    st.integers(0, 10**18).map(str),
    st.decimals(0, 10**9, places=2).map(lambda d: f"{d:,}"),
)


@given(st.lists(PIECES, max_size=12).map("".join))
def test_no_figure_is_left_and_a_second_reading_changes_nothing(text: str) -> None:
    said = aloud(text)
    assert not unspoken(said)
    assert aloud(said) == said


@given(st.dates(dt.date(1949, 1, 1), dt.date(2199, 12, 31)))
def test_a_date_is_heard_as_it_was_written(day: dt.date) -> None:
    years, rest = aloud(f"{day.year}年{day.month}月{day.day}日").split("年")
    months, days = rest.removesuffix("日").split("月")
    assert int("".join(str(("〇一二三四五六七八九").index(c)) for c in years)) == day.year
    assert (heard(months), heard(days)) == (day.month, day.day)
    assert aloud(day.isoformat()) == aloud(f"{day.year}年{day.month}月{day.day}日")


@given(st.decimals(0, 10**12, places=2))
def test_an_amount_in_a_sentence_is_heard_as_it_was_written(amount: Decimal) -> None:
    said = aloud(f"本期收入{amount:,.2f}元，已公示。")
    assert heard_money(said.removeprefix("本期收入").removesuffix("，已公示。")) == amount


@given(st.decimals(0, 10**12, places=2), st.sampled_from(["亩", "公顷", "公斤", "户"]))
def test_a_figure_with_its_unit_is_heard_as_it_was_written(figure: Decimal, unit: str) -> None:
    said = aloud(f"共{figure:,.2f}{unit}。")
    assert said.endswith(f"{unit}。")
    assert heard(said.removeprefix("共").removesuffix(f"{unit}。")) == figure


@given(st.from_regex(r"0[0-9]{2,3}-[0-9]{4} ?[0-9]{4}", fullmatch=True))
def test_a_telephone_number_is_heard_digit_by_digit(number: str) -> None:
    said = aloud(f"电话{number}").removeprefix("电话").replace("，", "")
    assert "".join(str(1 if c == "幺" else DIGITS[c]) for c in said) == "".join(c for c in number if c.isdecimal())
