"""Lists in stages: each has the one before, waits until that one has hung for its time, and says why a row is not what it was."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from sitegen.check.stages import check_stages
from sitegen.model.chain import chain
from sitegen.model.finding import Finding, finding
from sitegen.model.region import Record
from tests.check.county import COUNTY, OTHER, TOWN, VILLAGE, County, Rows, said

FIRST: Rows = [
    {"household_no": "0213", "name": "钱*七", "household_size": 2, "people": 2, "change": "新增"},
    {"household_no": "0431", "name": "孙*八", "household_size": 1, "people": 1, "change": "新增"},
    {"household_no": "0607", "name": "周*九", "household_size": 3, "people": 2, "change": "新增"},
]
AMOUNTS = (690, 385, 720)


def reviewed(rows: Rows = FIRST, village: str = "大河村") -> Rows:
    return [{"village": village, **row, "standard": 525, "amount": a} for row, a in zip(rows, AMOUNTS, strict=True)]


def lists(**over: dict[str, Any]) -> tuple[County, dict[str, Record]]:
    """A matter in three stages, sound; ``over`` changes the head of a stage."""
    county = County()
    heads: dict[str, dict[str, Any]] = {
        "first": {"stage": "一榜", "posting": {"from": "2026-05-13", "days": 7, "kind": "working"}},
        "second": {"stage": "二榜", "posting": {"from": "2026-05-26", "days": 7, "kind": "working"}},
        "third": {"stage": "三榜", "posting": {"from": "2026-06-12", "days": 7, "kind": "working"}},
    }
    made = {}
    for name, unit, item, rows in (
        ("first", VILLAGE, "CW-34", FIRST),
        ("second", TOWN, "SHJZ-06", reviewed()),
        ("third", COUNTY, "SHJZ-07", reviewed()),
    ):
        head = {"period": "2026-05", **heads[name], **over.get(name, {})}
        made[name] = county.add(unit, name, item, rows, **{k: v for k, v in head.items() if v is not None})
    return county, made


def check(county: County) -> list[Finding]:
    return list(check_stages(county.scope()))


def test_a_list_that_goes_through_its_stages_unchanged_gives_no_finding() -> None:
    assert check(lists()[0]) == []


@pytest.mark.parametrize(("later", "unit", "before"), [("second", TOWN, "first"), ("third", COUNTY, "second")])
@pytest.mark.parametrize("line", [2, 3, 4])
def test_a_row_that_changes_drops_out_or_appears_needs_a_reason(later: str, unit: str, before: str, line: int) -> None:
    county, made = lists(third={"stage": None}) if later == "second" else lists()
    record = made[later]
    name = FIRST[line - 2]["name"]
    (changed,) = check(county.edit(record, line, people=9))
    assert said([changed]) == [f"{unit}/{later}.csv:{line} SG624"]
    assert name in changed.message("zh")
    assert FIRST[line - 2]["household_no"] not in changed.message("zh")
    (gone,) = check(county.without(record, line))
    assert said([gone]) == [f"{unit}/{later}.md:{record.lines['table']} SG622"]
    assert name in gone.message("zh")
    if later == "second":
        (new,) = check(county.without(made[before], line))
        assert said([new]) == [f"{unit}/{later}.csv:{line} SG623"]


def test_a_row_that_is_wrong_only_in_the_middle_is_one_finding_there() -> None:
    county, made = lists()
    assert said(check(county.edit(made["second"], 3, people=4))) == [f"{TOWN}/second.csv:3 SG624"]
    assert said(check(county.without(made["second"], 3))) == [f"{TOWN}/second.md:{made['second'].lines['table']} SG622"]
    # An amount that the first stage leaves open: the written total of the list says in which of the two it is wrong.
    total = finding("SG211", f"{TOWN}/second.csv", 5, 1, column="月保障金额", written="1,795", sum="1,796.00", unit=TOWN, record="second")
    edited = county.edit(made["second"], 3, amount=386)
    assert said(check_stages(edited.scope(found=[total]))) == [f"{TOWN}/second.csv:3 SG624"]
    assert said(check_stages(edited.scope())) == [f"{COUNTY}/third.csv:3 SG624"]


def test_a_reason_in_the_head_or_in_the_table_is_enough() -> None:
    why = {"changes": [{"row": "孙*八", "why": "本人书面撤回申请"}]}
    county, made = lists(third=why)
    assert check(county.without(made["third"], 3)) == []
    by_key = {"changes": [{"row": "0607", "why": "核对后调整"}]}
    county, made = lists(third=by_key)
    assert check(county.edit(made["third"], 4, amount=700)) == []
    county, made = lists()
    assert check(county.edit(made["third"], 4, amount=700, change="减发")) == []


def test_the_kind_of_change_of_every_applicant_is_no_reason() -> None:
    county, made = lists()
    assert said(check(county.edit(made["third"], 4, amount=700))) == [f"{COUNTY}/third.csv:4 SG624"]


def test_a_figure_that_an_earlier_stage_leaves_open_is_no_change_but_one_that_disappears_is() -> None:
    county, made = lists()
    assert check(county) == []  # the village states no amount
    assert said(check(county.edit(made["third"], 2, amount=None))) == [f"{COUNTY}/third.csv:2 SG624"]


def test_another_key_or_name_or_village_is_one_change_of_one_row() -> None:
    county, made = lists()
    other = County({**county.made})
    other.add(OTHER, "o1", "CW-34", [{**FIRST[0], "name": "吴*", "household_no": "9"}], period="2026-05", stage="一榜")
    for cells in ({"household_no": "0231"}, {"name": "钱*八"}, {"village": "小河村"}):
        assert said(check(county.edit(made["third"], 2, **cells))) == [f"{COUNTY}/third.csv:2 SG624"], cells


def test_a_reason_for_a_row_that_did_not_change_is_found() -> None:
    why = {"changes": [{"row": "孙*九", "why": "本人书面撤回申请"}]}
    county, made = lists(third=why)
    line = made["third"].lines["changes"]
    assert said(check(county)) == [f"{COUNTY}/third.md:{line} SG627"]
    # The name is mistyped: one finding, not a second one for the row that is meant.
    assert said(check(county.without(made["third"], 3))) == [f"{COUNTY}/third.md:{line} SG627"]


def test_each_of_two_namesakes_needs_its_reason() -> None:
    twins = [{**FIRST[0]}, {**FIRST[1], "name": "钱*七"}, FIRST[2]]
    county = County()
    county.add(TOWN, "second", "SHJZ-06", reviewed(twins), period="2026-05", stage="二榜")
    county.add(VILLAGE, "first", "CW-34", twins, period="2026-05", stage="一榜")
    why = {"changes": [{"row": "钱*七", "why": "撤回申请"}]}
    county.add(COUNTY, "third", "SHJZ-07", reviewed(twins)[2:], period="2026-05", stage="三榜", **why)
    assert [f.code for f in check(county)] == ["SG622"]


def test_a_stage_without_the_one_before_is_found_at_its_stage() -> None:
    county = County()
    record = county.add(TOWN, "second", "SHJZ-06", reviewed(), period="2026-05", stage="二榜")
    assert said(check(county)) == [f"{TOWN}/second.md:{record.lines['stage']} SG621"]
    third = county.add(COUNTY, "third", "SHJZ-07", reviewed(), period="2026-05", stage="三榜")
    assert said(check(county)) == [f"{TOWN}/second.md:{record.lines['stage']} SG621"]
    alone = County()
    alone.add(VILLAGE, "first", "CW-34", FIRST, period="2026-05", stage="一榜")
    alone.add(COUNTY, "third", "SHJZ-07", reviewed(), period="2026-05", stage="三榜")
    assert said(check(alone)) == [f"{COUNTY}/third.md:{third.lines['stage']} SG621"]


def test_the_villages_that_lack_a_stage_are_named() -> None:
    county, _ = lists(second={"stage": None}, third={"stage": None})
    both = [*reviewed(), {**reviewed()[0], "village": "小河村", "household_no": "1"}]
    record = county.add(TOWN, "two", "SHJZ-06", both, period="2026-05", stage="二榜")
    (found,) = check(county)
    assert said([found]) == [f"{TOWN}/two.md:{record.lines['stage']} SG621"]
    assert "小河村" in found.message("zh")
    assert "大河村" not in found.message("zh")


def test_a_stage_that_is_not_the_units_to_post() -> None:
    county, made = lists(second={"stage": "一榜"})
    assert said(check(county)) == [f"{TOWN}/second.md:{made['second'].lines['stage']} SG628"]
    county, made = lists(first={"stage": "二榜"})
    assert said(check(county)) == [f"{VILLAGE}/first.md:{made['first'].lines['stage']} SG621"]


def test_a_stage_that_begins_before_the_one_before_is_over() -> None:
    county, made = lists(second={"posting": {"from": "2026-05-20", "days": 7, "kind": "working"}})
    assert said(check(county)) == [f"{TOWN}/second.md:{made['second'].lines['posting']} SG625"]


def test_a_posting_that_is_far_longer_than_asked_for_is_what_is_wrong() -> None:
    county, made = lists(first={"posting": {"from": "2026-05-13", "days": 17, "kind": "working"}})
    assert said(check(county)) == [f"{VILLAGE}/first.md:{made['first'].lines['posting']} SG625"]


def test_days_that_are_not_announced_yet_make_nothing_overlap() -> None:
    county, _ = lists(
        first={"period": "2027-05", "posting": {"from": "2027-05-13", "days": 7, "kind": "working"}},
        second={"period": "2027-05", "posting": {"from": "2027-05-14", "days": 7, "kind": "working"}},
        third={"period": "2027-05", "posting": {"from": "2027-05-15", "days": 7, "kind": "working"}},
    )
    assert check(county) == []


def test_batches_are_matters_of_their_own() -> None:
    county, _ = lists()
    county.add(VILLAGE, "b1", "CW-34", [{**FIRST[0], "household_no": "77", "name": "吴*"}], period="2026-05", batch="第二批", stage="一榜")
    assert check(county) == []


def test_a_village_whose_turn_is_still_to_come_has_not_dropped_out() -> None:
    county, _ = lists()
    late = {"from": "2026-05-25", "days": 7, "kind": "working"}
    county.add(OTHER, "o1", "CW-34", [{**FIRST[0], "household_no": "77", "name": "吴*"}], period="2026-05", stage="一榜", posting=late)
    assert check(county) == []


def test_a_row_that_could_not_be_read_is_not_judged_again() -> None:
    county, made = lists()
    broken = county.edit(made["third"], 2, amount=None)
    found = [finding("SG206", f"{COUNTY}/third.csv", 2, 1, column="月保障金额", value="x", problem="number")]
    assert list(check_stages(broken.scope(found=found))) == []


def test_the_public_sees_the_chain_from_where_it_stands() -> None:
    county, made = lists(third={"changes": [{"row": "孙*八", "why": "本人书面撤回申请"}]})
    scope = county.without(made["third"], 3).scope(dt.date(2026, 7, 1))
    units = scope.region.units
    seen = chain(scope.region, scope.matters, units[COUNTY], made["third"])
    assert [(stage, [x.record.front.id for x in links]) for stage, links in seen] == [
        ("一榜", ["first"]),
        ("二榜", ["second"]),
        ("三榜", ["third"]),
    ]
    assert [c.why for _, links in seen for x in links for c in x.changes] == ["本人书面撤回申请"]
    elsewhere = chain(scope.region, scope.matters, units[OTHER], made["third"])
    assert elsewhere == []
