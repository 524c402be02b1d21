"""One defect, one finding: what another finding already explains is left out.

A wrong cell also makes the written total of its column wrong, and the comparison with the other level. Whoever found the cell says so
(``explains``): by how much a column of its record may add up to too much because of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation

from sitegen.model.finding import Finding
from sitegen.model.matter import matter_key
from sitegen.model.region import Record

from .scope import Scope

LESS = Decimal("-Infinity")
"""By how much a column adds up to too little where nobody knows."""


def without_echoes(scope: Scope, found: Iterable[Finding]) -> list[Finding]:
    """The findings that no other one explains, in the order given."""
    all_ = list(found)
    known: dict[tuple[str | None, str | None], list[tuple[str, Decimal]]] = defaultdict(list)
    for f in all_:
        known[f.unit, f.record] += f.explains
    return [f for f in all_ if not _explained(scope, f, known)]


def _explained(scope: Scope, f: Finding, known: dict[tuple[str | None, str | None], list[tuple[str, Decimal]]]) -> bool:
    args = dict(f.args)
    if f.code == "SG211":
        return _of_total(f, known.get((f.unit, f.record), []))
    if f.code == "SG502" and f.unit and f.record:
        # Compared are sums of columns; where the row of one of them is known to be wrong, that is why they differ.
        record = scope.records.get(f"{f.unit}/{f.record}")
        other = next((r for r in _counterparts(scope, record) if r.file == args.get("other")), None) if record else None
        both = [*known.get((f.unit, f.record), []), *(known.get((other.unit, other.front.id), []) if other else [])]
        return bool(both) and all(
            any(part.startswith(f"{title} ") for title, _ in both) for part in str(args.get("problem", "")).split("；")
        )
    return False


def _counterparts(scope: Scope, record: Record) -> Iterable[Record]:
    key = matter_key(record, scope.region.catalog)
    return scope.matters.groups.get(key, ()) if key else ()


def _of_total(f: Finding, known: list[tuple[str, Decimal]]) -> bool:
    found = total_off(f)
    if found is None:
        return False
    mine = [amount for title, amount in known if title == found[0]]
    if LESS in mine and found[1] < 0:
        return True
    return found[1] in mine or (bool(mine) and found[1] == sum(mine))


def total_off(f: Finding) -> tuple[str, Decimal] | None:
    """The column of a wrong written total (SG211) and by how much its rows exceed it."""
    args = dict(f.args)
    try:
        return str(args.get("column")), Decimal(str(args.get("sum")).replace(",", "")) - Decimal(str(args.get("written")).replace(",", ""))
    except InvalidOperation:
        return None
