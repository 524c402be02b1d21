"""What changed between two revisions of a record, as residents ask it: which rows came, went, or say something else."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from msgspec import Struct

from .canonical import Form

Row = tuple[str, ...]


class CellChange(Struct, frozen=True):
    """A cell that says something else."""

    heading: str
    before: str
    after: str


class RowChanged(Struct, frozen=True):
    """A row of which cells changed. ``name`` is what the row is known by: its first cells of words."""

    name: str
    cells: tuple[CellChange, ...]


class Changes(Struct, frozen=True):
    """What changed since an earlier revision."""

    rev: int
    """The earlier revision."""
    headings: tuple[str, ...] = ()
    figures: tuple[bool, ...] = ()
    """Which columns hold figures."""
    added: tuple[Row, ...] = ()
    removed: tuple[Row, ...] = ()
    changed: tuple[RowChanged, ...] = ()
    counts: tuple[int, int, int] = (0, 0, 0)
    """How many rows were added, removed and changed: known also where the rows themselves may not be shown."""
    totals: tuple[CellChange, ...] = ()
    """Totals that are others now."""
    fields: tuple[CellChange, ...] = ()
    """Particulars that changed: title, dates, document number."""
    lines: tuple[int, int] = (0, 0)
    """Lines of the text that came and went."""
    files: bool = False
    """Attachments were changed."""
    columns: bool = False
    """The table has other columns now, so that its rows cannot be compared one by one."""
    unit: str = ""
    """What rows are counted in: 户."""

    def __bool__(self) -> bool:
        return bool(any(self.counts) or self.totals or self.fields or any(self.lines) or self.files or self.columns)

    @property
    def words(self) -> str:
        """In a sentence: 增加2户，删除1户，改动3户；正文有改动."""
        unit = self.unit or "行"
        names = zip(("增加", "删除", "改动"), self.counts, strict=True)
        parts = ["，".join(f"{name}{n}{unit}" for name, n in names if n)]
        if self.columns:
            parts.append("表格的栏目有调整")
        parts += [f"{c.heading}由{c.before or '（空）'}改为{c.after or '（空）'}" for c in self.fields]
        if any(self.lines):
            parts.append("正文有改动")
        if self.files:
            parts.append("附件有改动")
        return "；".join(p for p in parts if p) or "内容没有变化"


def compare(before: Form, after: Form, rev: int) -> Changes:
    """What ``after`` says otherwise than ``before``, which is revision ``rev``."""
    old_fields, new_fields = dict(before.fields), dict(after.fields)
    names = dict.fromkeys((*old_fields, *new_fields))
    fields = tuple(
        CellChange(n, _shown(old_fields.get(n, "")), _shown(new_fields.get(n, "")))
        for n in names
        if old_fields.get(n) != new_fields.get(n) and n not in ("发布日期", "成文日期")
    )
    old_lines, new_lines = Counter(before.text.split("\n") if before.text else ()), Counter(after.text.split("\n") if after.text else ())
    lines = (sum((new_lines - old_lines).values()), sum((old_lines - new_lines).values()))
    common = {
        "rev": rev,
        "fields": fields,
        "lines": lines,
        "files": before.files != after.files,
        "unit": after.count or before.count,
    }
    if before.headings != after.headings:
        left, right = bool(before.headings), bool(after.headings)
        counts = (len(after.rows) if not left else 0, len(before.rows) if not right else 0, 0)
        return Changes(**common, columns=left and right, counts=counts)  # type: ignore[arg-type]
    added, removed, changed = _rows(before, after)
    totals = tuple(CellChange(h, a, b) for h, a, b in zip(after.headings, _padded(before), _padded(after), strict=True) if a != b)
    return Changes(
        **common,  # type: ignore[arg-type]
        headings=after.headings,
        figures=after.figures,
        added=tuple(added),
        removed=tuple(removed),
        changed=tuple(changed),
        counts=(len(added), len(removed), len(changed)),
        totals=totals,
    )


def without_rows(changes: Changes) -> Changes:
    """The same in numbers only, where the rows themselves may not be shown."""
    return Changes(
        changes.rev,
        counts=changes.counts,
        totals=changes.totals,
        fields=changes.fields,
        lines=changes.lines,
        files=changes.files,
        columns=changes.columns,
        unit=changes.unit,
    )


def _rows(before: Form, after: Form) -> tuple[list[Row], list[Row], list[RowChanged]]:
    """Rows that are new, gone and changed: equal ones pair first, then those known by the same words, then those that are mostly alike."""
    gone, new = Counter(before.rows), Counter(after.rows)
    same = gone & new
    removed = _left(before.rows, same)
    added = _left(after.rows, same)
    pairs: list[tuple[Row, Row]] = []
    words = [n for n, figure in enumerate(after.figures) if not figure] or list(range(len(after.headings)))
    by_words: dict[Row, list[Row]] = defaultdict(list)
    for row in removed:
        by_words[tuple(row[n] for n in words)].append(row)
    rest = []
    for row in added:
        if found := by_words.get(tuple(row[n] for n in words)):
            pairs.append((found.pop(0), row))
        else:
            rest.append(row)
    removed = [row for row in removed if any(row is r for found in by_words.values() for r in found)]
    added = []
    for row in rest:
        alike = max(removed, key=lambda r: _alike(r, row), default=None)
        if alike is not None and 2 * _alike(alike, row) > len(row):
            removed.remove(alike)
            pairs.append((alike, row))
        else:
            added.append(row)
    order = {row: n for n, row in reversed(list(enumerate(after.rows)))}
    pairs.sort(key=lambda pair: order[pair[1]])
    return added, removed, [_changed(a, b, after, words) for a, b in pairs]


def _left(rows: Sequence[Row], same: Counter[Row]) -> list[Row]:
    rest = Counter(same)
    kept = []
    for row in rows:
        if rest[row]:
            rest[row] -= 1
        else:
            kept.append(row)
    return kept


def _alike(a: Row, b: Row) -> int:
    return sum(x == y and bool(x) for x, y in zip(a, b, strict=True))


def _changed(before: Row, after: Row, form: Form, words: list[int]) -> RowChanged:
    name = " ".join(after[n] for n in words[:2] if after[n])
    cells = tuple(CellChange(h, a, b) for h, a, b in zip(form.headings, before, after, strict=True) if a != b)
    return RowChanged(name, cells)


def _padded(form: Form) -> tuple[str, ...]:
    return form.totals or ("",) * len(form.headings)


def _shown(value: str) -> str:
    return value.replace("/", "至") if value[:4].isdecimal() and len(value) == 21 else value
