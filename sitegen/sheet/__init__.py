"""UnitView → sheets (公示单): what a sheet shows as plain values, set by Typst through the document tree."""

from .measure import Size, measure
from .papers import Format
from .room import Job, Made, print_unit
from .spec import SheetSpec, mark_of, sheet_spec
from .typeset import Sheet, render

__all__ = ["Format", "Job", "Made", "Sheet", "SheetSpec", "Size", "mark_of", "measure", "print_unit", "render", "sheet_spec"]
