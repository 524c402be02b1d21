"""A village's loaded files and records → :class:`AffairsView`; a government's assurance.yml → :class:`AssuranceView`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal

from msgspec.structs import replace

from .accounts import is_details, statement_shape
from .affair_views import (
    NO_ASSURANCE,
    AffairsView,
    AppealView,
    AssuranceView,
    CommitteeView,
    EvaluationView,
    FocusView,
    InspectionView,
    Kind,
    ResolutionView,
    ReviewView,
    ScoreView,
    StatementView,
)
from .affairs import month_start
from .assurance import Score
from .days import Calendar
from .period import Period
from .record import RecordFile
from .record_views import RecordView
from .region import Record, Region, Unit
from .relations import expected_of, half_due
from .unit import ancestors


class AffairMaker:
    """Makes these views for a region on a day."""

    def __init__(self, region: Region, date: dt.date, calendar: Calendar) -> None:
        self.region, self.date, self.calendar = region, date, calendar
        catalog = region.catalog
        self.focus = [
            (f, {i.id for i in catalog.items.values() if i.id in f.items or catalog.field_of[i.id].id in f.items}) for f in catalog.focus
        ]

    def village(self, unit: Unit, records: Sequence[RecordView], fronts: Mapping[str, RecordFile]) -> tuple[AffairsView, list[dt.date]]:
        """The view, and the days on which a state of it turns. ``records`` are what the village shows, ``fronts`` their heads by id.

        What is held back is among ``records`` as it was shown before; its file says something else, and nothing of that is taken: see :func:`with_kept`.
        """
        held = {r.id for r in records if r.held}
        own = {r.front.id: r for r in unit.records if r.front.id not in held}
        resolutions, turns = self._resolutions([own[r.id] for r in records if r.id in own])
        made = AffairsView(
            statements=self._statements(records, own),
            resolutions=resolutions,
            focus=tuple(self._focus(records)),
            committee=self._committee(unit, records, own),
            appeals=tuple(self._appeals(unit)),
            reply_days=self.region.data.thresholds.reply,
            covers=tuple((r.id, *_covers(fronts[r.id])) for r in records if r.id in fronts),
        )
        return made, turns

    def _statements(self, records: Sequence[RecordView], own: Mapping[str, Record]) -> tuple[StatementView, ...]:
        details: dict[str, list[str]] = {}
        for view in records:
            schema = self.region.catalog.tables.get(self.region.catalog.items[view.item].table or "")
            if schema is not None and is_details(schema) and view.period:
                details.setdefault(view.period, []).append(view.id)
        made = [s for r in records if (s := self._statement(r, own.get(r.id), details))]
        return tuple(sorted(made, key=_by_time))

    def _statement(self, view: RecordView, record: Record | None, details: Mapping[str, list[str]]) -> StatementView | None:
        item = self.region.catalog.items[view.item]
        schema = self.region.catalog.tables.get(item.table or "")
        shape = statement_shape(schema) if schema else None
        if record is None or schema is None or shape is None or not view.web_rows or not record.figures or record.figures[0].value != 1:
            return None
        if record.front.period is None:
            return None
        sums = dict(record.sums)
        if not set(shape.totals) <= set(sums):
            return None
        titles = {c.name: c.title for c in schema.fields}
        period = Period.parse(record.front.period)

        def parts(names: tuple[str, ...]) -> tuple[tuple[str, Decimal], ...]:
            return tuple((titles[n], sums[n]) for n in names if sums.get(n))

        opening, income, expense, closing = (sums[n] for n in shape.totals)
        return StatementView(
            view.id, period.zh, kind_of(period), period.start, period.end, opening, income, expense, closing, parts(shape.plus_parts), parts(shape.minus_parts),
            tuple(sorted(details.get(period.zh, ())))
        )  # fmt: skip

    def _resolutions(self, records: Sequence[Record]) -> tuple[tuple[ResolutionView, ...], list[dt.date]]:
        results: dict[str, list[str]] = {}
        for record in sorted(records, key=lambda r: (r.front.published, r.front.id)):
            if record.front.result_of:
                results.setdefault(record.full(record.front.result_of), []).append(record.front.id)
        made, turns = [], []
        for record in records:
            expects = expected_of(record, self.region.catalog)
            found = tuple(results.get(record.ref, ()))
            if not found and (expects is None or expects.kind != "result"):
                continue
            due = half_due(record.front, expects, self.region.data.thresholds, self.calendar)[1] if expects else None
            last = due.date if due else None
            late = bool(due and not due.provisional and self.date > due.date)
            if not found and last is not None and not late:
                turns.append(last + dt.timedelta(1))
            made.append(ResolutionView(record.front.id, found, last, "done" if found else "late" if late else "open"))
        return tuple(made), turns

    def _focus(self, records: Sequence[RecordView]) -> list[FocusView]:
        made = []
        for focus, items in self.focus:
            found = tuple(r.id for r in records if r.item in items)
            if found:
                made.append(FocusView(focus.id, focus.name, focus.summary, found))
        return made

    def _committee(self, unit: Unit, records: Sequence[RecordView], own: Mapping[str, Record]) -> CommitteeView | None:
        signed = sorted(
            ((step.on, r.id) for r in records if r.id in own for step in own[r.id].front.reviewed if "监督委员会" in step.step),
            reverse=True,
        )
        about = tuple(r.id for r in records if "监督委员会" in r.item_name)
        if unit.committee is None:
            return CommitteeView(None, None, (), (), (), tuple(signed), about) if signed or about else None
        data = unit.committee.data
        reviews = sorted((r for r in data.reviews if r.on <= self.date), key=lambda r: (r.month, r.on), reverse=True)
        return CommitteeView(
            data.term,
            data.meets,
            tuple((m.post, m.name, m.note) for m in data.members),
            data.duties,
            tuple(ReviewView(Period.parse(r.month).zh, month_start(r).year, r.on, r.what, r.found, r.result) for r in reviews),
            tuple(signed),
            about,
        )

    def _appeals(self, unit: Unit) -> list[AppealView]:
        own, contact = unit.data.supervision, unit.data.contact
        community = unit.data.kind == "社区"
        made = [AppealView(unit.data.name, own.name, "账目、名单有疑问，先找它", own.phone, own.address, own.hours or contact.hours)]
        name = next(
            (o.name for o in unit.data.organs if o.name.endswith("民委员会")), f"{unit.data.name}{'居' if community else '村'}民委员会"
        )
        made.append(AppealView(unit.data.name, name, "办事情、问政策", contact.phone, contact.address, contact.hours))
        for n, code in enumerate(ancestors(unit.code)):
            above = self.region.units.get(code)
            if above is not None:
                s = above.data.supervision
                what = f"对{'社区' if community else '村里'}的答复不满意" if n == 0 else "还解决不了"
                made.append(AppealView(above.data.name, s.name, what, s.phone, s.address, s.hours or above.data.contact.hours))
        return made

    def assurance(self, unit: Unit, records: Sequence[RecordView]) -> AssuranceView:
        """A county's or township's; what lies in the future is left out."""
        if unit.assurance is None:
            return NO_ASSURANCE
        data = unit.assurance.data
        shown = {r.id for r in records}

        def there(id: str | None) -> str | None:
            return id if id in shown else None

        return AssuranceView(
            responsible=tuple((r.body, r.role, r.posts, r.duties, r.phone) for r in data.responsible),
            funding=data.funding,
            training=data.training,
            accountability=data.accountability,
            schemes=tuple(
                (int(s.year), s.name, s.weight, tuple((p.name, p.points, p.how) for p in s.parts), there(s.record))
                for s in sorted(data.schemes, key=lambda s: s.year, reverse=True)
            ),
            scores=tuple(
                (int(s.year), s.published, s.full, tuple(self._score(one) for one in s.scores), there(s.record))
                for s in sorted(data.scores, key=lambda s: s.year, reverse=True)
                if s.published <= self.date
            ),
            evaluations=tuple(
                EvaluationView(
                    int(e.year), e.name, e.start, e.until, e.ways, e.sent, e.returned,
                    tuple((a.ask, tuple(a.answers.items())) for a in e.asked), tuple((o.said, o.done) for o in e.opinions), there(e.record),
                )
                for e in sorted(data.evaluations, key=lambda e: (e.year, e.until), reverse=True)
                if e.until <= self.date
            ),
            inspections=tuple(
                InspectionView(i.date, i.title, i.by, i.found, i.mended, there(i.record))
                for i in sorted(data.inspections, key=lambda i: i.date, reverse=True)
                if i.date <= self.date
            ),
        )  # fmt: skip

    def _score(self, one: Score) -> ScoreView:
        unit = self.region.units.get(one.unit or "")
        return ScoreView(unit.data.name if unit else one.name or one.unit or "", one.score, one.note)


def with_kept(made: AffairsView, before: AffairsView, records: Sequence[RecordView]) -> AffairsView:
    """The view with what was shown ``before`` of those ``records`` that are held back."""
    held = {r.id for r in records if r.held}
    at = {r.id: n for n, r in enumerate(records)}
    statements = (*made.statements, *(s for s in before.statements if s.record in held))
    resolutions = {r.record: r for r in made.resolutions} | {r.record: r for r in before.resolutions if r.record in held}
    for known in before.resolutions:
        results = tuple(id for id in known.results if id in held)
        now = resolutions.get(known.record, replace(known, results=()) if known.record in at else None)
        if results and now is not None and known.record not in held:
            resolutions[known.record] = replace(now, results=(*now.results, *results), state="done")
    covers = (*made.covers, *(c for c in before.covers if c[0] in held))
    committee = made.committee
    signed = tuple(s for s in before.committee.signed if s[1] in held) if before.committee else ()
    if signed:
        committee = committee or CommitteeView(None, None, (), (), (), (), ())
        committee = replace(committee, signed=tuple(sorted({*committee.signed, *signed}, reverse=True)))
    return replace(
        made,
        statements=tuple(sorted(statements, key=_by_time)),
        resolutions=tuple(sorted(resolutions.values(), key=lambda r: at[r.record])),
        committee=committee,
        covers=tuple(sorted(covers, key=lambda c: at[c[0]])),
    )


def _by_time(one: StatementView) -> tuple[dt.date, int, str]:
    return one.start, -one.end.toordinal(), one.record


def kind_of(period: Period) -> Kind:
    """Month, quarter, half or year, where the period is just that."""
    for kind, pattern in _PATTERNS.items():
        day = period.start
        if period == Period.parse(pattern.format(y=day.year, m=day.month, q=(day.month + 2) // 3, h=1 + (day.month > 6))):
            return kind
    return "other"


_PATTERNS: Mapping[Kind, str] = {"month": "{y}-{m:02d}", "quarter": "{y}-Q{q}", "half": "{y}-H{h}", "year": "{y}"}


def _covers(front: RecordFile) -> tuple[dt.date, dt.date]:
    if front.period is None:
        return front.published, front.published
    period = Period.parse(front.period)
    return period.start, period.end
