"""Pairs: what is named exists, is what it should be and came first; what is owed has come, in time and once."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter, defaultdict
from collections.abc import Iterator

from sitegen.model.finding import Finding
from sitegen.model.matter import is_public
from sitegen.model.region import Record
from sitegen.model.relations import RELATIONS, Relation, expected_of, fits, half_due, named, target_of

from .links import gone
from .scope import Scope, at

_ONCE = ("result_of", "feedback_on", "answers")
"""Pairs of which a second one is a mistake; a policy may have several interpretations, and a document may replace parts of another."""


def check_pairs(scope: Scope) -> Iterator[Finding]:
    """Everything about records that name one another."""
    edges: dict[str, list[tuple[Relation, Record, Record]]] = defaultdict(list)
    back: dict[tuple[str, str], list[Record]] = defaultdict(list)
    astray: Counter[tuple[str, str]] = Counter()
    """References that miss what they mean: what they mean is not reported as lacking its other half."""
    for record in scope.records.values():
        for relation in RELATIONS:
            ref = named(record.front, relation.key)
            if ref is None:
                continue
            target = target_of(record, relation, scope.records)
            if target is None:
                astray[record.unit, relation.key] += 1
                if (history := gone(scope.region, record.full(ref))) and (left := history.withdrawn):
                    title = history.last.title if history.last else ref
                    yield at("SG321", record, relation.key, ref=ref, title=title, on=left.on.isoformat(), why=left.why)
                elif scope.region.complete:
                    yield at("SG305", record, relation.key, ref=ref)
            elif target is record:
                astray[record.unit, relation.key] += 1
                yield at("SG641", record, relation.key, key=relation.key)
            elif not fits(record, target, relation, scope.region.catalog):
                astray[record.unit, relation.key] += 1
                yield at("SG642", record, relation.key, key=relation.key, ref=target.ref, title=target.front.title, wanted=relation.wanted)
            else:
                edges[record.ref].append((relation, record, target))
                back[target.ref, relation.key].append(record)
    circles = list(_circles(edges))
    in_circle = {(r.ref, k.key) for circle in circles for k, r, _ in circle}
    for circle in circles:
        yield _circle(circle)
    for found in edges.values():
        for relation, record, target in found:
            if (record.ref, relation.key) not in in_circle:
                yield from _pair(scope, relation, record, target, back[target.ref, relation.key])
    for record in scope.records.values():
        yield from _owed(scope, record, back, astray)
        yield from _in_force(scope, record, back, astray)


def _pair(scope: Scope, relation: Relation, record: Record, target: Record, all_: list[Record]) -> Iterator[Finding]:
    """One record and the one it names: which is older, and has no other half yet."""
    since = target.front.consultation.start if relation.key == "feedback_on" and target.front.consultation else target.front.formed
    formed = record.front.published if relation.key == "interprets" else record.front.formed
    if formed < since:
        key = "published" if relation.key == "interprets" else "formed"
        yield at("SG644", record, key, found=formed.isoformat(), right=since.isoformat(), file=target.file, key=relation.key)
    if relation.key in _ONCE:
        first = min(all_, key=lambda r: (r.front.formed, r.ref))
        if first is not record:
            yield at("SG647", record, relation.key, ref=first.ref, wanted=relation.half, file=first.file)
    if relation.key == "replaces" and target.front.validity == "有效" and target.front.abolished is None:
        yield at("SG648", target, "validity", ref=record.ref, file=record.file)


# ---- Circles.


def _circles(edges: dict[str, list[tuple[Relation, Record, Record]]]) -> Iterator[list[tuple[Relation, Record, Record]]]:
    """Every chain of references that comes back to its start, once. Without recursion: a chain may be long."""
    state: dict[str, int] = {}
    for start in edges:
        if start in state:
            continue
        path: list[tuple[Relation, Record, Record]] = []
        work = [iter(edges[start])]
        state[start] = 1
        names = [start]
        while work:
            edge = next(work[-1], None)
            if edge is None:
                state[names.pop()] = 2
                work.pop()
                if path:
                    path.pop()
                continue
            target = edge[2].ref
            if state.get(target) == 1:
                yield [*path[names.index(target) :], edge]
            elif target not in state and target in edges:
                state[target] = 1
                names.append(target)
                path.append(edge)
                work.append(iter(edges[target]))


def _circle(circle: list[tuple[Relation, Record, Record]]) -> Finding:
    """Found at the reference that leads to something newer: it is the one that cannot be right."""
    wrong = [e for e in circle if e[1].front.formed < e[2].front.formed]
    relation, record, _ = max(wrong or circle, key=lambda e: (e[2].front.formed - e[1].front.formed, e[1].ref))
    return at("SG643", record, relation.key, circle=" → ".join([e[1].ref for e in circle] + [circle[0][1].ref]))


# ---- What is owed.


def _owed(scope: Scope, record: Record, back: dict[tuple[str, str], list[Record]], astray: Counter[tuple[str, str]]) -> Iterator[Finding]:
    """The result, interpretation, feedback or reply that a record needs is there, and came in time."""
    expects = expected_of(record, scope.region.catalog)
    if expects is None or record.front.validity != "有效" or not is_public(record):
        return
    if back.get((record.ref, "replaces")):
        return  # SG648: it is in force no more, and owes nothing
    relation = next(r for r in RELATIONS if r.kind == expects.kind)
    given = sorted(back.get((record.ref, relation.key), ()), key=lambda r: (r.front.published, r.ref))
    key, until = half_due(record.front, expects, scope.region.data.thresholds, scope.calendar)
    if until is None or until.provisional:
        return
    if not given:
        if scope.date <= until.date or not scope.region.complete:
            return
        if astray[record.unit, relation.key]:
            astray[record.unit, relation.key] -= 1
        elif not any(_names(u.text, relation.key, record, unit) for unit, unread in scope.unread.items() for u in unread):
            yield at("SG645", record, key, wanted=relation.half, until=until.date.isoformat(), key=relation.key)
    elif given[0].front.published > until.date:
        found = given[0].front.published.isoformat()
        yield at("SG646", given[0], "published", wanted=relation.half, until=until.date.isoformat(), found=found)


def _names(text: str, key: str, record: Record, unit: str) -> bool:
    """Whether a record of a unit that was not understood says that it is the other half."""
    id = re.escape(record.front.id)
    ref = f"(?:{record.unit}/)?{id}" if unit == record.unit else f"{record.unit}/{id}"
    return re.search(rf"^{key}: *[\"']?{ref}\b", text, re.MULTILINE) is not None


# ---- What is in force.


def _in_force(
    scope: Scope, record: Record, back: dict[tuple[str, str], list[Record]], astray: Counter[tuple[str, str]]
) -> Iterator[Finding]:
    """What was abolished says so, and what was made in its place names it."""
    front = record.front
    if front.abolished is None:
        return
    if front.validity == "有效":
        if front.abolished <= scope.date:
            yield at("SG650", record, "abolished", abolished=front.abolished.isoformat())
        return
    if front.validity != "废止" or back.get((record.ref, "replaces")):
        return
    if astray[record.unit, "replaces"]:
        return  # said where the reference leads astray: it may be the one that is missed here
    for other in scope.unit(record).records:
        new = other is not record and other.front.item == front.item and other.front.validity == "有效" and other.front.replaces is None
        if new and front.abolished in _days(other):
            yield at(
                "SG649",
                record,
                "abolished",
                abolished=front.abolished.isoformat(),
                ref=other.ref,
                title=other.front.title,
                own=record.front.id,
            )
            return


def _days(record: Record) -> tuple[dt.date | None, ...]:
    return (record.front.formed, record.front.published, record.front.document.issued if record.front.document else None)
