"""Prints of a unit besides its sheets: poster, official catalogue table, cards of services, handbook."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import msgspec
import numpy as np
import pypdfium2
import pytest
import zxingcpp

from sitegen.model.service_views import (
    BundleMatterView,
    BundleView,
    ComplaintView,
    GuideView,
    HallView,
    MaterialView,
    ServicesView,
    StepView,
)
from sitegen.model.views import UnitView
from sitegen.sheet import Format, Job, Made, print_unit
from tests.sample_view import village_view
from tests.sheet.test_sheet import NASTY, ROOT, names, text

COMPLAINT = ComplaintView("村务监督委员会", "0451-0000 1299", None, None)
HALL = HallView("大河村便民服务站", "村委会一楼", "周一至周五 8:30–17:00", "0451-0000 1201")


def guide(slug: str, name: str, life: tuple[str, ...], groups: tuple[str, ...] = ()) -> GuideView:
    return GuideView(
        slug=slug, url=f"https://gk.qinghe.example.cn/qinghe-zhen/dahe/services/{slug}/", name=name, kind="公共服务", organ="大河村村民委员会", audience=("个人",),
        groups=groups, life=life, summary=f"{name}，当场办好。", conditions=("本村村民",), materials=(MaterialView("户口簿", "原件", 1, None, None, None, NASTY, None, None),),
        places=(HALL,), legal=None, promised="当场办结", excludes=None, fees=(), steps=(StepView("受理", "代办员", "查看材料", None),), result="证明", ways=("当场领取",),
        basis=("《中华人民共和国村民委员会组织法》",), online=None, handling="帮办代办", agent=None, tell=("带好户口簿",), faq=(), phone="0451-0000 1201", supervision=COMPLAINT,
        remedy=None, item=None, updated=dt.date(2026, 5, 1), keywords=(), body="", above=None,
    )  # fmt: skip


def with_services() -> UnitView:
    guides = (
        guide("gaoling", "高龄津贴申请", ("养老",), ("老年人",)),
        guide("hukou", "出生登记", ("出生", "户口证件"), ("儿童和家长",)),
        guide("zhengming", "居住证明", ()),
    )
    bundle = BundleView(
        slug="chusheng", url=f"{guides[0].url}b/", name="新生儿一件事", audience=("个人",), groups=(), life=("出生",), summary="一次办完。",
        matters=(BundleMatterView("出生登记", "", "大河村村民委员会", guides[1].url, None, None, False, None, 1),), materials=(), places=(HALL,), promised=None,
        excludes=None, result=None, ways=(), online=None, tell=(), faq=(), phone="0451-0000 1201", supervision=COMPLAINT, updated=dt.date(2026, 5, 1), keywords=(),
        body="", before=(6, 3), after=(2, 1),
    )  # fmt: skip
    return msgspec.structs.replace(village_view(), services=ServicesView(halls=(HALL,), guides=guides, bundles=(bundle,)))


def printed(view: UnitView, folder: Path, extra: str, **form: object) -> list[Made]:
    return print_unit(view, Job(Format(**form), extra=extra), folder, ROOT)  # type: ignore[arg-type]


def codes(page: pypdfium2.PdfPage, dpi: int = 110) -> list[str]:
    return [c.text for c in zxingcpp.read_barcodes(np.array(page.render(scale=dpi / 72).to_pil().convert("L")))]


@pytest.mark.parametrize("paper", ["A4", "A3", "8K"])
@pytest.mark.parametrize("lying", [False, True])
def test_a_poster_for_the_unit_and_each_board(tmp_path: Path, paper: str, lying: bool) -> None:
    view = village_view()
    made = printed(view, tmp_path, "poster", paper=paper, landscape=lying)
    assert names(tmp_path) == ["poster-main.pdf", "poster.pdf"]
    assert [m.pages for m in made] == [1, 1]
    page = pypdfium2.PdfDocument((tmp_path / "poster-main.pdf").read_bytes())[0]
    assert codes(page, 60) == [view.unit.url]
    assert (page.get_width() > page.get_height()) is lying
    for part in ("大河村", "村务公开栏", "村委会院内", "0451-00001299", "gk.qinghe.example.cn/qinghe-zhen/dahe"):
        assert part in text(page)


def test_the_catalogue_is_the_official_table(tmp_path: Path) -> None:
    view = village_view()
    printed(view, tmp_path, "catalogue")
    document = pypdfium2.PdfDocument((tmp_path / "catalogue.pdf").read_bytes())
    assert len(document) >= len(view.fields)
    assert len(list(document.get_toc())) == len(view.fields)
    for page in document:
        assert (round(page.get_width()), round(page.get_height())) == (1191, 842)
        for part in (
            "序号",
            "公开事项",
            "公开内容（要素）",
            "公开依据",
            "公开时限",
            "公开主体",
            "公开渠道和载体",
            "公开对象",
            "公开方式",
            "公开层级",
            "二级事项",
        ):
            assert part in text(page)
    body = "".join(text(p) for p in document)
    for field in view.fields:
        for item in field.items:
            assert "".join(item.item.name.split()) in body
    items = sum(len(f.items) for f in view.fields)
    assert body.count("■政府网站") == items
    assert body.count("□政府公报") == items
    assert codes(document[0]) == [f"{view.unit.url}catalog/{_first(view)}/"]


def _first(view: UnitView) -> str:
    return next(f.id for f in view.fields if f.section != "政务").lower()


def test_every_guide_has_a_card(tmp_path: Path) -> None:
    view = with_services()
    made = printed(view, tmp_path, "guides", paper="A4")
    assert names(tmp_path) == ["guide-gaoling.pdf", "guide-hukou.pdf", "guide-zhengming.pdf", "guides.pdf"]
    page = pypdfium2.PdfDocument((tmp_path / "guide-gaoling.pdf").read_bytes())[0]
    assert codes(page) == [view.services.guides[0].url]
    shown = text(page).replace("-", "")
    for part in ("高龄津贴申请", "带什么", "户口簿", "alert(1)", "谁能办", "本村村民", "不收费", "当场办结", "到哪办", "村委会一楼"):
        assert part in shown
    assert not any(m.fresh for m in printed(view, tmp_path, "guides", paper="A4"))
    assert len(made) == 3
    fewer = msgspec.structs.replace(view, services=msgspec.structs.replace(view.services, guides=view.services.guides[:1]))
    printed(fewer, tmp_path, "guides", paper="A4")
    assert names(tmp_path) == ["guide-gaoling.pdf", "guides.pdf"]


def test_the_handbook_binds_them(tmp_path: Path) -> None:
    view = with_services()
    (made,) = printed(view, tmp_path, "handbook")
    document = pypdfium2.PdfDocument((tmp_path / "handbook.pdf").read_bytes())
    assert len(document) == made.pages
    pages = [text(p) for p in document]
    assert "办事一本通" in pages[0]
    marks = [(b.level, b.get_title(), b.get_dest().get_index()) for b in document.get_toc()]
    assert ["".join(m[1].split()) for m in marks if m[0] == 0] == ["出生", "养老", "其他", "一件事一次办", "到哪里办", "索引"]
    places = {title: page for level, title, page in marks if level == 1}
    # Contents and index give the page that the matter is on, counted from the first matter.
    first = min(places.values())
    for g in view.services.guides:
        page = places[g.name]
        assert g.name in pages[page]
        assert g.url in codes(document[page])
        assert f"—{page - first + 1}—" in pages[page]
        listed = [p for n, p in enumerate(pages) if n not in places.values() and g.name in p]
        assert len(listed) >= (2 if g.life else 1)
        assert all(f"{page - first + 1}" in p.split(g.name)[1][:160] for p in listed if "目录" in p[:8])
    assert "户口证件出生登记" in pages[-1].replace(".", "")
    assert "材料从6份减到2份，跑动从3次减到1次" in "".join(pages)


def test_what_a_unit_has_nothing_for_is_not_made(tmp_path: Path) -> None:
    assert printed(village_view(), tmp_path, "handbook") == []
    assert printed(msgspec.structs.replace(village_view(), fields=()), tmp_path, "catalogue") == []
    assert not tmp_path.exists() or names(tmp_path) == []


def test_sheets_and_the_rest_leave_each_other_alone(tmp_path: Path) -> None:
    view = with_services()
    print_unit(view, Job(Format("A4")), tmp_path, ROOT)
    for extra in ("poster", "handbook"):
        printed(view, tmp_path, extra)
    before = {n: (tmp_path / n).read_bytes() for n in names(tmp_path)}
    assert len(before) == 5 + 2 + 1
    print_unit(msgspec.structs.replace(view, records=view.records[:1]), Job(Format("A4")), tmp_path, ROOT)
    assert names(tmp_path) == ["2026-0017.pdf", "all.pdf", "handbook.pdf", "poster-main.pdf", "poster.pdf"]
    again = printed(msgspec.structs.replace(view, boards=()), tmp_path, "poster")
    assert [m.path.name for m in again] == ["poster.pdf"]
    assert names(tmp_path) == ["2026-0017.pdf", "all.pdf", "handbook.pdf", "poster.pdf"]


def test_the_same_unit_has_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        for extra in ("poster", "catalogue", "guides", "handbook"):
            printed(with_services(), tmp_path / name, extra)
    for n in names(tmp_path / "one"):
        assert (tmp_path / "one" / n).read_bytes() == (tmp_path / "two" / n).read_bytes()
