"""Stages (三榜): each has the one before, begins when that one has hung for its time, and says why a row is not what it was."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from msgspec.structs import replace

from sitegen.model.accounts import LOOK, cause
from sitegen.model.base import Level
from sitegen.model.catalog import Counterpart, TableSchema
from sitegen.model.deadline import parse_deadline
from sitegen.model.finding import Finding
from sitegen.model.matter import MatterKey
from sitegen.model.region import Record
from sitegen.model.stages import STAGES, Key, StageRow, StageRows, Step, explained, says_why, stage_number, stage_rows, steps, watched
from sitegen.model.unit import ancestors, level_of, parent_code

from .books import doubtful_rows, villages_by_name
from .echoes import LESS, total_off
from .scope import Scope, at, in_table


def check_stages(scope: Scope) -> Iterator[Finding]:
    """Everything about lists that are posted in stages."""
    names: dict[str, Mapping[str, str]] = {}
    doubtful = doubtful_rows(scope.region)
    for key, records in sorted(scope.matters.groups.items(), key=lambda pair: (str(pair[0].period), repr(pair[0]))):
        staged = [r for r in records if r.front.stage]
        if staged:
            yield from _Matter(scope, key, staged, names, doubtful).check()


class _Matter:
    """One matter in its stages."""

    def __init__(
        self,
        scope: Scope,
        key: MatterKey,
        records: Sequence[Record],
        names: dict[str, Mapping[str, str]],
        doubtful: frozenset[tuple[str, int]],
    ) -> None:
        self.scope, self.key, self.names, self.doubtful = scope, key, names, doubtful
        self.records: dict[int, list[Record]] = defaultdict(list)
        for r in records:
            assert r.front.stage is not None
            self.records[stage_number(r.front.stage)].append(r)
        self.wrong: set[str] = set()
        """Records whose stage is wrong in itself."""
        self.rootless: set[str] = set()
        """Records without the stage before: their own may be what is wrong, so that nothing that follows is held against their rows."""
        self.told: dict[tuple[int, str, Key], Step] = {}
        """What was reported of a row when it came to a stage."""
        self.totals = _totals_off(scope)
        self.headless = {f.file for f in scope.region.findings if f.code == "SG203"}
        """Tables without a column that tells their rows apart, or that is compared."""

    def check(self) -> Iterator[Finding]:
        for n, records in sorted(self.records.items()):
            for r in records:
                yield from self._right_stage(r, n)
        rows = {n: self._rows(records) for n, records in self.records.items()}
        for n in sorted(self.records):
            if n:
                for r in self.records[n]:
                    yield from self._after(r, n, rows)
            else:
                for r in self.records[n]:
                    for change in r.front.changes:
                        yield at("SG627", r, "changes", row=change.row, before="—")

    def _same(self, r: Record) -> Counterpart:
        same = self.scope.region.catalog.items[r.front.item].counterpart
        assert same is not None
        return same

    def _right_stage(self, r: Record, n: int) -> Iterator[Finding]:
        stages = self._same(r).stages
        if not stages:
            return
        level = level_of(r.unit)
        if n >= len(stages):
            self.wrong.add(r.ref)
            yield at("SG626", r, "stage", stage=STAGES[n], stages=STAGES[: len(stages)])
        elif level not in (stages[n], Level.VILLAGE):
            self.wrong.add(r.ref)
            yield at("SG628", r, "stage", stage=STAGES[n], level=stages[n].zh)

    def _rows(self, records: Sequence[Record]) -> StageRows:
        made = StageRows()
        for r in records:
            table = self.scope.unit(r).contents()[r.front.id].table
            made.records.append(r)
            if table is None:
                continue
            schema = self.scope.region.catalog.tables[table.schema]
            own = r.unit if level_of(r.unit) is Level.VILLAGE else None
            if own is None and r.unit not in self.names:
                self.names[r.unit] = villages_by_name(self.scope.region, self.scope.unit(r))
            made.add(stage_rows(r, table, schema, self._same(r), own, self.names.get(r.unit, {}), self.doubtful))
        return made

    # ---- One record and the stage before it.

    def _villages(self, r: Record, rows: StageRows) -> list[str]:
        return [v for v, found in rows.rows.items() if any(row.record is r for row in found.values())]

    def _after(self, r: Record, n: int, rows: Mapping[int, StageRows]) -> Iterator[Finding]:
        before = rows.get(n - 1, StageRows())
        mine = self._villages(r, rows[n])
        earlier = self._earlier(r, n, mine)
        lacking = [v for v in mine if not earlier[v]]
        if lacking == mine:
            self.rootless.add(r.ref)
        yield from self._missing(r, n, mine, lacking)
        yield from self._posting(r, n, [p for v in mine for p in earlier[v]])
        if self._read(r) and (not lacking or len(lacking) < len(mine)):
            # Rows of a table that could not be read are nowhere: nothing can be said of what came or went.
            known = [v for v in mine if all(self._read(e) and e.ref not in self.rootless for e in earlier[v])]
            yield from self._steps(r, n, before, rows[n], known, earlier, whole=not lacking and self._whole(r, n, before, rows[n]))

    def _whole(self, r: Record, n: int, before: StageRows, after: StageRows) -> bool:
        """Whether everything of both stages could be read."""
        group = self.scope.group(r.front.item)
        both = (*self.records.get(n - 1, ()), *self.records[n])
        read = all(self._read(e) for e in both)
        return read and not before.unplaced and not after.unplaced and not any(self.scope.may_hide(u, group) for u in self.scope.unread)

    def _read(self, r: Record) -> bool:
        if r.front.table is None:
            return True
        return r.table_file not in self.headless and self.scope.unit(r).contents()[r.front.id].table is not None

    def _earlier(self, r: Record, n: int, villages: Sequence[str]) -> dict[str, list[Record]]:
        """For each village the records of the stage before that are about it: its own, or those of a unit above it."""
        found: dict[str, list[Record]] = {}
        for v in villages:
            found[v] = [e for e in self.records.get(n - 1, ()) if e.unit in (v, *ancestors(v))]
        return found

    def _missing(self, r: Record, n: int, mine: Sequence[str], lacking: Sequence[str]) -> Iterator[Finding]:
        stages = self._same(r).stages
        if n >= len(stages) or r.ref in self.wrong or self.wrong:
            return
        if level_of(r.unit) is not Level.VILLAGE and stages[n - 1] is Level.VILLAGE:
            # A village whose own posting calls itself a later stage is told so there.
            misnamed = {e.unit for k, found in self.records.items() if k for e in found if level_of(e.unit) is Level.VILLAGE}
            lacking = [v for v in lacking if v not in misnamed]
        if level_of(r.unit) is Level.VILLAGE and n > 0 and not lacking and not self._stage_of(r.unit, 0) and stages[0] is Level.VILLAGE:
            lacking = [r.unit]
        # What seems to be missing may be a record that was not understood.
        group = self.scope.group(r.front.item)
        whose = {v: v if stages[n - 1] is Level.VILLAGE else parent_code(v) for v in lacking}
        lacking = [v for v in lacking if not self.scope.may_hide(whose[v], group)]
        if not lacking and not (mine == [] and not self.records.get(n - 1)):
            return
        units = self.scope.region.units
        places = {v if stages[n - 1] is Level.VILLAGE else parent_code(v) or v for v in lacking}
        where = "、".join(units[c].data.name for c in sorted(places)) if len(lacking) < len(mine) else ""
        yield at("SG621", r, "stage", before=STAGES[n - 1], stage=STAGES[n], where=f"（{where}）" if where else "")

    def _stage_of(self, unit: str, n: int) -> bool:
        return any(e.unit == unit for e in self.records.get(n, ()))

    def _end(self, r: Record) -> dt.date | None:
        posting = r.front.posting
        if posting is None:
            return None
        if posting.until is not None:
            return posting.until
        counted = self.scope.calendar.posting_end(posting.start, posting.days or 0, posting.kind)
        return None if counted.provisional else counted.date

    def _posting(self, r: Record, n: int, earlier: Sequence[Record]) -> Iterator[Finding]:
        posting = r.front.posting
        ends = {e.ref: (end, e) for e in earlier if (end := self._end(e)) is not None}
        if posting is None or not ends:
            return
        end, other = max(ends.values(), key=lambda pair: (pair[0], pair[1].ref))
        if posting.start > end:
            return
        args = {"stage": STAGES[n], "start": posting.start.isoformat(), "before": STAGES[n - 1], "end": end.isoformat()}
        if self._too_long(other, posting.start):
            yield at("SG625", other, "posting", file=r.file, **args)
        else:
            yield at("SG625", r, "posting", file=other.file, **args)

    def _too_long(self, earlier: Record, start: dt.date) -> bool:
        """Whether the earlier posting runs on only because it says far more days than its item asks for."""
        posting = earlier.front.posting
        deadline = self.scope.region.catalog.items[earlier.front.item].deadline
        terms = [t for t in deadline.terms or parse_deadline(deadline.written) or () if t.kind == "posting" and t.days]
        if posting is None or not terms:
            return False
        asked = max(self.scope.calendar.posting_end(posting.start, t.days or 0, t.day_kind or "calendar").date for t in terms)
        return asked < start

    # ---- The rows.

    def _steps(
        self,
        r: Record,
        n: int,
        before: StageRows,
        after: StageRows,
        mine: Sequence[str],
        earlier: Mapping[str, list[Record]],
        *,
        whole: bool,
    ) -> Iterator[Finding]:
        item = self.scope.region.catalog.items[r.front.item]
        schema = self.scope.region.catalog.tables.get(item.table or "")
        if schema is None:
            return
        same = self._same(r)
        columns = watched(schema, same)
        found: list[Step] = []
        for v in [*mine, *self._left_out(r, n, before, after)]:
            if v in mine and not earlier[v]:
                continue
            now = {k: row for k, row in after.rows[v].items() if row.record is r}
            elsewhere = {k for k, row in after.rows[v].items() if row.record is not r}
            was = {k: row for k, row in before.rows.get(v, {}).items() if k not in elsewhere and not _hidden(row, before, after)}
            now = {k: row for k, row in now.items() if not _hidden(row, before, after)}
            found += steps(was, now, columns, same.compare)
        found = _moved(found, same)
        left = [s for s in found if not says_why(s, schema)]
        why, unused = explained(left, r.front.changes)
        open_ = [s for i, s in enumerate(left) if i not in why and not self._back_again(s, n, columns)]
        spoken = {id(c) for c in unused if any(c in explained([s], [c])[0].values() for s in found)}  # said twice, in the table too
        for change in (c for c in unused if id(c) not in spoken):
            if open_:  # the entry most likely means a change that now has no reason
                open_.pop(0)
            if not whole:
                continue  # it may be about a village whose list of the stage before is missing
            yield at("SG627", r, "changes", row=change.row, before=STAGES[n - 1])
        for step in open_:
            self.told[n, step.row.village, step.row.key] = step
            yield self._finding(r, n, step, schema, same)

    def _back_again(self, step: Step, n: int, columns: Sequence[str]) -> bool:
        """Whether a row is only again what it was two stages ago: then the stage between is what is wrong, and was reported."""
        told = self.told.get((n - 1, step.row.village, step.row.key))
        if told is None or told.before is None or step.after is None:
            return told is not None and told.before is None and step.after is None
        was, now = told.before.values, step.after.values
        return all(was.get(c) == now.get(c) for c in columns if c in was and c in now)

    def _left_out(self, r: Record, n: int, before: StageRows, after: StageRows) -> list[str]:
        """Villages of the stage before that this one leaves out, though their posting was over when it began."""
        level = level_of(r.unit)
        prefix = r.unit[:9] if level is Level.TOWNSHIP else r.unit[:6]
        posting = r.front.posting
        start = posting.start if posting else r.front.published
        made = []
        for v, rows in before.rows.items():
            if not v.startswith(prefix) or level is Level.VILLAGE or after.rows.get(v):
                continue
            governing = [o for o in self.records[n] if level_of(o.unit) is not Level.VILLAGE]
            first = next(o for o in governing if v.startswith(o.unit[:9] if level_of(o.unit) is Level.TOWNSHIP else o.unit[:6]))
            ends = [self._end(row.record) for row in rows.values()]
            of_township = any(o[:9] == v[:9] for o in after.rows if after.rows[o])
            if first is r and of_township and all(e is not None and e < start for e in ends):
                made.append(v)
        return made

    def _finding(self, r: Record, n: int, step: Step, schema: TableSchema, same: Counterpart) -> Finding:
        titles = {c.name: c.title for c in schema.fields}
        village = self.scope.region.units[step.row.village].data.name
        args: dict[str, object] = {"row": step.row.name, "village": village, "before": STAGES[n - 1]}
        if step.kind == "dropped":
            assert step.before is not None
            # What the earlier list leaves open (an amount that was not set yet) is missing here by nobody knows how much.
            open_ = [c.title for c in schema.fields if c.total and not isinstance(step.before.values.get(c.name), Decimal)]
            figures = tuple((titles[c], -v) for c, v in step.before.values.items() if isinstance(v, Decimal))
            figures += tuple((title, LESS) for title in open_)
            return at("SG622", r, "table", file=step.before.record.table_file, explains=figures, **args)
        assert step.after is not None
        if step.kind == "appeared":
            others = sorted({e.table_file for e in self._earlier(r, n, [step.row.village])[step.row.village]})
            figures = tuple((titles[c], v) for c, v in step.after.values.items() if isinstance(v, Decimal))
            return in_table("SG623", r, step.after.line, file=others, explains=figures, **args)
        assert step.before is not None
        column, hint = titles.get(step.column, ""), LOOK
        old, new = step.before.values.get(step.column), step.after.values.get(step.column)
        if step.column == "key":
            column = "、".join(titles[k] for k in same.key) or titles.get("name", "")
            found, right = "…", "…"
        else:
            found, right = (_shown(v, step.column, schema) for v in (new, old))
            if isinstance(old, Decimal) and isinstance(new, Decimal):
                hint = cause(new, old)
        figures = tuple(
            (titles[c], (_figure(v) - _figure(step.before.values.get(c))))
            for c, v in step.after.values.items()
            if isinstance(v, Decimal) or isinstance(step.before.values.get(c), Decimal)
        )
        if any(f in self.totals.get(step.before.record.ref, ()) for f in ((t, -off) for t, off in figures)):
            # The earlier list's own total says that it is the one in which the figure is wrong.
            args.update(before=STAGES[n], column=column, found=right, right=found, hint=hint, file=r.table_file)
            return in_table("SG624", step.before.record, step.before.line, explains=tuple((t, -off) for t, off in figures), **args)
        return in_table(
            "SG624",
            r,
            step.after.line,
            column=column,
            found=found,
            right=right,
            hint=hint,
            file=step.before.record.table_file,
            explains=tuple(f for f in figures if f[1]),
            **args,
        )


def _hidden(row: StageRow, before: StageRows, after: StageRows) -> bool:
    """Whether the row stands in one of the stages in a way that could not be read: under its key, or under its name."""
    return any(row.key in rows.unplaced or row.name in rows.unplaced_names for rows in (before, after))


def _totals_off(scope: Scope) -> dict[str, list[tuple[str, Decimal]]]:
    """By record: by how much the rows of a column exceed the total written below them, as was found when they were read."""
    made: dict[str, list[tuple[str, Decimal]]] = defaultdict(list)
    for f in scope.region.findings:
        if f.code == "SG211" and (off := total_off(f)):
            made[f"{f.unit}/{f.record}"].append(off)
    return made


def _figure(value: object) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(0)


def _shown(value: object, name: str, schema: TableSchema) -> str:
    column = next((c for c in schema.fields if c.name == name), None)
    if value is None:
        return "（空）"
    if column is None or column.private:
        return "…"
    return f"{value:,}" if isinstance(value, Decimal) else str(value)


def _moved(found: list[Step], same: Counterpart) -> list[Step]:
    """A row that dropped out in one village and appeared in another under the same key changed its village."""
    gone = {(s.row.key, s.row.name): s for s in found if s.kind == "dropped"}
    made = []
    taken: set[int] = set()
    for s in found:
        old = gone.get((s.row.key, s.row.name)) if s.kind == "appeared" else None
        if old is not None and id(old) not in taken:
            taken.add(id(old))
            made.append(replace(s, kind="changed", before=old.before, column=same.slice or "village"))
        else:
            made.append(s)
    return [s for s in made if id(s) not in taken]
