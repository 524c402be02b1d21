"""Small regions made in memory: one item, one unit, some records."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sitegen.check import Scope
from sitegen.model.applications import Application, Filed
from sitegen.model.catalog import Field, Item
from sitegen.model.linking import find_matters
from sitegen.model.record import PageFile, RecordFile
from sitegen.model.region import Catalog, Page, Record, Region, Unit
from sitegen.model.unit import RegionFile, UnitFile, level_of

TOWNSHIP, VILLAGE = "230198101000", "230198101201"


def item(deadline: str, **more: Any) -> Item:
    words = {
        "id": "BT-01",
        "group": "组",
        "name": "名",
        "elements": ["要素"],
        "basis": ["law"],
        "deadline": deadline,
        "subject": {"township": "镇人民政府", "village": "村民委员会"},
        "channels": ["政府网站"],
        "levels": ["township", "village"],
    }
    return Item.model_validate(words | more)


def front(**more: Any) -> RecordFile:
    words = {"id": "1", "title": "题", "item": "BT-01", "issuer": "zf", "formed": "2026-05-06", "published": "2026-05-06"}
    return RecordFile.model_validate(words | more)


def record(unit: str = TOWNSHIP, **more: Any) -> Record:
    head = front(**more)
    lines = {name: n for n, name in enumerate(more, 2)}
    return Record(unit, f"units/{unit}/records/{head.id}.md", head, lines, "", (), (), (), False, (), ())


def page(kind: str, updated: str, **more: Any) -> Page:
    return Page(f"pages/{kind}.md", PageFile.model_validate({"kind": kind, "title": kind, "updated": updated} | more), "", ())


def scope(
    day: str,
    *items: Item,
    records: tuple[Record, ...] = (),
    pages: tuple[Page, ...] = (),
    applications: tuple[Mapping[str, Any], ...] = (),
    unit: str = TOWNSHIP,
    region: Mapping[str, Any] | None = None,
    section: str = "政务",
) -> Scope:
    """A region with one unit, in which everything given is, on ``day``."""
    items = items or (item("及时公开"),)
    field = Field.model_validate(
        {"id": "BT", "name": "补贴", "seq": 1, "section": section, "lead": "局", "summary": "句。", "items": items}
    )
    catalog = Catalog((field,), {i.id: i for i in items}, {i.id: field for i in items}, {}, {}, (), "")
    data = UnitFile.model_validate(
        {
            "code": unit,
            "name": "和平",
            "site": {"url": "https://a.example.cn/"},
            "organs": [{"id": "zf", "name": "和平镇人民政府"}],
            "contact": {"phone": "0451-0000 0001"},
            "supervision": {"name": "监督", "phone": "0451-0000 0002"},
        }
    )
    filed = tuple(Filed(Application.model_validate(a), "applications.yml", {"": n, "number": n}) for n, a in enumerate(applications, 2))
    one = Unit("unit.yml", "units", data, level_of(unit), records, pages, "", dict, applications=filed)
    settings = RegionFile.model_validate({"name": "测试县", "code": "230198000000", **(region or {})})
    made = Region(None, settings, catalog, {unit: one}, ())
    return Scope(made, find_matters(made), dt.date.fromisoformat(day))
