"""Defects in which two sides of one matter say different things."""

from __future__ import annotations

import datetime as dt
import random
import re
from collections.abc import Iterator
from pathlib import Path

from tests.bench.defects_clean import DAY
from tests.bench.defects_files import Head, Rec, Region, Sheet, number
from tests.bench.defects_plan import Place, Planted, Site, kind, locks
from tests.bench.defects_sites import alone, head_site, named, put, slip, table_site, tables

# ---- Counterparts.


def _pairs(region: Region, rule: str = "") -> Iterator[tuple[Rec, Rec, str, list[int]]]:
    """Government records with the own record of a village in their table, and its lines there."""
    for r in region.records:
        if (
            r.village
            or not r.table
            or not r.group
            or r.group == "cunji-caiwu"
            or r.front.get("stage")
            or (rule and r.same.get("rule") != rule)
        ):
            continue
        for village, lines in region.slices(r):
            own = region.own(r, village)
            if own is not None and own.table:
                yield r, own, village, lines


def _row_key(record: Rec, same: Rec, sheet: Sheet, line: int) -> tuple[str, ...]:
    columns = record.columns(sheet.head)
    return tuple(sheet.cell(line, columns[k]) if k in columns else "" for k in same.same["key"])


def _facing(region: Region, record: Rec, other: Rec, line: int) -> list[Place]:
    """Where the row of a line stands in the other side's table, and the whole table where it names no row."""
    mine, theirs = region.sheet(record), region.sheet(other)
    key = _row_key(record, other, mine, line)
    return [(str(other.table), n) for n in theirs.body if _row_key(other, other, theirs, n) == key]


_ANY = ("SG502", "SG505", "SG506", "SG507", "SG508", "SG509", "SG510", "SG211")


@kind
def cell_differs(region: Region) -> Iterator[Site]:
    """An amount on one side is not the other's."""
    for there, here, _village, lines in _pairs(region):
        for record, rows in ((here, None), (there, lines)):

            def edit(
                dice: random.Random, sheet: Sheet, columns: dict[str, int], record: Rec = record, rows: list[int] | None = rows
            ) -> Planted | None:
                names = [n for n in record.same["compare"] if n in columns]
                for _ in range(20):
                    line, name = dice.choice(rows or sheet.body), dice.choice(names or [""])
                    if name and (text := slip(dice, sheet.cell(line, columns[name]))):
                        old = sheet.cell(line, columns[name])
                        sheet.set(line, columns[name], text)
                        # Ten times as much may be more than the column allows; then it is that which is said.
                        return Planted((*_ANY, "SG208"), ((str(record.table), line),), f"{name}: {old} → {text}")
                return None

            yield table_site(region, record, edit, here, there)


@kind
def row_on_one_side(region: Region) -> Iterator[Site]:
    """A row was left out."""
    for there, here, _village, lines in _pairs(region, "derive"):
        for record, other, rows in ((here, there, None), (there, here, lines)):

            def edit(
                dice: random.Random,
                sheet: Sheet,
                columns: dict[str, int],
                record: Rec = record,
                other: Rec = other,
                rows: list[int] | None = rows,
            ) -> Planted | None:
                mine = rows or sheet.body
                if len(mine) < 2:
                    return None
                line = dice.choice(mine)
                places = _facing(region, record, other, line)
                sheet.delete(line)
                return Planted(_ANY, ((str(record.table), line), (str(record.table), line - 1), *places), f"without line {line}")

            yield table_site(region, record, edit, here, there)


@kind
def row_added(region: Region) -> Iterator[Site]:
    """A household that the other side does not have."""
    for there, here, _village, lines in _pairs(region, "derive"):
        for record, rows in ((here, None), (there, lines)):

            def edit(
                dice: random.Random, sheet: Sheet, columns: dict[str, int], record: Rec = record, rows: list[int] | None = rows
            ) -> Planted | None:
                line = dice.choice(rows or sheet.body)
                row = list(sheet.rows[line - 1])
                key = next((k for k in ("household_no", "project_no") if k in columns), None)
                if key is None:
                    return None
                row[columns[key]] = "0888"
                if "name" in columns:
                    row[columns["name"]] = "乌*"
                if "serial_no" in columns:
                    row[columns["serial_no"]] = "Z9900112"
                sheet.insert(line + 1, row)
                return Planted(_ANY, ((str(record.table), line + 1),), f"added {row[columns[key]]}")

            yield table_site(region, record, edit, here, there)


@kind
def key_differs(region: Region) -> Iterator[Site]:
    """A slip in a household's number."""
    for there, here, _village, lines in _pairs(region, "derive"):
        for record, rows in ((here, None), (there, lines)):

            def edit(
                dice: random.Random, sheet: Sheet, columns: dict[str, int], record: Rec = record, rows: list[int] | None = rows
            ) -> Planted | None:
                key = "household_no" if "household_no" in columns else "project_no"
                line = dice.choice(rows or sheet.body)
                old = sheet.cell(line, columns[key])
                new = (
                    old[:-2] + old[-1] + old[-2]
                    if old[-1] != old[-2] and old[-2].isalnum()
                    else old[:-1] + ("7" if old[-1] != "7" else "3")
                )
                if any(sheet.cell(n, columns[key]) == new for n in sheet.body):
                    return None
                sheet.set(line, columns[key], new)
                return Planted(_ANY, ((str(record.table), line),), f"{old} → {new}")

            yield table_site(region, record, edit, here, there)


@kind
def mask_differs(region: Region) -> Iterator[Site]:
    """张** on one side and 张*三 on the other."""
    for there, here, _village, lines in _pairs(region, "derive"):
        for record, rows in ((here, None), (there, lines)):

            def edit(
                dice: random.Random, sheet: Sheet, columns: dict[str, int], record: Rec = record, rows: list[int] | None = rows
            ) -> Planted | None:
                near = [
                    n for n in rows or sheet.body if "name" in columns and re.fullmatch(r"[一-龥]\*[一-龥]", sheet.cell(n, columns["name"]))
                ]
                if not near:
                    return None
                line = dice.choice(near)
                old = sheet.cell(line, columns["name"])
                sheet.set(line, columns["name"], f"{old[0]}**")
                return Planted(("SG511",), ((str(record.table), line),), f"{old} → {old[0]}**")

            yield table_site(region, record, edit, here, there)


@kind
def column_slipped(region: Region) -> Iterator[Site]:
    """From one row on, amounts stand a row too low."""
    for there, here, _village, _lines in _pairs(region, "derive"):

        def edit(dice: random.Random, sheet: Sheet, columns: dict[str, int], there: Rec = there, here: Rec = here) -> Planted | None:
            c = columns["amount"] if "amount" in columns else columns["paid"]
            rows = sheet.body
            start = next((i for i in range(len(rows) - 3) if len({sheet.cell(n, c) for n in rows[i:]}) > 3), None)
            if start is None or rows[start:] != list(range(rows[start], rows[start] + len(rows) - start)):
                return None
            texts = [sheet.cell(n, c) for n in rows[start:]]
            for n, text in zip(rows[start:], [texts[0], *texts[:-1]], strict=True):
                sheet.set(n, c, text)
            return Planted(("SG509", "SG502", "SG211"), tuple((str(here.table), n) for n in rows[start:]), "slipped")

        yield table_site(region, here, edit, there)


@kind
def total_wrong(region: Region) -> Iterator[Site]:
    """The total below a list is not its sum."""
    for r in tables(region):

        def edit(dice: random.Random, sheet: Sheet, columns: dict[str, int], r: Rec = r) -> Planted | None:
            names = [n for n in named(r, lambda c: c.get("total") is True) if n in columns]
            if len(sheet.totals) != 1 or not names:
                return None
            line = sheet.totals[0]
            for name in dice.sample(names, len(names)):
                if text := slip(dice, sheet.cell(line, columns[name])):
                    sheet.set(line, columns[name], text)
                    return Planted(("SG211",), ((str(r.table), line),), f"total of {name} → {text}")
            return None

        yield table_site(region, r, edit)


@kind
def row_lost(region: Region) -> Iterator[Site]:
    """A row was deleted from a list that nobody repeats: its totals, which may be several, no longer fit."""
    for r in tables(region, accounts=False, stages=False):
        if r.group and any(region.own(r, v) for v, _ in (region.slices(r) if not r.village else ())):
            continue

        def edit(dice: random.Random, sheet: Sheet, columns: dict[str, int], r: Rec = r) -> Planted | None:
            names = [n for n in named(r, lambda c: c.get("total") is True) if n in columns]
            if r.village or len(sheet.totals) != 1 or len(sheet.body) < 3:
                return None
            line = dice.choice(sheet.body)
            if not any(number(sheet.cell(line, columns[n])) and sheet.cell(sheet.totals[0], columns[n]) for n in names):
                return None
            sheet.delete(line)
            return Planted(("SG211",), tuple((str(r.table), n) for n in (line - 1, line, sheet.totals[0])), f"without line {line}")

        yield table_site(region, r, edit)


@kind
def cell_against_total(region: Region) -> Iterator[Site]:
    """An amount in a list that nobody repeats: only the total below it tells."""
    for r in tables(region, accounts=False, stages=False):
        if r.village or (r.group and any(region.own(r, v) for v, _ in region.slices(r))):
            continue

        def edit(dice: random.Random, sheet: Sheet, columns: dict[str, int], r: Rec = r) -> Planted | None:
            names = [
                n
                for n in named(r, lambda c: c.get("total") is True)
                if n in columns and sheet.totals and sheet.cell(sheet.totals[0], columns[n])
            ]
            if len(sheet.totals) != 1 or not names:
                return None
            for _ in range(20):
                line, name = dice.choice(sheet.body), dice.choice(names)
                if text := slip(dice, sheet.cell(line, columns[name])):
                    sheet.set(line, columns[name], text)
                    return Planted(("SG211",), ((str(r.table), line), (str(r.table), sheet.totals[0])), f"{name} → {text}")
            return None

        yield table_site(region, r, edit)


@kind
def counterpart_missing(region: Region) -> Iterator[Site]:
    """The village's record of what the township publishes is not there."""
    for there, here, _village, lines in _pairs(region, "match"):
        within = there.same["within"]
        if there.front["published"] + dt.timedelta(within["days"] * (2 if within["kind"] == "working" else 1) + 3) > DAY:
            continue

        def plant(dice: random.Random, root: Path, here: Rec = here, there: Rec = there, lines: list[int] = lines) -> Planted:
            (root / here.file).unlink()
            (root / str(here.table)).unlink()
            return Planted(("SG513", "SG709"), ((str(there.table), lines[0]), (here.file, None)), f"{here.file} deleted")

        yield Site(locks(region, here, there, unread=True), plant)


# ---- Matters.


def _copy(root: Path, record: Rec, id: str) -> tuple[str, Head]:
    folder = record.file.rsplit("/", 1)[0]
    head = Head(root / record.file)
    head.path = root / folder / f"{id}.md"
    head.set("id", id)
    return f"{folder}/{id}.md", head


@kind
def two_candidates(region: Region) -> Iterator[Site]:
    """The township published the same list twice: which one is the village's?"""
    for r in region.records:
        if r.village or not r.table or not r.group or r.front.get("stage") or r.item.get("per") == "single":
            continue
        owns = [own for v, _ in region.slices(r) if (own := region.own(r, v))]
        if not owns:
            continue

        def plant(dice: random.Random, root: Path, r: Rec = r, owns: list[Rec] = owns) -> Planted:
            file, head = _copy(root, r, "2026-0888")
            head.save()
            items = tuple((o.file, Head(root / o.file).line("item")) for o in owns)
            return Planted(("SG503",), (*items, (file, None), (r.file, None)), f"{r.file} again as 2026-0888")

        yield Site(locks(region, r, *owns) | {f"copy/{r.unit}"}, plant)


@kind
def single_twice(region: Region) -> Iterator[Site]:
    """Two records where there can be one."""
    for r in alone(region):
        if r.item.get("per") == "single" and r.front.get("period") and not r.table and r.front.get("validity", "有效") == "有效":

            def plant(dice: random.Random, root: Path, r: Rec = r) -> Planted:
                file, head = _copy(root, r, "2026-0889")
                if head.has("accept"):
                    head.remove("accept")
                head.save()
                places = ((file, head.line("period")), (r.file, Head(root / r.file).line("period")))
                return Planted(("SG522",), places, f"{r.file} again as 2026-0889")

            if not r.front.get("accept"):
                yield Site(locks(region, r) | {f"copy/{r.unit}"}, plant)


def _derived_pairs(region: Region) -> Iterator[tuple[Rec, Rec]]:
    for r in region.records:
        if not r.village and r.table and r.group and r.same.get("rule") == "derive" and not r.front.get("stage"):
            for village, _ in region.slices(r):
                if own := region.own(r, village):
                    yield r, own


@kind
def government_side_missing(region: Region) -> Iterator[Site]:
    """The township's list, which one village repeats, was deleted."""
    for r in region.records:
        if r.village or not r.table or not r.group or r.front.get("stage") or r.item.get("periodic"):
            continue
        owns = [own for v, _ in region.slices(r) if (own := region.own(r, v))]
        if len(owns) == 1 and not any(
            o.same and o.group == r.group and o is not r and not o.village and o.unit[:6] + "000000" == o.unit for o in region.records
        ):

            def plant(dice: random.Random, root: Path, r: Rec = r, own: Rec = owns[0]) -> Planted:
                (root / r.file).unlink()
                return Planted(("SG514",), ((own.file, Head(root / own.file).line("item")),), f"{r.file} deleted")

            yield Site(locks(region, r, owns[0], unread=True) | {f"read/{r.unit[:6]}000000"}, plant)


@kind
def scope_against_attribute(region: Region) -> Iterator[Site]:
    """Open to all in the township, to some in the village."""
    for there, own in _derived_pairs(region):
        if own.front.get("scope") != "特定群体" and there.item.get("audience") == "全社会":
            yield put(region, own, "scope", "特定群体", "SG515", more=(there,))


@kind
def counterpart_late(region: Region) -> Iterator[Site]:
    """The village followed weeks later."""
    for there, own in _derived_pairs(region):
        day = own.front["published"] + dt.timedelta(30)
        if day <= DAY:

            def edit(dice: random.Random, head: Head, own: Rec = own, day: dt.date = day) -> Planted:
                head.set("revision", f"{{n: 4, on: {day}, why: 村里自行公布本村名单}}")
                line = head.set("published", str(day))
                return Planted(("SG516", "SG701"), ((own.file, line),), f"published: {day}")

            yield head_site(region, own, edit, there)


@kind
def text_differs(region: Region) -> Iterator[Site]:
    """One sentence is not the township's."""
    for there, own in _derived_pairs(region):
        if there.group != "xiangmu-zijin":
            continue

        def edit(dice: random.Random, head: Head, own: Rec = own) -> Planted | None:
            near = [n for n in range(head.end + 1, len(head.lines)) if re.search(r"\d", head.lines[n])]
            if not near:
                return None
            n = dice.choice(near)
            head.lines[n] = re.sub(r"\d", lambda m: str((int(m[0]) + 3) % 10), head.lines[n], count=1)
            return Planted(("SG517",), ((own.file, n + 1),), f"text, line {n + 1}")

        yield head_site(region, own, edit, there)
