"""Markdown → raw HTML: CommonMark with tables, strike-through, footnotes and task lists, whose emphasis closes beside Chinese (``**说明：**本表…``).

comrak does it, compiled and a hundred times faster. Where no wheel of it exists (Windows with a Python other than 3.14), markdown-it-py does the
same: tests hold both to the same bytes. Nothing here makes a text safe: :mod:`sitegen.text` cleans what comes out.
"""

from __future__ import annotations

import functools
import importlib.util
import re
import unicodedata
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

COMPILED = importlib.util.find_spec("comrak") is not None
"""Whether comrak is there."""
LIBRARY = "comrak" if COMPILED else "markdown-it-py"
"""Name of the package that does it."""


def render(text: str) -> str:
    """A text as HTML."""
    return _compiled(text) if COMPILED else in_python(text)


@functools.cache
def _extensions() -> Any:
    import comrak

    options = comrak.ExtensionOptions()
    options.table = True
    options.strikethrough = True
    options.footnotes = True
    options.tasklist = True
    options.cjk_friendly_emphasis = True
    return options


def _compiled(text: str) -> str:
    import comrak

    made: str = comrak.render_markdown(text, extension_options=_extensions())
    return made


def in_python(text: str) -> str:
    """The same without compiled code."""
    return str(_parser().render(text.replace("\0", "\ufffd")))


@functools.cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline
    from mdit_py_plugins.footnote import footnote_plugin

    class Inline(StateInline):  # type: ignore[misc,unused-ignore]
        def scanDelims(self, start: int, canSplitWord: bool) -> Any:
            return _delimiters(self.src, start, self.posMax, split=canSplitWord)

    parser = MarkdownIt("commonmark", {"html": True}).enable("table")
    parser.use(footnote_plugin, inline=False)
    parser.core.ruler.after("inline", "tasks", _tasks)
    parser.inline.ruler.before("emphasis", "struck", _strikes)
    parser.inline.ruler2.after("balance_pairs", "struck", _struck)
    inline = parser.inline

    def parse(src: str, md: Any, env: Any, tokens: Any) -> Any:
        state = Inline(src, md, env, tokens)
        inline.tokenize(state)
        for rule in inline.ruler2.getRules(""):
            rule(state)
        return state.tokens

    inline.parse = parse  # type: ignore[method-assign]
    parser.validateLink = lambda url: True  # type: ignore[method-assign]
    parser.normalizeLink = _address  # type: ignore[method-assign]
    renderer: Any = parser.renderer
    renderer.rules.update(_RULES)
    return parser


# ---- Emphasis beside Chinese

_CJK = (
    *((0x1100, 0x11FF), (0x20A9, 0x20A9), (0x2329, 0x232A), (0x2630, 0x2637), (0x268A, 0x268F), (0x2E80, 0x303E), (0x3041, 0x31E5)),
    *((0x31EF, 0x321E), (0x3220, 0x3247), (0x3250, 0xA4C6), (0xA960, 0xA97C), (0xAC00, 0xD7FB), (0xF900, 0xFAFF), (0xFE10, 0xFE19)),
    *((0xFE30, 0xFE6B), (0xFF01, 0xFFBE), (0xFFC2, 0xFFDC), (0xFFE0, 0xFFE6), (0xFFE8, 0xFFEE), (0x16FE0, 0x1B2FB), (0x1D300, 0x1D376)),
    *((0x1F200, 0x1F200), (0x1F202, 0x1F202), (0x1F210, 0x1F219), (0x1F21B, 0x1F22E), (0x1F230, 0x1F231), (0x1F237, 0x1F237)),
    *((0x1F23B, 0x1F23B), (0x1F240, 0x1F248), (0x1F260, 0x1F265), (0x20000, 0x3FFFD)),
)


@functools.lru_cache(4096)
def _is_cjk(char: str) -> bool:
    return any(first <= ord(char) <= last for first, last in _CJK)


@functools.lru_cache(4096)
def _is_punctuation(char: str) -> bool:
    return unicodedata.category(char)[0] in "PS"


def _is_space(char: str) -> bool:
    return char in "\t\n\f\r" or unicodedata.category(char) == "Zs"


def _delimiters(src: str, start: int, end: int, *, split: bool) -> Any:
    """Whether a run of ``*``, ``_`` or ``~`` may open and close, where Chinese counts neither as a word nor as its end."""
    from markdown_it.rules_inline.state_inline import Scanned

    marker, pos = src[start], start
    while pos < end and src[pos] == marker:
        pos += 1
    # Tildes are looked through, as cmark does where text may be struck out.
    first, last = start - 1, pos
    while first >= 0 and src[first] == "~":
        first -= 1
    while last < end and src[last] == "~":
        last += 1
    before = src[first] if first >= 0 else " "
    after = src[last] if last < end else " "
    mark_before, mark_after = _is_punctuation(before) and not _is_cjk(before), _is_punctuation(after) and not _is_cjk(after)
    space_before, space_after = _is_space(before), _is_space(after)
    left = not space_after and (not mark_after or space_before or mark_before or _is_cjk(before))
    right = not space_before and (not mark_before or space_after or mark_after or _is_cjk(after))
    opens = left and (split or not right or _is_punctuation(before))
    closes = right and (split or not left or _is_punctuation(after))
    return Scanned(opens, closes, pos - start)


# ---- What is struck out, and boxes of tasks

_ONE, _TWO = 0x7E, 0x1007E
"""Marks of runs of one and of two tildes: they do not close each other."""


def _strikes(state: Any, silent: bool) -> bool:
    from markdown_it.rules_inline.state_inline import Delimiter

    if state.src[state.pos] != "~" or silent:
        return False
    scanned = state.scanDelims(state.pos, True)
    token = state.push("text", "", 0)
    token.content = "~" * scanned.length
    if scanned.length <= 2:
        mark = _ONE if scanned.length == 1 else _TWO
        at = len(state.tokens) - 1
        state.delimiters.append(Delimiter(mark, 0, at, -1, scanned.can_open, scanned.can_close))
    state.pos += scanned.length
    return True


def _struck(state: Any) -> None:
    for delimiters in (state.delimiters, *(meta["delimiters"] for meta in state.tokens_meta if meta and "delimiters" in meta)):
        for first in delimiters:
            if first.marker not in (_ONE, _TWO) or first.end == -1:
                continue
            for at, nesting in ((first.token, 1), (delimiters[first.end].token, -1)):
                token = state.tokens[at]
                token.type, token.tag, token.nesting, token.content = f"del_{'open' if nesting == 1 else 'close'}", "del", nesting, ""


_BOX = re.compile(r"\[([ xX])\](?: |$)")


def _tasks(state: Any) -> None:
    """Take ``[ ]`` out of the text of an item; the item itself shows the box."""
    tokens = state.tokens
    for n in range(2, len(tokens)):
        if (tokens[n].type, tokens[n - 1].type, tokens[n - 2].type) != ("inline", "paragraph_open", "list_item_open"):
            continue
        m, children = _BOX.match(tokens[n].content), tokens[n].children or []
        if m and children and children[0].type == "text" and children[0].content.startswith(m[0]):
            children[0].content = children[0].content[len(m[0]) :]
            tokens[n - 2].meta = {"done": m[1] != " "}
            if not m[0].endswith(" "):
                tokens[n - 1].hidden = tokens[n + 1].hidden = True


# ---- HTML as comrak writes it

_DANGEROUS = re.compile(r"(?:javascript:|vbscript:|file:|data:(?!image/(?:png|gif|jpeg|webp)))", re.IGNORECASE)
_STRAY = re.compile(r"%(?![0-9A-Fa-f]{2})")
_SAFE = "-_.+!*(),%#@?=;:/$~[]&'"


def _address(url: str) -> str:
    return "" if _DANGEROUS.match(url) else _STRAY.sub("%25", quote(url, safe=_SAFE))


def _cell(tokens: Any, index: int, options: Any, env: Any) -> str:
    side = str(tokens[index].attrs.get("style", "")).partition(":")[2]
    return f'<{tokens[index].tag} align="{side}">' if side else f"<{tokens[index].tag}>"


def _entry(tokens: Any, index: int, options: Any, env: Any) -> str:
    box, after = "", tokens[index + 1]
    if tokens[index].meta:
        done = ' checked=""' if tokens[index].meta["done"] else ""
        box = f'<input type="checkbox"{done} disabled="" /> '
    return f"<li>{box}{'' if after.hidden or after.type in ('inline', 'list_item_close') else chr(10)}"


def _named(meta: Any) -> tuple[str, str, str]:
    """Of a note: its number, its name, and of its second use and later ones which it is."""
    return str(meta["id"] + 1), quote(str(meta["label"]), safe=_SAFE), str(meta["subId"] + 1) if meta.get("subId") else ""


def _note(tokens: Any, index: int, options: Any, env: Any) -> str:
    number, name, again = _named(tokens[index].meta)
    return f'<sup><a href="#fn-{name}" id="fnref-{name}{again and "-"}{again}">{number}</a></sup>'


def _back(tokens: Any, index: int, options: Any, env: Any) -> str:
    number, name, again = _named(tokens[index].meta)
    more = f"-{again}" if again else ""
    last = index
    while tokens[last + 1].type == "footnote_anchor":
        last += 1
    inside = tokens[last + 1].type == "paragraph_close"
    start, end = " " if inside or again else "", "" if inside or last != index else "\n"
    return f'{start}<a href="#fnref-{name}{more}" aria-label="Back to reference {number}{more}">↩{again and f"<sup>{again}</sup>"}</a>{end}'


def _note_text(tokens: Any, index: int, options: Any, env: Any) -> str:
    return f'<li id="fn-{_named(tokens[index].meta)[1]}">\n'


_RULES: dict[str, Any] = {
    "html_block": lambda *_: "<!-- -->\n",
    "html_inline": lambda *_: "<!-- -->",
    "th_open": _cell,
    "td_open": _cell,
    "list_item_open": _entry,
    "footnote_ref": _note,
    "footnote_anchor": _back,
    "footnote_open": _note_text,
    "footnote_block_open": lambda *_: "<section>\n<ol>\n",
    "footnote_block_close": lambda *_: "</ol>\n</section>\n",
}
