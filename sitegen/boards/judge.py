"""What a code on a wall stands for: current, out of date, over, withdrawn, or nothing that anybody here knows.

The same statements as on the codes' own pages, for whoever looks at a photo. Everything is told by a region's views on a day.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Literal
from urllib.parse import urlsplit

from msgspec import Struct
from msgspec.structs import replace

from sitegen.code import ALPHABET, LENGTH, split
from sitegen.model.record_views import RecordView
from sitegen.model.views import CodeState, CodeView, UnitView

Verdict = Literal[
    "current", "early", "site", "other",
    "outdated", "ended", "invalid", "withdrawn", "merged", "moved", "closed", "held", "left", "gone",
    "unknown", "foreign", "astray", "unreadable",
]  # fmt: skip
"""``early``: its posting has not begun; ``site``: an address of the region's sites, as on posters; ``other``: no code of a record at all.

``unknown``: an address of this region, and no such code or revision; ``foreign``: a code of another region; ``astray``: a code of this region at
an address that is not, or is no longer, the region's.
"""
FINE: frozenset[Verdict] = frozenset(("current", "early", "site", "other"))
"""Verdicts with which nobody has to do anything."""
_RECORD_GONE: dict[CodeState, Verdict] = {
    "withdrawn": "withdrawn", "merged": "merged", "moved": "moved", "closed": "closed", "held": "held", "left": "left", "gone": "gone",
}  # fmt: skip


class Judged(Struct, frozen=True):
    """What is known of one code."""

    verdict: Verdict
    text: str
    """What the code says; "" where it cannot be read."""
    code: str = ""
    rev: int = 0
    newest: int = 0
    """The revision that is current."""
    title: str = ""
    unit: str = ""
    """Name of the unit whose record it is."""
    unit_code: str = ""
    record: str = ""
    """Id of the record, where it is there."""
    day: dt.date | None = None
    """When it was replaced, when its posting ended, lapsed or was withdrawn; of ``early`` the first day; of ``current`` the last."""
    why: str = ""
    """Why it was replaced or withdrawn."""
    then: bool = False
    """It was still right on the day of the photo."""
    guessed: bool = False
    """``unreadable``: what it would say; no telephone reads it."""

    @property
    def fine(self) -> bool:
        """Whether nothing has to be done."""
        return self.verdict in FINE

    @property
    def written(self) -> str:
        """7K3M9X2QF4-2; "" where no code is known."""
        return f"{self.code}-{self.rev}" if self.code else ""


def address(text: str) -> tuple[str, str, str, int] | None:
    """Host, path of the Q tree, code and revision of what a sheet's code says; ``None`` for anything else."""
    try:
        parts = urlsplit(text.strip())
        path, _, name = parts.path.rstrip("/").rpartition("/")
        code, rev = split(name)
    except ValueError:
        return None
    if (
        parts.scheme.lower() not in ("http", "https")
        or rev is None
        or path.rpartition("/")[2].upper() != "Q"
        or parts.query
        or parts.fragment
    ):
        return None
    return parts.netloc.lower(), path.strip("/"), code, rev


def is_address(text: str) -> bool:
    """Whether a text is what codes on sheets say, of whatever region, to the letter: capitals, no look-alikes."""
    found = address(text)
    name = text.rpartition("/")[2].partition("-")[0]
    return found is not None and text == text.upper() and len(name) == LENGTH and not set(name) - set(ALPHABET)


class Known:
    """All codes of a region on a day, by its views."""

    def __init__(self, views: Iterable[UnitView]) -> None:
        self.records: dict[str, tuple[UnitView, RecordView]] = {}
        self.others: dict[str, tuple[UnitView, CodeView]] = {}
        self.places: set[tuple[str, str]] = set()
        self.hosts: set[str] = set()
        for view in views:
            self.records |= {r.code: (view, r) for r in view.records}
            self.others |= {c.code: (view, c) for c in view.codes}
            self.places |= {(host, path.lower()) for host, path in view.q_places}
            self.hosts.add(view.host.lower())

    def judge(self, text: str, hint: str = "", taken: dt.date | None = None) -> Judged:
        """What a code says stands for. ``hint`` is what an unreadable one would say; ``taken`` the day of the photo."""
        if not text:
            found = address(hint)
            if found is None:
                return Judged("unreadable", "")
            return replace(self._judge(hint, found, taken), verdict="unreadable", text="", guessed=True)
        found = address(text)
        if found is not None:
            return self._judge(text, found, taken)
        try:
            host = urlsplit(text.strip()).netloc.lower()
        except ValueError:
            host = ""
        return Judged("site" if host in self.hosts else "other", text)

    def _judge(self, text: str, found: tuple[str, str, str, int], taken: dt.date | None) -> Judged:
        host, path, code, rev = found
        if code in self.records:
            view, record = self.records[code]
            judged = _of_record(view, record, text, rev, taken)
        elif code in self.others:
            view, other = self.others[code]
            judged = Judged(
                _RECORD_GONE[other.state],
                text,
                code,
                rev,
                other.newest,
                other.title,
                view.unit.name,
                view.unit.code,
                "",
                other.on,
                other.why or "",
            )
            if rev > max(1, other.newest):
                judged = replace(judged, verdict="unknown")
        else:
            return Judged("unknown" if (host, path.lower()) in self.places else "foreign", text, code, rev)
        return judged if (host, path.lower()) in self.places else replace(judged, verdict="astray")


def _of_record(view: UnitView, record: RecordView, text: str, rev: int, taken: dt.date | None) -> Judged:
    newest = max((record.rev, *(v.rev for v in record.revisions)))
    judged = Judged("current", text, record.code, rev, record.rev, record.title, view.unit.name, view.unit.code, record.id)
    posting = record.posting
    if rev > newest or rev < 1:
        return replace(judged, verdict="unknown")
    if rev > record.rev:
        return replace(judged, verdict="held")
    if rev < record.rev:
        after = next((v for v in record.revisions if v.rev == rev + 1), None)
        day = after.on if after else record.revised
        why = record.why_revised if rev + 1 == record.rev else after.why if after else None
        return replace(judged, verdict="outdated", day=day, why=why or "", then=bool(taken and day and taken < day))
    if record.validity != "有效":
        day = record.abolished
        return replace(judged, verdict="invalid", day=day, then=bool(taken and day and taken < day))
    if posting is not None and posting.state == "over":
        return replace(judged, verdict="ended", day=posting.end, then=bool(taken and taken <= posting.end))
    if posting is not None and posting.state == "upcoming":
        return replace(judged, verdict="early", day=posting.start)
    return replace(judged, day=posting.end if posting else None)
