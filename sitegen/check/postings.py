"""Do sheets hang as long as they must (公示期), and when they must?"""

from __future__ import annotations

from collections.abc import Iterator

from sitegen.model.catalog import Item
from sitegen.model.days import Calendar
from sitegen.model.deadline import Term
from sitegen.model.finding import Finding
from sitegen.model.lastday import consultation_term, posting_end, posting_term
from sitegen.model.matter import is_public
from sitegen.model.record import Posting
from sitegen.model.region import Record

from .deadlines import KINDS
from .scope import Scope, at

_PUT_UP_WITHIN = 10
"""Working days between publication and posting from which the two are no longer one announcement."""


def check_postings(scope: Scope) -> Iterator[Finding]:
    """Every record whose item wants it is posted, for long enough, at the time it is published."""
    judged_from = scope.region.data.judged_from
    for record in scope.records.values():
        item = scope.region.catalog.items.get(record.front.item)
        if item is None or not is_public(record) or (judged_from is not None and record.front.published < judged_from):
            continue
        yield from _posting(scope, record, item)
        yield from _consultation(scope, record, item)


def _posting(scope: Scope, record: Record, item: Item) -> Iterator[Finding]:
    front, posting = record.front, record.front.posting
    term = posting_term(front, item)
    if posting is None:
        # Of an item with a list, the list is posted; a record without one is the policy, or the notice that the posting is over.
        listed = item.table is None or front.table is not None
        if term is not None and listed and front.validity == "有效":
            yield at("SG705", record, "posting", written=item.deadline.written)
        return
    if front.published < front.formed:
        pass  # SG316: one of the two dates is wrong, and which one is not known
    elif posting.start < front.formed:
        yield at("SG706", record, "posting", start=posting.start.isoformat(), formed=front.formed.isoformat())
    else:
        latest = scope.calendar.deadline(front.published, _PUT_UP_WITHIN, "working")
        if posting.start > latest.date and not latest.provisional:
            yield at("SG707", record, "posting", start=posting.start.isoformat(), published=front.published.isoformat())
    if term is not None and not _long_enough(posting, term, scope.calendar):
        yield at("SG704", record, "posting", **_lengths(posting, term, scope.calendar), written=item.deadline.written)


def _long_enough(posting: Posting, term: Term, calendar: Calendar) -> bool:
    assert term.days is not None
    kind = term.day_kind or "calendar"
    if posting.days is not None and posting.kind == kind:
        return posting.days >= term.days  # true whatever the calendar says
    wanted, end = calendar.posting_end(posting.start, term.days, kind), posting_end(posting, calendar)
    return end.date >= wanted.date or wanted.provisional or end.provisional


def _lengths(posting: Posting, term: Term, calendar: Calendar) -> dict[str, str]:
    assert term.days is not None
    kind = term.day_kind or "calendar"
    return {
        "start": posting.start.isoformat(),
        "end": posting_end(posting, calendar).date.isoformat(),
        "last": calendar.posting_end(posting.start, term.days, kind).date.isoformat(),
        "days": str(term.days),
        "kind": KINDS[kind],
    }


def _consultation(scope: Scope, record: Record, item: Item) -> Iterator[Finding]:
    consultation, term = record.front.consultation, consultation_term(item)
    if consultation is None or term is None:
        return
    posting = Posting.model_validate({"from": consultation.start, "until": consultation.until})
    if not _long_enough(posting, term, scope.calendar):
        yield at("SG708", record, "consultation", **_lengths(posting, term, scope.calendar))
