"""A written text as it is read aloud. What comes out holds no figure, and reading it once more changes nothing.

The rules run in the order in which they stand, the special before the general: what one of them has put into words holds nothing that a later
one would take for something else.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from decimal import Decimal

from . import words
from .numbers import LARGEST, cardinal, dialled, digits, money, year

_N = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_YEAR = r"(?:19|20|21)\d\d"
_DASH = r"[-—–~－～]"
_WIDE = {ord(w): n for w, n in zip("％＋－／．＊＝＜＞＃＆＠＄￥−﹣‐‑", "%+-/.*=<>#&@$¥----", strict=True)} | {
    c: c - 0xFEE0 for c in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
}
_PER = "|".join(words.PER)
_METRIC = "|".join(re.escape(u) for u in sorted(words.METRIC, key=len, reverse=True))
_CODE = 8
"""Digits from which an ungrouped figure that counts nothing is a code."""
_CALL = "电话|热线|手机|座机|拨打|致电|传真|短号|号码|拨|打"

Say = Callable[[re.Match[str]], str]
_RULES: list[tuple[re.Pattern[str], Say]] = []


def aloud(text: str) -> str:
    """``text`` in words. Lines stay lines; nothing is rounded or left out but marks that nobody says."""
    return "\n".join(_settled(line) for line in text.split("\n"))


def _settled(line: str) -> str:
    # Marks that fall away may leave letters or pauses beside each other.
    for _ in range(8):
        before, line = line, _line(line)
        if line == before:
            break
    return line


def _line(text: str) -> str:
    text = _plain(text)
    for pattern, say in _RULES:
        text = pattern.sub(say, text)
    return _tidied(text)


def _plain(text: str) -> str:
    """Figures of every script as 0 to 9, no marks of writing."""
    made = []
    for char in text.translate(_WIDE):
        if char in words.ROMAN:
            made.append(words.ROMAN[char])
        elif char in words.PARTS:
            made.append(words.PARTS[char])
        elif char == "〇" or char.isascii() or char in words.METRIC or char in "²³":
            made.append(char)
        elif (kind := unicodedata.category(char)) == "Nd":
            made.append(str(unicodedata.decimal(char)))
        elif kind in ("No", "Nl"):
            # ① and ⒈ count what follows; others are not said.
            value = unicodedata.numeric(char, None)
            made.append(f"第{cardinal(int(value))}，" if value is not None and value == int(value) and 0 < value < 100 else "")
        elif kind[0] != "C":
            made.append(" " if kind == "Zs" else char)
    return "".join(made)


def _rule(pattern: str) -> Callable[[Say], Say]:
    def add(say: Say) -> Say:
        _RULES.append((re.compile(pattern), say))
        return say

    return add


def _value(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))


def _number(text: str) -> str:
    """A figure that counts nothing: digit by digit where it is a code or is longer than any amount."""
    plain = text.replace(",", "")
    whole = plain.partition(".")[0]
    if (len(whole) > 1 and whole[0] == "0") or Decimal(plain) >= LARGEST:
        return "点".join(dialled(part) for part in plain.split("."))
    return cardinal(Decimal(plain))


# ---- what is not read at all ----


@_rule(r"(?i)(?:https?://|www\.)[\w.~:/?#\[\]@!$&'()*+,;=%-]+")
def _address(_: re.Match[str]) -> str:
    return "公示栏上的网址"


@_rule(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
def _mail(_: re.Match[str]) -> str:
    return "公示栏上的邮箱"


@_rule(r"(?<![\w*])(?=[\dXx*]*\d)(?=[\dXx*]*\*\*)[\dXx*]+")
def _masked(_: re.Match[str]) -> str:
    return "号码略"


@_rule(r"(?<=[\u4e00-\u9fff])\*+|\*+(?=[\u4e00-\u9fff])")
def _somebody(m: re.Match[str]) -> str:
    return "某" * len(m[0])


# ---- documents, dates, times ----


@_rule(rf"[〔\[(（【]\s*({_YEAR})\s*[〕\])）】]\s*第?\s*(\d+)\s*号")
def _document(m: re.Match[str]) -> str:
    return f"{year(m[1])}年{cardinal(int(m[2])) if len(m[2]) < 9 else dialled(m[2])}号"


@_rule(rf"(?<![\d.])({_YEAR})([-/.])(\d{{1,2}})\2(\d{{1,2}})(?![\d.]*\d)")
def _date(m: re.Match[str]) -> str:
    month, day = int(m[3]), int(m[4])
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return m[0]
    return f"{year(m[1])}年{cardinal(month)}月{cardinal(day)}日"


@_rule(rf"(?<![\d.])({_YEAR})-?Q([1-4])")
def _quarter(m: re.Match[str]) -> str:
    return f"{year(m[1])}年第{cardinal(int(m[2]))}季度"


@_rule(rf"(?<![\d.])({_YEAR})-(0[1-9]|1[0-2])(?![\d-])")
def _month(m: re.Match[str]) -> str:
    return f"{year(m[1])}年{cardinal(int(m[2]))}月"


@_rule(rf"(?<!\d)({_YEAR})-(\d{{3,}})(?!\d)")
def _serial(m: re.Match[str]) -> str:
    return f"{year(m[1])}杠{dialled(m[2])}"


@_rule(rf"(?<![\d.,])({_YEAR})\s*(年?)\s*(?:{_DASH}+|至|到)\s*({_YEAR})(?=\s*年)")
def _years(m: re.Match[str]) -> str:
    return f"{year(m[1])}{m[2]}至{year(m[3])}"


@_rule(rf"(?<![\d.,])({_YEAR})\s*(?=[年届级版])")
def _year_word(m: re.Match[str]) -> str:
    return year(m[1])


@_rule(r"(?<![\d:.])([01]?\d|2[0-4])[:：]([0-5]\d)(?:[:：]([0-5]\d))?(?![\d:：])")
def _time(m: re.Match[str]) -> str:
    if re.search(r"比例?(?:为|是)?\s*$|按\s*$", m.string[: m.start()]):
        return f"{cardinal(int(m[1]))}比{cardinal(int(m[2]))}"
    hour, minute, second = int(m[1]), int(m[2]), m[3]
    said = ("两" if hour == 2 else cardinal(hour)) + "点"
    if minute or second:
        said += ("零" if minute < 10 else "") + (cardinal(minute) if minute else "") + "分"
    return said + (f"{cardinal(int(second))}秒" if second else "")


@_rule(r"(?<![\d.])(\d+)\s*[:：]\s*(\d+)(?![\d.])")
def _ratio(m: re.Match[str]) -> str:
    return f"{_number(m[1])}比{_number(m[2])}"


# ---- numbers to dial ----


@_rule(r"(?<!\d)[(（]?(0\d{2,3})[)）]?[-— ]?(\d{4})[- ]?(\d{3,4})(?:\s*(?:转|-)\s*(\d{1,6}))?(?![\d.]*\d)")
def _phone(m: re.Match[str]) -> str:
    return "，".join(dialled(part) for part in m.groups()[:3]) + (f"，转{dialled(m[4])}" if m[4] else "")


@_rule(r"(?<!\d)(1[3-9]\d)[- ]?(\d{4})[- ]?(\d{4})(?!\d)|(?<!\d)([48]00)[- ](\d{3,4})[- ]?(\d{3,4})(?!\d)|(?<!\d)(\d{4}) (\d{4})(?!\d)")
def _mobile(m: re.Match[str]) -> str:
    return "，".join(dialled(part) for part in m.groups() if part)


@_rule(rf"((?:{_CALL})(?:是|为|：|:)?\s*)(\d{{3,}}(?:[- ]\d{{3,}})*)(?![\d.,]*\d|\s*(?:元|万|亿|个|人|户|亩|%|折|次|斤|公斤|吨))")
def _called(m: re.Match[str]) -> str:
    return m[1] + "，".join(dialled(part) for part in re.split(r"[- ]", m[2]))


@_rule(r"(?<!\d)(\d{3,8})(?=(?:热线|报警|急救|平台|专线))")
def _hotline(m: re.Match[str]) -> str:
    return dialled(m[1])


# ---- from where to where, shares, amounts ----


@_rule(rf"(?<=[\d%‰年月日时点分秒元亩户人岁级组区号度℃])\s*{_DASH}+\s*(?=[\d¥]|第|周|星期|[一二三四五六七八九十〇零两]+[点年月日])")
def _until(_: re.Match[str]) -> str:
    return "至"


@_rule(rf"(?<=[周期][一二三四五六日天])\s*{_DASH}+\s*(?=周|星期)")
def _weekdays(_: re.Match[str]) -> str:
    return "至"


@_rule(r"(?<![\d\w\u4e00-\u9fff.,])-(?=\d)")
def _minus(_: re.Match[str]) -> str:
    return "负"


@_rule(rf"({_N})\s*至\s*(负?)({_N})\s*([%‰])")
def _shares(m: re.Match[str]) -> str:
    of = "百" if m[4] == "%" else "千"
    return f"{of}分之{_number(m[1])}至{m[2]}{of}分之{_number(m[3])}"


@_rule(rf"(负?)({_N})\s*([%‰])")
def _share(m: re.Match[str]) -> str:
    return f"{m[1]}{'百' if m[3] == '%' else '千'}分之{_number(m[2])}"


@_rule(rf"(负?)({_N})\s*(万|亿)?(元|公斤|吨|斤|度|人|户|米|升)\s*/\s*({_PER})(?:\s*[·•/]\s*({_PER}))?(?:\s*[·•/]\s*({_PER}))?")
def _rate(m: re.Match[str]) -> str:
    each = "".join(f"每{word}" for word in m.groups()[4:] if word)
    if m[4] == "元" and not m[3] and _value(m[2]) < LARGEST:
        return f"{each}{m[1]}{money(_value(m[2]), whole=True)}"
    return f"{each}{m[1]}{_counted(m[2], m[3] or m[4])}{m[3] or ''}{m[4]}"


@_rule(rf"¥\s*(负?)({_N})\s*(万|亿)?(?:元)?(整?)|(负?)({_N})\s*(万|亿)?元(整?)")
def _money(m: re.Match[str]) -> str:
    sign, figure, scale = (m[1] or m[5] or ""), (m[2] or m[6]), (m[3] or m[7])
    if scale:
        return f"{sign}{_counted(figure, scale)}{scale}元{m[4] or m[8] or ''}"
    value = _value(figure)
    if value >= LARGEST:
        return f"{sign}{_number(figure)}元"
    # 整 is said where the cents were written, to say that there are none.
    return sign + money(value, whole="." not in figure and not (m[4] or m[8]))


@_rule(rf"元\s*/\s*({_PER})(?:\s*[·•/]\s*({_PER}))?")
def _unit_of_rate(m: re.Match[str]) -> str:
    return "元" + "".join(f"每{word}" for word in m.groups() if word)


@_rule(r"(?<![\d/.])(\d{1,3})/(\d{1,3})(?![\d/.])")
def _fraction(m: re.Match[str]) -> str:
    over, below = int(m[1]), int(m[2])
    return f"{cardinal(below)}分之{cardinal(over)}" if over < below else f"{_number(m[1])}比{_number(m[2])}"


# ---- signs, codes, all other figures ----


@_rule(rf"({_N})\s*({_METRIC})(?![A-Za-z])")
def _metric(m: re.Match[str]) -> str:
    unit = words.METRIC[m[2]]
    return _counted(m[1], unit) + unit


@_rule(r"^\s*[(（]?(\d{1,2})(?:[)）]|[.、．](?!\d))\s*")
def _enumerated(m: re.Match[str]) -> str:
    return f"第{cardinal(int(m[1]))}，"


@_rule(r"(?<=\d)\s*[xX×*]\s*(?=\d)")
def _times(_: re.Match[str]) -> str:
    return "乘"


@_rule(r"\d+(?:\.\d+){2,}")
def _section(m: re.Match[str]) -> str:
    return "点".join(_number(part) for part in m[0].split("."))


@_rule(r"(?<=[A-Za-z])[-]?(\d+)")
def _model(m: re.Match[str]) -> str:
    return digits(m[1]) if len(m[1]) == 1 else dialled(m[1])


@_rule(r"(?<=[A-Za-z])-(?=[A-Za-z])")
def _joined(_: re.Match[str]) -> str:
    return " "


@_rule(rf"第\s*({_N})")
def _ordinal(m: re.Match[str]) -> str:
    return f"第{_number(m[1])}"


@_rule(rf"(?<![\d.,])({_YEAR})(?=$|[^\d.,%\u4e00-\u9fff]|第|春|夏|秋|冬|上半|下半)")
def _year_alone(m: re.Match[str]) -> str:
    return year(m[1])


@_rule(rf"({_N})\s*(?=(.?.?))")
def _any(m: re.Match[str]) -> str:
    if len(m[1]) >= _CODE and m[1].isdecimal() and not _is_han(m[2]):
        return dialled(m[1])
    return _counted(m[1], m[2])


@_rule(r"(?i)[A-Za-z]+(?:-fi)?")
def _latin(m: re.Match[str]) -> str:
    word = m[0].upper()
    return words.ABBREVIATIONS.get(word) or " ".join(word)


@_rule(r"[×÷±≥≤><=≈&+→@$§]")
def _sign(m: re.Match[str]) -> str:
    return words.SIGNS[m[0]]


def _counted(figure: str, following: str) -> str:
    """A figure before what it counts: 两户, but 二组 and 二."""
    said = _number(figure)
    if said != "二" or not _is_han(following):
        return said
    if following[0] == "年":
        return "二" if following[:2] == "年级" else "两"
    if following[0] in "分中小单标" and following[:2] not in ("分之", "中学", "小学", "单元", "标段"):
        return "两"
    return "二" if following[0] in words.TWO_IS_ER else "两"


def _is_han(text: str) -> bool:
    return bool(text) and "\u4e00" <= text[0] <= "\u9fff"


# ---- marks ----

_LOOSE = re.compile(r"[_`~^|\\{}#*²³%‰·•/¥°′″'\"-]+")
_BRACKET = re.compile(r"\s*[()（）\[\]〔〕【】]\s*")
_PAUSE = re.compile(r"\s*(?:[—–]+|…+|\t)\s*")
_STOPS = "，。；：、！？"
_TWICE = re.compile(rf"([{_STOPS}])[{_STOPS}\s]*(?=[{_STOPS}])")
_HAN = "\u3000-\u9fff\uff00-\uffef"
_GAP = re.compile(rf"(?<=[{_HAN}])\s+|\s+(?=[{_HAN}])")


def _tidied(text: str) -> str:
    """Marks that are seen and not heard become pauses; of several pauses the strongest stays."""
    text = text.replace(",", "，").replace(";", "；").replace(":", "：").replace("!", "！").replace("?", "？")
    text = text.replace(".", "。") if re.search(r"[\u4e00-\u9fff]\.", text) else text.replace(".", " ")
    text = _PAUSE.sub("，", _BRACKET.sub("，", text))
    text = _LOOSE.sub(" ", text)
    text = "".join(words.METRIC.get(c, "") if unicodedata.category(c) in ("So", "Sk", "Sm", "Sc") else c for c in text)
    text = _GAP.sub("", text)
    text = re.sub(rf"[{_STOPS}\s]{{2,}}", lambda m: _strongest(m[0]), text)
    text = re.sub(r"，(?=[》」』”’])|(?<=[《「『“‘])，", "", text)
    return re.sub(r" {2,}", " ", text).strip(" ，、；：")


def _strongest(marks: str) -> str:
    return next((mark for mark in "。！？；：，、" if mark in marks), " ")
