"""``sitegen due``: what is owed, by when, by whom, as text, JSON or a calendar file."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path
from typing import Any

import click

from sitegen.load.region import load_region
from sitegen.model.days import Calendar
from sitegen.model.finding import N_, Lang, translator
from sitegen.model.linking import find_matters
from sitegen.model.obligations import Due, everything_due
from sitegen.model.region import Region

_WEEKDAYS = (
    N_("Monday, {day}"),
    N_("Tuesday, {day}"),
    N_("Wednesday, {day}"),
    N_("Thursday, {day}"),
    N_("Friday, {day}"),
    N_("Saturday, {day}"),
    N_("Sunday, {day}"),
)


class UnknownUnit(Exception):
    """No unit has this code or name."""


def due(root: Path, date: dt.date, days: int, unit: str | None = None) -> tuple[Region, list[Due]]:
    """What is owed in a region from ``date`` for ``days`` days, and what is overdue, of one unit or of all.

    ``unit`` is a code, a name or an alias; units of one name are all meant. Raises :class:`UnknownUnit`
    and :class:`sitegen.load.region.NoRegion`.
    """
    region = load_region(root)
    found = everything_due(region, find_matters(region), Calendar(region.calendar), date, date + dt.timedelta(days))
    if unit is None:
        return region, found
    codes = {u.code for u in region.units.values() if unit in (u.code, u.data.name, *u.data.aliases)}
    if not codes:
        raise UnknownUnit(unit)
    return region, [d for d in found if d.unit in codes]


def task(one: Due, lang: Lang) -> str:
    """What is to be done, in a sentence."""
    return translator(lang)(one.task).format(what=one.what, detail=one.detail)


def as_text(found: Iterable[Due], region: Region, date: dt.date, lang: Lang) -> str:
    """One paragraph a day; what is overdue in red."""
    say = translator(lang)
    out: list[str] = []
    for day, group in groupby(found, key=lambda d: d.date):
        title = say(_WEEKDAYS[day.weekday()]).format(day=day.isoformat())
        if day == date:
            title += say(" (today)")
        out.append(click.style(title, bold=True))
        for one in group:
            line = f"  {region.units[one.unit].data.name} {one.organ}: {task(one, lang)}"
            if one.record:
                line += f" ({one.record})"
            if one.overdue:
                line = click.style(f"{line} {say('– overdue for {days} days').format(days=(date - day).days)}", fg="red")
            elif one.provisional:
                line += f" {say('– provisional: the holidays of the year are not announced yet')}"
            out.append(line)
    return "\n".join(out)


def as_json(found: Iterable[Due], region: Region, date: dt.date, lang: Lang) -> str:
    """A list of objects, one for each thing to do."""
    return json.dumps([_object(one, region, lang) for one in found], ensure_ascii=False, indent=1)


def _object(one: Due, region: Region, lang: Lang) -> dict[str, Any]:
    return {
        "date": one.date.isoformat(),
        "kind": one.kind,
        "unit": one.unit,
        "unit_name": region.units[one.unit].data.name,
        "organ": one.organ,
        "task": task(one, lang),
        "item": one.item,
        "record": one.record,
        "provisional": one.provisional,
        "overdue": one.overdue,
    }


FORMATS = {"text": as_text, "json": as_json}
"""Renderers by the name of their format."""


def as_calendar(found: Iterable[Due], region: Region, date: dt.date, lang: Lang) -> bytes:
    """An iCalendar file (RFC 5545) with an all-day event for each thing to do. The same input on the same day gives the same bytes."""
    from icalendar import Calendar as Ics
    from icalendar import Event

    made = Ics()
    made.add("prodid", "-//sitegen//due//ZH")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", translator(lang)("what is due in {region}").format(region=region.data.name))
    stamp = dt.datetime.combine(date, dt.time(), dt.UTC)
    for one in found:
        event = Event()
        event.add("uid", _uid(one))
        event.add("dtstamp", stamp)
        event.add("dtstart", one.date)
        event.add("dtend", one.date + dt.timedelta(1))
        event.add("summary", f"{region.units[one.unit].data.name}: {task(one, lang)}")
        event.add("description", one.organ + (f"\n{one.record}" if one.record else ""))
        event.add("categories", [one.kind])
        event.add("transp", "TRANSPARENT")  # nobody is busy all day because something is due
        made.add_component(event)
    return bytes(made.to_ical())


def _uid(one: Due) -> str:
    """The same for the same duty whenever the file is made, so that importing it again replaces what was there."""
    parts = (one.unit, one.kind, one.task, one.what if one.record is None else one.record, one.detail)
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32] + "@sitegen"
