"""A county made of values, with the real catalogue: what checks of accounts, stages and pairs are tried on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from sitegen.check.scope import Scope
from sitegen.load.catalog import load_catalog
from sitegen.model.finding import Finding
from sitegen.model.linking import find_matters
from sitegen.model.record import RecordFile
from sitegen.model.region import Catalog, Record, RecordContent, Region, Unit
from sitegen.model.table import Table
from sitegen.model.unit import RegionFile, UnitFile, level_of
from tests.demo import DAY, ROOT

COUNTY, TOWN, VILLAGE, OTHER = "230170000000", "230170101000", "230170101201", "230170101202"
NAMES = {COUNTY: "青禾县", TOWN: "青禾镇", VILLAGE: "大河村", OTHER: "小河村"}
Rows = list[dict[str, Any]]


@cache
def catalog() -> Catalog:
    """The demo's catalogue."""
    found: list[Finding] = []
    made = load_catalog(ROOT, found)
    assert not found
    return made


class County(Struct):
    """Records by unit, in the order in which they were added."""

    made: dict[str, list[tuple[Record, RecordContent]]] = field(default_factory=lambda: {code: [] for code in NAMES})
    thresholds: dict[str, int] = field(default_factory=dict)

    def add(self, unit: str, id: str, item: str, rows: Rows | None = None, **front: Any) -> Record:
        """Add a record; ``rows`` are its table, from line 2 on. Lines of keys count from 2 in the order given."""
        data = {
            "id": id,
            "title": f"{NAMES[unit]}{item}{id}",
            "item": item,
            "issuer": "zf",
            "formed": "2026-05-06",
            "published": "2026-05-08",
        }
        data.update(front)
        if rows is not None:
            data["table"] = f"{id}.csv"
        record = Record(
            unit=unit,
            file=f"{unit}/{id}.md",
            front=RecordFile.model_validate(data),
            lines={key: n for n, key in enumerate(data, 2)},
            digest=id,
            figures=(),
            sums=(),
            slices=(),
            personal=False,
            attachments=(),
            images=(),
        )
        table = None
        if rows is not None:
            schema = catalog().tables[catalog().items[item].table or ""]
            columns = tuple(c.name for c in schema.fields if any(c.name in row for row in rows))
            values = tuple(tuple(_value(row.get(c)) for c in columns) for row in rows)
            table = Table(schema.id, f"{unit}/{id}.csv", columns, values, tuple(range(2, 2 + len(rows))))
        self.made[unit].append((record, RecordContent("", table)))
        return record

    def edit(self, record: Record, line: int, **cells: Any) -> County:
        """The same county with other values in one row of a record's table."""
        made = {code: list(found) for code, found in self.made.items()}
        for n, (r, content) in enumerate(made[record.unit]):
            if r is record:
                assert content.table is not None
                table = content.table
                rows = [list(row) for row in table.rows]
                for name, value in cells.items():
                    rows[line - 2][table.columns.index(name)] = _value(value)
                changed = Table(table.schema, table.file, table.columns, tuple(map(tuple, rows)), table.lines)
                made[record.unit][n] = (r, replace(content, table=changed))
        return County(made, self.thresholds)

    def without(self, record: Record, line: int) -> County:
        """The same county without one row of a record's table; the other rows keep their lines."""
        made = {code: list(found) for code, found in self.made.items()}
        for n, (r, content) in enumerate(made[record.unit]):
            if r is record:
                assert content.table is not None
                table, i = content.table, line - 2
                rows, lines = table.rows[:i] + table.rows[i + 1 :], table.lines[:i] + table.lines[i + 1 :]
                cut = Table(table.schema, table.file, table.columns, rows, lines)
                made[record.unit][n] = (r, replace(content, table=cut))
        return County(made, self.thresholds)

    def scope(self, date: dt.date = DAY, found: Iterable[Finding] = ()) -> Scope:
        """What checks see of it."""
        units = {code: _unit(code, self.made[code]) for code in NAMES}
        data = RegionFile.model_validate({"name": "青禾县", "code": COUNTY, "thresholds": self.thresholds})
        region = Region(Path(), data, catalog(), units, tuple(found))
        return Scope(region, find_matters(region), date)


def _unit(code: str, made: list[tuple[Record, RecordContent]]) -> Unit:
    data = UnitFile.model_validate(
        {
            "code": code,
            "name": NAMES[code],
            "site": {"url": f"https://gk.example.cn/{code}/"},
            "organs": [{"id": "zf", "name": NAMES[code]}],
            "contact": {"phone": "0451-0000 1201"},
            "supervision": {"name": "监督委员会", "phone": "0451-0000 1299"},
        }
    )
    contents = {r.front.id: c for r, c in made}
    return Unit(f"{code}/unit.yml", code, data, level_of(code), tuple(r for r, _ in made), (), "", lambda: contents)


def _value(value: Any) -> Any:
    return Decimal(value) if isinstance(value, int) else value


def said(found: Iterable[Finding]) -> list[str]:
    """Findings as ``file:line code``, in their fixed order."""
    return [f"{f.file}:{f.line} {f.code}" for f in sorted(found, key=lambda f: f.sort_key)]
