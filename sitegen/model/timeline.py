"""A matter's page: all its records on one line of time, at the unit whose list the others correspond to.

The notice asks that the same matter correspond at all levels (clause 11); here everybody sees who published what, when, and whether it agrees.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from msgspec.structs import replace

from .base import Level
from .matter import Matters, is_public, matter_key
from .record_views import MatterEvent, RecordView
from .region import Record, Region
from .unit import ancestors, is_within, level_of

_ORDER = {level.zh: n for n, level in enumerate(Level)}
Place = tuple[str, str]
"""Unit, and the record's id, or the ref of what it is derived from."""


def with_timelines(
    region: Region, matters: Matters, records: Mapping[Place, RecordView], address: Mapping[str, str]
) -> dict[Place, RecordView]:
    """The record views with their matter's line of time, where it has more than one record.

    ``records`` are the views of all public records, own and derived; ``address`` the units' sites. Units' names come from ``region``.
    """
    members = _members(region, matters)
    made = dict(records)
    page: dict[Place, str] = {}
    for ref, places in members.items():
        code, _, id = ref.partition("/")
        shown = [(place, records[place]) for place in places if place in records]
        anchor = records.get((code, id))
        if anchor is None or len(shown) < 2:
            continue
        events = [e for place, view in shown for e in _events(region, place[0], view)]
        events.sort(key=lambda e: (e.date, _ORDER[e.level], e.unit, e.title))
        url = f"{address[code]}m/{anchor.slug}/"
        made[code, id] = replace(anchor, matter=tuple(events), matter_url=url)
        for place, _ in shown:
            # A village's record leads to the nearest list that names it.
            if place not in page or _steps(place[0], code) < _steps(place[0], page[place]):
                page[place] = code
                made[place] = replace(made[place], matter_url=url)
    return made


def _members(region: Region, matters: Matters) -> dict[str, list[Place]]:
    """By the ref of a government record: the places of all records of its matter."""
    found: dict[str, dict[Place, None]] = defaultdict(dict)
    for unit, derived in matters.derived.items():
        for d in derived:
            found[d.source.ref][unit, d.source.ref] = None
    for (ref, _), own in matters.replaced.items():
        found[ref][_place(own)] = None
    for pair in matters.pairs:
        for record in (pair.here, *pair.parts):
            found[pair.there.ref][_place(record)] = None
    for key, records in matters.groups.items():
        staged = [r for r in records if r.front.stage is not None]
        for record in staged:
            if level_of(record.unit) is not Level.VILLAGE and matter_key(record, region.catalog) == key:
                for other in staged:
                    if other is not record and (is_within(record.unit, other.unit) or is_within(other.unit, record.unit)):
                        found[record.ref][_place(other)] = None
    for ref in list(found):
        code, _, id = ref.partition("/")
        found[ref][code, id] = None
    return {ref: list(places) for ref, places in found.items() if is_public(region.by_ref[ref])}


def _place(record: Record) -> Place:
    return record.unit, record.front.id


def _steps(code: str, above: str) -> int:
    """How many units lie from ``code`` up to ``above``; all of them where it is not above."""
    line = (code, *ancestors(code))
    return line.index(above) if above in line else len(line)


def _events(region: Region, code: str, view: RecordView) -> list[MatterEvent]:
    unit = region.units[code]
    state = view.agreement.state if view.agreement is not None and unit.level is Level.VILLAGE else None
    note = view.agreement.note if view.agreement is not None and state in ("differs", "explained") else None
    figures = "，".join(f"{f.label}{f.text}" for f in view.figures)
    first = MatterEvent(view.published, unit.data.name, unit.level.zh, view.title, view.url, view.stage, figures, state, note, None)
    if view.rev == 1 or view.revised is None:
        return [first]
    again = replace(first, date=view.revised, revision=f"第{view.rev}版" + (f"：{view.why_revised}" if view.why_revised else ""))
    return [replace(first, figures="", state=None, note=None), again]
