"""Deadlines (公开时限): as the catalogue writes them and as a program can count them.

A wording is a sequence of :class:`Term`. The parser knows the wordings in use; anything else is reported, never guessed.
Days are counted as Article 201-203 of the Civil Code count them; see :mod:`sitegen.model.days`.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field as Key

from .base import DayKind, Model

Start = Literal["formed", "issued", "approved", "decided", "allocated", "surveyed", "event"]


class Term(Model):
    """One obligation in a deadline.

    ``within``: *days* of *kind* after *start*. ``posting``: hang for *days* of *kind*. ``before``: at least *days*
    before the *event*. ``calendar``: by *day* of the month, *every* month, quarter (its first month) or year.
    ``not_computable``: the *phrase* sets no countable date (及时公开), which is not the same as unknown.
    """

    kind: Literal["within", "posting", "before", "calendar", "not_computable"]
    days: int | None = Key(None, ge=0)
    day_kind: DayKind | None = None
    start: Start | None = None
    event: str | None = Key(None, description="the event in the wording's own words")
    every: Literal["month", "quarter", "year"] | None = None
    day: int | None = Key(None, ge=1, le=31)
    phrase: str | None = Key(None, description="the words that set no date")
    about: str | None = Key(None, description="the part of the information that this term is about")
