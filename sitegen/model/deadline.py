"""Deadlines (公开时限): as the catalogue writes them and as a program can count them.

A wording is a sequence of clauses, each of which is one :class:`Term`. The parser knows the clauses in use; anything else is
reported, never guessed. Days are counted as the Civil Code counts them; see :mod:`sitegen.model.days`.
"""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from collections.abc import Callable
from functools import cache
from typing import Any, Literal

from pydantic import Field as Key

from .base import DayKind, Model

Start = Literal["formed", "issued", "approved", "decided", "allocated", "surveyed", "event"]
"""信息形成或变更、颁布或印发、批准或批复、作出决定、分配结果确定、调查结束, or another event in the wording's own words."""


class Term(Model):
    """One obligation in a deadline.

    ``within``: *days* of *day_kind* after *start*. ``posting``: hang for *days*. ``before``: at least *days* before the *event*.
    ``calendar``: *every* month, quarter (its first month) or year (in *month*), by *day* where one is named.
    ``not_computable``: the *phrase* sets no countable date (及时公开), which is not the same as unknown.
    """

    kind: Literal["within", "posting", "before", "calendar", "not_computable"]
    days: int | None = Key(None, ge=0)
    day_kind: DayKind | None = None
    start: Start | None = None
    event: str | None = Key(None, description="the event in the wording's own words")
    every: Literal["month", "quarter", "year"] | None = None
    month: int | None = Key(None, ge=1, le=12)
    day: int | None = Key(None, ge=1, le=31)
    phrase: str | None = Key(None, description="the words that set no date")
    about: str | None = Key(None, description="the part of the information that this term is about")


@cache
def parse_deadline(wording: str) -> tuple[Term, ...] | None:
    """The terms of a wording, in its order; ``None`` when any clause of it is unknown.

    A proviso (法律、法规另有规定的，从其规定) is accepted and adds nothing: it sets no date, and the wording keeps it.
    What the terms quote is spelled with full-width punctuation and Arabic figures, whatever the wording used.
    """
    text = _LEFT_OVER.sub(r"\1", _PROVISO.sub("", _normal(wording)))
    terms = [_clause(c) for c in re.split(r"[，；。]", text) if c]
    known = tuple(t for t in terms if t is not None)
    return known if known and len(known) == len(terms) else None


# ---- Spelling: one form for every width, space and figure.

_FULL_WIDTH = str.maketrans(",;():", "，；（）：")
_DIGIT = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"两": 2}
_NUMERAL = re.compile(r"[零一二三四五六七八九十百两]+(?=个?(?:工作日|自然日|日|天|周))")
_HUNDREDS = re.compile(
    r"(?:(?P<hundreds>[一二两三四五六七八九])百)?(?:(?P<tens>[一二三四五六七八九])?(?P<ten>十)|零)?(?P<ones>[一二两三四五六七八九])?"
)
_PROVISO = re.compile(
    r"(?:^|(?<=[，；。（]))(?:但|除)?(?:国家|上级|有关)*(?:法律|行政法规|法规|规定)?[^，；。（）\d]*另有规定的?(?:除外|外)?"
    r"(?:，?(?:从其规定|依照其规定|按照?其规定(?:执行)?))?(?=[，；。）]|$)"
)
_LEFT_OVER = re.compile(r"(之日起|后)，(?=\d)|（）")
"""A comma between an event and its days (自信息形成之日起，20个工作日内), and the brackets of a proviso."""


def _normal(wording: str) -> str:
    # 其他相关信息…20个工作日内: the dots stand for words left out, which add nothing that can be read.
    text = "".join(unicodedata.normalize("NFKC", wording).replace("...", "").split()).translate(_FULL_WIDTH)
    # Only before a unit of time: 一次 and 首个月 are no durations.
    return _NUMERAL.sub(lambda m: _figure(m[0]), text)


def _figure(numeral: str) -> str:
    """一百二十 → 120; a numeral that is none stays as it is, and its clause unknown."""
    m = _HUNDREDS.fullmatch(numeral)
    if not m:
        return numeral
    hundreds, tens, ones = (_DIGIT.get(c or "", 0) for c in (m["hundreds"], m["tens"], m["ones"]))
    return str(100 * hundreds + 10 * (1 if m["ten"] and not m["tens"] else tens) + ones)


# ---- Words: what clauses are composed of.

_DAYS = r"(?P<days>[1-9]\d{0,3})个?(?P<unit>工作日|自然日|日|天|周)"
_VERB = r"(?:公开|公示|公布|公告|发布|更新)"
_SAID = rf"(?:(?:应当?|予以|依法|向社会|在本?村)*{_VERB}(?:一次)?)?"
_AT_LEAST = r"(?:各|均)?(?:不得?(?:少于|低于)|至少|为)?"
# A part of the information is named by a noun for information; other words before a term are unknown, not a name.
_ABOUT = (
    r"(?:其中)?(?P<about>(?!按|依|不)[^\d，]{0,40}"
    r"(?:信息|内容|事项|情况|意见|决定|结果|人选|安排|名单|文件|方案|章程|标准|指南|政策|预算|决算|报告|目录|较多的))(?:应当?)?"
)
# 自 and 在 introduce an event, unless they begin a word of it: 自然灾害, 在建项目.
_MARK = r"(?:自(?![然治主愿筹建])|在(?![建校职编册岗])|从(?!业))"
# An event is quoted, so that any few words may be one, but no figure, frequency, limit or rule.
_EVENT = (
    rf"(?P<event>(?!{_MARK}|每|按|依|不|原则|最|至少|一般|提前|公示|征求|其他\d)"
    r"(?![^，]*(?:若干|不超过|以上|以下|左右|另有|再过))(?:(?!应当)[^\d，]){2,24}?)"
)


def _any(words: str) -> str:
    """One of ``words``, or several: 颁布或印发, 信息形成（变更）."""
    return rf"(?:{words})(?:(?:或者?|、|和)(?:{words})|（(?:{words})）)*"


_FORMED = _any("形成|变更|更新|制作|制定|获取")
_INFORMATION_FORMED = rf"(?:(?:公开事项|政府|相关|有关)*信息)?{_FORMED}"
_STARTS: tuple[tuple[str, Start], ...] = (
    (_INFORMATION_FORMED, "formed"),
    (rf"{_FORMED}(?:信息|文件|指南|.*政策(?:措施)?)", "formed"),
    (rf"(?:.*(?:文件|政策|制度))?{_any('颁布|印发|下发|发布')}", "issued"),
    (r".*(?:批准|批复)", "approved"),
    (r".*作出.*决定|.*决定书?作出", "decided"),
    (r"分配结果确定", "allocated"),
    (r"(?:土地)?(?:现状)?调查(?:结束|完成)", "surveyed"),
)


_Words = dict[str, Any]


def _days(m: re.Match[str]) -> _Words:
    week = m["unit"] == "周"
    return {"days": int(m["days"]) * (7 if week else 1), "day_kind": "working" if m["unit"] == "工作日" else "calendar"}


def _about(m: re.Match[str]) -> str | None:
    return m.groupdict().get("about") or None


# ---- Clauses: what a clause of each kind says. None where its figures are no date.


def _within(m: re.Match[str]) -> _Words:
    event, about = m.groupdict().get("event"), _about(m)
    if event is None:
        # 20个工作日内 counts from the information's formation (Regulations, Art. 26), 处罚决定20个工作日内 from the decision.
        start: Start = "decided" if (about or "").endswith("决定") else "formed"
    else:
        start = next((start for pattern, start in _STARTS if re.fullmatch(pattern, event)), "event")
    return {"kind": "within", **_days(m), "start": start, "event": event if start == "event" else None, "about": about}


def _posting(m: re.Match[str]) -> _Words:
    return {"kind": "posting", **_days(m), "about": _about(m) or m.groupdict().get("stage")}


def _before(m: re.Match[str]) -> _Words:
    # 提前一周发通知 names no event: the item does.
    return {"kind": "before", **_days(m), "event": m.groupdict().get("event")}


def _calendar(m: re.Match[str]) -> _Words | None:
    month, day = (int(figure) if (figure := m.groupdict().get(part)) else None for part in ("month", "day"))
    if month is not None and not 1 <= month <= 12:
        return None
    # A yearly 29 February is a date of leap years, hence known; 30 February and the 32nd are none.
    if day is not None and not 1 <= day <= (monthrange(2024, month)[1] if month else 31):
        return None
    every = {"月": "month", "季": "quarter", "年": "year"}[m["every"]]
    return {"kind": "calendar", "every": every, "month": month, "day": day, "about": _about(m)}


def _open(m: re.Match[str]) -> _Words:
    return {"kind": "not_computable", "phrase": m["phrase"], "about": _about(m)}


_BY = r"(?:之?前)?"
_CLAUSES: tuple[tuple[str, Callable[[re.Match[str]], _Words | None]], ...] = (
    (rf"(?:{_ABOUT})?(?P<stage>批前|事前)?公[示告](?:期限?|时间)?{_AT_LEAST}{_DAYS}(?:以上)?", _posting),
    (rf"(?P<stage>征求意见)(?:期限?|时间){_AT_LEAST}{_DAYS}(?:以上)?", _posting),
    (rf"(?:{_ABOUT})?每(?P<every>季)度?的?(?:首个?月|第[1一]个月)的?(?P<day>\d+)日{_BY}{_SAID}", _calendar),
    (rf"(?:{_ABOUT})?每(?P<every>年)的?(?P<month>\d+)月(?P<day>\d+)日{_BY}{_SAID}", _calendar),
    (rf"(?:{_ABOUT})?每个?(?P<every>月)的?(?P<day>\d+)日{_BY}{_SAID}", _calendar),
    (rf"(?:{_ABOUT})?(?:至少)?每个?(?P<every>月|季|年)度?(?:至少)?{_SAID}", _calendar),
    (rf"提前{_DAYS}(?:发(?:出)?)?(?:通知|告知|邀请|{_VERB})+", _before),
    (rf"{_MARK}?{_EVENT}(?:至少)?{_DAYS}之?前{_SAID}", _before),
    (rf"{_MARK}?{_EVENT}之?前(?:至少)?{_DAYS}{_SAID}", _before),
    # 20工作日 is a short form of 20个工作日内; 20日 alone may be a date.
    (rf"(?:{_INFORMATION_FORMED}|{_ABOUT})?{_DAYS}(?:之?内|(?<=工作日)){_SAID}", _within),
    (rf"(?:(?:{_ABOUT})?{_MARK})?{_EVENT}(?:(?:之日|之时)?起|之?后|以后){_DAYS}之?内{_SAID}", _within),
    (rf"(?:{_ABOUT})?(?P<phrase>(?:按进展情况)?(?:及时|实时|随时|即时|当场|动态){_VERB})", _open),
    (rf"(?:{_ABOUT})?(?P<phrase>(?:保持)?(?:长期|常年|永久){_VERB}(?:（动态调整）)?)", _open),
)
_compiled = cache(re.compile)
"""A catalogue is read once and kept: most runs need none of these."""


def _clause(text: str) -> Term | None:
    for pattern, make in _CLAUSES:
        if (m := _compiled(pattern).fullmatch(text)) and (words := make(m)):
            return Term.model_validate(words)
    return None
