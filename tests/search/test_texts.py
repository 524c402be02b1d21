"""What can be found: everything a page says, as people type it, and nothing that the web may not show."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from sitegen.model.content_views import Content, TableView
from sitegen.model.record_views import RecordView
from sitegen.model.views import UnitView
from sitegen.search.texts import Text, fold, read_texts, write_texts
from sitegen.site.pages import pages
from tests.site import samples


def texts(view: UnitView, folder: Path) -> dict[str, Text]:
    """A unit's texts by path."""
    write_texts(view, pages(view), folder / "texts")
    return {t.path: t for _, t in read_texts(folder / "texts")}


def with_record(content: Content | None = None, **changes: Any) -> tuple[UnitView, RecordView]:
    """The sample village with its first record that has rows changed."""
    view = samples.village()
    record = next(r for r in view.records if view.contents.get(r.id) and view.contents[r.id].table)
    changed = replace(record, **changes)
    records = tuple(changed if r is record else r for r in view.records)
    contents = {**view.contents, record.id: content or view.contents[record.id]}
    return replace(view, records=records, contents=contents), changed


def table(view: UnitView, record: RecordView) -> TableView:
    """The record's rows."""
    found = view.contents[record.id].table
    assert found
    return found


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("农村集体资产", "集体资产"),
        ("青政发〔2026〕3号", "青政发[2026]3号"),
        ("青政发〔2026〕3号", "（２０２６）3"),
        ("27,477.00 元", "27477"),
        ("27,477.00 元", "27，477.00元"),
        ("共 18 户", "共18户"),
        ("Wi-Fi 覆盖", "wi-fi"),
        ("8:30—17:00", "8:30-17:00"),
        ("①申请", "1申请"),
        ("面积（㎡）", "m2"),
    ],
)
def test_what_is_typed_another_way_is_found(written: str, typed: str) -> None:
    assert fold(typed) in fold(written)


@pytest.mark.parametrize(("written", "typed"), [("第一段\n第二段", "段第"), ("2024\n2025", "42")])
def test_nothing_is_found_across_paragraphs_and_cells(written: str, typed: str) -> None:
    assert fold(typed) not in fold(written)


def test_title_text_rows_figures_numbers_and_attachments_are_found(tmp_path: Path) -> None:
    view, record = with_record(personal=False, web_rows=True, document_number="青政发〔2026〕3号")
    found = texts(view, tmp_path)[f"r/{record.slug}/"]
    lines = found.body.split("\n")
    for row in table(view, record).rows:
        for cell in row:
            assert cell == "" or cell in lines
    assert found.title == record.title
    assert "青政发〔2026〕3号" in lines
    assert record.code in lines
    assert any(record.figures[0].text in line for line in lines)


def test_a_revision_changes_only_what_it_corrects(tmp_path: Path) -> None:
    """Its number and reason stand on the page; in the index they would change some ten more pieces with every correction."""
    before, record = with_record()
    after, _ = with_record(rev=record.rev + 1, revised=dt.date(2026, 11, 24), why_revised="户数写错了")
    path = f"r/{record.slug}/"
    assert texts(after, tmp_path)[path].folded == texts(before, tmp_path)[path].folded


def test_units_texts_and_guides_are_found(tmp_path: Path) -> None:
    view = samples.county()
    found = texts(view, tmp_path)
    assert view.supervision.phone in found[""].body
    for page in view.pages:
        assert any(t.title == page.title for t in found.values())
    for guide in view.services.guides if view.services else ():
        told = found[f"services/{guide.slug}/"]
        assert all(m.name in told.body for m in guide.materials)


def test_rows_of_a_list_of_persons_are_in_no_index(tmp_path: Path) -> None:
    view, record = with_record(personal=True, web_rows=True)
    cells = {cell for row in table(view, record).rows for cell in row if "*" in cell}
    assert cells
    found = texts(view, tmp_path)
    assert found[f"r/{record.slug}/"].title == record.title
    for cell in cells:
        assert cell not in found[f"r/{record.slug}/"].body


def test_a_list_of_persons_in_the_text_is_in_no_index(tmp_path: Path) -> None:
    body = "现予公示。\n\n| 姓名 | 金额 |\n|---|---|\n| 张*三 | 100.00 |\n\n经复核，李*四家庭退出。\n\n欢迎监督。"
    view, record = with_record(Content(body, None, (), ()), personal=True, web_rows=True)
    found = texts(view, tmp_path)[f"r/{record.slug}/"]
    assert "现予公示" in found.body
    assert "欢迎监督" in found.body
    assert "*" not in found.body
    assert "100.00" not in found.body.replace("，", "")


@pytest.mark.parametrize("gate", [{"web_rows": False}, {"web_rows": False, "web_text": False}, {"web_rows": False, "rows_expired": True}])
def test_what_the_web_may_not_show_is_in_no_index(gate: dict[str, bool], tmp_path: Path) -> None:
    view, record = with_record(**gate, personal=True, summary="摘要里的话")
    body = "正文里的话。\n\n| 姓名 | 金额 |\n|---|---|\n| 赵*甲 | 100.00 |"
    content = replace(view.contents[record.id], body=body, html="")
    view = replace(view, contents={**view.contents, record.id: content})
    found = texts(view, tmp_path)[f"r/{record.slug}/"]
    for row in table(view, record).rows:
        assert row[1] not in found.body.split("\n")
    assert "赵*甲" not in found.body
    assert all(a.title not in found.body for a in content.attachments)
    if "web_text" in gate:
        assert "正文里的话" not in found.body
        assert "摘要里的话" not in found.body
    assert found.title == record.title


def test_a_text_that_is_no_longer_in_force_says_so(tmp_path: Path) -> None:
    view, record = with_record(validity="废止")
    assert texts(view, tmp_path)[f"r/{record.slug}/"].flags == 1
