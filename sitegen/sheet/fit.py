"""What stands in head and foot: in which lines, how large, and which texts certainly fit their places, so that the typesetter need not try."""

from __future__ import annotations

from math import ceil
from typing import Any

from sitegen.sheet.lines import broken
from sitegen.sheet.papers import Paper
from sitegen.sheet.widths import PT, breakable, spaced, width_of

_SLACK = 1.02
"""What kerning may add to a line."""


def name_lines(data: dict[str, Any], width: float, size: float) -> dict[str, Any]:
    """The title in lines that end with words, for a place ``width`` points wide and type of ``size`` points.

    ``size`` of the result is against that, and ``most`` how much it may grow on these lines.
    """
    ems = width / size / _SLACK
    title, known = breakable(data["title"], 20.0), (data["places"], data["phrases"])
    lines, whole = broken(title, ems, *known)
    k = 1.0
    if len(lines) > 4:
        k = 0.7
        lines, _ = broken(title, ems / k, *known)
    elif not whole:
        # Rather a little smaller than broken within a word.
        for smaller in (0.94, 0.88):
            again, whole = broken(title, ems / smaller, *known)
            if whole and len(again) <= len(lines):
                k, lines = smaller, again
                break
    return {"lines": lines, "size": k, "most": round(max(k, ems / _widest(lines)), 3)}


def signed_lines(data: dict[str, Any], paper: Paper) -> dict[str, Any]:
    """The issuer in lines, and its size in points: a little too long is set smaller, a long one on several lines."""
    place, tall = paper.sign_width - 4 * PT, paper.foot * PT
    body = min(paper.body, 18.0)
    ems = place / body / _SLACK
    issuer = breakable(data["issuer"], 7.0)
    whole = ems / max(width_of(issuer, serif=True), 1.0)
    if whole >= 0.75:
        return {"lines": [issuer], "size": round(min(1.0, whole) * body, 2)}
    size = 1.0
    while True:
        lines, _ = broken(issuer, ems / size, data["places"])
        # Lines with half a line between them, more white above the date.
        high = (1.5 * len(lines) + 1.5) * body * size
        if (high <= tall and _widest(lines) <= ems / size) or size < 0.2:
            return {"lines": lines, "size": round(size * body, 2)}
        size *= 0.92


def fits(data: dict[str, Any], paper: Paper) -> dict[str, bool]:
    """Which texts of head and foot certainly fit their places in their own size."""
    room, note = paper.across, paper.note
    posting = data["posting"]
    mark = (width_of(posting) + 1.4 if posting else width_of(data["date"]) + 2) + (width_of(data["stage"]) + 2.1 if data["stage"] else 0)
    call = room - paper.sign_width - (paper.letters + paper.code + 8) * PT
    lines = ceil(width_of(f"异议受理：{data['objections']}") * _SLACK / max(1.0, call / (1.15 * note) - 1)) if data["objections"] else 0
    high = (1.15 * 1.5 * (2 + lines) + 1.85 * 1.5) * note + 2.5 * PT
    host, _, path = data["address"].partition("/")
    return {
        "section": (width_of(data["section"]) + mark) * 1.15 * note * _SLACK <= room - 10.6 * PT,  # the uniform mark before it
        "name": width_of(data["title"] + "（续）") * 1.3 * note * _SLACK <= room,
        "call": high <= paper.foot * PT
        and _SLACK * note * max(1.85 * width_of(data["phone"]), 1.15 * width_of(data["body"])) <= call
        and not _unbroken(data["objections"], call / (1.15 * note)),
        "letters": max(7.0 * 1.3 / 0.82, width_of(host), width_of("/" + path)) * 0.82 * note * _SLACK <= paper.letters * PT,
        "issuer": width_of(data["issuer"]) * note * _SLACK <= room / 2 - 25 * PT,
    }


def _unbroken(text: str, ems: float) -> bool:
    """Whether runs without a place to break are so wide that lines may be left half empty."""
    return any(width_of(run) > ems / 3 for run in text.replace("，", " ").split() if run.isascii())


def _widest(lines: list[str]) -> float:
    return max(0.01, *(spaced(line) for line in lines))
