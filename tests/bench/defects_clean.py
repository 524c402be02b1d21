"""The clean region: the demo county, with much added that looks odd and is right. ``sitegen check`` must find nothing in it."""

from __future__ import annotations

import datetime as dt
import random
import re
import shutil
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl

from tests.bench.defects_files import Head, Rec, Region, Sheet, heading

DAY = dt.date(2026, 11, 24)
SOURCE = Path(__file__).parents[2]


def make_clean(root: Path) -> None:
    """Copy the demo county to ``root`` and add to it."""
    for name in ("content", "villages"):
        shutil.copytree(SOURCE / name, root / name, ignore=shutil.ignore_patterns("ledger", "ledger.jsonl"))
    shutil.copy(SOURCE / "region.yml", root / "region.yml")
    _catalogue(root)
    _odd_rows(Region.read(root))
    _village_tables(Region.read(root))
    _months(Region.read(root))
    _split_and_corrected(Region.read(root))
    _excused(Region.read(root))
    _questions(Region.read(root))
    _as_workbooks(Region.read(root))


# ---- The catalogue: what the demo's has no example of.


def edit_item(root: Path, region: Region, item: str, edit: Callable[[str], str]) -> tuple[str, int]:
    """Change the text of one item. Returns file and line of the item."""
    file = region.fields[item]
    path = root / file
    text = path.read_text(encoding="utf-8")
    m = re.search(rf"^  - id: {item}\n(?:(?!  - id: ).*\n?)*", text, re.MULTILINE)
    assert m, item
    path.write_text(text[: m.start()] + edit(m[0]) + text[m.end() :], encoding="utf-8")
    return file, text[: m.start()].count("\n") + 1


FORMER = {"SNBT-13": "SNBT-90", "CW-13": "CW-90", "HJBH-13": "HJBH-90", "CW-49": "CW-91", "SYJG-16": "SYJG-90", "CW-10": "CW-92"}
"""Present id → the id that the item had in an earlier catalogue."""
ADJUSTED = ("CW-12", "CW-46", "CJ-15", "CJ-18", "DW-14", "DW-16")
"""Items with an adjustment for a unit."""
QUESTION = "CW-60"
WAN = "xiangmu-zijin-wan"
"""A table like xiangmu-zijin, in 万元."""


def _catalogue(root: Path) -> None:
    region = Region.read(root)
    for item, former in FORMER.items():
        edit_item(root, region, item, lambda text, former=former: text.rstrip("\n") + f"\n    formerly: [{former}]\n")  # type: ignore[misc]
    for n, item in enumerate(ADJUSTED):
        unit = region.villages("230170000000")[n]
        lines = f'    adjustments:\n      - unit: "{unit}"\n        change: 改为每半年公开一次\n        why: 本村该项业务很少\n'
        lines += "        reviewer: 镇政务公开办公室\n        on: 2026-03-10\n"
        edit_item(root, region, item, lambda text, lines=lines: text.rstrip("\n") + "\n" + lines)  # type: ignore[misc]
    for item in ("FP-10", "CW-24"):
        edit_item(root, region, item, lambda text: text.replace("compare: [amount, paid]", "compare: [amount, paid, body]"))
    edit_item(root, region, "CW-24", lambda text: text.replace("table: xiangmu-zijin", f"table: {WAN}"))
    tables = root / "content/catalog/tables"
    text = (tables / "xiangmu-zijin.yml").read_text(encoding="utf-8").replace("id: xiangmu-zijin", f"id: {WAN}")
    (tables / f"{WAN}.yml").write_text(text.replace("decimals: 2, unit: 元", "decimals: 6, unit: 万元"), encoding="utf-8")
    question = f"""
  - id: {QUESTION}
    group: 民主监督
    name: 村民书面询问
    elements: [询问的事项和答复的期限]
    basis: [cunweihui-fa]
    deadline: 及时公开
    subject: {{village: 村民委员会}}
    channels: [政府网站, "社区/企事业单位/村公示栏(电子屏)"]
    levels: [village]
    expects: {{kind: reply, days: 15}}
    keywords: [询问, 质询]
"""
    edit_item(root, region, "CW-13", lambda item: item.rstrip("\n") + question)


# ---- Rows.


def _odd_rows(region: Region) -> None:
    """Namesakes with numbers of their own, and a household with nothing this year."""
    for record in region.records:
        if record.village or record.group not in ("gengdi-butie", "gaoling-jintie") or not record.table:
            continue
        sheet = region.sheet(record)
        if sheet.book is not None:
            continue
        columns = record.columns(sheet.head)
        a, b = sheet.body[3], sheet.body[4]
        sheet.set(b, columns["name"], sheet.cell(a, columns["name"]))
        if record.group == "gengdi-butie":
            row = list(sheet.rows[a - 1])
            for name in ("contracted_mu", "excluded_mu"):
                if name in columns:
                    row[columns[name]] = "0.00"
            for name, text in (("household_no", "0999"), ("area_mu", "0.00"), ("amount", "0.00"), ("name", "石*")):
                row[columns[name]] = text
            sheet.insert(a, row)
        sheet.save()


def _village_tables(region: Region) -> None:
    """Villages that write their own table of what the township lists: other order of rows, other headings, 万元 for 元."""
    items = {i["counterpart"]["group"]: i for i in region.items.values() if i.get("counterpart") and i["levels"] == ["village"]}
    n = 0
    for record in list(region.records):
        if record.village or not record.table or record.same.get("rule") != "derive" or record.front.get("stage"):
            continue
        for village, lines in region.slices(record):
            n += 1
            if n % 3 and region.own(record, village) is None:
                _village_table(region, record, village, lines, items[record.group], n)


def _village_table(region: Region, record: Rec, village: str, lines: list[int], item: dict[str, Any], n: int) -> None:
    sheet, columns = region.sheet(record), record.columns(region.sheet(record).head)
    dice = random.Random(record.ref + village)
    wan = item["table"] == WAN
    names = [name for name in columns if name != "village"]
    titles = {c["name"]: c for c in region.schemas[item["table"]]["fields"]}
    head = [
        str((titles[name].get("synonyms") or [titles[name]["title"]])[0]) if dice.random() < 0.4 else str(titles[name]["title"])
        for name in names
    ]
    rows = [[sheet.cell(line, columns[name]) for name in names] for line in lines]
    if wan:
        money = [i for i, name in enumerate(names) if titles[name].get("unit") == "万元"]
        rows = [[f"{Decimal(c.replace(',', '')) / 10000:f}" if i in money and c else c for i, c in enumerate(row)] for row in rows]
    dice.shuffle(rows)
    rows.append(_sums(names, rows, titles))
    folder, id = region.folders[village], f"2026-7{n:03}"
    path = region.root / folder / "records" / f"{id}.csv"
    path.write_text("\n".join(",".join(_quoted(c) for c in row) for row in [head, *rows]) + "\n", encoding="utf-8")
    front, first = record.front, record.front["published"]
    scope = "特定群体" if item.get("audience") == "特定群体" else "全体居民" if region.units[village]["kind"] == "社区" else "全体村民"
    lines_ = [f"id: {id}", f"title: {region.units[village]['name']}{front['title']}", f"item: {item['id']}"]
    lines_ += [f"{key}: {front[key]}" for key in ("period", "batch", "subject") if key in front]
    lines_ += [
        "issuer: cwh"
        if any(o["id"] == "cwh" for o in region.units[village]["organs"])
        else f"issuer: {region.units[village]['organs'][-1]['id']}"
    ]
    lines_ += [f"scope: {scope}", f"formed: {first}", f"published: {first}", f"posting: {{from: {first}, days: 10, kind: working}}"]
    lines_ += [f"reviewed: [{{step: {step}, by: 村务监督委员会, on: {first}}}]" for step in item.get("review") or ()][:1]
    lines_ += [f"table: {id}.csv", f"revision: {{n: 4, on: {first}, why: 村里自行公布本村名单}}"]
    body = "按镇里公布的名单公示，有不同意见请到村委会反映。\n"
    if record.group == "xiangmu-zijin":
        body = (region.root / record.file).read_text(encoding="utf-8").split("\n---\n", 1)[1].lstrip("\n")
    (path.with_suffix(".md")).write_text("---\n" + "\n".join(lines_) + "\n---\n" + body, encoding="utf-8")


def _sums(names: list[str], rows: list[list[str]], titles: dict[str, Any]) -> list[str]:
    row = ["合计"]
    for i, name in enumerate(names[1:], 1):
        figures = [Decimal(r[i].replace(",", "")) for r in rows if r[i]] if titles[name].get("total") else []
        row.append(f"{sum(figures, Decimal(0)):f}" if figures else "")
    return row


def _quoted(text: str) -> str:
    return f'"{text}"' if "," in text else text


# ---- Accounts.


def _statements(region: Region, village: str) -> list[Rec]:
    return sorted((r for r in region.records if r.unit == village and r.item["id"] == "CJ-01"), key=lambda r: str(r.front["period"]))


def _details(region: Region, village: str, period: str) -> list[Rec]:
    return [r for r in region.records if r.unit == village and r.item["id"] in ("CJ-04", "CJ-05") and r.front["period"] == period]


MONTHLY = ("230170101202", "230170102201", "230170201201")
"""Villages that publish the statements of the third quarter month by month only."""


def _months(region: Region) -> None:
    for village in [v for v in region.villages("230170000000") if v in MONTHLY]:
        quarter = next(r for r in _statements(region, village) if r.front["period"] == "2026-Q3")
        sheet = region.sheet(quarter)
        columns = quarter.columns(sheet.head)
        titles = {heading(str(c["title"])): c["name"] for c in (quarter.schema or {})["fields"]}
        sums: dict[int, dict[str, Decimal]] = {7: {}, 8: {}, 9: {}}
        for details in _details(region, village, "2026-Q3"):
            rows = region.sheet(details)
            places = details.columns(rows.head)
            for line in rows.body:
                month = int(re.findall(r"\d+", rows.cell(line, places["date"]))[1])
                kind = "income" if rows.cell(line, places["kind"]) == "收入" else "expense"
                amount = Decimal(rows.cell(line, places["amount"]).replace(",", ""))
                category = titles.get(heading(rows.cell(line, places["category"])), f"{kind}_other")
                for name in (kind, category):
                    sums[month][name] = sums[month].get(name, Decimal(0)) + amount
        balance = Decimal(sheet.cell(2, columns["opening"]).replace(",", ""))
        text = (region.root / quarter.file).read_text(encoding="utf-8")
        for month, found in sums.items():
            id, values = f"2026-80{month:02}", dict(found)
            values["opening"] = balance
            balance += found.get("income", Decimal(0)) - found.get("expense", Decimal(0))
            values["closing"] = balance
            for name in ("income", "expense"):
                values.setdefault(name, Decimal(0))
            row = [
                f"{values[n]:.2f}" if (n := next(k for k, p in columns.items() if p == i)) in values else "" for i in range(len(sheet.head))
            ]
            made = text.replace(f"id: {quarter.id}\n", f"id: {id}\n").replace("period: 2026-Q3", f"period: 2026-{month:02}")
            out = dt.date(2026, month + 1, 12)
            for key, day in (("formed", out - dt.timedelta(2)), ("published", out)):
                made = re.sub(rf"{key}: .*", f"{key}: {day}", made)
            made = re.sub(r"on: 2026-\d\d-\d\d", f"on: {out - dt.timedelta(1)}", made)
            made = re.sub(r"table: .*", f"table: {id}.csv", re.sub(r"summary: .*\n", "", made)).replace("第三季度", f"{month}月")
            folder = region.root / region.folders[village] / "records"
            (folder / f"{id}.md").write_text(made.split("\n---\n")[0] + "\n---\n本月收支见下表。\n", encoding="utf-8")
            head = [re.sub("本季", "本月", h) for h in sheet.head]
            (folder / f"{id}.csv").write_text(",".join(head) + "\n" + ",".join(row) + "\n", encoding="utf-8")
        (region.root / quarter.file).unlink()
        (region.root / str(quarter.table)).unlink()


def _split_and_corrected(region: Region) -> None:
    """One payment in two rows of one voucher; a slip corrected by a negative row; a booking of nothing."""
    for village in region.villages("230170000000"):
        for details in _details(region, village, "2026-Q2"):
            sheet = region.sheet(details)
            columns = details.columns(sheet.head)
            if details.item["id"] != "CJ-05" or len(sheet.body) < 3 or sheet.book is not None:
                continue
            line = sheet.body[-1]
            amount = Decimal(sheet.cell(line, columns["amount"]).replace(",", ""))
            for part in (amount - 180, Decimal(300), Decimal(-120), Decimal(0)):
                row = list(sheet.rows[line - 1])
                row[columns["amount"]] = f"{part:.2f}"
                if part == -120:
                    row[columns["item"]] = "红字冲销：多记部分"
                sheet.insert(len(sheet.rows) + 1, row)
            sheet.delete(line)
            for n, at in enumerate(sheet.body, 1):
                sheet.set(at, columns["no"], str(n))
            sheet.save()


# ---- Heads.


def _excused(region: Region) -> None:
    """Published late, and somebody answers for it."""
    for record in region.records:
        if not record.village and record.item["id"] in ("JZ-05", "AQSC-09") and record.front["published"] < dt.date(2026, 8, 1):
            if (
                record.front.get("validity")
                or record.front.get("replaces")
                or record.front.get("revision")
                or record.front.get("attachments")
            ):
                continue
            head = Head(region.root / record.file)
            head.set("formed", str(record.front["published"] - dt.timedelta(90)))
            head.set("accept", "[{code: SG701, why: 机构调整期间漏发，已补发并说明, who: 县政务公开办公室, until: 2027-06-30}]")
            head.save()


def _questions(region: Region) -> None:
    for village in region.villages("230170000000"):
        folder = region.root / region.folders[village] / "records"
        issuer = region.units[village]["organs"][-2 if len(region.units[village]["organs"]) > 1 else 0]["id"]
        scope = "全体居民" if region.units[village]["kind"] == "社区" else "全体村民"
        common = f"issuer: {issuer}\nscope: {scope}\n"
        (folder / "2026-9101.md").write_text(
            f"---\nid: 2026-9101\ntitle: 关于文化广场照明电费的书面询问\nitem: {QUESTION}\n{common}formed: 2026-06-01\npublished: 2026-06-02\n---\n"
            "三组几户村民书面询问广场照明电费由谁承担。\n",
            encoding="utf-8",
        )
        (folder / "2026-9102.md").write_text(
            f"---\nid: 2026-9102\ntitle: 关于文化广场照明电费的答复\nitem: CW-13\nsubject: 照明电费\n{common}"
            "reviewed: [{step: 村务监督委员会审核, by: 村务监督委员会, on: 2026-06-05}]\nformed: 2026-06-05\npublished: 2026-06-08\n"
            "answers: 2026-9101\n---\n广场照明电费从村集体经营收入中列支，每季度在财务公开中列明。\n",
            encoding="utf-8",
        )


def _as_workbooks(region: Region) -> None:
    """Every third table becomes a workbook."""
    for n, record in enumerate(r for r in region.records if r.table and r.table.endswith(".csv")):
        if n % 3:
            continue
        sheet: Sheet = region.sheet(record)
        if not sheet.plain:
            continue
        book = openpyxl.Workbook()
        for row in sheet.rows:
            book.active.append([_typed(c) for c in row])
        path = region.root / str(record.table)
        path.unlink()
        book.save(path.with_suffix(".xlsx"))
        head = Head(region.root / record.file)
        head.set("table", path.with_suffix(".xlsx").name)
        head.save()


def _typed(text: str) -> str | float | None:
    """A cell as Excel keeps it: figures are numbers, but 0101 is none."""
    return float(text) if re.fullmatch(r"-?(0|[1-9]\d{0,8})\.\d\d", text) else text or None
