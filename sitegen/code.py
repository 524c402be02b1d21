"""Permanent codes (永久码) and the QR that carries them.

A code is 10 characters of Crockford's base 32 (no I, L, O, U): a hash of the unit's code and the record's id proposes it. The address
on paper is uppercase so that the QR stays alphanumeric and small: version 3 at level Q for hosts of ordinary length.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import urlsplit

import segno

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 10
_QR_CHARACTERS = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")
_LOOKALIKE = str.maketrans({"I": "1", "L": "1", "O": "0"})
# One mask for all: choosing the best of eight is four fifths of the work, and every reader copes with any of them.
_MASK = 3


def propose(unit: str, record: str, attempt: int = 0) -> str:
    """The code that is proposed for a record; ``attempt`` counts the collisions before it."""
    name = f"{unit}/{record}" + (f"#{attempt}" if attempt else "")
    bits = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big") >> (64 - 5 * LENGTH)
    return "".join(ALPHABET[bits >> 5 * n & 31] for n in reversed(range(LENGTH)))


def assign(names: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """A code for every (unit, record), all different. Of two that collide the first in sorted order keeps its proposal."""
    taken: set[str] = set()
    codes: dict[tuple[str, str], str] = {}
    for unit, record in sorted(set(names)):
        attempt = 0
        while (code := propose(unit, record, attempt)) in taken:
            attempt += 1
        taken.add(code)
        codes[unit, record] = code
    return codes


def normalise(text: str) -> str:
    """A code as typed by hand: lower case, I and L for 1, O for 0, spaces."""
    return "".join(text.split()).upper().translate(_LOOKALIKE)


def split(text: str) -> tuple[str, int | None]:
    """Code and revision of ``7K3M9X2QF4-2``; the revision is ``None`` when there is none. Raises ``ValueError`` for no code."""
    code, dash, rev = normalise(text).partition("-")
    if len(code) != LENGTH or set(code) - set(ALPHABET) or (dash and not rev.isdecimal()):
        raise ValueError("not a code")
    return code, int(rev) if dash else None


def code_url(base: str, code: str, rev: int) -> str:
    """What the QR says: ``HTTPS://HOST/Q/7K3M9X2QF4-2``. Raises ``ValueError`` when the address cannot be written in capitals."""
    parts = urlsplit(base)
    url = f"{parts.scheme}://{parts.netloc}/{parts.path.strip('/')}".rstrip("/").upper() + f"/Q/{code}-{rev}"
    if set(url) - _QR_CHARACTERS:
        raise ValueError("the address of codes may hold only letters, digits and . - / :")
    return url


@lru_cache(maxsize=4096)
def qr_matrix(url: str) -> tuple[bytes, ...]:
    """The modules of a QR, row by row, without the quiet zone: 1 is dark."""
    try:
        qr = segno.make_qr(url, error="q", version=3, mode="alphanumeric", mask=_MASK, boost_error=False)
    except segno.DataOverflowError:
        qr = segno.make_qr(url, error="q", mode="alphanumeric", mask=_MASK, boost_error=False)
    return tuple(bytes(row) for row in qr.matrix)


_RUN = re.compile(rb"\x01+")


@lru_cache(maxsize=4096)
def qr_svg(url: str, label: str = "二维码") -> str:
    """The QR as one small inline picture in the text's colour, with its quiet zone: a line per run of dark modules."""
    matrix = qr_matrix(url)
    size = len(matrix) + 8
    path = "".join(f"M{run.start() + 4} {y}.5h{run.end() - run.start()}" for y, row in enumerate(matrix, 4) for run in _RUN.finditer(row))
    return f'<svg class="qr" viewBox="0 0 {size} {size}" role="img" aria-label="{label}"><path d="{path}" stroke="currentColor"/></svg>'
