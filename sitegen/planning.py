"""The plans of a region, part by part: of what has not changed since the last run only the facts are read, no view is made.

A part's plan depends on what its findings depend on (:mod:`sitegen.check.partition`), and on what all other units say of themselves. What is kept
is named by a digest of all that, so that it can be wrong only where that list is, and a test compares it with the plan of the whole.
"""

from __future__ import annotations

import datetime as dt
import pickle
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Protocol

from msgspec import Struct
from msgspec.structs import replace

from sitegen.check.partition import Cuts, Part
from sitegen.check.parts import common_key
from sitegen.load.cache import Bundle, BundleCache, Packed
from sitegen.load.files import digest
from sitegen.model.holding import Held
from sitegen.model.matter import Matters
from sitegen.model.region import Region
from sitegen.model.unit import site_place
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
    """Township by township and the county last, each from the last run where nothing that it depends on has changed."""

    def __init__(
        self, cuts: Cuts, date: dt.date, kept: BundleCache, held: Held | None = None, previous: Mapping[str, UnitView] | None = None
    ) -> None:
        self.cuts, self.region, self.date, self.kept = cuts, cuts.region, date, kept
        self.held, self.previous = held, previous or {}
        """Where anything is held back, what is shown depends on what was shown before: then nothing is kept between runs."""
        self.known: dict[str, Known] = {}
        self.parts = cuts.parts
        self.top = tops((code, *site_place(u.data.site.url)) for code, u in self.region.units.items())
        around = (f"{code} {u.light}" for code, u in self.region.units.items())
        self.common = digest(common_key(self.region, date), *around)
        self._last = {p.name: self._kept(p.name, self._key(p)) for p in self.parts if not p.county}

    def most(self) -> int:
        """See :class:`Planning`."""
        return sum(len(p.own) for p in self.parts if self._last.get(p.name) is None)

    def plans(self, ready: Ready) -> Iterator[Plan]:
        """See :class:`Planning`. Raises :class:`Clash` where units planned apart would have one code."""
        for part in self.parts:
            key = self._key(part)
            last = self._kept(part.name, key) if part.county else self._last[part.name]
            if last is not None and all(ready(code, known.facts.digest) for code, known in last.items()):
                self.known |= last
                continue
            made = self._plan(part)
            found = {code: Known(made.facts[code], hosted(view, code in self.top)) for code, view in made.views.items()}
            if self.held is None:
                self.kept.put(f"plan {part.name}", Bundle(key, Packed(pickle.dumps(found, protocol=5))))
            self.known |= found
            yield made
        self.known = {code: self.known[code] for code in self.region.units}
        if max(Counter(c for known in self.known.values() for c in known.facts.codes).values(), default=1) > 1:
            raise Clash

    def _plan(self, part: Part) -> Plan:
        region, matters = self.cuts.of(part)
        units = {code: region.units[code] if code in region.units else replace(u, records=()) for code, u in self.region.units.items()}
        below = {code: known.facts for code, known in self.known.items()} if part.county else None
        previous = Among(self.previous, region.units)
        return plan(replace(region, units=units), matters, self.date, self.held, previous, only=part.own, below=below)

    def _kept(self, name: str, key: str) -> dict[str, Known] | None:
        bundle = self.kept.get(f"plan {name}", key) if self.held is None else None
        found: dict[str, Known] | None = pickle.loads(bundle.unit.read()) if bundle else None
        return found

    def _key(self, part: Part) -> str:
        books = (repr(self.region.handbooks.get(code)) for code in sorted(part.own))
        others = sorted((code, _summed(k.facts)) for code, k in self.known.items() if code not in part.own)
        sums = (repr(others),) if part.county else ()
        return digest(self.common, self.cuts.key(part), *books, *sums)


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


def _summed(facts: Facts) -> object:
    """Of a unit's facts those which the county shows."""
    return facts.child, facts.data, facts.standing
