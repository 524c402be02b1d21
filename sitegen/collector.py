"""How often Python looks for values that only hold each other."""

from __future__ import annotations

import gc


def collect_seldom() -> None:
    """A run makes millions of small values that all stay: looking through them for circles again and again takes a fifth of the time."""
    gc.set_threshold(200_000, 50, 50)
