"""Pictures lose what telephones write into them, and nothing else."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from sitegen.pictures import stripped, told_by
from tests.office import picture


def pixels(data: bytes) -> bytes:
    with Image.open(io.BytesIO(data)) as image:
        return image.convert("RGB").tobytes()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_place_and_author_go_and_the_picture_stays(kind: str) -> None:
    data = picture(kind, gps=True, artist="Zhang San", comment="secret note")
    assert told_by(data).what == "the place where it was taken"
    clean = stripped(data)
    assert told_by(clean).what == ""
    assert told_by(clean).texts == ()
    for trace in (b"Zhang", b"secret", b"GPS"):
        assert trace not in clean
    assert pixels(clean) == pixels(data)
    assert stripped(data) == clean
    assert stripped(clean) == clean


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_turned_picture_stays_upright(kind: str) -> None:
    clean = stripped(picture(kind, gps=True, artist="Zhang San", turned=6))
    with Image.open(io.BytesIO(clean)) as image:
        assert dict(image.getexif()) == {0x0112: 6}
    assert b"Zhang" not in clean
    assert stripped(clean) == stripped(stripped(clean))


def test_what_telephones_append_goes() -> None:
    data = picture(artist="x") + b"\0\0\0\x18ftypmp42 a film with a voice"
    assert b"ftyp" not in stripped(data)


def test_png_texts_and_times_go() -> None:
    from PIL import PngImagePlugin

    info = PngImagePlugin.PngInfo()
    info.add_text("Author", "Zhang San")
    info.add_itxt("Description", "拍摄人张三")
    out = io.BytesIO()
    Image.new("RGB", (4, 4)).save(out, "PNG", pnginfo=info)
    assert "拍摄人张三" in told_by(out.getvalue()).texts
    clean = stripped(out.getvalue())
    assert b"Zhang" not in clean
    assert told_by(clean).what == ""


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xd8",
        b"\xff\xd8\xff",
        b"\xff\xd8\xff\xe1\xff\xff",
        b"\x89PNG\r\n\x1a\n\0\0",
        b"RIFF\0\0\0\0WEBPEXIF\xff\xff\xff\xff",
        b"GIF89a",
        b"no picture",
    ],
)
def test_what_is_damaged_passes_as_it_is(data: bytes) -> None:
    assert stripped(data) == data
    assert told_by(data).what == ""


def test_a_clean_picture_is_not_touched() -> None:
    for kind in ("JPEG", "PNG", "WEBP"):
        data = stripped(picture(kind, artist="x"))
        assert stripped(data) is data
