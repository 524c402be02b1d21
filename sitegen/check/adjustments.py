"""Adjustments of the catalogue (动态调整): each for a unit that exists, with a reason and a reviewer, for the version in force."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from sitegen.load.validate import nearest
from sitegen.model.catalog import Adjustment, Item
from sitegen.model.finding import Finding, finding
from sitegen.model.matter import is_public
from sitegen.model.table import fold

from .scope import Scope

_SAYS_NOTHING = re.compile(
    r"无|没有|无人|暂无|待定|待补充?|待填写?|待核实?|待审核?|未定|未审核?|未填写?|不详|同上|略|空|请填写?|某某?|x+|n/?a|none|todo|tbd|nobody|test|测试"
)


def check_adjustments(scope: Scope) -> Iterator[Finding]:
    """Every adjustment of every item."""
    for item in scope.region.catalog.items.values():
        seen: dict[tuple[str, str], int] = {}
        for n, one in enumerate(item.adjustments):
            file, line, column = scope.region.catalog.places[f"{item.id}/{n}"]
            for code, args in _problems(scope, item, one):
                yield finding(code, file, line, column, item=item.id, **args)
            key = (one.unit, fold(one.change))
            if key in seen:
                yield finding("SG415", file, line, column, item=item.id, name=_name(scope, one), first=seen[key])
            seen.setdefault(key, line)


def _problems(scope: Scope, item: Item, one: Adjustment) -> Iterator[tuple[str, dict[str, Any]]]:
    units, field = scope.region.units, scope.region.catalog.field_of[item.id]
    if one.unit not in units and scope.region.complete:
        near = nearest(one.unit, list(units))
        yield "SG412", {"named": one.unit, "near": f"{near} {units[near].data.name}" if near else "—"}
    for key, written in (("change", one.change), ("why", one.why), ("reviewer", one.reviewer)):
        if _says_nothing(written):
            yield "SG413", {"key": key, "written": written, "name": _name(scope, one)}
    if field.version and one.on < field.version:
        yield "SG414", {"name": _name(scope, one), "on": one.on.isoformat(), "version": field.version.isoformat()}
    if one.on > scope.date:
        yield "SG416", {"name": _name(scope, one), "on": one.on.isoformat()}
    if one.excuses and one.unit in units:
        later = [r for r in units[one.unit].records if r.front.item == item.id and is_public(r) and r.front.published > one.on]
        if later:
            yield "SG418", {"name": _name(scope, one), "change": one.change, "other": later[0].file}


def _says_nothing(text: str) -> bool:
    """A dash, a stop, 无, 待定: written because something had to be written."""
    word = re.sub(r"[\W_]+", "", fold(text)).lower()
    return not word or _SAYS_NOTHING.fullmatch(word) is not None


def _name(scope: Scope, one: Adjustment) -> str:
    unit = scope.region.units.get(one.unit)
    return unit.data.name if unit else one.unit
