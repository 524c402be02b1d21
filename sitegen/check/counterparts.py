"""Do counterparts say the same? Every difference once, at its row, with the other side's file and line (the notice's clause 11)."""

from __future__ import annotations

from collections.abc import Iterator

from sitegen.model.base import Level
from sitegen.model.catalog import Within
from sitegen.model.compare import Difference
from sitegen.model.days import Counted
from sitegen.model.finding import N_, Finding, finding
from sitegen.model.matter import Missing, Pair, is_public, matter_key, successions
from sitegen.model.period import Period
from sitegen.model.region import Record
from sitegen.model.unit import ancestors, level_of

from .scope import Scope, at, in_table

_ORDINARY = Within(days=20, kind="working")
"""How long a counterpart may be missing where the item does not say: the ordinary time for disclosure (Regulations, Art. 26)."""
_NO_HINT = N_("the two differ")
_CODES = {
    "cell": "SG502",
    "only_here": "SG505",
    "only_there": "SG506",
    "key": "SG507",
    "merged": "SG508",
    "split": "SG508",
    "shifted": "SG509",
    "total": "SG510",
    "mask": "SG511",
    "column": "SG512",
}


def check_counterparts(scope: Scope) -> Iterator[Finding]:
    """Every pair of counterparts, and the counterparts that are missing."""
    for pair in scope.matters.pairs:
        yield from _pair(scope, pair)
    yield from _lags(scope)
    for missing, until in awaited_villages(scope):
        if scope.date > until.date and not scope.may_hide(missing.unit, scope.group(missing.there.front.item)):
            yield from _missing(scope, missing, until)
    for record, until in awaited_governments(scope):
        group = scope.group(record.front.item)
        unread = any(scope.may_hide(above, group) for above in ancestors(record.unit))
        if scope.date > until.date and not unread:
            yield at("SG514", record, "item", last=until.date.isoformat())
    yield from _successions(scope)
    yield from _not_open(scope)
    yield from _twice(scope)
    yield from _without_counterpart(scope)


def _pair(scope: Scope, pair: Pair) -> Iterator[Finding]:
    explained = _explanations(pair)
    if any(scope.date <= r.front.differs.until for r in explained if r.front.differs):
        if pair.agrees and not pair.gaps:
            yield at("SG519", explained[0], "differs")
        return
    for record in explained:
        assert record.front.differs is not None
        yield at("SG518", record, "differs", until=record.front.differs.until.isoformat())
    if explained:
        return
    yield from _differences(scope, pair)


def _explanations(pair: Pair) -> list[Record]:
    return [r for r in (pair.here, pair.there) if r.front.differs is not None]


def _differences(scope: Scope, pair: Pair) -> Iterator[Finding]:
    here, there = pair.here, pair.there
    village = scope.region.units[here.unit].data.name
    for period in pair.gaps:
        if level_of(here.unit) is Level.VILLAGE and not scope.may_hide(here.unit, scope.group(here.front.item)):
            file = scope.region.units[here.unit].file
            whole, item = Period.parse(there.front.period or "").zh, here.front.item
            yield finding("SG520", file, 1, 1, village=village, period=period.zh, whole=whole, item=item, unit=here.unit)
    if pair.no_rows:
        yield at("SG521", here, "table", village=village, other=there.table_file)
    if pair.texts_differ is not None:
        yield finding("SG517", here.file, pair.texts_differ, 1, other=there.file, unit=here.unit, record=here.front.id)
    for d in pair.differences:
        yield _difference(pair, d)


def _difference(pair: Pair, d: Difference) -> Finding:
    here, there = pair.here, pair.there
    other = f"{there.table_file}:{d.other_line}" if d.other_line else there.table_file
    args = {
        "row": d.row or "—",
        "column": d.column,
        "here": d.here,
        "there": d.there,
        "other": other,
        "hint": d.hint or _NO_HINT,
        "count": d.count,
        "explains": d.amounts,
    }
    line = d.line if d.line is not None else 1
    if d.line is None and d.kind in ("total", "column"):
        return at(_CODES[d.kind], here, "table", **args)
    return in_table(_CODES[d.kind], here, line, **args)


def _lags(scope: Scope) -> Iterator[Finding]:
    """Counterparts that appeared further apart than the item allows: once for a record that is late for several."""
    late: dict[str, Finding] = {}
    for pair in sorted(scope.matters.pairs, key=lambda p: (p.here.front.published, p.here.ref)):
        item = scope.region.catalog.items[pair.there.front.item]
        within = item.counterpart.within if item.counterpart else None
        if within is None or pair.parts or _explanations(pair):
            continue
        first, later = sorted((pair.here, pair.there), key=lambda r: r.front.published)
        last = scope.calendar.deadline(first.front.published, within.days, within.kind)
        if later.front.published > last.date and not last.provisional and later.ref not in late:
            late[later.ref] = at(
                "SG516",
                later,
                "published",
                published=later.front.published.isoformat(),
                other=first.file,
                first=first.front.published.isoformat(),
                days=within.days,
                last=last.date.isoformat(),
            )
    yield from late.values()


def awaited_villages(scope: Scope) -> Iterator[tuple[Missing, Counted]]:
    """Government lists with rows for a village that has published nothing of the matter, and until when it may still come."""
    for missing in scope.matters.missing:
        if not _excused(scope, missing.there):
            yield from ((missing, until) for until in _until(scope, missing.there))


def awaited_governments(scope: Scope) -> Iterator[tuple[Record, Counted]]:
    """Village records of which the government has published nothing, and until when it may still come."""
    for record in scope.matters.alone:
        if not _excused(scope, record):
            yield from ((record, until) for until in _until(scope, record))


def _excused(scope: Scope, record: Record) -> bool:
    return record.front.differs is not None and scope.date <= record.front.differs.until


def _until(scope: Scope, record: Record) -> Iterator[Counted]:
    """The last day for the counterpart of ``record``; none where it was counted beyond the announced holidays."""
    counterpart = scope.region.catalog.items[record.front.item].counterpart
    within = (counterpart.within if counterpart else None) or _ORDINARY
    last = scope.calendar.deadline(record.front.published, within.days, within.kind)
    if not last.provisional:
        yield last


def _missing(scope: Scope, missing: Missing, until: Counted) -> Iterator[Finding]:
    there = missing.there
    village = scope.region.units[missing.unit].data.name
    args = {"village": village, "code": missing.unit, "last": until.date.isoformat(), "unit": there.unit, "record": there.front.id}
    yield finding("SG513", there.table_file, missing.slice.line, None, **args)


def _successions(scope: Scope) -> Iterator[Finding]:
    """A village's own table takes over the code of what it derived; its revision must be higher than what was printed."""
    for source, own in successions(scope.region, scope.matters):
        revision = source.front.revision
        printed = revision.n - 1 if revision.on is not None and revision.on >= own.front.published else revision.n
        if own.front.revision.n <= printed:
            yield at("SG526", own, "revision", other=source.file, printed=printed, next=printed + 1)


def _not_open(scope: Scope) -> Iterator[Finding]:
    """A matter that one side keeps to some and the other shows to all."""
    for pair in scope.matters.pairs:
        if pair.here.front.scope == "特定群体" and pair.there.front.attribute == "主动公开":
            audience = scope.region.catalog.items[pair.there.front.item].audience
            if audience == "全社会":
                yield at("SG515", pair.here, "scope", here="特定群体", there="主动公开", other=pair.there.file)
    closed: dict[tuple[object, str], Record] = {}
    for record in scope.records.values():
        if not is_public(record) and (key := matter_key(record, scope.region.catalog)):
            closed[key, record.unit] = record
    if not closed:
        return
    for record in scope.records.values():
        if level_of(record.unit) is not Level.VILLAGE or record.front.scope == "特定群体":
            continue
        key = matter_key(record, scope.region.catalog)
        other = next((closed[key, above] for above in ancestors(record.unit) if (key, above) in closed), None)
        if other is not None:
            said, there = record.front.scope or "全体村民", other.front.attribute
            yield at("SG515", record, "scope", here=said, there=there, other=other.file)


def _twice(scope: Scope) -> Iterator[Finding]:
    """Two records where the catalogue allows one."""
    first: dict[tuple[object, ...], Record] = {}
    for unit in scope.region.units.values():
        for record in unit.records:
            item = scope.region.catalog.items.get(record.front.item)
            if item is None or item.per != "single" or record.front.validity != "有效" or record.front.period is None:
                continue
            front = record.front
            key = (record.unit, item.id, Period.parse(front.period or ""), front.batch, front.subject, front.stage, front.issuer)
            if key in first:
                yield at("SG522", record, "period", other=first[key].file)
            else:
                first[key] = record


def _without_counterpart(scope: Scope) -> Iterator[Finding]:
    """A reason to differ from a counterpart that there is none of."""
    known = {r.ref for pair in scope.matters.pairs for r in (pair.here, pair.there, *pair.parts)}
    known |= {m.there.ref for m in scope.matters.missing} | {r.ref for r in scope.matters.alone}
    for record in scope.records.values():
        if record.front.differs is not None and record.ref not in known:
            yield at("SG519", record, "differs")
