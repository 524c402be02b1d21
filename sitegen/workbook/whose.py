"""Whose workbook it is and of which item: as it says itself or was answered, else asked with the likeliest first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sitegen.model.base import Level
from sitegen.model.catalog import Item
from sitegen.model.finding import N_
from sitegen.model.region import Region, Unit
from sitegen.model.table import fold

from .asking import Asking, Halt
from .books import Book
from .heads import find_head
from .labels import HELP, cell_name

_PROPOSED = 8


def unit_of(asking: Asking, region: Region, book: Book, stamp: Mapping[str, str]) -> Unit:
    """The unit whose workbook it is. Raises :class:`Halt` where that is not known."""
    units = region.units
    said = asking.answers.get("unit") or stamp.get("unit")
    if not said:
        text = f"{asking.name} " + " ".join(
            str(c) for s in book.sheets if s.visible for row in s.rows[:5] for c in row if isinstance(c, str)
        )
        named = [u for u in units.values() if u.data.name in text and u.level is Level.VILLAGE] or [
            u for u in units.values() if u.data.name in text
        ]
        named = named or list(units.values())
        choices = [u.data.name if len(region.named(u.data.name)) == 1 else u.code for u in named]
        asking.ask("unit", N_("Of which unit is the workbook?"), choices, proposal=choices[0])
        raise Halt
    found = region.named(said)
    if len(found) != 1:
        names = [u.code for u in found] if found else [u.data.name for u in units.values()][:20]
        asking.say("SG274", answer=said, question="unit", choices=names)
        raise Halt
    unit = found[0]
    other = units.get(stamp.get("unit", ""))
    if stamp.get("unit") and stamp["unit"] != unit.code:
        asking.say("SG260", other=other.data.name if other else stamp["unit"], here=unit.data.name)
        raise Halt
    if not stamp:
        _other_unit(asking, region, book, unit)
    return unit


def _other_unit(asking: Asking, region: Region, book: Book, unit: Unit) -> None:
    """A title or file name that names another village of the region and not this one."""
    own = (unit.data.name, *unit.data.aliases)
    above = {u.data.name for u in region.units.values() if unit.code.startswith(u.code.rstrip("0")) and u is not unit}
    texts = [(asking.name, "")]
    for s in book.sheets:
        texts += [(str(c), cell_name(s.name, r, k)) for r, row in enumerate(s.rows[:4]) for k, c in enumerate(row) if isinstance(c, str)]
    for text, where in texts:
        if len(text) < 4 or any(n in text for n in own):
            continue
        for u in region.units.values():
            if u.level is unit.level and u is not unit and u.data.name in text and not any(u.data.name in n for n in (*own, *above)):
                asking.say("SG260", where, other=u.data.name, here=unit.data.name)
                raise Halt


def item_of(asking: Asking, region: Region, book: Book, stamp: Mapping[str, str], unit: Unit) -> Item:
    """The item of the catalogue that the workbook is of. Raises :class:`Halt` where that is not known."""
    items = region.catalog.items
    said = asking.answers.get("item") or stamp.get("item")
    known = {i.id: i for i in items.values() if unit.level in i.levels}
    if said:
        found = known.get(said) or next((i for i in known.values() if said in (f"{i.id} {i.name}", *i.formerly)), None)
        if found is None:
            named = [i for i in known.values() if i.name == said]
            found = named[0] if len(named) == 1 else None
        if found is not None:
            return found
        if not asking.answers.get("item"):  # a form made for an item that the catalogue does not have any more
            asking.say("SG278", item=said)
            raise Halt
        near = [i for i in known.values() if said[:2].upper() == i.id[:2] or said in i.name][:20]
        asking.say("SG274", answer=said, question="item", choices=[f"{i.id} {i.name}" for i in near or known.values()][:20])
        raise Halt
    ranked = _likely_items(asking.name, region, book, known.values())
    choices = [f"{i.id} {i.name}" for i in ranked]
    asking.ask("item", N_("Which item of the catalogue is it?"), choices, proposal=choices[0] if choices else "")
    raise Halt


def _likely_items(name: str, region: Region, book: Book, items: Iterable[Item]) -> list[Item]:
    text = fold(name + "".join(str(c) for s in book.sheets for row in s.rows[:4] for c in row if isinstance(c, str)))
    heads: dict[str, int] = {}
    for id, schema in region.catalog.tables.items():
        found = [h for s in book.sheets if s.visible and s.name != HELP and (h := find_head(s, schema)) is not None]
        heads[id] = max((len(h.placed) - 4 * len(h.missing(schema)) for h in found), default=-9)

    def score(i: Item) -> float:
        words = (i.name, *i.keywords)
        return 6 * sum(fold(w) in text for w in words) + (heads.get(i.table, -9) if i.table else -3)

    return sorted(items, key=lambda i: (-score(i), i.id))[:_PROPOSED]
