"""SG9: findings accepted in writing."""

from __future__ import annotations

from sitegen.model.finding import Rule, Severity

_E, _W = Severity.ERROR, Severity.WARNING

RULES = (
    Rule(
        "SG901",
        _W,
        "the acceptance of {code} ended on {until}",
        "correct what {code} says, or have the acceptance renewed with a new date",
        acceptable=False,
        why="A finding is accepted for a time and by somebody who answers for it. When the time is over, the matter is looked at again.",
        bad="accept: [{code: SG502, why: 补报一户，下期更正, who: 镇农业农村办, until: 2026-06-30}]    （今天 2026-07-01）",
        good="accept: [{code: SG502, why: 补报一户，下期更正, who: 镇农业农村办, until: 2026-09-30}]",
    ),
    Rule(
        "SG902",
        _W,
        "{code} is accepted here, but nothing is found that it could be about",
        "remove this entry of «accept»",
        acceptable=False,
        why="What was accepted has been put right. Left standing, the entry would hide the same mistake when it comes back.",
        bad="accept: [{code: SG502, why: 补报一户，下期更正, who: 镇农业农村办, until: 2026-09-30}]    （两份表已经一致）",
        good="（删去 accept 这一行）",
    ),
    Rule(
        "SG903",
        _E,
        "{code} cannot be accepted",
        "correct what {code} says: what identifies a person or cannot be read is never accepted",
        acceptable=False,
        why="Nobody can sign away another person's privacy (Personal Information Protection Law), and what cannot be read cannot be answered for.",
        bad="accept: [{code: SG209, why: 群众都认识, who: 村会计, until: 2026-12-31}]",
        good="（删去 accept 这一行，在表里把姓名写成 张*三）",
    ),
    Rule(
        "SG904",
        _E,
        "there is no rule {code}",
        "write a code as «sitegen check» prints it, such as SG502",
        acceptable=False,
        why="An entry with a wrong code accepts nothing, and the person who wrote it believes that it does.",
        bad="accept: [{code: SG599, why: 补报一户，下期更正, who: 镇农业农村办, until: 2026-09-30}]",
        good="accept: [{code: SG502, why: 补报一户，下期更正, who: 镇农业农村办, until: 2026-09-30}]",
    ),
)
