"""What a row of digits is by its value and by what is said of it: an ID number, a bank card's, a mobile one, or none of a person.

ID numbers follow GB 11643 (18 characters with a check character; 15 digits before 1999), card numbers ISO/IEC 7812 (Luhn).
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Literal

from msgspec import Struct

Kind = Literal["id_number", "bank_account", "phone"]

PROVINCES = frozenset(
    str(n)
    for first, last in ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65), (71, 71), (81, 83))
    for n in range(first, last + 1)
)  # GB/T 2260
"""The first two digits of every division code."""
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CREDIT_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_CREDIT = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_MOBILE_SHAPES = ((11,), (3, 4, 4), (3, 8), (7, 4), (3, 3, 5), (4, 3, 4), (3, 2, 2, 2, 2), (3, 4, 2, 2), (1,) * 11)
_OTHER = r"信用代码|注册号|项目统?一?代码|许可证?(?:书)?(?:编号)?|编号|编码|文号|凭证|流水号|单号|发票|序列号|出厂|受理号|办件|条码|索引号|图斑|地块|宗地|合同号|不动产"
_MONEY = r"元|金额|投资|收入|支出|合计|余额|价|款"
_OTHER_HEADING = re.compile(_OTHER)
_OTHER_BEFORE = re.compile(rf"(?:{_OTHER})(?:编号|号码|号)?[为是:：\s（(第]*$")
_MONEY_HEADING = re.compile(rf"{_MONEY}|值$")
_MONEY_BEFORE = re.compile(rf"(?:{_MONEY})[为是:：\s共计约达]*$")
_IS_ID = re.compile(r"身份|证件号|公民")
_IS_CARD = re.compile(r"卡|账|帐")
_IS_PHONE = re.compile(r"电话|手机|联系|致电|拨打|微信|tel", re.IGNORECASE)


class Said(Struct, frozen=True):
    """What is said of a number: by the heading of its column and right before it."""

    heading: str
    before: str

    @property
    def other(self) -> bool:
        """It is called something that is no person's."""
        return bool(_OTHER_HEADING.search(self.heading) or _OTHER_BEFORE.search(self.before))

    @property
    def money(self) -> bool:
        """It is called an amount."""
        return bool(_MONEY_HEADING.search(self.heading) or _MONEY_BEFORE.search(self.before))

    def calls(self, pattern: re.Pattern[str]) -> bool:
        """It is called what the pattern says, by the heading or shortly before."""
        return bool(pattern.search(self.heading) or pattern.search(self.before))


def id_check(first17: str) -> str:
    """The check character of an 18-character ID number (GB 11643)."""
    return "10X98765432"[sum(int(d) * w for d, w in zip(first17, _WEIGHTS, strict=True)) % 11]


def luhn(digits: str) -> bool:
    """Whether a card number's check digit is right (ISO/IEC 7812)."""
    total = 0
    for n, d in enumerate(reversed(digits)):
        value = int(d) * (2 if n % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def kind_of(number: str, shape: tuple[int, ...], said: Said, after: str, gap: str, loose: bool) -> Kind | None:
    """What a number is of a person's; ``None`` for none.

    ``shape`` are the lengths of the groups that it is written in, ``gap`` what stands between them, ``after`` the characters that follow. ``loose``
    is false where columns were lost, so that figures stand side by side.
    """
    n = len(number)
    if 15 <= n <= 19 and _is_id(number, shape, said):
        return "id_number"
    if number[-1] == "X":
        return None
    if _is_card(number, shape, said, gap):
        return "bank_account"
    if _is_mobile(number, shape, said, after, gap, loose):
        return "phone"
    return None


def _is_id(number: str, shape: tuple[int, ...], said: Said) -> bool:
    if number[:2] not in PROVINCES or not _IS_DIGITS.fullmatch(number):
        return False
    called, other = said.calls(_IS_ID), said.other
    if len(number) == 15:
        plain = shape in ((15,), (6, 6, 3), (6, 9), (1,) * 15)
        return number.isdecimal() and born("19" + number[6:12]) and plain and (called or not other)
    if not born(number[6:14]):
        return False
    recent = number[6:14] >= "2015"
    if len(number) == 18:
        if _credit_code(number) and not called:
            return False
        if id_check(number[:17]) == number[17]:
            return called or not (other and recent)
        # A slip in one digit still names the person; a serial number that begins with region and day does not.
        return called or (not other and not recent and _usual(shape))
    return called and shape == (len(number),)


_IS_DIGITS = re.compile(r"\d+X?")


def _usual(shape: tuple[int, ...]) -> bool:
    return len(shape) <= 6 or set(shape) == {1}


def born(day: str) -> bool:
    """Whether eight digits are a day on which somebody may be born."""
    if not "1890" <= day[:4] <= "2039":
        return False
    try:
        dt.date(int(day[:4]), int(day[4:6]), int(day[6:8]))
    except ValueError:
        return False
    return True


def _credit_code(number: str) -> bool:
    """A valid 统一社会信用代码 (GB 32100) of digits only: an organisation's, no person's."""
    if number[:2] not in (
        "11",
        "12",
        "13",
        "21",
        "31",
        "32",
        "33",
        "34",
        "35",
        "41",
        "51",
        "52",
        "53",
        "54",
        "61",
        "62",
        "71",
        "91",
        "92",
        "93",
    ):
        return False
    if number[2:4] not in PROVINCES:
        return False
    total = sum(_CREDIT.index(c) * w for c, w in zip(number[:17], _CREDIT_WEIGHTS, strict=True))
    return _CREDIT[(31 - total % 31) % 31] == number[17]


def _is_card(number: str, shape: tuple[int, ...], said: Said, gap: str) -> bool:
    n = len(number)
    if not 16 <= n <= 19 or not luhn(number) or len(set(number)) < 3:
        return False
    if number.startswith("62") or (number.startswith("9558") and n >= 18):
        usual = n in (16, 17, 18, 19)
    else:
        usual = n == 16 and bool(re.match(r"4|5[1-5]|35|60|65", number))
    if not usual:
        return False
    if said.calls(_IS_CARD):
        return True
    if said.other and not number.startswith("62"):
        return False
    if len(shape) == 1:
        return True
    # Figures in a row of a table also come in fours.
    return shape[0] in (1, 4, 6) and (number.startswith("62") or "-" in gap) and _usual(shape)


def _is_mobile(number: str, shape: tuple[int, ...], said: Said, after: str, gap: str, loose: bool) -> bool:
    called = said.calls(_IS_PHONE)
    if shape and number.startswith(("86", "0086")) and len(number) in (13, 15):
        number = number[-11:]
        if shape[0] in (2, 4) and len(shape) > 1:
            shape = shape[1:]
        elif len(shape) == 1:
            shape = (11,)
    elif len(number) == 12 and number[0] == "0":
        number, shape = number[1:], (11,) if len(shape) == 1 else shape
    if len(number) != 11 or not re.match(r"1[3-9]", number) or shape not in _MOBILE_SHAPES:
        return False
    if called:
        return True
    if said.money or said.other or re.match(r"[.．]\d|[万亿]?元", after):
        return False
    if any(c in ".,，" for c in gap):
        return False
    return loose or shape == (11,) or "-" in gap
