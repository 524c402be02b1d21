"""Tables from CSV and XLSX: exact figures, every problem at its row."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from sitegen.model.catalog import Column, Constraints, TableSchema
from sitegen.model.finding import Finding, finding
from sitegen.model.mask import mask_problem
from sitegen.model.personal import shortened
from sitegen.model.series import Series
from sitegen.model.table import Table, Value, fold, folded

from .bulk import STEPS, bulk_reader
from .cells import Cells, Row, read_cells
from .textfile import Unreadable
from .validate import nearest
from .values import as_text, convert, to_decimal

_UNIT_TAIL = re.compile(r"[(（\[【][^)）\]】]*[)）\]】]$")
_TOTAL_WORDS = {"合计", "总计", "总合计", "共计", "小计"}
_TOTAL_WITHIN = 4
"""Cells of a row in which the word for a total may stand."""
_ORDINALS = {"序号", "序", "编号", "no", "no."}
_REDACTED = "…"
_REMEMBERED = 20_000
_NEW: Any = object()


def load_table(
    path: Path,
    name: str,
    schema: TableSchema,
    findings: list[Finding],
    *,
    sheet: str | None = None,
    **where: Any,
) -> tuple[Table | None, Cells]:
    """Read a table for ``schema``; ``name`` is its path in the region, ``where`` the unit and record concerned.

    Returns the table, ``None`` when it cannot be used, and the cells as they stand in the file. Problems are appended to ``findings``;
    a table with errors is still returned when its rows could be read, so that later checks can report theirs too.
    """
    try:
        cells = read_cells(path, sheet)
    except Unreadable as error:
        code = "SG201" if error.code == "SG109" and not path.exists() else error.code
        findings.append(finding(code, name, None, None, problem=error.problem, path=path.name, **where))
        return None, Cells()
    return _Reader(name, schema, findings, where).read(cells), cells


def read_table(cells: Cells, name: str, schema: TableSchema, findings: list[Finding], **where: Any) -> Table | None:
    """The table of cells that were read already; otherwise as :func:`load_table`."""
    return _Reader(name, schema, findings, where).read(cells)


class _Reader:
    """Reads the rows of one file against one schema."""

    def __init__(self, name: str, schema: TableSchema, findings: list[Finding], where: dict[str, Any]) -> None:
        self.name, self.schema, self.findings, self.where = name, schema, findings, where
        self.plan = _plan_of(schema)
        self.doubtful: set[str] = set()
        """Columns with a cell that could not be read: their written total cannot be checked."""

    def report(self, code: str, line: int | None, at: int | None = None, /, **args: Any) -> None:
        self.findings.append(finding(code, self.name, line, at, **args, **self.where))

    def read(self, cells: Cells) -> Table | None:
        if not cells:
            self.report("SG216", 1)
            return None
        head_line, head = cells.lines[0], _trim(cells.rows[0])
        places = self._head(head_line, head)
        columns = [c for c in self.schema.fields if c.name in places]
        written: list[Row] = []
        torn: dict[int, tuple[Value, ...]] = {}
        if _even(cells, len(head)):
            lines = at = cells.lines[1:]
            series = [self._even_column(c, places[c.name], cells, at) for c in columns]
        else:
            lines, whole, torn = self._sort_out(cells, len(head), columns, places, written)
            at = [line for line, _ in whole]
            across: list[Sequence[Any]] = list(zip(*(row for _, row in whole), strict=True)) if whole else [()] * len(head)
            series = [self._column(c, places[c.name], across[places[c.name]], at, plain=cells.plain) for c in columns]
        if not lines or not columns:
            self.report("SG216", head_line)
            return None
        table = self._table(columns, series, lines, torn)
        self._unique(table)
        for line, row in written:
            self._written_total(table, columns, places, line, row)
        return table

    def _table(self, columns: list[Column], series: list[Series], lines: Sequence[int], torn: dict[int, tuple[Value, ...]]) -> Table:
        if not torn:
            return Table.of_series(self.schema.id, self.name, {c.name: s for c, s in zip(columns, series, strict=True)}, lines)
        whole = zip(*(s.values for s in series), strict=True)
        rows = [torn[line] if line in torn else next(whole) for line in lines]
        return Table(self.schema.id, self.name, tuple(c.name for c in columns), rows, tuple(lines))

    def _even_column(self, column: Column, place: int, cells: Cells, lines: Sequence[int]) -> Series:
        """A column of a table without gaps and totals."""
        below = cells.columns[place][1:]
        reader = self.plan.bulk[column.name] if cells.plain and below else None
        read = reader(below, cells.joined[place][len(cells.columns[place][0]) + 1 :]) if reader is not None else None
        return read if read is not None else Series.of(self._values(column, place, below, lines))

    def _column(self, column: Column, place: int, cells: Sequence[Any], lines: Sequence[int], *, plain: bool) -> Series:
        """Some cells of a column."""
        reader = self.plan.bulk[column.name] if plain and cells else None
        read = reader(cells, "\n".join(cells)) if reader is not None else None
        return read if read is not None else Series.of(self._values(column, place, cells, lines))

    def _sort_out(
        self, cells: Cells, width: int, columns: list[Column], places: dict[str, int], written: list[Row]
    ) -> tuple[list[int], list[Row], dict[int, tuple[Value, ...]]]:
        """Lines of all rows but totals, which go to ``written``; the whole rows; and by line the values of rows with too few or too many cells."""
        lines: list[int] = []
        whole: list[Row] = []
        torn: dict[int, tuple[Value, ...]] = {}
        for line, row in zip(cells.lines[1:], cells.rows[1:], strict=True):
            row = _fit(row, width, len(cells.rows[0]))
            if _is_total(row):
                written.append((line, row))
                continue
            if len(row) != width:
                self.report("SG205", line, found=len(row), expected=width)
                torn[line] = self._short_row(row, columns, places, line, width)
            else:
                whole.append((line, row))
            lines.append(line)
        return lines, whole, torn

    def _values(self, column: Column, place: int, cells: Sequence[Any], lines: Sequence[int]) -> list[Value]:
        """A column of whole rows. Cells that were met before cost a look-up."""
        sound = self.plan.sound[column.name]
        try:
            return list(map(sound.__getitem__, cells))
        except (KeyError, TypeError):
            pass
        values = [sound.get(cell, _NEW) for cell in cells]
        for n, value in enumerate(values):
            if value is _NEW:
                values[n] = self._new(cells[n], column, lines[n], place, sound)
        return values

    def _new(self, raw: Any, column: Column, line: int, place: int, sound: dict[Any, Value]) -> Value:
        """A cell's value; remembered when there is nothing to say against it."""
        before = len(self.findings)
        value = self._cell(raw, column, line, place)
        # Only texts: 1, 1.0 and True are one key to a dictionary.
        if isinstance(raw, str) and len(self.findings) == before:
            if len(sound) >= _REMEMBERED:
                sound.clear()
            sound[raw] = value
        return value

    def _short_row(self, row: Sequence[Any], columns: list[Column], places: dict[str, int], line: int, width: int) -> tuple[Value, ...]:
        """A row with too few or too many cells: what is there is read, what is not there is not reported again."""
        # In a row that is too long everything behind the slip stands under a wrong heading.
        self.doubtful.update(c.name for c in columns if places[c.name] >= len(row) or len(row) > width)
        before = len(self.findings)
        values = tuple(self._cell(row[places[c.name]], c, line, places[c.name]) if places[c.name] < len(row) else None for c in columns)
        if len(row) > width:
            del self.findings[before:]
        return values

    def _head(self, line: int, head: Sequence[Any]) -> dict[str, int]:
        """Place of every column; what is wrong with the headings is reported. Heads that were met before cost a look-up."""
        name = tuple(map(str, head))
        if (places := self.plan.heads.get(name)) is None:
            before = len(self.findings)
            places = self._new_head(line, head)
            if len(self.findings) == before:
                self.plan.heads[name] = places
        return places

    def _new_head(self, line: int, head: Sequence[Any]) -> dict[str, int]:
        known = self.plan.known
        titles = [c.title for c in self.schema.fields]
        places: dict[str, int] = {}
        for i, cell in enumerate(head):
            word = heading(cell)
            found = known.get(word)
            if found is None:
                if word.lower() not in _ORDINALS:
                    near = nearest(str(cell), titles)
                    self.report("SG204", line, i + 1, column=str(cell) or " ", allowed=[near] if near else titles)
            elif found.name in places:
                self.report("SG214", line, i + 1, column=str(cell))
            else:
                places[found.name] = i
        for column in self.schema.fields:
            if column.constraints.required and column.name not in places:
                self.report("SG203", line, column=column.title, allowed=titles)
        return places

    def _written_total(self, table: Table, columns: list[Column], places: dict[str, int], line: int, row: Sequence[Any]) -> None:
        for column in columns:
            i = places[column.name]
            if not column.total or i >= len(row) or column.name in self.doubtful:
                continue
            try:
                said = to_decimal(row[i], column.unit)
            except ValueError:
                continue
            total = sum((v for v in table.column(column.name) if isinstance(v, Decimal)), Decimal(0))
            if said is not None and said != total:
                self.report("SG211", line, i + 1, column=column.title, written=f"{said:,}", sum=f"{total:,}")

    def _cell(self, raw: Any, column: Column, line: int, place: int) -> Value:
        value: Value = None
        try:
            value = (as_text(raw) or None) if column.name in self.plan.text else convert(raw, column)
        except ValueError:
            self.doubtful.add(column.name)
            text = _quoted(raw, column)
            code = "SG206" if column.type in ("number", "integer", "year") else "SG215" if column.type in ("date", "yearmonth") else "SG208"
            self.report(code, line, place + 1, column=column.title, value=text, problem=column.type)
            return None
        if value is None:
            if column.constraints.required:
                self.doubtful.add(column.name)
                self.report("SG207", line, place + 1, column=column.title)
            return None
        if isinstance(value, Decimal):
            value = self._decimals(value, column, line, place)
        allowed = column.constraints.enum
        if allowed is not None and str(value) not in allowed:
            self.report("SG218", line, place + 1, column=column.title, value=_quoted(raw, column), allowed=allowed)
        elif column.name not in self.plan.free and (problem := _constraint_problem(value, column)):
            self.doubtful.add(column.name)
            self.report("SG208", line, place + 1, column=column.title, value=_quoted(raw, column), problem=problem)
        if column.mask and (weak := mask_problem(column.mask, str(value))):
            self.report("SG209", line, place + 1, column=column.title, problem=weak)
        return value

    def _decimals(self, value: Decimal, column: Column, line: int, place: int) -> Decimal:
        allowed = 0 if column.type in ("integer", "year") else column.decimals
        if allowed is None:
            return value
        rounded = value.quantize(STEPS[allowed])
        if rounded != value:
            self.doubtful.add(column.name)
            self.report("SG217", line, place + 1, column=column.title, value=shortened(str(value)), decimals=allowed)
        return rounded

    def _unique(self, table: Table) -> None:
        key = [k for k in self.schema.primaryKey if k in table.columns]
        if len(key) != len(self.schema.primaryKey) or not key:
            return
        if "village" in table.columns and "village" not in key:
            key = ["village", *key]  # a household number is unique in its village, not in the township
        names = list(zip(*(folded(table.column(k)) for k in key), strict=True))
        if len(set(names)) == len(names):
            return
        secret = any(c.private or c.mask for c in self.schema.fields if c.name in key)
        first: dict[tuple[str, ...], int] = {}
        for name, line in zip(names, table.lines, strict=True):
            if not all(name):
                continue
            if name in first:
                titles = [c.title for c in self.schema.fields if c.name in key]
                self.report("SG210", line, first=first[name], key=titles if secret else list(name))
            else:
                first[name] = line


class _Plan:
    """What reading needs of a schema, worked out once: models are slow to ask for every cell."""

    def __init__(self, schema: TableSchema) -> None:
        self.schema = schema
        self.known: dict[str, Column] = {}
        for column in schema.fields:
            for word in column.synonyms:
                self.known.setdefault(heading(word), column)
        # A title or name wins over another column's synonym.
        for column in schema.fields:
            self.known[heading(column.title)] = self.known[heading(column.name)] = column
        self.free = {c.name for c in schema.fields if c.constraints == Constraints(required=c.constraints.required)}
        self.text = {c.name for c in schema.fields if c.type == "string"}
        self.sound: dict[str, dict[Any, Value]] = {c.name: {} for c in schema.fields}
        """By column: cells seen before that were right, with their values. What a cell means depends on nothing else."""
        self.bulk = {c.name: bulk_reader(c) for c in schema.fields}
        """By column: how to read all its cells together."""
        self.heads: dict[tuple[str, ...], dict[str, int]] = {}
        """By headings that were right: the place of every column."""


_plans: dict[int, _Plan] = {}


def _plan_of(schema: TableSchema) -> _Plan:
    plan = _plans.get(id(schema))
    if plan is None or plan.schema is not schema:
        plan = _plans[id(schema)] = _Plan(schema)
    return plan


def columns_of(schema: TableSchema, head: Sequence[Any]) -> list[Column | None]:
    """The column that each heading stands for, ``None`` where the schema knows none."""
    known = _plan_of(schema).known
    return [known.get(heading(cell)) for cell in head]


def _even(cells: Cells, width: int) -> bool:
    """Whether every row has a cell for every heading and none is a total."""
    if cells.width != width:
        return False
    if cells.plain:
        return not any("计" in text[len(column[0]) :] for column, text in zip(cells.columns[:_TOTAL_WITHIN], cells.joined, strict=False))
    return not any("计" in str(cell) for column in cells.columns[:_TOTAL_WITHIN] for cell in column[1:])


def _is_total(row: Sequence[Any]) -> bool:
    # Every such word has 计; asking for it first is cheap.
    return any("计" in (text := str(cell)) and fold(text).rstrip(":") in _TOTAL_WORDS for cell in row[:_TOTAL_WITHIN])


def _trim(row: Sequence[Any]) -> list[Any]:
    cells = list(row)
    while cells and not str(cells[-1]).strip():
        cells.pop()
    return cells


def _fit(row: Sequence[Any], width: int, whole: int) -> Sequence[Any]:
    """Empty cells to the right of the head are no cells, where the head's own line has as many (``whole``), as in tables saved by a spreadsheet.

    A line with more cells than the head's is not shortened: ``1,234`` without quotes makes two cells of one, and what stands behind it
    slips one column to the right, the last empty cell out of the table.
    """
    if not width < len(row) <= whole:
        return row
    return _trim(row) + [""] * (width - len(_trim(row)))


def heading(word: object) -> str:
    """A heading without its unit and without differences of width: ``面积(亩)`` is ``面积``."""
    return _heading(str(word))


@lru_cache(maxsize=4000)
def _heading(word: str) -> str:
    text = fold(word)
    return _UNIT_TAIL.sub("", text) or text


def _quoted(raw: Any, column: Column) -> str:
    """The cell as a finding may repeat it: never what is private or to be masked."""
    return _REDACTED if column.private or column.mask else shortened(as_text(raw))[:40]


def _constraint_problem(value: Value, column: Column) -> str | None:
    rule = column.constraints
    if rule.pattern is not None and not re.fullmatch(rule.pattern, str(value)):
        return "not of the form expected"
    if isinstance(value, Decimal):
        if rule.minimum is not None and value < Decimal(str(rule.minimum)):
            return "too small"
        if rule.maximum is not None and value > Decimal(str(rule.maximum)):
            return "too large"
    return None
