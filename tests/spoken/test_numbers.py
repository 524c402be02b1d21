"""Figures in words are exact: a reader that knows nothing of how they were made gets every number back."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.spoken import cardinal, count, money

DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"两": 2}
UNITS = {"十": 10, "百": 100, "千": 1000}


def heard(said: str) -> Decimal:
    """What a listener understands: from the words alone, by the rules of the language."""
    if said.startswith("负"):
        return -heard(said[1:])
    whole, _, fraction = said.partition("点")
    value = Decimal(heard_whole(whole))
    for n, char in enumerate(fraction, 1):
        value += Decimal(DIGITS[char]).scaleb(-n)
    return value


def heard_whole(said: str) -> int:
    for word, size in (("亿", 10**8), ("万", 10**4)):
        above, found, below = said.rpartition(word)
        if found:
            return heard_whole(above) * size + (heard_whole(below) if below else 0)
    total, digit = 0, None
    for char in said:
        if char in UNITS:
            total += (1 if digit is None else digit) * UNITS[char]
            digit = None
        else:
            digit = DIGITS[char]
    return total + (digit or 0)


def heard_money(said: str) -> Decimal:
    if said.startswith("负"):
        return -heard_money(said[1:])
    said = said.removesuffix("整")
    total = Decimal(0)
    for word, size in (("元", 0), ("角", -1), ("分", -2)):
        figure, found, rest = said.partition(word)
        if found:
            total += heard(figure.removeprefix("零") or "零").scaleb(size)
            said = rest
    assert not said
    return total


@given(st.integers(0, 10**16 - 1))
def test_a_whole_number_is_heard_as_it_was_said(number: int) -> None:
    said = cardinal(number)
    assert heard(said) == number
    assert "零零" not in said
    assert not said.endswith("零") or number == 0


@given(st.decimals(-(10**12), 10**12, places=4))
def test_a_decimal_is_heard_as_it_was_said(number: Decimal) -> None:
    assert heard(cardinal(number)) == number


@given(st.decimals(-(10**12), 10**12, places=2))
def test_an_amount_is_heard_as_it_was_said(number: Decimal) -> None:
    said = money(number)
    assert heard_money(said) == number
    assert said.endswith("整") == (number == number.to_integral_value())


@given(st.decimals(0, 10**6, places=3))
def test_fractions_of_a_cent_are_not_rounded(number: Decimal) -> None:
    assert heard_money(money(number)) == number


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("0", "零"),
        ("10", "十"),
        ("12", "十二"),
        ("110", "一百一十"),
        ("200", "二百"),
        ("2000", "两千"),
        ("22000", "两万二千"),
        ("100000", "十万"),
        ("150000", "十五万"),
        ("100010", "十万零一十"),
        ("1005000", "一百万五千"),
        ("10000500", "一千万零五百"),
        ("200000000", "两亿"),
        ("1000000000000", "一万亿"),
        ("1000500000000", "一万零五亿"),
        ("2002", "两千零二"),
        ("387.00", "三百八十七"),
        ("36.85", "三十六点八五"),
        ("0.05", "零点零五"),
        ("-3", "负三"),
        ("-0.00", "零"),
        ("1E+3", "一千"),
    ],
)
def test_how_numbers_are_said(number: str, said: str) -> None:
    assert cardinal(Decimal(number)) == said


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("27477.00", "两万七千四百七十七元整"),
        ("139582.40", "十三万九千五百八十二元四角"),
        ("100.05", "一百元零五分"),
        ("0.05", "五分"),
        ("0.20", "两角"),
        ("1.22", "一元二角二分"),
        ("0", "零元整"),
        ("2", "两元整"),
        ("-1200", "负一千二百元整"),
        ("71.255", "七十一点二五五元"),
    ],
)
def test_how_amounts_are_said(number: str, said: str) -> None:
    assert money(Decimal(number)) == said


def test_two_of_something() -> None:
    assert [count(n) for n in (1, 2, 12, -2)] == ["一", "两", "十二", "负两"]


@pytest.mark.parametrize("number", [Decimal("NaN"), Decimal("Infinity"), 10**16, -(10**16)])
def test_what_is_no_number_to_be_said(number: Decimal | int) -> None:
    with pytest.raises(ValueError, match="too large"):
        cardinal(number)
