"""First letters of the pinyin of a Chinese name, for proposing ids: 涉农补贴 → snbt.

The 3,755 common characters of GB 2312 stand in the order of their pinyin, so that the code of a character tells its first letter. Characters
outside them are left out; an id is a name to be looked at, not a transcription.
"""

from __future__ import annotations

from bisect import bisect_right

_STARTS = "啊芭擦搭蛾发噶哈击喀垃妈拿哦啪期然撒塌挖昔压匝"
_LETTERS = "abcdefghjklmnopqrstwxyz"
_CODES = [c.encode("gb2312") for c in _STARTS]
_LAST = "座".encode("gb2312")


def initials(text: str, length: int = 12) -> str:
    """Letters and digits as they are, a letter for every common character, at most ``length`` in all."""
    out = []
    for c in text.lower():
        if c.isascii() and c.isalnum():
            out.append(c)
            continue
        try:
            code = c.encode("gb2312")
        except UnicodeEncodeError:
            continue
        if len(code) == 2 and _CODES[0] <= code <= _LAST:
            out.append(_LETTERS[bisect_right(_CODES, code) - 1])
    return "".join(out)[:length]
