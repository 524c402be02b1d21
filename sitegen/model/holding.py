"""What must not be shown as it is, because it has errors: what is held back, what of it stays as it was, and the region without it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from .finding import Finding, Severity
from .guides import NO_SERVICES, Services
from .matter import MatterKey, Matters, is_public, matter_key
from .reach import NAMES as REACH
from .reach import Reach
from .region import Record, Region, Unit, facing
from .views import UnitView

_SHOWN_NOWHERE = ("/ledger.jsonl",)
"""Files that no output is made of: their errors hold nothing back."""
_APART = (
    "/records/",
    "/pages/",
    "/services/",
    "/services.yml",
    "/applications.yml",
    *(f"/{name}" for name in REACH),
    "/committee.yml",
    "/assurance.yml",
    "/photos.yml",
    "/photos/",
)
"""Files of which each is left out on its own when it has errors; an error in any other file stops the build."""
_PERSONAL = "SG80"
"""How the codes of findings of personal data begin."""


Heads = Callable[[Unit], Sequence[Record]]
"""The heads of a unit's records."""


def _own_heads(unit: Unit) -> Sequence[Record]:
    return unit.records


class Held(Struct, frozen=True):
    """What must not be shown as it is now, because it has errors."""

    refs: frozenset[str] = frozenset()
    """Records, as ``<unit>/<id>``."""
    files: frozenset[str] = frozenset()
    """Other files, and files of records that could not be understood at all."""
    withheld: frozenset[str] = frozenset()
    """Those of them of which not even the earlier version stays: what is wrong with them may stand in it as well."""


def blocks(found: Finding) -> bool:
    """Whether nothing can be built while this stands: an error in what all records need."""
    if found.severity is not Severity.ERROR or found.file.endswith(_SHOWN_NOWHERE):
        return False
    return found.rule.blocks or (found.record is None and not any(part in found.file for part in _APART))


def quarantine(
    region: Region, matters: Matters | None, findings: tuple[Finding, ...], heads: Heads = _own_heads
) -> tuple[Held, tuple[tuple[str, tuple[Finding, ...]], ...]]:
    """What is held back and why. What the records of a matter say must change together, so all of them are held.

    Without ``matters`` the records of a matter are looked for by ``heads``, in those units alone that have some.
    """
    errors: dict[str, list[Finding]] = {}
    files: set[str] = set()
    for f in findings:
        if f.severity is Severity.ERROR and not blocks(f) and not f.file.endswith(_SHOWN_NOWHERE):
            if f.record is not None and f.unit is not None:
                errors.setdefault(f"{f.unit}/{f.record}", []).append(f)
            else:
                errors.setdefault(f.file, []).append(f)
                files.add(f.file)
    refs = {name for name in errors if name not in files}
    named = {ref.partition("/")[0] for ref in refs}
    wrong = [r for code, unit in region.units.items() if code in named for r in heads(unit) if r.ref in refs]
    groups = matters.groups if matters is not None else _groups(region, wrong, heads)
    for record in wrong:
        key = matter_key(record, region.catalog)
        for other in groups.get(key, ()) if key else ():
            refs.add(other.ref)
            errors.setdefault(other.ref, errors[record.ref])
    return Held(frozenset(refs), frozenset(files)), tuple(sorted((name, tuple(found)) for name, found in errors.items()))


def _groups(region: Region, wrong: Iterable[Record], heads: Heads) -> Mapping[MatterKey, list[Record]]:
    """The public records of the matters of some."""
    faces = {facing(r, region.catalog) for r in wrong} - {""}
    keys = {matter_key(r, region.catalog) for r in wrong}
    found: dict[MatterKey, list[Record]] = {}
    for unit in region.units.values():
        for record in heads(unit) if unit.facing.keys() & faces else ():
            if is_public(record) and (key := matter_key(record, region.catalog)) and key in keys:
                found.setdefault(key, []).append(record)
    return found


def withheld(held: Held, findings: Iterable[Finding], region: Region, previous: Mapping[str, UnitView], *, same_program: bool) -> Held:
    """Of what is held back for data of persons nothing stays, unless it is sure that the earlier version is clean: then it was
    built by this program, which found nothing, from other content than that in which it finds something now."""
    found = set()
    for f in findings:
        if f.severity is Severity.ERROR and f.code.startswith(_PERSONAL):
            before = previous.get(f.unit or "") if same_program else None
            if before is None or not _differs(f, region, before):
                found.add(ref if (ref := f"{f.unit}/{f.record}") in held.refs else f.file)
    return replace(held, withheld=frozenset(found) & (held.refs | held.files))


def _differs(found: Finding, region: Region, before: UnitView) -> bool:
    """Whether the earlier version of a record or page is there and says something else than the file does now."""
    unit = region.units.get(found.unit or "")
    if unit is None:
        return False
    if found.record is not None:
        known = next((r for r in before.records if r.id == found.record), None)
        record = next((r for r in unit.records if r.front.id == found.record), None)
        return known is not None and record is not None and known.content_digest != record.digest
    page = next((p for p in unit.pages if p.file == found.file), None)
    shown = next((p for p in before.pages if page is not None and p.slug == page.slug), None)
    return page is not None and shown is not None and shown.body != page.body


def without(region: Region, held: Held) -> Region:
    """The region without the files that are held back; records are left out where they are shown."""
    if not held.files:
        return region
    folders = {file.rpartition("/")[0] for file in held.files} | {file.rpartition("/")[0].rpartition("/")[0] for file in held.files}
    units = {code: _without(u, held.files) if u.folder in folders else u for code, u in region.units.items()}
    return replace(region, units=units)


def _without(unit: Unit, files: frozenset[str]) -> Unit:
    def is_held(name: str) -> bool:
        return f"{unit.folder}/{name}" in files

    reach = unit.reach
    return replace(
        unit,
        pages=tuple(p for p in unit.pages if p.file not in files),
        applications=() if is_held("applications.yml") else unit.applications,
        reach=Reach(
            None if is_held("apply.yml") else reach.apply,
            None if is_held("participation.yml") else reach.participation,
            None if is_held("channels.yml") else reach.channels,
            () if is_held("applications.yml") else reach.years,
        ),
        services=_services_without(unit.services, files),
        committee=None if is_held("committee.yml") else unit.committee,
        assurance=None if is_held("assurance.yml") else unit.assurance,
    )


def _services_without(services: Services, files: frozenset[str]) -> Services:
    kept = replace(
        services,
        guides=tuple(g for g in services.guides if g.file not in files),
        bundles=tuple(b for b in services.bundles if b.file not in files),
    )
    return replace(NO_SERVICES, guides=kept.guides, bundles=kept.bundles) if services.file in files else kept
