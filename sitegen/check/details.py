"""Details (逐笔明细): the same money as the statement, every date in its period, every voucher number used once."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal

from msgspec.structs import replace

from sitegen.model.accounts import KINDS, LOOK, MISSING, TWICE, Balance, cause, likeness, part_of
from sitegen.model.finding import Finding
from sitegen.model.period import Period
from sitegen.model.table import fold

from .books import Books, Posted, Statement, money
from .scope import at, in_table

_UNLIKELY = 5
"""Beyond this :func:`likeness`, a missing row is the likelier reason for too small a sum."""
_RESTARTS = 0.25
"""Share of the numbers that come up in several months where numbering restarts."""
_NUMBER = re.compile(r"(\d+)\D*$")


def check_details(books: Books) -> Iterator[Finding]:
    """The details of a village's own statement add up to it, kind by kind and category by category."""
    for account in books.accounts:
        count = Counter(s.period for s in account)
        compared: set[Period] = set()
        for s in account:
            if s.record.unit == s.village and s.row is not None and count[s.period] == 1 and (listed := _listed(books, account, s)):
                compared |= {p for p in books.details[s.village] if p in s.period}
                yield from _compare(books, s, listed)
        if account and account[0].record.unit == account[0].village:
            for period in [p for p in books.details.get(account[0].village, {}) if p not in compared]:
                whole = _months_of(account, period, count)
                if whole is not None and (listed := _listed(books, account, whole)):
                    yield from _compare(books, whole, listed)


def _months_of(account: list[Statement], period: Period, count: Counter[Period]) -> Statement | None:
    """The statements of a period's months as one: details that are posted by the quarter have no other to be compared with."""
    pieces, day = [], period.start
    while day <= period.end:
        piece = next(
            (s for s in account if s.period.start == day and s.period in period and s.row is not None and count[s.period] == 1), None
        )
        if piece is None:
            return None
        pieces.append(piece)
        day = piece.period.end + dt.timedelta(1)
    last = pieces[-1]
    values: dict[str, Decimal | None] = {}
    for s in pieces:
        assert s.row is not None
        for name, value in s.row.values.items():
            if value is not None:
                values[name] = (values.get(name) or Decimal(0)) + value
    if any(set(s.row.values) <= set(s.shape.totals) for s in pieces if s.row is not None):
        values = {n: v for n, v in values.items() if n in last.shape.totals}  # parts of one are in doubt
    whole = Balance(last.shape, values, last.line)
    return replace(last, period=period, rows=[whole], row=whole)


def _listed(books: Books, account: list[Statement], s: Statement) -> list[Posted]:
    """The entries of a statement's period: posted for it, or for the months that make it up."""
    of_unit = books.details.get(s.record.unit, {})
    found = of_unit.get(s.period)
    if any(unit == s.record.unit and p in s.period for unit, p in books.torn):
        return []
    if found is None:
        found, day = [], s.period.start
        while day <= s.period.end:
            part = next((p for p in of_unit if p.start == day and p in s.period), None)
            if part is None:
                return []
            found += of_unit[part]
            day = part.end + dt.timedelta(1)
    # What says it is about something else is another account's.
    subject = fold(s.record.front.subject)
    found = [p for p in found if not subject or fold(p.record.front.subject) in ("", subject)]
    others = [o for a in books.accounts if a is not account for o in a if o.record.unit == s.record.unit and o.period == s.period]
    if not others:
        return found
    # A village with several accounts tells them apart by subject and issuer, in the details as in the statements.
    mine = (s.record.front.subject, s.record.front.issuer)
    return [p for p in found if (p.record.front.subject, p.record.front.issuer) == mine]


def _compare(books: Books, s: Statement, listed: list[Posted]) -> Iterator[Finding]:
    assert s.row is not None
    totals = {kind: s.row[s.shape.plus if n == "income" else s.shape.minus] or Decimal(0) for kind, n in KINDS.items()}
    of_kind = {kind: [p for p in listed if p.entry.kind == kind] for kind in KINDS}
    sums = {kind: sum((p.entry.amount for p in found), Decimal(0)) for kind, found in of_kind.items()}
    off = {kind: sums[kind] - totals[kind] for kind in KINDS if of_kind[kind]}
    over, under = sorted(KINDS, key=lambda k: sums[k] - totals[k], reverse=True)
    flipped = sums[over] - totals[over]
    if off.get(over) and flipped == totals[under] - sums[under]:
        # Too much here is too little there: an entry strayed, or one with a minus strayed the other way.
        ways = [(p, over, under) for p in of_kind[over] if p.entry.amount == flipped]
        ways += [(p, under, over) for p in of_kind[under] if p.entry.amount == -flipped]
        if ways:
            # The kind of its record's other rows tells which of several equal amounts strayed.
            common = Counter((p.record.ref, p.entry.kind) for p in listed)
            stray, kind, right = min(ways, key=lambda w: common[w[0].record.ref, w[1]] - common[w[0].record.ref, w[2]])
            yield _misplaced(s, stray, kind, right)
            parts = s.shape.parts(s.shape.plus if KINDS[right] == "income" else s.shape.minus)
            stray.entry = replace(stray.entry, kind=right, part=part_of(stray.entry.category, s.schema, parts))
            return
    for kind, difference in off.items():
        if difference:
            yield from _wrong_sum(books, s, kind, listed, difference, totals[kind])
        else:
            yield from _categories(s, kind, of_kind[kind])


def _by_part(s: Statement, kind: str, found: list[Posted]) -> dict[str, Decimal] | None:
    """By how much the details of each category exceed the statement's part; ``None`` where the two have not the same categories."""
    assert s.row is not None
    parts = s.shape.parts(s.shape.plus if KINDS[kind] == "income" else s.shape.minus)
    if any(p.entry.part is None for p in found) or all(s.row[p] is None for p in parts):
        return None
    off = {p: -(s.row[p] or Decimal(0)) for p in parts}
    for posted in found:
        assert posted.entry.part is not None
        off[posted.entry.part] += posted.entry.amount
    return {p: v for p, v in off.items() if v}


def _categories(s: Statement, kind: str, found: list[Posted]) -> Iterator[Finding]:
    off = _by_part(s, kind, found)
    if not off:
        return
    over = max(off, key=lambda p: off[p])
    under = min(off, key=lambda p: off[p])
    # Too much here is too little there: an entry strayed, or one with a minus strayed the other way.
    ways = [(p, under) for p in found if p.entry.part == over and p.entry.amount == off[over]]
    ways += [(p, over) for p in found if p.entry.part == under and p.entry.amount == off[under]]
    stray, right = ways[0] if ways else (next((p for p in found if p.entry.part == over), found[0]), under)
    yield _misplaced(s, stray, stray.entry.category, s.title(right))
    if ways and len(off) == 2:
        stray.entry = replace(stray.entry, part=right)


def _misplaced(s: Statement, stray: Posted, found: str, right: str) -> Finding:
    return in_table("SG605", stray.record, stray.entry.line, amount=money(stray.entry.amount), found=found, right=right, file=s.file)


def _wrong_sum(books: Books, s: Statement, kind: str, listed: list[Posted], off: Decimal, total: Decimal) -> Iterator[Finding]:
    found = [p for p in listed if p.entry.kind == kind]
    gap = _after_gap(listed) if off < 0 else None
    parts = _by_part(s, kind, found) or {}
    within = [p for p in found if len(parts) != 1 or p.entry.part in parts]
    posted, hint, right = (gap or found[-1], MISSING, None) if gap or not within else _likeliest(found, within, off, _usual(books, s))
    if right is not None:
        posted.entry = replace(posted.entry, amount=right)
    elif hint == TWICE:
        posted.entry = replace(posted.entry, amount=Decimal(0), part=None)  # nobody paid it a second time
    elif hint == MISSING:
        books.missing[s.village].append(-off)
    yield in_table(
        "SG604",
        posted.record,
        posted.entry.line,
        kind=kind,
        sum=money(total + off),
        total=money(total),
        difference=money(abs(off)),
        file=s.file,
        suspect=f" → {money(right)}" if right is not None else "",
        rows=[p.entry.line for p in within or found][:8],
        hint=hint,
    )


def _usual(books: Books, s: Statement) -> frozenset[tuple[str, Decimal]]:
    """Amounts that the unit's details of other periods have, by category: wages and rents come again and again."""
    of_unit = books.details.get(s.record.unit, {})
    return frozenset(
        (p.entry.category, p.entry.amount) for period, found in of_unit.items() if period not in s.period for p in found if p.entry.amount
    )


def _likeliest(
    found: list[Posted], within: list[Posted], off: Decimal, usual: frozenset[tuple[str, Decimal]]
) -> tuple[Posted, str, Decimal | None]:
    """The entry that a sum is most likely wrong by, why, and the amount it should have; without one where rows are too many or too few."""
    twins = Counter(_same(p) for p in found)
    again = [p for p in found if p.entry.amount == off and twins[_same(p)] > 1]
    if again:
        return again[-1], TWICE, None

    def odd(p: Posted) -> tuple[bool, bool, int, int]:
        right = p.entry.amount - off
        known, other = (p.entry.category, p.entry.amount) in usual, (p.entry.category, right) in usual
        # A slip seldom makes a figure rounder than it was.
        return (not other, known, likeness(p.entry.amount, right), _zeros(p.entry.amount) - _zeros(right))

    best = min(within, key=odd)
    right = best.entry.amount - off
    if off < 0 and len(within) > 1 and likeness(best.entry.amount, right) > _UNLIKELY:
        return within[-1], MISSING, None
    hint = cause(best.entry.amount, right)
    return best, hint, right if hint != LOOK or len(within) == 1 else None


def _zeros(amount: Decimal) -> int:
    digits = f"{abs(amount):.2f}".replace(".", "")
    return len(digits) - len(digits.rstrip("0"))


def _same(p: Posted) -> tuple[object, ...]:
    return (p.entry.date, p.entry.voucher, p.entry.category, p.entry.amount)


def _after_gap(listed: list[Posted]) -> Posted | None:
    """The first entry whose running number leaves one out."""
    before: dict[str, Decimal] = defaultdict(Decimal)
    for p in listed:
        if p.entry.no is not None:
            if p.entry.no == before[p.record.ref] + 2:
                return p
            before[p.record.ref] = p.entry.no
    return None


# ---- Dates and vouchers.


def check_vouchers(books: Books) -> Iterator[Finding]:
    """Every date lies in its account's period, and every voucher number stands for one day."""
    for of_unit in books.details.values():
        numbered: list[Posted] = []
        for period, listed in of_unit.items():
            records: dict[str, list[Posted]] = defaultdict(list)
            for p in listed:
                records[p.record.ref].append(p)
            for rows in records.values():
                outside = [p for p in rows if p.entry.date is not None and not period.start <= p.entry.date <= period.end]
                yield from _outside(period, rows, outside)
                for p in outside:
                    p.entry = replace(p.entry, date=None)
                numbered += [p for p in rows if p.entry.date is not None and p.entry.voucher]
        yield from _used_twice(numbered)


def _outside(period: Period, rows: list[Posted], outside: list[Posted]) -> Iterator[Finding]:
    if len(outside) > 1 and 2 * len(outside) > len(rows):
        yield at("SG613", outside[0].record, "period", rows=len(outside), of=len(rows), period=period.zh)
        return
    for p in outside:
        assert p.entry.date is not None
        yield in_table("SG612", p.record, p.entry.line, day=p.entry.date.isoformat(), period=period.zh)


def _used_twice(numbered: list[Posted]) -> Iterator[Finding]:
    """Numbers used on two days of one numbering period: the month where numbers start again every month, else the year."""
    years: dict[int, list[Posted]] = defaultdict(list)
    for p in numbered:
        assert p.entry.date is not None
        years[p.entry.date.year].append(p)
    for rows in years.values():
        monthly = _restarts(rows)
        used: dict[tuple[int, str], list[Posted]] = defaultdict(list)
        for p in rows:
            assert p.entry.date is not None
            used[p.entry.date.month if monthly else 0, p.entry.voucher].append(p)
        order = _Order(rows)
        for same in used.values():
            days = {p.entry.date for p in same}
            if len(days) < 2:
                continue
            first = min(same, key=order.misfit)
            for p in same:
                if p.entry.date == first.entry.date:
                    continue
                assert p.entry.date is not None
                assert first.entry.date is not None
                yield in_table(
                    "SG611",
                    p.record,
                    p.entry.line,
                    voucher=p.entry.voucher,
                    day=p.entry.date.isoformat(),
                    other=first.entry.date.isoformat(),
                    place=f"{first.record.table_file}:{first.entry.line}",
                )


def _restarts(rows: list[Posted]) -> bool:
    """Whether numbers start again every month: then many stand in several months, not just one that was used twice."""
    months: dict[str, set[int]] = defaultdict(set)
    for p in rows:
        if p.entry.date is not None:
            months[p.entry.voucher].add(p.entry.date.month)
    again = [voucher for voucher, found in months.items() if len(found) > 1]
    if len(again) == 1:
        prefix, number = _parsed(again[0])
        return number == 1 and not any(c.isdigit() for c in prefix)
    return bool(again) and len(again) >= _RESTARTS * len(months)


class _Order:
    """Where a row's number stands among the rows beside it: the row that breaks the order is the one mistyped."""

    def __init__(self, rows: Iterable[Posted]) -> None:
        self.beside: dict[int, tuple[Posted | None, Posted | None]] = {}
        self.place: dict[int, int] = {}
        records: dict[str, list[Posted]] = defaultdict(list)
        rows = list(rows)
        self.by_month = sum(p.entry.date is not None and _month(p) == p.entry.date.month for p in rows) > len(rows) / 2
        for n, p in enumerate(rows):
            self.place[id(p)] = n
            records[p.record.ref].append(p)
        for found in records.values():
            for n, p in enumerate(found):
                self.beside[id(p)] = (found[n - 1] if n else None, found[n + 1] if n + 1 < len(found) else None)

    def misfit(self, p: Posted) -> tuple[int, int]:
        """How badly a row stands: out of order with a neighbour, a number left out beside it, a month in its number that is not its own."""
        before, after = self.beside[id(p)]
        prefix, mine = _parsed(p.entry.voucher)
        wrong = 0
        for one, way in ((before, -1), (after, 1)):
            if one is not None:
                other, number = _parsed(one.entry.voucher)
                wrong += int((other, number) < (prefix, mine) if way > 0 else (other, number) > (prefix, mine))
                wrong += int(other == prefix and (number - mine) * way > 1)
        if self.by_month and p.entry.date is not None and _month(p) != p.entry.date.month:
            wrong += 2
        return wrong, self.place[id(p)]


def _parsed(voucher: str) -> tuple[str, int]:
    """What stands before a voucher's number, and the number."""
    m = _NUMBER.search(voucher)
    return (voucher[: m.start(1)], int(m[1])) if m else (voucher, 0)


def _month(p: Posted) -> int:
    """The figure before the number (07-11, 2026-07-11), which may be the month."""
    m = _NUMBER.search(_parsed(p.entry.voucher)[0])
    return int(m[1]) if m else 0
