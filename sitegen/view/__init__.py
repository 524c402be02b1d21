"""Region → :class:`UnitView`: what each unit shows on a given day, as states with the day of their next change."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from sitegen.check.releases import Release, Releases
from sitegen.check.scope import Scope
from sitegen.check.supervision import Counted, Supervisor
from sitegen.digests import digest_of
from sitegen.model.affair_making import AffairMaker, with_kept
from sitegen.model.affair_views import NO_AFFAIRS, AffairsView, AssuranceView
from sitegen.model.annual_making import annual_report
from sitegen.model.attachments import attachment_views
from sitegen.model.base import Level
from sitegen.model.catalog import Field, LawRef
from sitegen.model.content_views import PhotoView
from sitegen.model.holding import Held, without
from sitegen.model.matter import Derived, Matters, is_public
from sitegen.model.outreach import Outreach
from sitegen.model.reach import OutreachView
from sitegen.model.record_views import RecordView, RelationView
from sitegen.model.region import Catalog, Region, Unit
from sitegen.model.reviews import review_years
from sitegen.model.service_making import ServiceMaker
from sitegen.model.service_views import ServicesView
from sitegen.model.supervision_views import SupervisionView
from sitegen.model.timeline import with_timelines
from sitegen.model.unit import UnitLink, ancestors, is_within, site_place
from sitegen.model.views import ChildView, DataBelow, FieldView, ItemView, TextPage, UnitView

from .ground import Ground
from .papers import PaperMaker
from .records import RecordMaker, lacking


class Plan(Struct, frozen=True):
    """The views of a whole region on one day, light: without bodies and rows."""

    date: dt.date
    views: Mapping[str, UnitView]
    sources: Mapping[tuple[str, str], Derived]
    """(unit, record id) → where a derived record's rows come from."""
    folders: Mapping[str, tuple[str, ...]]
    """Code → folders of the units in whose ledgers it stands."""
    facts: Mapping[str, Facts]
    """By unit: what is to be known of it without its view."""

    @property
    def digests(self) -> Mapping[str, str]:
        """By unit: what its output depends on, in one digest."""
        return {code: facts.digest for code, facts in self.facts.items()}

    @property
    def unreleased(self) -> tuple[str, ...]:
        """Records that are shown and were not released as they are, as ``<unit>/<id>``, in order."""
        return tuple(ref for code in self.views for ref in self.facts[code].unreleased)


class Facts(Struct, frozen=True):
    """What others need to know of a unit, when it is not planned itself."""

    digest: str
    """What its output depends on."""
    child: ChildView
    data: DataBelow | None
    """``None`` where it offers no open data."""
    standing: Counted
    codes: tuple[str, ...]
    """The permanent code of everything that is there, shown or not."""
    unreleased: tuple[str, ...]
    """What it shows that was not released as it is, as ``<unit>/<id>``."""
    kept: tuple[str, ...]
    """What it shows as it was shown before, since it is held back: whether that was released is known of the build that showed it first."""
    next_change: dt.date | None


def plan(
    region: Region,
    matters: Matters,
    date: dt.date,
    held: Held | None = None,
    previous: Mapping[str, UnitView] | None = None,
    *,
    internal: bool = False,
    only: Collection[str] | None = None,
    below: Mapping[str, Facts] | None = None,
) -> Plan:
    """Views of every unit on ``date``. Where ``previous`` has an earlier view of what is held, that version stays, else it is left out.

    Of a region that is a part (:mod:`sitegen.check.partition`) the views of ``only`` are right, and only they are made; ``below`` are the facts
    of units that are planned apart.

    ``internal`` views hold the records that are disclosed on request (依申请公开) and nothing else. No site may be made of them.
    """
    held = held or Held()
    return _Planner(without(region, held), matters, date, held, previous or {}, internal).run(only, below or {})


def awaiting(scope: Scope, release: Release) -> tuple[str, ...]:
    """The steps of its review without which a record is not released (``review:`` of its item)."""
    if release.derived is None:
        return lacking(scope.region.catalog.items[release.record.front.item], release.record.front.reviewed)
    note = scope.matters.notes.get((release.derived.unit, release.derived.key))
    return lacking(release.derived.item, note.front.reviewed) if note is not None else ()


def basis_text(catalog: Catalog, ref: LawRef) -> str:
    """A legal source as the official table prints it: 《name》（number）article."""
    law = catalog.laws.get(ref.law)
    if law is None:
        return ref.law
    return f"《{law.name}》" + (f"（{law.number}）" if law.number else "") + (ref.article or "")


_TRADITIONAL: Mapping[bool | str, str] = {False: "", True: "s2hk", "hk": "s2hk", "tw": "s2tw"}


def _with_relations(record: RecordView, earlier: tuple[RelationView, ...], kept: Collection[str]) -> RecordView:
    """A record with those of its ``earlier`` relations that are to what is ``kept``, in the order that they had."""
    if not any(r.url in kept and r not in record.relations for r in earlier):
        return record
    stay = [r for r in earlier if r.url in kept or r in record.relations]
    return replace(record, relations=(*stay, *(r for r in record.relations if r not in stay)))


class _Planner:
    def __init__(
        self, region: Region, matters: Matters, date: dt.date, held: Held, previous: Mapping[str, UnitView], internal: bool
    ) -> None:
        self.internal = internal
        self.region, self.matters, self.date, self.previous = region, matters, date, previous
        self.held, self.held_files, self.withheld = held.refs, held.files, held.withheld
        self.catalog = region.catalog
        self.links = {u.code: UnitLink(u.code, u.data.name, u.level, u.data.site.url) for u in region.units.values()}
        scope = Scope(region, matters, date)
        self.ground = Ground(region, matters, date, held, Releases(scope))
        self.releases, self.code_of = self.ground.releases, self.ground.code_of
        self.made, self.papers = RecordMaker(self.ground), PaperMaker(self.ground)
        self.affairs = AffairMaker(region, date, self.ground.calendar)
        self.outreach = Outreach(region, date, self.held | self.held_files, self.withheld)
        self.serving = ServiceMaker(
            region, partial(basis_text, region.catalog)
        )  # nothing here may lead back: a planner must go when it is done
        self.supervisor = Supervisor(scope)
        for code, days in self.supervisor.turns.items():
            self.ground.turns(region.units[code], *days)
        self.basis: dict[str, tuple[str, ...]] = {
            item.id: tuple(basis_text(self.catalog, ref) for ref in item.basis) for item in self.catalog.items.values()
        }

    def run(self, only: Collection[str] | None, below: Mapping[str, Facts]) -> Plan:
        records: dict[str, list[RecordView]] = {}
        for unit in self.region.units.values():
            if self.internal:
                asked = (r for r in unit.records if r.front.attribute == "依申请公开" and r.ref not in self.held)
                records[unit.code] = [replace(self.made.own(unit, r), internal=True) for r in asked]
                continue
            own = [r for r in unit.records if is_public(r) and r.ref not in self.held and not self.ground.withdrawn(unit, r)]
            derived = [
                d
                for d in self.matters.derived.get(unit.code, ())
                if d.source.ref not in self.held and not self.ground.withdrawn(unit, d.source, d)
            ]
            kept = self._kept(unit, {r.front.id for r in own} | {self.code_of[unit.code, d.key].lower() for d in derived})
            if kept:
                items = {r.item for r in kept}
                over = (r for r in self.previous[unit.code].records if r.rows_expired and r.item in items)
                self.made.still_over = {(unit.code, r.id) for r in over}
            made = [*(self.made.own(unit, r) for r in own), *(self.made.derived(unit, d) for d in derived)]
            records[unit.code] = self._with_photos(unit, made + kept)
        records = self._timelines(self._related(records))
        for found in records.values():
            found.sort(key=lambda r: r.id)
            found.sort(key=lambda r: r.published, reverse=True)
        for code, known in below.items():
            self.supervisor.put(code, known.standing)
        wanted = [u for u in self.region.units.values() if only is None or u.code in only]
        views: dict[str, UnitView] = {}
        facts = dict(below)
        for unit in reversed(wanted):  # villages first: the units above show their figures
            shown = tuple(records[unit.code])
            standing = self.supervisor.count(unit.code, shown)
            self.supervisor.put(unit.code, standing)
            view = views[unit.code] = self._view(unit, shown, facts)
            facts[unit.code] = self._facts(unit, view, standing)
        views = {u.code: views[u.code] for u in wanted}
        return Plan(self.date, views, self.made.sources, self.releases.binding.folders, {code: facts[code] for code in views})

    def _facts(self, unit: Unit, view: UnitView, standing: Counted) -> Facts:
        names = [r.front.id for r in unit.records] + [d.key for d in self.matters.derived.get(unit.code, ())]
        return Facts(
            self._digest(view),
            self._child(view),
            self._data(view),
            standing,
            tuple(self.code_of[unit.code, name] for name in names),
            tuple(self._unreleased(unit, view)),
            tuple(f"{unit.code}/{r.id}" for r in view.records if r.held),
            view.next_change,
        )

    def _with_photos(self, unit: Unit, records: list[RecordView]) -> list[RecordView]:
        """The same records with the photos of their sheets on the wall."""
        if not unit.photos.photos or unit.photos.file in self.held_files:
            return records
        places = {b.id: b.place for b in unit.data.boards}
        by_code: dict[str, list[PhotoView]] = defaultdict(list)
        for photo in sorted(unit.photos.photos, key=lambda p: (p.data.taken, p.data.file), reverse=True):
            data = photo.data
            if photo.file.file in self.held_files or data.taken > self.date:
                continue
            shown = next(iter(attachment_views((photo.file,)))) if data.web else None
            place = places.get(data.board or "", "")
            for code in data.codes:
                rev = max(int(sheet.partition("-")[2]) for sheet in data.sheets if sheet.startswith(code))
                by_code[code].append(PhotoView(data.taken, rev, place, data.codes, not data.more, shown))
        return [replace(r, photos=tuple(by_code[r.code])) if r.code in by_code else r for r in records]

    def _unreleased(self, unit: Unit, view: UnitView) -> Iterator[str]:
        own = {r.front.id: r for r in unit.records}
        for record in view.records:
            derived = self.made.sources.get((unit.code, record.id))
            release = self.releases.derived(derived) if derived else self.releases.own(own[record.id]) if record.id in own else None
            if release is not None and release.state != "released" and not record.held:
                yield f"{unit.code}/{record.id}"

    def _timelines(self, records: Mapping[str, list[RecordView]]) -> dict[str, list[RecordView]]:
        """The same records, each with its matter's page."""
        places = {
            (code, r.id): (code, self.made.sources[code, r.id].source.ref if (code, r.id) in self.made.sources else r.id)
            for code, found in records.items()
            for r in found
        }
        views = {places[code, r.id]: r for code, found in records.items() for r in found}
        made = with_timelines(self.region, self.matters, views, {u.code: u.data.site.url for u in self.region.units.values()})
        return {code: [made[places[code, r.id]] for r in found] for code, found in records.items()}

    def _related(self, records: dict[str, list[RecordView]]) -> dict[str, list[RecordView]]:
        """The same records; what led to one that is held back now leads to its earlier version still."""
        kept = {r.url for found in records.values() for r in found if r.held}
        if not kept:
            return records
        made = {}
        for code, found in records.items():
            before = self.previous.get(code)
            earlier = {r.id: r.relations for r in before.records} if before is not None else {}
            made[code] = [r if r.held else _with_relations(r, earlier.get(r.id, ()), kept) for r in found]
        return made

    def _kept(self, unit: Unit, shown: Collection[str]) -> list[RecordView]:
        """Earlier versions of records that are held back now; ``shown`` are the ids of those that are not."""
        stay = self.held - self.withheld
        files = {f for f in self.held_files - self.withheld if "/records/" in f}
        before = self.previous.get(unit.code) if stay or files else None
        if before is None:
            return []
        ids = {ref.partition("/")[2] for ref in stay if ref.partition("/")[0] == unit.code}
        ids |= {self.code_of[unit.code, d.key].lower() for d in self.matters.derived.get(unit.code, ()) if d.source.ref in stay}
        return [replace(r, held=True) for r in before.records if r.id not in shown and (r.id in ids or r.file in files)]

    def _view(self, unit: Unit, records: tuple[RecordView, ...], below: Mapping[str, Facts]) -> UnitView:
        host, path = site_place(unit.data.site.url)
        children = tuple(below[u.code].child for u in self.region.children(unit.code))
        return UnitView(
            unit=self.links[unit.code],
            kind=unit.data.kind or {"county": "县", "township": "乡", "village": "村"}[unit.level.value],
            region=self.region.data.name,
            ancestors=tuple(self.links[above] for above in reversed(ancestors(unit.code))),
            children=children,
            intro=unit.data.intro,
            organs=tuple(o.name for o in unit.data.organs),
            contact=unit.data.contact,
            supervision=unit.data.supervision,
            boards=unit.data.boards,
            footer=unit.data.footer,
            host=host,
            path=path,
            page_size=self.region.data.page_size,
            records=records,
            fields=tuple(self._fields(unit, records)),
            pages=tuple(self._pages(unit)),
            q_places=self.papers.places(unit),
            codes=tuple(self.papers.other_codes(unit, records)),
            papers=tuple(self.papers.papers(unit)),
            outreach=self._outreach(unit),
            supervision_facts=self._supervision(unit),
            services=self._services(unit, records),
            formerly=unit.data.site.formerly,
            traditional=_TRADITIONAL[self.region.data.traditional],
            affairs=self._affairs(unit, records),
            assurance=self._assurance(unit, records),
            data_below=tuple(data for code in sorted(below) if is_within(code, unit.code) and (data := below[code].data)),
            data_license=(terms.name, terms.url or "") if (terms := self.region.data.data_license) else None,
            reviews=review_years(unit, self.catalog) if unit.level is not Level.VILLAGE else (),
            next_change=min(self.ground.changes[unit.code], default=None),
        )

    def _outreach(self, unit: Unit) -> OutreachView:
        before = self.previous.get(unit.code)
        made = self.outreach.view(unit, before.outreach if before else None)
        self.ground.turns(unit, *self.outreach.turns[unit.code])
        return made

    def _supervision(self, unit: Unit) -> SupervisionView | None:
        facts = self.supervisor.facts(unit)
        if facts is not None:
            self.ground.turns(unit, *(day for one in self.region.milestones for day in one.turns(self.date) if facts.milestones))
        return facts

    def _affairs(self, unit: Unit, records: tuple[RecordView, ...]) -> AffairsView:
        if unit.level is not Level.VILLAGE:
            return NO_AFFAIRS
        own = {r.front.id: r.front for r in unit.records}
        fronts = {r.id: own[r.id] if r.id in own else self.made.sources[unit.code, r.id].source.front for r in records if not r.held}
        made, turns = self.affairs.village(unit, records, fronts)
        self.ground.turns(unit, *turns)
        if any(r.held for r in records) and (last := self.previous.get(unit.code)) is not None:
            made = with_kept(made, last.affairs, records)
        before = self._earlier(unit, "committee.yml")
        return replace(made, committee=before.affairs.committee) if before is not None else made

    def _earlier(self, unit: Unit, name: str) -> UnitView | None:
        """The earlier view, where a file of the unit's folder is held back and what it said earlier stays."""
        file = f"{unit.folder}/{name}"
        return self.previous.get(unit.code) if file in self.held_files and file not in self.withheld else None

    def _assurance(self, unit: Unit, records: tuple[RecordView, ...]) -> AssuranceView:
        before = self._earlier(unit, "assurance.yml")
        return before.assurance if before is not None else self.affairs.assurance(unit, records)

    def _services(self, unit: Unit, records: tuple[RecordView, ...]) -> ServicesView:
        """Guides and bundles; of those that cannot be understood now the earlier version stays."""
        made = self.serving.view(unit, frozenset(r.item for r in records))
        before = self.previous.get(unit.code)
        if before is None or not any("/services" in f for f in self.held_files):
            return made
        if self._earlier(unit, "services.yml") is not None:
            return before.services
        there = {g.file for g in made.guides} | {b.file for b in made.bundles}
        mine = {g.file for g in unit.services.guides} | {b.file for b in unit.services.bundles}
        files = (mine | self.held_files) - there - self.withheld
        kept = tuple(g for g in before.services.guides if g.file in files)
        bundles = tuple(b for b in before.services.bundles if b.file in files)
        return replace(made, guides=made.guides + kept, bundles=made.bundles + bundles)

    @staticmethod
    def _data(view: UnitView) -> DataBelow | None:
        found = [r for r in view.records if r.tabled and r.open]
        return DataBelow(view.unit, len(found), max(r.revised or r.published for r in found)) if found else None

    @staticmethod
    def _child(view: UnitView) -> ChildView:
        return ChildView(
            unit=view.unit,
            records=len(view.records),
            ends=tuple(sorted(r.posting.end for r in view.records if r.posting and r.posting.state == "on")),
            latest=max((r.published for r in view.records), default=None),
            differing=sum(1 for r in view.records if r.agreement and r.agreement.state == "differs"),
            children=len(view.children),
        )

    def _fields(self, unit: Unit, records: tuple[RecordView, ...]) -> list[FieldView]:
        by_item: dict[str, list[str]] = defaultdict(list)
        for record in records:
            by_item[record.item].append(record.id)
        made = []
        for field in self.catalog.fields:
            items = tuple(ItemView(i, self.basis[i.id], tuple(by_item.get(i.id, ()))) for i in field.items if unit.level in i.levels)
            if items:
                made.append(_field_view(field, items))
        return made

    def _pages(self, unit: Unit) -> list[TextPage]:
        made = []
        for page in sorted(unit.pages, key=lambda p: (p.front.kind, -(p.front.year or 0), p.front.order, p.file)):
            front = page.front
            text = TextPage(front.kind, page.slug, front.title, front.updated, front.year, page.body, attachment_views(page.attachments))
            made.append(replace(text, number=front.number, report=annual_report(unit, page, self.catalog)))
        before = self.previous.get(unit.code)
        stay = self.held_files - self.withheld
        held = {f.rsplit("/", 1)[-1].removesuffix(".md").lower() for f in stay if f.startswith(f"{unit.folder}/pages/")}
        return made + [p for p in (before.pages if before else ()) if p.slug in held]

    def _digest(self, view: UnitView) -> str:
        return digest_of((self.catalog.digest, view), 12)


def _field_view(field: Field, items: tuple[ItemView, ...]) -> FieldView:
    return FieldView(field.id, field.name, field.successor, field.section, field.seq, field.lead, field.summary, items)
