"""The page to search on: the words are typed into it, the files of the host's index answer."""

from __future__ import annotations

from msgspec import Struct

from sitegen.model.views import UnitView

from . import menu, meta
from .lists import years
from .spec import PageSpec

PATH = "search/"


class SearchData(Struct, frozen=True):
    """What the page offers beside the box."""

    years: tuple[tuple[int, str], ...]
    """Year and path of its list: the way to find things without script."""
    sections: tuple[tuple[str, str], ...]
    """Name and path of the fields or the three sections that have records."""
    codes: str
    """Where codes are answered, as people type it: ``gk.qinghe.example.cn/Q/``."""
    above: str
    """Search page of the county when it is on another host, or ""."""


def search_page(view: UnitView) -> PageSpec:
    """The unit's search page."""
    title = "搜索"
    return PageSpec(
        path=PATH,
        template="pages/search.html",
        title=title,
        description=f"{menu.site_name(view)}：按标题、正文、文号、村名和金额查找公开信息。",
        section="search",
        data=SearchData(years(view), _sections(view), menu.codes_place(view), _above(view)),
        meta=meta.column(view, title),
        noindex=True,
    )


def _sections(view: UnitView) -> tuple[tuple[str, str], ...]:
    if menu.is_village(view):
        return tuple((entry.title, entry.path) for entry in menu.menu(view) if entry.key in ("party", "affairs", "finance"))
    return tuple((f.name, menu.field_path(f, view)) for f in view.fields if any(i.records for i in f.items))


def _above(view: UnitView) -> str:
    if not view.ancestors or view.ancestors[0].url.split("/")[2] == view.host:
        return ""
    return view.ancestors[0].url + PATH
