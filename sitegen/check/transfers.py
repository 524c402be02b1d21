"""Payments to villages (上级拨付): what a township's list says it paid is what the village booked, within the days allowed.

Which items are lists of payments, the catalogue says (``transfer``). A village's side are its details: receipts whose category is the part
of the statement named ``income_allocated``. Nothing is judged before the village's account of those days is published: that it is late is
for the check of deadlines to say.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from itertools import combinations

from msgspec import Struct

from sitegen.model.accounts import ALLOCATED, INCOME, cause, is_details
from sitegen.model.catalog import Transfer
from sitegen.model.finding import Finding
from sitegen.model.matter import names_of
from sitegen.model.period import Period
from sitegen.model.region import Record, Unit
from sitegen.model.table import Table, fold

from .books import Books, Posted, money, tables_of, villages_by_name
from .scope import Scope, at, in_table


class _Paid(Struct):
    """One row of a list of payments."""

    record: Record
    line: int
    village: str
    title: str
    amount: Decimal
    on: dt.date
    booked: list[Posted]
    lost: bool = False
    """Its receipt is missing from the details, which was reported there."""


_FAR = 80
"""Days beyond which a receipt of the same amount is another one's: equal amounts come every quarter."""


def check_transfers(scope: Scope, books: Books) -> Iterator[Finding]:
    """Every payment is booked, in its amount and in time; every receipt from the township stands in its list."""
    items = {i.id: i.transfer for i in scope.region.catalog.items.values() if i.transfer}
    if not items:
        return
    paid: dict[str, list[_Paid]] = defaultdict(list)
    lists: list[tuple[Unit, Record]] = []
    for unit in scope.region.units.values():
        names = None
        for record, table in tables_of(unit, set(items), scope):
            names = villages_by_name(scope.region, unit) if names is None else names
            lists.append((unit, record))
            transfer = items[record.front.item]
            assert transfer is not None
            yield from _read(scope, unit, record, table, transfer, dict(names), paid, books)
    received = {
        code: [p for listed in of_unit.values() for p in listed if p.entry.kind == INCOME and p.entry.part == ALLOCATED]
        for code, of_unit in books.details.items()
    }
    for village, payments in paid.items():
        yield from _match(scope, books, village, payments, received.get(village, []))
    yield from _not_listed(scope, books, lists, paid, received)


def _read(
    scope: Scope,
    unit: Unit,
    record: Record,
    table: Table,
    transfer: Transfer,
    names: dict[str, str],
    paid: dict[str, list[_Paid]],
    books: Books,
) -> Iterator[Finding]:
    places = {n: i for i, n in enumerate(table.columns)}
    if transfer.village not in places or transfer.amount not in places:
        return
    schema = scope.region.catalog.tables[table.schema]
    title = next(c.title for c in schema.fields if c.name == transfer.amount)
    for row, line in zip(table.rows, table.lines, strict=True):
        amount = row[places[transfer.amount]]
        if (table.file, line) in books.doubtful or not isinstance(amount, Decimal) or not amount:
            continue
        written = fold(row[places[transfer.village]])
        village = names.get(written)
        if village is None:
            books.nameless.add(table.file)
            if scope.region.complete:
                yield in_table("SG501", record, line, value=written or "（空）", township=unit.data.name)
            continue
        day = row[places[transfer.day]] if transfer.day in places else None
        on = day if isinstance(day, dt.date) else record.front.events.get("allocated", record.front.formed)
        paid[village].append(_Paid(record, line, village, title, amount, on, []))


def _until(scope: Scope, paid: _Paid) -> dt.date:
    return scope.calendar.deadline(paid.on, scope.region.data.thresholds.transfer, "calendar").date


def _match(scope: Scope, books: Books, village: str, payments: list[_Paid], received: list[Posted]) -> Iterator[Finding]:
    free = list(received)

    def take(p: _Paid, found: list[Posted]) -> None:
        p.booked = found
        for one in found:
            free.remove(one)

    def in_time(p: _Paid, one: Posted) -> bool:
        if one.entry.date is not None:
            return p.on <= one.entry.date <= _until(scope, p)
        if one.record.front.period is None:
            return True
        period = Period.parse(one.record.front.period)  # its day is wrong, its account is not
        return p.on <= period.end and period.start <= _until(scope, p)

    for p in payments:  # each by its own receipt
        if one := next((x for x in free if x.entry.amount == p.amount and in_time(p, x)), None):
            take(p, [one])
    for p in payments:  # in parts
        near = [x for x in free if in_time(p, x)][:12]
        if not p.booked and (some := next((c for n in (2, 3) for c in combinations(near, n) if _total(c) == p.amount), None)):
            take(p, list(some))
    for one in list(free):  # several at once
        open_ = [p for p in payments if not p.booked and in_time(p, one)][:12]
        if many := next((c for n in (2, 3) for c in combinations(open_, n) if sum(x.amount for x in c) == one.entry.amount), None):
            for p in many:
                p.booked = [one]
            free.remove(one)
    lost = list(books.missing.get(village, []))
    for p in payments:  # reported already, as a row that the details lack
        if not p.booked and p.amount in lost:
            lost.remove(p.amount)
            p.lost = True
    for p in payments:  # at another time
        near = [x for x in free if x.entry.amount == p.amount and (_apart(p, x) <= _FAR or _astray(p, x))]
        if not p.booked and not p.lost and near:
            one = min(near, key=lambda x: (not _astray(p, x), _apart(p, x)))
            take(p, [one])
            yield _wrong_day(scope, village, p, one)
    for p in payments:
        if p.booked or p.lost:
            continue
        if one := next((x for x in free if in_time(p, x)), None):
            take(p, [one])
            yield in_table(
                "SG608",
                p.record,
                p.line,
                village=scope.region.units[village].data.name,
                found=money(p.amount),
                paid=p.on.isoformat(),
                right=money(one.entry.amount),
                booked=one.entry.date.isoformat() if one.entry.date else "—",
                file=one.record.table_file,
                difference=money(abs(p.amount - one.entry.amount)),
                hint=cause(p.amount, one.entry.amount),
                explains=((p.title, p.amount - one.entry.amount),),
            )
        elif not _hidden(scope, books, village, p.on) and _published(books, village, p.on, _until(scope, p)):
            yield in_table(
                "SG607",
                p.record,
                p.line,
                village=scope.region.units[village].data.name,
                code=village,
                amount=money(p.amount),
                paid=p.on.isoformat(),
                until=_until(scope, p).isoformat(),
                explains=((p.title, p.amount),),
            )


def _total(found: tuple[Posted, ...]) -> Decimal:
    return sum((x.entry.amount for x in found), Decimal(0))


def _astray(p: _Paid, one: Posted) -> bool:
    """Whether the day of payment lies outside of its list's period and the receipt's within: then the day is mistyped, however far."""
    if p.record.front.period is None or one.entry.date is None:
        return False
    period = Period.parse(p.record.front.period)
    return not period.start <= p.on <= period.end and period.start <= one.entry.date <= period.end


def _apart(p: _Paid, one: Posted) -> int:
    return abs((one.entry.date - p.on).days) if one.entry.date else 0


def _wrong_day(scope: Scope, village: str, p: _Paid, one: Posted) -> Finding:
    """Late, or booked before it was paid. The list is to blame where its own other rows have the day that fits, or no village books ahead."""
    assert one.entry.date is not None
    args = {
        "amount": money(p.amount),
        "village": scope.region.units[village].data.name,
        "paid": p.on.isoformat(),
        "booked": one.entry.date.isoformat(),
        "until": _until(scope, p).isoformat(),
    }
    if one.entry.date < p.on or _others_fit(scope, p, one):
        return in_table("SG609", p.record, p.line, file=one.record.table_file, **args)
    return in_table("SG609", one.record, one.entry.line, file=p.record.table_file, **args)


def _others_fit(scope: Scope, p: _Paid, one: Posted) -> bool:
    assert one.entry.date is not None
    unit = scope.region.units[p.record.unit]
    table = unit.contents()[p.record.front.id].table
    transfer = scope.region.catalog.items[p.record.front.item].transfer
    if table is None or transfer is None or transfer.day not in table.columns:
        return False
    days = {d for d, line in zip(table.column(transfer.day), table.lines, strict=True) if line != p.line and isinstance(d, dt.date)}
    return any(d != p.on and d <= one.entry.date <= d + dt.timedelta(scope.region.data.thresholds.transfer) for d in days)


def _hidden(scope: Scope, books: Books, village: str, day: dt.date) -> bool:
    """Whether some of the village's details could not be read."""
    if any(unit == village and p.start <= day <= p.end for unit, p in books.torn):
        return True
    detailed = {i.id for i in scope.region.catalog.items.values() if i.table and is_details(scope.region.catalog.tables[i.table])}
    unit = scope.region.units[village]
    mine = [r for r in unit.records if r.front.item in detailed and r.front.table]
    return scope.may_hide(village, detailed) or any(unit.contents()[r.front.id].table is None for r in mine)


def _published(books: Books, village: str, start: dt.date, end: dt.date) -> bool:
    """Whether the village's details of all these days are public."""
    day = start
    for period in sorted(books.details.get(village, {})):
        if period.start <= day <= period.end:
            day = period.end + dt.timedelta(1)
    return day > end


def _not_listed(
    scope: Scope, books: Books, lists: list[tuple[Unit, Record]], paid: dict[str, list[_Paid]], received: dict[str, list[Posted]]
) -> Iterator[Finding]:
    """Receipts that name the township as their source, of a time for which it published a list that lacks them."""
    taken = {id(x) for payments in paid.values() for p in payments for x in p.booked}
    unread = {file for file, _ in books.doubtful} | books.nameless
    for unit, record in lists:
        if record.front.period is None or record.table_file in unread:
            continue  # a row that could not be read may be the one that is missing
        period = Period.parse(record.front.period)
        names = [n for n in names_of(unit) if not n.isdigit()]
        item = scope.region.catalog.items[record.front.item]
        schema = scope.region.catalog.tables[item.table or ""]
        title = next((c.title for c in schema.fields if item.transfer and c.name == item.transfer.amount), "")
        for village, found in received.items():
            if not village.startswith(unit.code[:9]):
                continue
            for one in found:
                day = one.entry.date
                if id(one) in taken or day is None or not period.start <= day <= period.end:
                    continue
                if any(one.entry.source.startswith(n) for n in names):
                    taken.add(id(one))
                    yield at(
                        "SG610",
                        record,
                        "table",
                        village=scope.region.units[village].data.name,
                        amount=money(one.entry.amount),
                        township=unit.data.name,
                        booked=day.isoformat(),
                        file=f"{one.record.table_file}:{one.entry.line}",
                        explains=((title, -one.entry.amount),),
                    )
