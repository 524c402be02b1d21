"""What a cell means: exact figures, dates, months and texts, however a clerk's program saved them."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from decimal import Decimal
from typing import Any

from sitegen.model.catalog import Column
from sitegen.model.table import Value

_FIGURE = re.compile(r"[-+]?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?")
_PLAIN = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,6})?")
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_MONTH = re.compile(r"(\d{4})[-/.年](\d{1,2})月?")
_BEYOND = Decimal(10) ** 14
"""No figure of a county has 15 digits before the point; ID and card numbers have."""


def as_text(raw: Any) -> str:
    """A cell as people read it, without spaces around it."""
    if isinstance(raw, str):
        return raw.strip()
    if raw is None:
        return ""
    if isinstance(raw, float):
        return str(int(raw)) if raw.is_integer() else repr(raw)
    if isinstance(raw, dt.datetime):
        return raw.date().isoformat()
    return str(raw).strip()


def to_decimal(raw: Any, unit: str | None = None) -> Decimal | None:
    """An exact figure from a cell: full-width digits, separators of thousands and the column's own unit are understood.

    ``None`` for an empty cell. Raises ``ValueError`` for anything that is no figure.
    """
    if isinstance(raw, bool):
        raise ValueError("no figure")
    if isinstance(raw, float | int):
        return Decimal(as_text(raw))
    if isinstance(raw, str) and _PLAIN.fullmatch(raw):
        return Decimal(raw)
    text = unicodedata.normalize("NFKC", as_text(raw)).replace(" ", "").replace("，", ",").replace("−", "-")
    if not text:
        return None
    text = text.lstrip("¥￥")
    if unit and text.endswith(unit):
        text = text[: -len(unit)]
    if not _FIGURE.fullmatch(text):
        raise ValueError("no figure")
    return Decimal(text.replace(",", ""))


def convert(raw: Any, column: Column) -> Value:
    """The value of a cell in a column; ``None`` for an empty one. Raises ``ValueError`` for what the column's type does not allow."""
    match column.type:
        case "number" | "integer" | "year":
            figure = to_decimal(raw, column.unit)
            if figure is not None and abs(figure) >= _BEYOND:
                raise ValueError("no figure")
            return figure
        case "date":
            return _date(raw)
        case "yearmonth":
            return _month(raw)
        case _:
            text = as_text(raw)
            if column.type == "boolean" and text not in ("", "是", "否"):
                raise ValueError("neither 是 nor 否")
            return text or None


def _date(raw: Any) -> dt.date | None:
    if isinstance(raw, dt.datetime):
        return raw.date()
    if isinstance(raw, dt.date):
        return raw
    text = unicodedata.normalize("NFKC", as_text(raw)).replace(" ", "")
    if not text:
        return None
    m = _DATE.fullmatch(text)
    if not m:
        raise ValueError("no date")
    return dt.date(int(m[1]), int(m[2]), int(m[3]))


def _month(raw: Any) -> str | None:
    if isinstance(raw, dt.date):
        return f"{raw.year:04}-{raw.month:02}"
    text = unicodedata.normalize("NFKC", as_text(raw)).replace(" ", "")
    if not text:
        return None
    m = _MONTH.fullmatch(text)
    if not m or not 1 <= int(m[2]) <= 12:
        raise ValueError("no month")
    return f"{m[1]}-{int(m[2]):02}"
