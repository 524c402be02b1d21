"""Which item of one catalogue is which of another, where ids do not say so."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Sequence
from typing import Protocol

from rapidfuzz import fuzz

from sitegen.model.table import fold

ALIKE = 80.0
"""From which likeness of names and elements on (0 to 100) two items are one that was reworded."""


class Described(Protocol):
    """What an item is recognised by."""

    @property
    def name(self) -> str:
        """二级事项"""

    @property
    def elements(self) -> tuple[str, ...]:
        """公开内容(要素)"""


def pair(old: Sequence[Described], new: Sequence[Described], alike: float = ALIKE) -> dict[int, int]:
    """Place in ``new`` → place in ``old``, each used once: same name and elements first, then same name, same elements, then the most alike."""
    pairs: dict[int, int] = {}
    for key in (lambda i: (fold(i.name), _words(i)), lambda i: fold(i.name), _words):
        _pair_equal([key(i) for i in old], [key(i) for i in new], pairs)
    free_old = [n for n in range(len(old)) if n not in pairs.values()]
    free_new = [n for n in range(len(new)) if n not in pairs]
    scored = sorted(((-likeness(old[o], new[n]), n, o) for n in free_new for o in free_old), key=lambda s: s)
    for score, n, o in scored:
        if -score < alike:
            break
        if n not in pairs and o not in pairs.values():
            pairs[n] = o
    return pairs


def likeness(one: Described, other: Described) -> float:
    """How alike two items are, 0 to 100: elements say more than names, and an item that says the same under another name is the same."""
    names = fuzz.ratio(fold(one.name), fold(other.name))
    elements = fuzz.token_sort_ratio(" ".join(map(fold, one.elements)), " ".join(map(fold, other.elements)))
    return max(0.35 * names + 0.65 * elements, elements if elements >= 90 else 0)


def _words(item: Described) -> tuple[str, ...]:
    return tuple(fold(e) for e in item.elements)


def _pair_equal(old: list[Hashable], new: list[Hashable], pairs: dict[int, int]) -> None:
    """Pair what has the same key, where on each side one free item has it."""
    sides: dict[Hashable, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    taken = set(pairs.values())
    for n, key in enumerate(old):
        if n not in taken:
            sides[key][0].append(n)
    for n, key in enumerate(new):
        if n not in pairs:
            sides[key][1].append(n)
    for from_old, from_new in sides.values():
        if len(from_old) == len(from_new) == 1:
            pairs[from_new[0]] = from_old[0]
