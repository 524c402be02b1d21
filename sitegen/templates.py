"""How every template of the project is read: values are escaped, a name that is missing is an error, what stands in a page has its hash."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import Any

import jinja2

from sitegen.load.cache import cache_base
from sitegen.resources import resource


def environment(folder: Path, **more: Any) -> jinja2.Environment:
    """The templates of a folder. ``more`` are options of :class:`jinja2.Environment` besides those that all share."""
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(str(folder)),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
        auto_reload=False,
        bytecode_cache=compiled(),
        **more,
    )


@cache
def board(name: str) -> jinja2.Template:
    """A template of the sites' theme."""
    return _board().get_template(name)


@cache
def _board() -> jinja2.Environment:
    return environment(resource("themes/board"))


@cache
def compiled() -> jinja2.BytecodeCache | None:
    """Templates compiled once are kept from run to run: half a second for a build of one page."""
    folder = cache_base() / "templates"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    return jinja2.FileSystemBytecodeCache(str(folder))


def hash_of(text: str) -> str:
    """A style or script that stands in a page, as its content security policy names it: ``sha256-…``."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
