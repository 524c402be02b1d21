"""verify proves what is whole, and names what somebody touched."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from sitegen import ledger as files
from sitegen.build import Options, build
from sitegen.verify import Folder, Verified, Web, verify
from tests.ledger.county import DAY, VILLAGES, County

EAST, WEST = VILLAGES


@pytest.fixture
def county(tmp_path: Path) -> County:
    return County.corrected(tmp_path / "region")


def public(county: County) -> Path:
    out = county.root / "public"
    assert not build(Options(county.root, out, DAY)).refused
    return out


def kinds(verified: Verified) -> list[tuple[str, str]]:
    return [(w.kind, w.where) for w in verified.wrong]


def test_what_was_built_from_what_was_released_is_proved(county: County) -> None:
    found = verify(county.root, DAY, Folder(public(county)))
    assert found.wrong == ()
    assert found.records == 4
    assert found.codes >= 6
    assert found.lines == 10


RECORD = "ce.example.cn/heping/r/2026-0001/"


@pytest.mark.parametrize(
    ("old", "new", "part"),
    [
        ("<td>745.00</td>", "<td>945.00</td>", "表格"),
        ("张*三", "张*山", "表格"),
        ("发放情况予以公示", "发放情况予以公布", "正文"),
        ("2026年5月8日至", "2026年5月9日至", "标题和日期"),
        ("<h1>2026年种粮", "<h1>2025年种粮", "标题和日期"),
    ],
)
def test_a_page_that_somebody_touched_is_named(county: County, old: str, new: str, part: str) -> None:
    out = public(county)
    page = out / RECORD / "index.html"
    text = page.read_text(encoding="utf-8")
    assert old in text
    page.unlink()  # a hard link of the store
    page.write_text(text.replace(old, new), encoding="utf-8")
    (wrong,) = verify(county.root, DAY, Folder(out)).wrong
    assert (wrong.kind, wrong.where, wrong.what) == ("content", RECORD, part)


def test_a_code_that_lies_is_dead_or_unknown_is_named(county: County) -> None:
    out = public(county)
    code = county.code_of(EAST, "2026-0001")
    q = out / "ce.example.cn" / "Q"
    page = q / f"{code}-1" / "index.html"
    text = page.read_text(encoding="utf-8")
    page.unlink()
    assert kinds(verify(county.root, DAY, Folder(out))) == [("missing", f"ce.example.cn/Q/{code}-1/")]
    page.write_text(text.replace("这张纸是现行版本", "这张纸已作废"), encoding="utf-8")
    assert kinds(verify(county.root, DAY, Folder(out))) == [("verdict", f"ce.example.cn/Q/{code}-1/")]
    page.write_text(text, encoding="utf-8")
    (q / "0000000000-1").mkdir()
    assert kinds(verify(county.root, DAY, Folder(out))) == [("orphan", "ce.example.cn/Q/0000000000-1/")]


def test_a_changed_line_a_changed_content_and_a_cut_ledger_are_named(county: County) -> None:
    out = public(county)
    folder = county.root / VILLAGES[EAST]
    path = folder / files.FILE
    whole = path.read_bytes()
    path.write_bytes(whole.replace(b'"on":"2026-11-24"', b'"on":"2026-11-25"', 1))
    assert ("line", f"{VILLAGES[EAST]}/{files.FILE}:1") in kinds(verify(county.root, DAY, None))
    path.write_bytes(whole)
    kept = sorted((folder / files.OBJECTS).glob("*.gz"))[0]
    data = kept.read_bytes()
    kept.write_bytes(data[:-9] + b"\0" * 9)
    assert [k for k, _ in kinds(verify(county.root, DAY, None))] == ["object"]
    kept.write_bytes(data)
    path.write_bytes(b"".join(whole.splitlines(keepends=True)[:-1]))
    assert "cut" in [k for k, _ in kinds(verify(county.root, DAY, Folder(out)))]


class _Server(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Requests are not worth a line."""


@pytest.fixture
def served(county: County) -> Iterator[str]:
    """The hosts as folders of a plain static server."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Server, directory=str(public(county))))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


def test_a_live_site_is_watched(county: County, served: str) -> None:
    place = Web(served, frozenset({"ce.example.cn", "xijie.example.cn"}))
    found = verify(county.root, DAY, place)
    # This server tells capitals from small letters and cannot be told otherwise; the address without a slash it does answer.
    assert {k for k, _ in kinds(found)} == {"variant"}
    assert all(where.split("/", 1)[1].startswith("q/") for _, where in kinds(found))
    assert found.records == 4
    page = county.root / "public" / RECORD / "index.html"
    text = page.read_text(encoding="utf-8").replace("745.00", "7450.0")
    page.unlink()
    page.write_text(text, encoding="utf-8")
    assert ("content", RECORD) in kinds(verify(county.root, DAY, place))


def test_a_site_that_was_not_built_again_is_called_old(county: County) -> None:
    out = public(county)
    found = verify(county.root, DAY.replace(day=25), Folder(out))
    assert {k for k, _ in kinds(found)} == {"old"}


def test_an_address_that_belongs_to_no_site_is_told_once(county: County, tmp_path: Path) -> None:
    from click.testing import CliRunner

    from sitegen.cli import main

    public(county)
    (tmp_path / "other").mkdir()
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Server, directory=str(tmp_path / "other")))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        url = f"http://127.0.0.1:{server.server_port}/"
        done = CliRunner().invoke(main, ["-C", str(county.root), "--date", DAY.isoformat(), "--lang", "en", "verify", "--url", url])
    finally:
        server.shutdown()
    assert done.exit_code == 1
    assert f"nothing behind {url} belongs to this region" in done.output
    assert "ce.example.cn" in done.output
    assert "there is no page" not in done.output
