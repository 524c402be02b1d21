"""Which permanent code belongs to which record: what ledgers have bound, what moved, and proposals for the rest.

The first line that binds a code wins, for ever. A record that says ``formerly:`` keeps the code of its earlier name; a village's own table
keeps that of the rows it derived; a unit that ``succeeds:`` others answers for what they had on paper.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from sitegen.code import assign
from sitegen.load.cache import passing
from sitegen.model.finding import Finding, finding
from sitegen.model.ledger import History, Name, Printed, Revision
from sitegen.model.matter import Matters, successions
from sitegen.model.region import Region


class Binding(Struct, frozen=True):
    """Codes and histories of a whole region."""

    codes: Mapping[Name, str]
    """The code of every record that is there: by (unit, id), derived ones by (unit, source ref)."""
    histories: Mapping[str, History]
    """By code, over all ledgers."""
    folders: Mapping[str, tuple[str, ...]]
    """By code: folders of the units in whose ledgers it stands."""
    aliases: Mapping[str, tuple[tuple[History, Name], ...]]
    """By unit: other codes on paper that lead to a record of it."""
    gone: Mapping[str, tuple[History, ...]]
    """By unit: codes on paper whose record is no longer there."""
    findings: tuple[Finding, ...] = ()

    def history(self, name: Name) -> History | None:
        """What was released of a record that is there; ``None`` when nothing was."""
        return self.histories.get(self.codes[name])


def bind(region: Region, matters: Matters) -> Binding:
    """The binding of every record of a region, own and derived."""
    return _Binder(region, matters).run()


class _Binder:
    def __init__(self, region: Region, matters: Matters) -> None:
        self.region, self.matters = region, matters
        self.findings: list[Finding] = []
        self.holders: dict[str, list[tuple[str, History]]] = defaultdict(list)
        for unit in region.units.values():
            for code, history in unit.ledger.histories.items():
                self.holders[code].append((unit.code, history))
        self.histories = {code: _joined([h for _, h in found]) for code, found in self.holders.items()}
        self.by_name: dict[Name, str] = {}
        for code, history in self.histories.items():
            for name in history.names:
                self.by_name.setdefault(name, code)

    def run(self) -> Binding:
        claims: dict[Name, str] = {}
        """Bound codes of records that are there."""
        wanted: dict[Name, Name] = {}
        """The name whose code a record without a bound one is to have."""
        also: dict[Name, list[str]] = defaultdict(list)
        for name, earlier in self._names():
            bound = list(dict.fromkeys(self.by_name[n] for n in (name, *earlier) if n in self.by_name))
            if bound:
                claims[name] = bound[0]
                also[name] += bound[1:]
            else:
                wanted[name] = earlier[0] if earlier else name
        proposals = assign(wanted.values(), taken=self.histories)
        codes = claims | {name: proposals[first] for name, first in wanted.items()}
        self._claimed_twice(codes)
        led = {code for found in also.values() for code in found}
        there = set(codes.values())
        aliases: dict[str, list[tuple[History, Name]]] = defaultdict(list)
        for name, found in also.items():
            aliases[name[0]] += [(self.histories[code], name) for code in found if code not in there]
        gone: dict[str, list[History]] = defaultdict(list)
        for code, history in self.histories.items():
            if code not in there and code not in led:
                gone[self._holder(code)].append(history)
        return Binding(
            codes,
            self.histories,
            {code: tuple(self.region.units[u].folder for u, _ in found) for code, found in self.holders.items()},
            {u: tuple(found) for u, found in aliases.items()},
            {u: tuple(found) for u, found in gone.items()},
            tuple(self.findings),
        )

    def _names(self) -> Iterable[tuple[Name, tuple[Name, ...]]]:
        """Every record that is there, with the names under which it may have been known before, the oldest first."""
        inherited = {(own.unit, own.front.id): (own.unit, source.ref) for source, own in successions(self.region, self.matters)}
        for unit in self.region.units.values():
            for record in unit.records:
                name = (unit.code, record.front.id)
                earlier = tuple(_name(record.full(ref)) for ref in record.front.formerly)
                yield name, (inherited[name], *earlier) if name in inherited else earlier
        for code, found in self.matters.derived.items():
            before = self.region.units[code].data.succeeds
            for derived in found:
                # A list's rows for a village keep their code when the list itself moved, and when the village was merged into another.
                keys = (derived.key, *(derived.source.full(ref) for ref in derived.source.front.formerly))
                mine = [(code, key) for key in keys[1:]]
                theirs = [(old, key) for old in before for key in keys if (old, key) in self.by_name]
                yield (code, derived.key), (*mine, *theirs) if theirs else tuple(mine)

    def _holder(self, code: str) -> str:
        """The unit that answers for a code whose record is gone."""
        found = self.holders[code]
        return next((unit for unit, history in reversed(found) if history.moved is None), found[0][0])

    def _claimed_twice(self, codes: Mapping[Name, str]) -> None:
        """Two records that both say that they continue one."""
        seen: dict[str, Name] = {}
        for name, code in codes.items():
            if code in seen:
                unit = self.region.units[name[0]]
                record = next((r for r in unit.records if r.front.id == name[1]), None)
                if record is not None:
                    first = "/".join(seen[code])
                    self.findings.append(
                        finding(
                            "SG930",
                            record.file,
                            record.lines.get("formerly", 2),
                            1,
                            unit=unit.code,
                            record=record.front.id,
                            code=code,
                            first=first,
                            second=record.ref,
                        )
                    )
            else:
                seen[code] = name


def bound_twice(region: Region) -> Iterator[Finding]:
    """Ledgers that bind one code to records that have nothing to do with each other."""
    holders: dict[str, list[tuple[str, History]]] = defaultdict(list)
    for unit in region.units.values():
        for code, history in unit.ledger.histories.items():
            holders[code].append((unit.code, history))
    linked: set[Name] | None = None  # asks the heads of all records, and hardly ever a code has two ledgers
    for code, found in holders.items():
        if len(found) == 1 and any(n[0] == found[0][0] for n in found[0][1].names):
            continue  # as nearly all are
        said = found[0][1]
        if linked is None:
            linked = {_name(r.full(ref)) for u in region.units.values() for r in passing(u.records) for ref in r.front.formerly}
        for place, history in found:
            others = {place, *region.units[place].data.succeeds}
            mine = {n for n in history.names if n[0] in others}
            known = {n for _, h in found if h is not history for n in (*h.names, *([h.moved] if h.moved else ()))}
            # A ledger binds a code to a record of its own; two of them do where a record moved from one to the other.
            if mine and (history is said or mine & known or linked & (known | set(history.names))):
                continue
            file = f"{region.units[place].folder}/ledger.jsonl"
            first, second = ("/".join(h.names[0]) if h.names else "?" for h in (said, history))
            yield finding("SG930", file, history.line, 1, unit=place, code=code, first=first, second=second)


def _name(ref: str) -> Name:
    unit, _, id = ref.partition("/")
    return unit, id


def _joined(found: list[History]) -> History:
    """One history of what several ledgers say of a code."""
    if len(found) == 1:
        return found[0]
    revisions: dict[int, Revision] = {}
    printed: list[Printed] = []
    for history in found:
        for rev, revision in history.revisions.items():
            known = revisions.get(rev)
            if known is None or known.on > revision.on:
                revisions[rev] = revision
        printed += [p for p in history.printed if p not in printed]
    names = tuple(dict.fromkeys(name for history in found for name in history.names))
    last = max(revisions, default=0)
    withdrawn = [h.withdrawn for h in found if h.withdrawn and max(h.revisions, default=0) == last]
    return replace(
        found[0],
        names=names,
        revisions=dict(sorted(revisions.items())),
        printed=tuple(sorted(printed, key=lambda p: (p.on, p.rev))),
        withdrawn=withdrawn[0] if withdrawn else None,
        moved=None if any(h.moved is None for h in found) else found[-1].moved,
    )
