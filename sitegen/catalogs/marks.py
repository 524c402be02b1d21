"""The marks of the official table (■ □ √), as it is written and as copies of it write them.

Copies made by hand, by scanning and by conversion from PDF mix ■ and □ with ● 〇 ☑, with the characters 口 and 囗, and with the letters that
stand behind such glyphs in symbol fonts (Wingdings n = ■, o = □, ü = ✓).
"""

from __future__ import annotations

import re
import unicodedata

from msgspec import Struct

from sitegen.model.catalog import BOARD_CHANNEL, CHANNELS

MARK = "√"
YES, NO = "■", "□"

_YES_GLYPHS = "■√●☑✓✔▇█▉◆☒▣◼⬛◾▪✅🗹⚫"
_NO_GLYPHS = "□口囗ロ〇○◯☐❑❒▢◻⬜◽▫◇❏❐⚪×✗✘"
_YES_LETTERS, _NO_LETTERS = "VvRþünP", "Oo¨q£xX"
YES_MARKS = frozenset([*_YES_GLYPHS, *_YES_LETTERS, "是", "1", "有", "Y", "y"])
"""All that means chosen, one character each, after widths are made one."""
NO_MARKS = frozenset(["", *_NO_GLYPHS, *_NO_LETTERS, "否", "0", "无", "/", "-", "—", "－", "N"])
"""All that means not chosen."""

_GLYPH = f"[{re.escape(_YES_GLYPHS + _NO_GLYPHS + _YES_LETTERS + _NO_LETTERS)}]"
_CLEAR_GLYPHS = (set(_YES_GLYPHS + _NO_GLYPHS) | {"V", "v", "Ｖ"}) - set("口囗ロ")
"""Marks that no word begins with."""
_BRACKETED = re.compile(r"[\[(（【［]\s*([√✓✔☑VvＶ×xX■□]?)\s*[\])）】］]")
_SEPARATORS = "?、,，;；/|。.·:：“”\"'-—…_()"

# Longer names first where one begins another.
_NAMES: tuple[tuple[str, str], ...] = (
    ("政府网站", r"(?:县|区|市)?(?:人民)?政府(?:门户)?网站?|门户网站"),
    ("政府公报", r"政府公报"),
    ("两微一端", r"[“\"]?两微一端[”\"]?|政务新媒体|(?:[村居]民)?微信(?:公众号|群)?|官方微[信博]|微博"),
    ("发布会/听证会", r"(?:新闻)?发布会[/、,或和]?听证会|(?:新闻)?发布会|听证会"),
    ("广播电视", r"广播[/、]?电视|广播|电视"),
    ("纸质媒体", r"纸质(?:媒体|媒介|载体)|报纸|报刊"),
    ("公开查阅点", r"(?:政府)?(?:信息)?公开查阅(?:点|室|场所)"),
    ("政务服务中心", r"(?:政务|行政)服务(?:中心|大厅|窗口)"),
    ("便民服务站", r"便民服务(?:站|点|室|大厅|窗口|中心)"),
    ("入户/现场", r"入户[/、]?现场|入户|现场"),
    (
        BOARD_CHANNEL,
        r"(?:(?:社区|企事业单位|村(?:务|组|居|级)?|居务|政务|[/、])*(?:公示|公开|公告)[栏榜](?:[/、]?\(?电子(?:显示)?屏\)?)?)|\(?电子(?:显示)?屏\)?",
    ),
    ("精准推送", r"精准推送"),
    ("其他", r"其[他它]"),
)
_CHANNEL = "|".join(f"(?P<c{n}>{pattern})" for n, (_, pattern) in enumerate(_NAMES))
_BEFORE = re.compile(f"(?P<glyph>{_GLYPH})?(?:{_CHANNEL})")
_AFTER = re.compile(f"(?:{_CHANNEL})(?P<glyph>{_GLYPH})?")


def plain(text: str) -> str:
    """A cell in one spelling: one width, no spaces. The diaeresis that Wingdings shows as □ becomes one."""
    return "".join(unicodedata.normalize("NFKC", text.replace("¨", NO)).split())


def read_mark(text: str) -> bool | None:
    """Whether a cell is ticked; ``None`` when it holds neither a mark nor a known way of leaving it out."""
    word = plain(_BRACKETED.sub(lambda m: m[1] or NO, text))
    if word in NO_MARKS:
        return False
    return True if word in YES_MARKS else None


def read_noted_mark(text: str) -> tuple[bool | None, str | None]:
    """A mark with a note: √（本村村民）, or the note alone, which marks too."""
    marked = read_mark(text)
    if marked is not None:
        return marked, None
    mark, note = ("", text.strip())
    if note[0] in _CLEAR_GLYPHS:
        mark, note = note[0], note[1:].strip()
    if bracketed := re.fullmatch(r"[(（:：]\s*(.*?)\s*[)）]?", note, re.DOTALL):
        note = bracketed[1]
    return mark not in _NO_GLYPHS or not mark, note or None


class Channels(Struct, frozen=True):
    """A cell of 公开渠道和载体, as read."""

    chosen: tuple[str, ...]
    """In the grid's order."""
    unclear: tuple[str, ...]
    """Named without a readable mark among marked ones."""
    unknown: tuple[str, ...]
    """Chosen, but none of the grid's channels."""


def write_channels(channels: tuple[str, ...]) -> str:
    """The grid as the official table prints it: all thirteen, ■ before the chosen ones, two in a line."""
    cells = [f"{YES if c in channels else NO}{c.replace('(', '（').replace(')', '）')}" for c in CHANNELS]
    lines: list[str] = []
    while cells:
        pair = len(cells) > 1 and len(cells[0]) + len(cells[1]) < 18
        first = cells.pop(0)
        lines.append(first + "　" * max(1, 8 - len(first)) + cells.pop(0) if pair else first)
    return "\n".join(lines)


def read_channels(text: str) -> Channels:
    """Read a grid in any spelling: marks before or after the names, any spaces and line breaks, or only the chosen names."""
    word = plain(_BRACKETED.sub(lambda m: m[1] or NO, text))
    found = _scan(word, _BEFORE)
    if found and not found[0].glyph and not found[0].before and found[-1].end == len(word) - 1 and re.fullmatch(_GLYPH, word[-1]):
        found = _scan(word, _AFTER)
    marked = any(f.glyph for f in found)
    chosen: set[str] = set()
    unclear: list[str] = []
    unknown: list[str] = []
    rest = word[found[-1].end :] if found else word
    for f in found:
        if f.glyph:
            if f.glyph in YES_MARKS:
                chosen.add(f.name)
        elif marked or f.before:
            unclear.append(f.name)
        else:
            chosen.add(f.name)
    for span in [*(f.before for f in found), rest]:
        unknown += _others(span, bare=not marked)
    return Channels(
        tuple(c for c in CHANNELS if c in chosen),
        tuple(dict.fromkeys(c for c in unclear if c not in chosen)),
        tuple(dict.fromkeys(unknown)),
    )


class _Found(Struct, frozen=True):
    name: str
    glyph: str
    before: str
    """What stands between the last name and this one, without separators."""
    end: int


def _scan(word: str, pattern: re.Pattern[str]) -> list[_Found]:
    made: list[_Found] = []
    end = 0
    for m in pattern.finditer(word):
        name = next(_NAMES[n][0] for n in range(len(_NAMES)) if m[f"c{n}"] is not None)
        glyph, before = m["glyph"] or "", word[end : m.start()].strip(_SEPARATORS)
        if (
            not glyph and pattern is _BEFORE and before[:1] in _CLEAR_GLYPHS and re.fullmatch("[一-龥]{1,3}", before[1:])
        ):  # ■本县政府网站: a word of the name's own
            glyph, before = before[0], ""
        made.append(_Found(name, glyph, before, m.end()))
        end = m.end()
    return made


def _others(span: str, *, bare: bool) -> list[str]:
    """Chosen names that the grid does not have, in what is left between known ones; a note in brackets is none."""
    span = re.sub(r"\([^)]*\)", "", span).strip(_SEPARATORS)
    if bare:
        return [part for part in re.split(r"[、,;/]", span) if len(part) > 1]
    marked = re.findall(f"({_GLYPH})([^{re.escape(_YES_GLYPHS + _NO_GLYPHS)}]{{2,}})", span)
    return [name.strip(_SEPARATORS) for glyph, name in marked if glyph in YES_MARKS]
