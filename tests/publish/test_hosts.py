"""Hosts as they are: few connections, no renaming, no sizes, names in another encoding, firewalls, encryption that is asked for or missing."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sitegen.model.publishing import Target
from sitegen.publish import ftp, problems
from sitegen.publish.manifest import MANIFEST, PENDING, Entry, understood, written
from sitegen.publish.problems import Damaged, Problem
from tests.publish import servers
from tests.publish.servers import USER, Server
from tests.publish.test_publish import HOST, Site, leftovers, on


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path / "here")


def changed(site: Site) -> None:
    site.write("index.html", "new home")
    site.write("r/2026-0002/index.html", "new record")
    site.remove("zhen/r/2026-0101/index.html")


def twice(site: Site, server: Server) -> None:
    """All of it, then what changed."""
    site.publish(server)
    assert on(server) == site.files()
    changed(site)
    site.publish(server)
    assert on(server) == site.files()
    assert not leftovers(server)


# ---- what FTP servers cannot or will not do ----


def test_a_host_that_renames_nothing_gets_its_files_in_place(site: Site, tmp_path: Path) -> None:
    with servers.ftp(tmp_path / "t", perm="elradmwMT") as server:
        twice(site, server)
        assert "index.html" in server.transfers


def _not_over(self: Any, path: str) -> Any:
    if Path(path).exists():
        self.respond("550 Cannot create a file when that file already exists.")
        return None
    return type(self).__mro__[1].ftp_RNTO(self, path)


def test_a_host_that_does_not_rename_over_a_file_as_windows(site: Site, tmp_path: Path) -> None:
    with servers.ftp(tmp_path / "t", ftp_RNTO=_not_over) as server:
        twice(site, server)


def _no_home(self: Any, path: str) -> Any:
    if path.endswith("/index.html") and Path(path).parent.name == "t":
        self.respond("550 index.html is protected")
        return None
    return type(self).__mro__[1].ftp_RNTO(self, path)


def test_a_name_that_is_refused_leaves_what_was_there(site: Site, tmp_path: Path) -> None:
    """The old home page stays when the new one is refused, and the next run goes on."""
    with servers.ftp(tmp_path / "t") as server:
        site.publish(server)
        old = on(server)["index.html"]
    changed(site)
    with servers.ftp(tmp_path / "t", ftp_RNTO=_no_home) as server:
        with pytest.raises(problems.Refused, match=r"refuses index\.html: 550 index\.html is protected"):
            site.publish(server)
        assert on(server)["index.html"] == old
        assert "zhen/r/2026-0101/index.html" in on(server), "nothing is deleted before all is there"
    with servers.ftp(tmp_path / "t") as server:
        site.publish(server)
        assert on(server) == site.files()


@pytest.mark.parametrize("without", [("SIZE",), ("MLSD", "MLST", "MDTM", "SIZE", "FEAT", "OPTS")])
def test_a_host_that_tells_little(site: Site, tmp_path: Path, without: tuple[str, ...]) -> None:
    with servers.ftp(tmp_path / "t", without=without) as server:
        twice(site, server)


@pytest.mark.parametrize("without", [(), ("SIZE",)])
def test_a_file_that_arrives_torn_is_noticed(site: Site, tmp_path: Path, without: tuple[str, ...]) -> None:
    torn = []

    def tear(self: Any, file: str) -> None:
        if "/tmp/" in file and len(torn) < 3:
            torn.append(file)
            Path(file).write_bytes(Path(file).read_bytes()[:-1])

    with servers.ftp(tmp_path / "t", without=without, on_file_received=tear) as server:
        assert site.publish(server).retried == 3
        assert on(server) == site.files()


def test_a_file_that_arrives_torn_elsewhere_is_noticed_as_well(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """WebDAV and SFTP: the first file that is sent loses a byte on its way."""
    from sitegen.publish.dav import DavStore

    real, torn, alone = DavStore._ask, [], threading.Lock()

    def ask(self: DavStore, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None) -> tuple[int, bytes]:
        with alone:  # several are sent at once
            if method == "PUT" and not torn:
                torn.append(path)
                body = body[:-1]
        return real(self, method, path, body, headers)

    monkeypatch.setattr(DavStore, "_ask", ask)
    with servers.dav(tmp_path / "dav") as server:
        assert site.publish(server).retried >= 1  # once more where this server makes one folder twice at once
        assert on(server) == site.files()
    with servers.sftp(tmp_path / "sftp", tear=1) as server:
        assert site.publish(server).retried == 1
        assert on(server) == site.files()


def test_a_host_that_tears_every_file(site: Site, tmp_path: Path) -> None:
    def tear(self: Any, file: str) -> None:
        Path(file).write_bytes(b"")

    with servers.ftp(tmp_path / "t", on_file_received=tear) as server, pytest.raises(Damaged, match="did not arrive whole"):
        site.publish(server, pause=0.0)


@pytest.mark.parametrize("most", [1, 2, 3])
def test_a_host_with_few_connections(site: Site, tmp_path: Path, most: int) -> None:
    """Four files at a time were asked for; the host takes fewer connections, and is not pestered: some shut out whoever knocks too often."""
    knocks = []

    def full(self: Any) -> None:
        knocks.append(1)
        type(self).__mro__[1].handle_max_cons_per_ip(self)

    with servers.ftp(tmp_path / "t", connections=most, handle_max_cons_per_ip=full) as server:
        assert server.target.connections == 4
        twice(site, server)
    assert knocks or most > 1
    assert len(knocks) <= 2 * 4


@pytest.mark.parametrize("kind", ["local", "ftp", "sftp", "dav"])
def test_what_was_on_its_way_when_a_run_was_cut_is_tidied_up(site: Site, tmp_path: Path, kind: str) -> None:
    made = {"local": servers.local, "ftp": servers.ftp, "sftp": servers.sftp, "dav": servers.dav}
    with made[kind](tmp_path / "t") as server:
        server.put("_sitegen/tmp/0123456789abcdef", b"half a fi")
        site.publish(server)
        assert not leftovers(server)


def test_no_room_in_the_middle(site: Site, tmp_path: Path) -> None:
    with servers.ftp(tmp_path / "t", quota=7) as server, pytest.raises(problems.Full, match="make room and publish again"):
        site.publish(server)
    with servers.ftp(tmp_path / "t") as server:
        site.publish(server)
        assert on(server) == site.files()


# ---- names and words in another encoding ----


def test_names_in_another_encoding(site: Site, tmp_path: Path) -> None:
    site.write("zhen/dahe/r/2026-0017/支出明细.csv", "1")
    with servers.ftp(tmp_path / "t", encoding="gb18030") as server:
        server.target = server.target.model_copy(update={"encoding": "gb18030", "to": server.target.to + "/网站"})
        server.secret = servers.Secret(USER, servers.PASSWORD)
        site.publish(server)
        assert server.files()["网站/zhen/dahe/r/2026-0017/支出明细.csv"] == b"1"
        site.remove("zhen/dahe/r/2026-0017/支出明细.csv")
        assert site.publish(server).deleted == 1


def test_a_host_whose_words_and_names_are_not_utf8(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A Chinese server speaks GBK, and an old file there has a GBK name: neither stops us, and its words can be read."""
    monkeypatch.setattr(servers, "PASSWORD", "ascii")
    secret = servers.Secret(USER, "ascii")
    (tmp_path / "t").mkdir()
    (tmp_path / "t" / "旧.htm".encode("gbk").decode("utf-8", "surrogateescape")).write_bytes(b"old")

    def full(self: Any, file: str, mode: str = "w") -> None:
        self.respond("552 空间已满".encode("gbk").decode("latin-1"))

    with servers.ftp(tmp_path / "t", encoding="latin-1", ftp_STOR=full) as server:
        server.secret = secret
        with pytest.raises(problems.Full, match="552 空间已满"):
            site.publish(server)
    with servers.ftp(tmp_path / "t", encoding="latin-1") as server:
        server.secret = secret
        done = site.publish(server)
        assert (done.sent, done.foreign) == (len(site.files()), 1)


def test_a_name_that_the_encoding_does_not_have(site: Site, tmp_path: Path) -> None:
    site.write("r/𠮷.csv", "1")
    with servers.ftp(tmp_path / "t") as server:
        server.target = server.target.model_copy(update={"encoding": "gbk"})
        server.secret = servers.Secret("anonymous", "")
        with pytest.raises(Problem):
            site.publish(server)
        server.target = server.target.model_copy(update={"encoding": "ascii"})
        server.secret = servers.Secret(USER, servers.PASSWORD)
        with pytest.raises(problems.Unnameable, match="cannot be written in ascii"):
            site.publish(server)


# ---- firewalls and encryption ----


def _nowhere(self: Any, line: str) -> None:
    self.respond("227 Entering passive mode (127,0,0,1,0,9).")


def test_files_that_cannot_pass(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ftp, "_TIMEOUT", 2)  # the server mixes up connections for data now and then when it makes them itself
    with servers.ftp(tmp_path / "t", ftp_PASV=_nowhere) as server:
        with pytest.raises(problems.NoData, match="turn «passive» of this target round"):
            site.publish(server)
        server.target = server.target.model_copy(update={"passive": False})
        site.publish(server)
        assert on(server) == site.files()


def test_encryption_that_is_asked_for_and_encryption_that_is_missing(site: Site, tmp_path: Path) -> None:
    with servers.ftp(tmp_path / "t", tls=True) as server:
        server.target = server.target.model_copy(update={"to": server.target.to.replace("ftps://", "ftp://")})
        with pytest.raises(problems.NeedsTls, match="write ftps:// instead of ftp://"):
            site.publish(server)
    with servers.ftp(tmp_path / "t") as server:
        server.target = server.target.model_copy(update={"to": server.target.to.replace("ftp://", "ftps://")})
        with pytest.raises(problems.NoTls, match="does not offer encryption"):
            site.publish(server)


def test_a_line_end_behind_the_password(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from sitegen.publish.secrets import secret_of

    with servers.ftp(tmp_path / "t") as server:
        monkeypatch.setenv("SITEGEN_PASSWORD_MAIN", servers.PASSWORD + "\r\n")
        server.secret = secret_of(server.target)
        site.publish(server)


# ---- object stores ----


@pytest.fixture
def refusing() -> Iterator[tuple[str, list[tuple[int, str]]]]:
    """A store that answers every request with an error of S3's kind."""
    answers: list[tuple[int, str]] = []

    class Answer(http.server.BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, code = answers[0]
            body = f"<?xml version='1.0'?><Error><Code>{code}</Code><Message>no</Message></Error>".encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/xml")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Requests are not worth a line."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", answers
    server.shutdown()


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (403, "SignatureDoesNotMatch", problems.WrongPassword),
        (403, "InvalidAccessKeyId", problems.WrongPassword),
        (403, "AccessDenied", problems.WrongPassword),
        (403, "RequestTimeTooSkewed", problems.WrongClock),
        (404, "NoSuchBucket", problems.Refused),
        (403, "QuotaExceeded", problems.Full),
    ],
)
def test_what_a_store_says(site: Site, refusing: tuple[str, list[tuple[int, str]]], status: int, code: str, kind: type[Problem]) -> None:
    endpoint, answers = refusing
    answers.append((status, code))
    target = Target(id="main", host=HOST, to="s3://bucket", endpoint=endpoint)  # an address in figures has no names below it
    with pytest.raises(kind):
        site.publish(Server(target, dict, lambda *_: None, secret=servers.Secret("k", "s")))


# ---- what lies on the target, and what lies here ----


def test_the_folder_of_another_site(site: Site, tmp_path: Path) -> None:
    """Two targets with the same folder, by mistake: the second must not take the first for its own and delete it."""
    with servers.ftp(tmp_path / "t") as server:
        site.publish(server)
        before = on(server)
        (site.public / HOST).rename(site.public / "other.example.cn")
        server.target = server.target.model_copy(update={"host": "other.example.cn"})
        with pytest.raises(problems.OtherSite, match=r"holds the site of gk\.example\.cn, not of other\.example\.cn"):
            site.publish(server)
        assert on(server) == before
        (site.public / "other.example.cn" / "r/2026-0001/index.html").unlink()
        site.publish(server, replace_foreign=True)
        assert on(server) == before, "its other files stay"
        site.publish(server, prune_foreign=True)
        assert "r/2026-0001/index.html" not in on(server)


def test_what_an_older_version_left_undone(site: Site, tmp_path: Path) -> None:
    """Its manifest names no host, and its list of what was under way has another form: all is looked at, and nothing is lost."""
    with servers.local(tmp_path / "t") as server:
        site.publish(server)
        old = understood(server.files()[MANIFEST])
        changed(site)
        server.put(MANIFEST, written({path: Entry(e.sha256, e.size) for path, e in old.files.items()})[0])
        server.put(PENDING, b'["index.html", "r/2026-0001/index.html"]')
        server.put("r/2026-0001/index.html", b"half of it")
        done = site.publish(server)
        assert done.changed_there == ("r/2026-0001/index.html",)
        assert on(server) == site.files()
        assert not leftovers(server)
        assert understood(server.files()[MANIFEST]).host == HOST


@pytest.mark.parametrize("to", [".", "..", "public", "public/www", "/"])
def test_the_regions_own_folder_is_no_target(site: Site, tmp_path: Path, to: str) -> None:
    before = servers.folder_files(site.folder)
    with servers.local(tmp_path / "t") as server:
        server.target = server.target.model_copy(update={"to": to})
        with pytest.raises(problems.Misplaced):
            site.publish(server, prune_foreign=True)
    assert before.items() <= servers.folder_files(site.folder).items()


@pytest.mark.parametrize("how", ["changed", "gone"])
def test_somebody_builds_while_it_is_sent(site: Site, tmp_path: Path, how: str) -> None:
    """The manifest must not call a page what it is not: the run stops, and another one completes it."""
    with servers.ftp(tmp_path / "t") as server:

        def builds(path: str, done: int, total: int) -> None:
            place = site.public / HOST / "index.html"
            if how == "changed":
                place.write_text("built anew", encoding="utf-8")
            else:
                place.unlink(missing_ok=True)

        with pytest.raises(problems.Rebuilt, match=r"index\.html changed or vanished"):
            site.publish(server, report=builds)
        assert "index.html" not in on(server)
        site.write("index.html", "县首页")
        site.publish(server)
        assert on(server) == site.files()


def test_a_certificate_or_key_that_is_not_there(site: Site, tmp_path: Path) -> None:
    with servers.ftp(tmp_path / "t", tls=True) as server:
        server.target = server.target.model_copy(update={"ca": "certs/ca.pem"})
        with pytest.raises(problems.NoFile, match=r"«ca» in publish\.yml names .*certs.ca\.pem, which is not there"):
            site.publish(server)


def test_stopping_by_hand_leaves_no_lock(site: Site, tmp_path: Path) -> None:
    with servers.ftp(tmp_path / "t") as server:

        def stop(path: str, done: int, total: int) -> None:
            if done == 5:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            site.publish(server, report=stop)
        assert not [path for path in server.files() if "/locks/" in path]
        assert site.publish(server).resumed >= 4
        assert on(server) == site.files()
