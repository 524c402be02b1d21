"""Sheets bound together: all of a unit's in one PDF, and A4 sheets two by two on A3, without setting anything again."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pikepdf

from sitegen.sheet.widths import PT

_A3 = (297 * PT, 420 * PT)
_CUT = b"q 0.55 G 0.4 w [2 3] 0 d %.2f %.2f m %.2f %.2f l %.2f %.2f m %.2f %.2f l S Q"
"""A short dashed line at both edges, where to cut."""
_MARK = 14.0


def bound(sheets: Sequence[tuple[str, bytes]], title: str) -> bytes:
    """PDFs one after the other, each with a bookmark: (name, PDF). The same sheets give the same bytes."""
    with pikepdf.new() as made:
        starts = []
        for name, pdf in sheets:
            starts.append((name, len(made.pages)))
            with pikepdf.open(io.BytesIO(pdf)) as source:
                made.pages.extend(source.pages)
        with made.open_outline() as outline:
            outline.root.extend(pikepdf.OutlineItem(name, page) for name, page in starts)
        return _saved(made, title)


def two_up(sheets: Sequence[bytes], title: str) -> bytes:
    """A4 pages in their own size on A3: standing ones side by side, lying ones one above the other. Codes stay as large as they were."""
    with pikepdf.new() as made:
        waiting: dict[bool, pikepdf.Page] = {}
        for pdf in sheets:
            with pikepdf.open(io.BytesIO(pdf)) as source:
                for page in source.pages:
                    width, height = float(page.mediabox[2]), float(page.mediabox[3])
                    lying = width > height
                    form = made.copy_foreign(page.as_form_xobject())
                    target = waiting.pop(lying, None)
                    if target is not None:
                        _put(target, "/B", form, 0.0 if lying else width, 0.0)
                        continue
                    target = waiting[lying] = made.add_blank_page(page_size=_A3 if lying else _A3[::-1])
                    _put(target, "/A", form, 0.0, height if lying else 0.0)
                    upright = (width, 0, width, _MARK, width, height - _MARK, width, height)
                    level = (0, height, _MARK, height, width - _MARK, height, width, height)
                    target.contents_add(_CUT % (level if lying else upright))
        return _saved(made, title)


def _put(target: pikepdf.Page, name: str, form: pikepdf.Object, x: float, y: float) -> None:
    if "/XObject" not in target.resources:
        target.resources["/XObject"] = pikepdf.Dictionary()
    target.resources["/XObject"][name] = form
    target.contents_add(f"q 1 0 0 1 {x:.2f} {y:.2f} cm {name} Do Q".encode())


def _saved(made: pikepdf.Pdf, title: str) -> bytes:
    made.docinfo["/Title"] = title
    out = io.BytesIO()
    made.save(
        out,
        deterministic_id=True,
        compress_streams=False,
        stream_decode_level=pikepdf.StreamDecodeLevel.none,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
    )
    return out.getvalue()
