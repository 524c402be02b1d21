"""The same pages in traditional characters (繁體), where a region asks: beside the others, below the unit's ``hant/``.

Only words are turned (by OpenCC, an optional extra), never addresses, classes or scripts. Pages lead to each other below ``hant/``; files, data,
codes and the search, which exist once, are reached where they are.
"""

from __future__ import annotations

import functools
import posixpath
import re
from collections.abc import Callable, Collection, Sequence
from importlib.util import find_spec
from typing import Any

from sitegen.escaping import escape
from sitegen.model.addresses import RESERVED
from sitegen.model.views import UnitView

from .frame import Frame
from .spec import PageSpec

FOLDER = "hant"
_APART = ("search/", "data/", "feeds/")
"""Pages of which there is one: their words are the index's, the data's and the feeds'."""
_LINK = re.compile(r'(?<=[ ])(href|src|action|data-read)="([^"]*)"')
_KEPT = re.compile(
    r"""<script(?![^>]*\bsrc=)[^>]*>.*?</script>|<style.*?</style>|(?<=[ ])(?:href|src|srcset|action|data-read|class|id|content="default)[^\s>]*?="[^"]*\"""",
    re.DOTALL,
)
_OPEN, _CLOSE = "\ue000", "\ue001"
"""Around the number of what is hidden while words are turned: characters for private use, which no text holds that a font can show."""
_HIDDEN = re.compile(f"{_OPEN}(\\d+){_CLOSE}")


@functools.cache
def available() -> bool:
    """Whether OpenCC is installed."""
    return find_spec("opencc") is not None


def asked(view: UnitView | Frame) -> bool:
    """Whether the unit's pages are made in traditional characters too."""
    return bool(view.traditional) and available()


@functools.cache
def _converter(config: str) -> Callable[[str], str]:
    import opencc

    made: Any = opencc.OpenCC(config)
    return lambda text: str(made.convert(text))


def words(text: str, config: str) -> str:
    """A plain text, such as a script's, with its Chinese turned."""
    return _converter(config)(text)


def switch(view: UnitView | Frame, spec: PageSpec) -> str:
    """The link from a page to its other form, for its header; "" where there is none."""
    if not asked(view) or spec.path.startswith(_APART):
        return ""
    root = "../" * spec.path.count("/")
    return f'<a class="script" href="{escape(root + FOLDER + "/" + spec.path)}" hreflang="zh-Hant" lang="zh-Hant">繁體</a>'


def back(spec: PageSpec) -> str:
    """The link from a page in traditional characters to the one that it was made from."""
    root = "../" * (spec.path.count("/") + 1)
    return f'<a class="script" href="{escape(root + spec.path)}" hreflang="zh-Hans" lang="zh-Hans">简体</a>'


def alternates(view: UnitView | Frame, spec: PageSpec) -> Sequence[str]:
    """What the head of both forms says of the other."""
    if not asked(view) or spec.path.startswith(_APART):
        return ()
    url = view.unit.url
    return (
        f'<link rel="alternate" hreflang="zh-Hans" href="{escape(url + spec.path)}">',
        f'<link rel="alternate" hreflang="zh-Hant" href="{escape(f"{url}{FOLDER}/{spec.path}")}">',
    )


def turns(spec: PageSpec) -> bool:
    """Whether a page has both forms, where the region asks for them."""
    return not spec.path.startswith(_APART)


def page(html: str, view: UnitView | Frame, spec: PageSpec, link: str, scripts: Collection[str]) -> str | None:
    """The page in traditional characters; ``None`` for a page of which there is one only. ``link`` is its :func:`switch` as it stands in ``html``;
    ``scripts`` are names below ``assets/`` that stand turned below ``hant/``.
    """
    if not turns(spec):
        return None
    mark = "@@switch@@"
    moved = _LINK.sub(lambda m: f'{m[1]}="{_address(m[2], view, spec.path, scripts)}"', html.replace(link, mark, 1))
    turned = _turned(moved, view.traditional).replace('<html lang="zh-CN"', '<html lang="zh-Hant"', 1)
    return turned.replace(mark, back(spec), 1)


def _turned(html: str, config: str) -> str:
    """Everything but scripts, styles and addresses."""
    convert = _converter(config)
    kept: list[str] = []

    def hide(match: re.Match[str]) -> str:
        kept.append(match[0])
        return f"{_OPEN}{len(kept) - 1}{_CLOSE}"

    turned = convert(_KEPT.sub(hide, html.replace(_OPEN, "").replace(_CLOSE, "")))
    return _HIDDEN.sub(lambda m: kept[int(m[1])], turned)


def _address(link: str, view: UnitView | Frame, path: str, scripts: Collection[str]) -> str:
    """A link of the page at ``path`` as its form below ``hant/`` writes it."""
    if not link or link.startswith(("#", "//")) or ":" in link.partition("/")[0]:
        return link
    bare, hash_, fragment = link.partition("#")
    own = f"/{view.path}/" if view.path else "/"
    target = posixpath.normpath(posixpath.join(own + path, bare)) + ("/" if bare.endswith("/") or bare in ("", ".", "..") else "")
    target = target.replace("//", "/")
    name = _script(target)
    depth = path.count("/")
    if name in scripts:
        return "../" * depth + f"assets/{name}"
    tail = hash_ + fragment
    base, rest = _parted(target)
    if _is_page(rest) and not rest.startswith(_APART) and (rest or base in _bases(view, own)):
        up = depth + 1 + own.strip("/").count("/") + (own != "/")
        return link if base == own else "../" * up + f"{base[1:]}{FOLDER}/{rest}{tail}"
    # Within the unit from its root; what climbs out of the unit climbs one step more.
    return "../" * (depth + 1) + target[len(own) :] + tail if target.startswith(own) else "../" + link


def _script(target: str) -> str:
    """The name of a script below the host's ``assets/``, or ""."""
    return target[len("/assets/") :] if target.startswith("/assets/") and target.endswith(".js") else ""


def _parted(target: str) -> tuple[str, str]:
    """The path of the unit that an address on the host belongs to, and the rest: the first step that a unit's own pages take parts them."""
    steps = target[1:].split("/")
    first = next((n for n, step in enumerate(steps) if step in RESERVED), len(steps) - 1)
    return "/" + "".join(f"{step}/" for step in steps[:first]), "/".join(steps[first:])


def _is_page(path: str) -> bool:
    return (path == "" or path.endswith("/")) and not path.startswith(("assets/", "Q/", f"{FOLDER}/"))


def _bases(view: UnitView | Frame, own: str) -> frozenset[str]:
    """Paths on this host of the unit, those above it and those right below it."""
    host = f"//{view.host}/"
    urls = [a.url for a in view.ancestors] + [c.unit.url for c in view.children]
    return frozenset({own, *("/" + u.partition(host)[2] for u in urls if host in u)})
