"""Personal numbers by value: every spelling of a real one is found once, and nothing else is."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.model.mask import mask_problem
from sitegen.model.number_kinds import id_check
from sitegen.model.personal import find, find_masks, lines_with_numbers, redact
from tests.office import MOBILE, card_number, id_number, old_id_number

WIDE = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")
ID = id_number()


def kinds(text: str, context: str = "") -> list[str]:
    return [f.kind for f in find(text, context)]


@pytest.mark.parametrize(
    "text",
    [
        ID,
        ID.translate(WIDE),
        f"{ID[:6]} {ID[6:14]} {ID[14:]}",
        f"{ID[:6]}-{ID[6:14]}-{ID[14:]}",
        f"{ID[:6]}　{ID[6:]}",
        f"{ID[:6]}\u200b{ID[6:]}",
        " ".join(ID),
        f"张三{ID}身份证",
        f"'{ID}'",
        f"G{ID}",
        ID[:17].lower() + ID[17].lower(),
        id_number("19520307", "002"),
        old_id_number(),
        old_id_number().translate(WIDE),
        ID[:9] + ("9" if ID[9] != "9" else "8") + ID[10:],
        ID[:15] + "000",
        ID + "11",
    ],
)
def test_an_id_number_in_any_spelling(text: str) -> None:
    assert kinds(text) == ["id_number"]


@pytest.mark.parametrize(
    "text",
    [
        "项目代码2604-230198-04-01-000015",
        "办件编号230198202605080001",
        "凭证号 230198202611240012",
        "索引号11230198MB0000101X/202605-00017",
        "单元码230198101201",
        "金额12,345,678,901.00元",
        "2026-05-06..2026-05-20",
        "电话0451-0000 1234、0451-0000 1235",
        "客服95588、400-000-0000、12345",
        "投资13800000000元",
        "总投资13,800,000,000.00元",
        "分别为138亩、1200元、1600元",
        "91230198MA00000X1A",
        "注册号230198600012345",
        "发票号码04400231",
        "1234567890123456",
    ],
)
def test_other_numbers_are_nobodys(text: str) -> None:
    assert kinds(text) == []


def test_an_all_digit_credit_code_is_an_organisations() -> None:
    weights = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
    for n in range(1000):
        body = f"122301191960101{n:02}"[:17]  # reads like a birth date, too
        check = (31 - sum(int(c) * w for c, w in zip(body, weights, strict=True)) % 31) % 31
        if check < 10:
            assert kinds(f"{body}{check}") == []
            return
    pytest.fail("no such code")


@pytest.mark.parametrize(
    "text",
    [MOBILE, MOBILE.translate(WIDE), "138 0000 0000", "138-0000-0000", f"+86 {MOBILE}", f"86{MOBILE}", f"0{MOBILE}", " ".join(MOBILE)],
)
def test_a_mobile_number_in_any_spelling(text: str) -> None:
    assert kinds(f"打{text}。") == ["phone"]


def test_figures_side_by_side_in_a_pdf_are_no_mobile_number() -> None:
    assert [f.kind for f in find("水稻 138 1200 1600", loose=False)] == []
    assert [f.kind for f in find("电话 138 0000 0000", loose=False)] == ["phone"]


@pytest.mark.parametrize("length", [16, 17, 18, 19])
def test_a_card_number(length: int) -> None:
    number = card_number(length=length)
    assert kinds(number) == ["bank_account"]
    assert kinds(" ".join(number[i : i + 4] for i in range(0, length, 4))) == ["bank_account"]
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    assert kinds(wrong) == []


def test_each_of_several_numbers_is_found_once() -> None:
    assert kinds(f"0101 {ID} {MOBILE} {card_number()}") == ["id_number", "phone", "bank_account"]
    assert kinds(f"{ID},{id_number(serial='003')}") == ["id_number", "id_number"]


def test_a_number_that_wraps_in_a_pdf() -> None:
    assert [f.kind for f in find(f"证号\n{ID[:14]}\n{ID[14:]}\n", loose=False)] == ["id_number"]


def test_a_heading_makes_a_number_of_wrong_length_an_id_number() -> None:
    assert kinds(ID[:17], "身份证号") == ["id_number"]
    assert kinds(ID[:17]) == []


def test_a_finding_knows_little_of_the_number() -> None:
    (f,) = find(ID)
    assert (f.head, f.length) == (ID[:4], 18)
    assert ID not in repr(f)
    assert redact(f"«{ID}» 是号") == f"«{ID[:4]}…» 是号"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (f"{ID[:6]}********{ID[14:]}", "more than 8 characters"),
        (f"{ID[:6]}\\*\\*\\*\\*\\*\\*\\*\\*{ID[14:]}", "more than 8 characters"),
        (f"{ID[:8]}*{ID[9:]}", "more than 8 characters"),
        (f"{ID[:14]}****", "more than 8 characters"),
        (f"{ID[:4]}*************{ID[14:]}".replace("*", "＊"), "15 or 18"),
        (f"{ID[:4]}xxxxxxxxx{ID[14:]}", "15 or 18"),
        ("138***0000", "more than 7 digits"),
        ("138*****0000", "11 digits"),
        ("6217***********0000", "more than 4 digits"),
    ],
)
def test_a_mask_that_hides_too_little(text: str, problem: str) -> None:
    (f,) = find_masks(f"号码{text}。")
    assert f.problem is not None
    assert problem in f.problem


@pytest.mark.parametrize(
    "text",
    [
        "2301**********0014",
        "138****0000",
        "**13800元**",
        "现将**2026年**的**12亩**公示",
        "1800*600*50",
        "1200x800x600",
        "张*三、李**",
        "0451-****1234",
        "***",
        "* 2026 * 05 * 08",
    ],
)
def test_a_mask_that_is_none_or_hides_enough(text: str) -> None:
    assert list(find_masks(text)) == []


@pytest.mark.parametrize(
    ("name", "good"),
    [
        ("张*三", True),
        ("张**", True),
        ("欧阳*三", True),
        ("张某", True),
        ("张三", False),
        ("张三丰*", False),
        ("*张三丰", False),
        ("阿*·买买", True),
        ("阿不都·买*", False),
    ],
)
def test_masks_of_names(name: str, good: bool) -> None:
    assert (mask_problem("name", name) is None) is good


days = st.dates(dt.date(1900, 1, 1), dt.date(2014, 12, 31)).map(lambda d: f"{d:%Y%m%d}")
numbers = st.builds(lambda day, serial: id_number(day, f"{serial:03}"), days, st.integers(0, 999))
spellings = st.sampled_from(
    [
        lambda n: n,
        lambda n: n.translate(WIDE),
        lambda n: f"{n[:6]} {n[6:14]} {n[14:]}",
        lambda n: f"{n[:6]}-{n[6:14]}-{n[14:]}",
        lambda n: f"{n[:6]}　{n[6:]}",
        lambda n: " ".join(n),
        lambda n: n.lower(),
    ]
)
words = st.text(alphabet="现将种粮补贴发放情况予以公示张*三李四组，。、：（）|\n", max_size=60)


@given(words, numbers, spellings, words)
def test_a_valid_id_number_planted_anywhere_is_found_once_in_its_line(before: str, number: str, spelt: object, after: str) -> None:
    text = f"{before}{spelt(number)}{after}"  # type: ignore[operator]
    found = [(n, f.kind, f.digits) for n, line in lines_with_numbers(text) for f in find(line)]
    assert found == [(before.count("\n"), "id_number", number)]


@given(words, words, st.sampled_from(["id_number", "phone", "name"]), numbers)
def test_what_is_masked_as_asked_is_clean(before: str, after: str, kind: str, number: str) -> None:
    mask = {"id_number": f"{number[:4]}{'*' * 10}{number[14:]}", "phone": "138****0000", "name": "张*三"}[kind]
    assert mask_problem(kind, mask) is None  # type: ignore[arg-type]
    text = f"{before.replace('*', '')}，{mask}，{after.replace('*', '')}"
    assert [f for _, line in lines_with_numbers(text) for f in (*find(line), *find_masks(line))] == []


@given(st.text(alphabet="0123456789 -,.*Xx年月元张三\n", max_size=200))
def test_nothing_is_found_that_the_quick_look_passes_over(text: str) -> None:
    """The quick look at the bytes is only that: it may never hide a finding."""
    lines = text.split("\n")
    slow = {n for n, line in enumerate(lines) if any(find(line)) or any(find_masks(line))}
    assert slow <= {n for n, _ in lines_with_numbers(text)}


@given(numbers)
def test_one_wrong_digit_still_names_the_person(number: str) -> None:
    wrong = number[:16] + str((int(number[16]) + 1) % 10) + number[17]
    assert id_check(wrong[:17]) != wrong[17]
    assert kinds(wrong) == ["id_number"]
