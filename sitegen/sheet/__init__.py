"""UnitView → sheets (公示单): what a sheet shows as plain values, set by Typst through the document tree."""

from .extras import Extra
from .measure import Size, measure
from .papers import Fonts, Format
from .room import Job, Made, print_unit
from .spec import SheetSpec, sheet_spec
from .typeset import Sheet, pages_of, render

__all__ = [
    "Extra",
    "Fonts",
    "Format",
    "Job",
    "Made",
    "Sheet",
    "SheetSpec",
    "Size",
    "measure",
    "pages_of",
    "print_unit",
    "render",
    "sheet_spec",
]
