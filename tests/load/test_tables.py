"""Figures are read exactly, however a clerk's program saved them."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.load.region import load_region
from sitegen.load.values import to_decimal
from sitegen.model.mask import mask_problem


def sums(root: Path) -> dict[str, Decimal]:
    loaded = load_region(root, cache=False)
    assert not loaded.findings
    return dict(loaded.units["230198101000"].records[0].sums)


@pytest.mark.parametrize("kind", [None, "gb18030-table", "bom-crlf", "full-width-figures", "xlsx-table"])
def test_the_same_table_gives_the_same_figures(kind: str | None, region: Callable[..., Path]) -> None:
    assert sums(region(kind)) == {"area": Decimal("38.50"), "amount": Decimal("2733.50")}


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1,234.50", "1234.50"),
        ("１２３４．５", "1234.5"),
        ("1，234", "1234"),
        ("-12.3", "-12.3"),
        ("71.00元", "71.00"),
        (" 8 ", "8"),
        (0.1, "0.1"),
        (71.1, "71.1"),
        (8.0, "8"),
    ],
)
def test_figures_as_written(written: object, value: str) -> None:
    assert to_decimal(written, "元") == Decimal(value)


@pytest.mark.parametrize("written", ["约8亩", "1,23", "12,3456", "1.2.3", "八", "2.30199E+17", "1e5", "--1", True, "8元5角"])
def test_what_is_no_figure_is_refused(written: object) -> None:
    with pytest.raises(ValueError, match="no figure"):
        to_decimal(written, "元")


@given(st.decimals(-(10**9), 10**9, places=2))
def test_separators_and_width_change_nothing(value: Decimal) -> None:
    wide = f"{value:,}".translate(str.maketrans("0123456789,.-", "０１２３４５６７８９，．−"))
    assert to_decimal(str(value)) == to_decimal(f"{value:,}") == to_decimal(wide) == value


@pytest.mark.parametrize("value", ["张*三", "张*", "欧阳*娜", "张某某", "李**"])
def test_masked_names(value: str) -> None:
    assert mask_problem("name", value) is None


@pytest.mark.parametrize("value", ["张三", "李小四", "阿依古丽*买买提"])
def test_names_that_show_too_much(value: str) -> None:
    assert mask_problem("name", value)


def test_masks_of_numbers() -> None:
    assert mask_problem("id_number", "2301**********1234") is None
    assert mask_problem("id_number", "230199********1234")  # only the birth date is hidden
    assert mask_problem("id_number", "2301****1234")  # the wrong number of stars
    assert mask_problem("phone", "138****1234") is None
    assert mask_problem("phone", "13800001234")
    assert mask_problem("bank_account", "****1234") is None
    assert mask_problem("address", "青禾镇大河村3号")


def test_a_finding_never_repeats_what_must_be_hidden(region: Callable[..., Path]) -> None:
    for found in load_region(region("unmasked-name"), cache=False).findings:
        assert "李小四" not in found.message("zh") + found.fix("zh")
