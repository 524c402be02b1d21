"""Page-exact builds: what is taken over is what would be made, whatever was edited, and a wrong copy does not survive."""

from __future__ import annotations

import datetime as dt
import json
import os
import random
import shutil
import sqlite3
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from sitegen.build import Options, Result, build
from sitegen.digests import digest_of
from sitegen.load.cache import cache_folder, libraries, program_digest
from sitegen.rebuild import differences
from sitegen.site.opendata import PACKAGE, data_files
from sitegen.site.spec import FileSpec
from tests.sample_view import subsidy_table, village_view

DAY = dt.date(2026, 5, 10)
EAST, WEST, TOWNSHIP = "230198101201", "230198101202", "230198101000"
ROAD = "villages/heping/dongjie/records/2026-0001.md"
LIST = "content/townships/heping/records/2026-0001"


def options(root: Path, day: dt.date = DAY) -> Options:
    return Options(root, root / "public", day)


def run(root: Path, day: dt.date = DAY) -> Result:
    return build(options(root, day))


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_changed_text_builds_its_page_and_not_the_catalogue(region: Callable[..., Path]) -> None:
    root = region()
    run(root)
    edit(root / ROAD, "会议决定修路。", "会议决定修桥。")
    result = run(root)
    assert set(result.why) == {EAST}
    built = result.why[EAST]
    assert "shows content" in built["site/r/2026-0001/"]
    untouched = {"site/search/", "site/list/posted/"} | {p for p in built if p.startswith("site/catalog/")}
    assert not untouched & built.keys()
    whole = json.loads(next((root / f"public/.store/units/{EAST}").glob("*/made.json")).read_text(encoding="utf-8"))
    assert "checklist/" in whole["trees"]["site"]
    assert "site/checklist/" not in built  # the list of what is owed names no record's text


def test_what_is_built_is_what_changes_and_nothing_else(region: Callable[..., Path]) -> None:
    root = region()
    run(root)

    def served() -> dict[str, bytes]:
        return {p.relative_to(host).as_posix(): p.read_bytes() for p in host.rglob("*") if p.is_file()}

    host, site = root / "public/ce.example.cn", "heping/dongjie/"
    before = served()
    edit(root / ROAD, "会议决定修路。", "会议决定修桥。")
    why = run(root).why
    now = served()
    changed = {p for p in before.keys() | now.keys() if before.get(p) != now.get(p) and not p.startswith("search-index/")}
    pages = {p if p.endswith((".html", ".xml", ".json")) else f"{p}index.html" for p in why[EAST]}
    assert why.keys() == {EAST}
    assert {p.replace("site/", site, 1) if p.startswith("site/") else p.replace("q/", "Q/", 1) for p in pages} == changed
    assert f"{site}r/2026-0001/index.html" in changed


def test_what_hosts_have_of_no_unit_has_its_reason_too(region: Callable[..., Path]) -> None:
    root = region()
    asked = replace(options(root), why=True)
    assert not build(asked).of_hosts  # nothing stood there: all of it is new
    edit(root / ROAD, "会议决定修路。", "会议决定修桥。")
    before = {p: p.read_bytes() for p in (root / "public/ce.example.cn").rglob("*") if p.is_file()}
    told = build(asked).of_hosts["ce.example.cn"]
    assert told["search-index/index.bin"] == ("content",)
    now = {p for p in (root / "public/ce.example.cn").rglob("*") if p.is_file()}
    fresh = {p.relative_to(root / "public/ce.example.cn").as_posix() for p in now if before.get(p) != p.read_bytes()}
    assert {p for p in fresh if p.startswith("search-index/")} == told.keys()
    assert not build(replace(asked, date=DAY)).of_hosts
    assert build(replace(asked, date=DAY + dt.timedelta(1))).of_hosts["ce.example.cn"]["asof.css"] == ("content",)


def test_a_data_package_is_made_again_when_it_says_something_else_and_not_for_a_text() -> None:
    view = village_view()
    content = replace(view.contents["2026-0012"], table=subsidy_table())

    def package(body: str = "", **over: str) -> FileSpec:
        records = tuple(replace(r, **over) if r.id == "2026-0012" else r for r in view.records)
        shown = replace(view, records=records, contents={**view.contents, "2026-0012": replace(content, body=body)})
        return next(spec for spec in data_files(shown) if spec.path == PACKAGE)

    assert digest_of(package("另一段话").data) == digest_of(package().data)
    assert digest_of(package(title="另一个名称").data) != digest_of(package().data)
    assert "另一个名称" in package(title="另一个名称").content().decode()


@pytest.mark.parametrize("file", ["heping/index.html", "asof.css", "assets/stylesheets/board.css", "404.html", "sitemap.xml"])
def test_what_was_damaged_where_it_is_served_is_told_and_made_right_by_force(region: Callable[..., Path], file: str) -> None:
    root = region()
    run(root)
    damaged = root / "public/ce.example.cn" / file
    good = damaged.read_bytes()
    with damaged.open("ab") as stream:
        stream.write(b"x")
    assert f"ce.example.cn/{file}" in differences(options(root))
    build(replace(options(root), force=True))
    assert damaged.read_bytes() == good
    assert not differences(options(root))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no time that nobody can set")
def test_a_file_that_is_as_long_and_as_old_as_it_was_is_read(region: Callable[..., Path]) -> None:
    root = region()
    run(root)
    info = (root / ROAD).stat()
    time.sleep(0.05)  # the clock of the disk ticks slowly
    edit(root / ROAD, "会议决定修路。", "会议决定修桥。")
    os.utime(root / ROAD, ns=(info.st_atime_ns, info.st_mtime_ns))
    assert "shows content" in run(root).why[EAST]["site/r/2026-0001/"]


def test_force_believes_nothing_that_was_kept(region: Callable[..., Path]) -> None:
    """What was read is kept wrong, in good form: a cold comparison tells, and force makes it right, also for what is built after it."""
    root = region()
    run(root)
    good = (root / "public/ce.example.cn/heping/dongjie/r/2026-0001/index.html").read_bytes()
    kept = sqlite3.connect(cache_folder(root) / "loaded.sqlite")
    with kept:
        for number, data in kept.execute("SELECT id, data FROM part").fetchall():
            kept.execute("UPDATE part SET data = ? WHERE id = ?", (data.replace("决定修路".encode(), "决定修桥".encode()), number))
    kept.close()
    shutil.rmtree(root / "public")
    run(root)
    page = "ce.example.cn/heping/dongjie/r/2026-0001/index.html"
    assert page in differences(options(root))
    build(replace(options(root), force=True))
    assert not differences(options(root))
    shutil.rmtree(root / "public")
    run(root)
    assert (root / "public" / page).read_bytes() == good


def test_another_version_of_a_library_is_another_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Such as the one that knows the holidays, which is new every year."""
    before, known = libraries(), program_digest.__wrapped__()
    assert any(name.startswith("chinesecalendar-") for name in before)
    assert any(name.startswith("mkdocs_material-") for name in before)
    assert not any(name.startswith("pytest-") for name in before)
    monkeypatch.syspath_prepend(str(tmp_path))
    (tmp_path / "pytest-99.0.dist-info").mkdir()
    assert program_digest.__wrapped__() == known
    (tmp_path / "chinesecalendar-99.0.dist-info").mkdir()
    assert program_digest.__wrapped__() != known


def test_a_changed_phone_builds_every_page_for_it_stands_on_all(region: Callable[..., Path]) -> None:
    root = region()
    run(root)
    unit = root / "villages/heping/xijie/unit.yml"
    text = unit.read_text(encoding="utf-8")
    number = text.split("phone: ")[1].split(",")[0].split("}")[0].split("\n")[0].strip()
    unit.write_text(text.replace(number, "0451-0000 1277" if '"' not in number else '"0451-0000 1277"'), encoding="utf-8")
    why = run(root).why[WEST]
    assert all("frame" in reasons for path, reasons in why.items() if path.startswith("site/") and path.endswith("/"))
    assert "site/" in why


def test_a_damaged_copy_is_made_again(region: Callable[..., Path]) -> None:
    root = region()
    run(root)
    store = next((root / f"public/.store/units/{EAST}").iterdir()) / "site"
    at = (store / "index").read_text(encoding="utf-8").split("\n").index("search/index.html")
    (store / str(at)).write_text("damaged", encoding="utf-8")
    edit(root / ROAD, "会议决定修路。", "会议决定修桥。")
    assert run(root).why[EAST]["site/search/"] == ("its copy is missing or damaged",)
    assert differences(options(root)) == ()


def test_verify_names_the_file_that_differs(region: Callable[..., Path]) -> None:
    root = region()
    run(root)
    page = root / "public/ce.example.cn/heping/index.html"
    page.unlink()  # the copy in the store is another name of the same file
    page.write_text("other", encoding="utf-8")
    assert differences(options(root)) == ("ce.example.cn/heping/index.html",)


def test_a_store_without_its_notes_is_built_whole(region: Callable[..., Path]) -> None:
    root = region()
    run(root)
    for notes in (root / "public/.store").glob("units/*/*/made.json"):
        notes.write_text("{", encoding="utf-8")
    edit(root / ROAD, "会议决定修路。", "会议决定修桥。")
    assert {r for reasons in run(root).why[EAST].values() for r in reasons} == {"the program, the theme or the catalogue changed"}


def _title(root: Path, chance: random.Random) -> None:
    path = chance.choice((root / ROAD, root / f"{LIST}.md"))
    lines = path.read_text(encoding="utf-8").split("\n")
    at = next(n for n, line in enumerate(lines) if line.startswith("title: "))
    lines[at] += chance.choice("甲乙丙丁")
    path.write_text("\n".join(lines), encoding="utf-8")


def _text(root: Path, chance: random.Random) -> None:
    path = chance.choice((root / ROAD, root / f"{LIST}.md"))
    path.write_text(path.read_text(encoding="utf-8") + f"\n第{chance.randrange(100)}段。\n", encoding="utf-8")


def _name(root: Path, chance: random.Random) -> None:
    path = root / chance.choice(("villages/heping/dongjie/unit.yml", "content/townships/heping/unit.yml"))
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("\nname: ", f"\nname: {chance.choice('新大')}", 1), encoding="utf-8")


def _new(root: Path, chance: random.Random) -> None:
    text = (root / ROAD).read_text(encoding="utf-8")
    id = f"2026-{chance.randrange(1000, 9999)}"
    (root / ROAD).with_name(f"{id}.md").write_text(text.replace("2026-0001", id, 1), encoding="utf-8")


def _gone(root: Path, chance: random.Random) -> None:
    found = sorted((root / ROAD).parent.glob("2026-[1-9]*.md"))
    if found:
        chance.choice(found).unlink()


@pytest.mark.parametrize("seed", range(3))
def test_after_any_edits_the_bytes_are_those_of_a_cold_build(region: Callable[..., Path], seed: int) -> None:
    root, chance, day = region(), random.Random(seed), DAY
    run(root)
    for _ in range(3):
        for _ in range(chance.randrange(1, 3)):
            chance.choice((_title, _text, _name, _new, _gone))(root, chance)
        day += dt.timedelta(chance.choice((0, 0, 1, 9)))
        result = run(root, day)
        if result.refused or result.held:
            pytest.fail(f"the edits were to be sound: {result.findings}")
        assert differences(options(root, day)) == ()
