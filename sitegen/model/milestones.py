"""Milestones (时间节点): what a notice or a work plan asks for by a day, and whether it was done."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import Field as Key

from .base import Day, Model, Text

MilestoneState = Literal["done", "done_late", "open", "overdue"]


class Milestone(Model):
    """One piece of work with its last day."""

    name: Text
    due: Day = Key(description="the last day")
    done: Day | None = Key(None, description="the day it was done")
    responsible: Text = Key(description="the office that answers for it, not a person's name: «sitegen report» and «due» show it")
    note: str | None = Key(None, description="for «sitegen report» only")

    def state(self, date: dt.date) -> MilestoneState:
        """How things stand on ``date``: what is to be done later than that is not done yet."""
        if self.done is not None and self.done <= date:
            return "done" if self.done <= self.due else "done_late"
        return "overdue" if date > self.due else "open"

    def turns(self, date: dt.date) -> tuple[dt.date, ...]:
        """The days after ``date`` on which the state turns."""
        days = [self.due + dt.timedelta(1)] if self.done is None or self.done > self.due else []
        return tuple(day for day in (*days, *([self.done] if self.done else [])) if day > date)


class MilestonesFile(Model):
    """The file milestones.yml beside region.yml."""

    milestones: tuple[Milestone, ...] = ()
