"""Retention: how long the rows of a personal list stay in any output (个人信息保护法: no longer than the purpose needs).

``days_after_posting`` counts from the end of the posting period, or from publication where nothing was posted. ``while_receiving``
ends when a newer list takes the list's place, or when the record itself is no longer in force: who receives now stands in the newest
list only. What was disclosed, the posting period and the totals stay.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping

from .catalog import Item
from .period import Period
from .region import Catalog, Record
from .table import fold

Line = tuple[str, str, str, str]
"""Lists that follow one another: unit, item, subject and stage."""


def successors(records: Iterable[Record], catalog: Catalog, held: Collection[str] = ()) -> Mapping[str, Record]:
    """The record that took the place of each ``while_receiving`` list, by the ref of the list that is over.

    A list of a later period, of the same unit, item, subject and stage, takes the place of all before it; batches of one period stand
    side by side. Records of ``held`` are not shown and so take no place.
    """
    lines: dict[Line, list[Record]] = {}
    for record in records:
        item = catalog.items.get(record.front.item)
        if item is None or not _while_receiving(item) or record.front.table is None or record.ref in held:
            continue
        front = record.front
        lines.setdefault((record.unit, item.id, fold(front.subject), front.stage or ""), []).append(record)
    over: dict[str, Record] = {}
    for line in lines.values():
        last = max(line, key=lambda r: (_period(r), r.front.published, r.front.id))
        over |= {r.ref: last for r in line if _period(r) < _period(last)}
    return over


def ends_on(record: Record, item: Item, posting_end: dt.date | None) -> dt.date | None:
    """The first day on which the rows are gone by ``days_after_posting``; ``None`` when the item sets no such end."""
    keep = item.retention
    if keep is None or keep.days_after_posting is None:
        return None
    return (posting_end or record.front.published) + dt.timedelta(keep.days_after_posting + 1)


def over_with_newer(record: Record, item: Item, over: Collection[str]) -> bool:
    """Whether a ``while_receiving`` list shows nobody any more."""
    return _while_receiving(item) and (record.ref in over or record.front.validity != "有效")


def _while_receiving(item: Item) -> bool:
    return item.retention is not None and item.retention.while_receiving


def _period(record: Record) -> tuple[dt.date, dt.date]:
    """By its end, then its start: a year's list is newer than that of the year's first quarter."""
    front = record.front
    if front.period is None:
        return front.formed, front.formed
    period = Period.parse(front.period)
    return period.end, period.start
