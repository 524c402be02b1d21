"""Markdown → clean HTML, once, for site, sheet and feed alike.

CommonMark (:mod:`sitegen.commonmark`) sanitised by nh3: no script, style, form or handler survives, whatever a text contains.
"""

from __future__ import annotations

import functools
import re

import nh3

from sitegen import commonmark
from sitegen.model.content_views import Content

_TAGS = {
    "h2", "h3", "h4", "h5", "h6", "p", "br", "hr", "strong", "em", "del", "sup", "sub", "code", "pre", "blockquote",
    "ul", "ol", "li", "table", "thead", "tbody", "tr", "th", "td", "a", "img", "section", "input",
}  # fmt: skip
_ATTRIBUTES = {
    "a": {"href", "id", "aria-label"},
    "img": {"src", "alt", "title", "width", "height"},
    "th": {"align"},
    "td": {"align"},
    "ol": {"start"},
    "li": {"id"},
    "input": {"type", "checked", "disabled"},
    "h2": {"id"},
    "h3": {"id"},
}
_SCHEMES = {"http", "https", "mailto", "tel"}
_LEADING_FULL_WIDTH = re.compile(r"^[　  \t]*　+", re.MULTILINE)


@functools.cache
def _cleaner() -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes=_SCHEMES,
        link_rel="noopener",
        strip_comments=True,
        clean_content_tags={"script", "style", "iframe", "object"},
    )


def to_html(markdown: str) -> str:
    """The body of a record or page as clean HTML.

    A text's first-level headings become second-level ones: the page's title is its only ``h1``. Full-width spaces that
    people type to indent a paragraph are dropped, since the style indents.
    """
    text = _LEADING_FULL_WIDTH.sub("", markdown)
    raw = commonmark.render(text)
    raw = raw.replace("<h1>", "<h2>").replace("</h1>", "</h2>")
    # A wide table scrolls by itself; the page never does.
    clean = _cleaner().clean(raw).replace("<table>", '<div class="scroll"><table>').replace("</table>", "</table></div>")
    return clean.strip()


def html_of(content: Content) -> str:
    """A record's own words as clean HTML: as they were made when its content was filled in, else made now."""
    return content.html or (to_html(content.body) if content.body else "")
