"""Finding the item (公开事项) that somebody means by a few characters."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sitegen.catalogs.initials import initials
from sitegen.model.base import Level
from sitegen.model.catalog import Item
from sitegen.model.region import Catalog, Unit
from sitegen.model.table import fold


def offered(catalog: Catalog, unit: Unit) -> list[Item]:
    """The items that a unit may publish; at a village its own sections (财务、村务、党务) come before the government's."""
    found = [i for i in catalog.items.values() if unit.level in i.levels]
    if unit.level is Level.VILLAGE:
        order = {"财务": 0, "村务": 1, "党务": 2, "政务": 3}
        found.sort(key=lambda i: order[catalog.field_of[i.id].section])
    published: dict[str, int] = {}
    for record in unit.records:
        published[record.front.item] = published.get(record.front.item, 0) + 1
    found.sort(key=lambda i: -min(1, published.get(i.id, 0)))
    return found


def narrow(items: Iterable[Item], typed: str, catalog: Catalog) -> list[Item]:
    """The items that ``typed`` may mean, the likeliest first: by id, by characters of the name in their order, by keywords and group, by initials."""
    wanted = fold(typed).lower()
    if not wanted:
        return list(items)
    ranked = []
    for n, item in enumerate(items):
        rank = _rank(item, wanted, catalog)
        if rank is not None:
            ranked.append((rank, n, item))
    return [item for _, _, item in sorted(ranked, key=lambda r: r[:2])]


def _rank(item: Item, wanted: str, catalog: Catalog) -> int | None:
    name = fold(item.name).lower()
    if wanted == item.id.lower() or wanted == name:
        return 0
    if item.id.lower().startswith(wanted) or wanted in name:
        return 1
    words = [fold(w).lower() for w in (*item.keywords, item.group, catalog.field_of[item.id].name)]
    if any(wanted in w for w in words):
        return 2
    if _in_order(wanted, name):
        return 3
    return 4 if wanted.isascii() and wanted in initials(item.name, 60) else None


def _in_order(wanted: str, text: str) -> bool:
    """Whether the characters of ``wanted`` stand in ``text`` in their order: 地补 in 耕地地力保护补贴."""
    rest: Sequence[str] = text
    for c in wanted:
        at = rest.index(c) if c in rest else -1
        if at < 0:
            return False
        rest = rest[at + 1 :]
    return True
