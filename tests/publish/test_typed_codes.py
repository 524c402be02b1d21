"""Codes answer as people type them, with or without the final slash, in capitals or small letters, where nobody can tell the server anything."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from sitegen.build import Options, build
from sitegen.model.publishing import Target
from sitegen.publish import Done, Order, publish
from sitegen.publish.secrets import Secret
from sitegen.publish.store import OURS
from sitegen.verify import Web, verify
from tests.ledger.county import DAY, VILLAGES, County
from tests.publish import servers
from tests.publish.test_hosting import get

EAST, _ = VILLAGES
HOSTS = ("ce.example.cn", "xijie.example.cn")
Publish = Callable[..., Done]


@pytest.fixture
def county(tmp_path: Path) -> County:
    """Two revisions, a withdrawal, two hosts."""
    county = County.corrected(tmp_path / "region")
    county.withdraw(county.code_of(EAST, "2026-0001"), "决议撤销")
    assert not build(Options(county.root, county.root / "public", DAY)).refused
    return county


def send(county: County, host: str, to: str, secret: Secret | None = None, **more: Any) -> Done:
    target = Target(**{"id": "main", "host": host, "to": to} | more)
    return publish(
        Order(county.root, county.root / "public", county.root.parent / f"memory-{host}", target, secret or Secret("", ""), pause=0.01)
    )


def typed(county: County) -> list[str]:
    """Every way in which somebody may type the address of a code that paper carries."""
    codes = [f"Q/{p.parent.name}" for p in sorted((county.root / "public" / HOSTS[0] / "Q").glob("*-*/index.html"))]
    assert len(codes) >= 4
    return [f"{HOSTS[0]}/{form}" for code in codes for form in (code, f"{code}/", code.lower(), f"{code.lower()}/")]


class _Folder(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Requests are not worth a line."""


class _Website(BaseHTTPRequestHandler):
    """How object stores answer as websites: an object by its name, for a folder its index.html, a redirection to a folder that has one, or 404."""

    def __init__(self, *args: Any, objects: Callable[[str], tuple[bytes, str] | None], **kwargs: Any) -> None:
        self.objects = objects
        super().__init__(*args, **kwargs)

    def do_GET(self) -> None:
        key = self.path.lstrip("/")
        found = self.objects(f"{key}index.html" if not key or key.endswith("/") else key)
        if found is not None:
            self.send_response(200)
            self.send_header("Content-Type", found[1])
            self.end_headers()
            self.wfile.write(found[0])
        elif key and not key.endswith("/") and self.objects(f"{key}/index.html") is not None:
            self.send_response(302)
            self.send_header("Location", f"/{key}/")
            self.end_headers()
        else:
            self.send_error(404)

    def log_message(self, format: str, *args: object) -> None:
        """Requests are not worth a line."""


def serving(handler: Callable[..., BaseHTTPRequestHandler]) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


@pytest.fixture
def folder(county: County, tmp_path: Path) -> Iterator[str]:
    """Copied into a folder that a plain static server serves: it tells capitals from small letters, and cannot be told anything."""
    for host in HOSTS:
        send(county, host, str(tmp_path / "www" / host))
    yield from serving(partial(_Folder, directory=str(tmp_path / "www")))


@pytest.fixture
def bucket(county: County) -> Iterator[str]:
    """In an object store that is switched on as a website."""
    import boto3
    from botocore.exceptions import ClientError

    with servers.s3() as server:
        for host in HOSTS:
            send(county, host, f"s3://{server.target.server}/{host}", server.secret, endpoint=server.target.endpoint, path_style=True)
        keys: dict[str, str] = {"aws_access_key_id": server.secret.user, "aws_secret_access_key": server.secret.password}
        client = boto3.client("s3", endpoint_url=server.target.endpoint, region_name="us-east-1", **keys)

        def read(key: str) -> tuple[bytes, str] | None:
            try:
                found = client.get_object(Bucket=server.target.server, Key=key)
            except ClientError:
                return None
            return found["Body"].read(), found["ContentType"]

        yield from serving(partial(_Website, objects=read))


@pytest.fixture(params=["folder", "bucket"])
def hosted(request: pytest.FixtureRequest) -> str:
    return str(request.getfixturevalue(request.param))


def test_every_code_answers_as_it_is_typed_and_tells_the_truth(county: County, hosted: str) -> None:
    for address in typed(county):
        status, text, _ = get(hosted + address)
        assert status == 200, address
        assert '<div class="said">' in text, address
        assert address.partition("/Q/" if "/Q/" in address else "/q/")[2].strip("/").upper()[:4] in text
    assert verify(county.root, DAY, Web(hosted, frozenset(HOSTS))).wrong == ()


def test_where_the_server_turns_addresses_round_nothing_need_lie_twice(county: County, tmp_path: Path) -> None:
    send(county, HOSTS[0], str(tmp_path / "www"), spellings=False)
    assert not (tmp_path / "www" / "q").exists()
    send(county, HOSTS[0], str(tmp_path / "www"))
    assert (tmp_path / "www" / "q").is_dir()
    send(county, HOSTS[0], str(tmp_path / "www"), spellings=False)
    assert not (tmp_path / "www" / "q").exists()
    assert (tmp_path / "www" / "Q").is_dir()


def test_a_target_that_takes_small_letters_for_capitals_is_left_as_it_is(
    county: County, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on Windows: what was sent to another system before, under both spellings, must not be taken away with one of them."""
    from sitegen.publish.local import LocalStore

    www = tmp_path / "www"
    send(county, HOSTS[0], str(www))
    before = {path for path in servers.folder_files(www) if path.startswith("Q/")}
    monkeypatch.setattr(LocalStore, "_at", lambda self, path: _folded(self.folder, path))
    done = send(county, HOSTS[0], str(www))
    assert (done.sent, done.deleted) == (0, 0)
    assert {path for path in servers.folder_files(www) if path.startswith("Q/")} == before
    assert not list((www / OURS).glob("LOCKS"))


def _folded(folder: Path, path: str) -> Path:
    """Where a path lies when capitals do not count: what is there already is found under any spelling."""
    place = folder
    for step in path.split("/"):
        there = {p.name.lower(): p.name for p in sorted(place.iterdir(), reverse=True)} if place.is_dir() else {}
        place /= step if (place / step).exists() else there.get(step.lower(), step)
    return place
