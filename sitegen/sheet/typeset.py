"""Sheets → PDF through Typst: one compiler and one set of fonts per process, data as JSON, never as code."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

# Runs are spread over processes, one for each unit: threads within one sheet would only get into each other's way.
os.environ.setdefault("RAYON_NUM_THREADS", "1")

import typst

from sitegen.fonts import font_folder
from sitegen.model.views import RecordView, UnitView
from sitegen.pictures import stripped
from sitegen.resources import resource
from sitegen.sheet.layout import PAPERS
from sitegen.sheet.payload import Images, is_landscape, payload
from sitegen.sheet.spec import SheetSpec, sheet_spec

_BOUND = "all.pdf"
_NO_FORK = "the typesetter's threads do not survive a fork: start workers with spawn or forkserver, or typeset nothing before they start"
_used_in: list[int] = []
"""The process that typeset first."""
_UNSAFE = re.compile(r"[^\w.-]+")


def render(spec: SheetSpec, paper: str, root: Path) -> bytes:
    """One sheet as PDF. ``paper`` is A4 or A3; images are read below ``root``, the region's folder.

    Raises ``RuntimeError`` in a process forked from one that had already typeset, where Typst would wait for ever.
    """
    return _compile([spec], paper, root)


@dataclass(frozen=True, slots=True)
class Size:
    """What paper a sheet takes."""

    pages: int
    landscape: bool


def measure(
    view: UnitView, record: RecordView, paper: str, root: Path, *, landscape: bool | None = None, large: bool = False
) -> Size | None:
    """How many pages of ``paper`` (A4, A3, 8K) the sheet of a record takes, and which way they lie; ``None`` where it has no sheet.

    ``landscape`` asks for one way; by default it is as the sheet needs. The sheet is set for it, once for the same content.
    """
    spec = sheet_spec(view, record)
    if spec is None:
        return None
    key = (repr(spec.data), repr(spec.table), paper, landscape, large)
    if key not in _sizes:
        pdf = render(spec, paper, root)
        _sizes[key] = Size(_pages(pdf), is_landscape(spec, paper))
    return _sizes[key]


_sizes: dict[tuple[object, ...], Size] = {}


def render_unit(view: UnitView, paper: str, folder: Path, root: Path, only: frozenset[str] = frozenset()) -> tuple[int, int]:
    """Write ``folder/<record>.pdf`` for every record on a board, and ``all.pdf`` with all of them, bookmarked.

    ``only`` names the records wanted; then the others' files and ``all.pdf`` stay as they are. Without it, PDF files of records that
    are no longer printed are removed, lest an old sheet be hung. Returns the numbers of sheets and of pages.
    """
    specs = [s for r in view.records if not only or r.id in only if (s := sheet_spec(view, r))]
    written = set()
    pages = 0
    for spec in specs:
        pdf = render(spec, paper, root)
        pages += _pages(pdf)
        written.add(_write(folder, file_name(spec.record), pdf))
    if not only:
        if specs:
            written.add(_write(folder, _BOUND, _compile(specs, paper, root)))
        for old in folder.glob("*.pdf"):
            if old.name not in written:
                old.unlink()
    return len(specs), pages


def file_name(record: str) -> str:
    """The file of a record's sheet: its id, without what a file system could take amiss."""
    name = _UNSAFE.sub("_", record).strip(".") or "_"
    return f"{name}_.pdf" if f"{name.lower()}.pdf" == _BOUND else f"{name}.pdf"


def _write(folder: Path, name: str, data: bytes) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    temporary = folder / f".{name}.{os.getpid()}"
    temporary.write_bytes(data)
    temporary.replace(folder / name)
    return name


def _pages(pdf: bytes) -> int:
    return pdf.count(b"/Type/Page") - pdf.count(b"/Type/Pages")


class _Press:
    """A compiler for one paper and the folder that it reads, and reads nothing but: template, paper, a sheet's data and images.

    What stays the same from sheet to sheet stands in files of its own, which the compiler then reads and evaluates once.
    """

    def __init__(self, paper: str) -> None:
        self._folder = TemporaryDirectory(prefix="sitegen-press-")
        self.folder = Path(self._folder.name)
        (self.folder / "sheet.typ").write_bytes(resource("print/sheet.typ").read_bytes())
        (self.folder / "paper.json").write_text(json.dumps(asdict(PAPERS[paper])), encoding="utf-8")
        main = self.folder / "main.typ"
        main.write_text('#import "sheet.typ": sheets\n#sheets(json("data.json"))\n', encoding="utf-8")
        self._compiler = typst.Compiler(main, root=self.folder, font_paths=_fonts(), ignore_system_fonts=True)

    def set(self, data: list[Any], images: Images, made: dt.datetime) -> bytes:
        """Raises ``typst.TypstError`` for an image that cannot be read."""
        for path, name in images.names.items():
            (self.folder / name).write_bytes(stripped(path.read_bytes()))
        (self.folder / "data.json").write_text(json.dumps(data, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
        pdf = self._compiler.compile(format="pdf", timestamp=made, pdf_tags=False)
        assert isinstance(pdf, bytes)
        return pdf


@cache
def _press(paper: str) -> _Press:
    return _Press(paper)


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(font_folder())])


def _compile(specs: Sequence[SheetSpec], paper: str, root: Path) -> bytes:
    try:
        return _set(specs, paper, Images(root))
    except typst.TypstError:
        # An image that begins like one and is none: the text must hang all the same.
        return _set(specs, paper, Images(None))


def _set(specs: Sequence[SheetSpec], paper: str, images: Images) -> bytes:
    _used_in[:] = _used_in or [os.getpid()]
    if _used_in[0] != os.getpid():
        raise RuntimeError(_NO_FORK)
    data = payload(specs, PAPERS[paper], images)
    day = max(s.published for s in specs)
    # The same sheet has the same bytes: its date is that of the record, not of the run.
    return _press(paper).set(data, images, dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC))
