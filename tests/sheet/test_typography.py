"""Typography of the standard: what a reader notices only where it is missing."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
import pypdfium2
import pytest
from click.testing import CliRunner

from sitegen.cli import main
from sitegen.model.content_views import Content
from sitegen.sheet import Format, render, sheet_spec
from tests.sample_view import village_view
from tests.sheet.test_sheet import MM, ROOT, boxes, text

CLOSING = "，。；：！？、）》”’"
PROSE = "根据《中华人民共和国村民委员会组织法》（以下简称《组织法》），村民委员会应当保证所公布事项的真实性，并接受村民的查询；“应公开、尽公开”！"


def lines(page: pypdfium2.PdfPage, low: float, high: float) -> list[list[tuple[str, tuple[float, float, float, float]]]]:
    """Characters of each line between two heights, in the order of the text: a new one begins where the next stands further left."""
    rows: list[list[Any]] = []
    before = 1e9
    for c, box in boxes(page):
        if low < box[1] and box[3] < high:
            if box[0] < before - 20:
                rows.append([])
            rows[-1].append((c, box))
            before = box[0]
    return rows


def document(body: str, form: Format, **changes: Any) -> pypdfium2.PdfDocument:
    view = village_view()
    record = msgspec.structs.replace(view.records[0], **{"source": None, **changes})
    view = msgspec.structs.replace(view, records=(record,), contents={record.id: Content(body, None, (), ())})
    spec = sheet_spec(view, record)
    assert spec is not None
    return pypdfium2.PdfDocument(render(spec, form, ROOT).pdf)


@pytest.mark.parametrize("layout", ["notice", "document"])
def test_no_line_begins_with_a_closing_mark_or_ends_with_an_opening_one(layout: Any) -> None:
    for shift in range(0, 8, 2):
        page = document("村" * shift + PROSE * 6, Format("A4", layout=layout))[0]
        for line in lines(page, 62 * MM, 250 * MM):
            assert line[0][0] not in CLOSING
            assert line[-1][0] not in "（《“‘"


def test_paragraphs_begin_two_characters_in_and_lines_keep_to_the_grid() -> None:
    page = document("\n\n".join([PROSE * 2] * 4), Format("A4", layout="document"))[0]
    rows = [row for row in lines(page, 62 * MM, 250 * MM) if len(row) > 12]
    lefts = [row[0][1][0] for row in rows]
    edge = min(lefts)
    indented = [x - edge for x in lefts if x > edge + 8]
    assert len(indented) == 4
    # An opening mark keeps to the right half of its square.
    assert all(30 <= x <= 42 for x in indented)
    middles = [max(box[3] for c, box in row if "\u4e00" <= c <= "\u9fff") for row in rows]
    steps = [a - b for a, b in pairwise(middles)]
    assert all(abs(s - 225 * MM / 22) < 1.6 for s in steps)


def test_chinese_and_latin_stand_apart() -> None:
    page = document("公布2026年", Format("A4"))[0]
    (row,) = [r for r in lines(page, 62 * MM, 250 * MM) if "布" in {c for c, _ in r}]
    chars = "".join(c for c, _ in row)
    at = chars.index("布2")
    size = row[at][1][3] - row[at][1][1]
    assert row[at + 1][1][0] - row[at][1][2] > 0.2 * size


@pytest.mark.parametrize("paragraphs", range(14, 22, 2))
def test_no_heading_ends_a_page(paragraphs: int) -> None:
    body = "\n\n".join([f"## {n}、补贴的对象和标准\n\n{PROSE * 2}" for n in range(paragraphs)])
    found = document(body, Format("A4"))
    assert len(found) > 1
    for page in list(found)[:-1]:
        last = lines(page, 60 * MM, 262 * MM)[-1]
        assert not re.match(r"\d+、补贴的对象和标准$", "".join(c for c, _ in last))


def test_titles_break_between_words_and_stand_in_the_middle() -> None:
    page = document("公告。", Format("A4"), title="关于青禾镇大河村2026年度耕地地力保护补贴资金发放情况的公示")[0]
    rows = ["".join(c for c, _ in row) for row in lines(page, 150 * MM, 268 * MM)][:2]
    assert "".join(rows).startswith("关于青禾镇大河村2026年度耕地地力保护补贴资金发放情况的公示")
    assert rows[0].endswith(("补贴", "保护", "耕地", "地力", "年度", "资金"))


def test_the_command_says_what_is_smaller_and_what_runs_over(tmp_path: Path) -> None:
    out = tmp_path / "out"
    arguments = ["-C", str(ROOT), "--date", "2026-11-24", "--lang", "zh", "print", "大河村", "-j", "1", "--paper", "A4", "-o", str(out)]
    first = CliRunner().invoke(main, arguments)
    assert first.exit_code == 0, first.output
    assert re.search(r"连排多页的公示单： \d+", first.output)
    assert re.search(r"字号缩小了的公示单： \d+", first.output)
    assert re.search(r"：字号为平常的 \d\d%", first.output)
    assert "其中 0 张是新排的" in CliRunner().invoke(main, arguments).output
    wrong = CliRunner().invoke(main, [*arguments, "--paper", "A3", "--n-up"])
    assert wrong.exit_code == 2
    assert text(pypdfium2.PdfDocument((out / "230170101201-大河村" / "2026-0016.pdf").read_bytes())[0]).count("一、期初余额") == 1
