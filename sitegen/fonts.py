"""The fonts that sheets are set in, and which characters they lack."""

from __future__ import annotations

import importlib.resources
import re
import struct
from functools import cache
from pathlib import Path

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
    return frozenset.intersection(*map(characters_of, files))


@cache
def characters_of(path: Path) -> frozenset[int]:
    """Code points that a font has."""
    from fontTools.ttLib import TTFont  # only for characters that are not common

    with TTFont(path, lazy=True) as font:
        table = font.reader["cmap"]
        found = _ranges(table)
        # Names of glyphs are not needed, and reading them takes a hundred times as long.
        return frozenset(found) if found is not None else frozenset(font.getBestCmap())


def _ranges(table: bytes) -> list[int] | None:
    """Code points of a cmap with a subtable of format 12 (ISO/IEC 14496-22), which every large font has."""
    for _, _, offset in struct.iter_unpack(">HHI", table[4 : 4 + 8 * struct.unpack_from(">H", table, 2)[0]]):
        if struct.unpack_from(">H", table, offset)[0] == 12:
            count = struct.unpack_from(">I", table, offset + 12)[0]
            groups = struct.iter_unpack(">III", table[offset + 16 : offset + 16 + 12 * count])
            return [code for first, last, glyph in groups for code in range(first, last + 1) if glyph + code - first]
    return None


FONTS = "fonts"
"""The folder of a region with fonts of its own."""


@cache
def own_fonts(root: Path) -> tuple[Path, ...]:
    """Fonts that a region brings: for characters that ours lack, and for those that region.yml names. They are its own affair and not ours to ship."""
    folder = root / FONTS
    found = (p for p in folder.rglob("*") if p.suffix.lower() in (".otf", ".ttf")) if folder.is_dir() else ()
    return tuple(sorted(p for p in found if _is_font(p)))


def _is_font(path: Path) -> bool:
    from fontTools.ttLib import TTLibError

    try:
        characters_of(path)
    except (TTLibError, OSError, KeyError, struct.error):
        return False
    return True


def families(paths: tuple[Path, ...]) -> tuple[str, ...]:
    """Names of the families of some fonts."""
    return tuple(sorted({name for path in paths if (name := _family(path))}))


@cache
def _family(path: Path) -> str:
    from fontTools.ttLib import TTFont

    with TTFont(path, lazy=True) as font:
        return str(font["name"].getDebugName(16) or font["name"].getDebugName(1) or "")


def missing_glyphs(text: str, root: Path | None = None) -> frozenset[str]:
    """The characters of ``text`` that would print as a blank box; with ``root``, that neither our fonts nor the region's have."""
    rest = _COMMON.sub("", text)
    if not rest:
        return frozenset()
    lacking = frozenset(c for c in rest if ord(c) not in _characters() and not c.isspace())
    if lacking and root is not None:
        own = own_fonts(root)
        lacking = frozenset(c for c in lacking if not any(ord(c) in characters_of(path) for path in own))
    return lacking
