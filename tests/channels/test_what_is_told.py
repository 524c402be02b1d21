"""Whatever the channel: what is for a specific group, or kept off the web, is told as a fact with totals and nothing more."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from msgspec.structs import replace

from sitegen.channels import Order, Told, UnknownName, gather
from sitegen.channels.broadcast import script
from sitegen.channels.kiosk import Timing, belongs, render
from sitegen.channels.message import message
from sitegen.channels.notices import notice
from sitegen.channels.slides import decks
from sitegen.check import load_and_check
from sitegen.contents import fill, for_web, job
from sitegen.model.views import UnitView
from sitegen.view import plan
from tests.demo import DAY, ROOT
from tests.sample_view import village_view


@pytest.fixture(scope="module")
def told() -> list[Told]:
    return gather(Order(ROOT, DAY), lambda r: True)


@pytest.fixture(scope="module")
def raw() -> dict[str, UnitView]:
    """All units as sheets see them: before the gate."""
    checked = load_and_check(ROOT, DAY)
    made = plan(checked.region, checked.matters, DAY)
    return {code: fill(job(checked.region, made, code), checked.region.catalog) for code in made.views}


def everything(one: Told, id: str) -> dict[str, str]:
    """All that the channels make of a record, as text."""
    chosen = [n for n in one.notices if n.record.id == id]
    return {
        "broadcast": script(one.view, chosen, DAY, whole=True),
        "message": message(chosen[0]),
        "slides": str(list(decks(one.view, chosen, DAY))),
        "kiosk": render(one.view, chosen, DAY, Timing()),
    }


def test_no_name_of_a_list_that_is_kept_off_the_web_gets_out(told: list[Told], raw: dict[str, UnitView]) -> None:
    seen = 0
    for one in told:
        view = raw[one.view.unit.code]
        for record in view.records:
            table = view.contents[record.id].table
            if record.web_rows or table is None or record.rows_expired:
                continue
            columns = [n for n, c in enumerate(table.columns) if any("*" in row[n] for row in table.rows)]
            names = {row[n] for row in table.rows for n in columns if "*" in row[n]}
            said = {name.replace("*", "某") for name in names}
            seen += len(names)
            for channel, text in everything(one, record.id).items():
                found = {name for name in names | said if name in text}
                assert not found, (channel, record.id, found)
    assert seen > 100


def test_a_text_for_a_specific_group_stays_away(told: list[Told], raw: dict[str, UnitView]) -> None:
    seen = 0
    for one in told:
        view = raw[one.view.unit.code]
        for record in view.records:
            if record.web_text:
                continue
            sentences = [s for s in re.split(r"[。；\n]", view.contents[record.id].body) if len(s) > 12 and "|" not in s]
            seen += len(sentences)
            for channel, text in everything(one, record.id).items():
                assert not any(s in text for s in sentences), (channel, record.id)
    assert seen > 50


def test_the_fact_the_period_the_totals_and_whom_to_call_are_told() -> None:
    (one,) = gather(Order(ROOT, DAY, ("大河村",), ("ja03qgqq2q",)), lambda r: False)
    for channel, text in everything(one, "ja03qgqq2q").items():
        if channel == "broadcast":
            assert "一百一十八万四千零九十四元整" in text
            assert "零四五幺，零零零零，幺二九幺" in text
        else:
            assert "1,184,094.00" in text, channel
            assert "0451-0000 1291" in text, channel
            assert "名单不在" in text, channel
        assert "引线工程征地补偿费用支付明细公示" in text


def test_names_leave_the_screens_with_the_posting_period() -> None:
    """A stick may show a list long after; what has no period, or one that is over, has no names on it at all."""
    view = village_view()
    record = view.record("2026-0017")
    assert notice(for_web(view), record).table is not None
    assert record.posting
    for posting in (None, replace(record.posting, state="over"), replace(record.posting, state="upcoming")):
        assert notice(for_web(view), replace(record, posting=posting)).table is None


def test_a_list_of_persons_in_a_text_leaves_with_the_posting_period_too() -> None:
    (one,) = gather(Order(ROOT, DAY, ("红旗村",), ("2026-0017",)), lambda r: False)
    assert "张*三" in str(one.notices[0].blocks)
    assert one.notices[0].record.posting
    over = replace(one.notices[0].record, posting=replace(one.notices[0].record.posting, state="over"))
    assert "张*三" not in str(notice(one.view, over).blocks)


def test_what_belongs_on_a_kiosk() -> None:
    record = village_view().record("2026-0017")
    assert record.posting
    day = dt.date(2026, 5, 10)
    assert belongs(record, day)
    assert belongs(replace(record, posting=replace(record.posting, state="upcoming")), day)
    assert not belongs(replace(record, posting=replace(record.posting, state="over")), day)
    assert belongs(replace(record, posting=None), day)
    assert not belongs(replace(record, posting=None), dt.date(2026, 9, 10))
    assert not belongs(replace(record, posting=None, validity="废止"), day)


def test_names_that_nobody_has() -> None:
    with pytest.raises(UnknownName, match="大湖村"):
        gather(Order(ROOT, DAY, ("大湖村",)), lambda r: True)
    with pytest.raises(UnknownName, match="2026-9999") as error:
        gather(Order(ROOT, DAY, ("大河村",), ("2026-9999",)), lambda r: True)
    assert error.value.record


def test_what_is_not_open_to_all_is_not_known_here() -> None:
    checked = load_and_check(ROOT, DAY)
    hidden = [r for u in checked.region.units.values() for r in u.records if r.front.attribute in ("依申请公开", "不予公开")]
    assert hidden
    for record in hidden:
        with pytest.raises(UnknownName):
            gather(Order(ROOT, DAY, (record.unit,), (record.front.id,)), lambda r: True)
