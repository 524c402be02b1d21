"""A clerk's workbook → a record and its table, or the questions and findings that stand in the way. Nothing is written here.

``read_workbook`` may be called again and again with more answers, until the intake is ready; then :meth:`Intake.write` writes it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from sitegen.drafting.propose import next_id
from sitegen.load.cells import Cells
from sitegen.load.region import official_mobiles
from sitegen.load.tables import read_table
from sitegen.model.base import Level
from sitegen.model.catalog import Item, TableSchema
from sitegen.model.finding import N_, Finding
from sitegen.model.region import Region, Unit
from sitegen.model.table import Table, fold

from .asking import Asking, Halt
from .books import Book, Refused, Sheet, open_book
from .comparing import preview_of
from .correcting import existing, head_of, history_of, revise, unchanged
from .heading import Header, Heading
from .heads import Head, find_head, near_columns
from .intake import Intake, Preview, digest_of
from .labels import HELP, Written, cell_name, read_labels, stamp_of
from .rowkeys import SALT_FILE, RowKeys
from .rows import ALL, Taken, Taker
from .staging import Judged, csv_bytes, judge, record_bytes
from .stamp import schema_digest
from .whose import item_of, unit_of

OURS, NONE = "只取本村的行", "不导入"


def read_workbook(
    region: Region,
    data: bytes,
    name: str,
    *,
    unit: str | None = None,
    item: str | None = None,
    answers: Mapping[str, str] = {},
    date: dt.date | None = None,
) -> Intake:
    """Read a workbook as a record of ``unit`` (code, name or alias) for the catalogue's ``item`` (its id).

    ``region`` is loaded with examination; ``name`` is the file's name, for messages; ``answers`` answer questions by their ids; ``date`` is the day
    for which the result is judged (default: today). What the workbook itself says of unit and item is used where they are not given.
    """
    return _Reading(region, data, name.rsplit("/", 1)[-1], unit, item, answers, date or dt.date.today()).run()


class _Reading(Asking):
    """One reading of one workbook."""

    def __init__(
        self, region: Region, data: bytes, name: str, unit: str | None, item: str | None, answers: Mapping[str, str], date: dt.date
    ) -> None:
        super().__init__(name, {**answers, **({"unit": unit} if unit else {}), **({"item": item} if item else {})})
        self.region, self.data, self.date = region, data, date
        self.root = Path(region.root)
        self.preview = Preview()
        self.keys = RowKeys(self.root)

    def run(self) -> Intake:
        try:
            return self._read()
        except Halt:
            return Intake(tuple(self.questions), self.told(), self.preview)

    def _read(self) -> Intake:
        try:
            book = open_book(self.data, self.name)
        except Refused as refused:
            self.say(refused.code, **refused.args_)
            raise Halt from None
        if book.macros:
            self.say("SG254")
        stamp = stamp_of(book.sheets, book.properties)
        forms = {s.name: found for s in book.sheets if len(found := read_labels(s, own=bool(stamp))) >= 3 or (stamp and s.name == HELP)}
        labels: dict[str, Written] = next(iter(forms.values()), {})
        unit = unit_of(self, self.region, book, stamp)
        item = item_of(self, self.region, book, stamp, unit)
        self.preview = replace(self.preview, unit=unit.code, unit_name=unit.data.name, item=item.id, item_name=item.name)
        schema = self.region.catalog.tables.get(item.table) if item.table else None
        if stamp.get("schema") and schema is not None and stamp["schema"] != schema_digest(schema):
            self.say("SG259", item=item.id)
            raise Halt
        taken, titles = Taken(), list[tuple[str, str]]()
        sources: list[Sheet] = []
        if schema is not None:
            taken, titles, sources = self._table(book, schema, item, unit, set(forms))
        header = Header(unit, item, labels, titles, self, self.date)
        made = header.make(table=bool(taken.rows))
        if not taken.rows and not made.body:
            self.say("SG277")
        self._own_rows(taken, unit)
        taken.drop_empty()
        if not any(f.code in ("SG255",) for f in self.findings) and book.links:
            self.say("SG256")
        csv_data = csv_bytes(taken.columns, taken.rows) if taken.rows else b""
        table = self._check_table(csv_data, schema, taken) if csv_data and schema is not None else None
        self.preview = replace(
            self.preview,
            title=str(made.front.get("title", "")),
            sheet="、".join(s.name for s in sources),
            hidden=tuple(taken.hidden),
            converted=tuple(taken.converted),
            body=made.body,
        )
        if table is not None and schema is not None:
            self.preview = preview_of(self.preview, table, schema)
        if self.questions or not {"title", "item", "issuer", "formed", "published"} <= set(made.front):
            raise Halt
        return self._record(unit, item, schema, taken, table, csv_data, made)

    # ---- The table

    def _table(
        self, book: Book, schema: TableSchema, item: Item, unit: Unit, forms: set[str]
    ) -> tuple[Taken, list[tuple[str, str]], list[Sheet]]:
        hidden = [s.name for s in book.sheets if not s.visible and s.rows]
        if hidden:
            self.say("SG275", sheets=hidden)
        sheets = [s for s in book.sheets if s.visible and s.rows and s.name not in forms]
        heads = [(s, h) for s in sheets if (h := find_head(s, schema)) is not None]
        whole = [(s, h) for s, h in heads if not h.missing(schema)]
        usable = whole or [(s, h) for s, h in heads if self._nearly(h, schema)]
        if not usable:
            if forms and not any(h for _, h in heads) and all(not c.constraints.required for c in schema.fields):
                return Taken(), [], []
            best = max(heads, key=lambda p: len(p[1].placed), default=None)
            missing = [c.title for c in (best[1].missing(schema) if best else (c for c in schema.fields if c.constraints.required))]
            if not sheets and forms:
                return Taken(), [], []
            where = cell_name(best[0].name, best[1].first, 0) if best else ""
            self.say("SG264", where, table=schema.title, missing=missing, item=item.id)
            raise Halt
        if len(usable) > 1:
            usable = self._chosen(usable)
        official = official_mobiles([self.root / u.folder for u in (unit,)])
        taker = Taker(book, schema, self.keys, self, official)
        taken = Taken()
        titles: list[tuple[str, str]] = []
        for sheet, head in usable:
            taker.take(sheet, head, taken)
            titles += [(text, cell_name(sheet.name, r, c)) for r, c, text in head.titles]
        return taken, titles, [s for s, _ in usable]

    def _nearly(self, head: Head, schema: TableSchema) -> bool:
        """Whether what is missing may be asked for: a key that is made, a heading that is nearly right."""
        near = {c.name for c, _, _ in near_columns(head, schema)}
        return len(head.placed) >= 2 and all(c.private or c.name in near for c in head.missing(schema))

    def _chosen(self, usable: list[tuple[Sheet, Head]]) -> list[tuple[Sheet, Head]]:
        names = [s.name for s, _ in usable]
        answer = self.answers.get("sheet")
        if answer == ALL:
            return usable
        if answer in names:
            return [p for p in usable if p[0].name == answer]
        if answer is not None:
            self.say("SG274", answer=answer, question="sheet", choices=[*names, ALL])
        where = cell_name(names[0], usable[0][1].first, 0)
        self.ask("sheet", N_("Several sheets have such a table: which one is it?"), [*names, ALL], where)
        raise Halt

    def _own_rows(self, taken: Taken, unit: Unit) -> None:
        """A village's own list needs no column of villages; rows of others do not belong in it."""
        at = next((n for n, c in enumerate(taken.columns) if c.name == "village"), None)
        if at is None or unit.level is not Level.VILLAGE:
            return
        own = {fold(n) for n in (unit.code, unit.data.name, *unit.data.aliases)}
        own |= {n.removesuffix("村").removesuffix("社区") for n in own}
        others = sorted({row[at] for row in taken.rows if row[at] and fold(row[at]) not in own})
        if others:
            kept = [n for n, row in enumerate(taken.rows) if fold(row[at]) in own]
            answer = self.answers.get("rows") if kept else NONE
            sheet, first = next(taken.origins[n] for n, row in enumerate(taken.rows) if row[at] in others)
            where = cell_name(sheet, first, taken.places.get("village", 0))
            if answer is None:
                text = N_("{n} of {all} rows are of other villages ({others}): take only those of {here}?")
                said = {"n": str(len(taken.rows) - len(kept)), "all": str(len(taken.rows)), "others": "、".join(others[:5])}
                self.ask("rows", text, (OURS, NONE), where, here=unit.data.name, **said)
                raise Halt
            if answer != OURS:
                if answer != NONE:
                    self.say("SG274", answer=answer, question="rows", choices=[OURS, NONE])
                self.say("SG273", where, others=others[:5], here=unit.data.name)
                raise Halt
            taken.rows[:], taken.origins[:] = [taken.rows[n] for n in kept], [taken.origins[n] for n in kept]
        for row in taken.rows:
            del row[at]
        del taken.columns[at]

    def _check_table(self, data: bytes, schema: TableSchema, taken: Taken) -> Table | None:
        """Read as the loader will read it; its findings are told at the cells that the values came from."""
        import csv
        import io

        rows = list(enumerate(csv.reader(io.StringIO(data.decode(), newline="")), 1))
        found: list[Finding] = []
        table = read_table(Cells(rows), self.name, schema, found)
        asked = {v for q in self.questions for k, v in q.args if k == "column"}
        for f in found:
            if not self._echo(f, taken) and not (f.code == "SG203" and dict(f.args).get("column") in asked):
                self.findings.append(self._moved(f, taken))
        return table

    @staticmethod
    def _echo(f: Finding, taken: Taken) -> bool:
        """Whether a cell is called empty that was complained of already."""
        if f.code != "SG207" or f.line is None or f.column is None or not 2 <= f.line < 2 + len(taken.origins):
            return False
        return (*taken.origins[f.line - 2], taken.columns[f.column - 1].name) in taken.doubtful

    def _moved(self, f: Finding, taken: Taken, line: int | None = None) -> Finding:
        """A finding about the table that would be written, told of the workbook."""
        line = f.line if line is None else line
        if line is None or not 2 <= line < 2 + len(taken.origins):
            return Finding(f.code, self.name, None, None, f.args, f.unit, f.record)
        sheet, row = taken.origins[line - 2]
        column = taken.columns[f.column - 1].name if f.column and f.column <= len(taken.columns) else ""
        where = cell_name(sheet, row, taken.places.get(column, 0))
        args = tuple((k, _first_row(v, taken)) if k == "first" else (k, v) for k, v in f.args)
        return Finding(f.code, f"{self.name} {where}", None, None, args, f.unit, f.record)

    # ---- The record

    def _record(
        self, unit: Unit, item: Item, schema: TableSchema | None, taken: Taken, table: Table | None, csv_data: bytes, made: Heading
    ) -> Intake:
        old = existing(self, unit, item, made.front)
        front, folder = dict(made.front), f"{unit.folder}/records"
        if old is not None:
            front = head_of(self.root, old, made)
            folder = old.file.rpartition("/")[0]
        else:
            front["id"] = self._new_id(unit, front["published"])
        body = made.body
        if old is not None and not body:
            body = unit.contents()[old.front.id].body
        file = old.file if old else f"{folder}/{front['id']}.md"
        if csv_data:
            front["table"] = old.front.table.path if old and old.front.table else f"{front['id']}.csv"
        if old is not None:
            same = unchanged(unit, old, front, body, table)
            history = history_of(unit, old.front.id)
            if same:
                self.preview = replace(
                    self.preview, id=old.front.id, path=file, existing=True, unchanged=True, revision=old.front.revision.n
                )
                raise Halt
            revise(self, front, old, history, made.why, self.date)
            if csv_data:
                front["table"] = f"{front['id']}-r{front.get('revision', {}).get('n', 1)}.csv"
                if old.front.table and old.front.table.path == front["table"]:
                    front["table"] = f"{front['id']}.csv"
        self.preview = replace(
            self.preview,
            id=front["id"],
            path=file,
            existing=old is not None,
            revision=front.get("revision", {}).get("n", 1) if isinstance(front.get("revision"), dict) else 1,
            front=tuple((k, _said(v)) for k, v in front.items()),
            body=body,
        )
        if self.questions:
            raise Halt
        files = {f"{folder}/{front['table']}": csv_data} if csv_data else {}
        files[file] = record_bytes(front, body)
        judged = judge(self.region, unit, file, files, old, self.date)
        known = {(f.code, f.args) for f in self.findings}
        for f in judged.findings:
            if f.code.startswith("SG2") and f.file in files and f.file != file:
                continue  # of the table, told already
            moved = self._located(f, file, files, taken, made, judged)
            if (moved.code, moved.args) not in known:
                self.findings.append(moved)
        if schema is not None and judged.record is not None:
            self.preview = preview_of(self.preview, table, schema, judged, unit, item, old)
            self._other_unit_of_money(schema)
        removes: tuple[str, ...] = ()
        if old is not None and old.front.table and csv_data and old.front.table.path != front["table"]:
            removes = (old.table_file,)
        before = {name: digest_of(self.root / name) for name in (*files, *removes)}
        used = any(h.what == "key" for h in taken.hidden)
        secret = (SALT_FILE, self.keys.fresh) if used and self.keys.fresh is not None else None
        done = Intake(tuple(self.questions), self.told(), self.preview, files, removes, before, secret)
        return done if done.ready else replace(done, files={}, removes=(), before={}, secret=None)

    def _other_unit_of_money(self, schema: TableSchema) -> None:
        """A total ten thousand times the one before: 万元 that nobody wrote down."""
        last = self.preview.last or self.preview.township
        if last is None or "scale" in self.answers:
            if self.answers.get("scale") not in (None, "是"):
                self.say("SG274", answer=self.answers["scale"], question="scale", choices=["是"])
            return
        for title, there, here in last.totals:
            a, b = _number(there), _number(here)
            if a and b and not 1 / 1000 < abs(b / a) < 1000:
                text = N_("the total of «{column}» is {here}; in «{title}» it is {there}: are the figures in the right unit (元, 万元)?")
                self.ask("scale", text, ("是",), column=title, here=here, there=there, title=last.title)

    def _new_id(self, unit: Unit, published: dt.date) -> str:
        """The next number of the year that was never used, not even by a file that could not be understood."""
        folder = self.root / unit.folder / "records"
        return next_id(unit, published, (p.stem for p in folder.glob("*.md")))

    def _located(self, f: Finding, file: str, files: Mapping[str, bytes], taken: Taken, made: Heading, judged: Judged) -> Finding:
        """A finding of the check, told of the workbook's cells where it is about what they say."""
        if f.file == file:
            lines = judged.record.lines if judged.record else {}
            key = next((k for k, line in lines.items() if line == f.line), "")
            where = made.places.get(key, "")
            return Finding(f.code, f"{self.name} {where}".strip(), None, None, f.args, f.unit, f.record)
        if f.file in files:
            return self._moved(f, taken)
        return f


def _first_row(value: Any, taken: Taken) -> Any:
    return taken.origins[value - 2][1] + 1 if isinstance(value, int) and 2 <= value < 2 + len(taken.origins) else value


def _number(text: str) -> float:
    try:
        return float(text.replace(",", ""))
    except ValueError:
        return 0.0


def _said(value: Any) -> str:
    if isinstance(value, Mapping):
        return "；".join(f"{k} {_said(v)}" for k, v in value.items())
    if isinstance(value, list | tuple):
        return "；".join(_said(v) for v in value)
    return str(value)
