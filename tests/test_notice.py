"""docs/notice.md says where each clause of the notice is answered, and says it of pages that hold what it names."""

from __future__ import annotations

import html
import re
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest
from msgspec import Struct

from sitegen.load.region import load_region
from sitegen.model.region import Region
from tests.demo import ROOT, Demo

LEVELS = {
    1: {"县级", "乡级"},
    2: {"县级", "乡级"},
    3: {"县级", "乡级"},
    4: {"县级", "乡级"},
    5: {"县级", "乡级"},
    6: {"县级", "乡级"},
    7: {"县级", "乡级"},
    8: {"县级", "乡级"},
    9: {"县级", "乡级", "村级"},
    10: {"县级", "乡级", "村级"},
    11: {"村级"},
    12: {"县级", "乡级"},
    13: {"县级", "乡级"},
}
"""The levels that each clause of the notice concerns."""


class Row(Struct, frozen=True):
    """An answer."""

    clause: int
    level: str
    answer: str
    page: str
    words: str


def rows(text: str) -> list[Row]:
    """Every answer, one for each of its pages."""
    found, clause = [], 0
    for line in text.split("\n"):
        if heading := re.match(r"## (\d+)\. ", line):
            clause = int(heading[1])
        elif line.startswith("|") and not re.match(r"\|(-|\s*level)", line):
            level, answer, pages, words = (cell.strip() for cell in line.strip("|").split("|"))
            found += [Row(clause, level, answer, page, words) for page in pages.split()]
    return found


ROWS = rows((ROOT / "docs" / "notice.md").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def region() -> Region:
    return load_region(ROOT, cache=False)


@cache
def visible(page: Path) -> str:
    """What a page says between its header and its foot, without markup and spaces."""
    text = page.read_text(encoding="utf-8")
    main = text[text.index('id="main"') : text.index('<aside class="side"')]
    main = re.sub(r"<(script|style|title|desc)\b.*?</\1>", "", main, flags=re.DOTALL)
    return squeezed(html.unescape(re.sub(r"<[^>]+>", "", main)))


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def owner(region: Region, page: str) -> tuple[str, str]:
    """Level and folder of the unit whose page it is: the one with the longest address that the page's begins with."""
    units = [u for u in region.units.values() if f"https://{page}".startswith(u.data.site.url)]
    unit = max(units, key=lambda u: len(u.data.site.url))
    return unit.level.zh, unit.folder


@cache
def written(folder: str) -> str:
    """Everything that the unit's own files say, those of units below it left out."""
    files = [
        p
        for p in sorted((ROOT / folder).rglob("*"))
        if p.suffix in (".md", ".yml", ".csv", ".txt", ".vtt") and p.is_file()
        if not any((above / "unit.yml").exists() for above in p.parents if above.is_relative_to(ROOT / folder) and above != ROOT / folder)
    ]
    return squeezed("\n".join(p.read_text(encoding="utf-8-sig", errors="replace") for p in files))


def test_every_clause_is_answered_at_the_levels_it_concerns() -> None:
    answered: dict[int, set[str]] = defaultdict(set)
    for row in ROWS:
        answered[row.clause].add(row.level)
    assert answered.keys() == LEVELS.keys()
    for clause, levels in LEVELS.items():
        assert answered[clause] >= levels, clause


@pytest.mark.parametrize("row", ROWS, ids=lambda r: f"{r.clause}-{r.page}")
def test_the_page_is_there_and_holds_what_a_unit_of_that_level_wrote(row: Row, demo: Demo, region: Region) -> None:
    page = demo.public / row.page / "index.html"
    assert page.is_file(), row.page
    level, folder = owner(region, row.page)
    assert level == row.level
    words = squeezed(row.words)
    assert len(words) >= 2
    assert words in visible(page), f"{row.page} does not say {row.words}"
    assert words in written(folder), f"no file of {folder} says {row.words}"


def test_the_page_of_clauses_names_them_as_the_notice_does() -> None:
    text = (ROOT / "docs" / "notice.md").read_text(encoding="utf-8")
    headings = re.findall(r"^## (\d+)\. (.+)$", text, re.MULTILINE)
    assert [int(n) for n, _ in headings] == list(range(1, 14))
    assert len({name for _, name in headings}) == 13
