"""What a record holds, as pages and sheets show it: figures, tables, files, pictures and films, each ready to show."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Literal

from msgspec import Struct

from .canonical import mark
from .changes import Changes
from .dialogue import MediaKind


class Figure(Struct, frozen=True):
    """One figure of a record's line of figures: 18 户, 387.00 亩, 27,477.00 元."""

    label: str
    """What it is: 户数, 面积, 金额. May be empty for the count of rows."""
    value: Decimal
    decimals: int
    unit: str

    @property
    def text(self) -> str:
        """Thousands separated, with its unit."""
        return f"{self.value:,.{self.decimals}f} {self.unit}".rstrip()


class ColumnView(Struct, frozen=True):
    """A column as readers see it; private columns never get here."""

    name: str
    title: str
    unit: str | None
    align: Literal["left", "right", "center"]
    decimals: int | None
    total: bool
    type: str = "string"
    """Of its values, in the words of Table Schema."""

    @property
    def heading(self) -> str:
        """Title with its unit: 面积（亩）."""
        return f"{self.title}（{self.unit}）" if self.unit else self.title


class TableView(Struct, frozen=True):
    """A table ready to show: every cell is the text to print (figures with separators and fixed decimals)."""

    columns: tuple[ColumnView, ...]
    rows: tuple[tuple[str, ...], ...]
    totals: tuple[str, ...] | None
    """One text per column ("" where none), or ``None`` when no column has a total. Does not include the word 合计."""
    count_unit: str | None
    title: str | None = None


class AttachmentView(Struct, frozen=True):
    """A file to offer with a record. ``href`` is relative to the record's page; the bytes are at ``source``."""

    title: str
    href: str
    size: int
    media: str
    source: str
    """Path of the file, relative to the region."""
    digest: str = ""
    """Of the bytes as they were when the view was made."""


class PhotoView(Struct, frozen=True):
    """A photo as a record's page shows it."""

    taken: dt.date
    rev: int
    """The revision of this record's sheet in it."""
    place: str
    """Of the board; "" where it is not said."""
    codes: frozenset[str]
    """Of all sheets in it."""
    alone: bool
    """Nothing else is in it than the sheets of :attr:`codes`."""
    file: AttachmentView | None
    """``None`` where only the fact may be shown."""


class MediaView(Struct, frozen=True):
    """A picture, recording or film that explains a record. Addresses are relative to the record's page."""

    kind: MediaKind
    title: str
    file: AttachmentView
    alt: str
    captions: AttachmentView | None
    poster: AttachmentView | None
    transcript: str
    """Markdown; "" where there is none."""
    width: int
    """In pixels, of the picture or the poster, so that the page keeps its place free; 0 where unknown."""
    height: int

    @property
    def files(self) -> tuple[AttachmentView, ...]:
        """All that lies beside the page."""
        return tuple(f for f in (self.file, self.captions, self.poster) if f is not None)


class Content(Struct, frozen=True):
    """The heavy part of a record, present only in units that are being rendered."""

    body: str
    """Markdown, as written."""
    table: TableView | None
    attachments: tuple[AttachmentView, ...]
    images: tuple[AttachmentView, ...]
    """Images that the body refers to; ``href`` is what the body says."""
    withheld: bool = False
    """Rows, tables, images or files of the record are left out here."""
    media: tuple[MediaView, ...] = ()
    lead: str = ""
    """Derived records: the sentences that are made for it, Markdown; ``body`` holds the village's own words."""
    html: str = ""
    """``body`` as clean HTML."""
    digest: str = ""
    """Of the canonical form of all that the record says, also of what is left out here."""
    changes: tuple[Changes, ...] = ()
    """What changed since each earlier revision whose content is known."""

    @property
    def mark(self) -> str:
        """The fingerprint (核验码) on paper and page."""
        return mark(self.digest)
