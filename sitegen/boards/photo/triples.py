"""Corner squares that may belong together: three of a code, or two where the third is damaged or out of the picture."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from msgspec import Struct

from .finders import Finder
from .symbol import VERSIONS, Point, Quad, side

_CELL = 128
_ASLANT = 0.75
"""Cosine of the angle at the corner, at most: a right one seen aslant."""
_UNEVEN = 2.4
"""How much longer one side may look than the other."""
_OFF = 0.4
"""How far, as a logarithm, squares may be from the size that the sides make expect; further where they are only a few pixels large."""
_OFF_SMALL = 0.25
_SOLID = 0.3
"""How solid a square must be where there are only two."""
_SHAPES = 12
"""Shapes of a code with a missing corner that are tried."""
_ANGLES = tuple(math.radians(a) for a in range(55, 126, 10))
_RATIOS = (0.5, 0.63, 0.8, 1.0, 1.25, 1.6, 2.0)
"""Angles between the sides of a code seen aslant, and lengths of one side to the other, that are tried where a corner is missing."""


class Guess(Struct, frozen=True):
    """A code that may be there."""

    quad: Quad
    version: int
    error: float
    """How badly the squares fit their distances; 0 is best."""
    squares: tuple[Finder, ...]
    without: int = -1
    """The corner that has no square: 0, 1 or 2 of the corners with squares; -1 for none."""

    @property
    def middle(self) -> Point:
        """Middle of the code."""
        (_, (bx, by), _, (cx, cy)) = self.quad
        return (bx + cx) / 2, (by + cy) / 2


def three(squares: Sequence[Finder]) -> list[Guess]:
    """Every three squares that may be the corners of a code, the best first."""
    made: list[Guess] = []
    for a, near in _neighbours(squares):
        for i, b in enumerate(near):
            for c in near[i + 1 :]:
                # Clockwise as rows run down: the other order would be a code in a mirror.
                turn = (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x)
                guess = _guess(a, *((b, c) if turn > 0 else (c, b)))
                if guess is not None:
                    made.append(guess)
    return sorted(made, key=lambda g: (g.error, g.middle))


def _guess(a: Finder, b: Finder, c: Finder) -> Guess | None:
    ux, uy, vx, vy = b.x - a.x, b.y - a.y, c.x - a.x, c.y - a.y
    long, high = math.hypot(ux, uy), math.hypot(vx, vy)
    if not 1 / _UNEVEN < long / high < _UNEVEN or abs(ux * vx + uy * vy) > _ASLANT * long * high:
        return None
    error, version = min((_misfit((a, b, c), (ux, uy), (vx, vy), side(v) - 7), v) for v in VERSIONS)
    if error > _OFF + _OFF_SMALL / a.module:
        return None
    return Guess(((a.x, a.y), (b.x, b.y), (b.x + vx, b.y + vy), (c.x, c.y)), version, error, (a, b, c))


def _misfit(squares: Sequence[Finder], right: Point, down: Point, modules: int) -> float:
    across, along = chords(right, down, modules)
    return max(max(abs(math.log(f.across / across)), abs(math.log(f.down / along))) for f in squares)


def two(squares: Sequence[Finder]) -> list[Guess]:
    """Every two squares that may be corners of a code whose third cannot be seen, the best first."""
    solid = [f for f in squares if f.solid >= _SOLID]
    made: list[Guess] = []
    for a, near in _neighbours(solid):
        for b in near:
            made += _beside(a, b)
            if (a.x, a.y) < (b.x, b.y):
                made += _across(a, b)
                made += _across(b, a)
    return sorted(made, key=lambda g: (g.error, g.middle))


def _beside(a: Finder, b: Finder) -> Iterator[Guess]:
    """``a`` is the top left corner, ``b`` the one to the right of it or the one below."""
    known = (b.x - a.x, b.y - a.y)
    for turn, missing in ((1, 2), (-1, 1)):
        made = []
        for version in _possible(a, b, known, 1.0):
            for angle in _ANGLES:
                cos, sin = math.cos(angle), turn * math.sin(angle)
                for ratio in _RATIOS:
                    other = ((known[0] * cos - known[1] * sin) * ratio, (known[0] * sin + known[1] * cos) * ratio)
                    right, down = (known, other) if missing == 2 else (other, known)
                    made.append(_shaped((a, b), (a.x, a.y), right, down, version, missing))
        yield from _squarest(made)


def _across(b: Finder, c: Finder) -> Iterator[Guess]:
    """``b`` is the top right corner and ``c`` the one at the bottom left."""
    diagonal = (c.x - b.x, c.y - b.y)
    made = []
    for version in _possible(b, c, diagonal, math.sqrt(2)):
        for along in (-0.3, -0.15, 0.0, 0.15, 0.3):
            for off in (0.3, 0.4, 0.5, 0.65, 0.8):
                # From the middle between them, at a right angle to the left as rows run down.
                x = b.x + diagonal[0] * (0.5 + along) + diagonal[1] * off
                y = b.y + diagonal[1] * (0.5 + along) - diagonal[0] * off
                made.append(_shaped((b, c), (x, y), (b.x - x, b.y - y), (c.x - x, c.y - y), version, 0))
    yield from _squarest(made)


def _squarest(made: list[tuple[float, Guess]]) -> list[Guess]:
    """Of the shapes that fit, those most like a square."""
    fitting = sorted((skew, g.error, n) for n, (skew, g) in enumerate(made) if g.error <= _OFF)
    return [made[n][1] for _, _, n in fitting[:_SHAPES]]


def _shaped(squares: tuple[Finder, Finder], a: Point, right: Point, down: Point, version: int, missing: int) -> tuple[float, Guess]:
    """A guess, and how far its shape is from a square."""
    error = _misfit(squares, right, down, side(version) - 7)
    b, c = (a[0] + right[0], a[1] + right[1]), (a[0] + down[0], a[1] + down[1])
    long, high = math.hypot(*right), math.hypot(*down)
    skew = abs(math.log(long / high)) + abs(right[0] * down[0] + right[1] * down[1]) / (long * high)
    return round(skew, 6), Guess((a, b, (b[0] + down[0], b[1] + down[1]), c), version, error, squares, missing)


def _possible(a: Finder, b: Finder, apart: Point, diagonal: float) -> Iterator[int]:
    """Versions whose squares are about so far apart."""
    far = math.hypot(*apart) / diagonal
    for version in VERSIONS:
        if 0.6 < far / (side(version) - 7) / math.sqrt(a.module * b.module) < 1.7:
            yield version


def chords(right: Point, down: Point, modules: int) -> tuple[float, float]:
    """How long a module looks along a row and along a column of the picture, where ``right`` and ``down`` are so many modules long."""
    det = (right[0] * down[1] - right[1] * down[0]) / modules
    if not det:
        return math.inf, math.inf
    return abs(det) / max(abs(down[1]), abs(right[1])), abs(det) / max(abs(down[0]), abs(right[0]))


def _neighbours(squares: Sequence[Finder]) -> Iterator[tuple[Finder, list[Finder]]]:
    """Every square with those of about its size that are as far away as another corner can be."""
    cells: dict[tuple[int, int], list[Finder]] = {}
    for f in squares:
        cells.setdefault((int(f.x // _CELL), int(f.y // _CELL)), []).append(f)
    widest = math.sqrt(2) * (side(VERSIONS[-1]) - 7)
    for a in squares:
        reach = a.module * widest * 1.3
        cell, column, line = int(reach // _CELL) + 1, int(a.x // _CELL), int(a.y // _CELL)
        near = []
        for x in range(column - cell, column + cell + 1):
            for y in range(line - cell, line + cell + 1):
                for b in cells.get((x, y), ()):
                    far = math.hypot(b.x - a.x, b.y - a.y)
                    if 8 * a.module < far < reach and 0.5 < b.across / a.across < 2 and 0.5 < b.down / a.down < 2:
                        near.append(b)
        yield a, near
