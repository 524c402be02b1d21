"""What may be told of a record anywhere but on paper, and the sentences that all channels have in common."""

from __future__ import annotations

import datetime as dt
import re

from msgspec import Struct

from sitegen.contents import without_tables
from sitegen.doctree import Node, tree
from sitegen.model.content_views import ColumnView, Content, TableView
from sitegen.model.record_views import PostingView, RecordView
from sitegen.model.views import UnitView
from sitegen.site import menu
from sitegen.text import to_html


class Notice(Struct, frozen=True):
    """A record behind the gate, as loudspeaker, chat and screens tell it. Texts are written, not spoken, Chinese."""

    record: RecordView
    section: str
    """大河村村务公开 · 涉农补贴."""
    figures: tuple[tuple[str, str], ...]
    """(label, figure with unit): ("面积", "387.00亩"). The count of rows comes with the label 共."""
    summary: str
    """One or two sentences; "" where there is none or where it may not be told."""
    blocks: tuple[Node, ...]
    """The text as a document tree, without what the gate keeps back; empty where the text may not be told."""
    table: TableView | None
    """Rows that a screen may show: those of the web, of lists of persons only while they are posted."""
    where: str
    """Where the original is: 村委会院内、村文化广场东侧的公示栏."""
    kept_back: str
    """Why rows are not shown, as a sentence; "" where nothing is kept back."""
    places: tuple[str, ...]
    """Names of units that a title may hold, which are not broken at the end of a line."""

    @property
    def line(self) -> str:
        """All figures in a sentence: 共18户，面积387.00亩，金额27,477.00元."""
        return "，".join(f"{label}{figure}" for label, figure in self.figures)

    @property
    def paragraphs(self) -> list[str]:
        """The text's paragraphs and list entries as plain text; tables and pictures are left out."""
        return [text for block in self.blocks for text in _paragraphs(block)]

    @property
    def link(self) -> str:
        """The code's address as it is typed and tapped: the host in small letters, the code in capitals."""
        scheme, _, rest = self.record.code_url.partition("://")
        host, slash, path = rest.partition("/")
        return f"{scheme.lower()}://{host.lower()}{slash}{path}"

    @property
    def call(self) -> str:
        """Whom to call."""
        return self.record.supervision.name

    @property
    def phone(self) -> str:
        """The number to call."""
        return self.record.supervision.phone


def notice(view: UnitView, record: RecordView) -> Notice:
    """The record of a filled view that has passed :func:`sitegen.contents.for_web`."""
    content = view.contents.get(record.id, Content("", None, (), ()))
    for_all = record.web_text
    return Notice(
        record=record,
        section=f"{menu.site_name(view)} · {record.field_name if record.section == '政务' else record.item_name}",
        figures=_figures(record),
        summary=(record.summary or "").strip() if for_all else "",
        blocks=_blocks(record, content) if for_all else (),
        table=_table(record, content),
        where=where(view),
        kept_back=_kept_back(record, content, view),
        places=tuple(unit.name for unit in (view.unit, *view.ancestors)) + ((record.source_unit,) if record.source_unit else ()),
    )


def _blocks(record: RecordView, content: Content) -> tuple[Node, ...]:
    """The text; lists of persons that stand in it leave the screens with the posting period, as the rows do."""
    if is_posted(record):
        return tuple(tree(to_html(content.body)))
    text = without_tables(content.body, persons_only=True)
    return tuple(b for b in tree(to_html(text)) if b["t"] != "table" or not any(MASKED.search(plain(c)) for row in b["rows"] for c in row))


MASKED = re.compile(r"[\u4e00-\u9fff]\*|\*[\u4e00-\u9fff]")
"""A masked name: 张*三. Over a loudspeaker and in a group even that reaches hundreds, and is passed on."""


def _figures(record: RecordView) -> tuple[tuple[str, str], ...]:
    """Each figure once: a list of machines counts its rows and its machines."""
    made = [(f.label or "共", f"{f.value:,.{f.decimals}f}{f.unit.partition('（')[0]}") for f in record.figures]
    return tuple((label, figure) for n, (label, figure) in enumerate(made) if figure not in [f for _, f in made[:n]])


def _table(record: RecordView, content: Content) -> TableView | None:
    # A screen may show a file long after it was made: names leave it with the posting period, whatever retention allows.
    posted = record.posting is not None and record.posting.state == "on"
    if not record.web_rows or not record.web_text or (record.personal and not posted):
        return None
    return content.table if content.table and content.table.rows else None


def _kept_back(record: RecordView, content: Content, view: UnitView) -> str:
    table = _table(record, content)
    if table is not None or not (content.withheld or content.table):
        return ""
    if record.rows_expired:
        return "名单的公开期限已满，已按规定撤下"
    return f"{'名单' if record.personal else '明细'}不在这里显示，请到{where(view)}查看"


def text_tables(one: Notice) -> list[TableView]:
    """The tables of the text, as screens show them."""
    made = []
    for block in one.blocks:
        if block["t"] == "table" and block["head"]:
            head = [plain(c).strip() for c in block["head"]]
            columns = tuple(
                ColumnView("", name, None, side if side in _SIDES else "left", None, False)
                for name, side in zip(head, block["align"], strict=True)
            )
            rows = tuple(tuple(plain(c).strip() for c in row) + ("",) * (len(head) - len(row)) for row in block["rows"])
            made.append(TableView(columns, rows, None, None))
    return made


_SIDES = ("left", "right", "center")


def where(view: UnitView) -> str:
    """Where the unit's notice boards are, or where to ask."""
    if view.boards:
        return "、".join(b.place for b in view.boards) + "的公示栏"
    return view.supervision.address or view.contact.address or f"{view.unit.name}公示栏"


def date(day: dt.date) -> str:
    """2026年5月8日."""
    return f"{day.year}年{day.month}月{day.day}日"


def posting_text(posting: PostingView) -> str:
    """The posting period: 2026年5月8日至5月18日（7个工作日）."""
    start, end = posting.start, posting.end
    last = f"{end.month}月{end.day}日" if start.year == end.year else date(end)
    days = f"（{posting.days}个{'工作日' if posting.working else '自然日'}）" if posting.days else ""
    return f"{date(start)}至{last}{days}" if start != end else date(start)


def is_posted(record: RecordView) -> bool:
    """Whether the record's posting period runs."""
    return record.posting is not None and record.posting.state == "on"


def told_since(record: RecordView) -> dt.date:
    """The day from which a record is news: its posting began, it was published, or it was corrected."""
    first = record.posting.start if record.posting else record.published
    return max(first, record.revised or first)


def by_urgency(notices: tuple[Notice, ...]) -> list[Notice]:
    """What is posted and ends first comes first; then the others, newest first."""

    def order(n: Notice) -> tuple[int, dt.date]:
        return (0, n.record.posting.end) if n.record.posting and is_posted(n.record) else (1, dt.date.max)

    return sorted(notices, key=order)


def _paragraphs(block: Node) -> list[str]:
    match block["t"]:
        case "h" | "p":
            text = plain(block["c"]).strip()
            return [text] if text else []
        case "list":
            made = []
            for number, item in enumerate(block["items"], block["start"]):
                inner = [text for b in item for text in _paragraphs(b)]
                if inner and block["ordered"]:
                    inner[0] = f"{number}. {inner[0]}"
                made += inner
            return made
        case "quote":
            return [text for b in block["c"] for text in _paragraphs(b)]
    return []


def plain(inlines: list[Node]) -> str:
    """Inline content as plain text."""
    return "".join(i["v"] if "v" in i else "\n" if i["t"] == "br" else plain(i.get("c", [])) for i in inlines)
