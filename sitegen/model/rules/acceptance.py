"""SG9: findings accepted in writing."""

from __future__ import annotations

from sitegen.model.finding import Rule, Severity

_E, _W = Severity.ERROR, Severity.WARNING

RULES = (
    Rule("SG901", _W, "the acceptance of {code} ended on {until}", "correct what {code} says, or have the acceptance renewed with a new date"),
    Rule("SG902", _W, "{code} is accepted here, but nothing is found that it could be about", "remove this entry of «accept»"),
    Rule("SG903", _E, "{code} cannot be accepted", "correct what {code} says: what identifies a person or cannot be read is never accepted"),
    Rule("SG904", _E, "there is no rule {code}", "write a code as «sitegen check» prints it, such as SG502"),
)  # fmt: skip
