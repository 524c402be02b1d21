"""Are applications for information (依申请公开) answered in time?"""

from __future__ import annotations

from collections.abc import Iterator

from sitegen.model.applications import Filed, first_reply_by, reply_by
from sitegen.model.base import Level
from sitegen.model.finding import Finding, finding
from sitegen.model.region import Unit

from .scope import Scope


def check_applications(scope: Scope) -> Iterator[Finding]:
    """Every application of a county or township was answered, or still can be."""
    for unit in scope.region.units.values():
        if unit.level is Level.VILLAGE and unit.applications:
            yield finding("SG735", unit.applications[0].file, 1, 1, unit=unit.code)
            continue
        seen: dict[str, int] = {}
        for filed in unit.applications:
            number = filed.data.number
            if number in seen:
                yield _at("SG734", unit, filed, "number", number=number, first=str(seen[number]))
            seen.setdefault(number, filed.lines["number"])
            yield from _one(scope, unit, filed)


def _at(code: str, unit: Unit, filed: Filed, key: str, /, **args: str) -> Finding:
    return finding(code, filed.file, filed.lines.get(key, filed.lines[""]), 1, unit=unit.code, **args)


def _one(scope: Scope, unit: Unit, filed: Filed) -> Iterator[Finding]:
    """At most one finding: what is wrong first makes the rest follow."""
    data = filed.data
    for key, day in (("received", data.received), ("replied", data.replied)):
        if day is not None and day > scope.date:
            yield _at("SG736", unit, filed, key, number=data.number, day=day.isoformat(), today=scope.date.isoformat())
            return
    first, last = first_reply_by(data, scope.calendar), reply_by(data, scope.calendar)
    if first is None or last is None:
        return
    if data.extended is not None and data.extended.on > first.date and not first.provisional:
        yield _at("SG733", unit, filed, "extended", number=data.number, on=data.extended.on.isoformat(), last=first.date.isoformat())
        return
    if last.provisional:
        return
    if data.replied is not None and data.replied > last.date:
        yield _at("SG732", unit, filed, "replied", number=data.number, replied=data.replied.isoformat(), last=last.date.isoformat())
    elif data.replied is None and scope.date > last.date:
        yield _at("SG731", unit, filed, "received", number=data.number, received=data.received.isoformat(), last=last.date.isoformat())
