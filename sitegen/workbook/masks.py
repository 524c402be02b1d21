"""Masking at the door: what the schema of a column says, done before anything is written. Held to :mod:`sitegen.model.mask` (tested)."""

from __future__ import annotations

import re
import unicodedata

from sitegen.model.catalog import Mask
from sitegen.model.mask import COMPOUND_SURNAMES, mask_problem
from sitegen.model.table import fold

_NAME = re.compile(r"[㐀-鿿𠀀-𲎯]{2,6}|[㐀-鿿]{1,10}(?:·[㐀-鿿]{1,10}){1,3}")
_STARS = re.compile(r"[＊∗✱×●•■※xX○〇](?=.|$)")
_DOOR = re.compile(r"\d+\s*(?:号|室|单元|栋|幢).*$")


def masked(kind: Mask, value: str) -> str | None:
    """``value`` masked as a column of this kind wants it; as it is where it is masked well enough; ``None`` where that cannot be done safely."""
    text = unicodedata.normalize("NFKC", value).strip()
    if kind == "name":
        text = _STARS.sub("*", fold(value).replace("•", "·") if "·" in value or "•" in value else fold(value))
        if not mask_problem("name", text) and not re.search(r"\d", text):
            return text
        made = _name(text) if _NAME.fullmatch(text) else None
    elif kind == "address":
        made = _DOOR.sub("", text).strip() or None
    else:
        digits = re.sub(r"[^0-9A-Za-z*]", "", text)
        if "*" in digits:
            made = digits
        elif kind == "phone":
            made = f"{digits[:3]}****{digits[-4:]}" if len(digits) >= 11 else None
        elif kind == "id_number":
            made = f"{digits[:4]}{'*' * (len(digits) - 8)}{digits[-4:]}" if len(digits) in (15, 18) else None
        else:
            made = f"{'*' * (len(digits) - 4)}{digits[-4:]}" if len(digits) >= 8 else None
    return made if made is not None and not mask_problem(kind, made) else None


def _name(text: str) -> str:
    """张*三, 张*, 欧阳*娜, 买*·吐*逊: at most family name and last character stay."""
    if "·" in text:
        first, *_, last = text.split("·")
        return f"{first[0]}{'*' * max(1, len(first) - 1)}·{'*' * max(1, len(last) - 1)}{last[-1]}"
    kept = 2 if text[:2] in COMPOUND_SURNAMES and len(text) > 2 else 1
    given = text[kept:]
    return text[:kept] + ("*" if len(given) == 1 else "*" * (len(given) - 1) + given[-1])
