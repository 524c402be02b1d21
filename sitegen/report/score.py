"""The score of a unit (考核得分): parts that were judged, weighed as region.yml says."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from msgspec import Struct

from sitegen.model.unit import Assessment

PARTS = {"coverage": "覆盖", "timeliness": "及时", "consistency": "一致", "privacy": "合规"}
"""Parts of the score and their names."""


class Share(Struct, frozen=True):
    """A part of a whole; a whole of 0 means that there was nothing to judge."""

    part: int
    whole: int

    def __add__(self, other: Share) -> Share:
        return Share(self.part + other.part, self.whole + other.whole)

    @property
    def value(self) -> Decimal | None:
        """From 0 to 1."""
        return Decimal(self.part) / Decimal(self.whole) if self.whole else None

    @property
    def percent(self) -> str:
        """Rounded down: 100% is all of it."""
        return f"{100 * self.part // self.whole}%" if self.whole else "—"


def score(shares: Mapping[str, Share], weights: Assessment) -> Decimal | None:
    """100 × Σ(weight × share) ÷ Σ(weight) over the parts that could be judged, exactly, rounded half up to one decimal.

    ``None`` where nothing could be judged.
    """
    total = weighed = Fraction(0)
    for name in PARTS:
        weight, share = Fraction(getattr(weights, name)), shares[name]
        if share.whole:
            total += weight * Fraction(share.part, share.whole)
            weighed += weight
    if not weighed:
        return None
    tenths = (total / weighed * 1000 + Fraction(1, 2)) // 1
    return (Decimal(tenths) / 10).quantize(Decimal("0.1"))
