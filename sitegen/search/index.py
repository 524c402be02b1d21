"""Texts → the files that search reads: where every three characters stand, in order, cut into small pieces.

Every character is the first of a key of three; at the end of a line the key is shorter. A query of two characters is then the run of keys
that begin with them, one of five is two keys two places apart, and what is found is exact without reading a text.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from .texts import BLOCK, Text

CAPACITY = 1 << 22
"""Characters that one index holds at most: a key and a place then fit into 64 bits."""
_SHARD, _CHUNK = 7_000, 7_000
"""Bytes of a piece of the index and of a piece of the texts before they are compressed."""
Files = dict[str, bytes]


def segment(texts: Sequence[tuple[str, Text]], scanned: bool) -> Files:
    """The files of a segment by name, for texts with their units' codes. A ``scanned`` one has no index: its texts are searched as they are."""
    fields = sorted({t.field for _, t in texts})
    of = {name: n for n, name in enumerate(fields)}
    units: list[list[Any]] = []
    days: list[int] = []
    before = 0
    for code, text in texts:
        if not units or units[-1][0] != code:
            units.append([code, 0])
            before = 0
        units[-1][1] += 1
        days.append(text.day - before)
        before = text.day
    chunks = list(_chunks([t for _, t in texts], scanned))
    files = {f"t{n}.bin": _packed(json.dumps([[t.path, t.title, t.body] for t in chunk], ensure_ascii=False)) for n, chunk in enumerate(chunks)}
    seams: list[str] = []
    if not scanned:
        for n, (seam, data) in enumerate(_shards("".join(t.folded for _, t in texts))):
            files[f"{n}.bin"] = gzip.compress(data, 9, mtime=0)
            seams.append(seam)
    head = {
        "units": units,
        "fields": fields,
        "size": _column(len(t.folded) // BLOCK for _, t in texts),
        "title": _column(t.head for _, t in texts),
        "day": _column(days),
        "field": _column(of[t.field] for _, t in texts),
        "flags": _column(t.flags for _, t in texts),
        "chunks": _column(len(chunk) for chunk in chunks),
        "seams": "\n".join(seams),
    }
    return files | {"head.bin": _packed(json.dumps(head, ensure_ascii=False, separators=(",", ":")))}


def _packed(text: str) -> bytes:
    return gzip.compress(text.encode(), 9, mtime=0)


def _column(numbers: Iterable[int]) -> str:
    """Small numbers as one character each."""
    return "".join(chr(min(n, 50_000) + 35) for n in numbers)


def _chunks(texts: Sequence[Text], whole: bool) -> Iterator[list[Text]]:
    chunk: list[Text] = []
    size = 0
    for text in texts:
        chunk.append(text)
        size += len(text.body.encode()) + 100
        if size >= _CHUNK and not whole:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def _shards(letters: str) -> Iterator[tuple[str, bytes]]:
    """Pieces of the index in order, each with the least text that sets its first key off from the piece before."""
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
    one, two, three = table[codes[:-2]], table[codes[1:-1]], table[codes[2:]]
    three[two == 0] = 0
    shift = np.array([2 * bits + room, bits + room, room], np.uint64)
    packed = one << shift[0] | two << shift[1] | three << shift[2] | np.arange(len(one), dtype=np.uint64)
    packed = packed[one != 0]
    packed.sort()
    place = (packed & np.uint64((1 << room) - 1)).astype(np.uint32)
    key = packed >> shift[2]
    new = np.flatnonzero(np.concatenate(([True], key[1:] != key[:-1])))
    step = np.diff(place, prepend=np.uint32(0))
    step[new] = place[new]
    size = 1 + (step > 0x7F).astype(np.uint8) + (step > 0x3FFF) + (step > 0x1FFFFF)
    end = np.cumsum(size, dtype=np.int64)
    out = np.empty(int(end[-1]) if len(end) else 0, np.uint8)
    begin = end - size
    for n in range(4):
        longer = np.flatnonzero(size > n)
        out[begin[longer] + n] = step[longer] >> np.uint32(7 * n) & 0x7F | np.where(size[longer] > n + 1, 0x80, 0).astype(np.uint8)
    parts = np.stack([key[new] >> np.uint64(2 * bits), key[new] >> np.uint64(bits) & np.uint64((1 << bits) - 1), key[new] & np.uint64((1 << bits) - 1)], 1)
    names = np.concatenate(([0], used)).astype(np.uint32)[parts].tobytes().decode("utf-32-le")
    last = np.concatenate((begin[new][1:], end[-1:])) if len(new) else begin
    return [names[n : n + 3].rstrip("\0") for n in range(0, len(names), 3)], last.tolist(), out.tobytes()


def _varint(n: int) -> bytes:
    out = bytearray()
    while n > 0x7F:
        out.append(n & 0x7F | 0x80)
        n >>= 7
    out.append(n)
    return bytes(out)
