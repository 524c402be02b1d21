"""Photos as telephones take them, made by computation: sheets on a board, seen aslant, in bad light, with noise. The same seed gives the same photo."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence

import numpy as np
from msgspec import Struct, field
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from sitegen.code import qr_matrix

Point = tuple[float, float]


class Paper(Struct, frozen=True):
    """A sheet as it was printed: its picture, and where which code stands on it."""

    picture: Image.Image
    """Mode L or RGB."""
    scale: float
    """Pixels for a millimetre."""
    text: str
    middle: Point
    """Of the code, in pixels."""


class Shot(Struct, frozen=True):
    """A photo, and what is in it."""

    picture: Image.Image
    truth: tuple[tuple[str, Point], ...]
    """What each code says, and where its middle is in the photo, in pixels."""
    notes: dict[str, float] = field(default_factory=dict)


def plain_sheet(text: str, *, width: float = 210, height: float = 297, code: float = 31, scale: float = 4.0, seed: int = 0) -> Paper:
    """A sheet with lines that look like text, and its code at the bottom right: drawn at once, without a typesetter."""
    rng = np.random.default_rng(seed)
    picture = Image.new("L", (round(width * scale), round(height * scale)), 252)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0.2 * width * scale, 20 * scale, 0.8 * width * scale, 30 * scale), fill=60)
    for row in range(int((height - 110) / 9)):
        y = (45 + 9 * row) * scale
        for column in range(int((width - 40) / 6)):
            if rng.random() < 0.85:
                x = (20 + 6 * column) * scale
                for _ in range(5):
                    ax, bx, ay, by = (
                        x + rng.random() * 5 * scale,
                        x + rng.random() * 5 * scale,
                        y + rng.random() * 5 * scale,
                        y + rng.random() * 5 * scale,
                    )
                    draw.line((ax, ay, bx, ay) if rng.random() < 0.5 else (ax, ay, ax, by), fill=30, width=max(1, round(0.45 * scale)))
    matrix = qr_matrix(text)
    side = round(code * scale)
    qr = (
        Image.frombytes("L", (len(matrix), len(matrix)), b"".join(matrix))
        .point([255] + [10] * 255)
        .resize((side, side), Image.Resampling.BOX)
    )
    left, top = round((width - 20) * scale) - side, round((height - 22) * scale) - side
    picture.paste(qr, (left, top))
    return Paper(picture, scale, text, (left + side / 2, top + side / 2))


def blurred(picture: Image.Image, radius: float) -> Image.Image:
    """Out of focus."""
    return picture.filter(ImageFilter.GaussianBlur(radius))


def rotated(picture: Image.Image, degrees: float) -> Image.Image:
    """Turned, on white."""
    return picture.rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=255 if picture.mode == "L" else (255, 255, 255))


def faded(picture: Image.Image, contrast: float) -> Image.Image:
    """With so much of its contrast, around the middle."""
    return picture.point([round(128 + (v - 128) * contrast) for v in range(256)] * len(picture.getbands()))


def as_jpeg(picture: Image.Image, quality: int, **more: object) -> Image.Image:
    """As it comes out of a JPEG."""
    return Image.open(io.BytesIO(jpeg(picture, quality, **more))).convert(picture.mode)


def jpeg(picture: Image.Image, quality: int = 88, **more: object) -> bytes:
    """The bytes of a JPEG."""
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality, **more)
    return out.getvalue()


def with_noise(picture: Image.Image, sigma: float, rng: np.random.Generator) -> Image.Image:
    """With the noise of a small sensor."""
    values = np.asarray(picture, dtype=np.float32)
    noisy = values + rng.standard_normal(values.shape, dtype=np.float32) * sigma
    return Image.fromarray(np.clip(noisy, 0, 255).astype(np.uint8))


def board_photo(
    papers: Sequence[Paper],
    seed: int,
    *,
    megapixels: float = 12.0,
    angle: float = 0.0,
    tilt: float = 0.0,
    roll: float = 0.0,
    columns: int | None = None,
    noise: float = 5.0,
    blur: float = 0.6,
    shadow: float = 0.5,
    light: float = 1.0,
    glare: float = 0.0,
    quality: int = 88,
) -> Shot:
    """A board with these sheets.

    ``angle`` and ``tilt`` are how far, in degrees, the camera stands to the side and above or below; ``shadow`` is the light that is left in
    the shadow (1: none); ``light`` that of all of it; ``glare`` how strongly a lamp is mirrored; ``blur`` and ``noise`` are in pixels and grey values.
    """
    rng = np.random.default_rng(seed)
    width = round(math.sqrt(megapixels * 1e6 * 4 / 3))
    height = round(width * 3 / 4)
    flat, places, scale = _wall(papers, columns, rng)
    # Two steps, so that nothing is sampled too coarsely: the wall as large as it will be seen at most, then aslant.
    quad = _seen(flat.width, flat.height, angle, tilt, roll, width, height)
    zoom = max(math.dist(quad[n], quad[(n + 1) % 4]) / (flat.width if n % 2 == 0 else flat.height) for n in range(4)) * 1.25
    if zoom < 1:
        small = flat.resize(
            (round(flat.width * zoom), round(flat.height * zoom)), Image.Resampling.BOX if zoom < 0.5 else Image.Resampling.LANCZOS
        )
        places = [(text, (x * small.width / flat.width, y * small.height / flat.height)) for text, (x, y) in places]
        flat = small
    source = ((0.0, 0.0), (float(flat.width), 0.0), (float(flat.width), float(flat.height)), (0.0, float(flat.height)))
    ground = Image.new("L", (width, height), 150)
    seen = flat.transform((width, height), Image.Transform.PERSPECTIVE, _homography(quad, source), Image.Resampling.BICUBIC, fillcolor=150)
    ground.paste(seen)
    ahead = _homography(source, quad)
    truth = tuple((text, _moved(ahead, p)) for text, p in places)
    lit = _lit(ground, rng, shadow, light, glare)
    picture = with_noise(blurred(lit, blur), noise, rng)
    if quality:
        picture = as_jpeg(picture, quality)
    return Shot(picture, truth, {"scale": scale})


def _wall(papers: Sequence[Paper], columns: int | None, rng: np.random.Generator) -> tuple[Image.Image, list[tuple[str, Point]], float]:
    """The board from the front, with sheets in rows, each a little crooked."""
    scale = papers[0].scale
    columns = columns or math.ceil(len(papers) / (1 if len(papers) <= 4 else 2))
    wide = max(p.picture.width for p in papers) + round(25 * scale)
    high = max(p.picture.height for p in papers) + round(25 * scale)
    rows = math.ceil(len(papers) / columns)
    margin = round(60 * scale)
    wall = Image.new("L", (columns * wide + 2 * margin, rows * high + 2 * margin), 165)
    draw = ImageDraw.Draw(wall)
    inner = margin // 2
    draw.rectangle((inner, inner, wall.width - inner, wall.height - inner), fill=205, outline=70, width=round(12 * scale))
    places = []
    for n, paper in enumerate(papers):
        crooked = float(rng.uniform(-1.5, 1.5))
        turned = paper.picture.convert("L").rotate(crooked, Image.Resampling.BICUBIC, expand=True, fillcolor=205)
        x = margin + (n % columns) * wide + (wide - turned.width) // 2
        y = margin + (n // columns) * high + (high - turned.height) // 2
        wall.paste(turned, (x, y))
        cos, sin = math.cos(math.radians(crooked)), math.sin(math.radians(crooked))
        dx, dy = paper.middle[0] - paper.picture.width / 2, paper.middle[1] - paper.picture.height / 2
        places.append((paper.text, (x + turned.width / 2 + dx * cos + dy * sin, y + turned.height / 2 - dx * sin + dy * cos)))
    return wall, places, scale


def _seen(wide: float, high: float, angle: float, tilt: float, roll: float, width: int, height: int) -> list[Point]:
    """Where the corners of the wall are in the photo: a camera at one and a half times the wall's width, turned so that it fills the picture."""
    a, t, r = (math.radians(v) for v in (angle, tilt, roll))
    far = 1.5 * max(wide, high * 4 / 3)
    points = []
    for x, y in ((-wide / 2, -high / 2), (wide / 2, -high / 2), (wide / 2, high / 2), (-wide / 2, high / 2)):
        x1, z1 = x * math.cos(a), x * math.sin(a)
        y2, z2 = y * math.cos(t) - z1 * math.sin(t), y * math.sin(t) + z1 * math.cos(t)
        depth = far + z2
        u, v = x1 / depth, y2 / depth
        points.append((u * math.cos(r) - v * math.sin(r), u * math.sin(r) + v * math.cos(r)))
    left, right = min(p[0] for p in points), max(p[0] for p in points)
    top, bottom = min(p[1] for p in points), max(p[1] for p in points)
    zoom = 0.97 * min(width / (right - left), height / (bottom - top))
    return [((u - (left + right) / 2) * zoom + width / 2, (v - (top + bottom) / 2) * zoom + height / 2) for u, v in points]


def _lit(picture: Image.Image, rng: np.random.Generator, shadow: float, light: float, glare: float) -> Image.Image:
    """A shadow with a soft edge across it, less light altogether, a lamp mirrored in the glass."""
    width, height = picture.size
    small = (width // 16, height // 16)
    mask = Image.new("L", small, 255)
    draw = ImageDraw.Draw(mask)
    x, slope = rng.uniform(0.2, 0.8) * small[0], rng.uniform(-0.6, 0.6) * small[1]
    draw.polygon([(0, 0), (x + slope, 0), (x - slope, small[1]), (0, small[1])], fill=round(255 * shadow))
    mask = mask.filter(ImageFilter.GaussianBlur(6)).resize(picture.size, Image.Resampling.BICUBIC)
    made = ImageChops.multiply(picture, mask)
    if light != 1:
        made = made.point([round(v * light) for v in range(256)])
    if glare:
        spot = Image.new("L", small, 0)
        at = (rng.uniform(0.2, 0.8) * small[0], rng.uniform(0.2, 0.8) * small[1])
        size = 0.08 * small[0]
        ImageDraw.Draw(spot).ellipse((at[0] - size, at[1] - size, at[0] + size, at[1] + size), fill=round(255 * glare))
        made = ImageChops.add(made, spot.filter(ImageFilter.GaussianBlur(size / 2)).resize(picture.size, Image.Resampling.BICUBIC))
    return made


def _homography(source: Sequence[Point], target: Sequence[Point]) -> tuple[float, ...]:
    """The eight numbers by which four points go over into four others."""
    rows, values = [], []
    for (x, y), (u, v) in zip(source, target, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        values += [u, v]
    return tuple(float(n) for n in np.linalg.solve(np.array(rows, dtype=float), np.array(values, dtype=float)))


def _moved(h: Sequence[float], p: Point) -> Point:
    x, y = p
    w = h[6] * x + h[7] * y + 1
    return (h[0] * x + h[1] * y + h[2]) / w, (h[3] * x + h[4] * y + h[5]) / w
