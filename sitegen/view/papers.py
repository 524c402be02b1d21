"""Codes on paper: where each is answered, and what is said of those that no record of a unit shows any more."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from urllib.parse import urlsplit

from sitegen.model.ledger import History
from sitegen.model.matter import Derived, is_public
from sitegen.model.record_views import RecordView
from sitegen.model.region import Record, Unit
from sitegen.model.views import CodeState, CodeView, PaperView

from .ground import Ground, base_address, record_url


class PaperMaker:
    """Looks up the codes that units answer for."""

    def __init__(self, ground: Ground) -> None:
        self.ground, self.region, self.matters, self.date = ground, ground.region, ground.matters, ground.date
        self.releases, self.code_of = ground.releases, ground.code_of

    def _histories(self, unit: Unit) -> Iterator[History]:
        """The history of every code that the unit answers for, whether or not its record is shown."""
        binding = self.releases.binding
        names = [r.front.id for r in unit.records] + [d.key for d in self.matters.derived.get(unit.code, ())]
        for name in names:
            if (history := binding.histories.get(self.code_of[unit.code, name])) is not None:
                yield history
        yield from (history for history, _ in binding.aliases.get(unit.code, ()))
        yield from binding.gone.get(unit.code, ())

    def places(self, unit: Unit) -> tuple[tuple[str, str], ...]:
        """Where the unit's Q tree must be: where its codes live now, and on every host that paper still names."""
        over = {h.host.lower() for h in self.region.data.hosts if h.until is not None and h.until < self.date}
        bases = {base_address(unit)} | {base for history in self._histories(unit) for base in history.bases}
        self.ground.turns(unit, *(h.until + dt.timedelta(1) for h in self.region.data.hosts if h.until is not None))
        found = set()
        for base in bases:
            parts = urlsplit(base)
            path = parts.path.strip("/")
            found.add((parts.netloc.lower(), path if path.rpartition("/")[2] == "Q" else f"{path}/Q".strip("/")))
        return tuple(sorted(place for place in found if place[0] not in over))

    def other_codes(self, unit: Unit, records: tuple[RecordView, ...]) -> Iterator[CodeView]:
        """Codes on paper that no record of the unit shows: withdrawn, merged, moved, held back, gone."""
        binding = self.releases.binding
        shown = {r.code: r for r in records}
        there: dict[str, tuple[Record, Derived | None]] = {self.code_of[unit.code, r.front.id]: (r, None) for r in unit.records}
        there |= {self.code_of[unit.code, d.key]: (d.source, d) for d in self.matters.derived.get(unit.code, ())}
        for code in sorted(there.keys() - shown.keys()):
            record, derived = there[code]
            history = binding.histories.get(code)
            if withdrawn := self.ground.withdrawn(unit, record, derived):
                title = f"{record.front.title}（{unit.data.name}）" if derived else record.front.title
                newest = history.newest_rev if history else record.front.revision.n
                yield CodeView(code, title, newest, "withdrawn", withdrawn.on, withdrawn.why, "")
            elif history is not None and history.last is not None:
                state: CodeState = "held" if is_public(record) else "closed"
                yield CodeView(code, history.last.title, history.newest_rev, state, None, None, "")
        for history, name in binding.aliases.get(unit.code, ()):
            target = shown.get(self.code_of[name])
            title = history.last.title if history.last else (target.title if target else "")
            yield CodeView(history.code, title, history.newest_rev, "merged", None, None, target.url if target else unit.data.site.url)
        for history in binding.gone.get(unit.code, ()):
            if history.code not in shown:  # a file that cannot be read is no record any more, but its earlier version may stay
                yield self._gone(unit, history)

    def _gone(self, unit: Unit, history: History) -> CodeView:
        title, newest = history.last.title if history.last else "", history.newest_rev
        if history.withdrawn is not None:
            return CodeView(history.code, title, newest, "withdrawn", history.withdrawn.on, history.withdrawn.why, "")
        if history.moved is not None:
            return CodeView(history.code, title, newest, "moved", None, None, history.moved_url)
        if any(f"{unit.folder}/records/{name}.md" in self.ground.held_files for _, name in history.names):
            return CodeView(history.code, title, newest, "held", None, None, "")
        lists = [self.region.by_ref[name] for _, name in history.names if "/" in name and name in self.region.by_ref]
        if lists:
            url = record_url(self.region.units[lists[0].unit], lists[0].front.id) if is_public(lists[0]) else ""
            return CodeView(history.code, title, newest, "left", lists[0].front.revision.on, lists[0].front.revision.why, url)
        return CodeView(history.code, title, newest, "gone", None, None, "")

    def papers(self, unit: Unit) -> Iterator[PaperView]:
        """What was printed last of each code."""
        for history in self._histories(unit):
            if (paper := history.last_print) is not None:
                yield PaperView(history.code, paper.rev, paper.on, paper.paper)
