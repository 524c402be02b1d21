"""The standard catalogue keeps what the notice and its readers ask of it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from sitegen.load.catalog import NUMBER, load_catalog
from sitegen.model.base import Level
from sitegen.model.finding import Finding
from sitegen.model.region import Catalog

ROOT = Path(__file__).parent.parent
FIELDS = [
    "国土空间规划",
    "重大建设项目",
    "公共资源交易",
    "财政预决算",
    "安全生产",
    "税收管理",
    "征地补偿",
    "国有土地上房屋征收",
    "保障性住房",
    "农村危房改造",
    "环境保护",
    "公共文化服务",
    "公共法律服务",
    "扶贫",
    "救灾",
    "食品药品监管",
    "城市综合执法",
    "就业创业",
    "社会保险",
    "社会救助",
    "养老服务",
    "户籍管理",
    "涉农补贴",
    "义务教育",
    "医疗卫生",
    "市政服务",
]
AT_LEAST_12 = {
    "社会救助",
    "涉农补贴",
    "财政预决算",
    "义务教育",
    "养老服务",
    "征地补偿",
    "农村危房改造",
    "就业创业",
    "公共法律服务",
    "户籍管理",
}
TABLES = {
    "gengdi-butie",
    "dibao",
    "tekun",
    "linshi-jiuzhu",
    "weifang",
    "zhengdi-buchang",
    "cunji-shouzhi",
    "zichan-ziyuan",
    "zhaiquan-zhaiwu",
    "gongyi-gangwei",
    "canjiren-butie",
    "gaoling-jintie",
    "jiuzai-kuanwu",
    "xiangmu-zijin",
    "yishi-yiyi",
}
DEFAULT = "自信息形成或者变更之日起20个工作日内"


@pytest.fixture(scope="module")
def loaded() -> tuple[Catalog, list[Finding]]:
    findings: list[Finding] = []
    return load_catalog(ROOT, findings), findings


@pytest.fixture(scope="module")
def catalog(loaded: tuple[Catalog, list[Finding]]) -> Catalog:
    return loaded[0]


def test_it_has_no_findings(loaded: tuple[Catalog, list[Finding]]) -> None:
    assert [f"{f.file}:{f.line} {f.code} {f.message('en')}" for f in loaded[1]] == []


def test_all_26_fields_of_the_notice_in_its_order(catalog: Catalog) -> None:
    assert [f.name for f in catalog.fields if f.section == "政务"] == FIELDS


def test_every_field_has_its_items(catalog: Catalog) -> None:
    for field in catalog.fields:
        if field.section == "政务":
            assert len(field.items) >= (12 if field.name in AT_LEAST_12 else 10), field.name
    assert sum(len(f.items) for f in catalog.fields if f.section != "政务") >= 60
    assert {f.section for f in catalog.fields} == {"政务", "党务", "村务", "财务"}
    assert len(catalog.items) >= 350


def test_renamed_fields_name_their_successor(catalog: Catalog) -> None:
    successors = {f.name: f.successor for f in catalog.fields if f.successor}
    assert "扶贫" in successors


def test_no_two_items_of_a_field_share_their_elements(catalog: Catalog) -> None:
    for field in catalog.fields:
        twice = [e for e, n in Counter(i.elements for i in field.items).items() if n > 1]
        assert not twice, field.name


def test_the_20_day_default_is_not_the_easy_way_out(catalog: Catalog) -> None:
    count = sum(1 for i in catalog.items.values() if i.deadline.written == DEFAULT)
    assert count <= 0.4 * len(catalog.items)


def test_document_numbers_stand_in_laws_yml_alone() -> None:
    for path in sorted((ROOT / "content" / "catalog").rglob("*.yml")):
        if path.name != "laws.yml":
            found = NUMBER.search(path.read_text(encoding="utf-8"))
            assert found is None, f"{path.relative_to(ROOT)}: {found and found[0]}"


def test_every_law_is_cited_or_kept_for_a_reason(catalog: Catalog) -> None:
    names = Counter(law.name for law in catalog.laws.values())
    assert not [name for name, n in names.items() if n > 1]


def test_the_item_types_with_tables(catalog: Catalog) -> None:
    used = {i.table for i in catalog.items.values() if i.table}
    assert used >= TABLES
    for schema in catalog.tables.values():
        for column in schema.fields:
            assert not any(word in column.title for word in ("身份证", "银行", "账号", "收入情况", "病情", "致贫原因")), (
                schema.id,
                column.title,
            )


def test_groups_stand_on_both_sides(catalog: Catalog) -> None:
    sides: dict[str, set[str]] = {}
    for item in catalog.items.values():
        if item.counterpart:
            side = "village" if catalog.field_of[item.id].section != "政务" else "government"
            sides.setdefault(item.counterpart.group, set()).add(side)
    assert {g for g, s in sides.items() if len(s) < 2} == set()


def test_every_item_has_a_publisher_for_each_of_its_levels(catalog: Catalog) -> None:
    for item in catalog.items.values():
        for level in Level:
            assert (getattr(item.subject, level.value) is not None) == (level in item.levels), item.id


def test_the_negative_list_names_its_provisions(catalog: Catalog) -> None:
    assert len(catalog.exclusions) >= 10
    for exclusion in catalog.exclusions:
        for ref in exclusion.basis:
            assert ref.law in catalog.laws
