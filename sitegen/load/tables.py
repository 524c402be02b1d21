"""Tables from CSV and XLSX: exact figures, every problem at its row."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import python_calamine

from sitegen.model.catalog import Column, Constraints, TableSchema
from sitegen.model.finding import Finding, finding
from sitegen.model.mask import mask_problem
from sitegen.model.personal import shortened
from sitegen.model.table import Table, Value, fold

from .textfile import Unreadable, decode, read_bytes
from .validate import nearest

FILE_LIMIT = 30_000_000
UNZIPPED_LIMIT = 300_000_000
RATIO_LIMIT = 200
CELL_LIMIT = 5_000_000

_FIGURE = re.compile(r"[-+]?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?")
_PLAIN = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,6})?")
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_MONTH = re.compile(r"(\d{4})[-/.年](\d{1,2})月?")
_UNIT_TAIL = re.compile(r"[(（\[【][^)）\]】]*[)）\]】]$")
_TOTAL_WORDS = {"合计", "总计", "总合计", "共计", "小计"}
_ORDINALS = {"序号", "序", "编号", "no", "no."}
_REDACTED = "…"
_REMEMBERED = 20_000
_NEW: Any = object()
_BEYOND = Decimal(10) ** 14
"""No figure of a county has 15 digits before the point; ID and card numbers have."""
_STEPS = tuple(Decimal(1).scaleb(-n) for n in range(7))

Row = tuple[int, Sequence[Any]]


def load_table(
    path: Path,
    name: str,
    schema: TableSchema,
    findings: list[Finding],
    *,
    sheet: str | None = None,
    cells: list[Row] | None = None,
    **where: Any,
) -> Table | None:
    """Read a table for ``schema``; ``name`` is its path in the region, ``where`` the unit and record concerned.

    ``cells`` takes up the rows as they stand in the file, headings, unknown columns and what could not be read included.

    Returns ``None`` when it cannot be used. Problems are appended to ``findings``; a table with errors is still returned
    when its rows could be read, so that later checks can report theirs too.
    """
    try:
        rows = list(_rows(path, sheet))
    except Unreadable as error:
        code = "SG201" if error.code == "SG109" and not path.exists() else error.code
        findings.append(finding(code, name, None, None, problem=error.problem, path=path.name, **where))
        return None
    if cells is not None:
        cells.extend(rows)
    return _Reader(name, schema, findings, where).read(rows)


def _rows(path: Path, sheet: str | None) -> Iterator[Row]:
    data = read_bytes(path, FILE_LIMIT)
    if path.suffix.lower() == ".xlsx":
        yield from _xlsx_rows(data, sheet)
        return
    if path.suffix.lower() != ".csv":
        raise Unreadable("SG202", "neither .csv nor .xlsx")
    text = decode(data, legacy=True)
    start = 1
    reader = csv.reader(io.StringIO(text, newline=""))
    try:
        for row in reader:
            yield start, row
            start = reader.line_num + 1
    except csv.Error as error:
        raise Unreadable("SG202", str(error)) from None


def _xlsx_rows(data: bytes, sheet: str | None) -> Iterator[Row]:
    refuse_bombs(data)
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        if sheet is not None and sheet not in book.sheet_names:
            raise Unreadable("SG202", f"there is no sheet {sheet}")
        chosen = book.get_sheet_by_name(sheet) if sheet is not None else book.get_sheet_by_index(0)
        if chosen.total_height * chosen.total_width > CELL_LIMIT:
            raise Unreadable("SG107", "too many cells")
        first = chosen.start[0] if chosen.start else 0
        yield from enumerate(chosen.to_python(skip_empty_area=True), first + 1)
    except python_calamine.CalamineError as error:
        raise Unreadable("SG202", str(error).splitlines()[0] if str(error) else "damaged or encrypted") from None
    except IndexError:
        raise Unreadable("SG202", "there is no sheet") from None


def refuse_bombs(data: bytes) -> None:
    """An XLSX is a ZIP: what it claims to unpack to is checked before anything unpacks it."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = 0
            for info in archive.infolist():
                unpacked += info.file_size
                ratio = info.file_size / max(1, info.compress_size)
                if unpacked > UNZIPPED_LIMIT or (ratio > RATIO_LIMIT and info.file_size > 5_000_000):
                    raise Unreadable("SG107", "unpacks to far more than its size (ZIP bomb?)")
    except zipfile.BadZipFile:
        raise Unreadable("SG202", "damaged or encrypted") from None


class _Reader:
    """Reads the rows of one file against one schema."""

    def __init__(self, name: str, schema: TableSchema, findings: list[Finding], where: dict[str, Any]) -> None:
        self.name, self.schema, self.findings, self.where = name, schema, findings, where
        self.plan = _plan_of(schema)
        self.doubtful: set[str] = set()
        """Columns with a cell that could not be read: their written total cannot be checked."""

    def report(self, code: str, line: int | None, at: int | None = None, /, **args: Any) -> None:
        self.findings.append(finding(code, self.name, line, at, **args, **self.where))

    def read(self, rows: list[Row]) -> Table | None:
        rows = [(line, row) for line, row in rows if any(str(cell).strip() for cell in row)]
        if not rows:
            self.report("SG216", 1)
            return None
        head_line, head = rows[0]
        head = _trim(head)
        places = self._head(head_line, head)
        columns = [c for c in self.schema.fields if c.name in places]
        whole: list[Row] = []
        torn: dict[int, tuple[Value, ...]] = {}
        """Rows with too few or too many cells, by line."""
        lines: list[int] = []
        written: list[tuple[int, Sequence[Any]]] = []
        for line, row in rows[1:]:
            row = _fit(row, len(head))
            if self._is_total(row):
                written.append((line, row))
                continue
            if len(row) != len(head):
                self.report("SG205", line, found=len(row), expected=len(head))
                torn[line] = self._short_row(row, columns, places, line, len(head))
            else:
                whole.append((line, row))
            lines.append(line)
        across = list(zip(*(row for _, row in whole), strict=True))
        values = iter(zip(*(self._values(c, places[c.name], across[places[c.name]], whole) for c in columns), strict=True) if whole else ())
        out = [torn[line] if line in torn else next(values) for line in lines]
        if not out:
            self.report("SG216", head_line)
            return None
        table = Table(self.schema.id, self.name, tuple(c.name for c in columns), tuple(out), tuple(lines))
        self._unique(table)
        for line, row in written:
            self._written_total(table, columns, places, line, row)
        return table

    def _values(self, column: Column, place: int, cells: Sequence[Any], rows: list[Row]) -> list[Value]:
        """A column of whole rows. Cells that were met before cost a look-up."""
        sound = self.plan.sound[column.name]
        try:
            return list(map(sound.__getitem__, cells))
        except (KeyError, TypeError):
            pass
        values = [sound.get(cell, _NEW) for cell in cells]
        for n, value in enumerate(values):
            if value is _NEW:
                values[n] = self._new(cells[n], column, rows[n][0], place, sound)
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

    def _is_total(self, row: Sequence[Any]) -> bool:
        # Every such word has 计; asking for it first is cheap.
        return any("计" in (text := str(cell)) and fold(text).rstrip(":") in _TOTAL_WORDS for cell in row[:4])

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
            value = (_text(raw) or None) if column.name in self.plan.text else _convert(raw, column)
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
        rounded = value.quantize(_STEPS[allowed])
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
        places = [table.columns.index(k) for k in key]
        secret = any(c.private or c.mask for c in self.schema.fields if c.name in key)
        first: dict[tuple[str, ...], int] = {}
        for row, line in zip(table.rows, table.lines, strict=True):
            name = tuple(fold(row[i]) for i in places)
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


def _trim(row: Sequence[Any]) -> list[Any]:
    cells = list(row)
    while cells and not str(cells[-1]).strip():
        cells.pop()
    return cells


def _fit(row: Sequence[Any], width: int) -> Sequence[Any]:
    """Empty cells to the right of the head are no cells."""
    return _trim(row) + [""] * (min(len(row), width) - len(_trim(row))) if len(row) > width else row


def heading(word: object) -> str:
    """A heading without its unit and without differences of width: ``面积(亩)`` is ``面积``."""
    text = fold(str(word))
    return _UNIT_TAIL.sub("", text) or text


def _quoted(raw: Any, column: Column) -> str:
    """The cell as a finding may repeat it: never what is private or to be masked."""
    return _REDACTED if column.private or column.mask else shortened(_text(raw))[:40]


def _text(raw: Any) -> str:
    if isinstance(raw, str):
        return raw.strip()
    if raw is None:
        return ""
    if isinstance(raw, float):
        return str(int(raw)) if raw.is_integer() else repr(raw)
    if isinstance(raw, dt.datetime):
        return raw.date().isoformat()
    return str(raw).strip()


def to_decimal(raw: Any, unit: str | None = None) -> Decimal | None:
    """An exact figure from a cell: full-width digits, separators of thousands and the column's own unit are understood.

    ``None`` for an empty cell. Raises ``ValueError`` for anything that is no figure.
    """
    if isinstance(raw, bool):
        raise ValueError("no figure")
    if isinstance(raw, float | int):
        return Decimal(_text(raw))
    if isinstance(raw, str) and _PLAIN.fullmatch(raw):
        return Decimal(raw)
    text = unicodedata.normalize("NFKC", _text(raw)).replace(" ", "").replace("，", ",").replace("−", "-")
    if not text:
        return None
    text = text.lstrip("¥￥")
    if unit and text.endswith(unit):
        text = text[: -len(unit)]
    if not _FIGURE.fullmatch(text):
        raise ValueError("no figure")
    return Decimal(text.replace(",", ""))


def _convert(raw: Any, column: Column) -> Value:
    match column.type:
        case "number" | "integer" | "year":
            figure = to_decimal(raw, column.unit)
            if figure is not None and abs(figure) >= _BEYOND:
                raise ValueError("no figure")
            return figure
        case "date":
            return _date(raw)
        case "yearmonth":
            return _month(raw)
        case _:
            text = _text(raw)
            if column.type == "boolean" and text not in ("", "是", "否"):
                raise ValueError("neither 是 nor 否")
            return text or None


def _date(raw: Any) -> dt.date | None:
    if isinstance(raw, dt.datetime):
        return raw.date()
    if isinstance(raw, dt.date):
        return raw
    text = unicodedata.normalize("NFKC", _text(raw)).replace(" ", "")
    if not text:
        return None
    m = _DATE.fullmatch(text)
    if not m:
        raise ValueError("no date")
    return dt.date(int(m[1]), int(m[2]), int(m[3]))


def _month(raw: Any) -> str | None:
    if isinstance(raw, dt.date):
        return f"{raw.year:04}-{raw.month:02}"
    text = unicodedata.normalize("NFKC", _text(raw)).replace(" ", "")
    if not text:
        return None
    m = _MONTH.fullmatch(text)
    if not m or not 1 <= int(m[2]) <= 12:
        raise ValueError("no month")
    return f"{m[1]}-{int(m[2]):02}"


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
