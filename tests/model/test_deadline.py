"""Deadlines as the catalogues write them, and what a program understands."""

from __future__ import annotations

import pytest

from sitegen.load.catalog import load_catalog
from sitegen.model.deadline import Term, parse_deadline
from sitegen.model.finding import Finding
from sitegen.resources import resource


def within(days: int, kind: str = "working", start: str = "formed", **more: str) -> Term:
    return Term.model_validate({"kind": "within", "days": days, "day_kind": kind, "start": start, **more})


def posting(days: int, kind: str = "working", **more: str) -> Term:
    return Term.model_validate({"kind": "posting", "days": days, "day_kind": kind, **more})


def calendar(every: str, day: int | None = None, **more: object) -> Term:
    return Term.model_validate({"kind": "calendar", "every": every, "day": day, **more})


def no_date(phrase: str) -> Term:
    return Term(kind="not_computable", phrase=phrase)


FIELD_NOTES = [
    ("自信息形成或者变更之日起20个工作日内", (within(20),)),
    ("自信息形成或者变更之日起20个工作日内。法律、法规对政府信息公开的期限另有规定的，从其规定。", (within(20),)),
    ("信息形成(变更)20个工作日内", (within(20),)),
    ("20工作日", (within(20),)),
    ("分配结果确定后20个工作日内", (within(20, start="allocated"),)),
    ("制定或获取信息之日起10个工作日内,公示7个工作日", (within(10), posting(7))),
    ("信息形成或变更之日起3个工作日内", (within(3),)),
    ("颁布或印发之日起5个工作日内", (within(5, start="issued"),)),
    ("本级人民代表大会或其常务委员会批准后20日内", (within(20, "calendar", "approved"),)),
    (
        "执法决定信息在决定作出之日起7个工作日内公开,其他相关信息自信息形成或者变更之日起20个工作日内公开",
        (within(7, start="decided", about="执法决定信息"), within(20, about="其他相关信息")),
    ),
    ("在组织听证7个工作日前", (Term(kind="before", days=7, day_kind="working", event="组织听证"),)),
    ("每季度的首个月20日", (calendar("quarter", 20),)),
    ("每季度首月15日", (calendar("quarter", 15),)),
    ("每月", (calendar("month"),)),
    ("及时公开", (no_date("及时公开"),)),
    ("实时公开", (no_date("实时公开"),)),
    ("随时公布", (no_date("随时公布"),)),
    ("按进展情况及时公开", (no_date("按进展情况及时公开"),)),
    ("永久公开", (no_date("永久公开"),)),
    ("保持长期公开", (no_date("保持长期公开"),)),
]

MORE = [
    ("每年3月31日前", (calendar("year", 31, month=3),)),
    ("自信息形成或者变更之日起二十个工作日内", (within(20),)),
    ("信息形成或变更之日起十五日内", (within(15, "calendar"),)),
    ("自 信息形成或者变更之日起 ２０ 个工作日内", (within(20),)),
    ("提前一周发通知邀请", (Term(kind="before", days=7, day_kind="calendar", event="发通知邀请"),)),
    ("公示期不少于7个工作日", (posting(7),)),
    ("批前公示不少于30日，批准后20个工作日内公布", (posting(30, "calendar", about="批前"), within(20, start="approved"))),
    ("合同签订后5个工作日内", (within(5, start="event", event="合同签订"),)),
    ("调查结束后5个工作日内在村公示", (within(5, start="surveyed"),)),
]


@pytest.mark.parametrize(("wording", "terms"), FIELD_NOTES + MORE)
def test_a_known_wording_is_understood(wording: str, terms: tuple[Term, ...]) -> None:
    assert parse_deadline(wording) == terms


@pytest.mark.parametrize("wording", ["过几天再说", "", "20", "自信息形成之日起若干工作日内", "按规定办理", "及时公开，过几天再说"])
def test_an_unknown_wording_is_never_guessed(wording: str) -> None:
    assert parse_deadline(wording) is None


def test_every_wording_of_the_standard_catalogue_is_understood() -> None:
    findings: list[Finding] = []
    catalog = load_catalog(resource("content/catalog").parent.parent, findings)
    unknown = {i.deadline.written for i in catalog.items.values() if parse_deadline(i.deadline.written) is None}
    assert not unknown
