"""Records that belong in pairs: resolution and result (两公开), policy and interpretation, consultation and feedback, question and reply,
and a document with the one that replaces it. One of the two names the other in its head."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

from .catalog import Expects
from .days import Calendar, Counted
from .finding import N_
from .record import RecordFile
from .region import Catalog, Record
from .unit import Thresholds

RelationKey = Literal["result_of", "interprets", "feedback_on", "answers", "replaces"]


class Relation(Struct, frozen=True):
    """A kind of pair. ``forward`` is what the named record is called on the page of the one that names it, ``back`` the reverse."""

    key: RelationKey
    kind: Literal["result", "interpretation", "feedback", "reply"] | None
    """What the named record expects (``expects`` of its item); ``None`` where it expects nothing."""
    forward: str
    back: str
    wanted: str
    """What the named record must be."""
    half: str
    """What the naming record gives."""


REPLACED = "代替本文件的新文件"
"""What stands on a document's page before the one that replaces it."""

RELATIONS = (
    Relation("result_of", "result", "所依据的决议", "实施结果", N_("a resolution (决议) of this unit"), N_("the result (实施结果)")),
    Relation(
        "interprets",
        "interpretation",
        "所解读的文件",
        "解读",
        N_("a policy or official document (政策文件)"),
        N_("the interpretation (解读)"),
    ),
    Relation(
        "feedback_on", "feedback", "征求意见的公告", "意见采纳情况", N_("a consultation (征求意见)"), N_("the feedback (意见采纳情况)")
    ),
    Relation("answers", "reply", "所答复的询问", "答复", N_("a question (询问)"), N_("the reply (答复)")),
    Relation("replaces", None, "被本文件代替", REPLACED, N_("a document of the same field"), N_("the document that replaces it")),
)
"""Every kind of pair, in the order in which pages list them."""


def named(front: RecordFile, key: RelationKey) -> str | None:
    """What a record names under a key."""
    value: str | None = getattr(front, key)
    return value


def target_of(record: Record, relation: Relation, records: Mapping[str, Record]) -> Record | None:
    """The record that ``record`` names, by ``<unit code>/<id>`` or the bare id in its own unit; ``None`` when there is none."""
    ref = named(record.front, relation.key)
    if ref is None:
        return None
    return records.get(record.full(ref))


def expected_of(record: Record, catalog: Catalog) -> Expects | None:
    """The other half that a record needs: its item's, a result where it states by when, feedback where it takes opinions."""
    item = catalog.items.get(record.front.item)
    if record.front.result_due is not None:
        return Expects(kind="result")
    if record.front.consultation is not None:
        found = item.expects if item and item.expects and item.expects.kind == "feedback" else None
        return found or Expects(kind="feedback")
    if item is None or item.expects is None:
        return None
    # Only an announcement that takes opinions owes feedback; its item may hold the feedback itself.
    return None if item.expects.kind == "feedback" else item.expects


def fits(record: Record, target: Record, relation: Relation, catalog: Catalog) -> bool:
    """Whether ``target`` is of the kind that ``record`` may name."""
    own, other = catalog.items.get(record.front.item), catalog.items.get(target.front.item)
    if own is None or other is None:
        return True
    expects = expected_of(target, catalog)
    match relation.key:
        case "result_of":
            return expects is not None and expects.kind == "result" and record.unit == target.unit
        case "interprets":
            official = target.front.document is not None and target.front.document.number is not None
            return (expects is not None and expects.kind == "interpretation") or (official and expects is None)
        case "feedback_on":
            return target.front.consultation is not None
        case "answers":
            return (expects is not None and expects.kind == "reply") or (other.id == own.id and record.unit == target.unit)
        case "replaces":
            return catalog.field_of[own.id].id == catalog.field_of[other.id].id


def half_due(front: RecordFile, expects: Expects, limits: Thresholds, calendar: Calendar) -> tuple[str, Counted | None]:
    """By when the other half of a pair is owed, and the key of the head from which that is counted; ``None`` where nothing says."""
    match expects.kind:
        case "result":
            if front.result_due is not None:
                return "result_due", Counted(front.result_due, False)
            key, start, days, kind = "formed", front.events.get("decided", front.formed), expects.days, expects.day_kind
        case "interpretation":
            key, start, days, kind = "published", front.published, expects.days, expects.day_kind
            if days is None:
                days, kind = limits.interpretation, "working"
        case "feedback":
            start = front.consultation.until if front.consultation else front.published
            key, days, kind = "consultation", expects.days or limits.feedback, expects.day_kind
        case "reply":
            key, start, days, kind = "published", front.published, expects.days or limits.reply, expects.day_kind
    return key, calendar.deadline(start, days, kind) if days is not None else None
