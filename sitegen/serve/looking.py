"""A region as it is now, looked at for a few units: what is found in them, what they show, and some of their pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from functools import cached_property
from pathlib import Path

from msgspec.structs import replace

from sitegen.boards.wall import with_wall
from sitegen.build import held_back
from sitegen.check.examine import examine
from sitegen.check.parts import Checking
from sitegen.contents import fill, job, unchanged_files
from sitegen.last import Last, last_build
from sitegen.load.cache import BundleCache
from sitegen.load.region import load_region
from sitegen.model.finding import Finding, has_errors
from sitegen.model.holding import Held, blocks
from sitegen.model.unit import ancestors, is_within, site_place
from sitegen.model.views import UnitView
from sitegen.planning import ByParts
from sitegen.site import hant
from sitegen.site.engine import some_pages
from sitegen.view import Plan

UNRELEASED = frozenset(("SG925", "SG926"))
"""What is wrong with a record that only waits to be released in its new revision."""
_INDEX = "index.html"
_FILLED = ("", "board/", "data/")
"""Pages that are made of the contents of all records; ``data/`` and what is below it."""

_DRAFTS = 20
"""Records of which drafts are made after every build."""

Wanted = Mapping[str, Collection[str]]
"""By unit: addresses of pages, relative to its root."""


class Looking:
    """Raises :class:`sitegen.load.region.NoRegion`, ``OSError`` and whatever a file that is just being written may lead to."""

    def __init__(self, root: Path, out: Path, date: dt.date) -> None:
        self.root, self.date = root, date
        self.region = load_region(root, examine=examine)
        self.last: Last = last_build(out)
        self._places = {"/".join(p for p in site_place(u.data.site.url) if p): code for code, u in self.region.units.items()}
        """By address of a unit's home page, below the folder of all hosts and without a slash at its end."""

    def unit_of(self, file: str) -> str | None:
        """The unit in whose folder a file is, by its path relative to the region."""
        return next((code for code, u in self.region.units.items() if file.startswith(f"{u.folder}/")), None)

    def page_at(self, place: str) -> tuple[str, str] | None:
        """The unit, and the address below its home page, of what is shown at ``place``, a path below the folder of all hosts."""
        below = place.removesuffix(_INDEX).rstrip("/")
        parts = below.split("/")
        for n in range(len(parts), 0, -1):
            code = self._places.get("/".join(parts[:n]))
            if code is not None:
                rest = parts[n:][1:] if parts[n : n + 1] == [hant.FOLDER] else parts[n:]
                return code, "".join(f"{p}/" for p in rest)
        return None

    def judge(self, units: Collection[str]) -> Judged:
        """What is wrong, where some ``units`` changed or are to be shown; of others what was found last."""
        return Judged(self, Checking(self.region, self.date, only=units), units)


class Judged:
    """The region with what is wrong in it."""

    def __init__(self, looking: Looking, checking: Checking, units: Collection[str]) -> None:
        self.looking, self.checking = looking, checking
        self.region, self.last = looking.region, looking.last
        self.findings = checking.found().findings
        # While something was held back nothing was kept that could be gone on from.
        self._anew = {*units, *(a for code in units for a in ancestors(code))} if self.last.clean else set(self.region.units)

    @property
    def refused(self) -> bool:
        """Whether nothing can be built at all."""
        return any(blocks(f) for f in self.findings)

    @cached_property
    def held(self) -> Held | None:
        """What is held back."""
        return self._held(self.findings)

    def _held(self, findings: tuple[Finding, ...]) -> Held | None:
        return held_back(self.region, findings, self.last)[0] if has_errors(findings) else None

    def pages(self, wanted: Wanted) -> tuple[dict[str, bytes], frozenset[str]]:
        """The pages that are wanted as the whole build will make them, by path below the folder of all hosts, and which records' pages among them
        are not there any more.
        """
        made: dict[str, bytes] = {}
        gone: set[str] = set()
        if self.held and any(code in self.last.state["units"] and self.last.views.get(code) is None for code in wanted):
            return made, frozenset()  # what stands is just being replaced: what is held back would be missing
        for plan in self._plans(self.held, wanted):
            for code in sorted(plan.views.keys() & wanted.keys()):
                made |= self._rendered(plan, code, wanted[code])
                slugs = {f"r/{r.slug}/" for r in plan.views[code].records}
                below = _below(plan.views[code])
                gone |= {f"{below}{path}{_INDEX}" for path in wanted[code] if path.startswith("r/") and path not in slugs}
        return made, frozenset(gone)

    def drafts(self, wanted: Wanted | None = None) -> dict[str, bytes]:
        """Pages of records that are held back for nothing but that they were not released: as they would be if they were. Of those that are
        ``wanted``, or of the first few there are.
        """
        if self.held is None or not any(f.code in UNRELEASED for f in self.findings):
            return {}
        free = self._held(tuple(f for f in self.findings if f.code not in UNRELEASED)) or Held()
        refs = sorted(self.held.refs - free.refs)[: _DRAFTS if wanted is None else None]
        units = {code for ref in refs for code in self._showing(ref) if wanted is None or code in wanted}
        made: dict[str, bytes] = {}
        for plan in self._plans(free if free.refs or free.files else None, units) if units else ():
            for code in sorted(plan.views.keys() & units):
                own = [f"r/{r.slug}/" for r in plan.views[code].records if _source(plan, code, r.id) in refs and not r.held]
                shown = [path for path in own if wanted is None or path in wanted[code]]
                made |= self._rendered(plan, code, shown) if shown else {}
        return made

    def _showing(self, ref: str) -> Iterator[str]:
        """The units that show a record: its own, and those for which a list has rows."""
        own, _, id = ref.partition("/")
        yield own
        record = next((r for r in self.region.units[own].records if r.front.id == id), None)
        item = self.region.catalog.items.get(record.front.item) if record is not None else None
        if item is not None and item.counterpart is not None and item.counterpart.slice:
            yield from (code for code in self.region.units if code != own and is_within(code, own))

    def _plans(self, held: Held | None, codes: Collection[str]) -> Iterator[Plan]:
        planning = ByParts(self.checking.cuts, self.looking.date, BundleCache(self.looking.root), held, self.last.views if held else None)
        yield from planning.few(codes, self._anew)

    def _rendered(self, plan: Plan, code: str, wanted: Collection[str]) -> dict[str, bytes]:
        light = plan.views[code]
        work = job(self.region, plan, code, self.last.views.get(code) if any(r.held for r in light.records) else None)
        root = self.looking.root
        if any(path in _FILLED or path.startswith("data/") for path in wanted):
            view = with_wall(unchanged_files(fill(work, self.region.catalog), root))
        else:
            shown = tuple(r for r in light.records if f"r/{r.slug}/" in wanted)
            filled = fill(replace(work, view=replace(light, records=shown)), self.region.catalog)
            view = replace(unchanged_files(filled, root), records=light.records)
        return {_below(view) + path: data for path, data in some_pages(view, wanted, root).items()}


def _below(view: UnitView) -> str:
    return "".join(f"{p}/" for p in (view.host, view.path) if p)


def _source(plan: Plan, code: str, id: str) -> str:
    derived = plan.sources.get((code, id))
    return derived.source.ref if derived is not None else f"{code}/{id}"
