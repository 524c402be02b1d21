"""Two tables of one matter, row by row and cell by cell: what differs, where on both sides, and what probably happened.

Pure and symmetrical: comparing the other way round finds the same differences with the sides exchanged. The order of rows means nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from .alike import common, compatible, in_base, plain
from .catalog import Column, TableSchema
from .mask import mask_problem
from .slips import hint
from .table import Table, Value, fold, show, total_of

Kind = Literal["cell", "only_here", "only_there", "key", "merged", "split", "shifted", "total", "mask", "column"]


class Side(Struct, frozen=True):
    """A table with its columns."""

    table: Table
    schema: TableSchema

    def column(self, name: str) -> Column:
        """A column of the schema by name."""
        return next(c for c in self.schema.fields if c.name == name)


class Difference(Struct, frozen=True):
    """One thing in which two tables differ. Texts are such as may be shown: nothing from private columns."""

    kind: Kind
    row: str
    """The row in words: 张*三（第2组）; "" when no row is concerned."""
    column: str
    """Title of the column; "" when a whole row is concerned."""
    here: str
    there: str
    line: int | None
    """Line in the first table; ``None`` when no row of it is concerned."""
    other_line: int | None
    hint: str = ""
    """What probably happened, in English; "" when nothing suggests itself."""
    count: int = 1
    """How many rows are concerned."""
    amounts: tuple[tuple[str, Decimal], ...] = ()
    """By column title: how much more the first table's column adds up to because of this."""

    def turned(self) -> Difference:
        """The same as seen from the other side."""
        kinds: dict[Kind, Kind] = {"only_here": "only_there", "only_there": "only_here", "merged": "split", "split": "merged"}
        kind = kinds.get(self.kind, self.kind)
        return replace(
            self,
            kind=kind,
            here=self.there,
            there=self.here,
            line=self.other_line,
            other_line=self.line,
            amounts=tuple((t, -a) for t, a in self.amounts),
        )


def compare(here: Side, there: Side, key: Sequence[str], columns: Sequence[str]) -> tuple[Difference, ...]:
    """All differences between two tables, by rows that have the same ``key``, in ``columns`` and in the names that both show.

    Without a key that both tables have, rows are compared one to one when there is one on each side, else by the totals.
    """
    return _Comparison(here, there, key, columns).run()


Row = tuple[int, int]
"""Places of a row here and of its counterpart there."""


class _Comparison:
    def __init__(self, here: Side, there: Side, key: Sequence[str], columns: Sequence[str]) -> None:
        self.here, self.there = here, there
        both = [n for n in here.table.columns if n in there.table.columns]
        self.key = [k for k in key if k in both] if all(k in both for k in key) else []
        names = [n for n in both if here.column(n).mask == "name" and there.column(n).mask == "name"]
        self.names = [n for n in names if n not in self.key]
        self.key_names = [n for n in names if n in self.key]
        self.columns = [c for c in columns if c in both and c not in self.key]
        self.lacking = [c for c in columns if c not in both and self._has(here, c) != self._has(there, c)]
        self.found: list[Difference] = []

    @staticmethod
    def _has(side: Side, name: str) -> bool:
        return name in side.table.columns and any(v is not None for v in side.table.column(name))

    def run(self) -> tuple[Difference, ...]:
        for name in self.lacking:
            side = self.here if self._has(self.here, name) else self.there
            mine = side is self.here
            title = side.column(name).title
            self.found.append(Difference("column", "", title, title if mine else "", "" if mine else title, None, None))
        if self.key:
            self._by_rows()
        elif len(self.here.table.rows) == len(self.there.table.rows) == 1:
            self._cells([(0, 0)])
        else:
            self._totals()
        return tuple(self.found)

    # ---- Rows

    def _by_rows(self) -> None:
        pairs, mine, theirs = self._pair()
        cells_before = len(self.found)
        self._cells(pairs)
        cells = self.found[cells_before:]
        if shifted := self._shifted(pairs, cells):
            self.found[cells_before:] = [shifted]
        mine, theirs = self._mistyped_keys(mine, theirs)
        mine = self._merged(self.here, self.there, mine, pairs, cells_before, turned=False)
        theirs = self._merged(self.there, self.here, theirs, pairs, cells_before, turned=True)
        for i in mine:
            amounts = _amounts(self.here, i)
            self.found.append(
                Difference("only_here", self._label(self.here, i), "", "", "", self.here.table.lines[i], None, amounts=amounts)
            )
        for j in theirs:
            amounts = tuple((title, -a) for title, a in _amounts(self.there, j))
            self.found.append(
                Difference("only_there", self._label(self.there, j), "", "", "", None, self.there.table.lines[j], amounts=amounts)
            )

    def _pair(self) -> tuple[list[Row], list[int], list[int]]:
        """Rows with the same key, first those that are written alike, then those whose names agree under their masks."""
        waiting: dict[tuple[str, ...], list[int]] = defaultdict(list)
        places = [self.there.table.columns.index(k) for k in self.key]
        for j, row in enumerate(self.there.table.rows):
            waiting[tuple(plain(str(row[p])) if row[p] is not None else "" for p in places)].append(j)
        pairs: list[Row] = []
        left: list[int] = []
        places = [self.here.table.columns.index(k) for k in self.key]
        for i, row in enumerate(self.here.table.rows):
            same = waiting.get(tuple(plain(str(row[p])) if row[p] is not None else "" for p in places))
            if same:
                pairs.append((i, same.pop(0)))
            else:
                left.append(i)
        theirs = sorted(j for rest in waiting.values() for j in rest)
        if self.key_names and left and theirs:
            left, theirs = self._under_masks(pairs, left, theirs)
        return sorted(pairs), left, theirs

    def _under_masks(self, pairs: list[Row], left: list[int], theirs: list[int]) -> tuple[list[int], list[int]]:
        rest = [k for k in self.key if k not in self.key_names]
        by_rest: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for j in theirs:
            by_rest[self._key_of(self.there, j, rest)].append(j)
        still = []
        for i in left:
            near = by_rest[self._key_of(self.here, i, rest)]
            agree = [j for j in near if all(compatible(self._text(self.here, i, n), self._text(self.there, j, n)) for n in self.key_names)]
            if len(agree) == 1:
                near.remove(agree[0])
                pairs.append((i, agree[0]))
            else:
                still.append(i)
        return still, sorted(j for rest_ in by_rest.values() for j in rest_)

    @staticmethod
    def _text(side: Side, i: int, name: str) -> str:
        value = side.table.rows[i][side.table.columns.index(name)]
        return "" if value is None else str(value)

    def _key_of(self, side: Side, i: int, names: Iterable[str]) -> tuple[str, ...]:
        return tuple(plain(self._text(side, i, n)) for n in names)

    # ---- Cells

    def _cells(self, pairs: list[Row]) -> None:
        masks: dict[str, list[Row]] = defaultdict(list)
        for name in [*self.columns, *self.names]:
            a, b = self.here.column(name), self.there.column(name)
            p, q = self.here.table.columns.index(name), self.there.table.columns.index(name)
            same_unit = a.unit == b.unit
            for i, j in pairs:
                x, y = self.here.table.rows[i][p], self.there.table.rows[j][q]
                if x == y and same_unit:
                    continue
                self._cell(name, a, b, (i, j), x, y, masks)
        for name in self.key_names:
            for i, j in pairs:
                x, y = self._text(self.here, i, name), self._text(self.there, j, name)
                if fold(x) != fold(y):
                    self._mask(name, (i, j), x, y, masks)
        for name, rows in masks.items():
            i, j = rows[0]
            here, there = self._text(self.here, i, name), self._text(self.there, j, name)
            lines = self.here.table.lines[i], self.there.table.lines[j]
            self.found.append(Difference("mask", "", self.here.column(name).title, here, there, *lines, count=len(rows)))

    def _cell(self, name: str, a: Column, b: Column, rows: Row, x: Value, y: Value, masks: dict[str, list[Row]]) -> None:
        why = ""
        if isinstance(x, Decimal) and isinstance(y, Decimal):
            (unit, left), (other, right) = in_base(x, a.unit), in_base(y, b.unit)
            if left == right and unit == other:
                return
            why = hint(left, right)
        elif not isinstance(x, Decimal) and not isinstance(y, Decimal):
            left_text, right_text = ("" if v is None else str(v) for v in (x, y))
            if plain(left_text) == plain(right_text):
                return
            if a.mask == "name" and left_text and right_text and compatible(left_text, right_text):
                self._mask(name, rows, left_text, right_text, masks)
                return
        i, j = rows
        lines = self.here.table.lines[i], self.there.table.lines[j]
        hidden = a.private or b.private
        here, there = ("…", "…") if hidden else (_shown(x, a), _shown(y, b))
        amounts: tuple[tuple[str, Decimal], ...] = ()
        if a.type in ("number", "integer") and in_base(Decimal(0), a.unit)[0] == in_base(Decimal(0), b.unit)[0]:
            off = in_base(_number(x), a.unit)[1] - in_base(_number(y), b.unit)[1]
            # Where the sides count in different units, each total is off by the same in its own.
            amounts = tuple(dict.fromkeys((c.title, off / in_base(Decimal(1), c.unit)[1]) for c in (a, b)))
        self.found.append(Difference("cell", self._label(self.here, i), a.title, here, there, *lines, why, amounts=amounts))

    def _mask(self, name: str, rows: Row, x: str, y: str, masks: dict[str, list[Row]]) -> None:
        # A name that is not masked at all is reported where it stands.
        if mask_problem("name", x) is None and mask_problem("name", y) is None:
            masks[name].append(rows)

    # ---- What probably happened

    def _shifted(self, pairs: list[Row], cells: list[Difference]) -> Difference | None:
        """Many cells of one column differ, and each has the value of its neighbour there: the column slipped by a row."""
        columns = {d.column for d in cells if d.kind == "cell"}
        if len(columns) != 1 or len(cells) < 3:
            return None
        name = next(n for n in self.columns + self.names if self.here.column(n).title in columns)
        # The side on which the column slipped is the one in whose order of rows every value is its neighbour's.
        for order in (pairs, sorted(pairs, key=lambda pair: pair[1])):
            ours = [self._canon(self.here, i, name) for i, _ in order]
            others = [self._canon(self.there, j, name) for _, j in order]
            differing = [n for n in range(len(ours)) if ours[n] != others[n]]
            for step in (1, -1):
                for mine, theirs in ((ours, others), (others, ours)):
                    same = [n for n in differing if 0 <= n + step < len(theirs) and mine[n] == theirs[n + step]]
                    if len(same) >= len(differing) - 1 and len(same) >= 2:
                        amounts = tuple((title, sum((v for d in cells for _, v in d.amounts), Decimal(0))) for title, _ in cells[0].amounts)
                        return replace(cells[0], kind="shifted", hint="", count=len(differing), amounts=amounts)
        return None

    def _canon(self, side: Side, i: int, name: str) -> str:
        return " ".join(common(side.table.rows[i][side.table.columns.index(name)], side.column(name)))

    def _mistyped_keys(self, mine: list[int], theirs: list[int]) -> tuple[list[int], list[int]]:
        """A row here and a row there that are alike but for a slip in the key: one mistake, not two missing rows."""
        left = list(mine)
        for j in list(theirs):
            for i in left:
                if self._alike(i, j):
                    changed = [k for k in self.key if self._key_of(self.here, i, [k]) != self._key_of(self.there, j, [k])]
                    hidden = any(s.column(k).private for s in (self.here, self.there) for k in changed)
                    here, there = (
                        "…" if hidden else " ".join(self._text(s, n, k) for k in changed) for s, n in ((self.here, i), (self.there, j))
                    )
                    titles = "、".join(self.here.column(k).title for k in changed)
                    lines = self.here.table.lines[i], self.there.table.lines[j]
                    self.found.append(Difference("key", self._label(self.here, i), titles, here, there, *lines))
                    left.remove(i)
                    theirs = [t for t in theirs if t != j]
                    break
        return left, theirs

    def _alike(self, i: int, j: int) -> bool:
        others = [*self.columns, *self.names]
        if not others or not all(self._same(i, j, n) for n in others):
            return False
        changed = [k for k in self.key if self._key_of(self.here, i, [k]) != self._key_of(self.there, j, [k])]
        if len(changed) != 1:
            return False
        a, b = (self._key_of(s, n, changed)[0] for s, n in ((self.here, i), (self.there, j)))
        from rapidfuzz.distance import DamerauLevenshtein  # only where tables differ

        return DamerauLevenshtein.distance(a, b) <= 2 or bool(self.names)

    def _same(self, i: int, j: int, name: str) -> bool:
        a, b = self.here.column(name), self.there.column(name)
        x = self.here.table.rows[i][self.here.table.columns.index(name)]
        y = self.there.table.rows[j][self.there.table.columns.index(name)]
        return common(x, a) == common(y, b) or (a.mask == "name" and compatible(str(x or ""), str(y or "")))

    def _merged(self, side: Side, other: Side, lonely: list[int], pairs: list[Row], since: int, *, turned: bool) -> list[int]:
        """Two rows on ``side`` that stand added up in one row on the other."""
        figures = [c for c in self.columns if side.column(c).type in ("number", "integer")]
        left = []
        for i in lonely:
            if not (figures and self._absorbed(side, other, i, figures, pairs, since, turned=turned)):
                left.append(i)
        return left

    def _absorbed(self, side: Side, other: Side, i: int, figures: list[str], pairs: list[Row], since: int, *, turned: bool) -> bool:
        differing = {d.other_line if turned else d.line for d in self.found[since:] if d.kind == "cell"}
        for pair in pairs:
            a, b = (pair[1], pair[0]) if turned else pair
            if side.table.lines[a] not in differing:
                continue
            sums = [
                in_base(self._figure(side, a, c) + self._figure(side, i, c), side.column(c).unit)
                == in_base(self._figure(other, b, c), other.column(c).unit)
                for c in figures
                if self._figure(side, i, c)
            ]
            if sums and all(sums):
                line = side.table.lines[a]
                self.found[since:] = [
                    d for d in self.found[since:] if not (d.kind == "cell" and (d.other_line if turned else d.line) == line)
                ]
                kind: Kind = "merged" if turned else "split"
                label = self._label(side, i)
                lines = (other.table.lines[b], side.table.lines[i]) if turned else (side.table.lines[i], other.table.lines[b])
                self.found.append(Difference(kind, label, "", "", "", *lines))
                return True
        return False

    @staticmethod
    def _figure(side: Side, i: int, name: str) -> Decimal:
        value = side.table.rows[i][side.table.columns.index(name)]
        return value if isinstance(value, Decimal) else Decimal(0)

    # ---- Totals

    def _totals(self) -> None:
        for name in self.columns:
            a, b = self.here.column(name), self.there.column(name)
            if a.type not in ("number", "integer") or b.type not in ("number", "integer"):
                continue
            x, y = total_of(self.here.table, a), total_of(self.there.table, b)
            if in_base(x, a.unit) != in_base(y, b.unit):
                why = hint(in_base(x, a.unit)[1], in_base(y, b.unit)[1])
                self.found.append(Difference("total", "", a.title, _shown(x, a), _shown(y, b), None, None, why))

    def _label(self, side: Side, i: int) -> str:
        """The row in words that may be shown."""
        return row_label(side, i)


def _number(value: Value) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(0)


def _amounts(side: Side, i: int) -> tuple[tuple[str, Decimal], ...]:
    """What a row adds to the totals of its table."""
    row = side.table.rows[i]
    return tuple((side.column(n).title, v) for n, v in zip(side.table.columns, row, strict=True) if isinstance(v, Decimal))


def row_label(side: Side, i: int) -> str:
    """A row as people find it: its name with the group, else the first words in it that are not private."""
    row = side.table.rows[i]
    shown = [(c, str(v)) for c, v in zip((side.column(n) for n in side.table.columns), row, strict=True) if v is not None and not c.private]
    names = [text for c, text in shown if c.mask == "name" and mask_problem("name", text) is None]
    words = [text for c, text in shown if c.type == "string" and c.mask is None and c.name not in ("village", "group")]
    group = next((text for c, text in shown if c.name == "group"), "")
    main = names[0] if names else words[0] if words and not any(c.mask == "name" for c, _ in shown) else ""
    if main and group:
        return f"{main}（{group}）"
    return main or group


def _shown(value: Value, column: Column) -> str:
    if value is None:
        return "—"
    if column.mask == "name" and mask_problem("name", str(value)) is not None:
        return "…"
    return show(value, column) + (column.unit if column.unit and isinstance(value, Decimal) else "")
