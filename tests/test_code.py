"""Permanent codes and their QR."""

from __future__ import annotations

import base64
import io
import re

import numpy as np
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from sitegen import code

UNITS = st.from_regex(r"2301\d{8}", fullmatch=True)
RECORDS = st.from_regex(r"20\d\d-\d{4}", fullmatch=True)


def test_a_code_depends_on_unit_and_record_alone() -> None:
    assert code.propose("230170101201", "2026-0017") == code.propose("230170101201", "2026-0017")
    assert code.propose("230170101201", "2026-0017") != code.propose("230170101202", "2026-0017")


@given(UNITS, RECORDS)
def test_a_code_has_ten_characters_that_cannot_be_confused(unit: str, record: str) -> None:
    made = code.propose(unit, record)
    assert len(made) == 10
    assert not set(made) & set("ILOU")
    assert code.split(made.lower() + "-3") == (made, 3)


def test_collisions_take_the_next_proposal(monkeypatch: pytest.MonkeyPatch) -> None:
    real = code.propose
    monkeypatch.setattr(code, "propose", lambda unit, record, attempt=0: "0000000000" if attempt == 0 else real(unit, record, attempt))
    found = code.assign([("1", "b"), ("1", "a")])
    assert found["1", "a"] == "0000000000"
    assert found["1", "b"] == real("1", "b", 1)


def test_what_is_typed_by_hand_is_understood() -> None:
    assert code.split(" 7k3m 9x2qf4 - 2 ") == ("7K3M9X2QF4", 2)
    assert code.split("7K3M9X2QFO") == ("7K3M9X2QF0", None)
    assert code.split("7K3M9-X2QF4—12") == ("7K3M9X2QF4", 12)
    assert code.split("７ｋ３ｍ９ｘ２ｑｆ４－２") == ("7K3M9X2QF4", 2)
    for wrong in ("7K3M9X2QF", "7K3M9X2QF42", "7K3M9X2QF4-", "7K3M9X2QF4-x", "7K3M9X2QFU", ""):
        with pytest.raises(ValueError, match="not a code"):
            code.split(wrong)
    with pytest.raises(ValueError, match="not a code"):
        code.split("hello")


@pytest.mark.parametrize("base", ["https://政务.example.cn/", "https://a.example.cn/a b/", "https://a.example.cn/a_b/"])
def test_an_address_that_cannot_be_capitals_is_refused(base: str) -> None:
    with pytest.raises(ValueError, match="letters, digits"):
        code.code_url(base, "7K3M9X2QF4", 1)


def test_the_address_of_a_code_below_a_path() -> None:
    assert code.code_url("https://a.example.cn/zhen/", "7K3M9X2QF4", 2) == "HTTPS://A.EXAMPLE.CN/ZHEN/Q/7K3M9X2QF4-2"


def test_the_path_of_a_qr_draws_its_modules() -> None:
    url = "HTTPS://GK.QINGHE.EXAMPLE.CN/Q/7K3M9X2QF4-2"
    drawn = set()
    x = y = 0
    for step, a, b in re.findall(r"([Mmh])(\d+)(?: (\d+)(?:\.5)?)?", code.qr_path(url)):
        if step == "h":
            drawn |= {(x + n, y) for n in range(int(a))}
            x += int(a)
        else:
            x, y = (int(a), int(b)) if step == "M" else (x + int(a), y)
    assert drawn == {(x, y) for y, row in enumerate(code.qr_matrix(url)) for x, dark in enumerate(row) if dark}


@settings(max_examples=60, deadline=None)
@given(
    UNITS,
    RECORDS,
    st.integers(1, 99),
    st.sampled_from(["https://gk.qinghe.example.cn/", "https://a.cn/", "https://very.long.host.name.of.a.county.example.cn/some/path/"]),
)
def test_every_qr_decodes_to_its_address(unit: str, record: str, rev: int, base: str) -> None:
    url = code.code_url(base, code.propose(unit, record), rev)
    matrix = code.qr_matrix(url)
    image = np.full((len(matrix) + 8, len(matrix) + 8), 255, np.uint8)
    for y, row in enumerate(matrix):
        for x, dark in enumerate(row):
            image[y + 4, x + 4] = 0 if dark else 255
    found = zxingcpp.read_barcodes(np.kron(image, np.ones((4, 4), np.uint8)))
    assert [f.text for f in found] == [url]


def test_an_ordinary_host_fits_version_3_at_level_q() -> None:
    assert len(code.qr_matrix("HTTPS://GK.QINGHE.EXAMPLE.CN/Q/7K3M9X2QF4-2")) == 29


def test_the_picture_of_a_qr_is_small_and_decodes() -> None:
    url = "HTTPS://GK.QINGHE.EXAMPLE.CN/Q/7K3M9X2QF4-2"
    made = code.qr_img(url)
    assert len(made) <= 600
    picture = Image.open(io.BytesIO(base64.b64decode(made.split("base64,")[1].split('"')[0]))).convert("L")
    assert picture.size == (37, 37)
    large = picture.resize((148, 148), Image.Resampling.NEAREST)
    assert [f.text for f in zxingcpp.read_barcodes(large)] == [url]
