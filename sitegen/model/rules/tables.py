"""SG2: tables."""

from __future__ import annotations

from sitegen.model.finding import Rule, Severity

_E = Severity.ERROR

RULES = (
    Rule("SG201", _E, "the table «{path}» does not exist", "put the file beside the record, or correct its name"),
    Rule("SG202", _E, "the table cannot be read: {problem}", "open it in Excel or WPS and save it again as .xlsx or CSV UTF-8"),
    Rule("SG203", _E, "the column «{column}» is missing", "add the column; the table of this item has: {allowed}"),
    Rule("SG204", _E, "unknown column «{column}»", "rename it to one of the item's columns ({allowed}), or remove it"),
    Rule("SG205", _E, "the row has {found} cells, the head has {expected}", "fill in or remove cells, so that every row has {expected}"),
    Rule("SG206", _E, "«{column}»: «{value}» is not a number", "write digits only, such as 1234.50"),
    Rule("SG207", _E, "«{column}» is empty", "fill in the cell"),
    Rule("SG208", _E, "«{column}»: «{value}» is not allowed: {problem}", "correct the cell"),
    Rule("SG209", _E, "«{column}» shows more than it may: {problem}", "mask it before it enters the file, for instance 张*三", acceptable=False),
    Rule("SG210", _E, "the row has the same key as line {first}: {key}", "remove one of the two rows, or correct its key"),
    Rule("SG211", _E, "«{column}»: the total row says {written}, the rows add up to {sum}", "correct the row that is wrong, or the total"),
    Rule("SG212", _E, "the item {item} has no table in the catalogue", "remove «table», put the figures into the text, or choose the right item"),
    Rule("SG214", _E, "the heading «{column}» stands twice", "keep one of the two columns"),
    Rule("SG215", _E, "«{column}»: «{value}» is not a date", "write it as 2026-05-08"),
    Rule("SG216", _E, "the table has no rows", "fill in the rows, or say in the text why there are none and remove «table»"),
    Rule("SG217", _E, "«{column}»: {value} has more than {decimals} decimals", "round the figure to {decimals} decimals"),
    Rule("SG218", _E, "«{column}»: «{value}» is not one of the values allowed", "write one of: {allowed}"),
)  # fmt: skip
