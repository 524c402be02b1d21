"""Wrong passwords, unknown hosts, full disks, two publishers at once, broken lines: each is told plainly, and nothing is lost."""

from __future__ import annotations

import contextlib
import datetime as dt
import functools
import gzip
import http.server
import itertools
import threading
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import msgspec
import pytest
from pydantic import ValidationError

from sitegen.model.publishing import Target
from sitegen.publish import local, lock
from sitegen.publish.ftp import listed
from sitegen.publish.lock import Lock
from sitegen.publish.manifest import MANIFEST, NOTHING, Entry, in_doubt, understood, written
from sitegen.publish.memory import Memory
from sitegen.publish.problems import (
    Busy,
    Damaged,
    Full,
    Locked,
    NotTrusted,
    Overtaken,
    Problem,
    Refused,
    UnknownHostKey,
    Unreachable,
    WrongPassword,
)
from sitegen.publish.ready import releasable
from sitegen.publish.secrets import Secret, secret_of
from sitegen.publish.store import OURS
from sitegen.publish.throttle import Throttle
from sitegen.publish.tree import LocalFile, Phase, deletion_order, homes, in_order, phase_of, steps_of
from sitegen.publish.web import CACHED, STILL, chosen
from tests.publish import servers
from tests.publish.servers import USER, Server, target
from tests.publish.test_publish import HOST, PAGES, Site, on

WRONG = Secret(USER, "wrong")


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path / "here")


@pytest.mark.parametrize("kind", ["ftp", "ftps", "sftp", "dav"])
def test_a_wrong_password(site: Site, tmp_path: Path, kind: str) -> None:
    made: dict[str, Callable[[], Any]] = {
        "ftp": lambda: servers.ftp(tmp_path / "t"),
        "ftps": lambda: servers.ftp(tmp_path / "t", tls=True),
        "sftp": lambda: servers.sftp(tmp_path / "t"),
        "dav": lambda: servers.dav(tmp_path / "t"),
    }
    with made[kind]() as server:
        server.secret = WRONG
        with pytest.raises(WrongPassword, match=r"refuses user webmaster.*SITEGEN_PASSWORD_MAIN") as error:
            site.publish(server)
        assert "wrong" not in str(error.value).replace("is wrong or missing", "")
        assert not server.files()


def test_a_host_whose_key_is_not_known(site: Site, tmp_path: Path) -> None:
    with servers.sftp(tmp_path / "t") as server:
        key = server.target.host_key
        for other in ("SHA256:" + "A" * 43, None):
            server.target = server.target.model_copy(update={"host_key": other})
            with pytest.raises(UnknownHostKey) as error:
                site.publish(server)
            if other:
                assert key
                assert key in str(error.value), "the webmaster can compare it with what the provider says"
        assert not server.files()


def test_a_certificate_that_does_not_hold(site: Site, tmp_path: Path) -> None:
    with servers.ftp(tmp_path / "t", tls=True) as server:
        server.target = server.target.model_copy(update={"ca": None})
        with pytest.raises(NotTrusted, match=r"certificate of 127\.0\.0\.1 is not valid"):
            site.publish(server)
        assert not server.files()


def test_nobody_answers(site: Site) -> None:
    server = Server(target("ftp://127.0.0.1:9"), dict, lambda *_: None)
    with pytest.raises(Unreachable, match=r"127\.0\.0\.1:9 cannot be reached .* look at the address in publish\.yml"):
        site.publish(server)


def test_a_full_target_keeps_what_it_has(site: Site, tmp_path: Path) -> None:
    with servers.ftp(tmp_path / "t") as server:
        site.publish(server)
    before = servers.folder_files(tmp_path / "t")
    site.write("zhen/dahe/r/2026-0018/index.html", "x")
    site.write("zhen/dahe/r/2026-0019/index.html", "x")
    site.remove("zhen/r/2026-0101/index.html")
    with servers.ftp(tmp_path / "t", quota=3) as server:
        server.target = server.target.model_copy(update={"id": "main"})
        with pytest.raises(Full, match="make room and publish again"):
            site.publish(server, memory=site.memory)
        assert before.items() <= {**server.files(), **{k: v for k, v in before.items() if k.startswith(OURS)}}.items()
    with servers.ftp(tmp_path / "t") as server:
        site.publish(server)
        assert on(server) == site.files()


def test_a_host_that_takes_nothing(site: Site, tmp_path: Path) -> None:
    with servers.ftp(tmp_path / "t", read_only=True) as server, pytest.raises(Refused, match="refuses _sitegen/locks"):
        site.publish(server)


def test_a_name_that_the_host_refuses(site: Site, tmp_path: Path) -> None:
    """A file stands where a folder must be: the rest that went before it is there, and nothing was deleted."""
    with servers.local(tmp_path / "t") as server:
        site.publish(server)
        site.write("extra/index.html", "x")
        server.put("extra", b"a file where our folder goes")
        with pytest.raises(Problem):
            site.publish(server)
        assert on(server)["extra"] == b"a file where our folder goes"


def test_a_line_that_breaks_now_and_then(site: Site, tmp_path: Path) -> None:
    """The connection is lost again and again: it is taken up again."""
    with servers.sftp(tmp_path / "t", cut_every=5) as server:
        assert site.publish(server).retried
        assert on(server) == site.files()


def test_a_host_that_falls_silent_is_not_waited_for(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The cable is pulled out: nothing breaks, nothing answers. The line is given up and taken up again."""
    from sitegen.publish import sftp

    monkeypatch.setattr(sftp, "_ALIVE", 0.2)
    with servers.sftp(tmp_path / "t") as server, silent_at(server, 3) as relayed:
        done = site.publish(relayed)
        assert done.retried
        assert on(server) == site.files()


@contextlib.contextmanager
def silent_at(server: Server, files: int) -> Iterator[Server]:
    """A line to ``server`` whose first connection passes nothing any more when so many files have arrived."""
    import asyncio

    loop = asyncio.new_event_loop()
    lines = itertools.count()

    async def passes(number: int, source: asyncio.StreamReader, goal: asyncio.StreamWriter) -> None:
        while data := await source.read(65536):
            if number == 0 and len(server.transfers) >= files:
                await asyncio.Event().wait()
            goal.write(data)

    async def line(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        number = next(lines)
        there_reader, there_writer = await asyncio.open_connection("127.0.0.1", server.target.port)
        with contextlib.suppress(OSError):
            await asyncio.gather(passes(number, reader, there_writer), passes(number, there_reader, writer))

    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    relay = asyncio.run_coroutine_threadsafe(asyncio.start_server(line, "127.0.0.1", 0), loop).result(10)
    to = server.target.to.replace(f":{server.target.port}", f":{relay.sockets[0].getsockname()[1]}")
    try:
        yield msgspec.structs.replace(server, target=server.target.model_copy(update={"to": to}))
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)


def test_a_file_that_arrives_torn_is_sent_again(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real, seen = local.LocalStore.send, []

    def torn(self: local.LocalStore, path: str, data: bytes, md5: str) -> None:
        if path == "feed.xml" and len(seen) < 2:
            seen.append(path)
            raise Damaged(host="x", path=path, what="MD5")
        real(self, path, data, md5)

    monkeypatch.setattr(local.LocalStore, "send", torn)
    with servers.local(tmp_path / "t") as server:
        assert site.publish(server).retried == 2
        assert on(server) == site.files()


def test_a_line_that_stays_broken(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(self: local.LocalStore, path: str, data: bytes, md5: str) -> None:
        raise Unreachable(host="x", what="gone")

    monkeypatch.setattr(local.LocalStore, "send", broken)
    with servers.local(tmp_path / "t") as server, pytest.raises(Unreachable):
        site.publish(server)


# ---- two publishers ----


def test_two_publishers_at_once(site: Site, tmp_path: Path) -> None:
    with servers.ftp(tmp_path / "t") as server:
        inside, outcome = threading.Event(), []

        def second(path: str, done: int, total: int) -> None:
            if not inside.is_set():
                inside.set()
                with pytest.raises(Locked, match="has been publishing to this target since"):
                    site.publish(server, memory=tmp_path / "another")
                outcome.append("refused")

        site.publish(server, report=second)
        assert outcome == ["refused"]
        assert on(server) == site.files()
        assert not site.publish(server).took_over


@pytest.fixture
def store(tmp_path: Path) -> local.LocalStore:
    return local.LocalStore(tmp_path / "t", Throttle(None))


def lock_at(store: local.LocalStore, when: str, machine: str = "a") -> Lock:
    return Lock(store, machine, lambda: dt.datetime.fromisoformat(f"2026-11-24T{when}+00:00"), lambda _: None)


def test_a_dead_publishers_lock_ends_by_itself(store: local.LocalStore) -> None:
    lock_at(store, "08:00:00", "elsewhere")._renew()
    with pytest.raises(Locked):
        lock_at(store, "08:03:00").take()
    later = lock_at(store, "08:06:00")
    later.take()
    assert later.took_over
    later.release()
    assert not list(store.files())


def test_a_clock_that_is_wrong_does_not_make_a_living_publisher_dead(store: local.LocalStore) -> None:
    """His clock is a year behind (its battery is empty), and he renews his file while it is watched."""
    living = Lock(store, "elsewhere", lambda: dt.datetime(2025, 1, 1, tzinfo=dt.UTC))
    living.take()
    waited = []

    def sleep(seconds: float) -> None:
        waited.append(seconds)
        if sum(waited) >= lock.RENEWED:
            living._renewed -= dt.timedelta(seconds=1)
            store.write(living.path, f'{{"who": "王秀兰", "machine": "elsewhere", "renewed": "{len(waited)}"}}'.encode())

    with pytest.raises(Locked):
        Lock(store, "here", lambda: dt.datetime(2026, 11, 24, tzinfo=dt.UTC), sleep).take()
    living.hold()
    living.release()
    assert not list(store.files())


def test_a_computer_that_slept_does_not_go_on_beside_the_one_that_took_over(store: local.LocalStore) -> None:
    clock = [dt.datetime(2026, 11, 24, 8, 0, tzinfo=dt.UTC)]
    sleeper = Lock(store, "laptop", lambda: clock[0])
    sleeper.take()
    sleeper.hold()
    clock[0] += dt.timedelta(minutes=20)
    other = Lock(store, "office", lambda: clock[0], lambda _: None)
    other.take()
    assert other.took_over
    with pytest.raises(Overtaken, match="another publisher has taken over"):
        sleeper.hold()
    sleeper.release()
    other.hold()
    other.release()
    assert not list(store.files())


def test_whoever_lost_the_lock_sends_nothing_more(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock, "LATE", dt.timedelta(0))
    with servers.local(tmp_path / "t") as server:
        server.target = server.target.model_copy(update={"connections": 1})
        sent = []

        def taken(path: str, done: int, total: int) -> None:
            sent.append(path)
            for mine in (tmp_path / "t" / OURS / "locks").iterdir():
                mine.unlink()

        with pytest.raises(Overtaken):
            site.publish(server, report=taken)
        assert len(on(server)) == len(sent) == 1
        assert not (tmp_path / "t" / MANIFEST).exists()


def test_a_computer_that_slept_alone_goes_on(store: local.LocalStore) -> None:
    clock = [dt.datetime(2026, 11, 24, 8, 0, tzinfo=dt.UTC)]
    sleeper = Lock(store, "laptop", lambda: clock[0])
    sleeper.take()
    clock[0] += dt.timedelta(minutes=20)
    sleeper.hold()
    with pytest.raises(Locked, match=r"since 2026-11-24 \d\d:00"):
        Lock(store, "office", lambda: clock[0]).take()
    sleeper.release()


def test_a_run_of_this_computer_that_died_does_not_hold_up(store: local.LocalStore) -> None:
    lock_at(store, "08:00:00", "here")._renew()
    again = lock_at(store, "08:00:01", "here")
    again.take()
    assert again.took_over
    again.release()


def test_a_computer_whose_disk_was_copied_from_another_is_another(
    site: Site, tmp_path: Path, store: local.LocalStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    with servers.local(tmp_path / "t") as server:
        first = Memory(tmp_path / "memory", server.target).machine
        assert first == Memory(tmp_path / "memory", server.target).machine
        lock_at(store, "08:00:00", first)._renew()
        monkeypatch.setattr("socket.gethostname", lambda: "office-2")
        with pytest.raises(Locked):
            lock_at(store, "08:00:01", Memory(tmp_path / "memory", server.target).machine).take()


def test_two_windows_of_one_computer(site: Site, tmp_path: Path) -> None:
    """The second is told at once; nothing of the first is taken for dead."""
    with servers.local(tmp_path / "t") as server:
        outcome = []

        def second(path: str, done: int, total: int) -> None:
            if not outcome:
                outcome.append("refused")
                with pytest.raises(Busy, match="in another window"):
                    site.publish(server)
                site.publish(server, dry_run=True)

        site.publish(server, report=second)
        assert outcome
        assert on(server) == site.files()


def test_a_lock_can_be_taken_by_force(store: local.LocalStore) -> None:
    lock_at(store, "08:00:00", "elsewhere")._renew()
    second = lock_at(store, "08:00:30")
    second.take(by_force=True)
    second.release()


# ---- what is known of the target ----


def test_a_manifest_comes_back_as_it_was_written() -> None:
    files = {"index.html": Entry("a" * 64, 3), "r/公告/index.html": Entry("b" * 64, 5)}
    data, digest = written(files)
    found = understood(data)
    assert (dict(found.files), found.digest, found.damaged) == (files, digest, False)
    assert written(dict(reversed(files.items()))) == (data, digest)
    assert understood(None) == NOTHING


@pytest.mark.parametrize("change", [lambda d: d[:40], lambda d: b"", lambda d: b"no gzip", lambda d: d[:-8] + bytes(8)])
def test_a_manifest_that_was_damaged(change: Callable[[bytes], bytes]) -> None:
    assert understood(change(written({"index.html": Entry("a" * 64, 3)})[0])).damaged


@pytest.mark.parametrize("old", ["a" * 64, "gk.example.cn", "index.html"])
def test_a_manifest_that_was_edited(old: str) -> None:
    text = gzip.decompress(written({"index.html": Entry("a" * 64, 3)}, "gk.example.cn")[0]).decode()
    assert not understood(gzip.compress(text.encode())).damaged
    assert understood(gzip.compress(text.replace(old, f"b{old[1:]}").encode())).damaged


@pytest.mark.parametrize("path", ["../x", "/etc/passwd", "a//b", "a/../b", "_sitegen/x", "a\\b", ""])
def test_a_manifest_leads_nowhere_else(path: str) -> None:
    assert understood(written({path: Entry("a" * 64, 3)})[0]).damaged


def test_what_a_run_left_undone_counts_only_on_its_own_manifest() -> None:
    from sitegen.publish.manifest import Pending

    manifest = understood(written({})[0])
    left = Pending("run", manifest.digest, frozenset({"index.html"}))
    assert in_doubt(left.written(), manifest) == left
    assert not in_doubt(left.written(), NOTHING).paths
    assert in_doubt(b"{", manifest).unreadable


# ---- readiness, order, limits ----


def test_what_speaks_against_publishing(site: Site, tmp_path: Path) -> None:
    assert releasable(tmp_path / "nowhere").reasons
    with servers.local(tmp_path / "t") as server:
        site.publish(server)
    assert not releasable(site.public, (HOST,)).reasons
    (site.public / f"{HOST}.old").mkdir()
    assert "was cut" in releasable(site.public, (HOST,)).reasons[0][0]
    (site.public / f"{HOST}.old").rmdir()
    assert "no site" in releasable(site.public, ("other.example.cn",)).reasons[0][0]


def test_a_day_has_turned_since_the_build(site: Site, tmp_path: Path) -> None:
    site.state |= {"next_change": "2026-11-25", "held": ["230170101201/2026-0003"]}
    with servers.local(tmp_path / "t") as server:
        before = site.publish(server, today=dt.date(2026, 11, 24))
        after = site.publish(server, today=dt.date(2026, 11, 25))
    assert [w[1].get("day") for w in before.warnings] == [None]
    assert [w[1].get("day") for w in after.warnings] == [None, "2026-11-25"]


def test_when_what_goes_up() -> None:
    first = homes(PAGES)
    assert first == {"index.html", "zhen/index.html", "zhen/dahe/index.html"}
    phases = {path: phase_of(path, first) for path in (*PAGES, "search/0.bin", "sitemap.xml", "zhen/catalog/index.html", "m/x/index.html")}
    assert phases["Q/7K3M9X2QF4/index.html"] is Phase.CODES
    assert phases["zhen/dahe/r/2026-0017/0017.csv"] is Phase.ASSETS
    assert phases["zhen/dahe/r/2026-0017/index.html"] is Phase.PAGES
    assert phases["m/x/index.html"] is Phase.PAGES
    assert {phases[p] for p in ("search/0.bin", "sitemap.xml", "feed.xml", "zhen/catalog/index.html")} == {Phase.LISTS}
    later = ("search-index/index.bin", "Q/asof.css", "catalogue.json", "services/dibao/index.html", "services/index.html")
    assert {phase_of(p, first) for p in later} == {Phase.LISTS}
    assert {phase_of(p, first) for p in ("search-index/1a/0.bin", "zhen/r/2026-0101/0101.json", "assets/s/x.json")} == {Phase.ASSETS}
    assert steps_of(Phase.LISTS, in_order(later, first)[Phase.LISTS])[0] == ["services/dibao/index.html"], (
        "a list comes after what it lists"
    )
    ends = steps_of(Phase.HOMES, in_order((*first, "asof.css"), first)[Phase.HOMES])
    assert ends[-1] == ["asof.css", "index.html"], "the day is told when the homes below are of that day"
    gone = deletion_order(PAGES, first)
    assert gone.index("index.html") < gone.index("zhen/dahe/list/index.html") < gone.index("zhen/dahe/r/2026-0017/index.html")
    assert gone.index("zhen/dahe/r/2026-0017/index.html") < gone.index("assets/board.css")


def test_the_bandwidth_is_kept_by_all_together() -> None:
    now = [0.0]

    def sleep(seconds: float) -> None:
        now[0] += seconds

    throttle = Throttle(1000, lambda: now[0], sleep)
    for _ in range(11):
        throttle.take(500)
    assert now[0] == pytest.approx(5.0)
    Throttle(None).take(10**9)


@pytest.mark.parametrize(
    ("line", "entry"),
    [
        ("-rw-r--r-- 1 ftp ftp 1234 Nov 24 08:00 index.html", ("index.html", 1234)),
        ("-rw-r--r--   1 owner group  1234 Nov 24  2025 a b.html", ("a b.html", 1234)),
        ("drwxr-xr-x 2 ftp ftp 4096 Nov 24 08:00 r", ("r", None)),
        ("lrwxrwxrwx 1 ftp ftp 7 Nov 24 08:00 link -> target", None),
        ("11-24-26  08:00AM       <DIR>          r", ("r", None)),
        ("11-24-2026  08:00               1234 index.html", ("index.html", 1234)),
        ("total 12", None),
        ("", None),
    ],
)
def test_listings_of_unix_and_windows_servers(line: str, entry: tuple[str, int | None] | None) -> None:
    assert listed(line) == entry


# ---- read back over the web ----


def _answering(handler: Callable[..., http.server.BaseHTTPRequestHandler]) -> Iterator[str]:
    """The address of a server that is there until the test is over."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


@pytest.fixture
def web(tmp_path: Path) -> Iterator[str]:
    folder = tmp_path / "t"
    folder.mkdir()

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            """Requests are not worth a line."""

    yield from _answering(functools.partial(Quiet, directory=str(folder)))


def test_what_readers_get_is_what_was_sent(site: Site, tmp_path: Path, web: str) -> None:
    with servers.local(tmp_path / "t") as server:
        server.target = server.target.model_copy(update={"url": web})
        done = site.publish(server)
        assert (done.looked_at, done.web) == (len(PAGES), [])
        site.write("index.html", "new")
        server.target = server.target.model_copy(update={"url": web + "elsewhere/"})
        assert [what for _, what in site.publish(server).web] == ["404 File not found"]
        site.write("index.html", "newer")
        server.target = server.target.model_copy(update={"url": web + "zhen/"})
        assert [what for _, what in site.publish(server).web] == ["≠"]


@pytest.mark.parametrize("count", [1, 199, 200, 201, 399, 400, 1000, 12345])
def test_which_pages_are_looked_at(count: int) -> None:
    """The first and the last, and evenly from among the others: home pages go up last."""
    files = [LocalFile(str(n), 0, "", "", Path("x")) for n in range(count)]
    some = [int(file.path) for file in chosen(files)]
    assert (some[0], some[-1]) == (0, count - 1)
    assert len(set(some)) == len(some) == min(count, 200)
    steps = [b - a for a, b in itertools.pairwise(some)]
    assert not steps or max(steps) - min(steps) <= 1


@pytest.fixture
def cdn(tmp_path: Path) -> Iterator[str]:
    """A cache before the site that keeps every page for ever, by its address."""
    kept: dict[str, bytes] = {}

    class Cache(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path not in kept:
                place = tmp_path / "t" / (unquote(self.path.partition("?")[0]).lstrip("/") or "index.html")
                place = place / "index.html" if place.is_dir() else place
                if not place.is_file():
                    self.send_error(404)
                    return
                kept[self.path] = place.read_bytes()
            self.send_response(200)
            self.end_headers()
            self.wfile.write(kept[self.path])

        def log_message(self, format: str, *args: object) -> None:
            """Requests are not worth a line."""

    yield from _answering(Cache)


def test_a_cache_that_shows_old_pages_and_what_was_deleted(site: Site, tmp_path: Path, cdn: str) -> None:
    with servers.local(tmp_path / "t") as server:
        server.target = server.target.model_copy(update={"url": cdn})
        assert site.publish(server).web == []
        site.write("index.html", "new")
        site.remove("zhen/r/2026-0101/index.html")
        with urllib.request.urlopen(f"{cdn}zhen/r/2026-0101/") as answer:
            assert answer.read().decode() == "镇的记录"
        done = site.publish(server)
        assert dict(done.web) == {cdn: CACHED, f"{cdn}zhen/r/2026-0101/": STILL}
        assert done.looked_at == 2


# ---- publish.yml and secrets ----


def test_where_passwords_come_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "netrc"
    place.write_text("machine ftp.example.cn login webmaster password from-netrc\n")
    place.chmod(0o600)
    monkeypatch.setenv("NETRC", str(place))
    one = Target(id="gk-main", host=HOST, to="ftp://webmaster@ftp.example.cn/htdocs")
    assert secret_of(one) == Secret("webmaster", "from-netrc")
    assert secret_of(Target(id="x", host=HOST, to="ftp://ftp.example.cn")) == Secret("webmaster", "from-netrc")
    assert secret_of(Target(id="x", host=HOST, to="ftp://other@ftp.example.cn")) == Secret("other", "")
    monkeypatch.setenv("SITEGEN_PASSWORD_GK_MAIN", "from-environment")
    assert secret_of(one) == Secret("webmaster", "from-environment")
    assert "from-environment" not in repr(secret_of(one))


def test_the_keyring_is_asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    keyring = pytest.importorskip("keyring")
    monkeypatch.setenv("NETRC", str(tmp_path / "none"))
    monkeypatch.setattr(
        keyring, "get_password", lambda service, name: "kept" if (service, name) == ("sitegen", "webmaster@ftp.example.cn") else None
    )
    assert secret_of(Target(id="main", host=HOST, to="ftp://webmaster@ftp.example.cn")) == Secret("webmaster", "kept")


@pytest.mark.parametrize(
    ("keys", "problem"),
    [
        ({"to": "ftp://u:secret@ftp.example.cn"}, "password must not stand in the file"),
        ({"to": "gopher://ftp.example.cn"}, "begins with ftp://"),
        ({"to": "ftp:///htdocs"}, "names no host"),
        ({"to": "ftp.example.cn/htdocs"}, "write ftp://"),
        ({"to": "webmaster@192.0.2.7"}, "write ftp://"),
        ({"to": "ftp:/ftp.example.cn"}, "write ftp://"),
        ({"to": "ftp://ftp.example.cn:21a/"}, "port"),
        ({"to": "ftp://ftp.example.cn:210000/"}, "port"),
        ({"to": "ftp://ftp example.cn/"}, "names no host"),
        ({"to": "s3://b", "endpoint": "oss.example.cn"}, "https://oss.example.cn"),
        ({"limit": "fast"}, "500 KB/s"),
        ({"limit": "0 KB/s"}, "500 KB/s"),
        ({"encoding": "klingon"}, "no such encoding"),
        ({"host_key": "MD5:00"}, "SHA256:"),
        ({"connections": 99}, "less than or equal to 16"),
        ({"id": "Main Site"}, "pattern"),
    ],
)
def test_a_target_that_is_not_right(keys: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValidationError, match=problem):
        Target(**{"id": "main", "host": HOST, "to": "ftp://ftp.example.cn"} | keys)


@pytest.mark.parametrize(
    ("to", "kind", "folder"),
    [
        ("/var/www/gk", "dir", "/var/www/gk"),
        ("file:///var/www/gk", "dir", "/var/www/gk"),
        ("../www", "dir", "../www"),
        ("./gk.example.cn", "dir", "./gk.example.cn"),
        ("D:\\www", "dir", "D:\\www"),
        ("file:///D:/www", "dir", "D:/www"),
        ("FTP://u@h/htdocs", "ftp", "htdocs"),
        ("ftp://gk@example.cn@h/htdocs", "ftp", "htdocs"),
        ("ftp://u@h/htdocs/gk/", "ftp", "htdocs/gk"),
        ("ftp://u@h", "ftp", ""),
        ("sftp://u@h:2222//var/www", "sftp", "/var/www"),
        ("s3://bucket/zhen/", "s3", "zhen"),
        ("davs://h/remote.php/dav", "dav", "remote.php/dav"),
    ],
)
def test_where_a_target_is(to: str, kind: str, folder: str) -> None:
    one = Target(id="x", host=HOST, to=to)
    assert (one.kind, one.folder) == (kind, folder)


def test_limits_are_understood() -> None:
    assert [Target(id="x", host=HOST, to="w", limit=t).bytes_per_second for t in ("500 KB/s", "2MB", "100", None)] == [
        500_000,
        2_000_000,
        100,
        None,
    ]
