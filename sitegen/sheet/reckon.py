"""How high a text will be, reckoned before it is set: rather a line too many than one too few.

The typesetter fills line after line, as this does; trying several sizes here costs it nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from sitegen.doctree import Node
from sitegen.sheet.widths import BESIDE, GAP, HAN, width_of

PITCH = 13 / 16
"""White between two lines, in ems: GB/T 9704 has a line of 16 pt type every 29 pt."""
IMAGE = 0.3
"""How much of a sheet's height a picture takes at most."""
CAPTION = 0.8
SMALL = 0.85
"""Type of tables and code in a text, against the text's."""

_OPEN = "（《〈【「『“‘〔［｛"
_CLOSE = "）》〉】」』”’〕］｝，、。：；！？…—·‰℃°々ー～"
_UNIT = re.compile(rf"[{_OPEN}(\[]*(?:[{HAN}][,.:;!?)\]%]*|[^\s\u200b{HAN}{_OPEN}{_CLOSE}]+|)[{_CLOSE}]*| +|\u200b|\n|.")
"""What a line does not end within: a character with the marks around it, a Latin word, a figure."""


@lru_cache(maxsize=8192)
def _units(text: str) -> tuple[tuple[float, float, int], ...]:
    """(white before it within a line, width, how many) of each unit, in ems: several are plain characters, between any of which a line may end.

    A width below 0 ends the line.
    """
    made: list[tuple[float, float, int]] = []
    blank, fresh = 0.0, True
    beside = [m.start() for m in BESIDE.finditer(text)]
    beside.append(len(text))
    at = 0
    for found in _UNIT.finditer(text):
        unit, start = found.group(), found.start()
        if not unit or unit == "\u200b":
            continue
        if unit == "\n":
            made.append((0.0, -1.0, 1))
            blank, fresh = 0.0, True
            continue
        if unit.isspace():
            blank += 0.26 * len(unit) if unit.isascii() else len(unit)
            continue
        run, end = found.lastgroup == "run", found.end()
        wide, gap = (1.0 if run else width_of(unit, serif=True)), blank
        while beside[at] < end:
            if beside[at] > start:
                wide += GAP
            elif beside[at] == start and not fresh:
                gap += GAP
            at += 1
        made.append((gap, wide, end - start if run else 1))
        blank, fresh = 0.0, False
    return tuple(made)


@lru_cache(maxsize=1 << 15)
def lines_of(text: str, ems: float, indent: float = 0.0) -> int:
    """How many lines of ``ems`` a text takes at most, the first one indented."""
    count, used, fresh = 1, indent, True
    for gap, wide, number in _units(text):
        if wide < 0:
            count, used, fresh = count + 1, 0.0, True
            continue
        before = 0.0 if fresh else gap
        fresh = False
        if number > 1:
            hold = int(ems - used - before + _EXACT)
            if number <= hold:
                used += before + number
            else:
                each = max(1, int(ems + _EXACT))
                rest = number - max(0, hold)
                more = -(-rest // each)
                count, used = count + more, float(rest - (more - 1) * each)
        elif used + before + wide <= ems + _EXACT:
            used += before + wide
        else:
            count, used = count + 1, wide
            while used > ems + 0.01:  # a run without end is broken where it must
                count, used = count + 1, used - ems
    return count


_EXACT = 1e-6


def plain(nodes: Sequence[Node]) -> str:
    """The text of inline nodes as it is printed."""
    made = []
    for node in nodes:
        if node["t"] == "br":
            made.append("\n")
        elif "v" in node:
            made.append(node["v"])
        else:
            made.append(plain(node["c"]))
            if node.get("shown"):
                made.append(f"（{node['shown']}）")
    return "".join(made)


def height(blocks: Sequence[Node], width: float, size: float, lead: float, *, slack: int = 0, indent: bool = True) -> float:
    """Points that a text takes in type ``size`` with ``lead`` between lines; ``slack`` more lines a paragraph."""
    if not blocks:
        return 0.0
    return sum(_block(b, width, size, lead, slack, indent) for b in blocks) + lead * (len(blocks) - 1)


def _block(block: Node, width: float, size: float, lead: float, slack: int, indent: bool) -> float:
    kind, ems = block["t"], width / size

    def lines(count: int) -> float:
        count += slack
        return count * size + (count - 1) * lead

    if kind == "p":
        return lines(lines_of(plain(block["c"]), ems, 2 if indent else 0))
    if kind == "h":
        return lines(lines_of(plain(block["c"]), ems - (2 if indent else 0)))
    if kind == "list":
        inner = (ems - (2 if indent else 0) - block["marker"] - 0.4) * size
        items = [max(size, height(item, max(inner, size), size, lead, slack=slack, indent=False)) for item in block["items"]]
        return sum(items) + lead * max(0, len(items) - 1)
    if kind == "table":
        high: float = block["table"].height if block.get("table") else 0.0
        return high
    if kind == "img":
        return block["height"] + (lines(1) * CAPTION + lead if block["alt"] else 0) if block["src"] else size * 1.6
    if kind == "quote":
        return height(block["c"], width - size, size, lead, slack=slack, indent=False) + 0.4 * size
    if kind == "code":
        return lines(sum(lines_of(line, ems / SMALL) for line in block["v"].split("\n"))) * SMALL
    return 1.0


def marker(block: Node) -> float:
    """Width of the mark before the items of a list, in ems."""
    longest = max((len(str(block["start"] + n)) + 1 for n in range(len(block["items"]))), default=1) if block["ordered"] else 1
    return float(max(1, longest * 0.6))


def image_size(block: Node, width: float, page: float) -> tuple[float, float]:
    """A picture in its own proportions: at most as wide as the text and a third of a sheet high, larger than it is only up to 60 %."""
    own_width, own_height = block["size"]
    scale = min(width / own_width, page * IMAGE / own_height, max(1.0, width * 0.6 / own_width))
    return own_width * scale, own_height * scale
