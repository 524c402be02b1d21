"""Applications in figures (依申请公开统计): by year, result and field, counted from the entries or given for whole years, and whether they add up."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from .annual import GROUPS, Table, total
from .applications import APPLICANTS, RESULTS, Applicant, Application, YearFigures
from .finding import N_

OTHER = "其他"
"""The field of what belongs to none."""


class YearStatistics(Struct, frozen=True):
    """The figures of a year, as shown."""

    year: int
    received: int
    carried_in: int
    carried_out: int
    """Still open at the end of the year, or now."""
    results: tuple[tuple[str, int], ...]
    """Every result in the official order, those without a reply included."""
    applicants: tuple[tuple[str, int], ...]
    fields: tuple[tuple[str, int], ...]
    """Most first; 其他 last."""
    as_of: dt.date | None
    """Where the year is not over: the last day on which an application came or was answered."""

    @property
    def replied(self) -> int:
        """All replies of the year."""
        return sum(n for _, n in self.results)


class Mismatch(Struct, frozen=True):
    """Two figures of a year that should be equal."""

    key: str
    """The key of the head at which it is seen."""
    what: str
    """What is compared, in words (translated)."""
    have: int
    want: int


def mismatches(
    one: YearFigures, before: YearFigures | None, entered: YearFigures | None, after: YearFigures | None = None
) -> Iterator[Mismatch]:
    """Where the figures of a year do not add up: within themselves, with the year before, with the entries of the year and of the next.

    Of a year given in figures some applications may be entered too, since they were carried over: never more than it received.
    """
    replied = sum(one.results.values())
    have, want = one.received + one.carried_in, replied + one.carried_out
    if have != want:
        yield Mismatch("results", N_("received and carried in, against replies and carried out"), want, have)
    for key, parts, what in (
        ("applicants", one.applicants, N_("received, by applicant")),
        ("fields", one.fields, N_("received, by field")),
    ):
        if parts and sum(parts.values()) != one.received:
            yield Mismatch(key, what, sum(parts.values()), one.received)
    if before is not None and before.carried_out != one.carried_in:
        yield Mismatch("carried_in", N_("carried in, against what the year before carried out"), one.carried_in, before.carried_out)
    if entered is not None:
        if entered.received > one.received:
            yield Mismatch("received", N_("received, against the applications entered"), one.received, entered.received)
        elif entered.received == one.received and entered.results != {k: n for k, n in one.results.items() if n}:
            yield Mismatch("results", N_("replies, against the applications entered"), replied, sum(entered.results.values()))

    if after is not None and after.carried_in != one.carried_out:
        yield Mismatch(
            "carried_out", N_("carried out, against the applications entered that were still open"), one.carried_out, after.carried_in
        )


def of_report(year: int, table: Table) -> YearFigures:
    """The figures of a year as its annual report gives them, in the rows of the official table."""
    received, persons = total(table, ("本年新收",)), total(table, ("本年新收",), "自然人")
    return YearFigures(
        year=year,
        received=received,
        carried_in=total(table, ("上年结转",)),
        carried_out=total(table, ("结转下年度",)),
        results={result: n for result in RESULTS if (n := sum(total(table, rows) for name, _, rows in GROUPS if name == result))},
        applicants={"自然人": persons, "法人或其他组织": received - persons},
    )


def against_report(one: YearFigures, report: YearFigures) -> Iterator[Mismatch]:
    """Where the figures of a year are not those of its annual report."""
    what = N_("against the annual report of the year")
    for key in ("received", "carried_in", "carried_out"):
        have, want = getattr(one, key), getattr(report, key)
        if have != want:
            yield Mismatch(key, what, have, want)
    for result in RESULTS:
        if one.results.get(result, 0) != report.results.get(result, 0):
            yield Mismatch("results", what, one.results.get(result, 0), report.results.get(result, 0))
            return


def counted(applications: Sequence[Application], year: int, date: dt.date) -> YearFigures | None:
    """The figures of a year from its applications, as known on ``date``; ``None`` where nothing of the year was entered.

    A reply counts in the year in which it was given; what was received before and was open when the year began is carried in.
    """
    known = [a for a in applications if a.received <= date]
    first, last = dt.date(year, 1, 1), min(dt.date(year, 12, 31), date)
    new = [a for a in known if first <= a.received <= last]
    waiting = [a for a in known if a.received < first and (a.replied is None or a.replied >= first)]
    if not new and not waiting:
        return None
    done = [a for a in (*new, *waiting) if a.replied is not None and a.replied <= last]
    results = Counter(a.result for a in done if a.result)
    return YearFigures(
        year=year,
        received=len(new),
        carried_in=len(waiting),
        carried_out=len(new) + len(waiting) - len(done),
        results={r: results[r] for r in RESULTS if results[r]},
        applicants=dict(Counter(a.applicant for a in new if a.applicant)),
        fields=dict(Counter(a.field or OTHER for a in new)) if any(a.field for a in new) else {},
    )


def statistics(applications: Sequence[Application], years: Sequence[YearFigures], date: dt.date) -> tuple[YearStatistics, ...]:
    """Every year's figures that add up, newest first: those given, and those counted where none are given."""
    given = {y.year: y for y in years}
    first = min((a.received.year for a in applications), default=date.year + 1)
    entered = {y: c for y in range(first, date.year + 1) if (c := counted(applications, y, date)) is not None}
    made = []
    for year in sorted({*given, *entered}, reverse=True):
        one = given.get(year)
        after = entered.get(year + 1) if year + 1 not in given else None
        if one is not None and any(True for _ in mismatches(one, given.get(year - 1), entered.get(year), after)):
            continue
        figures = one or entered[year]
        if figures.received or figures.carried_in:
            made.append(_shown(figures, _as_of(applications, year, date) if year >= date.year else None))
    return tuple(made)


def _shown(one: YearFigures, as_of: dt.date | None) -> YearStatistics:
    fields = sorted(one.fields.items(), key=lambda pair: (pair[0] == OTHER, -pair[1], pair[0]))
    return YearStatistics(
        one.year,
        one.received,
        one.carried_in,
        one.carried_out,
        tuple((r, one.results.get(r, 0)) for r in RESULTS),
        _filled(one.applicants),
        tuple((name, n) for name, n in fields if n),
        as_of,
    )


def _as_of(applications: Sequence[Application], year: int, date: dt.date) -> dt.date:
    days = (day for a in applications for day in (a.received, a.replied) if day is not None and day.year == year and day <= date)
    return max(days, default=dt.date(year, 1, 1))


def _filled(counts: Mapping[Applicant, int]) -> tuple[tuple[str, int], ...]:
    return tuple((name, counts.get(name, 0)) for name in APPLICANTS) if counts else ()
