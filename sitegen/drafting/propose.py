"""What a new record would say by the rules: its id, period, dates, posting, issuer, title. A person corrects it."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from msgspec import Struct

from sitegen.model.base import DayKind, Level
from sitegen.model.catalog import Item
from sitegen.model.days import Calendar
from sitegen.model.lastday import period_at, posting_term, publish_by, terms_of
from sitegen.model.matter import Matters, batch_number
from sitegen.model.period import Period
from sitegen.model.periodic import cycle, owed
from sitegen.model.record import RecordFile
from sitegen.model.region import Record, Region, Unit

_ID = re.compile(r"(\d{4})-(\d{1,6})")
_NUMERALS = "一二三四五六七八九十"


class Known(Struct, frozen=True):
    """What is proposed from: a region with its links, on a day."""

    region: Region
    matters: Matters
    date: dt.date

    @property
    def calendar(self) -> Calendar:
        """Its working days."""
        return Calendar(self.region.calendar)


class Proposal(Struct, frozen=True):
    """The record that is likely meant."""

    id: str
    title: str
    issuer: str
    """Id of an organ of the unit."""
    period: str | None
    batch: str | None
    formed: dt.date
    published: dt.date
    posting: tuple[int, DayKind] | None
    """For how many days it must hang; ``None`` where the item sets no time."""
    scope: str | None
    """Of a village's record."""
    attribute: str | None
    """Of a government's record."""
    derived_from: Record | None = None
    """The township's list from which the village has its rows already: then there is nothing to write."""
    same: Record | None = None
    """The unit's own record of the item and period, where there may be only one: the new one needs a subject, or another period."""


def propose(known: Known, unit: Unit, item: Item) -> Proposal:
    """The record of ``item`` that ``unit`` is likely to write on the day."""
    village = unit.level is Level.VILLAGE
    period = _period(known, unit, item)
    listed = next(
        (d.source for d in known.matters.derived.get(unit.code, ()) if d.item.id == item.id and d.source.front.period == period), None
    )
    same = next((r for r in unit.records if r.front.item == item.id and r.front.period == period), None) if item.per == "single" else None
    return Proposal(
        id=next_id(unit, known.date),
        title=title_of(unit, item, period, None, known.date),
        issuer=_issuer(unit, item),
        period=period,
        batch=_batch(unit, item, period),
        formed=known.date,
        published=known.date,
        posting=posting_of(item, known.date),
        scope=("特定群体" if item.audience == "特定群体" else _scope(unit)) if village else None,
        attribute=None if village else "主动公开" if item.method == "主动" else "依申请公开",
        derived_from=listed,
        same=same,
    )


def next_id(unit: Unit, date: dt.date, also: Iterable[str] = ()) -> str:
    """The year with the next number: ids are never used again, not even those of records that are gone. ``also`` are more that are taken."""
    used = {*also, *(r.front.id for r in unit.records)}
    used |= {name for h in unit.ledger.histories.values() for code, name in h.names if code == unit.code}
    numbers = [int(m[2]) for id in used if (m := _ID.fullmatch(id)) and int(m[1]) == date.year]
    n = max(numbers, default=0) + 1
    lower = {id.lower() for id in used}
    while f"{date.year}-{n:04}" in lower:
        n += 1
    return f"{date.year}-{n:04}"


def posting_of(item: Item, date: dt.date) -> tuple[int, DayKind] | None:
    """How long the item wants a sheet to hang."""
    term = posting_term(_trial(item, date, None), item)
    return (term.days, term.day_kind or "calendar") if term and term.days else None


_EVENTS = {
    "issued": "颁布或印发",
    "approved": "批准或批复",
    "decided": "作出决定",
    "allocated": "分配结果确定",
    "surveyed": "调查结束",
    "event": "事情发生",
}


def events_of(item: Item) -> dict[str, str]:
    """What the item's deadline counts from besides the day that the record was formed: by the name that a record's ``events`` have for it, in the wording's words."""
    found: dict[str, str] = {}
    for term in terms_of(item):
        name = term.start if term.kind == "within" else "event" if term.kind == "before" else None
        if name in _EVENTS:
            found.setdefault(name, term.event or _EVENTS[name])
    return found


def last_day(
    item: Item, formed: dt.date, period: str | None, calendar: Calendar, events: Mapping[str, dt.date] = MappingProxyType({})
) -> dt.date | None:
    """By when a record of the item that is formed on a day has to be published, with what happened on other days; ``None`` where the item sets no date."""
    last = publish_by(_trial(item, formed, period, events), item, calendar)
    return last.date if last and not last.provisional else None


def title_of(unit: Unit, item: Item, period: str | None, batch: str | None, date: dt.date) -> str:
    """A title as such records have it: the last one's with the period exchanged, else place, period and item."""
    said = Period.parse(period).zh if period else ""
    before = next(
        (r for r in sorted(unit.records, key=lambda r: r.front.published, reverse=True) if r.front.item == item.id and r.front.period), None
    )
    if before is not None and said:
        old = Period.parse(before.front.period or "").zh
        if old in before.front.title and not before.front.subject:
            return before.front.title.replace(old, said)
    name = item.name
    ending = "公示" if posting_of(item, date) else "" if name.endswith(("情况", "结果", "公告", "通知", "报告", "明细", "计划")) else "公开"
    return f"{unit.data.name}{said}{name}{batch or ''}{ending}"


def _trial(item: Item, date: dt.date, period: str | None, events: Mapping[str, dt.date] = MappingProxyType({})) -> RecordFile:
    """A head that has only what terms are counted from."""
    happened: Any = dict(events)
    return RecordFile.model_construct(
        id="0",
        title="0",
        item=item.id,
        issuer="0",
        formed=date,
        published=date,
        period=period,
        events=happened,
        posting=None,
        document=None,
    )


def _period(known: Known, unit: Unit, item: Item) -> str | None:
    """The period that is owed; of what is not owed by period, the last whole one of its length, or the year."""
    every = cycle(item)
    missing = [o for o in owed(known.region, known.matters, unit, known.calendar, known.date + dt.timedelta(31)) if o.item.id == item.id]
    if missing:
        return text_of(missing[0].period)
    today = period_at(known.date, every or "year")
    if every in ("month", "quarter"):
        return text_of(period_at(today.start - dt.timedelta(1), every))
    return text_of(today) if every or item.per == "single" or item.table else None


def text_of(period: Period) -> str:
    """A period as files write it."""
    a, b = period.start, period.end
    months = (b.year - a.year) * 12 + b.month - a.month + 1
    for text in (f"{a.year:04}", f"{a.year:04}-H{(a.month + 5) // 6}", f"{a.year:04}-Q{(a.month + 2) // 3}", f"{a.year:04}-{a.month:02}"):
        if months <= 12 and Period.parse(text) == period:
            return text
    return f"{a.isoformat()}..{b.isoformat()}" if a != b else a.isoformat()


def _batch(unit: Unit, item: Item, period: str | None) -> str | None:
    """The next batch, where the unit has a record of the item and period already and items may have several."""
    own = [r.front for r in unit.records if r.front.item == item.id and r.front.period == period]
    if item.per == "single" or not own or not item.table:
        return None
    last = max((int(n) for f in own if (n := batch_number(f.batch)).isdecimal()), default=len(own))
    return f"第{_NUMERALS[last]}批" if last < len(_NUMERALS) else f"第{last + 1}批"


def _scope(unit: Unit) -> str:
    return "全体居民" if unit.data.name.endswith("社区") else "全体村民"


_ORGANS = {
    "村集体经济组织": ("合作社", "经济联合社", "经济合作社"),
    "村民委员会": ("村民委员会", "居民委员会"),
    "村党组织": ("支部委员会", "党支部", "总支部委员会", "党委"),
}


def _issuer(unit: Unit, item: Item) -> str:
    """Who published the item before; else the organ that the catalogue means."""
    organs = {o.id for o in unit.data.organs}
    before = Counter(r.front.issuer for r in unit.records if r.front.item == item.id and r.front.issuer in organs)
    if before:
        return before.most_common(1)[0][0]
    subject: str = getattr(item.subject, unit.level.value) or ""
    for part in re.split("[、和，]", subject):
        endings = _ORGANS.get(part, (part,) if part else ())
        for organ in unit.data.organs:
            if endings and organ.name.endswith(endings):
                return organ.id
    field = Counter(
        r.front.issuer for r in unit.records if r.front.item.partition("-")[0] == item.id.partition("-")[0] and r.front.issuer in organs
    )
    return field.most_common(1)[0][0] if field else unit.data.organs[0].id
