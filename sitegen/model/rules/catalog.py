"""SG4: the standard catalogue."""

from __future__ import annotations

from sitegen.model.finding import Rule, Severity

_E, _W = Severity.ERROR, Severity.WARNING

RULES = (
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
)  # fmt: skip
