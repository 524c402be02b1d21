"""Service guides and bundles: written once at the county, taken over below, checked at their lines, kept when they break."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from sitegen.check import load_and_check
from sitegen.holding import blocks, quarantine
from sitegen.model.service_views import ServicesView
from sitegen.model.views import UnitView
from sitegen.view import plan
from tests.demo import DAY

COUNTY, TOWN, VILLAGE = "230198000000", "230198101000", "230198101201"
HALLS = """
halls:
  - {id: dating, name: 县政务服务中心, address: 县城文昌路3号, hours: 周一至周五 8:30–17:00, phone: 0451-0000 0300}
  - {id: hz, name: 县户政大厅, address: 县城新华街12号, hours: 周一至周日 8:30–17:00, phone: 0451-0000 0310}
complaints: [{name: 投诉窗口, phone: 0451-0000 0399}]
platform: {name: 政务服务网, url: "https://zwfw.example.cn/"}
"""
GUIDE = """---
name: 高龄津贴
kind: 行政给付
organ: zf
audience: [个人]
groups: [老年人]
life: [养老]
conditions: [年满80周岁, 本县户口]
materials:
  - {name: 居民身份证, form: 原件（验后退回）}
  - {name: 申请表, form: 原件, copies: 2, blank: files/biao.pdf}
legal: 无
promised: 10
fees: 不收费
steps: [{name: 申请, takes: 0}, {name: 审核, who: 乡镇, takes: 5}]
result: {name: 按月发放, ways: [打入社会保障卡]}
basis: [gongkai-tiaoli]
online: {degree: 网上申报, visits: 1}
updated: 2026-09-01
---
每年8月核对一次。
"""
SECOND = (
    GUIDE.replace("高龄津贴", "社会保障卡申领")
    .replace("copies: 2, blank: files/biao.pdf", "copies: 1")
    .replace("promised: 10", "promised: 0")
)
BUNDLE = """---
name: 老年人待遇一件事
matters: [gaoling, {guide: shebaoka, why: 津贴打在卡里, along: true}]
audience: [个人]
life: [养老]
promised: 10
visits: 1
updated: 2026-09-02
---
"""
Files = dict[str, str]


def county(root: Path, files: Files | None = None) -> Path:
    """A region whose county has two guides and a bundle; ``files`` are laid over it."""
    base: Files = {
        "content/county/services.yml": HALLS,
        "content/county/services/gaoling.md": GUIDE,
        "content/county/services/shebaoka.md": SECOND,
        "content/county/services/laoren.md": BUNDLE,
        "content/county/services/files/biao.pdf": "%PDF-1.4\n%%EOF\n",
        "content/townships/heping/services/gaoling.md": "---\nlike: gaoling\nhandling: 受理上报\n---\n每周三下村受理。\n",
        "villages/heping/dongjie/services/gaoling.md": "---\nlike: gaoling\nhandling: 帮办代办\nagent: 村代办员（值班）0451-0000 0001\n---\n",
    }
    for name, text in (base | (files or {})).items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def found(root: Path) -> list[str]:
    checked = load_and_check(root, DAY, cache=False)
    return [f"{f.file}:{f.line}: {f.code} {f.message('en')}" for f in checked.findings if f.code not in ("SG812",)]


def services(root: Path, previous: dict[str, UnitView] | None = None) -> dict[str, ServicesView]:
    return {code: v.services for code, v in views(root, previous).items()}


def views(root: Path, previous: dict[str, UnitView] | None = None) -> dict[str, UnitView]:
    checked = load_and_check(root, DAY, cache=False)
    held, _ = quarantine(checked.region, checked.matters, checked.findings)
    return dict(plan(checked.region, checked.matters, DAY, held, previous or {}).views)


@pytest.fixture
def sound(region: Callable[..., Path]) -> Path:
    return county(region())


def test_a_county_s_guide_has_all_its_elements(sound: Path) -> None:
    assert found(sound) == []
    guide, card = services(sound)[COUNTY].guides
    assert (guide.name, guide.organ, guide.legal, guide.promised, guide.free) == ("高龄津贴", "测试县人民政府", None, "10个工作日", True)
    assert card.promised == "当场办结"
    assert guide.basis == ("《政府信息公开条例》",)
    assert [m.form_text for m in guide.materials] == ["原件（验后退回）1份", "原件2份"]
    blank = guide.materials[1].blank
    assert blank is not None
    assert blank.url == "https://ce.example.cn/services/gaoling/files/biao.pdf"
    assert guide.online is not None
    assert guide.online.url == "https://zwfw.example.cn/"
    assert (guide.places[0].name, guide.phone, guide.supervision.name) == ("县政务服务中心", "0451-0000 0300", "投诉窗口")


def test_a_township_takes_a_guide_over_with_its_own_place_and_telephone(sound: Path) -> None:
    guide = services(sound)[TOWN].guides[0]
    assert (guide.name, guide.conditions[0], guide.organ) == ("高龄津贴", "年满80周岁", "测试县人民政府")
    assert guide.places[0].name == "和平镇"
    assert guide.phone == guide.places[0].phone != "0451-0000 0300"
    assert guide.body == "每年8月核对一次。\n\n每周三下村受理。"
    assert guide.above == ("测试县", "https://ce.example.cn/services/gaoling/")
    assert guide.materials[1].blank is not None
    assert guide.materials[1].blank.url.startswith("https://ce.example.cn/services/gaoling/")


def test_a_village_takes_over_what_the_township_took_over(sound: Path) -> None:
    guide = services(sound)[VILLAGE].guides[0]
    assert (guide.handling, guide.agent) == ("帮办代办", "村代办员（值班）0451-0000 0001")
    assert guide.above == ("和平镇", guide.above[1]) if guide.above else False
    assert guide.promised == "10个工作日"
    assert guide.body == "每年8月核对一次。\n\n每周三下村受理。"


def test_what_a_township_says_itself_stands_in_place_of_the_county_s(region: Callable[..., Path]) -> None:
    own = "---\nlike: gaoling\npromised: 3\nmaterials: [{name: 居民身份证}]\nplaces: [zx]\nupdated: 2026-10-01\n---\n"
    halls = "halls: [{id: zx, name: 镇便民服务中心, address: 镇政府街18号, hours: 周一至周五, phone: 0451-0000 0500}]\n"
    root = county(region(), {"content/townships/heping/services/gaoling.md": own, "content/townships/heping/services.yml": halls})
    guide = services(root)[TOWN].guides[0]
    assert (guide.promised, len(guide.materials), guide.places[0].name) == ("3个工作日", 1, "镇便民服务中心")
    assert guide.updated.isoformat() == "2026-10-01"


def test_a_bundle_asks_for_everything_once(sound: Path) -> None:
    (bundle,) = services(sound)[COUNTY].bundles
    assert [m.name for m in bundle.matters] == ["高龄津贴", "社会保障卡申领"]
    assert bundle.matters[1].along
    assert [(m.name, m.copies, m.matters) for m in bundle.materials] == [("居民身份证", 1, (1, 2)), ("申请表", 2, (1, 2))]
    assert (bundle.before, bundle.after) == ((4, 2), (2, 1))


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"villages/heping/dongjie/services/gaoling.md": "---\nlike: gaolin\n---\n"},
         ["villages/heping/dongjie/services/gaoling.md:2: SG451 no unit above has a service guide «gaolin» that could be taken over"]),
        ({"content/county/services/gaoling.md": GUIDE.replace("fees: 不收费\n", "").replace("basis: [gongkai-tiaoli]\n", "")},
         ["content/county/services/gaoling.md:2: SG452 the service guide lacks: 收费 (fees)、办理依据 (basis)"]),
        ({"content/county/services/gaoling.md": GUIDE.replace("legal: 无", "legal: 5")},
         ["content/county/services/gaoling.md:13: SG453 the promised time (10个工作日) is longer than the legal one (5个工作日)"]),
        ({"content/county/services/gaoling.md": GUIDE.replace("{name: 居民身份证, form", "{name: 其他需要提供的材料, form")},
         ["content/county/services/gaoling.md:9: SG454 material 1 is vague: «其他需要提供的材料»"]),
        ({"content/county/services/laoren.md": BUNDLE.replace("guide: shebaoka", "guide: shebao")},
         ["content/county/services/laoren.md:3: SG455 the bundle names a service guide «shebao» that neither this unit nor one above has"]),
        ({"content/county/services/gaoling.md": GUIDE.replace("degree: 网上申报", "degree: 全程网办")},
         ["content/county/services/gaoling.md:18: SG456 «全程网办» and the rest of «online» do not fit: one has to come all the same"]),
        ({"content/county/services/gaoling.md": GUIDE.replace("organ: zf", "organ: zf\nplaces: [dt]")},
         ["content/county/services/gaoling.md:5: SG457 services.yml has no hall «dt»"]),
        ({"content/county/services/laoren.md": BUNDLE.replace("promised: 10", "materials: [{name: 居民身份证}]\npromised: 10")},
         ["content/county/services/laoren.md:6: SG458 the bundle's set of materials lacks what «社会保障卡申领» asks for: 申请表",
          "content/county/services/laoren.md:6: SG458 the bundle's set of materials lacks what «高龄津贴» asks for: 申请表"]),
        ({"content/county/services/高龄.md": GUIDE}, ["content/county/services/高龄.md:1: SG459 the file's name «高龄.md» cannot be an address"]),
        ({"content/county/services/gaoling.md": GUIDE.replace("basis: [gongkai-tiaoli]", "basis: [gongkai]")},
         ["content/county/services/gaoling.md:17: SG460 there is no law «gongkai» in laws.yml"]),
        ({"content/county/services/gaoling.md": GUIDE.replace("organ: zf", "organ: mzj")},
         ["content/county/services/gaoling.md:4: SG303 the unit has no organ «mzj»"]),
        ({"content/county/services/gaoling.md": GUIDE.replace("promised: 10", "promise: 10")},
         ["content/county/services/gaoling.md:13: SG103 unknown key «promise»"]),
        ({"content/county/services/gaoling.md": GUIDE.replace("files/biao.pdf", "files/biao.docx")},
         ["content/county/services/gaoling.md:11: SG307 the file «files/biao.docx» does not exist"]),
        ({"content/county/services.yml": HALLS.replace("id: hz", "id: dating")},
         ["content/county/services.yml:2: SG105 «halls»: two halls have the same id"]),
        ({"content/county/services/gaoling.md": GUIDE.replace("每年8月核对一次。", "请联系张三，身份证 230103198001011239。")},
         ["SG801"]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_at_its_line(region: Callable[..., Path], files: Files, expected: list[str]) -> None:
    got = found(county(region(), files))
    assert len(got) == len(expected), got
    assert all(e in g for e, g in zip(expected, got, strict=True)), got


def test_a_broken_guide_holds_back_itself_and_keeps_its_last_version(sound: Path) -> None:
    before = views(sound)
    county(sound, {"content/county/services/gaoling.md": GUIDE.replace("promised: 10", "promised: 十天")})
    checked = load_and_check(sound, DAY, cache=False)
    assert [f.code for f in checked.findings] == ["SG105"], "what takes it over or bundles it is not complained of as well"
    assert not any(blocks(f) for f in checked.findings)
    now = services(sound, before)
    assert [g.promised for g in now[COUNTY].guides] == ["当场办结", "10个工作日"]
    assert [g.name for g in now[TOWN].guides] == ["高龄津贴"]
    assert [b.name for b in now[COUNTY].bundles] == ["老年人待遇一件事"]
    assert [g.name for g in services(sound)[TOWN].guides] == [], "without an earlier version nothing is said"


def test_a_printed_handbook_is_offered_while_it_is_as_new_as_the_guides(sound: Path) -> None:
    assert services(sound)[COUNTY].files == ()
    book = sound / "print-out" / f"{COUNTY}-测试县" / "handbook.pdf"
    book.parent.mkdir(parents=True)
    book.write_bytes(b"%PDF-1.4\n%%EOF\n")
    newest = max(p.stat().st_mtime for p in (sound / "content/county").rglob("*") if p.is_file())
    os.utime(book, (newest + 5, newest + 5))
    (file,) = services(sound)[COUNTY].files
    assert (file.title, file.href, file.source) == ("办事一本通", "handbook.pdf", f"print-out/{COUNTY}-测试县/handbook.pdf")
    os.utime(book, (newest - 5, newest - 5))
    assert services(sound)[COUNTY].files == ()
