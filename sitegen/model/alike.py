"""What says the same (一致): figures whatever their unit, words whatever their width, names under their masks, tables whatever the order of rows."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache

from .catalog import Column, TableSchema
from .table import Table, Value, fold

FACTORS: dict[str, tuple[str, Decimal]] = {
    "元": ("元", Decimal(1)),
    "万元": ("元", Decimal(10_000)),
    "亿元": ("元", Decimal(100_000_000)),
    "平方米": ("平方米", Decimal(1)),
    "公斤": ("公斤", Decimal(1)),
    "千克": ("公斤", Decimal(1)),
    "吨": ("公斤", Decimal(1000)),
    "斤": ("公斤", Decimal("0.5")),
    "米": ("米", Decimal(1)),
    "公里": ("米", Decimal(1000)),
    "千米": ("米", Decimal(1000)),
}
"""Declared units that convert exactly, each to its base."""
_MU = Decimal(15)
"""亩 in a hectare, as official areas count them: 1 公顷 = 15 亩."""


def fingerprint(table: Table, schema: TableSchema, key: Sequence[str], columns: Sequence[str]) -> str:
    """Equal for tables that :func:`sitegen.model.compare.compare` finds nothing in; whatever the order of rows, spelling of width, or unit."""
    wanted = {*key, *columns}
    known = {c.name: c for c in schema.fields}
    names, texts = [], []
    if not table.lines:
        return ""
    for name in table.columns:
        column = known[name]
        if (name in wanted or column.mask == "name") and not table.series(name).empty:
            unit, factor = in_base(Decimal(1), column.unit)
            names.append(f"{name} {unit}" if column.type in ("number", "integer") else name)
            texts.append(_all_canonical(table, name, factor))
    if not names:
        return ""
    order = sorted(range(len(names)), key=names.__getitem__)
    rows = sorted(map("\x1f".join, zip(*(texts[i] for i in order), strict=True)))
    return hashlib.sha256("\x1e".join(["\x1f".join(names[i] for i in order), *rows]).encode()).hexdigest()[:20]


def _all_canonical(table: Table, name: str, factor: Decimal) -> Sequence[str]:
    """:func:`_canonical` of every value of a column. Most columns are plain as a whole, which one look tells."""
    series = table.series(name)
    if series.kind == "figures" and factor == 1:
        joined = "".join(series.texts)
        if "-" not in joined and "E" not in joined:
            return [t.rstrip("0").rstrip(".") if "." in t else t for t in series.texts]
    elif series.kind == "words":
        joined = "".join(series.texts)
        if joined.replace("*", "").isalnum() if joined.isascii() else _AS_PLAIN.fullmatch(joined):
            return series.texts
    return [_canonical(v, factor) for v in series.values]


_AS_PLAIN = re.compile(r"[0-9A-Za-z*一-龥]*")
"""Characters that stand in a plain text as they are."""
_ONE = Decimal(1)


def _canonical(value: Value, factor: Decimal = _ONE) -> str:
    if type(value) is str:
        return plain(value)
    if value is None:
        return ""
    if isinstance(value, Decimal):
        text = str(value if factor == 1 else value * factor)
        if "E" in text:
            text = f"{value * factor:f}"
        text = text.rstrip("0").rstrip(".") if "." in text else text
        return "0" if text in ("-0", "") else text
    return plain(str(value))


def common(value: Value, column: Column) -> tuple[str, str]:
    """A value as it is compared: the base of its unit, and a text that is equal for all that say the same."""
    unit, factor = in_base(Decimal(1), column.unit)
    return (unit if isinstance(value, Decimal) else "", _canonical(value, factor))


@lru_cache(maxsize=1000)
def _base(unit: str | None) -> tuple[str, Decimal]:
    """The base of a unit, and how many of it one is."""
    head, slash, tail = (unit or "").partition("/")
    if head == "公顷":
        return f"亩{slash}{tail}", _MU
    base, factor = FACTORS.get(head, (head, _ONE))
    return f"{base}{slash}{tail}", factor


def in_base(value: Decimal, unit: str | None) -> tuple[str, Decimal]:
    """A figure in the base of its unit: 1.2 万元 → (元, 12000), 2 公顷 → (亩, 30)."""
    base, factor = _base(unit)
    return base, value * factor


@lru_cache(maxsize=20_000)
def plain(text: str) -> str:
    """A text without differences of width, spacing and punctuation. Stars stay: they are part of a masked name."""
    folded = unicodedata.normalize("NFKC", text)
    return "".join(c for c in folded if c == "*" or not (c.isspace() or unicodedata.category(c)[0] in "PZ"))


def compatible(a: str, b: str) -> bool:
    """Whether two names, masked or not, may be one person's: 张*三 and 张小三, 张** and 张*三, 张某 and 张小三.

    A star stands for one character, or for as many as are hidden where the lengths differ; 某 for any given name.
    """
    a, b = fold(a).replace("×", "*"), fold(b).replace("×", "*")
    if a == b:
        return True
    if "某" in a or "某" in b:
        return a[:1] == b[:1]
    if len(a) == len(b):
        return all(x == y or "*" in (x, y) for x, y in zip(a, b, strict=True))
    if "*" not in a + b:
        return False
    return a[:1] == b[:1] and (a[-1:] == b[-1:] or "*" in (a[-1:], b[-1:]))
