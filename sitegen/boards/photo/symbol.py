"""A QR code seen aslant, blurred and small: where its modules are, and what they are.

Where: what every code of a version has in common (corner squares, timing, alignment: ISO/IEC 18004, 6.3) is laid over the picture and moved
until it lies as well as it can. What: a lens mixes a module with its neighbours. By how much is known from those common
modules, so that the others can be told apart even where one and a half pixels are all that is left of a module. The error correction of
the code then says whether what was read is right: it is either that or nothing.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import zxingcpp
from msgspec import Struct
from PIL import Image

_QR: Any = zxingcpp.BarcodeFormat.QRCode  # one format stands for a list of one, which the types do not say

Point = tuple[float, float]
Quad = tuple[Point, Point, Point, Point]
"""The middles of the corner squares, from the top left clockwise; the third has no square and is where one would be."""
VERSIONS = (2, 3, 4, 5, 6)
"""Versions that are read here, of 25 to 41 modules: those that have one alignment square."""
_OUTSIDE = -1
_QUIET = 4
_FEW = 10
"""Grey values between dark and light below which nothing can be told."""


def side(version: int) -> int:
    """Modules along a side."""
    return 4 * version + 17


class _Pattern(Struct, frozen=True):
    """What all codes of a version have in common."""

    side: int
    known: dict[Point, int]
    """By column and row: 1 dark, -1 light."""
    dark: tuple[tuple[int, ...], ...]
    """Places of dark modules in reading order: of all corners, then without the first, second and fourth point of a :data:`Quad`."""
    light: tuple[tuple[int, ...], ...]
    beside: tuple[tuple[int, tuple[float, ...]], ...]
    """Modules whose neighbours are all known: place, and what its grey value is made of."""


@cache
def _pattern(version: int) -> _Pattern:
    n = side(version)
    known: dict[Point, int] = {}
    corners = ((0, 0), (n - 7, 0), (0, n - 7))
    for left, top in corners:
        for y in range(-1, 8):
            for x in range(-1, 8):
                if 0 <= left + x < n and 0 <= top + y < n:
                    known[left + x, top + y] = 1 if max(abs(x - 3), abs(y - 3)) in (0, 1, 3) else -1
    for i in range(8, n - 8):
        known[i, 6] = known[6, i] = 1 if i % 2 == 0 else -1
    for y in range(-2, 3):
        for x in range(-2, 3):
            known[n - 7 + x, n - 7 + y] = -1 if max(abs(x), abs(y)) == 1 else 1

    def places(value: int, without: int) -> tuple[int, ...]:
        left, top = corners[without] if without >= 0 else (n * 2, n * 2)
        return tuple(
            round(y * n + x)
            for (x, y), v in sorted(known.items())
            if v == value and not (left - 1 <= x <= left + 7 and top - 1 <= y <= top + 7)
        )

    def at(x: float, y: float) -> int | None:
        return known.get((x, y)) if 0 <= x < n and 0 <= y < n else _OUTSIDE

    beside = []
    for (column, row), value in sorted(known.items()):
        around = [at(column + dx, row + dy) for dx, dy in ((-1, 0), (1, 0), (0, -1), (0, 1), (-1, -1), (1, 1), (1, -1), (-1, 1))]
        w, e, no, so, nw, se, ne, sw = around
        if w is None or e is None or no is None or so is None or nw is None or se is None or ne is None or sw is None:
            continue
        beside.append(
            (
                round(row * n + column),
                (1.0, column / n, row / n, float(value), float(w + e), float(no + so), float(nw + se), float(ne + sw)),
            )
        )
    return _Pattern(n, known, tuple(places(1, c) for c in (-1, 0, 1, 2)), tuple(places(-1, c) for c in (-1, 0, 1, 2)), tuple(beside))


# ---- Where the modules are.


def _projection(quad: Quad, modules: int, scale: int) -> tuple[float, ...] | None:
    """How a pixel of the picture of modules, ``scale`` pixels each, is found in the photo; ``None`` for what is no quadrangle."""
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = quad
    ax, bx, cx = x1 - x2, x3 - x2, x0 - x1 + x2 - x3
    ay, by, cy = y1 - y2, y3 - y2, y0 - y1 + y2 - y3
    det = ax * by - bx * ay
    if abs(det) < 1e-9:
        return None
    g, h = (cx * by - bx * cy) / det, (ax * cy - cx * ay) / det
    a, b, d, e = x1 - x0 + g * x1, x3 - x0 + h * x3, y1 - y0 + g * y1, y3 - y0 + h * y3
    step, off = 1 / (scale * (modules - 7)), -3.5 / (modules - 7)
    w = (g + h) * off + 1
    if w <= 0.05:
        return None
    row = (a * step, b * step, (a + b) * off + x0, d * step, e * step, (d + e) * off + y0, g * step, h * step)
    return tuple(v / w for v in row)


def place(quad: Quad, version: int, column: float, row: float) -> Point:
    """Where a point given in modules lies in the photo."""
    found = _projection(quad, side(version), 1)
    if found is None:
        return quad[0]
    a, b, c, d, e, f, g, h = found
    w = g * column + h * row + 1
    return (a * column + b * row + c) / w, (d * column + e * row + f) / w


def corners(quad: Quad, version: int) -> Quad:
    """The corners of the whole code."""
    n = side(version)
    return place(quad, version, 0, 0), place(quad, version, n, 0), place(quad, version, n, n), place(quad, version, 0, n)


def _modules(grey: Image.Image, quad: Quad, version: int, scale: int, *, middle: bool = False) -> bytes | None:
    """Grey value of every module; of its middle alone, or of all of it."""
    n = side(version)
    found = _projection(quad, n, scale)
    if found is None:
        return None
    seen = grey.transform((n * scale, n * scale), Image.Transform.PERSPECTIVE, found, Image.Resampling.BICUBIC, fillcolor=255)
    return (seen.resize((n, n), Image.Resampling.NEAREST) if middle else seen.reduce(scale)).tobytes()


def likeness(grey: Image.Image, quad: Quad, version: int, without: int = -1) -> float:
    """How well what all codes have in common lies on the picture: 1 as printed, 0 not at all. ``without`` is a corner (0, 1 or 2) not looked at."""
    seen = _modules(grey, quad, version, 2)
    if seen is None:
        return 0.0
    pattern = _pattern(version)
    dark = [seen[i] for i in pattern.dark[without + 1]]
    light = [seen[i] for i in pattern.light[without + 1]]
    total = len(dark) + len(light)
    sum_dark, sum_light = sum(dark), sum(light)
    mean = (sum_dark + sum_light) / total
    between = sum_light / len(light) - sum_dark / len(dark)
    variance = (sum([v * v for v in dark]) + sum([v * v for v in light])) / total - mean * mean
    if between < _FEW or variance <= 1:
        return 0.0
    return between * math.sqrt(len(dark) * len(light) / variance) / total


_STEPS = (0.4, 0.2, 0.1)
_LOOKS = 0.35
"""Likeness below which moving about does not help."""
_GUESSED = (-1.5, -0.75, 0.0, 0.75, 1.5)
"""Modules by which the third point, which is only guessed, may be off."""
_LOST = (-4, -3, -2, -1, 0, 1, 2, 3, 4)
"""Modules by which a corner may be off that cannot be seen."""
_POINT_OF = {0: 0, 1: 1, 2: 3}
"""Points of a :data:`Quad` by corner."""


def settle(grey: Image.Image, quad: Quad, version: int, without: int = -1) -> tuple[float, Quad]:
    """The quadrangle moved to where the likeness is greatest, and that likeness."""
    n = side(version) - 7
    right = ((quad[1][0] - quad[0][0]) / n, (quad[1][1] - quad[0][1]) / n)
    down = ((quad[3][0] - quad[0][0]) / n, (quad[3][1] - quad[0][1]) / n)

    def like(points: list[Point]) -> float:
        return likeness(grey, (points[0], points[1], points[2], points[3]), version, without)

    def moved(p: Point, x: float, y: float) -> Point:
        return p[0] + right[0] * x + down[0] * y, p[1] + right[1] * x + down[1] * y

    def best_of(points: list[Point], which: tuple[int, ...], offsets: Sequence[float]) -> tuple[float, list[Point]]:
        tried = [[moved(p, x, y) if n in which else p for n, p in enumerate(points)] for x in offsets for y in offsets]
        return max(((like(t), t) for t in tried), key=lambda pair: pair[0])

    points = list(quad)
    if without >= 0:
        # The third point goes with the lost one: the code stays a parallelogram, except that of the first corner both lie across.
        _, points = best_of(points, (_POINT_OF[without], 2) if without else (0,), _LOST)
    best, points = best_of(points, (2,), _GUESSED)
    if best >= _LOOKS:
        for step in _STEPS:
            best, points = _nudged(points, step, best, like, moved)
    return best, (points[0], points[1], points[2], points[3])


def _nudged(
    points: list[Point], step: float, best: float, like: Callable[[list[Point]], float], moved: Callable[[Point, float, float], Point]
) -> tuple[float, list[Point]]:
    """Every point moved by ``step`` modules as long as the likeness grows."""
    points = list(points)
    for _ in range(3):
        before = best
        for n in range(4):
            for x, y in ((step, 0.0), (-step, 0.0), (0.0, step), (0.0, -step)):
                kept = points[n]
                points[n] = moved(kept, x, y)
                found = like(points)
                if found > best + 1e-4:
                    best = found
                else:
                    points[n] = kept
        if best <= before + 1e-3:
            break
    return best, points


def is_written(grey: Image.Image, quad: Quad, version: int) -> bool:
    """Whether there is anything in the code's field: dark and light about even, as the masks of the standard make it."""
    seen = _modules(grey, quad, version, 2)
    if seen is None:
        return False
    pattern = _pattern(version)
    dark, light = ([seen[i] for i in places[0]] for places in (pattern.dark, pattern.light))
    between = (sum(dark) / len(dark) + sum(light) / len(light)) / 2
    field = [v for n, v in enumerate(seen) if (n % pattern.side, n // pattern.side) not in pattern.known]
    return 0.3 < sum(v < between for v in field) / len(field) < 0.7


# ---- What the modules are.

_WAYS = ((2, False), (3, True), (4, False))
"""Pixels for a module, and whether its middle alone counts."""
_SOFT, _HARD = 8, 6
"""Rounds in which modules are weighed against each other, and in which they are decided."""


def text_of(grey: Image.Image, quad: Quad, version: int) -> str | None:
    """What the code says, or ``None`` where its error correction does not vouch for any reading."""
    for scale, middle in _WAYS:
        seen = _modules(grey, quad, version, scale, middle=middle)
        if seen is None:
            return None
        bits = _told_apart(seen, version)
        if bits is not None and (text := _decoded(bits, side(version))) is not None:
            return text
    return None


def _told_apart(seen: bytes, version: int) -> bytes | None:
    """Every module, 0 dark and 255 light, with what the lens mixed taken apart again."""
    pattern = _pattern(version)
    n = pattern.side
    share = _fitted([(seen[i], parts) for i, parts in pattern.beside])
    if share is None or share[3] > -_FEW / 2:
        return None
    level, across, along, own, sides, ends, falling, rising = share
    w = n + 2
    bits = [float(_OUTSIDE)] * (w * w)
    rest: dict[int, float] = {}
    for y in range(n):
        for x in range(n):
            i = (y + 1) * w + x + 1
            known = pattern.known.get((x, y))
            if known is None:
                rest[i] = (seen[y * n + x] - level - across * x / n - along * y / n) / own
                bits[i] = 0.0
            else:
                bits[i] = float(known)
    sides, ends, falling, rising = sides / own, ends / own, falling / own, rising / own
    for turn in range(_SOFT + _HARD):
        made = []
        for i, r in rest.items():
            z = (
                r
                - sides * (bits[i - 1] + bits[i + 1])
                - ends * (bits[i - w] + bits[i + w])
                - falling * (bits[i - w - 1] + bits[i + w + 1])
                - rising * (bits[i - w + 1] + bits[i + w - 1])
            )
            made.append((1.0 if z > 0 else -1.0) if turn >= _SOFT else (bits[i] + max(-1.0, min(1.0, 1.2 * z))) / 2)
        for i, value in zip(rest, made, strict=True):
            bits[i] = value
    return bytes(0 if bits[(y + 1) * w + x + 1] > 0 else 255 for y in range(n) for x in range(n))


def _fitted(samples: Sequence[tuple[int, tuple[float, ...]]]) -> list[float] | None:
    """Least squares: the weights of the parts that make up the values; ``None`` where they cannot be told."""
    size = len(samples[0][1])
    rows = [[0.0] * (size + 1) for _ in range(size)]
    for value, parts in samples:
        for p, part in enumerate(parts):
            row = rows[p]
            for q in range(p, size):
                row[q] += part * parts[q]
            row[size] += part * value
    for p in range(size):
        rows[p][p] += 1e-3
        for q in range(p):
            rows[p][q] = rows[q][p]
    for p in range(size):
        best = max(range(p, size), key=lambda r: abs(rows[r][p]))
        rows[p], rows[best] = rows[best], rows[p]
        head = rows[p][p]
        if abs(head) < 1e-9:
            return None
        for r in range(size):
            if r != p and (times := rows[r][p] / head):
                rows[r] = [x - times * y for x, y in zip(rows[r], rows[p], strict=True)]
    return [rows[p][size] / rows[p][p] for p in range(size)]


def _decoded(bits: bytes, n: int) -> str | None:
    whole = Image.new("L", (n + 2 * _QUIET, n + 2 * _QUIET), 255)
    whole.paste(Image.frombytes("L", (n, n), bits), (_QUIET, _QUIET))
    found = zxingcpp.read_barcodes(
        whole,
        formats=_QR,
        is_pure=True,
        try_rotate=False,
        try_invert=False,
        try_downscale=False,
        binarizer=zxingcpp.Binarizer.FixedThreshold,
    )
    return str(found[0].text) if len(found) == 1 else None
