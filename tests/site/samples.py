"""Views rich enough to show every page: a county with all fields, a township with a long list, a village, a neighbourhood."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal as D
from functools import cache
from pathlib import Path

import yaml
from msgspec.structs import replace

from sitegen.code import propose
from sitegen.model.base import Level
from sitegen.model.catalog import Field
from sitegen.model.content_views import AttachmentView, Content, Figure
from sitegen.model.dialogue import DialogueView, HearingView
from sitegen.model.record_views import Agreement, ChangeView, PostingView, RecordView, RelationView, SliceView, StagePart, StageView
from sitegen.model.supervision_views import MilestoneView, Standing, SupervisedField, SupervisedUnit, SupervisionView
from sitegen.model.unit import Board, Contact, Footer, Slot, Supervision, UnitLink
from sitegen.model.views import ChildView, FieldView, ItemView, TextPage, UnitView
from tests.sample_view import COUNTY, TOWN, VILLAGE, record, subsidy_table, township_view, village_view

CATALOG = Path(__file__).parents[2] / "content" / "catalog"
ON = PostingView(dt.date(2026, 11, 18), dt.date(2026, 11, 26), "on", 7, True, False)
OVER = PostingView(dt.date(2026, 4, 20), dt.date(2026, 4, 30), "over", 10, False, False)
ENDS = (dt.date(2026, 11, 26), dt.date(2026, 11, 30), dt.date(2026, 12, 2))
SOON = PostingView(dt.date(2026, 12, 1), dt.date(2026, 12, 9), "upcoming", 7, True, False)


@cache
def field_file(name: str) -> Field:
    """A field of the real catalogue."""
    return Field.model_validate(yaml.load((CATALOG / name).read_text(encoding="utf-8"), Loader=yaml.CSafeLoader))


def fields_of(level: Level, names: tuple[str, ...], records: tuple[RecordView, ...]) -> tuple[FieldView, ...]:
    """The fields' items of a level, with the records of each."""
    made = []
    for name in names:
        f = field_file(name)
        basis = ("《中华人民共和国政府信息公开条例》（国务院令第711号）", "《中华人民共和国农业法》")
        items = tuple(ItemView(i, basis, tuple(r.id for r in records if r.item == i.id)) for i in f.items if level in i.levels)
        made.append(FieldView(f.id, f.name, f.successor, f.section, f.seq, f.lead, f.summary, items))
    return tuple(made)


def at(base: RecordView, item: str, field: Field, url: str, **over: object) -> RecordView:
    """A record moved to an item of the real catalogue and to a unit's address."""
    found = next(i for i in field.items if i.id == item)
    code = propose(url, base.id)
    values: dict[str, object] = {
        "code": code, "code_url": f"HTTPS://GK.QINGHE.EXAMPLE.CN/Q/{code}-{base.rev}", "item": item, "item_name": found.name, "field": field.id, "field_name": field.name, "section": field.section,
        "elements": found.elements, "url": f"{url}r/{base.id}/", "content_digest": "7f3a91c2" * 8,
    }  # fmt: skip
    return replace(base, **{**values, **over})  # type: ignore[arg-type]


VILLAGE_FILES = ("fields/23-shenong-butie.yml", "village/1-dangwu.yml", "village/2-cunwu.yml", "village/3-caiwu.yml")


def village(rows: int = 42, extra: int = 60) -> UnitView:
    """A village: a derived subsidy list, relief in two stages, accounts, resolutions, and ``extra`` older records."""
    base = village_view(rows)
    snbt, dw, cw, cj = (field_file(n) for n in VILLAGE_FILES)
    by = {r.id: r for r in base.records}
    posted = replace(ON, end=dt.date(2026, 11, 30))
    figures = (Figure("户数", D(rows), 0, "户"), Figure("面积", D("1428.00"), 2, "亩"), Figure("金额", D("101388.00"), 2, "元"))
    found = [
        at(by["2026-0017"], snbt.items[0].id, snbt, VILLAGE.url, posting=posted, figures=figures, published=dt.date(2026, 11, 18), formed=dt.date(2026, 11, 17)),
        at(by["2026-0016"], cw.items[5].id, cw, VILLAGE.url, posting=ON, published=dt.date(2026, 11, 17)),
        at(record("2026-0015", "农村最低生活保障评议公示", "CW-02", "2026-11-05", stage="一榜", posting=replace(OVER, start=dt.date(2026, 11, 5), end=dt.date(2026, 11, 13)),
                  figures=(Figure("", D(7), 0, "户"),), personal=True), cw.items[5].id, cw, VILLAGE.url),
        at(record("2026-0019", "村民代表会议关于机井维修筹资的决议", "CW-01", "2026-11-20", posting=SOON), cw.items[0].id, cw, VILLAGE.url),
        at(by["2026-0012"], cj.items[0].id, cj, VILLAGE.url,
           agreement=Agreement("agrees", "青禾镇", TOWN.url + "r/2026-0103/", dt.date(2026, 4, 21))),
        at(by["2026-0009"], dw.items[0].id, dw, VILLAGE.url),
    ]  # fmt: skip
    for n in range(extra):
        day = dt.date(2026, 10, 28) - dt.timedelta(11 * n)
        field = (cj, cw, dw)[n % 3]
        item = field.items[(n // 3) % 6].id
        over = {"figures": (Figure("收入", D(18000 + 137 * n), 2, "元"), Figure("支出", D(9000 + 61 * n), 2, "元"))} if field is cj else {}
        name = next(i.name for i in field.items if i.id == item)
        found.append(
            at(
                record(f"{day.year}-1{n:03d}", f"{day.year}年{day.month}月{name}", f"{field.id}-01", day.isoformat()),
                item,
                field,
                VILLAGE.url,
                **over,
            )
        )
    found.sort(key=lambda r: (r.published, r.id), reverse=True)
    for n, r in enumerate(found):
        if r.id == "2026-0016":
            found[n] = replace(
                r,
                period="2026年",
                figures=(Figure("", D(6), 0, "户"),),
                stages=(
                    StageView(
                        "一榜", (StagePart("大河村", f"{VILLAGE.url}r/2026-0015/", dt.date(2026, 11, 5), "7 户", False),), "7 户", ()
                    ),
                    StageView(
                        "二榜", (StagePart("青禾镇", r.url, r.published, "6 户", True),), "6 户", (ChangeView("", "本人书面撤回申请"),)
                    ),
                ),
                relations=(RelationView("解读", "低保政策问答", f"{TOWN.url}r/2026-0103/", "青禾镇", dt.date(2026, 3, 2)),),
            )
    records = tuple(found)
    body = base.contents["2026-0017"].body
    contents = {r.id: Content("现予公开，请监督。", None, (), ()) for r in records}
    contents["2026-0017"] = Content(
        body, subsidy_table(rows),
        (AttachmentView("2026年补贴标准说明", "biaozhun.pdf", 214_331, "application/pdf", "x/biaozhun.pdf"),), (),
    )  # fmt: skip
    contents["2026-0016"] = Content("经村民代表会议评议、镇人民政府审核，现将拟保障对象公示。", subsidy_table(6), (), ())
    contents["2026-0012"] = Content("一季度村级财务收支经村务监督委员会审核。", None, (), ())
    boards = (Board(id="main", place="村委会院内", slots=(Slot(id="A1", paper="A3", topic="村级财务"),)),)
    return replace(base, records=records, fields=fields_of(Level.VILLAGE, VILLAGE_FILES, records), contents=contents, boards=boards)


def community() -> UnitView:
    """A neighbourhood with nothing posted now."""
    base = village(8, 4)
    records = tuple(
        replace(r, posting=OVER if r.posting else None, agreement=None, scope="全体居民") for r in base.records if r.section != "党务"
    )
    unit = UnitLink("230170101202", "河东社区", Level.VILLAGE, f"{TOWN.url}hedong/")
    records = tuple(
        replace(r, url=f"{unit.url}r/{r.slug}/", code=r.code[::-1], code_url=r.code_url.replace(r.code, r.code[::-1])) for r in records
    )
    return replace(base, unit=unit, kind="社区", path="qinghe-zhen/hedong", intro=None, records=records,
                   fields=fields_of(Level.VILLAGE, VILLAGE_FILES, records))  # fmt: skip


def township(villages: int = 5) -> UnitView:
    """A township whose subsidy list is split over its villages."""
    base = township_view()
    snbt = field_file(VILLAGE_FILES[0])
    jz = field_file("fields/20-shehui-jiuzhu.yml")
    names = (
        "大河村",
        "小河村",
        "柳树村",
        "东岗村",
        "河东社区",
        "西岭村",
        "南沟村",
        "北甸子村",
        "向阳村",
        "永丰村",
        "兴隆村",
        "长山村",
        "红旗村",
    )
    slices = tuple(
        SliceView(n, VILLAGE.url + "r/abc/" if k != 3 else None,
                  (Figure("户数", D(18 + k), 0, "户"), Figure("面积", D("387.00") + 41 * k, 2, "亩"), Figure("金额", (D("387.00") + 41 * k) * 71, 2, "元")), k == 1)
        for k, n in enumerate(names[:villages])
    )  # fmt: skip
    by = {r.id: r for r in base.records}
    figures = tuple(
        Figure(f.label, sum((s.figures[n].value for s in slices), D(0)), f.decimals, f.unit) for n, f in enumerate(slices[0].figures)
    )
    records = (
        at(by["2026-0017"], snbt.items[0].id, snbt, TOWN.url, slices=slices, figures=figures, posting=ON, personal=True),
        at(by["2026-0016"], jz.items[2].id, jz, TOWN.url, posting=ON, web_rows=False, personal=True, document_number="青镇发〔2026〕8号"),
        at(by["2026-0012"], snbt.items[1].id, snbt, TOWN.url, figures=()),
    )
    children = tuple(
        ChildView(replace(VILLAGE, name=n, url=f"{TOWN.url}v{k}/" if k else VILLAGE.url), 40 + k, (ENDS[:2], (), ENDS[:1], ())[k % 4], dt.date(2026, 11, 18 - k), int(k == 2), 0)
        for k, n in enumerate(names[:villages])
    )  # fmt: skip
    rules = TextPage("rules", "rules-2", "政府信息公开保密审查制度", dt.date(2026, 1, 6), None, "公开前先审查。")
    contents = {
        r.id: Content("现予公示。", subsidy_table(126) if r.slices else subsidy_table(9) if not r.web_rows else None, (), ())
        for r in records
    }
    made = replace(
        base, records=records, children=children, pages=(*base.pages, rules), contents=contents,
        fields=fields_of(Level.TOWNSHIP, ("fields/20-shehui-jiuzhu.yml", "fields/23-shenong-butie.yml"), records),
    )  # fmt: skip
    return supervised(made)


def crowded() -> UnitView:
    """A township of which lists stand on pages of their own: many villages, many postings, many consultations that are over."""
    base = township(13)
    one = next(r for r in base.records if r.posting and not r.slices)
    hearing = HearingView("座谈会", dt.date(2026, 3, 2), dt.date(2026, 4, 2), "closed", ("到镇里说",), "")
    posted = tuple(
        replace(one, id=f"2026-{300 + n}", url=f"{TOWN.url}r/2026-{300 + n}/", code=propose(TOWN.code, f"posted {n}")) for n in range(12)
    )
    heard = tuple(
        replace(
            one,
            id=f"2026-{400 + n}",
            url=f"{TOWN.url}r/2026-{400 + n}/",
            code=propose(TOWN.code, f"heard {n}"),
            title=f"第{n + 1}号规划方案公开征求意见的公告",
            posting=None,
            dialogue=DialogueView(hearing=hearing),
        )
        for n in range(18)
    )
    added = (*posted, *heard)
    return replace(
        base, records=(*base.records, *added), contents={**base.contents, **{r.id: Content("现予公示。", None, (), ()) for r in added}}
    )


def supervised(view: UnitView, milestones: tuple[MilestoneView, ...] = ()) -> UnitView:
    """A government's view with figures of itself and of those below it."""
    phone = Supervision(name="纪检监察工作委员会", phone="0451-0000 1299")
    own = Standing(len(view.records), dt.date(2026, 11, 20), 95, 41, 40, 38)
    units = [SupervisedUnit(view.unit, phone, own, Standing(), 0)]
    for n, child in enumerate(view.children):
        part = Standing(child.records, child.latest, 115, 30 + n, 20, 20 - n % 3, 14, n % 2, child.differing)
        below = (
            Standing(child.children * 12, child.latest, child.children * 60, child.children * 21, 30, 29, 22, 1, 0)
            if child.children
            else Standing()
        )
        units.append(SupervisedUnit(child.unit, phone, part, below, child.children))
    fields = tuple(SupervisedField(f.name, (("县级", n % 5, 7), ("乡级", n % 3, 12), ("村级", n, 40))) for n, f in enumerate(view.fields))
    return replace(view, supervision_facts=SupervisionView(tuple(units), fields, milestones))


def county() -> UnitView:
    """A county with records in all 26 fields."""
    base = township_view()
    names = tuple(f"fields/{p.name}" for p in sorted((CATALOG / "fields").glob("*.yml")))
    records: list[RecordView] = []
    for n, name in enumerate(names):
        f = field_file(name)
        for k, item in enumerate([i for i in f.items if Level.COUNTY in i.levels][: 1 + n % 3]):
            day = dt.date(2026, 11, 20) - dt.timedelta(5 * n + 2 * k)
            r = record(f"2026-{n:02d}{k:02d}", f"青禾县{item.name}", "SNBT-01", day.isoformat(), attribute="主动公开", scope=None, issuer=f"青禾县{f.lead}",
                       index_number=f"11230170MB0000101X/202611-{n:05d}", on_board=False)  # fmt: skip
            records.append(at(r, item.id, f, COUNTY.url))
    records.append(at(record("2026-9900", "征收土地预公告（城东新区一期）", "SNBT-01", "2026-11-19", posting=ON, attribute="主动公开", scope=None, issuer="青禾县人民政府"),
                      "ZDBC-04", field_file("fields/07-zhengdi-buchang.yml"), COUNTY.url, figures=(Figure("土地补偿费和安置补助费", D("1916200.00"), 2, "元"),)))  # fmt: skip
    records.sort(key=lambda r: (r.published, r.id), reverse=True)
    towns = (
        ChildView(TOWN, 86, ENDS, dt.date(2026, 11, 18), 1, 5),
        ChildView(
            UnitLink("230170001000", "城关街道", Level.TOWNSHIP, COUNTY.url + "chengguan/"), 64, ENDS[:1], dt.date(2026, 11, 16), 0, 3
        ),
        ChildView(UnitLink("230170102000", "柳林乡", Level.TOWNSHIP, "https://liulin.example.cn/"), 58, (), dt.date(2026, 11, 10), 0, 2),
        ChildView(
            UnitLink("230170103000", "双泉镇", Level.TOWNSHIP, COUNTY.url + "shuangquan/"), 61, ENDS[:2], dt.date(2026, 11, 19), 0, 2
        ),
    )
    pages = (
        *(replace(p, title=p.title) for p in base.pages),
        TextPage(
            "report", "report-2024", "2024年政府信息公开工作年度报告", dt.date(2025, 1, 22), 2024, "## 一、总体情况\n\n主动公开信息。"
        ),
        TextPage("about", "about", "关于本站", dt.date(2026, 1, 5), None, "本站公开青禾县基层政务公开信息。"),
    )
    milestones = (
        MilestoneView("公布年度报告", dt.date(2026, 1, 31), dt.date(2026, 1, 28), "done"),
        MilestoneView("修订标准目录", dt.date(2026, 6, 30), dt.date(2026, 7, 3), "done_late"),
        MilestoneView("清理失效信息", dt.date(2026, 9, 30), None, "overdue"),
        MilestoneView("年度验收", dt.date(2026, 12, 20), None, "open"),
    )
    made = replace(
        base, unit=COUNTY, kind="县", ancestors=(), children=towns, path="", organs=("青禾县人民政府", "青禾县农业农村局"), intro="青禾县位于松嫩平原，辖4个乡镇街道。",
        contact=Contact(phone="0451-0000 0001", address="青禾县政务服务中心"), supervision=Supervision(name="县政务公开办公室", phone="0451-0000 0099", address="政务服务中心3楼", hours="周一至周五 8:30–17:00"),
        footer=Footer(host_organ="青禾县人民政府办公室", site_code="2301700000", icp="黑ICP备00000000号", police="黑公网安备 23017000000000号"),
        records=tuple(records), pages=pages, fields=fields_of(Level.COUNTY, names, tuple(records)), contents={r.id: Content("现予公开。", None, (), ()) for r in records},
    )  # fmt: skip
    return supervised(made, milestones)
