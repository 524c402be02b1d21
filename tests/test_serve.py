"""The preview: all hosts on 127.0.0.1, what is saved shown at once, problems shown in the pages, strangers refused."""

from __future__ import annotations

import datetime as dt
import os
import re
import signal
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

import pytest
from click.testing import CliRunner

from sitegen.build import Options, build
from sitegen.cli import main
from sitegen.load import cache
from sitegen.model.finding import finding
from sitegen.preview import Preview
from sitegen.serve.early import Early, early
from sitegen.serve.pages import Server
from sitegen.serve.run import Builder, first_build
from sitegen.serve.showing import Showing
from sitegen.serve.watching import Watcher
from sitegen.serve.whole import Outcome, build_whole

DAY = dt.date(2026, 5, 10)
LIST = "content/townships/heping/records/2026-0001"
"""The township's list, without its extension; both villages' pages are made of it or held against it."""
PAGE = "/ce.example.cn/heping/r/2026-0001/"


class Served:
    """A running server, and what it shows."""

    def __init__(self, root: Path, day: dt.date) -> None:
        self.root, self.day = root, day
        self.showing = Showing(root / "public")
        self.sheets = Preview(root, "zh", lambda: day)
        self.server = Server(0, self.showing, self.sheets, "zh")
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.showing.put_whole(0, first_build(root, root / "public", day))

    def get(self, path: str, **headers: str) -> str:
        with urllib.request.urlopen(urllib.request.Request(self.url + path, headers=headers)) as answer:
            return str(answer.read().decode())

    def status(self, path: str, **headers: str) -> int:
        try:
            self.get(path, **headers)
        except urllib.error.HTTPError as error:
            return error.code
        return 200

    def rebuild(self, number: int) -> None:
        self.sheets.refresh()
        self.showing.put_whole(number, build_whole(self.root, self.root / "public", self.day, "zh"))

    def edit(self, path: str, before: str, after: str) -> None:
        file = self.root / path
        text = file.read_text(encoding="utf-8")
        assert before in text
        file.write_text(text.replace(before, after, 1), encoding="utf-8")

    def until(self, shown: Callable[[], object], seconds: float = 30) -> None:
        end = time.monotonic() + seconds
        while not shown():
            assert time.monotonic() < end, "it was never shown"
            time.sleep(0.05)


@contextmanager
def serving(root: Path, day: dt.date = DAY) -> Iterator[Served]:
    """Built once; nothing is watched."""
    served = Served(root, day)
    threading.Thread(target=served.server.serve_forever, daemon=True).start()
    try:
        yield served
    finally:
        served.server.ended = True
        served.server.shutdown()
        served.server.server_close()


@contextmanager
def watching(root: Path) -> Iterator[tuple[Served, Builder]]:
    """All of it, as the command starts it."""
    with serving(root) as served:
        builder = Builder(root, served.showing, served.sheets, "zh", lambda: DAY)
        watcher = Watcher(root, builder.changed)
        builder.begin(Outcome(served.showing.hosts, True))
        threading.Thread(target=watcher.run, daemon=True).start()
        served.until(lambda: builder._built == 0)
        time.sleep(0.3)  # the system begins to tell of changes
        try:
            yield served, builder
        finally:
            watcher.stop()
            builder.end()


def test_all_hosts_are_shown_and_link_each_other(region: Callable[..., Path]) -> None:
    with serving(region()) as served:
        assert "/ce.example.cn/" in served.get("/")
        village = served.get("/xijie.example.cn/")
        assert '"https://ce.example.cn/' not in village
        assert '"/ce.example.cn/heping/' in village


def test_a_problem_is_shown_in_the_pages_that_were_there_and_goes_when_it_is_mended(region: Callable[..., Path]) -> None:
    with serving(region()) as served:
        assert "sg-said" not in served.get(PAGE)
        served.edit(f"{LIST}.csv", "8.00,568.00", "约8亩,568.00")
        served.rebuild(1)
        page = served.get("/ce.example.cn/heping/")
        assert "SG206" in page
        assert f"{LIST}.csv:" in page
        assert ">约8亩<" not in served.get(PAGE)  # the record stays as it was
        served.edit(f"{LIST}.csv", "约8亩,568.00", "8.00,568.00")
        served.rebuild(2)
        assert "sg-said" not in served.get(PAGE)


@pytest.mark.parametrize("broken", ["region.yml", "content/townships/heping/unit.yml", "content/catalog/laws.yml"])
def test_what_cannot_be_built_at_all_leaves_the_sites_and_says_why(region: Callable[..., Path], broken: str) -> None:
    root = region()
    with serving(root) as served:
        good = (root / broken).read_bytes()
        (root / broken).write_text("a: [b\n", encoding="utf-8")
        served.rebuild(1)
        page = served.get(PAGE)
        assert broken in page
        assert "sg-said" in page
        assert "2026年种粮补贴发放公示" in page
        (root / broken).write_bytes(good)
        served.rebuild(2)
        assert "sg-said" not in served.get(PAGE)


def test_an_error_of_the_program_or_the_disk_is_told_and_nothing_ends(region: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    root = region()
    with serving(root) as served:
        for error, said in ((RuntimeError("no such thing"), "no such thing"), (OSError(28, "No space left", "x/y"), "x/y")):

            def fail(_: Options, error: Exception = error) -> None:
                raise error

            monkeypatch.setattr("sitegen.serve.whole.build", fail)
            served.rebuild(1)
            assert said in served.get(PAGE)
        monkeypatch.undo()
        served.rebuild(2)
        assert "sg-said" not in served.get(PAGE)


UNIT = "content/townships/heping"
WEST, EAST = "villages/heping/xijie", "villages/heping/dongjie"
NEW = "---\nid: 2026-0009\ntitle: 修桥的决议\nitem: CW-02\nissuer: zf\nscope: 全体村民\nformed: 2026-04-01\npublished: 2026-04-02\n---\n会议决定修桥。\n"
EDITS = {
    "a record's text": (f"{LIST}.md", "。\n", "，**另有**说明。\n"),
    "rows of a list": (f"{LIST}.csv", "张*三", "张*山"),
    "a village's own record": (f"{EAST}/records/2026-0001.md", "。\n", "，**另有**说明。\n"),
    "another title": (f"{EAST}/records/2026-0001.md", "title: ", "title: 关于"),
    "a unit's name": (f"{UNIT}/unit.yml", "和平镇", "和顺镇"),
    "a village's hours": (f"{WEST}/unit.yml", "contact: {phone: 0451-0000 00", "contact: {phone: 0451-0000 11"),
    "the county's hours": ("content/county/unit.yml", "contact: {phone: 0451-0000 00", "contact: {phone: 0451-0000 11"),
    "a guide": (f"{UNIT}/pages/guide.md", "。\n", "。另有说明。\n"),
    "the county's rules": ("content/county/pages/rules.md", "。\n", "。另有说明。\n"),
    "the region's name": ("region.yml", "name: ", "name: 新"),
    "a new record": (f"{WEST}/records/2026-0009.md", "", NEW),
    "a committee": (f"{WEST}/committee.yml", "", "meets: 每月5日\nmembers: [{post: 主任, name: 王*玉}]\nduties: [审核收支票据]\n"),
}


def change(root: Path, edit: tuple[str, str, str]) -> Path:
    file, before, after = edit
    path = root / file
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    assert before in text
    path.parent.mkdir(exist_ok=True)
    path.write_text(text.replace(before, after, 1), encoding="utf-8")
    return path


def all_pages(out: Path) -> list[str]:
    """Every page of a unit."""
    return [p for q in sorted(out.glob("[a-z]*/**/index.html")) if "/Q/" not in (p := q.relative_to(out).as_posix())]


@pytest.mark.parametrize("wrong", [False, True], ids=["sound", "something held back"])
def test_the_pages_that_are_made_early_are_those_that_are_built(region: Callable[..., Path], wrong: bool) -> None:
    """One edit after the other: to start anew for each takes long."""
    root = region()
    out = root / "public"
    build(Options(root, out, DAY))
    if wrong:
        change(root, (f"{EAST}/records/2026-0001.md", "item: ", "itme: "))
        build(Options(root, out, DAY))
    for name, edit in EDITS.items():
        if wrong and (f"{EAST}/records" in edit[0] or name == "the region's name"):
            continue
        seen = all_pages(out)
        before = {page: (out / page).read_bytes() for page in seen}
        made = early(root, out, DAY, {change(root, edit)}, seen)
        build(Options(root, out, DAY))
        assert not made.gone, name
        assert made.pages.keys() >= set(seen), name
        assert [page for page, data in made.pages.items() if data != (out / page).read_bytes()] == [], name
        assert [page for page in seen if before[page] != made.pages[page]], f"{name} is seen nowhere"


def test_a_page_alone_is_what_it_is_among_all(region: Callable[..., Path]) -> None:
    """Of its unit only what the page shows is made."""
    root = region()
    out = root / "public"
    change(root, (f"{UNIT}/unit.yml", "contact:", "boards: [{id: a, place: 院内, slots: [{id: A1, paper: A3}]}]\ncontact:"))
    build(Options(root, out, DAY))
    saved = {change(root, EDITS["a unit's name"])}
    made = {page: early(root, out, DAY, saved, [page]).pages for page in all_pages(out) if "/heping/" in page and "/dongjie/" not in page}
    build(Options(root, out, DAY))
    assert [page for page, found in made.items() if found[page] != (out / page).read_bytes()] == []
    assert "和顺镇" in made["ce.example.cn/heping/board/index.html"]["ce.example.cn/heping/board/index.html"].decode()


def test_what_was_saved_and_not_built_yet_counts_for_who_sums_it_up(region: Callable[..., Path]) -> None:
    root = region()
    out = root / "public"
    build(Options(root, out, DAY))
    new = change(root, EDITS["a new record"])
    made = early(root, out, DAY, {change(root, EDITS["a guide"])}, all_pages(out), unbuilt={new})
    build(Options(root, out, DAY))
    for path, data in made.pages.items():
        assert data == (out / path).read_bytes(), path


def test_the_page_of_a_record_that_was_removed_is_gone_at_once(region: Callable[..., Path]) -> None:
    root = region()
    change(root, EDITS["a new record"])
    page = "/xijie.example.cn/r/2026-0009/"
    with serving(root) as served:
        assert served.status(page) == 200
        (root / f"{WEST}/records/2026-0009.md").unlink()
        seen = (f"{page[1:]}index.html", "xijie.example.cn/list/index.html")
        served.showing.put_early(1, early(root, root / "public", DAY, {root / f"{WEST}/records/2026-0009.md"}, seen))
        assert served.status(page) == 404
        assert "修桥的决议" not in served.get("/xijie.example.cn/list/")
        served.rebuild(1)
        assert served.status(page) == 404
        (root / f"{WEST}/records/2026-0009.md").write_text(NEW, encoding="utf-8")
        served.showing.put_early(2, early(root, root / "public", DAY, {root / f"{WEST}/records/2026-0009.md"}, seen))
        assert served.status(page) == 200


def test_it_is_known_which_pages_browsers_show(region: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(region()) as served:
        served.get("/ce.example.cn/")  # it was only just asked for
        assert served.showing.seen() == ("ce.example.cn/index.html",)
        with urllib.request.urlopen(f"{served.url}/.changes?is=another&page={PAGE}") as answer:
            answer.readline()
            assert f"{PAGE[1:]}index.html" in served.showing.seen()
        assert served.showing.seen()  # it may just be loaded again
        monkeypatch.setattr("sitegen.serve.showing._LOADING", 0.0)
        served.until(lambda: not served.showing.seen())


def released(root: Path) -> None:
    """Everything, as a clerk does it."""
    done = CliRunner().invoke(main, ["-C", str(root), "--date", DAY.isoformat(), "release", "--yes"])
    assert done.exit_code == 0, done.output


def test_an_edit_that_is_not_released_is_shown_as_a_draft_and_nowhere_else(region: Callable[..., Path]) -> None:
    root = region()
    released(root)
    file, village = root / f"{LIST}.md", "/xijie.example.cn/"
    with serving(root) as served:
        served.edit(f"{LIST}.md", "情况予以公示", "情况再次公示")
        served.showing.put_early(1, early(root, root / "public", DAY, {file}))
        for number in (1, 2):  # at once, and after everything was built
            page = served.get(PAGE)
            assert "SG925" in page
            assert "未发布草稿" in page
            assert "情况再次公示" in page
            before = served.get(f"{PAGE}?released")
            assert "情况予以公示" in before
            assert "情况再次公示" not in before
            assert 'class="sg-mark"' not in before
            assert "情况再次公示" not in (root / "public" / PAGE[1:] / "index.html").read_text(encoding="utf-8")
            assert "未发布草稿" not in served.get("/ce.example.cn/heping/list/")
            served.rebuild(number)
        # and where a village shows its own rows of the list
        path = next(p for p in served.showing._drafts if p.startswith(village[1:]))
        assert "未发布草稿" in served.get("/" + path.removesuffix("index.html"))
        # undone
        served.edit(f"{LIST}.md", "情况再次公示", "情况予以公示")
        served.showing.put_early(3, early(root, root / "public", DAY, {file}))
        assert "未发布草稿" not in served.get(PAGE)
        served.rebuild(3)
        assert not served.showing._drafts
        # in a revision of its own it is shown as it is
        served.edit(f"{LIST}.md", "情况予以公示", "情况再次公示")
        served.edit(f"{LIST}.md", "\n---\n", "\nrevision: {n: 2, on: 2026-05-10, why: 更正}\n---\n")
        served.showing.put_early(4, early(root, root / "public", DAY, {file}))
        served.rebuild(4)
        assert "情况再次公示" in served.get(PAGE)
        assert "未发布草稿" not in served.get(PAGE)


@pytest.mark.parametrize("wrong", ["身份证号11010119900307803X", "itme: BT-01"], ids=["of a person", "not understood"])
def test_no_draft_is_made_of_what_is_wrong_in_another_way(region: Callable[..., Path], wrong: str) -> None:
    root = region()
    released(root)
    with serving(root) as served:
        served.edit(f"{LIST}.md", "情况予以公示" if "身份" in wrong else "item: BT-01", wrong)
        made = early(root, root / "public", DAY, {root / f"{LIST}.md"})
        assert not made.drafts
        served.showing.put_early(1, made)
        served.rebuild(1)
        assert not served.showing._drafts
        assert wrong not in served.get(PAGE)


def test_a_program_that_stays_keeps_little_in_memory(region: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    root = region()
    monkeypatch.setattr(cache, "_recent", cache._Recent())
    monkeypatch.setattr(cache, "_FEW", (5, 1))
    cache.keep_few()
    out = root / "public"
    build(Options(root, out, DAY))
    for n in range(8):
        change(root, (f"{LIST}.md", "。\n", f"。第{n}次。\n"))
        early(root, out, DAY, {root / f"{LIST}.md"}, all_pages(out))
    assert cache._recent.count <= 5
    assert len(cache._unpacked) <= 1


def test_what_is_saved_is_shown_before_everything_is_built(region: Callable[..., Path]) -> None:
    root = region()
    with serving(root) as served:
        served.edit(f"{LIST}.md", "情况予以公示", "情况再次公示")
        served.showing.put_early(1, early(root, root / "public", DAY, {root / f"{LIST}.md"}))
        assert "情况再次公示" in served.get(PAGE)
        assert "情况再次公示" not in (root / "public" / PAGE[1:] / "index.html").read_text(encoding="utf-8")
        served.rebuild(1)
        assert served.showing.page(f"{PAGE[1:]}index.html") is None
        assert "情况再次公示" in served.get(PAGE)


def test_what_is_saved_while_all_is_built_outlives_that_build(tmp_path: Path) -> None:
    showing = Showing(tmp_path)
    wrong = finding("SG114", "region.yml", None, None, file="region.yml")
    showing.put_whole(0, Outcome(("h",), True))
    showing.put_early(2, Early({"h/a.html": b"2"}, (wrong,), frozenset(("region.yml",))))
    showing.put_whole(1, Outcome(("h",), True))  # began before the second change
    assert showing.page("h/a.html") == b"2"
    assert showing.said.findings == (wrong,)
    showing.put_whole(2, Outcome(("h",), True))
    assert showing.page("h/a.html") is None
    assert not showing.said.findings
    showing.put_early(2, Early({"h/a.html": b"2"}, (wrong,), frozenset(("region.yml",))))  # too late
    assert showing.page("h/a.html") is None
    assert not showing.said.findings


def test_a_browser_hears_of_its_own_page_only(region: Callable[..., Path]) -> None:
    with serving(region()) as served:
        heard: dict[str, bytes] = {}

        def listen(path: str) -> None:
            digest = re.search(r"\?is=(\w+)", served.get(path))
            assert digest
            with urllib.request.urlopen(f"{served.url}/.changes?is={digest[1]}&page={path}") as answer:
                if any(line.startswith(b"data") for line in answer):  # or the server ended
                    heard[path] = b"reload"

        for path in (PAGE, "/ce.example.cn/heping/rules/"):
            threading.Thread(target=listen, args=(path,), daemon=True).start()
        time.sleep(0.3)
        served.edit(f"{LIST}.md", "情况予以公示", "情况再次公示")
        served.rebuild(1)
        served.until(lambda: PAGE in heard)
        time.sleep(0.2)
        assert list(heard) == [PAGE]


def test_a_save_is_seen_however_the_editor_saves(region: Callable[..., Path]) -> None:
    """One server for all: it takes a second to start."""
    root = region()
    with watching(root) as (served, builder):
        file = root / f"{LIST}.md"
        text = file.read_text(encoding="utf-8")

        def save(word: str) -> str:
            return text.replace("情况予以公示", word)

        def says(word: str) -> bool:
            """Whether the page does; while its file is away there may be none."""
            try:
                return word in served.get(PAGE)
            except urllib.error.HTTPError as error:
                if error.code != 404:
                    raise
                return False

        # by writing a file beside it and renaming
        beside = file.with_name(".2026-0001.md.swp")
        beside.write_text(save("甲甲甲甲"), encoding="utf-8")
        beside.replace(file)
        served.until(lambda: "甲甲甲甲" in served.get(PAGE))
        # by moving the old one away first
        file.rename(file.with_name("2026-0001.md~"))
        file.write_text(save("乙乙乙乙"), encoding="utf-8")
        file.with_name("2026-0001.md~").unlink()
        served.until(lambda: says("乙乙乙乙"))
        # many times in a row, also while a build is at work; the last counts
        for n in range(15):
            file.write_text(save(f"第{n}次改动"), encoding="utf-8")
            time.sleep(0.04)
        served.until(lambda: "第14次改动" in served.get(PAGE))
        served.until(lambda: builder._built == builder._number)
        assert "第14次改动" in (root / "public" / PAGE[1:] / "index.html").read_text(encoding="utf-8")
        # half written, then whole
        file.write_text("---\nid: 2026-0001\ntitle: [", encoding="utf-8")
        served.until(lambda: "sg-said" in served.get(PAGE))
        assert "第14次改动" in served.get(PAGE)
        file.write_text(save("又写完了"), encoding="utf-8")
        served.until(lambda: "又写完了" in served.get(PAGE) and "sg-said" not in served.get(PAGE))
        # the process that builds is ended by somebody
        (process,) = (builder.workshop._pool._processes or {}).values()
        os.kill(process.pid or 0, signal.SIGKILL)
        file.write_text(save("另一个来建"), encoding="utf-8")
        served.until(lambda: "另一个来建" in (root / "public" / PAGE[1:] / "index.html").read_text(encoding="utf-8"))
        # gone, and back
        file.unlink()
        served.until(lambda: served.status(PAGE) == 404)
        file.write_text(text, encoding="utf-8")
        served.until(lambda: says("情况予以公示"))
        # files at the top, and a unit's own
        served.edit("content/townships/heping/unit.yml", "和平镇", "和顺镇")
        served.until(lambda: "和顺镇" in served.get("/ce.example.cn/heping/"))
        served.until(lambda: builder._built == builder._number)  # one that began while the file was away may be at work still
        served.edit("region.yml", "name: ", "nahme: ")
        served.until(lambda: "region.yml" in served.get(PAGE))
        served.edit("region.yml", "nahme: ", "name: ")
        served.until(lambda: "sg-said" not in served.get(PAGE))
        assert not list((root / "public" / ".store").glob("tree-*"))


def test_another_day_is_another_build(region: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    root = region()
    days = [dt.date(2026, 5, 10)]
    monkeypatch.setattr("sitegen.serve.run._LOOK", 0.1)
    with serving(root) as served:
        builder = Builder(root, served.showing, served.sheets, "zh", lambda: days[0])
        builder.begin(Outcome(served.showing.hosts, True))
        assert "公示中" in served.get(PAGE)
        days[0] = dt.date(2026, 6, 10)
        served.until(lambda: "公示已结束" in served.get(PAGE))
        builder.end()


def test_a_name_that_merely_points_here_is_refused(region: Callable[..., Path]) -> None:
    with serving(region()) as served:
        assert served.status("/", Host="evil.example.com") == 421


@pytest.mark.parametrize("path", ["/.store/state.json", "/ce.example.cn/../.store/state.json", "/.store/", "/%2estore/state.json"])
def test_the_store_is_not_served(region: Callable[..., Path], path: str) -> None:
    with serving(region()) as served:
        assert served.status(path) == 404


def test_a_head_has_no_body(region: Callable[..., Path]) -> None:
    with serving(region()) as served:
        for path in (PAGE, "/ce.example.cn/asof.css", "/ce.example.cn/heping/r/9999-0001/"):
            connection = HTTPConnection("127.0.0.1", served.server.server_port)
            connection.request("HEAD", path)
            answer = connection.getresponse()
            assert int(answer.headers["Content-Length"]) > 20
            assert answer.fp.read() == b""
            connection.close()


def test_where_there_is_nothing_the_hosts_own_page_says_so_and_waits(region: Callable[..., Path]) -> None:
    with serving(region()) as served:
        for path in ("/ce.example.cn/heping/r/9999-0001/", "/nowhere.example.cn/", "/.sheets/230199000000/"):
            with pytest.raises(urllib.error.HTTPError, match="404") as caught:
                served.get(path)
            assert "/.changes?" in caught.value.read().decode()


def test_sheets_are_shown_page_by_page(region: Callable[..., Path]) -> None:
    root = region()
    with serving(root) as served:
        assert "/.sheets/" in served.get("/")
        assert "和平镇" in served.get("/.sheets/")
        (code,) = [c for c in served.get("/.sheets/").split('"') if c.startswith("/.sheets/") and c.endswith("101000/")][:1]
        unit = served.get(code)
        assert "2026-0001/1.svg?paper=A3" in unit
        assert "<svg" in served.get(f"{code}2026-0001/1.svg?paper=A4&bw=1")
        assert served.get(code + "2026-0001/").count("<img") == 1
        before = len(served.sheets._pages)
        served.get(f"{code}2026-0001/1.svg?paper=A4&bw=1")
        assert len(served.sheets._pages) == before  # kept by its content
        for wrong in ("230199000000/", f"{code[9:]}nothing/1.svg", f"{code[9:]}2026-0001/9.svg", f"{code[9:]}2026-0001/x.svg"):
            assert served.status("/.sheets/" + wrong) == 404


@pytest.mark.parametrize(("day", "said"), [(dt.date(2026, 5, 10), "公示中"), (dt.date(2026, 6, 10), "公示已结束")])
def test_it_shows_the_day_that_was_asked_for(region: Callable[..., Path], day: dt.date, said: str) -> None:
    with serving(region(), day) as served:
        assert said in served.get(PAGE)
        assert f"截至{day.year}年{day.month}月{day.day}日" in served.get("/ce.example.cn/asof.css")


def test_a_port_that_is_taken_is_told_before_anything_is_built(tmp_path: Path) -> None:
    import socket

    from click.testing import CliRunner

    from sitegen.cli import main

    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        done = CliRunner().invoke(main, ["-C", str(tmp_path), "--lang", "en", "serve", "--port", port])
    assert done.exit_code == 1
    assert f"port {port} is taken" in done.output
