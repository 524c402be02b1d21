"""Masks (脱敏): whether a value hides enough. We never mask for people: the raw value should not be in the file at all.

No national rule fixes which digits to hide. What is asked here hides what identifies: a name keeps at most its family name
and last character, a number keeps too little to be completed by someone who knows the birth date.
"""

from __future__ import annotations

import re
import unicodedata

from .catalog import Mask

COMPOUND_SURNAMES = frozenset(
    (
        "欧阳",
        "上官",
        "司马",
        "诸葛",
        "司徒",
        "夏侯",
        "皇甫",
        "尉迟",
        "公孙",
        "慕容",
        "令狐",
        "长孙",
        "宇文",
        "东方",
        "南宫",
        "端木",
        "闻人",
        "独孤",
        "西门",
        "呼延",
    )
)
"""复姓: such a name keeps two characters of its family name."""
_DOOR = re.compile(r"\d+\s*(号|室|单元|栋|幢)")


def mask_problem(kind: Mask, value: str) -> str | None:
    """Why ``value`` is not masked well enough for ``kind``, without repeating it; ``None`` when it is fine."""
    text = unicodedata.normalize("NFKC", value).strip()
    if kind == "name":
        if "*" not in text and "某" not in text:
            return "a name must have a star (张*三)"
        left = re.sub(r"[*某]", "", text)
        if len(left.replace("·", "")) > 3 or (len(left) == 3 and "·" not in left and left[:2] not in COMPOUND_SURNAMES):
            return "too much of the name is left"
        return None
    if kind == "address":
        return "the address goes down to the door" if _DOOR.search(text) else None
    shown = len(re.sub(r"[^0-9A-Za-z]", "", text))
    stars = text.count("*")
    if kind == "id_number":
        if stars + shown not in (15, 18):
            return "an ID number has 15 or 18 characters, stars included"
        return "more than 8 characters of the ID number are left" if shown > 8 else None
    if kind == "phone":
        if shown > 7 or stars < 4:
            return "more than 7 digits of the telephone number are left"
        return "a mobile number has 11 digits, stars included" if text.startswith("1") and shown + stars != 11 else None
    return "more than 4 digits of the account are left" if shown > 4 else None
