"""Two tables of one matter: what differs is found whichever way they are compared, and what is the same is not."""

from __future__ import annotations

import random
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.model.alike import compatible, fingerprint, in_base, plain
from sitegen.model.catalog import Column, Constraints, TableSchema
from sitegen.model.compare import Difference, Side, compare
from sitegen.model.slips import hint
from sitegen.model.table import Table, Value

SCHEMA = TableSchema(
    id="butie",
    title="补贴",
    fields=(
        Column(name="household_no", title="户编号", private=True, constraints=Constraints(required=True)),
        Column(name="name", title="户主", mask="name"),
        Column(name="group", title="组"),
        Column(name="area", title="面积", type="number", decimals=2, unit="亩"),
        Column(name="amount", title="金额", type="number", decimals=2, unit="元"),
        Column(name="use", title="用途"),
    ),
)
KEY, COLUMNS = ("household_no",), ("area", "amount", "use")
NAMES = st.sampled_from(["张*三", "李*四", "王*", "赵*六", "欧阳*"])
MONEY = st.decimals(0, 99_999, places=2)
ROWS = st.lists(st.tuples(NAMES, st.sampled_from(["第1组", "第2组"]), MONEY, MONEY, st.sampled_from(["修路", "打井", "办公"])), max_size=12)

Rows = list[tuple[Value, ...]]


def numbered(rows: list[tuple[Value, ...]]) -> Rows:
    return [(f"{n:03}", *row) for n, row in enumerate(rows, 1)]


def side(rows: Rows, schema: TableSchema = SCHEMA) -> Side:
    return Side(Table("butie", "t.csv", tuple(c.name for c in schema.fields), tuple(rows), tuple(range(2, len(rows) + 2))), schema)


def differences(here: Rows, there: Rows, **kwargs: object) -> tuple[Difference, ...]:
    return compare(side(here), side(there), KEY, COLUMNS)


def row(number: str, name: str = "张*三", amount: str = "745.50", *, area: str = "10.50", use: str = "修路") -> tuple[Value, ...]:
    return (number, name, "第2组", Decimal(area), Decimal(amount), use)


@given(ROWS, st.randoms(use_true_random=False))
def test_the_order_of_rows_means_nothing(rows: list[tuple[Value, ...]], order: random.Random) -> None:
    here = numbered(rows)
    there = here.copy()
    order.shuffle(there)
    assert differences(here, there) == ()
    assert fingerprint(side(here).table, SCHEMA, KEY, COLUMNS) == fingerprint(side(there).table, SCHEMA, KEY, COLUMNS)


@given(ROWS, ROWS)
def test_comparing_the_other_way_round_finds_the_same(a: list[tuple[Value, ...]], b: list[tuple[Value, ...]]) -> None:
    forth = differences(numbered(a), numbered(b))
    back = [d.turned() for d in differences(numbered(b), numbered(a))]
    spots = lambda ds: sorted((d.kind, d.column, d.line or 0, d.other_line or 0) for d in ds if d.kind != "shifted")  # noqa: E731
    assert spots(forth) == spots(back)


@given(ROWS, ROWS)
def test_equal_fingerprints_mean_that_nothing_differs(a: list[tuple[Value, ...]], b: list[tuple[Value, ...]]) -> None:
    here, there = numbered(a), numbered(b)
    same = fingerprint(side(here).table, SCHEMA, KEY, COLUMNS) == fingerprint(side(there).table, SCHEMA, KEY, COLUMNS)
    if same:
        assert differences(here, there) == ()
    if a and b and not differences(here, there):
        assert same


@given(ROWS.filter(bool), st.data())
def test_one_changed_figure_is_one_difference_at_its_row(rows: list[tuple[Value, ...]], data: st.DataObject) -> None:
    here = numbered(rows)
    n = data.draw(st.integers(0, len(here) - 1))
    column = data.draw(st.sampled_from([3, 4]))
    there = [list(r) for r in here]
    there[n][column] = Decimal(str(here[n][column])) + data.draw(st.decimals("0.01", 999, places=2))
    (found,) = differences(here, [tuple(r) for r in there])
    assert (found.kind, found.line, found.other_line) == ("cell", n + 2, n + 2)
    assert found.column == SCHEMA.fields[column].title


@given(ROWS.filter(bool), st.data())
def test_a_missing_row_is_one_difference(rows: list[tuple[Value, ...]], data: st.DataObject) -> None:
    here = numbered(rows)
    n = data.draw(st.integers(0, len(here) - 1))
    (found,) = differences(here, here[:n] + here[n + 1 :])
    assert (found.kind, found.line, found.other_line) == ("only_here", n + 2, None)
    (found,) = differences(here[:n] + here[n + 1 :], here)
    assert (found.kind, found.line, found.other_line) == ("only_there", None, n + 2)


def test_a_mistyped_key_is_one_difference_and_the_key_is_not_shown() -> None:
    (found,) = differences([row("012"), row("030", "李*四", "20.00")], [row("021"), row("030", "李*四", "20.00")])
    assert (found.kind, found.row, found.column) == ("key", "张*三（第2组）", "户编号")
    assert "012" not in f"{found.here}{found.there}"


def test_two_rows_added_up_on_the_other_side_are_one_difference() -> None:
    here = [row("001"), row("002", "李*四", "300.00", area="2.00"), row("003", "王*", "9.00")]
    there = [row("001", amount="1045.50", area="12.50"), row("003", "王*", "9.00")]
    (found,) = differences(here, there)
    assert (found.kind, found.row) == ("split", "李*四（第2组）")
    (back,) = differences(there, here)
    assert back.kind == "merged"


def test_a_column_that_slipped_is_one_difference_at_its_first_row() -> None:
    amounts = ["100.00", "200.00", "300.00", "400.00", "500.00"]
    here = [row(f"{n:03}", amount=a) for n, a in enumerate(amounts)]
    there = [row(f"{n:03}", amount=a) for n, a in enumerate([*amounts[1:], "100.00"])]
    (found,) = differences(here, there)
    assert (found.kind, found.column, found.line, found.count) == ("shifted", "金额", 2, 5)


@pytest.mark.parametrize(
    ("a", "b", "said"),
    [
        ("745.50", "754.50", "exchanged"),
        ("745.50", "7455.00", "ten times"),
        ("2.5", "25000", "10 000"),
        ("-300", "300", "sign"),
        ("745.50", "745.80", "one digit"),
        ("745.50", "12.00", ""),
    ],
)
def test_what_probably_happened_is_said(a: str, b: str, said: str) -> None:
    assert said in hint(Decimal(a), Decimal(b))
    assert bool(hint(Decimal(a), Decimal(b))) == bool(said)


def test_declared_units_convert_exactly() -> None:
    in_wan = SCHEMA.model_copy(
        update={"fields": tuple(c.model_copy(update={"unit": "万元"}) if c.name == "amount" else c for c in SCHEMA.fields)}
    )
    there = Side(side([("001", "张*三", "第2组", Decimal("10.50"), Decimal("0.07455"), "修路")]).table, in_wan)
    assert compare(side([row("001")]), there, KEY, COLUMNS) == ()
    assert in_base(Decimal(2), "公顷") == ("亩", Decimal(30))
    there = Side(side([row("001")]).table, in_wan)
    (found,) = compare(side([row("001")]), there, KEY, COLUMNS)
    assert (found.here, found.there) == ("745.50元", "745.50万元")


def test_texts_differ_only_in_what_they_say() -> None:
    assert plain("修路（一期），2 公里。") == plain("修路(一期)2公里")
    assert differences([row("001", use="修路（一期）")], [row("001", use="修路 (一期)")]) == ()
    assert len(differences([row("001", use="修路")], [row("001", use="打井")])) == 1


@pytest.mark.parametrize(
    ("a", "b", "fits"),
    [
        ("张*三", "张小三", True),
        ("张*", "张三", True),
        ("张**", "张*三", True),
        ("张某", "张小三", True),
        ("张*三", "李*三", False),
        ("张*三", "张小四", False),
        ("张小三", "张大三", False),
        ("欧阳*", "欧阳修", True),
    ],
)
def test_names_compare_under_their_masks(a: str, b: str, fits: bool) -> None:
    assert compatible(a, b) is fits
    assert compatible(b, a) is fits


def test_masks_that_differ_are_said_once_for_all_rows() -> None:
    here = [row("001", "张*三"), row("002", "李*四", "20.00")]
    there = [row("001", "张小*"), row("002", "李小*", "20.00")]
    (found,) = differences(here, there)
    assert (found.kind, found.column, found.count) == ("mask", "户主", 2)


def test_another_name_is_a_difference() -> None:
    (found,) = differences([row("001", "张*三")], [row("001", "李*四")])
    assert (found.kind, found.column, found.here, found.there) == ("cell", "户主", "张*三", "李*四")


def test_without_a_key_one_row_is_compared_with_one_row_and_many_by_their_totals() -> None:
    (found,) = compare(side([row("001")]), side([row("009", amount="745.00")]), (), COLUMNS)
    assert (found.kind, found.line) == ("cell", 2)
    (found,) = compare(side([row("001"), row("002")]), side([row("001", amount="1491.10", area="21.00")]), (), ("amount", "area"))
    assert (found.kind, found.column, found.here, found.there) == ("total", "金额", "1,491.00元", "1,491.10元")


def test_a_column_that_one_side_lacks_is_not_silently_unchecked() -> None:
    short = TableSchema(id="x", title="x", fields=tuple(c for c in SCHEMA.fields if c.name != "area"))
    there = side([(r[0], r[1], r[2], r[4], r[5]) for r in [row("001")]], short)
    (found,) = compare(side([row("001")]), there, KEY, COLUMNS)
    assert (found.kind, found.column) == ("column", "面积")
