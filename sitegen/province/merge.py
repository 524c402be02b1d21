"""Summaries of counties → an index that says, for every pair of characters, in which counties it stands.

A query's counties are those that have all of its pairs: none that has the words is missed; that they stand together there, the county's own search
says. Pieces are named after what they say, so that a change uploads few.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from sitegen.search.index import packed

from .summary import Summary, key_of, pairs_of

_PIECE = 20_000
"""Characters of a piece before it is packed."""
_BLOCK = 1 << (21 + 6)
"""Pairs whose first characters share all but their last six bits are merged at once: memory does not grow with the counties' texts."""


def index_files(folder: Path, counties: Sequence[Summary]) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of the files of the index, ``index.bin`` last. Memory is that of one block of characters in all counties."""
    pieces: list[tuple[str, str]] = []
    piece: dict[str, str] = {}
    size = 0
    for pair, where in _merged(folder, [c.code for c in counties]):
        key = key_of(pair)
        piece[key] = where
        size += len(where) + 6
        if size > _PIECE:
            yield from _piece(piece, pieces)
            piece, size = {}, 0
    if piece:
        yield from _piece(piece, pieces)
    yield "index.bin", packed({"counties": [[c.code, c.name, c.url] for c in counties], "pieces": pieces})


def _piece(piece: dict[str, str], pieces: list[tuple[str, str]]) -> Iterator[tuple[str, bytes]]:
    name = hashlib.sha256(json.dumps(piece, ensure_ascii=False).encode("utf-8", "surrogatepass")).hexdigest()[:10]
    pieces.append((next(iter(piece)), name))
    yield f"{name}.bin", packed(piece)


def _merged(folder: Path, codes: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Every pair in order, and the places in ``codes`` of the counties that have it: ``0-41.43``."""
    if not codes:
        return
    arrays = [pairs_of(folder, code) for code in codes]
    at = [0] * len(arrays)
    while True:
        ahead = [int(a[n]) for a, n in zip(arrays, at, strict=True) if n < len(a)]
        if not ahead:
            return
        end = np.uint64((min(ahead) // _BLOCK + 1) * _BLOCK)
        ends = [int(np.searchsorted(a, end)) for a in arrays]
        pairs = np.concatenate([a[n:m] for a, n, m in zip(arrays, at, ends, strict=True)])
        owners = np.repeat(np.arange(len(arrays)), [m - n for n, m in zip(at, ends, strict=True)])
        order = np.lexsort((owners, pairs))
        pairs, owners = pairs[order], owners[order]
        starts = np.flatnonzero(np.concatenate(([True], pairs[1:] != pairs[:-1])))
        for first, last in zip(starts, [*starts[1:], len(pairs)], strict=True):
            yield int(pairs[first]), _ranges(owners[first:last])
        at = ends


def _ranges(owners: np.ndarray[tuple[int], np.dtype[np.int64]]) -> str:
    breaks = np.flatnonzero(np.diff(owners) != 1)
    firsts, lasts = owners[np.concatenate(([0], breaks + 1))], owners[np.concatenate((breaks, [len(owners) - 1]))]
    return ".".join(str(a) if a == b else f"{a}-{b}" for a, b in zip(firsts.tolist(), lasts.tolist(), strict=True))
