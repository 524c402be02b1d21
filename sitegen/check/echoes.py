"""One defect, one finding: what another finding already explains is left out.

A wrong cell also makes the written total of its column wrong, and the comparison with the other level. Whoever found the cell says so
(``explains``): by how much a column of its record may add up to too much because of it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal, InvalidOperation

from sitegen.model.accounts import is_details
from sitegen.model.finding import Finding, Severity
from sitegen.model.period import Period

from .scope import Scope

LESS = Decimal("-Infinity")
"""By how much a column adds up to too little where nobody knows."""


_COMPARED = ("SG502", "SG505", "SG506", "SG507", "SG508", "SG509", "SG510")
"""Findings of the comparison with a counterpart: they name the other side's file and line."""
_NUMBERS = ("SG801", "SG802", "SG803")
"""A person's ID number, bank card or mobile."""
_UNREADABLE = ("SG205", "SG206", "SG207", "SG208", "SG209", "SG210", "SG215", "SG218", "SG501", *_NUMBERS)
"""Findings after which a row may seem to be missing."""

_WRONG_STAGE = ("SG621", "SG626", "SG628")
"""Findings after which a record may be compared with what it is no counterpart of."""

_Known = dict[str, list[tuple[str, Decimal]]]
"""By file of rows: columns, and by how much they add up to too much."""


def without_echoes(scope: Scope, found: Iterable[Finding]) -> list[Finding]:
    """The findings that no other one explains, in the order given."""
    all_ = _without_numbers_of_persons(list(found))
    known = _Context(scope, all_)
    return _once([f for f in all_ if not _explained(f, known)])


def _without_numbers_of_persons(found: list[Finding]) -> list[Finding]:
    """What only says that a number of a person is no village, or makes a total wrong."""
    private = [f for f in found if f.code in _NUMBERS]
    rows, columns = {(f.file, f.line) for f in private}, {(f.file, f.column) for f in private}
    return [
        f
        for f in found
        if not (f.code == "SG501" and (f.file, f.line) in rows) and not (f.code == "SG211" and (f.file, f.column) in columns)
    ]


class _Context:
    """What findings say about tables and records, by which others are judged."""

    def __init__(self, scope: Scope, all_: list[Finding]) -> None:
        self.scope = scope
        self.tables = {(r.unit, r.front.id): r.table_file for r in scope.records.values()}
        self.rows: _Known = defaultdict(list)
        self.compared: _Known = defaultdict(list)
        for f in all_:
            file = self.tables.get((f.unit or "", f.record or ""), f.file)
            if f.code in _COMPARED:
                other = _other(f)[0]
                self.compared[file] += f.explains
                self.compared[other] += [(title, -amount) for title, amount in f.explains]
            else:
                self.rows[file] += f.explains
        self.wrong = {(f.file, f.line) for f in all_ if f.severity is Severity.ERROR and f.code.startswith(("SG2", "SG8"))}
        self.wrong |= {(f.file, int(str(dict(f.args)["first"]))) for f in all_ if f.code == "SG210"}
        self.torn = {f.file for f in all_ if f.code in _UNREADABLE}
        self.astray = {(f.unit, f.record) for f in all_ if f.code == "SG311"}
        self.written = {f.file for f in all_ if f.code.startswith(("SG313", "SG314", "SG80")) and f.file.endswith(".md")}
        self.parts = {(p.here.ref): {r.table_file for r in p.parts} for p in scope.matters.pairs if p.parts}
        self.bad = {file for file, _ in self.wrong}
        self.lacking = {(f.unit, dict(f.args).get("column")) for f in all_ if f.code == "SG203"}
        self.headless = {f.file for f in all_ if f.code in ("SG203", "SG214")}
        self.owed = {(f.unit, args.get("item"), args.get("period")) for f in all_ if f.code == "SG709" for args in [dict(f.args)]}
        self.stale = set(self._stale(all_))
        self.unpublished = {f.unit for f in all_ if f.code == "SG709" and self._is_details(str(dict(f.args).get("item")))}
        self.misnamed = {f.file for f in all_ if f.code in _WRONG_STAGE}
        self.late = {(f.file, f.line) for f in all_ if f.code in ("SG701", "SG702", "SG703")}
        self.gaps = {(f.unit, args.get("item"), args.get("whole")) for f in all_ if f.code == "SG520" for args in [dict(f.args)]}

    def _is_details(self, item: str) -> bool:
        catalog = self.scope.region.catalog
        found = catalog.items.get(item)
        return found is not None and found.table is not None and is_details(catalog.tables[found.table])

    def _stale(self, all_: list[Finding]) -> Iterator[tuple[str, str]]:
        """Units and fields in which a finding says why nothing new is seen."""
        catalog = self.scope.region.catalog
        for f in all_:
            item = None
            if f.code == "SG709":
                item = str(dict(f.args).get("item"))
            elif f.code in ("SG316", "SG710", "SG821", "SG822", "SG823", "SG825"):
                item = self.scope.records[f"{f.unit}/{f.record}"].front.item
            if f.unit and item is not None and item in catalog.field_of:
                yield f.unit, catalog.field_of[item].name

    def has_lost(self, f: Finding) -> bool:
        """Whether a counterpart that is missing (SG513) is said to be owed already."""
        record = self.scope.records[f"{f.unit}/{f.record}"]
        period = Period.parse(record.front.period).zh if record.front.period else None
        village = dict(f.args).get("code")
        return any((village, item, period) in self.owed for item in self.scope.group(record.front.item))

    def unread(self, f: Finding) -> bool:
        """Whether the record that a finding misses is there, and could not be understood."""
        unit, _, id = str(dict(f.args).get("ref", "")).rpartition("/")
        found = self.scope.unread.get(unit or f.unit or "", ())
        return any(re.search(rf"^id: *[\"']?{re.escape(id)}[\"']? *$", u.text, re.MULTILINE) for u in found)

    def replaced(self, f: Finding) -> bool:
        """Whether what replaces a record is there, and could not be understood."""
        own = re.escape(str(f.record))
        found = self.scope.unread.get(f.unit or "", ())
        return any(re.search(rf"^replaces: *[\"']?(?:{f.unit}/)?{own}\b", u.text, re.MULTILINE) for u in found)


def _explained(f: Finding, known: _Context) -> bool:
    args = dict(f.args)
    match f.code:
        case "SG211":
            return _of_total(f, known.rows.get(f.file, [])) or _of_total(f, known.compared.get(f.file, []))
        case "SG516":
            return (f.file, f.line) in known.late or bool(known.misnamed & {f.file, str(args.get("other"))})
        case "SG513":
            return known.has_lost(f)
        case "SG517":
            return bool(known.written & {f.file, args.get("other")})
        case "SG521":
            return args.get("other") in known.torn
        case "SG721":
            return (f.unit, args.get("name")) in known.stale
        case "SG305" | "SG524" | "SG747":
            return known.unread(f)
        case "SG649":
            return known.replaced(f)
        case "SG607":
            return args.get("code") in known.unpublished
        case "SG709":
            return (f.unit, args.get("item"), args.get("period")) in known.gaps
    if (f.unit, f.record) in known.astray and f.code.startswith(("SG5", "SG7", "SG825", "SG83")):
        return True  # what another item asks for says nothing about the record
    if f.code not in (*_COMPARED, "SG511", "SG512"):
        return False
    other, line = _other(f)
    if (f.unit, args.get("column")) in known.lacking:
        return True
    if f.code == "SG512" and known.headless & {known.tables.get((f.unit or "", f.record or ""), f.file), other}:
        return True
    if known.misnamed and known.misnamed & {known.scope.records[f"{f.unit}/{f.record}"].file, f.file}:
        return True
    if f.code in ("SG505", "SG506") and known.torn & {f.file, other}:
        return True
    if (f.file, f.line) in known.wrong or (other, line) in known.wrong:
        return True
    # Where the row itself is known to be wrong, that is why it differs.
    parts = known.parts.get(f"{f.unit}/{f.record}", set())
    if parts & known.bad:
        return True
    files, title = {f.file, other, *parts}, args.get("column")
    return f.code in ("SG502", "SG510") and any(title == column for file in files for column, _ in known.rows.get(file, []))


def _once(found: list[Finding]) -> list[Finding]:
    """What concerns several in the same way is said at the first of them."""
    made: list[Finding] = []
    seen: set[tuple[str, object]] = set()
    for f in found:
        if f.code in ("SG503", "SG517"):
            # Several villages with the same two candidates, or with one text above them from which they all part.
            what = (f.code, dict(f.args).get("candidates" if f.code == "SG503" else "other"))
            if what in seen:
                continue
            seen.add(what)
        made.append(f)
    return _totals_once(made)


def _totals_once(found: list[Finding]) -> list[Finding]:
    """A row that was left out makes every total of its table too small, or all too large: said once, at the first column."""
    columns: dict[tuple[str, int | None], list[Finding]] = defaultdict(list)
    for f in found:
        if f.code == "SG211":
            columns[f.file, f.line].append(f)
    echoes = set()
    for same in columns.values():
        signs = {off[1] > 0 for f in same if (off := total_off(f))}
        if len(same) > 1 and len(signs) == 1:
            echoes |= {id(f) for f in sorted(same, key=lambda f: f.sort_key)[1:]}
    return [f for f in found if id(f) not in echoes]


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
