"""UnitView → sheets (公示单): what a sheet shows as plain values, set by Typst through the document tree."""

from .spec import SheetSpec, sheet_spec
from .typeset import render, render_unit

__all__ = ["SheetSpec", "render", "render_unit", "sheet_spec"]
