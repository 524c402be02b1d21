"""The corner squares of QR codes (finder patterns, ISO/IEC 18004) in a grey picture, down to squares of eight pixels.

A line through the middle of a square crosses dark, light, dark, light and dark in the proportions 1:1:3:1:1, from whatever side it is seen.
Rows are searched for that, and columns confirm it. The picture is searched in several sizes, since light and dark are told apart
by what lies within about a square around a pixel.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from itertools import pairwise

from msgspec import Struct
from PIL import Image, ImageChops, ImageFilter

_RUNS = re.compile(rb"0+|1+")
_DARK, _LIGHT = 0x31, 0x30
_AS_BITS = [_LIGHT] + [_DARK] * 255
_MODULES = 7
"""Modules across a corner square."""
_NOISE = 4
"""Grey values by which dark is darker than what surrounds it."""
_CONTRAST = 14
"""Grey values between the dark and the light of a square, at least: less is noise."""
_UNEVEN = 4
"""Grey values by which pixels differ from their surroundings on average where something is drawn, at least."""
_FLAT = 0.4
"""The part of a picture that is taken to show nothing but noise."""
_SEEN = 2.2
"""How much longer than wide a square may look."""


class Finder(Struct, frozen=True):
    """A corner square: its middle, and the size of a module along the rows and along the columns of the picture, in pixels."""

    x: float
    y: float
    across: float
    down: float
    solid: float = 1.0
    """How many of the rows that cross its dark middle look like a corner square; about 1 for a clean one, little for an accident."""

    @property
    def module(self) -> float:
        """Mean size of a module."""
        return math.sqrt(self.across * self.down)


class _Level(Struct, frozen=True):
    """One size in which a picture is searched, and the modules, in pixels of the picture as it is, that are looked for in it."""

    scale: float
    radius: int
    least: float
    most: float
    sharpen: float = 0.0


_SMALLEST = _Level(2.0, 6, 1.1, 3.2, sharpen=1.1)
_SMALLEST_OF_MANY = _Level(1.0, 7, 1.7, 3.2, sharpen=1.1)
"""In a picture of so many pixels that nothing of interest is smaller."""
_MANY = 20_000_000
_LEVELS = (
    _Level(1.0, 14, 2.6, 7.0),
    _Level(0.5, 15, 6.0, 15.0),
    _Level(0.25, 15, 13.0, 40.0),
)


def find(grey: Image.Image) -> list[Finder]:
    """Every corner square, and here and there something that looks like one. ``grey`` is of mode L."""
    found: list[Finder] = []
    for level in (_SMALLEST if grey.width * grey.height <= _MANY else _SMALLEST_OF_MANY, *_LEVELS):
        if min(grey.size) * level.scale >= 40:
            found += _in_size(grey, level)
    return _once(found)


def _in_size(grey: Image.Image, level: _Level) -> list[Finder]:
    size = (max(1, round(grey.width * level.scale)), max(1, round(grey.height * level.scale)))
    if level.sharpen:
        grey = grey.filter(ImageFilter.UnsharpMask(level.sharpen, 200, 2))
    shown = grey.resize(size, Image.Resampling.BICUBIC if level.scale > 1 else Image.Resampling.BOX) if level.scale != 1 else grey
    around = shown.filter(ImageFilter.BoxBlur(level.radius * max(1.0, level.scale)))
    busy, contrast = _busy(shown)
    bits = ImageChops.multiply(ImageChops.subtract(around, shown, 1, -_NOISE), busy).point(_AS_BITS).tobytes()
    greys = shown.tobytes()
    width = size[0]
    made = []
    for x, y, across in _rows(bits, size, level.least * level.scale, level.most * level.scale):
        confirmed = _column(bits, size, x, y, across)
        if confirmed is None:
            continue
        middle, down = confirmed
        if _contrast(greys, width, x, round(middle), across) >= contrast:
            made.append(
                Finder((x + 0.5) / level.scale, (middle + 0.5) / level.scale, across / level.scale, down / level.scale, 1 / (3 * down))
            )
    return made


def _busy(shown: Image.Image) -> tuple[Image.Image, int]:
    """White where something is drawn, black where the picture is flat, so that the noise of bare walls is not searched; and how
    many grey values are more than noise."""
    small = shown.reduce(4)
    uneven = ImageChops.difference(small, small.filter(ImageFilter.BoxBlur(4))).filter(ImageFilter.BoxBlur(2))
    flat, noise, counted = uneven.width * uneven.height * _FLAT, 0, 0
    for noise, count in enumerate(uneven.histogram()):  # noqa: B007 what it ends with is what is wanted
        counted += count
        if counted >= flat:
            break
    least = max(_UNEVEN, round(1.6 * noise))
    drawn = uneven.point([255 if n >= least else 0 for n in range(256)])
    return drawn.resize(shown.size, Image.Resampling.NEAREST), max(_CONTRAST, 5 * noise)


def _rows(bits: bytes, size: tuple[int, int], least: float, most: float) -> Iterator[tuple[int, int, float]]:
    """Middle and module of every stretch of a row with the proportions of a square."""
    width, height = size
    short, long = least * _MODULES, most * _MODULES
    for y in range(height):
        row = bits[y * width : (y + 1) * width]
        ends = [m.end() for m in _RUNS.finditer(row)]
        if len(ends) < _MODULES:
            continue
        runs = [ends[0], *(b - a for a, b in pairwise(ends))]
        first = 0 if row[0] == _DARK else 1
        at = first + 2
        for a, b, c, d, e in zip(
            runs[first::2], runs[first + 1 :: 2], runs[first + 2 :: 2], runs[first + 3 :: 2], runs[first + 4 :: 2], strict=False
        ):
            if c > b and c > d and c > a and c > e and short <= (whole := a + b + c + d + e) <= long:
                module = whole / _MODULES
                slack = 0.5 * module + 0.8
                low, high = module - slack, module + slack
                if low <= a <= high and low <= b <= high and low <= d <= high and low <= e <= high and abs(c - 3 * module) <= 1.5 * slack:
                    yield (ends[at] + ends[at - 1]) // 2, y, module
            at += 2


def _column(bits: bytes, size: tuple[int, int], x: int, y: int, across: float) -> tuple[float, float] | None:
    """Middle and module of the column through a stretch, where it has the same proportions; else ``None``."""
    width, height = size
    reach = int(across * 3 * _SEEN * 2)
    column = bits[max(0, y - reach) * width + x : min(height, y + reach + 1) * width : width]
    at = min(y, reach)
    runs = []
    end = at
    for run in _RUNS.finditer(column):
        runs.append((run.start(), run.end()))
    here = next((n for n, (start, stop) in enumerate(runs) if start <= at < stop), None)
    if here is None or column[at] != _DARK or here < 2 or here + 2 >= len(runs):
        return None
    a, b, c, d, e = (stop - start for start, stop in runs[here - 2 : here + 3])
    module = (a + b + c + d + e) / _MODULES
    if not across / _SEEN <= module <= across * _SEEN:
        return None
    slack = 0.5 * module + 0.8
    inner = abs(b - module) <= slack and abs(d - module) <= slack and abs(c - 3 * module) <= 1.5 * slack
    if not inner or abs(a - module) > 1.5 * slack or abs(e - module) > 1.5 * slack:
        return None
    start, end = runs[here]
    return y - at + (start + end - 1) / 2, module


def _contrast(greys: bytes, width: int, x: int, y: int, across: float) -> int:
    """How much lighter the light ring is than the dark middle."""
    row, step = y * width, round(2 * across)
    left, right = max(0, x - step), min(width - 1, x + step)
    return (greys[row + left] + greys[row + right]) // 2 - greys[row + x]


def _once(found: list[Finder]) -> list[Finder]:
    """One for each square: many rows cross it, and it may be seen in several sizes."""
    groups: list[list[Finder]] = []
    cells: dict[tuple[int, int], list[list[Finder]]] = {}
    for f in sorted(found, key=lambda f: (f.x, f.y, f.across, f.down)):
        column, line = int(f.x // 16), int(f.y // 16)
        near = (g for dx in (-1, 0, 1) for dy in (-1, 0, 1) for g in cells.get((column + dx, line + dy), ()))
        group = next((g for g in near if abs(g[0].x - f.x) < 2 * f.across and abs(g[0].y - f.y) < 2 * f.down), None)
        if group is None:
            group = []
            groups.append(group)
            cells.setdefault((column, line), []).append(group)
        group.append(f)
    made = []
    for group in groups:
        x, y, across, down = (sum(values) / len(group) for values in zip(*((f.x, f.y, f.across, f.down) for f in group), strict=True))
        made.append(Finder(x, y, across, down, sum(f.solid for f in group)))
    return made
