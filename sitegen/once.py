"""What is made of frozen values that stand in many places, made once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

V = TypeVar("V")
M = TypeVar("M")


class Once(Generic[V, M]):
    """A function of one frozen value, which remembers what it made of the last few thousand.

    They are found by their identity and not by what they say, which would take longer than making it again; each is held meanwhile, so that
    no other value takes its identity.
    """

    def __init__(self, make: Callable[[V], M], most: int = 2_000) -> None:
        self.make, self.most = make, most
        self._made: dict[int, tuple[V, M]] = {}

    def __call__(self, value: V) -> M:
        """What the function makes of ``value``."""
        known = self._made.get(id(value))
        if known is None or known[0] is not value:
            if len(self._made) >= self.most:
                self._made.clear()
            known = self._made[id(value)] = value, self.make(value)
        return known[1]
