"""The strings that differ from page to page in a shell that is rendered once."""

from __future__ import annotations

from sitegen.escaping import escape
from sitegen.model.views import UnitView

from . import hant
from .frame import Frame
from .spec import PageSpec
from .tools import Toolbox


def slots(view: UnitView | Frame, page: PageSpec, tools: Toolbox) -> dict[str, str]:
    """``slot_title``, ``slot_head``, ``slot_other`` and ``slot_crumbs`` of a page, escaped. The engine adds ``slot_content``."""
    return {
        "slot_title": _title(page, tools),
        "slot_head": _head(view, page, tools),
        "slot_other": hant.switch(view, page),
        "slot_crumbs": _crumbs(page, tools),
    }


def _title(page: PageSpec, tools: Toolbox) -> str:
    return escape(tools.site_name if page.path == "" else f"{page.title} - {tools.site_name}")


def _head(view: UnitView | Frame, page: PageSpec, tools: Toolbox) -> str:
    canonical = view.unit.url + (page.path if page.canonical is None else page.canonical)
    lines = [f'<meta name="description" content="{escape(page.description)}">', f'<link rel="canonical" href="{escape(canonical)}">']
    if page.noindex:
        lines.append('<meta name="robots" content="noindex,nofollow">')
    lines += [f'<meta name="{name}" content="{escape(content)}">' for name, content in page.meta]
    for a in page.alternates:
        lines.append(f'<link rel="alternate" type="{a.type}" title="{escape(a.title)}" href="{escape(tools.to(a.path))}">')
    lines += hant.alternates(view, page)
    if page.structured:
        lines.append(f'<script type="application/ld+json">{page.structured}</script>')
    return "\n".join(lines)


def _crumbs(page: PageSpec, tools: Toolbox) -> str:
    if not page.crumbs:
        return ""
    steps = "".join(f'<li><a href="{escape(tools.to(c.path))}">{escape(c.title)}</a></li>' for c in page.crumbs)
    return f'<nav class="crumbs" aria-label="当前位置"><ol><li><a href="{tools.to("")}">首页</a></li>{steps}</ol></nav>'
