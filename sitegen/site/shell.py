"""Pages: a shell that is rendered once per section, with slots that are filled per page."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import jinja2

from sitegen.site import hant
from sitegen.site.assets import ASSETS, worded_scripts
from sitegen.site.frame import Frame
from sitegen.site.slots import slots
from sitegen.site.spec import PageSpec
from sitegen.site.tools import Toolbox
from sitegen.templates import board, hash_of

_SPACE = re.compile(r"\s*\n\s*")
_MARK = re.compile(r"@@sg:(\w+)@@")
_ROOT = "@@sg-root@@"
"""The way to the root in a shell that is not yet at any depth."""
_UNUSED = re.compile(r'<input class="md-toggle"[^>]*>\s*|<label class="md-overlay"[^>]*></label>\s*')
"""Switches of Material's drawer and search, which need its script: without it they are no valid HTML and do nothing."""
_INLINE = re.compile(r"<(script|style)(?![^>]*\bsrc=)(?![^>]*json)[^>]*>(.*?)</\1>", re.DOTALL)


class Shells:
    """A unit's pages. It can stand in for the Jinja environment: then it hands itself out as the template of a page.

    ``context`` gives what the theme's own templates ask for, seen from a page.
    """

    def __init__(self, env: jinja2.Environment, view: Frame, context: Callable[[PageSpec], Mapping[str, Any]]) -> None:
        self.env, self.view, self.context = env, view, context
        self.tools = Toolbox(view)
        self.traditional = hant.asked(view)
        self.shells: dict[tuple[str, int], list[str]] = {}
        self.rendered: dict[tuple[str, bool], str] = {}

    def get_template(self, name: str) -> Any:
        return self if name == "main.html" else self.env.get_template(name)

    def render(self, context: Mapping[str, Any]) -> str:
        """The whole page that MkDocs asks for."""
        return self.page(context["page"].spec)[0]

    def page(self, spec: PageSpec) -> tuple[str, str | None]:
        """The whole page, and in traditional characters if it is wanted so."""
        depth = spec.path.count("/")
        root = "../" * depth or "./"
        shell = self.shells.get((spec.section, depth))
        if shell is None:
            shell = self.shells[spec.section, depth] = self._shell(spec, depth)
        tools = self.tools.at(spec)
        filled = slots(self.view, spec, tools)
        filled["slot_content"] = board(spec.template).render(
            u=self.view, p=spec, d=spec.data, root=root, assets=self._assets(root), t=tools
        )
        html = "".join([part if n % 2 == 0 else filled[part] for n, part in enumerate(shell)])
        return html, hant.page(html, self.view, spec, filled["slot_other"], worded_scripts()) if self.traditional else None

    def _assets(self, root: str) -> str:
        return f"{'' if root == './' else root}{'../' * (self.view.path.count('/') + 1 if self.view.path else 0)}{ASSETS}/"

    def _shell(self, spec: PageSpec, depth: int) -> list[str]:
        """What stands around pages of a section at a depth. All depths but the home page's differ by the way to the root alone."""
        known = spec.section, depth == 0
        html = self.rendered.get(known)
        if html is None:
            html = self.rendered[known] = self._rendered(spec, self.tools.at(spec) if depth == 0 else self.tools.below(_ROOT))
        html = html.replace(_ROOT, "../" * depth)
        return _MARK.split(html.replace("@@sg:csp@@", csp(html)))

    def _rendered(self, spec: PageSpec, tools: Toolbox) -> str:
        names = ("slot_title", "slot_head", "slot_other", "slot_crumbs", "slot_content")
        root = tools.root or "./"
        html = self.env.get_template("main.html").render(
            {
                **self.context(spec),
                **{name: f"@@sg:{name}@@" for name in names},
                "csp": "@@sg:csp@@",
                "u": self.view,
                "section": spec.section,
                "root": root,
                "assets": self._assets(root),
                "t": tools,
            }
        )
        return _UNUSED.sub("", _SPACE.sub("\n", html))  # the theme's templates leave much of their own layout


def csp(html: str) -> str:
    """The content security policy of a page: our own files, and the inline scripts and styles that the shell carries, by hash."""
    hashes: dict[str, list[str]] = {"script": [], "style": []}
    for kind, body in _INLINE.findall(html):
        value = f"'{hash_of(body)}'"
        if value not in hashes[kind]:
            hashes[kind].append(value)
    return "; ".join(
        (
            "default-src 'none'",
            " ".join(("script-src 'self'", *hashes["script"])),
            " ".join(("style-src 'self'", *hashes["style"])),
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self'",
            "media-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
        )
    )
