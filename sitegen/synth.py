"""A synthetic region in the documented formats, for trials and benches at scale. Nobody in it is real."""

from __future__ import annotations

import csv
import datetime as dt
import io
import random
import re
import shutil
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import yaml
from msgspec import Struct

from sitegen.load.catalog import load_catalog
from sitegen.model.accounts import Shape, balance_shape
from sitegen.model.base import Level
from sitegen.model.catalog import Column, Item, TableSchema
from sitegen.model.finding import Finding
from sitegen.model.lastday import terms_of
from sitegen.model.periodic import cycle
from sitegen.model.region import Catalog
from sitegen.model.table import decimals_of
from sitegen.resources import resource

_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨"
_GIVEN = "甲乙丙丁戊己庚辛"
_PLACES = "东西南北河山林泉石柳榆杨松柏桥塘岗坡湾沟"
_PARTS = ("一、总体情况", "五、存在的主要问题及改进情况", "六、其他需要报告的事项")
"""Parts of the annual report that are words; the others are tables."""
_SUBJECTS = [
    "本村",
    "各村民小组",
    "农户",
    "村集体",
    "合作社",
    "项目",
    "资金",
    "耕地",
    "道路",
    "水渠",
    "泵站",
    "路灯",
    "公益岗位",
    "集体资产",
    "村级财务",
    "惠农政策",
    "困难群众",
    "老年人",
    "学生",
    "监督委员会",
]
_VERBS = [
    "核对",
    "登记",
    "汇总",
    "复核",
    "公布",
    "张贴",
    "发放",
    "验收",
    "结算",
    "调整",
    "评议",
    "公示",
    "补充",
    "抽查",
    "整改",
    "归档",
    "说明",
    "答复",
]
_OBJECTS = [
    "面积",
    "金额",
    "名单",
    "进度",
    "标准",
    "账目",
    "合同",
    "台账",
    "凭证",
    "图斑",
    "工程量",
    "用工",
    "材料",
    "票据",
    "档案",
    "意见",
    "结果",
    "办法",
]
_TAILS = ("，数据以本表为准", "，如有出入请及时提出", "，有关材料可到村委会查阅", "，已经村民代表会议通过", "，由监督委员会签字确认", "")
_NEWEST = dt.date(2026, 11, 20)
_SPAN, _FRESH = 1000, 180
"""Days over which a unit's records lie, and those in which every column of its site got something new."""


class Size(Struct, frozen=True):
    """How large a region to write: townships, villages and records, each in all."""

    townships: int
    villages: int
    records: int
    rows: int = 8
    """Rows of every table."""


def write_region(folder: Path, size: Size, seed: int = 1) -> int:
    """Write a region of ``size`` into ``folder``, which must be empty or absent; returns the number of units.

    The same seed gives the same bytes. Raises ``FileExistsError`` when the folder holds anything.
    """
    if folder.exists() and any(folder.iterdir()):
        raise FileExistsError(f"{folder} is not empty")
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copytree(resource("content/catalog"), folder / "content" / "catalog")
    (folder / "region.yml").write_text('name: 合成县\ncode: "230179000000"\n', encoding="utf-8")
    findings: list[Finding] = []
    catalog = load_catalog(folder, findings)
    writer = _Writer(random.Random(seed), catalog, size.rows)
    units = list(_units(folder, size))
    share, rest = divmod(size.records, len(units))
    for n, (place, code, name, url) in enumerate(units):
        writer.unit(place, code, name, url, share + (n < rest))
    return len(units)


def _items(items: list[Item], level: Level) -> list[Item]:
    return [i for i in items if level in i.levels and i.table and not i.transfer]  # payments would need receipts


def _units(folder: Path, size: Size) -> Iterator[tuple[Path, str, str, str]]:
    host = "https://synth.example.cn/"
    yield folder / "content" / "county", "230179000000", "合成县", host
    for t in range(size.townships):
        yield folder / "content" / "townships" / f"t{t + 1:03}", f"230179{t + 100:03}000", f"{_name(t)}镇", f"{host}t{t + 1:03}/"
    for v in range(size.villages):
        t, n = (v % size.townships, v // size.townships) if size.townships else (0, v)
        slug = f"v{n + 1:03}"
        yield folder / "villages" / f"t{t + 1:03}" / slug, f"230179{t + 100:03}{n + 200:03}", f"{_name(v)}村", f"{host}t{t + 1:03}/{slug}/"


def _name(n: int) -> str:
    first, second = divmod(n, len(_PLACES))
    return _PLACES[second] + (_PLACES[first % len(_PLACES)] if first else "") + ("新" * (first // len(_PLACES))) + "家"


class _Writer:
    def __init__(self, chance: random.Random, catalog: Catalog, rows: int) -> None:
        self.rows = rows
        self.chance, self.catalog, self.tables = chance, catalog, catalog.tables
        # Of what is owed every quarter a random choice would leave gaps.
        self.items = {level: [i for i in _items(list(catalog.items.values()), level) if not cycle(i)] for level in Level}
        self.day, self.mark = _NEWEST, ""

    def unit(self, folder: Path, code: str, name: str, url: str, records: int) -> None:
        level = Level.COUNTY if code[6:] == "000000" else Level.TOWNSHIP if code[9:] == "000" else Level.VILLAGE
        (folder / "records").mkdir(parents=True)
        data = {
            "code": code,
            "name": name,
            "site": {"url": url},
            "organs": [
                {"id": "zf", "name": f"{name}{'村民委员会' if level is Level.VILLAGE else '人民政府'}", "org_code": f"11{code}MB00"}
            ],
            "contact": {"phone": "0451-0000 1201", "address": f"{name}便民服务站", "hours": "周一至周五 8:30–17:00"},
            "supervision": {"name": "村务监督委员会" if level is Level.VILLAGE else "政务公开办公室", "phone": "0451-0000 1299"},
        }
        (folder / "unit.yml").write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), encoding="utf-8")
        if level is not Level.VILLAGE:
            self._pages(folder / "pages", name)
        fresh: list[Item] = []
        for n in range(1, records + 1):
            day = _NEWEST - dt.timedelta((n - 1) * _SPAN // max(records, 1))
            item = self._item(level, n, fresh)
            if (_NEWEST - day).days <= _FRESH:
                fresh.append(item)
            self._record(folder / "records", level, item, f"{code[4:]}-{n}", n, day)

    def _item(self, level: Level, n: int, fresh: list[Item]) -> Item:
        """An item for the ``n``th record: a village has all three parts, a government no column that stands still."""
        items = self.items[level]
        if level is Level.VILLAGE:
            return self._of_section("党务" if n == 1 else "财务") if n <= 2 else self.chance.choice(items)
        fields = {self.catalog.field_of[i.id].id for i in fresh}
        return self.chance.choice([i for i in items if self.catalog.field_of[i.id].id in fields] if n > 2 and fields else items)

    def _of_section(self, section: str) -> Item:
        found = (i for i in self.catalog.items.values() if self.catalog.field_of[i.id].section == section)
        return next(i for i in found if not i.counterpart and not any(t.kind == "posting" for t in terms_of(i)) and not cycle(i))

    @staticmethod
    def _pages(folder: Path, name: str) -> None:
        folder.mkdir()
        kinds = {
            "guide": "政府信息公开指南",
            "rules": "政府信息公开制度",
            "apply": "依申请公开",
            "report": "2025年政府信息公开工作年度报告",
        }
        for kind, title in kinds.items():
            figures = "figures: {licences: 12, penalties: 3, coercion: 0, fees: 0, applications: {}}"
            year = f"year: 2025\n{figures}\n" if kind == "report" else ""
            text = f"---\nkind: {kind}\ntitle: {title}\n{year}updated: 2026-01-20\n---\n{name}{title}。\n"
            if kind == "report":
                text += "".join(f"\n## {part}\n\n{name}按规定办理。\n" for part in _PARTS)
            (folder / f"{kind}.md").write_text(text, encoding="utf-8")

    def _record(self, folder: Path, level: Level, item: Item, mark: str, n: int, day: dt.date) -> None:
        self.day, self.mark = day, mark
        id = f"{day.year}-{n:04}"
        subject = f"{self.chance.choice(_SUBJECTS)}{mark}"  # no two records are the same matter
        title = f"{day.year}年{subject}{item.name}公示"
        head = [f"id: {id}", f"title: {title}", f"item: {item.id}", f"period: {day.year}", f"subject: {subject}", "issuer: zf"]
        head.append("scope: 全体村民" if level is Level.VILLAGE else "attribute: 主动公开")
        if item.review:
            steps = ", ".join(f"{{step: {step}, by: 审核小组, on: {day - dt.timedelta(1)}}}" for step in item.review)
            head.append(f"reviewed: [{steps}]")
        if item.retention and item.retention.while_receiving and day.year < _NEWEST.year:
            head.append("validity: 失效")  # nobody receives by last year's list
        head += [f"formed: {day - dt.timedelta(2)}", f"published: {day}"]
        if level is Level.VILLAGE and item.counterpart:
            head.append("differs: {why: 村里自行组织，乡镇不另行公布, reviewer: 经管站, until: 2035-12-31}")
        if item.table:
            head.append(f"table: {id}.csv")
            (folder / f"{id}.csv").write_text(self._table(self.tables[item.table]), encoding="utf-8")
        term = next((t for t in terms_of(item) if t.kind == "posting"), None)
        if term is not None:
            head.append(f"posting: {{from: {day}, days: {term.days}, kind: {term.day_kind}}}")
        elif n % 3 == 0:
            head.append(f"posting: {{from: {day}, days: 7, kind: working}}")
        (folder / f"{id}.md").write_text("---\n" + "\n".join(head) + f"\n---\n{self._body()}\n", encoding="utf-8")

    def _sentence(self) -> str:
        pick = self.chance.choice
        return f"{pick(_SUBJECTS)}{pick(_VERBS)}{pick(_OBJECTS)}{self.chance.randint(2, 980)}项，{pick(_VERBS)}{pick(_OBJECTS)}{pick(_TAILS)}。"

    def _body(self) -> str:
        """About 500 characters, 1.5 KB."""
        parts = []
        for heading in ("一、基本情况", "二、办理过程", "三、监督渠道"):
            parts += [f"## {heading}", "".join(self._sentence() for _ in range(4)), "".join(self._sentence() for _ in range(3))]
        parts.append("\n".join(f"- {self._sentence()}" for _ in range(2)))
        return "\n\n".join(parts)

    def _table(self, schema: TableSchema) -> str:
        columns = [c for c in schema.fields if c.name != "village"]
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow([c.title for c in columns])
        shape = balance_shape(schema)
        for n in range(1, self.rows + 1):
            cells = {c.name: self._cell(c, n) for c in columns}
            if shape is not None:
                cells.update(
                    self._balance(shape, {name: Decimal(cells[name]) for name in (*shape.totals, *shape.plus_parts, *shape.minus_parts)})
                )
            writer.writerow(cells.values())
        return out.getvalue()

    @staticmethod
    def _balance(shape: Shape, row: dict[str, Decimal]) -> dict[str, str]:
        """The totals of a row that adds up."""
        for total in (shape.plus, shape.minus):
            if parts := shape.parts(total):
                row[total] = sum((row[p] for p in parts), Decimal(0))
        row[shape.opening] += row[shape.minus]  # no balance below nothing
        row[shape.closing] = row[shape.opening] + row[shape.plus] - row[shape.minus]
        return {n: str(row[n]) for n in shape.totals}

    def _cell(self, column: Column, n: int) -> str:
        chance, rule = self.chance, column.constraints
        if rule.enum:
            return chance.choice(rule.enum)
        if column.mask == "name":
            return f"{chance.choice(_SURNAMES)}*{chance.choice(_GIVEN)}"
        if column.mask == "phone":
            return "045****1201"
        if rule.pattern:
            return next((t for t in (f"{200 + n}", f"{n:03}", f"G{n}") if re.fullmatch(rule.pattern, t)), f"{n:03}")
        if column.name == "voucher_no":
            return f"{self.mark}-{n:03}"
        if column.private or rule.unique or column.name.endswith("_no"):
            return f"{n:03}"
        match column.type:
            case "integer":
                return str(n if column.name == "no" else chance.randint(1, 9))
            case "number":
                top = Decimal(str(rule.maximum)) if rule.maximum is not None else Decimal(5000)
                low = Decimal(str(rule.minimum)) if rule.minimum is not None else Decimal(0)
                places = decimals_of(column)
                return str((low + (top - low) * chance.randint(1, 1000) / 1000).quantize(Decimal(1).scaleb(-places)))
            case "date":
                return (self.day - dt.timedelta(chance.randint(0, self.day.timetuple().tm_yday - 1))).isoformat()  # in its year
            case "year":
                return str(chance.randint(2020, 2026))
            case "yearmonth":
                return f"2026-{chance.randint(1, 10):02}"
            case "boolean":
                return chance.choice("是否")
            case _:
                return f"{chance.choice(_PLACES)}{chance.choice(_OBJECTS)}{n}"
