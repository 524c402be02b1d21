"""Village affairs (村务公开): the fields that everybody looks at (重点领域), and the supervision committee (村务监督委员会)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Annotated

from msgspec import Struct
from pydantic import AfterValidator, StringConstraints
from pydantic import Field as Key

from .base import Day, Model, Slug, Text
from .mask import mask_problem


class Focus(Model):
    """A field that the notice puts first (脱贫攻堅、村级财务、惠农政策、养老、救助…): which items are shown under it."""

    id: Slug
    name: Text
    summary: Text
    items: tuple[Text, ...] = Key(min_length=1, description="ids of items, or of whole fields")


class FocusFile(Model):
    """The file content/catalog/focus.yml."""

    focus: tuple[Focus, ...] = ()


def _masked(name: str) -> str:
    problem = mask_problem("name", name)
    if problem is not None:
        raise ValueError(problem)
    return name


class Member(Model):
    """A member of the committee: a post, and a masked name where the village wants one."""

    post: Text = Key(description="主任, 委员")
    name: Annotated[Text, AfterValidator(_masked)] | None = Key(None, description="masked, such as 王*山")
    note: Text | None = None


Month = Annotated[str, StringConstraints(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]


class Review(Model):
    """What the committee reviewed of a month (每月审核)."""

    month: Month
    on: Day = Key(description="the day of the meeting")
    what: Text = Key(description="what was looked at: 票据28张、合计41,877.00元")
    found: Text | None = Key(None, description="what was not in order, and what became of it")
    result: Text = Key("同意入账公开", description="the conclusion")


class CommitteeFile(Model):
    """The file committee.yml of a village: who supervises, what they do, and what they found month by month."""

    term: Text | None = Key(None, description="任期: 2024年至2029年")
    meets: Text | None = Key(None, description="when: 每月5日")
    members: tuple[Member, ...] = ()
    duties: tuple[Text, ...] = ()
    reviews: tuple[Review, ...] = ()


class Committee(Struct, frozen=True):
    """A committee.yml as loaded."""

    data: CommitteeFile
    file: str
    """Relative to the region."""
    lines: Mapping[int, int]
    """Line of each review, by its place."""


def month_start(review: Review) -> dt.date:
    """The first day of the month that a review is about."""
    return dt.date.fromisoformat(f"{review.month}-01")
