"""Accounts (财务): every row adds up, every balance is carried over, months make their quarter.

One wrong figure breaks several of these at once. It is reported once, at its row: a row that does not add up first, with the figure that
all else speaks for; what the other comparisons then see is the row put right, so that they say only what is left.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Generator, Iterator
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from sitegen.model.accounts import LOOK, Balance, Shape, cause
from sitegen.model.catalog import TableSchema
from sitegen.model.finding import Finding
from sitegen.model.period import Period
from sitegen.model.region import Record

from .books import Books, Statement, collect, money
from .details import check_details, check_vouchers
from .scope import Scope, in_table
from .transfers import check_transfers


def check_accounts(scope: Scope) -> Iterator[Finding]:
    """Everything about accounts."""
    books = collect(scope)
    for record, shape, schema, rows in books.loose:
        for row in rows:
            if not row.adds_up:
                yield _does_not_add_up(record, schema, shape, row, None)
            else:
                yield from _parts(record, schema, row)
    witnesses = _Witnesses(books)
    for account in books.accounts:
        for s in account:
            yield from _rows(s, witnesses)
    for account in books.accounts:
        broken = yield from _carried_over(account, witnesses)
        yield from _months(account, broken)
    yield from check_details(books)
    yield from check_vouchers(books)
    yield from check_transfers(scope, books)


# ---- One row.


def _rows(s: Statement, witnesses: _Witnesses) -> Iterator[Finding]:
    """Each row adds up, and each total is the sum of its parts."""
    sound = True
    for row in s.rows:
        if s.row is None and not row.known:
            continue
        if not row.adds_up:
            suspect = witnesses.suspect(s, row)
            yield _does_not_add_up(s.record, s.schema, s.shape, row, suspect)
            if suspect is None or len(s.rows) > 1:
                sound = False
                continue
            row = row.corrected(suspect, row.implied(suspect))
            s.row = row
        found = list(_parts(s.record, s.schema, row, witnesses.other(s)))
        yield from found
        if found and s.row is not None:
            # Which part is wrong is not known: the totals stand, the parts are not compared further.
            s.row = Balance(s.shape, {n: v for n, v in s.row.values.items() if n in s.shape.totals}, s.row.line)
    if not sound:
        s.row = None


def _does_not_add_up(record: Record, schema: TableSchema, shape: Shape, row: Balance, suspect: str | None) -> Finding:
    titles = {c.name: c.title for c in schema.fields}
    right = row.implied(shape.closing)
    found = row[shape.closing] or Decimal(0)
    off = {n: (row[n] or Decimal(0)) - row.implied(n) for n in shape.totals}
    blamed = suspect or shape.closing
    return in_table(
        "SG601",
        record,
        row.line,
        opening=titles[shape.opening],
        plus=titles[shape.plus],
        minus=titles[shape.minus],
        closing=titles[shape.closing],
        a=money(row[shape.opening]),
        b=money(row[shape.plus]),
        c=money(row[shape.minus]),
        right=money(right),
        found=money(found),
        difference=money(abs(found - right)),
        suspect=f" → {titles[suspect]} {money(row.implied(suspect))}" if suspect else "",
        hint=cause(row[blamed] or Decimal(0), row.implied(blamed)),
        explains=tuple((titles[n], off[n]) for n in ([suspect] if suspect else shape.totals)),
    )


def _parts(record: Record, schema: TableSchema, row: Balance, other: Balance | None = None) -> Iterator[Finding]:
    """Each total of a row is the sum of its parts, where parts are given."""
    titles = {c.name: c.title for c in schema.fields}
    for total in row.shape.totals:
        added, found = row.sum_of_parts(total), row[total]
        if added is None or found is None or added == found:
            continue
        off = added - found
        given = [p for p in row.shape.parts(total) if row[p] is not None]
        likely = [p for p in row.shape.parts(total) if other is not None and (row[p] or 0) - (other[p] or 0) == off]
        part = likely[0] if likely else given[0] if len(given) == 1 else None
        yield in_table(
            "SG602",
            record,
            row.line,
            column=titles[total],
            sum=money(added),
            found=money(found),
            difference=money(abs(off)),
            suspect=f" → {titles[part]} {money((row[part] or Decimal(0)) - off)}" if part else "",
            hint=cause(row[part] or Decimal(0), (row[part] or Decimal(0)) - off) if part else LOOK,
            explains=tuple((titles[p], off) for p in row.shape.parts(total)),
        )


class _Witnesses:
    """What else says a figure of a statement: the periods before and after, the details, the other level's account."""

    def __init__(self, books: Books) -> None:
        self.closings: dict[tuple[int, object], set[Decimal]] = defaultdict(set)
        self.openings: dict[tuple[int, object], set[Decimal]] = defaultdict(set)
        self.account: dict[int, int] = {}
        self.same: dict[tuple[str, Period], list[Statement]] = defaultdict(list)
        self.details = books.details
        for n, account in enumerate(books.accounts):
            for s in account:
                self.account[id(s)] = n
                self.same[s.village, s.period].append(s)
                if s.row is not None:
                    self.openings[n, s.period.start.toordinal()].add(s.row[s.shape.opening] or Decimal(0))
                    self.closings[n, s.period.end.toordinal() + 1].add(s.row[s.shape.closing] or Decimal(0))

    def other(self, s: Statement) -> Balance | None:
        """The same village's row for the same period in another record, where there is just one."""
        rows = [o.row for o in self.same[s.village, s.period] if o is not s and o.record is not s.record and o.row is not None]
        return rows[0] if len(rows) == 1 else None

    def suspect(self, s: Statement, row: Balance) -> str | None:
        """The total that is wrong: the one that others contradict and that, put right, makes the row add up."""
        said = {n: self._said(s, row, n) for n in s.shape.totals}
        fits = [n for n in s.shape.totals if row.implied(n) in said[n]]
        if fits:
            return next((n for n in fits if row[n] not in said[n]), fits[0])
        doubted = [n for n in s.shape.totals if row[n] not in said[n]]
        return doubted[0] if len(doubted) == 1 else None

    def _said(self, s: Statement, row: Balance, name: str) -> set[Decimal]:
        account = self.account[id(s)]
        said: set[Decimal] = set()
        if name == s.shape.opening:
            said |= self.closings[account, s.period.start.toordinal()]
        elif name == s.shape.closing:
            said |= self.openings[account, s.period.end.toordinal() + 1]
        else:
            if (added := row.sum_of_parts(name)) is not None:
                said.add(added)
            kind = "收入" if name == s.shape.plus else "支出"
            listed = self.details.get(s.record.unit, {}).get(s.period, [])
            if any(p.entry.kind == kind for p in listed):
                said.add(sum((p.entry.amount for p in listed if p.entry.kind == kind), Decimal(0)))
        if (other := self.other(s)) is not None and (value := other[name]) is not None and other.adds_up:
            said.add(value)
        return said


# ---- One account over time.


class _Claim(Struct, frozen=True):
    """A balance that a statement states for a day."""

    statement: Statement
    column: str
    value: Decimal


def _alone(account: list[Statement]) -> list[Statement]:
    """The statements that can be relied on: two of one period are told apart by nobody."""
    count = Counter(s.period for s in account)
    return [s for s in account if s.row is not None and count[s.period] == 1]


def _carried_over(account: list[Statement], witnesses: _Witnesses) -> Generator[Finding, None, set[int]]:
    """All balances stated for one day are one; a missing period in between breaks nothing. Returns the statements found wrong."""
    days: dict[int, list[_Claim]] = defaultdict(list)
    for s in _alone(account):
        assert s.row is not None
        days[s.period.start.toordinal()].append(_Claim(s, s.shape.opening, s.row[s.shape.opening] or Decimal(0)))
        days[s.period.end.toordinal() + 1].append(_Claim(s, s.shape.closing, s.row[s.shape.closing] or Decimal(0)))
    wrong: set[int] = set()
    moved: dict[int, Decimal] = {}
    """Statements that start with a wrong balance, and by how much: what they end with is wrong by as much."""
    for _, claims in sorted(days.items()):
        claims = _put_right(claims, moved)
        count = Counter(c.value for c in claims)
        if len(count) < 2:
            continue
        # What most say holds, the other level's account included; where it is one against one, the balance that was published first does.
        count.update(c.value for c in claims if (other := witnesses.other(c.statement)) is not None and other[c.column] == c.value)
        right = max(claims, key=lambda c: (count[c.value], c.column == c.statement.shape.closing, -c.statement.period.end.toordinal()))
        for claim in claims:
            if claim.value == right.value:
                continue
            s = claim.statement
            wrong.add(id(s))
            if claim.column == s.shape.opening:
                moved[id(s)] = claim.value - right.value
            yield in_table(
                "SG603",
                s.record,
                s.line,
                column=s.title(claim.column),
                found=money(claim.value),
                other=right.statement.title(right.column),
                period=right.statement.period.zh,
                right=money(right.value),
                file=f"{right.statement.file}:{right.statement.line}",
                difference=money(abs(claim.value - right.value)),
                hint=cause(claim.value, right.value),
                explains=((s.title(claim.column), claim.value - right.value),),
            )
    return wrong


def _put_right(claims: list[_Claim], moved: dict[int, Decimal]) -> list[_Claim]:
    """Closing balances without the slip with which their statements began, where that makes them agree with another balance."""
    values = {c.value for c in claims}
    made = []
    for c in claims:
        value = c.value - moved.get(id(c.statement), Decimal(0))
        made.append(replace(c, value=value) if c.column == c.statement.shape.closing and value in values else c)
    return made


def _months(account: list[Statement], broken: set[int]) -> Iterator[Finding]:
    """A longer period's income and expense are those of the shorter ones that make it up, when all are there."""
    alone = _alone(account)
    for s in alone:
        pieces = _pieces(s, alone)
        if not pieces or id(s) in broken or any(id(p) in broken for p in pieces):
            continue
        assert s.row is not None
        for column in (s.shape.plus, s.shape.minus):
            found = s.row[column] or Decimal(0)
            added = sum((p.row[column] or Decimal(0) for p in pieces if p.row is not None), Decimal(0))
            if found != added:
                yield in_table(
                    "SG606",
                    s.record,
                    s.line,
                    column=s.title(column),
                    found=money(found),
                    sum=money(added),
                    difference=money(abs(found - added)),
                    hint=cause(found, added),
                    explains=((s.title(column), found - added),),
                )
                break


def _pieces(s: Statement, others: list[Statement]) -> list[Statement]:
    """The shortest statements that together cover a period without a gap; nothing where there is one."""
    found: list[Statement] = []
    day = s.period.start
    while True:
        here = [o for o in others if o is not s and o.period.start == day and o.period in s.period and o.period != s.period]
        if not here:
            return []
        piece = min(here, key=lambda o: o.period.end)
        found.append(piece)
        if piece.period.end == s.period.end:
            return found
        day = piece.period.end + dt.timedelta(1)
