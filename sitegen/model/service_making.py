"""Loaded services → :class:`ServicesView`: guides with what they take over, bundles with one set of materials."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from .attachments import attachment_views
from .catalog import LawRef
from .guides import Guide, ServiceBundle, Services, Whole, named, one_set, whole
from .region import Attached, Region, Unit
from .service_views import (
    BundleMatterView,
    BundleView,
    ComplaintView,
    FeeView,
    FileLink,
    GuideView,
    HallView,
    MaterialView,
    NearView,
    OnlineView,
    QuestionView,
    ServicesView,
    StepView,
)
from .services import Common, Material, Online, Place, Span
from .unit import ancestors

Basis = Callable[[LawRef], str]
"""A legal source as the official table prints it."""


class ServiceMaker:
    """Makes the services' views of a region's units."""

    def __init__(self, region: Region, basis: Basis) -> None:
        self.region, self.basis = region, basis
        self.near = self._near()
        self.names = {(u.code, o.id): o.name for u in region.units.values() for o in u.data.organs}

    def of(self, code: str) -> Services | None:
        """A unit's services."""
        unit = self.region.units.get(code)
        return unit.services if unit else None

    def view(self, unit: Unit, disclosed: frozenset[str]) -> ServicesView:
        """What the unit shows. ``disclosed`` are the catalogue items of which it has records."""
        mine = unit.services
        above = tuple(self._above(code) for code in ancestors(unit.code) if (s := self.of(code)) and s.guides)
        if not (mine.guides or mine.bundles):
            return ServicesView(above=above)
        guides = [w for g in mine.guides if (w := whole(unit.code, g, self.of))]
        data = mine.data
        return ServicesView(
            intro=data.intro if data else None,
            halls=tuple(self._hall(unit, Place(hall=h.id)) for h in data.halls) if data else (self._office(unit),),
            complaints=self._complaints(unit),
            platform=self._platform(unit),
            guides=tuple(self._guide(unit, w, disclosed) for w in guides),
            bundles=tuple(made for b in mine.bundles if (made := self._bundle(unit, b))),
            files=attachment_views((*((book,) if (book := self.region.handbooks.get(unit.code)) else ()), *mine.attached)),
            above=above,
        )

    def _near(self) -> Mapping[tuple[str, str], tuple[NearView, ...]]:
        """By unit and guide: who below takes it over directly."""
        found: dict[tuple[str, str], list[NearView]] = {}
        for unit in self.region.units.values():
            for guide in unit.services.guides:
                above = named(guide.front.like, unit.code, self.of, own=False) if guide.front.like else None
                if above is not None:
                    hall = self._places(unit, guide.front)[0]
                    near = NearView(
                        unit.data.name,
                        hall.name,
                        guide.front.phone or hall.phone,
                        self.address(unit.code, guide.slug),
                        guide.front.handling,
                    )
                    found.setdefault((above[0], above[1].slug), []).append(near)
        return {key: tuple(values) for key, values in found.items()}

    def _above(self, code: str) -> tuple[str, str, int, int]:
        unit = self.region.units[code]
        return unit.data.name, f"{unit.data.site.url}services/", len(unit.services.guides), len(unit.services.bundles)

    def address(self, code: str, slug: str) -> str:
        """Where a unit's guide is."""
        return f"{self.region.units[code].data.site.url}services/{slug}/"

    # Places and telephones: always the unit's own

    def _hall(self, unit: Unit, place: Place) -> HallView:
        data = unit.services.data
        hall = next((h for h in data.halls if h.id == place.hall), None) if data else None
        if hall is None:
            return self._office(unit)
        return HallView(hall.name, hall.address, hall.hours, hall.phone, place.window, hall.way, hall.note)

    @staticmethod
    def _office(unit: Unit) -> HallView:
        """Where there is no services.yml: the office of unit.yml."""
        contact = unit.data.contact
        return HallView(unit.data.name, contact.address or "", contact.hours or "", contact.phone)

    def _places(self, unit: Unit, front: Common) -> tuple[HallView, ...]:
        data = unit.services.data
        if not front.places and data:
            return (self._hall(unit, Place(hall=data.halls[0].id)),)
        return tuple(self._hall(unit, p) for p in front.places) or (self._office(unit),)

    @staticmethod
    def _complaints(unit: Unit) -> tuple[ComplaintView, ...]:
        data, own = unit.services.data, unit.data.supervision
        given = tuple(ComplaintView(c.name, c.phone, c.address, c.note) for c in data.complaints) if data else ()
        return given or (ComplaintView(own.name, own.phone, own.address, own.hours),)

    def _supervision(self, unit: Unit, front: Common) -> ComplaintView:
        first = self._complaints(unit)[0]
        return ComplaintView(first.name, front.supervision, None, None) if front.supervision else first

    def _platform(self, unit: Unit) -> tuple[str, str] | None:
        """The unit's platform, or that of the nearest unit above which names one."""
        for code in (unit.code, *ancestors(unit.code)):
            services = self.of(code)
            if services and services.data and services.data.platform:
                return services.data.platform.name, services.data.platform.url
        return None

    # Guides

    def _guide(self, unit: Unit, one: Whole, disclosed: frozenset[str]) -> GuideView:
        front, own = one.front, one.guide
        places = self._places(unit, own.front)
        above = one.chain[1] if len(one.chain) > 1 else None
        organ_unit, organ_guide = one.origin("organ")
        bodies = [g.body.strip() for _, g in reversed(one.chain)]
        return GuideView(
            slug=own.slug,
            url=self.address(unit.code, own.slug),
            name=front.name or "",
            kind=front.kind,
            organ=self.names.get((organ_unit, organ_guide.front.organ or ""), unit.data.name),
            audience=front.audience,
            groups=front.groups,
            life=front.life,
            summary=front.summary,
            conditions=front.conditions or (),
            materials=self._materials(*one.origin("materials"), front.materials or ()),
            places=places,
            legal=_span(front.legal),
            promised=_span(front.promised),
            excludes=front.excludes,
            fees=None if front.fees is None else tuple(FeeView(f.what, f"{_plain(f.amount)}元/{f.per}", f.note) for f in front.fees),
            steps=tuple(StepView(s.name, s.who, s.what, _span(s.takes)) for s in front.steps or ()),
            result=front.result.name if front.result else None,
            ways=front.result.ways if front.result else (),
            basis=tuple(self.basis(ref) for ref in front.basis or ()),
            online=self._online(unit, front.online),
            handling=own.front.handling,
            agent=own.front.agent,
            tell=front.tell,
            faq=tuple(QuestionView(q.ask, q.answer) for q in front.faq),
            phone=own.front.phone or places[0].phone,
            supervision=self._supervision(unit, own.front),
            remedy=front.remedy,
            item=front.item if front.item in disclosed else None,
            updated=one.updated,
            keywords=front.keywords,
            body="\n\n".join(b for b in bodies if b),
            above=(self.region.units[above[0]].data.name, self.address(above[0], above[1].slug)) if above else None,
            near=self.near.get((unit.code, own.slug), ()),
            files=attachment_views(own.attached),
            file=own.file,
        )

    def _materials(
        self, code: str, guide: Guide, materials: tuple[Material, ...], users: Mapping[str, tuple[int, ...]] | None = None
    ) -> tuple[MaterialView, ...]:
        base = self.address(code, guide.slug)
        return tuple(_material(m, base, {a.href: a for a in guide.attached}, (users or {}).get(m.name, ())) for m in materials)

    def _online(self, unit: Unit, online: Online | None) -> OnlineView | None:
        if online is None:
            return None
        platform = self._platform(unit)
        url = online.url or (platform[1] if platform and online.degree != "现场办理" else None)
        return OnlineView(online.degree, url, online.visits, online.note)

    # Bundles

    def _bundle(self, unit: Unit, bundle: ServiceBundle) -> BundleView | None:
        front = bundle.front
        found: list[tuple[str, Guide, Whole]] = []
        for matter in front.matters:
            meant = named(matter.guide, unit.code, self.of, own=True)
            full = whole(*meant, self.of) if meant else None
            if meant is None or full is None:
                return None
            found.append((*meant, full))
        wholes = [full for *_, full in found]
        places = self._places(unit, front)
        materials = self._one_set(unit, bundle, wholes)
        every = [w.front.online.visits if w.front.online else None for w in wholes]
        visits = front.visits if front.visits is not None else front.online.visits if front.online else None
        return BundleView(
            slug=bundle.slug,
            url=self.address(unit.code, bundle.slug),
            name=front.name,
            audience=front.audience,
            groups=front.groups,
            life=front.life,
            summary=front.summary,
            matters=tuple(
                BundleMatterView(
                    full.front.name or "", "" if code == unit.code else self.region.units[code].data.name, self._organ(full), self.address(code, g.slug),
                    m.why, m.when, m.along, _span(full.front.promised), len(full.front.materials or ()),
                )
                for m, (code, g, full) in zip(front.matters, found, strict=True)
            ),
            materials=materials,
            places=places,
            promised=_span(front.promised),
            excludes=front.excludes,
            result=front.result.name if front.result else None,
            ways=front.result.ways if front.result else (),
            online=self._online(unit, front.online),
            tell=front.tell,
            faq=tuple(QuestionView(q.ask, q.answer) for q in front.faq),
            phone=front.phone or places[0].phone,
            supervision=self._supervision(unit, front),
            updated=front.updated,
            keywords=front.keywords,
            body=bundle.body.strip(),
            before=(sum(len(w.front.materials or ()) for w in wholes), None if None in every else sum(v or 0 for v in every)),
            after=(len(materials), visits),
            files=attachment_views(bundle.attached),
            file=bundle.file,
        )  # fmt: skip

    def _organ(self, full: Whole) -> str:
        code, guide = full.origin("organ")
        return self.names.get((code, guide.front.organ or ""), self.region.units[code].data.name)

    def _one_set(self, unit: Unit, bundle: ServiceBundle, wholes: list[Whole]) -> tuple[MaterialView, ...]:
        """The bundle's own set, or the guides' materials each once; with the matters that need them."""
        users: dict[str, tuple[int, ...]] = {}
        source: dict[str, Whole] = {}
        every = one_set(wholes)
        for material, needed in every:
            users[material.name] = tuple(n + 1 for n in needed)
            source[material.name] = wholes[needed[0]]
        own = bundle.front.materials
        if own is not None:
            base, files = self.address(unit.code, bundle.slug), {a.href: a for a in bundle.attached}
            return tuple(_material(m, base, files, users.get(m.name, ())) for m in own)
        made: list[MaterialView] = []
        for material, _ in every:
            code, guide = source[material.name].origin("materials")
            made += self._materials(code, guide, (material,), users)
        return tuple(made)


def _plain(amount: Decimal) -> str:
    """20, 80.50: cents only where there are some."""
    return f"{amount:,.0f}" if amount == amount.to_integral_value() else f"{amount:,.2f}"


def _span(span: Span | None) -> str | None:
    return span.zh if span else None


def _material(material: Material, base: str, files: Mapping[str, Attached], matters: tuple[int, ...]) -> MaterialView:
    return MaterialView(
        material.name, material.form, material.copies, material.source, material.when, material.waived, material.note,
        _link(material.sample, base, files), _link(material.blank, base, files), matters,
    )  # fmt: skip


def _link(path: str | None, base: str, files: Mapping[str, Attached]) -> FileLink | None:
    file = files.get(path) if path else None
    return FileLink(file.title, base + file.href, file.size) if file else None
