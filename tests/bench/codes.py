"""How well codes are read: ``python -m tests.bench.codes [--sheets N] [--photos N] [--region DIR]``.

Sheets: as a scanner or a telephone sees one sheet, at 150 and 96 dpi, each spoilt in one way. Boards: as a telephone sees a whole board, from the
side, in bad light. Of every code it is counted whether it was read, told to be unreadable, passed over, or read wrongly, which must
never be.
"""

from __future__ import annotations

import argparse
import datetime as dt
import math
import random
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pypdfium2
import zxingcpp
from PIL import Image, ImageDraw

from sitegen.boards.photo.reading import Seen, read_codes
from sitegen.code import ALPHABET
from sitegen.contents import fill, job
from sitegen.model.base import PaperName
from sitegen.printing import Planned, planned
from sitegen.sheet import Format, render, sheet_spec
from sitegen.sheet.papers import PAPERS
from tests.photos import Paper, Shot, as_jpeg, blurred, board_photo, faded, rotated

DPI = (150, 96)
CORNER = "a stain on a corner square"
CODE_MM = 30.0
"""Side of the codes on sheets of A4 with the smallest code that there is."""
ROOT = Path(__file__).parents[2]


Way = Callable[[Paper, float, random.Random], Image.Image]
Job = tuple[int, str, str]
"""Number of a sheet over the region, its unit and record."""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--sheets", type=int, default=10, help="sheets of the region, taken evenly; 0 for all")
    parser.add_argument("--photos", type=int, default=8, help="photos of boards")
    parser.add_argument("--only", choices=("sheets", "boards"), help="one of the two parts")
    parser.add_argument("--whole", action="store_true", help="spoil and read whole pages, not what stands around the code; slow")
    parser.add_argument("--region", type=Path, default=ROOT)
    parser.add_argument("--date", type=dt.date.fromisoformat, default=dt.date(2026, 11, 24))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="folder for pictures in which something was not read")
    options = parser.parse_args()
    if options.keep:
        options.keep.mkdir(parents=True, exist_ok=True)
    bench = Bench(options.region.resolve(), options.date, options.seed, options.whole, options.keep)
    if options.only != "boards":
        _all_sheets(bench, bench.chosen(options.sheets), options.jobs)
    if options.only != "sheets":
        _boards(list(bench.documents(bench.chosen(max(options.sheets, _ON_BOARDS)))), options.photos, options.seed, options.keep)


_ON_BOARDS = 24
"""Sheets of which boards are made, at least."""


@cache
def _planned(root: Path, date: dt.date) -> Planned:
    return planned(root, date)


@dataclass(frozen=True)
class Bench:
    """A region, and how its sheets are looked at."""

    root: Path
    date: dt.date
    seed: int
    whole: bool = False
    keep: Path | None = None

    @property
    def planned(self) -> Planned:
        """The region, read once in each process."""
        return _planned(self.root, self.date)

    def chosen(self, count: int) -> list[Job]:
        """So many sheets, taken evenly over the region; 0 for all."""
        views = self.planned.plan.views
        every = [(code, r.id) for code, view in views.items() for r in view.records if r.on_board and not r.internal]
        step = max(1, len(every) // count) if count else 1
        return [(n, code, record) for n, (code, record) in enumerate(every[::step][: count or None])]

    def documents(self, jobs: Sequence[Job]) -> Iterator[tuple[int, bytes, str, float]]:
        """Number, PDF, what its code says and how large it is printed in millimetres; every second one on A3, the others on A4."""
        found = self.planned
        for code, mine in groupby(jobs, key=lambda j: j[1]):
            view = fill(job(found.region, found.plan, code), found.region.catalog)
            for n, _, id in mine:
                record = view.record(id)
                spec = sheet_spec(view, record)
                assert spec is not None, id
                paper: PaperName = "A4" if n % 2 else "A3"
                yield n, render(spec, Format(paper), found.region.root).pdf, record.code_url, PAPERS[paper].code

    def look(self, jobs: Sequence[Job]) -> dict[tuple[int, str], Counter[str]]:
        """Every sheet spoilt in every way at both resolutions, and what was read of it."""
        counts: dict[tuple[int, str], Counter[str]] = defaultdict(Counter)
        for n, pdf, text, size in self.documents(jobs):
            for dpi in DPI:
                paper, side = _paper(pdf, text, dpi, size, CODE_MM)
                if not self.whole:
                    paper = _around(paper, side)
                for name, way in _ways(dpi, n).items():
                    rng = random.Random(f"{self.seed} {n} {name}")
                    picture = way(paper, side, rng)
                    began = time.process_time()
                    seen = read_codes(picture, _is_address)
                    took = time.process_time() - began
                    counts[dpi, name] += _count(seen, [paper.text], picture, self.keep, f"{dpi}-{name}-{n}")
                    counts[dpi, name]["microseconds"] += round(took * 1e6)
        return dict(counts)


def _all_sheets(bench: Bench, jobs: list[Job], processes: int) -> None:
    total: dict[tuple[int, str], Counter[str]] = defaultdict(Counter)
    parts = [list(mine) for _, mine in groupby(jobs, key=lambda j: j[1])]
    print(
        f"{len(jobs)} sheets of {bench.planned.region.data.name}, half on A3, half on A4; {'whole pages' if bench.whole else 'what stands around the code'}"
    )
    if processes > 1:
        with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
            found = list(pool.map(bench.look, parts))
    else:
        found = [bench.look(part) for part in parts]
    for part in found:
        for key, counts in part.items():
            total[key] += counts
    for dpi in DPI:
        print(f"\nOne sheet, codes of {CODE_MM:.0f} mm, {dpi} dpi")
        for (at, name), counts in total.items():
            if at == dpi:
                _say(name, counts, counts["microseconds"] / 1e6)


def _paper(pdf: bytes, text: str, dpi: float, printed: float, code: float | None = None) -> tuple[Paper, float]:
    """The first page of a sheet at a resolution, and the side of its code in pixels. ``printed``: its side on paper in millimetres; ``code``: page and all are
    made smaller so that it has this many."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        scale = dpi / 25.4 * ((code / printed) if code else 1.0)
        picture = document[0].render(scale=scale * 25.4 / 72, grayscale=True).to_pil()
        found = [b for b in zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode) if b.text == text]
        assert len(found) == 1, text
        p = found[0].position
        middle = (sum(q.x for q in (p.top_left, p.top_right, p.bottom_right, p.bottom_left)) / 4, (p.top_left.y + p.bottom_right.y) / 2)
        side = printed * scale
        assert abs(math.dist((p.top_left.x, p.top_left.y), (p.top_right.x, p.top_right.y)) / side - 1) < 0.05, text
    finally:
        document.close()
    return Paper(picture, scale, text, middle), side


def _around(paper: Paper, side: float) -> Paper:
    """What stands within one and a half times the code's side around it: the letters, the seal's place, lines of text."""
    x, y = paper.middle
    box = (
        max(0, round(x - 2 * side)),
        max(0, round(y - 2 * side)),
        min(paper.picture.width, round(x + 2 * side)),
        min(paper.picture.height, round(y + 2 * side)),
    )
    return Paper(paper.picture.crop(box), paper.scale, paper.text, (x - box[0], y - box[1]))


# ---- One sheet.


def _ways(dpi: int, number: int) -> dict[str, Way]:
    px = dpi / 25.4
    return {
        "clean": lambda p, _s, _r: p.picture,
        "blurred (0.25 mm)": lambda p, _s, _r: blurred(p.picture, 0.25 * px),
        "rotated within 15°": lambda p, _s, r: rotated(p.picture, r.uniform(-15, 15)),
        "60 % contrast": lambda p, _s, _r: faded(p.picture, 0.6),
        "JPEG quality 40": lambda p, _s, _r: as_jpeg(p.picture, 40),
        "stain of 5 % off the corners": _stained,
        "all of these at once": lambda p, s, r: as_jpeg(faded(rotated(blurred(_stained(p, s, r), 0.25 * px), r.uniform(-15, 15)), 0.6), 40),
        CORNER: lambda p, s, r: _corner_gone(p, s, number % 3, r),
    }


def _stained(paper: Paper, side: float, rng: random.Random) -> Image.Image:
    """A dark or light stain over 5 % of the code, anywhere but on the corner squares."""
    picture = paper.picture.copy()
    x0, y0 = paper.middle[0] - side / 2, paper.middle[1] - side / 2
    radius = side * math.sqrt(0.05 / math.pi)
    corner = 8.5 * side / 29
    while True:
        x, y = rng.uniform(radius, side - radius), rng.uniform(radius, side - radius)
        boxes = ((0, 0), (side - corner, 0), (0, side - corner))
        if all(_away(x, y, bx, by, corner) > radius for bx, by in boxes):
            break
    grey = rng.choice((40, 90, 160, 240))
    ImageDraw.Draw(picture).ellipse((x0 + x - radius, y0 + y - radius, x0 + x + radius, y0 + y + radius), fill=grey)
    return picture


def _away(x: float, y: float, left: float, top: float, size: float) -> float:
    return math.hypot(max(left - x, 0, x - left - size), max(top - y, 0, y - top - size))


def _corner_gone(paper: Paper, side: float, corner: int, rng: random.Random) -> Image.Image:
    """A stain over the middle of a corner square."""
    picture = paper.picture.copy()
    module = side / 29
    x = paper.middle[0] + (side / 2 - 3.5 * module) * (1 if corner == 1 else -1)
    y = paper.middle[1] + (side / 2 - 3.5 * module) * (1 if corner == 2 else -1)
    radius = rng.uniform(3.2, 4.2) * module
    ImageDraw.Draw(picture).ellipse((x - radius, y - radius, x + radius, y + radius), fill=rng.choice((40, 90, 235)))
    return picture


# ---- Boards.


@dataclass(frozen=True)
class Light:
    """Between which bounds a photo is spoilt: noise in grey values; what is left of the light in shadow and altogether; how strongly a lamp is mirrored."""

    noise: tuple[float, float] = (2, 7)
    shadow: tuple[float, float] = (0.4, 0.8)
    light: tuple[float, float] = (0.6, 1.0)
    glare: tuple[float, float] = (0.0, 0.0)


LIGHTS = {
    "noise and shadow": Light(),
    "glare: a lamp mirrored": Light(shadow=(0.6, 1.0), glare=(0.3, 0.7)),
    "low light": Light(noise=(5, 10), shadow=(0.6, 1.0), light=(0.4, 0.6)),
    "nearly dark": Light(noise=(6, 12), shadow=(0.6, 1.0), light=(0.2, 0.4)),
}


def _boards(documents: list[tuple[int, bytes, str, float]], count: int, seed: int, keep: Path | None) -> None:
    print("\nBoards: 4 to 12 sheets, 12 megapixels, from the side within 35°, out of focus, JPEG")
    papers: dict[int, Paper] = {}
    whole = Counter[str]()
    for number, (name, light) in enumerate(LIGHTS.items()):
        rng, total = random.Random(f"{seed} {name}"), Counter[str]()
        photos = len(range(number, count, len(LIGHTS)))
        for n in range(photos):
            chosen = rng.sample(range(len(documents)), min(len(documents), rng.randint(4, 12)))
            for i in chosen:
                if i not in papers:
                    _, pdf, text, size = documents[i]
                    papers[i] = _paper(pdf, text, 110, size)[0]
            shot = a_board([papers[i] for i in chosen], seed * 1000 + 100 * number + n, rng, light)
            began = time.process_time()
            seen = read_codes(shot.picture, _is_address)
            total["microseconds"] += round((time.process_time() - began) * 1e6)
            total += _count(seen, [t for t, _ in shot.truth], shot.picture, keep, f"board-{number}-{n}")
        if photos:
            _say(f"{name}, {photos} photos", total, total["microseconds"] / 1e6)
        whole += total
    if count:
        _say(f"all {count} photos", whole, whole["microseconds"] / 1e6)


def a_board(papers: list[Paper], seed: int, rng: random.Random, light: Light = Light()) -> Shot:
    """A board as an inspector might take it."""
    return board_photo(
        papers,
        seed,
        angle=rng.uniform(-35, 35),
        tilt=rng.uniform(-12, 12),
        roll=rng.uniform(-4, 4),
        noise=rng.uniform(*light.noise),
        blur=rng.uniform(0.4, 0.8),
        shadow=rng.uniform(*light.shadow),
        light=rng.uniform(*light.light),
        glare=rng.uniform(*light.glare),
        quality=rng.randint(80, 92),
    )


# ---- Counting.


def _is_address(text: str) -> bool:
    """As «board check» knows its own: an address with a code and a revision."""
    code, dash, rev = text.rpartition("/")[2].partition("-")
    return text.startswith("HTTPS://") and len(code) == 10 and not set(code) - set(ALPHABET) and bool(dash) and rev.isdecimal()


def _count(seen: tuple[Seen, ...], truth: list[str], picture: Image.Image, keep: Path | None, name: str) -> Counter[str]:
    wanted = Counter(truth)
    read = Counter(s.text for s in seen if s.text)
    right = wanted & read
    missed = (wanted - right).total()
    unreadable = min(missed, sum(not s.text for s in seen))
    counts = Counter(
        codes=wanted.total(), read=right.total(), wrong=(read - wanted).total(), unreadable=unreadable, unseen=missed - unreadable,
        phantom=max(0, sum(not s.text for s in seen) - unreadable),
    )  # fmt: skip
    if keep is not None and (missed or counts["wrong"] or counts["phantom"]):
        picture.convert("RGB").save(keep / f"{name.replace(' ', '_').replace('/', '_')}-{np.random.default_rng().integers(10**6)}.png")
    return counts


def _say(name: str, counts: Counter[str], seconds: float) -> None:
    share = 100 * counts["read"] / counts["codes"]
    rest = "".join(f", {counts[k]} {k}" for k in ("unreadable", "unseen", "phantom") if counts[k])
    print(
        f"  {name:<32} {counts['read']:>4} of {counts['codes']:<4} {share:5.1f} %, {counts['wrong']} wrong{rest}   {seconds:.1f} s CPU",
        flush=True,
    )


if __name__ == "__main__":
    main()
