"""A record, and a village's part of a list, as pages and sheets show them on a day."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterator
from decimal import Decimal
from urllib.parse import urlsplit

from msgspec.structs import replace

from sitegen import code as codes
from sitegen.model.base import Level
from sitegen.model.catalog import BOARD_CHANNEL, WEB_CHANNEL, Item
from sitegen.model.chain import chain
from sitegen.model.documents import document_type
from sitegen.model.engagement import dialogue_of, forms
from sitegen.model.lastday import posting_end
from sitegen.model.matter import Derived, Pair, is_public, names_of
from sitegen.model.period import Period
from sitegen.model.record import Posting, RecordFile, Reviewed
from sitegen.model.record_views import (
    Agreement,
    AgreementState,
    ChangeView,
    Link,
    PostingState,
    PostingView,
    RecordView,
    RelationView,
    RevisionView,
    SliceView,
    StagePart,
    StageView,
)
from sitegen.model.region import Record, Unit
from sitegen.model.relations import RELATIONS, Relation, target_of
from sitegen.model.retention import ends_on, over_with_newer, successors
from sitegen.model.table import fold
from sitegen.model.words import differences_text

from .ground import Ground, base_address, record_url, signed_text


class RecordMaker:
    """Makes the views of a region's records."""

    def __init__(self, ground: Ground) -> None:
        self.ground, self.region, self.matters, self.date, self.held = ground, ground.region, ground.matters, ground.date, ground.held
        self.catalog, self.calendar, self.releases, self.code_of = ground.catalog, ground.calendar, ground.releases, ground.code_of
        self.by_slice = {(d.source.ref, v): d for found in self.matters.derived.values() for d in found for v in d.slice.values}
        self.own_pages = {(code, d.source.ref): d for code, found in self.matters.derived.items() for d in found}
        self.related = self._relations()
        self.with_many: dict[str, list[Pair]] = defaultdict(list)
        """By a government record: its pairs with villages' own records."""
        for pair in self.matters.pairs:
            self.with_many[pair.there.ref].append(pair)
        self.sources: dict[tuple[str, str], Derived] = {}
        """(unit, record id) of a derived record that was made → where its rows come from."""
        public = [r for u in self.region.units.values() for r in u.records if is_public(r)]
        # Who was once released has taken its place, also while its next version is held back: names do not come back for that.
        self.over = successors(public, self.catalog, {r.ref for r in public if r.ref in self.held and not self._was_released(r)})
        self.still_over: Collection[tuple[str, str]] = ()
        """(unit, record id) of what was over when it was shown last, while what took its place is held back."""

    def own(self, unit: Unit, record: Record) -> RecordView:
        item = self.catalog.items[record.front.item]
        front = record.front
        organ = next((o for o in unit.data.organs if o.id == front.issuer), unit.data.organs[0])
        view = self._common(unit, record, item, front.id, record.front.title, self.code_of[unit.code, front.id])
        related = self.related.get(record.ref, ())
        result = next((other for label, other in related if label == "意见采纳情况"), None)
        dialogue, turns = dialogue_of(front, record_url(self.region.units[result.unit], result.front.id) if result else "", self.date)
        self.ground.turns(unit, *turns)
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

    def derived(self, unit: Unit, derived: Derived) -> RecordView:
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
            awaiting=lacking(derived.item, note.front.reviewed) if note is not None else (),
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
            self.ground.turns(unit, front.valid_until + dt.timedelta(1))
        items = tuple({item.id: item, source_item.id: source_item}.values())
        # Rows stay until the last of the postings has had its time: a village may post a list later than the township.
        ends = max((p.end for p in (posting, self._posting(unit, own)) if p), default=None)
        expired = any(self._expired(unit, record, i, ends, id) for i in items)
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
            awaiting=lacking(item, front.reviewed),
            revised=front.revision.on if front.revision.n > 1 else None,
            revisions=tuple(RevisionView(r.rev, r.on, r.why, r.object, r.counts) for r in history.revisions.values()) if history else (),
            stages=self._stages(unit, record),
            layout=front.layout or item.layout,
        )

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
        self.ground.turns(unit, posting.start, end + dt.timedelta(1))
        return PostingView(posting.start, end, state, posting.days, posting.kind == "working", counted.provisional)

    def _was_released(self, record: Record) -> bool:
        unit = self.region.units[record.unit]
        history = unit.ledger.histories.get(self.code_of[unit.code, record.front.id])
        return history is not None and bool(history.revisions)

    def _expired(self, unit: Unit, record: Record, item: Item, end: dt.date | None, id: str) -> bool:
        gone = ends_on(record, item, end)
        if gone is not None:
            self.ground.turns(unit, gone)
        return (gone is not None and self.date >= gone) or over_with_newer(record, item, self.over) or (unit.code, id) in self.still_over

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
                    self.ground.changes[unit].add(differs.until + dt.timedelta(1))
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

    def _formerly(self, unit: Unit, record: Record) -> Iterator[str]:
        """Where the record's page was, under its earlier ids and at the earlier addresses of the units that had it."""
        for ref in record.front.formerly:
            code, _, id = record.full(ref).partition("/")
            had = self.region.units.get(code)
            bases = (had.data.site.url, *had.data.site.formerly) if had else ()
            if had is None:  # a unit that is no more: the one that took its place knows where it stood
                bases = tuple(b for u in self.region.units.values() if code in u.data.succeeds for b in u.data.site.formerly)
            yield from (f"{base}r/{id.lower()}/" for base in dict.fromkeys(bases))


def lacking(item: Item, reviewed: tuple[Reviewed, ...]) -> tuple[str, ...]:
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


def _serial(id: str) -> int:
    digits = id.rsplit("-", 1)[-1]
    return int(digits) if digits.isdecimal() else int.from_bytes(hashlib.sha256(id.encode()).digest()[:2], "big")
