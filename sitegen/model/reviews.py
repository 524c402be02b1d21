"""The yearly review of what is not public (不予公开): numbers for everybody to see, and nothing of any record.

An organ assesses what it does not disclose at regular times and discloses what can be disclosed by now (Regulations on Open Government
Information, Article 18).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from .region import Catalog, Record, Unit
from .views import ReviewYear


def review_years(unit: Unit, catalog: Catalog) -> tuple[ReviewYear, ...]:
    """The years in which a unit reviewed what it keeps, the latest first. A record counts in the year of its last review."""
    found: dict[int, list[Record]] = {}
    for record in _kept(unit):
        assert record.front.not_public is not None
        found.setdefault(record.front.not_public.reviewed.year, []).append(record)
    return tuple(_year(year, found[year], catalog) for year in sorted(found, reverse=True))


def _kept(unit: Unit) -> Iterator[Record]:
    """Records that are not public, or were until a review opened them."""
    for record in unit.records:
        entry = record.front.not_public
        if entry is not None and (entry.opened or record.front.attribute == "不予公开"):
            yield record


def _year(year: int, records: list[Record], catalog: Catalog) -> ReviewYear:
    entries = [r.front.not_public for r in records if r.front.not_public is not None]
    kept = Counter(e.provision for e in entries if not e.opened)
    names = tuple((e.name, kept[e.id]) for e in catalog.exclusions if kept[e.id])
    # A provision that the list does not have is a finding (SG822); its records still count.
    unknown = kept.total() - sum(n for _, n in names)
    opened = sum(1 for e in entries if e.opened)
    return ReviewYear(year, (*names, *((("其他", unknown),) if unknown else ())), opened, max(e.reviewed for e in entries))
