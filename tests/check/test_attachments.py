"""Attachments: everything that can be read is read, and what cannot is said to be unchecked; nothing crashes."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sitegen.check import attachments
from sitegen.check.attachments import pieces
from sitegen.check.pieces import FileName, Grid, Prose, Unchecked, cell_name
from tests.office import LOCKED_PDF, docx, odt, pdf, picture, pptx, xlsx, zipped


def words(name: str, data: bytes) -> str:
    out = []
    for piece in pieces(name, data):
        match piece:
            case Prose():
                out.append(piece.text)
            case Grid():
                out += ["|".join(row) for _, row in piece.rows]
            case FileName():
                out.append(piece.name)
    return "\n".join(out)


def unchecked(name: str, data: bytes) -> list[tuple[str, str]]:
    return [(p.problem, p.place) for p in pieces(name, data) if isinstance(p, Unchecked)]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.docx", docx(["前言", "暗号青禾"])),
        ("a.docx", docx([], [["姓名", "备注"], ["张*三", "暗号青禾"]])),
        ("a.docx", docx(["前言"], parts={"word/header1.xml": "暗号青禾"})),
        ("a.docx", docx(["前言"], parts={"word/comments.xml": "暗号青禾"})),
        ("a.docx", docx(["前言"], parts={"word/footnotes.xml": "暗号青禾"})),
        ("a.xlsx", xlsx([["甲"], ["暗号青禾"]])),
        ("a.xlsx", xlsx([["甲"]], hidden=[["暗号青禾"]])),
        ("a.xlsx", xlsx([["甲"]], comment="暗号青禾")),
        ("a.xlsx", xlsx([["甲"]], author="暗号青禾")),
        ("a.pptx", pptx(["一", "暗号青禾"])),
        ("a.odt", odt(["一", "暗号青禾"])),
        ("a.pdf", pdf("一", "暗号青禾")),
        ("a.txt", "暗号青禾".encode("gb18030")),
        ("a.txt", "暗号青禾".encode("utf-16")),
        ("a.csv", "甲,暗号青禾\n".encode()),
        ("a.html", "<p>暗<b>号</b>青禾</p>".encode()),
        ("a.svg", "<svg><text>暗号青禾</text></svg>".encode()),
        ("a.zip", zipped({"b/c.txt": "暗号青禾"})),
        ("a.zip", zipped({"b.zip": zipped({"c.docx": docx(["暗号青禾"])})})),
        ("a.zip", zipped({"暗号青禾.txt": "x"})),
        ("a.docx", zipped({"[Content_Types].xml": "<T/>", "word/document.xml": "<d/>", "word/embeddings/x.xlsx": xlsx([["暗号青禾"]])})),
        ("a.ofd", zipped({"OFD.xml": "<o/>", "Doc_0/Pages/Page_0/Content.xml": "<p><TextCode>暗号青禾</TextCode></p>"})),
        ("misnamed.zip", docx(["暗号青禾"])),
    ],
)
def test_every_kind_is_read(name: str, data: bytes) -> None:
    assert "暗号青禾" in words(name, data)
    assert unchecked(name, data) == []


def test_names_from_chinese_windows() -> None:
    data = bytearray(zipped({"AAAA.txt": "x"}))
    raw = "名单".encode("gb18030")
    assert "名单.txt" in words("a.zip", bytes(data).replace(b"AAAA", raw))


@pytest.mark.parametrize(
    ("name", "data", "problem"),
    [
        ("a.pdf", LOCKED_PDF, "it is encrypted"),
        ("a.pdf", b"%PDF-1.4 broken", "damaged or encrypted"),
        ("a.pdf", b"no pdf at all", "damaged or encrypted"),
        ("a.zip", zipped({"a": "b" * 999})[:50], "damaged or encrypted"),
        ("a.zip", b"PK\x05\x06", "damaged or encrypted"),
        ("a.docx", b"PK\x03\x04", "damaged or encrypted"),
        ("a.docx", zipped({"[Content_Types].xml": "<T/>", "word/document.xml": "<w:p>"}), "damaged or encrypted"),
        (
            "a.docx",
            zipped({"[Content_Types].xml": "<T/>", "word/document.xml": "<!DOCTYPE x [<!ENTITY a 'b'>]><p>&a;</p>"}),
            "damaged or encrypted",
        ),
        ("a.xlsx", zipped({"xl/workbook.xml": "<w/>"}), "damaged or encrypted"),
        ("a.doc", b"\xd0\xcf\x11\xe0" + bytes(600), "an old Office format (.doc, .ppt, .wps)"),
        ("a.docx", b"\xd0\xcf\x11\xe0" + bytes(40) + "EncryptedPackage".encode("utf-16-le"), "it is encrypted"),
        ("a.xls", b"\xd0\xcf\x11\xe0" + bytes(600), "damaged or encrypted"),
        ("a.rar", b"Rar!", "a kind of file that is not read here"),
        ("a.txt", b"\x00\xff\x00\xfe\x81", "no text in a known encoding"),
    ],
)
def test_what_cannot_be_read_is_said(name: str, data: bytes, problem: str) -> None:
    assert problem in [p for p, _ in unchecked(name, data)]


def test_scans_are_named_by_page() -> None:
    assert unchecked("a.pdf", pdf("一", "", "", "四", "")) == [("there is no text in it (a scan?)", "P2–3、5")]


def test_a_document_of_pictures_is_a_scan() -> None:
    data = zipped({"[Content_Types].xml": "<T/>", "word/document.xml": "<d/>", "word/media/image1.png": picture("PNG")})
    assert unchecked("a.docx", data) == [("there is no text in it (a scan?)", "")]


def test_bombs_are_not_unpacked() -> None:
    assert unchecked("a.zip", zipped({"a.txt": b"0" * 20_000_000})) == [("unpacks to far more than its size", "a.txt")]
    nested = zipped({"a.txt": "x"})
    for _ in range(6):
        nested = zipped({"in.zip": nested})
    assert [p for p, _ in unchecked("a.zip", nested)] == ["archives in archives in archives"]


def test_too_many_members(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attachments, "MEMBER_LIMIT", 5)
    data = zipped({f"{n}.txt": f"{n}" for n in range(9)})
    assert [p for p, _ in unchecked("a.zip", data)] == ["unpacks to far more than its size"]


def test_cells_have_the_names_that_excel_gives_them() -> None:
    assert [cell_name(c, 7) for c in (0, 2, 25, 26, 701, 702)] == ["A7", "C7", "Z7", "AA7", "ZZ7", "AAA7"]


@pytest.mark.parametrize("name", ["a.docx", "a.xlsx", "a.zip", "a.pptx", "a.odt", "a.pdf"])
def test_damage_anywhere_never_raises(name: str) -> None:
    whole = {"a.docx": docx(["文"] * 9, [["姓名"], ["张*三"]]), "a.xlsx": xlsx([["甲"], ["乙"]]), "a.zip": zipped({"a.txt": "文", "b.docx": docx(["x"])}),
             "a.pptx": pptx(["一"]), "a.odt": odt(["一"]), "a.pdf": pdf("一")}[name]  # fmt: skip
    chance = random.Random(1)
    for _ in range(60):
        data = bytearray(whole)
        for _ in range(chance.randint(1, 30)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        list(pieces(name, bytes(data[: chance.randrange(1, len(data) + 1)])))


@given(st.sampled_from(["a.pdf", "a.docx", "a.xlsx", "a.xls", "a.zip", "a.csv", "a.html", "a.ods"]), st.binary(max_size=400))
@settings(max_examples=60)
def test_any_bytes_are_read_or_said_to_be_unchecked(name: str, data: bytes) -> None:
    found = list(pieces(name, data))
    assert found or not data or not data.strip() or name in ("a.csv", "a.html")
