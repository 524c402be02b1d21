"""Defects in tables: what cannot be read, and what names nobody."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path

from tests.bench.defects_files import Head, Rec, Region, Sheet, number
from tests.bench.defects_plan import Planted, Site, kind, locks
from tests.bench.defects_sites import each, named, rule, table_site, tables

# ---- Cells, rows and columns that cannot be read.


@kind
def not_a_number(region: Region) -> Iterator[Site]:
    """约8亩."""
    return each(
        region,
        ("SG206",),
        lambda dice, sheet, line, c: (
            dice.choice(["约{}", "{}左右", "{}?", "待定"]).format(sheet.cell(line, c)) if sheet.cell(line, c) else None
        ),
        lambda c: c.get("type") in ("number", "integer"),
    )


@kind
def empty_cell(region: Region) -> Iterator[Site]:
    """A name or an amount is left out."""
    return each(region, ("SG207",), lambda *_: "", lambda c: rule(c, "required") is True)


@kind
def below_zero(region: Region) -> Iterator[Site]:
    """-10.50 亩."""
    return each(
        region,
        ("SG208",),
        lambda _, sheet, line, c: f"-{sheet.cell(line, c)}" if (number(sheet.cell(line, c)) or 0) > 0 else None,
        lambda c: c.get("type") in ("number", "integer") and rule(c, "minimum") in (0, 1),
    )


@kind
def many_decimals(region: Region) -> Iterator[Site]:
    """745.505."""
    return each(
        region,
        ("SG217",),
        lambda _, sheet, line, c: f"{v:.2f}5" if (v := number(sheet.cell(line, c))) is not None else None,
        lambda c: c.get("decimals") == 2,
    )


@kind
def not_a_day(region: Region) -> Iterator[Site]:
    """5月初."""
    return each(
        region,
        ("SG215",),
        lambda dice, sheet, line, c: dice.choice(["5月初", "2026-02-30", "2026年"]) if sheet.cell(line, c) else None,
        lambda c: c.get("type") == "date",
    )


@kind
def not_in_the_list(region: Region) -> Iterator[Site]:
    """A kind that the schema does not have."""
    return each(region, ("SG218",), lambda _, sheet, line, c: "另行研究" if sheet.cell(line, c) else None, lambda c: bool(rule(c, "enum")))


@kind
def unmasked_name(region: Region) -> Iterator[Site]:
    """张小三 for 张*三."""
    return each(
        region,
        ("SG209",),
        lambda dice, sheet, line, c: sheet.cell(line, c)[0] + dice.choice(["建国", "秀兰", "志强"]) if "*" in sheet.cell(line, c) else None,
        lambda c: c.get("mask") == "name",
    )


@kind
def same_key_twice(region: Region) -> Iterator[Site]:
    """A household stands twice."""
    for r in tables(region):
        key = (r.schema or {}).get("primaryKey") or []

        def edit(dice: random.Random, sheet: Sheet, columns: dict[str, int], r: Rec = r, key: list[str] = key) -> Planted | None:
            if not key or any(k not in columns for k in key):
                return None
            whole = [*key, *(["village"] if "village" in columns else [])]
            lines = list(sheet.body)
            dice.shuffle(lines)
            for a in lines:
                for b in lines:
                    differ = [k for k in whole if sheet.cell(a, columns[k]) != sheet.cell(b, columns[k])]
                    if a != b and len(differ) == 1 and differ[0] in key:
                        sheet.set(b, columns[differ[0]], sheet.cell(a, columns[differ[0]]))
                        return Planted(("SG210",), ((str(r.table), a), (str(r.table), b)), f"{differ[0]} of line {a} in {b}")
            return None

        yield table_site(region, r, edit)


@kind
def row_too_long(region: Region) -> Iterator[Site]:
    """1,420.00 without quotes."""
    for r in tables(region):
        if not str(r.table).endswith(".csv"):
            continue

        def edit(dice: random.Random, sheet: Sheet, columns: dict[str, int], r: Rec = r) -> Planted | None:
            for line in dice.sample(sheet.body, len(sheet.body)):
                if m := re.search(r'"(\d+),(\d{3}\.\d\d)"', sheet.text[line - 1]):
                    sheet.text[line - 1] = sheet.text[line - 1].replace(m[0], m[0].strip('"'))
                    return Planted(("SG205", "SG502"), ((str(r.table), line),), f"{m[0]} without quotes")
            return None

        yield table_site(region, r, edit)


@kind
def column_missing(region: Region) -> Iterator[Site]:
    """A required column is not there."""
    for r in tables(region):

        def edit(dice: random.Random, sheet: Sheet, columns: dict[str, int], r: Rec = r) -> Planted | None:
            names = [n for n in named(r, lambda c: rule(c, "required") is True) if n in columns and n != "no"]
            if not names:
                return None
            name = dice.choice(names)
            sheet.remove_column(columns[name])
            return Planted(("SG203",), ((str(r.table), 1),), f"without {name}")

        yield table_site(region, r, edit)


@kind
def column_unknown(region: Region) -> Iterator[Site]:
    """A column that nobody decided to disclose."""
    for r in tables(region):

        def edit(dice: random.Random, sheet: Sheet, columns: dict[str, int], r: Rec = r) -> Planted | None:
            sheet.add_column(dice.choice(["经办人意见", "核对人", "村里填写"]), dict.fromkeys(sheet.body, "同意"))
            return Planted(("SG204",), ((str(r.table), 1),), "unknown column")

        yield table_site(region, r, edit)


@kind
def heading_twice(region: Region) -> Iterator[Site]:
    """Two columns with one heading."""
    for r in tables(region):

        def edit(dice: random.Random, sheet: Sheet, columns: dict[str, int], r: Rec = r) -> Planted | None:
            name = dice.choice(sorted(columns))
            sheet.add_column(sheet.head[columns[name]], {n: sheet.cell(n, columns[name]) for n in (*sheet.body, *sheet.totals)})
            return Planted(("SG214",), ((str(r.table), 1),), f"{name} twice")

        yield table_site(region, r, edit)


@kind
def no_rows(region: Region) -> Iterator[Site]:
    """Headings without rows."""
    for r in tables(region, accounts=False):

        def edit(dice: random.Random, sheet: Sheet, columns: dict[str, int], r: Rec = r) -> Planted | None:
            for line in sorted([*sheet.body, *sheet.totals], reverse=True):
                sheet.delete(line)
            return Planted(("SG216",), ((str(r.table), None),), "emptied")

        yield table_site(region, r, edit)


@kind
def table_not_there(region: Region) -> Iterator[Site]:
    """The head names a file that does not exist."""
    for r in tables(region):

        def plant(dice: random.Random, root: Path, r: Rec = r) -> Planted:
            head = Head(root / r.file)
            name = str(r.table).rsplit("/", 1)[1]
            line = head.set("table", f"x{name}")
            head.save()
            wrong = f"{r.file.rsplit('/', 1)[0]}/x{name}"
            return Planted(("SG201",), ((r.file, line), (wrong, None)), f"table: x{name}")

        yield Site(locks(region, r), plant)


@kind
def table_damaged(region: Region) -> Iterator[Site]:
    """A workbook that opens nowhere."""
    for r in tables(region):
        if not str(r.table).endswith(".xlsx"):
            continue

        def plant(dice: random.Random, root: Path, r: Rec = r) -> Planted:
            path = root / str(r.table)
            path.write_bytes(path.read_bytes()[: dice.randrange(200, 1500)])
            return Planted(("SG202",), ((str(r.table), None),), "cut off")

        yield Site(locks(region, r), plant)


# ---- Derivation.


@kind
def no_such_village(region: Region) -> Iterator[Site]:
    """A row names a village that there is none of."""
    for r in tables(region):
        if r.village or not (r.group or r.item["table"] == "bofu-daocun"):
            continue

        def edit(dice: random.Random, sheet: Sheet, columns: dict[str, int], r: Rec = r) -> Planted | None:
            if "village" not in columns or not sheet.body:
                return None
            line = dice.choice(sheet.body)
            old = sheet.cell(line, columns["village"])
            sheet.set(line, columns["village"], dice.choice(["大合村", "东胜村", "柳树林场", ""]))
            return Planted(("SG501",), ((str(r.table), line),), f"{old} → {sheet.cell(line, columns['village'])}")

        yield table_site(region, r, edit)


@kind
def note_on_nothing(region: Region) -> Iterator[Site]:
    """A village's note on a record that it derives nothing from."""
    towns = [r for r in region.records if r.table and r.group and not r.village]
    for village in region.villages("230170000000"):

        def plant(dice: random.Random, root: Path, village: str = village) -> Planted:
            other = dice.choice([r for r in towns if r.unit[:9] != village[:9] and r.unit[6:9] != "000"])
            ref = dice.choice([f"{village[:9]}000/2026-0777", other.ref])
            file = f"{region.folders[village]}/records/bz-2026-05.md"
            (root / file).write_text(f"---\nderives: {ref}\nposting: {{from: 2026-05-08, days: 7}}\n---\n已张贴。\n", encoding="utf-8")
            return Planted(("SG305", "SG524"), ((file, 2),), f"derives: {ref}")

        yield Site(frozenset({f"note/{village}"}), plant)
