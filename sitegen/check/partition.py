"""A region in parts that can be looked at one by one: a township with its villages each, and the county.

What is said of a part depends on its own units, on the county above, on every unit that names one of its records, is named by one or shares
a code on paper with it, and on the records of other units in matters in which the county has a say. Of all other units only
what they say of themselves (``unit.yml``, channels, guides) can matter.
"""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from sitegen.load.cache import passing
from sitegen.load.files import digest
from sitegen.model.accounts import balance_shape, is_details
from sitegen.model.base import Level
from sitegen.model.linking import find_matters
from sitegen.model.matter import Matters
from sitegen.model.region import Catalog, Record, Region, Unit, facing
from sitegen.model.unit import ancestors

from .scope import left_out


class Part(Struct, frozen=True):
    """A township with its villages, or the county."""

    name: str
    own: frozenset[str]
    """The units that it consists of."""
    with_: frozenset[str]
    """These and the units that are needed whole to judge them."""
    county: bool
    """It sums up all others."""


def parts(region: Region) -> tuple[Part, ...]:
    """All parts in order of codes, the county's last: it sums up the others."""
    tied = _tied(region)
    groups: dict[str, set[str]] = {}
    for unit in region.units.values():
        groups.setdefault(unit.code if unit.level is Level.COUNTY else f"{unit.code[:9]}000", set()).add(unit.code)
    made = []
    for name, own in groups.items():
        related = {other for code in own for other in tied[code]}
        above = {a for code in own for a in ancestors(code)}
        county = any(region.units[code].level is Level.COUNTY for code in own)
        made.append(Part(name, frozenset(own), frozenset((own | related | above) & set(region.units)), county))
    return tuple(sorted(made, key=lambda p: (p.county, p.name)))


def _tied(region: Region) -> dict[str, set[str]]:
    """By unit: others whose records it names or is named by, and others that have to do with its codes on paper."""
    tied: dict[str, set[str]] = defaultdict(set)

    def tie(one: str, other: str) -> None:
        if one != other and one in region.units and other in region.units:
            tied[one].add(other)
            tied[other].add(one)

    holders: dict[str, str] = {}
    for unit in region.units.values():
        for other in (*unit.refers, *unit.data.succeeds):
            tie(unit.code, other)
        for code, history in unit.ledger.histories.items():
            tie(unit.code, holders.setdefault(code, unit.code))
            for named, id in history.names:
                tie(unit.code, named)
                if "/" in id:  # a list's rows for a village carry the list's name
                    tie(unit.code, id.partition("/")[0])
    return tied


def key_of(region: Region, part: Part) -> str:
    """What a part's own units and those that it needs are made of, in one digest."""
    return digest(str(region.complete), *(f"{code} {of}" for code, of in _keys(region, part)))


def _keys(region: Region, part: Part) -> Iterator[tuple[str, str]]:
    shared, paid = _shared(region, part), _pays(region, part)
    unread = {f.unit for f in region.findings if left_out(f)}
    for code, unit in region.units.items():
        if code in part.with_ or code in unread:  # a record that was not understood may be of any matter
            yield code, unit.key
        else:
            names = unit.data.model_dump_json() if paid is not None else ""  # the county's lists name every village
            yield code, digest(names, *(unit.facing[m] for m in sorted(unit.facing.keys() & shared)), unit.paid if paid else "")


def _shared(region: Region, part: Part) -> frozenset[str]:
    """The matters of a part in which the county has a say: there records of other townships may count too (三榜)."""
    mine = {m for code in part.own for m in region.units[code].facing}
    return frozenset(m for u in region.units.values() if u.level is Level.COUNTY for m in u.facing if m in mine)


def _pays(region: Region, part: Part) -> str | None:
    """For the county's own part: its records that list payments; ``None`` for the others."""
    return next((region.units[c].paid for c in part.own if region.units[c].level is Level.COUNTY), None)


def cut(region: Region, part: Part, told: Told | None = None) -> Region:
    """The region as far as a part needs it: its units whole, of others the records in which the part has a share.

    It holds the heads of its records; the units of ``region`` do not (:func:`sitegen.load.cache.passing`).
    """
    told = told or Told(region)
    shared, paid = _shared(region, part), _pays(region, part)
    units: dict[str, Unit] = {}
    some: dict[str, set[str]] = {}
    """Of the units that are not whole: ids of the records that are there."""
    for code, unit in region.units.items():
        if code in part.with_:
            units[code] = replace(unit, records=passing(unit.records))
        elif paid is not None or unit.facing.keys() & shared:
            records = told.of(unit, shared, paid=bool(paid and unit.paid))
            units[code], some[code] = replace(unit, records=records), {r.front.id for r in records}
    found = tuple(f for f in region.findings if f.unit in units and (left_out(f) or f.record in some.get(f.unit, {f.record})))
    return replace(region, units=units, findings=found)


class Told:
    """Of every unit the few records that other parts ask for, found once: one part after the other asks for the same, and heads are not kept."""

    def __init__(self, region: Region) -> None:
        self.catalog = region.catalog
        self.matters = frozenset(m for u in region.units.values() if u.level is Level.COUNTY for m in u.facing)
        pays = any(u.level is Level.COUNTY and u.paid for u in region.units.values())
        self.accounts = _accounts(region.catalog) if pays else frozenset()
        self._known: dict[str, list[tuple[str, bool, Record]]] = {}

    def of(self, unit: Unit, shared: frozenset[str], *, paid: bool) -> tuple[Record, ...]:
        """A unit's records of ``shared`` matters, which are some in which the county has a say, and where it is ``paid`` its accounts."""
        if not paid and not (unit.facing.keys() & shared):
            return ()
        if unit.code not in self._known:
            found = ((facing(r, self.catalog), r.front.item in self.accounts, r) for r in passing(unit.records))
            self._known[unit.code] = [(matter, booked, r) for matter, booked, r in found if booked or matter in self.matters]
        return tuple(r for matter, booked, r in self._known[unit.code] if (paid and booked) or matter in shared)


def _accounts(catalog: Catalog) -> frozenset[str]:
    """Items whose records are accounts, or are judged beside them."""
    tables = {id for id, schema in catalog.tables.items() if is_details(schema) or balance_shape(schema)}
    return frozenset(i.id for i in catalog.items.values() if i.transfer or i.table in tables)


class Cuts:
    """The parts of a region, with what is found out of them once: their keys, and those cut last. Who checks a part and then plans it need not link it twice."""

    def __init__(self, region: Region) -> None:
        self.region = region
        self.parts = parts(region)
        self._keys: dict[str, str] = {}
        self._told = Told(region)
        self._most = 2 if len(region.units) > _SMALL else len(region.units)
        self._last: OrderedDict[str, tuple[Region, Matters]] = OrderedDict()

    def key(self, part: Part) -> str:
        """What the part is made of, see :func:`key_of`."""
        if part.name not in self._keys:
            self._keys[part.name] = key_of(self.region, part)
        return self._keys[part.name]

    def of(self, part: Part) -> tuple[Region, Matters]:
        """A part and its links."""
        if part.name not in self._last:
            found = cut(self.region, part, self._told)
            self._last[part.name] = found, find_matters(found)
            if len(self._last) > self._most:
                self._last.popitem(last=False)
        return self._last[part.name]


_SMALL = 100
"""Units of a region of which all parts may be in memory at once."""
