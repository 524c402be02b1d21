"""Defects in tables: what cannot be read, what differs from the other side, stages, accounts."""

from __future__ import annotations

import datetime as dt
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.bench.defects_clean import DAY
from tests.bench.defects_files import Head, Rec, Region, Sheet, number
from tests.bench.defects_plan import ACCOUNTS, Place, Planted, Site, kind, locks

Edit = Callable[[random.Random, Sheet, dict[str, int]], Planted | None]


def _tables(region: Region, *, accounts: bool = True, stages: bool = True) -> Iterator[Rec]:
    for r in region.records:
        if r.table and (accounts or r.item["table"] not in ACCOUNTS) and (stages or not r.front.get("stage")):
            yield r


def _site(region: Region, record: Rec, edit: Edit, *more: Rec, village: str | None = None, unread: bool = False) -> Site:
    def plant(dice: random.Random, root: Path) -> Planted | None:
        sheet = Sheet(root / str(record.table))
        made = edit(dice, sheet, record.columns(sheet.head)) if sheet.plain else None
        if made is not None:
            sheet.save()
        return made

    reads = {f"read/{village}"} if unread else set()
    return Site(locks(region, record, *more, village=village) | reads, plant)


def _in_rows(record: Rec, codes: tuple[str, ...], change: Callable[[random.Random, Sheet, int, int], str | None], names: list[str]) -> Edit:
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


def _named(record: Rec, test: Callable[[dict], bool]) -> list[str]:  # type: ignore[type-arg]
    return [c["name"] for c in (record.schema or {})["fields"] if test(c)]


def _rule(column: dict, name: str) -> object:  # type: ignore[type-arg]
    return (column.get("constraints") or {}).get(name)


# ---- Cells, rows and columns that cannot be read.


def _each(region: Region, codes: tuple[str, ...], change: Callable[..., str | None], test: Callable[[dict], bool]) -> Iterator[Site]:  # type: ignore[type-arg]
    for r in _tables(region):
        if names := _named(r, test):
            yield _site(region, r, _in_rows(r, codes, change, names))


@kind
def not_a_number(region: Region) -> Iterator[Site]:
    """约8亩."""
    return _each(
        region,
        ("SG206",),
        lambda dice, sheet, line, c: dice.choice(["约{}", "{}左右", "{}?", "待定"]).format(sheet.cell(line, c)) if sheet.cell(line, c) else None,
        lambda c: c.get("type") in ("number", "integer"),
    )


@kind
def empty_cell(region: Region) -> Iterator[Site]:
    """A name or an amount is left out."""
    return _each(region, ("SG207",), lambda *_: "", lambda c: _rule(c, "required") is True)


@kind
def below_zero(region: Region) -> Iterator[Site]:
    """-10.50 亩."""
    return _each(
        region,
        ("SG208",),
        lambda _, sheet, line, c: f"-{sheet.cell(line, c)}" if (number(sheet.cell(line, c)) or 0) > 0 else None,
        lambda c: c.get("type") in ("number", "integer") and _rule(c, "minimum") in (0, 1),
    )


@kind
def many_decimals(region: Region) -> Iterator[Site]:
    """745.505."""
    return _each(
        region,
        ("SG217",),
        lambda _, sheet, line, c: f"{v:.2f}5" if (v := number(sheet.cell(line, c))) is not None else None,
        lambda c: c.get("decimals") == 2,
    )


@kind
def not_a_day(region: Region) -> Iterator[Site]:
    """5月初."""
    return _each(
        region,
        ("SG215",),
        lambda dice, sheet, line, c: dice.choice(["5月初", "2026-02-30", "2026年"]) if sheet.cell(line, c) else None,
        lambda c: c.get("type") == "date",
    )


@kind
def not_in_the_list(region: Region) -> Iterator[Site]:
    """A kind that the schema does not have."""
    return _each(
        region, ("SG218",), lambda _, sheet, line, c: "另行研究" if sheet.cell(line, c) else None, lambda c: bool(_rule(c, "enum"))
    )


@kind
def unmasked_name(region: Region) -> Iterator[Site]:
    """张小三 for 张*三."""
    return _each(
        region,
        ("SG209",),
        lambda dice, sheet, line, c: sheet.cell(line, c)[0] + dice.choice(["建国", "秀兰", "志强"]) if "*" in sheet.cell(line, c) else None,
        lambda c: c.get("mask") == "name",
    )


@kind
def same_key_twice(region: Region) -> Iterator[Site]:
    """A household stands twice."""
    for r in _tables(region):
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

        yield _site(region, r, edit)


@kind
def row_too_long(region: Region) -> Iterator[Site]:
    """1,420.00 without quotes."""
    for r in _tables(region):
        if not str(r.table).endswith(".csv"):
            continue

        def edit(dice: random.Random, sheet: Sheet, columns: dict[str, int], r: Rec = r) -> Planted | None:
            for line in dice.sample(sheet.body, len(sheet.body)):
                if m := re.search(r'"(\d+),(\d{3}\.\d\d)"', sheet.text[line - 1]):
                    sheet.text[line - 1] = sheet.text[line - 1].replace(m[0], m[0].strip('"'))
                    return Planted(("SG205",), ((str(r.table), line),), f"{m[0]} without quotes")
            return None

        yield _site(region, r, edit)


@kind
def column_missing(region: Region) -> Iterator[Site]:
    """A required column is not there."""
    for r in _tables(region):

        def edit(dice: random.Random, sheet: Sheet, columns: dict[str, int], r: Rec = r) -> Planted | None:
            names = [n for n in _named(r, lambda c: _rule(c, "required") is True) if n in columns and n != "no"]
            if not names:
                return None
            name = dice.choice(names)
            sheet.remove_column(columns[name])
            return Planted(("SG203",), ((str(r.table), 1),), f"without {name}")

        yield _site(region, r, edit)


@kind
def column_unknown(region: Region) -> Iterator[Site]:
    """A column that nobody decided to disclose."""
    for r in _tables(region):

        def edit(dice: random.Random, sheet: Sheet, columns: dict[str, int], r: Rec = r) -> Planted | None:
            sheet.add_column(dice.choice(["经办人意见", "核对人", "村里填写"]), dict.fromkeys(sheet.body, "同意"))
            return Planted(("SG204",), ((str(r.table), 1),), "unknown column")

        yield _site(region, r, edit)


@kind
def heading_twice(region: Region) -> Iterator[Site]:
    """Two columns with one heading."""
    for r in _tables(region):

        def edit(dice: random.Random, sheet: Sheet, columns: dict[str, int], r: Rec = r) -> Planted | None:
            name = dice.choice(sorted(columns))
            sheet.add_column(sheet.head[columns[name]], {n: sheet.cell(n, columns[name]) for n in (*sheet.body, *sheet.totals)})
            return Planted(("SG214",), ((str(r.table), 1),), f"{name} twice")

        yield _site(region, r, edit)


@kind
def no_rows(region: Region) -> Iterator[Site]:
    """Headings without rows."""
    for r in _tables(region, accounts=False):

        def edit(dice: random.Random, sheet: Sheet, columns: dict[str, int], r: Rec = r) -> Planted | None:
            for line in sorted([*sheet.body, *sheet.totals], reverse=True):
                sheet.delete(line)
            return Planted(("SG216",), ((str(r.table), None),), "emptied")

        yield _site(region, r, edit)


@kind
def table_not_there(region: Region) -> Iterator[Site]:
    """The head names a file that does not exist."""
    for r in _tables(region):

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
    for r in _tables(region):
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
    for r in _tables(region):
        if r.village or not (r.group or r.item["table"] == "bofu-daocun"):
            continue

        def edit(dice: random.Random, sheet: Sheet, columns: dict[str, int], r: Rec = r) -> Planted | None:
            if "village" not in columns or not sheet.body:
                return None
            line = dice.choice(sheet.body)
            old = sheet.cell(line, columns["village"])
            sheet.set(line, columns["village"], dice.choice(["大合村", "东胜村", "柳树林场", ""]))
            return Planted(("SG501",), ((str(r.table), line),), f"{old} → {sheet.cell(line, columns['village'])}")

        yield _site(region, r, edit)


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


# ---- Counterparts.


def _pairs(region: Region, rule: str = "") -> Iterator[tuple[Rec, Rec, str, list[int]]]:
    """Government records with the own record of a village in their table, and its lines there."""
    for r in region.records:
        if r.village or not r.table or not r.group or r.group == "cunji-caiwu" or r.front.get("stage") or (rule and r.same.get("rule") != rule):
            continue
        for village, lines in region.slices(r):
            own = region.own(r, village)
            if own is not None and own.table:
                yield r, own, village, lines


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
    for there, here, village, lines in _pairs(region):
        for record, rows in ((here, None), (there, lines)):

            def edit(dice: random.Random, sheet: Sheet, columns: dict[str, int], record: Rec = record, rows: list[int] | None = rows) -> Planted | None:
                names = [n for n in record.same["compare"] if n in columns]
                for _ in range(20):
                    line, name = dice.choice(rows or sheet.body), dice.choice(names or [""])
                    if name and (text := slip(dice, sheet.cell(line, columns[name]))):
                        old = sheet.cell(line, columns[name])
                        sheet.set(line, columns[name], text)
                        return Planted(_ANY, ((str(record.table), line),), f"{name}: {old} → {text}")
                return None

            yield _site(region, record, edit, here, there)


@kind
def row_on_one_side(region: Region) -> Iterator[Site]:
    """A row was left out."""
    for there, here, village, lines in _pairs(region, "derive"):
        for record, other, rows in ((here, there, None), (there, here, lines)):

            def edit(
                dice: random.Random, sheet: Sheet, columns: dict[str, int], record: Rec = record, other: Rec = other, rows: list[int] | None = rows
            ) -> Planted | None:
                mine = rows or sheet.body
                if len(mine) < 2:
                    return None
                line = dice.choice(mine)
                places = _facing(region, record, other, line)
                sheet.delete(line)
                return Planted(_ANY, ((str(record.table), line), (str(record.table), line - 1), *places), f"without line {line}")

            yield _site(region, record, edit, here, there)


@kind
def row_added(region: Region) -> Iterator[Site]:
    """A household that the other side does not have."""
    for there, here, village, lines in _pairs(region, "derive"):
        for record, rows in ((here, None), (there, lines)):

            def edit(dice: random.Random, sheet: Sheet, columns: dict[str, int], record: Rec = record, rows: list[int] | None = rows) -> Planted | None:
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

            yield _site(region, record, edit, here, there)


@kind
def key_differs(region: Region) -> Iterator[Site]:
    """A slip in a household's number."""
    for there, here, village, lines in _pairs(region, "derive"):
        for record, rows in ((here, None), (there, lines)):

            def edit(dice: random.Random, sheet: Sheet, columns: dict[str, int], record: Rec = record, rows: list[int] | None = rows) -> Planted | None:
                key = "household_no" if "household_no" in columns else "project_no"
                line = dice.choice(rows or sheet.body)
                old = sheet.cell(line, columns[key])
                new = old[:-2] + old[-1] + old[-2] if old[-1] != old[-2] and old[-2].isalnum() else old[:-1] + ("7" if old[-1] != "7" else "3")
                if any(sheet.cell(n, columns[key]) == new for n in sheet.body):
                    return None
                sheet.set(line, columns[key], new)
                return Planted(_ANY, ((str(record.table), line),), f"{old} → {new}")

            yield _site(region, record, edit, here, there)


@kind
def mask_differs(region: Region) -> Iterator[Site]:
    """张** on one side and 张*三 on the other."""
    for there, here, village, lines in _pairs(region, "derive"):
        for record, rows in ((here, None), (there, lines)):

            def edit(dice: random.Random, sheet: Sheet, columns: dict[str, int], record: Rec = record, rows: list[int] | None = rows) -> Planted | None:
                near = [n for n in rows or sheet.body if "name" in columns and re.fullmatch(r"[一-龥]\*[一-龥]", sheet.cell(n, columns["name"]))]
                if not near:
                    return None
                line = dice.choice(near)
                old = sheet.cell(line, columns["name"])
                sheet.set(line, columns["name"], f"{old[0]}**")
                return Planted(("SG511",), ((str(record.table), line),), f"{old} → {old[0]}**")

            yield _site(region, record, edit, here, there)


@kind
def column_slipped(region: Region) -> Iterator[Site]:
    """From one row on, amounts stand a row too low."""
    for there, here, village, lines in _pairs(region, "derive"):

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

        yield _site(region, here, edit, there)


@kind
def total_wrong(region: Region) -> Iterator[Site]:
    """The total below a list is not its sum."""
    for r in _tables(region):

        def edit(dice: random.Random, sheet: Sheet, columns: dict[str, int], r: Rec = r) -> Planted | None:
            names = [n for n in _named(r, lambda c: c.get("total") is True) if n in columns]
            if len(sheet.totals) != 1 or not names:
                return None
            line = sheet.totals[0]
            for name in dice.sample(names, len(names)):
                if text := slip(dice, sheet.cell(line, columns[name])):
                    sheet.set(line, columns[name], text)
                    return Planted(("SG211",), ((str(r.table), line),), f"total of {name} → {text}")
            return None

        yield _site(region, r, edit)


@kind
def row_lost(region: Region) -> Iterator[Site]:
    """A row was deleted from a list that nobody repeats: its totals, which may be several, no longer fit."""
    for r in _tables(region, accounts=False, stages=False):
        if r.group and any(region.own(r, v) for v, _ in (region.slices(r) if not r.village else ())):
            continue

        def edit(dice: random.Random, sheet: Sheet, columns: dict[str, int], r: Rec = r) -> Planted | None:
            names = [n for n in _named(r, lambda c: c.get("total") is True) if n in columns]
            if r.village or len(sheet.totals) != 1 or len(sheet.body) < 3:
                return None
            line = dice.choice(sheet.body)
            if not any(number(sheet.cell(line, columns[n])) and sheet.cell(sheet.totals[0], columns[n]) for n in names):
                return None
            sheet.delete(line)
            return Planted(("SG211",), tuple((str(r.table), n) for n in (line - 1, line, sheet.totals[0])), f"without line {line}")

        yield _site(region, r, edit)


@kind
def cell_against_total(region: Region) -> Iterator[Site]:
    """An amount in a list that nobody repeats: only the total below it tells."""
    for r in _tables(region, accounts=False, stages=False):
        if r.village or (r.group and any(region.own(r, v) for v, _ in region.slices(r))):
            continue

        def edit(dice: random.Random, sheet: Sheet, columns: dict[str, int], r: Rec = r) -> Planted | None:
            names = [n for n in _named(r, lambda c: c.get("total") is True) if n in columns and sheet.totals and sheet.cell(sheet.totals[0], columns[n])]
            if len(sheet.totals) != 1 or not names:
                return None
            for _ in range(20):
                line, name = dice.choice(sheet.body), dice.choice(names)
                if text := slip(dice, sheet.cell(line, columns[name])):
                    sheet.set(line, columns[name], text)
                    return Planted(("SG211",), ((str(r.table), line), (str(r.table), sheet.totals[0])), f"{name} → {text}")
            return None

        yield _site(region, r, edit)


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

        def edit(dice: random.Random, sheet: Sheet, columns: dict[str, int], r: Rec = r, after: list[Rec] = after, before: list[Rec] = before) -> Planted | None:
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
            places = ((str(r.table), line), (str(r.table), line - 1), (r.file, own), *later)
            return Planted(_STAGES, places, f"{r.front['stage']} without {key}")

        yield _site(region, r, edit, *before, *after)


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
            yield _site(region, r, edit, *before)


@kind
def stage_row_changed(region: Region) -> Iterator[Site]:
    """An amount or a number of people that is another than in the stage before, without a reason."""
    for r, before, after in _staged(region):
        if not before and not after:
            continue

        def edit(dice: random.Random, sheet: Sheet, columns: dict[str, int], r: Rec = r, before: list[Rec] = before, after: list[Rec] = after) -> Planted | None:
            line = dice.choice(sheet.body)
            key = sheet.cell(line, columns["household_no"])
            facing = [o for o in (*before, *after) if any(p[0] == str(o.table) for p in _row_places(region, [o], key))]
            shared = set.union(set(), *({n for n in o.columns(region.sheet(o).head)} for o in facing))
            names = [n for n in ("people", "amount") if n in columns and n in shared and sheet.cell(line, columns[n])]
            if not facing or not names:
                return None
            name = dice.choice(names)
            old = number(sheet.cell(line, columns[name])) or 0
            rows = _row_places(region, facing, key)
            others = {number(region.sheet(o).cell(n, o.columns(region.sheet(o).head)[name])) for o in facing for f, n in rows if f == str(o.table) and n and name in o.columns(region.sheet(o).head)}
            if others != {old}:
                return None
            new = old + (1 if name == "people" else 20)
            sheet.set(line, columns[name], f"{new:.0f}")
            return Planted(_STAGES, ((str(r.table), line), *rows), f"{r.front['stage']} {name}: {old:.0f} → {new:.0f}")

        yield _site(region, r, edit, *before, *after)


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

            yield _site(region, r, edit, village=village)


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

            yield _site(region, r, edit, village=village)


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

        yield _site(region, r, edit)


@kind
def details_amount_wrong(region: Region) -> Iterator[Site]:
    """One entry with a slip: the details are not the statement."""
    for r in _accounts(region, "cunji-shouzhi"):
        yield _site(region, r, _in_rows(r, ("SG604", "SG605", "SG608"), lambda dice, sheet, line, c: slip(dice, sheet.cell(line, c)), ["amount"]))


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

        yield _site(region, r, edit)


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

        yield _site(region, r, edit)


@kind
def details_kind_flipped(region: Region) -> Iterator[Site]:
    """An expense entered as income."""
    for r in _accounts(region, "cunji-shouzhi"):

        def change(dice: random.Random, sheet: Sheet, line: int, c: int, r: Rec = r) -> str | None:
            amount = sheet.cell(line, r.columns(sheet.head)["amount"])
            return {"收入": "支出", "支出": "收入"}.get(sheet.cell(line, c)) if number(amount) else None

        yield _site(region, r, _in_rows(r, ("SG605", "SG604"), change, ["kind"]))


@kind
def details_category_wrong(region: Region) -> Iterator[Site]:
    """An entry under another category than the statement counts it."""
    other = {"收入": ("上级拨付收入", "经营收入", "发包收入", "其他收入"), "支出": ("经营支出", "管理费用", "公益支出", "项目支出")}
    for r in _accounts(region, "cunji-shouzhi"):

        def change(dice: random.Random, sheet: Sheet, line: int, c: int, r: Rec = r) -> str | None:
            columns = r.columns(sheet.head)
            if not number(sheet.cell(line, columns["amount"])):
                return None
            return dice.choice([w for w in other[sheet.cell(line, columns["kind"])] if w != sheet.cell(line, c)])

        yield _site(region, r, _in_rows(r, ("SG605",), change, ["category"]))


@kind
def voucher_twice(region: Region) -> Iterator[Site]:
    """A voucher number that another day has."""
    for r in _accounts(region, "cunji-shouzhi"):

        def edit(dice: random.Random, sheet: Sheet, columns: dict[str, int], r: Rec = r) -> Planted | None:
            if "voucher_no" not in columns or len(sheet.body) < 3:
                return None
            a, b = dice.sample(sheet.body, 2)
            if sheet.cell(a, columns["date"]) == sheet.cell(b, columns["date"]) or sheet.cell(a, columns["voucher_no"]) == sheet.cell(b, columns["voucher_no"]):
                return None
            new = sheet.cell(a, columns["voucher_no"])
            sheet.set(b, columns["voucher_no"], new)
            return Planted(("SG611",), ((str(r.table), b),), f"line {b} as {a}: {new}")

        yield _site(region, r, edit)


@kind
def date_outside(region: Region) -> Iterator[Site]:
    """An entry of another quarter."""
    for r in _accounts(region, "cunji-shouzhi"):

        def change(dice: random.Random, sheet: Sheet, line: int, c: int) -> str | None:
            if m := re.match(r"2026([-/])0?(\d+)([-/])0?(\d+)", sheet.cell(line, c)):
                month = (int(m[2]) + 4) % 9 + 1
                return f"2026-{month:02}-{int(m[4]):02}" if int(m[4]) < 29 else None
            return None

        yield _site(region, r, _in_rows(r, ("SG612",), change, ["date"]))


@kind
def debt_does_not_add_up(region: Region) -> Iterator[Site]:
    """A claim or debt whose balance is not opening + increase − decrease."""
    for r in _accounts(region, "zhaiquan-zhaiwu"):
        names = ["opening", "increase", "decrease", "amount"]
        yield _site(region, r, _in_rows(r, ("SG601",), lambda dice, sheet, line, c: slip(dice, sheet.cell(line, c)), names))


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

            yield _site(region, r, edit, village=village, unread=True)


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

            yield _site(region, r, edit, village=village, unread=True)


@kind
def payment_day_wrong(region: Region) -> Iterator[Site]:
    """The township lists a day after the village booked."""
    for r in _accounts(region, "bofu-daocun"):
        for village, lines in region.slices(r):

            def edit(dice: random.Random, sheet: Sheet, columns: dict[str, int], r: Rec = r, lines: list[int] = lines) -> Planted | None:
                sheet.set(lines[0], columns["paid_on"], dice.choice(["2026-08-28", "2026-09-10", "2026-05-20"]))
                return Planted(("SG609",), ((str(r.table), lines[0]),), f"paid on {sheet.cell(lines[0], columns['paid_on'])}")

            yield _site(region, r, edit, village=village, unread=True)


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
                return Planted(("SG610",), ((r.file, table), (str(r.table), lines[0]), (str(r.table), lines[0] - 1)), f"without line {lines[0]}")

            yield _site(region, r, edit, village=village, unread=True)


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
            town = next(o for o in _accounts(region, "cunji-huizong") if o.unit == r.unit[:9] + "000" and o.front["period"] == r.front["period"])
            if any(o.unit == r.unit and o.item is r.item and re.fullmatch(r"2026-0\d", str(o.front["period"])) for o in region.records):
                continue

            def plant(dice: random.Random, root: Path, r: Rec = r, town: Rec = town) -> Planted:
                (root / r.file).unlink()
                (root / str(r.table)).unlink()
                lines = dict(region.slices(town))[r.unit]
                return Planted(("SG513", "SG709"), ((f"{region.folders[r.unit]}/unit.yml", None), (str(town.table), lines[0])), f"{r.file} deleted")

            yield Site(locks(region, r, unread=True), plant)


@kind
def counterpart_missing(region: Region) -> Iterator[Site]:
    """The village's record of what the township publishes is not there."""
    for there, here, village, lines in _pairs(region, "match"):
        within = there.same["within"]
        if there.front["published"] + dt.timedelta(within["days"] * (2 if within["kind"] == "working" else 1) + 3) > DAY:
            continue

        def plant(dice: random.Random, root: Path, here: Rec = here, there: Rec = there, lines: list[int] = lines) -> Planted:
            (root / here.file).unlink()
            (root / str(here.table)).unlink()
            return Planted(("SG513", "SG709"), ((str(there.table), lines[0]), (here.file, None)), f"{here.file} deleted")

        yield Site(locks(region, here, there, unread=True), plant)

