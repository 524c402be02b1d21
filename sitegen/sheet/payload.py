"""A sheet's values as the typesetter gets them: planned for a paper, cleaned of what no text may hold, images found."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from sitegen.code import qr_matrix, qr_path
from sitegen.doctree import Node
from sitegen.model.content_views import ColumnView
from sitegen.pictures import measures
from sitegen.sheet.papers import Paper
from sitegen.sheet.reckon import SMALL, image_size, marker, plain
from sitegen.sheet.ruling import ruled
from sitegen.sheet.tables import Grid, plan_table
from sitegen.sheet.widths import PT, breakable

# Controls, halves of surrogate pairs, non-characters, and the marks that turn the direction of what follows them.
_NO_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")

_LARGEST_IMAGE = 30_000_000
_LINE = 44.0
"""Ems of a line of text at its widest, beyond which an unbroken run needs places to break."""


class Images:
    """The images that sheets show: found below a folder, each under a name of its own."""

    def __init__(self, root: Path | None) -> None:
        self.root = root.resolve() if root else None
        self.names: dict[Path, str] = {}
        """Name by file."""

    def place(self, source: str) -> dict[str, Any]:
        """An image's name, format and size in its own units for the typesetter; "" where there is nothing it could read."""
        nothing = {"src": "", "format": "", "size": (1.0, 1.0)}
        if not source or self.root is None:
            return nothing
        path = (self.root / source).resolve()
        try:
            if not path.is_relative_to(self.root) or not path.is_file() or path.stat().st_size > _LARGEST_IMAGE:
                return nothing
            found = measures(path)
        except OSError:
            return nothing
        if found is None or found.too_large:
            return nothing
        return {"src": self.names.setdefault(path, f"image-{len(self.names)}"), "format": found.format, "size": (found.width, found.height)}


def cleaned(lacking: Sequence[str] = ()) -> Callable[[Any], Any]:
    """Takes what no text may hold out of values of all kinds, and puts 〓, the printers' mark for a sort that is not in the case, for what no font has."""
    missing = str.maketrans(dict.fromkeys(lacking, "〓"))

    def clean(value: Any) -> Any:
        if isinstance(value, str):
            text = _NO_TEXT.sub("", value)
            return text.translate(missing) if missing else text
        if isinstance(value, dict):
            return {k: clean(v) for k, v in value.items()}
        if isinstance(value, list | tuple):
            return [clean(v) for v in value]
        return value

    return clean


def address_lines(address: str) -> list[str]:
    """Host, then path: two lines that are easily copied."""
    host, slash, path = address.partition("/")
    return [host, slash + path]


@lru_cache(maxsize=256)
def qr(url: str) -> str:
    """The code without its quiet zone, which the sheet leaves white itself; "" where the sheet leads nowhere."""
    if not url:
        return ""
    size = len(qr_matrix(url))
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}"><path d="{qr_path(url)}" stroke="#000"/></svg>'


def prepared(blocks: Sequence[Node], images: Images) -> list[Node]:
    """The document tree with its images found and long runs made breakable; tables and pictures are fitted later (:func:`fitted`)."""
    return [_block(b, images) for b in blocks]


def fitted(blocks: Sequence[Node], paper: Paper, width: float, size: float) -> list[Node]:
    """The same, with tables and pictures made for a text ``width`` points wide in type of ``size`` points."""
    made = []
    for block in blocks:
        kind = block["t"]
        if kind == "img":
            wide, high = image_size(block, width, paper.height * PT)
            block = {**block, "width": round(wide, 2), "height": round(high, 2)}
        elif kind == "table":
            block = {**block, "table": _small_table(block, paper, width, size)}
        elif kind == "quote":
            block = {**block, "c": fitted(block["c"], paper, width - size, size)}
        elif kind == "list":
            inner = max(width - (2.4 + block["marker"]) * size, 4 * size)
            block = {**block, "items": [fitted(item, paper, inner, size) for item in block["items"]]}
        made.append(block)
    return made


def as_data(blocks: Sequence[Node]) -> list[Node]:
    """The tree as the template reads it: without what only the planning needs."""
    made = []
    for block in blocks:
        kind = block["t"]
        if kind == "table":
            block = {"t": "table", "table": block["table"].data()} if block["table"] else {"t": "p", "c": []}
        elif kind == "quote":
            block = {**block, "c": as_data(block["c"])}
        elif kind == "list":
            block = {**block, "items": [as_data(item) for item in block["items"]]}
        made.append(block)
    return made


def _small_table(block: Node, paper: Paper, width: float, size: float) -> Any:
    """A table within a text, ruled like any other."""
    count = max((len(row) for row in [block["head"], *block["rows"]]), default=0)
    if count == 0:
        return None
    texts = [[plain(c).strip() for c in row] + [""] * (count - len(row)) for row in [block["head"], *block["rows"]]]
    if not any(texts[0]):
        texts[0] = [""] * count
    align = [*block["align"], *["left"] * count][:count]
    figures = [all(_is_figure(row[n]) for row in texts[1:]) for n in range(count)]
    columns = tuple(
        ColumnView(
            f"c{n}",
            texts[0][n],
            None,
            "right" if align[n] == "right" or figures[n] else "center" if align[n] == "center" else "left",
            None,
            False,
        )
        for n in range(count)
    )
    rich = {
        (r, n): c for r, row in enumerate(block["rows"]) for n, c in enumerate(row) if any(node["t"] not in ("text", "br") for node in c)
    }
    grid = Grid(columns, tuple(tuple(row) for row in texts[1:]), (), "", False, (), rich)
    plan = plan_table(grid, paper, width=width, size=size * SMALL)
    row = max(1.9 * plan.size, 1.55 * size)
    made = ruled(plan, 1.0, round(row, 3))
    return made if any(texts[0]) else replace(made, head=None)


_FIGURE = re.compile(r"[-−+]?[0-9][0-9,.]*%?")


def _is_figure(text: str) -> bool:
    return not text or bool(_FIGURE.fullmatch(text))


def _block(block: Node, images: Images) -> Node:
    kind = block["t"]
    if kind == "img":
        return {**block, **images.place(block["src"])}
    if kind == "quote":
        return {**block, "c": prepared(block["c"], images)}
    if kind == "list":
        return {**block, "marker": marker(block), "items": [prepared(item, images) for item in block["items"]]}
    if kind == "table":
        ems = _LINE / max(1, len(block["align"])) - 1
        return {
            **block,
            "head": [_inlines(c, ems) for c in block["head"]],
            "rows": [[_inlines(c, ems) for c in row] for row in block["rows"]],
        }
    if kind == "code":
        return {**block, "v": breakable(block["v"], _LINE)}
    return {**block, "c": _inlines(block["c"], _LINE)} if "c" in block else block


def _inlines(nodes: list[Node], ems: float) -> list[Node]:
    made = []
    for node in nodes:
        if "v" in node:
            node = {**node, "v": breakable(node["v"], ems)}
        elif "c" in node:
            node = {**node, "c": _inlines(node["c"], ems)}
        if node["t"] == "link":
            node["shown"] = breakable(_shown(node), ems)
        made.append(node)
    return made


def _shown(link: Node) -> str:
    """The address of a link to elsewhere, which paper must spell out; "" where the text says it already."""
    href: str = link["href"]
    if not href.startswith(("http://", "https://")) or len(href) > 80:
        return ""
    return "" if href.rstrip("/") in _text(link).replace("\u200b", "") else href


def _text(node: Node) -> str:
    return "".join([node.get("v", ""), *(_text(c) for c in node.get("c", ()))])


def short(texts: dict[str, Any]) -> dict[str, Any]:
    """Texts of head and foot with places to break in what is longer than any line there."""
    places = {"title": 20.0, "subtitle": 30.0, "issuer": 7.0, "phone": 8.0}
    return {key: breakable(value, places.get(key, 14.0)) if isinstance(value, str) else value for key, value in texts.items()}


def notes_of(notes: list[str]) -> list[str]:
    """Notes with places to break."""
    return [breakable(n, _LINE) for n in notes]
