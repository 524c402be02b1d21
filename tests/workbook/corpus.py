"""Messy workbooks whose truth is known: what clerks do to a table, drawn by a seed.

A case says what the workbook holds (``truth``), what was done to it, and what has to be said about it: nothing, questions by their ids with the right
answers, or the codes of findings.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import random
import zipfile
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape

import xlsxwriter
from msgspec import Struct, field

from sitegen.model.number_kinds import id_check

TITLE = "示例村2025年耕地地力保护补贴发放公示"
_SURNAMES, _GIVEN = "赵钱孙李周吴郑王冯陈", "一二三四五六七八九十"


class Row(Struct, frozen=True):
    """A household as it is."""

    group: str
    number: str
    name: str
    identity: str
    area: Decimal
    amount: Decimal
    paid: dt.date

    @property
    def masked(self) -> str:
        return self.name[0] + ("*" if len(self.name) == 2 else "*" + self.name[2])


class Case(Struct):
    """One workbook."""

    seed: int
    name: str
    data: bytes
    truth: list[Row]
    keyed: bool
    """The rows are known by their identity numbers."""
    done: list[str] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    """Questions that must be asked, and their right answers."""
    codes: set[str] = field(default_factory=set)
    """Errors that must be found."""


def households(rng: random.Random) -> list[Row]:
    rows = []
    for n in range(rng.randint(3, 9)):
        day = dt.date(1950, 1, 1) + dt.timedelta(rng.randrange(18_000))
        first = f"230199{day:%Y%m%d}{n:03}"
        area = Decimal(rng.randrange(100, 3000)) / 100
        rows.append(
            Row(
                f"第{'一二三'[n // 4]}组",
                f"{n + 1:03}",
                rng.choice(_SURNAMES) + "".join(rng.sample(_GIVEN, rng.choice((1, 2)))),
                first + id_check(first),
                area,
                (area * Decimal("71.35")).quantize(Decimal("0.01")),
                dt.date(2025, rng.randint(5, 6), rng.randint(1, 28)),
            )
        )
    return rows


HEADS = {
    "group": ("村民小组", "组别", "小组"),
    "number": ("户编号", "户号", "农户编号"),
    "name": ("承包方代表", "户主", "姓 名", "户主姓名"),
    "area": ("补贴面积", "种植面积", "核定面积"),
    "amount": ("补贴金额", "金额", "发放金额"),
    "paid": ("发放日期", "兑付日期"),
}
DAMAGES = (
    "exponent",
    "exponent text",
    "wrong total",
    "merged amount",
    "about",
    "space",
    "no year",
    "error cell",
    "never counted",
    "outside",
    "picture",
    "scaled",
    "remark in name",
    "missing column",
    "no key",
    "twice",
    "hectares of people",
)


def draw(seed: int) -> Case:
    """The case of a seed: every third one is damaged, the damages in turn."""
    rng = random.Random(seed)
    damage = DAMAGES[seed // 3 % len(DAMAGES)] if seed % 3 == 2 else ""
    form = rng.choice(("xlsx", "xlsx", "xlsx", "csv", "gb18030", "utf-16", "ods")) if not damage else "xlsx"
    return _Maker(seed, rng, form, damage).make()


_CHINESE = "〇一二三四五六七八九"


def chinese_day(day: dt.date) -> str:
    """二〇二五年五月十二日."""

    def small(n: int) -> str:
        tens, ones = divmod(n, 10)
        return ("" if tens == 0 else "十" if tens == 1 else _CHINESE[tens] + "十") + (_CHINESE[ones] if ones else "")

    return "".join(_CHINESE[int(c)] for c in str(day.year)) + f"年{small(day.month)}月{small(day.day)}日"


def wide(text: str) -> str:
    """Full-width digits."""
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


class _Maker:
    def __init__(self, seed: int, rng: random.Random, form: str, damage: str) -> None:
        self.rng, self.form, self.damage = rng, form, damage
        self.rows = households(rng)
        self.excel = form == "xlsx"
        self.keyed = damage in ("exponent", "exponent text") or (rng.random() < 0.4 and damage not in ("no key",))
        self.case = Case(seed, "", b"", self.rows, self.keyed)
        self.grid: list[list[Any]] = []
        self.merges: list[tuple[int, int, int, int, Any]] = []
        self.hidden: list[int] = []
        self.formulas: dict[tuple[int, int], tuple[str, Any]] = {}
        self.formats: dict[tuple[int, int], str] = {}
        more = random.Random(f"{seed} and more")
        groups = len({row.group for row in self.rows})
        self.split = not damage and form in ("xlsx", "ods") and groups > 1 and more.random() < 0.3
        self.ditto = "" if self.split or more.random() < 0.7 else more.choice(("同上", "〃", "″", '"'))
        self.hide_in_ods = form == "ods" and not self.split and more.random() < 0.6
        self.parts: list[tuple[str, list[list[Any]]]] = []

    def say(self, text: str) -> None:
        self.case.done.append(text)

    def pick(self, *options: str) -> str:
        chosen = self.rng.choice(options)
        self.say(chosen)
        return chosen

    def make(self) -> Case:
        rng = self.rng
        columns = ["group", "name", "area", "amount"] + ["paid"] * (rng.random() < 0.5 or self.damage == "no year")
        if self.damage == "no key":
            self.case.answers["key:household_no"] = "按顺序编号"
        elif self.keyed:
            columns.insert(1, "identity")
        else:
            columns.insert(1, "number")
        if rng.random() < 0.4:
            columns.insert(rng.randrange(len(columns) + 1), "phone")
        if rng.random() < 0.5:
            columns.insert(0, "serial")
        if self.damage == "missing column":
            columns.remove("amount")
            self.case.codes.add("SG264")
        if self.damage == "twice":
            columns.append("again")
        self.columns = columns
        unit = self.pick("元", "元", "万元 in head", "万元 above")
        self.factor = Decimal(10000) if unit.startswith("万元") else Decimal(1)
        self._titles(above=unit == "万元 above")
        self._head(unit)
        self._body()
        self._foot()
        self.case.name, self.case.data = self._bytes()
        if self.damage:
            self.say(f"DAMAGE {self.damage}")
        return self.case

    # ---- Parts

    def _titles(self, *, above: bool) -> None:
        width = len(self.columns)
        if self.pick("title", "no title") == "title":
            self.grid.append([TITLE] + [""] * (width - 1))
            if self.excel:
                self.merges.append((0, 0, 0, width - 1, TITLE))
        if above or self.rng.random() < 0.3:
            self.grid.append(["填报单位：示例村村民委员会"] + [""] * (width - 2) + ["单位：万元" if above else "单位：元、亩"])

    def _head(self, unit: str) -> None:
        texts = []
        for c in self.columns:
            text = {"identity": "身份证号码", "phone": "联系电话", "serial": "序号", "again": "实发金额"}.get(c) or self.rng.choice(
                HEADS[c]
            )
            if c == "amount" and self.damage == "twice":
                text = "发放金额"
            if c == "area" and self.rng.random() < 0.5:
                text += self.rng.choice(("(亩)", "（亩）", "/亩", "\n（亩）"))
            if c == "amount" and unit == "万元 in head":
                text += self.rng.choice(("(万元)", "（万元）", "（单位：万元）"))
            elif c == "amount" and self.rng.random() < 0.5 and unit == "元":
                text += self.rng.choice(("(元)", "（元）", "＊"))
            if c == "area" and self.damage == "hectares of people":
                text = "补贴面积（人）"
                self.case.answers["unit:area_mu"] = "是"
            texts.append(text)
        at = len(self.grid)
        wants_two = self.rng.random() < 0.4 and self.excel and self.damage != "twice"
        if wants_two and "amount" in self.columns and self.columns.index("amount") == self.columns.index("area") + 1:
            self.say("two rows")
            a = self.columns.index("area")
            upper = [*texts]
            upper[a], upper[a + 1] = "补贴情况", ""
            lower = [""] * len(texts)
            lower[a], lower[a + 1] = texts[a], texts[a + 1]
            self.grid += [upper, lower]
            self.merges.append((at, a, at, a + 1, "补贴情况"))
            self.merges += [(at, c, at + 1, c, t) for c, t in enumerate(texts) if c not in (a, a + 1)]
        else:
            self.grid.append(texts)
        self.head = [texts]

    def _figure(self, value: Decimal) -> Any:
        style = self.style
        if style == "number":
            return float(value) if self.form in ("xlsx", "ods") else f"{value:f}"
        text = f"{value:f}"
        return {"text": text, "wide": wide(text), "grouped": f"{value:,f}", "yen": f"￥{text}", "spaces": f" {text} "}[style]

    def _day(self, day: dt.date) -> Any:
        style = self.day_style
        if style == "date":
            return day if self.form == "xlsx" else day.isoformat()
        if style == "serial":
            return (day - dt.date(1899, 12, 30)).days
        return {
            "dots": f"{day.year}.{day.month}.{day.day}",
            "chinese": chinese_day(day),
            "slashes": f"{day.year}/{day.month}/{day.day}",
            "eight": f"{day:%Y%m%d}",
            "wide": wide(day.isoformat()),
            "年月日": f"{day.year}年{day.month}月{day.day}日",
        }[style]

    def _body(self) -> None:
        self.style = self.pick("number", "number", "text", "wide", "grouped", "yen", "spaces")
        self.day_style = self.pick("date", "serial", "dots", "chinese", "slashes", "eight", "wide", "年月日")
        self.first = len(self.grid)
        totals = self.pick("no totals", "total", "total", "subtotals")
        if self.split:
            totals = "no totals"
        victim = self.rng.randrange(len(self.rows))
        merge_groups = self.excel and self.rng.random() < 0.4 and not self.ditto and not self.split
        group_rows: dict[str, list[int]] = {}
        running = Decimal(0), Decimal(0)
        for n, row in enumerate(self.rows):
            cells = [self._cell(row, c, n) for c in self.columns]
            at = len(self.grid)
            if n == victim and self.damage:
                self._damage(cells, at, n)
            if self.ditto and n and row.group == self.rows[n - 1].group:
                cells[self.columns.index("group")] = self.ditto
                self.say("ditto")
            self.grid.append(cells)
            group_rows.setdefault(row.group, []).append(at)
            running = running[0] + row.area, running[1] + row.amount
            last = n + 1 == len(self.rows) or self.rows[n + 1].group != row.group
            if totals == "subtotals" and last:
                self._total("小计", *running)
                running = Decimal(0), Decimal(0)
            if self.rng.random() < 0.1:
                self.grid.append([""] * len(self.columns))
            if self.rng.random() < 0.06 and not self.damage and len(self.grid) > self.first + 1 and not self.split:
                self.grid.append([*self.head[0]])
                self.say("head again")
        if merge_groups:
            c = self.columns.index("group")
            for group, rows in group_rows.items():
                if len(rows) > 1 and rows == list(range(rows[0], rows[-1] + 1)):
                    self.merges.append((rows[0], c, rows[-1], c, group))
                    for r in rows[1:]:
                        self.grid[r][c] = ""
                    self.say("merged groups")
        if totals != "no totals" or self.damage == "wrong total":
            area, amount = sum((r.area for r in self.rows), Decimal(0)), sum((r.amount for r in self.rows), Decimal(0))
            self._total("合 计" if self.rng.random() < 0.5 else "合计", area, amount + (100 if self.damage == "wrong total" else 0))
        if (self.excel and not self.damage and self.rng.random() < 0.25 and not self.split) or self.hide_in_ods:
            self.hidden.append(self.rng.choice([r for rows in group_rows.values() for r in rows]))
            self.say("hidden row" if self.excel else "hidden row in ods")
            self.case.answers["hidden:补贴"] = "保留"
        if self.damage == "wrong total":
            self.case.codes.add("SG265")
        if self.split:
            top = self.grid[: self.first]
            self.parts = [(group, [*top, *(self.grid[r] for r in rows)]) for group, rows in group_rows.items()]
            self.say("several sheets")
            self.case.answers["sheet"] = "全部合并"

    def _cell(self, row: Row, c: str, n: int) -> Any:
        match c:
            case "area":
                return self._figure(row.area)
            case "amount":
                return self._figure(row.amount / self.factor)
            case "again":
                return self._figure((row.amount - 1) / self.factor)
            case "paid":
                return self._day(row.paid)
            case "phone":
                return f"0451-0000 {1000 + n}"
            case "serial":
                return n + 1
            case "name":
                return f"{row.name[0]} {row.name[1]}" if len(row.name) == 2 and self.rng.random() < 0.5 else row.name
            case "identity":
                return row.identity
            case "number":
                return row.number
        return row.group

    def _total(self, word: str, area: Decimal, amount: Decimal) -> None:
        cells: list[Any] = [""] * len(self.columns)
        cells[0] = word
        at = len(self.grid)
        for c, value in (("area", area), ("amount", amount / self.factor)):
            if c in self.columns:
                place = self.columns.index(c)
                cells[place] = self._figure(value)
                if self.excel and self.style == "number":
                    self.formulas[at, place] = ("=1+1", float(value))
        self.grid.append(cells)

    def _foot(self) -> None:
        if self.rng.random() < 0.5:
            self.grid.append([])
            self.grid.append(["负责人：", "", "", "填表人："][: len(self.columns)])
            self.say("foot")
        if self.rng.random() < 0.3:
            self.grid.append(["注：金额以实际到账为准"])

    def _damage(self, cells: list[Any], at: int, n: int) -> None:
        def place(c: str) -> int:
            return self.columns.index(c)

        codes = self.case.codes
        match self.damage:
            case "exponent":
                cells[place("identity")] = float(self.rows[n].identity[:17] + "0")
                codes.add("SG261")
            case "exponent text":
                cells[place("identity")] = "2.30199E+17"
                codes.add("SG261")
            case "merged amount" if n + 1 < len(self.rows) or n:
                self.merge_at = at
                codes.add("SG266")
                self.merges.append((at, place("amount"), at + 1, place("amount"), cells[place("amount")]))
            case "merged amount":
                pass
            case "about":
                cells[place("area")] = "约8亩"
                codes.add("SG267")
            case "space":
                cells[place("amount")] = "12 34.5"
                codes.add("SG267")
            case "no year":
                cells[place("paid")] = "5月8日"
                codes.add("SG267")
            case "error cell":
                self.formulas[at, place("amount")] = ("=1/0", "#DIV/0!")
                codes.add("SG263")
            case "never counted":
                self.formulas[at, place("amount")] = ("=B1*2", "")
                codes.add("SG263")
            case "outside":
                self.formulas[at, place("amount")] = ("='[发放台账.xlsx]Sheet1'!$F$5", 12.5)
                codes.add("SG255")
            case "picture":
                self.picture = (at, place("amount"))
                codes.add("SG257")
            case "scaled":
                cells[place("amount")] = 7455.0
                self.formats[at, place("amount")] = "0!.0,"
                codes.add("SG271")
            case "remark in name":
                cells[place("name")] = self.rows[n].name + "（妻子代领）"
                codes.add("SG269")
            case "twice":
                self.case.answers["column:amount"] = "?"

    # ---- Files

    def _bytes(self) -> tuple[str, bytes]:
        if self.form == "xlsx":
            return "补贴.xlsx", self._xlsx()
        if self.form == "ods":
            return "补贴.ods", ods(self.parts or [("补贴", self.grid)], frozenset(self.hidden))
        stream = io.StringIO(newline="")
        csv.writer(stream, delimiter="\t" if self.form == "utf-16" else ",").writerows(self.grid)
        text = stream.getvalue()
        return "补贴.csv", {"csv": text.encode("utf-8-sig"), "gb18030": text.encode("gb18030"), "utf-16": text.encode("utf-16")}[self.form]

    def _xlsx(self) -> bytes:
        stream = io.BytesIO()
        book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False})
        plain, date = book.add_format(), book.add_format({"num_format": "yyyy-mm-dd"})
        if self.rng.random() < 0.3:
            cover = book.add_worksheet("封面")
            cover.write(0, 0, "二〇二五年度公示材料")
            self.say("cover")
        if self.parts:
            for name, rows in self.parts:
                self._sheet(book, book.add_worksheet(name), rows, plain, date)
            book.close()
            return stream.getvalue()
        sheet = book.add_worksheet("补贴")
        if self.rng.random() < 0.2 and not self.damage:
            old = book.add_worksheet("旧表")
            for r, row in enumerate(self.grid):
                old.write_row(r, 0, ["" if isinstance(c, dt.date) else c for c in row])
            old.hide()
            self.say("hidden sheet")
        self._sheet(book, sheet, self.grid, plain, date)
        for r in self.hidden:
            sheet.set_row(r, None, None, {"hidden": True})
        if hasattr(self, "picture"):
            sheet.insert_image(*self.picture, "shot.png", {"image_data": io.BytesIO(PNG), "x_scale": 60, "y_scale": 30})
        book.close()
        data = stream.getvalue()
        return without_results(data) if self.damage == "never counted" else data

    def _sheet(self, book: Any, sheet: Any, rows: list[list[Any]], plain: Any, date: Any) -> None:
        for r, row in enumerate(rows):
            for c, value in enumerate(row):
                if (r, c) in self.formulas:
                    formula, result = self.formulas[r, c]
                    sheet.write_formula(r, c, formula, plain, result)
                elif isinstance(value, dt.date):
                    sheet.write_datetime(r, c, dt.datetime.combine(value, dt.time()), date)
                elif isinstance(value, str):
                    sheet.write_string(r, c, value) if value else None
                else:
                    look = book.add_format({"num_format": self.formats[r, c]}) if (r, c) in self.formats else plain
                    sheet.write_number(r, c, value, look)
        for top, left, bottom, right, value in self.merges:
            if (top, left) != (bottom, right):
                sheet.merge_range(top, left, bottom, right, "", plain)
                if isinstance(value, str):
                    sheet.write_string(top, left, value, plain)
                else:
                    sheet.write_number(top, left, value, plain)


def without_results(data: bytes) -> bytes:
    """The workbook with formulas whose results were never saved, as programs leave them."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for info in source.infolist():
            text = source.read(info)
            if info.filename.startswith("xl/worksheets/sheet"):
                text = text.replace(b"<f>B1*2</f><v></v>", b"<f>B1*2</f>")
            target.writestr(info, text)
    return out.getvalue()


PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000080000000808020000004b6d29dc0000000e49444154789c63f84f0c1855070500"
    "e3d0bf41c5b1e07e0000000049454e44ae426082"
)


def ods(sheets: list[tuple[str, list[list[Any]]]], hidden: frozenset[int] = frozenset()) -> bytes:
    """A small OpenDocument spreadsheet; ``hidden`` are rows of every sheet that a filter hides."""

    def cell(value: Any) -> str:
        if value in ("", None):
            return "<table:table-cell/>"
        if isinstance(value, int | float):
            return f'<table:table-cell office:value-type="float" office:value="{value}"><text:p>{value}</text:p></table:table-cell>'
        return f'<table:table-cell office:value-type="string"><text:p>{escape(str(value))}</text:p></table:table-cell>'

    def line(row: list[Any], *, away: bool) -> str:
        mark = ' table:visibility="filter"' if away else ""
        return f"<table:table-row{mark}>{''.join(map(cell, row)) or '<table:table-cell/>'}</table:table-row>"

    tables = "".join(
        f'<table:table table:name="{escape(name)}">{"".join(line(row, away=r in hidden) for r, row in enumerate(rows))}</table:table>'
        for name, rows in sheets
    )
    space = "urn:oasis:names:tc:opendocument:xmlns"
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="{space}:office:1.0" xmlns:table="{space}:table:1.0" '
        f'xmlns:text="{space}:text:1.0" office:version="1.2"><office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>'
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        f'<?xml version="1.0"?><manifest:manifest xmlns:manifest="{space}:manifest:1.0"><manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as file:
        file.writestr("mimetype", kind)
        file.writestr("content.xml", content)
        file.writestr("META-INF/manifest.xml", manifest)
    return stream.getvalue()
