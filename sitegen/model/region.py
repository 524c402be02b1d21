"""What loading yields: the catalogue, the units with their records, and the region around them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from typing import Any

from msgspec import Struct, field

from .affairs import Committee, Focus
from .applications import Filed
from .assurance import Assurance
from .base import Level
from .catalog import Exclusion, Field, Item, Law, TableSchema
from .content_views import Figure
from .dialogue import Media
from .finding import Finding
from .guides import NO_SERVICES, Services
from .ledger import EMPTY, Ledger
from .milestones import Milestone
from .photos import NO_PHOTOS, Photos
from .reach import NO_REACH, Reach
from .record import NoteFile, PageFile, RecordFile
from .table import Table
from .unit import RegionFile, UnitFile


class Catalog(Struct, frozen=True):
    """The whole catalogue, by id."""

    fields: tuple[Field, ...]
    items: Mapping[str, Item]
    field_of: Mapping[str, Field]
    """Field by item id."""
    laws: Mapping[str, Law]
    tables: Mapping[str, TableSchema]
    exclusions: tuple[Exclusion, ...]
    digest: str
    """Of all files the catalogue was read from."""
    complete: bool = True
    """False when a file could not be used: what is missing then is not the records' fault."""
    focus: tuple[Focus, ...] = ()
    """The fields that everybody looks at (重点领域), in the order of focus.yml."""
    places: Mapping[str, tuple[str, int, int]] = field(default_factory=dict)
    """File, line and column by item id, and by ``<item id>/<n>`` of the item's nth adjustment."""


class Link(Struct, frozen=True):
    """A link in a text, as it stands there."""

    file: str
    """Relative to the region."""
    line: int
    column: int
    target: str
    base: str
    """Where the text's page stands below the unit's address, as far as a relative link needs it: ``r/<id>/``."""
    record: str | None
    """Id of the record whose text it is."""


class Attached(Struct, frozen=True):
    """A file that a record or page refers to and that exists."""

    title: str
    href: str
    """As written, relative to the record's file."""
    file: str
    """Relative to the region."""
    size: int
    digest: str


class MediaFiles(Struct, frozen=True):
    """The files of a picture, recording or film that explains something."""

    data: Media
    file: Attached
    captions: Attached | None = None
    poster: Attached | None = None
    width: int = 0
    """In pixels, of the picture or the poster; 0 where unknown."""
    height: int = 0

    @property
    def files(self) -> tuple[Attached, ...]:
        """All that lies beside the page."""
        return tuple(f for f in (self.file, self.captions, self.poster) if f is not None)


class Slice(Struct, frozen=True):
    """One village's rows in a township table, in figures."""

    value: str
    """What the rows say in the slice column, folded."""
    line: int
    """Line of its first row."""
    figures: tuple[Figure, ...]
    sums: tuple[tuple[str, Decimal], ...]
    digest: str
    fingerprint: str = ""
    """Of what is compared with the counterpart; equal fingerprints need no comparing."""
    others: tuple[str, ...] = ()
    """Other names under which the list has rows of the same village, such as that of a village that was merged into it."""

    @property
    def values(self) -> frozenset[str]:
        """All names under which its rows stand."""
        return frozenset((self.value, *self.others))


class Record(Struct, frozen=True):
    """The head of a loaded record: all that other units and the lists need. Body and rows are in :class:`RecordContent`."""

    unit: str
    file: str
    front: RecordFile
    lines: Mapping[str, int]
    """Line of every key of the front matter."""
    digest: str
    """Of everything the record consists of: front matter, text, rows, attached files."""
    figures: tuple[Figure, ...]
    sums: tuple[tuple[str, Decimal], ...]
    """Exact sum of every column of figures, by column name, whether or not it is printed as a total."""
    slices: tuple[Slice, ...]
    personal: bool
    attachments: tuple[Attached, ...]
    images: tuple[Attached, ...]
    fingerprint: str = ""
    """Of what is compared with the counterpart; "" when the record has no such table."""
    media: tuple[MediaFiles, ...] = ()
    """In the order of the head; those whose file is missing are left out."""

    @property
    def ref(self) -> str:
        """``<unit code>/<id>``, how other records name it."""
        return f"{self.unit}/{self.front.id}"

    def full(self, ref: str) -> str:
        """Whom this record means by ``ref``: ``<unit code>/<id>``, or the bare id within its own unit."""
        return ref if "/" in ref else f"{self.unit}/{ref}"

    @property
    def table_file(self) -> str:
        """The file of its rows, relative to the region; its own where it has none."""
        table = self.front.rows
        return f"{self.file.rpartition('/')[0]}/{table.path}" if table else self.file


class RecordContent(Struct, frozen=True):
    """The heavy part of a record."""

    body: str
    table: Table | None
    first_line: int = 1
    """Line of the file in which the body begins."""
    transcripts: tuple[str, ...] = ()
    """One for each of the record's media, "" where it has none."""


class Note(Struct, frozen=True):
    """A village's own words on a record that it derives."""

    file: str
    front: NoteFile
    lines: Mapping[str, int]
    body: str
    digest: str


class Page(Struct, frozen=True):
    """A text of a unit that is no record."""

    file: str
    front: PageFile
    body: str
    attachments: tuple[Attached, ...]
    lines: Mapping[tuple[str, ...], int] = field(default_factory=dict)
    """Line of every key of the front matter, and of the keys below ``figures``."""

    @property
    def slug(self) -> str:
        """Its name in addresses."""
        return self.file.rsplit("/", 1)[-1].removesuffix(".md").lower()


class Unit(Struct, frozen=True):
    """A loaded unit. ``contents`` reads the heavy part of its records, by id, when it is called."""

    file: str
    folder: str
    data: UnitFile
    level: Level
    records: Sequence[Record]
    pages: tuple[Page, ...]
    digest: str
    """Of unit.yml and pages; records carry their own."""
    contents: Callable[[], Mapping[str, RecordContent]]
    notes: tuple[Note, ...] = ()
    applications: tuple[Filed, ...] = ()
    """Applications for information (依申请公开), in the order of the file."""
    reach: Reach = NO_REACH
    """How to apply, take part and follow."""
    services: Services = NO_SERVICES
    """Its service guides (办事指南)."""
    committee: Committee | None = None
    """A village's supervision committee (村务监督委员会)."""
    assurance: Assurance | None = None
    """A government's assurance and supervision (组织保障、监督检查)."""
    photos: Photos = NO_PHOTOS
    """Photos of its posted sheets."""

    light: str = ""
    """A digest of what the unit says of itself where others may show it: unit.yml, channels, guides, assurance."""
    key: str = ""
    """Of all files of the unit as they were when it was loaded; "" when nothing is kept between runs."""
    facing: Mapping[str, str] = field(default_factory=dict)
    """By what the records of a matter share (:func:`facing`): a digest of this unit's records of it."""
    refers: frozenset[str] = frozenset()
    """Other units whose records this unit's records name."""
    paid: str = ""
    """A digest of the records that may book or list payments; "" when there are none."""
    ledger: Ledger = EMPTY
    """What was released and printed; the empty one where nothing was."""
    links: tuple[Link, ...] = ()
    """Links in its texts, in the order of its files."""

    @property
    def code(self) -> str:
        """The division code."""
        return self.data.code

    @property
    def files(self) -> tuple[str, ...]:
        """The files in which it speaks of itself: unit.yml and those beside it, as far as they are there."""
        standing = tuple(one.file for one in (self.committee, self.assurance) if one is not None)
        found = (self.file, self.services.file, *self.reach.files, *standing, *(a.file for a in self.applications))
        return tuple(dict.fromkeys(file for file in found if file))


class Region(Struct, frozen=True, dict=True):
    """Everything loaded, and every problem met on the way."""

    root: Any
    """Path of the region's folder."""
    data: RegionFile
    catalog: Catalog
    units: Mapping[str, Unit]
    """By code, in order of codes: county, township, its villages, next township…"""
    findings: tuple[Finding, ...]
    complete: bool = True
    """False when a unit could not be loaded: names that fit none may mean that one."""
    calendar: Mapping[Any, bool] = field(default_factory=dict)
    """Days that calendar.yml adds: date → working day?"""
    milestones: tuple[Milestone, ...] = ()
    """Of milestones.yml, in order of their last days."""
    handbooks: Mapping[str, Attached] = field(default_factory=dict)
    """By unit code: the printed handbook (办事一本通) that lies in print-out/, where it is as new as the guides."""

    @cached_property
    def by_ref(self) -> Mapping[str, Record]:
        """Every record by its ref, ``<unit code>/<id>``."""
        return {r.ref: r for u in self.units.values() for r in u.records}

    def children(self, code: str) -> list[Unit]:
        """Units right below ``code``."""
        return list(self._below.get(code, ()))

    @cached_property
    def _below(self) -> Mapping[str, list[Unit]]:
        from .unit import parent_code

        found: dict[str, list[Unit]] = {}
        for unit in self.units.values():
            if above := parent_code(unit.code):
                found.setdefault(above, []).append(unit)
        return found

    def named(self, name: str) -> list[Unit]:
        """Units with this code, name or alias: several where villages of two townships share a name."""
        return [u for u in self.units.values() if name in (u.code, u.data.name, *u.data.aliases)]


def joined(parts: Sequence[Slice]) -> Slice:
    """The rows of a village that a list names in several ways, as one."""
    first, *rest = parts
    if not rest:
        return first
    figures: dict[tuple[str, str], Figure] = {}
    sums: dict[str, Decimal] = {}
    for part in parts:
        for f in part.figures:
            known = figures.get((f.label, f.unit))
            total = f.value + (known.value if known else 0)
            figures[f.label, f.unit] = Figure(f.label, total, max(f.decimals, known.decimals if known else 0), f.unit)
        for name, value in part.sums:
            sums[name] = sums.get(name, Decimal(0)) + value
    digest = hashlib.sha256(" ".join(p.digest for p in parts).encode()).hexdigest()[:32]
    return Slice(first.value, first.line, tuple(figures.values()), tuple(sums.items()), digest, "", tuple(p.value for p in rest))


def facing(record: Record, catalog: Catalog) -> str:
    """What records of one matter share whatever their period: group, batch and subject; "" without counterparts."""
    from .matter import batch_number
    from .table import fold

    item = catalog.items.get(record.front.item)
    if item is None or item.counterpart is None:
        return ""
    return f"{item.counterpart.group} {batch_number(record.front.batch)} {fold(record.front.subject)}"
