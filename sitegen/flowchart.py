"""A procedure as a drawing: static SVG that is read on a phone, prints in black and white, and needs no script.

The straight way runs down the left; a question's other answer leads to a box at the right. Like charts, only presentation attributes are
used, so that a strict content security policy lets it pass, and the same input gives the same bytes.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from markupsafe import Markup, escape
from msgspec import Struct

from sitegen.model.flow import Branch, Flow, FlowStep

WIDTH = 340
_SPINE = 184
"""Width of a question beside its branch."""
_GAP = 42
_AXIS = 92
"""Where the straight way runs."""
_PAD = 11
_SHORT = 620
"""Height up to which a procedure is drawn in one part."""
_BETWEEN = 26
_INK, _MUTED, _LINE, _BLUE, _AMBER, _RED = "#1c2430", "#4d5864", "#8b95a1", "#1f5f99", "#8a5a00", "#a61b1b"
_NO_START = "，。；：、！？）》”’…—"
"""Characters that begin no line."""


class _Line(Struct, frozen=True):
    text: str
    size: int
    fill: str
    bold: bool

    @property
    def pitch(self) -> int:
        return self.size + 7 if self.bold else self.size + 5


def flowchart(ident: str, flow: Flow) -> Markup:
    """The whole drawing. ``ident`` must be unique in the page."""
    return _drawing(ident, flow.title, _told(flow), flow.steps, 0, ends=True)[0]


def flowchart_parts(ident: str, flow: Flow) -> tuple[Markup, ...]:
    """The drawing in two parts of about the same height, to stand below each other on a phone and side by side on paper and wide screens.

    A short procedure stays in one.
    """
    heights = [_drawing("x", "", "", (step,), 0, ends=True)[1] + _BETWEEN for step in flow.steps]
    if sum(heights) <= _SHORT:
        return (flowchart(ident, flow),)
    cut = min(range(1, len(heights)), key=lambda n: max(sum(heights[:n]), sum(heights[n:])))
    first, second = flow.steps[:cut], flow.steps[cut:]
    told = _told(flow)
    numbered = sum(step.ask is None for step in first)
    return (
        _drawing(f"{ident}1", f"{flow.title}（1/2）", told, first, 0, ends=False)[0],
        _drawing(f"{ident}2", f"{flow.title}（2/2）", "接上图。", second, numbered, ends=True)[0],
    )


def _told(flow: Flow) -> str:
    return "；".join(f"{title}" + (f"（{'；'.join(parts)}）" if parts else "") for title, parts in flow.told())


def _drawing(ident: str, title: str, told: str, steps: Sequence[FlowStep], number: int, *, ends: bool) -> tuple[Markup, int]:
    """The drawing of some steps, and how high it is. ``number`` steps went before; unless it ``ends`` here, the way leads on below."""
    out: list[str] = []
    top = 1
    for n, step in enumerate(steps):
        number += step.ask is None
        top += _entry(out, step, number, top)
        last = n + 1 == len(steps)
        if not last or not ends:
            if step.of:
                out.append(f'<path d="M20 {top}V{top + 8}H{_AXIS}" fill="none" stroke="{_LINE}" stroke-width="1.5"/>')
            _down(out, top + (8 if step.of else 0), top + _BETWEEN, step.go or "", head=last or steps[n + 1].ask is None)
            top += _BETWEEN
    svg = Markup(
        f'<svg class="flow" role="img" aria-labelledby="{ident}-t {ident}-d" viewBox="0 0 {WIDTH} {top + 1}" width="{WIDTH}" height="{top + 1}" '
        f'font-family="inherit"><title id="{ident}-t">{escape(title)}</title><desc id="{ident}-d">{escape(told)}</desc>{"".join(out)}</svg>'
    )
    return svg, top


def _entry(out: list[str], step: FlowStep, number: int, top: int) -> int:
    """Draw one entry at ``top``; its height."""
    if step.branch is not None:
        return _question(out, step, step.branch, top)
    lines = [*_wrapped(step.title, WIDTH - 2 * _PAD - 30, 16, _INK, bold=True), *_details(step, WIDTH - 2 * _PAD - 30)]
    height = 2 * _PAD + sum(line.pitch for line in lines)
    outcomes = [
        [*_wrapped(o.do, WIDTH - 66, 15, _INK, bold=True), *(_wrapped(o.note, WIDTH - 66, 13, _MUTED) if o.note else [])] for o in step.of
    ]
    _box(out, 0, top, WIDTH, height, _BLUE, "#f2f6fa")
    out.append(f'<circle cx="{_PAD + 9}" cy="{top + _PAD + 11}" r="11" fill="{_BLUE}"/>')
    out.append(_text(_PAD + 9, top + _PAD + 16, str(number), 13, "#ffffff", bold=True, anchor="middle"))
    _lines(out, lines, _PAD + 30, top + _PAD)
    at = top + height
    for made in outcomes:
        high = 14 + sum(line.pitch for line in made)
        at += 8
        out.append(f'<path d="M20 {top + height}V{at + high // 2}H34" fill="none" stroke="{_LINE}" stroke-width="1.5"/>')
        out.append(f'<path d="M34 {at + high // 2}l-6 -4v8z" fill="{_LINE}"/>')
        _box(out, 34, at, WIDTH - 34, high, _LINE, "#ffffff")
        _lines(out, made, 50, at + 7)
        at += high
    if outcomes:  # the way goes on below the last outcome
        out.append(f'<path d="M20 {top + height}V{at}" stroke="{_LINE}" stroke-width="1.5"/>')
    return at - top


def _question(out: list[str], step: FlowStep, branch: Branch, top: int) -> int:
    room = _SPINE - 2 * _PAD - 14
    left = [*_wrapped(step.title, room, 16, _INK, bold=True), *_details(step, room)]
    side = WIDTH - _SPINE - _GAP
    room = side - 2 * _PAD - 4
    right = _wrapped(branch.do, room, 15, _INK, bold=True)
    for text, fill in ((branch.within, _RED), (branch.note, _MUTED), (f"→ {branch.then}" if branch.then else None, _AMBER)):
        if text:
            right += _wrapped(text, room, 13, fill)
    high = [2 * _PAD + sum(line.pitch for line in lines) for lines in (left, right)]
    words = _wrap(branch.when, _GAP - 2, 13)
    own = max(high[0], 52)
    height = max(own, high[1], 2 * (15 * len(words) + 6))
    y = top + (height - own) // 2
    middle = y + own // 2
    # A box with pointed sides is a question.
    out.append(
        f'<path d="M10 {y}H{_SPINE - 10}L{_SPINE} {middle}L{_SPINE - 10} {y + own}H10L0 {middle}z" fill="#fdf6e7" stroke="{_AMBER}" stroke-width="1.5"/>'
    )
    _lines(out, left, _PAD + 6, y + (own - high[0]) // 2 + _PAD)
    _down(out, top, y)
    if y > top:
        out.append(f'<path d="M{_AXIS} {y + own}V{top + height}" stroke="{_LINE}" stroke-width="1.5"/>')
    edge = _SPINE + _GAP
    out.append(f'<path d="M{_SPINE} {middle}H{edge}" stroke="{_LINE}" stroke-width="1.5"/>')
    out.append(f'<path d="M{edge} {middle}l-6 -4v8z" fill="{_LINE}"/>')
    # The answer stands above its arrow, upright in as many lines as it needs.
    for n, word in enumerate(words):
        out.append(_text(_SPINE + _GAP / 2 - 1, middle - 6 - 15 * (len(words) - 1 - n), word, 13, _INK, anchor="middle"))
    _box(out, edge, top + (height - high[1]) // 2, side, high[1], _LINE, "#ffffff")
    _lines(out, right, edge + _PAD - 2, top + (height - high[1]) // 2 + _PAD)
    return height


def _details(step: FlowStep, room: int) -> list[_Line]:
    made: list[_Line] = []
    if step.within:
        made += _wrapped(step.within, room, 13, _RED, bold=False)
    note = "：".join(text for text in (step.who, step.note) if text)
    return made + (_wrapped(note, room, 13, _MUTED) if note else [])


def _down(out: list[str], top: int, end: int, answer: str = "", *, head: bool = True) -> None:
    """The way from one entry to the next, with the answer that leads there."""
    if end > top:
        out.append(f'<path d="M{_AXIS} {top}V{end - (5 if head else 0)}" stroke="{_LINE}" stroke-width="1.5"/>')
    if head:
        out.append(f'<path d="M{_AXIS} {end}l-4 -7h8z" fill="{_LINE}"/>')
    if answer:
        out.append(_text(_AXIS + 8, top + 17, answer, 13, _INK))


def _box(out: list[str], x: int, y: int, width: int, height: int, stroke: str, fill: str) -> None:
    out.append(
        f'<rect x="{x + 1}" y="{y}" width="{width - 2}" height="{height}" rx="3" fill="{fill}" stroke="{stroke}" stroke-width="1.5"/>'
    )


def _lines(out: list[str], lines: Sequence[_Line], x: int, y: int) -> None:
    for line in lines:
        y += line.pitch
        out.append(_text(x, y - (line.pitch - line.size) // 2 - 2, line.text, line.size, line.fill, bold=line.bold))


def _text(x: float, y: float, text: str, size: int, fill: str, *, bold: bool = False, anchor: str = "") -> str:
    side = f' text-anchor="{anchor}"' if anchor else ""
    weight = ' font-weight="700"' if bold else ""
    return f'<text x="{x:g}" y="{y:g}"{side} font-size="{size}"{weight} fill="{fill}">{escape(text)}</text>'


def _wrapped(text: str, room: int, size: int, fill: str, *, bold: bool = False) -> list[_Line]:
    return [_Line(part, size, fill, bold) for part in _wrap(text, room, size)]


def _wrap(text: str, room: int, size: int) -> list[str]:
    """Lines no wider than ``room``; a full-width character is as wide as the type is high."""
    lines: list[str] = []
    line, wide = "", 0.0
    for piece in _pieces(text):
        need = sum(_wide(c) for c in piece) * size
        if line and wide + need > room and piece[0] not in _NO_START:
            lines.append(line)
            line, wide = "", 0.0
            piece = piece.lstrip()
        line, wide = line + piece, wide + need
    return [*lines, line] if line else lines


def _pieces(text: str) -> list[str]:
    """What must not be torn: a Latin word, a number; each Chinese character is one of its own."""
    made: list[str] = []
    for c in text:
        if made and _wide(c) < 1 and c != " " and _wide(made[-1][-1]) < 1 and made[-1][-1] != " ":
            made[-1] += c
        else:
            made.append(c)
    return made


def _wide(c: str) -> float:
    return 1.0 if unicodedata.east_asian_width(c) in "WFA" else 0.56
