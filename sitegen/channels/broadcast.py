"""The broadcast script (广播稿): what a clerk reads out over the village loudspeaker.

Plain text of short sentences without a single figure; the main point is said twice; names of lists are never read out.
"""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata
from collections.abc import Sequence

from sitegen.model.views import UnitView
from sitegen.site import menu
from sitegen.spoken import aloud, cardinal

from .notices import MASKED, Notice, by_urgency, date, is_posted

PACE = 180
"""Characters that are read out in a minute, slowly enough for the field."""
_TEXT = 160
"""Characters of a text that has no summary, beyond which listeners are sent to the board."""
_FIRST = ("第一件", "第二件", "第三件", "第四件", "第五件", "第六件", "第七件", "第八件", "第九件", "第十件")


def script(view: UnitView, notices: Sequence[Notice], day: dt.date, pace: int = PACE, *, whole: bool = False) -> str:
    """The script for a unit on ``day``, ending with a line break. ``whole`` reads texts in full.

    Its first line, in 【】, is for the clerk: what it is and how long it takes. Raises ``ValueError`` when there is nothing to tell.
    """
    if not notices:
        raise ValueError("nothing to tell")
    found = by_urgency(tuple(notices))
    spoken = [aloud(text) for text in _opening(view, found)]
    for n, one in enumerate(found):
        spoken += [aloud(text) for text in _told(one, n, len(found), whole=whole)]
    spoken += [aloud(text) for text in _again(found)]
    spoken += [aloud(text) for text in _closing(view, found)]
    text = "\n".join(spoken)
    head = f"【{view.unit.name}广播稿　{aloud(date(day))}　全文{length(text, pace)}　本行不读】"
    return f"{aloud_name(head)}\n\n{text}\n"


def aloud_name(text: str) -> str:
    """A line that is not read out but holds no figure either, with its marks as they are."""
    return re.sub(r"[0-9]+", lambda m: aloud(m[0]), text)


def length(text: str, pace: int) -> str:
    """How long it takes to read ``text`` out, in half minutes and in words: 约三分半钟."""
    read = sum(1 for c in text if unicodedata.category(c)[0] == "L" or c == "〇")
    halves = max(1, math.ceil(read * 2 / pace))
    whole, half = divmod(halves, 2)
    if not whole:
        return "约半分钟"
    return f"约{'两' if whole == 2 else cardinal(whole)}分{'半' if half else ''}钟"


def _opening(view: UnitView, found: list[Notice]) -> list[str]:
    people = "居民" if menu.is_community(view) else "村民" if menu.is_village(view) else "群众"
    many = f"今天播报{len(found)}件事。" if len(found) > 1 else ""
    return [f"各位{people}，大家好！下面播报{menu.site_name(view)}信息。{many}"]


def _told(one: Notice, n: int, of: int, *, whole: bool) -> list[str]:
    record = one.record
    first = "" if of == 1 else (_FIRST[n] if n < len(_FIRST) else f"第{n + 1}件") + "，"
    said = [f"{first}{record.title}。"]
    if record.rev > 1 and record.why_revised and record.web_text and not record.personal and not MASKED.search(record.why_revised):
        said.append(f"这是第{record.rev}版，更正的内容是：{record.why_revised.rstrip('。')}。")
    said += _text(one, whole=whole)
    if one.figures and not (one.summary and not record.personal and _says_all(one)):
        said.append(f"{one.line}。")
    if one.kept_back:
        said.append(f"{'逐户名单' if record.personal else '明细'}不在广播里读。" if not record.rows_expired else f"{one.kept_back}。")
    said.append(_period(one))
    said.append(f"公布单位是{record.issuer}。")
    return ["".join(said)]


def _says_all(one: Notice) -> bool:
    """Whether the summary has all the figures already."""
    said = re.sub(r"[,，\s]", "", one.summary)
    return all(re.sub(r"\.0+(?=\D|$)", "", figure.replace(",", "")).rstrip("整") in said for _, figure in one.figures)


def _text(one: Notice, *, whole: bool) -> list[str]:
    """The summary, or of a list of persons nothing else; else the text, cut after a sentence."""
    if one.summary and not whole:
        return [] if MASKED.search(one.summary) else [one.summary.rstrip("。") + "。"]
    if one.record.personal:
        return []
    sentences = [s for p in one.paragraphs for s in re.findall(r"[^。！？；\n]+[。！？；]?", p) if s.strip()]
    said: list[str] = []
    named = False
    for sentence in sentences:
        if MASKED.search(sentence):
            named = True
            continue
        if not whole and said and sum(map(len, said)) + len(sentence) > _TEXT:
            return [*said, "其余内容请看公示栏。"]
        said.append(sentence if sentence[-1] in "。！？；" else sentence + "。")
    # Who it is about is for the board to say: a loudspeaker reaches more than those who look.
    return [*said, "具体人员请看公示栏。"] if named else said


def _period(one: Notice) -> str:
    posting = one.record.posting
    if posting is None:
        return f"{date(one.record.published)}公布。"
    days = f"，一共{posting.days}个{'工作日' if posting.working else '自然日'}" if posting.days else ""
    verb = {"on": "公示时间是", "upcoming": "公示还没有开始，时间是", "over": "公示已经结束，时间是"}[posting.state]
    until = f"{posting.end.month}月{posting.end.day}日" if posting.start.year == posting.end.year else date(posting.end)
    return f"{verb}{date(posting.start)}到{until}{days}。"


def _again(found: list[Notice]) -> list[str]:
    """The main points once more."""
    said = ["下面把要点再说一遍。"]
    for one in found:
        posting = one.record.posting
        until = f"，公示到{posting.end.month}月{posting.end.day}日" if posting and is_posted(one.record) else ""
        said.append(f"{one.record.title}{until}{'，' + one.line if one.figures and len(found) == 1 else ''}。")
    return ["".join(said)]


def _closing(view: UnitView, found: list[Notice]) -> list[str]:
    calls = dict.fromkeys((one.call, one.phone) for one in found)
    told = "；".join(f"请打{name}的电话：{phone}，再说一遍，{phone}" for name, phone in calls)
    when = "请在公示期内反映，" if any(is_posted(one.record) for one in found) else ""
    return [
        f"想看原文的，请到{found[0].where}。有不清楚的，或者有不同意见的，{when}{told}。",
        "播报完了，谢谢大家！",
    ]
