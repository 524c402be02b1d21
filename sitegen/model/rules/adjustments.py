"""SG411 to SG418: versions and adjustments of the catalogue, which is managed and not carved in stone (动态调整)."""

from __future__ import annotations

from sitegen.model.finding import Rule, Severity

_E, _W = Severity.ERROR, Severity.WARNING

RULES = (
    Rule(
        "SG411",
        _E,
        "the item {item} is now called {now}",
        "write the present id under «item»; the records of an item move with it",
        acceptable=False,
        why="When the catalogue is revised, items get other ids («formerly»). A record left behind under the old id belongs to no item: it has no deadline, no audience and no counterpart.",
        bad="item: SNBT-07    # in the catalogue: {id: SNBT-21, formerly: [SNBT-07], …}",
        good="item: SNBT-21",
    ),
    Rule(
        "SG412",
        _W,
        "{item} is adjusted for the unit {named}, which does not exist",
        "did you mean {near}? A unit that was merged or dissolved needs no adjustment",
        acceptable=False,
        why="An adjustment of the catalogue (动态调整) is a unit's own deviation; for no unit it says nothing, and the unit that was meant goes on owing the item.",
        bad='adjustments: [{unit: "230170101999", change: 不适用, …}]',
        good='adjustments: [{unit: "230170101201", change: 不适用, …}]',
    ),
    Rule(
        "SG413",
        _W,
        "the adjustment of {item} for {name} says nothing under «{key}»: «{written}»",
        "say what changes (change), for which reason (why), and who approved it (reviewer)",
        acceptable=False,
        why="Catalogues are to be managed and adjusted in time (动态管理，及时调整更新: the Harbin notice of 2020, clause 2). Of every deviation an inspection asks who approved it, and why.",
        bad="why: 无\nreviewer: 待定",
        good="why: 本村没有水库移民\nreviewer: 镇政务公开办公室",
    ),
    Rule(
        "SG414",
        _W,
        "the adjustment of {item} for {name} of {on} is older than the catalogue, whose present version holds from {version}",
        "look whether it is still needed: approve it again with today's date, or take it out",
        acceptable=False,
        why="A new version of the catalogue may have taken the deviation in, or made it void. One that was approved for an earlier version has to be approved again.",
        bad="version: 2026-01-01    # of the field\n…\nadjustments: [{…, on: 2024-05-01}]",
        good="adjustments: [{…, on: 2026-02-10}]",
    ),
    Rule(
        "SG415",
        _W,
        "{item} is adjusted twice in the same way for {name}: first in line {first}",
        "keep the one that holds",
        acceptable=False,
        why="Of two entries that say the same with different reasons or days, nobody knows which was approved.",
        bad='- {unit: "230170101201", change: 不适用, why: …, on: 2026-02-10}\n- {unit: "230170101201", change: 不适用, why: …, on: 2026-03-02}',
        good='- {unit: "230170101201", change: 不适用, why: …, on: 2026-03-02}',
    ),
    Rule(
        "SG416",
        _W,
        "the adjustment of {item} for {name} was approved on {on}, which is still to come",
        "write the day on which it was approved under «on»",
        acceptable=False,
        why="What has not been approved does not hold yet; a day to come is most often a slip in the year.",
        bad="on: 2062-02-10",
        good="on: 2026-02-10",
    ),
    Rule(
        "SG417",
        _W,
        "{item} says that it was formerly {former}, but {former} is still an item ({other})",
        "take {former} out of «formerly», or take the old item out of the catalogue",
        acceptable=False,
        why="«formerly» leads from the ids of earlier versions to the present ones. An id that means two items leads nowhere.",
        bad="- {id: SNBT-21, formerly: [SNBT-07], …}\n- {id: SNBT-07, …}",
        good="- {id: SNBT-21, formerly: [SNBT-07], …}",
    ),
    Rule(
        "SG418",
        _W,
        "{item} is adjusted as «{change}» for {name}, which has published {other} since",
        "take the adjustment out, or withdraw the record",
        acceptable=False,
        why="A unit that publishes an item is concerned by it. An excuse that does not hold lets what is missing go unseen.",
        bad='adjustments: [{unit: "230170101201", change: 不适用, …, on: 2026-02-10}]    # and a record of the item, published 2026-05-08',
        good="adjustments: []",
    ),
)
