"""Service guides as loaded, and as they read when what is taken over from the unit above is filled in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from msgspec import Struct, field

from .services import BundleFile, GuideFile, Material, ServicesFile
from .unit import ancestors

if TYPE_CHECKING:
    from .region import Attached

_OWN = frozenset({"like", "places", "phone", "supervision", "handling", "agent"})
"""Never taken over: where and with whom it is done is the unit's own."""
ELEMENTS: Mapping[str, str] = {
    "organ": "实施主体", "kind": "事项类型", "audience": "服务对象", "conditions": "受理条件", "materials": "办理材料", "steps": "办理流程",
    "legal": "法定时限", "promised": "承诺时限", "fees": "收费", "result": "办理结果", "basis": "办理依据", "online": "网上可办理程度",
}  # fmt: skip
"""The standard elements that every guide must have, by key, besides its name, place, hours and telephones."""


class Guide(Struct, frozen=True):
    """A guide as it stands in its file."""

    slug: str
    """The file's name without ``.md``; its address."""
    file: str
    """Relative to the region."""
    front: GuideFile
    lines: Mapping[str, int]
    """Line of every key of the head."""
    body: str
    attached: tuple[Attached, ...] = ()
    """Samples, empty forms and images that exist."""


class ServiceBundle(Struct, frozen=True):
    """A bundle as it stands in its file."""

    slug: str
    file: str
    front: BundleFile
    lines: Mapping[str, int]
    body: str
    attached: tuple[Attached, ...] = ()


class Services(Struct, frozen=True):
    """What a unit has of services."""

    file: str = ""
    """Of services.yml; "" where there is none."""
    data: ServicesFile | None = None
    guides: tuple[Guide, ...] = ()
    bundles: tuple[ServiceBundle, ...] = ()
    attached: tuple[Attached, ...] = ()
    """Files that services.yml offers."""

    def guide(self, slug: str) -> Guide | None:
        """The guide of this name."""
        return next((g for g in self.guides if g.slug == slug), None)


NO_SERVICES = Services()
"""Of a unit without services."""


class Whole(Struct, frozen=True):
    """A guide with everything that it takes over."""

    unit: str
    """Whose guide it is."""
    guide: Guide
    front: GuideFile
    """All elements."""
    updated: dt.date
    """When the newest of what it is made of was updated."""
    chain: tuple[tuple[str, Guide], ...]
    """(unit code, guide): itself, then those that it takes over, the nearest first."""
    given_by: Mapping[str, int] = field(default_factory=dict)
    """By key: place in the chain of the guide that says it."""

    def origin(self, key: str) -> tuple[str, Guide]:
        """Unit and guide that an element comes from."""
        return self.chain[self.given_by.get(key, 0)]

    def missing(self) -> tuple[str, ...]:
        """The standard elements that nobody gave, by key."""
        said = {key for _, g in self.chain for key in g.front.model_fields_set}
        return tuple(
            key
            for key in ELEMENTS
            if key not in said or (key in ("audience", "conditions", "steps", "basis") and not getattr(self.front, key))
        )


Of = Callable[[str], Services | None]
"""A unit's services by its code; ``None`` where there is no such unit."""


def named(ref: str, unit: str, of: Of, *, own: bool) -> tuple[str, Guide] | None:
    """The guide that ``ref`` means, seen from ``unit``: in itself (``own``), then above it, the nearest first; or where the ref says."""
    code, _, slug = ref.rpartition("/")
    for place in ((unit,) if own else ()) + ancestors(unit):
        services = of(place) if code in ("", place) else None
        if services is not None and (found := services.guide(slug)):
            return place, found
    return None


def choices(unit: str, of: Of, *, own: bool) -> Iterator[str]:
    """Names of all guides that a ref may mean."""
    for place in ((unit,) if own else ()) + ancestors(unit):
        services = of(place)
        yield from (g.slug for g in services.guides) if services else ()


def whole(unit: str, guide: Guide, of: Of) -> Whole | None:
    """The guide with what it takes over; ``None`` where the guide that it names does not exist. Goes up only, so there is no circle."""
    chain = [(unit, guide)]
    while (like := chain[-1][1].front.like) is not None:
        above = named(like, chain[-1][0], of, own=False)
        if above is None:
            return None
        chain.append(above)
    values: dict[str, object] = {}
    given: dict[str, int] = {}
    for n, (_, one) in enumerate(chain):
        for key in one.front.model_fields_set - given.keys():
            if n == 0 or key not in _OWN:
                values[key], given[key] = getattr(one.front, key), n
    newest = max(g.front.updated for _, g in chain if g.front.updated is not None)  # the last of the chain has one
    return Whole(unit, guide, guide.front.model_copy(update=values), newest, tuple(chain), given)


def one_set(guides: list[Whole]) -> tuple[tuple[Material, tuple[int, ...]], ...]:
    """The materials of several guides, each once, with the guides (by place) that need it. Of the same thing the most copies are asked for."""
    found: dict[str, tuple[Material, list[int]]] = {}
    for n, one in enumerate(guides):
        for material in one.front.materials or ():
            if material.name in found:
                first, users = found[material.name]
                users.append(n)
                if material.copies > first.copies:
                    found[material.name] = (first.model_copy(update={"copies": material.copies}), users)
            else:
                found[material.name] = (material, [n])
    return tuple((material, tuple(users)) for material, users in found.values())
