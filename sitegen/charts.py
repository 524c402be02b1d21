"""Charts as static SVG: bars, columns, a matrix. Numbers are printed in them, and nothing is told by colour alone.

Only presentation attributes are used, no style and no script, so that a strict content security policy lets them pass; the same
input gives the same bytes. Shades differ in lightness and hatching, so that they are told apart in black and white.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from decimal import ROUND_CEILING, Decimal

from markupsafe import Markup, escape
from msgspec import Struct

_INK, _MUTED, _LINE = "#1c2430", "#5a6573", "#c3cad1"
_SHADES = (("#f2f6fa", _INK), ("#d3e3f1", _INK), ("#9cc3e0", _INK), ("#2d6ca2", "#ffffff"), ("#0b3a66", "#ffffff"))
"""From nothing to all: ground and the ink that is read on it."""
FILLS = ("#1f5f99", "#9cc3e0", "hatched", "#ffffff")
"""Of the parts of a bar, in order."""


class Bar(Struct, frozen=True):
    """One line of a bar chart."""

    label: str
    parts: tuple[Decimal | int, ...]
    full: Decimal | int
    """What a bar of full length stands for."""
    text: str
    """The figures, as printed beside the bar."""


class Cell(Struct, frozen=True):
    """One cell of a matrix; ``share`` from 0 to 1, ``None`` where there is nothing to show."""

    share: Decimal | None
    text: str


def bars(
    ident: str, title: str, told: str, rows: Sequence[Bar], *, width: int = 360, labels: int = 0, legend: Sequence[str] = ()
) -> Markup:
    """Lying bars, one below the other. ``labels`` is the room for labels at the left; 0 sets them above their bars, for a phone.

    ``ident`` must be unique in the page; ``told`` says in a sentence what is to be seen.
    """
    figures = 8 + max((_width(r.text) for r in rows), default=0) * 7 if labels else 0
    left, right, pitch = (labels, width - figures, 26) if labels else (0, width, 46)
    out: list[str] = []
    top = 0
    if legend:
        made, top = _legend(ident, legend, width)
        out += made
    for n, row in enumerate(rows):
        y = top + n * pitch
        bar = y + (5 if labels else 25)
        if labels:
            out.append(_text(left - 8, y + 18, _short(row.label, (left - 8) / 7.2), anchor="end"))
            out.append(_text(width, y + 18, row.text, anchor="end", muted=True))
        else:
            room = (width - _width(row.text) * 7.2 - 12) / 7.8
            out.append(_text(0, y + 17, _short(row.label, room), size=15))
            out.append(_text(width, y + 17, row.text, anchor="end", muted=True, size=14))
        out.append(f'<rect x="{left}" y="{bar}" width="{right - left}" height="14" fill="#ffffff" stroke="{_LINE}"/>')
        at = Decimal(left)
        for part, value in enumerate(row.parts):
            long = (right - left) * Decimal(value) / Decimal(row.full) if row.full else Decimal(0)
            if value:
                out.append(
                    f'<rect x="{_n(at)}" y="{bar}" width="{_n(long)}" height="14" fill="{_fill(ident, part)}" stroke="{_INK}" stroke-width=".6"/>'
                )
            at += long
    return _svg(ident, title, told, width, top + len(rows) * pitch + 2, out)


def columns(
    ident: str, title: str, told: str, labels: Sequence[str], series: Sequence[tuple[str, Sequence[int]]], *, width: int = 960
) -> Markup:
    """Standing columns, one group for each label, with their figures above them."""
    made, top = _legend(ident, [name for name, _ in series], width)
    height, base = 150, top + 170
    most = max((v for _, values in series for v in values), default=0) or 1
    step = Decimal(width) / max(1, len(labels))
    wide = step * Decimal("0.8") / max(1, len(series))
    out = made
    for n, label in enumerate(labels):
        for k, (_, values) in enumerate(series):
            tall = Decimal(height) * values[n] / most
            x = step * n + step / 10 + wide * k
            if values[n]:
                out.append(
                    f'<rect x="{_n(x)}" y="{_n(base - tall)}" width="{_n(wide)}" height="{_n(tall)}" fill="{_fill(ident, k)}" stroke="{_INK}" stroke-width=".6"/>'
                )
            out.append(_text(x + wide / 2, base - tall - 4, str(values[n]), anchor="middle", size=11))
        out.append(_text(step * n + step / 2, base + 17, label, anchor="middle", muted=True, size=12))
    out.append(f'<path d="M0 {base}H{width}" stroke="{_INK}"/>')
    return _svg(ident, title, told, width, base + 26, out)


def matrix(
    ident: str, title: str, told: str, rows: Sequence[str], heads: Sequence[str], cells: Sequence[Sequence[Cell]], *, labels: int = 130
) -> Markup:
    """A matrix of shaded cells with their figures; the names of columns stand upright."""
    wide, high = 44, 24
    top = 14 * max((min(len(h), 9) for h in heads), default=0) + 10
    width = labels + wide * len(heads)
    out: list[str] = []
    for c, head in enumerate(heads):
        name = head if len(head) <= 9 else head[:8] + "…"
        for k, character in enumerate(name):
            out.append(_text(labels + wide * c + wide / 2, top - 10 - 14 * (len(name) - 1 - k), character, anchor="middle", size=13))
    for r, row in enumerate(rows):
        y = top + r * high
        out.append(_text(labels - 8, y + 17, _short(row, (labels - 8) / 7.2), anchor="end"))
        for c, cell in enumerate(cells[r]):
            if cell.share is None:
                continue
            ground, ink = _SHADES[min(4, int(cell.share * 4))]
            x = labels + wide * c
            out.append(f'<rect x="{x}" y="{y}" width="{wide}" height="{high}" fill="{ground}" stroke="#ffffff"/>')
            out.append(_text(x + wide / 2, y + 16, cell.text, anchor="middle", size=12 if len(cell.text) < 7 else 10, ink=ink))
    return _svg(ident, title, told, width, top + len(rows) * high + 2, out)


def _svg(ident: str, title: str, told: str, width: int, height: int, parts: Sequence[str]) -> Markup:
    hatch = (
        f'<defs><pattern id="{ident}-h" width="6" height="6" patternUnits="userSpaceOnUse"><rect width="6" height="6" fill="#ffffff"/>'
        f'<path d="M0 6L6 0" stroke="#8a3b00" stroke-width="2"/></pattern></defs>'
        if any(f"#{ident}-h" in p for p in parts)
        else ""
    )
    return Markup(
        f'<svg class="chart" role="img" aria-labelledby="{ident}-t {ident}-d" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'font-family="inherit"><title id="{ident}-t">{escape(title)}</title><desc id="{ident}-d">{escape(told)}</desc>{hatch}'
        f"{''.join(parts)}</svg>"
    )


def _legend(ident: str, names: Sequence[str], width: int) -> tuple[list[str], int]:
    """The names of the parts with their shades, in as many lines as they need."""
    out: list[str] = []
    x, y = 0, 0
    for n, name in enumerate(names):
        need = 34 + _width(name) * 7
        if x and x + need > width:
            x, y = 0, y + 22
        out.append(f'<rect x="{x + 1}" y="{y + 3}" width="14" height="14" fill="{_fill(ident, n)}" stroke="{_INK}" stroke-width=".6"/>')
        out.append(_text(x + 21, y + 15, name, size=13))
        x += need
    return out, y + 30


def _fill(ident: str, n: int) -> str:
    fill = FILLS[min(n, len(FILLS) - 1)]
    return f"url(#{ident}-h)" if fill == "hatched" else fill


def _text(
    x: float | Decimal, y: float | Decimal, text: str, *, anchor: str = "", muted: bool = False, size: int = 13, ink: str = _INK
) -> str:
    side = f' text-anchor="{anchor}"' if anchor else ""
    return f'<text x="{_n(x)}" y="{_n(y)}"{side} font-size="{size}" fill="{_MUTED if muted else ink}">{escape(text)}</text>'


def _n(value: float | Decimal) -> str:
    """A coordinate to a tenth."""
    return f"{Decimal(value).quantize(Decimal('0.1')):f}".removesuffix(".0")


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _short(text: str, room: float) -> str:
    """A label cut to its room, in half widths; the table behind the chart has it whole."""
    if _width(text) <= room:
        return text
    out = ""
    for c in text:
        if _width(out + c) + 2 > room:
            break
        out += c
    return out + "…"


def amounts(
    ident: str, title: str, told: str, labels: Sequence[str], series: Sequence[tuple[str, Sequence[Decimal]]], *, width: int = 360
) -> Markup:
    """Standing columns for sums of money, one group for each label, with a scale in 万元 (or 元 where all is small) at the left.

    The exact sums belong in a table beside it: here only their size is seen.
    """
    made, top = _legend(ident, [name for name, _ in series], width)
    most = max((abs(v) for _, values in series for v in values), default=Decimal(0)) or Decimal(1)
    step = _step(most)
    lines = int((most / step).to_integral_value(ROUND_CEILING))
    unit, per = ("万元", Decimal(10_000)) if most >= 10_000 else ("元", Decimal(1))
    height, left, base = 36 * lines, 46, top + 26 + 36 * lines
    out = [*made, _text(0, top + 12, unit, muted=True, size=12)]
    for n in range(lines + 1):
        y = base - 36 * n
        out.append(f'<path d="M{left} {y}H{width}" stroke="{_INK if n == 0 else _LINE}"/>')
        out.append(_text(left - 6, y + 4, f"{(step * n / per).normalize():f}", anchor="end", muted=True, size=12))
    room = Decimal(width - left) / max(1, len(labels))
    wide = min(Decimal(26), room * Decimal("0.76") / max(1, len(series)))
    for n, label in enumerate(labels):
        middle = left + room * n + room / 2
        for k, (_, values) in enumerate(series):
            tall = Decimal(height) * max(values[n], Decimal(0)) / (step * lines)
            x = middle - wide * len(series) / 2 + wide * k
            if values[n] > 0:
                out.append(
                    f'<rect x="{_n(x)}" y="{_n(base - tall)}" width="{_n(wide)}" height="{_n(tall)}" fill="{_fill(ident, k)}" stroke="{_INK}" stroke-width=".6"/>'
                )
        out.append(_text(middle, base + 17, label, anchor="middle", muted=True, size=12))
    return _svg(ident, title, told, width, base + 26, out)


def _step(most: Decimal) -> Decimal:
    """A round distance of lines, so that there are three to six of them."""
    size = Decimal(10) ** (most.adjusted())
    return next((size * f for f in (Decimal("0.2"), Decimal("0.5"), Decimal(1), Decimal(2)) if most / (size * f) <= 5), size * 2)
