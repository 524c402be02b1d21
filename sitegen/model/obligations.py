"""What is owed by when, over a whole region: to publish, to post, to take down, to review, to answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Literal

from msgspec import Struct

from .applications import reply_by
from .base import Level
from .catalog import Expects, Item
from .days import Calendar, Counted
from .finding import N_
from .freshness import columns, home_changed
from .lastday import posting_end
from .matter import Matters, is_public
from .periodic import owed
from .region import Record, Region, Unit
from .relations import expected_of, half_due

Kind = Literal["publish", "post", "take_down", "review", "answer", "result", "milestone"]
_DAY = dt.timedelta(1)


class Due(Struct, frozen=True):
    """One thing that somebody has to do by a day."""

    date: dt.date
    """The last day for it; for ``post`` and ``take_down`` the day itself."""
    unit: str
    """Code of the unit."""
    kind: Kind
    task: str
    """What is to be done: an English template for ``what`` and ``detail``, translated like a message."""
    what: str
    """The record's title, the item's name, the number of an application."""
    detail: str
    """The period, the person who answers for it; may be empty."""
    organ: str
    """Who has to do it."""
    item: str | None = None
    record: str | None = None
    """``<unit>/<id>`` of the record concerned."""
    provisional: bool = False
    """Counted without an announced calendar: never called overdue."""
    overdue: bool = False


def report_day(year: int, calendar: Calendar) -> Counted:
    """By when the annual report of ``year`` is owed: 31 March of the next (Regulations on Open Government Information, Article 49)."""
    return calendar.deadline(dt.date(year + 1, 3, 31), 0, "calendar")


def report_owed(unit: Unit, year: int) -> bool:
    """Whether a government unit lacks the annual report of ``year``. What began later has nothing to report."""
    if any(p.front.kind == "report" and p.front.year == year for p in unit.pages):
        return False
    return any(r.front.published.year <= year for r in unit.records) or any(p.front.updated.year <= year for p in unit.pages)


def everything_due(region: Region, matters: Matters, calendar: Calendar, date: dt.date, until: dt.date) -> list[Due]:
    """All that is owed up to ``until``, what is overdue on ``date`` included, in order of days and units."""
    return sorted(_Collector(region, matters, calendar, date, until).run(), key=lambda d: (d.date, d.unit, d.kind, d.what, d.detail))


class _Collector:
    def __init__(self, region: Region, matters: Matters, calendar: Calendar, date: dt.date, until: dt.date) -> None:
        self.region, self.matters, self.calendar, self.date, self.until = region, matters, calendar, date, until
        records = [r for u in region.units.values() for r in u.records]
        self.refs = {
            kind: {r.full(getattr(r.front, kind)) for r in records if getattr(r.front, kind)}
            for kind in ("result_of", "interprets", "feedback_on", "answers")
        }

    def run(self) -> Iterator[Due]:
        for unit in self.region.units.values():
            for record in unit.records:
                item = self.region.catalog.items.get(record.front.item)
                if item is not None:
                    yield from self._record(unit, record, item)
            for derived in self.matters.derived.get(unit.code, ()):
                source_item = self.region.catalog.items[derived.source.front.item]
                rows_too = derived.item.retention != source_item.retention
                yield from self._posting(unit, derived.source, derived.item, _committee(unit), rows=rows_too)
            yield from self._unit(unit)
        yield from self._milestones()

    def _due(self, last: Counted | dt.date, unit: Unit, kind: Kind, task: str, what: str, organ: str, **more: str | None) -> Iterator[Due]:
        """What is owed by ``last``, unless that lies beyond the days asked for."""
        counted = last if isinstance(last, Counted) else Counted(last, False)
        if counted.date <= self.until:
            overdue = counted.date < self.date and not counted.provisional
            detail = more.pop("detail", None) or ""
            yield Due(counted.date, unit.code, kind, task, what, detail, organ, **more, provisional=counted.provisional, overdue=overdue)

    # ---- What a record entails.

    def _record(self, unit: Unit, record: Record, item: Item) -> Iterator[Due]:
        front = record.front
        organ = next((o.name for o in unit.data.organs if o.id == front.issuer), unit.data.name)
        about = {"item": item.id, "record": record.ref}
        if front.published > self.date:
            yield from self._due(front.published, unit, "publish", N_("publish «{what}»"), front.title, organ, **about)
        if is_public(record):
            yield from self._posting(unit, record, item, organ)
        if front.not_public and not front.not_public.opened:
            again = self._year_after(front.not_public.reviewed)
            task = N_("review whether «{what}» may be disclosed by now: it is not public under {detail}")
            yield from self._due(again, unit, "review", task, front.title, organ, detail=front.not_public.provision, **about)
        for entry in front.accept:
            task = N_("the acceptance of a finding ends: correct «{what}», or renew it ({detail})")
            yield from self._due(entry.until, unit, "review", task, front.title, entry.who, detail=entry.code, **about)
        if front.differs:
            task = N_("the reason why «{what}» differs from its counterpart ends: review it")
            yield from self._due(front.differs.until, unit, "review", task, front.title, front.differs.reviewer, **about)
        if front.valid_until and front.validity == "有效" and front.valid_until >= self.date and is_public(record):
            task = N_("«{what}» lapses: renew it, replace it, or let it end")
            yield from self._due(front.valid_until, unit, "review", task, front.title, organ, **about)
        yield from self._pairs(unit, record, item, organ)

    def _posting(self, unit: Unit, record: Record, item: Item, organ: str, *, rows: bool = True) -> Iterator[Due]:
        """When a sheet goes up and comes down, and when its ``rows`` leave the site, unless that is said of another unit."""
        posting = record.front.posting
        if posting is None:
            return
        title, about = record.front.title, {"item": item.id, "record": record.ref}
        end = posting_end(posting, self.calendar)
        # Nobody wrote down what was put up or taken down: what lies in the past is not called overdue.
        if posting.start >= self.date:
            task = N_("post «{what}» until {detail}")
            yield from self._due(posting.start, unit, "post", task, title, organ, detail=end.date.isoformat(), **about)
        down = Counted(end.date + _DAY, end.provisional)
        if down.date >= self.date:
            yield from self._due(down, unit, "take_down", N_("take down «{what}»"), title, organ, **about)
        keep = item.retention
        if rows and record.personal and keep and keep.days_after_posting is not None:
            gone = Counted(end.date + (keep.days_after_posting + 1) * _DAY, end.provisional)
            if gone.date >= self.date:
                task = N_("the names in «{what}» leave the site: build and publish again")
                yield from self._due(gone, unit, "take_down", task, title, organ, **about)

    def _pairs(self, unit: Unit, record: Record, item: Item, organ: str) -> Iterator[Due]:
        """The other half that a record needs (两公开, 政策与解读, 征求意见与反馈), while there is none."""
        front, ref = record.front, record.ref
        about = {"item": item.id, "record": ref}
        if front.consultation and front.consultation.until >= self.date:
            task = N_("the consultation on «{what}» ends: collect what was said")
            yield from self._due(front.consultation.until, unit, "review", task, front.title, organ, **about)
        expects = expected_of(record, self.region.catalog) or (Expects(kind="result") if front.result_due else None)
        if expects is None or front.validity != "有效" or ref in self.refs[_ANSWERED_BY[expects.kind]]:
            return
        kind: Kind = "answer" if expects.kind == "reply" else "result"
        _, until = half_due(front, expects, self.region.data.thresholds, self.calendar)
        if until is not None:
            yield from self._due(until, unit, kind, _EXPECTED[expects.kind], front.title, organ, **about)

    @staticmethod
    def _year_after(day: dt.date) -> dt.date:
        return day.replace(year=day.year + 1) if (day.month, day.day) != (2, 29) else dt.date(day.year + 1, 3, 1)

    # ---- What the region has set itself.

    def _milestones(self) -> Iterator[Due]:
        county = self.region.units.get(self.region.data.code)
        for one in self.region.milestones if county else ():
            assert county is not None
            if one.state(self.date) in ("open", "overdue"):
                yield from self._due(one.due, county, "milestone", N_("reach the milestone «{what}»"), one.name, one.responsible)

    # ---- What a unit owes as such.

    def _unit(self, unit: Unit) -> Iterator[Due]:
        for missing in owed(self.region, self.matters, unit, self.calendar, self.until):
            item = missing.item
            last = Counted(missing.last, missing.provisional)
            task = N_("publish «{what}» for {detail}")
            organ = _organ(unit, item)
            yield from self._due(last, unit, "publish", task, item.name, organ, detail=missing.period.zh, item=item.id)
        yield from self._accounts(unit)
        if unit.level is Level.VILLAGE:
            return
        organ = unit.data.organs[0].name
        yield from self._meetings(unit, organ)
        for filed in unit.applications:
            last_reply = reply_by(filed.data, self.calendar) if filed.data.replied is None else None
            if last_reply is not None:
                yield from self._due(
                    last_reply, unit, "answer", N_("answer the application for information {what}"), filed.data.number, organ
                )
        for year in range(self.date.year - 1, self.until.year):
            if report_owed(unit, year):
                task = N_("publish the annual report on open government information of {what}")
                yield from self._due(report_day(year, self.calendar), unit, "publish", task, str(year), organ)
        last_new = home_changed(unit, self.date)
        if last_new is not None:
            stale = last_new + self.region.data.thresholds.home * _DAY
            task = N_("publish something new: the home page has been the same since {what}")
            yield from self._due(stale, unit, "publish", task, last_new.isoformat(), organ)
        for field, changed, limit in columns(self.region, unit, self.date):
            task = N_("publish something new in the column {what}: it has been the same since {detail}")
            yield from self._due(changed + limit * _DAY, unit, "publish", task, field.name, organ, detail=changed.isoformat())

    def _accounts(self, unit: Unit) -> Iterator[Due]:
        """Yearly reviews of accounts of new media."""
        placed = unit.reach.channels
        for account in placed.data.accounts if placed else ():
            until = account.until(self.region.data.thresholds.account_review)
            if until is not None and (account.stopped is None or account.stopped > self.date):
                yield from self._due(until, unit, "review", N_("review the account {what} (年审)"), account.name, account.run_by)

    def _meetings(self, unit: Unit, organ: str) -> Iterator[Due]:
        """What came of a meeting with the public is told."""
        placed = unit.reach.participation
        for meeting in placed.data.meetings if placed else ():
            if meeting.outcome is None and meeting.record is None:
                last = meeting.on + self.region.data.thresholds.feedback * _DAY
                yield from self._due(
                    last,
                    unit,
                    "result",
                    N_("say what came of {what}, held on {detail}"),
                    meeting.title,
                    organ,
                    detail=meeting.on.isoformat(),
                )


def _committee(unit: Unit) -> str:
    """Who posts at a village: its committee."""
    return next((o.name for o in unit.data.organs if o.name.endswith(("村民委员会", "居民委员会"))), unit.data.name)


def _organ(unit: Unit, item: Item) -> str:
    """Who publishes an item: the unit's organ that the catalogue means (民政局 → 青禾县民政局), else as the catalogue writes it."""
    subject: str = getattr(item.subject, unit.level.value) or ""
    if subject == "村民委员会":
        return _committee(unit)
    return next((o.name for o in unit.data.organs if subject and o.name.endswith(subject)), subject or unit.data.name)


_ANSWERED_BY = {"result": "result_of", "interpretation": "interprets", "feedback": "feedback_on", "reply": "answers"}
_EXPECTED = {
    "result": N_("publish the result of «{what}»"),
    "interpretation": N_("publish the interpretation of «{what}»"),
    "feedback": N_("publish what became of the opinions on «{what}»"),
    "reply": N_("publish the reply to «{what}»"),
}
