"""Sheets → PDF through Typst: one compiler and one set of fonts per process, data as JSON, never as code."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import typst

from sitegen.code import qr_matrix, qr_svg
from sitegen.fonts import font_folder
from sitegen.model.views import UnitView
from sitegen.resources import resource
from sitegen.sheet.spec import SheetSpec, sheet_spec

# Characters of 14 pt that fit between the margins, and the smallest type that is still read from half a metre.
_FIT = {"A3": (51.0, 74.0), "A4": (42.0, 63.0)}
_TYPE = {"A3": (14.0, 9.0), "A4": (11.0, 7.5)}

_FEW = 10
"""Rows up to which a table is small."""


def render(spec: SheetSpec, paper: str, root: Path) -> bytes:
    """One sheet as PDF. ``paper`` is A4 or A3; images are read below ``root``."""
    return _compile([spec], paper, root)


def render_unit(view: UnitView, paper: str, folder: Path, root: Path, only: frozenset[str] = frozenset()) -> tuple[int, int]:
    """Write ``folder/<record>.pdf`` for every record on a board, and ``all.pdf`` with all of them, bookmarked.

    ``only`` names the records wanted, all when it is empty; then ``all.pdf`` is written too. Files of records that are no longer
    printed are removed. Returns the numbers of sheets and of pages.
    """
    specs = [s for r in view.records if not only or r.id in only if (s := sheet_spec(view, r))]
    if not specs:
        return 0, 0
    folder.mkdir(parents=True, exist_ok=True)
    names = {f"{s.record}.pdf" for s in specs} | {"all.pdf"}
    pages = 0
    for spec in specs:
        pdf = render(spec, paper, root)
        pages += pdf.count(b"/Type /Page\n") or pdf.count(b"/Type/Page") - pdf.count(b"/Type/Pages")
        _write(folder / f"{spec.record}.pdf", pdf)
    if not only:
        _write(folder / "all.pdf", _compile(specs, paper, root))
        for old in folder.glob("*.pdf"):
            if old.name not in names:
                old.unlink()
    return len(specs), pages


def _write(path: Path, data: bytes) -> None:
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.write_bytes(data)
    temporary.replace(path)


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(font_folder())])


@cache
def _compiler(root: str) -> typst.Compiler:
    return typst.Compiler(root=root, font_paths=_fonts())


@cache
def _template() -> bytes:
    return resource("print/sheet.typ").read_bytes()


def _compile(specs: Sequence[SheetSpec], paper: str, root: Path) -> bytes:
    sheets = [{**spec.data, **_layout(spec, paper), "qr": _qr(spec.code_url)} for spec in specs]
    data = json.dumps({"paper": paper.lower(), "sheets": sheets}, ensure_ascii=False)
    pdf = _compiler(str(root)).compile(_template(), format="pdf", sys_inputs={"data": data}, timestamp=0, pdf_tags=False)
    assert isinstance(pdf, bytes)
    return pdf


def _qr(url: str) -> str:
    """The code's modules without their quiet zone: the sheet leaves that white itself."""
    size = len(qr_matrix(url))
    path = qr_svg(url).partition('d="')[2].partition('"')[0]
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="4 4 {size} {size}"><path d="{path}" stroke="#000"/></svg>'


def _layout(spec: SheetSpec, paper: str) -> dict[str, Any]:
    """Size of the type, and whether the sheet lies.

    A wide table shrinks a little, then turns, then shrinks to the bound; a small one, and a short text, are set larger.
    """
    normal, least = _TYPE[paper]
    table = spec.data["table"]
    letters = len(json.dumps(spec.data["blocks"], ensure_ascii=False)) / 2
    grow = 1.0 if table and len(table["rows"]) > _FEW else 1.5 if letters < 200 else 1.2 if letters < 450 else 1.0
    if table is None:
        return {"size": normal, "flipped": False, "grow": grow, "airy": False}
    wanted = sum(table["widths"])
    upright, lying = _FIT[paper]
    airy = len(table["rows"]) <= _FEW
    size = normal * min(1.3 if airy else 1.0, upright / wanted)
    if size >= normal * 0.8:
        return {"size": round(size, 2), "flipped": False, "grow": min(grow, 1.2), "airy": airy}
    return {"size": round(max(least, normal * min(1.0, lying / wanted)), 2), "flipped": True, "grow": 1.0, "airy": airy}
