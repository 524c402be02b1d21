"""A procedure as people write it down to be drawn: steps, questions with a branch, and a choice of outcomes."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field as Key
from pydantic import StringConstraints, model_validator

from .base import Model, Text

Answer = Annotated[str, StringConstraints(min_length=1, max_length=8)]
"""A word or two that stand beside an arrow."""


class Outcome(Model):
    """One of the ways in which a choice may end."""

    do: Text
    note: Text | None = None


class Branch(Model):
    """Where a question leads off the straight way."""

    when: Answer = Key(description="the answer that leads here: 不明确")
    do: Text
    note: Text | None = None
    within: Text | None = Key(None, description="time allowed: 7个工作日内")
    then: Text | None = Key(None, description="where it goes on: 补正后回到第2步")


class FlowStep(Model):
    """One entry of a procedure: ``do`` a step, ``ask`` a question, or ``choose`` among outcomes."""

    do: Text | None = Key(None, description="a step")
    ask: Text | None = Key(None, description="a question; needs go and branch")
    choose: Text | None = Key(None, description="a decision with several outcomes; needs of")
    note: Text | None = None
    who: Text | None = Key(None, description="who does it")
    within: Text | None = Key(None, description="time allowed: 20个工作日内")
    go: Answer | None = Key(None, description="for ask: the answer that leads straight on")
    branch: Branch | None = Key(None, description="for ask: the other answer")
    of: tuple[Outcome, ...] = Key((), description="for choose: the outcomes")

    @model_validator(mode="after")
    def _one_kind(self) -> FlowStep:
        if sum(kind is not None for kind in (self.do, self.ask, self.choose)) != 1:
            raise ValueError("an entry has one of do, ask and choose")
        if (self.ask is not None) != (self.branch is not None) or (self.ask is not None) != (self.go is not None):
            raise ValueError("a question has go and branch, and only a question has")
        if (self.choose is not None) != bool(self.of):
            raise ValueError("a choice has of, and only a choice has")
        return self

    @property
    def title(self) -> str:
        """The words of the entry."""
        return self.do or self.ask or self.choose or ""


class Flow(Model):
    """A procedure (流程图)."""

    title: Text
    steps: tuple[FlowStep, ...] = Key(min_length=2)

    def told(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The procedure in words, for those who do not see the drawing: each entry with what belongs to it."""
        return tuple((step.title, tuple(_said(step))) for step in self.steps)


def _said(step: FlowStep) -> Any:
    if step.who or step.within:
        yield "，".join(text for text in (step.who, step.within) if text)
    if step.note:
        yield step.note
    if step.branch is not None:
        b = step.branch
        rest = "；".join(text for text in (b.within, b.note, b.then) if text)
        yield f"{b.when}：{b.do}" + (f"（{rest}）" if rest else "")
        yield f"{step.go}：接下一步"
    for outcome in step.of:
        yield outcome.do + (f"：{outcome.note}" if outcome.note else "")
