"""Service guides (办事指南) and bundles (一件事一次办): nothing missing, nothing vague, nothing promised that the rest contradicts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from sitegen.model.finding import N_, Finding, Severity, finding
from sitegen.model.guides import ELEMENTS, Guide, ServiceBundle, Services, Whole, choices, named, whole
from sitegen.model.region import Unit
from sitegen.model.services import Span
from sitegen.model.unit import ancestors

from .scope import Scope

_VAGUE = re.compile(r"其他|其它|相关材料|有关材料|等材料|等证明|规定的材料|等$")
"""Wordings of materials that leave open what is meant (兜底条款)."""


def check_services(scope: Scope) -> Iterator[Finding]:
    """Every guide and bundle of every unit."""
    for unit in scope.region.units.values():
        if unit.services.guides or unit.services.bundles:
            yield from _Unit(scope, unit).run()


class _Unit:
    def __init__(self, scope: Scope, unit: Unit) -> None:
        self.scope, self.unit = scope, unit
        units = (scope.region.units.get(code) for code in (unit.code, *ancestors(unit.code)))
        places = tuple(f"{u.folder}/services{end}" for u in units if u for end in ("/", ".yml"))
        self.unread = any(f.severity is Severity.ERROR and f.file.startswith(places) for f in scope.region.findings)
        """A guide that is named may be one that was not understood."""

    def of(self, code: str) -> Services | None:
        found = self.scope.region.units.get(code)
        return found.services if found else None

    def run(self) -> Iterator[Finding]:
        for guide in self.unit.services.guides:
            full = whole(self.unit.code, guide, self.of)
            if full is not None:
                yield from self._guide(full)
            elif not self.unread:
                yield self._lost("SG451", guide, "like", guide.front.like or "", own=False)
        for bundle in self.unit.services.bundles:
            yield from self._bundle(bundle)

    def _at(self, code: str, one: Guide | ServiceBundle, key: str, /, **args: Any) -> Finding:
        return finding(code, one.file, one.lines.get(key, 2), 1, unit=self.unit.code, **args)

    def _lost(self, code: str, one: Guide | ServiceBundle, key: str, ref: str, *, own: bool) -> Finding:
        from rapidfuzz import process  # only where something is wrong

        near = process.extractOne(ref.rpartition("/")[2], list(choices(self.unit.code, self.of, own=own)))
        return self._at(code, one, key, ref=ref, near=near[0] if near else "—")

    def _guide(self, full: Whole) -> Iterator[Finding]:
        guide = full.guide
        if guide.front.like is None and (missing := full.missing()):
            yield self._at("SG452", guide, "name", missing=[f"{ELEMENTS[k]} ({k})" for k in missing])
        yield from self._limits(full)
        for n, material in enumerate(guide.front.materials or ()):
            if _VAGUE.search(material.name):
                yield self._at("SG454", guide, "materials", n=str(n + 1), name=material.name)
        if guide.front.online is not None:
            yield from self._online(guide)

    def _limits(self, full: Whole) -> Iterator[Finding]:
        legal, promised = full.front.legal, full.front.promised
        own = {"legal", "promised"} & full.guide.front.model_fields_set
        if own and legal and promised and _at_most(promised) > _at_most(legal):
            key = "promised" if "promised" in own else "legal"
            yield self._at("SG453", full.guide, key, promised=promised.zh, legal=legal.zh)

    def _online(self, one: Guide | ServiceBundle) -> Iterator[Finding]:
        online = one.front.online
        if online is None:
            return
        if self.unread:
            return
        data = [s.data for code in (self.unit.code, *ancestors(self.unit.code)) if (s := self.of(code)) and s.data]
        linked = online.url is not None or any(d.platform for d in data)
        if online.degree in ("网上预审", "网上申报", "全程网办") and not linked:
            yield self._at("SG456", one, "online", degree=online.degree, problem=N_("no address says where"))
        elif online.degree == "全程网办" and online.visits:
            yield self._at("SG456", one, "online", degree=online.degree, problem=N_("one has to come all the same"))
        elif online.degree == "现场办理" and (online.url or online.visits == 0):
            yield self._at("SG456", one, "online", degree=online.degree, problem=N_("it cannot be done without coming"))

    def _bundle(self, bundle: ServiceBundle) -> Iterator[Finding]:
        wholes = []
        for matter in bundle.front.matters:
            meant = named(matter.guide, self.unit.code, self.of, own=True)
            full = whole(*meant, self.of) if meant else None
            if full is not None:
                wholes.append(full)
            elif not self.unread:
                yield self._lost("SG455", bundle, "matters", matter.guide, own=True)
        yield from self._online(bundle)
        own = bundle.front.materials
        if own is None:
            return
        there = {m.name for m in own}
        for full in wholes:
            gone = [m.name for m in full.front.materials or () if m.name not in there and not m.waived and not m.when]
            if gone:
                yield self._at("SG458", bundle, "materials", guide=full.front.name or "", materials=gone)


def _at_most(span: Span) -> float:
    """Days of the calendar, about."""
    return span.days * 7 / 5 if span.kind == "working" else span.days
