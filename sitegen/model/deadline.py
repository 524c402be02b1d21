"""Deadlines (公开时限): as the catalogue writes them and as a program can count them.

A wording is a sequence of clauses, each of which is one :class:`Term`. The parser knows the clauses in use; anything else is
reported, never guessed. Days are counted as the Civil Code counts them; see :mod:`sitegen.model.days`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
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


def parse_deadline(wording: str) -> tuple[Term, ...] | None:
    """The terms of a wording, in its order; ``None`` when any clause of it is unknown."""
    text = _figures(_PROVISO.sub("", unicodedata.normalize("NFKC", wording)))
    clauses = [c for c in re.split(r"[,;。]", "".join(text.split())) if c]
    terms = [_clause(c) for c in clauses]
    return tuple(t for t in terms if t is not None) if terms and all(terms) else None


# 法律、法规对政府信息公开的期限另有规定的，从其规定: adds no term that could be counted.
_PROVISO = re.compile(r"法律[、,]?(行政)?法规[^,]*另有规定的?,?从其规定。?")

_DAYS = r"(?P<days>\d+)个?(?P<kind>工作日|日|天|周)"
_SAID = r"(予以)?(公开|公布|公示|公告)?"
_CHINESE = {c: n for n, c in enumerate("一二三四五六七八九", 1)}


def _figures(text: str) -> str:
    """十五日 → 15日, 一周 → 1周; only before a unit of time, since 一次 and 首个月 are no durations."""

    def figure(match: re.Match[str]) -> str:
        tens, ten, ones = match[1].rpartition("十")
        if not ten:
            return str(_CHINESE[match[1]]) if match[1] in _CHINESE else match[0]
        return str(10 * (_CHINESE.get(tens, 1)) + _CHINESE.get(ones, 0))

    return re.sub(r"([一二三四五六七八九十]+)(?=个?(工作日|日|天|周))", figure, text)


def _days(m: re.Match[str]) -> dict[str, Any]:
    count, kind = int(m["days"]), m["kind"]
    return {"days": count * (7 if kind == "周" else 1), "day_kind": "working" if kind == "工作日" else "calendar"}


def _about(text: str | None) -> str | None:
    return (text or "").removeprefix("其中").removesuffix("在").removesuffix("自") or None


_STARTS: tuple[tuple[re.Pattern[str], Start], ...] = (
    (re.compile(r"作出|处罚决定$|行政决定$"), "decided"),
    (re.compile(r"颁布|印发"), "issued"),
    (re.compile(r"^(本级)?.*(批准|批复)$"), "approved"),
    (re.compile(r"^分配结果确定$"), "allocated"),
    (re.compile(r"^调查结束$"), "surveyed"),
    (re.compile(r"形成|变更|^制定或获取"), "formed"),
)


def _start(event: str) -> dict[str, Any]:
    if not event:
        return {"start": "formed"}
    for pattern, start in _STARTS:
        if pattern.search(event):
            return {"start": start}
    return {"start": "event", "event": event}


def _within(m: re.Match[str]) -> Term:
    # What comes before 自 or 在 names the part of the information: 其他相关信息｜自信息形成….
    head = m["event"]
    about, mark, event = head.rpartition("自")
    if not mark:
        about, mark, event = ("", "", head) if "在" not in head else head.rpartition("在")
    if event.startswith("公开事项"):
        event = event.removeprefix("公开事项")
    if event == "处罚决定":
        about = event
    return Term(kind="within", **_days(m), **_start(event), about=_about(about))


def _posting(m: re.Match[str]) -> Term:
    return Term(kind="posting", **_days(m), about=_about(m["about"]))


def _before(m: re.Match[str]) -> Term:
    return Term(kind="before", **_days(m), event=m["event"].removeprefix("在"))


def _notice(m: re.Match[str]) -> Term:
    return Term(kind="before", **_days(m), event=m["event"])


def _calendar(m: re.Match[str]) -> Term:
    found = m.groupdict()
    every: Any = {"季": "quarter", "月": "month", "年": "year"}[found["every"]]
    month, day = found.get("month"), found.get("day")
    about = _about(re.sub(r"^长期公示$", "", found.get("about") or ""))
    return Term(kind="calendar", every=every, month=int(month) if month else None, day=int(day) if day else None, about=about)


def _open(m: re.Match[str]) -> Term:
    return Term(kind="not_computable", phrase=m["phrase"], about=_about(m["about"]))


_CLAUSES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Term]], ...] = tuple(
    (re.compile(pattern), make)
    for pattern, make in (
        (rf"(?P<about>.*?)(公示期?|征求意见期限)(各)?(不少于|不得少于|为)?{_DAYS}", _posting),
        (r"(?P<about>.*?)每(?P<every>季)度的?首个?月(?P<day>\d+)日(前|更新|公布|公开)?", _calendar),
        (r"(?P<about>.*?)每(?P<every>季)度(公告|公布|公开)?(一次)?", _calendar),
        (r"(?P<about>.*?)每(?P<every>年)(?P<month>\d+)月(?P<day>\d+)日前?", _calendar),
        (r"(?P<about>.*?)每(?P<every>月)(?P<day>\d+)日前?", _calendar),
        (r"(?P<about>.*?)每(?P<every>月)(公告|公布|公开)?(一次)?", _calendar),
        (rf"提前{_DAYS}(?P<event>.+)", _notice),
        (rf"(?P<event>.+?){_DAYS}前", _before),
        (rf"(?P<event>.*?)(之日起|以后|后)?{_DAYS}(内)?(在村)?{_SAID}", _within),
        (r"(?P<about>.*?)(?P<phrase>(按进展情况)?(及时|实时|随时|当场)(公开|公布|公示|更新))", _open),
        (r"(?P<about>.*?)(?P<phrase>(保持)?(长期|永久)(公开|公布|公示)(\(动态调整\))?)", _open),
    )
)


def _clause(text: str) -> Term | None:
    for pattern, make in _CLAUSES:
        if m := pattern.fullmatch(text):
            return make(m)
    return None
