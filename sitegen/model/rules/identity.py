"""SG3: identity, references and addresses."""

from __future__ import annotations

from sitegen.model.finding import Rule, Severity

_E, _W = Severity.ERROR, Severity.WARNING

RULES = (
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
)  # fmt: skip
