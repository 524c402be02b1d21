"""The kiosk (公开屏): a folder for a touch screen in a public disclosure zone (政务公开专区), opened from a USB stick.

One page with everything in it: no network, no server, no other file. It turns through what is posted, stops at a touch, and begins again when
nobody is there. What it says of days is absolute; only which postings are shown depends on the screen's clock.
"""

from __future__ import annotations

import datetime as dt
import html
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from msgspec import Struct

from sitegen.code import qr_matrix, qr_path
from sitegen.doctree import Node
from sitegen.model.content_views import TableView
from sitegen.model.record_views import RecordView
from sitegen.model.views import UnitView
from sitegen.resources import resource
from sitegen.site import menu
from sitegen.templates import environment, hash_of

from .notices import Notice, by_urgency, date, posting_text, told_since, where

PAGE, HELP = "index.html", "使用说明.txt"
DAYS = 92
"""How far back what has no posting period is shown: a quarter, after which there is something newer."""
_OLD = 14
"""Days after which the page says that it was not brought up to date."""
_HELP = """\
{site}　公开屏

一、把整个文件夹拷到U盘或者电脑里，双击 index.html，用浏览器打开，按 F11 全屏。不用联网。
二、没人碰时自动轮播；触摸屏幕停下来看，{idle}秒没人碰就回到轮播。遥控器、键盘：左右键翻看，回车看全文，返回键回到目录。
三、公示期满的内容到日子自动不再显示。请把电脑的日期调准。
四、资料截至{day}。有新公示时重新生成，整个文件夹换掉。
"""


class Timing(Struct, frozen=True):
    """How the screen behaves."""

    seconds: int = 15
    """How long each thing stays."""
    idle: int = 60
    """After how many seconds without a touch it begins again."""


def belongs(record: RecordView, day: dt.date) -> bool:
    """Whether a screen shows a record: while it is posted, from when it will be, or lately published without a posting period."""
    if record.posting is not None:
        return record.posting.state != "over"
    return record.validity == "有效" and 0 <= (day - told_since(record)).days < DAYS


def write_kiosk(view: UnitView, notices: Sequence[Notice], folder: Path, day: dt.date, timing: Timing | None = None) -> list[Path]:
    """Write a unit's kiosk into ``folder`` and return its files."""
    timing = timing or Timing()
    page = render(view, notices, day, timing)
    text = _HELP.format(site=menu.site_name(view), idle=timing.idle, day=date(day)).replace("\n", "\r\n")
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    # The editor that Windows opens it with knows UTF-8 by its mark.
    for name, content in ((PAGE, page.encode()), (HELP, b"\xef\xbb\xbf" + text.encode())):
        temporary = folder / f".{name}"
        temporary.write_bytes(content)
        made.append(temporary.replace(folder / name))
    return made


def render(view: UnitView, notices: Sequence[Notice], day: dt.date, timing: Timing) -> str:
    """The page."""
    style, script = _part("kiosk.css"), _part("kiosk.js")
    return _template().render(
        site=menu.site_name(view),
        unit=view.unit.name,
        kind=menu.site_kind(view),
        above=view.ancestors[-1].name if view.ancestors else "",
        day=day,
        day_text=date(day),
        seconds=timing.seconds,
        idle=timing.idle,
        old=_OLD,
        where=where(view),
        call=view.supervision.name,
        phone=view.supervision.phone,
        items=[_item(n) for n in by_urgency(tuple(notices))],
        style=style,
        script=script,
        style_hash=hash_of(style),
        script_hash=hash_of(script),
    )


def _item(one: Notice) -> dict[str, Any]:
    record, posting = one.record, one.record.posting
    host, slash, code = record.code_url.partition("://")[2].partition("/")
    return {
        "title": record.title,
        "section": one.section.partition(" · ")[2],
        "sort": one.section.partition(" · ")[2],
        "state": "正在公示" if posting else "公开",
        "tone": "green" if posting else "grey",
        "stage": record.stage,
        "rev": f"第{record.rev}版" if record.rev > 1 else "",
        "when": _when(one),
        "short": f"公示到{date(posting.end)}" if posting else f"{date(record.published)}公布",
        "start": posting.start.isoformat() if posting else "",
        "end": posting.end.isoformat() if posting else "",
        "figures": [("合计" if label == "共" else label, *_split(figure)) for label, figure in one.figures],
        "summary": one.summary,
        "kept": one.kept_back,
        "call": one.call,
        "phone": one.phone,
        "size": len(qr_matrix(record.code_url)) + 8,
        "path": qr_path(record.code_url, 4),
        "host": host,
        "code": slash + code,
        "body": body(one),
        "issuer": record.issuer,
        "published": date(record.published),
    }


def _when(one: Notice) -> list[str]:
    """The posting period in pieces that stay whole at the end of a line."""
    if one.record.posting is None:
        return [f"{date(one.record.published)}公布"]
    days, bracket, count = posting_text(one.record.posting).partition("（")
    return ["公示期：", days, bracket + count]


def _split(figure: str) -> tuple[str, str]:
    number = figure.rstrip("".join(c for c in figure if not (c.isascii() and (c.isdigit() or c in ",.-"))))
    return number, figure[len(number) :]


def body(one: Notice) -> str:
    """Text and rows as HTML that leads nowhere: no link, no picture, nothing to load."""
    return "".join(_block(b) for b in one.blocks) + (_table(one.table) if one.table else "")


def _block(block: Node) -> str:
    match block["t"]:
        case "h":
            return f"<h3>{_inline(block['c'])}</h3>"
        case "p":
            return f"<p>{_inline(block['c'])}</p>"
        case "list":
            tag = "ol" if block["ordered"] else "ul"
            start = f' start="{block["start"]}"' if block["ordered"] and block["start"] != 1 else ""
            return f"<{tag}{start}>{''.join(f'<li>{_loose(item)}</li>' for item in block['items'])}</{tag}>"
        case "quote":
            return f"<blockquote>{''.join(_block(b) for b in block['c'])}</blockquote>"
        case "code":
            return f"<p>{html.escape(block['v'])}</p>"
        case "img":
            return f"<p>（图：{html.escape(block['alt'] or '见原文')}，请扫码或者到公示栏查看）</p>"
        case "table":
            sides = ["r" if a == "right" else "c" if a == "center" else "" for a in block["align"]]
            head = "".join(f"<th>{_inline(c)}</th>" for c in block["head"])
            rows = "".join(
                f"<tr>{''.join(_cell(_inline(c), side) for c, side in zip(row, sides, strict=False))}</tr>" for row in block["rows"]
            )
            return f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'
    return ""


def _loose(item: list[Node]) -> str:
    """An entry of a list: its first paragraph stands in it as it is."""
    return "".join(_inline(b["c"]) if n == 0 and b["t"] == "p" else _block(b) for n, b in enumerate(item))


def _inline(nodes: list[Node]) -> str:
    made = []
    for node in nodes:
        match node["t"]:
            case "strong":
                made.append(f"<b>{_inline(node['c'])}</b>")
            case "br":
                made.append("<br>")
            case _:
                made.append(html.escape(node["v"]) if "v" in node else _inline(node["c"]))
    return "".join(made)


def _cell(text: str, side: str) -> str:
    return f'<td class="{side}">{text}</td>' if side else f"<td>{text}</td>"


def _table(table: TableView) -> str:
    sides = ["r" if c.align == "right" else "c" if c.align == "center" else "" for c in table.columns]
    head = "".join(f"<th>{html.escape(c.title)}{f'<small>（{html.escape(c.unit)}）</small>' if c.unit else ''}</th>" for c in table.columns)
    rows = "".join(f"<tr>{''.join(_cell(html.escape(c), s) for c, s in zip(row, sides, strict=True))}</tr>" for row in table.rows)
    if table.totals:
        first = next((n for n, text in enumerate(table.totals) if not text), None)
        cells = ["合计" if n == first else text for n, text in enumerate(table.totals)]
        rows += f'<tr class="sum">{"".join(_cell(html.escape(c), s) for c, s in zip(cells, sides, strict=True))}</tr>'
    caption = f"<caption>{html.escape(table.title)}</caption>" if table.title else ""
    return f'<div class="scroll"><table>{caption}<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'


def _part(name: str) -> str:
    return (resource("themes/kiosk") / name).read_text(encoding="utf-8").strip()


@cache
def _template() -> jinja2.Template:
    return environment(resource("themes/kiosk")).get_template("kiosk.html")
