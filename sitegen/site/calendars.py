"""A unit's public calendar (iCalendar, RFC 5545): posting periods and the days by which something ends or is due.

A posting period is public even where its list is not: the calendar then names the item and no more.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sitegen.model.views import RecordView, UnitView

from . import menu
from .spec import FileSpec

CALENDAR = "calendar.ics"
MOST = 100
"""Events that it holds; the oldest leave it."""
_PRODUCER = "-//sitegen//calendar//ZH"


@dataclass(frozen=True, slots=True)
class Entry:
    """An all-day event, both days included."""

    uid: str
    start: dt.date
    end: dt.date
    title: str
    note: str
    url: str
    stamp: dt.date
    kind: str


@dataclass(frozen=True, slots=True)
class Agenda:
    """All that a calendar file says."""

    name: str
    entries: tuple[Entry, ...]


def calendar_files(view: UnitView) -> list[FileSpec]:
    """The calendar, where it has an event."""
    entries = sorted((e for r in view.records for e in _entries(view, r)), key=lambda e: (e.start, e.uid))[-MOST:]
    return [FileSpec(CALENDAR, Agenda(f"{menu.site_name(view)}日历", tuple(entries)), as_ics)] if entries else []


def _entries(view: UnitView, record: RecordView) -> list[Entry]:
    # What is for a specific group stands on its page as a fact; it is called to nobody else's attention.
    if not record.web_text:
        return []
    about = record.item_name if record.personal else record.title
    phone = f"{record.supervision.name} {record.supervision.phone}"
    stamp = record.revised or record.published
    made = []
    if record.posting:
        p = record.posting
        doubt = "（节假日安排公布前暂按周一至周五计算）" if p.provisional else ""
        note = f"公示期{p.start.isoformat()}至{p.end.isoformat()}{doubt}。有异议的，请在公示期内向{phone}反映。"
        made.append(Entry(f"{record.code}-posting", p.start, p.end, f"公示：{about}", note, record.url, stamp, "公示"))
    for n, (what, day) in enumerate(record.deadlines):
        note = f"{what}：{day.isoformat()}。咨询：{record.contact.phone}。"
        made.append(Entry(f"{record.code}-{n}", day, day, f"{what}：{about}", note, record.url, stamp, what))
    return made


def as_ics(agenda: Agenda) -> bytes:
    """The file. The same entries give the same bytes."""
    from icalendar import Calendar, Event

    made = Calendar()
    made.add("prodid", _PRODUCER)
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", agenda.name)
    made.add("x-wr-timezone", "Asia/Shanghai")
    for entry in agenda.entries:
        event = Event()
        event.add("uid", f"{entry.uid}@sitegen")
        event.add("dtstamp", dt.datetime.combine(entry.stamp, dt.time(), dt.UTC))
        event.add("dtstart", entry.start)
        event.add("dtend", entry.end + dt.timedelta(1))
        event.add("summary", entry.title)
        event.add("description", f"{entry.note}\n{entry.url}")
        event.add("url", entry.url)
        event.add("categories", [entry.kind])
        event.add("transp", "TRANSPARENT")
        made.add_component(event)
    return bytes(made.to_ical())
