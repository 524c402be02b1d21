"""A matter's page: all its records on one line of time."""

from __future__ import annotations

import datetime as dt
from itertools import groupby

from msgspec import Struct

from sitegen.model.record_views import MatterEvent, RecordView
from sitegen.model.views import UnitView

from . import menu
from .spec import Crumb, PageSpec


class MatterData(Struct, frozen=True):
    """What a matter's page shows."""

    record: RecordView
    days: tuple[tuple[dt.date, tuple[MatterEvent, ...]], ...]
    """What happened on each day, in order of time."""
    units: int
    agreeing: int
    explained: int
    differing: int


def matter_pages(view: UnitView) -> list[PageSpec]:
    """One page for every matter of which this unit has the list that others correspond to."""
    return [_page(view, r) for r in view.records if r.matter]


def _page(view: UnitView, record: RecordView) -> PageSpec:
    states = [e.state for e in record.matter]
    data = MatterData(
        record=record,
        days=tuple((day, tuple(events)) for day, events in groupby(record.matter, key=lambda e: e.date)),
        units=len({e.unit for e in record.matter}),
        agreeing=sum(1 for s in states if s in ("agrees", "derived")),
        explained=states.count("explained"),
        differing=states.count("differs"),
    )
    return PageSpec(
        path=f"m/{record.slug}/",
        template="pages/matter.html",
        title=f"同一事项：{record.title}",
        description=f"{record.title}：{data.units}个单位就这一事项公开的信息，按时间排列，并注明内容是否一致。",
        section=menu.section_of(record, view),
        data=data,
        crumbs=(Crumb(record.title, f"r/{record.slug}/"),),
        noindex=record.personal,
    )
