"""The plans of a region, part by part: of units for which nothing has changed since the last run only the facts are read, no view is made.

A unit's plan depends on what its findings depend on (:mod:`sitegen.check.partition`), and on the names of all other units. What is kept
is named by a digest of all that, so that it can be wrong only where that list is, and a test compares it with the plan of the whole.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Protocol

from msgspec import Struct
from msgspec.structs import replace

from sitegen.check.partition import Cuts, Part
from sitegen.check.parts import common_key
from sitegen.load.cache import BundleCache
from sitegen.load.files import digest
from sitegen.model.base import Level
from sitegen.model.holding import Held
from sitegen.model.matter import Matters
from sitegen.model.region import Region, Unit
from sitegen.model.unit import is_within, site_place
from sitegen.model.views import UnitView
from sitegen.site.hosts import Hosted, all_hosted, hosted, tops
from sitegen.view import Facts, Plan, plan

Ready = Callable[[str, str], bool]
"""Whether a unit's output of a digest is there already."""


class Known(Struct, frozen=True):
    """What the build needs to know of a unit that is not rendered."""

    facts: Facts
    hosted: Hosted


class Planning(Protocol):
    """Plans a region."""

    @property
    def known(self) -> dict[str, Known]:
        """Of every unit; complete when all plans are made."""

    def plans(self, ready: Ready) -> Iterator[Plan]:
        """The plans of all units that are not ``ready``, with some that are."""

    def most(self) -> int:
        """How many units may have to be planned."""


class Whole:
    """All at once: what is held back concerns all levels."""

    def __init__(self, region: Region, matters: Matters, date: dt.date, held: Held | None, previous: Mapping[str, UnitView]) -> None:
        self.region, self.matters, self.date, self.held, self.previous = region, matters, date, held, previous
        self.known: dict[str, Known] = {}

    def plans(self, ready: Ready) -> Iterator[Plan]:
        """See :class:`Planning`."""
        made = plan(self.region, self.matters, self.date, self.held, self.previous)
        found = all_hosted(made.views)
        self.known = {code: Known(made.facts[code], found[code]) for code in made.views}
        yield made

    def most(self) -> int:
        """See :class:`Planning`."""
        return len(self.region.units)


class ByParts:
    """Township by township and the county last, each unit from the last run where nothing that it depends on has changed."""

    def __init__(
        self, cuts: Cuts, date: dt.date, kept: BundleCache, held: Held | None = None, previous: Mapping[str, UnitView] | None = None
    ) -> None:
        self.cuts, self.region, self.date, self.kept = cuts, cuts.region, date, kept
        self.held, self.previous = held, previous or {}
        """Where anything is held back, what is shown depends on what was shown before: then nothing is kept between runs."""
        self.known: dict[str, Known] = {}
        self.top = tops((code, *site_place(u.data.site.url)) for code, u in self.region.units.items())
        self.common = digest(common_key(self.region, date), *(_named(u) for u in self.region.units.values()))
        villages = (code for code, u in self.region.units.items() if u.level is Level.VILLAGE)
        self._last = {code: self._kept(code, self._key(code)) for code in villages}

    def most(self) -> int:
        """See :class:`Planning`."""
        missing = Counter(f"{code[:9]}000" for code, last in self._last.items() if last is None)
        return sum(missing.values()) + len(missing) + 1

    def plans(self, ready: Ready) -> Iterator[Plan]:
        """See :class:`Planning`. Raises :class:`Clash` where units planned apart would have one code."""
        for part in self.cuts.parts:
            villages = sorted(code for code in part.own if code in self._last)
            for code in villages:
                if (last := self._last[code]) is not None:
                    self.known[code] = last
            asked = [code for code in villages if code not in self.known or not ready(code, self.known[code].facts.digest)]
            above = part.own - set(villages)  # one: a township, or the county
            # Where little changed, villages are planned one by one, and who sums them up only if that changes anything for it.
            for one in self.cuts.wanted(asked if self.held is None else part.own):
                yield self._plan(one)
            for code in above - self.known.keys():
                last = self._kept(code, self._key(code))
                if last is not None and ready(code, last.facts.digest):
                    self.known[code] = last
                else:
                    yield self._plan(self.cuts.alone(code))
        self.known = {code: self.known[code] for code in self.region.units}
        if max(Counter(c for known in self.known.values() for c in known.facts.codes).values(), default=1) > 1:
            raise Clash

    def few(self, codes: Collection[str], anew: Collection[str]) -> Iterator[Plan]:
        """The plans of some units, as :meth:`plans` would make them, with as few others as can be: of units that they sum up what was known last
        counts, whatever has changed since, unless they are to be looked at ``anew``. Whether codes on paper clash is not asked.
        """
        county = any(self.region.units[code].level is Level.COUNTY for code in codes)
        for part in self.cuts.parts:
            villages = sorted(code for code in part.own if code in self._last)
            above = sorted(part.own - set(villages))
            if county or any(code in codes for code in above):
                self._trust(set(villages) - set(codes), anew)
                yield from map(self._plan, self.cuts.wanted([code for code in villages if code not in self.known]))
            else:
                yield from map(self._plan, self.cuts.wanted([code for code in villages if code in codes]))
            if county:
                self._trust(set(above) - set(codes), anew)
            for code in above:
                if code not in self.known and (county or code in codes):
                    yield self._plan(self.cuts.alone(code))

    def _trust(self, codes: Collection[str], anew: Collection[str]) -> None:
        for code in codes:
            last = self._kept(code, self._key(code) if code in anew else None)
            if last is not None:
                self.known[code] = last

    def _plan(self, part: Part) -> Plan:
        region, matters = self.cuts.of(part)
        units = {code: region.units[code] if code in region.units else replace(u, records=()) for code, u in self.region.units.items()}
        sums = [code for code in self.known if code not in part.own and any(is_within(code, own) for own in part.own)] if part.sums else []
        previous = Among(self.previous, region.units)
        made = plan(
            replace(region, units=units),
            matters,
            self.date,
            self.held,
            previous,
            only=part.own,
            below={code: self.known[code].facts for code in sums},
        )
        for code, view in made.views.items():
            self.known[code] = Known(made.facts[code], hosted(view, code in self.top))
        for code in made.views if self.held is None else ():
            self.kept.keep(f"plan {code}", self._key(code), self.known[code])
        return made

    def _kept(self, code: str, key: str | None) -> Known | None:
        """What was known of a unit; without a ``key`` whatever it depended on."""
        found: Known | None = self.kept.value(f"plan {code}", key) if self.held is None else None
        return found

    def _key(self, code: str) -> str:
        """Of a unit that sums up others it is known only when these are."""
        village = self.region.units[code].level is Level.VILLAGE
        below = [] if village else sorted(c for c in self.known if c != code and is_within(c, code))
        sums = repr([(c, _summed(self.known[c].facts)) for c in below])
        return digest(self.common, self.cuts.key(code), repr(self.region.handbooks.get(code)), sums)


class Among(Mapping[str, UnitView]):
    """The earlier views of some units alone, read only when they are asked for."""

    def __init__(self, views: Mapping[str, UnitView], codes: Collection[str]) -> None:
        self.views, self.codes = views, codes

    def __getitem__(self, code: str) -> UnitView:
        if code not in self.codes:
            raise KeyError(code)
        return self.views[code]

    def __iter__(self) -> Iterator[str]:
        return (code for code in self.views if code in self.codes)

    def __len__(self) -> int:
        return sum(1 for _ in self)


class Clash(Exception):
    """Two records without a code in the ledger would get the same; whoever plans them together gives them different ones."""


def _named(unit: Unit) -> str:
    """What any other unit may say of a unit: its names and where it stands. What more its own township and the county show is in their keys."""
    data = unit.data
    return repr((unit.code, data.name, data.aliases, data.kind, data.site, data.succeeds))


def _summed(facts: Facts) -> object:
    """Of a unit's facts those which the county shows."""
    return facts.child, facts.data, facts.standing
