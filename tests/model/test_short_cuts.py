"""What is made by a short cut is what the long way makes: cells as printed, words without markup, lines, escaping, models in digests."""

from __future__ import annotations

import datetime as dt
import html
from decimal import Decimal

import jinja2
import markupsafe
from hypothesis import given
from hypothesis import strategies as st

from sitegen.code import qr_img, qr_matrix
from sitegen.escaping import escape
from sitegen.model import canonical
from sitegen.model.catalog import Column, TableSchema
from sitegen.model.shown import table_view
from sitegen.model.table import Table, show
from sitegen.once import Once
from sitegen.templates import _Straight
from sitegen.text import to_html

COLUMNS = tuple(
    Column.model_validate(c)
    for c in (
        {"name": "who", "title": "户主", "type": "string"},
        {"name": "area", "title": "面积", "type": "number", "decimals": 2, "unit": "亩"},
        {"name": "price", "title": "单价", "type": "number"},
        {"name": "count", "title": "人数", "type": "integer"},
        {"name": "day", "title": "日期", "type": "date"},
    )
)
figures = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12, places=2)
VALUES = (
    st.none() | st.text("张三*甲乙，a", min_size=1, max_size=4),
    st.none() | figures | st.integers(-(10**9), 10**9).map(Decimal),
    st.none() | figures | st.decimals(allow_nan=False, allow_infinity=False, min_value=0, max_value=9999, places=4),
    st.none() | st.integers(-5000, 10**7).map(Decimal),
    st.none() | st.dates(dt.date(1990, 1, 1), dt.date(2030, 1, 1)),
)


@given(st.lists(st.tuples(*VALUES), max_size=6), st.booleans())
def test_a_table_is_shown_column_by_column_as_it_is_cell_by_cell(rows: list[tuple[object, ...]], packed: bool) -> None:
    schema = TableSchema(id="t", title="表", fields=COLUMNS)
    table = Table("t", "t.csv", tuple(c.name for c in COLUMNS), rows, tuple(range(len(rows))))  # type: ignore[arg-type]
    if packed:  # as it comes from where it is kept: texts, and no values
        from sitegen.model.series import Series

        table = Table.of_series("t", "t.csv", {n: Series.unpack(*table.series(n).pack()) for n in table.columns}, table.lines)
    there = [n for n in range(len(COLUMNS)) if any(row[n] is not None for row in rows)]
    view = table_view(table, schema)
    assert [c.name for c in view.columns] == [COLUMNS[n].name for n in there]
    assert view.rows == tuple(tuple(show(row[n], COLUMNS[n]) for n in there) for row in rows)  # type: ignore[arg-type]


words = st.text("甲乙 \u3000\n\u200b&;a<>*_#|-1.\u0301e\u00ad\u2028", max_size=60)


@given(words)
def test_the_words_of_a_page_are_those_of_its_lines(markdown: str) -> None:
    markup = to_html(markdown)
    text = canonical._CELL.sub(" ", canonical._BLOCK.sub("\n", markup.replace("\n", " ")))
    lines = (canonical.one_line(html.unescape(canonical._TAG.sub("", line))) for line in text.split("\n"))
    assert canonical.plain_text(markup) == "\n".join(line for line in lines if line)


@given(st.text("&<>'\"甲a ", max_size=12))
def test_what_people_write_is_escaped(text: str) -> None:
    assert escape(text) == html.escape(text, quote=True)
    for value in (text, markupsafe.Markup(text), 3, Decimal("1.50"), dt.date(2026, 5, 8)):
        assert _Straight.shown(value) == str(markupsafe.escape(value))


class Person:
    """Something with a name that may be anything."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.others = (name, name.upper())

    def said(self, how: str, times: int = 1) -> str:
        return f"<{how}>" * times + self.name

    def ready(self) -> markupsafe.Markup:
        return markupsafe.Markup("<b>!</b>")


PAGE = """{% macro m(x, y=1) %}{{ x.name }}{{ y }}{% endmacro %}{% macro c(x) %}{{ x.name }}{{ caller() }}{% endmacro %}
{{ p.name }} {{ p.said("i", times=2) }} {{ p.ready() }} {{ p.name | upper }} {{ (p or 1).name }} {{ p.name ~ "<" }}
{% for o in p.others %}{{ loop.index }}{{ o }}{{ m(p, y=o) }}{{ loop.last }}{% endfor %}
{% set kept %}{{ p.name }}{% endset %}{{ kept }}{{ m(p) }}{% call c(p) %}<{{ p.name }}{% endcall %}{{ range(3) | list }}"""


@given(st.text("&<>'\"甲a", max_size=6))
def test_straight_code_writes_what_jinja_writes(name: str) -> None:
    options = {"autoescape": True, "undefined": jinja2.StrictUndefined}
    made = [kind(**options).from_string(PAGE).render(p=Person(name)) for kind in (jinja2.Environment, _Straight)]  # type: ignore[arg-type]
    assert made[0] == made[1]


def test_a_page_that_asks_for_what_is_not_there_is_an_error() -> None:
    for page in ("{{ p.nobody }}", "{{ nobody }}", "{{ nobody.name }}"):
        template = _Straight(autoescape=True, undefined=jinja2.StrictUndefined).from_string(page)
        try:
            template.render(p=Person("甲"))
        except (AttributeError, jinja2.UndefinedError):
            continue
        raise AssertionError(page)


def test_what_was_made_of_a_value_is_found_by_the_value_itself() -> None:
    made: list[str] = []

    def make(value: list[str]) -> str:
        made.append(value[0])
        return value[0] * 2

    twice = Once(make, most=2)
    first, like = ["甲"], ["甲"]
    assert (twice(first), twice(first), twice(like)) == ("甲甲", "甲甲", "甲甲")
    assert made == ["甲", "甲"]  # one that only says the same is another value
    for n in range(10):
        assert twice([str(n)]) == str(n) * 2
    assert len(twice._made) <= 2


def test_a_code_on_a_screen_says_what_its_modules_say() -> None:
    import base64
    import io
    import re

    from PIL import Image

    for n in range(8):
        url = f"HTTPS://GK{'X' * 7 * n}.EXAMPLE.CN/Q/7K3M9X2QF4-2"  # codes of several sizes: lines of one bit a pixel end in other places
        data = re.search(r"base64,([^\"]+)", qr_img(url))
        assert data
        image = Image.open(io.BytesIO(base64.b64decode(data[1]))).convert("L")
        rows = qr_matrix(url, sharp=True)
        side = len(rows)
        assert image.size == (side + 8, side + 8)
        dark = {(x, y) for x in range(side + 8) for y in range(side + 8) if image.getpixel((x, y)) == 0}
        assert dark == {(x + 4, y + 4) for y, row in enumerate(rows) for x, one in enumerate(row) if one}


@given(st.text(max_size=8) | st.text('"\\\x00\x1f\n\u2028甲', max_size=6))
def test_a_word_in_open_data_is_written_as_json_has_it(text: str) -> None:
    import json

    from sitegen.site.tables import _quoted

    assert json.loads(_quoted(text)) == text
    assert _quoted(text) == json.dumps(text, ensure_ascii=False)
