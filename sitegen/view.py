"""Region → :class:`UnitView`: what each unit shows on a given day, as states with the day of their next change."""

from __future__ import annotations

import datetime as dt
import hashlib
import mimetypes
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from functools import partial
from urllib.parse import urlsplit

from msgspec import Struct
from msgspec.structs import replace

from sitegen import code as codes
from sitegen.check.releases import Release, Releases
from sitegen.check.scope import Scope
from sitegen.check.supervision import Counted, Supervisor
from sitegen.digests import digest_of
from sitegen.model.affair_making import AffairMaker
from sitegen.model.affair_views import NO_AFFAIRS, AffairsView, AssuranceView
from sitegen.model.annual_making import annual_report
from sitegen.model.base import Level
from sitegen.model.catalog import BOARD_CHANNEL, WEB_CHANNEL, Field, Item, LawRef
from sitegen.model.chain import chain
from sitegen.model.days import Calendar
from sitegen.model.documents import document_type
from sitegen.model.engagement import dialogue_of, forms
from sitegen.model.holding import Held, without
from sitegen.model.lastday import posting_end
from sitegen.model.ledger import History, Withdrawn
from sitegen.model.matter import Derived, Matters, Pair, is_public, names_of
from sitegen.model.outreach import Outreach
from sitegen.model.period import Period
from sitegen.model.reach import OutreachView
from sitegen.model.record import Posting, RecordFile, Reviewed, Signed
from sitegen.model.region import Attached, Catalog, Record, Region, Unit
from sitegen.model.relations import RELATIONS, Relation, target_of
from sitegen.model.retention import ends_on, over_with_newer, successors
from sitegen.model.reviews import review_years
from sitegen.model.service_making import ServiceMaker
from sitegen.model.service_views import ServicesView
from sitegen.model.table import fold
from sitegen.model.timeline import with_timelines
from sitegen.model.unit import ancestors, is_within, site_place
from sitegen.model.views import (
    Agreement,
    AgreementState,
    AttachmentView,
    ChangeView,
    ChildView,
    CodeState,
    CodeView,
    DataBelow,
    FieldView,
    ItemView,
    Link,
    PaperView,
    PhotoView,
    PostingState,
    PostingView,
    RecordView,
    RelationView,
    RevisionView,
    SliceView,
    StagePart,
    StageView,
    SupervisionView,
    TextPage,
    UnitLink,
    UnitView,
)
from sitegen.model.words import differences_text


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


def base_address(unit: Unit) -> str:
    """Where the unit's Q tree lives: ``codes_url``, or the root of its host."""
    if unit.data.site.codes_url:
        return unit.data.site.codes_url
    parts = urlsplit(unit.data.site.url)
    return f"{parts.scheme}://{parts.netloc}/"


def signed_text(signed: Signed) -> str:
    """Who signed for the village, and when."""
    return f"{signed.by}　{signed.on.year}年{signed.on.month}月{signed.on.day}日"


def record_url(unit: Unit, id: str) -> str:
    """Where a record's page is."""
    return f"{unit.data.site.url}r/{id.lower()}/"


def awaiting(scope: Scope, release: Release) -> tuple[str, ...]:
    """The steps of its review without which a record is not released (``review:`` of its item)."""
    if release.derived is None:
        return _awaiting(scope.region.catalog.items[release.record.front.item], release.record.front.reviewed)
    note = scope.matters.notes.get((release.derived.unit, release.derived.key))
    return _awaiting(release.derived.item, note.front.reviewed) if note is not None else ()


def _awaiting(item: Item, reviewed: tuple[Reviewed, ...]) -> tuple[str, ...]:
    """The steps of the item's review that nobody recorded."""
    taken = {fold(r.step) for r in reviewed}
    return tuple(step for step in item.review if fold(step) not in taken)


def _deadlines(front: RecordFile) -> Iterator[tuple[str, dt.date]]:
    if front.consultation is not None:
        yield "征求意见截止", front.consultation.until
    if front.result_due is not None:
        yield "实施结果公布期限", front.result_due
    if front.valid_until is not None:
        yield "有效期截止", front.valid_until


def basis_text(catalog: Catalog, ref: LawRef) -> str:
    """A legal source as the official table prints it: 《name》（number）article."""
    law = catalog.laws.get(ref.law)
    if law is None:
        return ref.law
    return f"《{law.name}》" + (f"（{law.number}）" if law.number else "") + (ref.article or "")


_TRADITIONAL: Mapping[bool | str, str] = {False: "", True: "s2hk", "hk": "s2hk", "tw": "s2tw"}


class _Planner:
    def __init__(
        self, region: Region, matters: Matters, date: dt.date, held: Held, previous: Mapping[str, UnitView], internal: bool
    ) -> None:
        self.internal = internal
        self.region, self.matters, self.date, self.previous = region, matters, date, previous
        self.held, self.held_files, self.withheld = held.refs, held.files, held.withheld
        self.catalog = region.catalog
        self.calendar = Calendar(region.calendar)
        self.links = {u.code: UnitLink(u.code, u.data.name, u.level, u.data.site.url) for u in region.units.values()}
        scope = Scope(region, matters, date)
        self.releases = Releases(scope)
        self.code_of = self.releases.binding.codes
        self.by_slice = {(d.source.ref, v): d for found in self.matters.derived.values() for d in found for v in d.slice.values}
        self.own_pages = {(code, d.source.ref): d for code, found in self.matters.derived.items() for d in found}
        self.related = self._relations()
        self.with_many: dict[str, list[Pair]] = defaultdict(list)
        """By a government record: its pairs with villages' own records."""
        for pair in self.matters.pairs:
            self.with_many[pair.there.ref].append(pair)
        self.sources: dict[tuple[str, str], Derived] = {}
        public = [r for u in region.units.values() for r in u.records if is_public(r)]
        self.over = successors(public, self.catalog, self.held)
        self.changes: dict[str, set[dt.date]] = defaultdict(set)
        self.affairs = AffairMaker(region, date, self.calendar)
        self.outreach = Outreach(region, date, self.held | self.held_files, self.withheld)
        self.serving = ServiceMaker(
            region, partial(basis_text, region.catalog)
        )  # nothing here may lead back: a planner must go when it is done
        self.supervisor = Supervisor(scope)
        for code, days in self.supervisor.turns.items():
            self._turns(region.units[code], *days)
        self.basis: dict[str, tuple[str, ...]] = {
            item.id: tuple(basis_text(self.catalog, ref) for ref in item.basis) for item in self.catalog.items.values()
        }

    def _relations(self) -> dict[str, list[tuple[str, Record]]]:
        """By ref: the public records that belong in a pair with a record, and what they are to it; forward first, in fixed order."""
        records = {r.ref: r for r in self.region.by_ref.values() if is_public(r) and r.ref not in self.held}
        forward: dict[str, list[tuple[str, Record]]] = defaultdict(list)
        back: dict[str, list[tuple[Relation, Record]]] = defaultdict(list)
        for relation in RELATIONS:
            for record in records.values():
                target = target_of(record, relation, records)
                if target is not None and target is not record:
                    forward[record.ref].append((relation.forward, target))
                    back[target.ref].append((relation, record))
        for ref, found in back.items():
            found.sort(key=lambda pair: (pair[1].front.published, pair[1].ref))
            forward[ref] += [(relation.back, r) for relation, r in found]
        return forward

    def run(self, only: Collection[str] | None, below: Mapping[str, Facts]) -> Plan:
        records: dict[str, list[RecordView]] = {}
        for unit in self.region.units.values():
            if self.internal:
                asked = (r for r in unit.records if r.front.attribute == "依申请公开" and r.ref not in self.held)
                records[unit.code] = [replace(self._own(unit, r), internal=True) for r in asked]
                continue
            own = [self._own(unit, r) for r in unit.records if is_public(r) and r.ref not in self.held and not self._withdrawn(unit, r)]
            own += [
                self._derived(unit, d)
                for d in self.matters.derived.get(unit.code, ())
                if d.source.ref not in self.held and not self._withdrawn(unit, d.source, d)
            ]
            records[unit.code] = self._with_photos(unit, own + self._kept(unit, own))
        records = self._timelines(records)
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
        return Plan(self.date, views, self.sources, self.releases.binding.folders, {code: facts[code] for code in views})

    def _facts(self, unit: Unit, view: UnitView, standing: Counted) -> Facts:
        names = [r.front.id for r in unit.records] + [d.key for d in self.matters.derived.get(unit.code, ())]
        return Facts(
            self._digest(view),
            self._child(view),
            self._data(view),
            standing,
            tuple(self.code_of[unit.code, name] for name in names),
            tuple(self._unreleased(unit, view)),
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

    def _withdrawn(self, unit: Unit, record: Record, derived: Derived | None = None) -> Withdrawn | None:
        """Why a record is not shown though its file is there; a withdrawn list takes the villages' parts of it along."""
        history = self.releases.binding.history((unit.code, derived.key if derived else record.front.id))
        if history is not None and history.withdrawn:
            return history.withdrawn
        return self._withdrawn(self.region.units[record.unit], record) if derived else None

    def _unreleased(self, unit: Unit, view: UnitView) -> Iterator[str]:
        own = {r.front.id: r for r in unit.records}
        for record in view.records:
            derived = self.sources.get((unit.code, record.id))
            release = self.releases.derived(derived) if derived else self.releases.own(own[record.id]) if record.id in own else None
            # What is held back stays as it was when it was released.
            if release is not None and release.state != "released" and not record.held:
                yield f"{unit.code}/{record.id}"

    def _timelines(self, records: Mapping[str, list[RecordView]]) -> dict[str, list[RecordView]]:
        """The same records, each with its matter's page."""
        places = {
            (code, r.id): (code, self.sources[code, r.id].source.ref if (code, r.id) in self.sources else r.id)
            for code, found in records.items()
            for r in found
        }
        views = {places[code, r.id]: r for code, found in records.items() for r in found}
        made = with_timelines(self.region, self.matters, views, {u.code: u.data.site.url for u in self.region.units.values()})
        return {code: [made[places[code, r.id]] for r in found] for code, found in records.items()}

    def _kept(self, unit: Unit, own: list[RecordView]) -> list[RecordView]:
        """Earlier versions of records that are held back now."""
        stay = self.held - self.withheld
        files = {f for f in self.held_files - self.withheld if "/records/" in f}
        before = self.previous.get(unit.code) if stay or files else None
        if before is None:
            return []
        shown = {r.id for r in own}
        ids = {ref.partition("/")[2] for ref in stay if ref.partition("/")[0] == unit.code}
        ids |= {self.code_of[unit.code, d.key].lower() for d in self.matters.derived.get(unit.code, ()) if d.source.ref in stay}
        return [replace(r, held=True) for r in before.records if r.id not in shown and (r.id in ids or r.file in files)]

    def _own(self, unit: Unit, record: Record) -> RecordView:
        item = self.catalog.items[record.front.item]
        front = record.front
        organ = next((o for o in unit.data.organs if o.id == front.issuer), unit.data.organs[0])
        view = self._common(unit, record, item, front.id, record.front.title, self.code_of[unit.code, front.id])
        related = self.related.get(record.ref, ())
        result = next((other for label, other in related if label == "意见采纳情况"), None)
        dialogue, turns = dialogue_of(front, record_url(self.region.units[result.unit], result.front.id) if result else "", self.date)
        self._turns(unit, *turns)
        index = None
        if unit.level is not Level.VILLAGE and organ.org_code:
            index = self.region.data.index_number.format(
                org=organ.org_code, year=f"{front.formed.year:04}", month=f"{front.formed.month:02}", serial=_serial(front.id)
            )
        return replace(
            view,
            issuer=organ.name,
            index_number=index,
            figures=record.figures,
            agreement=self._agreement(record),
            slices=tuple(self._slices(unit, record)),
            content_digest=record.digest,
            attribute=front.attribute,
            scope=front.scope if unit.level is Level.VILLAGE else None,
            deadlines=tuple(_deadlines(front)),
            formerly=tuple(self._formerly(unit, record)),
            relations=tuple(self._relation(unit, label, other) for label, other in related),
            dialogue=dialogue,
        )

    def _derived(self, unit: Unit, derived: Derived) -> RecordView:
        source = derived.source
        above = self.region.units[source.unit]
        code = self.code_of[unit.code, derived.key]
        id = code.lower()
        self.sources[unit.code, id] = derived
        title = f"{source.front.title}（{unit.data.name}）"
        note = self.matters.notes.get((unit.code, source.ref))
        own = note.front.posting if note is not None else None
        view = self._common(unit, source, derived.item, id, title, code, own)
        link = Link(source.front.title, record_url(above, source.front.id))
        organ = next((o for o in above.data.organs if o.id == source.front.issuer), above.data.organs[0])
        as_of = max(source.front.published, source.front.revision.on or source.front.published)
        release = self.releases.derived(derived)
        posting, digest = view.posting, derived.slice.digest
        if note is not None:
            if own is not None:
                posting = self._posting(unit, own)
            digest = hashlib.sha256(f"{digest} {note.digest}".encode()).hexdigest()[:32]
        base = base_address(unit)
        return replace(
            view,
            rev=release.rev,
            code_url=codes.code_url(base, code, release.rev),
            why_revised=source.front.revision.why if release.rev > 1 else None,
            revised=source.front.revision.on if release.rev > 1 else None,
            posting=posting,
            awaiting=_awaiting(derived.item, note.front.reviewed) if note is not None else (),
            signed=signed_text(note.front.signed) if note is not None and note.front.signed else None,
            note=note.body.strip() if note is not None else "",
            on_board=view.on_board or (posting is not None and not view.rows_expired),
            issuer=organ.name,
            figures=derived.slice.figures,
            agreement=Agreement("derived", above.data.name, link.url, as_of),
            source=link,
            source_unit=above.data.name,
            content_digest=digest,
            summary=None,
            attribute=None,
            scope="全体居民" if unit.data.kind == "社区" else "全体村民",
        )

    def _common(self, unit: Unit, record: Record, item: Item, id: str, title: str, code: str, own: Posting | None = None) -> RecordView:
        """What own and derived records have in common; ``own`` is the village's own posting of a derived one."""
        front = record.front
        field = self.catalog.field_of[item.id]
        source_item = self.catalog.items[front.item]
        posting = self._posting(unit, record.front.posting)
        validity, ended = front.validity, front.abolished
        if front.valid_until is not None and validity == "有效":
            if self.date > front.valid_until:
                validity, ended = "失效", front.valid_until + dt.timedelta(1)
            self._turns(unit, front.valid_until + dt.timedelta(1))
        items = tuple({item.id: item, source_item.id: source_item}.values())
        # Rows stay until the last of the postings has had its time: a village may post a list later than the township.
        ends = max((p.end for p in (posting, self._posting(unit, own)) if p), default=None)
        expired = any(self._expired(unit, record, i, ends) for i in items)
        # For a specific group: the fact, the posting period and the totals, and nothing else, are for all to see on the web.
        for_all = front.scope != "特定群体" and all(i.audience == "全社会" for i in items)
        base = base_address(unit)
        place = urlsplit(base)
        history = self.releases.binding.histories.get(code)
        return RecordView(
            id=id,
            code=code,
            rev=front.revision.n,
            why_revised=front.revision.why,
            title=title,
            item=item.id,
            item_name=item.name,
            field=field.id,
            field_name=field.name,
            section=field.section,
            issuer="",
            index_number=None,
            document_number=front.document.number if front.document else None,
            formed=front.formed,
            published=front.published,
            period=Period.parse(front.period).zh if front.period else None,
            stage=front.stage,
            attribute=None,
            scope=None,
            validity=validity,
            abolished=ended,
            valid_until=front.valid_until,
            type=front.type or document_type(front, item, field.section),
            topic=front.topic or field.topic if unit.level is not Level.VILLAGE else None,
            tabled=front.table is not None and source_item.table is not None and any(f.value for f in record.figures[:1]),
            posting=posting,
            figures=(),
            summary=front.summary,
            personal=record.personal,
            web_rows=not expired and for_all and all(WEB_CHANNEL in i.channels for i in items),
            web_text=for_all,
            on_board=(BOARD_CHANNEL in item.channels or posting is not None) and not expired,
            agreement=None,
            source=None,
            source_unit=None,
            slices=(),
            content_digest="",
            url=record_url(unit, id),
            code_url=codes.code_url(base, code, front.revision.n),
            q_path=f"{place.path.strip('/')}/Q".strip("/"),
            q_host=place.netloc,
            elements=item.elements,
            supervision=unit.data.supervision,
            contact=unit.data.contact,
            file=record.file,
            rows_expired=expired,
            awaiting=_awaiting(item, front.reviewed),
            revised=front.revision.on if front.revision.n > 1 else None,
            revisions=tuple(RevisionView(r.rev, r.on, r.why, r.object, r.counts) for r in history.revisions.values()) if history else (),
            stages=self._stages(unit, record),
            layout=front.layout or item.layout,
        )

    def _relation(self, unit: Unit, label: str, other: Record) -> RelationView:
        where = self.region.units[other.unit]
        name = "" if where is unit else where.data.name
        shown = forms(other.front) if label == "解读" else ()
        return RelationView(label, other.front.title, record_url(where, other.front.id), name, other.front.published, shown)

    def _stages(self, unit: Unit, record: Record) -> tuple[StageView, ...]:
        made = []
        for stage, links in chain(self.region, self.matters, unit, record):
            parts, changes = [], []
            counts: list[tuple[Decimal, str]] = []
            for link in links:
                r = link.record
                if r.ref in self.held and r is not record:
                    continue
                place = self.region.units[r.unit]
                own = self.own_pages.get((unit.code, r.ref))
                url = record_url(unit, self.code_of[unit.code, own.key]) if own else record_url(place, r.front.id)
                counts.append(link.rows)
                number, kind = link.rows
                parts.append(StagePart(place.data.name, url, r.front.published, f"{number:f} {kind}" if kind else "", r is record))
                names = self._names_public(r)
                changes += [ChangeView(c.row if names else "", c.why) for c in link.changes]
            if parts:
                number, kind = sum((n for n, _ in counts), Decimal(0)), counts[0][1]
                made.append(StageView(stage, tuple(parts), f"{number:f} {kind}" if kind else "", tuple(changes)))
        return tuple(made) if len(made) > 1 else ()

    def _names_public(self, record: Record) -> bool:
        """Whether names of a list may stand on the web for good, as a reason for a change does: not where its rows may not, or not for ever."""
        item = self.catalog.items[record.front.item]
        return WEB_CHANNEL in item.channels and item.retention is None and (item.audience == "全社会" or not record.personal)

    def _posting(self, unit: Unit, posting: Posting | None) -> PostingView | None:
        if posting is None:
            return None
        counted = posting_end(posting, self.calendar)
        end = counted.date
        state: PostingState = "upcoming" if self.date < posting.start else "on" if self.date <= end else "over"
        self._turns(unit, posting.start, end + dt.timedelta(1))
        return PostingView(posting.start, end, state, posting.days, posting.kind == "working", counted.provisional)

    def _expired(self, unit: Unit, record: Record, item: Item, end: dt.date | None) -> bool:
        gone = ends_on(record, item, end)
        if gone is not None:
            self._turns(unit, gone)
        return (gone is not None and self.date >= gone) or over_with_newer(record, item, self.over)

    def _turns(self, unit: Unit, *days: dt.date) -> None:
        self.changes[unit.code].update(d for d in days if d > self.date)

    def _agreement(self, record: Record) -> Agreement | None:
        pair = self.matters.counters.get(record.ref)
        if pair is None or pair.other(record).ref in self.held:
            return None
        other = pair.other(record)
        unit = self.region.units[other.unit]
        dates = [d for r in (record, other) for d in (r.front.published, r.front.revision.on) if d]
        several = self.with_many.get(record.ref, ())
        if len(several) > 1 and all(p.agrees and p.here.ref not in self.held for p in several):
            days = [d for p in several for d in (p.here.front.published, p.here.front.revision.on) if d]
            return Agreement("agrees", f"{len({p.here.unit for p in several})}个村、社区", None, max(*days, *dates))
        names = {u.code: u.data.name for u in (unit, self.region.units[record.unit])}
        note = differences_text(pair, names, seen_from_there=record is pair.there)
        state: AgreementState = "agrees" if note is None else "differs"
        if note is not None and (why := self._explained(record, other)):
            state, note = "explained", why
        return Agreement(state, unit.data.name, record_url(unit, other.front.id), max(dates), note)

    def _explained(self, record: Record, other: Record) -> str | None:
        """The reason, in writing and not yet over, why the two differ legitimately."""
        for one in (record, other):
            differs = one.front.differs
            if differs is not None and self.date <= differs.until:
                for unit in (record.unit, other.unit):
                    self.changes[unit].add(differs.until + dt.timedelta(1))
                return differs.why
        return None

    def _slices(self, unit: Unit, record: Record) -> list[SliceView]:
        made = []
        own = {(ref, code): r for (ref, code), r in self.matters.replaced.items() if ref == record.ref}
        for part in record.slices:
            derived = self.by_slice.get((record.ref, part.value))
            if derived is not None:
                target = self.region.units[derived.unit]
                url = record_url(target, self.code_of[derived.unit, derived.key])
                made.append(SliceView(target.data.name, url, part.figures, False))
                continue
            mine = next((r for (_, code), r in own.items() if part.value in names_of(self.region.units[code])), None)
            if mine is not None:
                target = self.region.units[mine.unit]
                made.append(SliceView(target.data.name, record_url(target, mine.front.id), part.figures, True))
            else:
                made.append(SliceView(part.value, None, part.figures, False))
        return made

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
            q_places=self._places(unit),
            codes=tuple(self._other_codes(unit, records)),
            papers=tuple(self._papers(unit)),
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
            next_change=min(self.changes[unit.code], default=None),
        )

    def _outreach(self, unit: Unit) -> OutreachView:
        before = self.previous.get(unit.code)
        made = self.outreach.view(unit, before.outreach if before else None)
        self._turns(unit, *self.outreach.turns[unit.code])
        return made

    def _histories(self, unit: Unit) -> Iterator[History]:
        """The history of every code that the unit answers for, whether or not its record is shown."""
        binding = self.releases.binding
        names = [r.front.id for r in unit.records] + [d.key for d in self.matters.derived.get(unit.code, ())]
        for name in names:
            if (history := binding.histories.get(self.code_of[unit.code, name])) is not None:
                yield history
        yield from (history for history, _ in binding.aliases.get(unit.code, ()))
        yield from binding.gone.get(unit.code, ())

    def _places(self, unit: Unit) -> tuple[tuple[str, str], ...]:
        """Where the unit's Q tree must be: where its codes live now, and on every host that paper still names."""
        over = {h.host.lower() for h in self.region.data.hosts if h.until is not None and h.until < self.date}
        bases = {base_address(unit)} | {base for history in self._histories(unit) for base in history.bases}
        self._turns(unit, *(h.until + dt.timedelta(1) for h in self.region.data.hosts if h.until is not None))
        found = set()
        for base in bases:
            parts = urlsplit(base)
            path = parts.path.strip("/")
            found.add((parts.netloc.lower(), path if path.rpartition("/")[2] == "Q" else f"{path}/Q".strip("/")))
        return tuple(sorted(place for place in found if place[0] not in over))

    def _other_codes(self, unit: Unit, records: tuple[RecordView, ...]) -> Iterator[CodeView]:
        """Codes on paper that no record of the unit shows: withdrawn, merged, moved, held back, gone."""
        binding = self.releases.binding
        shown = {r.code: r for r in records}
        there: dict[str, tuple[Record, Derived | None]] = {self.code_of[unit.code, r.front.id]: (r, None) for r in unit.records}
        there |= {self.code_of[unit.code, d.key]: (d.source, d) for d in self.matters.derived.get(unit.code, ())}
        for code in sorted(there.keys() - shown.keys()):
            record, derived = there[code]
            history = binding.histories.get(code)
            if withdrawn := self._withdrawn(unit, record, derived):
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
            yield self._gone(unit, history)

    def _gone(self, unit: Unit, history: History) -> CodeView:
        title, newest = history.last.title if history.last else "", history.newest_rev
        if history.withdrawn is not None:
            return CodeView(history.code, title, newest, "withdrawn", history.withdrawn.on, history.withdrawn.why, "")
        if history.moved is not None:
            return CodeView(history.code, title, newest, "moved", None, None, history.moved_url)
        lists = [self.region.by_ref[name] for _, name in history.names if "/" in name and name in self.region.by_ref]
        if lists:
            url = record_url(self.region.units[lists[0].unit], lists[0].front.id) if is_public(lists[0]) else ""
            return CodeView(history.code, title, newest, "left", lists[0].front.revision.on, lists[0].front.revision.why, url)
        return CodeView(history.code, title, newest, "gone", None, None, "")

    def _papers(self, unit: Unit) -> Iterator[PaperView]:
        for history in self._histories(unit):
            if (paper := history.last_print) is not None:
                yield PaperView(history.code, paper.rev, paper.on, paper.paper)

    def _supervision(self, unit: Unit) -> SupervisionView | None:
        facts = self.supervisor.facts(unit)
        if facts is not None:
            self._turns(unit, *(day for one in self.region.milestones for day in one.turns(self.date) if facts.milestones))
        return facts

    def _affairs(self, unit: Unit, records: tuple[RecordView, ...]) -> AffairsView:
        if unit.level is not Level.VILLAGE:
            return NO_AFFAIRS
        own = {r.front.id: r.front for r in unit.records}
        fronts = {r.id: own[r.id] if r.id in own else self.sources[unit.code, r.id].source.front for r in records if not r.held}
        made, turns = self.affairs.village(unit, records, fronts)
        self._turns(unit, *turns)
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

    def _formerly(self, unit: Unit, record: Record) -> Iterator[str]:
        """Where the record's page was, under its earlier ids and at the earlier addresses of the units that had it."""
        for ref in record.front.formerly:
            code, _, id = record.full(ref).partition("/")
            had = self.region.units.get(code)
            bases = (had.data.site.url, *had.data.site.formerly) if had else ()
            if had is None:  # a unit that is no more: the one that took its place knows where it stood
                bases = tuple(b for u in self.region.units.values() if code in u.data.succeeds for b in u.data.site.formerly)
            yield from (f"{base}r/{id.lower()}/" for base in dict.fromkeys(bases))

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


def attachment_views(files: tuple[Attached, ...]) -> tuple[AttachmentView, ...]:
    """Files as pages offer them: under their own name beside the page."""
    return tuple(
        AttachmentView(f.title, f.href, f.size, mimetypes.guess_type(f.file)[0] or "application/octet-stream", f.file, f.digest)
        for f in files
    )


def _field_view(field: Field, items: tuple[ItemView, ...]) -> FieldView:
    return FieldView(field.id, field.name, field.successor, field.section, field.seq, field.lead, field.summary, items)


def _serial(id: str) -> int:
    digits = id.rsplit("-", 1)[-1]
    return int(digits) if digits.isdecimal() else int.from_bytes(hashlib.sha256(id.encode()).digest()[:2], "big")
