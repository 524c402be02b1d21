"""A list whose time is over: nothing hangs it any more, and a sheet that somebody asks for says so and keeps the totals."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest

from sitegen.printing import Order, Printed, print_sheets

CATALOG = ("content/catalog/fields/01-butie.yml", "content/catalog/village/1-cunwu.yml")
LAST = dt.date(2026, 5, 15) + dt.timedelta(30)
"""The last day on which the list may be shown."""
VILLAGE, TOWNSHIP = "230198101201", "230198101000"
Make = Callable[..., Path]


@pytest.fixture
def kept_thirty_days(region: Make) -> Path:
    root = region()
    for file in CATALOG:
        path = root / file
        path.write_text(
            path.read_text(encoding="utf-8").replace("table: butie\n", "table: butie\n    retention: {days_after_posting: 30}\n"),
            encoding="utf-8",
        )
    return root


def printed(root: Path, day: dt.date, *records: str, unit: str = VILLAGE) -> tuple[Printed, list[str]]:
    """What was printed, and the words of each sheet."""
    made = print_sheets(Order(root, root / "print-out", day, (unit,), records))
    texts = [re.sub(r"\s", "", "".join(p.get_textpage().get_text_range() for p in pypdfium2.PdfDocument(m.path))) for m in made.made]
    return made, texts


def test_until_its_last_day_the_list_stands_on_the_sheet(kept_thirty_days: Path) -> None:
    made, texts = printed(kept_thirty_days, LAST)
    (derived,) = (t for m, t in zip(made.made, texts, strict=True) if "种粮" in m.title)
    assert "现按原名单公开" in derived
    assert "本表取自" in derived
    assert "期限已满" not in derived


def test_after_it_no_sheet_is_made_unless_it_is_asked_for(kept_thirty_days: Path) -> None:
    before, _ = printed(kept_thirty_days, LAST)
    (name,) = (m.path.name for m in before.made if "种粮" in m.title)
    after, _ = printed(kept_thirty_days, LAST + dt.timedelta(1))
    assert not [m for m in after.made if "种粮" in m.title]
    assert not (after.folders[0] / name).exists() if after.folders else True


@pytest.mark.parametrize("unit", [VILLAGE, TOWNSHIP])
def test_a_sheet_that_is_asked_for_says_that_the_time_is_over_and_keeps_the_totals(kept_thirty_days: Path, unit: str) -> None:
    made, (before,) = printed(kept_thirty_days, LAST, *_list(kept_thirty_days, unit), unit=unit)
    figures = re.findall(r"([\d,]+\.\d\d)亩", before)
    _, (said,) = printed(kept_thirty_days, LAST + dt.timedelta(1), made.made[0].record, unit=unit)
    assert "公开期限已满，已按规定撤下，不再展示；合计保留：" in said
    assert "现按原名单公开" not in said
    assert "本表取自" not in said
    assert "张*三" in before
    assert "张*三" not in said
    assert "元" in said.partition("合计保留：")[2]
    assert figures[-1] in said if figures else True
    assert "公示期：2026年5月8日—5月15日（7个自然日）已结束" in said
    assert f"/Q/{made.made[0].code}-1" in said


def _list(root: Path, unit: str) -> tuple[str, ...]:
    made, _ = printed(root, LAST, unit=unit)
    return tuple(m.record for m in made.made if "种粮" in m.title)


def test_a_village_that_posts_it_later_shows_it_until_its_own_time_is_over(kept_thirty_days: Path) -> None:
    note = kept_thirty_days / "villages/heping/dongjie/records/note.md"
    note.parent.mkdir(exist_ok=True)
    note.write_text("---\nderives: 230198101000/2026-0001\nposting: {from: 2026-06-20, until: 2026-06-29}\n---\n", encoding="utf-8")
    until = dt.date(2026, 6, 29) + dt.timedelta(30)
    for day, shown in ((LAST + dt.timedelta(1), True), (until, True), (until + dt.timedelta(1), False)):
        made, texts = printed(kept_thirty_days, day)
        assert [("张*三" in t) for m, t in zip(made.made, texts, strict=True) if "种粮" in m.title] == ([True] if shown else [])
        above, _ = printed(kept_thirty_days, day, unit=TOWNSHIP)
        assert not [m for m in above.made if "种粮" in m.title]
