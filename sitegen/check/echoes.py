"""One defect, one finding: what another finding already explains is left out.

A wrong cell also makes the written total of its column wrong, and the comparison with the other level. Whoever found the cell says so
(``explains``): by how much a column of its record may add up to too much because of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation

from sitegen.model.finding import Finding, Severity

from .scope import Scope, table_file

LESS = Decimal("-Infinity")
"""By how much a column adds up to too little where nobody knows."""


_COMPARED = ("SG502", "SG505", "SG506", "SG507", "SG508", "SG509", "SG510")
"""Findings of the comparison with a counterpart: they name the other side's file and line."""
_UNREADABLE = ("SG205", "SG207", "SG208")
"""Findings after which a row may seem to be missing."""

_Known = dict[str, list[tuple[str, Decimal]]]
"""By file of rows: columns, and by how much they add up to too much."""


def without_echoes(scope: Scope, found: Iterable[Finding]) -> list[Finding]:
    """The findings that no other one explains, in the order given."""
    all_ = list(found)
    tables = {(r.unit, r.front.id): table_file(r) for r in scope.records.values()}
    rows: _Known = defaultdict(list)
    compared: _Known = defaultdict(list)
    for f in all_:
        file = tables.get((f.unit or "", f.record or ""), f.file)
        if f.code in _COMPARED:
            other = _other(f)[0]
            compared[file] += f.explains
            compared[other] += [(title, -amount) for title, amount in f.explains]
        else:
            rows[file] += f.explains
    wrong = {(f.file, f.line) for f in all_ if f.severity is Severity.ERROR and f.code.startswith(("SG2", "SG8"))}
    torn = {f.file for f in all_ if f.code in _UNREADABLE}
    return [f for f in all_ if not _explained(f, rows, compared, wrong, torn)]


def _explained(f: Finding, rows: _Known, compared: _Known, wrong: set[tuple[str, int | None]], torn: set[str]) -> bool:
    if f.code == "SG211":
        return _of_total(f, rows.get(f.file, [])) or _of_total(f, compared.get(f.file, []))
    if f.code not in _COMPARED:
        return False
    other, line = _other(f)
    if f.code in ("SG505", "SG506") and torn & {f.file, other}:
        return True
    if (f.file, f.line) in wrong or (other, line) in wrong:
        return True
    # Where the row itself is known to be wrong, that is why it differs.
    title = dict(f.args).get("column")
    return f.code in ("SG502", "SG510") and any(title == known for known, _ in (*rows.get(f.file, []), *rows.get(other, [])))


def _other(f: Finding) -> tuple[str, int | None]:
    """File and line of the other side."""
    file, colon, line = str(dict(f.args).get("other", "")).rpartition(":")
    return (file, int(line)) if colon and line.isdecimal() else (file + colon + line, None)


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
