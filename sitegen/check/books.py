"""The account books of a region, as its records show them: statements, details and payments to villages, per village and period."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from msgspec import Struct, field

from sitegen.model.accounts import Balance, Entry, Shape, balance_shape, balances, entries, is_details, statement_shape
from sitegen.model.base import Level
from sitegen.model.catalog import TableSchema
from sitegen.model.matter import names_of
from sitegen.model.period import Period
from sitegen.model.region import Record, Region, Unit
from sitegen.model.table import Table, fold

from .scope import Scope

VILLAGE = "village"
"""The column that names the village in a table of many."""


class Statement(Struct):
    """One village's account for one period, in one record: its own, or a row of its township's."""

    record: Record
    village: str
    """Code; where the row names no village of the region, the name as written."""
    name: str
    period: Period
    shape: Shape
    schema: TableSchema
    rows: list[Balance]
    row: Balance | None = None
    """What later comparisons go by: the row, with what is known to be wrong put right; ``None`` where it cannot be relied on."""

    @property
    def line(self) -> int:
        """Line of its first row."""
        return self.rows[0].line

    @property
    def file(self) -> str:
        """The file of its rows."""
        return self.record.table_file

    def title(self, column: str) -> str:
        """A column's heading."""
        return next((c.title for c in self.schema.fields if c.name == column), column)


class Posted(Struct):
    """One entry of the details with the record that shows it. ``entry`` is put right where a check knows how."""

    record: Record
    entry: Entry


class Books(Struct):
    """All accounts of a region."""

    accounts: list[list[Statement]] = field(default_factory=list)
    """Statements that follow one another: of one unit's records and one village, by period."""
    loose: list[tuple[Record, Shape, TableSchema, list[Balance]]] = field(default_factory=list)
    """Rows with a balance that belong to no chain: claims and debts, statements without a period."""
    details: dict[str, dict[Period, list[Posted]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))
    """By unit."""
    nameless: set[str] = field(default_factory=set)
    """Files of lists of payments with a row that names no village."""
    torn: set[tuple[str, Period]] = field(default_factory=set)
    """Units and periods of details with rows that could not be read: what they add up to says nothing."""
    missing: dict[str, list[Decimal]] = field(default_factory=lambda: defaultdict(list))
    """By village: amounts of rows that the details seem to lack, reported already."""
    doubtful: frozenset[tuple[str, int]] = frozenset()
    """Rows with a cell that could not be read: reported already, and not judged again."""


def doubtful_rows(region: Region) -> frozenset[tuple[str, int]]:
    """Rows of tables about which reading them found something already."""
    found = {(f.file, f.line) for f in region.findings if f.code.startswith(("SG2", "SG80")) and f.line is not None}
    # Of two rows with one key either may be the wrong one.
    found |= {(f.file, int(str(dict(f.args)["first"]))) for f in region.findings if f.code == "SG210"}
    return frozenset(found)


def villages_by_name(region: Region, unit: Unit) -> Mapping[str, str]:
    """What a unit's tables may call the villages below it → their codes; a name of two villages is none."""
    found: dict[str, str | None] = {}
    prefix = unit.code[:9] if unit.level is Level.TOWNSHIP else unit.code[:6]
    for other in region.units.values():
        if other.level is Level.VILLAGE and other.code.startswith(prefix):
            for name in names_of(other):
                found[name] = None if name in found else other.code
    return {name: code for name, code in found.items() if code}


def collect(scope: Scope) -> Books:
    """Read the accounts of all units. Only units that have any are unpacked."""
    catalog = scope.region.catalog
    shapes = {id: balance_shape(s) for id, s in catalog.tables.items()}
    detailed = {id for id, s in catalog.tables.items() if is_details(s)}
    statement = next((s for s in catalog.tables.values() if statement_shape(s)), None)
    books = Books(doubtful=doubtful_rows(scope.region))
    headless = {f.file for f in scope.region.findings if f.code in ("SG203", "SG214")}
    chains: dict[tuple[str, str, str, str, str], list[Statement]] = defaultdict(list)
    for unit in scope.region.units.values():
        names: Mapping[str, str] | None = None
        for record, table in tables_of(
            unit, {i.id for i in catalog.items.values() if i.table in detailed or shapes.get(i.table or "")}, scope
        ):
            schema = catalog.tables[table.schema]
            period = Period.parse(record.front.period) if record.front.period else None
            if schema.id in detailed:
                if period is not None and unit.level is Level.VILLAGE:
                    if table.file in headless or any((table.file, line) in books.doubtful for line in table.lines):
                        books.torn.add((unit.code, period))
                    books.details[unit.code][period] += [
                        Posted(record, e) for e in entries(table, statement) if (table.file, e.line) not in books.doubtful
                    ]
                continue
            shape = shapes[schema.id]
            assert shape is not None
            if period is None or not statement_shape(schema):
                rows = [b for b in balances(table, shape) if (table.file, b.line) not in books.doubtful]
                books.loose.append((record, shape, schema, rows))
                continue
            if unit.level is not Level.VILLAGE and names is None:
                names = villages_by_name(scope.region, unit)
            for made in _statements(unit, record, table, shape, schema, period, names or {}):
                key = (unit.code, schema.id, fold(record.front.subject), fold(record.front.batch), made.village)
                chains[key].append(made)
    for found in chains.values():
        books.accounts += _by_issuer(found)
    _forget_doubtful(books)
    return books


def tables_of(unit: Unit, items: set[str], scope: Scope) -> Iterator[tuple[Record, Table]]:
    """The records of some items that have rows."""
    wanted = [r for r in unit.records if r.front.item in items and r.front.table]
    if not wanted:
        return
    contents = unit.contents()
    for record in wanted:
        table = contents[record.front.id].table
        if table is not None:
            yield record, table


def _statements(
    unit: Unit, record: Record, table: Table, shape: Shape, schema: TableSchema, period: Period, names: Mapping[str, str]
) -> Iterable[Statement]:
    by_village: dict[tuple[str, str], list[Balance]] = defaultdict(list)
    column = table.columns.index(VILLAGE) if VILLAGE in table.columns else None
    for row, balance in zip(table.rows, balances(table, shape), strict=True):
        if unit.level is Level.VILLAGE or column is None:
            by_village[unit.code, unit.data.name].append(balance)
        else:
            written = fold(row[column])
            by_village[names.get(written, written), written].append(balance)
    return [Statement(record, code, name, period, shape, schema, rows) for (code, name), rows in by_village.items()]


def _by_issuer(found: list[Statement]) -> list[list[Statement]]:
    """One chain, or one for each issuer where several keep an account for the same period (村委会, 集体经济组织)."""
    found.sort(key=lambda s: (s.period, s.record.front.id))
    if len({s.period for s in found}) == len(found):
        return [found]
    issuers: dict[str, list[Statement]] = defaultdict(list)
    for s in found:
        issuers[s.record.front.issuer].append(s)
    return list(issuers.values())


def _forget_doubtful(books: Books) -> None:
    for account in books.accounts:
        for s in account:
            read = [b for b in s.rows if (s.file, b.line) not in books.doubtful]
            s.row = _sum(s.rows) if len(read) == len(s.rows) and all(b.known for b in read) else None
            s.rows = read
        account[:] = [s for s in account if s.rows]


def _sum(rows: list[Balance]) -> Balance:
    """Several rows of one village and period (one for each account of money) as one."""
    if len(rows) == 1:
        return rows[0]
    names = {n for b in rows for n, v in b.values.items() if v is not None}
    return Balance(rows[0].shape, {n: sum((b[n] or Decimal(0) for b in rows), Decimal(0)) for n in names}, rows[0].line)


def money(value: Decimal | None) -> str:
    """An amount as findings print it."""
    return f"{value or Decimal(0):,.2f}"
