"""SG5: the same matter says the same everywhere."""

from __future__ import annotations

from sitegen.model.finding import Rule, Severity

_E, _W = Severity.ERROR, Severity.WARNING

RULES = (
    Rule(
        "SG501",
        _W,
        "«{value}» names no village of {township}",
        "write the village's name, an alias from its unit.yml, or its code",
        why="A village's page and sheet are the township table's rows for it. Rows that name no village appear on no village's board, "
        "so those concerned never see them.",
        bad="村,户编号,承包方代表,补贴金额\n大何村,001,张*三,745.50",
        good="村,户编号,承包方代表,补贴金额\n大河村,001,张*三,745.50",
    ),
    Rule(
        "SG502",
        _W,
        "differs from {other}: {problem}",
        "find out which of the two is right and correct the other",
        why="Government and village disclosure of the same matter must correspond in content (the guiding opinions on grass-roots disclosure, clause 11). "
        "Residents compare the board with the site; two figures for one payment cost trust in both.",
        bad="（镇的表）大河村,001,张*三,745.50\n（村的表）001,张*三,700.00",
        good="（镇的表）大河村,001,张*三,745.50\n（村的表）001,张*三,745.50",
    ),
    Rule(
        "SG503",
        _E,
        "more than one record of {name} could be the counterpart: {candidates}",
        "say which with «counterpart: <unit code>/<record id>»",
        acceptable=False,
        why="Records of one matter find each other by item, period, batch and subject. Where two fit, a person must say which is meant; nothing is guessed.",
        bad="（大河村）item: CW-29\nperiod: 2026    （镇里有两条 2026 年的）",
        good="（大河村）item: CW-29\nperiod: 2026\ncounterpart: 230170101000/2026-0101",
    ),
    Rule(
        "SG504",
        _W,
        "the matter is held back: {other} has errors",
        "correct the errors there; until then the last version stays",
        acceptable=False,
        why="What township and village say of one matter changes together or not at all: otherwise the correct half would contradict the last version of the other "
        "(the guiding opinions on grass-roots disclosure, clause 11).",
        bad="（镇的表）大河村,001,张*三,约745元    （有错误，村里的一条也暂不更新）",
        good="（镇的表）大河村,001,张*三,745.50",
    ),
)  # fmt: skip
