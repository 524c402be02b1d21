"""HTML and scripts in what people write: titles, texts, cells, unit files, the catalogue, and files that browsers would run.

None of it reaches a page: a text's HTML is dropped, what stands elsewhere is shown sign by sign. But the writer meant something by it, and a
script was put there by somebody: both are said, at their place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sitegen.load.files import YAML_LIMIT, relative
from sitegen.load.opened import Opened
from sitegen.load.textfile import Unreadable, read_bytes, read_text
from sitegen.model.finding import N_, Finding, finding

from .attachments import FILE_LIMIT
from .pieces import cell_name
from .scope import Scope

_NAMES = (
    "a abbr article b base big blockquote body br button center code col colgroup dd del details div dl dt em font footer form h1 h2 h3 h4 h5 h6 "
    "head header hr html i img input ins label li main mark marquee nav ol optgroup option p pre q s section select small source span strike strong "
    "sub summary sup table tbody td textarea tfoot th thead title tr tt u ul video audio picture track wbr o:p"
).replace(" ", "|")
_TAG = re.compile(rf"</?(?:{_NAMES})(?:\s[^<>\n]*)?/?>|<(?:img|div|span|font|table|video|audio|form|input)(?:\s[^<>\n]*)?$", re.IGNORECASE)
_ELSEWHERE = re.compile(rf"{_TAG.pattern}|<!--|&(?:nbsp|lt|gt|amp|quot|ensp|emsp|middot|ldquo|rdquo|#\d+|#x[0-9a-f]+);", re.IGNORECASE)
"""Outside a text also comments and signs written as in HTML: there they would be shown as they stand."""
_SCRIPT = re.compile(
    r"<\s*/?\s*(?:script|iframe|object|embed|applet|style|link|meta|svg|math|frame|frameset)\b[^<>\n]*>?"
    r"|<[a-z][^<>\n]*\son[a-z]+\s*=[^<>\n]*>?"
    r"|\b(?:javascript|vbscript)\s*:\s*[a-z0-9_(%][^\s<>\"]*"
    r"|\bdata:text/html\b",
    re.IGNORECASE,
)
_IN_FILE = re.compile(r"<\s*(?:\w+:)?script\b|\son[a-z]+\s*=\s*[\"']|\b(?:java|vb)script\s*:", re.IGNORECASE)
"""What browsers run of a file that is opened by itself. HTML and drawings may otherwise have elements of all kinds."""
_RUN = ("html", "htm", "xhtml", "xht", "svg", "xml", "mht", "mhtml", "js", "mjs")
"""Files that browsers would run, by the ends of their names."""
_HEAD, _TEXT, _CELL, _FILE = N_("the head"), N_("the text"), N_("the table"), N_("the file")
_SHOWN = 60


def markup(opened: Opened) -> Iterator[Finding]:
    """HTML and scripts in one file, its table and what is attached to it."""
    record = opened.record
    where: dict[str, Any] = {"unit": opened.unit.code, "record": record.front.id if record else None}
    if _suspicious(opened.text):
        whole = opened.file.endswith(".md")
        yield from _lines(opened.file, opened.text, where, body=_body(opened.text) if whole else None)
    if record is not None and record.front.rows is not None:
        yield from _cells(opened, record.table_file, where)
    for attached in {a.file: a for a in opened.attached}.values():
        if attached.file.rpartition(".")[2].lower() in _RUN:
            yield from _run(opened.root / attached.file, attached.file, where)


def check_unit_markup(scope: Scope) -> Iterator[Finding]:
    """HTML and scripts in the files in which units speak of themselves."""
    root = Path(scope.region.root)
    for unit in scope.region.units.values():
        for file in unit.files:
            yield from _yaml(root, file, {"unit": unit.code})


def check_common_markup(scope: Scope) -> Iterator[Finding]:
    """HTML and scripts in the catalogue and the region's own files."""
    root = Path(scope.region.root)
    paths = [*(p for name in ("region.yml", "milestones.yml") if (p := root / name).is_file()), *(root / "content/catalog").rglob("*.yml")]
    for path in sorted(paths):
        yield from _yaml(root, relative(path, root), {})


def _suspicious(text: str) -> bool:
    """Whether a closer look is worth while, as it hardly ever is."""
    return "<" in text or "&" in text or "cript" in text or "CRIPT" in text or "data:" in text


def _body(text: str) -> int:
    """The line in which a file's text begins; beyond its end where it has none."""
    lines = text.split("\n")
    return next((n + 1 for n, line in enumerate(lines[1:], 2) if line.rstrip() == "---"), len(lines) + 1)


def _yaml(root: Path, file: str, where: dict[str, Any]) -> Iterator[Finding]:
    try:
        text = read_text(root / file, YAML_LIMIT).text
    except Unreadable:
        return  # it was read a moment ago; loading reports what is wrong with it
    if _suspicious(text):
        yield from _lines(file, text, where, body=None)


def _lines(file: str, text: str, where: dict[str, Any], *, body: int | None) -> Iterator[Finding]:
    """A file of lines; from ``body`` on it is Markdown, which has its own signs."""
    for n, line in enumerate(text.split("\n"), 1):
        inside = body is not None and n >= body
        if not _suspicious(line) or (not inside and line.lstrip().startswith("#")):
            continue
        place = _TEXT if inside else _HEAD if body is not None else _FILE
        if found := _SCRIPT.search(line):
            yield finding("SG116", file, n, found.start() + 1, found=_short(found[0]), place=place, **where)
        elif found := (_TAG if inside else _ELSEWHERE).search(line):
            yield finding("SG115", file, n, found.start() + 1, found=_short(found[0]), place=place, **where)


def _cells(opened: Opened, file: str, where: dict[str, Any]) -> Iterator[Finding]:
    cells = opened.cells
    if cells.text is not None and not _suspicious(cells.text):
        return
    named = file.lower().endswith(".xlsx")
    for line, row in zip(cells.lines, cells.rows, strict=True):
        for c, cell in enumerate(row):
            if not isinstance(cell, str) or not _suspicious(cell):
                continue
            place = f"{cell_name(line, c)}" if named else _CELL
            if found := _SCRIPT.search(cell):
                yield finding("SG116", file, line, c + 1, found=_short(found[0]), place=place, **where)
            elif found := _ELSEWHERE.search(cell):
                yield finding("SG115", file, line, c + 1, found=_short(found[0]), place=place, **where)


def _run(path: Path, file: str, where: dict[str, Any]) -> Iterator[Finding]:
    """A file that browsers open as a page of the site, without the policy that pages have."""
    try:
        text = read_bytes(path, FILE_LIMIT).decode("utf-8", "replace")
    except Unreadable:
        return  # said where attachments are read
    if file.rpartition(".")[2].lower() in ("js", "mjs"):
        yield finding("SG116", file, 1, 1, found=file.rpartition("/")[2], place=_FILE, **where)
    elif found := _IN_FILE.search(text):
        line = text.count("\n", 0, found.start()) + 1
        yield finding("SG116", file, line, found.start() - text.rfind("\n", 0, found.start()), found=_short(found[0]), place=_FILE, **where)


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
