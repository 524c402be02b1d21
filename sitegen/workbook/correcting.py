"""The record that a workbook corrects: which one it is, what of its head stays, whether anything changed, and its next revision."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sitegen.load.files import split_front
from sitegen.load.textfile import decode
from sitegen.load.yamlfile import parse
from sitegen.model.catalog import Item
from sitegen.model.finding import N_
from sitegen.model.ledger import History
from sitegen.model.matter import batch_number
from sitegen.model.period import Period
from sitegen.model.record import RecordFile
from sitegen.model.region import Record, Unit
from sitegen.model.table import Table, fold

from .asking import Asking, Halt
from .heading import Heading

REPLACE, STOP = "替换", "不替换"


def existing(asking: Asking, unit: Unit, item: Item, front: Mapping[str, Any]) -> Record | None:
    """The unit's record of the same item, period and stage; ``None`` for a new one. Raises :class:`Halt` where several may be meant."""
    if (named := asking.answers.get("record")) is not None:
        found = [r for r in unit.records if r.front.id == named]
        if not found:
            asking.say("SG274", answer=named, question="record", choices=[r.front.id for r in unit.records][-10:])
            raise Halt
        return found[0]

    def key(period: Any, batch: Any, subject: Any, stage: Any) -> tuple[Any, ...]:
        return (Period.parse(str(period)) if period else None, batch_number(batch), fold(subject), stage)

    wanted = key(front.get("period"), front.get("batch"), front.get("subject"), front.get("stage"))
    same = []
    for r in unit.records:
        f = r.front
        if f.item == item.id and key(f.period, f.batch, f.subject, f.stage) == wanted and (f.period or f.title == front["title"]):
            same.append(r)
    if not same:
        return None
    if len(same) == 1 and (same[0].front.title == front["title"] or item.per == "single" or front.get("period")):
        return same[0]
    asking.ask("record", N_("Which record does it correct?"), [r.front.id for r in same], proposal=same[0].front.id)
    raise Halt


def history_of(unit: Unit, id: str) -> History | None:
    """What the ledger says of a record; ``None`` where it was never released."""
    return next((h for h in unit.ledger.histories.values() if (unit.code, id) in h.names), None)


def head_of(root: Path, old: Record, made: Heading) -> dict[str, Any]:
    """The head that is there at ``root``, with what the workbook says in its place."""
    text = decode((root / old.file).read_bytes())
    parts = split_front(text)
    kept: dict[str, Any] = dict(parse(parts[0], first_line=2).data) if parts else {}
    return {**kept, **made.front, "id": old.front.id}


def unchanged(unit: Unit, old: Record, front: Mapping[str, Any], body: str, table: Table | None) -> bool:
    """Whether the workbook says nothing that the record does not say already."""
    content = unit.contents()[old.front.id]
    rows = (content.table.columns, content.table.rows) if content.table else None
    new_rows = (table.columns, table.rows) if table else None
    if rows != new_rows or content.body.strip() != body.strip():
        return False
    try:
        new = RecordFile.model_validate({**front, "table": None})
    except ValueError:
        return False
    return new == old.front.model_copy(update={"table": None})


def revise(asking: Asking, front: dict[str, Any], old: Record, history: History | None, why: str, date: dt.date) -> None:
    """Give the head its revision: what was released gets the next one, with the reason; what was not is replaced where somebody says so."""
    title = old.front.title
    if history is None or not history.newest_rev:
        answer = asking.answers.get("overwrite")
        if answer == STOP:
            asking.say("SG274", answer=answer, question="overwrite", choices=[REPLACE])
        elif answer != REPLACE:
            text = N_("«{title}» ({id}) is there already and was not released yet: replace it?")
            asking.ask("overwrite", text, (REPLACE, STOP), title=title, id=old.front.id)
        return
    n = max(old.front.revision.n, history.newest_rev + 1)
    reason = asking.answers.get("why") or why
    if not reason:
        text = N_("«{title}» ({id}) was released as revision {rev}. What is corrected, and why? Residents read it")
        asking.ask("why", text, (), title=title, id=old.front.id, rev=str(history.newest_rev))
        return
    front["revision"] = {"n": n, "on": date, "why": reason}
