"""A bundle for use without a network: the sites as they are, with links that lead to files, and nothing that the web may not show."""

from __future__ import annotations

import base64
import datetime as dt
import gzip
import html
import posixpath
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote, urljoin

import pypdfium2
import pytest

from sitegen.bundle import Occupied, Order, bundle, chosen
from sitegen.load.region import load_region
from tests.check.test_gate import FILE, IMAGE, ROWS, TABLE, TEXT, plant

Region = Callable[..., Path]
DAY = dt.date(2026, 5, 10)
TOWNSHIP = "230198101000"


def make(root: Path, target: Path, unit: str | None = None, day: dt.date = DAY, **more: object) -> dict[str, bytes]:
    """Bundle, and read back what is in it, without the archive's own folder."""
    region = load_region(root)
    order = Order(region, chosen(region, region.units[unit] if unit else None), root / "public", target, day, **more)  # type: ignore[arg-type]
    assert not bundle(order).built.refused
    if target.is_dir():
        return {p.relative_to(target).as_posix(): p.read_bytes() for p in target.rglob("*") if p.is_file()}
    with zipfile.ZipFile(target) as archive:
        assert archive.testzip() is None
        return {name.partition("/")[2]: archive.read(name) for name in archive.namelist()}


def links(path: str, page: bytes) -> list[str]:
    """Where the links, forms, pictures and scripts of a page lead: a path in the bundle, or an address."""
    text = re.sub(r"<link[^>]*rel=\"(?:canonical|alternate)\"[^>]*>", "", page.decode())
    found = re.findall(r'(?:href|src|action|data-index|data-root)="([^"]*)"', text) + re.findall(r'content="\d+;url=([^"]*)"', text)
    made = []
    for one in found:
        address = html.unescape(one)
        if address.startswith(("#", "tel:", "mailto:", "data:")) or not address:
            continue
        whole = urljoin(f"file:///{path}", address.partition("#")[0].partition("?")[0])
        made.append(unquote(whole.removeprefix("file:///")))
    return made


def test_every_link_leads_to_a_file_or_to_the_web(region: Region, tmp_path: Path) -> None:
    files = make(region(), tmp_path / "all.zip")
    pages = {name: data for name, data in files.items() if name.endswith(".html")}
    assert len(pages) > 20
    folders = {posixpath.dirname(name) + "/" for name in files} | {f"{n.split('/')[0]}/" for n in files}
    hosts = {name.split("/")[0] for name in files if "." in name.split("/")[0]}
    for name, data in pages.items():
        for goal in links(name, data):
            if goal.startswith(("http://", "https://")):
                assert goal.split("/")[2] not in hosts, f"{name} leads to {goal}, which is here"
            else:
                assert goal in files or goal in folders, f"{name} leads to {goal}, which is not here"


def test_one_unit_is_bundled_alone_and_what_is_above_is_on_the_web(region: Region, tmp_path: Path) -> None:
    files = make(region(), tmp_path / "xijie.zip", "230198101202")
    hosts = {name.split("/")[0] for name in files if name.endswith("index.html")}
    assert len(hosts) == 1
    goals = [g for name, data in files.items() if name.endswith(".html") for g in links(name, data)]
    assert any(g.startswith("https://ce.example.cn/") for g in goals)


def test_a_township_brings_its_villages(region: Region, tmp_path: Path) -> None:
    root = region()
    loaded = load_region(root)
    assert [u.data.name for u in chosen(loaded, loaded.units[TOWNSHIP])] == ["和平镇", "东街村", "西街村"]
    files = make(root, tmp_path / "township.zip", TOWNSHIP)
    assert "东街村" in files["开始.html"].decode()
    assert "西街村" in files["开始.html"].decode()


def test_the_same_sites_give_the_same_bytes(region: Region, tmp_path: Path) -> None:
    root = region()
    one, two = tmp_path / "a" / "x.zip", tmp_path / "b" / "x.zip"
    make(root, one)
    make(root, two)
    assert one.read_bytes() == two.read_bytes()


def test_a_folder_is_the_same_as_the_archive_and_is_replaced_whole(region: Region, tmp_path: Path) -> None:
    root = region()
    as_zip, as_folder = make(root, tmp_path / "x.zip"), make(root, tmp_path / "stick")
    assert as_zip == as_folder
    (tmp_path / "stick" / "old.html").write_text("old")
    assert make(root, tmp_path / "stick") == as_zip


def test_a_folder_with_something_else_in_it_is_left_alone(region: Region, tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "mine.jpg").write_bytes(b"x")
    with pytest.raises(Occupied):
        make(region(), tmp_path / "photos")
    assert [p.name for p in (tmp_path / "photos").iterdir()] == ["mine.jpg"]


def test_codes_data_sheets_and_words_for_who_opens_it(region: Region, tmp_path: Path) -> None:
    files = make(region(), tmp_path / "x.zip")
    assert any(re.search(r"/Q/[0-9A-Z]{10}-1/index.html$", name) for name in files)
    assert any(name.endswith("/calendar.ics") for name in files)
    sheets = [name for name in files if name.startswith("公示单/")]
    assert sheets
    assert all(files[name].startswith(b"%PDF") for name in sheets)
    assert all(name.rpartition("/")[2] in unquote(files["开始.html"].decode()) for name in sheets)
    told = files["请先看这里.txt"].decode("utf-8-sig")
    assert "双击“开始.html”" in told
    assert "\r\n" in told
    assert not any(name.endswith(("robots.txt", "sitemap.xml", "404.html", ".bin")) for name in files)


def test_no_sheets_on_request(region: Region, tmp_path: Path) -> None:
    assert not any(n.startswith("公示单/") for n in make(region(), tmp_path / "x.zip", sheets="none"))


@pytest.mark.parametrize(("item", "shown"), [("BT-01", True), ("BT-11", False), ("BT-12", False)])
def test_nothing_that_the_web_may_not_show_gets_in(region: Region, tmp_path: Path, item: str, shown: bool) -> None:
    root = region()
    plant(root, item=item)
    files = make(root, tmp_path / "x.zip", TOWNSHIP, dt.date(2026, 11, 24), sheets="all")
    words = (ROWS, FILE, TABLE, IMAGE) + ((TEXT,) if item != "BT-12" else ())
    said = "\0".join(name + read(name, data) for name, data in files.items()).replace("\n", "")
    assert "暗号标题" in said
    assert {w for w in words if w in said} == (set(words) if shown else set())


def read(name: str, data: bytes) -> str:
    """What a file says, packed or printed."""
    if name.startswith("search-index/"):
        return gzip.decompress(base64.b64decode(data.decode().split('"')[3])).decode("utf-8", "ignore")
    if name.endswith(".pdf"):
        document = pypdfium2.PdfDocument(data)
        return "".join(document[n].get_textpage().get_text_bounded() for n in range(len(document))).replace("\r", "")
    return data.decode("utf-8", "ignore")


def test_the_command_says_what_it_made(region: Region, tmp_path: Path) -> None:
    root = region()
    command = [
        sys.executable,
        "-c",
        "from sitegen.cli import main; main()",
        "-C",
        str(root),
        "--lang",
        "zh",
        "--date",
        "2026-05-10",
        "bundle",
    ]
    done = subprocess.run([*command, "和平镇", "--sheets", "none", "-j", "1"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "个单位" in done.stdout
    assert [p.name for p in (root / "bundle-out").iterdir()] == ["和平镇公开信息离线版-2026-05-10.zip"]
    other = subprocess.run([*command, "没有的村"], capture_output=True, text=True, check=False)
    assert other.returncode == 2
    assert "Traceback" not in other.stderr
