"""Who published late is told so, with the last day and how it was counted; nobody else is."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sitegen.check.deadlines import check_deadlines
from sitegen.model.catalog import Item
from sitegen.model.days import Calendar
from sitegen.model.lastday import ahead, calendar_day, following, period_at, publish_by
from tests.check.made import front, item, record, scope

DAY = dt.timedelta(1)
FAR = "2199-12-31"
KNOWN = st.dates(dt.date(2024, 1, 1), dt.date(2026, 8, 31))


def found(wanted: Item, day: str = "2026-12-31", **more: Any) -> list[str]:
    return [f"{f.code} {dict(f.args).get('last', '')}".strip() for f in check_deadlines(scope(day, wanted, records=(record(**more),)))]


TWENTY = item("自信息形成或者变更之日起20个工作日内")
MIXED = item("执法决定信息在决定作出之日起7个工作日内公开，其他相关信息自信息形成或者变更之日起20个工作日内公开")


@pytest.mark.parametrize(
    ("wording", "head", "last"),
    [
        # Counted from the day it was formed, unless the record says when the event was.
        ("自信息形成或者变更之日起20个工作日内", {}, "2026-06-02"),
        ("自作出决定之日起7个工作日内", {}, "2026-05-14"),
        ("自作出决定之日起7个工作日内", {"events": {"decided": "2026-04-20"}}, "2026-04-29"),
        ("颁布或印发之日起5个工作日内", {"document": {"issued": "2026-05-11"}}, "2026-05-18"),
        ("本级人民代表大会或其常务委员会批准后20日内", {"events": {"approved": "2026-05-08"}}, "2026-05-28"),
        ("竣工验收合格后10个工作日内", {"events": {"event": "2026-05-11"}}, "2026-05-25"),
        ("在组织听证7个工作日前", {"events": {"event": "2026-05-20"}}, "2026-05-11"),
        ("在采购活动开始30日前", {"events": {"event": "2026-06-10"}}, "2026-05-11"),
        # Parts of the information: the latest day, unless the record names the event of one.
        (MIXED.deadline.written, {}, "2026-06-02"),
        (MIXED.deadline.written, {"events": {"decided": "2026-05-06"}}, "2026-05-14"),
        # Calendar: the period's own last day.
        ("每季度的首个月20日", {"period": "2026-Q1"}, "2026-04-20"),
        ("每月10日前", {"period": "2026-03"}, "2026-04-10"),
        ("每年3月31日前", {"period": "2025"}, "2026-03-31"),
        ("每年3月31日前", {"period": "2026"}, "2026-03-31"),  # within its own year: a plan
        ("每季度的首个月20日，集体财务往来较多的每月公布一次", {"period": "2026-03"}, "2026-04-30"),
        ("每季度的首个月20日，集体财务往来较多的每月公布一次", {"period": "2026-Q1"}, "2026-04-20"),
        ("长期公示，每季度的首个月20日更新", {"period": "2026-Q1"}, "2026-04-20"),
    ],
)
def test_the_last_day_of_a_record(wording: str, head: dict[str, Any], last: str) -> None:
    wanted = item(wording, per="single")
    counted = publish_by(front(**head), wanted, Calendar())
    assert counted is not None
    assert (counted.date.isoformat(), counted.provisional) == (last, False)


@pytest.mark.parametrize(
    ("wording", "head"),
    [
        ("及时公开", {}),
        ("公示期不少于7个工作日", {}),
        ("在组织听证7个工作日前", {}),  # when the hearing is stands nowhere
        ("每季度的首个月20日", {}),  # of which quarter?
        ("每季度的首个月20日", {"period": "2026"}),
        ("每季度的首个月20日", {"period": "2026-05-06"}),
        ("处罚决定20个工作日内公开，其他内容长期公开（动态调整）", {}),  # may be other content
        ("按进展情况及时公开，完成后10个工作日内", {}),
        ("批前公示不少于30日，批准后20个工作日内公布", {}),  # may be the posting before
        ("不成文的说法", {}),
    ],
)
def test_where_no_day_can_be_told_nobody_is_late(wording: str, head: dict[str, Any]) -> None:
    assert publish_by(front(**head), item(wording, per="single"), Calendar()) is None
    assert found(item(wording, per="single"), published="2026-11-20", **head) == []


def test_one_of_many_records_in_a_period_is_not_judged_by_the_calendar() -> None:
    many = item("每季度的首个月20日", per="many")
    assert found(many, period="2026-Q1", published="2026-11-20", formed="2026-11-20") == ["SG702 2026-04-20"]
    assert found(many, period="2026-Q1", published="2026-11-20", formed="2026-11-20", subject="二组") == []


def test_only_the_first_record_of_a_period_can_be_late() -> None:
    wanted = item("每季度的首个月20日", per="single")
    records = tuple(record(id=str(n), period="2026-Q1", published=p, formed=p) for n, p in ((1, "2026-04-20"), (2, "2026-06-01")))
    assert list(check_deadlines(scope("2026-12-31", wanted, records=records))) == []


def test_a_message_says_how_it_was_counted() -> None:
    wanted = scope("2026-12-31", TWENTY, records=(record(published="2026-06-03"),))
    (late,) = check_deadlines(wanted)
    assert (
        late.message("en")
        == "published on 2026-06-03; the last day was 2026-06-02: 20 working days from 2026-05-06 (the day it was formed)"
    )
    assert late.message("zh") == "2026-06-03 发布，最后期限是 2026-06-02（自信息形成之日 2026-05-06 起 20 个工作日）"


def test_beyond_the_announced_calendar_nobody_is_late() -> None:
    assert found(TWENTY, FAR, formed="2028-05-08", published="2028-11-20") == []
    assert found(item("每月10日前", per="single"), FAR, formed="2028-05-08", period="2028-03", published="2028-11-20") == []


def test_an_archive_is_not_called_late() -> None:
    old = (record(published="2026-10-20"),)
    assert len(list(check_deadlines(scope("2026-12-31", TWENTY, records=old)))) == 1
    assert list(check_deadlines(scope("2026-12-31", TWENTY, records=old, region={"judged_from": "2026-10-21"}))) == []


def test_what_is_not_public_has_no_deadline() -> None:
    assert found(TWENTY, published="2026-10-20", attribute="依申请公开") == []


@pytest.mark.parametrize(
    ("head", "codes"),
    [
        ({"published": "2026-05-09"}, ["SG710"]),
        ({"published": "2062-05-09"}, ["SG710"]),  # said once, not that it is late as well
        ({"revision": {"n": 2, "why": "更正"}}, ["SG711"]),
        ({"revision": {"n": 2, "on": "2026-05-05", "why": "更正"}}, ["SG712"]),
        ({"revision": {"n": 2, "on": "2026-05-09", "why": "更正"}}, ["SG712"]),
        ({"revision": {"n": 2, "on": "2026-05-08", "why": "更正"}}, []),
        ({"published": "2026-05-08"}, []),
    ],
)
def test_dates_that_cannot_be_true(head: dict[str, Any], codes: list[str]) -> None:
    assert [c.split()[0] for c in found(TWENTY, "2026-05-08", **head)] == codes


# --- laws ---------------------------------------------------------------------------------------------------------------------

STARTS = st.sampled_from(
    [
        ("自信息形成或者变更之日起{n}{kind}内", None),
        ("颁布或印发之日起{n}{kind}内", "issued"),
        ("批准后{n}{kind}内", "approved"),
        ("自作出决定之日起{n}{kind}内", "decided"),
        ("分配结果确定后{n}{kind}内", "allocated"),
        ("调查结束后{n}{kind}内", "surveyed"),
        ("竣工验收合格后{n}{kind}内", "event"),
        ("组织听证{n}{kind}前", "event"),
    ]
)


@given(STARTS, st.integers(1, 60), st.sampled_from(["个工作日", "日"]), KNOWN)
def test_in_time_until_the_last_day_and_late_from_the_next(form: tuple[str, str | None], n: int, kind: str, day: dt.date) -> None:
    wording, event = form
    wanted = item(wording.format(n=n, kind=kind))
    dates: dict[str, Any] = {"formed": (day - 400 * DAY).isoformat()} if event else {"formed": day.isoformat()}
    if event:
        dates["events"] = {event: day.isoformat()}
    last = publish_by(front(published=day.isoformat(), **dates), wanted, Calendar())
    assert last is not None
    assume(not last.provisional)
    for published, late in ((last.date - DAY, False), (last.date, False), (last.date + DAY, True)):
        assert bool(found(wanted, FAR, published=published.isoformat(), **dates)) is late


@given(st.sampled_from(["month", "quarter", "year"]), KNOWN, st.integers(1, 28))
def test_a_periodic_record_is_in_time_until_its_last_day(every: Any, day: dt.date, n: int) -> None:
    wording = {"month": "每月{n}日前", "quarter": "每季度的首个月{n}日", "year": "每年3月{n}日前"}[every].format(n=n)
    wanted, period = item(wording, per="single"), period_at(day, every)
    text = period.start.isoformat() + ".." + period.end.isoformat()
    last = publish_by(front(period=text, published=period.end + DAY), wanted, Calendar())
    assert last is not None
    assert period.end < last.date
    assume(not last.provisional)
    for published, late in ((last.date, False), (last.date + DAY, True)):
        assert bool(found(wanted, FAR, period=text, formed=period.end, published=published)) is late


@given(st.sampled_from(["month", "quarter", "year"]), st.dates(dt.date(2000, 1, 1), dt.date(2100, 1, 1)))
def test_periods_follow_each_other_without_gap_or_overlap(every: Any, day: dt.date) -> None:
    period = period_at(day, every)
    assert period.start <= day <= period.end
    assert following(period, every).start == period.end + DAY
    assert not ahead(period, period.end + DAY, every)


@given(st.dates(dt.date(2024, 1, 1), dt.date(2026, 6, 1)))
def test_what_is_owed_ahead_is_owed_before_what_is_owed_after(day: dt.date) -> None:
    period = period_at(day, "quarter")
    assert (
        calendar_day(None, "quarter", period, Calendar(), ahead=True).date
        < calendar_day(None, "quarter", period, Calendar(), ahead=False).date
    )
