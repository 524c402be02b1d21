"""Services' pages as values: a finder where there is much, a list where there is little, nothing where there is nothing."""

from __future__ import annotations

import datetime as dt

from msgspec.structs import replace

from sitegen.model.service_views import (
    BundleMatterView,
    BundleView,
    ComplaintView,
    FeeView,
    GuideView,
    HallView,
    MaterialView,
    OnlineView,
    QuestionView,
    ServicesView,
    StepView,
)
from sitegen.model.views import UnitView
from sitegen.site import menu
from sitegen.site.pages import pages
from sitegen.site.services import BundleData, GuideData, NoticeData, ServicesData
from tests.site import samples

HALL = HallView("政务服务中心", "文昌路3号", "周一至周五 8:30–17:00", "0451-0000 2300", "12号窗口")
COMPLAINT = ComplaintView("投诉窗口", "0451-0000 2399", None, None)
DAY = dt.date(2026, 9, 10)


def guide(slug: str = "dibao", url: str = "https://gk.qinghe.example.cn/services/dibao/", **over: object) -> GuideView:
    """A guide of the county."""
    paper = MaterialView("居民身份证", "原件（验后退回）", 1, "政府部门发的证件", None, None, None, None, None)
    made = GuideView(
        slug=slug, url=url, name="最低生活保障审核确认", kind="行政给付", organ="青禾县民政局", audience=("个人",), groups=("低收入家庭",), life=("困难求助",),
        summary="按月领低保金。", conditions=("本县户口",), materials=(paper,), places=(HALL,), legal="30个工作日", promised="20个工作日", excludes=None, fees=(),
        steps=(StepView("申请", "本人", None, "当场办结"),), result="通知书", ways=("现场领取",), basis=("《社会救助暂行办法》",),
        online=OnlineView("网上申报", "https://zwfw.example.cn/", 0, None), handling=None, agent=None, tell=("不用开收入证明",), faq=(QuestionView("有儿女能申请吗？", "能。"),),
        phone=HALL.phone, supervision=COMPLAINT, remedy=None, item=None, updated=DAY, keywords=("低保",), body="", above=None,
    )  # fmt: skip
    return replace(made, **over)  # type: ignore[arg-type]


def serving(view: UnitView, *guides: GuideView, bundles: tuple[BundleView, ...] = ()) -> UnitView:
    """The view with services."""
    return replace(view, services=ServicesView(None, (HALL,), (COMPLAINT,), None, guides, bundles))


def found(view: UnitView) -> dict[str, object]:
    return {p.path: p.data for p in pages(view) if p.path.startswith("services/")}


def many(n: int) -> tuple[GuideView, ...]:
    lives = (("养老",), ("出生", "户口证件"), ())
    return tuple(guide(f"g{k}", name=f"事项{k}", life=lives[k % 3], groups=("老年人",) if k % 2 else ()) for k in range(n))


def test_a_unit_without_guides_has_no_services_page_and_no_entry_in_the_menu() -> None:
    assert found(samples.county()) == {}
    assert "services" not in {e.key for e in menu.menu(samples.county())}


def test_a_guide_has_a_page_and_a_sheet_that_tells_everything_at_once() -> None:
    got = found(serving(samples.county(), guide()))
    assert list(got) == ["services/", "services/dibao/", "services/dibao/notice/"]
    page, told = got["services/dibao/"], got["services/dibao/notice/"]
    assert isinstance(page, GuideData)
    assert [f[:2] for f in page.facts] == [
        ("承诺时限", "20个工作日"),
        ("收费", "不收费"),
        ("到现场次数", "不用跑"),
        ("网上可办理程度", "网上申报"),
    ]
    assert dict(page.head)["法定时限"] == "30个工作日"
    assert isinstance(told, NoticeData)
    assert (told.materials, told.phone, told.back) == (guide().materials, "0451-0000 2300", "services/dibao/")


def test_few_guides_stand_in_one_list_without_anything_to_find_them() -> None:
    data = found(serving(samples.village(8, 0), *many(7)))["services/"]
    assert isinstance(data, ServicesData)
    assert [len(g.entries) for g in data.life] == [7]
    assert not data.many
    assert data.people == ()


def test_many_guides_are_found_by_event_of_life_and_by_people() -> None:
    data = found(serving(samples.county(), *many(12)))["services/"]
    assert isinstance(data, ServicesData)
    assert [(g.name, len(g.entries)) for g in data.life] == [("出生", 4), ("户口证件", 4), ("养老", 4), ("其他", 4)]
    assert [(g.name, len(g.guides)) for g in data.people] == [("老年人", 6)]


def test_the_order_of_a_bundle_counts_what_is_done_together_once() -> None:
    names = (("出生证明", False), ("上户口", False), ("医保", True), ("社保卡", False))
    matters = tuple(
        BundleMatterView(n, "", "某局", "https://gk.qinghe.example.cn/services/dibao/", None, None, a, None, 1) for n, a in names
    )
    bundle = BundleView(
        "chusheng", "https://gk.qinghe.example.cn/services/chusheng/", "新生儿出生一件事", ("个人",), (), ("出生",), None, matters, guide().materials, (HALL,),
        "5个工作日", None, None, (), None, (), (), HALL.phone, COMPLAINT, DAY, (), "", (12, 4), (7, 1),
    )  # fmt: skip
    got = found(serving(samples.county(), guide(), bundles=(bundle,)))
    data, member = got["services/chusheng/"], got["services/dibao/"]
    assert isinstance(data, BundleData)
    assert data.order == ((1, ""), (2, ""), (2, "同时办"), (3, ""))
    assert isinstance(member, GuideData)
    assert member.bundles == (("新生儿出生一件事", "services/chusheng/"),)


def test_a_charge_is_told_with_its_sum() -> None:
    data = found(serving(samples.county(), guide(fees=(FeeView("工本费", "20.00元/证", "第一次不收"),))))["services/dibao/"]
    assert isinstance(data, GuideData)
    assert data.facts[1] == ("收费", "20.00元/证", "工本费；第一次不收")
