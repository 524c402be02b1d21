"""A record as it is drafted, its file, and whether it would be sound: tried before anything is written."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec import Struct, field
from msgspec.structs import replace

from sitegen.check.examine import examine
from sitegen.check.run import OF_UNITS, Checked, check
from sitegen.load.region import official_mobiles, unit_folders
from sitegen.load.services import ServiceReader
from sitegen.model.base import DayKind, Level
from sitegen.model.catalog import Item
from sitegen.model.finding import Finding, Severity
from sitegen.model.ledger import EMPTY
from sitegen.model.linking import find_matters
from sitegen.model.region import Record, Region, Unit, facing
from sitegen.model.unit import ancestors, is_within

from .heads import Value, head


class Draft(Struct, frozen=True):
    """A record as somebody answered the questions."""

    id: str
    title: str
    item: str
    issuer: str
    formed: dt.date
    published: dt.date
    period: str | None = None
    batch: str | None = None
    subject: str | None = None
    stage: str | None = None
    number: str | None = None
    scope: str | None = None
    attribute: str | None = None
    posting: tuple[dt.date, int, DayKind] | None = None
    """From when, for how many days."""
    reviewed: tuple[tuple[str, str, dt.date], ...] = ()
    """Steps taken: which, by whom, when."""
    events: Mapping[str, dt.date] = field(default_factory=dict)
    """Days from which the deadline counts, where they are not the day it was formed."""
    refers: Mapping[str, str] = field(default_factory=dict)
    """``result_of``, ``interprets`` …: the other record of a pair."""
    summary: str | None = None
    table: str | None = None
    """Name of the file of its rows, beside it."""
    body: str = ""


def keys_of(draft: Draft) -> dict[str, Value | None]:
    """The head's keys in their usual order."""
    posting: Value | None = None
    if draft.posting:
        start, days, kind = draft.posting
        posting = {"from": start, "days": days, "kind": kind}
    return {
        "id": draft.id,
        "title": draft.title,
        "item": draft.item,
        "period": draft.period,
        "batch": draft.batch,
        "subject": draft.subject,
        "stage": draft.stage,
        "issuer": draft.issuer,
        "document": {"number": draft.number} if draft.number else None,
        "attribute": draft.attribute,
        "scope": draft.scope,
        "reviewed": [{"step": step, "by": by, "on": on} for step, by, on in draft.reviewed],
        "formed": draft.formed,
        "published": draft.published,
        "events": dict(draft.events) or None,
        "posting": posting,
        **dict(sorted(draft.refers.items())),
        "table": draft.table,
        "summary": draft.summary,
    }


def text_of(draft: Draft) -> str:
    """The file."""
    return f"---\n{head(keys_of(draft))}---\n{draft.body.strip()}\n"


def first_words(unit: Unit, item: Item, draft: Draft) -> str:
    """A text that is true of every record of its kind: what it is, and whom to tell when something is wrong."""
    what = draft.title.removesuffix("公示").removesuffix("公开")
    if draft.posting:
        where = f"对公示内容有异议的，请在公示期内向{unit.data.supervision.name}反映，电话{unit.data.supervision.phone}。"
        return f"现将{what}予以公示。\n\n{where}"
    return f"现将{what}公开如下。\n\n有疑问的，请向{unit.data.supervision.name}反映，电话{unit.data.supervision.phone}。"


def place_of(unit: Unit, draft_id: str) -> str:
    """Where a record's file belongs, relative to the region."""
    return f"{unit.folder}/records/{draft_id}.md"


def family(region: Region, unit: str) -> Region:
    """The units that a record of ``unit`` is judged and shown with: those above, those below, those that they name."""
    data = region.units[unit]
    wanted = {unit, *ancestors(unit), *(c for c in region.units if is_within(c, unit)), *data.refers}
    wanted |= {u.code for u in region.units.values() if unit in u.refers}
    units = {code: u for code, u in region.units.items() if code in wanted}
    found = tuple(f for f in region.findings if f.unit in units or f.unit is None)
    return replace(region, units=units, findings=found)


def narrowed(part: Region, unit: str, record: Record) -> Region:
    """A unit's family with only those records of the units below it that may concern one record of its own: what a township or county publishes
    beside it cannot change what is said of that record.
    """
    item = part.catalog.items.get(record.front.item)
    if part.units[unit].level is Level.VILLAGE or item is None or item.transfer is not None:
        return part
    shared = facing(record, part.catalog)
    named = {
        ref.partition("/")[0]
        for ref in (record.front.counterpart, *record.front.formerly, *record.front.model_dump(include=_PAIRS).values())
        if ref
    }
    units = {}
    for code, other in part.units.items():
        if code == unit or not is_within(code, unit) or code in named or unit in other.refers:
            units[code] = other
            continue
        kept = tuple(r for r in other.records if facing(r, part.catalog) == shared) if shared in other.facing else ()
        units[code] = replace(other, records=kept, notes=other.notes if kept else (), applications=(), ledger=EMPTY)
    return replace(part, units=units, findings=tuple(f for f in part.findings if f.unit in (None, unit)))


_PAIRS = {"result_of", "interprets", "feedback_on", "answers", "replaces"}


def laid_over(region: Region, unit: str, file: str, files: Mapping[str, bytes]) -> Region:
    """The units that a record is judged with, as if the record ``file`` (relative to the region) and what lies beside it were as ``files`` says.

    Nothing of the region is touched: only that record is read anew, in a folder of its own.
    """
    root, part = Path(region.root), family(region, unit)
    own = part.units[unit]
    with tempfile.TemporaryDirectory(prefix="sitegen-try-") as name:
        trial = Path(name).resolve()
        _mirror(root, trial, (root / file).parent, files)
        findings: list[Finding] = []
        official = official_mobiles(unit_folders(root))
        reader = ServiceReader(trial, trial / own.folder, own.data, own.level, region.catalog, findings, examine, official)
        loaded = reader.record(trial / file)
    records = [r for r in own.records if r.file != file]
    contents = dict(own.contents())
    if isinstance(loaded, tuple):
        record, content = loaded
        records.append(record)
        contents[record.front.id] = content
    records.sort(key=lambda r: r.file)
    beside = {r.table_file for r in own.records if r.file == file} | set(files)
    elsewhere = {r.table_file for r in own.records if r.file != file}
    left = tuple(f for f in part.findings if f.file not in beside - elsewhere and f.file != file)
    named = (ref for r in records for ref in (*r.front.formerly, r.front.counterpart) if ref)
    made = replace(
        own, records=tuple(records), contents=lambda: contents, refers=own.refers | {n.partition("/")[0] for n in named if "/" in n}, key=""
    )
    found = tuple(sorted({*left, *findings}, key=lambda f: f.sort_key))
    return replace(part, units={**part.units, unit: made}, findings=found)


def try_out(region: Region, unit: str, file: str, files: Mapping[str, bytes], date: dt.date) -> Checked:
    """What would be found with ``files`` as they are: see :func:`laid_over`."""
    tried = laid_over(region, unit, file, files)
    return check(tried, find_matters(tried), date, OF_UNITS)


_LARGE = 262_144
"""Bytes of a file from which it is linked."""


def _mirror(root: Path, trial: Path, folder: Path, files: Mapping[str, bytes]) -> None:
    """The folder of a record with everything beside it, with ``files`` in their place. What is large is linked where the system can: that changes the
    file's own time, so that who loads the region next reads its record again.
    """
    for path in folder.iterdir() if folder.is_dir() else ():
        name = path.relative_to(root).as_posix()
        if name in files or not path.is_file() or path.is_symlink():
            continue
        target = trial / name
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            if path.stat().st_size < _LARGE:
                shutil.copyfile(path, target)
            else:
                os.link(path, target)
        except OSError:
            shutil.copyfile(path, target)
    for name, data in files.items():
        target = trial / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)


def standing(checked: Checked, unit: str, record: str | None, files: Sequence[str] = ()) -> list[Finding]:
    """What was found in one record, errors first."""
    mine = [f for f in checked.findings if f.unit == unit and (f.record == record or f.file in files)]
    return sorted(mine, key=lambda f: (f.severity.rank, f.sort_key))


def errors(found: Sequence[Finding]) -> list[Finding]:
    """Those that would hold the record back."""
    return [f for f in found if f.severity is Severity.ERROR]
