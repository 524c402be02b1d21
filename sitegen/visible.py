"""What a page visibly says, as a reader sees it, made into the canonical form again. No copy that a page may carry for programs is believed."""

from __future__ import annotations

import re
from collections.abc import Callable

from selectolax.lexbor import LexborHTMLParser, LexborNode

from sitegen.model.canonical import Form, one_line, plain_text

_DATE = re.compile(r"(?:(\d{4})年)?(\d{1,2})月(\d{1,2})日")
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp")
_NAMES = ("成文日期", "发布日期", "文号", "所属时期")


def visible_statement(html: str) -> tuple[str, str, str] | None:
    """(headline, detail, title) of a code's page; ``None`` for a page that only leads on."""
    page = LexborHTMLParser(html)
    said = page.css_first(".said")
    if said is None:
        return None
    headline, detail, title = said.css_first("h1"), said.css_first("p"), page.css("main > h2")
    return _text(headline), _text(detail), _text(title[-1] if title else None)


def visible_form(html: str, suffix: str, digest_of: Callable[[str], str]) -> Form:
    """The canonical form of what a record's page shows.

    ``suffix`` ends the title of a village's part of a list and is no part of it. ``digest_of`` gives the digest of the file behind a link.
    """
    page = LexborHTMLParser(html)
    article = page.css_first("article.paper") or page.body
    assert article is not None
    return Form(
        _fields(article, suffix),
        _words(article),
        *_table(article),
        files=tuple(_files(article, digest_of)),
    )


def _fields(article: LexborNode, suffix: str) -> tuple[tuple[str, str], ...]:
    title = _text(article.css_first("h1")).removesuffix(suffix)
    shown = {_text(row.css_first("dt")): _text(row.css_first("dd")) for row in article.css("details.head dl > div")}
    found = [("标题", title)]
    for name in _NAMES:
        if value := shown.get(name):
            found.append((name, _iso(value) if name.endswith("日期") else value))
    posting = _text(article.css_first(".rule .period"))
    days = _DATE.findall(posting)
    if len(days) >= 2:
        (y1, m1, d1), (y2, m2, d2) = days[:2]
        found.append(("公示期", f"{y1}-{int(m1):02}-{int(d1):02}/{y2 or y1}-{int(m2):02}-{int(d2):02}"))
    return tuple(found)


def _iso(text: str) -> str:
    found = _DATE.search(text)
    return f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}" if found and found[1] else text


def _words(article: LexborNode) -> str:
    node = article.css_first("div.words")
    return plain_text(node.html or "") if node is not None else ""


def _table(
    article: LexborNode,
) -> tuple[tuple[str, ...], tuple[bool, ...], tuple[tuple[str, ...], ...], tuple[str, ...], str]:
    table = article.css_first("section.list table.rows")
    if table is None:
        return (), (), (), (), ""
    headings = tuple(_text(cell) for cell in table.css("thead th"))
    rows = tuple(tuple(_text(cell) for cell in row.css("td")) for row in table.css("tbody tr"))
    totals: list[str] = []
    foot = table.css_first("tfoot tr")
    if foot is not None:
        for cell in foot.css("th, td"):
            if cell.tag == "th":
                totals += [""] * int(cell.attributes.get("colspan") or 1)
            else:
                text = _text(cell)
                totals.append(text.removeprefix("合计 ") if not totals else text)
    return headings, (), rows, tuple(totals), ""


def _files(article: LexborNode, digest_of: Callable[[str], str]) -> list[tuple[str, str]]:
    made = []
    for link in article.css("ul.files a"):
        href = link.attributes.get("href") or ""
        title = one_line("".join(n.text(deep=False) or "" for n in link.iter(include_text=True) if n.tag == "-text"))
        made.append((title, "" if href.lower().endswith(_PICTURES) else digest_of(href)))
    return made


def _text(node: LexborNode | None) -> str:
    return one_line(node.text(deep=True)) if node is not None else ""
