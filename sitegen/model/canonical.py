"""The canonical form (规范形式) of what a record says: what its digest in the ledger is of, and what a later version is compared with.

It holds what readers see and nothing else, so that anybody can make it again from the visible page:

- *fields*: title, dates of forming and publication, document number, period, posting period (not who issued it: organs and
  villages are renamed, and what was said stays the same);
- *text*: the record's own words, without markup;
- *rows*: headings, rows and totals of its table, every cell as printed;
- *files*: the title of every attachment and, where it is offered as it is, a digest of its bytes (SHA-256 over their number as eight bytes, then
  the bytes; cut to 32 characters).

Each part has a digest of its own, since a page that may not show the rows can still prove the rest; the digest of the whole is over
the digests of its parts. All of them are SHA-256 in hexadecimal, cut to 32 characters.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import html
import re
import unicodedata
from functools import cached_property
from typing import TYPE_CHECKING, Any

from msgspec import Struct

if TYPE_CHECKING:
    from .content_views import TableView

Parts = tuple[str, str, str, str]
"""Digests of fields, text, rows and files; "" for a part that has nothing."""

_BLOCK = re.compile(r"</?(?:p|br|h[1-6]|li|ul|ol|tr|div|blockquote|pre|hr|section|table|thead|tbody)\b[^>]*>")
_CELL = re.compile(r"</?t[hd]\b[^>]*>")
_TAG = re.compile(r"<[^>]*>")
_TAG_OF_LINE = re.compile(r"<[^>\n]*>")
_UNCLEAN = re.compile("[\x00-\x1e\x7f-\xa0\u00ad\u1680\u2000-\u200f\u2028-\u202f\u205f-\u2064\u3000\ufeff]|  |(?:^|\x1f) | (?:\x1f|$)")
_UNSEEN = re.compile("[\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\u00ad]")


class Form(Struct, frozen=True, dict=True):
    """What a record says, in canonical form."""

    fields: tuple[tuple[str, str], ...]
    """(name, value) in fixed order; only those that have a value."""
    text: str = ""
    """Lines of the record's own words, as :func:`plain_text` gives them."""
    headings: tuple[str, ...] = ()
    figures: tuple[bool, ...] = ()
    """Which columns hold figures. Not part of the digest: it is how the columns are set."""
    rows: tuple[tuple[str, ...], ...] = ()
    totals: tuple[str, ...] = ()
    count: str = ""
    """What the rows are counted in: 户. Not part of the digest."""
    files: tuple[tuple[str, str], ...] = ()
    """(title, digest of the bytes; "" for a picture)."""

    @cached_property
    def parts(self) -> Parts:
        """The digests of its four parts."""
        fields = _sum("\x1e".join(f"{name}\x1f{value}" for name, value in self.fields))
        rows = ("\x1f".join(r) for r in (self.headings, *self.rows, self.totals))
        return (
            fields,
            _sum(self.text) if self.text else "",
            _sum("\x1e".join(rows)) if self.headings else "",
            _sum("\x1e".join(f"{title}\x1f{digest}" for title, digest in self.files)) if self.files else "",
        )

    @property
    def digest(self) -> str:
        """The digest of the whole."""
        return whole(self.parts)

    def as_json(self) -> dict[str, Any]:
        """As it is kept beside the ledger."""
        return {
            "form": 1,
            "fields": [list(f) for f in self.fields],
            "text": self.text,
            "headings": list(self.headings),
            "figures": list(self.figures),
            "rows": [list(r) for r in self.rows],
            "totals": list(self.totals),
            "count": self.count,
            "files": [list(f) for f in self.files],
        }

    @staticmethod
    def from_json(data: Any) -> Form:
        """The form as it was kept. Raises ``ValueError`` for anything else."""
        try:
            return Form(
                tuple((str(a), str(b)) for a, b in data["fields"]),
                str(data["text"]),
                tuple(map(str, data["headings"])),
                tuple(map(bool, data["figures"])),
                tuple(tuple(map(str, row)) for row in data["rows"]),
                tuple(map(str, data["totals"])),
                str(data["count"]),
                tuple((str(a), str(b)) for a, b in data["files"]),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError("not a canonical form") from error


def whole(parts: Parts) -> str:
    """The digest of a record from the digests of its parts."""
    return _sum("\x1e".join(parts))


def mark(digest: str) -> str:
    """The fingerprint (核验码) that stands on paper and page: the first eight characters in two groups, easy to compare by eye."""
    return f"{digest[:4]} {digest[4:8]}".strip().upper()


def form(fields: dict[str, str | None], text: str, table: TableView | None, files: tuple[tuple[str, str], ...] = ()) -> Form:
    """The form of a record; fields without a value are left out."""
    kept = tuple((name, one_line(value)) for name, value in fields.items() if value)
    if table is None:
        return Form(kept, text, files=files)
    return Form(
        kept,
        text,
        tuple(one_line(c.heading) for c in table.columns),
        tuple(c.align == "right" for c in table.columns),
        _clean(table.rows),
        tuple(one_line(cell) for cell in table.totals or ()),
        table.count_unit or "",
        files,
    )


def fields_of(
    *,
    title: str,
    formed: dt.date,
    published: dt.date,
    number: str | None,
    period: str | None,
    posting: tuple[dt.date, dt.date] | None,
) -> dict[str, str | None]:
    """The fields by their official names, dates as 2026-05-08, a posting period as its first and last day."""
    return {
        "标题": title,
        "成文日期": formed.isoformat(),
        "发布日期": published.isoformat(),
        "文号": number,
        "所属时期": period,
        "公示期": f"{posting[0].isoformat()}/{posting[1].isoformat()}" if posting else None,
    }


def plain_text(markup: str) -> str:
    """The visible words of clean HTML: a line for every paragraph, heading, item and row, cells apart, spaces folded."""
    text = _CELL.sub(" ", _BLOCK.sub("\n", markup.replace("\n", " ")))
    if '="' not in text and "&" not in text:
        # Tags that say nothing and no character by its name, which is how most people write: all lines at once.
        lines = [" ".join(line.split()) for line in _seen(_TAG_OF_LINE.sub("", text)).split("\n")]
    else:
        lines = [one_line(html.unescape(_TAG.sub("", line))) for line in text.split("\n")]
    return "\n".join([line for line in lines if line])


def one_line(text: str) -> str:
    """A text without what cannot be seen: control and direction marks, and spaces beyond one. Characters are composed (NFC)."""
    if text.isascii() and text.isalnum():
        return text
    return " ".join(_seen(text).split())


def _seen(text: str) -> str:
    return _UNSEEN.sub("", unicodedata.normalize("NFC", text))


def _clean(rows: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, ...], ...]:
    every = "\x1f".join(cell for row in rows for cell in row)
    # Most tables need no cleaning: one look at all cells together is a tenth of the cost.
    if unicodedata.is_normalized("NFC", every) and not _UNCLEAN.search(every):
        return rows
    return tuple(tuple(one_line(cell) for cell in row) for row in rows)


def _sum(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
