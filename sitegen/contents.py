"""The heavy part of a view: bodies and rows as text, filled in only for units that are being rendered."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from sitegen.check.lists import find_list, markdown_tables
from sitegen.load.files import digest
from sitegen.model.catalog import Column, TableSchema
from sitegen.model.matter import Derived
from sitegen.model.region import Catalog, MediaFiles, Record, RecordContent, Region, Unit
from sitegen.model.table import Table, decimals_of, show, total_of
from sitegen.model.views import AttachmentView, ColumnView, Content, Figure, MediaView, RecordView, TableView, UnitView
from sitegen.view import Plan, attachment_views


@dataclass(frozen=True, slots=True)
class Job:
    """All that is needed to fill one unit's view; travels to a worker. Contents stay packed until they are read there."""

    view: UnitView
    own: Unit
    sources: Mapping[str, Derived]
    """By record id: where a derived record's rows come from."""
    contents: Mapping[str, Callable[[], Mapping[str, RecordContent]]]
    """By unit code: the unit's own and those it derives from."""
    kept: Mapping[str, Content]
    """By record id: the earlier content of records held back."""


def job(region: Region, plan: Plan, code: str, previous: UnitView | None = None) -> Job:
    """What a worker needs to render unit ``code``."""
    view = plan.views[code]
    sources = {r.id: plan.sources[code, r.id] for r in view.records if (code, r.id) in plan.sources}
    units = {code, *(d.source.unit for d in sources.values())}
    kept = {r.id: previous.contents[r.id] for r in view.records if r.held} if previous else {}
    return Job(view, region.units[code], sources, {c: region.units[c].contents for c in units}, kept)


def fill(work: Job, catalog: Catalog) -> UnitView:
    """The unit's view with the content of all its records."""
    heads = {r.front.id: r for r in work.own.records}
    return replace(work.view, contents={r.id: _content(work, catalog, r, heads) for r in work.view.records})


def _content(work: Job, catalog: Catalog, record: RecordView, heads: Mapping[str, Record]) -> Content:
    if record.held:
        return work.kept[record.id]
    derived = work.sources.get(record.id)
    if derived is not None:
        source = work.contents[derived.source.unit]()[derived.source.front.id]
        item = catalog.items[derived.source.front.item]
        assert item.counterpart
        assert item.counterpart.slice
        assert item.table
        assert source.table
        rows = source.table.only(item.counterpart.slice, frozenset({derived.slice.value}))
        table = table_view(rows, catalog.tables[item.table], without=frozenset({item.counterpart.slice}))
        return Content(_derived_body(work.view, record), None if record.rows_expired else table, (), (), record.rows_expired)
    content = work.contents[work.own.code]()[record.id]
    head = heads[record.id]
    item = catalog.items[record.item]
    if record.rows_expired:
        whole = Content(content.body, None, attachment_views(head.attachments), attachment_views(head.images), content.table is not None)
        return _without_rows(record, whole)
    shown = None
    if content.table:
        schema = catalog.tables[content.table.schema]
        shown = table_view(content.table, schema)
        if head.front.rows and (title := head.front.rows.title or (schema.title if head.front.opinions else None)):
            shown = replace(shown, title=title)
    media = media_views(head.media, content.transcripts)
    return Content(content.body, shown, attachment_views(head.attachments), attachment_views(head.images), media=media)


def media_views(media: tuple[MediaFiles, ...], transcripts: tuple[str, ...]) -> tuple[MediaView, ...]:
    """What explains a record, with its words."""
    made = []
    for one, words in zip(media, transcripts, strict=True):
        file, captions, poster = (next(iter(attachment_views((f,) if f else ())), None) for f in (one.file, one.captions, one.poster))
        assert file
        made.append(MediaView(one.data.kind, one.data.title, file, one.data.alt or "", captions, poster, words, one.width, one.height))
    return tuple(made)


def for_web(view: UnitView) -> UnitView:
    """A filled view as the web may see it: the one gate of channel and audience, before anything of a site is made.

    Where a record's rows stay off the web, so do its files and what its text has of lists of persons; of personal lists also all tables
    and images of the text. For a specific group the text and summary stay away as well. The fact, the posting period, the figures and
    the code remain.
    """
    gated = {r.id: r for r in view.records if not r.web_rows}
    if not gated:
        return view
    records = tuple(replace(r, summary=None, dialogue=None) if not r.web_text else r for r in view.records)
    contents = {id: _for_web(gated[id], c) if id in gated else c for id, c in view.contents.items()}
    return replace(view, records=records, contents=contents)


def _for_web(record: RecordView, content: Content) -> Content:
    if record.web_text:
        return _without_rows(record, content)
    return Content(
        "", None, (), (), content.withheld or bool(content.table or content.attachments or content.media or content.body.strip())
    )


def _without_rows(record: RecordView, content: Content) -> Content:
    """A content without its rows, however they are written: as a table, in the text, in a file, as a picture of a list."""
    images = () if record.personal else content.images
    body = without_tables(content.body, persons_only=not record.personal)
    body = _without_images(body, [i.href for i in content.images if i not in images])
    withheld = content.withheld or bool(content.table or content.attachments or content.media or body != content.body)
    return Content(body, None, (), images, withheld)


def without_tables(body: str, *, persons_only: bool = False) -> str:
    """A Markdown text without its tables, or without those that list persons."""
    lines = body.split("\n")
    for grid in markdown_tables(body):
        if persons_only and find_list(grid) is None:
            continue
        first, last = grid.rows[0][0], grid.rows[-1][0]
        lines[first - 1 : max(last, first + 1)] = [""] * (max(last, first + 1) - first + 1)
    return "\n".join(lines)


def _without_images(body: str, names: Sequence[str]) -> str:
    if not names:
        return body
    any_name = "|".join(re.escape(name) for name in sorted(set(names), key=len, reverse=True))
    return re.sub(rf"!\[[^\]]*\]\(\s*<?(?:{any_name})>?(?:\s+\"[^\"]*\")?\s*\)", "", body)


def unchanged_files(view: UnitView, root: Path) -> UnitView:
    """A view whose kept records offer only files that are still the same: an earlier version must not carry a newer file out."""
    kept = {r.id for r in view.records if r.held and r.id in view.contents}
    if not kept:
        return view
    contents = dict(view.contents)
    for id in kept:
        content = contents[id]
        files = [a for a in content.attachments if _same(a, root)]
        images = [a for a in content.images if _same(a, root)]
        media = tuple(m for m in content.media if all(_same(f, root) for f in m.files))
        gone = [a.href for a in content.images if a not in images]
        contents[id] = replace(
            content,
            body=_without_images(content.body, gone),
            attachments=tuple(files),
            images=tuple(images),
            media=media,
            withheld=content.withheld or len(files) < len(content.attachments) or bool(gone) or len(media) < len(content.media),
        )
    return replace(view, contents=contents)


def _same(file: AttachmentView, root: Path) -> bool:
    try:
        return digest((root / file.source).read_bytes()) == file.digest
    except OSError:
        return False


def table_view(table: Table, schema: TableSchema, without: frozenset[str] = frozenset()) -> TableView:
    """Rows as text. Private columns, columns in ``without`` and columns with nothing in them are left out."""
    columns = {c.name: c for c in schema.fields}
    kept = [
        (i, columns[name])
        for i, name in enumerate(table.columns)
        if not columns[name].private and name not in without and any(row[i] is not None for row in table.rows)
    ]
    rows = tuple(tuple(show(row[i], c) for i, c in kept) for row in table.rows)
    totals = tuple(show(total_of(table, c), c) if c.total else "" for _, c in kept)
    return TableView(tuple(_column_view(c) for _, c in kept), rows, totals if any(totals) else None, schema.count)


@functools.cache
def _column_view(column: Column) -> ColumnView:
    figures = column.type in ("number", "integer")
    align: Literal["left", "right", "center"] = (
        "right" if figures else "center" if column.type in ("date", "year", "yearmonth", "boolean") else "left"
    )
    return ColumnView(column.name, column.title, column.unit, align, decimals_of(column) if figures else None, column.total)


def figures_text(figures: tuple[Figure, ...]) -> str:
    """The line of figures in a sentence: 18户，面积387.00亩，金额27,477.00元."""
    return "，".join(f"{f.label}{f.value:,.{f.decimals}f}{f.unit}" for f in figures)


def _derived_body(view: UnitView, record: RecordView) -> str:
    assert record.source is not None
    body = (
        f"{record.source_unit}公布的《{record.source.title}》中，涉及{view.unit.name}的共{figures_text(record.figures)}，现按原名单公开。"
    )
    if record.posting:
        body += f"\n\n对名单、面积、金额等有异议的，请在公示期内向{view.supervision.name}（电话{view.supervision.phone}）或者{record.source_unit}反映。"
    else:
        body += f"\n\n有疑问的，请向{view.supervision.name}（电话{view.supervision.phone}）反映。"
    if record.note:
        body += f"\n\n{record.note}"
    if record.signed:
        body += f"\n\n签字：{record.signed}"
    return body
