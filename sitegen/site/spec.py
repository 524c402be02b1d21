"""Pages as plain values: what the engine needs to know of a page, and nothing of how it is drawn."""

from __future__ import annotations

from dataclasses import dataclass

from sitegen.model.views import AttachmentView


@dataclass(frozen=True, slots=True)
class Crumb:
    """A step on the way to a page; ``path`` is relative to the unit's root."""

    title: str
    path: str


@dataclass(frozen=True, slots=True)
class PageSpec:
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
    text: str = ""
    """What search finds of the page, a paragraph a line; "" for pages that only list, and for records and texts, which are found anyway."""


@dataclass(frozen=True, slots=True)
class QSpec:
    """A page of a permanent code, whole: ``7K3M9X2QF4`` leads on, ``7K3M9X2QF4-2`` says whether that sheet is current."""

    path: str
    html: str
