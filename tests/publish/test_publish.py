"""A site goes to every kind of hosting, only what changed, in an order that no reader notices, and survives what happens to networks."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sitegen.publish import Done, Order, publish
from sitegen.publish.manifest import MANIFEST
from sitegen.publish.problems import Clash, NotReady, Problem
from sitegen.publish.store import OURS
from sitegen.publish.throttle import Throttle
from tests.demo import ROOT
from tests.publish import servers
from tests.publish.servers import Server

HOST = "gk.example.cn"
PAGES = {
    "assets/board.css": "a{}",
    "Q/7K3M9X2QF4/index.html": "leads",
    "Q/7K3M9X2QF4-1/index.html": "current",
    "r/2026-0001/index.html": "县",
    "zhen/dahe/r/2026-0017/index.html": "记录",
    "zhen/dahe/r/2026-0017/0017.csv": "张*三,1",
    "zhen/dahe/list/index.html": "list",
    "zhen/dahe/index.html": "村",
    "zhen/r/2026-0101/index.html": "镇的记录",
    "zhen/index.html": "镇",
    "feed.xml": "<feed/>",
    "index.html": "县首页",
    "zhen/dahe/r/2026-0017/附件 1.pdf": "%PDF",
}


class Site:
    """A built site that can be changed and published."""

    def __init__(self, folder: Path) -> None:
        self.public, self.memory, self.folder = folder / "public", folder / "memory", folder
        self.state: dict[str, Any] = {"clean": True, "unreleased": [], "held": [], "next_change": None}
        for path, text in PAGES.items():
            self.write(path, text)

    def write(self, path: str, text: str) -> None:
        place = self.public / HOST / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")

    def remove(self, path: str) -> None:
        (self.public / HOST / path).unlink()

    def files(self) -> dict[str, bytes]:
        return servers.folder_files(self.public / HOST)

    def publish(self, server: Server, report: Callable[[str, int, int], None] = lambda *_: None, **more: Any) -> Done:
        place = self.public / ".store" / "state.json"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(json.dumps(self.state))
        order: dict[str, Any] = dict(
            root=self.folder, public=self.public, memory=self.memory, target=server.target, secret=server.secret, pause=0.01
        )
        return publish(Order(**order | more), report)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path / "here")


KINDS = ["local", "ftp", "ftps", "ftp-list", "sftp", "s3", "dav"]


@pytest.fixture(params=KINDS)
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Server]:
    there = tmp_path / "there"
    made = {
        "local": lambda: servers.local(there),
        "ftp": lambda: servers.ftp(there),
        "ftps": lambda: servers.ftp(there, tls=True),
        "ftp-list": lambda: servers.ftp(there, without=("MLSD", "MLST")),
        "sftp": lambda: servers.sftp(there),
        "s3": servers.s3,
        "dav": lambda: servers.dav(there),
    }[request.param]()
    with made as found:
        yield found


def on(server: Server) -> dict[str, bytes]:
    """What readers get: everything but our own folder."""
    return {path: data for path, data in server.files().items() if not path.startswith(f"{OURS}/")}


def leftovers(server: Server) -> set[str]:
    return {path for path in server.files() if path.startswith(f"{OURS}/")} - {MANIFEST}


def test_all_of_it_then_nothing_then_only_what_changed(site: Site, server: Server) -> None:
    first = site.publish(server)
    assert on(server) == site.files()
    assert (first.sent, first.deleted, first.foreign) == (len(PAGES), 0, 0)
    assert not leftovers(server)

    again = site.publish(server)
    assert (again.sent, again.deleted, again.unchanged) == (0, 0, len(PAGES))

    site.write("zhen/dahe/r/2026-0017/index.html", "更正")
    site.write("zhen/dahe/r/2026-0018/index.html", "新的")
    site.remove("zhen/r/2026-0101/index.html")
    changed = site.publish(server)
    assert (changed.sent, changed.deleted) == (2, 1)
    assert on(server) == site.files()
    assert not leftovers(server)


def test_every_kind_of_host_keeps_to_the_bandwidth(site: Site, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    passed: list[int] = []
    monkeypatch.setattr(Throttle, "take", lambda self, size: passed.append(size))
    server.target = server.target.model_copy(update={"limit": "500 KB/s"})
    done = site.publish(server)
    assert sum(passed) >= done.bytes == sum(map(len, site.files().values()))


def test_what_is_not_ours_stays_unless_asked(site: Site, server: Server) -> None:
    server.put("old/cms.php", b"<?php")
    assert site.publish(server).foreign == 1
    assert on(server)["old/cms.php"] == b"<?php"
    assert site.publish(server, prune_foreign=True, dry_run=True).deleted == 1
    assert "old/cms.php" in on(server)
    site.publish(server, prune_foreign=True)
    assert on(server) == site.files()


def test_what_is_not_ours_is_not_replaced_unless_asked(site: Site, server: Server) -> None:
    server.put("index.html", b"the old home page")
    server.put("feed.xml", site.files()["feed.xml"])  # the same already
    with pytest.raises(Clash, match=r"1 files .* \(index.html\)"):
        site.publish(server)
    assert on(server) == {"index.html": b"the old home page", "feed.xml": site.files()["feed.xml"]}
    done = site.publish(server, replace_foreign=True)
    assert done.sent == len(PAGES) - 1
    assert on(server) == site.files()


def test_a_file_changed_behind_our_back_is_found_and_mended(site: Site, server: Server) -> None:
    site.publish(server)
    server.put("zhen/index.html", b"defaced")
    assert site.publish(server).sent == 0, "the manifest is ours, so it is believed"
    done = site.publish(server, read_back=True)
    assert done.changed_there == ("zhen/index.html",)
    assert on(server) == site.files()


def test_a_manifest_that_was_tampered_with_is_not_believed(site: Site, server: Server) -> None:
    site.publish(server)
    server.put("zhen/index.html", b"defaced")
    server.put(MANIFEST, server.files()[MANIFEST][:-9] + b"xxxxxxxxx")
    done = site.publish(server)
    assert done.distrusted
    assert done.changed_there == ("zhen/index.html",)
    assert on(server) == site.files()


def test_a_manifest_that_lies_is_found(site: Site, server: Server) -> None:
    """Somebody replaced a page and wrote a manifest that calls it up to date, in good form."""
    from sitegen.publish.manifest import Entry, understood, written

    site.publish(server)
    manifest = understood(server.files()[MANIFEST])
    lie = {**manifest.files, "index.html": Entry("0" * 64, 1), "of-somebody-else.html": Entry("1" * 64, 3)}
    server.put("of-somebody-else.html", b"abc")
    server.put("zhen/index.html", b"defaced")
    server.put(MANIFEST, written(lie)[0])
    done = site.publish(server)
    assert set(done.changed_there) == {"zhen/index.html", "of-somebody-else.html"}
    assert on(server) == {**site.files(), "of-somebody-else.html": b"abc"}, "what is not provably ours is not deleted"


def test_another_computer_goes_on(site: Site, server: Server) -> None:
    site.publish(server)
    site.memory = site.folder / "another"
    site.remove("zhen/r/2026-0101/index.html")
    done = site.publish(server)
    assert (done.sent, done.deleted) == (0, 1)
    assert done.read_back or server.target.kind == "s3", "it has not written that manifest, so it looks"
    assert not done.changed_there
    assert on(server) == site.files()
    assert not site.publish(server).read_back


def test_a_manifest_that_was_taken_away(site: Site, server: Server, tmp_path: Path) -> None:
    site.publish(server)
    site.remove("zhen/r/2026-0101/index.html")
    server.put(MANIFEST, b"")
    done = site.publish(server)
    assert done.distrusted
    assert done.deleted == 1, "we remember that it is ours, and it has not changed"
    assert on(server) == site.files()


def test_a_dry_run_counts_and_touches_nothing(site: Site, server: Server, tmp_path: Path) -> None:
    server.target = server.target.model_copy(update={"to": f"{server.target.to}/htdocs/gk"})
    done = site.publish(server, dry_run=True)
    assert done.sent == len(PAGES)
    assert done.bytes == sum(map(len, site.files().values()))
    assert not server.files()
    assert not (tmp_path / "there" / "htdocs").exists(), "not even the folder is made"
    site.publish(server)
    assert {path.partition("/")[0] for path in server.files()} == {"htdocs"}


@pytest.mark.parametrize("state", [{"unreleased": ["230170101201/2026-0017"]}, None])
def test_what_was_not_released_or_built_is_refused(site: Site, tmp_path: Path, state: dict[str, Any] | None) -> None:
    with servers.local(tmp_path / "there") as server:
        if state is None:
            (site.public / HOST).rename(site.public / "elsewhere")
        else:
            site.state |= state
        with pytest.raises(NotReady):
            site.publish(server)
        assert not server.files()


class Cut(Exception):
    """The plug was pulled."""


@pytest.mark.parametrize(("kind", "k"), [("ftp", 1), ("ftp", 3), ("sftp", 3), ("s3", 3), ("local", 1), ("local", 2), ("local", 5)])
def test_cut_at_every_kth_file_it_goes_on_and_no_reader_meets_a_hole(site: Site, tmp_path: Path, kind: str, k: int) -> None:
    """At every k-th file the run dies: the site there is readable, and the next run sends only what is left."""
    made = {
        "ftp": lambda: servers.ftp(tmp_path / "t"),
        "sftp": lambda: servers.sftp(tmp_path / "t"),
        "local": lambda: servers.local(tmp_path / "t"),
    }
    with made[kind]() if kind != "s3" else servers.s3() as server:
        site.publish(server)
        for path in PAGES:
            site.write(path, f"second {path}")
        site.write("Q/0000000000-1/index.html", "a new code")
        site.remove("zhen/r/2026-0101/index.html")
        wanted, runs, sent = site.files(), 0, 0
        while True:
            runs += 1

            def stop(path: str, done: int, total: int) -> None:
                if done >= k and total > 1:  # not yet while it looks whether the new path is free
                    raise Cut

            try:
                done = site.publish(server, report=stop)
            except Cut:
                there = on(server)
                new = [path for path in wanted if there.get(path) == wanted[path]]
                assert "index.html" not in new or len(new) == len(wanted), "the county's home page comes last"
                assert "zhen/r/2026-0101/index.html" in there or len(new) == len(wanted), "deletions come last"
                assert len(new) > sent or len(new) == len(wanted), "each run comes further"
                sent = len(new)
                continue
            break
        assert on(server) == wanted
        assert runs >= 3
        assert done.resumed >= k
        assert not leftovers(server)


_KILLED = """
import os, sys
from pathlib import Path
from sitegen.publish import Order, publish
from sitegen.publish.secrets import Secret
from tests.publish.servers import target
here, there, k = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
def report(path, done, total):
    if done >= k:
        os._exit(9)
publish(Order(here, here / "public", here / "memory", target(there), Secret("", "")), report)
"""


@pytest.mark.parametrize("k", [1, 6, len(PAGES)])
def test_a_run_that_is_killed_leaves_neither_lock_nor_doubt(site: Site, tmp_path: Path, k: int) -> None:
    with servers.local(tmp_path / "there") as server:
        site.publish(server)
        for path in PAGES:
            site.write(path, f"second {path}")
        killed = subprocess.run([sys.executable, "-c", _KILLED, str(site.folder), str(tmp_path / "there"), str(k)], check=False, cwd=ROOT)
        assert killed.returncode == 9
        done = site.publish(server)
        assert done.took_over
        assert done.resumed >= k
        assert done.resumed + done.sent == len(PAGES)
        assert on(server) == site.files()
        assert not leftovers(server)


def test_the_order_in_which_things_appear(site: Site, tmp_path: Path) -> None:
    with servers.ftp(tmp_path / "there") as server:
        order: list[str] = []
        site.publish(server, report=lambda path, *_: order.append(path))
        at = order.index
        assert at("assets/board.css") < at("Q/7K3M9X2QF4-1/index.html") < at("zhen/dahe/r/2026-0017/index.html")
        assert at("zhen/dahe/r/2026-0017/0017.csv") < at("zhen/dahe/r/2026-0017/index.html")
        assert at("zhen/dahe/r/2026-0017/index.html") < at("zhen/dahe/list/index.html") < at("zhen/dahe/index.html")
        assert at("feed.xml") < at("zhen/dahe/index.html") < at("zhen/index.html") < at("index.html")
        assert order[-1] == "index.html"


def test_nobody_meets_half_a_file(site: Site, tmp_path: Path) -> None:
    """Everything arrives under another name and is renamed."""
    with servers.ftp(tmp_path / "there") as server:
        site.publish(server)
        assert all(path.startswith(f"{OURS}/tmp/") for path in server.transfers)


def test_a_target_elsewhere_on_the_host(site: Site, tmp_path: Path) -> None:
    with servers.ftp(tmp_path / "there") as server:
        server.target = server.target.model_copy(update={"to": server.target.to + "/htdocs/gk"})
        site.publish(server)
        assert {path.split("/")[0] for path in server.files()} == {"htdocs"}
        assert server.files()["htdocs/gk/index.html"] == site.files()["index.html"]


def test_headers_of_a_store(site: Site) -> None:
    import boto3

    with servers.s3() as server:
        site.publish(server)
        client = boto3.client(
            "s3", endpoint_url=server.target.endpoint, region_name="us-east-1", aws_access_key_id="k", aws_secret_access_key="k"
        )
        code = client.head_object(Bucket=server.target.server, Key="Q/7K3M9X2QF4-1/index.html")
        assert (code["CacheControl"], code["ContentType"]) == ("no-cache", "text/html; charset=utf-8")
        assert "max-age" in client.head_object(Bucket=server.target.server, Key="assets/board.css")["CacheControl"]


def test_an_interrupted_publish_of_a_later_version(site: Site, server: Server) -> None:
    import gzip

    server.put(MANIFEST, gzip.compress(b'{"format": 99, "files": {}}'))
    with pytest.raises(Problem, match="newer version"):
        site.publish(server)


def test_an_object_store_answers_for_every_spelling_of_a_code(site: Site) -> None:
    import boto3

    with servers.s3() as server:
        server.target = server.target.model_copy(update={"spellings": None})
        site.publish(server)
        there = on(server)
        page = site.files()["Q/7K3M9X2QF4-1/index.html"]
        for typed in ("Q/7K3M9X2QF4-1", "q/7k3m9x2qf4-1", "q/7k3m9x2qf4-1/index.html"):
            assert there[typed] == page, typed
        client = boto3.client(
            "s3", endpoint_url=server.target.endpoint, region_name="us-east-1", aws_access_key_id="k", aws_secret_access_key="k"
        )
        head = client.head_object(Bucket=server.target.server, Key="q/7k3m9x2qf4-1")
        assert (head["CacheControl"], head["ContentType"]) == ("no-cache", "text/html; charset=utf-8")
        assert site.publish(server).sent == 0
        site.remove("Q/7K3M9X2QF4-1/index.html")
        site.publish(server)
        assert not [path for path in on(server) if "7k3m9x2qf4-1" in path.lower()]


def test_a_cut_when_only_the_manifest_was_still_to_be_written(site: Site, tmp_path: Path) -> None:
    """All files are there: the next run has nothing to send, but must write down what is there, or the one after it believes the old manifest."""
    from tests.bench.faults import KILLED, dies_at

    with servers.local(tmp_path / "there") as server:
        log = tmp_path / "log"
        site.publish(server)
        old = site.files()
        for point in range(60):
            site.write("r/2026-0001/index.html", f"changed {point}")
            site.write("r/2026-0002/index.html", f"new {point}")
            killed = dies_at(lambda: site.publish(server), point, log) == KILLED
            site.publish(server)
            assert on(server) == site.files()
            site.write("r/2026-0001/index.html", "县")
            site.remove("r/2026-0002/index.html")
            site.publish(server)
            assert on(server) == old, f"killed before change {point}"
            if not killed:
                return
    raise AssertionError("there are more changes than were tried")
