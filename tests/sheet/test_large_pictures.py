"""A picture of 200 megapixels: found before anybody prints, left out of the sheet with a word, and no memory taken for it."""

from __future__ import annotations

import resource
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import pypdfium2

from sitegen.build import Options, build
from sitegen.check import load_and_check
from sitegen.printing import Order, print_sheets
from tests.demo import DAY

HEAD = "content/townships/heping/records/2026-0001.md"


def large_png(width: int, height: int) -> bytes:
    """A sound picture of one bit a pixel, made row by row: black packs a thousand to one."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    packer = zlib.compressobj(9)
    row = b"\0" * (1 + (width + 7) // 8)
    packed = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
        + chunk(b"IDAT", packed)
        + chunk(b"IEND", b"")
    )


def test_it_is_said_with_its_place_and_nothing_else_is_lost(region: Callable[..., Path], tmp_path: Path) -> None:
    root = region()
    files = root / "content/townships/heping/records/files"
    files.mkdir()
    (files / "guihua.png").write_bytes(large_png(20_000, 10_000))
    path = root / HEAD
    path.write_text(path.read_text(encoding="utf-8") + "\n![全镇规划图](files/guihua.png)\n", encoding="utf-8")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    (found,) = [f for f in load_and_check(root, DAY, cache=False).findings if f.code == "SG343"]
    assert (found.file, found.line) == (HEAD, 15)
    assert "200 megapixels" in found.message("en")

    made = print_sheets(Order(root, tmp_path / "out", DAY, ("230198101000",)))
    (sheet,) = made.made
    words = "".join("".join(p.get_textpage().get_text_range() for p in pypdfium2.PdfDocument(sheet.path)).split())
    assert "全镇规划图" in words
    assert "2026年种粮补贴发放" in words
    assert "张*三" in words

    assert not build(Options(root, tmp_path / "public", DAY)).refused
    page = (tmp_path / "public/ce.example.cn/heping/r/2026-0001/index.html").read_text(encoding="utf-8")
    assert 'alt="全镇规划图"' in page
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 150_000  # kilobytes: it was never unpacked
