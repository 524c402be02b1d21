"""SG5: the same matter says the same everywhere."""

from __future__ import annotations

from sitegen.model.finding import Rule, Severity

_E, _W = Severity.ERROR, Severity.WARNING

RULES = (
    Rule("SG501", _W, "«{value}» names no village of {township}", "write the village's name, an alias from its unit.yml, or its code"),
    Rule("SG502", _W, "differs from {other}: {problem}", "find out which of the two is right and correct the other"),
    Rule("SG503", _E, "more than one record of {name} could be the counterpart: {candidates}", "say which with «counterpart: <unit code>/<record id>»"),
    Rule("SG504", _W, "the matter is held back: {other} has errors", "correct the errors there; until then the last version stays"),
)  # fmt: skip
