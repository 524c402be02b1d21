"""Stages (一榜, 二榜, 三榜): a list that is posted several times, and the way of each of its rows from one posting to the next.

The village posts what its meeting proposed, the township what it reviewed, the county what it decided. A row that drops out, comes in or
changes needs a reason in the later record: in ``changes``, or in the table's own column for it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Literal

from msgspec import Struct, field

from .catalog import Column, Counterpart, TableSchema
from .mask import mask_problem
from .record import RowChange
from .region import Record
from .table import Table, Value, fold

STAGES = ("一榜", "二榜", "三榜")
"""The stages in their order."""
_REASONS = ("change", "note")
"""Columns in which a table itself may say why a row is not what it was."""

Key = tuple[str, ...]


def stage_number(stage: str) -> int:
    """0 for 一榜."""
    return STAGES.index(stage)


class StageRow(Struct, frozen=True):
    """A row of one stage, under its village."""

    record: Record
    village: str
    line: int
    key: Key
    name: str
    """As findings and pages may print it: masked."""
    values: Mapping[str, Value]


class StageRows(Struct):
    """All rows of one stage, by village and key."""

    records: list[Record] = field(default_factory=list)
    rows: dict[str, dict[Key, StageRow]] = field(default_factory=lambda: defaultdict(dict))
    unplaced: set[Key] = field(default_factory=set)
    """Keys of rows whose village nobody knows, or that could not be read."""
    unplaced_names: set[str] = field(default_factory=set)
    """The names that such rows show."""

    def add(self, rows: Iterable[StageRow]) -> None:
        """Take in rows; the second of two with one key was reported when the table was read."""
        for row in rows:
            if not row.village:
                self.unplaced.add(row.key)
                self.unplaced_names.add(row.name)
            else:
                self.rows[row.village].setdefault(row.key, row)


class Step(Struct, frozen=True):
    """What became of a row from one stage to the next."""

    kind: Literal["dropped", "appeared", "changed"]
    before: StageRow | None
    after: StageRow | None
    column: str = ""
    """For a change: the column that changed."""

    @property
    def row(self) -> StageRow:
        """The row as the later stage has it, else as the earlier one had it."""
        row = self.after or self.before
        assert row is not None
        return row


def stage_rows(
    record: Record,
    table: Table,
    schema: TableSchema,
    same: Counterpart,
    own: str | None,
    names: Mapping[str, str],
    skip: frozenset[tuple[str, int]],
) -> Iterable[StageRow]:
    """The rows of a record, by village: ``own`` for a village's table, else the village that the row names (``names``: name → code).

    Rows in ``skip`` (file, line) could not be read as they stand and get no village.
    """
    places = {n: i for i, n in enumerate(table.columns)}
    columns = {c.name: c for c in schema.fields}
    named = next((c for c in schema.fields if c.mask == "name" and c.name in places), None)
    keys = [k for k in same.key if k in places] or [k for k in ("name", "group") if k in places]
    for row, line in zip(table.rows, table.lines, strict=True):
        key = tuple(fold(row[places[k]]) for k in keys)
        village = own or (names.get(fold(row[places[same.slice]]), "") if same.slice in places else "")
        if (table.file, line) in skip:
            village = ""
        yield StageRow(
            record, village, line, key, _label(row, places, columns, named, key, keys, line), {n: row[i] for n, i in places.items()}
        )


def _label(
    row: Sequence[Value],
    places: Mapping[str, int],
    columns: Mapping[str, Column],
    named: Column | None,
    key: Key,
    keys: list[str],
    line: int,
) -> str:
    if named is not None and (text := row[places[named.name]]) and not mask_problem("name", str(text)):
        return str(text)
    if keys and not any(columns[k].private or columns[k].mask for k in keys):
        return " ".join(key)
    return f"第{line}行"


def watched(schema: TableSchema, same: Counterpart) -> list[str]:
    """The columns that may not change without a reason: the name, what counterparts compare, and every other figure."""
    names = [c.name for c in schema.fields if c.mask == "name"]
    figures = [c.name for c in schema.fields if c.type in ("number", "integer") and not c.private]
    return list(dict.fromkeys([*same.compare, *names, *figures]))


def steps(before: Mapping[Key, StageRow], after: Mapping[Key, StageRow], columns: Sequence[str], compare: Sequence[str]) -> list[Step]:
    """How one village's rows went from a stage to the next, in the order of the later table; dropped rows last.

    A figure that a stage leaves open is no change, unless it is compared and was given before.
    """
    made: list[Step] = []
    gone = {k: r for k, r in before.items() if k not in after}
    for key, row in after.items():
        if key in before:
            old = before[key]
            column = next((c for c in columns if _differs(old.values.get(c), row.values.get(c), c in compare)), None)
            if column:
                made.append(Step("changed", old, row, column))
            continue
        same = next((k for k, r in gone.items() if r.name == row.name), None)
        if same is not None:  # the row is there, under another key
            made.append(Step("changed", gone.pop(same), row, "key"))
        else:
            made.append(Step("appeared", None, row))
    return made + [Step("dropped", row, None) for row in gone.values()]


def _differs(old: Value, new: Value, compared: bool) -> bool:
    if isinstance(old, Decimal) and isinstance(new, Decimal):
        return old != new
    if old is None:
        return False
    if new is None:
        return compared
    return fold(old) != fold(new)


def says_why(step: Step, schema: TableSchema) -> bool:
    """Whether the later table gives the reason in a column of its own: a remark, or a kind of change that is new."""
    if step.after is None:
        return False
    for name in _REASONS:
        column = next((c for c in schema.fields if c.name == name), None)
        said, before = step.after.values.get(name), step.before.values.get(name) if step.before else None
        # 新增 in a list of new applicants says nothing of what changed since the stage before.
        if column is not None and said and fold(said) != fold(before) and not (step.before is None and column.constraints.enum):
            return before is not None or not column.constraints.enum
    return False


def explained(found: Sequence[Step], changes: Sequence[RowChange]) -> tuple[dict[int, RowChange], list[RowChange]]:
    """Which entry of ``changes`` explains which step (by its place in ``found``), and the entries that explain none."""
    why: dict[int, RowChange] = {}
    left = []
    for change in changes:
        wanted = fold(change.row)
        n = next((n for n, s in enumerate(found) if n not in why and wanted in _names(s)), None)
        if n is None:
            left.append(change)
        else:
            why[n] = change
    return why, left


def _names(step: Step) -> set[str]:
    rows = [r for r in (step.before, step.after) if r]
    return {fold(r.name) for r in rows} | {k for r in rows for k in (*r.key, "-".join(r.key)) if k}
