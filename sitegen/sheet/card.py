"""办事指南 as a card: the facts that matter in boxes, then what, who, with what, where, in how many days, row by row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from sitegen.doctree import Node
from sitegen.sheet.compose import Opening, Placed, notes_height
from sitegen.sheet.papers import Paper
from sitegen.sheet.payload import Images, as_data, fitted, prepared
from sitegen.sheet.reckon import PITCH, height, lines_of, plain
from sitegen.sheet.spec import SheetSpec
from sitegen.sheet.widths import PT, width_of

_LABEL = 5.2
"""Width of the names of rows, in ems."""
_PAD = 0.5
"""White around what stands in a row, in ems."""
_BOX = 3.9
"""Height of the boxes of facts, in ems."""
AIR = 0.72
"""White between lines against the usual: rows are read one by one, not through."""


def sections_of(blocks: Sequence[Node]) -> tuple[list[Node], list[dict[str, Any]]]:
    """A text by its headings: what stands before the first, then (label, blocks) for each."""
    lead: list[Node] = []
    made: list[dict[str, Any]] = []
    for block in blocks:
        if block["t"] == "h" and block["level"] <= 2:
            made.append({"label": plain(block["c"]), "blocks": []})
        elif made:
            made[-1]["blocks"].append(block)
        else:
            lead.append(block)
    return lead, made


class Card(Struct, frozen=True):
    """The rows of a guide at any size."""

    sections: Sequence[dict[str, Any]]
    facts: Sequence[tuple[str, str]]
    paper: Paper
    width: float
    images: Images
    slack: int = 0

    def _inner(self, size: float) -> float:
        return self.width - (_LABEL + 2 * _PAD) * size

    def _blocks(self, section: dict[str, Any], size: float) -> list[Node]:
        return fitted(prepared(section["blocks"], self.images), self.paper, self._inner(size), size)

    def height(self, size: float) -> float:
        """Points of it all in type of ``size``."""
        lead = PITCH * size * AIR
        rows = 0.0
        for section in self.sections:
            label = lines_of(section["label"], _LABEL - 2 * _PAD) * 1.35 * size
            high = height(self._blocks(section, size), self._inner(size), size, lead, slack=self.slack, indent=False)
            rows += max(label, high, size) + 2 * _PAD * size
        return rows + ((_BOX + 0.8) * size if self.facts else 0.0)

    def face(self, size: float) -> dict[str, Any]:
        """What the template reads."""
        return {
            "card": {
                "size": round(size, 2),
                "lead": round(PITCH * size * AIR, 2),
                "label": round(_LABEL * size, 2),
                "pad": round(_PAD * size, 2),
                "box": round(_BOX * size, 2),
                "facts": [[name, text, round(_fitting(text, self.width / max(1, len(self.facts)), size), 3)] for name, text in self.facts],
                "rows": [{"label": s["label"], "blocks": as_data(self._blocks(s, size))} for s in self.sections],
            }
        }


def _fitting(text: str, width: float, size: float) -> float:
    """How large a fact may be in its box, in ems."""
    return min(1.5, (width / size - 1.2) / max(1.0, width_of(text)))


def compose_card(spec: SheetSpec, paper: Paper, images: Images, slack: int) -> Placed:
    """A guide on one sheet where it fits in type that is read at a counter, else on as many as it needs."""
    lead, sections = spec.data["blocks"], spec.data.get("sections")
    if sections is None:
        lead, sections = sections_of(lead)
    opening = Opening({**spec.data, "blocks": lead}, prepared(lead, images), paper, paper.across, slack, paper.title * 0.92)
    card = Card(sections, spec.data.get("facts", ()), paper, paper.across, images, slack)
    area = paper.down - notes_height(spec.data, paper, paper.across) - 2 * PT
    gap = 4 * PT
    usual = paper.body * (0.95 if paper.name != "A4" else 0.82)
    found = 0.0
    for k in (1.35, 1.25, 1.15, 1.08, 1.0, 0.94, 0.88, 0.83, 0.79):
        if opening.height(min(k, 1.0)) + gap + card.height(usual * k) <= area:
            found = k
            break
    k = found or 0.94
    face = opening.face(min(k, 1.0)) | {"gap": round(gap, 2)} | card.face(usual * k)
    pages = 1 if found else 1 + int((opening.height(1.0) + gap + card.height(usual * k)) // area)
    return Placed(face, pages, min(1.0, k))
