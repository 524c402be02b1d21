"""Slips of the pen in figures: what probably happened where one of two that should be the same is not."""

from __future__ import annotations

from decimal import Decimal

from .finding import N_

_TRANSPOSED = N_("two digits are exchanged")
_TEN = N_("one is ten times the other: a digit or the decimal point is out of place")
_TEN_THOUSAND = N_("one is 10 000 times the other: 元 on one side, 万元 on the other")
_SIGN = N_("the sign is turned round")
_ONE_DIGIT = N_("one digit is different")


def hint(a: Decimal, b: Decimal) -> str:
    """What probably happened when one of two figures should be the other; "" when nothing suggests itself."""
    if a == -b:
        return _SIGN
    if a and b:
        large, small = (a, b) if abs(a) > abs(b) else (b, a)
        ratio = large / small
        if ratio == 10_000:
            return _TEN_THOUSAND
        if ratio in (10, 100, 1000):
            return _TEN
    x, y = _digits(a), _digits(b)
    if len(x) == len(y):
        places = [n for n in range(len(x)) if x[n] != y[n]]
        if len(places) == 2 and x[places[0]] == y[places[1]] and x[places[1]] == y[places[0]]:
            return _TRANSPOSED
        if len(places) == 1 and len(x.strip("0")) > 1:
            return _ONE_DIGIT
    return ""


def _digits(value: Decimal) -> str:
    return f"{abs(value):.2f}".replace(".", "")
