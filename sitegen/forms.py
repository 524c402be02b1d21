"""Records → canonical forms: from the loaded record where a check or a release needs one, from the filled view where a page shows its mark.

Both give the same form of the same record (tested).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from sitegen.model.canonical import Form, fields_of, form, plain_text
from sitegen.model.catalog import TableSchema
from sitegen.model.content_views import AttachmentView, TableView
from sitegen.model.days import Calendar
from sitegen.model.lastday import posting_end
from sitegen.model.matter import Derived
from sitegen.model.period import Period
from sitegen.model.record import Posting, RecordFile
from sitegen.model.record_views import RecordView
from sitegen.model.region import Attached, Note, Record, RecordContent
from sitegen.model.shown import table_view
from sitegen.text import to_html

_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp")
"""Pictures lose their metadata on the way out, so that their bytes prove nothing."""


def form_of_view(record: RecordView, own_html: str, table: TableView | None, attachments: Iterable[AttachmentView]) -> Form:
    """The form of a record as its page shows it. ``own_html`` is its own text, without sentences that are made for it."""
    fields = fields_of(
        title=record.source.title if record.source else record.title,
        formed=record.formed,
        published=record.published,
        number=record.document_number,
        period=record.period,
        posting=(record.posting.start, record.posting.end) if record.posting else None,
    )
    return form(fields, plain_text(own_html), table, _files((a.title, a.href, a.digest) for a in attachments))


def form_of_record(record: Record, content: RecordContent, schema: TableSchema | None, calendar: Calendar) -> Form:
    """The form of a record that a unit writes itself."""
    front = record.front
    fields = _fields(front, front.posting, calendar)
    table = table_view(content.table, schema) if content.table and schema else None
    return form(fields, plain_text(to_html(content.body)), table, _attached(record.attachments))


def form_of_derived(
    derived: Derived, content: RecordContent, schema: TableSchema, slice_column: str, note: Note | None, calendar: Calendar
) -> Form:
    """The form of a village's part of a township's list: its own words are those of its note."""
    front = derived.source.front
    posting = note.front.posting if note is not None and note.front.posting is not None else front.posting
    fields = _fields(front, posting, calendar)
    assert content.table is not None
    rows = content.table.only(slice_column, derived.slice.values)
    table = table_view(rows, schema, without=frozenset({slice_column}))
    return form(fields, plain_text(to_html(note.body.strip())) if note is not None else "", table)


def _fields(front: RecordFile, posting: Posting | None, calendar: Calendar) -> dict[str, str | None]:
    return fields_of(
        title=front.title,
        formed=front.formed,
        published=front.published,
        number=front.document.number if front.document else None,
        period=Period.parse(front.period).zh if front.period else None,
        posting=_posting(posting, calendar),
    )


def _posting(posting: Posting | None, calendar: Calendar) -> tuple[dt.date, dt.date] | None:
    return (posting.start, posting_end(posting, calendar).date) if posting else None


def _attached(files: Iterable[Attached]) -> tuple[tuple[str, str], ...]:
    return _files((f.title, f.href, f.digest) for f in files)


def _files(files: Iterable[tuple[str, str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple((title, "" if href.lower().endswith(_PICTURES) else digest) for title, href, digest in files)
