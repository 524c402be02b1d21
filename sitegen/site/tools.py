"""What templates may call: addresses as seen from a page, dates and figures as people read them, Markdown, codes."""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections.abc import Sequence
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from markupsafe import Markup, escape

from sitegen.code import qr_img
from sitegen.model.content_views import Content, Figure
from sitegen.model.record_views import Agreement, PostingView, RecordView
from sitegen.model.views import UnitView
from sitegen.once import Once
from sitegen.templates import board
from sitegen.text import html_of, to_html

from . import lines, menu
from .frame import Frame, frame_of
from .spec import PageSpec

_SCROLL = '<div class="scroll">'
_UNITS = ("字节", "KB", "MB", "GB")
_KINDS = {
    "pdf": "PDF", "doc": "Word", "docx": "Word", "wps": "WPS", "xls": "Excel", "xlsx": "Excel", "et": "WPS 表格", "csv": "CSV",
    "ofd": "OFD", "zip": "压缩包", "jpg": "图片", "jpeg": "图片", "png": "图片", "txt": "文本",
}  # fmt: skip
_MEDIA = {
    "mp3": "audio/mpeg", "m4a": "audio/mp4", "ogg": "audio/ogg", "opus": "audio/ogg", "wav": "audio/wav",
    "mp4": "video/mp4", "webm": "video/webm",
}  # fmt: skip


class Toolbox:
    """Helpers for one page of one unit. ``Toolbox(view)`` stands at the unit's home; :meth:`at` moves to another page."""

    def __init__(self, view: UnitView | Frame, spec: PageSpec | None = None, root: str | None = None) -> None:
        self.view = view if isinstance(view, Frame) else frame_of(view)
        self.menu, self.quiet = self.view.menu, self.view.quiet
        self.site_kind = menu.site_kind(view)
        self.site_name = view.unit.name + self.site_kind
        self.village = menu.is_village(view)
        self.community = menu.is_community(view)
        self.root = root if root is not None else "../" * spec.path.count("/") if spec else ""
        self._host = self.root + ("../" * (view.path.count("/") + 1) if view.path else "")

    def at(self, spec: PageSpec) -> Toolbox:
        """The same tools, seen from another page of the unit."""
        return Toolbox(self.view, spec)

    def below(self, root: str) -> Toolbox:
        """The same tools, seen from a page from which ``root`` leads to the unit's home."""
        return Toolbox(self.view, root=root)

    def to(self, path: str) -> str:
        """A page of this unit by its path from the unit's root."""
        return self.root + path or "./"

    @property
    def host_root(self) -> str:
        """The root of the host as this page should link it."""
        return self._host or "./"

    def href(self, url: str) -> str:
        """An absolute address as this page should link it: relative within the host, so that a copy of the tree works anywhere."""
        base = self.view.unit.url
        if url.startswith(base):
            return self.to(url[len(base) :])
        parts = urlsplit(url)
        if parts.netloc != self.view.host:
            return url
        tail = f"#{parts.fragment}" if parts.fragment else ""
        return (self._host + parts.path.lstrip("/") or "./") + tail

    def topic(self, record: RecordView) -> str:
        """What a record is about, in a word: its field, or for a village's own matters the section (村务, 财务)."""
        return record.field_name if record.section == "政务" else menu.section_name(record, self.view)

    def line(self, record: RecordView, year: bool = True, of: bool = True) -> Markup:
        """A record as a line of a list; the year of its day and its topic where the list does not say them."""
        day = self.date(record.published) if year else self.short_date(record.published)
        href = f"{self.root}r/{record.slug}/"
        return Markup(lines.line(record, href, day, self.topic(record) if of else ""))

    @staticmethod
    def date(day: dt.date) -> str:
        """2026年5月8日."""
        return f"{day.year}年{day.month}月{day.day}日"

    @staticmethod
    def short_date(day: dt.date) -> str:
        """5月8日, where the year is plain from what stands beside it."""
        return f"{day.month}月{day.day}日"

    def span(self, posting: PostingView) -> str:
        """A posting period in one line; the second year only where it differs."""
        return self.span_of(posting.start, posting.end)

    def span_of(self, start: dt.date, end: dt.date) -> str:
        """Two days and what lies between them in one line; the second year only where it differs."""
        if start == end:
            return self.date(start)
        return f"{self.date(start)}至{self.short_date(end) if start.year == end.year else self.date(end)}"

    @staticmethod
    def days(posting: PostingView) -> str:
        """How long a posting period is: 7个工作日, or "" where its end was given as a date."""
        if posting.days is None:
            return ""
        return f"{posting.days}个工作日" if posting.working else f"{posting.days}天"

    @staticmethod
    def number(figure: Figure) -> str:
        """The bare figure, thousands separated."""
        return f"{figure.value:,.{figure.decimals}f}"

    @staticmethod
    def key_figures(record: RecordView) -> tuple[Figure, ...]:
        """See :func:`sitegen.site.lines.key_figures`."""
        return lines.key_figures(record)

    @staticmethod
    def count(value: int | Decimal) -> str:
        """A count, thousands separated."""
        return f"{value:,}"

    @staticmethod
    def size(n: int) -> str:
        """A file's size for people: 812 字节, 1.4 MB."""
        value, unit = float(n), 0
        while value >= 1000 and unit < len(_UNITS) - 1:
            value, unit = value / 1024, unit + 1
        return f"{value:.0f} {_UNITS[unit]}" if unit == 0 or value >= 10 else f"{value:.1f} {_UNITS[unit]}"

    @staticmethod
    def kind(href: str) -> str:
        """What sort of file it is, as people call it."""
        ending = href.rpartition(".")[2].lower()
        return _KINDS.get(ending, ending.upper())

    @staticmethod
    def media_type(href: str) -> str:
        """The media type of a recording or film, by its name."""
        return _MEDIA.get(href.rpartition(".")[2].lower(), "")

    @staticmethod
    def tel(phone: str) -> str:
        """A number to dial: ``tel:045100001299``."""
        return "tel:" + re.sub(r"[^\d+]", "", phone)

    @staticmethod
    def markdown(text: str) -> str:
        """Clean HTML of a text, see :meth:`prose`."""
        return Toolbox.prose(to_html(text))

    @staticmethod
    def words(content: Content) -> str:
        """A record's own words, see :meth:`prose`."""
        return Toolbox.prose(html_of(content))

    @staticmethod
    def prose(html: str) -> str:
        """Clean HTML as pages carry it: a table that scrolls can be reached by keyboard; pictures wait until they are near."""
        count = html.count(_SCROLL)
        for n in range(1, count + 1):  # regions need names of their own
            html = html.replace(_SCROLL, f'<div class="scroll" tabindex="0" role="region" aria-label="表格{n if count > 1 else ""}">', 1)
        if ' align="' in html:  # obsolete in HTML: the style sheet aligns
            html = html.replace(' align="right"', ' class="r"').replace(' align="center"', ' class="c"').replace(' align="left"', "")
        return html.replace("<img ", '<img loading="lazy" ')

    @staticmethod
    def rows(rows: Sequence[Sequence[str]]) -> str:
        """The body of a table. Escaped as one text: a long list has thousands of cells."""
        text = str(escape("\x1e".join("\x1f".join(row) for row in rows)))
        cells = text.replace("\x1f", "</td><td>").replace("\x1e", "</td></tr>\n<tr><td>")
        return f"<tr><td>{cells}</td></tr>"

    @staticmethod
    def official(said: object) -> Markup:
        """Cells of a row of the official catalogue table."""
        return _official(said)

    @staticmethod
    def qr(code_url: str) -> str:
        """The code as an inline picture."""
        return qr_img(code_url)

    @staticmethod
    def code(code: str) -> str:
        """A code in groups that can be read aloud: 7K3M 9X2Q F4."""
        return " ".join(code[n : n + 4] for n in range(0, len(code), 4))

    @staticmethod
    def agreement(a: Agreement) -> str:
        """Whether the counterpart says the same, as a sentence without its date."""
        match a.state:
            case "derived":
                return f"与{a.unit}公开的数据同源，内容一致"
            case "agrees":
                return f"与{a.unit}公开的内容一致"
            case "explained":
                return f"与{a.unit}公开的内容有出入，原因：{a.note}"
            case "differs":
                return f"与{a.unit}公开的内容不一致" + (f"：{a.note}" if a.note else "")
            case "missing":
                return f"{a.unit}尚未公开同一事项"

    @staticmethod
    def material_css() -> str:
        """File name of Material's own style sheet; it carries a hash that changes from release to release."""
        return _material_css()


def _cells(said: object) -> Markup:
    return Markup(board("pages/_official.html").render(s=said))


_official = Once(_cells)


@functools.cache
def _material_css() -> str:
    found = find_spec("material")
    if found is None or not found.submodule_search_locations:
        raise FileNotFoundError("mkdocs-material is not installed")
    folder = Path(found.submodule_search_locations[0]) / "templates" / "assets" / "stylesheets"
    return next(p.name for p in sorted(folder.glob("main.*.min.css")))
