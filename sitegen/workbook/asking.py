"""What one reading of a workbook says and asks: its findings and open questions, beside the answers that were given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sitegen.model.finding import Finding, finding

from .intake import Question


class Halt(Exception):
    """Nothing more can be said as long as the questions and findings so far stand."""


class Asking:
    """Collects what is said and asked of the workbook ``name``; ``answers`` answer questions by their ids."""

    def __init__(self, name: str, answers: Mapping[str, str]) -> None:
        self.name, self.answers = name, answers
        self.findings: list[Finding] = []
        self.questions: list[Question] = []

    def say(self, code: str, where: str = "", /, **args: Any) -> None:
        """Note a finding; ``where`` is the cell, as people find it in Excel."""
        self.findings.append(finding(code, f"{self.name} {where}" if where else self.name, None, None, **args))

    def ask(self, id: str, text: str, /, choices: Sequence[str], where: str = "", proposal: str = "", **args: str) -> None:
        """Note an open question, once."""
        if all(q.id != id for q in self.questions):
            self.questions.append(Question(id, text, tuple(choices), where, tuple(sorted(args.items())), proposal))

    def choice(self, id: str, text: str, /, choices: Sequence[str], where: str, proposal: str = "", **args: str) -> str | None:
        """The answer to a question, one of ``choices``; it is noted as open where there is none."""
        answer = self.answers.get(id)
        if answer in choices:
            return answer
        if answer is None:
            self.ask(id, text, choices, where, proposal, **args)
        else:
            self.say("SG274", where, answer=answer, question=id, choices=list(choices))
        return None

    def told(self) -> tuple[Finding, ...]:
        """The findings, each once, the gravest first."""
        seen: dict[tuple[Any, ...], Finding] = {}
        for f in self.findings:
            seen.setdefault((f.code, f.file, f.args), f)
        return tuple(sorted(seen.values(), key=lambda f: f.severity.rank))
