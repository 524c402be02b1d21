"""A hand-made view of a village, used where a test needs a view without files."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal as D

from sitegen.model.base import Level
from sitegen.model.catalog import Field
from sitegen.model.content_views import ColumnView, Content, Figure, TableView
from sitegen.model.record_views import Agreement, Link, PostingView, RecordView, SliceView
from sitegen.model.unit import Board, Contact, Footer, Slot, Supervision, UnitLink
from sitegen.model.views import ChildView, FieldView, ItemView, TextPage, UnitView

COUNTY = UnitLink("230170000000", "青禾县", Level.COUNTY, "https://gk.qinghe.example.cn/")
TOWN = UnitLink("230170101000", "青禾镇", Level.TOWNSHIP, "https://gk.qinghe.example.cn/qinghe-zhen/")
VILLAGE = UnitLink("230170101201", "大河村", Level.VILLAGE, "https://gk.qinghe.example.cn/qinghe-zhen/dahe/")

CONTACT = Contact(phone="0451-0000 1201", address="青禾镇大河村村委会", hours="周一至周五 8:30–17:00")
SUPERVISION = Supervision(name="村务监督委员会", phone="0451-0000 1299", address="村委会院内", hours="周一至周五 8:30–17:00")

ITEMS = {
    "SNBT": ("涉农补贴", "政务", "农业农村局"),
    "CJ": ("财务", "财务", "农业农村局"),
    "CW": ("村务", "村务", "民政局"),
    "DW": ("党务", "党务", "县委组织部"),
}


def field_view(id: str, seq: int, records: dict[str, tuple[str, ...]]) -> FieldView:
    name, section, lead = ITEMS[id]
    f = Field.model_validate(
        {
            "id": id, "name": name, "seq": seq, "section": section, "lead": lead,
            "summary": f"{name}的政策、标准、名单和结果。",
            "items": [
                {
                    "id": f"{id}-{n:02d}", "group": ("结果公开", "政策公开")[n % 2], "name": f"{name}公开事项{n}",
                    "elements": ["政策依据", "申请指南：包括补贴对象、补贴范围、补贴标准、申请程序、申请材料、咨询电话", f"结果{n}", "监督渠道"],
                    "basis": ["zfxxgktl"], "deadline": "自信息形成或者变更之日起20个工作日内",
                    "subject": {"county": lead, "township": "乡镇人民政府", "village": "村民委员会"},
                    "channels": ["政府网站", "社区/企事业单位/村公示栏(电子屏)"], "levels": ["county", "township", "village"],
                }
                for n in range(1, 5)
            ],
        }
    )  # fmt: skip
    items = tuple(ItemView(i, ("《中华人民共和国政府信息公开条例》（国务院令第711号）",), records.get(i.id, ())) for i in f.items)
    return FieldView(f.id, f.name, None, f.section, f.seq, f.lead, f.summary, items)


def record(id: str, title: str, item: str, published: str, rev: int = 1, **over: object) -> RecordView:
    field = item.split("-")[0]
    name, section, _ = ITEMS[field]
    code = f"7K3M9X{id[-4:]}"
    values: dict[str, object] = dict(
        id=id, code=code, rev=rev, why_revised="更正第3行面积" if rev > 1 else None, title=title, item=item, item_name=f"{name}公开事项{int(item[-2:])}",
        field=field, field_name=name, section=section, issuer="大河村村民委员会", index_number=None, document_number=None,
        formed=dt.date.fromisoformat(published), published=dt.date.fromisoformat(published), period="2026年", stage=None, attribute=None, scope="全体村民",
        validity="有效", abolished=None, posting=None, figures=(), summary=None, personal=False, web_rows=True, on_board=True, agreement=None,
        source=None, source_unit=None, slices=(), content_digest="x", url=f"{VILLAGE.url}r/{id.lower()}/", code_url=f"HTTPS://GK.QINGHE.EXAMPLE.CN/Q/{code}-{rev}",
        q_path="Q", q_host="gk.qinghe.example.cn", elements=("政策依据", "补贴结果"), supervision=SUPERVISION, contact=CONTACT,
    )  # fmt: skip
    return RecordView(**{**values, **over})  # type: ignore[arg-type]


def subsidy_table(rows: int = 18) -> TableView:
    columns = (
        ColumnView("group", "村民小组", None, "left", None, False),
        ColumnView("name", "承包方代表", None, "left", None, False),
        ColumnView("area_mu", "面积", "亩", "right", 2, True),
        ColumnView("rate", "标准", "元/亩", "right", 2, False),
        ColumnView("amount", "金额", "元", "right", 2, True),
    )
    body, area, amount = [], D(0), D(0)
    for n in range(rows):
        a = D("13.50") + n
        area, amount = area + a, amount + a * 71
        body.append((f"第{n % 4 + 1}组", f"张*{'三四五六'[n % 4]}", f"{a:,.2f}", "71.00", f"{a * 71:,.2f}"))
    return TableView(columns, tuple(body), ("", "", f"{area:,.2f}", "", f"{amount:,.2f}"), "户")


def village_view(rows: int = 18) -> UnitView:
    table = subsidy_table(rows)
    figures = (Figure("户数", D(rows), 0, "户"), Figure("面积", D("387.00"), 2, "亩"), Figure("金额", D("27477.00"), 2, "元"))
    posted = PostingView(dt.date(2026, 5, 8), dt.date(2026, 5, 17), "on", 10, False, False)
    over = PostingView(dt.date(2026, 4, 20), dt.date(2026, 4, 30), "over", 10, False, False)
    records = (
        record("2026-0017", "2026年耕地地力保护补贴发放公示", "SNBT-03", "2026-05-08", posting=posted, figures=figures, personal=True,
               agreement=Agreement("derived", "青禾镇", TOWN.url + "r/2026-0101/", dt.date(2026, 5, 8)),
               source=Link("2026年耕地地力保护补贴发放公示", TOWN.url + "r/2026-0101/"), source_unit="青禾镇"),
        record("2026-0016", "农村最低生活保障审核公示", "CW-02", "2026-05-06", rev=2, stage="二榜", posting=posted, web_rows=False, personal=True,
               summary="一榜7户，二榜6户，1户退出并说明原因。",
               agreement=Agreement("differs", "青禾镇", TOWN.url + "r/2026-0102/", dt.date(2026, 5, 6), "少1户")),
        record("2026-0012", "一季度村级财务收支情况", "CJ-01", "2026-04-20", posting=over, period="2026年第一季度",
               figures=(Figure("收入", D("86200.00"), 2, "元"), Figure("支出", D("41375.50"), 2, "元"))),
        record("2026-0009", "党员大会决议", "DW-01", "2026-03-02", validity="有效"),
    )  # fmt: skip
    by_item: dict[str, dict[str, tuple[str, ...]]] = {}
    for r in records:
        by_item.setdefault(r.field, {})[r.item] = (r.id,)
    body = "根据国家有关规定，现将本村**2026年耕地地力保护补贴**发放情况予以公示。如有异议，请在公示期内向村务监督委员会或镇人民政府反映。\n\n## 补贴标准\n\n1. 每亩 71 元；\n2. 按确权面积计算。\n\n| 项目 | 数量 |\n|---|--:|\n| 户数 | 18 |\n"
    contents = {r.id: Content(body if n == 0 else "现予公开。", table if n == 0 else None, (), ()) for n, r in enumerate(records)}
    return UnitView(
        unit=VILLAGE, kind="村", region="青禾县", ancestors=(COUNTY, TOWN), children=(), intro="大河村位于青禾镇东部，4个村民小组。",
        organs=("大河村村民委员会", "大河村股份经济合作社"), contact=CONTACT, supervision=SUPERVISION,
        boards=(Board(id="main", place="村委会院内", slots=(Slot(id="A1", paper="A3", topic="村级财务"),)),), footer=Footer(),
        host="gk.qinghe.example.cn", path="qinghe-zhen/dahe", page_size=50, q_places=(("gk.qinghe.example.cn", "Q"),), records=records,
        fields=tuple(field_view(k, n, by_item.get(k, {})) for n, k in enumerate(ITEMS, 1)), pages=(), next_change=dt.date(2026, 5, 18), contents=contents,
    )  # fmt: skip


def township_view() -> UnitView:
    v = village_view()
    slices = (SliceView("大河村", VILLAGE.url + "r/abc/", (Figure("户数", D(18), 0, "户"), Figure("金额", D("27477.00"), 2, "元")), False),
              SliceView("小河村", None, (Figure("户数", D(9), 0, "户"), Figure("金额", D("9000.00"), 2, "元")), True))  # fmt: skip
    records = tuple(
        record(r.id, r.title, r.item, r.published.isoformat(), posting=r.posting, figures=r.figures, attribute="主动公开", scope=None, issuer="青禾镇人民政府",
               index_number=f"11230170MB0000101X/202605-{n:05d}", document_number="青镇发〔2026〕8号" if n == 1 else None, url=f"{TOWN.url}r/{r.id}/", slices=slices if n == 0 else ())
        for n, r in enumerate(v.records)
    )  # fmt: skip
    pages = (
        TextPage("guide", "guide", "政府信息公开指南", dt.date(2026, 1, 5), None, "为方便公民、法人和其他组织获取政府信息，编制本指南。\n\n## 公开范围\n\n本机关主动公开下列信息。"),
        TextPage("rules", "rules-1", "政府信息公开审查制度", dt.date(2026, 1, 5), None, "先审查、后公开。"),
        TextPage("report", "report-2025", "2025年政府信息公开工作年度报告", dt.date(2026, 1, 20), 2025, "## 一、总体情况\n\n主动公开信息。"),
        TextPage("apply", "apply", "依申请公开", dt.date(2026, 1, 5), None, "申请方式。"),
    )  # fmt: skip
    children = (ChildView(VILLAGE, 4, (dt.date(2026, 5, 17), dt.date(2026, 5, 17)), dt.date(2026, 5, 8), 1, 0),)
    fields = tuple(f for f in v.fields if f.section == "政务")
    return UnitView(
        unit=TOWN, kind="镇", region="青禾县", ancestors=(COUNTY,), children=children, intro=None, organs=("青禾镇人民政府",), contact=v.contact, supervision=Supervision(name="镇纪委", phone="0451-0000 1099"),
        boards=(), footer=Footer(host_organ="青禾镇人民政府", site_code="2301700001"), host=v.host, path="qinghe-zhen", page_size=50, q_places=(("gk.qinghe.example.cn", "Q"),), records=records, fields=fields, pages=pages,
        next_change=v.next_change, contents=v.contents,
    )  # fmt: skip
