"""A record's own page."""

from __future__ import annotations

from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from sitegen.model.catalog import BOARD_CHANNEL
from sitegen.model.content_views import Content, Figure, PhotoView
from sitegen.model.record_views import RecordView, RelationView, SliceView
from sitegen.model.relations import REPLACED
from sitegen.model.views import ItemView, UnitView

from . import menu, meta
from .opendata import Download, downloads, structured
from .spec import Crumb, PageSpec

_NOTHING = Content("", None, (), ())
_PHOTOS = 3
"""Photos of its sheet on the wall that a page shows; of earlier ones it gives the days."""
_LONG = 8
"""Characters beyond which a column of words wraps, so that figures stay in sight."""


class Slices(Struct, frozen=True):
    """A township list by village, with the sum that the villages add up to."""

    headings: tuple[str, ...]
    rows: tuple[tuple[SliceView, tuple[str, ...]], ...]
    totals: tuple[str, ...]
    """The sum of each column; "" where a village lacks the figure, for a sum of some of them would mislead."""


class RecordData(Struct, frozen=True):
    """What a record's page shows."""

    record: RecordView
    content: Content
    head: tuple[tuple[str, str], ...]
    """Official particulars in their usual order, as (name, value)."""
    show_rows: bool
    why_no_rows: str
    """Why the rows are not online; "" when they are, or when there are none."""
    slices: Slices | None
    catalog: str
    """Path of the item's row in the official table."""
    section: str
    align: str
    """Class of the table: which of its columns are set right (``r3``), centred (``c2``) or may wrap (``w1``)."""
    replaced_by: tuple[RelationView, ...]
    """What replaced a document that is in force no more."""
    downloads: tuple[Download, ...]
    """The table as files."""
    label_span: int
    """Columns that the word 合计 may take before the first total."""
    photos: tuple[PhotoView, ...] = ()
    """Its sheet on the wall, as far as that may be shown."""
    opinions: bool = False
    """Its table says what was heard in a consultation and what became of it."""
    paired: tuple[str, ...] = ("解读", "所解读的文件", "征求意见的公告")
    """What is named at the top of the page, so that nobody reads a policy without its interpretation."""


def record_pages(view: UnitView) -> list[PageSpec]:
    """One page for every record."""
    items = {i.item.id: (f.id, i) for f in view.fields for i in f.items}
    fields = {f.id: f for f in view.fields}
    made = []
    for record in view.records:
        field_id, item = items.get(record.item, (record.field, None))
        content = view.contents.get(record.id, _NOTHING)
        section = menu.section_name(record, view)
        field = fields.get(field_id)
        made.append(
            PageSpec(
                path=f"r/{record.slug}/",
                template="pages/record.html",
                title=record.title,
                description=_description(record),
                section=menu.section_of(record, view),
                data=RecordData(
                    record=record,
                    content=content,
                    head=_head(record, view),
                    show_rows=content.table is not None and record.web_rows,
                    why_no_rows=_why_no_rows(record, content, item, view),
                    slices=_slices(record.slices) if record.slices else None,
                    catalog=menu.catalog_path(field_id, record.item) if field and item else "",
                    section=section,
                    align=_align(content),
                    replaced_by=tuple(o for o in record.relations if o.label == REPLACED),
                    downloads=downloads(record, content),
                    label_span=_label_span(content),
                    photos=_shown(record),
                    opinions=bool(content.table and {"opinion", "adopted"} <= {c.name for c in content.table.columns}),
                ),
                crumbs=_crumbs(view, record, section, menu.field_path(field, view) if field and item else ""),
                meta=meta.article(view, record, record.field_name),
                noindex=record.personal,
                changed=record.revised or record.published,
                structured=structured(view, record, content),
                files=(
                    *content.attachments,
                    *{i.href: i for i in (*content.images, *(f for m in content.media for f in m.files))}.values(),
                    *(p.file for p in _shown(record) if p.file),
                ),
            )
        )
    return made


def _shown(record: RecordView) -> tuple[PhotoView, ...]:
    with_file = [p for p in record.photos if p.file][:_PHOTOS]
    return tuple(p if p in with_file else replace(p, file=None) for p in record.photos)


def _crumbs(view: UnitView, record: RecordView, section: str, path: str) -> tuple[Crumb, ...]:
    if not path:
        return ()
    key = menu.section_of(record, view)
    first = Crumb(section if menu.is_village(view) else "主动公开", f"{key}/")
    # A village's own fields are its sections.
    return (first, Crumb(record.field_name, path)) if record.section == "政务" else (first,)


def _description(record: RecordView) -> str:
    figures = "，".join(f"{f.label}{f.text}" for f in record.figures)
    said = record.summary or figures
    return f"{record.issuer}{record.published.isoformat()}公开：{record.title}" + (f"。{said}" if said else "")


def _head(record: RecordView, view: UnitView) -> tuple[tuple[str, str], ...]:
    day = "{0.year}年{0.month}月{0.day}日".format
    particulars: tuple[tuple[str, str | None], ...] = (
        ("索引号", record.index_number),
        ("公开事项", record.item_name),
        ("主题分类", record.topic),
        ("文件类型", record.type if record.type != "其他信息" else None),
        ("公开主体" if menu.is_village(view) else "发布机构", record.issuer),
        ("成文日期", day(record.formed)),
        ("发布日期", day(record.published)),
        ("文号", record.document_number),
        ("所属时期", record.period),
        ("公开方式", record.attribute),
        ("公开范围", record.scope),
        ("有效性", record.validity),
        ("有效期至", day(record.valid_until) if record.valid_until else None),
        ("废止日期" if record.validity == "废止" else "失效日期", day(record.abolished) if record.abolished else None),
    )
    return tuple((name, value) for name, value in particulars if value)


def _why_no_rows(record: RecordView, content: Content, item: ItemView | None, view: UnitView) -> str:
    if not content.withheld:
        return ""
    if record.rows_expired:
        return "名单的公开期限已满，已按规定撤下；公示过的事实和合计在此保留。"
    board = item is not None and BOARD_CHANNEL in item.item.channels
    where = "在公示栏张贴" if board or record.on_board else f"在{'社区' if menu.is_community(view) else '现场'}公开"
    if record.web_rows:
        return "部分附件正在更正，更正后重新提供。"
    if record.personal:
        return f"为保护个人信息，逐户名单只{where}，不在网上公开；网上保留公示期和合计，供核对。"
    if not record.web_text:
        return f"本件面向特定群体，内容{where}，不在网上公开；网上保留公开的事实，供核对。"
    return f"明细{where}，不在网上公开；网上保留合计和说明，供核对。"


def _slices(slices: tuple[SliceView, ...]) -> Slices:
    names = list(dict.fromkeys((f.label, f.unit) for s in slices for f in s.figures))
    rows, sums = [], {name: Decimal(0) for name in names}
    decimals: dict[tuple[str, str], int] = {}
    missing: set[tuple[str, str]] = set()
    for part in slices:
        have: dict[tuple[str, str], Figure] = {(f.label, f.unit): f for f in part.figures}
        for name in names:
            if name in have:
                sums[name] += have[name].value
                decimals[name] = max(decimals.get(name, 0), have[name].decimals)
            else:
                missing.add(name)
        rows.append((part, tuple(f"{have[n].value:,.{have[n].decimals}f}" if n in have else "" for n in names)))
    totals = tuple("" if n in missing else f"{sums[n]:,.{decimals[n]}f}" for n in names)
    headings = tuple(f"{label}（{unit}）" if label and unit else label or unit for label, unit in names)
    return Slices(headings, tuple(rows), totals)


def _align(content: Content) -> str:
    table = content.table
    if table is None:
        return ""
    align = {"right": "r", "center": "c", "left": ""}
    made = []
    for n, column in enumerate(table.columns):
        if align[column.align]:
            made.append(f"{align[column.align]}{n + 1}")
        elif any(len(row[n]) > _LONG for row in table.rows):
            made.append(f"w{n + 1}")
    return " ".join(made)


def _label_span(content: Content) -> int:
    if content.table is None or content.table.totals is None:
        return 0
    return next(n for n, text in enumerate(content.table.totals) if text)
