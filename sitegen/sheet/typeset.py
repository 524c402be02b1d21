"""Sheets → PDF through Typst: one compiler for each way of setting, one set of fonts per process, data as JSON, never as code."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

from msgspec import Struct, to_builtins

# Runs are spread over processes, one for each unit: threads within one sheet would only get into each other's way.
os.environ.setdefault("RAYON_NUM_THREADS", "1")

import typst

from sitegen.fonts import families, font_folder
from sitegen.pictures import stripped
from sitegen.resources import resource
from sitegen.sheet.faces import Face, face_of
from sitegen.sheet.papers import Format, paper_of
from sitegen.sheet.payload import Images
from sitegen.sheet.spec import SheetSpec

_NO_FORK = "the typesetter's threads do not survive a fork: start workers with spawn or forkserver, or typeset nothing before they start"
Kind = Literal["pdf", "svg", "png"]
MARK = "themes/board/assets/images/mark.svg"
"""The uniform mark (统一标识)."""
_COLOUR = re.compile(r"#a61b1b\b", re.IGNORECASE)
_used_in: list[int] = []
"""The process that typeset first."""


class Sheet(Struct, frozen=True):
    """A sheet as it was set."""

    pdf: bytes
    layout: str
    pages: int
    landscape: bool
    scale: float
    """Its smallest type against the usual: below 1 it was set smaller to fit."""
    lacking: tuple[str, ...] = ()
    """Characters that no font has: 〓 stands in their place."""
    small: bool = False
    """Its table is smaller than can be read from half a metre."""


def render(spec: SheetSpec, form: Format, root: Path) -> Sheet:
    """One sheet; images are read below ``root``, the region's folder.

    Raises ``RuntimeError`` in a process forked from one that had already typeset, where Typst would wait for ever.
    """
    pdf, face, pages = _with_images(spec, form, root, "pdf")
    return Sheet(pdf, face.layout, pages, face.landscape, round(face.scale, 3), face.lacking, face.small)


def pages_of(spec: SheetSpec, form: Format, root: Path) -> list[bytes]:
    """A sheet page by page as SVG, for the screen."""
    made, _, _ = _with_images(spec, form, root, "svg")
    return made if isinstance(made, list) else [made]


def _with_images(spec: SheetSpec, form: Format, root: Path, kind: Kind) -> tuple[Any, Face, int]:
    try:
        return _set(spec, form, Images(root), kind)
    except typst.TypstError:
        # An image that begins like one and is none: the text must hang all the same.
        return _set(spec, form, Images(None), kind)


def _set(spec: SheetSpec, form: Format, images: Images, kind: Kind) -> tuple[Any, Face, int]:
    face = face_of(spec, form, images)
    made = compiled([face], form, images, spec.published, kind=kind)
    if _count(made) > face.pages and face.data["single"]:
        # It takes more room than reckoned: its pages are counted by the typesetter, and more is allowed for.
        face = face_of(spec, form, images, careful=True)
        made = compiled([face], form, images, spec.published, kind=kind)
    return made, face, _count(made)


def _count(made: Any) -> int:
    if isinstance(made, list):
        return len(made)
    return page_count(made) if made.startswith(b"%PDF") else 1


_PAGE = re.compile(rb"/Type/Page[^A-Za-z]")


def page_count(pdf: bytes) -> int:
    """Pages of a PDF of the typesetter."""
    return len(_PAGE.findall(pdf))


def compiled(faces: Sequence[Face], form: Format, images: Images, day: dt.date, *, kind: Kind = "pdf") -> Any:
    """Faces as one document: PDF, or with ``kind`` svg or png a list of pages. Raises ``typst.TypstError`` for an image that cannot be read."""
    return whole("sheet", [face.data for face in faces], form, day, images=images, kind=kind)


def whole(template: str, data: Any, form: Format, day: dt.date, *, images: Images | None = None, kind: Kind = "pdf") -> Any:
    """Plain values as the document that a template makes of them. Raises ``typst.TypstError`` for an image that cannot be read."""
    _used_in[:] = _used_in or [os.getpid()]
    if _used_in[0] != os.getpid():
        raise RuntimeError(_NO_FORK)
    # The same sheet has the same bytes: its date is that of the record, not of the run.
    made = dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC)
    return press(form).set(data, images or Images(None), made, kind, template)


class Press:
    """A compiler for one way of setting and the folder that it reads, and reads nothing but: templates, paper, a sheet's data and images.

    What stays the same from sheet to sheet stands in files of its own, which the compiler then reads and evaluates once.
    """

    def __init__(self, form: Format) -> None:
        self._folder = TemporaryDirectory(prefix="sitegen-press-")
        self.folder = Path(self._folder.name)
        for template in sorted(resource("print").glob("*.typ")):
            (self.folder / template.name).write_bytes(template.read_bytes())
        mark = resource(MARK).read_text(encoding="utf-8")
        (self.folder / "mark.svg").write_text(_COLOUR.sub("#000", mark) if form.bw else mark, encoding="utf-8")
        own = form.fonts
        paper = to_builtins(paper_of(form)) | {
            "fonts": {
                "text": [own.text] if own.text else [],
                "title": [own.title] if own.title else [],
                "fallback": list(families(own.own)),
            }
        }
        # The computer's own fonts are looked through only where somebody names one that the region does not bring.
        system = any(name and name not in families(own.own) for name in (own.text, own.title))
        self._fonts = fonts(tuple(str(p.parent) for p in own.own), system)
        (self.folder / "paper.json").write_text(json.dumps(paper), encoding="utf-8")
        self._compilers: dict[str, typst.Compiler] = {}

    def _compiler(self, template: str) -> typst.Compiler:
        if template not in self._compilers:
            main = self.folder / f"main-{template}.typ"
            main.write_text(f'#import "{template}.typ": whole\n#whole(json("data.json"))\n', encoding="utf-8")
            self._compilers[template] = typst.Compiler(main, root=self.folder, font_paths=self._fonts)
        return self._compilers[template]

    def set(self, data: Any, images: Images, made: dt.datetime, kind: Kind, template: str = "sheet") -> Any:
        """Typeset. Raises ``typst.TypstError`` for an image that cannot be read."""
        for path, name in images.names.items():
            (self.folder / name).write_bytes(stripped(path.read_bytes()))
        (self.folder / "data.json").write_text(json.dumps(data, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
        return self._compiler(template).compile(format=kind, timestamp=made, pdf_tags=False)


@cache
def press(form: Format) -> Press:
    """The press for a way of setting; the layout and the direction are the sheets' own affair."""
    return Press(form)


@cache
def fonts(own: tuple[str, ...] = (), system: bool = False) -> typst.Fonts:
    """The fonts of the sheets, with those in the folders ``own``."""
    folders = [str(font_folder()), *sorted(set(own))]
    return typst.Fonts(include_system_fonts=system, include_embedded_fonts=False, font_paths=list(folders))
