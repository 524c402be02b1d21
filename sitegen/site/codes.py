"""Pages of the permanent codes: a sheet's QR leads here, and they say whether that sheet is the current one. No script.

They hold for every revision that paper may carry, also of records that were withdrawn, moved or merged. The day for which they speak stands in one
small style sheet beside them, so that a code's page changes only when what it says does.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from itertools import pairwise
from typing import Any, Literal
from urllib.parse import urlsplit

from msgspec import Struct, field
from msgspec.structs import replace

from sitegen.model.changes import Changes
from sitegen.model.content_views import Content
from sitegen.model.record_views import RecordView, RevisionView
from sitegen.model.views import CodeView, UnitView
from sitegen.resources import resource
from sitegen.templates import board, hash_of

from . import menu
from .frame import Frame
from .spec import QSpec
from .tools import Toolbox

Verdict = Literal["current", "ended", "outdated", "invalid", "early", "withdrawn", "merged", "moved", "closed", "held", "left", "gone"]
_SHOWN = 60
"""Changed rows that a code's page lists; the rest is in the record."""


class CodeData(Struct, frozen=True):
    """What a code's page says of one revision."""

    code: str
    rev: int
    verdict: Verdict
    headline: str
    detail: str
    title: str
    link: str
    """Where to go on; "" when there is nothing."""
    link_text: str
    record: RecordView | None = None
    mark: str = ""
    """The fingerprint that paper of this revision carries, where it is known."""
    later: tuple[RevisionView, ...] = ()
    """Revisions after the one on paper, the newest first."""
    changes: Changes | None = None
    """What changed since the revision on paper, where its content is known."""
    more: int = 0
    """Changed rows that are not listed."""
    steps: Mapping[int, str] = field(default_factory=dict)
    """By revision: what it changed in numbers, where the rows themselves are no longer kept."""


class _Around(Struct, frozen=True):
    """What the pages of all codes of a unit have in common."""

    frame: Frame
    site: str
    path: str
    """Where the style sheet with the day is."""


def q_pages(view: UnitView) -> list[QSpec]:
    """For every code a page that leads on, and one for each of its revisions that paper may carry."""
    tools = Toolbox(view)
    around = _Around(tools.view, menu.site_name(view), _path(view))
    made = []
    for record in view.records:
        link = _link(record.url, view)
        newest = max((record.rev, *(v.rev for v in record.revisions)))
        made.append(QSpec(record.code, "q-lead.html", (record.title, link), around, _html))
        content = view.contents.get(record.id)
        for rev in range(1, newest + 1):
            made.append(QSpec(f"{record.code}-{rev}", "q.html", _said(record, rev, tools, content, link), around, _html))
    for other in view.codes:
        for rev in range(1, max(1, other.newest) + 1):
            made.append(QSpec(f"{other.code}-{rev}", "q.html", _of_code(other, rev, tools, view), around, _html))
        made.append(QSpec(other.code, "q.html", _of_code(other, other.newest, tools, view), around, _html))
    return made


def _html(template: str, data: Any, around: _Around) -> str:
    if template == "q-lead.html":
        title, link = data
        return board(template).render(title=title, link=link)
    style, style_hash = _style()
    frame = around.frame
    return board(template).render(d=data, t=Toolbox(frame), u=frame, site=around.site, style=style, style_hash=style_hash, path=around.path)


def _path(view: UnitView) -> str:
    """Where the style sheet with the day is, for an address without a final slash; "" where trees differ."""
    paths = {path for _, path in view.q_places}
    return paths.pop() if len(paths) == 1 else ""


def _link(url: str, view: UnitView) -> str:
    # From the root's Q/ two steps up reach the root whether or not the address ends in a slash, for nothing lies above a root;
    # from a Q/ further down, or on another host, only the whole address is right.
    if view.q_places == ((view.host, "Q"),) and urlsplit(url).netloc == view.host:
        return "../../" + urlsplit(url).path.lstrip("/")
    return url


def _said(record: RecordView, rev: int, tools: Toolbox, content: Content | None, link: str) -> CodeData:
    headline, detail, verdict = statement(record, rev, tools)
    changes = next((c for c in content.changes if c.rev == rev), None) if content is not None else None
    more = 0
    if changes is not None:
        changes, more = _shortened(changes)
    return CodeData(
        code=record.code,
        rev=rev,
        verdict=verdict,
        headline=headline,
        detail=detail,
        title=record.title,
        link=link,
        link_text=f"看第{record.rev}版" if verdict == "outdated" else "看原文",
        record=record,
        mark=content.mark if content is not None and rev == record.rev else "",
        later=tuple(v for v in reversed(_revisions(record)) if v.rev > rev) if verdict == "outdated" else (),
        changes=changes if verdict == "outdated" else None,
        more=more,
        steps=_steps(record),
    )


def _steps(record: RecordView) -> dict[int, str]:
    known = _revisions(record)
    made = {v.rev: "" for v in known}
    for before, after in pairwise(known):
        if before.counts is not None:
            made[after.rev] = Changes(before.rev, counts=before.counts).words
    return made


def _revisions(record: RecordView) -> list[RevisionView]:
    """The revisions that were released, and the present one when it is not yet."""
    known = [v for v in record.revisions if v.rev <= record.rev]
    if record.rev > 1 and all(v.rev != record.rev for v in known):
        known.append(RevisionView(record.rev, record.revised or record.published, record.why_revised, ""))
    return known


def statement(record: RecordView, rev: int, tools: Toolbox) -> tuple[str, str, Verdict]:
    """(headline, detail, verdict) of a sheet with revision ``rev`` of a record that is there."""
    posting = record.posting
    if rev < record.rev:
        return f"这张纸已被第{record.rev}版替换", f"您手里的是第{rev}版，请以第{record.rev}版为准。", "outdated"
    if rev > record.rev:
        # The newer revision is being corrected, and what stands meanwhile is the one before.
        return "这份信息正在更正", f"您手里的是第{rev}版，内容正在核对，网上暂时显示第{record.rev}版。", "held"
    if record.validity != "有效":
        since = f"，{tools.date(record.abolished)}起" if record.abolished else ""
        return f"这份信息已{record.validity}", f"纸上是最后一版（第{rev}版）{since}不再执行。", "invalid"
    if posting and posting.state == "over":
        return "这张纸的公示期已结束", f"公示期到{tools.date(posting.end)}为止。纸上是最后一版（第{rev}版），内容没有变更。", "ended"
    if posting and posting.state == "upcoming":
        return "这张纸是现行版本", f"第{rev}版，公示期从{tools.date(posting.start)}开始。", "early"
    until = f"，公示到{tools.date(posting.end)}" if posting else ""
    return "这张纸是现行版本", f"第{rev}版{until}。", "current"


def _of_code(code: CodeView, rev: int, tools: Toolbox, view: UnitView) -> CodeData:
    headline, detail, text = _words(code, rev, tools, view)
    link = _link(code.url, view) if code.url else ""
    return CodeData(code.code, rev, code.state, headline, detail, code.title, link, text)


def _words(code: CodeView, rev: int, tools: Toolbox, view: UnitView) -> tuple[str, str, str]:
    paper = f"您手里的是第{rev}版"
    on = tools.date(code.on) if code.on else ""
    why = f"原因：{code.why}。" if code.why else ""
    match code.state:
        case "withdrawn":
            return "这份信息已撤回", f"{on}撤回。{why}{paper}，不再有效。", ""
        case "merged":
            return "这份信息已并入新的一份", f"{paper}，请以新的一份为准。", "看新的一份"
        case "moved":
            return "这份信息已移到别处公开", f"{paper}，请以那里公开的为准。", "去那里看"
        case "closed":
            return "这份信息不再向社会公开", f"{paper}。需要的可以依法申请公开，或者向{view.supervision.name}查询。", ""
        case "held":
            return "这份信息正在更正", f"最近一版是第{code.newest}版，{paper}。内容正在核对，改好后在这里公开。", ""
        case "left":
            when = f"{on}更正后" if on else "更正后"
            return "更正后的名单不再涉及本村", f"原名单{when}，没有{view.unit.name}的内容。{why}{paper}，不再有效。", "看原名单"
        case "gone":
            return "这份信息已不在网上", f"{paper}，原文没有找到。请向{view.supervision.name}查询。", ""


def _shortened(changes: Changes) -> tuple[Changes, int]:
    every = len(changes.added) + len(changes.removed) + len(changes.changed)
    changed = changes.changed[:_SHOWN]
    added = changes.added[: _SHOWN - len(changed)]
    removed = changes.removed[: _SHOWN - len(changed) - len(added)]
    return replace(changes, added=added, removed=removed, changed=changed), every - len(changed) - len(added) - len(removed)


@functools.cache
def _style() -> tuple[str, str]:
    """The style of these pages and its hash for their policy. It stands in the page: a code may live on a host without our assets."""
    text = (resource("themes/board") / "q.css").read_text(encoding="utf-8").strip()
    return text, hash_of(text)
