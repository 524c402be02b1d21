"""The registry of findings: SG1 files, SG2 tables, SG3 identity and references, SG4 catalogue, SG5 same matter."""

from __future__ import annotations

from .finding import Rule, Severity

_E, _W = Severity.ERROR, Severity.WARNING


def _rules() -> dict[str, Rule]:
    rules = (
        # SG1: can the file be read and understood?
        Rule("SG101", _E, "the file is not UTF-8 text", "save it as UTF-8 (in WPS or Excel: «CSV UTF-8»; in Notepad: encoding UTF-8)"),
        Rule("SG102", _E, "this is not valid YAML: {problem}", "check indentation, colons and quotes on this line and the one above"),
        Rule("SG103", _E, "unknown key «{key}»", "did you mean «{near}»? Allowed here: {allowed}"),
        Rule("SG104", _E, "«{key}» is missing", "add a line «{key}: …»"),
        Rule("SG105", _E, "«{key}»: {problem}", "correct the value of «{key}»"),
        Rule("SG106", _E, "«{key}» stands twice", "keep one of the two"),
        Rule("SG107", _E, "the file goes beyond a limit: {problem}", "split it, or remove what does not belong in it"),
        Rule("SG108", _E, "the file does not begin with a head between two lines of ---", "begin with ---, the head, and --- on a line of its own"),
        Rule("SG109", _E, "the file cannot be read: {problem}", "check that it exists, is no folder, and may be read"),
        Rule("SG110", _E, "«{key}»: «{value}» is not a date", "write it as 2026-05-08"),
        Rule("SG111", _E, "«{key}»: «{value}» is not one of the values allowed", "write one of: {allowed}"),
        Rule("SG112", _E, "keys and values are expected here", "write lines of the form «key: value»"),
        Rule("SG113", _E, "unknown key «{key}»", "remove it. Allowed here: {allowed}"),
        Rule("SG114", _E, "there is no region here: {file} is missing", "run the command in the region's folder, give it with -C, or start one with «sitegen new region DIR»", True),
        # SG2: tables
        Rule("SG201", _E, "the table «{path}» does not exist", "put the file beside the record, or correct its name"),
        Rule("SG202", _E, "the table cannot be read: {problem}", "open it in Excel or WPS and save it again as .xlsx or CSV UTF-8"),
        Rule("SG203", _E, "the column «{column}» is missing", "add the column; the table of this item has: {allowed}"),
        Rule("SG204", _E, "unknown column «{column}»", "rename it to one of the item's columns ({allowed}), or remove it"),
        Rule("SG205", _E, "the row has {found} cells, the head has {expected}", "fill in or remove cells, so that every row has {expected}"),
        Rule("SG206", _E, "«{column}»: «{value}» is not a number", "write digits only, such as 1234.50"),
        Rule("SG207", _E, "«{column}» is empty", "fill in the cell"),
        Rule("SG208", _E, "«{column}»: «{value}» is not allowed: {problem}", "correct the cell"),
        Rule("SG209", _E, "«{column}» shows more than it may: {problem}", "mask it before it enters the file, for instance 张*三"),
        Rule("SG210", _E, "the row has the same key as line {first}: {key}", "remove one of the two rows, or correct its key"),
        Rule("SG211", _E, "«{column}»: the total row says {written}, the rows add up to {sum}", "correct the row that is wrong, or the total"),
        Rule("SG212", _E, "the item {item} has no table in the catalogue", "remove «table», put the figures into the text, or choose the right item"),
        Rule("SG214", _E, "the heading «{column}» stands twice", "keep one of the two columns"),
        Rule("SG215", _E, "«{column}»: «{value}» is not a date", "write it as 2026-05-08"),
        Rule("SG216", _E, "the table has no rows", "fill in the rows, or say in the text why there are none and remove «table»"),
        Rule("SG217", _E, "«{column}»: {value} has more than {decimals} decimals", "round the figure to {decimals} decimals"),
        Rule("SG218", _E, "«{column}»: «{value}» is not one of the values allowed", "write one of: {allowed}"),
        # SG3: identity and references
        Rule("SG301", _E, "the id {id} stands in {other} too", "give the newer record an id of its own; an id is never used twice"),
        Rule("SG302", _E, "there is no item {item} in the catalogue", "did you mean {near}?"),
        Rule("SG303", _E, "the unit has no organ «{organ}»", "write one of: {allowed}, or add the organ to unit.yml"),
        Rule("SG304", _E, "there is no unit {code} in the region", "correct the code, or add the unit"),
        Rule("SG305", _E, "there is no record {ref}", "write <unit code>/<record id> of a record that exists"),
        Rule("SG306", _E, "«{path}» lies outside the region", "keep the file inside the region's folder and name it relative to this file"),
        Rule("SG307", _E, "the file «{path}» does not exist", "put it beside the record, or correct its name"),
        Rule("SG308", _E, "{url} would be written from two sources: this one and {other}", "change the id, or the path of one of the two", True),
        Rule("SG309", _E, "the unit code {code} stands in {other} too", "correct one of the two codes", True),
        Rule("SG310", _E, "the unit above ({code}) is missing", "add its unit.yml, or correct the code", True),
        Rule("SG311", _E, "the item {item} ({name}) is not for this level", "choose an item of the level; this one is for: {allowed}"),
        Rule("SG312", _E, "{problem}", "government records carry «attribute» (主动公开…), village records «scope» (全体村民…)"),
        Rule("SG313", _W, "the sheets' fonts lack: {characters}", "write the name with a character that the fonts have, or set a font that has it"),
        Rule("SG314", _W, "the image «{path}» has no alternative text", "say between the brackets what it shows: ![…](…)"),
        Rule("SG315", _E, "the path of this unit is a page of the unit above: {url}", "give the unit another path in site.url", True),
        Rule("SG316", _E, "published ({published}) before it was formed ({formed})", "correct one of the two dates"),
        Rule("SG317", _E, "the unit is not part of the region {code}", "the first six digits of its code must be those of region.yml", True),
        # SG4: catalogue
        Rule("SG401", _E, "there is no law «{law}» in laws.yml", "did you mean «{near}»? Otherwise add it to laws.yml", True),
        Rule("SG402", _W, "the deadline «{wording}» is not understood", "use a known wording, or give its structure: deadline: {{written: …, terms: […]}}"),
        Rule("SG403", _W, "{item} and {other} have the same elements", "say for each item what is disclosed"),
        Rule("SG404", _E, "the item id {item} stands in {other} too", "give one of the two another id", True),
        Rule("SG405", _E, "{item} has no publisher for the level {level}", "name it under «subject», or take the level out of «levels»", True),
        Rule("SG406", _E, "there is no table «{table}» in the catalogue", "did you mean «{near}»?", True),
        Rule("SG407", _E, "a document number stands outside laws.yml: {number}", "name the document in laws.yml and cite its id"),
        Rule("SG408", _E, "{item}: the table has no column «{column}»", "correct the counterpart's slice, key or compare", True),
        Rule("SG409", _E, "the law id «{law}» stands twice", "keep one of the two entries", True),
        Rule("SG410", _W, "the deadline is written «{wording}» but its terms say something else", "correct the wording or the terms"),
        # SG5: same matter
        Rule("SG501", _W, "«{value}» names no village of {township}", "write the village's name, an alias from its unit.yml, or its code"),
        Rule("SG502", _W, "differs from {other}: {problem}", "find out which of the two is right and correct the other"),
        Rule("SG503", _E, "more than one record of {name} could be the counterpart: {candidates}", "say which with «counterpart: <unit code>/<record id>»"),
        Rule("SG504", _W, "the matter is held back: {other} has errors", "correct the errors there; until then the last version stays"),
    )  # fmt: skip
    return {r.code: r for r in rules}


RULES: dict[str, Rule] = _rules()
"""Every rule by its code."""
