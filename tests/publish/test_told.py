"""What the webmaster is told when something is wrong: the cause and what to do, in Chinese as well, and never a password."""

from __future__ import annotations

import datetime as dt
import http.server
import re
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from sitegen.cli import main
from sitegen.model.finding import translator
from sitegen.publish import problems
from sitegen.publish.problems import ChangedHostKey, NeverReached, NotTrusted, UnknownHostKey
from sitegen.publish.secrets import Secret, secret_of
from sitegen.publish.throttle import Throttle
from sitegen.publish.web import SILENT, remedy, verify_over_http
from tests.publish import servers
from tests.publish.servers import Server, target
from tests.publish.test_publish import HOST, Site, on

PASSWORD = "geheim-4711"


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path / "here")


def told(problem: problems.Problem) -> str:
    """In Chinese, as the command says it."""
    from sitegen.commands.publishing import _told

    return _told(problem, "zh")


# ---- certificates, keys, hosts ----

LONG_AGO, YESTERDAY, FAR = dt.datetime(2019, 1, 1), dt.datetime(2020, 1, 1), dt.datetime(2098, 1, 1)


@pytest.mark.parametrize(
    ("shows", "words", "chinese"),
    [
        ({"begins": LONG_AGO, "ends": YESTERDAY}, "it has expired", "已经过期"),
        ({"begins": FAR}, "set the clock", "校准这台电脑的时间"),
        ({"address": "192.0.2.7"}, "made out to another name", "证书上是另一个主机名"),
    ],
)
@pytest.mark.parametrize("kind", ["ftps", "davs"])
def test_why_a_certificate_does_not_hold(
    site: Site, tmp_path: Path, tls: Callable[..., str], kind: str, shows: dict[str, Any], words: str, chinese: str
) -> None:
    if kind == "ftps":
        with servers.ftp(tmp_path / "t", tls=True, shows=shows) as server, pytest.raises(NotTrusted, match=words) as error:
            site.publish(server)
    else:
        address = tls(**shows).replace("https:", "davs:")
        with pytest.raises(NotTrusted, match=words) as error:
            site.publish(Server(target(f"{address}x", ca=str(tmp_path / "ca.pem")), dict, lambda *_: None))
    assert chinese in told(error.value)


def test_a_certificate_that_signs_itself(site: Site, tmp_path: Path) -> None:
    with servers.ftp(tmp_path / "t", tls=True) as server:
        server.target = server.target.model_copy(update={"ca": None})
        with pytest.raises(NotTrusted, match="no authority that this computer knows") as error:
            site.publish(server)
    assert "ca" in told(error.value)


def test_a_key_that_is_new_and_one_that_changed(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import asyncssh

    monkeypatch.setenv("HOME", str(tmp_path))
    with servers.sftp(tmp_path / "t") as server:
        shown = server.target.host_key
        known = {"other": "SHA256:" + "A" * 43, "none": None}
        server.target = server.target.model_copy(update={"host_key": known["other"]})
        with pytest.raises(ChangedHostKey, match=r"another key .* than the one that publish\.yml knows") as error:
            site.publish(server)
        assert "可能有人在中间冒充" in told(error.value)
        server.target = server.target.model_copy(update={"host_key": known["none"]})
        with pytest.raises(UnknownHostKey) as error:
            site.publish(server)
        assert not isinstance(error.value, ChangedHostKey)
        (tmp_path / ".ssh").mkdir()
        other = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode()
        (tmp_path / ".ssh" / "known_hosts").write_text(f"[127.0.0.1]:{server.target.port} {other}")
        with pytest.raises(ChangedHostKey, match="known_hosts") as error:
            site.publish(server)
        assert str(shown) in str(error.value)
        assert not server.files()


def test_a_key_file_with_a_passphrase(site: Site, tmp_path: Path) -> None:
    import asyncssh

    key = tmp_path / "key"
    asyncssh.generate_private_key("ssh-ed25519").write_private_key(str(key), "pkcs8-pem", passphrase="x")
    with servers.sftp(tmp_path / "t") as server:
        server.target = server.target.model_copy(update={"key_file": str(key)})
        with pytest.raises(problems.BadKeyFile, match="without a passphrase"):
            site.publish(server)


@pytest.mark.parametrize("kind", ["ftp", "ftps", "sftp", "dav", "s3"])
def test_a_host_that_does_not_exist_and_a_port_where_nothing_answers(site: Site, kind: str) -> None:
    more = {"endpoint": "http://127.0.0.1:9", "path_style": True} if kind == "s3" else {}
    to = "s3://b" if kind == "s3" else f"{kind}://u@127.0.0.1:9/x"
    with pytest.raises(NeverReached, match="nothing answers at this port") as error:
        site.publish(Server(target(to, **more), dict, lambda *_: None))
    assert "这个端口没有应答" in told(error.value)
    more = {"endpoint": "http://nowhere.invalid", "path_style": True} if kind == "s3" else {}
    to = "s3://b" if kind == "s3" else f"{kind}://u@nowhere.invalid/x"
    with pytest.raises(NeverReached, match="no host of this name") as error:
        site.publish(Server(target(to, **more), dict, lambda *_: None))
    assert "没有这个主机名，或者没有联网" in told(error.value)


def test_a_folder_that_may_not_be_written(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: Any, **__: Any) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "write_bytes", refused)
    with servers.local(tmp_path / "t") as server, pytest.raises(problems.Refused, match="Permission denied") as error:
        site.publish(server)
    assert "没有权限" in told(error.value)
    assert "publish.yml 的 to" in told(error.value)


# ---- passwords ----


def test_a_netrc_that_is_not_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "netrc").write_bytes("machine h login 张三 password x".encode("gb18030"))
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    assert secret_of(target("ftp://webmaster@h")) == Secret("webmaster", "")


@pytest.fixture
def region(site: Site) -> Site:
    """A region with a finished build."""
    site.publish(Server(target(str(site.folder / "first")), dict, lambda *_: None))
    (site.folder / "region.yml").write_text("name: 青禾县\n", encoding="utf-8")
    return site


def run(region: Site, yml: str | bytes, *args: str, lang: str = "zh") -> tuple[int, str]:
    data = yml.encode() if isinstance(yml, str) else yml
    (region.folder / "publish.yml").write_bytes(data)
    done = CliRunner().invoke(main, ["-C", str(region.folder), "--lang", lang, "publish", *args])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output


@pytest.mark.parametrize("kind", ["ftp", "sftp"])
def test_a_wrong_password_is_asked_for_again(region: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    from sitegen.commands import publishing

    asked: list[str] = []
    answers = ["wrong", servers.PASSWORD, "never"]
    monkeypatch.setenv("NETRC", str(tmp_path / "none"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(publishing, "_somebody_there", lambda: True)
    monkeypatch.setattr("click.prompt", lambda text, **_: asked.append(text) or answers[len(asked) - 1])
    with servers.ftp(tmp_path / "t") if kind == "ftp" else servers.sftp(tmp_path / "t") as server:
        key = f", host_key: '{server.target.host_key}'" if kind == "sftp" else ""
        yml = f"targets:\n  - {{id: main, host: {HOST}, to: '{server.target.to}'{key}}}\n"
        code, said = run(region, yml)
        assert (code, len(asked)) == (0, 2), said
        assert "不接受这个密码，请重新输入" in said
        assert on(server)
        asked.clear()
        answers[:] = ["wrong"] * 3
        code, said = run(region, yml)
        assert (code, len(asked)) == (1, 3)
        assert "密码不对或者没有提供" in said


# ---- publish.yml as people write it ----

GOOD = f"targets:\n  - id: gk\n    host: {HOST}\n    to: www\n"


@pytest.mark.parametrize(
    ("yml", "place", "words"),
    [
        (GOOD.replace("    host", "\thost"), "publish.yml:3:1", "缩进里有 Tab，只能用空格"),
        (GOOD.replace("host:", "host："), "publish.yml:4:", "冒号"),
        (GOOD.replace("host:", "hots:"), "publish.yml:3:5", "是不是“host”？"),
        (GOOD.replace(f"    host: {HOST}\n", ""), "publish.yml:2:", "缺少“host”"),
        (GOOD.replace("id: gk", "id: 县网站"), "publish.yml:2:", "用小写字母"),
        (GOOD.replace(HOST, f"https://{HOST}/"), "publish.yml:3:", "不带 https://"),
        (GOOD + "    limit: 0\n", "publish.yml:5:", "500 KB/s"),
        (GOOD + "    limit: -5 KB/s\n", "publish.yml:5:", "500 KB/s"),
        (GOOD + "    limit: 500\n", "publish.yml:5:", "500 KB/s"),
        (GOOD + "    limit: 很快\n", "publish.yml:5:", "500 KB/s"),
        (GOOD + "    connections: 99\n", "publish.yml:5:", "1到16"),
        (GOOD + "    connections: 0\n", "publish.yml:5:", "1到16"),
        (GOOD + "    encoding: 国标\n", "publish.yml:5:", "编码"),
        (GOOD + "    url: gk.example.cn\n", "publish.yml:5:", "完整的网址"),
        (GOOD + "  - id: gk\n    host: x.example.cn\n    to: www2\n", "publish.yml:1:", "id 相同"),
        (GOOD + "  - id: two\n    host: x.example.cn\n    to: www/\n", "publish.yml:1:", "同一个文件夹"),
        ("targets:\n", "publish.yml:1:", "targets"),
        ("targets: []\n", "publish.yml:1:", "没有填"),
        ("", "publish.yml:", ""),
        (GOOD.encode("utf-16"), "publish.yml:1:1", "UTF-8"),
        (("# 县网站\n" + GOOD).encode("gb18030"), "publish.yml:1:1", "UTF-8"),
    ],
)
def test_a_file_with_mistakes(region: Site, yml: str | bytes, place: str, words: str) -> None:
    code, said = run(region, yml)
    assert code == 2
    assert place in said
    assert words in said
    assert "改法" in said
    english = re.sub(r"`[^`]*`|[\w./:@-]*[./:@_\d][\w./:@-]*", "", "\n".join(s for s in said.splitlines() if not s.startswith("     ")))
    assert not re.search(r"[a-z]{3,} [a-z]{3,} [a-z]{3,}", english), said
    assert not (region.folder / "www").exists()


def test_a_mark_at_the_beginning_and_windows_line_ends_are_no_mistake(region: Site) -> None:
    assert run(region, b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())[0] == 0


@pytest.mark.parametrize(
    "yml",
    [
        GOOD.replace("to: www", f"to: ftp://u:{PASSWORD}@h/x"),
        GOOD.replace("to: www", f"to: ftp://u:a/b{PASSWORD}@h/x"),
        GOOD + f"    password: {PASSWORD}\n",
        GOOD + f"    密码: {PASSWORD}\n",
        GOOD + f"    secret_key: {PASSWORD}\n",
        f"targets: [{{id: gk, host: {HOST}, to: www, passwd: {PASSWORD}, limit: 0}}]\n",
    ],
)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_password_in_the_file_is_told_and_not_repeated(region: Site, yml: str, lang: str) -> None:
    code, said = run(region, yml, lang=lang)
    assert code == 2
    assert "SG117" in said
    assert ("密码" if lang == "zh" else "password") in said
    assert PASSWORD not in said


# ---- the web ----


@pytest.fixture
def tls(tmp_path: Path) -> Iterator[Callable[..., str]]:
    """Starts a web server with a certificate that says this or that."""
    running: list[http.server.HTTPServer] = []

    def start(**shows: Any) -> str:
        both, _ = servers.certificate(tmp_path, **shows)
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), http.server.SimpleHTTPRequestHandler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(str(both))
        server.socket = context.wrap_socket(server.socket, server_side=True)
        server.handle_error = lambda *_: None  # type: ignore[method-assign]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        running.append(server)
        return f"https://127.0.0.1:{server.server_port}/"

    yield start
    for one in running:
        one.shutdown()


@pytest.fixture
def answers() -> Iterator[Callable[..., str]]:
    """Starts a web server that gives one answer to everything."""
    running: list[http.server.HTTPServer] = []

    def start(status: int, location: str = "") -> str:
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(status)
                if location:
                    self.send_header("Location", location)
                self.end_headers()
                self.wfile.write("欢迎光临".encode())

            def log_message(self, format: str, *args: object) -> None:
                """Requests are not worth a line."""

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        running.append(server)
        return f"http://127.0.0.1:{server.server_port}/"

    yield start
    for one in running:
        one.shutdown()


def test_an_address_that_shows_something_else(region: Site, answers: Callable[..., str]) -> None:
    other = answers(200)
    for n, (url, words, advice) in enumerate(
        [
            (other, "内容不同", "域名还没有指到这个空间"),
            (answers(302, other.replace("127.0.0.1", "localhost")), "转到了 http://localhost", "url 要写网站真正的网址"),
            (answers(403), "403", "不让看"),
            (answers(404), "404", "默认首页"),
            (answers(500), "500", "出错"),
        ]
    ):
        code, said = run(region, GOOD.replace("www", f"www{n}") + f"    url: {url}\n")
        assert code == 1
        assert words in said
        assert advice in said
        assert said.count("不是刚上传的内容") == 1, "once, not for every page"
        assert (region.folder / f"www{n}" / "index.html").exists()


def test_an_address_where_nobody_answers_is_given_up_at_once(region: Site, tls: Callable[..., str]) -> None:
    for n, (url, words) in enumerate(
        [
            ("http://nowhere.invalid/", "没有这个主机名，或者没有联网"),
            ("http://127.0.0.1:9/", "这个端口没有应答"),
            (tls(), "签发机构不受这台电脑信任"),
        ]
    ):
        code, said = run(region, GOOD.replace("www", f"www{n}") + f"    url: {url}\n")
        assert code == 1
        assert said.count("从网上读不到") == 1
        assert words in said
        assert "文件都已经上传" in said


def test_what_cannot_be_asked_costs_no_hour(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a server that answers now and then not every silent page is waited for."""
    from sitegen.publish import web
    from sitegen.publish.tree import LocalFile

    asked = []

    def get(self: Any, address: str) -> tuple[str, str]:
        asked.append(address)
        if address.endswith("/99"):
            return "", address
        raise TimeoutError

    monkeypatch.setattr(web._Look, "_get", get)
    looked, wrong = verify_over_http("http://h/", [LocalFile(str(n), 0, "", "", Path()) for n in range(100)])
    assert looked < 10
    assert len(asked) < 10
    assert [what for _, what in wrong] == [f"{SILENT}no answer in time"]
    assert remedy(wrong[0][1])


# ---- slow lines, other sites, old packages ----


def test_whoever_stops_a_slow_run_does_not_wait(site: Site, tmp_path: Path) -> None:
    site.write("big.pdf", "x" * 300_000)
    with servers.local(tmp_path / "t") as server:
        server.target = server.target.model_copy(update={"limit": "1 KB/s"})

        def stop(*_: object) -> None:
            raise KeyboardInterrupt

        began = time.monotonic()
        with pytest.raises(KeyboardInterrupt):
            site.publish(server, report=stop)
        assert time.monotonic() - began < 20
        server.target = server.target.model_copy(update={"limit": None})
        site.publish(server)
        assert on(server) == site.files()


def test_a_limit_that_ends() -> None:
    throttle = Throttle(1)
    threading.Timer(0.2, throttle.end).start()
    for _ in range(3):
        throttle.take(1000)
    assert throttle.per_second is None


def test_another_site_in_a_folder_below_is_not_pruned(site: Site, tmp_path: Path) -> None:
    with servers.local(tmp_path / "t") as server:
        inner = target(str(tmp_path / "t" / "dongsheng"), id="inner")
        (tmp_path / "t" / "old.html").write_text("x")
        site.publish(Server(inner, dict, lambda *_: None))
        before = servers.folder_files(tmp_path / "t" / "dongsheng")
        done = site.publish(server, prune_foreign=True)
        assert servers.folder_files(tmp_path / "t" / "dongsheng") == before
        assert done.strangers == ("old.html",)
        assert not (tmp_path / "t" / "old.html").exists()


def test_every_problem_has_its_chinese() -> None:
    kinds = [kind for kind in vars(problems).values() if isinstance(kind, type) and issubclass(kind, problems.Problem)]
    say = translator("zh")
    for kind in kinds:
        assert say(kind.message) != kind.message, kind


# ---- what answers is something else; what is left out; clocks ----


@pytest.mark.parametrize(("here", "there"), [("dav", "ftp"), ("ftp", "dav")])
def test_another_kind_of_server_answers(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, here: str, there: str) -> None:
    from sitegen.publish import ftp

    monkeypatch.setattr(ftp, "_TIMEOUT", 15)
    with servers.ftp(tmp_path / "t") if there == "ftp" else servers.dav(tmp_path / "t", patience=1) as server:
        server.target = server.target.model_copy(update={"to": server.target.to.replace(f"{there}://", f"{here}://")})
        with pytest.raises(NeverReached, match="another kind of server") as error:
            site.publish(server)
    assert "应答的是别的服务" in told(error.value)
    assert "\n" not in told(error.value)


def test_a_web_server_that_takes_no_files(site: Site, answers: Callable[..., str]) -> None:
    address = answers(200).replace("http:", "dav:")
    with pytest.raises(problems.NoDav, match="takes no files by WebDAV"):
        site.publish(Server(target(f"{address}x"), dict, lambda *_: None))


def test_a_bucket_that_is_not_there(site: Site) -> None:
    with servers.s3() as server:
        server.target = server.target.model_copy(update={"to": "s3://no-such-bucket"})
        with pytest.raises(problems.NoBucket, match="no bucket «no-such-bucket»"):
            site.publish(server)


def test_where_there_is_no_region(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["-C", str(tmp_path), "--lang", "zh", "publish"])
    assert done.exit_code == 2
    assert "SG114" in done.output


def test_a_site_that_no_target_names_is_told(region: Site) -> None:
    region.state["hosts"] = [HOST, "other.example.cn"]
    region.publish(Server(target(str(region.folder / "first")), dict, lambda *_: None))
    words = "publish.yml 里没有 other.example.cn 的目标"
    assert words in run(region, GOOD)[1]
    assert words not in run(region, GOOD, "gk")[1], "somebody who names a target knows what it is"


def test_a_clock_that_was_set_back(region: Site) -> None:
    region.state["date"] = "2199-01-01"
    region.publish(Server(target(str(region.folder / "first")), dict, lambda *_: None))
    code, said = run(region, GOOD)
    assert code == 0
    assert "这台电脑的日期对吗" in said
