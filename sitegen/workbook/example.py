"""Two filled rows for a form: invented people and figures that add up."""

from __future__ import annotations

from collections.abc import Sequence

from sitegen.model.catalog import Column

_BY_NAME: dict[str, tuple[str, str]] = {
    "no": ("1", "2"),
    "village": ("示例村", "示例村"),
    "group": ("第一组", "第二组"),
    "household_no": ("0001", "0002"),
    "contracted_mu": ("12.00", "8.00"),
    "excluded_mu": ("1.50", "0"),
    "area_mu": ("10.50", "8.00"),
    "area": ("10.50", "8.00"),
    "standard": ("71.00", "71.00"),
    "amount": ("745.50", "568.00"),
    "opening": ("10000.00", "12000.00"),
    "income": ("5000.00", "3000.00"),
    "income_allocated": ("5000.00", "3000.00"),
    "expense": ("3000.00", "4000.00"),
    "expense_admin": ("3000.00", "4000.00"),
    "closing": ("12000.00", "11000.00"),
    "people": ("2", "1"),
    "household_size": ("3", "1"),
    "voucher_no": ("记-05", "记-06"),
    "note": ("", ""),
}
_NAMES = ("张*三", "李*")
_TYPES = {
    "number": ("100.00", "50.00"),
    "integer": ("2", "1"),
    "date": ("2026-05-08", "2026-05-12"),
    "yearmonth": ("2026-05", "2026-05"),
    "year": ("2026", "2026"),
    "boolean": ("是", "否"),
}


def example_rows(columns: Sequence[Column]) -> list[list[str]]:
    """Two rows of texts, a cell per column; empty where an example would say nothing."""
    return [[_cell(c, n) for c in columns] for n in (0, 1)]


def _cell(c: Column, n: int) -> str:
    if c.mask == "name":
        return _NAMES[n]
    if c.constraints.enum:
        return c.constraints.enum[min(n, len(c.constraints.enum) - 1)]
    if c.name in _BY_NAME and (c.type in ("number", "integer", "string") or c.name != "amount"):
        text = _BY_NAME[c.name][n]
        return text if c.type != "integer" or text.isdecimal() or not text else "1"
    if c.type in _TYPES:
        return _TYPES[c.type][n] if not c.name.startswith(("income_", "expense_")) else ""
    return ""
