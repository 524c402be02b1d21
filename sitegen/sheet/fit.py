"""What fits its place: reckoned beforehand, so that the typesetter tries sizes only where it is not certain."""

from __future__ import annotations

from math import ceil
from typing import Any

from sitegen.sheet.layout import PT, Paper, breakable, width_of
from sitegen.sheet.lines import broken

_SLACK = 1.02
"""What kerning may add to a line."""


def name_lines(data: dict[str, Any], paper: Paper, *, flipped: bool) -> dict[str, Any]:
    """The title in lines that end with words, its size against the paper's ``title``, and the most it may grow on these lines."""
    ems = _room(paper, flipped) / paper.title / _SLACK
    title, known = breakable(data["title"], 20.0), (data["places"], data["phrases"])
    lines, whole = broken(title, ems, *known)
    size = 1.0
    if len(lines) > 4:
        size = 0.7
        lines, _ = broken(title, ems / size, *known)
    elif not whole:
        # Rather a little smaller than broken within a word.
        for smaller in (0.94, 0.88):
            again, whole = broken(title, ems / smaller, *known)
            if whole and len(again) <= len(lines):
                size, lines = smaller, again
                break
    return {"lines": lines, "size": size, "most": round(max(size, ems / _widest(lines)), 3)}


def signed_lines(data: dict[str, Any], paper: Paper, *, flipped: bool) -> dict[str, Any]:
    """The issuer in lines, and its size against the paper's ``body``: a little too long is set smaller, a long one on several lines."""
    place, tall = _sign(paper, flipped) - 4 * PT, paper.foot * PT
    ems = place / paper.body / _SLACK
    issuer = breakable(data["issuer"], 7.0)
    whole = ems / max(width_of(issuer, serif=True), 1.0)
    if whole >= 0.75:
        return {"lines": [issuer], "size": round(min(1.0, whole), 3)}
    size = 1.0
    while True:
        lines, _ = broken(issuer, ems / size, data["places"])
        # Lines with half a line between them, more white above the date.
        high = (1.5 * len(lines) + 1.5) * paper.body * size
        if (high <= tall and _widest(lines) <= ems / size) or size < 0.2:
            return {"lines": lines, "size": round(size, 3)}
        size *= 0.92


def fits(data: dict[str, Any], paper: Paper, *, flipped: bool) -> dict[str, bool]:
    """Which texts of head and foot certainly fit their places in their own size."""
    room, note = _room(paper, flipped), paper.note
    posting = data["posting"]
    mark = (width_of(posting) + 1.4 if posting else width_of(data["date"]) + 2) + (width_of(data["stage"]) + 2.1 if data["stage"] else 0)
    call = room - _sign(paper, flipped) - (paper.letters + paper.code + 8) * PT
    lines = ceil(width_of(f"异议受理：{data['objections']}") * _SLACK / max(1.0, call / (1.15 * note) - 1)) if data["objections"] else 0
    high = (1.15 * 1.5 * (2 + lines) + 1.85 * 1.5) * note + 2.5 * PT
    host, _, path = data["address"].partition("/")
    return {
        "section": (width_of(data["section"]) + mark) * 1.15 * note * _SLACK <= room - 4 * PT,
        "name": width_of(data["title"] + "（续）") * 1.3 * note * _SLACK <= room,
        "call": high <= paper.foot * PT
        and _SLACK * note * max(1.85 * width_of(data["phone"]), 1.15 * width_of(data["body"])) <= call
        and not _unbroken(data["objections"], call / (1.15 * note)),
        "letters": max(width_of(host), width_of("/" + path)) * 0.82 * note * _SLACK <= paper.letters * PT,
        "issuer": width_of(data["issuer"]) * note * _SLACK <= room / 2 - 25 * PT,
    }


def _unbroken(text: str, ems: float) -> bool:
    """Whether runs without a place to break are so wide that lines may be left half empty."""
    return any(width_of(run) > ems / 3 for run in text.replace("，", " ").split() if run.isascii())


def _room(paper: Paper, flipped: bool) -> float:
    return ((paper.height if flipped else paper.width) - 2 * paper.side) * PT


def _sign(paper: Paper, flipped: bool) -> float:
    return paper.sign * (1.4 if flipped else 1.0) * PT


def _widest(lines: list[str]) -> float:
    return max(0.01, *(width_of(line, serif=True) for line in lines))
