"""Slides for screens: pictures that sort in order, are read from across the room, and whose code is read by a phone."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from pathlib import Path

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from PIL import Image

from sitegen.channels import Order, Told, gather
from sitegen.channels.notices import is_posted, notice
from sitegen.channels.slides import write_slides
from sitegen.channels.tabling import SIZES, pages
from sitegen.contents import for_web
from sitegen.model.content_views import ColumnView, TableView
from tests.channels.test_broadcast import run
from tests.demo import DAY, ROOT
from tests.sample_view import village_view


@pytest.fixture(scope="module")
def village() -> Told:
    return next(iter(gather(Order(ROOT, DAY, ("大河村",)), is_posted)))


@pytest.fixture(scope="module")
def made(village: Told, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return write_slides(village.view, village.notices, tmp_path_factory.mktemp("slides"), DAY)


def test_a_picture_fills_the_screen_and_the_names_sort(made: list[Path]) -> None:
    assert [p.name for p in made] == sorted(p.name for p in made)
    assert made[0].name == "000-index-01.png"
    assert made[1].name == "001-2026-0018-01.png", "what ends first comes first"
    for path in made:
        with Image.open(path) as picture:
            assert picture.size == (1920, 1080)
            extrema = picture.convert("L").getextrema()
        assert extrema[0] < 60, f"{path.name} is empty"


def test_the_code_is_read_and_leads_to_the_record(made: list[Path], village: Told) -> None:
    urls = {n.record.code_url for n in village.notices}
    found = set()
    for path in made:
        with Image.open(path) as picture:
            # A third of the size is what a phone's camera sees of it from a few steps away.
            found |= {b.text for b in zxingcpp.read_barcodes(picture.convert("L").resize((640, 360)))}
    assert found == urls


def test_the_same_day_gives_the_same_bytes_and_old_slides_go(village: Told, made: list[Path], tmp_path: Path) -> None:
    folder = tmp_path / "screen"
    folder.mkdir()
    for name in ("009-2025-0001-01.png", "logo.png", "notes.txt"):
        (folder / name).write_bytes(b"x")
    again = write_slides(village.view, village.notices, folder, DAY)
    assert [p.read_bytes() for p in again] == [p.read_bytes() for p in made]
    assert not (folder / "009-2025-0001-01.png").exists()
    assert (folder / "logo.png").exists()
    assert (folder / "notes.txt").exists()


def test_a_long_list_on_a_screen(tmp_path: Path) -> None:
    view = for_web(village_view(rows=50))
    one = notice(view, view.record("2026-0017"))
    files = write_slides(view, [one], tmp_path, dt.date(2026, 5, 10), rows=6)
    assert [p.name for p in files][:2] == ["001-2026-0017-01.png", "001-2026-0017-02.png"]
    assert len(files) >= 1 + 9


def test_characters_and_marks_that_could_be_taken_for_orders(tmp_path: Path) -> None:
    view = for_web(village_view(rows=2))
    one = notice(view, view.record("2026-0017"))
    odd = '#panic("x") $1 $ *粗* _斜_ <标签> \\ @引 ` 、\u0000\u202e'
    hurt = replace(one, record=replace(one.record, title=odd), summary=odd, section=odd)
    assert write_slides(view, [hurt], tmp_path, DAY)


def test_the_command(tmp_path: Path) -> None:
    result = run("slides", "石桥村", "--record", "2026-0018", "-o", str(tmp_path))
    assert result.exit_code == 0
    assert "slides for 1 units" in result.stdout
    folder = tmp_path / "230170102202-石桥村"
    assert sorted(p.name for p in folder.iterdir())[0] == "001-2026-0018-01.png"


CELL = st.text(st.sampled_from("张三村组名单1234,.aA "), max_size=30)


@st.composite
def tables(draw: st.DrawFn) -> TableView:
    width, height = draw(st.integers(1, 14)), draw(st.integers(1, 40))
    columns = tuple(
        ColumnView(f"c{n}", draw(st.text(st.sampled_from("承包方代表面积金额"), min_size=1, max_size=9)), draw(st.sampled_from([None, "元", "平方米"])),
                   draw(st.sampled_from(["left", "right", "center"])), None, False)
        for n in range(width)
    )  # fmt: skip
    rows = tuple(tuple(draw(st.lists(CELL, min_size=width, max_size=width))) for _ in range(height))
    totals = draw(st.none() | st.just(("",) * (width - 1) + ("1,234.00",)))
    return TableView(columns, rows, totals, "户")


@settings(max_examples=60)
@given(tables(), st.integers(3, 12))
def test_every_cell_is_on_some_slide_and_none_holds_more_rows_than_asked(table: TableView, most: int) -> None:
    made = pages(table, most, 1744, 700)
    assert all(len(p.rows) <= most and p.size in SIZES for p in made)
    assert all(len(p.head) in (0, len(p.widths)) and all(len(r) == len(p.widths) for r in p.rows) for p in made)
    assert all(sum(p.widths) * p.size <= 1744 * 1.01 for p in made)
    shown = [c for p in made for r in (*p.rows, p.totals) for c in r]
    for row in table.rows:
        for cell in row:
            assert cell in shown or not cell
    if not made[0].of:  # it lies on its side
        return
    parts = {p.part for p in made}
    assert parts == set(range(1, made[0].parts + 1))
    for part in parts:
        mine = [p for p in made if p.part == part]
        assert mine[0].first == 1
        assert mine[-1].last == len(table.rows)
        assert all(a.last + 1 == b.first for a, b in pairwise(mine))
        assert bool(mine[-1].totals) == bool(table.totals)
        assert not any(p.totals for p in mine[:-1])
