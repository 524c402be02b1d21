"""Clean HTML → a small document tree for print: headings, paragraphs, lists, tables, images.

The tree is plain dictionaries, so that it travels to the typesetter as data. Data never become template code there.
Blocks: ``{"t": "h", "level", "c"}``, ``p``, ``list`` (``ordered``, ``start``, ``items``: lists of blocks), ``table`` (``align``, ``head``, ``rows``),
``img`` (``src``, ``alt``), ``quote`` (``c``: blocks), ``code`` (``v``), ``hr``. Inlines: ``{"t": "text", "v"}``, ``strong``, ``em``, ``del``, ``sup``,
``sub``, ``code``, ``link`` (``href``), ``br``.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

Node = dict[str, Any]

_INLINE = {"strong": "strong", "em": "em", "del": "del", "sup": "sup", "sub": "sub", "a": "link"}
_SPACE = re.compile(r"[ \t\n]+")
_VOID = ("br", "hr", "img", "input")
_DEEPEST = 16
"""Elements within elements, beyond which nesting says nothing to a reader and would exhaust the typesetter: deeper ones are opened flat."""


def tree(html: str) -> list[Node]:
    """The blocks of a text made by :func:`sitegen.text.to_html`."""
    parser = _Parser()
    parser.feed(html)
    parser.close()
    return _blocks(parser.root)


class _Parser(HTMLParser):
    """HTML → nested elements; the input is sanitised and balanced."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root: Node = {"tag": "", "attrs": {}, "c": []}
        self.open: list[tuple[str, Node]] = [("", self.root)]
        """Tags that are open, with the element that gets what comes next."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        around = self.open[-1][1]
        if len(self.open) > _DEEPEST and tag not in _VOID:
            self.open.append((tag, around))
            return
        element: Node = {"tag": tag, "attrs": {k: v or "" for k, v in attrs}, "c": []}
        around["c"].append(element)
        if tag not in _VOID:
            self.open.append((tag, element))

    def handle_endtag(self, tag: str) -> None:
        if len(self.open) > 1 and self.open[-1][0] == tag:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1][1]["c"].append(data)


def _blocks(element: Node) -> list[Node]:
    made: list[Node] = []
    loose: list[Any] = []  # inline content right inside a block, as in a tight list

    def flush() -> None:
        content = _inlines(loose)
        if any(i["t"] != "text" or i["v"].strip() for i in content):
            made.append({"t": "p", "c": content})
        loose.clear()

    for child in element["c"]:
        block = None if isinstance(child, str) else _block(child)
        if block is None:
            loose.append(child)
        else:
            flush()
            made += block
    flush()
    return made


def _block(element: Node) -> list[Node] | None:
    """The blocks that an element is, or ``None`` for an inline one."""
    tag = element["tag"]
    if tag in ("h2", "h3", "h4", "h5", "h6"):
        return [{"t": "h", "level": int(tag[1]) - 1, "c": _inlines(element["c"])}]
    if tag == "p":
        images = [c for c in element["c"] if not isinstance(c, str) and c["tag"] == "img"]
        text = [c for c in element["c"] if isinstance(c, str) or c["tag"] != "img"]
        content = _inlines(text)
        made = [{"t": "p", "c": content}] if any(i["t"] != "text" or i["v"].strip() for i in content) else []
        return made + [{"t": "img", "src": i["attrs"].get("src", ""), "alt": i["attrs"].get("alt", "")} for i in images]
    if tag in ("ul", "ol"):
        items = [_blocks(c) for c in element["c"] if not isinstance(c, str) and c["tag"] == "li"]
        return [{"t": "list", "ordered": tag == "ol", "start": int(element["attrs"].get("start") or 1), "items": items}]
    if tag == "table":
        return [_table(element)]
    if tag == "blockquote":
        return [{"t": "quote", "c": _blocks(element)}]
    if tag == "pre":
        return [{"t": "code", "v": _plain(element)}]
    if tag == "hr":
        return [{"t": "hr"}]
    if tag == "section":  # footnotes
        return [{"t": "hr"}, *_blocks(element)]
    if tag == "div":
        return _blocks(element)
    return None


def _table(element: Node) -> Node:
    rows = [(row, _children(row, ("th", "td"))) for row in _find(element, "tr")]
    head = next((cells for _, cells in rows if cells and cells[0]["tag"] == "th"), [])
    body = [cells for _, cells in rows if cells and cells[0]["tag"] != "th"]
    width = max((len(cells) for _, cells in rows), default=0)
    align = [c["attrs"].get("align", "left") for c in head] or ["left"] * width
    return {
        "t": "table",
        "align": align,
        "head": [_inlines(c["c"]) for c in head],
        "rows": [[_inlines(c["c"]) for c in cells] for cells in body],
    }


def _children(element: Node, tags: tuple[str, ...]) -> list[Node]:
    return [c for c in element["c"] if not isinstance(c, str) and c["tag"] in tags]


def _find(element: Node, tag: str) -> list[Node]:
    found: list[Node] = []
    for child in element["c"]:
        if not isinstance(child, str):
            found += [child] if child["tag"] == tag else _find(child, tag)
    return found


def _plain(element: Node) -> str:
    return "".join(c if isinstance(c, str) else _plain(c) for c in element["c"])


def _inlines(content: list[Any]) -> list[Node]:
    made: list[Node] = []
    for child in content:
        if isinstance(child, str):
            text = _SPACE.sub(" ", child)
            if text:
                made.append({"t": "text", "v": text})
            continue
        tag = child["tag"]
        if tag == "br":
            made.append({"t": "br"})
        elif tag == "code":
            made.append({"t": "code", "v": _plain(child)})
        elif tag == "input":
            made.append({"t": "text", "v": "■" if "checked" in child["attrs"] else "□"})
        elif tag == "a" and child["attrs"].get("href", "").startswith("#fnref"):
            continue  # the way back from a footnote: paper has none
        elif tag in _INLINE:
            node: Node = {"t": _INLINE[tag], "c": _inlines(child["c"])}
            if tag == "a":
                node["href"] = child["attrs"].get("href", "")
            made.append(node)
        elif tag != "img":
            made += _inlines(child["c"])
    return made
