"""The heavy part of a view: bodies and rows as text, filled in only for units that are being rendered."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from sitegen.check.lists import find_list, markdown_tables
from sitegen.forms import form_of_view
from sitegen.ledger import kept
from sitegen.load.cache import passing
from sitegen.load.files import digest
from sitegen.model.attachments import attachment_views
from sitegen.model.canonical import Form
from sitegen.model.changes import Changes, compare, without_rows
from sitegen.model.content_views import AttachmentView, Content, Figure, MediaView, PhotoView
from sitegen.model.matter import Derived
from sitegen.model.record_views import RecordView
from sitegen.model.region import Catalog, MediaFiles, Record, RecordContent, Region, Unit
from sitegen.model.shown import table_view
from sitegen.model.views import UnitView
from sitegen.text import to_html
from sitegen.view import Plan


class Job(Struct, frozen=True):
    """All that is needed to fill one unit's view; travels to a worker. Contents stay packed until they are read there."""

    view: UnitView
    own: Unit
    sources: Mapping[str, Derived]
    """By record id: where a derived record's rows come from."""
    contents: Mapping[str, Callable[[], Mapping[str, RecordContent]]]
    """By unit code: the unit's own and those it derives from."""
    kept: Mapping[str, Content]
    """By record id: the earlier content of records held back."""
    folders: Mapping[str, tuple[str, ...]]
    """By code: folders of the units, relative to the region, beside whose ledger its earlier revisions are kept."""
    root: str
    """The region's folder."""


def job(region: Region, plan: Plan, code: str, previous: UnitView | None = None) -> Job:
    """What a worker needs to render unit ``code``."""
    view = plan.views[code]
    sources = {r.id: plan.sources[code, r.id] for r in view.records if (code, r.id) in plan.sources}
    units = {code, *(d.source.unit for d in sources.values())}
    kept = {r.id: previous.contents[r.id] for r in view.records if r.held} if previous else {}
    several = {r.code for r in view.records if len(r.revisions) > 1 or any(v.rev != r.rev for v in r.revisions)}
    folders = {c: plan.folders[c] for c in several}
    return Job(view, region.units[code], sources, {c: region.units[c].contents for c in units}, kept, folders, str(region.root))


def fill(work: Job, catalog: Catalog) -> UnitView:
    """The unit's view with the content of all its records."""
    heads = {r.front.id: r for r in passing(work.own.records)}
    return replace(work.view, contents={r.id: _finished(work, r, _content(work, catalog, r, heads)) for r in work.view.records})


def _finished(work: Job, record: RecordView, content: Content) -> Content:
    """The content with what is told by all of it: its digest, what changed since earlier revisions, its own words as HTML."""
    if record.held:
        return content
    html = to_html(content.body)
    form = form_of_view(record, html, content.table, content.attachments)
    changes = tuple(_changes(work, record, form)) if record.code in work.folders else ()
    made = replace(content, html=html, digest=form.digest, changes=changes)
    if not record.rows_expired:
        return made
    # The form is of more than may be shown: rows leave every output when their time of retention ends.
    return replace(made, table=None) if record.source else _without_rows(record, made)


def _changes(work: Job, record: RecordView, now: Form) -> Iterator[Changes]:
    for revision in record.revisions:
        if revision.rev >= record.rev:
            continue
        for folder in work.folders[record.code]:
            try:
                before = kept(Path(work.root) / folder, revision.object)
            except ValueError:
                continue  # «sitegen verify» says so
            if before is not None:
                made = compare(before, now, revision.rev)
                yield without_rows(made) if record.rows_expired else made
                break


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
        rows = source.table.only(item.counterpart.slice, derived.slice.values)
        table = table_view(rows, catalog.tables[item.table], without=frozenset({item.counterpart.slice}))
        return Content(record.note, table, (), (), record.rows_expired, lead=_lead(work.view, record))
    content = work.contents[work.own.code]()[record.id]
    head = heads[record.id]
    item = catalog.items[record.item]
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
    view = _photos_for_web(view)
    gated = {r.id: r for r in view.records if not r.web_rows}
    if not gated:
        return view
    records = tuple(replace(r, summary=None, dialogue=None) if not r.web_text else r for r in view.records)
    contents = {id: _for_web(gated[id], c) if id in gated else c for id, c in view.contents.items()}
    return replace(view, records=records, contents=contents)


def _photos_for_web(view: UnitView) -> UnitView:
    """Photos of boards show what hangs there: only those in which every sheet is open to all and lists no persons stay; of others the fact."""
    if not any(r.photos for r in view.records):
        return view
    open_ = {r.code for r in view.records if r.open and not r.rows_expired}

    def shown(photo: PhotoView) -> PhotoView:
        return photo if photo.alone and photo.codes <= open_ else replace(photo, file=None)

    return replace(view, records=tuple(replace(r, photos=tuple(map(shown, r.photos))) if r.photos else r for r in view.records))


def _for_web(record: RecordView, content: Content) -> Content:
    if record.web_text:
        return _without_rows(record, content)
    withheld = content.withheld or bool(content.table or content.attachments or content.media or content.body.strip())
    return Content("", None, (), (), withheld, digest=content.digest)


def _without_rows(record: RecordView, content: Content) -> Content:
    """A content without its rows, however they are written: as a table, in the text, in a file, as a picture of a list."""
    images = () if record.personal else content.images
    body = without_tables(content.body, persons_only=not record.personal)
    body = _without_images(body, [i.href for i in content.images if i not in images])
    withheld = content.withheld or bool(content.table or content.attachments or content.media or body != content.body)
    html = content.html if body == content.body else to_html(body)
    changes = tuple(without_rows(c) for c in content.changes)
    return Content(body, None, (), images, withheld, lead=content.lead, html=html, digest=content.digest, changes=changes)


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


def figures_text(figures: tuple[Figure, ...]) -> str:
    """The line of figures in a sentence: 18户，面积387.00亩，金额27,477.00元."""
    return "，".join(f"{f.label}{f.value:,.{f.decimals}f}{f.unit}" for f in figures)


def _lead(view: UnitView, record: RecordView) -> str:
    assert record.source is not None
    body = (
        f"{record.source_unit}公布的《{record.source.title}》中，涉及{view.unit.name}的共{figures_text(record.figures)}"
        f"{'' if record.rows_expired else '，现按原名单公开'}。"
    )
    if record.posting and not record.rows_expired:
        body += f"\n\n对名单、面积、金额等有异议的，请在公示期内向{view.supervision.name}（电话{view.supervision.phone}）或者{record.source_unit}反映。"
    else:
        body += f"\n\n有疑问的，请向{view.supervision.name}（电话{view.supervision.phone}）反映。"
    return body
