"""Permanent codes (永久码) and the QR that carries them.

A code is 10 characters of Crockford's base 32 (no I, L, O, U): a hash of the unit's code and the record's id proposes it. The address
on paper is uppercase so that the QR stays alphanumeric and small: version 3 at level Q for hosts of ordinary length.
"""

from __future__ import annotations

import base64
import hashlib
import html
import math
import re
import struct
import unicodedata
import zlib
from collections.abc import Iterable
from functools import lru_cache
from itertools import product
from typing import Any
from urllib.parse import urlsplit

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 10
# The alphanumeric mode also has the space, which no address may hold.
_QR_CHARACTERS = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ$%*+-./:")
_LOOKALIKE = str.maketrans({"I": "1", "L": "1", "O": "0"})
_DASHES = re.compile(r"[‐‑‒–—―−]")


def propose(unit: str, record: str, attempt: int = 0) -> str:
    """The code that is proposed for a record; ``attempt`` counts the collisions before it."""
    name = f"{unit}/{record}" + (f"#{attempt}" if attempt else "")
    bits = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big") >> (64 - 5 * LENGTH)
    return "".join(ALPHABET[bits >> 5 * n & 31] for n in reversed(range(LENGTH)))


def assign(names: Iterable[tuple[str, str]], taken: Iterable[str] = ()) -> dict[tuple[str, str], str]:
    """A code for every (unit, record), all different and none of ``taken``. Of two that collide the first in sorted order keeps its proposal."""
    taken = set(taken)
    codes: dict[tuple[str, str], str] = {}
    for unit, record in sorted(set(names)):
        attempt = 0
        while (code := propose(unit, record, attempt)) in taken:
            attempt += 1
        taken.add(code)
        codes[unit, record] = code
    return codes


def normalise(text: str) -> str:
    """A code as typed by hand: lower case, full width, I and L for 1, O for 0, spaces, any kind of dash."""
    plain = unicodedata.normalize("NFKC", text)
    return _DASHES.sub("-", "".join(plain.split())).upper().translate(_LOOKALIKE)


def split(text: str) -> tuple[str, int | None]:
    """Code and revision of ``7K3M9X2QF4-2``; the revision is ``None`` when there is none. Raises ``ValueError`` for no code.

    Dashes within the code, as people write long numbers, count for nothing; the one after its tenth character sets off the revision.
    """
    whole = normalise(text)
    code, rest = "", whole
    while rest and len(code) < LENGTH:
        code, rest = code + rest[0].strip("-"), rest[1:]
    dash, rev = rest[:1], rest[1:]
    if len(code) != LENGTH or set(code) - set(ALPHABET) or dash not in ("", "-") or (dash and not (rev.isascii() and rev.isdecimal())):
        raise ValueError("not a code")
    return code, int(rev) if dash else None


def code_url(base: str, code: str, rev: int) -> str:
    """What the QR says: ``HTTPS://HOST/Q/7K3M9X2QF4-2``. Raises ``ValueError`` when the address cannot be written in capitals."""
    parts = urlsplit(base)
    url = f"{parts.scheme}://{parts.netloc}/{parts.path.strip('/')}".rstrip("/").upper() + f"/Q/{code}-{rev}"
    if set(url) - _QR_CHARACTERS:
        raise ValueError("the address of codes may hold only letters, digits and . - / :")
    return url


_MASK = 3


@lru_cache(maxsize=4096)
def qr_matrix(url: str, *, sharp: bool = False) -> tuple[bytes, ...]:
    """The modules of a QR at error correction level Q, row by row, without the quiet zone: 1 is dark.

    ``sharp`` is for screens, where any mask is read. For paper all are weighed, which takes ten times as long: with a fixed one a code in
    a dark and noisy photo of a board was not read.
    """
    import zxingcpp

    mask = {"data_mask": _MASK} if sharp else {}
    code = zxingcpp.create_barcode(url, zxingcpp.BarcodeFormat.QRCode, ec_level="Q", **mask)
    image: Any = code.to_image(scale=1, add_quiet_zones=False)  # a buffer of grey values, which its type does not say
    dark = bytes(image).translate(_DARK)
    side = math.isqrt(len(dark))
    return tuple(dark[y : y + side] for y in range(0, side * side, side))


_DARK = bytes([1]) + bytes(255)
"""Grey to module: black is dark."""


def _strokes(modules: bytes) -> str:
    """The pen's way along a few modules, from their left edge to their right: ``h`` draws, ``m`` passes over."""
    return "".join(f"h{len(run)}" if run[0] else f"m{len(run)} 0" for run in _RUNS.findall(modules))


_RUNS = re.compile(rb"\x01+|\x00+")
_CHUNK = 8
# The ways along all chunks there are: a picture then takes a hundred look-ups.
_WAY = {chunk: _strokes(chunk) for n in range(1, _CHUNK + 1) for chunk in map(bytes, product((0, 1), repeat=n))}


@lru_cache(maxsize=4096)
def qr_path(url: str, margin: int = 0) -> str:
    """The dark modules of a QR as the path of an SVG, to be stroked one module wide."""
    lines = []
    for y, row in enumerate(qr_matrix(url), margin):
        end = row.rfind(1) + 1
        way = "".join([_WAY[row[x : min(x + _CHUNK, end)]] for x in range(0, end, _CHUNK)])
        lines.append(f"M{margin} {y}.5{way}")
    return "".join(lines)


@lru_cache(maxsize=4096)
def qr_img(url: str, label: str = "二维码") -> str:
    """The QR as one small inline picture with its quiet zone of 4 modules, a pixel a module: a tenth of what its path takes. ``label`` is what is read aloud."""
    rows = qr_matrix(url, sharp=True)
    side = len(rows) + 2 * _QUIET
    data = base64.b64encode(_png(side, [row.translate(_DIGITS) for row in rows])).decode()
    return f'<img class="qr" width="{side}" height="{side}" alt="{html.escape(label, quote=True)}" src="data:image/png;base64,{data}">'


_DIGITS = b"10" + bytes(254)
"""Module to bit: black is 0."""


def _png(side: int, rows: list[bytes]) -> bytes:
    """A square picture of one bit a pixel, of rows of digits that have a quiet zone around them. An imaging library takes eight times as
    long for it, which would be a twentieth of a county's build."""
    first, last = b"0" * 8 + b"1" * _QUIET, b"1" * _QUIET + b"0" * (-side % 8)  # a line begins with the byte of its filter
    edge = (first + b"1" * (side - 2 * _QUIET) + last) * _QUIET
    digits = edge + first + (last + first).join(rows) + last + edge
    data = zlib.compress(int(digits, 2).to_bytes(len(digits) // 8, "big"), 9)
    return _chunks((b"IHDR", struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)), (b"IDAT", data), (b"IEND", b""))


def _chunks(*chunks: tuple[bytes, bytes]) -> bytes:
    made = (struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(data, zlib.crc32(name))) for name, data in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(made)


_QUIET = 4
"""Modules of white around a code."""
