"""UnitView → sheets (公示单): what a sheet shows as plain values, set by Typst through the document tree."""

from .spec import SheetSpec, mark_of, sheet_spec
from .typeset import Size, measure, render, render_unit

__all__ = ["SheetSpec", "Size", "mark_of", "measure", "render", "render_unit", "sheet_spec"]
