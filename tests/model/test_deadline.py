"""Deadlines as the catalogues write them, and what a program understands."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.load.catalog import load_catalog
from sitegen.model.deadline import Term, parse_deadline
from sitegen.model.finding import Finding
from sitegen.resources import resource

Terms = tuple[Term, ...]


def within(days: int, start: str = "formed", kind: str = "working", **more: str) -> Term:
    return Term.model_validate({"kind": "within", "days": days, "day_kind": kind, "start": start, **more})


def after(event: str, days: int, kind: str = "working") -> Term:
    return within(days, "event", kind, event=event)


def posting(days: int, kind: str = "calendar", **more: str) -> Term:
    return Term.model_validate({"kind": "posting", "days": days, "day_kind": kind, **more})


def before(event: str | None, days: int, kind: str = "calendar") -> Term:
    return Term.model_validate({"kind": "before", "days": days, "day_kind": kind, "event": event})


def by(every: str, day: int | None = None, **more: object) -> Term:
    return Term.model_validate({"kind": "calendar", "every": every, "day": day, **more})


def no_date(phrase: str, about: str | None = None) -> Term:
    return Term(kind="not_computable", phrase=phrase, about=about)


FIELD_NOTES: dict[str, Terms] = {
    "自信息形成或者变更之日起20个工作日内": (within(20),),
    "自信息形成或者变更之日起20个工作日内。法律、法规对政府信息公开的期限另有规定的,从其规定。": (within(20),),
    "自信息形成或者变更之日起20个工作日内,法律、法规…另有规定的,从其规定": (within(20),),
    "信息形成(变更)20个工作日内": (within(20),),
    "20工作日": (within(20),),
    "分配结果确定后20个工作日内": (within(20, "allocated"),),
    "制定或获取信息之日起10个工作日内,公示7个工作日": (within(10), posting(7, "working")),
    "信息形成或变更之日起3个工作日内": (within(3),),
    "颁布或印发之日起5个工作日内": (within(5, "issued"),),
    "本级人民代表大会或其常务委员会批准后20日内": (within(20, "approved", "calendar"),),
    "执法决定信息在决定作出之日起7个工作日内公开,其他相关信息…20个工作日内": (
        within(7, "decided", about="执法决定信息"),
        within(20, about="其他相关信息"),
    ),
    "在组织听证7个工作日前": (before("组织听证", 7, "working"),),
    "每季度的首个月20日": (by("quarter", 20),),
    "每季度首月15日": (by("quarter", 15),),
    "每月": (by("month"),),
    "及时公开": (no_date("及时公开"),),
    "实时公开": (no_date("实时公开"),),
    "随时公布": (no_date("随时公布"),),
    "按进展情况及时公开": (no_date("按进展情况及时公开"),),
    "永久公开": (no_date("永久公开"),),
    "保持长期公开": (no_date("保持长期公开"),),
    "公示7个工作日": (posting(7, "working"),),
    "调查结束后5个工作日内在村公示": (within(5, "surveyed"),),
}

CATALOGUE: dict[str, Terms] = {
    # after the information was formed
    "20个工作日": (within(20),),
    "信息形成（变更）20个工作日内": (within(20),),
    "信息形成或变更之日起5个工作日内": (within(5),),
    "信息形成或变更之日起10个工作日内": (within(10),),
    "信息形成或变更之日起20个工作日内": (within(20),),
    "信息形成或者变更之日起20个工作日内": (within(20),),
    "信息形成或者变更之日起20个工作日内予以公开": (within(20),),
    "公开事项信息形成或变更之日起20个工作日内公开": (within(20),),
    "形成或者变更之日起20个工作日内予以公开": (within(20),),
    "自信息形成或者变更之日起10个工作日内": (within(10),),
    "自信息形成或者变更之日起20个工作日内予以公开": (within(20),),
    "制定或获取信息之日起10个工作日内": (within(10),),
    "制定或获取备案政策之日起10个工作日内": (within(10),),
    "制定或获取扶持政策措施之日起10个工作日内": (within(10),),
    "制定或获取扶持补贴政策之日起10个工作日内": (within(10),),
    "制定或获取指南之日起10个工作日内": (within(10),),
    "制定或获取文件之日起10个工作日内": (within(10),),
    "制定或获取老年人补贴政策之日起10个工作日内": (within(10),),
    "制定或获取评估制度政策之日起10个工作日内": (within(10),),
    # after another start
    "政策文件印发之日起3个工作日内": (within(3, "issued"),),
    "批复后20日内": (within(20, "approved", "calendar"),),
    "本级政府财政部门批复后20日内": (within(20, "approved", "calendar"),),
    "自批准之日起20个工作日内": (within(20, "approved"),),
    "自作出决定之日起7个工作日内": (within(7, "decided"),),
    "自作出行政处罚决定之日起20个工作日内": (within(20, "decided"),),
    "合同签订后5个工作日内": (after("合同签订", 5),),
    "拨付或发放完毕后10个工作日内": (after("拨付或发放完毕", 10),),
    "检查结束之日起20个工作日内": (after("检查结束", 20),),
    "灾情核定后5个工作日内": (after("灾情核定", 5),),
    "竣工验收合格后10个工作日内": (after("竣工验收合格", 10),),
    "竣工验收后10个工作日内": (after("竣工验收", 10),),
    "自中标、成交供应商确定之日起2个工作日内": (after("中标、成交供应商确定", 2),),
    "自出让活动结束之日起10个工作日内": (after("出让活动结束", 10),),
    "自合同签订之日起2个工作日内": (after("合同签订", 2),),
    "自处分决定宣布之日起5个工作日内": (after("处分决定宣布", 5),),
    "自收到审计报告之日起10日内": (after("收到审计报告", 10, "calendar"),),
    "自收到意见之日起10日内": (after("收到意见", 10, "calendar"),),
    "自收到批准文件之日起10个工作日内": (after("收到批准文件", 10),),
    "自收到批准文件之日起15个工作日内": (after("收到批准文件", 15),),
    "自收到申请之日起20个工作日内": (after("收到申请", 20),),
    "资金发放后5个工作日内": (after("资金发放", 5),),
    # postings
    "公示7日": (posting(7),),
    "公示期不少于3日": (posting(3),),
    "公示期不少于5日": (posting(5),),
    "公示期不少于7日": (posting(7),),
    "公示期不少于10日": (posting(10),),
    "公示期不少于30日": (posting(30),),
    "公示期不少于5个工作日": (posting(5, "working"),),
    "公示期不少于7个工作日": (posting(7, "working"),),
    "公示期不少于10个工作日": (posting(10, "working"),),
    "公示期不少于20个工作日": (posting(20, "working"),),
    "征求意见期限不得少于30日": (posting(30, about="征求意见"),),
    # before an event
    "在停水、停气、停热1日前": (before("停水、停气、停热", 1),),
    "在工程施工7日前": (before("工程施工", 7),),
    "在招标、拍卖或者挂牌开始20日前": (before("招标、拍卖或者挂牌开始", 20),),
    "在招生报名7个工作日前": (before("招生报名", 7, "working"),),
    "在村民代表会议召开5日前": (before("村民代表会议召开", 5),),
    "在选举日20日前": (before("选举日", 20),),
    "在采购活动开始30日前": (before("采购活动开始", 30),),
    "培训开班5个工作日前": (before("培训开班", 5, "working"),),
    "活动举办3个工作日前": (before("活动举办", 3, "working"),),
    "提前一周发通知邀请": (before(None, 7),),
    # by the calendar
    "每月10日前": (by("month", 10),),
    "每月15日前": (by("month", 15),),
    "每季度公告一次": (by("quarter"),),
    "每年1月31日前": (by("year", 31, month=1),),
    "每年3月31日前": (by("year", 31, month=3),),
    "每年4月30日前": (by("year", 30, month=4),),
    "每年6月5日前": (by("year", 5, month=6),),
    "每年6月30日前": (by("year", 30, month=6),),
    # no date
    "长期公示": (no_date("长期公示"),),
    "长期公开（动态调整）": (no_date("长期公开（动态调整）"),),
    # several terms
    "信息形成或变更之日起10个工作日内，公示期不少于10日": (within(10), posting(10)),
    "信息形成或者变更之日起20个工作日内，公示7个工作日": (within(20), posting(7, "working")),
    "制定或获取信息之日起10个工作日内，公示7个工作日": (within(10), posting(7, "working")),
    "分配结果确定后5个工作日内，公示7日": (within(5, "allocated"), posting(7)),
    "款物发放后5个工作日内，公示7日": (after("款物发放", 5), posting(7)),
    "资金发放后5个工作日内，公示7日": (after("资金发放", 5), posting(7)),
    "结果确定后5个工作日内，公示7个工作日": (after("结果确定", 5), posting(7, "working")),
    "自乡镇人民政府公布之日起5个工作日内，公示7个工作日": (after("乡镇人民政府公布", 5), posting(7, "working")),
    "自乡镇人民政府公布之日起5个工作日内，公示7日": (after("乡镇人民政府公布", 5), posting(7)),
    "自乡镇人民政府公布之日起5个工作日内，公示期不少于5日": (after("乡镇人民政府公布", 5), posting(5)),
    "自会议作出决定之日起3日内，公示7日": (within(3, "decided", "calendar"), posting(7)),
    "自收到公告之日起3个工作日内，公示期不少于30日": (after("收到公告", 3), posting(30)),
    "自收到评标报告之日起3日内公示，公示期不少于3日": (after("收到评标报告", 3, "calendar"), posting(3)),
    "自民主评议结束之日起3个工作日内，公示7个工作日": (after("民主评议结束", 3), posting(7, "working")),
    "自民主评议结束之日起3个工作日内，公示期不少于5日": (after("民主评议结束", 3), posting(5)),
    "批前公示不少于30日，批准后20个工作日内公布": (posting(30, about="批前"), within(20, "approved")),
    "每季度首月15日，公示7个工作日": (by("quarter", 15), posting(7, "working")),
    "长期公示，每季度的首个月20日更新": (no_date("长期公示"), by("quarter", 20)),
    "按进展情况及时公开，完成后10个工作日内": (no_date("按进展情况及时公开"), after("完成", 10)),
    # one term for each part of the information
    "执法决定信息在决定作出之日起7个工作日内公开，其他相关信息自信息形成或者变更之日起20个工作日内公开": (
        within(7, "decided", about="执法决定信息"),
        within(20, about="其他相关信息"),
    ),
    "信息形成20个工作日内公开；其中行政许可、行政处罚事项自作出行政决定之日起7个工作日内公示": (
        within(20),
        within(7, "decided", about="行政许可、行政处罚事项"),
    ),
    "自信息形成或者变更之日起20个工作日内予以公开，结果信息自形成或者变更之日起7个工作日内予以公开": (
        within(20),
        within(7, about="结果信息"),
    ),
    "受理情况和拟审批意见公示期各不少于5个工作日，审批决定自作出决定之日起7个工作日内公开": (
        posting(5, "working", about="受理情况和拟审批意见"),
        within(7, "decided", about="审批决定"),
    ),
    "处罚决定20个工作日内公开，其他内容长期公开（动态调整）": (
        within(20, "decided", about="处罚决定"),
        no_date("长期公开（动态调整）", "其他内容"),
    ),
    "预警信息实时公开，其他信息自形成或者变更之日起10个工作日内": (no_date("实时公开", "预警信息"), within(10, about="其他信息")),
    "预备人选公示期不少于5个工作日，选举结果及时公开": (posting(5, "working", about="预备人选"), no_date("及时公开", "选举结果")),
    "选举安排及时公开，选举结果当场公布": (no_date("及时公开", "选举安排"), no_date("当场公布", "选举结果")),
    "方案通过后5个工作日内，实施结果及时公开": (after("方案通过", 5), no_date("及时公开", "实施结果")),
    "合同签订后5个工作日内，履行情况每季度的首个月20日": (after("合同签订", 5), by("quarter", 20, about="履行情况")),
    "自收到捐赠之日起10日内，使用情况每季度的首个月20日": (after("收到捐赠", 10, "calendar"), by("quarter", 20, about="使用情况")),
    "在发包7日前，中标结果公示期不少于3日": (before("发包", 7), posting(3, about="中标结果")),
    "在竞价交易7日前，成交结果公示期不少于5日": (before("竞价交易", 7), posting(5, about="成交结果")),
    "每季度的首个月20日，集体财务往来较多的每月公布一次": (by("quarter", 20), by("month", about="集体财务往来较多的")),
}

SPELLINGS: dict[str, Terms] = {
    "自 信息形成或者变更之日起 ２０ 个工作日内": (within(20),),
    "自信息形成或者变更之日起，二十个工作日内公开。": (within(20),),
    "信息形成或变更之日起十五日内": (within(15, kind="calendar"),),
    "自收到意见之日起一百二十日内": (after("收到意见", 120, "calendar"),),
    "公示两周": (posting(14),),
    "公示期为7天": (posting(7),),
    "公示时间不得少于7 个工作日": (posting(7, "working"),),
    "会议召开前3个工作日": (before("会议召开", 3, "working"),),
    "至少每季度公布一次": (by("quarter"),),
    "政府信息应当自形成之日起20个工作日内公开": (within(20, about="政府信息"),),
    "除法律、法规另有规定外，自信息形成或者变更之日起20个工作日内": (within(20),),
    "自信息形成或者变更之日起20个工作日内（法律、法规另有规定的除外）": (within(20),),
    # words that begin with 自 or 在
    "自然灾害救助款物发放后5个工作日内": (after("自然灾害救助款物发放", 5),),
    "在建项目竣工后10个工作日内": (after("在建项目竣工", 10),),
    "自在建项目竣工之日起10个工作日内": (after("在建项目竣工", 10),),
    # only information is "formed"
    "合同变更之日起5个工作日内": (after("合同变更", 5),),
}

KNOWN = FIELD_NOTES | CATALOGUE | SPELLINGS

UNKNOWN = [
    "",
    "，。",
    "过几天再说",
    "及时公开，过几天再说",
    "按规定办理",
    "按规定20个工作日内",
    "自信息形成之日起若干工作日内",
    "7-10个工作日内公开",
    "不超过20个工作日",
    "20",
    "20日",  # a date of the month, or a count?
    "一个月内",
    "公示0日",
    "公示十十日",
    "不及时公开",
    "5月1日前",
    "2026年3月31日前",
    "每年13月5日前",
    "每年2月30日前",
    "每季度的首个月40日",
    "每月结束后10日内",
    "自每月结束之日起5日内",
    "20个工作日内公开20个工作日内",
    "自信息形成之日起20个工作日内（涉密的除外）",
    "法律、法规另有规定的，从其规定",
]


@pytest.mark.parametrize("wording", KNOWN)
def test_a_known_wording_is_understood(wording: str) -> None:
    assert parse_deadline(wording) == KNOWN[wording]


@pytest.mark.parametrize("wording", UNKNOWN)
def test_an_unknown_wording_is_never_guessed(wording: str) -> None:
    assert parse_deadline(wording) is None


def test_every_wording_of_the_standard_catalogue_has_its_expected_structure_here() -> None:
    findings: list[Finding] = []
    catalog = load_catalog(resource("content/catalog").parent.parent, findings)
    by_parser = {i.deadline.written for i in catalog.items.values() if not i.deadline.terms}
    assert not by_parser - KNOWN.keys()


@given(st.sampled_from(list(KNOWN)), st.integers(0, 60), st.sampled_from([" ", "\u3000", "\n"]))
def test_spaces_and_widths_do_not_matter(wording: str, at: int, space: str) -> None:
    spaced = wording[:at] + space + wording[at:]
    assert parse_deadline(spaced) == parse_deadline(unicodedata.normalize("NFKC", wording)) == KNOWN[wording]


@given(
    st.lists(
        st.sampled_from([*"自在每公示日起内前后，。；一十0279", "工作日", "之日", "信息", "形成", "决定", "月", "年", "季度"]), max_size=14
    )
)
def test_any_words_are_understood_or_not_but_never_an_error(words: list[str]) -> None:
    terms = parse_deadline("".join(words))
    assert terms is None or terms
