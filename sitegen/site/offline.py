"""What stands at the top of a bundle for use without a network: where to begin, and what it is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import groupby

from msgspec import Struct

from sitegen.model.region import Unit
from sitegen.model.unit import UnitLink
from sitegen.model.views import UnitView

from . import menu
from .lost import standalone
from .tools import Toolbox

START = "开始.html"


class OfflineSheet(Struct, frozen=True):
    """A sheet in the bundle."""

    unit: str
    title: str
    path: str
    pages: int


def start_page(top: UnitView, units: Sequence[tuple[UnitLink, str]], sheets: Sequence[OfflineSheet], date: dt.date) -> str:
    """The page to begin with. ``units`` come with the path of their home page in the bundle, the one at the top first."""
    by_unit = [(name, list(of_unit)) for name, of_unit in groupby(sheets, key=lambda s: s.unit)]
    search = units[0][1].removesuffix("index.html") + "search/index.html"
    return standalone(
        "offline.html", u=top, t=Toolbox(top), site=menu.site_name(top), units=units, sheets=by_unit, search=search, date=date
    )


def read_me(top: Unit, date: dt.date, sheets: bool) -> str:
    """The text for who opens the folder, in the lines of Windows."""
    lines = [
        f"{top.data.name}公开信息（离线版）",
        "",
        f"内容与网站相同，截至{date.year}年{date.month}月{date.day}日。",
        "",
        "怎么看：",
        "1. 如果是压缩包，先全部解压（不要在压缩包里直接打开）。",
        f"2. 双击“{START}”，用浏览器打开。不用联网，也不用安装任何东西。",
        "3. 搜索、表格下载、公示单的码都能用；点到不在这里的内容，会去网上的原页面，那时才要联网。",
        *(["4. “公示单”文件夹里是可以直接打印的公示单（PDF）。"] if sheets else []),
        "",
        f"网上的原页面：{top.data.site.url}",
        f"以网上为准。有疑问请打电话：{top.data.supervision.name} {top.data.supervision.phone}",
        "",
    ]
    return "\r\n".join(lines)
