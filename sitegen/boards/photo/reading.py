"""Every code in a photo: read, or found and not readable.

The library reads most codes at once. What it does not read is looked for by its corner squares (:mod:`.finders`) and, where those of a
code lie together, read module by module (:mod:`.symbol`). Whatever has the corners of a code and cannot be read is told to be
unreadable; nothing is ever guessed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator

import zxingcpp
from msgspec import Struct
from PIL import Image, ImageOps

from . import symbol
from .finders import Finder, find
from .symbol import Point, Quad
from .triples import Guess, three, two

_QR = symbol._QR

_PROMISING = 0.38
"""Likeness at first sight below which a guess is none. (Codes have 0.55 and more, accidents up to 0.5.)"""
_SURE = 0.62
"""Likeness of what is a code, whether or not it can be read."""
_SURE_OF_TWO = 0.68
"""The same where a corner cannot be seen: more was tried until it fitted."""
_MANY = 20_000
"""Guesses that are looked at, at most: in a picture full of squares."""
_SETTLED = 400
"""Guesses that are looked at closely, at most."""
_MAGNIFIED = 6.0
"""Pixels for a module in a part of the photo that is shown to the library again."""


class Seen(Struct, frozen=True):
    """A code in a photo."""

    corners: Quad
    """In pixels, clockwise from the code's own top left."""
    text: str
    """What it says; "" where it cannot be read."""
    hint: str = ""
    """Of an unreadable code, what it would say: its corners are damaged so that no telephone reads it, but the rest vouches for itself."""

    @property
    def middle(self) -> Point:
        """Middle of the code."""
        return _middle(self.corners)


def read_codes(grey: Image.Image, expected: Callable[[str], bool] = lambda _: True) -> tuple[Seen, ...]:
    """All codes, from the top down. ``expected`` tells whether a text is one that codes here may say: what only :mod:`.symbol` can read
    must be."""
    seen = list(_by_library(grey))
    squares = [f for f in find(grey) if not _covered(f, seen)]
    guesses = three(squares)[:_MANY]
    seen += _look_at(grey, [g for g in guesses if not _known(g.middle, seen)], expected, _SURE)
    squares = [f for f in squares if not _covered(f, seen)]
    seen += _look_at(grey, two(squares)[:_MANY], expected, _SURE_OF_TWO)
    return tuple(sorted(seen, key=lambda s: (round(s.middle[1]), round(s.middle[0]), s.text)))


def _look_at(grey: Image.Image, guesses: Iterable[Guess], expected: Callable[[str], bool], sure: float) -> list[Seen]:
    """What is at some guesses. Of several that lie on one another what is read counts, else the likeliest."""
    best: dict[tuple[object, ...], tuple[float, Guess]] = {}
    for guess in guesses:
        like = symbol.likeness(grey, guess.quad, guess.version, guess.without)
        of = (guess.squares, guess.without)
        if like >= _PROMISING and (of not in best or like > best[of][0]):
            best[of] = (like, guess)
    promising = sorted(best.values(), key=lambda pair: (-pair[0], pair[1].error, pair[1].middle))
    seen: list[Seen] = []
    unread: list[tuple[float, Seen]] = []
    for _, guess in promising[:_SETTLED]:
        if not _known(guess.middle, seen) and (found := _look(grey, guess, expected, sure)) is not None:
            if found[1].text:
                seen.append(found[1])
            else:
                unread.append(found)
    for _, one in sorted(unread, key=lambda pair: (not pair[1].hint, -pair[0])):
        if not any(_overlap(one.corners, other.corners) for other in seen):
            seen.append(one)
    return seen


def _by_library(grey: Image.Image) -> Iterator[Seen]:
    for found in zxingcpp.read_barcodes(grey, formats=_QR):
        p = found.position
        corners = tuple((float(q.x), float(q.y)) for q in (p.top_left, p.top_right, p.bottom_right, p.bottom_left))
        if found.text:
            yield Seen((corners[0], corners[1], corners[2], corners[3]), str(found.text))


def _look(grey: Image.Image, guess: Guess, expected: Callable[[str], bool], sure: float) -> tuple[float, Seen] | None:
    """Likeness of a guess, and what is there; ``None`` for no code."""
    likeness, quad = symbol.settle(grey, guess.quad, guess.version, guess.without)
    if likeness < sure or not symbol.is_written(grey, quad, guess.version):
        return None
    corners = symbol.corners(quad, guess.version)
    text = symbol.text_of(grey, quad, guess.version)
    sound = text is not None and expected(text)
    if guess.without < 0 and sound:
        return likeness, Seen(corners, text or "")
    read = _by_library_closely(grey, corners, symbol.side(guess.version))
    if read and (expected(read) or guess.without < 0):
        return likeness, Seen(corners, read)
    return likeness, Seen(corners, "", (text or "") if sound else "")


def _by_library_closely(grey: Image.Image, corners: Quad, modules: int) -> str:
    """What the library reads of one code alone, magnified, in more or less contrast; "" where it does not."""
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    module = max(1.0, math.dist(corners[0], corners[2]) / modules / math.sqrt(2))
    white = 4 * module
    box = (
        max(0, int(min(xs) - white)),
        max(0, int(min(ys) - white)),
        min(grey.width, int(max(xs) + white)),
        min(grey.height, int(max(ys) + white)),
    )
    if box[2] - box[0] < 15 or box[3] - box[1] < 15:
        return ""
    part = ImageOps.autocontrast(grey.crop(box), cutoff=1)
    times = min(4.0, max(1.0, _MAGNIFIED / module))
    for scale in {round(times, 1), 1.0}:
        shown = part.resize((round(part.width * scale), round(part.height * scale)), Image.Resampling.LANCZOS) if scale != 1 else part
        for way in (zxingcpp.Binarizer.LocalAverage, zxingcpp.Binarizer.GlobalHistogram):
            found = zxingcpp.read_barcodes(shown, formats=_QR, binarizer=way)
            if len(found) == 1 and found[0].text:
                return str(found[0].text)
    return ""


def _known(middle: Point, seen: Iterable[Seen]) -> bool:
    return any(_inside(middle, s.corners) for s in seen)


def _covered(f: Finder, seen: Iterable[Seen]) -> bool:
    """Whether a square belongs to a code that was seen."""
    return any(_inside((f.x, f.y), s.corners) for s in seen)


def _overlap(one: Quad, other: Quad) -> bool:
    return any(_inside(p, other) for p in (*one, _middle(one))) or any(_inside(p, one) for p in (*other, _middle(other)))


def _middle(quad: Quad) -> Point:
    return sum(x for x, _ in quad) / 4, sum(y for _, y in quad) / 4


def _inside(p: Point, corners: Quad) -> bool:
    """Whether a point lies in a quadrangle, or just beside it."""
    mx, my = _middle(corners)
    wide = [(mx + (x - mx) * 1.08, my + (y - my) * 1.08) for x, y in corners]
    turns = [(x2 - x1) * (p[1] - y1) - (y2 - y1) * (p[0] - x1) for (x1, y1), (x2, y2) in zip(wide, wide[1:] + wide[:1], strict=True)]
    return all(t >= 0 for t in turns) or all(t <= 0 for t in turns)
