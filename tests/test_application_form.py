"""The application form: one sheet that is filled in on a screen, in Chinese too, and prints as a blank."""

from __future__ import annotations

import ctypes
import io
from typing import Any

import numpy as np
import pypdfium2
import pypdfium2.raw as raw
import pytest
from msgspec.structs import replace
from pypdf import PdfReader

from sitegen.application_form import FormData, FormWay, application_form

DATA = FormData(
    "政府信息公开申请表", "青禾县", "青禾县人民政府办公室", (FormWay("当面", "一楼窗口"), FormWay("电话", "0451-0000 2009")), ("不收费。",)
)


@pytest.fixture(scope="module")
def form() -> bytes:
    return application_form(DATA)


def fields(pdf: bytes) -> dict[str, Any]:
    return {a.get_object()["/T"]: a.get_object() for a in PdfReader(io.BytesIO(pdf)).pages[0]["/Annots"]}  # type: ignore[union-attr]


def test_it_says_whose_it_is_and_has_a_named_field_for_everything(form: bytes) -> None:
    document = pypdfium2.PdfDocument(form)
    assert len(document) == 1
    text = document[0].get_textpage().get_text_range()
    for words in ("政府信息公开申请表", "青禾县人民政府办公室", "所需政府信息的名称、文号", "一楼窗口", "不收费。"):
        assert words in text
    found = fields(form)
    assert {"person", "person_number", "body", "address", "what", "form_paper", "way_post", "date"} <= found.keys()
    assert all(f["/TU"] for f in found.values()), "who hears the form is told what each field is"
    assert [f["/FT"] for f in found.values()].count("/Btn") == 7


def test_the_same_data_give_the_same_bytes_and_other_data_others(form: bytes) -> None:
    application_form.cache_clear()
    assert application_form(DATA) == form
    assert application_form(replace(DATA, organ="柳林镇党政综合办公室")) != form


def test_many_ways_still_leave_it_on_one_sheet() -> None:
    many = replace(DATA, ways=tuple(FormWay("当面", f"第{n}窗口，" + "周一至周五8:30—17:00" * 3) for n in range(9)))
    assert len(pypdfium2.PdfDocument(application_form(many))) == 1


def test_what_people_write_into_the_files_is_printed_as_it_is() -> None:
    odd = replace(DATA, organ='#panic("x") *办公室* $x$ </metadata>')
    text = pypdfium2.PdfDocument(application_form(odd))[0].get_textpage().get_text_range()
    assert '#panic("x") *办公室* $x$ </metadata>' in text


def ink(page: pypdfium2.PdfPage, rect: list[float], scale: float = 2) -> int:
    """Dark pixels within a rectangle of the page."""
    picture = np.array(page.render(scale=scale, may_draw_forms=True).to_pil().convert("L"))
    x0, y0, x1, y1 = (int(v * scale) for v in rect)
    height = picture.shape[0]
    return int((picture[height - y1 + 2 : height - y0 - 2, x0 + 2 : x1 - 2] < 128).sum())


def test_chinese_typed_into_it_is_seen_and_kept(form: bytes) -> None:
    """As in Chrome and Edge, whose engine this is."""
    places = {name: [float(v) for v in f["/Rect"]] for name, f in fields(form).items()}
    document = pypdfium2.PdfDocument(form)
    document.init_forms()
    page, env = document[0], document.formenv.raw

    def click(name: str) -> None:
        x0, y0, x1, y1 = places[name]
        at = (ctypes.c_double((x0 + x1) / 2), ctypes.c_double((y0 + y1) / 2))
        raw.FORM_OnMouseMove(env, page.raw, 0, *at)
        raw.FORM_OnLButtonDown(env, page.raw, 0, *at)
        raw.FORM_OnLButtonUp(env, page.raw, 0, *at)

    def write(name: str, text: str) -> None:
        click(name)
        for character in text:
            raw.FORM_OnChar(env, page.raw, ord(character), 0)
        raw.FORM_ForceToKillFocus(env)

    blank = {name: ink(page, places[name]) for name in ("person", "what", "form_paper")}
    assert blank["person"] == blank["what"] == 0
    write("person", "张小三")
    write("what", "青河大桥引线工程征地补偿安置方案" * 4)
    click("form_paper")
    raw.FORM_ForceToKillFocus(env)
    assert ink(page, places["person"]) > 150
    assert ink(page, places["what"]) > 3000
    assert ink(page, places["form_paper"]) > blank["form_paper"] + 10
    out = io.BytesIO()
    document.save(out)
    kept = PdfReader(io.BytesIO(out.getvalue())).get_fields() or {}
    assert kept["person"]["/V"] == "张小三"
    assert kept["what"]["/V"] == "青河大桥引线工程征地补偿安置方案" * 4
    assert kept["form_paper"]["/V"] == "/Yes"
