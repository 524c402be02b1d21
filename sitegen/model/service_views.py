"""Service guides and bundles as pages and the handbook show them: plain frozen values, every text ready to print."""

from __future__ import annotations

import datetime as dt

from msgspec import Struct

from .content_views import AttachmentView


class FileLink(Struct, frozen=True):
    """A file to download, by its absolute address: the guide that is taken over may be another unit's."""

    title: str
    url: str
    size: int


class MaterialView(Struct, frozen=True):
    """Something to hand in."""

    name: str
    form: str
    """原件, 复印件, 原件和复印件 …"""
    copies: int
    source: str | None
    when: str | None
    waived: str | None
    """Why it need not be brought."""
    note: str | None
    sample: FileLink | None
    blank: FileLink | None
    matters: tuple[int, ...] = ()
    """In a bundle: the matters that need it, by their numbers from 1."""

    @property
    def form_text(self) -> str:
        """原件和复印件，复印件2份."""
        if self.form == "原件和复印件":
            return f"原件和复印件，复印件{self.copies}份"
        return f"{self.form}{self.copies}份"


class HallView(Struct, frozen=True):
    """Where it is done."""

    name: str
    address: str
    hours: str
    phone: str
    window: str | None = None
    way: str | None = None
    note: str | None = None


class StepView(Struct, frozen=True):
    """A step of the procedure."""

    name: str
    who: str | None
    what: str | None
    takes: str | None


class FeeView(Struct, frozen=True):
    """What is charged: ``text`` is 10.00元/本."""

    what: str
    text: str
    note: str | None


class OnlineView(Struct, frozen=True):
    """How far it can be done online."""

    degree: str
    url: str | None
    visits: int | None
    note: str | None

    @property
    def possible(self) -> bool:
        """Whether anything of the matter itself is done online."""
        return self.degree in ("网上预审", "网上申报", "全程网办")


class QuestionView(Struct, frozen=True):
    """A frequent question."""

    ask: str
    answer: str


class ComplaintView(Struct, frozen=True):
    """Where to complain."""

    name: str
    phone: str
    address: str | None
    note: str | None


class NearView(Struct, frozen=True):
    """A unit below where the same matter is taken in (就近办)."""

    unit: str
    hall: str
    phone: str
    url: str
    """Absolute address of its guide."""
    handling: str | None


class GuideView(Struct, frozen=True):
    """A service guide, whole."""

    slug: str
    url: str
    """Absolute address of its page."""
    name: str
    kind: str | None
    organ: str
    """实施主体, by name."""
    audience: tuple[str, ...]
    groups: tuple[str, ...]
    life: tuple[str, ...]
    summary: str | None
    conditions: tuple[str, ...]
    materials: tuple[MaterialView, ...]
    places: tuple[HallView, ...]
    legal: str | None
    """法定时限: 30个工作日; ``None`` where no law sets one."""
    promised: str | None
    excludes: str | None
    fees: tuple[FeeView, ...] | None
    """Empty: nothing is charged; ``None`` where nobody said."""
    steps: tuple[StepView, ...]
    result: str | None
    ways: tuple[str, ...]
    basis: tuple[str, ...]
    online: OnlineView | None
    handling: str | None
    agent: str | None
    tell: tuple[str, ...]
    faq: tuple[QuestionView, ...]
    phone: str
    supervision: ComplaintView
    remedy: str | None
    item: str | None
    """Catalogue item under which results are disclosed, where this unit has records of it."""
    updated: dt.date
    keywords: tuple[str, ...]
    body: str
    """Free words, Markdown: those of the guide that is taken over, then the unit's own."""
    above: tuple[str, str] | None
    """(unit, absolute address) of the guide that is taken over."""
    near: tuple[NearView, ...] = ()
    """Units below that take this guide over."""
    files: tuple[AttachmentView, ...] = ()
    """Its own files, which lie beside its page."""
    file: str = ""
    """Relative to the region."""

    @property
    def free(self) -> bool:
        """Nothing is charged."""
        return self.fees == ()

    @property
    def fewest_visits(self) -> int | None:
        """How often one has to come, where it is said."""
        return self.online.visits if self.online else None


class BundleMatterView(Struct, frozen=True):
    """A matter of a bundle."""

    name: str
    unit: str
    """Name of the unit whose guide it is; "" for the bundle's own."""
    organ: str
    url: str
    why: str | None
    when: str | None
    along: bool
    """Done at the same time as the one before."""
    promised: str | None
    materials: int


class BundleView(Struct, frozen=True):
    """A bundle (一件事一次办)."""

    slug: str
    url: str
    name: str
    audience: tuple[str, ...]
    groups: tuple[str, ...]
    life: tuple[str, ...]
    summary: str | None
    matters: tuple[BundleMatterView, ...]
    materials: tuple[MaterialView, ...]
    places: tuple[HallView, ...]
    promised: str | None
    excludes: str | None
    result: str | None
    ways: tuple[str, ...]
    online: OnlineView | None
    tell: tuple[str, ...]
    faq: tuple[QuestionView, ...]
    phone: str
    supervision: ComplaintView
    updated: dt.date
    keywords: tuple[str, ...]
    body: str
    before: tuple[int, int | None]
    """Materials and visits when every matter is done on its own; visits only where every guide says how many."""
    after: tuple[int, int | None]
    """The same at one go."""
    files: tuple[AttachmentView, ...] = ()
    file: str = ""


class ServicesView(Struct, frozen=True):
    """A unit's services. It is false where there is no guide."""

    intro: str | None = None
    halls: tuple[HallView, ...] = ()
    complaints: tuple[ComplaintView, ...] = ()
    platform: tuple[str, str] | None = None
    """Name and address of the platform for doing things online."""
    guides: tuple[GuideView, ...] = ()
    """In the unit's order."""
    bundles: tuple[BundleView, ...] = ()
    files: tuple[AttachmentView, ...] = ()
    """To download from the list's page: the handbook, when the unit gives one of its own."""
    above: tuple[tuple[str, str, int, int], ...] = ()
    """Units above with guides, the nearest first: name, address of their list, guides, bundles."""

    def __bool__(self) -> bool:
        return bool(self.guides)


NO_SERVICES = ServicesView()
"""Of a unit without services."""
