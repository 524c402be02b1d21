"""A unit's public calendar (iCalendar, RFC 5545): posting periods and the days by which something ends or is due.

A posting period is public even where its list is not: the calendar then names the item and no more.
"""

from __future__ import annotations

import datetime as dt

from msgspec import Struct

from sitegen.model.record_views import RecordView
from sitegen.model.views import UnitView

from . import menu
from .spec import FileSpec

CALENDAR = "calendar.ics"
MOST = 100
"""Events that it holds; the oldest leave it."""
_PRODUCER = "-//sitegen//calendar//ZH"


class Entry(Struct, frozen=True):
    """An all-day event, both days included."""

    uid: str
    start: dt.date
    end: dt.date
    title: str
    note: str
    url: str
    stamp: dt.date
    kind: str


class Agenda(Struct, frozen=True):
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


def as_ics(agenda: Agenda) -> str:
    """The file. The same entries give the same bytes.

    Written here rather than by icalendar, which takes half a millisecond for an event; a test reads it back with that.
    """
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{_PRODUCER}", "METHOD:PUBLISH"]
    lines += [f"X-WR-CALNAME:{_text(agenda.name)}", "X-WR-TIMEZONE:Asia/Shanghai"]
    for entry in agenda.entries:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{entry.uid}@sitegen",
            f"DTSTAMP:{entry.stamp:%Y%m%d}T000000Z",
            f"DTSTART;VALUE=DATE:{entry.start:%Y%m%d}",
            f"DTEND;VALUE=DATE:{entry.end + dt.timedelta(1):%Y%m%d}",
            f"SUMMARY:{_text(entry.title)}",
            f"DESCRIPTION:{_text(f'{entry.note}{chr(10)}{entry.url}')}",
            f"URL:{entry.url}",
            f"CATEGORIES:{_text(entry.kind)}",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    return "".join(f"{_folded(line)}\r\n" for line in (*lines, "END:VCALENDAR"))


_ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None})
_OCTETS = 75
"""The longest line, without its end."""


def _text(text: str) -> str:
    return text.translate(_ESCAPED)


def _folded(line: str) -> str:
    """Long lines go on in the next, which begins with a space; no character is cut in two."""
    data = line.encode()
    if len(data) <= _OCTETS:
        return line
    parts, start, room = [], 0, _OCTETS
    while len(data) - start > room:
        end = start + room
        while data[end] & 0xC0 == 0x80:  # within a character
            end -= 1
        parts.append(data[start:end].decode())
        start, room = end, _OCTETS - 1
    return "\r\n ".join([*parts, data[start:].decode()])
