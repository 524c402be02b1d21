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
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pypdfium2
import zxingcpp
from PIL import Image, ImageDraw

from sitegen.boards.photo.reading import Seen, read_codes
from sitegen.code import ALPHABET
from sitegen.contents import fill, job
from sitegen.model.region import Region
from sitegen.printing import planned
from sitegen.sheet import Format, render, sheet_spec
from sitegen.view import Plan
from tests.photos import Paper, Shot, as_jpeg, blurred, board_photo, faded, rotated

CODE_MM = 30.0
"""Side of the codes on sheets of A4 with the smallest code that there is."""
ROOT = Path(__file__).parents[2]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--sheets", type=int, default=10, help="sheets of the region, taken evenly; 0 for all")
    parser.add_argument("--photos", type=int, default=8, help="photos of boards")
    parser.add_argument("--only", choices=("sheets", "boards"), help="one of the two parts")
    parser.add_argument("--region", type=Path, default=ROOT)
    parser.add_argument("--date", type=dt.date.fromisoformat, default=dt.date(2026, 11, 24))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="folder for pictures in which something was not read")
    options = parser.parse_args()
    if options.keep:
        options.keep.mkdir(parents=True, exist_ok=True)
    found = planned(options.region.resolve(), options.date)
    documents = list(_documents(found.region, found.plan, options.sheets))
    print(f"{len(documents)} sheets of {found.region.data.name}")
    for dpi in (150, 96) if options.only != "boards" else ():
        _sheets(documents, dpi, options.seed, options.keep)
    if options.only != "sheets":
        _boards(documents, options.photos, options.seed, options.keep)


def _documents(region: Region, plan: Plan, count: int) -> Iterator[tuple[bytes, str]]:
    """(PDF, what its code says) of sheets, taken evenly over the region; half on A3, half on A4."""
    every = [(code, r.id) for code, view in plan.views.items() for r in view.records if r.on_board and not r.internal]
    step = max(1, len(every) // count) if count else 1
    chosen = every[::step][: count or None]
    by_unit: dict[str, list[str]] = {}
    for code, record in chosen:
        by_unit.setdefault(code, []).append(record)
    n = 0
    for code, records in by_unit.items():
        view = fill(job(region, plan, code), region.catalog)
        for record in (r for r in view.records if r.id in records):
            spec = sheet_spec(view, record)
            if spec is not None:
                n += 1
                yield render(spec, Format("A3" if n % 2 else "A4"), region.root).pdf, record.code_url


def _paper(pdf: bytes, text: str, dpi: float, code: float | None = None) -> tuple[Paper, float]:
    """The first page of a sheet at a resolution, and the side of its code in pixels. ``code``: set so that the code has this many millimetres."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        sharp = document[0].render(scale=300 / 72, grayscale=True).to_pil()
        found = [b for b in zxingcpp.read_barcodes(sharp, formats=zxingcpp.BarcodeFormat.QRCode) if b.text == text]
        assert len(found) == 1, text
        p = found[0].position
        corners = [(q.x * 25.4 / 300, q.y * 25.4 / 300) for q in (p.top_left, p.top_right, p.bottom_right, p.bottom_left)]
        side = math.dist(corners[0], corners[1])
        middle = (sum(x for x, _ in corners) / 4, sum(y for _, y in corners) / 4)
        scale = dpi / 25.4 * ((code / side) if code else 1.0)
        picture = document[0].render(scale=scale * 25.4 / 72, grayscale=True).to_pil()
    finally:
        document.close()
    return Paper(picture, scale, text, (middle[0] * scale, middle[1] * scale)), side * scale


# ---- One sheet.


def _sheets(documents: list[tuple[bytes, str]], dpi: int, seed: int, keep: Path | None) -> None:
    px = dpi / 25.4
    ways: dict[str, Callable[[Paper, float, random.Random], Image.Image]] = {
        "clean": lambda p, _s, _r: p.picture,
        "blurred (0.25 mm)": lambda p, _s, _r: blurred(p.picture, 0.25 * px),
        "rotated within 15°": lambda p, _s, r: rotated(p.picture, r.uniform(-15, 15)),
        "60 % contrast": lambda p, _s, _r: faded(p.picture, 0.6),
        "JPEG quality 40": lambda p, _s, _r: as_jpeg(p.picture, 40),
        "stain of 5 % off the corners": _stained,
        "all of these at once": lambda p, s, r: as_jpeg(faded(rotated(blurred(_stained(p, s, r), 0.25 * px), r.uniform(-15, 15)), 0.6), 40),
    }
    print(f"\nOne sheet, codes of {CODE_MM:.0f} mm, {dpi} dpi")
    papers = [_paper(pdf, text, dpi, CODE_MM) for pdf, text in documents]
    for name, way in ways.items():
        rng, counts, started = random.Random(seed), Counter[str](), time.process_time()
        for paper, side in papers:
            picture = way(paper, side, rng)
            counts += _count(read_codes(picture, _is_address), [paper.text], picture, keep, f"{dpi}-{name}")
        _say(name, counts, time.process_time() - started)
    rng, counts, started = random.Random(seed), Counter[str](), time.process_time()
    for paper, side in papers:
        for corner in range(3):
            picture = _corner_gone(paper, side, corner, rng)
            counts += _count(read_codes(picture, _is_address), [paper.text], picture, keep, f"{dpi}-corner")
    _say("a stain on a corner square", counts, time.process_time() - started)


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


def _boards(documents: list[tuple[bytes, str]], count: int, seed: int, keep: Path | None) -> None:
    print("\nBoards: 4 to 12 sheets, 12 megapixels, from the side within 35°, noise, shadow, less light")
    rng, total, started, sizes = random.Random(seed), Counter[str](), time.process_time(), []
    papers: dict[int, Paper] = {}
    spent = 0.0
    for n in range(count):
        chosen = rng.sample(range(len(documents)), min(len(documents), rng.randint(4, 12)))
        for i in chosen:
            if i not in papers:
                papers[i] = _paper(*documents[i], dpi=110)[0]
        shot = a_board([papers[i] for i in chosen], seed * 1000 + n, rng)
        began = time.process_time()
        seen = read_codes(shot.picture, _is_address)
        spent += time.process_time() - began
        counts = _count(seen, [t for t, _ in shot.truth], shot.picture, keep, f"board-{n}")
        sizes.append(len(chosen))
        total += counts
    _say(f"{count} photos", total, spent)
    print(
        f"  {spent / count:.1f} s CPU a photo; {time.process_time() - started:.0f} s with making them; {sum(sizes) / count:.1f} sheets each"
    )


def a_board(papers: list[Paper], seed: int, rng: random.Random) -> Shot:
    """A board as an inspector might take it."""
    return board_photo(
        papers,
        seed,
        angle=rng.uniform(-35, 35),
        tilt=rng.uniform(-12, 12),
        roll=rng.uniform(-4, 4),
        noise=rng.uniform(2, 7),
        blur=rng.uniform(0.4, 0.8),
        shadow=rng.uniform(0.4, 0.8),
        light=rng.uniform(0.6, 1.0),
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
