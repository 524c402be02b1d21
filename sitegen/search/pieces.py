"""Pieces of an index, and an index with some keys changed: only the pieces that say something else are made again.

What comes out is what making the whole index of the changed texts gives, byte for byte: where a piece ends follows from the keys and lists around.
"""

from __future__ import annotations

import base64
import hashlib
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from typing import NamedTuple

from .texts import PAD

LEAST, MOST = 5_700, 8_200
"""Bytes of a piece before it is compressed, but of the last one, and of one key that has more."""
FACTORS, MIX = (73_856_093, 19_349_663, 83_492_791), 0x9E3779B97F4A7C15
OLD_LETTER = 1 << 24
"""Added to the hash of a key that begins with the letter of the one before, and once more for the second one."""
NAME = 4
"""Letters of a digest in a piece's address, which says where it begins as well: a version of it has to differ from those that a browser still has."""


class Piece(NamedTuple):
    """A run of keys and where each stands."""

    first: str
    last: str
    digest: str
    room: int
    """Bytes of its lists, and five for each key: by these it is cut."""
    raw: bytes | None
    """Length of the keys, the keys with line breaks between, length of each list, lists: first place, then differences. ``None``: as it was."""

    @classmethod
    def of(cls, names: str, sizes: bytes, lists: bytes) -> Piece:
        """The piece of these keys, a line each."""
        data = names.encode()
        raw = varint(len(data)) + data + sizes + lists
        return cls(names.partition("\n")[0], names.rpartition("\n")[2], name_of(raw), len(lists) + 5 * (names.count("\n") + 1), raw)


def name_of(data: bytes) -> str:
    """A digest in letters that every file system and address takes, whole; an address has its first :data:`NAME`."""
    return base64.b32encode(hashlib.sha256(data).digest()[:15]).decode().lower()


def seams(pieces: Sequence[Piece]) -> list[str]:
    """Of each piece the least text that sets its first key off from the piece before."""
    before = ["", *(piece.last for piece in pieces)]
    return [next(s for k in range(1, 4) if (s := piece.first[:k]) > last) for piece, last in zip(pieces, before, strict=False)]


def varint(n: int) -> bytes:
    """A number as bytes of 7 bits each, the least first."""
    out = bytearray()
    while n > 0x7F:
        out.append(n & 0x7F | 0x80)
        n >>= 7
    out.append(n)
    return bytes(out)


Changes = Mapping[str, tuple[set[int], set[int]]]
"""By key the places where it stands no more, and those where it does now."""


def changes(old: Sequence[tuple[int, str]], new: Sequence[tuple[int, str]]) -> Changes:
    """What changes where texts, each with its place, stand instead of others."""
    before, after = (_standing(texts) for texts in (old, new))
    nowhere: set[int] = set()
    both = ((key, before.get(key, nowhere), after.get(key, nowhere)) for key in before.keys() | after.keys())
    return {key: (was - now, now - was) for key, was, now in both if was != now}


def _standing(texts: Sequence[tuple[int, str]]) -> dict[str, set[int]]:
    found: dict[str, set[int]] = defaultdict(set)
    for start, text in texts:
        at = start
        for line in text.split("\n"):
            letters = line.replace(PAD, "")
            places = range(at, at + len(line)) if len(letters) == len(line) else [at + n for n, c in enumerate(line) if c != PAD]
            for n, place in enumerate(places):
                found[letters[n : n + 3]].add(place)
            at += len(line) + 1
    return found


def changed(before: Sequence[Piece], raw: Callable[[int], bytes], changes: Changes) -> list[Piece]:
    """The pieces of an index, of which ``raw`` gives what each says, after some changes. Raises ``ValueError`` when these are not changes of it."""
    return list(_Cut(before, raw, changes))


class _Cut:
    """Cuts anew what has to be."""

    def __init__(self, before: Sequence[Piece], raw: Callable[[int], bytes], changes: Changes) -> None:
        self.before, self.raw = before, raw
        firsts = [piece.first for piece in before]
        self.changes: dict[int, dict[str, tuple[set[int], set[int]]]] = defaultdict(dict)
        for key, change in changes.items():
            self.changes[max(bisect_right(firsts, key) - 1, 0)][key] = change

    def __iter__(self) -> Iterator[Piece]:
        n = 0
        while n < len(self.before):
            if self._stays(n):
                yield self.before[n]._replace(raw=None)
                n += 1
            else:
                n = yield from self._from(n)

    def _stays(self, n: int) -> bool:
        """Whether nothing is changed in the n-th piece, nor in what comes after it as far as is looked at to find its end."""
        left = MOST
        while left >= 0 and n < len(self.before):
            if n in self.changes:
                return False
            left -= self.before[n].room
            n += 1
        return True

    def _from(self, n: int) -> Generator[Piece, None, int]:
        """Pieces from the n-th on until one ends where one ended before; returns which comes next."""
        keys: list[str] = []
        lists: list[bytes] = []
        starts = {}
        size = 0
        while True:
            while n < len(self.before) and size <= MOST:
                starts[len(keys)] = n
                more, those = self._read(n)
                keys += more
                lists += those
                size += sum(map(len, those)) + 5 * len(more)
                n += 1
            if not keys:
                return n
            after = _end(keys, lists)
            yield Piece.of("\n".join(keys[:after]), b"".join(varint(len(one)) for one in lists[:after]), b"".join(lists[:after]))
            if after in starts or after == len(keys):
                return starts.get(after, n)
            starts = {start - after: m for start, m in starts.items() if start > after}
            size -= sum(map(len, lists[:after])) + 5 * after
            del keys[:after], lists[:after]

    def _read(self, n: int) -> tuple[list[str], list[bytes]]:
        """Keys and lists of the n-th piece, as they are now."""
        keys, lists = _taken_apart(self.raw(n))
        if n not in self.changes:
            return keys, lists
        now = dict(zip(keys, lists, strict=True))
        for key, (less, more) in self.changes[n].items():
            if left := _list(now.pop(key, b""), less, more):
                now[key] = left
        keys = sorted(now)
        return keys, [now[key] for key in keys]


def _end(keys: Sequence[str], lists: Sequence[bytes]) -> int:
    """How many of some keys that follow each other make a piece; all of them when they are too few, and none follow."""
    least = most = size = 0
    for one in lists:
        size += len(one) + 5
        if size > MOST:
            break
        most += 1
        least += size <= LEAST
    least, most = max(least, 1), max(most, 1)
    if most >= len(keys):
        return len(keys)
    return min(range(least, most + 1), key=lambda n: _rank(keys[n], keys[n - 1]))


def _rank(key: str, before: str) -> int:
    mixed = sum(ord(letter) * factor for letter, factor in zip(key, FACTORS, strict=False)) * MIX
    return ((mixed & 0xFFFF_FFFF_FFFF_FFFF) >> 40) + OLD_LETTER * ((key[0] == before[0]) + (key[:2] == before[:2]))


def _taken_apart(raw: bytes) -> tuple[list[str], list[bytes]]:
    """Keys of a piece, and each one's list as it is there."""
    length, at = _number(raw, 0)
    keys = raw[at : at + length].decode().split("\n")
    at += length
    sizes = []
    for _ in keys:
        size, at = _number(raw, at)
        sizes.append(size)
    lists = []
    for size in sizes:
        lists.append(raw[at : at + size])
        at += size
    return keys, lists


def _number(data: bytes, at: int) -> tuple[int, int]:
    """A number, and where the next one is."""
    value = shift = 0
    while data[at] > 0x7F:
        value |= (data[at] & 0x7F) << shift
        at, shift = at + 1, shift + 7
    return value | data[at] << shift, at + 1


def _list(data: bytes, less: set[int], more: set[int]) -> bytes:
    """A list without some places, and with others. Raises ``ValueError`` when it has not the first, or has the second."""
    low, high = min(less | more), max(less | more)
    standing: set[int] = set()
    place = value = shift = 0
    before = start = 0  # the last place below all of them, and where it ends in the list
    tail = b""
    for n, byte in enumerate(data, 1):
        if byte > 0x7F:
            value |= (byte & 0x7F) << shift
            shift += 7
            continue
        place += value | byte << shift
        value = shift = 0
        if place < low:
            before, start = place, n
        elif place <= high:
            standing.add(place)
        else:
            tail = data[n:]
            break
    if not less <= standing or more & standing:
        raise ValueError(low)
    out = bytearray(data[:start])
    for one in (*sorted(standing - less | more), *((place,) if place > high else ())):
        out += varint(one - before)
        before = one
    return bytes(out) + tail
