"""What words say of a person: where somebody lives, down to the door, what ails somebody, what somebody earns, a name that is shown too far."""

from __future__ import annotations

import functools
import re

from sitegen.model.finding import N_
from sitegen.model.mask import COMPOUND_SURNAMES

from . import words

_STREET = re.compile(r"[一-龥]{2,}?(?:路|街|巷|大道|胡同)\d+号")


@functools.lru_cache(maxsize=1000)
def streets(address: str) -> frozenset[str]:
    """Streets with a number that an address names."""
    return frozenset(m[0] for m in _STREET.finditer(address))


@functools.lru_cache(maxsize=50_000)
def may_tell(text: str) -> bool:
    """Whether a cell could say what ails somebody, or where somebody lives. The same words stand in table after table."""
    return bool(words.SIGN.search(text) and (circumstance_in(text) or any_door(text)))


def any_door(text: str) -> bool:
    """Whether a text leads to a door anywhere."""
    signs = any(sign in text for sign in words.DOOR_SIGNS)
    return signs and bool(words.DOOR.search(text) or words.VILLAGE_DOOR.search(text))


def circumstance_in(text: str) -> tuple[str, int] | None:
    """What a text names of somebody's circumstances, and where."""
    for what, pattern in ((N_("an illness"), words.DIAGNOSIS), (N_("a disability"), words.DISABILITY), (N_("an income"), words.INCOME)):
        if m := pattern.search(text):
            return what, m.start()
    return None


def shows_given_name(name: str) -> bool:
    """Whether more of a name is shown than the surname in front."""
    left = re.sub(r"[*＊某]", "", name)
    return left == name or len(left) > (2 if left[:2] in COMPOUND_SURNAMES else 1) or not name.startswith(left)
