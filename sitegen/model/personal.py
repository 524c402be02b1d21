"""Personal numbers by value (身份证号、银行卡号、手机号): found in any text, in any of their spellings, without repeating them.

Positions are those of the text as it is: digits of any width count, and spaces, dashes and the like inside a number are passed over.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise

from msgspec import Struct

from .mask import mask_problem
from .number_kinds import PROVINCES, Kind, Said, born, id_check, kind_of

_SEPARATOR = r"[ \u00a0\u2000-\u200f\u2028\u202f\u205f\u2060\u3000\ufeff\-\u2010-\u2015\u2212_.·,，'’\\－．]"
_STAR = r"*＊∗✱×●•■※xX"
_ANY_STAR = re.compile(f"[{_STAR}]")
_RUN = re.compile(rf"\d(?:{_SEPARATOR}{{0,3}}\d){{10,}}(?:{_SEPARATOR}{{0,3}}[xXｘＸ](?![0-9A-Za-z]))?")
_GROUP = re.compile(r"\d+[xXｘＸ]?|[xXｘＸ]")
_MASKED = re.compile(rf"[\d{_STAR}](?:[ \-\\]{{0,2}}[\d{_STAR}]){{8,25}}")
_ANY_LONG = re.compile(rf"[\d{_STAR}](?:[ \-.\u3000]{{0,2}}[\d{_STAR}]){{10,}}")
_EMPHASIS = re.compile(r"^\*{1,3}(?=\d)|(?<=\d)\*{1,3}$")
_NEAR = 14
"""Characters before a number that may say what it is."""


class Found(Struct, frozen=True):
    """A personal number in a text, or a mask of one that hides too little."""

    kind: Kind
    start: int
    end: int
    head: str
    """The first characters, all of it that may be repeated."""
    length: int
    """How many characters the number has."""
    problem: str | None = None
    """For a mask: why it hides too little."""
    digits: str = ""
    """The number itself, for comparing with official ones. Never in a message."""

    def __repr__(self) -> str:
        return f"Found({self.kind}, {self.start}–{self.end})"


def find(text: str, context: str = "", *, loose: bool = True) -> Iterator[Found]:
    """Every number of a person in ``text``, in order; each once. ``context`` is the heading of the text's column, where it has one.

    ``loose`` is false for text whose columns were lost (PDF): there figures stand side by side that are no grouped number.
    """
    if not loose:
        text = _rejoin(text)
    for run in _RUN.finditer(text):
        groups = [(m.start() + run.start(), m.end() + run.start(), _plain(m[0])) for m in _GROUP.finditer(run[0])]
        yield from _in_groups(text, groups, context, loose)


def find_masks(text: str) -> Iterator[Found]:
    """Every masked number in ``text`` that hides too little, or has the wrong number of stars."""
    for m in _MASKED.finditer(text):
        if (m.start() and _word(text[m.start() - 1])) or (m.end() < len(text) and _word(text[m.end()])):
            continue
        shape = _EMPHASIS.sub("", re.sub(r"[ \-\\]", "", m[0]) if "\\" in m[0] else _EMPHASIS.sub("", re.sub(r"[ \-]", "", m[0])))
        shape = re.sub(rf"[{_STAR}]", "*", _plain(shape))
        if got := _weak(shape):
            kind, problem = got
            head = re.match(r"\d{0,3}", shape)
            yield Found(kind, m.start(), m.end(), head[0] if head else "", len(shape), problem)


def lines_with_numbers(text: str, *, masks: bool = True) -> Iterator[tuple[int, str]]:
    """The lines of ``text`` (counted from 0) in which :func:`find`, or :func:`find_masks` where ``masks`` matter, could find anything.

    A look at the bytes: most text and nearly all rows of tables hold no long number, and millions of rows pass here.
    """
    if not possible(text, masks=masks):
        return
    # No number runs over the end of a line, so one search finds all lines that have any.
    found = {m.start() for m in _RUN.finditer(text)}
    if masks and has_star(text):
        found.update(m.start() for m in _MASKED.finditer(text) if _ANY_STAR.search(m[0]))
    starts = sorted(found)
    n, at = 0, 0
    last = -1
    for start in starts:
        n += text.count("\n", at, start)
        at = start
        if n != last:
            last = n
            first, end = text.rfind("\n", 0, start) + 1, text.find("\n", start)
            yield n, text[first:] if end < 0 else text[first:end]


def has_star(text: str) -> bool:
    """Whether a text has a character that hides another; without one it holds no mask."""
    for star in _STAR:  # noqa: SIM110 - millions of cells pass here, and a generator takes as long as the look
        if star in text:
            return True
    return False


def redact(text: str) -> str:
    """``text`` with the numbers of persons in it shortened to their head: ``2301…``. What findings quote goes through this."""
    if sum(c.isdecimal() for c in text) < 11:
        return text
    out, at = [], 0
    for f in find(text):
        out += [text[at : f.start], f.head, "…"]
        at = f.end
    return "".join((*out, text[at:]))


def shortened(text: str) -> str:
    """A cell that could not be read, as a finding may quote it: whatever long number it holds is cut to its head."""
    return _ANY_LONG.sub(lambda m: f"{m[0][:4]}…", text)


_RUNS = bytes(48 if chr(c).isdecimal() or chr(c) in "*xX" else c for c in range(128)) + bytes(range(128, 256))
_DIGIT_RUNS = bytes(48 if chr(c).isdecimal() else c for c in range(128)) + bytes(range(128, 256))
_PASSED_OVER = b" -_.,'\\"
_LONG = b"0" * 10
_NO_DIGITS = bytes(c for c in range(256) if not 48 <= c < 58)
_WIDE = re.compile("[\u00a0\u00b7\u00d7\u0640-\u067f\u2000-\u203f\u2200-\u223f\u25a0\u25cf\u2731\u3000\ufeff\uff0a\U0001d7c0-\U0001d7ff]")
"""Stars, spaces and dashes beyond ASCII, and digits of other scripts."""
_WIDE_DIGIT = re.compile("[０-９]")


def possible(text: str, *, masks: bool = True) -> bool:
    """Whether :func:`lines_with_numbers` may yield anything at all; most texts are told from those that hold a number by one look."""
    data = text.encode("utf-8", "surrogatepass")
    if _LONG in data.translate(_RUNS if masks else _DIGIT_RUNS, _PASSED_OVER):
        return True
    if len(data) == len(text):
        return False
    if _WIDE_DIGIT.search(text):
        return True
    return len(data.translate(None, _NO_DIGITS)) >= 4 and _WIDE.search(text) is not None


Groups = list[tuple[int, int, str]]


def _in_groups(text: str, groups: Groups, context: str, loose: bool) -> Iterator[Found]:
    """Numbers that begin and end where a group of digits does; what was found is not looked at again."""
    i = 0
    while i < len(groups):
        found = _within(text, groups[i], context)
        joined = ""
        for j in range(i, len(groups) if found is None else i):
            joined += groups[j][2]
            if len(joined) > 22:
                break
            if len(joined) < 11:
                continue
            shape = tuple(len(g[2]) for g in groups[i : j + 1])
            start, end = groups[i][0], groups[j][1]
            said = _said(context, text, start)
            kind = kind_of(joined, shape, said, text[end : end + 3], _gap(text, groups[i : j + 1]), loose)
            if kind and not (start and text[start - 1].isascii() and text[start - 1].isalpha() and kind != "id_number"):
                sure = kind == "id_number" and len(joined) == 18 and id_check(joined[:17]) == joined[17]
                if found is None or sure or (kind == "id_number" and found[0] != kind):
                    found = (kind, start, end, joined, j)
                if sure:
                    break
        if found is None:
            i += 1
            continue
        kind, start, end, joined, j = found
        j = max(j, i)
        number = joined[-11:] if kind == "phone" else joined
        yield Found(kind, start, end, number[: 3 if kind == "phone" else 4], len(number), None, number)
        i = j + 1


def _within(text: str, group: tuple[int, int, str], context: str) -> tuple[Kind, int, int, str, int] | None:
    """A valid ID number inside a longer row of digits, as it comes about where somebody forgot the space."""
    start, _, digits = group
    if len(digits) < 20:
        return None
    said = _said(context, text, start)
    for at in range(len(digits) - 17):
        part = digits[at : at + 18]
        plausible = part[:2] in PROVINCES and part[:17].isdecimal() and part[6:10] < "2015" and born(part[6:14])
        if plausible and id_check(part[:17]) == part[17] and not said.other:
            return "id_number", start + at, start + at + 18, part, -1
    return None


def _said(context: str, text: str, start: int) -> Said:
    return Said(context, text[max(0, start - _NEAR) : start].rpartition("\n")[2])


def _gap(text: str, groups: Groups) -> str:
    return "".join(text[a[1] : b[0]] for a, b in pairwise(groups))


def _weak(shape: str) -> tuple[Kind, str] | None:
    """What a mask hides and why it hides too little; ``None`` for what is no mask or hides enough."""
    digits, n = len(shape.replace("*", "")), len(shape)
    head = re.match(r"\d*", shape)
    first = head[0] if head else ""
    if digits < 4 or "*" not in shape or first.startswith("0"):
        return None
    likely = first[:2] in PROVINCES and len(first) >= 3
    if "**" not in shape:
        # One star between digits: a dimension (1800*600*50), unless everything around it is an ID number's.
        if n == 18 and likely and digits == 17 and _dated(shape):
            return "id_number", mask_problem("id_number", shape) or ""
        return None
    if 10 <= n <= 12 and re.match(r"1[3-9]", first):
        kind: Kind = "phone"
    elif n in (15, 18) or (likely and 13 <= n <= 21 and not first.startswith("62")):
        kind = "id_number"
    elif 16 <= n <= 19:
        kind = "bank_account"
    else:
        return None
    problem = mask_problem(kind, shape)
    return (kind, problem) if problem else None


def _dated(shape: str) -> bool:
    return bool(re.match(r".{6}[12*][890*]", shape)) and bool(re.match(r".{10}[01*][\d*][0-3*]", shape))


def _rejoin(text: str) -> str:
    """Line ends inside a number, as PDF gives them where a narrow cell wraps, become spaces."""
    return _WRAPPED.sub(lambda m: " " * len(m[0]), text)


_WRAPPED = re.compile(r"(?<=\d{6})[\r\n]{1,2}(?=\d{1,12}[xX]?(?!\d))")


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).upper()


def _word(character: str) -> bool:
    return character.isascii() and character.isalnum()
