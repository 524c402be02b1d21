"""What a cell of somebody's workbook means, as text that the loader of tables reads exactly: figures, dates, months, years.

Everything here either is sure or raises :class:`Doubt`; nothing is guessed. Excel shows at most 15 significant digits, so that a figure which a
formula left as 0.30000000000000004 is 0.3; a number of more digits than that has lost them (2.30199E+17) and cannot be restored.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from decimal import Decimal
from typing import Any

from sitegen.load.values import as_text, to_decimal
from sitegen.model.alike import in_base
from sitegen.model.catalog import Column
from sitegen.model.finding import N_

EPOCH, EPOCH_1904 = dt.date(1899, 12, 30), dt.date(1904, 1, 1)
_SERIALS = range(20_000, 80_000)
"""Serial numbers of 1954 to 2119: a number in a column of dates that lies elsewhere is no day of our time."""
_DAMAGED = re.compile(r"[+-]?\d(?:\.\d+)?E\+?\d{1,3}", re.IGNORECASE)
_LOST = 10**15
_NUMERALS = {c: str(n) for n, c in enumerate("〇一二三四五六七八九")} | {"零": "0", "○": "0", "Ｏ": "0", "◯": "0"}
_TEN = re.compile(r"(?:([一二三四五六七八九])?十([一二三四五六七八九])?)")
_ZH_DATE = re.compile(r"[〇零○◯一二三四五六七八九十\d]+年(?:[〇零○◯一二三四五六七八九十\d]+月(?:[〇零○◯一二三四五六七八九十\d]+[日号])?)?")
_SPACED = re.compile(r"\d\s+\d")
_GROUPED = re.compile(r"[-+]?\d{1,3}(?:\s\d{3})+(?:\.\d+)?")
_NOTHING = {"-", "--", "—", "——", "－", "/", "／", "无", "\\"}
_TAILS = ("元整", "元", "亩", "人", "户", "万元", "公顷", "斤", "公斤", "吨", "米", "平方米", "㎡")
_KEPT = {" ": "", "\u3000": "", "\u00a0": ""}


class Doubt(Exception):
    """A cell that may mean several things or none; ``problem`` says why, ``damaged`` that it lost digits on the way."""

    def __init__(self, problem: str, *, damaged: bool = False) -> None:
        super().__init__(problem)
        self.problem, self.damaged = problem, damaged


DAMAGE = N_("the number has lost digits: Excel keeps 15, and what stood behind them cannot be restored")


def is_damaged(raw: Any) -> bool:
    """Whether a cell is a long number that a program made a figure of: 2.30199E+17, or the same in full with zeros at its end."""
    if isinstance(raw, bool) or raw is None:
        return False
    if isinstance(raw, int | float):
        return abs(raw) >= _LOST
    text = unicodedata.normalize("NFKC", str(raw)).strip().lstrip("'")
    return bool(_DAMAGED.fullmatch(text)) and abs(float(text)) >= 10**10


def plain_text(raw: Any) -> str:
    """A cell as words: in one line, without spaces around, without the apostrophe or tab that keeps a program from counting."""
    if isinstance(raw, float) and not raw.is_integer():
        return f"{Decimal(f'{raw:.15g}'):f}"
    if isinstance(raw, dt.datetime) and (raw.hour or raw.minute):
        return raw.isoformat(sep=" ", timespec="minutes")
    text = as_text(raw)
    return " ".join(text.strip("\t'’ ").split()) if text else ""


def ratio(said: str, unit: str | None) -> Decimal | None:
    """How many of the column's ``unit`` one of the unit ``said`` is; ``None`` where the two have nothing to do with each other."""
    a, b = in_base(Decimal(1), said), in_base(Decimal(1), unit)
    return a[1] / b[1] if a[0] == b[0] else None


def figure(raw: Any, column: Column, factor: Decimal = Decimal(1)) -> Decimal | None:
    """The figure of a cell in the column's unit; ``factor`` is what one of the unit above it is. ``None`` for an empty cell.

    A unit in the cell wins over the one in the heading. Raises :class:`Doubt`.
    """
    if is_damaged(raw):
        raise Doubt(DAMAGE, damaged=True)
    if isinstance(raw, dt.date | dt.time | dt.timedelta):
        raise Doubt(N_("it is a date, where a figure is expected"))
    if isinstance(raw, bool):
        raise Doubt(N_("it is no figure"))
    if isinstance(raw, int | float):
        return Decimal(f"{raw:.15g}") * factor
    text = unicodedata.normalize("NFKC", as_text(raw)).strip("\t'’ ")
    if not text or text in _NOTHING:
        return None
    if _SPACED.search(text) and not _GROUPED.fullmatch(text):
        raise Doubt(N_("there is a space inside the figure"))
    text = re.sub(r"\s", "", text).replace("，", ",").replace("−", "-").replace("–", "-")
    for tail in sorted((*_TAILS, column.unit or ""), key=len, reverse=True):
        if tail and text.endswith(tail) and text[: -len(tail)][-1:].isdigit():
            text = text[: -len(tail)]
            own = ratio(tail.removesuffix("整"), column.unit)
            if own is None:
                raise Doubt(N_("its unit is not the column's"))
            factor = own
            break
    try:
        value = to_decimal(text)
    except ValueError:
        raise Doubt(N_("it is no figure")) from None
    return None if value is None else value * factor


def _arabic(text: str) -> str:
    """二〇二六年五月十二日 → 2026年5月12日."""

    def ten(m: re.Match[str]) -> str:
        tens = _NUMERALS[m[1]] if m[1] else "1"
        return tens + (_NUMERALS[m[2]] if m[2] else "0")

    return "".join(_NUMERALS.get(c, c) for c in _TEN.sub(ten, text))


def _day_text(raw: Any) -> str:
    text = unicodedata.normalize("NFKC", as_text(raw)).replace("号", "日")
    text = re.sub(r"\s+\d{1,2}:\d{2}(:\d{2})?(\.\d+)?$", "", text.strip("\t'’ "))
    text = "".join(text.split())
    return _arabic(text) if _ZH_DATE.fullmatch(text) else text


def day(raw: Any, *, from_1904: bool = False) -> dt.date | None:
    """The day that a cell names; ``None`` for an empty cell. Raises :class:`Doubt`."""
    if isinstance(raw, dt.datetime):
        return _our_time(raw.date())
    if isinstance(raw, dt.date):
        return _our_time(raw)
    if isinstance(raw, bool):
        raise Doubt(N_("it is no date"))
    if isinstance(raw, int | float):
        number = int(raw)
        if number != raw and number not in _SERIALS:
            raise Doubt(N_("it is no date"))
        if number in _SERIALS:
            return _our_time((EPOCH_1904 if from_1904 else EPOCH) + dt.timedelta(number))
        raw = str(number)
    text = _day_text(raw)
    if not text or text in _NOTHING:
        return None
    if re.fullmatch(r"\d{5}", text) and int(text) in _SERIALS:
        return _our_time((EPOCH_1904 if from_1904 else EPOCH) + dt.timedelta(int(text)))
    if m := re.fullmatch(r"(\d{4})(\d{2})(\d{2})", text) or re.fullmatch(r"(\d{4})[-/.年、](\d{1,2})[-/.月、](\d{1,2})日?", text):
        try:
            return _our_time(dt.date(int(m[1]), int(m[2]), int(m[3])))
        except ValueError:
            raise Doubt(N_("there is no such day")) from None
    if re.fullmatch(r"\d{1,2}[-/.月]\d{1,2}日?", text):
        raise Doubt(N_("the year is missing"))
    if re.fullmatch(r"\d{1,2}[-/.年]\d{1,2}[-/.月]\d{1,4}日?", text):
        raise Doubt(N_("the year must have four digits and stand first"))
    if re.fullmatch(r"\d{4}[-/.年]\d{1,2}月?", text):
        raise Doubt(N_("the day is missing"))
    raise Doubt(N_("it is no date"))


def _our_time(found: dt.date) -> dt.date:
    if not 1949 <= found.year <= 2199:
        raise Doubt(N_("the year is out of range"))
    return found


def month(raw: Any, *, from_1904: bool = False) -> str | None:
    """The month that a cell names, as 2026-03; ``None`` for an empty cell. Raises :class:`Doubt`."""
    if isinstance(raw, dt.date) or (isinstance(raw, int | float) and not isinstance(raw, bool) and raw in _SERIALS):
        found = day(raw, from_1904=from_1904)
        return f"{found.year:04}-{found.month:02}" if found else None
    text = _day_text(f"{Decimal(f'{raw:.15g}'):f}" if isinstance(raw, float) else raw)
    if not text or text in _NOTHING:
        return None
    if re.fullmatch(r"\d{4}\.1", text):
        raise Doubt(N_("it may be January or October: a figure such as 2026.10 loses its last digit"))
    m = re.fullmatch(r"(\d{4})[-/.年](\d{1,2})月?", text) or re.fullmatch(r"(\d{4})(\d{2})", text)
    if m and 1 <= int(m[2]) <= 12 and 1949 <= int(m[1]) <= 2199:
        return f"{m[1]}-{int(m[2]):02}"
    try:
        found = day(text)
    except Doubt:
        found = None
    if found is None:
        raise Doubt(N_("it is no month"))
    return f"{found.year:04}-{found.month:02}"


def year(raw: Any) -> str | None:
    """The year that a cell names; ``None`` for an empty cell. Raises :class:`Doubt`."""
    text = _day_text(raw).removesuffix("度").removesuffix("年")
    text = "".join(_NUMERALS.get(c, c) for c in text)
    if not text or text in _NOTHING:
        return None
    if not re.fullmatch(r"(19|20|21)\d{2}", text):
        raise Doubt(N_("it is no year"))
    return text


def cell_text(raw: Any, column: Column, factor: Decimal = Decimal(1), *, from_1904: bool = False) -> str:
    """The cell as it is written into the table's file. Raises :class:`Doubt`."""
    match column.type:
        case "number" | "integer":
            value = figure(raw, column, factor)
            return "" if value is None else _plain(value)
        case "date":
            found = day(raw, from_1904=from_1904)
            return found.isoformat() if found else ""
        case "yearmonth":
            return month(raw, from_1904=from_1904) or ""
        case "year":
            return year(raw) or ""
    if is_damaged(raw):
        raise Doubt(DAMAGE, damaged=True)
    text = plain_text(raw)
    if column.constraints.enum:
        folded = {"".join(unicodedata.normalize("NFKC", e).split()): e for e in column.constraints.enum}
        return folded.get("".join(unicodedata.normalize("NFKC", text).split()), text)
    return text


def _plain(value: Decimal) -> str:
    text = f"{value:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("", "-0") else text


PERIOD = re.compile(r"((?:19|20|21)\d{2})年(?:度)?(?:第?([一二三四1-4])季度|([上下])半年|(\d{1,2})月(?:份)?(?:至(\d{1,2})月)?)?")
_QUARTER = {c: n for n, c in enumerate("一二三四", 1)} | {c: n for n, c in enumerate("1234", 1)}


def period(text: str) -> str | None:
    """The period that a title or a cell names, as front matter writes it; ``None`` where it names none or several."""
    plain = _arabic_years(unicodedata.normalize("NFKC", text)).replace(" ", "")
    if re.fullmatch(r"\d{4}(-(Q[1-4]|H[12]|\d{2}))?|\d{4}-\d{2}-\d{2}(\.\.\d{4}-\d{2}-\d{2})?", plain):
        return plain
    found = {_period(m) for m in PERIOD.finditer(plain)}
    if len(found) > 1:  # 2026年…公示（2026年第三季度）: the narrower of the two, where it lies in the other
        narrow = [p for p in found if p is not None and len(p) > 4]
        wide = [p for p in found if p is not None and len(p) == 4]
        found = {narrow[0]} if len(narrow) == 1 and all(narrow[0].startswith(w) for w in wide) else set()
    return next(iter(found), None)


def _arabic_years(text: str) -> str:
    return _ZH_DATE.sub(lambda m: _arabic(m[0]), text)


def _period(m: re.Match[str]) -> str | None:
    if m[2]:
        return f"{m[1]}-Q{_QUARTER[m[2]]}"
    if m[3]:
        return f"{m[1]}-H{'上下'.index(m[3]) + 1}"
    if m[4]:
        first, last = int(m[4]), int(m[5] or m[4])
        if not 1 <= first <= last <= 12:
            return None
        if first == last:
            return f"{m[1]}-{first:02}"
        quarter = (first, last) in ((1, 3), (4, 6), (7, 9), (10, 12))
        return f"{m[1]}-Q{last // 3}" if quarter else f"{m[1]}-H{last // 6}" if (first, last) in ((1, 6), (7, 12)) else None
    return m[1]
