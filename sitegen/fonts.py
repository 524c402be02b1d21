"""The fonts that sheets are set in, and which characters they lack."""

from __future__ import annotations

import importlib.resources
import re
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont

# Both fonts have all of these (tested); only other characters make us open the fonts.
_COMMON = re.compile(
    r"[\x00-\x7e\u00b7\u2014\u2018\u2019\u201c\u201d\u2026\u3000-\u3002\u3008-\u3011\u3014\u3015\u4e00-\u9fa5\uff01-\uff5e]+"
)


@cache
def font_folder() -> Path:
    """Where the pip package with Noto Sans SC and Noto Serif SC keeps its files."""
    root = importlib.resources.files("pylopdf_fonts_zh_cn")
    return Path(str(root))


@cache
def _characters() -> frozenset[int]:
    """Code points that every font has."""
    files = sorted(p for p in font_folder().rglob("*") if p.suffix.lower() in (".otf", ".ttf"))
    sets = [frozenset(TTFont(path, lazy=True).getBestCmap()) for path in files]
    return frozenset.intersection(*sets)


def missing_glyphs(text: str) -> frozenset[str]:
    """The characters of ``text`` that would print as a blank box."""
    rest = _COMMON.sub("", text)
    if not rest:
        return frozenset()
    return frozenset(c for c in rest if ord(c) not in _characters() and not c.isspace())
