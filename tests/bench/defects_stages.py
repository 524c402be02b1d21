"""Defects in lists that are posted in stages (三榜)."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from pathlib import Path

from tests.bench.defects_files import Head, Rec, Region, Sheet, number
from tests.bench.defects_plan import Place, Planted, Site, kind, locks
from tests.bench.defects_sites import head_site, put, table_site

# ---- Stages.


def _staged(region: Region) -> Iterator[tuple[Rec, list[Rec], list[Rec]]]:
    """Records in stages, with those of the stage before and after that are about the same villages."""
    order = ("一榜", "二榜", "三榜")
    staged = [r for r in region.records if r.front.get("stage") and r.table]
    for r in staged:
        n = order.index(r.front["stage"])
        near = [
            o
            for o in staged
            if o is not r
            and o.front.get("period") == r.front.get("period")
            and (o.unit[:9] == r.unit[:9] or "000" in (o.unit[6:9], r.unit[6:9]))
            and o.front.get("batch") == r.front.get("batch")
        ]
        yield r, [o for o in near if order.index(o.front["stage"]) == n - 1], [o for o in near if order.index(o.front["stage"]) == n + 1]


_STAGES = ("SG622", "SG623", "SG624", "SG211", "SG627")


def _row_places(region: Region, records: list[Rec], key: str) -> list[Place]:
    found: list[Place] = []
    for r in records:
        sheet = region.sheet(r)
        c = r.columns(sheet.head)["household_no"]
        lines = [n for n in sheet.body if sheet.cell(n, c) == key]
        found += [(str(r.table), n) for n in lines]
        if not lines:
            head = Head(region.root / r.file)
            found.append((r.file, head.line("table")))
    return found


@kind
def stage_row_dropped(region: Region) -> Iterator[Site]:
    """A household of the stage before is not in the list any more."""
    for r, before, after in _staged(region):
        if not before and not after:
            continue

        def edit(
            dice: random.Random, sheet: Sheet, columns: dict[str, int], r: Rec = r, after: list[Rec] = after, before: list[Rec] = before
        ) -> Planted | None:
            if len(sheet.body) < 2:
                return None
            line = dice.choice(sheet.body)
            key = sheet.cell(line, columns["household_no"])
            if r.village and sum(sheet.cell(n, columns["household_no"]) == key for n in sheet.body) > 1:
                return None
            seen = [p for p in _row_places(region, before, key) if p[0].endswith((".csv", ".xlsx"))]
            later = [p for p in _row_places(region, after, key) if p[0].endswith((".csv", ".xlsx"))]
            if not seen and not later:
                return None
            own = Head(region.root / r.file).line("table")
            sheet.delete(line)
            # A township of which no other row is left may come later: then only the written total tells.
            written = [(str(r.table), n) for n in sheet.totals]
            places = ((str(r.table), line), (str(r.table), line - 1), (r.file, own), *written, *later)
            return Planted(_STAGES, places, f"{r.front['stage']} without {key}")

        yield table_site(region, r, edit, *before, *after)


@kind
def stage_row_appeared(region: Region) -> Iterator[Site]:
    """A household that no stage before had."""
    for r, before, after in _staged(region):
        if not before:
            continue

        def edit(dice: random.Random, sheet: Sheet, columns: dict[str, int], r: Rec = r) -> Planted | None:
            line = dice.choice(sheet.body)
            row = list(sheet.rows[line - 1])
            row[columns["household_no"]], row[columns["name"]] = "D-8888", "乌*"
            if "change" in columns:
                row[columns["change"]] = "延续"
            sheet.insert(line + 1, row)
            return Planted(_STAGES, ((str(r.table), line + 1),), f"{r.front['stage']} with D-8888")

        if not after:
            yield table_site(region, r, edit, *before)


@kind
def stage_row_changed(region: Region) -> Iterator[Site]:
    """An amount or a number of people that is another than in the stage before, without a reason."""
    for r, before, after in _staged(region):
        if not before and not after:
            continue

        def edit(
            dice: random.Random, sheet: Sheet, columns: dict[str, int], r: Rec = r, before: list[Rec] = before, after: list[Rec] = after
        ) -> Planted | None:
            line = dice.choice(sheet.body)
            key = sheet.cell(line, columns["household_no"])
            facing = [o for o in (*before, *after) if any(p[0] == str(o.table) for p in _row_places(region, [o], key))]
            shared = set.union(set(), *(set(o.columns(region.sheet(o).head)) for o in facing))
            names = [n for n in ("people", "amount") if n in columns and n in shared and sheet.cell(line, columns[n])]
            if not facing or not names:
                return None
            name = dice.choice(names)
            old = number(sheet.cell(line, columns[name])) or 0
            rows = _row_places(region, facing, key)
            others = {
                number(region.sheet(o).cell(n, o.columns(region.sheet(o).head)[name]))
                for o in facing
                for f, n in rows
                if f == str(o.table) and n and name in o.columns(region.sheet(o).head)
            }
            if others != {old}:
                return None
            new = old + (1 if name == "people" else 20)
            sheet.set(line, columns[name], f"{new:.0f}")
            return Planted(_STAGES, ((str(r.table), line), *rows), f"{r.front['stage']} {name}: {old:.0f} → {new:.0f}")

        yield table_site(region, r, edit, *before, *after)


# ---- Stages.


def _before(region: Region, r: Rec) -> list[Rec]:
    order = ["一榜", "二榜", "三榜"]
    n = order.index(r.front["stage"])
    return [
        o
        for o in region.records
        if o.front.get("stage") == order[n - 1]
        and n
        and (o.front.get("period"), o.front.get("batch")) == (r.front.get("period"), r.front.get("batch"))
        and (o.unit[:9] == r.unit[:9] or r.unit[6:9] == "000")
    ]


@kind
def posting_overlaps(region: Region) -> Iterator[Site]:
    """The next stage was put up before the one before came down."""
    for r in region.records:
        if not r.front.get("stage") or not (before := _before(region, r)):
            continue
        latest = max(o.front["posting"]["from"] for o in before)
        start = latest + dt.timedelta(3)

        def edit(dice: random.Random, head: Head, r: Rec = r, start: dt.date = start) -> Planted:
            for key in ("formed", "published"):
                head.set(key, str(start))
            if head.has("reviewed"):
                steps = r.front["reviewed"]
                head.set("reviewed", "[" + ", ".join(f"{{step: {s['step']}, by: {s['by']}, on: {start}}}" for s in steps) + "]")
            line = head.set("posting", f"{{from: {start}, days: 7, kind: working}}")
            return Planted(("SG625",), ((r.file, line),), f"posting from {start}")

        yield head_site(region, r, edit, *before)


@kind
def stage_before_missing(region: Region) -> Iterator[Site]:
    """The village's evaluation was never posted."""
    for r in region.records:
        if not r.village or r.front.get("stage") != "一榜":
            continue
        later = [
            o
            for o in region.records
            if o.front.get("stage") == "二榜" and o.front.get("period") == r.front["period"] and o.unit[:9] == r.unit[:9]
        ]
        if not later or not any(v == r.unit for v, _ in region.slices(later[0])):
            continue

        def plant(dice: random.Random, root: Path, r: Rec = r, later: Rec = later[0]) -> Planted:
            (root / r.file).unlink()
            (root / str(r.table)).unlink()
            return Planted(("SG621",), ((later.file, Head(root / later.file).line("stage")),), f"{r.file} deleted")

        yield Site(locks(region, r, later[0], unread=True), plant)


@kind
def stage_misnamed(region: Region) -> Iterator[Site]:
    """一榜 called 二榜."""
    for r in region.records:
        if r.village and r.front.get("stage") == "一榜":
            yield put(region, r, "stage", "二榜", "SG621", "SG628", unread=True)
