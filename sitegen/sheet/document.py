"""An official document in the proportions of GB/T 9704: 22 lines of 28 characters, whatever the paper."""

from __future__ import annotations

from math import ceil
from typing import Any

from msgspec.structs import replace

from sitegen.sheet.compose import Opening, Placed
from sitegen.sheet.papers import Paper
from sitegen.sheet.payload import Images, as_data, fitted, prepared
from sitegen.sheet.reckon import height, lines_of
from sitegen.sheet.spec import SheetSpec
from sitegen.sheet.tables import grid_of, plan_table
from sitegen.sheet.widths import PT, spaced, width_of

LINES, CHARACTERS = 22, 28
TOP, LEFT, RIGHT, BOTTOM = 37.0, 28.0, 26.0, 35.0
"""Margins of A4 in millimetres; other papers have them in proportion."""
_TYPE, _TITLE, _PAGE = 16.0, 22.0, 14.0
"""3号 text, 2号 title, 4号 page numbers on A4, in points."""


def compose_document(spec: SheetSpec, paper: Paper, images: Images, slack: int) -> Placed:
    """Type keeps its size: a document flows to as many pages as it needs. Larger print has fewer characters to a line."""
    scale = paper.width / 210
    big = paper.body / _TYPE
    side = max(0.0, paper.gutter + paper.side - LEFT * scale)
    width = (paper.width - (LEFT + RIGHT) * scale - side) * PT
    size, pitch = width / CHARACTERS * big, (297 - TOP - BOTTOM) * scale * PT / LINES * big
    if side:
        size, pitch = size * (1 + side / (156 * scale)), pitch
    lead = pitch - size
    data = spec.data
    sheet = replace(paper, body=size, title=_TITLE * size / _TYPE, table=min(paper.table * scale, size * 0.9))
    opening = Opening(data, (), sheet, width, slack, sheet.title)
    blocks = fitted(prepared(data["blocks"], images), sheet, width, size)
    table = plan_table(grid_of(spec.table), sheet, width=width) if spec.table else None
    row = max(1.7 * (table.size if table else 0), pitch * 0.85)
    red = _red(data["red"], width, scale)
    head = _head_lines(red, size, pitch, scale)
    # Title and the line of white after it keep to the grid.
    name = opening.name
    title_lines = len(name["lines"]) * 1.25
    used = (
        head * pitch
        + (title_lines + 2) * pitch
        + height(blocks, width, size, lead, slack=slack)
        + (table.height(1, row) + pitch if table else 0)
    )
    tail = (5 + sum(lines_of(n, width / size) for n in data["notes"])) * pitch
    area = LINES * pitch / big
    face: dict[str, Any] = {
        "name": {"lines": name["lines"], "size": round(opening.type_of_name(1), 2)},
        "size": round(size, 2),
        "lead": round(lead, 2),
        "blocks": as_data(blocks),
        "tables": [] if table is None else table.draw(1.0, row),
        "caption": spec.table.title or "" if spec.table else "",
        "count": "",
        "gap": round(pitch, 2),
        "margins": [round(m, 2) for m in (TOP * scale, RIGHT * scale, paper.height - (297 - BOTTOM) * scale, LEFT * scale + side)],
        "pitch": round(pitch, 3),
        "red-name": data["red"],
        "red": round(red, 2),
        "head-lines": head,
        "number-size": round(_PAGE * scale, 2),
        "scale": scale,
        # The date ends four characters from the edge, and the organ stands centred above it, even where its name is wider.
        "sign-inset": round(max(1.0, 4 - max(0.0, spaced(data["issuer"]) - width_of(data["date"], serif=True)) / 2), 3),
        "addressee": _is_addressee(data),
    }
    return Placed(face, 1 if used + tail <= area else 1 + int((used + tail) // area), min(1.0, table.size / sheet.table if table else 1.0))


def _head_lines(red: float, size: float, pitch: float, scale: float) -> float:
    """Lines of the grid from the edge of the text to a line below the red rule: 35 mm, the organ's name, two lines, the number, 4 mm."""
    return float(ceil((39 * scale * PT + red + 2 * pitch + size) / pitch + 0.5)) if red else 0.0


def _red(name: str, width: float, scale: float) -> float:
    """Type of the organ's name in points: as large as one line holds, at most as the standard's samples have it."""
    return min(54 * scale, width / max(1.0, width_of(name)) * 0.98) if name else 0.0


def _is_addressee(data: dict[str, Any]) -> bool:
    """Whether the text begins with whom it is sent to (主送机关), which stands at the margin."""
    first = data["blocks"][0] if data["blocks"] else None
    if first is None or first["t"] != "p" or len(first["c"]) != 1:
        return False
    text = first["c"][0].get("v", "").strip()
    return text.endswith("：") and len(text) <= 60 and "。" not in text
