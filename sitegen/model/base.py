"""What every value of the model shares: frozen, closed against unknown keys, and spelled one way."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, StringConstraints


class Model(BaseModel):
    """A part of a file that people write. Unknown keys are errors, values never change after loading."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True, validate_default=False, defer_build=True)


class Level(StrEnum):
    """The three levels of grass-roots disclosure (公开层级)."""

    COUNTY = "county"
    TOWNSHIP = "township"
    VILLAGE = "village"

    @property
    def zh(self) -> str:
        """The level as the official catalogue table writes it."""
        return {"county": "县级", "township": "乡级", "village": "村级"}[self.value]


def _figure_as_text(value: object) -> object:
    # YAML reads an unquoted 230170101201 or 2026 as a number; what is meant is the digits as written.
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value


def _scalar_as_text(value: object) -> object:
    # `title: 2024` is a number to YAML and a title to the person who wrote it.
    return str(value) if isinstance(value, int | Decimal | dt.date) and not isinstance(value, bool) else value


def _in_range(day: dt.date) -> dt.date:
    # Days are counted from these dates, and 0226-05-08 is a slip, not a date.
    if not 1949 <= day.year <= 2199:
        raise ValueError("the year is out of range")
    return day


Day = Annotated[dt.date, AfterValidator(_in_range)]
"""A date of our time, from which days may be counted."""

Text = Annotated[str, BeforeValidator(_scalar_as_text), StringConstraints(min_length=1)]
"""A text that must say something."""

Digits = Annotated[str, BeforeValidator(_figure_as_text)]
"""A text that may be written as a bare number in YAML (a code, a year)."""

UnitCode = Annotated[str, BeforeValidator(_figure_as_text), StringConstraints(pattern=r"^\d{12}$")]
"""A 12-digit statistical division code (统计用区划代码): digits 1-6 county, 7-9 township, 10-12 village."""

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]*$")]
"""A name used in paths and links: lower-case letters, digits and hyphens."""

DayKind = Literal["working", "calendar"]
"""工作日 or natural days (自然日)."""

PaperName = Literal["A4", "A3", "8K"]
"""Papers that boards take."""

Layout = Literal["notice", "list", "accounts", "resolution", "document", "service"]
"""How a record's sheet is laid out: 公示, long lists, village finance, resolution and result (两公开), official document, service guide."""
