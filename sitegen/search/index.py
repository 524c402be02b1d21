"""Texts → the files that search reads: where every three characters stand, in order, cut into small pieces.

Every character is the first of a key of three; at the end of a line the key is shorter. A query of two characters is then the run of keys
that begin with them, one of five is two keys two places apart, and what is found is exact without reading a text.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from .pieces import FACTORS, LEAST, MIX, MOST, OLD_LETTER, Piece
from .texts import Text

CAPACITY = 10_000_000
"""Places that one index has at most: some four million characters."""
Files = dict[str, bytes | Path]
"""What a folder of the store is to have, by path: bytes, or a file that has them already."""
Array = Any
"""An array of numpy, which only large indexes need: it is loaded when the first is made."""


class Run(NamedTuple):
    """Texts of one unit that follow each other in a segment."""

    unit: str
    names: Sequence[str]
    """Of the files in which they can be read, by what these say: see :func:`chunk_file`. None where they are in the one beside the head."""
    chunks: Sequence[int]
    """How many texts each of these files has."""


def chunk_file(unit: str, year: int, n: int, name: str) -> str:
    """The n-th of a unit's files of texts of a year."""
    return f"{unit}-{year}-{n}-{name}.bin"


def chunk(texts: Iterable[Text]) -> bytes:
    """A file of texts as they are shown, of records with their revision."""
    return compressed(msgspec.json.encode([[t.path, t.title, t.body, t.rev] if t.rev else [t.path, t.title, t.body] for t in texts]))


def packed(value: object) -> bytes:
    return compressed(msgspec.json.encode(value))


def packed_apart(value: Mapping[str, object]) -> bytes:
    """The same for values that have little in common: each is packed by itself."""
    packer = zlib.compressobj(6, zlib.DEFLATED, 31)
    out: list[bytes] = []
    for n, (key, one) in enumerate(value.items()):
        said = b"%b%b:%b" % (b"," if n else b"{", msgspec.json.encode(key), msgspec.json.encode(one))
        out += packer.compress(said), packer.flush(zlib.Z_SYNC_FLUSH)
    return b"".join([*out, packer.compress(b"}"), packer.flush()])


def compressed(data: bytes, level: int = 6) -> bytes:
    return gzip.compress(data, level, mtime=0)


def pieces_of(letters: str) -> list[Piece]:
    """The index of letters that stand at their places, in pieces. A piece ends within a range of sizes where the hash of the next key is least, if
    possible where its first letter or two are new: lists that grow a little move no cut.
    """
    if not letters.strip("\n"):
        return []
    import numpy as np

    keys, counts, places = _postings(letters)
    lists, widths = _varints(places)
    ends = np.cumsum(widths, dtype=np.uint32)[np.cumsum(counts) - 1].astype(np.int64)
    lengths = _varints(np.diff(ends, prepend=0).astype(np.uint32))
    length_ends = np.cumsum(lengths[1], dtype=np.int64)
    room = ends + 5 * np.arange(1, len(ends) + 1)  # what the keys up to this one take: their lists, and five bytes each for name and length
    rank = sum(keys[:, n].astype(np.uint64) * np.uint64(factor) for n, factor in enumerate(FACTORS))
    rank = rank * np.uint64(MIX) >> np.uint64(40)
    alike = keys[1:, :2] == keys[:-1, :2]
    rank[1:] += (alike[:, 0].astype(np.uint64) + alike.all(1)) * np.uint64(OLD_LETTER)
    made: list[Piece] = []
    first = 0
    while first < len(ends):
        taken = int(room[first - 1]) if first else 0
        least, most = (max(int(np.searchsorted(room, taken + size, "right")), first + 1) for size in (LEAST, MOST))
        after = len(ends) if most >= len(ends) else least + int(np.argmin(rank[least : most + 1]))
        names = keys[first:after].tobytes().decode("utf-32-le").replace("\0", "")[:-1]  # each key and a line break, but the last
        start = int(ends[first - 1]) if first else 0
        sizes = lengths[0][int(length_ends[first - 1]) if first else 0 : int(length_ends[after - 1])]
        made.append(Piece.of(names, sizes.tobytes(), lists[start : int(ends[after - 1])].tobytes()))
        first = after
    return made


def _postings(letters: str) -> tuple[Array, Array, Array]:
    """Keys in order of code points, each as four letters (the key, filled up with zeros, and a line break); how many places each has; and all
    places, key by key, the first as it is and the others as differences.
    """
    import numpy as np

    codes = np.frombuffer((letters + "\n").encode("utf-32-le"), np.uint32)
    at = np.flatnonzero(codes > ord("\n"))  # what fills up is less
    last = codes[at + 1] == ord("\n")
    codes = codes[at]
    at = at.astype(np.uint32)
    table = np.zeros(int(codes.max()) + 1, np.uint32)
    table[codes] = 1
    used = np.flatnonzero(table)
    table[used] = np.arange(1, len(used) + 1)
    bits = len(used).bit_length()
    room = 64 - 3 * bits
    ids = table[codes]
    del codes
    # One array for all, changed in place: there are four million places in a large index.
    key = ids.astype(np.uint64)
    for _ in range(2):
        ids[:-1] = ids[1:]
        ids[last] = 0  # the end of a line
        key <<= np.uint64(bits)
        key |= ids
    del ids, last
    if len(key) >> room:  # more letters of more kinds than one number holds
        order = np.argsort(key, kind="stable")
        key, place = key[order], at[order]
    else:
        key <<= np.uint64(room)
        key |= np.arange(len(key), dtype=np.uint32)
        key.sort()
        place = at[key.astype(np.uint32) & np.uint32((1 << min(room, 32)) - 1)]
        key >>= np.uint64(room)
    new = np.flatnonzero(np.concatenate(([True], key[1:] != key[:-1])))
    counts = np.diff(new, append=len(key))
    only = key[new]
    del key
    step = np.diff(place, prepend=np.uint32(0))
    step[new] = place[new]
    mask = np.uint64((1 << bits) - 1)
    letter = np.concatenate(([0], used)).astype(np.uint32)
    ends = np.full(len(only), ord("\n"), np.uint32)
    return np.stack([*(letter[only >> np.uint64(n * bits) & mask] for n in (2, 1, 0)), ends], 1), counts, step


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
