"""Files beside pages: written where they say, each under an address of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from sitegen.flat import unfold
from sitegen.site import engine
from sitegen.site.spec import FileSpec
from tests.sample_view import village_view


def _count(data: object) -> str:
    assert isinstance(data, tuple)
    return f"{len(data)} 件"


def test_text_bytes_and_what_is_made_of_data_are_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = [FileSpec("feed.xml", "<feed/>"), FileSpec("s/0.bin", b"\x00\xff"), FileSpec("count.txt", (1, 2), _count)]
    monkeypatch.setattr(engine, "beside_pages", lambda view, made: files)
    engine.build_unit(village_view(), tmp_path / "out", tmp_path)
    unfold(tmp_path / "out" / "site", tmp_path / "site")
    assert (tmp_path / "site/feed.xml").read_text() == "<feed/>"
    assert (tmp_path / "site/s/0.bin").read_bytes() == b"\x00\xff"
    assert (tmp_path / "site/count.txt").read_text(encoding="utf-8") == "2 件"


@pytest.mark.parametrize("path", ["list", "count.txt"])
def test_two_sources_for_one_address_are_refused(path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "beside_pages", lambda view, made: [FileSpec("count.txt", "1"), FileSpec(path, "2")])
    with pytest.raises(ValueError, match="two sources"):
        engine.build_unit(village_view(), tmp_path / "out", tmp_path)
