"""Records → what their pages show of the dialogue with the public, on a day."""

from __future__ import annotations

import datetime as dt

from .dialogue import DialogueView, Form, HearingView, forms_of, hearing_state
from .record import RecordFile

_DAY = dt.timedelta(1)


def dialogue_of(front: RecordFile, result: str, date: dt.date) -> tuple[DialogueView | None, tuple[dt.date, ...]]:
    """What a record shows, ``None`` where that is nothing, and the days on which it turns.

    ``result`` is the address of the feedback on it, or "".
    """
    if not (front.plain or front.forms or front.media or front.response or front.consultation or front.interprets or front.feedback_on):
        return None, ()
    hearing: HearingView | None = None
    turns: tuple[dt.date, ...] = ()
    if (asked := front.consultation) is not None:
        state = hearing_state(asked.start, asked.until, bool(result), date)
        hearing = HearingView(asked.kind, asked.start, asked.until, state, asked.ways, result)
        turns = (asked.start, asked.until + _DAY)
    return DialogueView(front.plain, forms(front), front.response, hearing, front.feedback_on is not None), turns


def forms(front: RecordFile) -> tuple[Form, ...]:
    """How a record explains: what its head names and what its media are; an interpretation that says nothing is a text."""
    named = forms_of(front.forms, front.media)
    return named or (("文字",) if front.interprets is not None else ())
