"""By when one record had to be published, and how long its sheet has to hang: the catalogue's terms applied to its dates.

Nobody is called late by a guess. Where the wording sets several terms for parts of the information and the record does not show which
part it is, the latest of their last days counts; where one of them sets no date, none counts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

from .catalog import Item
from .days import Calendar, Counted
from .deadline import Term, parse_deadline
from .period import Period
from .record import Posting, RecordFile

Every = Literal["month", "quarter", "year"]
EVERY: Mapping[str, Every] = {"monthly": "month", "quarterly": "quarter", "yearly": "year"}
"""The unit of time of an item's ``periodic``."""


class LastDay(Struct, frozen=True):
    """The last day on which a record was in time, and how it was counted."""

    date: dt.date
    provisional: bool
    term: Term
    start: dt.date
    """The day it was counted from (``within``), the day of the event (``before``), or the first day of the period (``calendar``)."""


def terms_of(item: Item) -> tuple[Term, ...]:
    """The terms of an item's deadline: as given by hand, else as read from its wording; none where it is not understood."""
    return item.deadline.terms or parse_deadline(item.deadline.written) or ()


def publish_by(front: RecordFile, item: Item, calendar: Calendar, announced: dt.date | None = None) -> LastDay | None:
    """The last day for publishing a record; ``None`` where none can be told.

    A term counts from the event that it names: ``events`` of the record, the document's date of issue, ``announced`` (when the government
    published the same matter), else the day the record was formed, as ``events`` documents. A record that names an event is the part of the
    information that the event's term is about. A term before an event counts only where the event is named, a calendar term
    only where the record's period is of its length.
    """
    terms = [t for t in terms_of(item) if t.kind != "posting" or t.about]
    known = {"formed": front.formed, **{str(event): day for event, day in front.events.items()}}
    if front.document and front.document.issued:
        known.setdefault("issued", front.document.issued)
    told = [t for t in terms if _event(t) in front.events] or _told_by_period(terms, front, item)
    found = [_last(t, front, known, calendar, announced) for t in told]
    return max(found, key=lambda last: last.date, default=None)


def _told_by_period(terms: list[Term], front: RecordFile, item: Item) -> list[Term]:
    """The terms that can be meant where the record names no event; none where one of them sets no date."""
    calendars = [t for t in terms if t.kind == "calendar" and _fits(t, front, item)]
    if whole := [t for t in calendars if not t.about]:
        return whole
    undated = any(t.kind not in ("within", "calendar") or (t.kind == "calendar" and not calendars) for t in terms)
    return [] if undated else [t for t in terms if t.kind == "within"] + calendars


def _event(term: Term) -> str | None:
    """What a term counts from, by the name that ``events`` gives it."""
    return term.start if term.kind == "within" else "event" if term.kind == "before" else None


def _last(term: Term, front: RecordFile, days: Mapping[str, dt.date], calendar: Calendar, announced: dt.date | None) -> LastDay:
    if term.kind == "calendar":
        assert front.period is not None
        assert term.every is not None
        period = Period.parse(front.period)
        counted = calendar_day(term, term.every, period, calendar, ahead=ahead(period, front.published, term.every))
        return LastDay(counted.date, counted.provisional, term, period.start)
    assert term.days is not None
    if term.kind == "before":
        counted = calendar.before(days["event"], term.days, term.day_kind or "calendar")
        return LastDay(counted.date, counted.provisional, term, days["event"])
    start = days.get(term.start or "formed")
    if start is None:
        start = announced if announced and "公布" in (term.event or "") else front.formed
    counted = calendar.deadline(start, term.days, term.day_kind or "calendar")
    return LastDay(counted.date, counted.provisional, term, start)


def _fits(term: Term, front: RecordFile, item: Item) -> bool:
    """Whether a calendar term sets a day for the record's period. One of many in a period need not be the one that was owed."""
    if front.period is None or term.every is None or (item.per == "many" and (front.subject or front.batch)):
        return False
    period = Period.parse(front.period)
    return period == period_at(period.start, term.every) and (item.per == "single" or not ahead(period, front.published, term.every))


# ---- Periods of a calendar obligation.


def period_at(day: dt.date, every: Every) -> Period:
    """The month, quarter or year in which ``day`` lies."""
    if every == "year":
        return Period.parse(f"{day.year:04}")
    return Period.parse(f"{day.year:04}-Q{(day.month + 2) // 3}" if every == "quarter" else f"{day.year:04}-{day.month:02}")


def following(period: Period, every: Every) -> Period:
    """The month, quarter or year after ``period``."""
    return period_at(period.end + dt.timedelta(1), every)


def ahead(period: Period, published: dt.date, every: Every) -> bool:
    """Whether what was published for a period was a plan or roster for it, not an account of it.

    A year's account cannot be given within the year; a month's or quarter's may come a few days early, so its first half decides.
    """
    return published <= (period.end if every == "year" else period.start + (period.end - period.start) / 2)


def calendar_day(term: Term | None, every: Every, period: Period, calendar: Calendar, *, ahead: bool) -> Counted:
    """By when the record of ``period`` is owed: the day that ``term`` names in the next month, quarter or year (每季度首月20日), or in the
    period itself for what is published ahead. Without a named day, the end of that time.
    """
    frame = period if ahead else following(period, every)
    day = frame.end
    if term is not None and term.day is not None and (every != "year" or term.month):
        month = dt.date(frame.start.year, term.month or frame.start.month, 1)
        day = min(month + dt.timedelta(term.day - 1), period_at(month, "month").end)
    return calendar.deadline(day, 0, "calendar")


# ---- Postings.


def posting_end(posting: Posting, calendar: Calendar) -> Counted:
    """The last day on which the sheet hangs."""
    if posting.until is not None:
        return Counted(posting.until, False)
    assert posting.days is not None
    return calendar.posting_end(posting.start, posting.days, posting.kind)


def posting_term(front: RecordFile, item: Item) -> Term | None:
    """How long the item wants a record's sheet to hang; the shortest of several terms.

    A term about a part of the information (批前公示) holds for a record that is posted and names no event; for others it cannot be told.
    """
    found = [t for t in terms_of(item) if t.kind == "posting" and "征求意见" not in (t.about or "")]
    if front.posting is None or front.events:
        found = [t for t in found if t.about is None]
    return min(found, key=lambda t: t.days or 0, default=None)


def consultation_term(item: Item) -> Term | None:
    """How long opinions must be taken (征求意见期限)."""
    return next((t for t in terms_of(item) if t.kind == "posting" and "征求意见" in (t.about or "")), None)
