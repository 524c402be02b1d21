"""Numbers in Chinese words, exact to the last digit.

Values are ``Decimal`` or ``int``; nothing is ever rounded. 〇 stands in years only, as they are written; what is said digit by digit
otherwise has 零, and 幺 for 1, which nobody mistakes for 7.
"""

from __future__ import annotations

from decimal import Decimal

_DIGITS = "零一二三四五六七八九"
_YEAR = str.maketrans("0123456789", "〇一二三四五六七八九")
_PHONE = str.maketrans("0123456789", "零幺二三四五六七八九")
_PLACES = ("", "十", "百", "千")
_GROUPS = ("", "万", "亿", "万亿")
LARGEST = Decimal(10) ** 16
"""From here on a number is said digit by digit."""


def cardinal(value: Decimal | int) -> str:
    """27477 → 两万七千四百七十七; 36.85 → 三十六点八五; 2 → 二. Zeros at the end of a fraction are not said.

    Raises ``ValueError`` for a value that is not finite or of 17 and more digits before the point.
    """
    exact = Decimal(value)
    if not exact.is_finite() or abs(exact) >= LARGEST:
        raise ValueError("too large to be said as a number")
    sign, figures, exponent = exact.as_tuple()
    assert isinstance(exponent, int)
    text = "".join(map(str, figures)) + "0" * max(0, exponent)
    whole, fraction = (text[:exponent] or "0", text[exponent:].rjust(-exponent, "0")) if exponent < 0 else (text, "")
    said = _whole(int(whole))
    if fraction := fraction.rstrip("0"):
        said += "点" + digits(fraction)
    return "负" + said if sign and exact else said


def count(value: Decimal | int) -> str:
    """A number before a word that is counted: as :func:`cardinal`, but 2 is 两 (两户), -2 is 负两."""
    return "负两" if value == -2 else "两" if value == 2 else cardinal(value)


def digits(text: str) -> str:
    """Digit by digit as figures after a point are: 0.05 has 零五."""
    return text.translate(str.maketrans("0123456789", _DIGITS))


def year(text: str) -> str:
    """2026 → 二〇二六."""
    return text.translate(_YEAR)


def dialled(text: str) -> str:
    """Digit by digit as telephone numbers and codes are: 1299 → 幺二九九."""
    return text.translate(_PHONE)


def money(value: Decimal, *, whole: bool = False) -> str:
    """An amount in yuan: 27477.00 → 两万七千四百七十七元整, 0.05 → 五分, 1.20 → 一元二角, 100.05 → 一百元零五分.

    整 says that nothing follows; ``whole`` leaves it out. Fractions of a fen are said after the point: 71.255 → 七十一点二五五元.
    """
    exact = Decimal(value)
    fen = exact.scaleb(2)
    if fen != fen.to_integral_value():
        return cardinal(exact) + "元"
    sign = "负" if exact < 0 else ""
    yuan, rest = divmod(int(abs(fen)), 100)
    jiao, cents = divmod(rest, 10)
    said = count(yuan) + "元" if yuan or not rest else ""
    if jiao:
        said += ("两" if jiao == 2 and not yuan else _DIGITS[jiao]) + "角"
    elif cents and yuan:
        said += "零"
    if cents:
        said += ("两" if cents == 2 and not said else _DIGITS[cents]) + "分"
    return sign + said + ("" if rest or whole else "整")


def _whole(number: int) -> str:
    if number == 0:
        return "零"
    groups: list[int] = []
    while number:
        number, group = divmod(number, 10000)
        groups.append(group)
    said, gap = "", False
    for n in reversed(range(len(groups))):
        group = groups[n]
        if group == 0:
            gap = bool(said)
            # 10000 0000 0000 is 一万亿: its 亿 is said though nothing stands in the group of hundred millions.
            if n == 2 and len(groups) == 4:
                said += "亿"
            continue
        if said and (gap or group < 1000):
            said += "零"
        said += _group(group) + (_GROUPS[n] if n < 3 else "万")
        gap = False
    said = said.removeprefix("一") if said.startswith("一十") else said
    # 两万, 两千, 两亿, but 二十, 二百, 一万二千.
    return "两" + said[1:] if said[0] == "二" and said[1:2] in ("千", "万", "亿") else said


def _group(group: int) -> str:
    """1 to 9999, without a zero before it: 105 → 一百零五, 110 → 一百一十."""
    said, gap = "", False
    for place in reversed(range(4)):
        digit = group // 10**place % 10
        if digit == 0:
            gap = bool(said)
            continue
        said += ("零" if gap else "") + _DIGITS[digit] + _PLACES[place]
        gap = False
    return said
