"""Defects in accounts: statements, details, payments to villages, claims and debts."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path

from tests.bench.defects_files import Head, Rec, Region, Sheet, number
from tests.bench.defects_plan import Planted, Site, kind, locks
from tests.bench.defects_sites import in_rows, slip, table_site

# ---- Accounts.


def _accounts(region: Region, schema: str) -> Iterator[Rec]:
    return (r for r in region.records if r.table and r.item["table"] == schema)


_SUMS = ("SG601", "SG602", "SG603", "SG604", "SG606")


@kind
def account_does_not_add_up(region: Region) -> Iterator[Site]:
    """Opening, income, expense or closing balance with a slip."""
    for r in _accounts(region, "cunji-huizong"):
        for village, lines in [(r.unit, [2])] if r.village else list(region.slices(r)):

            def edit(dice: random.Random, sheet: Sheet, columns: dict[str, int], r: Rec = r, lines: list[int] = lines) -> Planted | None:
                name = dice.choice(["opening", "income", "expense", "closing"])
                if not (text := slip(dice, sheet.cell(lines[0], columns[name]))):
                    return None
                old = sheet.cell(lines[0], columns[name])
                sheet.set(lines[0], columns[name], text)
                return Planted(_SUMS, ((str(r.table), lines[0]),), f"{name}: {old} → {text}")

            yield table_site(region, r, edit, village=village)


@kind
def account_part_wrong(region: Region) -> Iterator[Site]:
    """A category of the statement with a slip."""
    for r in _accounts(region, "cunji-huizong"):
        for village, lines in [(r.unit, [2])] if r.village else list(region.slices(r)):

            def edit(dice: random.Random, sheet: Sheet, columns: dict[str, int], r: Rec = r, lines: list[int] = lines) -> Planted | None:
                names = [n for n in columns if n.startswith(("income_", "expense_")) and sheet.cell(lines[0], columns[n])]
                name = dice.choice(names)
                if not (text := slip(dice, sheet.cell(lines[0], columns[name]))):
                    return None
                old = sheet.cell(lines[0], columns[name])
                sheet.set(lines[0], columns[name], text)
                return Planted(_SUMS, ((str(r.table), lines[0]),), f"{name}: {old} → {text}")

            yield table_site(region, r, edit, village=village)


@kind
def account_chain_broken(region: Region) -> Iterator[Site]:
    """A village's statement that begins with another balance than the one before ended with, and adds up."""
    for r in _accounts(region, "cunji-huizong"):
        if not r.village:
            continue

        def edit(dice: random.Random, sheet: Sheet, columns: dict[str, int], r: Rec = r) -> Planted | None:
            off = dice.choice([100, 1000, 360.5])
            for name in ("opening", "closing"):
                sheet.set(2, columns[name], f"{(number(sheet.cell(2, columns[name])) or 0) + off:.2f}")
            return Planted(_SUMS, ((str(r.table), 2),), f"opening and closing + {off}")

        yield table_site(region, r, edit)


@kind
def details_amount_wrong(region: Region) -> Iterator[Site]:
    """One entry with a slip: the details are not the statement."""
    for r in _accounts(region, "cunji-shouzhi"):

        def change(dice: random.Random, sheet: Sheet, line: int, c: int, r: Rec = r) -> str | None:
            text = slip(dice, sheet.cell(line, c))
            kinds = r.columns(sheet.head)["kind"]
            same = [sheet.cell(n, c) for n in sheet.body if n != line and sheet.cell(n, kinds) == sheet.cell(line, kinds)]
            if text is None or any(_as_likely(sheet.cell(line, c), text, other) for other in same):
                return None
            return text

        yield table_site(region, r, in_rows(r, ("SG604", "SG605", "SG608"), change, ["amount"]))


def _as_likely(right: str, wrong: str, other: str) -> bool:
    """Whether another entry could be the slip as well: where it is, nobody can tell from the sum then, and no place is right."""
    off = (number(wrong) or 0) - (number(right) or 0)
    value = number(other) or 0
    a, b = (f"{abs(v):.2f}".replace(".", "") for v in (value, value - off))
    differ = [n for n in range(min(len(a), len(b))) if a[n] != b[n]]
    return (len(a) == len(b) and len(differ) <= 2) or a.rstrip("0") == b.rstrip("0")


@kind
def details_row_missing(region: Region) -> Iterator[Site]:
    """An entry was left out."""
    for r in _accounts(region, "cunji-shouzhi"):

        def edit(dice: random.Random, sheet: Sheet, columns: dict[str, int], r: Rec = r) -> Planted | None:
            if len(sheet.body) < 3:
                return None
            line = dice.choice(sheet.body[:-1])
            if not number(sheet.cell(line, columns["amount"])):
                return None
            sheet.delete(line)
            return Planted(("SG604",), tuple((str(r.table), n) for n in (line - 1, line)), f"without line {line}")

        yield table_site(region, r, edit)


@kind
def details_row_twice(region: Region) -> Iterator[Site]:
    """An entry stands twice."""
    for r in _accounts(region, "cunji-shouzhi"):

        def edit(dice: random.Random, sheet: Sheet, columns: dict[str, int], r: Rec = r) -> Planted | None:
            line = dice.choice(sheet.body)
            if not number(sheet.cell(line, columns["amount"])):
                return None
            row = list(sheet.rows[line - 1])
            row[columns["no"]] = str(len(sheet.body) + 1)
            sheet.insert(line + 1, row)
            return Planted(("SG604",), tuple((str(r.table), n) for n in (line, line + 1)), f"line {line} twice")

        yield table_site(region, r, edit)


@kind
def details_kind_flipped(region: Region) -> Iterator[Site]:
    """An expense entered as income."""
    for r in _accounts(region, "cunji-shouzhi"):

        def change(dice: random.Random, sheet: Sheet, line: int, c: int, r: Rec = r) -> str | None:
            amount = sheet.cell(line, r.columns(sheet.head)["amount"])
            return {"收入": "支出", "支出": "收入"}.get(sheet.cell(line, c)) if number(amount) else None

        yield table_site(region, r, in_rows(r, ("SG605", "SG604"), change, ["kind"]))


@kind
def details_category_wrong(region: Region) -> Iterator[Site]:
    """An entry under another category than the statement counts it."""
    other = {"收入": ("上级拨付收入", "经营收入", "发包收入", "其他收入"), "支出": ("经营支出", "管理费用", "公益支出", "项目支出")}
    for r in _accounts(region, "cunji-shouzhi"):

        def change(dice: random.Random, sheet: Sheet, line: int, c: int, r: Rec = r) -> str | None:
            columns = r.columns(sheet.head)
            amounts = [number(sheet.cell(n, columns["amount"])) for n in sheet.body]
            mine = number(sheet.cell(line, columns["amount"]))
            # To move -760.00 one way is to move 760.00 the other: nobody can tell which row it was.
            if not mine or [abs(a) for a in amounts if a].count(abs(mine)) > 1:
                return None
            return dice.choice([w for w in other[sheet.cell(line, columns["kind"])] if w != sheet.cell(line, c)])

        yield table_site(region, r, in_rows(r, ("SG605",), change, ["category"]))


@kind
def voucher_twice(region: Region) -> Iterator[Site]:
    """A voucher number that another day has."""
    for r in _accounts(region, "cunji-shouzhi"):

        def edit(dice: random.Random, sheet: Sheet, columns: dict[str, int], r: Rec = r) -> Planted | None:
            if "voucher_no" not in columns or len(sheet.body) < 3:
                return None
            a, b = dice.sample(sheet.body, 2)
            if sheet.cell(a, columns["date"]) == sheet.cell(b, columns["date"]) or sheet.cell(a, columns["voucher_no"]) == sheet.cell(
                b, columns["voucher_no"]
            ):
                return None
            new = sheet.cell(a, columns["voucher_no"])
            sheet.set(b, columns["voucher_no"], new)
            return Planted(("SG611",), ((str(r.table), b),), f"line {b} as {a}: {new}")

        yield table_site(region, r, edit)


@kind
def date_outside(region: Region) -> Iterator[Site]:
    """An entry of another quarter."""
    for r in _accounts(region, "cunji-shouzhi"):

        def change(dice: random.Random, sheet: Sheet, line: int, c: int) -> str | None:
            if m := re.match(r"2026([-/])0?(\d+)([-/])0?(\d+)", sheet.cell(line, c)):
                month = (int(m[2]) + 4) % 9 + 1
                return f"2026-{month:02}-{int(m[4]):02}" if int(m[4]) < 29 else None
            return None

        yield table_site(region, r, in_rows(r, ("SG612",), change, ["date"]))


@kind
def debt_does_not_add_up(region: Region) -> Iterator[Site]:
    """A claim or debt whose balance is not opening + increase − decrease."""
    for r in _accounts(region, "zhaiquan-zhaiwu"):
        names = ["opening", "increase", "decrease", "amount"]
        yield table_site(region, r, in_rows(r, ("SG601",), lambda dice, sheet, line, c: slip(dice, sheet.cell(line, c)), names))


@kind
def payment_not_booked(region: Region) -> Iterator[Site]:
    """Money that the township lists and no village books."""
    for r in _accounts(region, "bofu-daocun"):
        for village, lines in region.slices(r):

            def edit(dice: random.Random, sheet: Sheet, columns: dict[str, int], r: Rec = r, lines: list[int] = lines) -> Planted | None:
                row = list(sheet.rows[lines[0] - 1])
                row[columns["no"]], row[columns["fund"]], row[columns["amount"]] = str(len(sheet.body) + 1), "村部维修补助", "3300.00"
                line = sheet.body[-1] + 1
                sheet.insert(line, row)
                for total in sheet.totals:
                    sheet.set(total, columns["amount"], f"{(number(sheet.cell(total, columns['amount'])) or 0) + 3300:.2f}")
                return Planted(("SG607",), ((str(r.table), line),), "a payment more")

            yield table_site(region, r, edit, village=village, unread=True)


@kind
def payment_amount_wrong(region: Region) -> Iterator[Site]:
    """The township lists another amount than the village booked."""
    for r in _accounts(region, "bofu-daocun"):
        for village, lines in region.slices(r):

            def edit(dice: random.Random, sheet: Sheet, columns: dict[str, int], r: Rec = r, lines: list[int] = lines) -> Planted | None:
                if not (text := slip(dice, sheet.cell(lines[0], columns["amount"]))):
                    return None
                sheet.set(lines[0], columns["amount"], text)
                return Planted(("SG607", "SG608", "SG211"), ((str(r.table), lines[0]),), f"amount → {text}")

            yield table_site(region, r, edit, village=village, unread=True)


@kind
def payment_day_wrong(region: Region) -> Iterator[Site]:
    """The township lists a day after the village booked."""
    for r in _accounts(region, "bofu-daocun"):
        for village, lines in region.slices(r):

            def edit(dice: random.Random, sheet: Sheet, columns: dict[str, int], r: Rec = r, lines: list[int] = lines) -> Planted | None:
                sheet.set(lines[0], columns["paid_on"], dice.choice(["2026-08-28", "2026-09-10", "2026-05-20"]))
                return Planted(("SG609",), ((str(r.table), lines[0]),), f"paid on {sheet.cell(lines[0], columns['paid_on'])}")

            yield table_site(region, r, edit, village=village, unread=True)


@kind
def payment_not_listed(region: Region) -> Iterator[Site]:
    """A receipt from the township that its list does not have."""
    for r in _accounts(region, "bofu-daocun"):
        for village, lines in region.slices(r):

            def edit(dice: random.Random, sheet: Sheet, columns: dict[str, int], r: Rec = r, lines: list[int] = lines) -> Planted | None:
                amount = number(sheet.cell(lines[0], columns["amount"])) or 0
                sheet.delete(lines[0])
                for total in sheet.totals:
                    sheet.set(total, columns["amount"], f"{(number(sheet.cell(total, columns['amount'])) or 0) - amount:.2f}")
                table = Head(region.root / r.file).line("table")
                return Planted(
                    ("SG610",), ((r.file, table), (str(r.table), lines[0]), (str(r.table), lines[0] - 1)), f"without line {lines[0]}"
                )

            yield table_site(region, r, edit, village=village, unread=True)


@kind
def month_missing(region: Region) -> Iterator[Site]:
    """A month's statement is not published."""
    for r in _accounts(region, "cunji-huizong"):
        if not r.village or not re.fullmatch(r"2026-\d\d", str(r.front["period"])):
            continue
        if any(o.unit == r.unit and o.item is r.item and o.front["period"] == "2026-Q3" for o in region.records):
            continue

        def plant(dice: random.Random, root: Path, r: Rec = r) -> Planted:
            (root / r.file).unlink()
            (root / str(r.table)).unlink()
            return Planted(("SG520", "SG709"), ((f"{region.folders[r.unit]}/unit.yml", None),), f"{r.front['period']} deleted")

        yield Site(locks(region, r, unread=True), plant)


@kind
def statement_missing(region: Region) -> Iterator[Site]:
    """A village's quarterly statement, which the township's has a row for, is not published."""
    for r in _accounts(region, "cunji-huizong"):
        if r.village and str(r.front["period"]) in ("2026-Q2", "2026-Q3"):
            town = next(
                o for o in _accounts(region, "cunji-huizong") if o.unit == r.unit[:9] + "000" and o.front["period"] == r.front["period"]
            )
            if any(o.unit == r.unit and o.item is r.item and re.fullmatch(r"2026-0\d", str(o.front["period"])) for o in region.records):
                continue

            def plant(dice: random.Random, root: Path, r: Rec = r, town: Rec = town) -> Planted:
                (root / r.file).unlink()
                (root / str(r.table)).unlink()
                lines = dict(region.slices(town))[r.unit]
                return Planted(
                    ("SG513", "SG709"), ((f"{region.folders[r.unit]}/unit.yml", None), (str(town.table), lines[0])), f"{r.file} deleted"
                )

            yield Site(locks(region, r, unread=True), plant)
