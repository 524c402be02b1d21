"""Findings accepted in writing (``accept:``): for a time, by somebody who answers for it, and listed in the report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from sitegen.model.finding import Finding
from sitegen.model.record import Accept
from sitegen.model.rules import RULES

from .scope import Scope, at


class Accepted(Struct, frozen=True):
    """A finding and who answers for it."""

    finding: Finding
    accept: Accept


def accept(scope: Scope, found: Iterable[Finding]) -> tuple[list[Finding], list[Accepted]]:
    """Divide findings into those that stand and those that are accepted; an acceptance that is over, void or about nothing is a finding."""
    standing: list[Finding] = []
    accepted: list[Accepted] = []
    used: set[tuple[str, str]] = set()
    open_ = {
        (r.ref, a.code): a
        for r in scope.records.values()
        for a in r.front.accept
        if a.until >= scope.date and a.code in RULES and RULES[a.code].acceptable
    }
    for f in found:
        key = (f"{f.unit}/{f.record}", f.code)
        used.add(key)
        if f.record is not None and key in open_:
            accepted.append(Accepted(f, open_[key]))
        else:
            standing.append(f)
    doubtful = {(f"{f.unit}/{f.record}", f.code[:3]) for f in standing}
    return [*standing, *_void(scope, used, doubtful)], accepted


def _void(scope: Scope, used: set[tuple[str, str]], doubtful: set[tuple[str, str]]) -> Iterator[Finding]:
    for record in scope.records.values():
        for a in record.front.accept:
            if a.code not in RULES:
                yield at("SG904", record, "accept", code=a.code)
            elif not RULES[a.code].acceptable:
                yield at("SG903", record, "accept", code=a.code)
            elif (record.ref, a.code) not in used:
                if (record.ref, a.code[:3]) in doubtful or (record.ref, "SG3") in doubtful:
                    continue  # what stands there may be why nothing is found
                yield at("SG902", record, "accept", code=a.code)
            elif a.until < scope.date:
                yield at("SG901", record, "accept", code=a.code, until=a.until.isoformat())
