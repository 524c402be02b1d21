"""How wide texts are, in ems of the fonts of the sheets, and where a line may end."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

PT = 72 / 25.4
"""Points in a millimetre."""

# Between Chinese characters a line may end anywhere; not between stops and brackets (U+3000 to U+303F).
HAN = "\u2e80-\u2fff\u3040-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
"""Characters between which a line may end, as a class of regular expressions."""
SOLID = re.compile(rf"[^\s\u200b{HAN}]+")
"""A run that has no place to break."""


# Advances of the printable ASCII characters in thousandths of an em: of Noto Sans SC, and of Noto Serif SC.
_SANS = (
    224, 323, 474, 555, 555, 921, 680, 278, 338, 338, 467, 555, 278, 347, 278, 392, 555, 555, 555, 555, 555, 555, 555, 555,
    555, 555, 278, 278, 555, 555, 555, 474, 946, 608, 657, 638, 688, 589, 552, 689, 728, 293, 535, 646, 543, 812, 723, 742,
    633, 742, 635, 596, 599, 721, 575, 878, 573, 531, 603, 338, 392, 338, 555, 559, 606, 563, 618, 510, 620, 554, 325, 564,
    607, 275, 275, 552, 284, 926, 610, 606, 620, 620, 388, 468, 377, 607, 521, 802, 498, 521, 475, 338, 270, 338, 555,
)  # fmt: skip
_SERIF = (
    256, 308, 376, 574, 550, 923, 779, 196, 364, 364, 478, 580, 327, 346, 327, 352, 557, 471, 558, 557, 555, 558, 558, 549,
    558, 562, 327, 327, 580, 580, 580, 432, 912, 718, 670, 691, 770, 652, 629, 741, 853, 405, 403, 731, 625, 975, 796, 767,
    641, 767, 715, 567, 659, 797, 714, 1053, 700, 687, 605, 344, 352, 344, 580, 563, 435, 557, 638, 538, 629, 547, 388, 566,
    663, 332, 311, 607, 334, 974, 661, 596, 638, 607, 462, 473, 367, 653, 548, 838, 564, 552, 498, 374, 316, 374, 580,
)  # fmt: skip


@lru_cache(maxsize=1 << 14)
def width_of(text: str, *, serif: bool = False) -> float:
    """Width of the longest line in ems: 1 for a Chinese character, a little over half for a digit, never too little."""
    width = _serif_width if serif else _width
    return max(sum(map(width, line)) for line in text.split("\n"))


@cache
def _width(char: str, ascii_advances: tuple[int, ...] = _SANS) -> float:
    if " " <= char <= "~":
        return ascii_advances[ord(char) - 32] / 1000
    if char in "\u200b\n":
        return 0.0
    # Some letters of other scripts are wider than a Chinese character; the long dashes are two and three of them.
    kind, sort = unicodedata.east_asian_width(char), unicodedata.category(char)
    return 2.5 if char in "⸺⸻" else 1.0 if kind in "WF" or (kind == "A" and sort[0] in "PN") or sort == "Sm" else 1.2


@cache
def _serif_width(char: str) -> float:
    # The tabular figures of Noto Serif SC are a little wider than some of its usual ones.
    return 0.563 if "0" <= char <= "9" else _width(char, _SERIF)


BESIDE = re.compile(rf"(?<=[{HAN}])(?=[A-Za-z0-9])|(?<=[A-Za-z0-9])(?=[{HAN}])")
"""Places between a Chinese and a Latin character or figure."""
GAP = 0.25
"""White between a Chinese and a Latin character or figure, in ems."""


def spaced(text: str) -> float:
    """Width of a line of text in Noto Serif SC, with the white between Chinese and Latin characters."""
    return width_of(text, serif=True) + GAP * max(len(BESIDE.findall(line)) for line in text.split("\n"))


def breakable(text: str, ems: float) -> str:
    """``text`` with places to break inside runs that are wider than ``ems`` and have none: long addresses, rows of full stops."""

    if len(text) < 4 or width_of(text) <= ems:
        return text

    def cut(run: re.Match[str]) -> str:
        found = run.group()
        if len(found) < 4 or width_of(found) <= ems:
            return found
        step = max(1, int(ems / 1.6))
        return "\u200b".join(found[n : n + step] for n in range(0, len(found), step))

    return SOLID.sub(cut, text)
