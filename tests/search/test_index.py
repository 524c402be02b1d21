"""The index finds exactly what a plain scan of the texts finds, and a change touches little of it."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from sitegen.flat import unfold
from sitegen.search import divide, hosts, segments
from sitegen.search.index import Run, chunk, chunk_file, packed
from sitegen.search.texts import Text, _text, keep_texts
from sitegen.site.hosts import all_hosted
from tests.search.scan import Scan, terms
from tests.site import samples

LETTERS = "公开补贴村2026年,.〔〕（）-Ww ①\n㎡𠮷ǅς　"
"""Few, so that they meet again; of every kind that is folded."""


class Built(Scan):
    """A segment that is not on disk."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.files = files
        super().__init__(Path())

    def packed(self, name: str) -> bytes:
        return self.files[name]


def built(texts: Sequence[Text], scanned: bool = False) -> Built:
    """One segment of these texts, all of one unit."""
    unit = "230198000000"
    run = Run(unit, ["name"], [len(texts)])
    marks = [segments.Mark(t.day, unit, f"{n}", len(t.folded), t.head, t.flags, t.field) for n, t in enumerate(texts)]
    files: dict[str, bytes] = {}
    if scanned:
        made = segments.scanned(marks, texts)
    else:
        of = dict(zip(marks, texts, strict=True))
        made, files["s/head.bin"] = segments.indexed(segments.made_anew(marks, [run], of.__getitem__), marks, [run], None)
    files |= {f"s/{name}": data for name, data in made.items() if isinstance(data, bytes)}
    files["index.bin"] = packed({"units": [], "segments": [["s", "head", scanned]]})
    return Built(files | {f"s/{chunk_file(unit, 2026, 0, 'name')}": chunk(texts)})


def text(title: str, body: str, n: int = 0) -> Text:
    return _text(dt.date(2026, 1, 1) + dt.timedelta(n), f"r/{n}/", title, [body], "涉农补贴")


@settings(max_examples=200)
@given(
    st.lists(st.tuples(st.text(LETTERS, max_size=12), st.text(LETTERS, max_size=40)), min_size=1, max_size=6),
    st.lists(st.text(LETTERS, min_size=1, max_size=9), min_size=1, max_size=6),
    st.booleans(),
)
def test_found_is_what_a_scan_finds(written: list[tuple[str, str]], typed: list[str], scanned: bool) -> None:
    scan = built([text(title, body, n) for n, (title, body) in enumerate(written)], scanned)
    parts = [body[n : n + 4] for _, body in written for n in range(0, len(body), 5)]
    for query in (*typed, *parts):
        assert scan.through_index(query) == scan.truth(query), (query, terms(query))


def test_long_lists_and_many_pieces_are_found_whole() -> None:
    chance = random.Random(7)
    words = ["补贴", "公示", "集体资产", "第三季度", "2026", "27,477.00", "大河村", "GK-01", "道路", "面积"]
    texts = [
        text("".join(chance.choices(words, k=4)), "。".join("".join(chance.choices(words, k=9)) for _ in range(30)), n) for n in range(150)
    ]
    scan = built(texts)
    assert len([name for name in scan.files if "-" in name]) > 5
    for query in scan.queries(random.Random(1), 120):
        assert scan.through_index(query) == scan.truth(query), query


def days(*written: str) -> list[segments.Mark]:
    """Marks of texts of these days, of two units by turns."""
    made = []
    for n, day in enumerate(written):
        made.append(segments.Mark((dt.date.fromisoformat(day) - dt.date(1970, 1, 1)).days, f"23019810{n % 2}000", f"{n:04}", 640))
    return sorted(made, key=lambda m: (m.unit, m.day))


def spread(first: str, count: int, every: int = 1) -> list[str]:
    return [(dt.date.fromisoformat(first) + dt.timedelta(n * every)).isoformat() for n in range(count)]


def test_a_small_host_has_no_index() -> None:
    assert list(divide.divided(days(*spread("2026-01-01", 60)))) == [(days(*spread("2026-01-01", 60)), True)]


def test_a_new_record_stands_apart_from_the_year_and_the_years_before() -> None:
    dates = [*spread("2024-01-01", 300, 2), *spread("2026-01-01", 300)]
    old, year, fresh = divide.divided(days(*dates))
    assert [scanned for _, scanned in (old, year, fresh)] == [False, False, True]
    assert {m.year for m in old[0]} == {2024, 2025}
    later = list(divide.divided(days(*dates, "2026-10-27")))
    assert [m[:2] for m in later[1][0]] == [m[:2] for m in year[0]]
    assert len(later[2][0]) == len(fresh[0]) + 1
    assert sum(len(marks) for marks, _ in later) == len(dates) + 1


@settings(max_examples=100)
@given(st.lists(st.dates(dt.date(2023, 1, 1), dt.date(2026, 12, 31)), min_size=65, max_size=400))
def test_every_text_stands_in_one_segment(dates: list[dt.date]) -> None:
    marks = days(*(d.isoformat() for d in dates))
    parts = list(divide.divided(marks))
    assert sorted(m for part, _ in parts for m in part) == sorted(marks)
    assert all(len(part) <= 24 for part, scanned in parts if scanned)


def test_a_segment_that_is_too_large_is_two(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(divide, "CAPACITY", 640 * 100)
    parts = list(divide.divided(days(*spread("2026-01-01", 300))))
    assert all(sum(m.size for m in marks) <= 640 * 100 for marks, _ in parts)
    assert sum(len(marks) for marks, _ in parts) == 300


def test_a_host_finds_what_is_below_its_units_wherever_that_is(tmp_path: Path) -> None:
    county, village = samples.county(), replace(samples.village(), host="dahe.example.cn", path="")
    views = {v.unit.code: v for v in (county, samples.township(), village)}
    keys = dict.fromkeys(views, "x")
    for code in views:
        (tmp_path / "units" / code / "x").mkdir(parents=True)
        keep_texts([(code, text(f"{views[code].unit.name}的信息", "正文"))], tmp_path / "units" / code / "x" / "texts")
    for host, (path, folder) in hosts.search_parts(tmp_path, all_hosted(views), keys):
        unfold(tmp_path / folder, tmp_path / "public" / host / path)
    above, below = (Scan(tmp_path / "public" / host / hosts.FOLDER) for host in (county.host, village.host))
    assert {unit for unit, *_ in above.pages.values()} == set(views)
    assert {unit for unit, *_ in below.pages.values()} == {village.unit.code}
    assert "没有找到这个页面" in (tmp_path / "public" / village.host / "404.html").read_text(encoding="utf-8")
