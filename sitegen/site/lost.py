"""The page that a host answers with when there is nothing at an address: it leads on, by code, by search, by telephone."""

from __future__ import annotations

import base64
import functools
import hashlib
from typing import Any

import jinja2

from sitegen.model.views import UnitView
from sitegen.resources import resource

from . import menu
from .tools import Toolbox


def lost_page(view: UnitView) -> str:
    """A host's ``404.html``, for the unit at its top. It is shown at any address, so its links begin at the host's root."""
    home = f"/{view.path}/" if view.path else "/"
    return standalone("404.html", u=view, t=Toolbox(view), site=menu.site_name(view), home=home, codes=menu.codes_place(view))


def standalone(template: str, **values: Any) -> str:
    """A page that needs no other file: its style, on top of that of the codes' pages, stands in it."""
    environment, style, style_hash = _parts()
    return environment.get_template(template).render(style=style, style_hash=style_hash, **values)


@functools.cache
def _parts() -> tuple[jinja2.Environment, str, str]:
    folder = resource("themes/board")
    style = "".join((folder / name).read_text(encoding="utf-8") for name in ("q.css", "404.css"))
    loader = jinja2.FileSystemLoader(str(folder))
    environment = jinja2.Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined)
    return environment, style, "sha256-" + base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
