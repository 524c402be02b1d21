"""Search in builds: what was built before makes no difference, and what did not change is not made again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from sitegen.build import Options, build
from sitegen.search import divide, index, pieces, segments, shelf
from sitegen.search.index import compressed
from tests.search.scan import Scan

DAY = dt.date(2026, 5, 10)
RECORD = "content/townships/heping/records/2026-0001.md"
DECISION = "villages/heping/dongjie/records/2026-0001.md"


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few texts are many here."""
    monkeypatch.setattr(divide, "_SCANNED", 2)
    monkeypatch.setattr(divide, "_FEW", 1)
    monkeypatch.setattr(divide, "_FRESH", 1)
    for module in (index, pieces):
        monkeypatch.setattr(module, "LEAST", 200)
        monkeypatch.setattr(module, "MOST", 400)


def built(root: Path, out: Path) -> dict[str, bytes]:
    """All files of the search, by host and path."""
    assert not build(Options(root, out, DAY)).refused
    return {p.relative_to(out).as_posix(): p.read_bytes() for p in out.glob("*/search-index/**/*") if p.is_file()}


def test_a_changed_record_gives_the_same_files_as_a_cold_build(region: Callable[..., Path], tmp_path: Path) -> None:
    root = region()
    built(root, tmp_path / "public")
    for file, old, new in ((RECORD, "发放情况", "发放结果"), (DECISION, "修路", "修桥"), (RECORD, "发放结果", "发放情况")):
        path = root / file
        path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
        warm = built(root, tmp_path / "public")
        assert warm == built(root, tmp_path / f"cold-{new}")
        scan = Scan(tmp_path / "public" / "ce.example.cn" / "search-index")
        assert any(not scanned for _, _, scanned in scan.json("index.bin")["segments"])
        assert scan.through_index(new) == scan.truth(new) != set()
        assert scan.through_index(old) == scan.truth(old) == set()


def index_of(public: Path) -> set[tuple[str, str, int]]:
    """Pieces of indexes, by host and address, and which file of the store they are."""
    files = (p for p in public.glob("*/search-index/20*/*-*.bin") if len(p.name.split("-")) == 2)
    return {(p.parents[2].name, p.name, p.stat().st_ino) for p in files}


def test_what_did_not_change_is_not_made_again(region: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = region()
    built(root, tmp_path / "public")
    made: list[int] = []
    made_anew = shelf.made_anew
    monkeypatch.setattr(shelf, "made_anew", lambda marks, *rest: made.append(len(marks)) or made_anew(marks, *rest))
    packed: list[bytes] = []
    monkeypatch.setattr(segments, "compressed", lambda data, level: packed.append(data) or compressed(data, level))
    before = index_of(tmp_path / "public")
    path = root / DECISION
    path.write_text(path.read_text(encoding="utf-8").replace("修路", "修桥"), encoding="utf-8")
    built(root, tmp_path / "public")
    after = index_of(tmp_path / "public")
    assert not made  # of two hosts' indexes each has what the change says put in
    assert len(packed) == sum(piece not in before for piece in after) > 0
    assert before & after
    kept = len(list((tmp_path / "public" / ".store" / "search").iterdir()))
    path.write_text(path.read_text(encoding="utf-8").replace("修桥", "修渠"), encoding="utf-8")
    built(root, tmp_path / "public")
    built(root, tmp_path / "public")
    assert len(list((tmp_path / "public" / ".store" / "search").iterdir())) <= kept  # the store does not grow


def test_every_host_says_what_is_not_there(region: Callable[..., Path], tmp_path: Path) -> None:
    built(region(), tmp_path / "public")
    for host, phone in (("ce.example.cn", "测试县"), ("xijie.example.cn", "西街村")):
        page = (tmp_path / "public" / host / "404.html").read_text(encoding="utf-8")
        assert phone in page
        assert f"{host}/Q/" in page
        assert 'action="/search/"' in page
