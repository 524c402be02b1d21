"""The page that a host answers with when there is nothing at an address: it leads on, by code, by search, by telephone.

A code that was typed in another spelling than stands on paper is led on by a script, so that a host that shows this page needs no rule for codes.
"""

from __future__ import annotations

import functools
from typing import Any

from sitegen.model.views import UnitView
from sitegen.resources import resource
from sitegen.templates import board, hash_of

from . import menu
from .tools import Toolbox


def lost_page(view: UnitView) -> str:
    """A host's ``404.html``, for the unit at its top. It is shown at any address, so its links begin at the host's root."""
    home = f"/{view.path}/" if view.path else "/"
    script = (resource("themes/board") / "404.js").read_text(encoding="utf-8")
    told = {"script": script, "script_hash": hash_of(script)}
    return standalone("404.html", **told, u=view, t=Toolbox(view), site=menu.site_name(view), home=home, codes=menu.codes_place(view))


def standalone(template: str, *styles: str, **values: Any) -> str:
    """A page that needs no other file: its style, on top of that of the codes' pages, stands in it, and after it the style sheets ``styles``."""
    style, style_hash = _style(*styles)
    return board(template).render(style=style, style_hash=style_hash, **values)


@functools.cache
def _style(*styles: str) -> tuple[str, str]:
    """The style and its hash for the page's policy."""
    folder = resource("themes/board")
    style = "".join((folder / name).read_text(encoding="utf-8") for name in ("q.css", "404.css", *styles))
    return style, hash_of(style)
