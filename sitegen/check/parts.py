"""Checking a region again after a small change: part by part, each kept until something changes that its findings depend on.

What holds for the whole region (addresses, adjustments of the catalogue) is checked every time.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from sitegen.aside import Aside
from sitegen.load.cache import BundleCache, program_digest
from sitegen.load.files import digest
from sitegen.load.region import load_region
from sitegen.model.finding import Finding, has_errors
from sitegen.model.linking import find_matters
from sitegen.model.region import Region

from .acceptance import Accepted
from .examine import examine
from .partition import Cuts, Part
from .run import OF_THE_REGION, OF_UNITS, check
from .scope import Scope

_Judged = tuple[list[Finding], list[Accepted]]


class Found(Struct, frozen=True):
    """A region and what was found in it."""

    region: Region
    findings: tuple[Finding, ...]
    accepted: tuple[Accepted, ...]
    cuts: Cuts
    """Its parts, those looked at last still linked."""


def check_by_parts(root: Path, date: dt.date, *, jobs: int = 1) -> Found:
    """The findings of :func:`sitegen.check.load_and_check`, from the last run where they still hold.

    Raises :class:`sitegen.load.region.NoRegion`.
    """
    return Checking(load_region(root, jobs=jobs, examine=examine), date).found()


class Checking:
    """A region that is loaded and being checked. With ``beside`` what has to be judged anew is judged beside whatever the caller does meanwhile.

    With ``only`` some units are judged as they are now; of all others what was found last stands, whatever has changed since.
    """

    def __init__(self, region: Region, date: dt.date, *, beside: bool = False, only: Collection[str] | None = None) -> None:
        self.region, self.date, self.kept, self.cuts = region, date, BundleCache(region.root), Cuts(region)
        common = common_key(region, date)
        self._keys = {code: digest(common, self.cuts.key(code)) for code in region.units}
        self._judged: dict[str, _Judged | None] = {code: self.kept.value(f"checks {code}", key) for code, key in self._keys.items()}
        if only is not None:
            self._judged |= {
                c: self.kept.value(f"checks {c}", None) for c, found in self._judged.items() if found is None and c not in only
            }
        whole = Scope(region, find_matters(replace(region, units={})), date)
        self._findings = [f for f in region.findings if f.unit is None] + [f for family in OF_THE_REGION for f in family(whole)]
        self._todo = list(self.cuts.wanted([code for code, judged in self._judged.items() if judged is None]))
        todo = self._todo
        if beside and len(todo) == 1:
            self.cuts.of(todo[0])  # linked once for both
        self._rest = Aside(lambda: [self._judge(part) for part in todo], beside=beside and bool(todo))

    @property
    def doubtful(self) -> bool:
        """Whether there are errors already in what is known."""
        known = [f for judged in self._judged.values() if judged for f in judged[0]]
        return has_errors((*self.region.findings, *self._findings, *known))

    def found(self) -> Found:
        """All that was found, when it is."""
        if self._todo:
            for found in self._rest.result():
                self._judged |= found
            self._todo = []
        judged = [j for code in self.region.units if (j := self._judged[code]) is not None]
        findings = {*self._findings, *(f for standing, _ in judged for f in standing)}
        accepted = tuple(a for _, excused in judged for a in excused)
        return Found(self.region, tuple(sorted(findings, key=lambda f: f.sort_key)), accepted, self.cuts)

    def _judge(self, part: Part) -> dict[str, _Judged]:
        judged = _judge(self.cuts, part, self.date)
        for code, found in judged.items():
            self.kept.keep(f"checks {code}", self._keys[code], found)
        return judged


def common_key(region: Region, date: dt.date) -> str:
    """What every part depends on: the day, the program, the catalogue, the region's own files."""
    return digest(
        date.isoformat(),
        program_digest(),
        region.catalog.digest,
        region.data.model_dump_json(),
        str(sorted(region.calendar.items())),
        repr(region.milestones),
    )


def _judge(cuts: Cuts, part: Part, date: dt.date) -> dict[str, _Judged]:
    region, matters = cuts.of(part)
    checked = check(region, matters, date, OF_UNITS)
    judged: dict[str, _Judged] = {code: ([], []) for code in sorted(part.own)}
    for found in checked.findings:
        if found.unit in part.own:
            judged[found.unit][0].append(found)
    for excused in checked.accepted:
        if excused.finding.unit in part.own:
            judged[excused.finding.unit][1].append(excused)
    return judged
