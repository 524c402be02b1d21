"""A folder → :class:`Region`: finds the units, reads everything, reports everything."""

from __future__ import annotations

import datetime as dt
import gc
import os
import pickle
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path

from msgspec import Struct
from pydantic import RootModel

from sitegen.fonts import FONTS
from sitegen.model.accounts import is_details
from sitegen.model.affairs import Committee
from sitegen.model.applications import Filed
from sitegen.model.assurance import Assurance
from sitegen.model.finding import Finding, finding
from sitegen.model.guides import Services
from sitegen.model.milestones import Milestone, MilestonesFile
from sitegen.model.photos import Photos
from sitegen.model.reach import Reach
from sitegen.model.region import Catalog, Link, Note, Page, Record, RecordContent, Region, Unit, facing
from sitegen.model.relations import RELATIONS, named
from sitegen.model.unit import RegionFile, UnitFile, level_of, parent_code

from .affairs import load_assurance, load_committee
from .cache import Bundle, BundleCache, LazyContents, LazyRecords, Packed, program_digest, signature
from .catalog import load_catalog
from .files import digest, load_yaml, look_again, relative
from .handbooks import load_handbooks
from .ledgers import ledger_key, load_ledger
from .opened import Examine, no_examination
from .orphans import end_with_parent
from .photos import PhotoReader
from .reach import load_reach
from .reread import Earlier, Known, for_the_next, mark
from .scan import Scan
from .scan import scan as look


class NoRegion(Exception):
    """There is nothing that could be loaded; ``findings`` say why."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__("no region")
        self.findings = findings


class CalendarFile(RootModel[dict[dt.date, bool]]):
    """The file calendar.yml: date → is it a working day?"""


Outward = tuple[dict[str, str], frozenset[str], str, tuple[Link, ...]]
Standing = tuple[Committee | None, Assurance | None, Photos]
Loaded = tuple[
    UnitFile,
    tuple[Page, ...],
    tuple[Note, ...],
    tuple[Filed, ...],
    Services,
    Reach,
    Standing,
    tuple[str, str],
    Outward,
    tuple[Finding, ...],
]


class Reading(Struct, frozen=True, dict=True):
    """How units are read: everything besides a unit's own files that what is read depends on."""

    root: Path
    catalog: Catalog
    examine: Examine
    official: frozenset[str]

    @cached_property
    def digest(self) -> str:
        """Changes whenever any of it does, or the program, or the region's own fonts."""
        how = f"{sorted(self.official)} {self.examine.__module__}.{self.examine.__qualname__}"
        return digest(program_digest(), self.catalog.digest, how, repr(signature(self.root / FONTS)))


Read = Bundle | tuple[Finding, ...]
"""What comes of reading a unit: its bundle, or why there is none."""
ReadUnits = Callable[[Reading, Sequence[tuple[Path, str]]], Iterator[Read]]
"""Reads units elsewhere than in this process: (folder, key) of each → what comes of it, in the same order."""


def load_region(
    root: Path,
    *,
    cache: bool = True,
    jobs: int = 1,
    examine: Examine = no_examination,
    read: ReadUnits | None = None,
    scan: Scan | None = None,
) -> Region:
    """Load the region at ``root``, units in ``jobs`` processes, or by ``read``, where many are to be read.

    ``scan`` is a look at its files that was just taken.

    ``examine`` sees every file once, when it is read; what it finds is kept with the unit. It must be a function of a module.
    Raises :class:`NoRegion` when region.yml is missing or unusable.
    """
    root = root.resolve()
    look_again()
    findings: list[Finding] = []
    if not (root / "region.yml").is_file():
        raise NoRegion([finding("SG114", "region.yml", None, None, file="region.yml")])
    got = load_yaml(RegionFile, root / "region.yml", root, findings)
    if got is None:
        raise NoRegion(findings)
    region = got[0]
    kept = BundleCache(root) if cache else None
    catalog = load_catalog(root, findings, kept)
    calendar = _calendar(root, findings)
    milestones = _milestones(root, findings)
    units: dict[str, Unit] = {}
    complete = True
    for folder, bundle in _bundles(root, catalog, kept, jobs, examine, read, scan):
        unit, more = _unpack(root, folder, bundle, kept)
        findings += more
        if unit is None:
            complete = False
            continue
        if unit.code in units:
            findings.append(finding("SG309", unit.file, 1, 1, code=unit.code, other=units[unit.code].file, unit=unit.code))
            complete = False
            continue
        units[unit.code] = unit
    units = {code: units[code] for code in sorted(units)}
    family = list(_family(region, units))
    findings += family
    complete = complete and not family
    return Region(
        root,
        region,
        catalog,
        units,
        tuple(sorted(findings, key=lambda f: f.sort_key)),
        complete,
        calendar,
        milestones,
        load_handbooks(root, units),
    )


def unit_folders(root: Path) -> Iterator[Path]:
    """Every folder with a unit.yml below content/ and villages/, in fixed order. Links are not followed."""
    for top in ("content", "villages"):
        for path, folders, files in os.walk(root / top):
            folders[:] = sorted(
                f for f in folders if not f.startswith(".") and f not in ("records", "pages", "services", "photos", "catalog", "ledger")
            )
            if "unit.yml" in files:
                yield Path(path)


_PHONE = re.compile(r"phone:\s*['\"]?((?:\+?86)?[\d \-]{11,20})")


def official_mobiles(folders: Iterable[Path]) -> frozenset[str]:
    """Mobile numbers that units give for contact in their unit.yml and services.yml, as eleven digits: residents are meant to call them, wherever they stand."""
    found: set[str] = set()
    for path in (folder / name for folder in folders for name in ("unit.yml", "services.yml")):
        try:
            text = path.read_text(encoding="utf-8", errors="replace")
        except OSError:
            continue
        found.update(digits[-11:] for m in _PHONE.finditer(text) if (digits := re.sub(r"\D", "", m[1]))[-11:-10] == "1")
    return frozenset(found)


def _calendar(root: Path, findings: list[Finding]) -> dict[dt.date, bool]:
    path = root / "calendar.yml"
    if not path.is_file():
        return {}
    got = load_yaml(CalendarFile, path, root, findings)
    return got[0].root if got else {}


def _milestones(root: Path, findings: list[Finding]) -> tuple[Milestone, ...]:
    path = root / "milestones.yml"
    got = load_yaml(MilestonesFile, path, root, findings) if path.is_file() else None
    return tuple(sorted(got[0].milestones, key=lambda m: m.due)) if got else ()


def _bundles(
    root: Path, catalog: Catalog, kept: BundleCache | None, jobs: int, examine: Examine, read: ReadUnits | None, scan: Scan | None
) -> Iterator[tuple[Path, Read]]:
    """Every unit's bundle, from the cache where it is still good."""
    files = (scan or look(root)).units
    folders = [folder for folder in unit_folders(root) if folder in files]  # one that came since is of the next run
    here = Reading(root, catalog, examine, official_mobiles(folders))
    keys = {folder: digest(here.digest, files[folder]) if kept else "" for folder in folders}
    ready: dict[Path, Read] = {}
    if kept is not None:
        for folder in folders:
            if found := kept.get(relative(folder, root), keys[folder]):
                ready[folder] = found
    todo = [folder for folder in folders if folder not in ready]
    fresh: list[Read]
    if read is not None and len(todo) > 1:
        found_there = read(here, [(f, keys[f]) for f in todo])
        fresh = [_keep(one, root, folder, kept) for folder, one in zip(todo, found_there, strict=True)]
    elif jobs > 1 and len(todo) >= _WORTH_A_POOL:
        from concurrent.futures import ProcessPoolExecutor

        with ProcessPoolExecutor(jobs, initializer=_start_reader, initargs=(here, kept)) as pool:
            fresh = list(pool.map(_read_in_worker, todo, (keys[f] for f in todo), chunksize=2))
    else:
        fresh = [_read(here, kept, folder, keys[folder]) for folder in todo]
    ready.update(zip(todo, fresh, strict=True))
    for folder in folders:
        yield folder, ready[folder]


_WORTH_A_POOL = 8
_reader: tuple[Reading, BundleCache | None] | None = None


def _start_reader(reading: Reading, kept: BundleCache | None) -> None:
    global _reader
    end_with_parent()
    _reader = reading, kept
    gc.disable()


def _keep(read: Read, root: Path, folder: Path, kept: BundleCache | None) -> Read:
    """What was read, with its heavy part in the cache rather than in memory."""
    return kept.put(relative(folder, root), read) if kept is not None and isinstance(read, Bundle) else read


def _read_in_worker(folder: Path, key: str) -> Read:
    assert _reader is not None
    return _read(*_reader, folder, key)


def _read(reading: Reading, kept: BundleCache | None, folder: Path, key: str) -> Read:
    """A unit as it is now, from what was read of it last where that is still right."""
    last = kept.last(relative(folder, reading.root)) if kept is not None else None
    return _keep(read_unit(reading, folder, key, last), reading.root, folder, kept)


def _unpack(root: Path, folder: Path, bundle: Read, kept: BundleCache | None) -> tuple[Unit | None, tuple[Finding, ...]]:
    if not isinstance(bundle, Bundle):
        return None, bundle
    (
        data,
        pages,
        notes,
        applications,
        services,
        reach,
        (committee, assurance, photos),
        (own_digest, light),
        (faces, refers, paid, links),
        findings,
    ) = pickle.loads(bundle.unit.read())
    file = relative(folder / "unit.yml", root)
    contents = LazyContents(bundle.contents)
    ledger, wrong = load_ledger(root, folder, data.code, kept)
    unit = Unit(
        file,
        relative(folder, root),
        data,
        level_of(data.code),
        LazyRecords(bundle.records),
        pages,
        own_digest,
        contents,
        notes=notes,
        applications=applications,
        light=light,
        key=f"{bundle.key} {ledger_key(folder)}".strip(),
        services=services,
        committee=committee,
        assurance=assurance,
        photos=photos,
        reach=reach,
        facing=faces,
        refers=refers,
        paid=paid,
        ledger=ledger,
        links=links,
    )
    return unit, (*findings, *wrong)


def read_unit(reading: Reading, folder: Path, key: str, last: Bundle | None = None) -> Read:
    """Read one unit's folder; nothing outside it is looked at but fonts of the region's own and what its records name.

    ``last`` is what was read of it before: records whose files are as they were are taken over.
    """
    root, catalog, examine, official = reading.root, reading.catalog, reading.examine, reading.official
    findings: list[Finding] = []
    got = load_yaml(UnitFile, folder / "unit.yml", root, findings)
    if got is None:
        return tuple(findings)
    data, _, raw = got
    reader = PhotoReader(root, folder, data, level_of(data.code), catalog, findings, examine, official)
    records: list[Record] = []
    notes: list[Note] = []
    contents: dict[str, RecordContent] = {}
    files: dict[str, str] = {}
    known: dict[str, Known] = {}
    base = digest(reading.digest, relative(folder, root), raw)
    earlier = Earlier(folder, base, last)
    for path in reader.files():
        place = str(path)[len(str(folder)) :]
        if again := earlier.of(path):
            record, content, known[place] = again
            reader.links += known[place].links
        else:
            reader.named = [mark(str(path))]
            before, linked = len(findings), len(reader.links)
            loaded = reader.record(path)
            if loaded is None:
                continue
            if isinstance(loaded, Note):
                notes.append(loaded)
                continue
            record, content = loaded
            if len(findings) == before:
                known[place] = earlier.noted(reader.named, record.front.id, reader.links[linked:])
        # Folders on the web do not tell A from a on every hosting: ids that differ only so would overwrite each other.
        same = record.front.id.lower()
        if same in files:
            known.pop(place, None)
            where = {"unit": data.code, "record": record.front.id}
            findings.append(finding("SG301", record.file, record.lines.get("id"), 1, id=record.front.id, other=files[same], **where))
            continue
        files[same] = record.file
        records.append(record)
        contents[record.front.id] = content
    pages = [p for path in reader.page_files() if (p := reader.page(path))]
    applications, reach = load_reach(root, folder, findings)
    services = reader.services()
    standing = load_committee(root, folder, findings), load_assurance(root, folder, findings), reader.photos()
    own = digest(raw, *(repr(p) for p in pages), *(n.digest for n in notes))
    light = digest(raw, repr(services), repr(reach), repr(standing[1]))
    loaded_unit: Loaded = (
        data,
        tuple(pages),
        tuple(notes),
        applications,
        services,
        reach,
        standing,
        (own, light),
        _outward(records, notes, catalog, reach, reader.links),
        tuple(findings),
    )
    unit, heads, texts = (Packed(pickle.dumps(part, protocol=5)) for part in (loaded_unit, tuple(records), contents))
    return Bundle(key, unit, heads, texts, for_the_next(base, known))


def _outward(records: list[Record], notes: list[Note], catalog: Catalog, reach: Reach, links: list[Link]) -> Outward:
    """What other units' findings may depend on."""
    details = {id for id, schema in catalog.tables.items() if is_details(schema)}
    shared: dict[str, list[str]] = {}
    refers: set[str] = set()
    paid: list[str] = []
    for record in records:
        shared.setdefault(facing(record, catalog), []).append(record.digest)
        refs = (record.front.counterpart, *record.front.formerly, *(named(record.front, relation.key) for relation in RELATIONS))
        refers.update(ref.partition("/")[0] for ref in refs if ref and "/" in ref)
        item = catalog.items.get(record.front.item)
        if item and (item.transfer or item.table in details):
            paid.append(record.digest)
    refers.update(note.front.derives.partition("/")[0] for note in notes)
    named_there = [m.record for m in reach.participation.data.meetings if m.record] if reach.participation else []
    refers.update(ref.partition("/")[0] for ref in named_there if "/" in ref)
    shared.pop("", None)
    return {m: digest(*found) for m, found in shared.items()}, frozenset(refers), digest(*paid) if paid else "", tuple(links)


def _family(region: RegionFile, units: dict[str, Unit]) -> Iterator[Finding]:
    """Every unit belongs to the region and has the units above it."""
    for unit in units.values():
        if unit.code[:6] != region.code[:6]:
            yield finding("SG317", unit.file, 1, 1, code=region.code, unit=unit.code)
            continue
        above = parent_code(unit.code)
        if above is not None and above not in units:
            yield finding("SG310", unit.file, 1, 1, code=above, unit=unit.code)
