"""The demo county shows every feature and is clean; its sheets lead back to the record, figure by figure."""

from __future__ import annotations

import gzip
import html
import re
from collections import Counter
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import numpy as np
import pypdfium2
import pytest
import zxingcpp

from sitegen.check import load_and_check
from sitegen.contents import fill, job
from sitegen.load.region import load_region
from sitegen.model.addresses import RESERVED
from sitegen.model.base import Level
from sitegen.model.linking import find_matters
from sitegen.model.region import Region
from sitegen.model.views import UnitView
from sitegen.sheet import sheet_spec
from sitegen.view import plan
from tests.demo import DAY, ROOT, Demo

UNITS = sorted(p.parent.relative_to(ROOT).as_posix() for top in ("content", "villages") for p in (ROOT / top).rglob("unit.yml"))


@pytest.fixture(scope="session")
def region() -> Region:
    return load_region(ROOT, cache=False)


@pytest.fixture(scope="session")
def views(region: Region) -> dict[str, UnitView]:
    made = plan(region, find_matters(region), DAY)
    return {code: fill(job(region, made, code), region.catalog) for code in made.views}


def test_it_is_clean() -> None:
    found = load_and_check(ROOT, DAY, cache=False).findings
    assert [f"{f.file}:{f.line} {f.code} {f.message('en')}" for f in found] == []


def test_it_has_the_units_and_hosts_of_a_real_county(region: Region) -> None:
    levels = Counter(u.level for u in region.units.values())
    assert levels[Level.COUNTY] == 1
    assert levels[Level.TOWNSHIP] >= 4
    assert levels[Level.VILLAGE] >= 12
    assert any(u.data.kind == "街道" for u in region.units.values())
    assert len({urlsplit(u.data.site.url).netloc for u in region.units.values()}) >= 3
    county = next(iter(region.units.values()))
    assert len(county.data.organs) >= 6


def test_it_has_records_over_all_fields_and_levels(region: Region) -> None:
    records = [r for u in region.units.values() for r in u.records]
    assert len(records) >= 240
    fields = {region.catalog.field_of[r.front.item].name for r in records}
    assert fields >= {f.name for f in region.catalog.fields}
    assert all(u.records for u in region.units.values())


def test_most_records_have_figures(views: dict[str, UnitView]) -> None:
    shown = [r for v in views.values() for r in v.records]
    assert sum(1 for r in shown if r.figures) > len(shown) / 2


def test_no_text_is_repeated_with_only_names_swapped(region: Region) -> None:
    bodies: Counter[str] = Counter()
    names = re.compile("|".join(sorted({u.data.name for u in region.units.values()}, key=len, reverse=True)))
    for unit in region.units.values():
        for content in unit.contents().values():
            bodies[re.sub(r"[\d一二三四五六七八九十.,，]+", "0", names.sub("某", content.body)).strip()] += 1
    assert max(bodies.values()) <= 5


def test_nobody_in_it_is_real(region: Region) -> None:
    for path in [p for top in ("content", "villages") for p in (ROOT / top).rglob("*") if p.suffix in (".md", ".yml", ".csv")]:
        text = path.read_bytes().decode("utf-8", "ignore")
        assert not re.search(r"(?<!\d)\d{17}[\dXx](?!\d)", text), path
        assert not re.search(r"(?<!\d)1[3-9]\d{9}(?!\d)", text), path
        for phone in re.findall(r"0451-\d{4} ?\d{4}", text):
            assert phone.startswith("0451-0000"), (path, phone)


def test_derived_lists_give_villages_their_rows(views: dict[str, UnitView]) -> None:
    derived = [(v, r) for v in views.values() for r in v.records if r.source]
    assert len({v.unit.code for v, _ in derived}) >= 9
    assert any(len(v.contents[r.id].table.rows) >= 30 for v, r in derived if v.contents[r.id].table)  # type: ignore[union-attr]


def test_a_township_list_of_over_120_households_serves_villages_without_files(region: Region) -> None:
    own = {r.front.item for u in region.units.values() if u.level is Level.VILLAGE for r in u.records}
    lists = [r for u in region.units.values() for r in u.records if r.front.item == "SNBT-01" and r.slices]
    assert max(int(r.figures[0].value) for r in lists) >= 120
    assert "CW-29" not in own


def test_paths_of_pages_are_reserved(views: dict[str, UnitView]) -> None:
    from sitegen.site.pages import pages

    for view in views.values():
        assert {p.path.partition("/")[0] for p in pages(view)} <= RESERVED


# --- the built sites -------------------------------------------------------------------------------------------------------


def all_pages(public: Path) -> dict[str, str]:
    """Address → text of every page that was built."""
    found = {}
    for host in sorted(p for p in public.iterdir() if p.is_dir() and p.name != ".store"):
        for path in sorted(host.rglob("index.html")):
            folder = path.parent.relative_to(host).as_posix()
            found[f"https://{host.name}/{'' if folder == '.' else folder + '/'}"] = path.read_text(encoding="utf-8")
    return found


@pytest.fixture(scope="session")
def built(demo: Demo) -> dict[str, str]:
    return all_pages(demo.public)


def test_nothing_comes_from_elsewhere(built: dict[str, str]) -> None:
    hosts = {urlsplit(url).netloc for url in built}
    for url, text in built.items():
        for link in re.findall(r'<(?:link|script|img|source|iframe)[^>]*(?:href|src)="(https?://[^"]+)"', text):
            if 'rel="canonical"' not in text[max(0, text.index(link) - 40) : text.index(link)]:
                assert urlsplit(link).netloc in hosts, (url, link)


def test_record_pages_are_small_without_their_table(built: dict[str, str]) -> None:
    sizes = {url: len(re.sub(r"<table.*?</table>", "", text, flags=re.DOTALL).encode()) for url, text in built.items() if "/r/" in url}
    assert sizes
    assert {url: size for url, size in sizes.items() if size > 12 * 1024} == {}


def test_the_first_view_stays_below_100_kb(demo: Demo, built: dict[str, str]) -> None:
    for url, text in built.items():
        parts = [text.encode()]
        for link in re.findall(r'<(?:link rel="stylesheet"|script)[^>]*(?:href|src)="([^"]+)"', text):
            target = urlsplit(urljoin(url, link))
            parts.append((demo.public / target.netloc / target.path.lstrip("/")).read_bytes())
        assert sum(len(gzip.compress(part)) for part in parts) <= 100_000, url


def test_personal_lists_are_not_indexed(views: dict[str, UnitView], built: dict[str, str]) -> None:
    personal = [r for v in views.values() for r in v.records if r.personal]
    assert personal
    for record in personal:
        assert '<meta name="robots" content="noindex' in built[record.url]


def test_lists_that_are_not_for_the_web_keep_their_rows_off_it(views: dict[str, UnitView], built: dict[str, str]) -> None:
    kept_off = [(v, r) for v in views.values() for r in v.records if not r.web_rows and v.contents[r.id].table]
    assert kept_off
    for view, record in kept_off:
        table = view.contents[record.id].table
        assert table is not None
        names = [n for n, c in enumerate(table.columns) if c.name == "name"]
        for row in table.rows[:5]:
            for n in names:
                assert f">{row[n]}<" not in built[record.url]


# --- the sheets --------------------------------------------------------------------------------------------------------------


def codes(page: pypdfium2.PdfPage) -> list[str]:
    return [c.text for c in zxingcpp.read_barcodes(np.array(page.render(scale=110 / 72).to_pil().convert("L")))]


@pytest.mark.parametrize("folder", UNITS)
def test_every_sheet_leads_back_to_its_record(
    folder: str, views: dict[str, UnitView], demo: Demo, built: dict[str, str], region: Region
) -> None:
    code = next(u.code for u in region.units.values() if u.folder == folder)
    view = views[code]
    seen = 0
    for record in view.records:
        spec = sheet_spec(view, record) if record.on_board else None
        if spec is None:
            continue
        seen += 1
        document = pypdfium2.PdfDocument((demo.sheets / f"{code}-{view.unit.name}" / f"{record.id}.pdf").read_bytes())
        shown = []
        for page in document:
            (found,) = codes(page)
            assert found == record.code_url
            shown.append("".join(page.get_textpage().get_text_range().split()))
        parts = urlsplit(found)
        q_page = built[f"https://{parts.netloc.lower()}{parts.path}/"]  # the path keeps its capitals: Q is a folder
        assert record.code in q_page.replace(" ", "")
        link = next(
            urljoin(f"https://{parts.netloc.lower()}{parts.path}/", html.unescape(h))
            for h in re.findall(r'href="([^"]+)"', q_page)
            if "/r/" in h
        )
        assert link == record.url
        page_text = "".join(html.unescape(re.sub(r"<[^>]+>", "", built[link])).split())
        title = "".join(record.title.split())
        assert title in "".join(shown)
        assert title in page_text
        for total in spec.totals:
            if total:
                assert total in "".join(shown)
        for figure in record.figures:
            assert f"{figure.value:,.{figure.decimals}f}" in page_text
    assert (demo.sheets / f"{code}-{view.unit.name}" / "all.pdf").exists() == (seen > 0)
