"""Texts → the files that search reads: where every three characters stand, in order, cut into small pieces.

Every character is the first of a key of three; at the end of a line the key is shorter. A query of two characters is then the run of keys
that begin with them, one of five is two keys two places apart, and what is found is exact without reading a text.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

from .texts import BLOCK, Text

CAPACITY = 1 << 22
"""Characters that one index holds at most: a key and a place then fit into 64 bits."""
_SHARD = 7_000
"""Bytes of a piece before it is compressed."""
Files = dict[str, bytes]
Array = Any
"""An array of numpy, which only large indexes need: it is loaded when the first is made."""


class Run(NamedTuple):
    """Texts of one unit that follow each other in a segment."""

    unit: str
    folder: str
    """Where they can be read, in files ``t0.bin`` …; "" beside the index."""
    chunks: Sequence[int]
    """How many texts each of these files has."""


def chunk(texts: Iterable[Text]) -> bytes:
    """A file of texts as they are shown."""
    return packed([[t.path, t.title, t.body] for t in texts])


def segment(texts: Sequence[Text], runs: Sequence[Run], scanned: bool) -> Files:
    """The files of a segment by name. A ``scanned`` one has its texts instead of an index: they are searched as they are."""
    days: list[int] = []
    for run in runs:
        before = 0
        for text in texts[len(days) : len(days) + sum(run.chunks)]:
            days.append(text.day - before)
            before = text.day
    fields = sorted({t.field for t in texts})
    of = {name: n for n, name in enumerate(fields)}
    with ThreadPoolExecutor(2) as beside:  # compressing leaves the interpreter free
        shards = [] if scanned else [(s, beside.submit(_compressed, data)) for s, data in _shards("".join(t.folded for t in texts))]
    head = {
        "units": [[run.unit, sum(run.chunks), run.folder] for run in runs],
        "chunks": _column(count for run in runs for count in run.chunks),
        "fields": fields,
        "field": _column(of[t.field] for t in texts),
        "size": _column(len(t.folded) // BLOCK for t in texts),
        "title": _column(t.head for t in texts),
        "day": _column(days),
        "flags": _column(t.flags for t in texts),
        "seams": "\n".join(seam for seam, _ in shards),
    }
    files = {f"{n}.bin": data.result() for n, (_, data) in enumerate(shards)}
    return files | {"head.bin": packed(head)} | ({"t0.bin": chunk(texts)} if scanned else {})


def packed(value: object) -> bytes:
    return _compressed(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())


def _compressed(data: bytes) -> bytes:
    return gzip.compress(data, 6, mtime=0)


def _column(numbers: Iterable[int]) -> str:
    """Small numbers as one character each."""
    return "".join(chr(min(n, 50_000) + 35) for n in numbers)


def _shards(letters: str) -> Iterator[tuple[str, bytes]]:
    """Pieces of the index in order, each with the least text that sets its first key off from the piece before."""
    if not letters.strip("\n"):
        return
    import numpy as np

    keys, counts, places = _postings(letters)
    lists, widths = _varints(places)
    ends = np.cumsum(widths, dtype=np.uint32)[np.cumsum(counts) - 1].astype(np.int64)
    lengths = _varints(np.diff(ends, prepend=0).astype(np.uint32))
    length_ends = np.cumsum(lengths[1], dtype=np.int64)
    room = ends + 5 * np.arange(1, len(ends) + 1)  # what the keys up to this one take: their lists, and five bytes each for name and length
    first, before = 0, ""
    while first < len(ends):
        start = int(ends[first - 1]) if first else 0
        after = max(int(np.searchsorted(room, _SHARD + start + 5 * first, "right")), first + 1)
        names = keys[first:after].tobytes().decode("utf-32-le").replace("\0", "")[:-1]  # each key and a line break, but the last
        own = names.partition("\n")[0]
        seam = next(s for k in range(1, 4) if (s := own[:k]) > before)
        data = names.encode()
        said = lengths[0][int(length_ends[first - 1]) if first else 0 : int(length_ends[after - 1])]
        yield seam, _varint(len(data)) + data + said.tobytes() + lists[start : int(ends[after - 1])].tobytes()
        first, before = after, names.rpartition("\n")[2]


def _postings(letters: str) -> tuple[Array, Array, Array]:
    """Keys in order of code points, each as four letters (the key, filled up with zeros, and a line break); how many places each has; and all
    places, key by key, the first as it is and the others as differences.
    """
    import numpy as np

    codes = np.frombuffer((letters + "\n\n").encode("utf-32-le"), np.uint32)
    table = np.zeros(int(codes.max()) + 1, np.uint32)
    table[codes] = 1
    table[ord("\n")] = 0
    used = np.flatnonzero(table)
    table[used] = np.arange(1, len(used) + 1)
    bits = len(used).bit_length()
    room = 64 - 3 * bits
    ids = table[codes]
    del codes
    # One array for all, changed in place: there are four million places in a large index.
    key = ids[:-2].astype(np.uint64)
    for n in (1, 2):
        key <<= np.uint64(bits)
        if n == 2:
            key |= ids[2:] * (ids[1:-1] != 0)
        else:
            key |= ids[1:-1]
    key <<= np.uint64(room)
    key |= np.arange(len(key), dtype=np.uint32)
    del ids
    key.sort()
    key = key[np.searchsorted(key, np.uint64(1) << np.uint64(2 * bits + room)) :]  # what begins with a line break is no key
    place = key.astype(np.uint32) & np.uint32((1 << min(room, 32)) - 1)
    key >>= np.uint64(room)
    new = np.flatnonzero(np.concatenate(([True], key[1:] != key[:-1])))
    counts = np.diff(new, append=len(key))
    only = key[new]
    del key
    step = np.diff(place, prepend=np.uint32(0))
    step[new] = place[new]
    mask = np.uint64((1 << bits) - 1)
    letter = np.concatenate(([0], used)).astype(np.uint32)
    line = np.full(len(only), ord("\n"), np.uint32)
    return np.stack([*(letter[only >> np.uint64(n * bits) & mask] for n in (2, 1, 0)), line], 1), counts, step


def _varints(numbers: Array) -> tuple[Array, Array]:
    """Numbers below 2**28 as bytes of 7 bits each, the least first, and how many bytes each takes."""
    import numpy as np

    small, middle, large = numbers > 0x7F, numbers > 0x3FFF, numbers > 0x1FFFFF
    word = numbers & np.uint32(0x7F)  # the four bytes of each as one number
    for n, more in ((1, small), (2, middle), (3, large)):
        word |= (numbers >> np.uint32(7 * n) & np.uint32(0x7F)) << np.uint32(8 * n)
        word |= more.astype(np.uint32) << np.uint32(8 * n - 1)
    there = np.stack([np.ones(len(numbers), bool), small, middle, large], 1)
    return word.astype("<u4", copy=False).view(np.uint8)[there.ravel()], 1 + small.astype(np.uint8) + middle + large


def _varint(n: int) -> bytes:
    out = bytearray()
    while n > 0x7F:
        out.append(n & 0x7F | 0x80)
        n >>= 7
    out.append(n)
    return bytes(out)
