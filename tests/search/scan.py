"""A host's published search files, read back: the plain scan that is the truth, and a twin of the browser's way through the index."""

from __future__ import annotations

import bisect
import gzip
import json
import random
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sitegen.search.segments import RUN
from sitegen.search.texts import BLOCK, SLOT, fold, year_of

Place = tuple[str, int]
"""A page as the browser names it: segment, and which of its pages."""


def terms(query: str) -> list[str]:
    """What a query asks for, as search.js takes it apart."""
    return [t for t in (re.sub(r"^,(?=[0-9])|(?<=[0-9]),$", "", fold(word)) for word in query.split()) if t]


@dataclass
class Scan:
    """All texts of a host."""

    folder: Path
    pages: dict[Place, tuple[str, str, str, str]] = field(default_factory=dict)
    """Unit, path, title and body."""
    heads: dict[str, Any] = field(default_factory=dict)
    folded: dict[Place, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, head_name, scanned in self.json("index.bin")["segments"]:
            head = self.heads[name] = self.json(f"{name}/{head_name}.bin")
            runs = [unit for unit, count in zip(head["units"], _numbers(head["runs"]), strict=True) for _ in range(count)]
            units = [unit for unit, count in zip(runs, _numbers(head["texts"]), strict=True) for _ in range(count)]
            texts = self.json(f"{name}/t0.bin") if scanned else []
            names, sizes, days = head["files"], iter(_numbers(head["chunks"])), _numbers(head["day"])
            for unit, count in zip(runs, _numbers(head["texts"]), strict=True) if not scanned else ():
                year, left, file = year_of(days[len(texts)]), count, 0
                while left:
                    left -= next(sizes)
                    texts += self.json(f"{name}/{unit}-{year}-{file}-{names[:4]}.bin")
                    names, file = names[4:], file + 1
            for n, (path, title, body, *_) in enumerate(texts):
                self.pages[name, n] = (units[n], path, title, body)
                self.folded[name, n] = fold(title) + "\n" + fold(body)

    def read(self, name: str) -> bytes:
        """A file, unpacked."""
        return gzip.decompress(self.packed(name))

    def packed(self, name: str) -> bytes:
        """A file as it is served."""
        return (self.folder / name).read_bytes()

    def json(self, name: str) -> Any:
        """A file of JSON."""
        return json.loads(self.read(name))

    def truth(self, query: str) -> set[Place]:
        """Pages that hold every word of a query."""
        wanted = terms(query)
        return {place for place, text in self.folded.items() if wanted and all(term in text for term in wanted)}

    def as_written(self, query: str) -> set[Place]:
        """Pages that hold the query in so many characters."""
        return {place for place, (_, _, title, body) in self.pages.items() if query in title or query in body}

    def queries(self, chance: random.Random, count: int) -> list[str]:
        """Queries cut out of texts, by turns: any characters, Chinese alone, figures, Latin; two to eight of each."""
        kinds = (r"\S", "[一-鿿]", "[0-9０-９.,，:-]", "[A-Za-z0-9/-]")
        places = sorted(self.pages)
        made: list[str] = []
        while len(made) < count:
            kind, length = kinds[len(made) % 4], 2 + len(made) // 4 % 7
            for tried in range(10_000):
                if tried % 50 == 49:  # none so long is to be had
                    length = max(2, length - 1)
                _, _, title, body = self.pages[chance.choice(places)]
                found = [m[1] for m in re.finditer(f"(?=({kind}{{{length}}}))", f"{title}\n{body}")]
                if found and terms(query := chance.choice(found)):
                    made.append(query)
                    break
        return made

    def through_index(self, query: str) -> set[Place]:
        """What search.js finds, by the same steps."""
        found: set[Place] = set()
        for name, _, scanned in self.json("index.bin")["segments"]:
            sets = [self._scanned(name, term) if scanned else self._indexed(name, term) for term in terms(query)]
            found |= {(name, n) for n in set.intersection(*sets)} if sets else set()
        return found

    def _scanned(self, name: str, term: str) -> set[int]:
        return {n for (segment, n), text in self.folded.items() if segment == name and term in text}

    def _indexed(self, name: str, term: str) -> set[int]:
        last = max(len(term) - 3, 0)
        starts = [*range(0, last, 3), last]
        lists = [set(self._places(name, term[start : start + 3])) for start in starts]
        whole = [p for p in lists[0] if all(_after(p, term[:start]) in places for start, places in zip(starts, lists, strict=True))]
        ends: list[int] = []
        sizes = iter(_numbers(self.heads[name]["size"]))
        for count in _numbers(self.heads[name]["texts"]):
            at = -(-ends[-1] // RUN) * RUN if ends else 0
            for _ in range(count):
                at += BLOCK << next(sizes)
                ends.append(at)
        return {bisect.bisect_right(ends, place) for place in whole}

    def _places(self, name: str, key: str) -> list[int]:
        seams = self.heads[name]["seams"].split("\n") if self.heads[name]["seams"] else []
        names = self.heads[name]["names"]
        first = bisect.bisect_right(seams, key) - 1
        found: list[int] = []
        for n in range(max(first, 0), len(seams)):
            if n > first and not seams[n].startswith(key):
                break
            where = "_".join(f"{ord(letter):x}" for letter in seams[n])
            found += self._listed(self.read(f"{name}/{where}-{names[4 * n : 4 * n + 4]}.bin"), key)
        return found

    @staticmethod
    def _listed(data: bytes, key: str) -> list[int]:
        numbers = _Numbers(data)
        length = numbers.next()
        keys = data[numbers.at : numbers.at + length].decode().split("\n")
        numbers.at += length
        ends = [numbers.next() for _ in keys]
        found: list[int] = []
        for name, size in zip(keys, ends, strict=True):
            end, place = numbers.at + size, 0
            while numbers.at < end:
                place += numbers.next()
                if name.startswith(key):
                    found.append(place)
        return found


def _numbers(column: str) -> list[int]:
    return [ord(c) - 35 for c in column]


def _after(place: int, letters: str) -> int:
    """Where what follows some letters stands: a clause begins at a multiple of eight."""
    for letter in letters:
        place = (place // SLOT + 1) * SLOT if letter in ",;。" else place + 1
    return place


class _Numbers:
    """Reads numbers of 7 bits a byte, the least first."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def next(self) -> int:
        value = shift = 0
        while self.data[self.at] > 0x7F:
            value |= (self.data[self.at] & 0x7F) << shift
            self.at, shift = self.at + 1, shift + 7
        value |= self.data[self.at] << shift
        self.at += 1
        return value
