"""The values of one column of a table, kept as text as long as nobody asks for the values themselves.

Tables are kept and sent about by the hundred thousand. Exact figures and dates are ten times as costly to make, to keep and to pack as
their texts, and most of them are never looked at one by one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Literal

Value = str | Decimal | dt.date | None
Kind = Literal["figures", "dates", "words", "values"]
"""What the values are, each of them or nothing; ``values``: not all of one kind."""
_NOTHING = Decimal(0)


class Series:
    """One column, from the first row to the last. It never changes."""

    __slots__ = ("_joined", "_texts", "_values", "kind", "places")

    def __init__(
        self,
        kind: Kind,
        *,
        values: Sequence[Value] | None = None,
        texts: Sequence[str] | None = None,
        joined: str | None = None,
        places: int | None = None,
    ) -> None:
        """At least one of ``values``, ``texts`` and, except for ``values``, ``joined`` (the texts with line ends between them) is given.

        ``texts`` of figures are what ``str`` makes of them. ``places``: how many digits every figure has after its point, where it is known.
        """
        self.kind, self.places = kind, places
        self._values, self._texts, self._joined = values, texts, joined

    @classmethod
    def of(cls, values: Sequence[Value]) -> Series:
        """Any values."""
        kinds = {type(v) for v in values} - {type(None)}
        return cls(
            "figures" if kinds == {Decimal} else "dates" if kinds == {dt.date} else "words" if kinds == {str} else "values", values=values
        )

    @property
    def values(self) -> Sequence[Value]:
        """The values; ``None`` where there is none."""
        if self._values is None:
            texts = self.texts
            if self.kind == "figures":
                self._values = [Decimal(t) if t else None for t in texts]
            elif self.kind == "dates":
                self._values = [dt.date.fromisoformat(t) if t else None for t in texts]
            else:
                self._values = texts if "" not in texts else [t or None for t in texts]
        return self._values

    @property
    def texts(self) -> Sequence[str]:
        """The values as text, exact and unadorned; "" where there is none."""
        if self._texts is None:
            if self._joined is not None:
                self._texts = self._joined.split("\n")
            else:
                assert self._values is not None
                self._texts = _as_texts(self._values)
        return self._texts

    @property
    def empty(self) -> bool:
        """Whether there is no value at all."""
        return all(v is None for v in self._values) if self._values is not None else not any(self.texts)

    @property
    def total(self) -> Decimal:
        """The exact sum of the figures; what is none counts as nothing."""
        if self.places is not None:  # whole numbers are added ten times as fast
            digits = "\n".join(self.texts) if self._joined is None else self._joined
            return Decimal(sum(map(int, filter(None, digits.replace(".", "").split("\n"))))).scaleb(-self.places)
        values: Sequence[Any] = self.values
        try:
            return sum(values, _NOTHING)
        except TypeError:
            return sum((v for v in values if isinstance(v, Decimal)), _NOTHING)

    def some(self, places: Sequence[int]) -> Series:
        """The values at some places."""
        if self.kind != "values":
            texts = self.texts
            values = [self._values[n] for n in places] if self._values is not None else None
            return Series(self.kind, texts=[texts[n] for n in places], values=values, places=self.places)
        all_values = self.values
        return Series(self.kind, values=[all_values[n] for n in places])

    def pack(self) -> tuple[Kind, Any]:
        """For keeping: as one text, where it comes back as it was."""
        if self.kind == "values":
            return "values", tuple(self.values)
        joined = self._joined if self._joined is not None else "\n".join(self.texts)
        if self.kind == "words" and (joined.count("\n") != len(self.texts) - 1 or (self._values is not None and "" in self._values)):
            return "values", tuple(self.values)
        return self.kind, joined

    @classmethod
    def unpack(cls, kind: Kind, packed: Any) -> Series:
        """What :meth:`pack` kept."""
        return cls(kind, values=packed) if kind == "values" else cls(kind, joined=packed)


def _as_texts(values: Sequence[Any]) -> Sequence[str]:
    try:
        "".join(values)  # the quickest way to see that all of them are texts
    except TypeError:
        return ["" if v is None else v if type(v) is str else str(v) for v in values]
    return values
