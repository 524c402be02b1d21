"""What photos of boards show, as one page: every photo with its codes framed, and beside it what each of them is. No script, no request."""

from __future__ import annotations

import base64
from collections import Counter

from markupsafe import Markup
from msgspec import Struct

import sitegen
from sitegen.model.finding import translator
from sitegen.resources import resource
from sitegen.templates import environment, hash_of

from . import round_tell, round_words, words
from .look import Looked, Round, Spot

_GROWN = 1.22
"""How much larger than the code its frame is."""
_LABEL = 0.6
"""Height of a label in the photo, in percent of its width: labels above the edge are moved into it."""


class Mark(Struct, frozen=True):
    """A code framed in a photo."""

    spot: Spot
    tone: str
    points: str
    """Of the frame, in thousandths of the photo's width and height."""
    css: str
    """The class that puts its label where it belongs."""
    name: str
    known: str
    to_do: str


class Shown(Struct, frozen=True):
    """A photo on the page."""

    photo: Looked
    data: str
    """The photo as a data address; "" where it could not be opened."""
    marks: tuple[Mark, ...]
    """Those with which something has to be done first."""
    taken: str
    nothing: str
    """Where no code was seen: why."""
    todo: int


def html(found: Round) -> bytes:
    """The page, in Chinese; the photos in it are small copies without metadata."""
    say = translator("zh")
    rules: list[str] = []
    shown = [_shown(photo, n, rules) for n, photo in enumerate(found.photos)]
    style = (resource("themes/boards") / "boards.css").read_text("utf-8") + (resource("themes/boards") / "round.css").read_text("utf-8")
    style += "".join(rules)
    templates = environment(resource("themes/boards"))
    tones = Counter(m.tone for s in shown for m in s.marks)
    counts = [
        (t, label, n)
        for t, label, n in (
            ("good", "现行", tones["good"]),
            ("amber", "要更换、要核对", tones["amber"]),
            ("red", "要撤下、要查明", tones["red"]),
            ("plain", "其他码", tones["plain"]),
            ("red", "应张贴未见到", len(found.missing)),
        )
        if n
    ]
    page = templates.get_template("round.html").render(
        photos=shown,
        missing=[(m, round_words.place(m), round_words.missing(m, say)) for m in found.missing],
        whole=[(unit, due) for unit, due in found.units if not any(m.unit == unit for m in found.missing)],
        told=round_tell.counted(found, say),
        counts=counts,
        day=words.day(found.date),
        fine=found.fine,
        short=round_words.SHORT,
        w=words,
        style=Markup(style),
        policy=hash_of(style),
        foot=f"sitegen {sitegen.__version__}",
    )
    return page.encode()


def _shown(photo: Looked, n: int, rules: list[str]) -> Shown:
    say = translator("zh")
    marks = tuple(_mark(spot, f"m{n}-{spot.number}", rules) for spot in sorted(photo.spots, key=lambda s: s.judged.fine))
    data = "data:image/jpeg;base64," + base64.b64encode(photo.raw.shown).decode() if photo.raw.shown else ""
    todo = sum(not m.spot.judged.fine for m in marks) + (not photo.spots)
    return Shown(photo, data, marks, round_words.taken(photo), "" if photo.spots else round_words.nothing(photo, say), todo)


def _mark(spot: Spot, css: str, rules: list[str]) -> Mark:
    say = translator("zh")
    mx, my = (sum(p[n] for p in spot.corners) / 4 for n in (0, 1))
    grown = [(mx + (x - mx) * _GROWN, my + (y - my) * _GROWN) for x, y in spot.corners]
    points = " ".join(f"{1000 * x:.1f},{1000 * y:.1f}" for x, y in grown)
    left = 100 * min(max(min(x for x, _ in grown), 0.0), 0.93)
    bottom = 100 * (1 - min(max(min(y for _, y in grown), _LABEL / 10), 1.0))
    rules.append(f".{css}{{left:{left:.2f}%;bottom:{bottom:.2f}%}}")
    j = spot.judged
    tone = round_words.TONE[j.verdict]
    return Mark(spot, tone, points, css, round_words.name(j, say), round_words.known(spot, say), round_words.to_do(j, say))
