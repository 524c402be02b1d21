"""Where a defect can go: a cell, row or column of a table, a key of a head; and how it is put there."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.bench.defects_files import Head, Rec, Region, Sheet, number
from tests.bench.defects_plan import ACCOUNTS, Place, Planted, Site, locks

# ---- Tables.

TableEdit = Callable[[random.Random, Sheet, dict[str, int]], Planted | None]


def tables(region: Region, *, accounts: bool = True, stages: bool = True) -> Iterator[Rec]:
    for r in region.records:
        if r.table and (accounts or r.item["table"] not in ACCOUNTS) and (stages or not r.front.get("stage")):
            yield r


def table_site(region: Region, record: Rec, edit: TableEdit, *more: Rec, village: str | None = None, unread: bool = False) -> Site:
    def plant(dice: random.Random, root: Path) -> Planted | None:
        sheet = Sheet(root / str(record.table))
        made = edit(dice, sheet, record.columns(sheet.head)) if sheet.plain else None
        if made is not None:
            sheet.save()
        return made

    reads = {f"read/{village}"} if unread else set()
    return Site(locks(region, record, *more, village=village) | reads, plant)


def in_rows(
    record: Rec, codes: tuple[str, ...], change: Callable[[random.Random, Sheet, int, int], str | None], names: list[str]
) -> TableEdit:
    """Change one cell of one of some columns; ``change`` gives what the cell should say."""

    def edit(dice: random.Random, sheet: Sheet, columns: dict[str, int]) -> Planted | None:
        here = [n for n in names if n in columns]
        lines = sheet.body
        if not here or not lines:
            return None
        for _ in range(20):
            line, name = dice.choice(lines), dice.choice(here)
            text = change(dice, sheet, line, columns[name])
            if text is not None and text != sheet.cell(line, columns[name]):
                old = sheet.cell(line, columns[name])
                sheet.set(line, columns[name], text)
                return Planted(codes, ((str(record.table), line),), f"{name}: {old} → {text}")
        return None

    return edit


def named(record: Rec, test: Callable[[dict], bool]) -> list[str]:  # type: ignore[type-arg]
    return [c["name"] for c in (record.schema or {})["fields"] if test(c)]


def rule(column: dict, name: str) -> object:  # type: ignore[type-arg]
    return (column.get("constraints") or {}).get(name)


def slip(dice: random.Random, text: str) -> str | None:
    """A figure with a slip of the pen: another digit, two exchanged, or the point in another place."""
    value = number(text)
    if value is None or not value:
        return None
    digits = text.replace(",", "")
    places = [i for i, c in enumerate(digits) if c.isdigit()]
    way = dice.choice(("digit", "exchanged", "ten"))
    if way == "ten":
        return f"{value * 10:.2f}" if "." in digits else f"{value * 10:.0f}"
    if way == "exchanged":
        near = [i for i in places if i + 1 in places and digits[i] != digits[i + 1] and (i or digits[i + 1] != "0")]
        if near:
            i = dice.choice(near)
            return digits[:i] + digits[i + 1] + digits[i] + digits[i + 2 :]
    i = dice.choice(places)
    new = dice.choice([d for d in "123456789" if d != digits[i]])
    return digits[:i] + new + digits[i + 1 :]


def each(region: Region, codes: tuple[str, ...], change: Callable[..., str | None], test: Callable[[dict], bool]) -> Iterator[Site]:  # type: ignore[type-arg]
    for r in tables(region):
        if names := named(r, test):
            yield table_site(region, r, in_rows(r, codes, change, names))


# ---- Heads.

HeadEdit = Callable[[random.Random, Head], Planted | None]


def head_site(region: Region, record: Rec, edit: HeadEdit, *more: Rec, unread: bool = False) -> Site:
    def plant(dice: random.Random, root: Path) -> Planted | None:
        head = Head(root / record.file)
        made = edit(dice, head)
        if made is not None:
            head.save()
        return made

    return Site(locks(region, record, *more, unread=unread), plant)


def put(
    region: Region,
    record: Rec,
    key: str,
    value: str,
    *codes: str,
    more: tuple[Rec, ...] = (),
    unread: bool = False,
    also: tuple[str, ...] = (),
) -> Site:
    """One key gets another value. ``also`` are keys at which it may be said as well."""

    def edit(dice: random.Random, head: Head) -> Planted:
        line = head.set(key, value)
        lines = [line, *(head.line(k) for k in also if head.has(k))]
        return Planted(codes, tuple((record.file, n) for n in lines), f"{key}: {value}")

    return head_site(region, record, edit, *more, unread=unread)


def without(
    region: Region, record: Rec, key: str, *codes: str, at: str | None = None, unread: bool = False, more: tuple[Rec, ...] = ()
) -> Site:
    """A key is left out: said where it stood, at the key ``at``, or at the first line."""

    def edit(dice: random.Random, head: Head) -> Planted:
        line = head.remove(key)
        places: list[Place] = [(record.file, line), (record.file, 1), (record.file, 2)]
        if at and head.has(at):
            places.append((record.file, head.line(at)))
        return Planted(codes, tuple(places), f"without {key}")

    return head_site(region, record, edit, *more, unread=unread)


def alone(region: Region) -> Iterator[Rec]:
    """Records that belong to no others."""
    return (r for r in region.records if not r.group and not region.related(r))
