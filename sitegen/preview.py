"""Sheets in ``sitegen serve``: a page for every unit with its sheets, each shown page by page as it would be printed.

Sheets are set when somebody looks at them, and kept by their content: a change sets only what it changes.
"""

from __future__ import annotations

import datetime as dt
import html
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import get_args
from urllib.parse import parse_qs, urlencode

from sitegen.contents import fill, job
from sitegen.model.base import PaperName
from sitegen.model.finding import Lang, translator
from sitegen.model.region import Region
from sitegen.model.views import UnitView
from sitegen.printing import Planned, Setting, planned
from sitegen.sheet import Format, pages_of, sheet_spec
from sitegen.sheet.room import digest_of

PREFIX = "/.sheets/"
_KEPT = 60
"""Sheets whose pages stay in memory."""
_STYLE = """<style>body{font:16px/1.6 system-ui,sans-serif;margin:0;background:#eef0ed;color:#1c2430}header{background:#fff;border-top:4px solid #a61b1b;padding:14px 20px}
h1{font-size:20px;margin:0}nav{font-size:15px;margin-top:6px}nav a,nav b{margin-right:12px}a{color:#1d4f91}main{padding:20px;display:grid;gap:24px;
grid-template-columns:repeat(auto-fill,minmax(260px,1fr))}figure{margin:0;background:#fff;padding:10px;border:1px solid #dfe3e8}img{width:100%;min-height:120px;display:block;background:#fff}
figcaption{font-size:14px;padding-top:8px}main.one{display:block;max-width:900px;margin:auto}main.one img{margin-bottom:20px;border:1px solid #c6ccd3}</style>"""


class Preview:
    """The sheets of a region as pages. ``refresh`` is called when files changed."""

    def __init__(self, root: Path, lang: Lang, today: Callable[[], dt.date] = dt.date.today) -> None:
        self.root, self.say, self.today = root, translator(lang), today
        self._lock = threading.Lock()  # there is one typesetter
        self._planned: Planned | None = None
        self._views: dict[str, UnitView] = {}
        self._pages: OrderedDict[str, list[bytes]] = OrderedDict()

    def refresh(self) -> None:
        """Forget what was read; what was set stays as long as its content does."""
        with self._lock:
            self._planned = None
            self._views.clear()

    def answer(self, path: str, query: str) -> tuple[bytes, str] | None:
        """The body and media type for a path below :data:`PREFIX`; ``None`` where there is nothing."""
        parts = path.removeprefix(PREFIX).split("/")
        with self._lock:
            form = _form(query, self._region.region)
            match parts:
                case [""]:
                    return self._index(), _HTML
                case [code, ""] if code in self._region.plan.views:
                    return self._unit(code, form), _HTML
                case [code, record, ""] if code in self._region.plan.views:
                    return self._sheet(code, record, form)
                case [code, record, name] if code in self._region.plan.views and name.endswith(".svg"):
                    return self._image(code, record, name.removesuffix(".svg"), form)
        return None

    @property
    def _region(self) -> Planned:
        if self._planned is None:
            self._planned = planned(self.root, self.today())
        return self._planned

    def _view(self, code: str) -> UnitView:
        if code not in self._views:
            found = self._region
            self._views[code] = fill(job(found.region, found.plan, code), found.region.catalog)
        return self._views[code]

    def _set(self, code: str, record: str, form: Format) -> list[bytes] | None:
        view = self._view(code)
        found = next((r for r in view.records if r.id == record), None)
        spec = sheet_spec(view, found) if found else None
        if spec is None:
            return None
        key = digest_of(spec, form)
        if key not in self._pages:
            self._pages[key] = pages_of(spec, form, self.root)
            while len(self._pages) > _KEPT:
                self._pages.popitem(last=False)
        self._pages.move_to_end(key)
        return self._pages[key]

    def _index(self) -> bytes:
        items = "".join(
            f'<li><a href="{PREFIX}{code}/">{html.escape(view.unit.name)}</a> {sum(r.on_board for r in view.records)}</li>'
            for code, view in self._region.plan.views.items()
        )
        return _page(self.say("Sheets"), '<a href="/">sitegen</a>', f"<ul>{items}</ul>", "one")

    def _unit(self, code: str, form: Format) -> bytes:
        view = self._view(code)
        shown = [r for r in view.records if r.on_board and r.id in view.contents]
        ask = _query(form)
        figures = "".join(
            f'<figure><a href="{html.escape(r.id)}/{ask}"><img loading="lazy" src="{html.escape(r.id)}/1.svg{ask}" alt=""></a>'
            f"<figcaption>{html.escape(r.title)}</figcaption></figure>"
            for r in shown
        )
        return _page(f"{view.unit.name}　{len(shown)}", f'<a href="{PREFIX}">{self.say("Sheets")}</a>' + self._choices(form), figures, "")

    def _sheet(self, code: str, record: str, form: Format) -> tuple[bytes, str] | None:
        pages = self._set(code, record, form)
        if pages is None:
            return None
        view = self._view(code)
        images = "".join(f'<img src="{n}.svg{_query(form)}" alt="">' for n in range(1, len(pages) + 1))
        back = f'<a href="../{_query(form)}">{html.escape(view.unit.name)}</a>'
        return _page(view.record(record).title, back + self._choices(form), images, "one"), _HTML

    def _image(self, code: str, record: str, number: str, form: Format) -> tuple[bytes, str] | None:
        pages = self._set(code, record, form)
        if pages is None or not number.isdecimal() or not 1 <= int(number) <= len(pages):
            return None
        return pages[int(number) - 1], "image/svg+xml"

    def _choices(self, form: Format) -> str:
        papers = "".join(_choice(p, form.paper == p, {**_options(form), "paper": p}) for p in get_args(PaperName))
        flags = (("bw", self.say("black and white"), form.bw), ("large", self.say("large print"), form.large))
        return papers + "".join(_choice(label, on, {**_options(form), name: "" if on else "1"}) for name, label, on in flags)


_HTML = "text/html; charset=utf-8"


def _page(title: str, nav: str, body: str, kind: str) -> bytes:
    head = f'<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{html.escape(title)}</title>{_STYLE}'
    return f'{head}<header><h1>{html.escape(title)}</h1><nav>{nav}</nav></header><main class="{kind}">{body}</main>'.encode()


def _choice(label: str, chosen: bool, options: Mapping[str, str]) -> str:
    text = f"<b>{html.escape(label)}</b>" if chosen else html.escape(label)
    return f'<a href="?{html.escape(urlencode({k: v for k, v in options.items() if v}))}">{text}</a>'


def _form(query: str, region: Region) -> Format:
    asked = {k: v[-1] for k, v in parse_qs(query).items()}
    paper = next((p for p in get_args(PaperName) if p == asked.get("paper")), None)
    return Setting(paper, bw=bool(asked.get("bw")), large=bool(asked.get("large"))).on(region)


def _options(form: Format) -> dict[str, str]:
    return {"paper": form.paper, "bw": "1" if form.bw else "", "large": "1" if form.large else ""}


def _query(form: Format) -> str:
    return "?" + urlencode({k: v for k, v in _options(form).items() if v})
