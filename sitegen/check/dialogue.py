"""What was heard from the public: every opinion that was not adopted has a reason, and the opinions add up."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from sitegen.model.dialogue import OPINIONS, adopted
from sitegen.model.finding import Finding
from sitegen.model.region import Record
from sitegen.model.table import Table

from .scope import Scope, at, in_table


def check_dialogue(scope: Scope) -> Iterator[Finding]:
    """Every record that gives the results of a consultation."""
    for unit in scope.region.units.values():
        asked = [r for r in unit.records if r.front.opinions is not None or r.front.received is not None]
        if not asked:
            continue
        contents = unit.contents()
        for record in asked:
            table = contents[record.front.id].table
            if table is not None and table.schema == OPINIONS.id and "adopted" in table.columns:
                yield from _opinions(record, table)


def _opinions(record: Record, table: Table) -> Iterator[Finding]:
    reasons = table.column("why") if "why" in table.columns else [None] * len(table.rows)
    for word, why, opinion, line in zip(table.column("adopted"), reasons, table.column("opinion"), table.lines, strict=True):
        if word in ("部分采纳", "未采纳") and not why:
            yield in_table("SG667", record, line, adopted=str(word), opinion=_short(str(opinion or "")))
    received = record.front.received
    known = {"采纳", "部分采纳", "未采纳"}
    total = sum((n for _, n in adopted(table)), Decimal(0))
    if received is not None and total != received and known >= set(table.column("adopted")):
        yield at("SG668", record, "received", received=received, total=int(total), file=table.file)


def _short(text: str) -> str:
    return text if len(text) <= 20 else text[:19] + "…"
