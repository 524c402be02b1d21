"""A region in parts that can be looked at one by one.

Whatever is said of a unit depends on the unit itself, on every unit that names one of its records, is named by one or shares
a code on paper with it, on the records of other units in matters in which a unit above has a say, and on the units above: on what they say of themselves,
and on those of their records that have counterparts or are accounts. Of the other units of a township only
what they say of themselves (``unit.yml``, channels, guides) can matter, of all others their names. That is a unit's key.

A part is what is looked at in one go: a township with its villages, where much of it changed; a unit alone, where little did; the county.
What is found of a unit is the same whichever part it was looked at in.
"""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Collection, Iterator

from msgspec import Struct
from msgspec.structs import replace

from sitegen.load.cache import passing
from sitegen.load.files import digest
from sitegen.model.accounts import balance_shape, is_details
from sitegen.model.base import Level
from sitegen.model.ledger import EMPTY
from sitegen.model.linking import find_matters
from sitegen.model.matter import Matters
from sitegen.model.region import Catalog, Record, Region, Unit, facing
from sitegen.model.unit import ancestors

from .scope import left_out


class Part(Struct, frozen=True):
    """Units that are looked at in one go."""

    name: str
    own: frozenset[str]
    """The units that it consists of."""
    with_: frozenset[str]
    """These and the units that are needed whole to judge them."""
    above: frozenset[str]
    """Units above, where they are not needed whole."""
    below: frozenset[str]
    """Units that it sums up, where they are neither its own nor needed whole."""
    beside: frozenset[str]
    """Units of the same township of which no more is needed than what they say of themselves."""
    county: bool
    """It is the county."""
    sums: bool
    """It sums up units that are not its own."""


class _Ties:
    """Which units have to do with which."""

    def __init__(self, region: Region) -> None:
        self.region = region
        self.whole: dict[str, set[str]] = defaultdict(set)
        """By unit: others whose records it names or is named by, and others that have to do with its codes on paper."""
        self.lists: dict[str, set[str]] = defaultdict(set)
        """By unit: those above whose lists its ledger names."""
        holders: dict[str, str] = {}
        for unit in region.units.values():
            for other in (*unit.refers, *unit.data.succeeds):
                self._tie(unit.code, other)
            for code, history in unit.ledger.histories.items():
                self._tie(unit.code, holders.setdefault(code, unit.code))
                for named, id in history.names:
                    self._tie(unit.code, named)
                    if "/" in id:  # a list's rows for a village carry the list's name
                        self.lists[unit.code].add(id.partition("/")[0])

    def _tie(self, one: str, other: str) -> None:
        if one != other and one in self.region.units and other in self.region.units:
            self.whole[one].add(other)
            self.whole[other].add(one)

    def of(self, code: str) -> set[str]:
        """The units that are needed whole to judge a unit."""
        return self.whole[code] | {above for above in self.lists[code] if above in self.region.units} - {code}


def townships(region: Region) -> dict[str, set[str]]:
    """By code of a township, or of the county: it and its villages."""
    groups: dict[str, set[str]] = {}
    for unit in region.units.values():
        groups.setdefault(unit.code if unit.level is Level.COUNTY else f"{unit.code[:9]}000", set()).add(unit.code)
    return groups


def parts(region: Region, ties: _Ties) -> tuple[Part, ...]:
    """The townships with their villages in order of codes, the county last: it sums up the others."""
    made = []
    for name, own in townships(region).items():
        county = any(region.units[code].level is Level.COUNTY for code in own)
        with_ = frozenset(own).union(*(ties.of(code) for code in own))
        above = {a for code in own for a in ancestors(code)} & region.units.keys()
        below = region.units.keys() - with_ if county else frozenset[str]()
        made.append(Part(name, frozenset(own), with_, frozenset(above - with_), frozenset(below), frozenset(), county, county))
    return tuple(sorted(made, key=lambda p: (p.county, p.name)))


def alone(region: Region, code: str, township: Collection[str], ties: _Ties) -> Part:
    """One unit of a township as a part; ``township`` are the units of it."""
    with_ = frozenset((code, *ties.of(code)))
    above = frozenset(a for a in ancestors(code) if a in region.units and a not in with_)
    others = frozenset(township) - with_ - above
    sums = region.units[code].level is Level.TOWNSHIP
    none = frozenset[str]()
    return Part(f"{code} alone", frozenset({code}), with_, above, others if sums else none, none if sums else others, False, sums)


def _shared(region: Region, part: Part) -> tuple[frozenset[str], frozenset[str]]:
    """The matters of a part for which records of other units count (三榜): of all units, where the county has a say; and of its own township's, where that has."""
    mine = {m for code in part.own for m in region.units[code].facing}
    if part.county:
        return frozenset(mine), frozenset()
    above = [region.units[a] for a in {a for code in part.own for a in ancestors(code)} if a in region.units]
    wide = frozenset(m for u in above if u.level is Level.COUNTY for m in u.facing.keys() & mine)
    near = mine if part.sums else {m for u in above if u.level is Level.TOWNSHIP for m in u.facing.keys() & mine}
    return wide, frozenset(near) - wide


def _pays(region: Region, part: Part) -> bool:
    """Whether payments to those below are judged with it: it or a unit above lists some."""
    return part.sums and any(region.units[a].paid for code in part.own for a in (code, *ancestors(code)) if a in region.units)


def cut(region: Region, part: Part, told: Told) -> Region:
    """The region as far as a part needs it: its units whole, of others the records in which the part has a share.

    It holds the heads of its records; the units of ``region`` do not (:func:`sitegen.load.cache.passing`).
    """
    (wide, near), paid = _shared(region, part), _pays(region, part)
    units: dict[str, Unit] = {}
    some: dict[str, set[str]] = {}
    """Of the units that are not whole: ids of the records that are there."""
    for code, unit in region.units.items():
        if code in part.with_:
            units[code] = replace(unit, records=passing(unit.records))
            continue
        if code in part.above:
            records = told.of(unit, frozenset(unit.facing), paid=bool(unit.paid))
        elif code in part.below or code in part.beside:
            records = told.of(unit, wide | near, paid=paid and code in part.below and bool(unit.paid))
        elif unit.facing.keys() & wide:
            records = told.of(unit, wide, paid=False)
        else:
            continue
        ledger = EMPTY if code in part.beside else unit.ledger
        units[code], some[code] = replace(unit, records=records, ledger=ledger), {r.front.id for r in records}
    found = tuple(f for f in region.findings if f.unit in units and (left_out(f) or f.record in some.get(f.unit, {f.record})))
    return replace(region, units=units, findings=found)


class Told:
    """Of every unit the few records that other parts ask for, found once: one part after the other asks for the same, and heads are not kept."""

    def __init__(self, region: Region) -> None:
        self.catalog = region.catalog
        self.matters = frozenset(m for u in region.units.values() if u.level is not Level.VILLAGE for m in u.facing)
        self.accounts = _accounts(region.catalog)
        self._known: OrderedDict[str, list[tuple[str, bool, Record]]] = OrderedDict()
        self._count = 0

    def of(self, unit: Unit, shared: frozenset[str], *, paid: bool) -> tuple[Record, ...]:
        """A unit's records of ``shared`` matters, which are some in which a government has a say, and where it is ``paid`` its accounts."""
        if not paid and not (unit.facing.keys() & shared):
            return ()
        if unit.code not in self._known:
            found = ((facing(r, self.catalog), r.front.item in self.accounts, r) for r in passing(unit.records))
            self._known[unit.code] = [(matter, booked, r) for matter, booked, r in found if booked or matter in self.matters]
            self._count += len(self._known[unit.code])
            while self._count > _TOLD and len(self._known) > 1:
                self._count -= len(self._known.popitem(last=False)[1])
        return tuple(r for matter, booked, r in self._known[unit.code] if (paid and booked) or matter in shared)


_TOLD = 8_000
"""Heads that are remembered at most."""


def _accounts(catalog: Catalog) -> frozenset[str]:
    """Items whose records are accounts, or are judged beside them."""
    tables = {id for id, schema in catalog.tables.items() if is_details(schema) or balance_shape(schema)}
    return frozenset(i.id for i in catalog.items.values() if i.transfer or i.table in tables)


class Cuts:
    """The parts of a region, with what is found out of them once: the keys of units, and parts cut last. Who checks a part and then plans it need not link it twice."""

    def __init__(self, region: Region) -> None:
        self.region = region
        self.ties = _Ties(region)
        self.parts = parts(region, self.ties)
        self._keys: dict[str, str] = {}
        self._townships = townships(region)
        self._said = {name: digest(*(f"{c} {region.units[c].light}" for c in sorted(own))) for name, own in self._townships.items()}
        self._all = digest(str(region.complete), *region.units)
        self._unread = {f.unit for f in region.findings if f.unit is not None and f.unit in region.units and left_out(f)}
        """Units with a record that was not understood: it may be of any matter."""
        self._facing: dict[str, list[str]] = defaultdict(list)
        """By matter: the units with records of it."""
        for unit in region.units.values():
            for matter in unit.facing:
                self._facing[matter].append(unit.code)
        self._told = Told(region)
        self._most = 2 if len(region.units) > _SMALL else len(region.units)
        self._last: OrderedDict[str, tuple[Region, Matters]] = OrderedDict()

    def alone(self, code: str) -> Part:
        """A unit as a part of its own; the county is one anyway."""
        county = self.parts[-1]
        if county.county and code in county.own:
            return county
        return alone(self.region, code, self._townships[f"{code[:9]}000"], self.ties)

    def key(self, code: str) -> str:
        """What is said of a unit depends on this, and on the day and what all units say of themselves."""
        if code not in self._keys:
            self._keys[code] = digest(self._all, *self._lines(self.alone(code)))
        return self._keys[code]

    def _lines(self, part: Part) -> Iterator[str]:
        units = self.region.units
        (wide, near), paid = _shared(self.region, part), _pays(self.region, part)
        whole = part.with_ | self._unread
        for code in sorted(whole):
            yield f"{code} {units[code].key}"
        for code in sorted(part.above - whole):
            unit = units[code]
            own = (repr(unit.committee), repr(unit.applications), repr(unit.ledger.heads))
            facing_ = (f"{m} {of}" for m, of in sorted(unit.facing.items()))
            yield digest(code, unit.digest, unit.light, *own, unit.paid, *facing_)
        for code in sorted(part.below - whole):
            unit = units[code]
            yield digest(code, unit.light, repr(unit.ledger.heads), unit.paid if paid else "")
        if part.beside:
            yield self._said[f"{min(part.own)[:9]}000"]
        for matter in sorted(wide | near):
            asked = (code for code in self._facing[matter] if matter in wide or code in part.below or code in part.beside)
            yield from (f"{matter} {code} {units[code].facing[matter]}" for code in asked if code not in whole)

    def wanted(self, codes: Collection[str]) -> Iterator[Part]:
        """The parts in which some units are best looked at: a few of a township one by one, more of it together."""
        for part in self.parts:
            asked = sorted(part.own & set(codes))
            every = all(self.region.units[code].level is not Level.VILLAGE for code in part.own - set(asked))
            if part.county or len(asked) > _FEW or every:
                yield from [part] * bool(asked)
            else:
                yield from (self.alone(code) for code in asked)

    def of(self, part: Part) -> tuple[Region, Matters]:
        """A part and its links."""
        if part.name not in self._last:
            found = cut(self.region, part, self._told)
            self._last[part.name] = found, find_matters(found)
            if len(self._last) > self._most:
                self._last.popitem(last=False)
        return self._last[part.name]


_SMALL = 150
"""Units of a region of which all parts may be in memory at once."""
_FEW = 2
"""Units of a township that are looked at one by one."""
