"""Pages of the permanent codes: a sheet's QR leads here, and they say whether that sheet is the current one. No script, no style sheet to fetch."""

from __future__ import annotations

import base64
import functools
import hashlib
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

import jinja2

from sitegen.model.views import RecordView, UnitView
from sitegen.resources import resource

from . import menu
from .spec import QSpec
from .tools import Toolbox

Verdict = Literal["current", "ended", "outdated", "invalid", "early"]


@dataclass(frozen=True, slots=True)
class CodeData:
    """What a code's page says of one revision."""

    record: RecordView
    rev: int
    verdict: Verdict
    headline: str
    detail: str
    link: str


def q_pages(view: UnitView) -> list[QSpec]:
    """For every record a page that leads to it, and one for each of its revisions so far."""
    tools = Toolbox(view)
    page, lead = _template("q.html"), _template("q-lead.html")
    style, style_hash = _style()
    made = []
    for record in view.records:
        link = _link(record, view)
        made.append(QSpec(record.code, lead.render(r=record, link=link)))
        for rev in range(1, record.rev + 1):
            headline, detail, verdict = _statement(record, rev, tools)
            data = CodeData(record, rev, verdict, headline, detail, link)
            html = page.render(d=data, t=tools, site=menu.site_name(view), style=style, style_hash=style_hash)
            made.append(QSpec(f"{record.code}-{rev}", html))
    return made


def _link(record: RecordView, view: UnitView) -> str:
    # From the root's Q/ two steps up reach the root whether or not the address ends in a slash, for nothing lies above a root;
    # from a Q/ further down only the whole address is right in both cases.
    if record.q_host == view.host and record.q_path == "Q":
        return "../../" + urlsplit(record.url).path.lstrip("/")
    return record.url


def _statement(record: RecordView, rev: int, tools: Toolbox) -> tuple[str, str, Verdict]:
    posting = record.posting
    if rev < record.rev:
        why = f"更正说明：{record.why_revised}。" if record.why_revised else ""
        return f"这张纸已被第{record.rev}版替换", f"您手里的是第{rev}版，请以第{record.rev}版为准。{why}", "outdated"
    if record.validity != "有效":
        since = f"，{tools.date(record.abolished)}起" if record.abolished else ""
        return f"这份信息已{record.validity}", f"纸上是最后一版（第{rev}版）{since}不再执行。", "invalid"
    if posting and posting.state == "over":
        return "这张纸的公示期已结束", f"公示期到{tools.date(posting.end)}为止。纸上是最后一版（第{rev}版），内容没有变更。", "ended"
    if posting and posting.state == "upcoming":
        return "这张纸是现行版本", f"第{rev}版，公示期从{tools.date(posting.start)}开始。", "early"
    until = f"，公示到{tools.date(posting.end)}" if posting else ""
    return "这张纸是现行版本", f"第{rev}版{until}。", "current"


@functools.cache
def _template(name: str) -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(str(resource("themes/board"))),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
        auto_reload=False,
    )
    return environment.get_template(name)


@functools.cache
def _style() -> tuple[str, str]:
    """The style of these pages and its hash for their policy. It stands in the page: a code may live on a host without our assets."""
    text = (resource("themes/board") / "q.css").read_text(encoding="utf-8").strip()
    return text, "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
