"""Columns read as one text: a look at all cells together says that none of them is out of the ordinary.

Nearly all cells of nearly all tables are plain. Where one is not, a bulk reader answers ``None`` and the column is read cell by cell,
which says what is wrong with which.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from decimal import Decimal

from sitegen.model.catalog import Column
from sitegen.model.series import Series

STEPS = tuple(Decimal(1).scaleb(-n) for n in range(7))
"""One unit in the last place, by the number of places."""


Reader = Callable[[Sequence[str], str], Series | None]
"""Cells, and the same joined by line ends → the column; ``None`` where not all cells are plain. No cell may have a line end in it."""


def bulk_reader(column: Column) -> Reader | None:
    """How to read a column's cells together; ``None`` for columns whose cells have to be looked at one by one."""
    rule = column.constraints
    if column.mask or rule.enum is not None or rule.pattern is not None:
        return None
    if column.type == "string":
        return _texts(required=rule.required)
    if column.type == "date":
        return _dates(required=rule.required)
    return _figures(column) if column.type in ("number", "integer", "year") else None


def _texts(*, required: bool) -> Reader:
    def read(cells: Sequence[str], _: str) -> Series | None:
        texts = list(map(str.strip, cells))
        return None if required and "" in texts else Series("words", texts=texts)

    return read


def _dates(*, required: bool) -> Reader:
    plain = _all(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", required=required)
    known = {""}

    def read(cells: Sequence[str], joined: str) -> Series | None:
        if not plain.fullmatch(joined):
            return None
        try:
            known.update(cell for cell in set(cells).difference(known) if dt.date.fromisoformat(cell))
        except ValueError:
            return None
        return Series("dates", texts=cells, joined=joined)

    return read


def _figures(column: Column) -> Reader:
    rule = column.constraints
    places = 0 if column.type in ("integer", "year") else column.decimals
    fraction = r"(?:\.[0-9]{1,6})?" if places is None else rf"\.[0-9]{{{places}}}" if places else ""
    # As exact figures print: nothing has to be printed to know its text.
    exact = _all(rf"-?(?:0|[1-9][0-9]{{0,12}}){fraction}", required=rule.required)
    plain = _all(rf"-?[0-9]{{1,13}}(?:\.[0-9]{{1,{places}}})?" if places else r"-?[0-9]{1,13}", required=rule.required)
    step = STEPS[places] if places is not None else None
    low = Decimal(str(rule.minimum)) if rule.minimum is not None else None
    high = Decimal(str(rule.maximum)) if rule.maximum is not None else None

    def read(cells: Sequence[str], joined: str) -> Series | None:
        if exact.fullmatch(joined):
            series = Series("figures", texts=cells, joined=joined, places=places)
        elif plain.fullmatch(joined):
            figures = [Decimal(cell) if cell else None for cell in cells]
            if step is not None:
                figures = [None if v is None else v.quantize(step) for v in figures]
            series = Series("figures", values=figures)
        else:
            return None
        return series if _within(series, low, high, negative="-" in joined) else None

    return read


def _within(series: Series, low: Decimal | None, high: Decimal | None, *, negative: bool) -> bool:
    if high is None and (low is None or (low <= 0 and not negative)):
        return True
    figures = [v for v in series.values if isinstance(v, Decimal)]
    return not figures or ((low is None or min(figures) >= low) and (high is None or max(figures) <= high))


def _all(cell: str, *, required: bool) -> re.Pattern[str]:
    """Every line is such a cell."""
    one = f"(?>{cell})" if required else f"(?>{cell})?"
    return re.compile(rf"(?>{one}\n)*+{one}")
