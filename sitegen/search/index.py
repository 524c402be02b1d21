"""Texts → the files that search reads: where every three characters stand, in order, cut into small pieces.

Every character is the first of a key of three; at the end of a line the key is shorter. A query of two characters is then the run of keys
that begin with them, one of five is two keys two places apart, and what is found is exact without reading a text.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from .texts import BLOCK, Text

CAPACITY = 1 << 22
"""Characters that one index holds at most: a key and a place then fit into 64 bits."""
_SHARD = 7_000
"""Bytes of a piece before it is compressed."""
Files = dict[str, bytes]


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
    shards = [] if scanned else list(_shards("".join(t.folded for t in texts)))
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
    files = {f"{n}.bin": gzip.compress(data, 6, mtime=0) for n, (_, data) in enumerate(shards)}
    return files | {"head.bin": packed(head)} | ({"t0.bin": chunk(texts)} if scanned else {})


def packed(value: object) -> bytes:
    return gzip.compress(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(), 6, mtime=0)


def _column(numbers: Iterable[int]) -> str:
    """Small numbers as one character each."""
    return "".join(chr(min(n, 50_000) + 35) for n in numbers)


def _shards(letters: str) -> Iterator[tuple[str, bytes]]:
    """Pieces of the index in order, each with the least text that sets its first key off from the piece before."""
    if not letters.strip("\n"):
        return
    keys, ends, postings = _postings(letters)
    first, start, before = 0, 0, ""
    for n, key in enumerate(keys):
        if n + 1 == len(keys) or ends[n + 1] - start + 5 * (n + 2 - first) > _SHARD:
            names = "\n".join(keys[first : n + 1]).encode()
            lengths = b"".join(_varint(ends[i] - (ends[i - 1] if i else 0)) for i in range(first, n + 1))
            seam = next(s for k in range(1, 4) if (s := keys[first][:k]) > before)
            yield seam, _varint(len(names)) + names + lengths + postings[start : ends[n]]
            first, start, before = n + 1, ends[n], key


def _postings(letters: str) -> tuple[list[str], list[int], bytes]:
    """Keys in order of code points, where each one's list of places ends, and all lists: differences as bytes of 7 bits, the least first."""
    import numpy as np

    codes = np.frombuffer((letters + "\n\n").encode("utf-32-le"), np.uint32)
    table = np.zeros(int(codes.max()) + 1, np.uint64)
    table[codes] = 1
    table[ord("\n")] = 0
    used = np.flatnonzero(table)
    table[used] = np.arange(1, len(used) + 1)
    bits = len(used).bit_length()
    room = 64 - 3 * bits
    two, three = table[codes[1:-1]], table[codes[2:]]
    three[two == 0] = 0
    shift = np.array([2 * bits + room, bits + room, room], np.uint64)
    key = table[codes[:-2]]  # one array for all, changed in place: there are four million places in a large index
    has_first = key != 0
    key <<= shift[0]
    two <<= shift[1]
    key |= two
    del two
    three <<= shift[2]
    key |= three
    del three
    key |= np.arange(len(key), dtype=np.uint64)
    key = key[has_first]
    key.sort()
    place = key.astype(np.uint32) & np.uint32((1 << min(room, 32)) - 1)
    key >>= shift[2]
    new = np.flatnonzero(np.concatenate(([True], key[1:] != key[:-1])))
    parts = np.stack(
        [key[new] >> np.uint64(2 * bits), key[new] >> np.uint64(bits) & np.uint64((1 << bits) - 1), key[new] & np.uint64((1 << bits) - 1)],
        1,
    )
    names = np.concatenate(([0], used)).astype(np.uint32)[parts].tobytes().decode("utf-32-le")
    del key
    step = np.diff(place, prepend=np.uint32(0))
    step[new] = place[new]
    del place
    size = 1 + (step > 0x7F).astype(np.uint8) + (step > 0x3FFF) + (step > 0x1FFFFF)
    end = np.cumsum(size, dtype=np.int64)
    out = np.empty(int(end[-1]), np.uint8)
    begin = end - size
    for n in range(4):
        longer = np.flatnonzero(size > n)
        out[begin[longer] + n] = step[longer] >> np.uint32(7 * n) & 0x7F | np.where(size[longer] > n + 1, 0x80, 0).astype(np.uint8)
    last = np.concatenate((begin[new][1:], end[-1:]))
    return [names[n : n + 3].rstrip("\0") for n in range(0, len(names), 3)], last.tolist(), out.tobytes()


def _varint(n: int) -> bytes:
    out = bytearray()
    while n > 0x7F:
        out.append(n & 0x7F | 0x80)
        n >>= 7
    out.append(n)
    return bytes(out)
