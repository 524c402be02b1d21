"""Pages as plain values: what the engine needs to know of a page, and nothing of how it is drawn."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from msgspec import Struct

from sitegen.model.content_views import AttachmentView


class Crumb(Struct, frozen=True):
    """A step on the way to a page; ``path`` is relative to the unit's root."""

    title: str
    path: str


class Alternate(Struct, frozen=True):
    """The same in another form that programs look for: a feed, a calendar, data."""

    type: str
    """Media type: ``application/atom+xml``."""
    title: str
    path: str
    """Relative to the unit's root."""


class PageSpec(Struct, frozen=True):
    """One page of a unit."""

    path: str
    """Address relative to the unit's root, with a slash at the end: ``r/2026-0017/``; "" is the home page."""
    template: str
    """The fragment that goes inside ``<main>``, relative to the theme."""
    title: str
    description: str
    section: str
    """Key of the menu entry that is current; the shell depends on it and on the page's depth alone."""
    data: object
    """What the fragment shows: a frozen value of the module that made the page."""
    crumbs: tuple[Crumb, ...] = ()
    meta: tuple[tuple[str, str], ...] = ()
    """Government meta tags, as (name, content)."""
    noindex: bool = False
    canonical: str | None = None
    """Path of the page that holds the same content for good; ``None`` where that is this page."""
    files: tuple[AttachmentView, ...] = ()
    """Files that lie beside the page, at ``path`` + ``href``."""
    text: Any = None
    """What search finds of the page: a plain value whose strings are what it says, and whose ``updated``, if it has one, is its day. ``None`` for
    a page that only lists, and for records and the unit's texts, which are found anyway."""
    alternates: tuple[Alternate, ...] = ()
    """Named in the head (autodiscovery)."""
    changed: dt.date | None = None
    """Day of the last change, where a record or text gives one."""
    structured: str = ""
    """JSON-LD for the head, as :func:`sitegen.site.jsonld.text` writes it; "" where there is none."""


class FileSpec(Struct, frozen=True):
    """A file beside the pages: a feed, a calendar, data to download, a part of an index.

    ``FileSpec(path, content)`` holds what the file says; ``FileSpec(path, data, make)`` holds what it is made of, and it is made only
    when it is written. Text is written as UTF-8.
    """

    path: str
    """Address relative to the unit's root, without a slash at either end: ``r/2026-0017/2026-0017.csv``."""
    data: Any
    """The content itself (text or bytes), or a plain value for ``make``."""
    make: Callable[[Any], str | bytes] | None = None
    """A function of a module: the same data give the same bytes."""

    def content(self) -> bytes:
        """What the file says."""
        made = self.data if self.make is None else self.make(self.data)
        return made.encode() if isinstance(made, str) else bytes(made)


class QSpec(Struct, frozen=True):
    """A page of a permanent code, whole: ``7K3M9X2QF4`` leads on, ``7K3M9X2QF4-2`` says whether that sheet is current."""

    path: str
    template: str
    data: Any
    """What the page says: a plain value."""
    around: Any
    """What all pages of the unit's codes have in common: a plain value."""
    make: Callable[[str, Any, Any], str]
    """Makes the page of its template, its data and what is around it."""

    @property
    def html(self) -> str:
        """The page."""
        return self.make(self.template, self.data, self.around)
