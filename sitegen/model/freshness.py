"""When a government's home page and columns last got something new, and how long an inspection lets them stand."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from .catalog import Field, Item
from .lastday import terms_of
from .matter import is_public
from .region import Record, Region, Unit
from .unit import Thresholds

_NEWS = re.compile("新闻|要闻|动态|资讯")
_YEAR = 366


def home_changed(unit: Unit, date: dt.date) -> dt.date | None:
    """When a unit's site last got something new: a record, a revision or a page."""
    pages = (min(p.front.updated, date) for p in unit.pages)
    return max((d for d in (_newest(unit.records, date), *pages) if d), default=None)


def columns(region: Region, unit: Unit, date: dt.date) -> Iterator[tuple[Field, dt.date, int]]:
    """Every column of a unit's site that has to change: its field, when it last got something new, and for how many days that is enough.

    A column is a field with records. One that holds only what stands for long (办事指南) never has to change.
    """
    catalog, found = region.catalog, defaultdict(list)
    for record in unit.records:
        if record.front.item in catalog.items and is_public(record):
            found[catalog.field_of[record.front.item].id].append(record)
    for field in catalog.fields:
        records = found.get(field.id, [])
        limit = _limit(field, [catalog.items[r.front.item] for r in records], region.data.thresholds)
        last = _newest(records, date)
        if limit is not None and last is not None:
            yield field, last, limit


def _newest(records: Iterable[Record], date: dt.date) -> dt.date | None:
    """When the latest of public records came or was revised. A date that cannot be true counts as the nearest that can."""
    days = (max(r.front.formed, r.front.published, r.front.revision.on or r.front.published) for r in records if is_public(r))
    return max((min(d, date) for d in days), default=None)


def _limit(field: Field, items: list[Item], thresholds: Thresholds) -> int | None:
    if _NEWS.search(field.name):
        return thresholds.news
    changing = [i for i in items if i.periodic or any(t.kind != "not_computable" for t in terms_of(i))]
    if not changing:
        return None
    return thresholds.column + (_YEAR if all(i.periodic == "yearly" for i in changing) else 0)
