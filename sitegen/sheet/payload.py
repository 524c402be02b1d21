"""A sheet's values as the typesetter gets them: planned for a paper, cleaned of what no text may hold, images found."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sitegen.code import qr_matrix, qr_path
from sitegen.doctree import Node
from sitegen.model.views import TableView
from sitegen.sheet.fit import fits, name_lines, signed_lines
from sitegen.sheet.layout import PAPERS, Paper, TablePlan, breakable, heading, plan_table, width_of
from sitegen.sheet.spec import SheetSpec

# Controls, halves of surrogate pairs, non-characters, and the marks that turn the direction of what follows them.
_NO_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")

_LARGEST_IMAGE = 30_000_000
_LINE = 44.0
"""Ems of a line of text at its widest, beyond which an unbroken run needs places to break."""
_PLACES = {"title": 20.0, "subtitle": 30.0, "issuer": 7.0, "phone": 8.0}
"""Ems of the lines of single texts on the narrower paper."""
_TALL = 12
"""Lines from which a row may run on over the end of a sheet."""


class Images:
    """The images that sheets show: found below a folder, each under a name of its own."""

    def __init__(self, root: Path | None) -> None:
        self.root = root.resolve() if root else None
        self.names: dict[Path, str] = {}
        """Name by file."""

    def place(self, source: str) -> dict[str, str]:
        """An image's name and format for the typesetter; both "" where there is nothing it could read."""
        nothing = {"src": "", "format": ""}
        if not source or self.root is None:
            return nothing
        path = (self.root / source).resolve()
        try:
            if not path.is_relative_to(self.root) or not path.is_file() or path.stat().st_size > _LARGEST_IMAGE:
                return nothing
            with path.open("rb") as file:
                start = file.read(512)
        except OSError:
            return nothing
        form = _format(start)
        return {"src": self.names.setdefault(path, f"image-{len(self.names)}"), "format": form} if form else nothing


def payload(specs: Sequence[SheetSpec], paper: Paper, images: Images) -> list[Any]:
    """All that the template reads: of each sheet its texts and its table."""
    return [_sheet(spec, paper, images) for spec in specs]


def is_landscape(spec: SheetSpec, paper: str) -> bool:
    """Whether the sheet lies."""
    return bool(spec.table and spec.table.columns and _table(spec.table, PAPERS[paper])["flipped"])


def _sheet(spec: SheetSpec, paper: Paper, images: Images) -> tuple[dict[str, Any], dict[str, Any] | None]:
    data = _clean(spec.data)
    table = _clean(_table(spec.table, paper)) if spec.table and spec.table.columns else None
    flipped = bool(table and table["flipped"])
    face = {
        **{key: breakable(value, _PLACES.get(key, 14.0)) if isinstance(value, str) else value for key, value in data.items()},
        "blocks": [_block(b, images) for b in data["blocks"]],
        "notes": [breakable(n, _LINE) for n in data["notes"]],
        "address": _address(data["address"]),
        "flipped": flipped,
        "qr": _qr(spec.code_url),
        "name": name_lines(data, paper, flipped=flipped),
        "signed": signed_lines(data, paper, flipped=flipped),
        "fits": fits(data, paper, flipped=flipped),
    }
    del face["places"], face["phrases"]
    return face, table


def _address(address: str) -> list[str]:
    """Host, then path: two lines that are easily copied."""
    host, slash, path = address.partition("/")
    return [host, slash + path]


def _qr(url: str) -> str:
    """The code without its quiet zone, which the sheet leaves white itself; "" where the sheet leads nowhere."""
    if not url:
        return ""
    size = len(qr_matrix(url))
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}"><path d="{qr_path(url)}" stroke="#000"/></svg>'


def _table(table: TableView, paper: Paper) -> dict[str, Any]:
    """The rows with their plan. Rows are numbered unless the table brings its own numbers."""
    first = table.columns[0]
    numbered = not (first.name == "no" or first.title == "序号")
    plan = plan_table(table, numbered, paper)
    lead = 1 if numbered else 0
    ends = list(zip(_fractions(table), (c.align for c in table.columns), strict=True))
    totals = [_figure(text, *end) for text, end in zip(table.totals, ends, strict=True)] if table.totals else None
    label = next((n for n, text in enumerate(table.totals) if text), len(table.columns)) if table.totals else 0
    cells: list[Any] = []
    for number, row in enumerate(table.rows, 1):
        tall = any(
            len(text) > _TALL and (width_of(text) > _TALL * plan.widths[n + lead] or text.count("\n") > _TALL) for n, text in enumerate(row)
        )
        shown = [str(number)] if numbered else []
        shown += [_figure(breakable(text, plan.widths[n + lead] - 0.9), *ends[n]) for n, text in enumerate(row)]
        cells += [[*c, 1] if isinstance(c, list) else [c, "", 1] for c in shown] if tall else shown
    label += lead
    count = f"{len(table.rows)}{table.count_unit}" if table.count_unit else ""
    totals_sure = min(plan.totals_sure, sum(plan.widths[:label]) / (width_of(f"合计（{count}）") + 0.7)) if label > 1 else plan.totals_sure
    return {
        "title": table.title or "",
        "head": (["序号"] if numbered else []) + [heading(c, plan.widths[n + lead]) for n, c in enumerate(table.columns)],
        "align": (["center"] if numbered else []) + [_align(table, n) for n in range(len(table.columns))],
        "cells": cells,
        "totals": ([""] if numbered else []) + totals if totals else None,
        "label": label,
        "count": count,
        **{field: getattr(plan, field) for field in TablePlan.__slots__},
        "totals_sure": totals_sure,
    }


def _align(table: TableView, n: int) -> str:
    """Figures to the right; short words in the middle, as lists have it; texts to the left."""
    column = table.columns[n]
    if column.align == "left" and all(width_of(row[n]) <= 7 for row in table.rows):
        return "center"
    return column.align


def _fractions(table: TableView) -> list[int]:
    """Characters from the point on in the figure of each column that has the most."""
    rows = [*table.rows, table.totals] if table.totals else table.rows
    return [max((_fraction(row[n]) for row in rows), default=0) for n in range(len(table.columns))]


def _fraction(text: str) -> int:
    return len(text) - text.rindex(".") if "." in text else 0


def _figure(text: str, longest: int, align: str) -> Any:
    """A figure with the digits it lacks after the point, to be set unseen: so that points stand below each other."""
    own = _fraction(text)
    if align != "right" or not text or own >= longest:
        return text
    return [text, ("." + "0" * (longest - 1))[own:]]


def _block(block: Node, images: Images) -> Node:
    kind = block["t"]
    if kind == "img":
        return {**block, **images.place(block["src"])}
    if kind == "quote":
        return {**block, "c": [_block(b, images) for b in block["c"]]}
    if kind == "list":
        return {**block, "items": [[_block(b, images) for b in item] for item in block["items"]]}
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


def _format(start: bytes) -> str:
    if start.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if start.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if start.startswith((b"GIF87a", b"GIF89a")):
        return "gif"
    if start[:4] == b"RIFF" and start[8:12] == b"WEBP":
        return "webp"
    return "svg" if b"<svg" in start else ""


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return _NO_TEXT.sub("", value)
    if isinstance(value, dict):
        return {k: _clean(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(v) for v in value]
    return value
