"""The page that a host answers with when there is nothing at an address: it leads on, by code, by search, by telephone."""

from __future__ import annotations

import base64
import functools
import hashlib

import jinja2

from sitegen.model.views import UnitView
from sitegen.resources import resource

from . import menu
from .tools import Toolbox


def lost_page(view: UnitView) -> str:
    """A host's ``404.html``, for the unit at its top. It is shown at any address, so its links begin at the host's root."""
    template, style, style_hash = _parts()
    home = f"/{view.path}/" if view.path else "/"
    return template.render(
        u=view, t=Toolbox(view), site=menu.site_name(view), style=style, style_hash=style_hash, home=home, codes=menu.codes_place(view)
    )


@functools.cache
def _parts() -> tuple[jinja2.Template, str, str]:
    """The template, and its style on top of that of the codes' pages, with a hash: the page needs no other file."""
    folder = resource("themes/board")
    text = "".join((folder / name).read_text(encoding="utf-8") for name in ("q.css", "404.css"))
    loader = jinja2.FileSystemLoader(str(folder))
    environment = jinja2.Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined)
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return environment.get_template("404.html"), text, f"sha256-{digest}"
