"""A record that is not written yet, loaded and judged as the region's own check will judge it."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from sitegen.check.examine import examine
from sitegen.check.run import check
from sitegen.fonts import FONTS
from sitegen.load.records import UnitReader
from sitegen.load.region import official_mobiles
from sitegen.model.catalog import Column
from sitegen.model.finding import Finding, Severity
from sitegen.model.linking import find_matters
from sitegen.model.matter import Matters
from sitegen.model.region import Record, RecordContent, Region, Unit
from sitegen.model.unit import ancestors, is_within

_OF_RELEASING = ("SG925", "SG926")
"""Findings that releasing puts right."""


def csv_bytes(columns: Sequence[Column], rows: Iterable[Sequence[str]]) -> bytes:
    """A table as a CSV file in UTF-8: headings with their units, a line a row."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([f"{c.title}({c.unit})" if c.unit else c.title for c in columns])
    writer.writerows(rows)
    return stream.getvalue().encode()


_ORDER = [
    *("id", "title", "item", "period", "batch", "subject", "stage", "issuer", "document", "attribute", "scope", "reviewed"),
    *("formed", "published", "result_of", "result_due", "posting", "table", "revision", "changes", "summary"),
]
_PLAIN = re.compile(r"[一-龥《（“][一-龥《》（）“”、，。；！？·…—0-9A-Za-z%.*/\-]*")
_WORD = re.compile(r"[0-9A-Za-z][0-9A-Za-z._/\-]*")
_BARE = ("id", "item", "period", "result_of", "table", "issuer")


def record_bytes(front: Mapping[str, Any], body: str) -> bytes:
    """The file of a record: its head in the usual order of keys, then its text."""
    keys = [k for k in _ORDER if k in front] + [k for k in front if k not in _ORDER]
    lines = [f"{k}: {_yaml(front[k], bare=k in _BARE)}" for k in keys]
    return ("---\n" + "\n".join(lines) + f"\n---\n{body.strip()}\n").encode()


def _yaml(value: Any, *, bare: bool = False, inner: bool = False) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()[:10]
    if isinstance(value, int | Decimal | float):
        return str(value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{k}: {_yaml(v, inner=True)}" for k, v in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_yaml(v, inner=True) for v in value) + "]"
    text = str(value)
    if (
        _PLAIN.fullmatch(text)
        or (bare and _WORD.fullmatch(text))
        or (inner and re.fullmatch(r"[a-z]{2,}", text) and text not in _YAML_WORDS)
    ):
        return text
    return json.dumps(text, ensure_ascii=False)


_YAML_WORDS = ("true", "false", "null", "yes", "no", "on", "off")


class Judged(Struct, frozen=True):
    """A record as it will be, in the region as it will be."""

    record: Record | None
    content: RecordContent | None
    findings: tuple[Finding, ...]
    """What its own file, and the region with it, would be told."""
    region: Region
    matters: Matters | None


def judge(region: Region, unit: Unit, record_file: str, files: Mapping[str, bytes], old: Record | None, date: dt.date) -> Judged:
    """Load the files as if they were the unit's, and check the units concerned with them."""
    with tempfile.TemporaryDirectory(prefix="sitegen-") as folder:
        root = Path(folder).resolve()
        for name, data in files.items():
            target = root / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        _bring(Path(region.root), root, old)
        found: list[Finding] = []
        official = official_mobiles([Path(region.root) / u.folder for u in region.units.values()])
        reader = UnitReader(root, root / unit.folder, unit.data, unit.level, region.catalog, found, examine, official)
        loaded = reader.record(root / record_file)
    if not isinstance(loaded, tuple):
        return Judged(None, None, tuple(found), region, None)
    record, content = loaded
    before, after = _family(region, unit), _family(_with(region, unit, record, content), unit)
    matters = find_matters(after)
    known = {(f.code, f.file, f.args) for f in check(before, find_matters(before), date).findings}
    later = check(replace(after, findings=()), matters, date).findings
    for f in later:
        mine = f.unit == unit.code and f.record == record.front.id
        new = f.severity is Severity.ERROR and (f.code, f.file, f.args) not in known
        if (mine or new) and f.code not in _OF_RELEASING:
            found.append(f)
    return Judged(record, content, tuple(found), after, matters)


def _bring(source: Path, stage: Path, old: Record | None) -> None:
    """What the record refers to besides, and the fonts by which characters are judged."""
    for a in (*old.attachments, *old.images, *(f for m in old.media for f in m.files)) if old else ():
        target = stage / a.file
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / a.file, target)
    if (source / FONTS).is_dir():
        try:
            (stage / FONTS).symlink_to(source / FONTS, target_is_directory=True)
        except OSError:
            shutil.copytree(source / FONTS, stage / FONTS)


def _with(region: Region, unit: Unit, record: Record, content: RecordContent) -> Region:
    """The region with one record more, or another version of it."""
    old = unit.contents
    id = record.front.id
    records = sorted([*(r for r in unit.records if r.front.id != id), record], key=lambda r: r.file)

    def contents() -> Mapping[str, RecordContent]:
        return {**old(), id: content}

    made = replace(unit, records=records, contents=contents, key="")
    return replace(region, units={**region.units, unit.code: made})


def _family(region: Region, unit: Unit) -> Region:
    """The units with which one has matters in common: those above it and below it."""
    above = ancestors(unit.code)
    kept = {c: u for c, u in region.units.items() if c in above or is_within(c, unit.code)}
    return replace(region, units=kept, findings=())
