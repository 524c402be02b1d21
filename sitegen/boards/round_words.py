"""What photos of boards show, in words: what a code is, what is known of it, what is to be done. English, or through ``say`` Chinese."""

from __future__ import annotations

from collections.abc import Callable

from sitegen.model.finding import N_

from .judge import Judged, Verdict
from .look import Looked, Missing, Raw, Spot

Say = Callable[[str], str]

NAMES: dict[Verdict, str] = {
    "current": N_("current revision"),
    "early": N_("posting not begun"),
    "site": N_("code of our site"),
    "other": N_("no code of a sheet"),
    "outdated": N_("old revision"),
    "ended": N_("posting over"),
    "invalid": N_("not in force"),
    "withdrawn": N_("withdrawn record"),
    "merged": N_("merged record"),
    "moved": N_("moved record"),
    "closed": N_("not public any more"),
    "held": N_("being corrected"),
    "left": N_("not concerned any more"),
    "gone": N_("record not found"),
    "unknown": N_("unknown code"),
    "foreign": N_("code of another region"),
    "astray": N_("wrong address"),
    "unreadable": N_("unreadable code"),
}
SHORT: dict[Verdict, str] = {
    "current": "现行", "early": "未到期", "site": "网站", "other": "其他", "outdated": "旧版", "ended": "期满", "invalid": "失效", "withdrawn": "撤回",
    "merged": "并入", "moved": "移走", "closed": "停公开", "held": "更正中", "left": "不涉及", "gone": "查无", "unknown": "查无", "foreign": "外地",
    "astray": "网址错", "unreadable": "扫不出",
}  # fmt: skip
"""As boxes on a photo are labelled."""
TONE: dict[Verdict, str] = {
    **dict.fromkeys(("current", "early"), "good"),
    **dict.fromkeys(("site", "other"), "plain"),
    **dict.fromkeys(("outdated", "held", "unreadable"), "amber"),
    **dict.fromkeys(("ended", "invalid", "withdrawn", "merged", "moved", "closed", "left", "gone", "unknown", "foreign", "astray"), "red"),
}
_WHERE = (
    (N_("top left"), N_("at the top"), N_("top right")),
    (N_("on the left"), N_("in the middle"), N_("on the right")),
    (N_("bottom left"), N_("at the bottom"), N_("bottom right")),
)


def where(spot: Spot, say: Say) -> str:
    """In which part of the photo."""
    column, row = spot.where
    return say(_WHERE[row][column])


def name(judged: Judged, say: Say) -> str:
    """What it is."""
    return say_name(judged.verdict, say)


def say_name(verdict: Verdict, say: Say) -> str:
    """The name of a verdict."""
    return say(NAMES[verdict])


def known(spot: Spot, say: Say) -> str:
    """What is known of it, in a sentence; "" for nothing more."""
    j = spot.judged
    day = j.day.isoformat() if j.day else ""
    parts: list[str] = []
    match j.verdict:
        case "current":
            parts.append(say("revision {rev}").format(rev=j.rev))
            if day:
                parts.append(say("posting until {day}").format(day=day))
            if spot.rest is not None:
                parts.append(say("a newer one takes its place") if spot.rest == "newer" else say("it hung for a year"))
        case "early":
            parts.append(say("posting begins on {day}").format(day=day))
        case "outdated":
            parts.append(say("paper is revision {old}, current is {new}").format(old=j.rev, new=j.newest))
            if day:
                parts.append(say("replaced on {day}").format(day=day))
        case "ended":
            parts.append(say("posting ended on {day}").format(day=day))
        case "invalid" | "withdrawn" | "left":
            if day:
                parts.append(say("since {day}").format(day=day))
        case "held":
            parts.append(say("revision {rev} is being corrected").format(rev=j.rev))
        case "unknown":
            parts.append(say("revision {rev} was never released").format(rev=j.rev) if j.title else say("no record here has this code"))
        case "foreign" | "other" | "site":
            parts.append(say("it says: {text}").format(text=clipped(j.text)))
        case "astray":
            parts.append(say("the code is ours, its address is not or no longer: {text}").format(text=clipped(j.text)))
        case "unreadable":
            if j.guessed:
                parts.append(say("what is left of it points to {code}").format(code=j.written))
    if j.why:
        parts.append(say("reason: {why}").format(why=j.why))
    if j.then:
        parts.append(say("it was right on the day of the photo"))
    return say("; ").join(parts)


def to_do(judged: Judged, say: Say) -> str:
    """What is to be done; "" for nothing."""
    match judged.verdict:
        case "outdated":
            return say("print revision {new} and replace it").format(new=judged.newest)
        case "ended" | "invalid" | "withdrawn" | "closed" | "left" | "gone":
            return say("take it down")
        case "merged" | "moved":
            return say("take it down and put up the sheet of the record that answers for it now")
        case "held":
            return say("replace it as soon as the corrected revision is released")
        case "unknown":
            return say("find out who put it up; take it down if nobody knows it")
        case "foreign":
            return say("find out whether it belongs here")
        case "astray":
            return say("print it again: scanning it leads nowhere, or somewhere else")
        case "unreadable":
            return say("take a closer photo; print it again if no telephone reads it")
    return ""


def missing(one: Missing, say: Say) -> str:
    """Why a sheet is listed as not seen."""
    if one.seen:
        return say("only {seen} of {pages} pages were seen").format(seen=one.seen, pages=one.pages)
    parts = [say("not seen")]
    if one.sheet.end is not None and one.sheet.legal:
        parts.append(say("posting until {day}").format(day=one.sheet.end.isoformat()))
    if not one.printed:
        parts.append(say("not printed for good yet"))
    return say("; ").join(parts)


def place(one: Missing) -> str:
    """Board and slots."""
    return " ".join(t for t in (one.place, "、".join(one.labels)) if t)


def problem(raw: Raw, say: Say) -> str:
    """Why a photo could not be looked at; "" where it could."""
    if raw.problem is None:
        return ""
    reason, args = raw.problem
    return say(reason).format(**dict(args))


def nothing(photo: Looked, say: Say) -> str:
    """What to say of a photo without a code."""
    return problem(photo.raw, say) or say("no code seen: go closer, hold the telephone straight before the board, mind reflections")


def taken(photo: Looked) -> str:
    """When the photo was taken: 2026-11-24 09:12."""
    return photo.raw.taken.strftime("%Y-%m-%d %H:%M") if photo.raw.taken else ""


def clipped(text: str, longest: int = 80) -> str:
    """One line of what a code says, without anything that could do harm on a terminal."""
    line = "".join(c if c.isprintable() else "·" for c in text)
    return line if len(line) <= longest else line[: longest - 1] + "…"
