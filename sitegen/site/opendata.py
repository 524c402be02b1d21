"""Open data (开放数据): every public table as CSV, XLSX and JSON beside its record, a data package per unit, and what units below offer.

Only what is open to all (:attr:`RecordView.open`): lists of persons and what is withheld from the web are in none of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from msgspec import Struct

from sitegen.model.content_views import ColumnView, Content, TableView
from sitegen.model.record_views import RecordView
from sitegen.model.views import DataBelow, UnitView

from . import jsonld, menu, meta, tables, xlsx
from .lists import Year
from .spec import Alternate, Crumb, FileSpec, PageSpec
from .tables import Sheet

PATH = "data/"
PACKAGE = "datapackage.json"
AT_ONCE = 200
"""Tables that one page lists; beyond that each year has a page."""
_FORMATS = (
    ("CSV", "csv", "text/csv", tables.as_csv),
    ("Excel", "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", tables.as_xlsx),
    ("JSON", "json", "application/json", tables.as_json),
)


class Download(Struct, frozen=True):
    """A table in one of its forms."""

    label: str
    href: str
    """Relative to the record's page."""


class Line(Struct, frozen=True):
    """A table in the index."""

    record: RecordView
    rows: int
    columns: str
    files: tuple[tuple[str, str], ...]
    """(label, path from the unit's root)."""


class IndexData(Struct, frozen=True):
    """开放数据: the unit's tables by field, and the units below that have some."""

    heading: str
    lead: str
    fields: tuple[tuple[str, tuple[Line, ...]], ...]
    years: tuple[Year, ...]
    """The years' pages, where the tables are too many for one."""
    below: tuple[DataBelow, ...]
    license: tuple[str, str] | None
    package: str
    """Path of the data package, or "" where the unit has no table itself."""


def table_of(record: RecordView, content: Content | None) -> TableView | None:
    """The table that may be downloaded; ``None`` where there is none or it is not for everybody."""
    if content is None or content.table is None or not record.open or not content.table.columns:
        return None
    return content.table


def _forms(table: TableView) -> tuple[tuple[str, str, str, Callable[[Sheet], str | bytes]], ...]:
    """The forms in which a table is offered; a workbook holds a million rows and no more."""
    return tuple(f for f in _FORMATS if f[1] != "xlsx" or len(table.rows) <= xlsx.ROWS)


def downloads(record: RecordView, content: Content) -> tuple[Download, ...]:
    """What stands below the table on its page."""
    table = table_of(record, content)
    return tuple(Download(label, f"{record.slug}.{ending}") for label, ending, _, _ in _forms(table)) if table else ()


def structured(view: UnitView, record: RecordView, content: Content) -> str:
    """The record's table for search engines; "" where there is none."""
    table = table_of(record, content)
    if table is None:
        return ""
    files = [(media, f"{record.url}{record.slug}.{ending}") for _, ending, media, _ in _forms(table)]
    return jsonld.text(jsonld.dataset(view, record, table.columns, files))


def data_files(view: UnitView) -> list[FileSpec]:
    """The tables' files and the data package."""
    made = []
    for record in view.records:
        table = table_of(record, view.contents.get(record.id))
        if table is not None:
            sheet = _sheet(view, record, table)
            made += [FileSpec(f"r/{record.slug}/{record.slug}.{ending}", sheet, make) for _, ending, _, make in _forms(table)]
    if made:
        made.append(FileSpec(PACKAGE, _package(view), as_package))
    return made


def data_pages(view: UnitView) -> list[PageSpec]:
    """The index, where there is anything to download here or below."""
    lines = _lines(view)
    if not lines and not view.data_below:
        return []
    title = f"{view.unit.name}开放数据"
    years = tuple(dict.fromkeys(line.record.published.year for line in lines)) if len(lines) > AT_ONCE else ()
    shown = [line for line in lines if not years or line.record.published.year == years[0]]
    own = f"本单位{len(lines)}张公开表" if lines else ""
    below = f"所属{len(view.data_below)}个单位{sum(b.tables for b in view.data_below)}张" if view.data_below else ""
    lead = f"{'，'.join(t for t in (own, below) if t)}，可以下载为表格文件，内容与网页一致。涉及个人的名单不在其中。"
    package = PACKAGE if lines else ""
    alternates = (Alternate("application/json", "数据包（datapackage.json）", package),) if package else ()
    return [
        PageSpec(
            path=PATH,
            template="pages/data.html",
            title="开放数据",
            description=f"{title}：公开表的CSV、Excel、JSON文件。",
            section="data",
            data=IndexData("开放数据", lead, _by_field(view, shown), _years(lines, years), view.data_below, view.data_license, package),
            meta=meta.column(view, "开放数据"),
            alternates=alternates,
            structured=jsonld.text(jsonld.catalog(view, title, [b.unit for b in view.data_below])),
        ),
        *(_year_page(view, year, [line for line in lines if line.record.published.year == year]) for year in years),
    ]


def _year_page(view: UnitView, year: int, lines: list[Line]) -> PageSpec:
    title = f"{year}年开放数据"
    data = IndexData(title, f"{len(lines)}张公开表。", _by_field(view, lines), (), (), None, "")
    return PageSpec(f"{PATH}{year}/", "pages/data.html", title, f"{view.unit.name}{title}，共{len(lines)}张公开表。", "data", data,
                    crumbs=(Crumb("开放数据", PATH),), meta=meta.column(view, title))  # fmt: skip


def _years(lines: list[Line], years: tuple[int, ...]) -> tuple[Year, ...]:
    return tuple(Year(year, sum(1 for line in lines if line.record.published.year == year), f"{PATH}{year}/") for year in years)


def _by_field(view: UnitView, lines: list[Line]) -> tuple[tuple[str, tuple[Line, ...]], ...]:
    fields: dict[str, list[Line]] = {}
    for line in lines:
        name = line.record.field_name if line.record.section == "政务" else menu.section_name(line.record, view)
        fields.setdefault(name, []).append(line)
    return tuple((name, tuple(found)) for name, found in fields.items())


def _lines(view: UnitView) -> list[Line]:
    made = []
    for record in view.records:
        table = table_of(record, view.contents.get(record.id))
        if table is not None:
            files = tuple((label, f"r/{record.slug}/{record.slug}.{ending}") for label, ending, _, _ in _forms(table))
            made.append(Line(record, len(table.rows), "、".join(c.title for c in table.columns), files))
    return made


def _sheet(view: UnitView, record: RecordView, table: TableView) -> Sheet:
    about = [
        ("单位", f"{view.unit.name}（{view.unit.code}）"),
        ("发布机构", record.issuer),
        ("公开事项", record.item_name),
        ("所属时期", record.period or ""),
        ("发布日期", record.published.isoformat()),
        ("版本", f"第{record.rev}版" + (f"（{record.revised.isoformat()}）" if record.revised else "")),
        ("网页", record.url),
        ("永久码", record.code),
        ("行数", str(len(table.rows))),
    ]
    if table.totals:
        about += [(f"{c.heading}合计", total) for c, total in zip(table.columns, table.totals, strict=True) if total]
    if view.data_license:
        about.append(("使用许可", " ".join(view.data_license).strip()))
    return Sheet(table, record.title, tuple((name, value) for name, value in about if value))


# ---- datapackage.json (Frictionless Data Package).


def as_package(made: Mapping[str, Any]) -> str:
    """The unit's tables as a Frictionless *Data Package*. Paths are relative to it, so that a copy of the site stays a package."""
    return msgspec.json.format(msgspec.json.encode(made), indent=1).decode() + "\n"


def _package(view: UnitView) -> dict[str, Any]:
    """What a data package says: not what stands in the tables."""
    resources = []
    for record in view.records:
        table = table_of(record, view.contents.get(record.id))
        if table is not None:
            resources.append(_resource(record, table))
    made: dict[str, Any] = {
        "profile": "tabular-data-package",
        "name": f"unit-{view.unit.code}",
        "title": f"{view.unit.name}开放数据",
        "homepage": f"{view.unit.url}{PATH}",
        "contributors": [{"title": view.footer.host_organ or view.organs[0], "role": "publisher"}],
        "resources": resources,
    }
    if view.data_license:
        name, url = view.data_license
        made["licenses"] = [{"title": name, **({"path": url} if url else {"name": "other-open"})}]
    return made


def _resource(record: RecordView, table: TableView) -> dict[str, Any]:
    base = f"r/{record.slug}/{record.slug}"
    return {
        "profile": "tabular-data-resource",
        "name": record.slug,
        "title": record.title,
        "path": f"{base}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "published": record.published.isoformat(),
        "modified": (record.revised or record.published).isoformat(),
        "code": record.code,
        "item": record.item,
        "alternates": [{"path": f"{base}.{ending}", "mediatype": media} for _, ending, media, _ in _forms(table) if ending != "csv"],
        "sources": [{"title": record.issuer, "path": record.url}],
        "schema": {"fields": [_field(c) for c in table.columns], "missingValues": [""]},
    }


_TYPES = {"number": "number", "integer": "integer", "date": "date", "year": "year", "yearmonth": "yearmonth"}


def _field(column: ColumnView) -> dict[str, Any]:
    """A column. Its name is the heading in the CSV; ``key`` is its name in the JSON."""
    kind = _TYPES.get(column.type, "string")
    made: dict[str, Any] = {"name": column.heading, "key": column.name, "type": kind}
    if column.unit:
        made["unit"] = column.unit
    return made
