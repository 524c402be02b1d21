"""Assurance and supervision of disclosure (组织保障、监督检查): who answers for it, how it is assessed, what people think of it, what inspections found.

The notice asks for bodies and staff that are made plain, a share of disclosure in the yearly assessment of not less than 4 %, social evaluation,
accountability, and for the results of inspections to be made known.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated

from msgspec import Struct
from pydantic import Field as Key
from pydantic import StringConstraints, model_validator

from .base import Day, Digits, Model, Text, UnitCode
from .record import RecordId

LEAST_WEIGHT = Decimal(4)
"""Per cent of the yearly assessment that disclosure must weigh at least (分值权重不低于4%)."""
Year = Annotated[Digits, StringConstraints(pattern=r"^20\d{2}$")]


class Responsible(Model):
    """A body with its part in the work (责任机构)."""

    body: Text
    role: Text = Key(description="统筹, 主管, 承办, 监督")
    posts: Text | None = Key(None, description="posts, not names: 股长1名、专职2名")
    duties: Text | None = None
    phone: Text | None = None


class Part(Model):
    """A part of the assessment."""

    name: Text
    points: Decimal = Key(gt=0)
    how: Text | None = Key(None, description="how it is judged")


class Scheme(Model):
    """How disclosure is assessed in a year (考核办法)."""

    year: Year
    name: Text
    weight: Decimal = Key(ge=0, le=100, description="per cent of the whole yearly assessment that disclosure weighs; at least 4")
    parts: tuple[Part, ...] = ()
    record: RecordId | None = Key(None, description="the record that publishes the scheme")


class Score(Model):
    """What somebody got: a unit of the region by its code, or a department by name."""

    unit: UnitCode | None = None
    name: Text | None = None
    score: Decimal = Key(ge=0)
    note: Text | None = None

    @model_validator(mode="after")
    def _who(self) -> Score:
        if (self.unit is None) == (self.name is None):
            raise ValueError("a score is of a unit or of a name: give one of the two")
        return self


class Scores(Model):
    """Published results of an assessment (考核结果)."""

    year: Year
    published: Day
    full: Decimal = Key(Decimal(100), gt=0)
    scores: tuple[Score, ...] = Key(min_length=1)
    record: RecordId | None = None


class Asked(Model):
    """A question of an evaluation with how many gave each answer."""

    ask: Text
    answers: dict[Text, Annotated[int, Key(ge=0)]] = Key(min_length=2)


class Opinion(Model):
    """Something people said, and what was done about it."""

    said: Text
    done: Text


class Evaluation(Model):
    """An evaluation by the public (社会评议)."""

    year: Year
    name: Text
    start: Day = Key(alias="from")
    until: Day
    ways: Text | None = Key(None, description="how people were asked")
    sent: int | None = Key(None, ge=0, description="questionnaires given out")
    returned: int = Key(ge=0, description="valid ones that came back")
    asked: tuple[Asked, ...] = ()
    opinions: tuple[Opinion, ...] = ()
    record: RecordId | None = None


class Inspection(Model):
    """What an inspection found (检查通报), and what became of it."""

    date: Day
    title: Text
    by: Text
    found: tuple[Text, ...] = ()
    mended: Text | None = Key(None, description="整改: what was put right, by when")
    record: RecordId | None = None


class AssuranceFile(Model):
    """The file assurance.yml of a county or township."""

    responsible: tuple[Responsible, ...] = ()
    funding: Text | None = Key(None, description="经费保障")
    training: tuple[Text, ...] = Key((), description="what training there was")
    accountability: tuple[Text, ...] = Key((), description="责任追究: what is followed up, and how")
    schemes: tuple[Scheme, ...] = ()
    scores: tuple[Scores, ...] = ()
    evaluations: tuple[Evaluation, ...] = ()
    inspections: tuple[Inspection, ...] = ()


class Assurance(Struct, frozen=True):
    """An assurance.yml as loaded."""

    data: AssuranceFile
    file: str
    """Relative to the region."""
    lines: Mapping[tuple[str, int], int]
    """Line of each entry of a list, by its key and place."""
