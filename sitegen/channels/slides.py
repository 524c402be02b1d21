"""Slides (电子屏画面): pictures of 1920 × 1080 for LED and television screens, set by Typst like the sheets.

A folder of PNG files whose names sort in the order in which they are shown. They hold absolute dates only, for nobody knows when a screen
shows them, and read well without colour.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from msgspec import to_builtins

# One slide at a time: threads within it would only get into each other's way.
os.environ.setdefault("RAYON_NUM_THREADS", "1")

import typst

from sitegen.code import qr_matrix, qr_path
from sitegen.doctree import Node
from sitegen.fonts import font_folder
from sitegen.model.views import UnitView
from sitegen.resources import resource
from sitegen.sheet.lines import broken
from sitegen.sheet.widths import breakable

from .notices import Notice, by_urgency, date, is_posted, plain, posting_text, text_tables
from .tabling import pages

WIDTH, HEIGHT = 1920, 1080
ROWS = 8
"""Rows of a table on one slide, unless told otherwise."""
_SIDE = 88
_ROOM = (WIDTH - 2 * _SIDE, 700)
"""Room for a table: width and height in pixels."""
_LIST = 5
"""Entries of the index on one slide."""
_TEXT = 620
"""Characters of a text, beyond which readers are sent to the board and the code."""
_NAME = re.compile(r"\d{3}-[a-z0-9-]+\.png")
_UNSAFE = re.compile(r"[^a-z0-9]+")
_NO_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


def write_slides(view: UnitView, notices: Sequence[Notice], folder: Path, day: dt.date, rows: int = ROWS) -> list[Path]:
    """Write a unit's slides into ``folder`` and return their files in order. Slides of an earlier run that are no more are removed."""
    made: list[Path] = []
    folder.mkdir(parents=True, exist_ok=True)
    for name, deck in decks(view, notices, day, rows):
        for page, picture in enumerate(_press().set(deck), 1):
            made.append(_write(folder / f"{name}-{page:02}.png", picture))
    kept = set(made)
    for old in folder.glob("*.png"):
        if old not in kept and _NAME.fullmatch(old.name):
            old.unlink()
    return made


def decks(view: UnitView, notices: Sequence[Notice], day: dt.date, rows: int = ROWS) -> Iterator[tuple[str, dict[str, Any]]]:
    """What the typesetter gets, in the order of showing, each with the name that its pictures begin with. It reads texts as nothing but text."""
    found = by_urgency(tuple(notices))
    if len(found) > 1:
        yield "000-index", _index(view, found, day)
    for number, one in enumerate(found, 1):
        yield f"{number:03}-{_UNSAFE.sub('-', one.record.id.lower()).strip('-') or 'x'}", _deck(one, day, rows)


def _index(view: UnitView, found: list[Notice], day: dt.date) -> Any:
    """What is posted, in a list."""
    posted = sum(is_posted(n.record) for n in found)
    entries = [[_lines(n, 24.5), _until(n), n.section.partition(" · ")[2]] for n in found]
    return _clean(
        {
            "section": found[0].section.partition(" · ")[0],
            "title": f"正在公示{posted}件" if posted else f"最近公开{len(found)}件",
            "lists": [entries[n : n + _LIST] for n in range(0, len(entries), _LIST)],
            **_foot(view.supervision.name, view.supervision.phone, day),
        }
    )


def _deck(one: Notice, day: dt.date, rows: int) -> Any:
    """The slides of a record: what it is, its text, its table."""
    record = one.record
    posting = record.posting
    state = {"on": "正在公示", "upcoming": "即将公示", "over": "公示已结束"}[posting.state] if posting else "公开"
    tables = [one.table] if one.table else []
    if not record.personal:
        tables = [*text_tables(one), *tables]
    return _clean(
        {
            "section": one.section,
            "title": record.title,
            "name": _lines(one, 15.5),
            "state": state,
            "tone": {"on": "green", "upcoming": "amber"}.get(posting.state if posting else "", "grey"),
            "stage": record.stage or "",
            "posting": f"公示期：{posting_text(posting)}" if posting else f"{date(record.published)}公布",
            "figures": [["合计" if label == "共" else label, *_number_and_unit(figure)] for label, figure in one.figures[:4]],
            "summary": breakable(one.summary or one.kept_back, 20),
            "kept": one.kept_back if one.summary else "",
            "issuer": record.issuer,
            "rev": f"第{record.rev}版" if record.rev > 1 else "",
            "qr": _qr(record.code_url),
            "address": [breakable(part, 12) for part in _address(record.code_url)],
            "where": "" if one.kept_back else f"原文张贴在{one.where}",
            "text": _text(one),
            "table": [to_builtins(page) for table in tables for page in pages(table, rows, *_ROOM)],
            **_foot(one.call, one.phone, day),
        }
    )


def _lines(one: Notice, ems: float) -> list[str]:
    """The title in lines of so many ems that end with words."""
    title, phrases = breakable(one.record.title, ems), (one.record.item_name, one.record.field_name)
    first: list[str] = []
    for wider in (1.0, 1.1, 1.2):  # rather a little smaller than broken within a word
        lines, whole = broken(title, ems * wider, one.places, phrases)
        if whole:
            return lines
        first = first or lines
    return first


def _foot(name: str, phone: str, day: dt.date) -> dict[str, Any]:
    return {"call": name, "phone": phone, "as_of": f"截至{date(day)}"}


def _until(one: Notice) -> str:
    posting = one.record.posting
    if posting is None:
        return f"{date(one.record.published)}公布"
    if posting.state == "upcoming":
        return f"{date(posting.start)}起公示"
    return f"公示到{date(posting.end)}" if posting.state == "on" else f"公示已于{date(posting.end)}结束"


def _number_and_unit(figure: str) -> tuple[str, str]:
    m = re.fullmatch(r"(-?[\d,]+(?:\.\d+)?)(.*)", figure)
    assert m
    return m[1], m[2]


def _address(url: str) -> list[str]:
    host, slash, path = url.partition("://")[2].partition("/")
    return [host, slash + path]


def _text(one: Notice) -> list[list[str]]:
    """The text in paragraphs, each with its kind (``h``, ``p``), cut after a paragraph where it is long for a screen."""
    if one.record.personal:
        return []
    made: list[list[str]] = []
    left = _TEXT
    for kind, text in _flat(one.blocks):
        if made and len(text) > left:
            made.append(["n", "全文请扫码查看，或者到公示栏查看。"])
            break
        # A paragraph longer than all the room is cut after a sentence.
        if len(text) > _TEXT:
            end = max(text.rfind("。", 0, left), left // 2) + 1
            made += [[kind, breakable(text[:end], 30)], ["n", "全文请扫码查看，或者到公示栏查看。"]]
            break
        left -= len(text)
        made.append([kind, breakable(text, 30)])
    return made


def _flat(blocks: Sequence[Node]) -> list[tuple[str, str]]:
    made: list[tuple[str, str]] = []
    for block in blocks:
        match block["t"]:
            case "h" | "p":
                made.append((block["t"], plain(block["c"]).strip()))
            case "list":
                for number, item in enumerate(block["items"], block["start"]):
                    inner = _flat(item)
                    mark = f"{number}. " if block["ordered"] else "· "
                    made += [(k, (mark if n == 0 else "") + t) for n, (k, t) in enumerate(inner)]
            case "quote":
                made += _flat(block["c"])
            case "table":
                made.append(("n", "（表格见后面的画面）"))
    return [(kind, text) for kind, text in made if text]


def _qr(url: str) -> str:
    size = len(qr_matrix(url)) + 8
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}"><rect width="{size}" height="{size}" fill="#fff"/>'
        f'<path d="{qr_path(url, 4)}" stroke="#000"/></svg>'
    )


def _clean(value: Any) -> Any:
    """Texts without what no text may hold."""
    if isinstance(value, str):
        return _NO_TEXT.sub("", value)
    if isinstance(value, dict):
        return {k: _clean(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(v) for v in value]
    return value


def _write(place: Path, data: bytes) -> Path:
    temporary = place.with_name(f".{place.name}")
    temporary.write_bytes(data)
    temporary.replace(place)
    return place


class _Press:
    """A compiler that reads one folder: the template and a deck's data."""

    def __init__(self) -> None:
        self._folder = TemporaryDirectory(prefix="sitegen-slides-")
        self.folder = Path(self._folder.name)
        (self.folder / "slides.typ").write_bytes(resource("print/slides.typ").read_bytes())
        main = self.folder / "main.typ"
        main.write_text('#import "slides.typ": deck\n#deck(json("data.json"))\n', encoding="utf-8")
        fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(font_folder())])
        self._compiler = typst.Compiler(main, root=self.folder, font_paths=fonts, ignore_system_fonts=True)

    def set(self, data: dict[str, Any]) -> list[bytes]:
        """The pictures of a deck, one for each page."""
        (self.folder / "data.json").write_text(json.dumps(data, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
        made = self._compiler.compile(format="png", ppi=72)
        return [page for page in (made if isinstance(made, list) else [made]) if page is not None]


@cache
def _press() -> _Press:
    return _Press()
