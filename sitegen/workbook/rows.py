"""A sheet's table → rows of texts as the table's file will have them, each with the cell it came from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from msgspec import Struct, field

from sitegen.model.catalog import Column, TableSchema
from sitegen.model.finding import N_
from sitegen.model.personal import shortened
from sitegen.model.table import fold

from .asking import Asking
from .books import Book, Sheet, spelled
from .figures import Doubt, cell_text, figure, is_damaged, plain_text
from .guard import Guard
from .heads import Head, Line, Placed, lines, near_columns, place_column
from .intake import Hidden
from .labels import cell_name
from .rowkeys import RowKeys

YES, NO = "是", "不是"
KEEP, DROP = "保留", "去掉"
ALL = "全部合并"
_DITTO = {"〃", "″", '"', "同上", "”", "''"}


class Taken(Struct):
    """What was taken from the sheets."""

    columns: list[Column] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    origins: list[tuple[str, int]] = field(default_factory=list)
    """Sheet and row (counted from 0) of every row."""
    places: dict[str, int] = field(default_factory=dict)
    """Place in the sheet of every column."""
    hidden: list[Hidden] = field(default_factory=list)
    converted: list[str] = field(default_factory=list)
    doubtful: set[tuple[str, int, str]] = field(default_factory=set)
    """Sheet, row and column of the cells that were complained of already: nothing follows from their being empty now."""

    def drop_empty(self) -> None:
        """Leave out columns in which nothing stands, as forms have many; those that must be filled stay and are told."""
        kept = [n for n, c in enumerate(self.columns) if c.constraints.required or any(row[n] for row in self.rows)]
        self.columns = [self.columns[n] for n in kept]
        self.rows[:] = [[row[n] for n in kept] for row in self.rows]


class Taker:
    """Takes the rows of one sheet."""

    def __init__(
        self,
        book: Book,
        schema: TableSchema,
        keys: RowKeys,
        asking: Asking,
        official: frozenset[str] = frozenset(),
    ) -> None:
        self.book, self.schema, self.asking = book, schema, asking
        self.guard = Guard(schema, keys, asking, official)

    def say(self, code: str, sheet: Sheet, row: int | None, column: int | None, /, **args: Any) -> None:
        """Report something of a cell, as people find it in Excel."""
        self.asking.say(code, cell_name(sheet.name, row, column or 0) if row is not None else sheet.name, **args)

    # ---- Columns

    def settle(self, sheet: Sheet, head: Head) -> list[Placed]:
        """Which columns of the sheet are which, as far as it is sure or was answered."""
        placed = list(head.placed)
        for column, same in head.twice:
            first = [self._values(sheet, head, c) for c, _ in same]
            if all(v == first[0] for v in first):
                chosen = same[0]
            else:
                choices = [f"{said}（{cell_name(sheet.name, head.first, c).rpartition('!')[2]}）" for c, said in same]
                where = cell_name(sheet.name, head.first, same[0][0])
                answer = self.asking.choice(
                    f"column:{column.name}", N_("several columns may be «{column}»: which one is it?"), choices, where, column=column.title
                )
                if answer is None:
                    continue
                chosen = same[choices.index(answer)]
            placed.append(place_column(column, chosen[0], chosen[1], "", head.unit_above))
        for column, place, said in near_columns(head, self.schema):
            where = cell_name(sheet.name, head.first, place)
            answer = self.asking.choice(
                f"means:{column.name}:{fold(said)}",
                N_("does «{heading}» mean «{column}»?"),
                (YES, NO),
                where,
                heading=said,
                column=column.title,
            )
            if answer == YES:
                placed.append(place_column(column, place, said, "", head.unit_above))
        for n, p in enumerate(placed):
            if p.factor is None:
                where = cell_name(sheet.name, head.first, p.place)
                unit = p.column.unit or "—"
                text = N_("«{column}» is given in {said}, the item's table has {unit}: are the figures in {unit} all the same?")
                answer = self.asking.choice(f"unit:{p.column.name}", text, (YES, NO), where, column=p.column.title, said=p.unit, unit=unit)
                if answer == YES:
                    placed[n] = Placed(p.column, p.place, p.heading, p.unit, Decimal(1))
        return sorted(placed, key=lambda p: p.place)

    def _values(self, sheet: Sheet, head: Head, c: int) -> list[str]:
        return [spelled(sheet.cell(r, c)) for r in range(head.body, len(sheet.rows))]

    # ---- Rows

    def take(self, sheet: Sheet, head: Head, into: Taken) -> None:
        """Take the rows of a sheet."""
        placed = self.settle(sheet, head)
        mine = {p.column.name: p for p in placed}
        secret = self.guard.secret_columns(sheet, head)
        order = [c for c in self.schema.fields if c.name in mine]
        key = self.guard.key_column(mine, secret)
        if key is not None and key not in order:
            order = [c for c in self.schema.fields if c.name in mine or c is key]
        group = next((c for c in self.schema.fields if c.name == "group"), None)
        merges = self._merges(sheet, head)
        body = self._kept(sheet, head, [*lines(sheet, head, self.schema)])
        if group is not None and "group" not in mine and any(line.kind == "group" for line in body):
            order = [c for c in self.schema.fields if c in order or c is group]
        if into.columns and [c.name for c in into.columns] != [c.name for c in order]:
            order = [c for c in self.schema.fields if c in into.columns or c in order]
            self._widen(into, order)
        into.columns = order
        into.places.update({p.column.name: p.place for p in placed})
        sums: list[dict[str, Decimal]] = [{}, {}]
        counts: Counter[tuple[str, str]] = Counter()
        said_group, above = "", {p.column.name: "" for p in placed}
        self._pictures(sheet, head, placed, body)
        start, early = len(into.rows), list[Line]()

        def sure() -> list[Placed]:
            """Columns whose sum is known: no cell is doubtful, and no row may be missing."""
            if any(
                q.id in (f"hidden:{sheet.name}", f"total:{sheet.name}") or q.id.startswith(f"total:{sheet.name}:")
                for q in self.asking.questions
            ):
                return []
            bad = {name for s, _, name in into.doubtful if s == sheet.name}
            return [p for p in placed if p.column.name not in bad]

        taken_rows = {line.row for line in body}
        for line in body:
            dropped = self.asking.answers.get(f"hidden:{sheet.name}") == DROP
            if dropped and line.row - 1 in sheet.marks.hidden_rows and line.row - 1 not in taken_rows:
                above = {}  # 同上 below a row that is left out would stand for the wrong one
            if line.kind == "group":
                said_group = plain_text(next(v for v in line.cells if spelled(v)))
                continue
            if line.kind == "total":
                if len(into.rows) == start:
                    early.append(line)  # totals above the rows, as our own forms have them
                else:
                    self._total(sheet, line, sure(), sums)
                continue
            texts = self._row(sheet, line, placed, merges, above, counts, into.doubtful)
            above.update(texts)
            for p in placed:
                if p.column.type in ("number", "integer") and texts[p.column.name]:
                    value = _decimal(texts[p.column.name])
                    for s in sums:
                        s[p.column.name] = s.get(p.column.name, Decimal(0)) + value
            if group is not None and said_group and "group" not in mine:
                texts["group"] = said_group
            if key is not None and not texts.get(key.name):
                texts[key.name] = self.guard.key(sheet, line, key, secret, counts, len(into.rows) + 1)
                if not texts[key.name]:
                    into.doubtful.add((sheet.name, line.row, key.name))
            into.rows.append([texts.get(c.name, "") for c in order])
            into.origins.append((sheet.name, line.row))
        for line in early:
            self._total(sheet, line, sure(), [sums[0], sums[0]])
        self._told(sheet, head, placed, secret, counts, body, into)

    def _widen(self, into: Taken, order: list[Column]) -> None:
        at = {c.name: n for n, c in enumerate(into.columns)}
        into.rows[:] = [[row[at[c.name]] if c.name in at else "" for c in order] for row in into.rows]

    def _kept(self, sheet: Sheet, head: Head, body: list[Line]) -> list[Line]:
        """Rows that belong to the table: hidden ones and what may be a total are asked about."""
        made: list[Line] = []
        hidden = [line for line in body if line.row in sheet.marks.hidden_rows and line.kind in ("data", "unsure")]
        take_hidden = False
        if hidden:
            where = cell_name(sheet.name, hidden[0].row, 0)
            text = N_("{n} rows of «{sheet}» are hidden (filtered?): do they belong to the list?")
            answer = self.asking.choice(f"hidden:{sheet.name}", text, (KEEP, DROP), where, n=str(len(hidden)), sheet=sheet.name)
            take_hidden = answer == KEEP
        for line in body:
            if line.kind == "foot" or (line in hidden and not take_hidden):
                continue
            if line.kind == "unsure":
                where = cell_name(sheet.name, line.row, 0)
                text = N_("row {row} says «{said}»: is it a total?")
                said = shortened(spelled(next(v for v in line.cells if spelled(v))))
                answer = self.asking.choice(f"total:{sheet.name}:{line.row + 1}", text, (YES, NO), where, row=str(line.row + 1), said=said)
                made.append(Line(line.row, "total" if answer == YES else "data", line.cells))
            else:
                made.append(line)
        return made

    def _merges(self, sheet: Sheet, head: Head) -> dict[tuple[int, int], tuple[int, int]]:
        """By cell: the first cell of the block that it is merged into, below the head."""
        made = {}
        for top, left, bottom, right in sheet.marks.merged:
            if top >= head.body and bottom > top:
                for r in range(top, min(bottom, len(sheet.rows)) + 1):
                    for c in range(left, min(right, left + 50) + 1):
                        made[r, c] = (top, left)
        return made

    def _row(
        self,
        sheet: Sheet,
        line: Line,
        placed: Sequence[Placed],
        merges: Mapping[tuple[int, int], tuple[int, int]],
        above: Mapping[str, str],
        counts: Counter[tuple[str, str]],
        doubtful: set[tuple[str, int, str]],
    ) -> dict[str, str]:
        texts: dict[str, str] = {}
        marks = sheet.marks
        for p in placed:
            doubtful.add((sheet.name, line.row, p.column.name))  # until it is read
            column, at = p.column, (line.row, p.place)
            raw = sheet.cell(*at)
            texts[column.name] = ""
            if at in merges:
                if column.type in ("number", "integer"):
                    if merges[at] == at and raw not in ("", None):
                        self.say("SG266", sheet, *at, column=column.title)
                    elif sheet.cell(*merges[at]) in ("", None):
                        doubtful.discard((sheet.name, line.row, column.name))
                    continue
                raw = sheet.cell(*merges[at])
            if at in marks.outside:
                self.say("SG255", sheet, *at, column=column.title)
                continue
            if at in marks.errors or at in marks.uncounted:
                self.say("SG263", sheet, *at, column=column.title, problem=marks.errors.get(at) or N_("the formula was never calculated"))
                continue
            if at in marks.scaled:
                self.say("SG271", sheet, *at, column=column.title)
                continue
            if at in marks.padded and isinstance(raw, int | float) and column.type == "string":
                raw = str(int(raw)).zfill(marks.padded[at])
            if column.type not in ("number", "integer") and spelled(raw) in _DITTO:
                open_ = any(q.id == f"hidden:{sheet.name}" for q in self.asking.questions)
                if not above.get(column.name) and not open_:
                    problem = N_("nothing is taken from above that it could stand for")
                    self.say("SG267", sheet, *at, column=column.title, value=spelled(raw), problem=problem)
                    continue
                texts[column.name] = above.get(column.name, "")
                doubtful.discard((sheet.name, line.row, column.name))
                continue
            try:
                text = cell_text(raw, column, p.factor if p.factor is not None else Decimal(1), from_1904=self.book.from_1904)
            except Doubt as doubt:
                value = "…" if column.private or column.mask else shortened(spelled(raw))[:30]
                if doubt.damaged:
                    value = f"{raw:.5E}" if isinstance(raw, float | int) else shortened(spelled(raw))[:12]
                self.say("SG261" if doubt.damaged else "SG267", sheet, *at, column=column.title, value=value, problem=doubt.problem)
                continue
            texts[column.name] = self.guard.cell(sheet, at, column, text, counts)
            if texts[column.name] or not text:
                doubtful.discard((sheet.name, line.row, column.name))
        return texts

    # ---- Totals

    def _total(self, sheet: Sheet, line: Line, placed: Sequence[Placed], sums: list[dict[str, Decimal]]) -> None:
        """A written total must be the sum of all rows before it, or of those since the last total."""
        for p in placed:
            if p.column.type not in ("number", "integer") or not (p.column.total or p.column.name == "amount"):
                continue
            at = line.row, p.place
            if at in sheet.marks.uncounted or at in sheet.marks.errors:
                continue
            try:
                said = figure(sheet.cell(*at), p.column, p.factor if p.factor is not None else Decimal(1))
            except Doubt:
                continue
            every, since = (s.get(p.column.name, Decimal(0)) for s in sums)
            if said is not None and said not in (every, since):
                self.say("SG265", sheet, *at, column=p.column.title, written=_grouped(said), sum=_grouped(every))
        sums[1] = {}

    # ---- What is told

    def _pictures(self, sheet: Sheet, head: Head, placed: Sequence[Placed], body: Sequence[Line]) -> None:
        over = others = 0
        rows = {line.row for line in body} | set(range(head.first, head.body))
        columns = {p.place for p in placed}
        for top, left, bottom, right in sheet.marks.pictures:
            inner = {c for c in columns if left <= c <= right}
            if inner and any(top <= r <= bottom for r in rows):
                over += 1
                self.say("SG257", sheet, top, left)
            else:
                others += 1
        if others:
            self.say("SG258", sheet, None, None, n=others)

    def _told(
        self,
        sheet: Sheet,
        head: Head,
        placed: Sequence[Placed],
        secret: Sequence[tuple[int, str]],
        counts: Counter[tuple[str, str]],
        body: Sequence[Line],
        into: Taken,
    ) -> None:
        """Note what was left out, masked, converted."""
        titles = {p.column.name: p.heading for p in placed}
        rows = [line.row for line in body if line.kind == "data"]
        used = {p.place for p in placed}
        names = [said for c, said in head.unknown if c not in used and fold(said).lower() not in _ORDINALS]
        if names:
            self.say("SG268", sheet, None, None, columns=names)
        for c, said in head.unknown:
            if c in used:
                continue
            damaged = sum(is_damaged(sheet.cell(r, c)) for r in rows)
            if damaged and not any(
                f.code == "SG261" and f.file.startswith(f"{self.book.name} {sheet.name}!") for f in self.asking.findings
            ):
                self.say("SG262", sheet, head.first, c, heading=said, n=damaged)
            count = sum(bool(spelled(sheet.cell(r, c))) for r in rows)
            if fold(said).lower() not in _ORDINALS:
                into.hidden.append(Hidden(said, "dropped", count))
        for (name, what), count in sorted(counts.items()):
            if what in ("masked", "key", "removed"):
                into.hidden.append(Hidden(titles.get(name, name), what, count))
            if what == "removed":
                self.say("SG272", sheet, None, None, column=titles[name], n=count)
        for p in placed:
            if p.factor not in (None, Decimal(1)):
                into.converted.append(f"{p.column.title}：{p.unit} → {p.column.unit}")


_ORDINALS = {"序号", "序", "编号", "no", "no."}


def _grouped(value: Decimal) -> str:
    return f"{value.quantize(Decimal('0.01')) if value == value.quantize(Decimal('0.01')) else value:,f}"


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except ArithmeticError:
        return Decimal(0)
